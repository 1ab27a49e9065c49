"""Storing plans; each function is one operation inside one write transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from loopai_nb.ledger.hot import hot
from loopai_nb.ledger.ids import free_id
from loopai_nb.ledger.schema import answers, plans, requests, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from loopai_nb.planning.plan import PlannedRow

__all__ = ["add", "begin", "drop_some", "finish", "repeated_label", "sums"]


def begin(
    connection: Connection,
    spec: str,
    frame_name: str,
    *,
    cache_after_ms: int,
    history_key: bytes | None,
    now_ms: int,
) -> str:
    """Open a plan that rows are added to; returns its id."""
    plan_id = free_id(connection, "p-", plans.c.plan_id)
    connection.execute(
        insert(plans).values(
            plan_id=plan_id,
            created_ms=now_ms,
            spec=spec,
            frame_name=frame_name,
            cache_after_ms=cache_after_ms,
            history_key=history_key,
        )
    )
    return plan_id


def add(connection: Connection, plan_id: str, planned: Sequence[PlannedRow]) -> None:
    """Add rows to a plan; of identical requests only the first is kept."""
    hot(connection).add(connection, plan_id, planned)


def finish(
    connection: Connection,
    plan_id: str,
    digest: str,
    row_count: int,
    *,
    index_names: str | None,
    pull_no: int | None,
) -> None:
    """Freeze the plan under its digest."""
    connection.execute(
        update(plans)
        .where(plans.c.plan_id == plan_id)
        .values(digest=digest, row_count=row_count, index_names=index_names, pull_no=pull_no)
    )


def repeated_label(connection: Connection, plan_id: str) -> str | None:
    """The label of two rows of a plan, if there is one; looks through all of them."""
    label: str | None = connection.execute(
        select(rows.c.label)
        .where(rows.c.plan_id == plan_id)
        .group_by(rows.c.label)
        .having(func.count() > 1)
        .limit(1)
    ).scalar()
    return label


def drop_some(connection: Connection, plan_id: str, most: int) -> bool:
    """Delete some rows and requests of a plan that was never finished, and the plan with the last of them.

    Returns:
        Whether there are more.
    """
    # Held first: another process may finish it, or drop it too.
    unfinished = select(plans.c.plan_id).where(plans.c.plan_id == plan_id, plans.c.digest.is_(None))
    if connection.execute(unfinished.with_for_update()).scalar_one_or_none() is None:
        return False
    deleted = 0
    for table, number in ((rows, rows.c.position), (requests, requests.c.request_no)):
        some = select(number).where(table.c.plan_id == plan_id).limit(most)
        deleted += connection.execute(
            delete(table).where(table.c.plan_id == plan_id, number.in_(some))
        ).rowcount
    if not deleted:
        connection.execute(delete(plans).where(plans.c.plan_id == plan_id))
    return deleted > 0


def sums(connection: Connection, plan_id: str) -> dict[str, int]:
    """Distinct requests of a plan, how many the ledger can answer, and sums over those it can't.

    Returns:
        ``distinct``, ``cached``, ``saved_pusd`` (what the cached ones were paid with), ``tokens``,
        ``prompt_bytes``, ``worst_case_pusd``.
    """
    cache_after_ms = connection.execute(
        select(plans.c.cache_after_ms).where(plans.c.plan_id == plan_id)
    ).scalar_one()
    paid = (
        select(answers.c.cost_pusd)
        .where(
            answers.c.key == requests.c.key,
            answers.c.answered_ms >= cache_after_ms,
            answers.c.text.is_not(None),
        )
        .order_by(answers.c.answered_ms.desc())
        .limit(1)
        .correlate(requests)
        .scalar_subquery()
    )
    found = (
        select(
            requests.c.estimated_tokens,
            requests.c.prompt_bytes,
            requests.c.worst_case_pusd,
            paid.label("paid"),
        )
        .where(requests.c.plan_id == plan_id)
        # A fence: else both kinds of database look for the answer anew at each of the six places below. Rows
        # pass it one by one, where a materialized view of a million would be held in memory.
        .offset(0)
        .subquery("found")
    )

    def total(column: Any, condition: Any) -> Any:
        return func.coalesce(func.sum(column).filter(condition), 0)

    known, fresh = found.c.paid.is_not(None), found.c.paid.is_(None)
    row = connection.execute(
        select(
            func.count().label("distinct"),
            func.count().filter(known).label("cached"),
            total(found.c.paid, known).label("saved_pusd"),
            total(found.c.estimated_tokens, fresh).label("tokens"),
            total(found.c.prompt_bytes, fresh).label("prompt_bytes"),
            total(found.c.worst_case_pusd, fresh).label("worst_case_pusd"),
        ).select_from(found)
    ).one()
    return {name: int(value) for name, value in row._asdict().items()}
