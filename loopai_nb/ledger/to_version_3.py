"""From version 2 of the tables to version 3: plans know their index and their pull, and there are watermarks.

Nothing that was there changes, so that an older process which has the ledger open goes on with it. The tables
are written out here as version 3 had them, since ``schema`` moves on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["to_version_3"]

_STEPS = (
    "ALTER TABLE plans ADD COLUMN index_names TEXT",
    "ALTER TABLE plans ADD COLUMN pull_no BIGINT",
    """
    CREATE TABLE watermarks (
        pull_no {number}, mark_key {digest} NOT NULL, place TEXT NOT NULL, source TEXT NOT NULL,
        condition TEXT, column_name TEXT NOT NULL, type TEXT NOT NULL, value TEXT NOT NULL, keys_at TEXT,
        pulled_ms BIGINT NOT NULL, moved_ms BIGINT, moved_by TEXT{key}
    )
    """,
    "CREATE INDEX watermarks_by_key ON watermarks (mark_key, pull_no)",
)

_SQLITE = {"number": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "digest": "BLOB", "key": ""}
_POSTGRES = {"number": "BIGSERIAL NOT NULL", "digest": "BYTEA", "key": ", PRIMARY KEY (pull_no)"}
_COMMENT = (
    "COMMENT ON TABLE watermarks IS 'How far pulls of only what is new came. "
    "Not moved: waits for a run over its rows to complete.'"
)


def to_version_3(connection: Connection) -> None:
    """Add the columns and the table."""
    on_sqlite = connection.dialect.name == "sqlite"
    for step in _STEPS:
        connection.exec_driver_sql(step.format(**(_SQLITE if on_sqlite else _POSTGRES)))
    if not on_sqlite:
        connection.exec_driver_sql(_COMMENT)
