"""Statements of the executor's path that are built and compiled once, not at each call.

SQLAlchemy needs 100 to 200 microseconds to build a statement and to find its text again, SQLite 2 to carry it
out. On SQLite the text goes to the driver itself; on Postgres, where the way to the server costs more than
either, SQLAlchemy carries out the statement and translates types.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

__all__ = ["Prepared"]

_DIALECT = sqlite.dialect(paramstyle="qmark")


class Prepared:
    """A statement with named parameters (``bindparam``), whose columns need no translation in SQLite.

    Args:
        statement: For every kind of database.
        postgresql: Makes the one for Postgres, where it is spelled differently.
    """

    def __init__(self, statement: Any, *, postgresql: Callable[[], Any] | None = None) -> None:
        self._statement = statement
        self._make_postgresql = postgresql

    def rows(self, connection: Connection, **values: Any) -> Sequence[Any]:
        """What it returns, each row a tuple."""
        if connection.dialect.name != "sqlite":
            found: Sequence[Any] = connection.execute(self._postgresql, values).all()
            return found
        rows: list[Any] = self._execute(connection, values).fetchall()
        return rows

    def run(self, connection: Connection, **values: Any) -> int:
        """Carry it out; how many rows it changed."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._postgresql, values).rowcount
        changed: int = self._execute(connection, values).rowcount
        return changed

    def _execute(self, connection: Connection, values: dict[str, Any]) -> Any:
        sql, order, constants = self._compiled
        driver: Any = connection.connection.driver_connection
        return driver.execute(
            sql, tuple([values[name] if name in values else constants[name] for name in order])
        )

    @cached_property
    def _postgresql(self) -> Any:
        return self._statement if self._make_postgresql is None else self._make_postgresql()

    @cached_property
    def _compiled(self) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        compiled = self._statement.compile(dialect=_DIALECT)
        constants = {
            name: str(value) if isinstance(value, str) else value for name, value in compiled.params.items()
        }
        return str(compiled), tuple(compiled.positiontup), constants
