"""Requests that the ledger can answer itself; each function is one operation inside one write transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, func, select, update

from loopai_nb.ledger.rollups import Tally
from loopai_nb.ledger.schema import answers, plans, requests
from loopai_nb.records import RequestState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from loopai_nb.ledger.claims import Holder

__all__ = ["NEWEST_ANSWER", "settle_cached", "settle_known"]

NEWEST_ANSWER: Any = (
    select(answers.c.request_no)
    .where(
        answers.c.key == requests.c.key,
        answers.c.answered_ms >= bindparam("cache_after", type_=BigInteger),
        answers.c.text.is_not(None),
    )
    .order_by(answers.c.answered_ms.desc())
    .limit(1)
    .correlate(requests)
    .scalar_subquery()
)
"""Number of the newest answer to a request's content that is young enough, or NULL."""

_SETTLE_KNOWN = (
    update(requests)
    .where(requests.c.request_no == bindparam("no"))
    .values(
        state=RequestState.ANSWERED,
        cached=True,
        answer_no=bindparam("answer"),
        run_id=bindparam("run"),
        ended_ms=bindparam("now", type_=BigInteger),
    )
)


def settle_cached(connection: Connection, holder: Holder, now_ms: int) -> int:
    """Mark the waiting requests that the ledger has an answer of; how many there were."""
    cache_after_ms = connection.execute(
        select(plans.c.cache_after_ms).where(plans.c.plan_id == holder.plan_id)
    ).scalar_one()
    before_pusd = _saved_by(connection, holder.plan_id)
    settled = connection.execute(
        update(requests)
        .where(
            requests.c.plan_id == holder.plan_id,
            requests.c.state == RequestState.WAITING,
            NEWEST_ANSWER.is_not(None),
        )
        .values(
            state=RequestState.ANSWERED,
            cached=True,
            answer_no=NEWEST_ANSWER,
            run_id=holder.run_id,
            ended_ms=now_ms,
        ),
        {"cache_after": cache_after_ms},
    ).rowcount
    if settled:
        saved_pusd = _saved_by(connection, holder.plan_id) - before_pusd
        _count(connection, holder, settled, saved_pusd, now_ms)
    return settled


def settle_known(connection: Connection, holder: Holder, known: Mapping[int, int], now_ms: int) -> None:
    """Mark requests whose answer has been found meanwhile: its number by theirs."""
    if known:
        connection.execute(
            _SETTLE_KNOWN,
            [
                {"no": no, "answer": answer, "run": holder.run_id, "now": now_ms}
                for no, answer in known.items()
            ],
        )
        _count(connection, holder, len(known), _paid_for(connection, known.values()), now_ms)


def _saved_by(connection: Connection, plan_id: str) -> int:
    """What the answers had cost that the ledger gave to requests of a plan."""
    saved_pusd = connection.execute(
        select(func.coalesce(func.sum(answers.c.cost_pusd), 0))
        .select_from(requests)
        .join(answers, answers.c.request_no == requests.c.answer_no)
        .where(requests.c.plan_id == plan_id, requests.c.state == RequestState.ANSWERED, requests.c.cached)
    ).scalar_one()
    return int(saved_pusd)


def _paid_for(connection: Connection, numbers: Iterable[int]) -> int:
    """What answers had cost."""
    costs = [
        connection.execute(select(answers.c.cost_pusd).where(answers.c.request_no == number)).scalar_one()
        for number in numbers
    ]
    return sum(costs)


def _count(connection: Connection, holder: Holder, settled: int, saved_pusd: int, now_ms: int) -> None:
    tally = Tally()
    tally.add_cached(settled, saved_pusd)
    tally.write(connection, holder.names, holder.owner_id, now_ms)
