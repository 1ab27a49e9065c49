"""The one seam where errors of psycopg2, SQLAlchemy and ADBC become ours, told apart by SQLSTATE."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import DatabaseUnavailable, QueryFailed, TableNotFound
from loopai_nb.postgres.sqlstates import meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from loopai_nb.errors import DatabaseError
    from loopai_nb.postgres.sqltext import Composed

__all__ = ["Diagnosis", "diagnose", "driver_errors", "failure", "name_at"]

EXCERPT_CHARS = 60
"""Characters of the line shown on each side of an error's position."""

_CANCELED = "57014"
_CONNECTION_LOST = "08006"
_ROLLED_BACK = "40"  # of which the server only hints at its log

_DOTTED_NAME = re.compile(r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)(?:\s*\.\s*(?:"(?:[^"]|"")+"|[^\W\d][\w$]*))*')

_ADBC_FIELDS = {
    "PG_DIAG_MESSAGE_PRIMARY": "message",
    "PG_DIAG_MESSAGE_DETAIL": "detail",
    "PG_DIAG_MESSAGE_HINT": "hint",
    "PG_DIAG_STATEMENT_POSITION": "position",
    "PG_DIAG_COLUMN_NAME": "column",
    "PG_DIAG_CONSTRAINT_NAME": "constraint",
}

_PSYCOPG2_FIELDS = {
    "message_primary": "message",
    "message_detail": "detail",
    "message_hint": "hint",
    "statement_position": "position",
    "column_name": "column",
    "constraint_name": "constraint",
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the server said, the same for both drivers; "" and None where it did not say.

    Attributes:
        sqlstate: Five characters; None where the trouble is the connection's or the driver's own.
        message: The server's sentence.
        detail: Such as ``Key (id)=(1) already exists.``
        hint: The server's.
        position: 1-based character in the SQL that was sent.
        column: Name, for a constraint on one.
        constraint: Name.
    """

    sqlstate: str | None
    message: str = ""
    detail: str = ""
    hint: str = ""
    position: int | None = None
    column: str = ""
    constraint: str = ""


def diagnose(exc: BaseException) -> Diagnosis:
    """Read what the server said out of an error of psycopg2, SQLAlchemy or ADBC."""
    original: Any = getattr(exc, "orig", None) or exc
    fields: dict[str, str] = {}
    if (diag := getattr(original, "diag", None)) is not None:
        sqlstate = original.pgcode  # beside ``diag``, on psycopg2.Error
        found = {ours: getattr(diag, theirs) for theirs, ours in _PSYCOPG2_FIELDS.items()}
        fields = {name: value for name, value in found.items() if value}
    else:
        sqlstate = getattr(original, "sqlstate", None)
        for key, value in getattr(original, "details", None) or ():
            name = key.decode() if isinstance(key, bytes) else key
            if name in _ADBC_FIELDS:
                fields[_ADBC_FIELDS[name]] = bytes(value).decode("utf-8", "replace")
    position = fields.pop("position", None)
    if "message" not in fields:
        fields["message"] = _first_line(str(original))
    return Diagnosis(sqlstate or None, position=int(position) if position else None, **fields)


def failure(
    exc: BaseException,
    *,
    where: str,
    sql: Composed | None = None,
    timeout_s: float | None = None,
    missing: Callable[[str], TableNotFound] | None = None,
) -> DatabaseError:
    """Return our error for a driver's error; the caller raises it ``from exc``.

    Args:
        exc: Of psycopg2, SQLAlchemy or ADBC, raised by a statement (not by connecting).
        where: ``host:port``, to say which server.
        sql: The statement, for the position and the excerpt.
        timeout_s: The statement timeout that this connection has set, in seconds.
        missing: Makes the error for the name of a table that does not exist; it may ask the database.
    """
    said = diagnose(exc)
    code = said.sqlstate
    means = meaning(code)
    if code is None or means.gone:
        return DatabaseUnavailable(
            f"Postgres at {where} did not finish: {said.message}.",
            means.todo,
            sqlstate=code or _CONNECTION_LOST,
        )
    place = _excerpt(sql, said.position)
    detail = f" ({said.detail.rstrip('.')})" if said.detail and not place else ""
    message = f"{said.message[:1].upper()}{said.message[1:]}{place}{detail}."
    hint = _hint(said, means.todo, timeout_s=timeout_s)
    if means.error is TableNotFound and missing is not None and (name := name_at(sql, said.position)):
        return missing(name)
    if means.error is QueryFailed:
        position = sql.position(said.position) if sql is not None and said.position else None
        return QueryFailed(message, hint, sqlstate=code, position=position)
    return means.error(message, hint, sqlstate=code)


@contextlib.contextmanager
def driver_errors(
    *,
    where: str,
    sql: Composed | None = None,
    timeout_s: float | None = None,
    missing: Callable[[str], TableNotFound] | None = None,
) -> Iterator[None]:
    """Turn what the drivers raise inside the block into a :class:`DatabaseError`; see :func:`failure`.

    Raises:
        DatabaseError: One of its branches, from the driver's error.
    """
    import adbc_driver_manager
    import psycopg2
    import sqlalchemy.exc

    try:
        yield
    except (psycopg2.Error, adbc_driver_manager.Error, sqlalchemy.exc.DBAPIError) as exc:
        raise failure(exc, where=where, sql=sql, timeout_s=timeout_s, missing=missing) from exc


def _hint(said: Diagnosis, todo: str, *, timeout_s: float | None) -> str:
    if said.sqlstate == _CANCELED and timeout_s is not None:
        return f"It may take {timeout_s:g} s here: ask for fewer rows, or allow more time."
    if not said.hint or (said.sqlstate or "").startswith(_ROLLED_BACK):
        return todo
    return f"{said.hint.rstrip('.')}."


def _excerpt(sql: Composed | None, position: int | None) -> str:
    """Return `` (line 2, character 9): select >>> frm reviews`` or ""."""
    if sql is None or position is None:
        return ""
    written = sql.position(position)
    if written is None:
        return ""
    before, after = sql.source[: written - 1], sql.source[written - 1 :]
    line_start = before.rfind("\n") + 1
    left, right = before[line_start:].lstrip(), after.partition("\n")[0].rstrip()
    left = f"...{left[-EXCERPT_CHARS:]}" if len(left) > EXCERPT_CHARS else left
    right = f"{right[:EXCERPT_CHARS]}..." if len(right) > EXCERPT_CHARS else right
    line, character = before.count("\n") + 1, written - line_start
    return f" (line {line}, character {character}): {left}>>> {right}"


def name_at(sql: Composed | None, position: int | None) -> str:
    """Return the dotted name that stands there in the SQL; the server's sentence may be translated."""
    found = _DOTTED_NAME.match(sql.text, position - 1) if sql is not None and position else None
    return found.group() if found else ""


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason given").rstrip(".")
