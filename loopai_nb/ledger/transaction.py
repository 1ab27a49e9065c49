"""One durable transaction of the writer: tried again where it only stood in another one's way."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import LedgerError
from loopai_nb.ledger import fence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, Engine

__all__ = ["FateUnknown", "Kept", "carry_out"]

MOST_TRIES = 5

# "PostgreSQL Error Codes", appendix A of its manual.
_IN_THE_WAY = ("40001", "40P01")  # serialization failure, deadlock
_TAKEN = "23505"  # unique violation: two processes drew the same new id at the same moment


class FateUnknown(LedgerError):
    """The connection was lost in the commit, and nobody could be asked whether it came through."""


class Kept:
    """The connection of one thread that writes; none is kept after anything went wrong on it.

    A run at 50 ms a request makes 400 small transactions a second, and taking a connection from the pool and
    giving it back costs as much as each of them. To Postgres the pool is asked each time: it looks first
    whether the server is still there.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._keeps = engine.dialect.name == "sqlite"
        self._connection: Connection | None = None

    @contextlib.contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction, committed at the block's end and rolled back where it raises."""
        if not self._keeps:
            with self.engine.begin() as connection:
                yield connection
            return
        if self._connection is None:
            self._connection = self.engine.connect()
        try:
            with self._connection.begin():
                yield self._connection
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the connection back; the next transaction takes another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def carry_out(kept: Kept, operations: Sequence[Callable[[Connection], Any]]) -> list[Any]:
    """Carry out operations in one transaction.

    Where it returns, they are durable; where it raises anything but ``FateUnknown``, nothing of them is.

    Raises:
        FateUnknown: They may be durable or not: they must not be carried out again.
    """
    tries = MOST_TRIES
    while True:
        tries -= 1
        try:
            return _once(kept, operations)
        except Exception as exc:
            if not tries or not _passing(exc, alone=len(operations) == 1):
                raise


def _once(kept: Kept, operations: Sequence[Callable[[Connection], Any]]) -> list[Any]:
    mark = None
    try:
        with kept.begin() as connection:
            results = [operation(connection) for operation in operations]
            mark = fence.mark_of(connection)
    except Exception:
        # With a mark, all was carried out and only the commit (or giving the connection back) failed.
        committed = mark is not None and fence.committed(kept.engine, mark)
        if committed is False:
            raise
    else:
        committed = True
    if committed is None:  # outside the handler: the driver's error holds what was written
        raise FateUnknown(
            "The connection to the ledger's database was lost while it recorded.",
            "Nothing more is sent. Look whether the database runs, then resume the run.",
        )
    return results


def _passing(exc: Exception, *, alone: bool) -> bool:
    code = getattr(exc, "pgcode", None) or getattr(exc.__cause__, "pgcode", None)
    return code in _IN_THE_WAY or (alone and code == _TAKEN)
