"""Which requests of a ledger are looked at, and which runs they can be of."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from loopai_nb.errors import InputError
from loopai_nb.ledger.figures import OUTCOMES, template_key
from loopai_nb.ledger.schema import plans, runs

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["ORDERS", "REVIEWS", "KnownRun", "KnownRuns", "Wanted"]

ORDERS = ("at", "latency", "cost", "tokens")
_MARK = re.compile(r"\{[{%#]")
_MOST_LEAD = 2_000

REVIEWS = ("accepted", "edited", "rejected", "skipped", "none")
"""Review states as a filter has them; ``none``: answered, and nobody said anything of it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests, and in which order. What is None does not matter.

    Attributes:
        since_ms: Ended then (epoch milliseconds) or later; an answer from the ledger when its run began.
        until_ms: Ended before.
        run_id: Of this run.
        server: Of this server: its address as plans have it.
        model: Of the model that was asked for.
        template: Of plans with this template: see ``template_key``.
        search: Words in the prompt or the answer.
        status: ``answered``, ``failed``, ``cached`` (answered from the ledger), ``retried`` (an attempt was
            made again), ``unknown`` (an attempt was perhaps paid).
        error_kind: An attempt failed so.
        min_latency_ms: An attempt took so long or longer.
        max_latency_ms: Or not longer.
        min_cost_pusd: All its attempts cost so much or more, picodollars.
        max_cost_pusd: Or not more.
        min_tokens: Input and output tokens of all its attempts.
        max_tokens: Or not more.
        review: See ``REVIEWS``.
        order: One of ``ORDERS``; ``at`` is when it ended.
        descending: The newest, slowest, dearest, longest first.

    Raises:
        InputError: There is no such status, review or order.
    """

    since_ms: int | None = None
    until_ms: int | None = None
    run_id: str | None = None
    server: str | None = None
    model: str | None = None
    template: str | None = None
    search: str | None = None
    status: str | None = None
    error_kind: str | None = None
    min_latency_ms: float | None = None
    max_latency_ms: float | None = None
    min_cost_pusd: int | None = None
    max_cost_pusd: int | None = None
    min_tokens: int | None = None
    max_tokens: int | None = None
    review: str | None = None
    order: str = "at"
    descending: bool = True

    def __post_init__(self) -> None:
        _check("status", self.status, OUTCOMES)
        _check("review", self.review, REVIEWS)
        _check("order", self.order, ORDERS)

    @property
    def of_runs(self) -> bool:
        """Whether only requests of some runs are wanted."""
        return not (self.run_id is self.server is self.model is self.template is None)

    @property
    def takes_cached(self) -> bool:
        """Whether an answer from the ledger, which took no time and cost nothing, can be among them."""
        return (
            self.status in {None, "cached"}
            and self.error_kind is None
            and self.min_latency_ms is None
            and self.max_latency_ms is None
            and not self.min_cost_pusd
            and not self.min_tokens
        )

    @property
    def sums(self) -> bool:
        """Whether it matters what all attempts of a request came to together."""
        limits = (self.min_cost_pusd, self.max_cost_pusd, self.min_tokens, self.max_tokens)
        return self.order in {"cost", "tokens"} or any(limit is not None for limit in limits)


def _check(what: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise InputError(f"There is no {what} {value!r} of requests.", f"There are: {', '.join(known)}.")


@dataclass(slots=True)
class KnownRun:
    """What all requests of a run have in common.

    Attributes:
        run_id: Such as ``r-204e``.
        plan_id: What it carries out.
        created_ms: When it began (epoch milliseconds).
        frame_name: Name of the frame.
        server: Address of its server.
        model: That was asked for.
        template: See ``template_key``.
        lead: What its prompts begin with: the template before its first variable; "" where there is none.
        ended_ms: When it ended; None while it is carried out, or where its process was killed.
    """

    run_id: str
    plan_id: str
    created_ms: int
    frame_name: str
    server: str
    model: str
    template: str
    lead: str
    ended_ms: int | None


class KnownRuns:
    """The runs of a ledger, the oldest first. Of one that is known only its end is read again."""

    def __init__(self) -> None:
        self._known: dict[str, KnownRun] = {}

    def all(self, connection: Connection) -> list[KnownRun]:
        """Every run."""
        found = connection.execute(
            select(runs.c.run_id, runs.c.ended_ms).order_by(runs.c.created_ms, runs.c.run_id)
        ).all()
        new = [row.run_id for row in found if row.run_id not in self._known]
        for start in range(0, len(new), 500):
            self._read(connection, new[start : start + 500])
        listed = []
        for run_id, ended_ms in found:
            run = self._known.get(run_id)
            if run is not None:
                run.ended_ms = ended_ms
                listed.append(run)
        return listed

    def of(self, connection: Connection, wanted: Wanted) -> list[KnownRun]:
        """The runs that requests which are wanted can be of."""
        return [
            run
            for run in self.all(connection)
            if wanted.run_id in {None, run.run_id}
            and wanted.server in {None, run.server}
            and wanted.model in {None, run.model}
            and wanted.template in {None, run.template}
        ]

    def _read(self, connection: Connection, run_ids: list[str]) -> None:
        statement = (
            select(runs.c.run_id, runs.c.plan_id, runs.c.created_ms, plans.c.frame_name, plans.c.spec)
            .join(plans, plans.c.plan_id == runs.c.plan_id)
            .where(runs.c.run_id.in_(run_ids))
        )
        for row in connection.execute(statement):
            spec: dict[str, Any] = json.loads(row.spec)
            self._known[row.run_id] = KnownRun(
                row.run_id,
                row.plan_id,
                row.created_ms,
                row.frame_name,
                spec["server_url"],
                spec["model"],
                template_key(spec["template"], spec["system"]),
                _lead(spec["template"]),
                None,
            )


def _lead(template: str) -> str:
    """What stands before the first variable; "" where there is none, or a lot."""
    found = _MARK.search(template)
    return "" if found is None or found.start() > _MOST_LEAD else template[: found.start()]
