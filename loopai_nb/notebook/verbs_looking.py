"""Verbs that look at what is in the database: tables, describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.notebook.shown import MUTED, Grid, Sentences, Shown, Stack, one_line, safe
from loopai_nb.notebook.wording import about, joined, plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from loopai_nb.notebook.workbench import Call

__all__ = ["describe", "described", "listed", "tables"]

_MOST_INDEXES = 12
_MOST_LABELS = 30
_EXAMPLES_CHARS = 32
_KILO = 1e3
_UNITS = ("kB", "MB", "GB", "TB")


class _Facts(Shown):
    """What is said of a table below its columns: a label and a text a line."""

    def __init__(self, lines: Sequence[tuple[str, str]]) -> None:
        self.lines = lines

    def text(self) -> str:
        """A line each."""
        return "\n".join(f"{one_line(label)}: {one_line(text)}" for label, text in self.lines)

    def html(self) -> str:
        """A line each, the label quieter than the text."""
        lines = (
            f'<div><span style="{MUTED}">{safe(label)}:</span> {safe(text)}</div>'
            for label, text in self.lines
        )
        return f'<div class="loopai" style="margin:.3em .7em">{"".join(lines)}</div>'


def tables(call: Call) -> Shown:
    """The tables of the database."""
    args = call.args
    found = call.session.tables(
        args.pattern,
        schema=args.schema,
        partitions=args.all,
        order=args.sort or "name",
        connection=args.connection,
    )
    if len(found) == 0:
        within = f" in the schema {args.schema}" if args.schema else ""
        return Sentences(
            f"No table like {args.pattern!r}{within}." if args.pattern else f"There are no tables{within}."
        )
    return listed(found, static=call.bench.static, folded=not args.all)


def listed(found: pd.DataFrame, *, static: bool, folded: bool) -> Grid:
    """The table of tables.

    Args:
        found: See ``Session.tables``; at least one.
        static: Leave out what depends on when Postgres last looked.
        folded: Say how to see the partitions of those that have some.
    """
    records = [_known(each) for each in found.to_dict("records")]
    depth = _depths(records)
    lines: list[list[str]] = []
    for each, deep in zip(records, depth, strict=True):
        name = f"└{'─' * (deep - 1)} {each['table']}" if deep else each["table"]
        kind = each["kind"]
        if each["partitions"] is not None:
            kind += f", {plural(each['partitions'], 'partition')}"
        sizes = [] if static else [_rows(each), _bytes(each["size_bytes"])]
        access = "" if each["readable"] else "no SELECT"
        lines.append([each["schema"], name, kind, *sizes, access, each["comment"] or ""])
    header = ["schema", "table", "kind", *([] if static else ["rows (about)", "size"]), "access", "comment"]
    notes = []
    if not static and any(line[3].endswith("?") for line in lines):
        notes.append("?: never analyzed, a guess.")
    if folded and any(each["partitions"] for each in records):
        notes.append("Partitions are summed up; --all shows them.")
    header, lines = _without_empty(header, lines, {"access", "comment"})
    return Grid(header, lines, right=() if static else (3, 4), note=" ".join(notes))


def describe(call: Call) -> Shown:
    """What a table is made of."""
    static = call.bench.static
    # A value that somebody wrote since would be another one: there is nothing to compare.
    examples = not (static or call.args.no_examples)
    found = call.session.describe(call.args.table, examples=examples, connection=call.args.connection)
    return described(found, static=static)


def described(found: pd.DataFrame, *, static: bool) -> Shown:
    """A description as a title, a table of the columns, and what is true of several of them.

    Args:
        found: See ``Session.describe``.
        static: Leave out what depends on when Postgres last looked.
    """
    table = found.attrs["loopai"]
    records = [_known(each) for each in found.to_dict("records")]
    header = ["column", "type", "null", "key, default", "distinct", "examples", "comment"]
    lines = [
        [
            each["column"],
            each["type"],
            _nulls(each),
            joined([each["key"], _default(each)]),
            "" if each["distinct"] is None else about(each["distinct"]),
            _some(each["examples"]),
            each["comment"] or "",
        ]
        for each in records
    ]
    header, lines = _without_empty(header, lines, {"key, default", "distinct", "examples", "comment"})
    columns = Grid(header, lines, right=[at for at, name in enumerate(header) if name == "distinct"])
    more = _more(table, static=static)
    title = Sentences(_title(table, static=static), table["comment"] or "")
    return Stack(title, columns, *([_Facts(more)] if more else []))


def _title(table: Mapping[str, Any], *, static: bool) -> str:
    parts = [table["table"], table["kind"]]
    if table["server"]:
        parts.append(f"on the server {table['server']}")
    if table["partition_key"]:
        parts[1] += f" by {table['partition_key']}, {plural(table['partitions'] or 0, 'partition')}"
    if table["partition_of"]:
        parts.append(f"part of {table['partition_of']} {table['partition_bound'] or ''}".strip())
    if not static:
        rows = table["rows_estimate"]
        if rows is not None:
            guess = "" if table["analyzed"] else " (a guess: never analyzed)"
            parts.append(f"about {about(rows)} {'row' if rows == 1 else 'rows'}{guess}")
        parts.append(_bytes(table["size_bytes"]))
    return joined(parts)


def _more(table: Mapping[str, Any], *, static: bool) -> list[tuple[str, str]]:
    """Label and text of each further line."""
    lines = [("key", definition) for definition in table["keys"]]
    indexes = table["indexes"]
    lines += [("index", _index(each)) for each in indexes[:_MOST_INDEXES]]
    if len(indexes) > _MOST_INDEXES:
        lines.append(("index", f"and {len(indexes) - _MOST_INDEXES} more"))
    for name, labels in sorted(table["enums"].items()):
        more = f", and {len(labels) - _MOST_LABELS} more" if len(labels) > _MOST_LABELS else ""
        lines.append((f"enum {name}", f"{', '.join(labels[:_MOST_LABELS])}{more}"))
    if table["values"] and not static:
        lines.append(("values from", table["values"]))
    return lines


def _index(index: Mapping[str, Any]) -> str:
    unique, valid = ("unique" if index["unique"] else ""), ("" if index["valid"] else "not valid")
    return joined([index["name"], unique, index["made"], valid])


def _nulls(column: Mapping[str, Any]) -> str:
    if not column["readable"]:
        return "no SELECT"
    if not column["nullable"]:
        return "not null"
    share = column["null_share"]
    if share is None or share in {0, 1}:
        return "" if share is None else f"{share:.0%}"
    return f"{min(max(share, 0.01), 0.99):.0%}"


def _some(examples: Sequence[str] | None) -> str:
    """As many of the examples as one line of a table has room for, and always one."""
    text = ""
    for example in examples if examples is not None else ():
        if text and len(text) + len(example) > _EXAMPLES_CHARS:
            break
        text += f"{' · ' if text else ''}{example}"
    return text


def _default(column: Mapping[str, Any]) -> str:
    made, default = column["generated"], column["default"] or ""
    if made.startswith("identity"):
        return str(made)
    if default.startswith("nextval("):
        return "serial"
    return f"{made or 'default'}: {default}" if default else ""


def _rows(table: Mapping[str, Any]) -> str:
    if table["rows_estimate"] is None:
        return ""
    return f"{about(table['rows_estimate'])}{'' if table['analyzed'] else ' ?'}"


def _bytes(size: int | None) -> str:
    if size is None:
        return ""
    value, unit = size / _KILO, 0
    while value >= _KILO and unit < len(_UNITS) - 1:
        value, unit = value / _KILO, unit + 1
    return f"{value:,.{1 if unit else 0}f} {_UNITS[unit]}"


def _depths(records: Sequence[Mapping[str, Any]]) -> list[int]:
    """How far below its partitioned table each partition stands in the list."""
    from loopai_nb.postgres.naming import shown_name

    depths: dict[str, int] = {}
    for each in records:
        above = depths.get(each["partition_of"]) if each["partition_of"] is not None else None
        depths[shown_name(each["schema"], each["table"])] = 0 if above is None else above + 1
    return list(depths.values())


def _without_empty(
    header: list[str], lines: list[list[str]], may_go: set[str]
) -> tuple[list[str], list[list[str]]]:
    """The table without those columns that have nothing to say here."""
    kept = [at for at, name in enumerate(header) if name not in may_go or any(line[at] for line in lines)]
    return [header[at] for at in kept], [[line[at] for at in kept] for line in lines]


def _known(record: Mapping[Any, Any]) -> dict[str, Any]:
    """A line of the catalog with None for what is missing."""
    import pandas as pd

    return {
        str(name): None if pd.api.types.is_scalar(value) and pd.isna(value) else value
        for name, value in record.items()
    }
