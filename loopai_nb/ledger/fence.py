"""Whether a commit came through whose connection was lost before the server said so.

Each connection that writes on Postgres has a row of its own, whose number every one of its transactions
raises. Asked on a new connection, the row tells which commit was its last; while the server still works on
that commit, the row is locked and the question waits. Unlike a transaction's number (``pg_xact_status``) it
is true after a crash and a failover as well, since it lies in the very data that it speaks of. Two
connections never share a row: what the one commits after the other was lost would speak for both.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from loopai_nb.errors import LedgerError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

__all__ = ["CREATE", "Mark", "begin", "committed", "forget_silent", "mark_of"]

CREATE = """
CREATE TABLE commits (
    writer text PRIMARY KEY,
    number bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
)
"""

ASK_FOR_S = 5.0
"""How long the database is asked; a restart takes about a second."""
_POLL_S = 0.2

_MARK = "loopai_nb_mark"
_WRITER = "loopai_nb_writer"


# An insert waits for whoever inserts the same row and has not ended; a select would not see it at all.
_RAISE = """
INSERT INTO commits (writer, number) VALUES (:writer, 1)
ON CONFLICT (writer) DO UPDATE SET number = commits.number + 1, at = now()
RETURNING number
"""
_ASK = """
INSERT INTO commits (writer, number) VALUES (:writer, 0)
ON CONFLICT (writer) DO UPDATE SET number = commits.number
RETURNING number
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """One transaction of one connection.

    Attributes:
        writer: The connection's row.
        number: Of the transaction, from 1.
    """

    writer: str
    number: int


def forget_silent(connection: Connection) -> None:
    """Drop the rows of connections that were silent for a month."""
    connection.execute(text("DELETE FROM commits WHERE at < now() - interval '30 days'"))


def begin(connection: Connection) -> None:
    """Mark the transaction that begins."""
    connection.info[_MARK] = None
    # It goes with the connection to the server: the next one has another row.
    writer = connection.info.setdefault(_WRITER, secrets.token_hex(8))
    number = connection.execute(text(_RAISE), {"writer": writer}).scalar_one()
    connection.info[_MARK] = Mark(writer, number)


def mark_of(connection: Connection) -> Mark | None:
    """The mark of the transaction under way; None on SQLite, whose commit fails or does not."""
    found: Mark | None = connection.info.get(_MARK)
    return found


def committed(engine: Engine, mark: Mark) -> bool | None:
    """Whether a transaction came through; None where that can't be told."""
    deadline_s = time.monotonic() + ASK_FOR_S
    while True:
        try:
            with engine.connect().execution_options(unmarked=True) as connection:
                number: int = connection.execute(text(_ASK), {"writer": mark.writer}).scalar_one()
                connection.rollback()
        except LedgerError:
            if time.monotonic() > deadline_s:
                return None
            time.sleep(_POLL_S)
        else:
            return number >= mark.number
