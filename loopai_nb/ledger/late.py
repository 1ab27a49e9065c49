"""Answers that come after their lease was taken back; paid as they are, they count all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select, update

from loopai_nb.ledger.schema import answers, attempts, requests
from loopai_nb.records import RequestState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from loopai_nb.ledger.records import Lease, Settlement

__all__ = ["PROCESS_ENDED", "answer_late", "has_answer", "restore_answered", "was_swept"]

PROCESS_ENDED = "process_ended"
"""Kind of the attempt that a sweep records for a lease whose owner is gone."""

_MOST_NUMBERS = 500
"""Of requests in one statement; SQLite takes 32,766 parameters, and older ones 999."""


def restore_answered(connection: Connection, numbers: Sequence[int], now_ms: int) -> None:
    """Mark those requests as answered that an earlier lease of theirs brought an answer to.

    Such an answer came late, while the request was leased again. However the new lease ended, it counts.
    """
    for start in range(0, len(numbers), _MOST_NUMBERS):
        connection.execute(
            update(requests)
            .where(
                requests.c.request_no.in_(numbers[start : start + _MOST_NUMBERS]),
                requests.c.state.in_([RequestState.WAITING, RequestState.MAYBE_PAID, RequestState.FAILED]),
                exists().where(answers.c.request_no == requests.c.request_no, answers.c.text.is_not(None)),
            )
            .values(
                state=RequestState.ANSWERED,
                answer_no=requests.c.request_no,
                error_kind=None,
                error=None,
                ended_ms=now_ms,
            )
        )


def was_swept(connection: Connection, run_id: str, lease: Lease) -> bool:
    """Whether a lease was taken back because its process was gone, rather than settled."""
    swept: int = connection.execute(
        select(func.count())
        .select_from(attempts)
        .where(
            attempts.c.run_id == run_id,
            attempts.c.request_no == lease.request_no,
            attempts.c.number == lease.attempt,
            attempts.c.error_kind == PROCESS_ENDED,
        )
    ).scalar_one()
    return swept > 0


def has_answer(connection: Connection, lease: Lease) -> bool:
    """Whether the ledger has an answer to the leased request itself."""
    found: int = connection.execute(
        select(func.count()).select_from(answers).where(answers.c.request_no == lease.request_no)
    ).scalar_one()
    return found > 0


def answer_late(connection: Connection, settlement: Settlement, now_ms: int) -> None:
    """Late, and paid: the answer counts all the same. Where it is leased again, that settlement ends it."""
    connection.execute(
        update(requests)
        .where(
            requests.c.request_no == settlement.lease.request_no,
            requests.c.state.in_([RequestState.WAITING, RequestState.MAYBE_PAID, RequestState.FAILED]),
        )
        .values(
            state=RequestState.ANSWERED,
            answer_no=settlement.lease.request_no,
            owner_id=None,
            error_kind=None,
            error=None,
            ended_ms=now_ms,
        )
    )
