"""Taking back what processes held that are no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from loopai_nb.ledger import money
from loopai_nb.ledger.late import PROCESS_ENDED, restore_answered
from loopai_nb.ledger.locks import hold_plan
from loopai_nb.ledger.pausing import not_held
from loopai_nb.ledger.replaying import replay
from loopai_nb.ledger.rollups import Tally, names_of
from loopai_nb.ledger.schema import attempts, requests
from loopai_nb.records import Outcome, RequestState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

__all__ = ["revive", "sweep"]

_COUNTED_AS = "unknown"
"""See ``attempts.counted_as``."""


def sweep(
    connection: Connection,
    plan_id: str,
    now_ms: int,
    *,
    is_gone: Callable[[str | None], bool],
    resend: bool,
) -> int:
    """Take back the leases of owners that are gone; their requests may have been paid.

    What an owner had written into its journal is recorded first, and is taken back no more.
    Each is counted as spent at its worst case and recorded as an attempt of unknown outcome. It then waits to
    be sent again (``resend``) or stays MAYBE_PAID. A run that was PAUSED since a server let an owner wait is
    RUNNING again, until one that lives says so.

    Returns:
        How many there were.
    """
    hold_plan(connection, plan_id)
    holding = select(requests.c.owner_id).where(
        requests.c.plan_id == plan_id, requests.c.state == RequestState.LEASED
    )
    gone = [owner_id for owner_id in connection.execute(holding.distinct()).scalars() if is_gone(owner_id)]
    if not gone:
        return 0
    for owner_id in gone:
        replay(connection, owner_id, now_ms)
    lost = connection.execute(
        select(requests).where(
            requests.c.plan_id == plan_id,
            requests.c.state == RequestState.LEASED,
            requests.c.owner_id.in_(gone),
        )
    ).all()
    for row in lost:
        _take_back(connection, row, now_ms, resend=resend)
    for run_id in sorted({row.run_id for row in lost}):
        _count(connection, run_id, [row for row in lost if row.run_id == run_id], now_ms)
    restore_answered(connection, [row.request_no for row in lost], now_ms)
    not_held(connection, plan_id)
    return len(lost)


def revive(connection: Connection, plan_id: str) -> int:
    """Let the requests wait again that may have been paid; how many there were."""
    hold_plan(connection, plan_id)
    return connection.execute(
        update(requests)
        .where(requests.c.plan_id == plan_id, requests.c.state == RequestState.MAYBE_PAID)
        .values(state=RequestState.WAITING, not_before_ms=0, ended_ms=None)
    ).rowcount


def _take_back(connection: Connection, row: Any, now_ms: int, *, resend: bool) -> None:
    connection.execute(
        update(requests)
        .where(requests.c.request_no == row.request_no)
        .values(
            state=RequestState.WAITING if resend else RequestState.MAYBE_PAID,
            owner_id=None,
            not_before_ms=0,
            error_kind=PROCESS_ENDED,
            error="the process ended before the outcome was recorded; it may have been paid",
            ended_ms=None if resend else now_ms,
        )
    )
    connection.execute(
        insert(attempts).values(
            run_id=row.run_id,
            request_no=row.request_no,
            number=row.attempts,
            ended_ms=now_ms,
            outcome=Outcome.UNKNOWN,
            counted_as=_COUNTED_AS,
            error_kind=PROCESS_ENDED,
            cost_pusd=row.worst_case_pusd,
        )
    )
    change = (row.day or money.day_of(now_ms), row.worst_case_pusd, -row.worst_case_pusd)
    money.move(connection, row.run_id, [change], day_budget_pusd=None, now_ms=now_ms)


def _count(connection: Connection, run_id: str, lost: Sequence[Any], now_ms: int) -> None:
    """In the rollups: what was taken back of one run."""
    tally = Tally()
    for row in lost:
        tally.add(_COUNTED_AS, PROCESS_ENDED, None, None, None, row.worst_case_pusd)
    tally.write(connection, names_of(connection, run_id), lost[0].owner_id, now_ms)
