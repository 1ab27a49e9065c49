"""Whether a transaction came through whose commit nobody heard the end of."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from loopai_nb.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.postgres.engine import Database

__all__ = ["came_through"]

ASK_S = 30.0
"""How long to ask: a server that restarts is mostly back by then."""

AGAIN_S = 0.2

# A standby may not have had it yet.
_STATUS = "SELECT txid_status(:id) AS status WHERE NOT pg_is_in_recovery()"

_IN_THE_FUTURE = "22023"
"""``invalid_parameter_value``: the number has not been given. A crash takes back those of transactions that
were never written, and a standby that became the primary may have had fewer."""

_NUMBERS = 2**32
"""Rows keep the last 32 bits of the number."""


def came_through(
    db: Database,
    transaction: int,
    *,
    wrote: str | None = None,
    within_s: float = ASK_S,
    given_up: Callable[[], bool] = lambda: False,
) -> bool | None:
    """Ask the server, over a new connection, what became of a transaction.

    Args:
        db: Where it was.
        transaction: Its ``txid_current()``.
        wrote: A table, quoted and qualified, that has rows of it if it was committed. After a crash another
            transaction may have its number: that one's rows are elsewhere. None: no table is looked at.
        within_s: How long to ask a server that is away, or that still works on it.
        given_up: Whether nobody waits for the answer any more.

    Returns:
        True where it was committed, False where it was rolled back, None where nobody knows.
    """
    deadline_s = time.monotonic() + within_s
    while True:
        status = _status(db, transaction)
        if status == "aborted":
            return False
        if status == "committed":
            return True if wrote is None else _wrote(db, transaction, wrote)
        if time.monotonic() > deadline_s or given_up():
            return None
        time.sleep(AGAIN_S)


def _status(db: Database, transaction: int) -> str | None:
    try:
        rows = db.execute(_STATUS, {"id": transaction})
    except DatabaseError as error:
        return "aborted" if error.sqlstate == _IN_THE_FUTURE else None
    return rows[0]["status"] if rows else None


def _wrote(db: Database, transaction: int, table: str) -> bool | None:
    """Whether rows of it are there; None where there are none, as where somebody has changed them since."""
    sql = f"SELECT EXISTS (SELECT FROM {table} WHERE xmin = CAST(:xid AS xid)) AS found"  # noqa: S608  (quoted by the driver)
    try:
        (row,) = db.execute(sql, {"xid": str(transaction % _NUMBERS)})
    except DatabaseError:
        return None
    return True if row["found"] else None
