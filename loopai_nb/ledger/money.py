"""What runs and days have spent and reserved, and the events that a budget's limits cause.

A budget is held because a claim reserves the worst case of each request before it is sent, in the
transaction that leases it: spent plus reserved never passes the budget of the run, nor that of the day,
whoever else works on it. Settling moves money from reserved to spent and never below what is known.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, select, update
from sqlalchemy.dialects import sqlite

from loopai_nb.ledger.dialects import insert_into
from loopai_nb.ledger.prepared import Prepared
from loopai_nb.ledger.schema import accounts, events, runs
from loopai_nb.pricing import format_usd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

__all__ = ["announce", "budget_reached", "day_of", "move", "of_day"]

_WARN_AT = (4, 5)
"""Four fifths: from here on a warning is due."""


def day_of(now_ms: int) -> str:
    """The day (UTC) to whose account a moment belongs, such as ``2026-11-21``."""
    return datetime.fromtimestamp(now_ms / 1000, UTC).date().isoformat()


def of_day(connection: Connection, day: str, day_budget_pusd: int) -> tuple[int, int]:
    """What is left of the day's budget (below 0 where it was lowered), and what is reserved of it.

    Picodollars. Whoever reads this holds the account until the transaction ends.
    """
    connection.execute(
        insert_into(connection, accounts)
        .values(day=day, spent_pusd=0, reserved_pusd=0)
        .on_conflict_do_nothing()
    )
    row = connection.execute(select(accounts).where(accounts.c.day == day).with_for_update()).one()
    return int(day_budget_pusd - row.spent_pusd - row.reserved_pusd), int(row.reserved_pusd)


def move(
    connection: Connection,
    run_id: str,
    changes: Iterable[tuple[str, int, int]],
    *,
    day_budget_pusd: int | None,
    now_ms: int,
) -> tuple[str, ...]:
    """Change what a run and its days have spent and reserved.

    Args:
        connection: In a write transaction.
        run_id: Whose money.
        changes: ``(day, spent, reserved)`` to be added, picodollars.
        day_budget_pusd: The most for a day; None for no limit.
        now_ms: Epoch milliseconds.

    Returns:
        Warnings that became due: four fifths of a budget are spent.
    """
    by_day: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for day, spent, reserved in changes:
        so_far = by_day[day]
        by_day[day] = (so_far[0] + spent, so_far[1] + reserved)
    by_day = {day: change for day, change in by_day.items() if change != (0, 0)}
    if not by_day:
        return ()
    ((of_run, budget_pusd),) = _MOVE_RUN.rows(
        connection,
        run=run_id,
        spent=sum(spent for spent, _ in by_day.values()),
        reserved=sum(reserved for _, reserved in by_day.values()),
    )
    warnings = [_warning(connection, f"run {run_id}", of_run, budget_pusd, run_id, now_ms)]
    for day, (spent, reserved) in sorted(by_day.items()):
        ((in_day,),) = _MOVE_DAY.rows(connection, day=day, spent=spent, reserved=reserved)
        warnings.append(_warning(connection, f"day {day}", in_day, day_budget_pusd, run_id, now_ms))
    return tuple(filter(None, warnings))


def budget_reached(connection: Connection, what: str, budget_pusd: int, run_id: str, now_ms: int) -> None:
    """Note that a budget left no room for the next request; once a budget.

    Args:
        connection: In a write transaction.
        what: ``run r-204e`` or ``day 2026-11-21``.
        budget_pusd: Of it, picodollars.
        run_id: Which run met it.
        now_ms: Epoch milliseconds.
    """
    announce(
        connection,
        "budget_100",
        f"The budget of {what} ({format_usd(budget_pusd)} USD) has no room for the next request.",
        run_id=run_id,
        scope=f"{what} {budget_pusd}",
        now_ms=now_ms,
    )


def announce(
    connection: Connection, kind: str, message: str, *, run_id: str | None, scope: str | None, now_ms: int
) -> bool:
    """Store an event; whether it is new in its scope."""
    stored = connection.execute(
        insert_into(connection, events)
        .values(at_ms=now_ms, run_id=run_id, kind=kind, scope=scope, message=message)
        .on_conflict_do_nothing()
    )
    return stored.rowcount == 1


def _moved_day(insert: Any) -> Any:
    spent, reserved = bindparam("spent", type_=BigInteger), bindparam("reserved", type_=BigInteger)
    return (
        insert(accounts)
        .values(day=bindparam("day"), spent_pusd=spent, reserved_pusd=reserved)
        .on_conflict_do_update(
            index_elements=[accounts.c.day],
            set_={
                "spent_pusd": accounts.c.spent_pusd + spent,
                "reserved_pusd": accounts.c.reserved_pusd + reserved,
            },
        )
        .returning(accounts.c.spent_pusd)
    )


def _moved_day_on_postgres() -> Any:
    from sqlalchemy.dialects import postgresql  # as in dialects.insert_into

    return _moved_day(postgresql.insert)


_MOVE_DAY = Prepared(_moved_day(sqlite.insert), postgresql=_moved_day_on_postgres)
_MOVE_RUN = Prepared(
    update(runs)
    .where(runs.c.run_id == bindparam("run"))
    .values(
        spent_pusd=runs.c.spent_pusd + bindparam("spent", type_=BigInteger),
        reserved_pusd=runs.c.reserved_pusd + bindparam("reserved", type_=BigInteger),
    )
    .returning(runs.c.spent_pusd, runs.c.budget_pusd)
)


def _warning(
    connection: Connection, what: str, spent_pusd: int, budget_pusd: int | None, run_id: str, now_ms: int
) -> str | None:
    share, of = _WARN_AT
    if not budget_pusd or spent_pusd * of < budget_pusd * share:
        return None
    message = (
        f"{format_usd(spent_pusd)} of the {format_usd(budget_pusd)} USD budgeted for {what} are spent "
        f"({spent_pusd * 100 // budget_pusd}%)."
    )
    scope = f"{what} {budget_pusd}"
    new = announce(connection, "budget_80", message, run_id=run_id, scope=scope, now_ms=now_ms)
    return message if new else None
