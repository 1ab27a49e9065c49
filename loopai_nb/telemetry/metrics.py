"""The figures of a ledger at one moment, in forms for programs and for people."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from loopai_nb.redaction import mask_text
from loopai_nb.telemetry.names import VERSION, GenAi

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from loopai_nb.telemetry.system import SystemFigures

__all__ = ["BOUNDS_S", "Budget", "Metrics", "Part"]

BOUNDS_S = GenAi.DURATION_BOUNDS_S
"""Upper ends of the buckets of durations, seconds: the same that OpenTelemetry asks for."""

_PUSD = 10**12


@dataclass(frozen=True, slots=True)
class Part:
    """What requests came to.

    Attributes:
        answered: Answers that a server gave.
        failed: Requests that ended without an answer.
        cached: Requests answered from the ledger.
        unknown: Attempts that were perhaps paid.
        retried: Attempts that were made again.
        input_tokens: As charged.
        output_tokens: As charged.
        cost_pusd: Picodollars.
        saved_pusd: What the answers from the ledger had cost, picodollars.
        within: Answers that took at most as long as each of ``BOUNDS_S``.
        seconds: Of all answers together.
    """

    answered: int = 0
    failed: int = 0
    cached: int = 0
    unknown: int = 0
    retried: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_pusd: int = 0
    saved_pusd: int = 0
    within: tuple[int, ...] = (0,) * len(BOUNDS_S)
    seconds: float = 0.0

    @property
    def requests(self) -> int:
        """Requests that came to an end."""
        return self.answered + self.failed + self.cached + self.unknown

    @property
    def mean_s(self) -> float | None:
        """Mean duration of an answer, seconds; None without one."""
        return self.seconds / self.answered if self.answered else None

    @property
    def mean_usd(self) -> float | None:
        """Mean cost of an answer, USD; None without one."""
        return self.cost_pusd / _PUSD / self.answered if self.answered else None

    @classmethod
    def sum(cls, parts: Iterable[Part]) -> Part:
        """All of them together."""
        parts = tuple(parts)
        whole: dict[str, Any] = {}
        for each in fields(cls):
            values = [getattr(part, each.name) for part in parts]
            if each.name == "within":
                whole[each.name] = tuple(map(sum, zip(*values, strict=True))) or (0,) * len(BOUNDS_S)
            else:
                whole[each.name] = sum(values)
        return cls(**whole)

    def shown(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "requests": self.requests,
            "answered": self.answered,
            "failed": self.failed,
            "cached": self.cached,
            "unknown": self.unknown,
            "retried": self.retried,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "cost_usd": self.cost_pusd / _PUSD,
            "saved_usd": self.saved_pusd / _PUSD,
            "mean_seconds": self.mean_s,
            "mean_usd": self.mean_usd,
        }


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget that counts now.

    Attributes:
        of: ``day``, or ``run``: of those that go on, the one that has spent most of its own.
        name: The day (UTC), or the run's id.
        budget_pusd: Picodollars.
        spent_pusd: Picodollars; what is reserved is not spent yet.
    """

    of: str
    name: str
    budget_pusd: int
    spent_pusd: int

    @property
    def share(self) -> float:
        """Spent of it, from 0; 1 for a budget of nothing."""
        return self.spent_pusd / self.budget_pusd if self.budget_pusd else 1.0


@dataclass(frozen=True, slots=True, repr=False)
class Metrics:
    """What a ledger came to; ``prometheus()``, ``json()``, and as text, which is also its repr.

    Attributes:
        at_ms: When (epoch milliseconds).
        ledger: Its name.
        total: All of it.
        lately: The last 24 hours.
        percentiles_s: Of the last 24 hours: seconds by share, such as 0.95; empty without an answer.
        models: By server and model, the dearest first; ``other`` for those beyond the most that are told.
        errors: How often by kind; likewise.
        runs: How many by state.
        approvals_waiting: Questions that nobody has answered.
        budgets: Which count now.
        system: This machine.
    """

    at_ms: int
    ledger: str
    total: Part
    lately: Part
    percentiles_s: Mapping[float, float]
    models: Mapping[tuple[str, str], Part]
    errors: Mapping[str, int]
    runs: Mapping[str, int]
    approvals_waiting: int
    budgets: Sequence[Budget]
    system: SystemFigures
    version: str = field(default="")

    def prometheus(self) -> str:
        """In Prometheus's text format.

        Raises:
            MissingExtra: The extra ``metrics`` is not installed.
        """
        from loopai_nb.telemetry.exposition import exposed

        return exposed(self)[0].decode()

    def json(self) -> str:
        """As one JSON object; money in USD, times in seconds."""
        told = {
            "version": VERSION,
            "at": _clock(self.at_ms),
            "ledger": self.ledger,
            "total": self.total.shown(),
            "last_24_hours": {
                **self.lately.shown(),
                "seconds": {f"p{share * 100:g}": value for share, value in self.percentiles_s.items()},
            },
            "models": [
                {"server": mask_text(server), "model": mask_text(model), **part.shown()}
                for (server, model), part in self.models.items()
            ],
            "errors": dict(self.errors),
            "runs": dict(self.runs),
            "approvals_waiting": self.approvals_waiting,
            "budgets": [
                {
                    "of": each.of,
                    "name": each.name,
                    "usd": each.budget_pusd / _PUSD,
                    "spent_usd": each.spent_pusd / _PUSD,
                    "share": each.share,
                }
                for each in self.budgets
            ],
            "system": asdict(self.system),
        }
        return json.dumps(told, ensure_ascii=False, allow_nan=False)

    def __repr__(self) -> str:
        from loopai_nb.telemetry.readable import readable

        return readable(self)


def _clock(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="seconds")
