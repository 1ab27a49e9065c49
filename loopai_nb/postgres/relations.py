"""One table of a database: its columns and keys by its name, and the names near a wrong one."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.errors import TableNotFound
from loopai_nb.postgres.lineage import LINEAGE_TABLE
from loopai_nb.postgres.naming import parse_name, shown_name, spellings

if TYPE_CHECKING:
    from typing import Any

    from loopai_nb.postgres.engine import Database

__all__ = [
    "LEDGER_SCHEMA",
    "Column",
    "Relation",
    "column_names",
    "find",
    "missing_table",
    "relation",
    "schema_names",
    "table_names",
]

LEDGER_SCHEMA = "loopai_nb"
"""Where a ledger has its tables, should it live in the same database."""

NEAR_NAMES = 5

MOST_NAMES = 20_000
"""Tables that are offered or compared with a wrong name, in a database that has more."""

QUALIFIED_BY_DATABASE = 3
"""Parts of ``database.schema.table``."""

_FIND = """
SELECT c.oid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND c.relname = ANY(CAST(:names AS text[]))
  AND n.nspname = ANY(coalesce(CAST(:schemas AS text[]), current_schemas(true)::text[]))
ORDER BY array_position(CAST(:names AS text[]), c.relname::text),
         array_position(coalesce(CAST(:schemas AS text[]), current_schemas(true)::text[]), n.nspname::text)
LIMIT 1
"""

_COLUMNS = """
SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type,
       format_type(a.atttypid, -1) AS base_type, NOT a.attnotnull AS nullable,
       pg_get_expr(d.adbin, d.adrelid) AS "default", col_description(a.attrelid, a.attnum) AS comment,
       (SELECT array_position(k.conkey, a.attnum) FROM pg_constraint AS k
        WHERE k.conrelid = a.attrelid AND k.contype = 'p') AS key_position,
       EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = a.attrelid AND k.contype = 'u'
               AND k.conkey = ARRAY[a.attnum]) AS is_unique,
       (SELECT min(format('%s (%I)', k.confrelid::regclass,
                          (SELECT f.attname FROM pg_attribute AS f WHERE f.attrelid = k.confrelid
                           AND f.attnum = k.confkey[array_position(k.conkey, a.attnum)])))
        FROM pg_constraint AS k
        WHERE k.conrelid = a.attrelid AND k.contype = 'f' AND a.attnum = ANY(k.conkey)) AS refers_to,
       CASE a.attidentity WHEN 'a' THEN 'identity always' WHEN 'd' THEN 'identity by default'
            ELSE CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' ELSE '' END
       END AS generated
FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = CAST(:oid AS oid) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
"""

# No sizes: to know them the server looks at every file, and waits for whoever changes a table.
_NAMES = f"""
SELECT n.nspname::text AS schema, c.relname::text AS name, pg_table_is_visible(c.oid) AS visible
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname <> 'information_schema'
  AND (n.nspname !~ '^pg_' OR n.oid = pg_my_temp_schema())
ORDER BY c.relispartition, 1, 2
LIMIT {MOST_NAMES}
"""  # noqa: S608  (a number of ours)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: As stored, unquoted.
        type: As SQL writes it, with its modifier: ``numeric(12,2)``.
        base_type: Without the modifier, safe to cast to: ``numeric``, ``bpchar``.
        nullable: Whether it takes NULL.
        default: SQL expression, of a generated column that which makes it; None without one.
        comment: None without one.
        key: ``"primary key"``, ``"unique"``, ``"references customers (id)"``, joined by commas; "" for none.
        key_position: 1-based place in the primary key; None outside of it.
        generated: ``"identity always"``, ``"identity by default"``, ``"stored"`` or ``"virtual"`` (from the
            expression in ``default``); "" for a column that is written as any other.
    """

    name: str
    type: str
    base_type: str
    nullable: bool
    default: str | None
    comment: str | None
    key: str
    key_position: int | None
    generated: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, view or foreign table that exists.

    Attributes:
        schema: As stored, unquoted.
        name: As stored, unquoted.
        kind: ``relkind`` of ``pg_class``: r table, p partitioned, v view, m materialized view, f foreign.
        columns: In the table's order.
        oid: Of ``pg_class``; 0 where it is not known.
    """

    schema: str
    name: str
    kind: str
    columns: tuple[Column, ...]
    oid: int = 0

    @property
    def shown(self) -> str:
        """``schema.name``, each part quoted where SQL needs it."""
        return shown_name(self.schema, self.name)

    @property
    def primary_key(self) -> tuple[str, ...]:
        """Its columns in the key's order; empty without a key."""
        keyed = [(column.key_position, column.name) for column in self.columns if column.key_position]
        return tuple(name for _, name in sorted(keyed))


def relation(db: Database, name: str) -> Relation:
    """Return the table of that name.

    Args:
        db: Where to look.
        name: ``t``, ``schema.t`` or ``"Mixed Case"``; found as Postgres folds it, else exactly as typed.

    Raises:
        TableNotFound: With near names, those of other schemas too.
        InputError: Not a name at all.
    """
    found = find(db, name)
    if found is not None:
        return found
    raise missing_table(db, name)


def find(db: Database, name: str) -> Relation | None:
    """Return the table of that name, or None; see :func:`relation`."""
    parts = spellings(name)
    if len(parts) == QUALIFIED_BY_DATABASE and db.database in parts[0]:
        parts = parts[1:]
    if len(parts) >= QUALIFIED_BY_DATABASE:
        return None
    schemas = parts[0] if len(parts) > 1 else None
    rows = db.execute(_FIND, {"names": parts[-1], "schemas": schemas})
    if not rows:
        return None
    columns = tuple(_column(row) for row in db.execute(_COLUMNS, {"oid": rows[0]["oid"]}))
    return Relation(rows[0]["schema"], rows[0]["name"], rows[0]["kind"], columns, rows[0]["oid"])


def missing_table(db: Database, name: str) -> TableNotFound:
    """Return the error for a table that does not exist; its hint names near ones of every schema.

    Those that loopai_nb made itself are meant by nobody who does not say so.
    """
    names = [(row["schema"], row["name"]) for row in db.execute(_NAMES)]
    if "loopai" not in name.lower():
        names = [each for each in names if each[0] != LEDGER_SCHEMA and each[1] != LINEAGE_TABLE]
    hint = _near(names, parse_name(name)[-1])
    return TableNotFound(f'No table "{name.strip()}" in {db.database}.', hint, sqlstate="42P01")


def schema_names(db: Database) -> list[str]:
    """Return the schemas that have tables, as SQL writes them."""
    return sorted({shown_name(row["schema"]) for row in db.execute(_NAMES)})


def table_names(db: Database) -> list[str]:
    """Return every table as a person types it: bare where the search path finds it, else with its schema.

    The partitions of partitioned tables come behind all others.
    """
    return [
        shown_name(row["name"]) if row["visible"] else shown_name(row["schema"], row["name"])
        for row in db.execute(_NAMES)
    ]


def column_names(db: Database, table: str) -> list[str]:
    """Return a table's columns; empty where there is no such table, as while its name is being typed."""
    found = find(db, table)
    return [column.name for column in found.columns] if found else []


def _column(row: dict[str, Any]) -> Column:
    words = ["primary key"] if row["key_position"] else []
    words += ["unique"] if row["is_unique"] else []
    words += [f"references {row['refers_to']}"] if row["refers_to"] else []
    return Column(
        row["name"],
        row["type"],
        row["base_type"],
        row["nullable"],
        row["default"],
        row["comment"],
        ", ".join(words),
        row["key_position"],
        row["generated"],
    )


def _near(names: list[tuple[str, str]], wanted: str) -> str:
    if not names:
        return "There are no tables; is it the right database?"
    close = difflib.get_close_matches(wanted.lower(), {name.lower() for _, name in names}, n=NEAR_NAMES)
    near = [shown_name(schema, name) for match in close for schema, name in names if name.lower() == match][
        :NEAR_NAMES
    ]
    if near:
        return f"Near: {', '.join(near)}."
    some = ", ".join(shown_name(schema, name) for schema, name in names[:NEAR_NAMES])
    return f"There {'is' if len(names) == 1 else 'are'}: {some}{', ...' if len(names) > NEAR_NAMES else ''}."
