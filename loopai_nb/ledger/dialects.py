"""The few things that SQLAlchemy Core spells differently for SQLite and for Postgres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

__all__ = ["insert_into"]


def insert_into(connection: Connection, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT, for a connection's kind of database."""
    if connection.dialect.name != "postgresql":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # 30 ms that a ledger in a file does not pay

    return postgresql.insert(table)
