"""What the database itself can add to a refusal: near columns, and the GRANT that is missing.

It is asked after the statement failed, in transactions of their own. The server's sentence may be translated,
so names are taken from the statement and looked up, and never read out of the sentence.
"""

from __future__ import annotations

import contextlib
import difflib
import re
from typing import TYPE_CHECKING

from loopai_nb.errors import DatabaseDenied, DatabaseError, QueryFailed, TableNotFound

if TYPE_CHECKING:
    from loopai_nb.postgres.engine import Database

__all__ = ["add_clue", "add_grants"]

_NAME = re.compile(r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)(?:\s*\.\s*(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)){0,2}')
_NOT_SQL = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)

MOST_NAMES = 64
"""Of a statement, looked up."""

_VERBS = {"insert": "INSERT", "update": "UPDATE", "delete": "DELETE", "truncate": "TRUNCATE"}

# to_regclass raises where the schema may not be used, so schemas are looked up by themselves.
_SCHEMAS = """
SELECT quote_ident(n.nspname) AS name, quote_ident(current_user) AS "user"
FROM pg_namespace AS n
WHERE n.nspname = ANY (:schemas) AND NOT has_schema_privilege(n.oid, 'USAGE')
ORDER BY 1
"""

_RELATIONS = """
SELECT format('%I.%I', n.nspname, c.relname) AS name, quote_ident(current_user) AS "user",
       CASE WHEN c.relkind = 'S' THEN 'USAGE' ELSE p.privilege END AS privilege,
       CASE WHEN c.relkind = 'S' THEN 'SEQUENCE ' ELSE '' END AS kind
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN unnest(:privileges) AS p (privilege)
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  AND (c.relname = ANY (:bare) AND pg_table_is_visible(c.oid)
       OR n.nspname || '.' || c.relname = ANY (:dotted))
  AND NOT CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, 'USAGE')
               ELSE has_table_privilege(c.oid, p.privilege) END
ORDER BY 1, 3 DESC
"""

_COLUMNS = """
SELECT DISTINCT quote_ident(a.attname) AS name
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE a.attnum > 0 AND NOT a.attisdropped
  AND (c.relname = ANY (:bare) AND pg_table_is_visible(c.oid)
       OR n.nspname || '.' || c.relname = ANY (:dotted))
ORDER BY 1
"""


def add_clue(db: Database, error: DatabaseError, sql: str, at: str) -> None:
    """Put what the database knows into the error's hint; what it can't be asked leaves the hint as it is.

    Args:
        db: Whose statement failed.
        error: Its error.
        sql: The statement.
        at: The name that stands at the error's position, or "".
    """
    try:
        if isinstance(error, DatabaseDenied) and error.sqlstate == "42501":
            error.hint = _grants(db, sql) or error.hint
        elif isinstance(error, QueryFailed) and error.sqlstate == "42703" and at:
            error.hint = _near_columns(db, sql, at) or error.hint
        elif isinstance(error, TableNotFound) and at:
            from loopai_nb.postgres.catalog import missing_table

            error.hint = missing_table(db, at).hint or error.hint
    except DatabaseError:
        return


def add_grants(db: Database, error: DatabaseError, tables: str, privileges: list[str]) -> None:
    """Put into a refusal's hint which of these privileges on these tables are missing; see ``add_clue``."""
    if error.sqlstate == "42501":
        with contextlib.suppress(DatabaseError):
            error.hint = _missing_grants(db, tables, privileges) or error.hint


def _grants(db: Database, sql: str) -> str:
    """The GRANT that the owner would run, found by looking at what the statement names."""
    verb = re.match(r"\s*(\w+)", sql)
    privileges = ["SELECT"]
    if verb is not None and (written := _VERBS.get(verb.group(1).lower())):
        privileges = [written, "SELECT"] if written != "INSERT" else ["INSERT"]
    return _missing_grants(db, sql, privileges)


def _missing_grants(db: Database, sql: str, privileges: list[str]) -> str:
    parts = _names(sql)
    schemas = [each[-2] for each in parts if len(each) > 1]
    found = db.look_up(_SCHEMAS, {"schemas": schemas}) if schemas else []
    wanted = [f"GRANT USAGE ON SCHEMA {row['name']} TO {row['user']}" for row in found]
    rows = db.look_up(_RELATIONS, {**_wanted(parts), "privileges": privileges})
    by_table: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        names = by_table.setdefault((row["kind"], row["name"], row["user"]), [])
        names += [row["privilege"]] if row["privilege"] not in names else []
    for (kind, table, user), names in by_table.items():
        wanted.append(f"GRANT {', '.join(names)} ON {kind}{table} TO {user}")
    return f"Its owner can allow it: {'; '.join(wanted)}" if wanted else ""


def _near_columns(db: Database, sql: str, at: str) -> str:
    columns = [row["name"] for row in db.look_up(_COLUMNS, _wanted(_names(sql)))]
    wanted = _parts(at)[-1]
    near = difflib.get_close_matches(wanted, columns, n=3, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"There is: {', '.join(columns[:20])}." if columns else ""


def _names(sql: str) -> list[list[str]]:
    """The names in the statement, each as its parts; words of SQL are among them and name no table."""
    bare = _NOT_SQL.sub(" ", sql)
    return [_parts(found.group()) for found in _NAME.finditer(bare)][: MOST_NAMES * 4]


def _parts(name: str) -> list[str]:
    found = re.findall(r'"(?:[^"]|"")+"|[^\W\d][\w$]*', name)
    return [each[1:-1].replace('""', '"') if each.startswith('"') else each.lower() for each in found]


def _wanted(parts: list[list[str]]) -> dict[str, object]:
    bare = sorted({each[0] for each in parts if len(each) == 1})[:MOST_NAMES]
    dotted = sorted({".".join(each[-2:]) for each in parts if len(each) > 1})[:MOST_NAMES]
    return {"bare": bare or [""], "dotted": dotted or [""]}
