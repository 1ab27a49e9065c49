"""Deleting plans with all that belongs to them, in chunks; each function is one operation of a transaction.

First a plan is closed (``close``): its runs and approvals go, so that nobody can begin or resume it. The rest
goes in chunks. Killed in between, what is left of it is found by the next call of ``prune``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, select, update

from loopai_nb.ledger import forgetting, search_index
from loopai_nb.ledger.dialects import insert_into
from loopai_nb.ledger.locks import hold_plan
from loopai_nb.ledger.schema import (
    answers,
    approvals,
    attempts,
    events,
    meta,
    owners,
    plans,
    requests,
    review_assignments,
    reviews,
    rows,
    runs,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = [
    "DROPPED_BEFORE",
    "close",
    "orphans",
    "some_attempts",
    "some_orphans",
    "some_requests",
    "some_rows",
]

DROPPED_BEFORE = "dropped_before_ms"
"""In ``meta`` once plans were dropped: the days' accounts hold more than the attempts that are left."""


def close(connection: Connection, plan_id: str, condition: Any, before_ms: int, now_ms: int) -> int:
    """Make a plan one that can't be begun or resumed; 0 where the condition does not hold any more."""
    hold_plan(connection, plan_id)
    closed = connection.execute(
        update(plans).where(plans.c.plan_id == plan_id, condition).values(digest=None)
    ).rowcount
    if not closed:
        return 0
    of_plan = select(runs.c.run_id).where(runs.c.plan_id == plan_id)
    for table in (owners, events, reviews, review_assignments):
        connection.execute(delete(table).where(table.c.run_id.in_(of_plan)))
    connection.execute(delete(runs).where(runs.c.plan_id == plan_id))
    forgetting.drop(connection, approvals.c.plan_id == plan_id, now_ms)
    remembered: Any = insert_into(connection, meta).values(name=DROPPED_BEFORE, value=str(before_ms))
    connection.execute(
        remembered.on_conflict_do_update(index_elements=[meta.c.name], set_={"value": str(before_ms)})
    )
    return closed


def some_requests(connection: Connection, plan_id: str, most: int) -> tuple[int, int]:
    """Delete some requests of a plan with their answers; how many of each. An answer in use stays."""
    hold_plan(connection, plan_id)
    chunk = select(requests.c.request_no).where(requests.c.plan_id == plan_id).limit(most)
    found = list(connection.execute(chunk).scalars())
    search_index.forget(connection, found)
    sharing = select(requests.c.request_no).where(
        requests.c.cached, requests.c.answer_no.in_(found), requests.c.plan_id != plan_id
    )
    # They are found by what paid for their answer, and have to be found by themselves from now on.
    search_index.requeue(connection, list(connection.execute(sharing).scalars()))
    paid = connection.execute(
        delete(answers).where(answers.c.request_no.in_(found), ~_used_elsewhere(plan_id))
    ).rowcount
    connection.execute(delete(requests).where(requests.c.request_no.in_(found)))
    return len(found), paid


def some_rows(connection: Connection, plan_id: str, most: int) -> int:
    """Delete some rows of a plan, and the plan itself with the last of them."""
    chunk = select(rows.c.position).where(rows.c.plan_id == plan_id).limit(most)
    found = list(connection.execute(chunk).scalars())
    connection.execute(delete(rows).where(rows.c.plan_id == plan_id, rows.c.position.in_(found)))
    if not found:
        connection.execute(delete(plans).where(plans.c.plan_id == plan_id))
    return len(found)


def some_attempts(connection: Connection, run_id: str, most: int) -> int:
    """Delete some attempts of a run that is no more."""
    chunk = select(attempts.c.attempt_no).where(attempts.c.run_id == run_id).limit(most)
    found = list(connection.execute(chunk).scalars())
    return connection.execute(delete(attempts).where(attempts.c.attempt_no.in_(found))).rowcount


def orphans(before_ms: int) -> Any:
    """Condition on ``answers``: old, and the request that paid for it was dropped."""
    own = exists().where(requests.c.request_no == answers.c.request_no)
    return ~own & (answers.c.answered_ms < before_ms)


def some_orphans(connection: Connection, found: list[int]) -> int:
    """Delete those of these answers that no plan uses."""
    return connection.execute(
        delete(answers).where(answers.c.request_no.in_(found), ~_used_elsewhere(""))
    ).rowcount


def _used_elsewhere(plan_id: str) -> Any:
    # By plan and key, which there is an index of: whoever uses an answer asked for the same content.
    other, asking = plans.alias(), requests.alias()
    using = (
        select(other.c.plan_id)
        .select_from(other.join(asking, asking.c.plan_id == other.c.plan_id))
        .where(
            other.c.plan_id != plan_id,
            asking.c.key == answers.c.key,
            asking.c.answer_no == answers.c.request_no,
        )
    )
    return using.correlate(answers).exists()
