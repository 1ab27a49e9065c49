"""Verbs that move rows: pull, push."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.notebook.changed_values import changes_said
from loopai_nb.notebook.shown import FrameView, Sentences
from loopai_nb.notebook.wording import (
    TIMES,
    duration,
    joined,
    plural,
)
from loopai_nb.session.since import sentences

if TYPE_CHECKING:
    from typing import Literal

    from loopai_nb.notebook.workbench import Call

__all__ = ["pull", "push"]

_PREVIEW = 5


def pull(call: Call) -> Any:
    """Rows into a DataFrame."""
    args = call.args
    sql = (call.cell or "").strip()
    if bool(sql) == bool(args.table):
        problem = "There is a table on the line and SQL in the cell." if sql else "There is nothing to pull."
        raise InputError(
            problem, "Name a table (%loopai pull TABLE), or write SQL in the cell (%%loopai pull)."
        )
    if args.chunks is not None and args.output is None:
        raise InputError("A stream that nobody names stays open in Out.", "Name it: --as NAME")
    started_s = time.perf_counter()
    with changes_said(call.bench):
        frame = _pulled(call, sql or args.table)
    took = "" if call.bench.static else f" in {duration(time.perf_counter() - started_s)}"
    if args.since is not None:
        rows = None if args.chunks is not None else len(frame)
        call.bench.show(Sentences(*sentences(frame.attrs["loopai"]["since"], rows=rows)))
    if args.output is None:
        return frame
    call.bench.bind(args.output, frame)
    if args.chunks is not None:
        return Sentences(
            f"A stream of frames of {plural(args.chunks, 'row')} → {args.output}. It holds a transaction "
            f"open on the server until it is read, or {args.output}.close()."
        )
    size = f"{plural(len(frame), 'row')} {TIMES} {plural(len(frame.columns), 'column')}"
    # Labels that are the key would only repeat its columns.
    return FrameView(frame, f"{size}{took} → {args.output}", most=_PREVIEW, index=not args.key)


def _pulled(call: Call, source: str) -> Any:
    args = call.args
    return call.session.pull(
        source,
        where=args.where,
        params=dict(args.params),
        limit=args.limit,
        columns=args.columns,
        key=args.key,
        since=args.since,
        overlap=args.overlap,
        start_over=args.all,
        chunks=args.chunks,
        connection=args.connection,
        dtype_backend="numpy_nullable" if args.numpy else "pyarrow",
        decimals="float64" if args.float64 else "exact",
        infinities=args.infinities or "missing",
        json=args.json or "objects",
    )


def push(call: Call) -> None:
    """Answers back into Postgres."""
    args = call.args
    if args.replace and args.mode:
        raise InputError(
            f"--replace and --mode {args.mode} contradict each other.",
            "Leave one of them out; --key goes with both.",
        )
    lineage: Literal["table", "columns", "none"] = args.lineage or "table"
    summary = call.session.push(
        call.frame(args.frame),
        args.table,
        key=args.key,
        mode="replace" if args.replace else args.mode,
        columns=args.columns,
        lineage=lineage,
        partial=args.partial,
        unreviewed=args.unreviewed,
        dry_run=args.dry_run,
        connection=args.connection,
    )
    kept = {"table": "lineage in loopai_lineage", "columns": "lineage beside each answer"}.get(lineage, "")
    said = [
        str(replace(summary, run_id=None) if call.bench.static else summary),
        kept if summary.run_id else f"{args.frame} has no answers, so no lineage",
        "" if summary.dry_run else "one transaction",
    ]
    call.bench.show(Sentences(joined(said), *map(str, summary.examples), *summary.ddl))
