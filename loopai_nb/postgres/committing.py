"""Whether a transaction came through whose commit nobody heard the end of."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from loopai_nb.errors import DatabaseError

if TYPE_CHECKING:
    from loopai_nb.postgres.engine import Database

__all__ = ["came_through"]

ASK_S = 10.0
"""How long to ask: a server that restarts is mostly back by then."""

AGAIN_S = 0.2

# A standby that became the primary may not have had it yet, and not have given the number to another one.
_STATUS = "SELECT txid_status(:id) AS status WHERE NOT pg_is_in_recovery()"


def came_through(db: Database, transaction: int, *, within_s: float = ASK_S) -> bool | None:
    """Ask the server, over a new connection, what became of a transaction.

    Args:
        db: Where it was.
        transaction: Its ``txid_current()``.
        within_s: How long to ask a server that is away, or that still works on it.

    Returns:
        True where it was committed, False where it was rolled back, None where nobody knows.
    """
    deadline_s = time.monotonic() + within_s
    while True:
        try:
            rows = db.execute(_STATUS, {"id": transaction})
        except DatabaseError:
            status = None
        else:
            status = rows[0]["status"] if rows else None
        if status in ("committed", "aborted"):
            return bool(status == "committed")
        if time.monotonic() > deadline_s:
            return None
        time.sleep(AGAIN_S)
