"""How far a run is, at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.ledger.pausing import paused_by
from loopai_nb.records import RunState

if TYPE_CHECKING:
    from loopai_nb.execution.executor import Executor
    from loopai_nb.ledger.records import RunRow

__all__ = ["Progress", "ended", "percentile", "under_way"]


@dataclass(frozen=True, slots=True)
class Progress:
    """A run at one moment; only what is durable is counted as done.

    Attributes:
        state: Where the run stands.
        total: Distinct requests.
        answered: With an answer, those from the ledger included.
        cached: Answered from the ledger.
        failed: Given up.
        in_flight: Being sent.
        elapsed_s: Seconds since this process took it up, without those for which a person had it paused.
        per_s: Answers a second lately; of a run that has ended, on average.
        left_s: Seconds to go at that rate; None where there is none yet, a person paused it, or retries are
            rationed.
        spent_pusd: Picodollars, of all processes that worked on it.
        budget_pusd: Picodollars, or None.
        p50_ms: Median latency lately, within 2%; None before the first answer.
        p95_ms: 95th percentile of the latency, likewise.
        held_s: Seconds until the server may be asked again; 0 where it may be asked now.
        held_why: Why it is not asked, or only tried by one request, in words that follow its name; else "".
        limit: Requests in flight that the server seems to bear; 0 where nothing is being sent.
        limit_before: The same before the last trouble.
        ceiling: The most that it may come to.
        rationed: Requests that failed wait, since retries may be a tenth of the traffic only: how long it
            takes is not known then.
        paused_by: Who paused it; None where no person did.
        warnings: What a person should hear of, such as that 80% of the budget are spent.
    """

    state: RunState
    total: int
    answered: int
    cached: int
    failed: int
    in_flight: int
    elapsed_s: float
    per_s: float
    left_s: float | None
    spent_pusd: int
    budget_pusd: int | None
    p50_ms: float | None
    p95_ms: float | None
    held_s: float
    held_why: str = ""
    limit: int = 0
    limit_before: int = 0
    ceiling: int = 0
    rationed: bool = False
    paused_by: str | None = None
    warnings: tuple[str, ...] = ()


def under_way(start: RunRow, executor: Executor) -> Progress:
    """Of a run that this process carries out.

    Args:
        start: The run as it was when this process took it up.
        executor: What carries it out.
    """
    counts, pace, pausing = executor.counts, executor.pace_state, executor.pausing
    elapsed_s = executor.active_s
    lately = counts.course.lately(elapsed_s)
    answered = start.answered + counts.answered + counts.cached
    failed = start.failed + counts.failed
    left = start.distinct - answered - failed
    paused = pausing.by is not None
    rationed = executor.retries_are_rationed
    return Progress(
        state=RunState.PAUSED if paused or pausing.held else RunState.RUNNING,
        total=start.distinct,
        answered=answered,
        cached=start.cached + counts.cached,
        failed=failed,
        in_flight=executor.in_flight,
        elapsed_s=elapsed_s,
        per_s=lately.per_s,
        left_s=left / lately.per_s if lately.per_s > 0 and not paused and not rationed else None,
        spent_pusd=start.spent_pusd + counts.spent_pusd,
        budget_pusd=start.budget_pusd,
        p50_ms=lately.p50_ms,
        p95_ms=lately.p95_ms,
        held_s=pace.held_s,
        held_why=pace.reason,
        limit=pace.limit,
        limit_before=pace.limit_before,
        ceiling=pace.ceiling,
        rationed=rationed,
        paused_by=pausing.by,
        warnings=tuple(counts.warnings),
    )


def ended(row: RunRow, latencies_ms: list[float], warnings: tuple[str, ...]) -> Progress:
    """Of a run that this process does not carry out (any more), as the ledger has it.

    Args:
        row: The run.
        latencies_ms: Of its answers, ascending.
        warnings: What came up while this process carried it out.
    """
    elapsed_s = row.active_ms / 1000
    fresh = row.answered - row.cached
    return Progress(
        state=row.state,
        total=row.distinct,
        answered=row.answered,
        cached=row.cached,
        failed=row.failed,
        in_flight=0,
        elapsed_s=elapsed_s,
        per_s=fresh / elapsed_s if elapsed_s > 0 else 0.0,
        left_s=None,
        spent_pusd=row.spent_pusd,
        budget_pusd=row.budget_pusd,
        p50_ms=percentile(latencies_ms, 0.5),
        p95_ms=percentile(latencies_ms, 0.95),
        held_s=0.0,
        paused_by=paused_by(row.state, row.reason),
        warnings=warnings,
    )


def percentile(ascending: list[float], share: float) -> float | None:
    """Nearest-rank percentile of sorted values; None of none."""
    if not ascending:
        return None
    return ascending[min(len(ascending) - 1, int(share * len(ascending)))]
