"""A plan: the exact requests that would be sent, and a digest that stands for all of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loopai_nb.planning.requests import ContentKeys, PlannedRow, Requests, planned_rows, worst_case_of
from loopai_nb.planning.spec import PlanSpec, canonical, history_key
from loopai_nb.pricing import format_usd

if TYPE_CHECKING:
    from loopai_nb.planning.estimate import Estimate

__all__ = [
    "ContentKeys",
    "Plan",
    "PlanDigest",
    "PlanSpec",
    "PlannedRow",
    "Requests",
    "canonical",
    "history_key",
    "most_pusd",
    "planned_rows",
    "worst_case_of",
]


def most_pusd(spec: PlanSpec, estimate: Estimate) -> int | None:
    """The most that a plan can cost, in picodollars, where no request has to be sent again for a fault.

    Each answer that does not fit the schema is asked for again, and paid again. None without a price.
    """
    if estimate.worst_case_pusd is None:
        return None
    times = 1 if spec.parameters.schema is None else 1 + spec.schema_retries
    return estimate.worst_case_pusd * times


_NO_REQUEST = b"\0" * 32


class PlanDigest:
    """SHA-256 over the spec and, in order, the key of every row; updated as rows stream by."""

    def __init__(self, spec: PlanSpec) -> None:
        self._state = hashlib.sha256(spec.as_json().encode())

    def add(self, key: bytes | None) -> None:
        """Take in the next row's key."""
        self._state.update(_NO_REQUEST if key is None else key)

    def hexdigest(self) -> str:
        """The digest of what was added so far."""
        return self._state.hexdigest()


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """Frozen; its requests lie in the ledger under ``plan_id``.

    Attributes:
        plan_id: Such as ``p-91c2``.
        digest: Hex SHA-256 over all that would be sent, prices and budget included.
        spec: What its requests share.
        frame_name: Name of the frame in messages.
        rows: Rows of the frame.
        distinct: Distinct requests among them.
        cached: Distinct requests that the ledger has an answer of.
        left_out: Rows that can't be asked, with the first few reasons in ``problems``.
        problems: ``(position, reason)`` of the first rows left out.
        masked: Values masked in the prompts, by rule.
        estimate: Tokens, cost and time, as intervals.
        samples: The first rows that would be sent.
        saved_pusd: What the answers of the ledger cost that need not be paid again.
    """

    plan_id: str
    digest: str
    spec: PlanSpec
    frame_name: str
    rows: int
    distinct: int
    cached: int
    left_out: int
    estimate: Estimate
    problems: tuple[tuple[int, str], ...] = ()
    masked: tuple[tuple[str, int], ...] = ()
    samples: tuple[PlannedRow, ...] = field(default=(), repr=False)
    saved_pusd: int = 0

    def __repr__(self) -> str:
        estimate = self.estimate
        cost = "cost unknown"
        if estimate.cost_low_pusd is not None and estimate.cost_high_pusd is not None:
            low, high = format_usd(estimate.cost_low_pusd), format_usd(estimate.cost_high_pusd)
            cost = f"{low} to {high} USD, at most {format_usd(self.most_pusd or 0)}"
        left_out = f", {self.left_out:,} left out" if self.left_out else ""
        return f"<Plan {self.plan_id}: {self.rows:,} rows{left_out}, {self.to_send:,} to send, {cost}>"

    @property
    def most_pusd(self) -> int | None:
        """See ``most_pusd``."""
        return most_pusd(self.spec, self.estimate)

    @property
    def to_send(self) -> int:
        """Distinct requests that would be sent."""
        return self.distinct - self.cached
