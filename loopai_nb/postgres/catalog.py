"""What is in a database: its tables, what each is made of, and the names near a wrong one."""

from __future__ import annotations

from loopai_nb.postgres.describing import describe
from loopai_nb.postgres.listing import tables
from loopai_nb.postgres.naming import parse_name, shown_name
from loopai_nb.postgres.relations import (
    Column,
    Relation,
    column_names,
    find,
    missing_table,
    relation,
    schema_names,
    table_names,
)

__all__ = [
    "Column",
    "Relation",
    "column_names",
    "describe",
    "find",
    "missing_table",
    "parse_name",
    "relation",
    "schema_names",
    "shown_name",
    "table_names",
    "tables",
]
