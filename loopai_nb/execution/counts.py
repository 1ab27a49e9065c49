"""How hard a server may be pressed, and what a run has come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loopai_nb.execution.course import Course
from loopai_nb.records import Outcome, RequestState

if TYPE_CHECKING:
    from loopai_nb.ledger.records import Settlement

__all__ = ["Counts", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How hard the server may be pressed, and when to give up.

    Attributes:
        concurrency: Requests in flight at most; answers that a kill could lose count as in flight.
        fixed: Keep that many in flight, whatever the server says; else begin with few and adapt.
        timeout_s: Total deadline of one request, seconds.
        unreachable_s: Seconds without any contact from the start after which the run stops and leaves the
            rest for a resume.
        outage_s: The same for a server that answered before: it may be starting again.
        patience_s: Seconds of nothing but refusals and failures after which it stops as well.
        requests_per_min: Most requests a minute; None for as many as the server says.
        tokens_per_min: Most tokens a minute; None for as many as the server says.
        stop_on_first_error: End the run at the first request that is given up.
    """

    concurrency: int = 32
    fixed: bool = False
    timeout_s: float = 300.0
    unreachable_s: float = 10.0
    outage_s: float = 300.0
    patience_s: float = 1_800.0
    requests_per_min: float | None = None
    tokens_per_min: float | None = None
    stop_on_first_error: bool = False


@dataclass(slots=True)
class Counts:
    """What this process has recorded of the run; only what is durable is counted.

    Attributes:
        answered: Requests answered by the server.
        cached: Requests that another run answered meanwhile.
        failed: Requests given up.
        retried: Attempts that will be made again.
        mismatches: Answers that did not fit the schema.
        spent_pusd: Picodollars charged.
        course: When the answers came, and how long each took.
        warnings: What a person should hear of, in order; see ``money.move``.
    """

    answered: int = 0
    cached: int = 0
    failed: int = 0
    retried: int = 0
    mismatches: int = 0
    spent_pusd: int = 0
    course: Course = field(default_factory=Course)
    warnings: list[str] = field(default_factory=list)

    def add(self, settlement: Settlement, at_s: float) -> None:
        """Count what is durable now, so many seconds after the run was taken up here."""
        self.spent_pusd += settlement.cost_pusd
        self.mismatches += settlement.mismatch
        if settlement.outcome is Outcome.ANSWERED:
            self.answered += 1
            self.course.answered(at_s, settlement.latency_ms or 0.0)
        elif settlement.state is RequestState.WAITING:
            self.retried += 1
        else:
            self.failed += 1
