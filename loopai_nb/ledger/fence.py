"""Whether a commit came through whose connection was lost before the server said so.

Each writer on Postgres has a row of its own, whose number every one of its transactions raises. Asked on a
new connection, the row tells which commit was its last; while the server still works on that commit, the row
is locked and the question waits. Unlike a transaction's number (``pg_xact_status``) it is true after a crash
and a failover as well, since it lies in the very data that it speaks of.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from loopai_nb.errors import LedgerError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

__all__ = ["CREATE", "Mark", "begin", "committed", "mark_of", "register"]

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


@dataclass(frozen=True, slots=True)
class Mark:
    """One transaction of one writer; ``number`` 0 where its row was missing, and nothing can be told."""

    writer: str
    number: int


def register(connection: Connection, writer: str) -> None:
    """Make a writer's row, and drop those that were silent for a month."""
    connection.execute(text("DELETE FROM commits WHERE at < now() - interval '30 days'"))
    connection.execute(text("INSERT INTO commits (writer, number) VALUES (:writer, 0)"), {"writer": writer})


def begin(connection: Connection, writer: str) -> None:
    """Mark the transaction that begins."""
    connection.info[_MARK] = None
    number = connection.execute(
        text("UPDATE commits SET number = number + 1, at = now() WHERE writer = :writer RETURNING number"),
        {"writer": writer},
    ).scalar()
    if number is None:
        register(connection, writer)
    connection.info[_MARK] = Mark(writer, number or 0)


def mark_of(connection: Connection) -> Mark | None:
    """The mark of the transaction under way; None on SQLite, whose commit fails or does not."""
    found: Mark | None = connection.info.get(_MARK)
    return found


def committed(engine: Engine, mark: Mark) -> bool | None:
    """Whether a transaction came through; None where that can't be told."""
    if not mark.number:
        return None
    asking = text("SELECT number FROM commits WHERE writer = :writer FOR UPDATE")
    deadline_s = time.monotonic() + ASK_FOR_S
    while True:
        try:
            with engine.connect().execution_options(unmarked=True) as connection:
                number = connection.execute(asking, {"writer": mark.writer}).scalar()
                connection.rollback()
        except LedgerError:
            if time.monotonic() > deadline_s:
                return None
            time.sleep(_POLL_S)
        else:
            return None if number is None else number >= mark.number
