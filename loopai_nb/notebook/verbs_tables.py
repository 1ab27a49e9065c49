"""Verbs about what is connected and what is in the database: connect, server, status, tables, pull, push."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError, LoopaiNbError
from loopai_nb.notebook.shown import FrameView, Grid, Sentences, Shown, Stack
from loopai_nb.notebook.wording import (
    TIMES,
    about,
    duration,
    joined,
    latency,
    place,
    plural,
    unlisted,
    versionless,
)
from loopai_nb.pricing import format_usd, usd
from loopai_nb.redaction import mask_text, mask_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.notebook.workbench import Call
    from loopai_nb.session import Session

__all__ = ["connect", "describe", "pull", "push", "server", "status", "tables"]

_PREVIEW = 5


def connect(call: Call) -> None:
    """Open a database."""
    database = call.session.connect(call.args.name)
    call.bench.catalog.forget()
    info = database.check()
    call.bench.show(
        Sentences(
            joined(
                [
                    f"Postgres {info.version}",
                    f"{info.user}@{_where(call, info.host, info.port)}/{info.database}",
                    "read-only for pulls",
                    f"from {database.source}" if database.source not in {"", "given"} else "",
                ]
            )
        )
    )


def _where(call: Call, host: str, port: int) -> str:
    from loopai_nb.postgres.engine import DEFAULT_PORT

    return host if call.bench.static or port == DEFAULT_PORT else f"{host}:{port}"


def server(call: Call) -> None:
    """Choose a model server."""
    args = call.args
    info = call.session.use_server(args.where, model=args.model, kind=args.kind, price=args.price)
    call.bench.models = info.models
    static = call.bench.static
    chosen = call.session.server
    call.bench.show(
        Sentences(
            joined(
                [
                    f"{chosen.model} at {place(chosen.base_url, static=static)}",
                    info.description,
                    "" if static else f"answered in {latency(info.latency_ms)}",
                    _price(call),
                ]
            ),
            # A server need not list its models; one that is asked at the wrong place lists none either.
            "" if info.models else versionless(chosen.base_url, chosen.kind),
            unlisted(chosen.model, info.models),
        )
    )


def _price(call: Call) -> str:
    price = call.session.price
    if price is None:
        return "no price known (set one with --price IN,OUT)"
    if price.input_pusd_per_token == 0 and price.output_pusd_per_token == 0:
        return "priced 0 (local; set a price with --price)" if price.source == "local" else "priced 0"
    per_mtok = [format_usd(p * 10**6) for p in (price.input_pusd_per_token, price.output_pusd_per_token)]
    return f"{per_mtok[0]} USD in, {per_mtok[1]} out per million tokens ({price.source})"


def status(call: Call) -> Shown:
    """What is connected, and where each setting came from."""
    session = call.session
    static = call.bench.static
    rows = [("database", *_database_status(call)), ("model server", *_server_status(call))]
    ledger = session.settings.ledger
    if isinstance(ledger, Path):
        made = "" if ledger.exists() else "not made yet"
        rows.append(("ledger", ledger.name if static else str(ledger), made))
    else:
        rows.append(("ledger", "in Postgres" if static else mask_url(ledger.reveal()), ""))
    chosen = _chosen(session)
    settings = [
        chosen.get(name, (name, shown, source))
        for name, shown, source in session.settings.provenance()
        if not (static and name in {"ledger", "database_url", "server_url", "user"})
    ]
    notes = [Sentences(note) for note in session.settings.notes]
    return Stack(Grid([], rows), Grid(["setting", "value", "from"], settings), *notes)


def _chosen(session: Session) -> dict[str, tuple[str, str, str]]:
    """The lines of settings in whose place this session has chosen another server, or asked it."""
    if session.server_info is None:
        return {}
    server, price, settings = session.server, session.price, session.settings
    now = {"server_url": server.base_url, "server_kind": str(server.kind), "model": server.model}
    was = {
        "server_url": (settings.server_url or "").rstrip("/"),
        "server_kind": str(settings.server_kind or ""),
        "model": settings.model or "",
    }
    if price is not None and price.source == "set":
        for side in ("input", "output"):
            name = f"price_{side}_usd_per_mtok"
            per_mtok = usd(getattr(price, f"{side}_pusd_per_token") * 10**6)
            if per_mtok != getattr(settings, name):
                now[name], was[name] = f"{per_mtok.normalize():f}", ""
    return {
        name: (name, value, f"this session{f', not {was[name]}' if was[name] else ''}")
        for name, value in now.items()
        if value != was[name]
    }


def _database_status(call: Call) -> tuple[str, str]:
    try:
        database = call.session.database
        info = database.check()
    except LoopaiNbError as error:
        return "not connected", mask_text(error.message)
    return f"{info.user}@{_where(call, info.host, info.port)}/{info.database}", f"Postgres {info.version}"


def _server_status(call: Call) -> tuple[str, str]:
    try:
        chosen = call.session.server
    except LoopaiNbError as error:
        return "not chosen", mask_text(error.message)
    where = f"{chosen.model} at {place(chosen.base_url, static=call.bench.static)}"
    return where, f"{chosen.kind} · {_price(call)}"


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
