"""Values as SQL literals, written by psycopg2: ADBC's ``$n`` parameters leave COPY and buffer every row."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from loopai_nb.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

__all__ = ["literals"]


def literals(connection: Connection, params: Mapping[str, object]) -> dict[str, str]:
    """Return each value as the SQL literal that psycopg2 writes for this connection.

    Raises:
        InputError: A value of a type that SQL does not have.
    """
    import psycopg2

    written: dict[str, str] = {}
    cursor = connection.connection.cursor()
    try:
        for name, value in params.items():
            try:
                written[name] = cursor.mogrify("%s", (_plain(value),)).decode()
            except (psycopg2.ProgrammingError, ValueError) as exc:
                raise InputError(
                    f"The parameter {name!r} is a {type(value).__name__} that SQL cannot hold.",
                    "Pass text, a number, a date, a list of these, or None.",
                ) from exc
    finally:
        cursor.close()
    return written


def _plain(value: object) -> object:
    """Return a value that psycopg2 knows: NaT and NA are NULL, a Series or an array is a list."""
    if type(value).__name__ in ("NAType", "NaTType"):  # pandas is not imported to look for them
        return None
    if isinstance(value, dict):
        import psycopg2.extras

        return psycopg2.extras.Json(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, (list, tuple)):
        return type(value)(_plain(item) for item in value)
    unwrapped = getattr(value, {0: "item", 1: "tolist"}.get(getattr(value, "ndim", -1), ""), None)
    return _plain(unwrapped()) if callable(unwrapped) else value
