"""One durable transaction of the writer: tried again where it only stood in another one's way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.errors import LedgerError
from loopai_nb.ledger import fence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, Engine

__all__ = ["FateUnknown", "carry_out"]

MOST_TRIES = 5

# "PostgreSQL Error Codes", appendix A of its manual.
_IN_THE_WAY = ("40001", "40P01")  # serialization failure, deadlock
_TAKEN = "23505"  # unique violation: two processes drew the same new id at the same moment


class FateUnknown(LedgerError):
    """The connection was lost in the commit, and nobody could be asked whether it came through."""


def carry_out(engine: Engine, operations: Sequence[Callable[[Connection], Any]]) -> list[Any]:
    """Carry out operations in one transaction.

    Where it returns, they are durable; where it raises anything but ``FateUnknown``, nothing of them is.

    Raises:
        FateUnknown: They may be durable or not: they must not be carried out again.
    """
    tries = MOST_TRIES
    while True:
        tries -= 1
        try:
            return _once(engine, operations)
        except Exception as exc:
            if not tries or not _passing(exc, alone=len(operations) == 1):
                raise


def _once(engine: Engine, operations: Sequence[Callable[[Connection], Any]]) -> list[Any]:
    mark = None
    try:
        with engine.begin() as connection:
            results = [operation(connection) for operation in operations]
            mark = fence.mark_of(connection)
    except Exception:
        # With a mark, all was carried out and only the commit (or giving the connection back) failed.
        committed = mark is not None and fence.committed(engine, mark)
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
