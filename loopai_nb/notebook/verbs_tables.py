"""Verbs about what is in the database: tables, describe, pull, push."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.notebook.shown import FrameView, Grid, Sentences, Shown
from loopai_nb.notebook.wording import (
    TIMES,
    about,
    duration,
    joined,
    plural,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.notebook.workbench import Call

__all__ = ["describe", "pull", "push", "tables"]

_PREVIEW = 5


def tables(call: Call) -> Shown:
    """The tables of the database."""
    found = call.session.tables(call.args.pattern)
    if len(found) == 0:
        return Sentences(
            f"No table like {call.args.pattern!r}." if call.args.pattern else "There are no tables."
        )
    header = ["schema", "table", "kind", "comment"]
    texts = [[_text(row[name]) for name in header] for row in found.to_dict("records")]
    if call.bench.static:
        return Grid(header, texts)
    # Left out where outputs have to stay the same: they depend on when Postgres last looked.
    sizes = [
        [_text(rows, about), _text(size, _bytes)]
        for rows, size in zip(found["rows_estimate"], found["size_bytes"], strict=True)
    ]
    lines = [[*line[:3], *size, line[3]] for line, size in zip(texts, sizes, strict=True)]
    return Grid(["schema", "table", "kind", "rows (about)", "size", "comment"], lines, right=(3, 4))


def _bytes(size: int) -> str:
    return f"{size / 1e3:,.0f} kB" if size < 1e6 else f"{size / 1e6:,.1f} MB"  # noqa: PLR2004  (a megabyte)


def _text(value: Any, write: Callable[[int], str] = str) -> str:
    """A value of the catalog; what is missing is left blank."""
    import pandas as pd

    return "" if pd.isna(value) else write(value)


def describe(call: Call) -> Shown:
    """The columns of a table."""
    found = call.session.describe(call.args.table)
    rows = [
        [row["column"], row["type"], "" if row["nullable"] else "not null"]
        + [_text(row[name]) for name in ("key", "default", "comment")]
        for row in found.to_dict("records")
    ]
    return Grid(["column", "type", "", "key", "default", "comment"], rows)


def pull(call: Call) -> Any:
    """Rows into a DataFrame."""
    args = call.args
    sql = (call.cell or "").strip()
    if bool(sql) == bool(args.table):
        problem = "There is a table on the line and SQL in the cell." if sql else "There is nothing to pull."
        raise InputError(
            problem, "Name a table (%loopai pull TABLE), or write SQL in the cell (%%loopai pull)."
        )
    started_s = time.perf_counter()
    frame = call.session.pull(
        sql or args.table,
        where=args.where,
        params=dict(args.params),
        limit=args.limit,
        columns=args.columns,
    )
    took = "" if call.bench.static else f" in {duration(time.perf_counter() - started_s)}"
    if args.output is None:
        return frame
    call.bench.bind(args.output, frame)
    size = f"{plural(len(frame), 'row')} {TIMES} {plural(len(frame.columns), 'column')}"
    return FrameView(frame, f"{size}{took} → {args.output}", most=_PREVIEW)


def push(call: Call) -> None:
    """Answers back into Postgres."""
    args = call.args
    frame = call.frame(args.frame)
    summary = call.session.push(frame, args.table, key=args.key, mode=args.mode, columns=args.columns)
    call.bench.show(
        Sentences(
            joined(
                [
                    str(replace(summary, run_id=None) if call.bench.static else summary),
                    "lineage in loopai_lineage" if summary.run_id else "",
                    "one transaction",
                ]
            )
        )
    )
