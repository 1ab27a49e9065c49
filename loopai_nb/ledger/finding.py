"""Finding approvals: by what a person calls one, and those that were asked for last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from loopai_nb.errors import InputError
from loopai_nb.ledger.approvals import row_of
from loopai_nb.ledger.schema import approvals as table
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from loopai_nb.ledger.records import ApprovalRow

__all__ = ["asked_in", "find", "newest"]


def find(connection: Connection, name: str, now_ms: int, *, to_decide: bool = False) -> ApprovalRow:
    """An approval by its id, a plan's id or a gate's name; of several one that waits, else the newest.

    Args:
        connection: To read by.
        name: One of those.
        now_ms: Epoch milliseconds.
        to_decide: A name has to say what is decided on: of what waits under it all is the same.

    Raises:
        InputError: There is none, or several wait that are about different things.
    """
    of_gate = (table.c.kind == "gate") & (table.c.title == name)
    order = (table.c.asked_ms.desc(), table.c.approval_id)
    # One after the other: a gate that calls itself like an approval or a plan is not taken for it.
    for named in (table.c.approval_id == name, table.c.plan_id == name, of_gate):
        rows = [
            row_of(row).at(now_ms) for row in connection.execute(select(table).where(named).order_by(*order))
        ]
        waiting = [row for row in rows if row.state is ApprovalState.PENDING]
        if to_decide and len({row.digest for row in waiting}) > 1:
            ids = ", ".join(row.approval_id for row in waiting)
            raise InputError(
                f"Several things wait as {name}: {ids}.",
                f"Look at each, and decide it by its id: %loopai approvals {waiting[0].approval_id}",
            )
        if rows:
            return (waiting or rows)[0]
    raise InputError(f"Nothing in this ledger is asked as {name}.", "See what is: %loopai approvals")


def newest(
    connection: Connection, state: ApprovalState | None, limit: int | None, now_ms: int
) -> list[ApprovalRow]:
    """The approvals that were asked for last, newest first: so many, or all; of one state where given."""
    statement = select(table).order_by(table.c.asked_ms.desc(), table.c.approval_id.desc())
    over = table.c.expires_ms <= now_ms
    waiting = table.c.state == ApprovalState.PENDING
    if state is ApprovalState.PENDING:
        statement = statement.where(waiting, or_(table.c.expires_ms.is_(None), ~over))
    elif state is ApprovalState.TIMEOUT:
        statement = statement.where(or_(table.c.state == state, waiting & over))
    elif state is not None:
        statement = statement.where(table.c.state == state)
    return [row_of(row).at(now_ms) for row in connection.execute(statement.limit(limit))]


def asked_in(
    connection: Connection, since_ms: int, until_ms: int, run_id: str | None, limit: int, now_ms: int
) -> list[ApprovalRow]:
    """Those asked for from one time to before another, and what waits still; of a run: what it spent."""
    waiting = (table.c.state == ApprovalState.PENDING) & (
        table.c.expires_ms.is_(None) | (table.c.expires_ms > now_ms)
    )
    then = (table.c.asked_ms >= since_ms) & (table.c.asked_ms < until_ms)
    statement = (
        select(table)
        .where(or_(waiting, then) if run_id is None else table.c.used_by == run_id)
        .order_by(waiting.desc(), table.c.asked_ms.desc(), table.c.approval_id.desc())
        .limit(limit)
    )
    return [row_of(row).at(now_ms) for row in connection.execute(statement)]
