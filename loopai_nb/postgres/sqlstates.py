"""What each SQLSTATE means to the person: which kind of error it is, and what to do.

Codes and classes are those of "PostgreSQL Error Codes", appendix A of its manual. The server's own sentence
says what happened (in its language); these say what to do where the server itself gives no hint.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from loopai_nb.errors import (
    DatabaseDenied,
    DatabaseError,
    DatabaseUnavailable,
    QueryFailed,
    TableNotFound,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Meaning", "meaning"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """Of one code, or of all codes that begin with it.

    Attributes:
        error: What is raised.
        todo: One sentence, or "".
        gone: Whether the connection has ended with it.
    """

    error: type[DatabaseError]
    todo: str = ""
    gone: bool = False


_AGAIN = "Look whether the server still runs, then do it again; it connects anew by itself."
_BOTH_WROTE = "Nothing was changed: do it again."

_MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "": Meaning(DatabaseError),
        # Connections
        "08": Meaning(DatabaseUnavailable, _AGAIN, gone=True),
        "25P03": Meaning(
            DatabaseUnavailable,
            "The transaction stood still for longer than idle_in_transaction_timeout_s allows: do it again.",
            gone=True,
        ),
        "25P04": Meaning(
            DatabaseUnavailable, "Ask for fewer rows: the server ends long transactions.", gone=True
        ),
        "3D": Meaning(DatabaseUnavailable, "Correct the database's name."),
        "53300": Meaning(
            DatabaseUnavailable,
            "Close what is not used (other notebooks), wait, or ask for a higher max_connections.",
            gone=True,
        ),
        "57P01": Meaning(
            DatabaseUnavailable,
            "The server is being shut down, or somebody ended this session: do it again; it connects anew by "
            "itself.",
            gone=True,
        ),
        "57P02": Meaning(
            DatabaseUnavailable,
            "Another process of the server crashed, and it ended every session to be safe: do it again in a "
            "moment; its log says why.",
            gone=True,
        ),
        "57P03": Meaning(
            DatabaseUnavailable, "It is starting, stopping or recovering: try again shortly.", gone=True
        ),
        "57P04": Meaning(DatabaseUnavailable, "The database was dropped: connect to another.", gone=True),
        "57P05": Meaning(DatabaseUnavailable, "Do it again; it connects anew by itself.", gone=True),
        # Who may
        "28": Meaning(DatabaseDenied, "Correct the user, or ask for a line in the server's pg_hba.conf."),
        "28P01": Meaning(DatabaseDenied, "Correct user and password."),
        "42501": Meaning(DatabaseDenied, "Ask the owner for the privilege, or connect as another user."),
        # The statement
        "0A": Meaning(QueryFailed, "The server does not do this: write it otherwise."),
        "21": Meaning(QueryFailed, "Let the inner query return one row: LIMIT 1, or an aggregate."),
        "22": Meaning(QueryFailed, "Correct the value, or leave its rows out with WHERE."),
        "22003": Meaning(QueryFailed, "Use a wider type there: ::bigint, ::numeric or ::float8."),
        "22007": Meaning(QueryFailed, "Write a date as 2026-01-31 and a time as 2026-01-31 12:00+00."),
        "22008": Meaning(QueryFailed, "Write a date as 2026-01-31: year, month, day."),
        "22012": Meaning(QueryFailed, "Divide by NULLIF(x, 0), which is NULL where x is 0."),
        "22P02": Meaning(
            QueryFailed, "Compare with a value of the column's type, or cast the column: column::text."
        ),
        "25001": Meaning(QueryFailed),
        "25006": Meaning(
            QueryFailed,
            "Nothing was changed: a pull only reads. Write with push, or in your own client.",
        ),
        "2F": Meaning(QueryFailed),
        "42": Meaning(QueryFailed),
        "42601": Meaning(QueryFailed, "Correct the SQL there."),
        "42703": Meaning(QueryFailed, "Use one of the columns: %loopai describe TABLE"),
        "42804": Meaning(QueryFailed, "Cast one side: ::text, ::numeric, ::date."),
        "42883": Meaning(
            QueryFailed, "Correct the name, or cast what it is given: ::text, ::numeric, ::date."
        ),
        "42P01": Meaning(TableNotFound),
        "3F000": Meaning(TableNotFound),
        "54": Meaning(QueryFailed, "Make the statement smaller: fewer columns, fewer conditions."),
        "57014": Meaning(QueryFailed, "Ask for fewer rows, or allow the statement more time."),
        # Others at work
        "40001": Meaning(DatabaseError, f"Another transaction changed the same rows. {_BOTH_WROTE}"),
        "40P01": Meaning(
            DatabaseError,
            f"Two transactions waited for each other, and the server ended this one. {_BOTH_WROTE}",
        ),
        "55P03": Meaning(
            DatabaseError,
            "Another transaction holds the lock: wait for it, end it, or allow more time (lock_timeout_s). "
            "Who waits for whom: SELECT pid, pg_blocking_pids(pid), query FROM pg_stat_activity",
        ),
        "55006": Meaning(DatabaseError, "Somebody uses it: try again when they are done."),
        # The server's machine
        "53": Meaning(DatabaseError, "The server is short of something: ask who runs it."),
        "53100": Meaning(
            DatabaseError, "The server's disk is full, and nothing was changed: ask who runs it for room."
        ),
        "53200": Meaning(
            DatabaseError,
            "The server is out of memory, and nothing was changed: ask for fewer rows or columns at once.",
        ),
        "53400": Meaning(DatabaseError, "A limit of the server is reached: ask who runs it."),
        "58": Meaning(
            DatabaseError, "The server could not use its disk: ask who runs it to look into its log."
        ),
        "XX": Meaning(
            DatabaseError, "That is a fault in the server or its data: ask who runs it to look into its log."
        ),
    }
)


def meaning(sqlstate: str | None) -> Meaning:
    """What a code means; a code of its own comes before its class. None: the connection was lost."""
    if sqlstate is None:
        return _MEANINGS["08"]
    return next(found for n in (5, 3, 2, 0) if (found := _MEANINGS.get(sqlstate[:n])) is not None)
