"""What Tab offers of a database: tables and columns on a line, in a condition, and in the SQL of a cell."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from loopai_nb.notebook.sql_cursor import look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from loopai_nb.notebook.workbench import Workbench
    from loopai_nb.postgres.engine import Database

    Offers = list[tuple[str, str]]

__all__ = ["columns_on_line", "in_condition", "in_sql", "schemas", "tables_on_line"]

_CONNECTION = "--connection"
_HIDES_A_DOT = re.compile(r'"[^"]*\.[^"]*"|""|\'')


def tables_on_line(bench: Workbench, words: Sequence[str]) -> Offers:
    """Every table as one word of a magic line."""
    names = _tables(bench, words)
    known = set(names)
    return [(_kept(name, known), "instance") for name in names]


def schemas(bench: Workbench, words: Sequence[str]) -> Offers:
    """The schemas that have tables."""
    from loopai_nb.postgres import catalog

    return [(name, "module") for name in _names(bench, words, {"schemas": catalog.schema_names})["schemas"]]


def columns_on_line(bench: Workbench, words: Sequence[str]) -> Offers:
    """Columns of the table that the words name, each as one word of the line, or as a part of one."""
    table = _table_of(words)
    found = [] if table is None else _columns(bench, words, [table])
    return [(f'"{name}"' if " " in name else name, "property") for name in found]


def in_condition(bench: Workbench, words: Sequence[str], typing: str) -> tuple[Offers, str]:
    """Columns inside of ``--where``.

    Args:
        bench: Whose database.
        words: Of the line, before the condition.
        typing: The condition as far as it is typed, with the quote that it begins with.

    Returns:
        What may stand there, and the end of the line in whose place it is put.
    """
    from loopai_nb.postgres.naming import shown_name

    quote = typing[:1] if typing[:1] in {'"', "'"} else ""
    condition = typing[len(quote) :]
    # Inside of double quotes SQL's own ones are written \".
    spot = look(condition.replace('\\"', '"') if quote == '"' else condition, clause="where")
    table = _table_of(words)
    if spot.kind != "columns" or table is None or "." in spot.typed:
        return [], ""
    names = [shown_name(name) for name in _columns(bench, words, [table])]
    if quote == '"':
        names = [name.replace('"', '\\"') for name in names]
    elif not quote:
        names = [shlex.quote(name) if '"' in name else name for name in names]
    start = spot.typed.replace('"', '\\"') if quote == '"' else spot.typed
    return [(name, "property") for name in names], start if condition.endswith(start) else ""


def in_sql(bench: Workbench, words: Sequence[str], before: str, after: str) -> tuple[Offers, str]:
    """Tables and columns inside of a SELECT.

    Args:
        bench: Whose database.
        words: Of the line above the cell.
        before: The cell up to the cursor.
        after: The rest of it.

    Returns:
        What may stand there, and the end of the line in whose place it is put.
    """
    from loopai_nb.postgres.naming import shown_name

    spot = look(before, after)
    if "\n" in spot.typed or not spot.kind:
        return [], ""
    if spot.kind == "tables":
        return [(name, "instance") for name in _tables(bench, words)], spot.typed
    qualifier = spot.typed.rpartition(".")[0]
    within = f"{qualifier}." if qualifier else ""
    found = [(within + shown_name(name), "property") for name in _columns(bench, words, spot.tables)]
    return found + [(f"{name}.", "instance") for name in spot.names], spot.typed


def _tables(bench: Workbench, words: Sequence[str]) -> list[str]:
    from loopai_nb.postgres import catalog

    return _names(bench, words, {"tables": catalog.table_names})["tables"]


def _columns(bench: Workbench, words: Sequence[str], tables: Iterable[str]) -> list[str]:
    """Columns of several tables, each name once."""
    wanted = {f"columns of {table}": _columns_of(table) for table in tables}
    found = _names(bench, words, wanted).values()
    return list(dict.fromkeys(name for names in found for name in names))


def _columns_of(table: str) -> Callable[[Database], list[str]]:
    from loopai_nb.postgres import catalog

    return lambda database: catalog.column_names(database, table)


def _names(
    bench: Workbench, words: Sequence[str], wanted: dict[str, Callable[[Database], list[str]]]
) -> dict[str, list[str]]:
    session = bench.opened
    if session is None:
        return {what: [] for what in wanted}
    connection = _connection_of(words)
    # Which database it is may have to be read from a file: that, too, is done in the thread.
    fetch = {what: (lambda get=get: get(session.database_of(connection))) for what, get in wanted.items()}
    return bench.catalog.names(f"database {session.tables_version} {connection or ''}", fetch)


def _connection_of(words: Sequence[str]) -> str | None:
    """The name behind ``--connection``; None where the current one is meant."""
    for at, word in enumerate(words):
        if word == _CONNECTION and at + 1 < len(words):
            return words[at + 1].strip("\"'")
        if word.startswith(f"{_CONNECTION}="):
            return word.partition("=")[2].strip("\"'")
    return None


def _table_of(words: Sequence[str]) -> str | None:
    """The table of ``pull`` and ``describe``: the first word that is no option and no option's value."""
    after_option = False
    for word in words:
        if word.startswith("-"):
            after_option = "=" not in word
        elif after_option:
            after_option = False
        else:
            # A shell's way to keep SQL's quotes: '"a.b"'.
            return word[1:-1] if word[:1] == "'" else word
    return None


def _kept(name: str, known: set[str]) -> str:
    """A table's name as it stands on a line, which takes quotes off: most names are found without them."""
    folded = name.replace('"', "").lower()
    return shlex.quote(name) if _HIDES_A_DOT.search(name) or ('"' in name and folded in known) else name
