"""What the tables of a ledger are, so that one that was brought up to date can be compared with a new one."""

import contextlib
import sqlite3
from pathlib import Path

import psycopg2

COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
WHERE table_schema = 'loopai_nb' ORDER BY 1, 2
"""
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'loopai_nb' ORDER BY 1"
COMMENTS = """
SELECT relname, obj_description(oid) FROM pg_class
WHERE relnamespace = 'loopai_nb'::regnamespace AND relkind = 'r' ORDER BY 1
"""


def tables_of(where):
    """Columns, keys, indexes and comments of a ledger at a path or a secret URL; columns by name."""
    if isinstance(where, Path):
        with contextlib.closing(sqlite3.connect(where)) as connection:
            return _of_file(connection)
    with contextlib.closing(psycopg2.connect(where.reveal())) as connection, connection.cursor() as cursor:
        found = []
        for query in (COLUMNS, INDEXES, COMMENTS):
            cursor.execute(query)
            found += cursor.fetchall()
        return found


def _of_file(connection):
    made = {}
    for kind, name, sql in connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    ).fetchall():
        said = "".join(sql.split())
        if kind == "table" and "VIRTUAL" not in sql:
            # A column that was added stands behind the constraints.
            columns = sorted(row[1:] for row in connection.execute(f"PRAGMA table_xinfo({name})"))
            keys = sorted(row[2:] for row in connection.execute(f"PRAGMA index_list({name})"))
            said = (columns, keys, "AUTOINCREMENT" in said, said.endswith("WITHOUTROWID"))
        made[name] = said
    return made
