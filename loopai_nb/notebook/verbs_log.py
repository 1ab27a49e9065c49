"""The verb that shows the request log, opens one of its requests, and writes it into a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.ledger.request_log import RequestLog
from loopai_nb.notebook.log_request import request_text
from loopai_nb.notebook.shown import Grid, Preformatted, Sentences, Shown, Stack, clip
from loopai_nb.notebook.verbs_runs import run_meant
from loopai_nb.notebook.wording import latency, moment, plural
from loopai_nb.pricing import format_usd
from loopai_nb.session.requests import wanted_of

if TYPE_CHECKING:
    import argparse

    from loopai_nb.ledger.request_course import RequestCourse
    from loopai_nb.ledger.request_log import LoggedRequest
    from loopai_nb.notebook.workbench import Call

__all__ = ["log"]

_MOST_LISTED = 20
_MOST_TEXT = 70


def log(call: Call) -> Shown | None:
    """What was asked, request by request: a list, one of them whole, a frame, or a file."""
    args, session = call.args, call.session
    if args.run is not None:
        args.run = run_meant(call, args.run)
    if args.open is not None:
        return _whole(RequestLog(session.ledger).one(args.open))
    options = _options(args)
    files = [name for name in (args.csv, args.parquet, args.jsonl) if name is not None]
    output = getattr(args, "output", None)
    if len(files) + (output is not None) > 1:
        raise InputError("The log goes to one place at a time.", "Leave out the others.")
    limit = {} if args.limit is None else {"limit": args.limit}
    if files:
        rows = session.export("requests", _ending(args, files[0]), run=args.run, **options, **limit)
        return Sentences(f"{plural(rows, 'request')} → {files[0]}")
    if output is not None:
        frame = session.requests(args.run, **options, **({"limit": None} | limit))
        call.bench.bind(output, frame)
        return Sentences(f"{plural(len(frame), 'request')} → {output}")
    return _listed(call, options)


def _whole(course: RequestCourse) -> Shown:
    """One request: what is known of it, then its texts."""
    facts, texts = request_text(course)
    lines = "\n".join(f"{name:<12}{value}" for name, value in facts)
    parts: list[Shown] = [Preformatted(lines)]
    for name, text in texts:
        parts += [Sentences(f"{name}:"), Preformatted(text)]
    return Stack(*parts)


def _listed(call: Call, options: dict[str, Any]) -> Shown:
    ledger = call.session.ledger
    found = RequestLog(ledger)
    wanted = wanted_of(ledger, call.args.run, **options)
    total = found.count(wanted)
    if not total:
        return Sentences("No request is like that." if options or call.args.run else "Nothing was asked yet.")
    rows = found.window(wanted, 0, call.args.limit or _MOST_LISTED)
    header = ["status", "model", "prompt", "answer"]
    lines = [
        [_status(row), row.model, _text(row.prompt[row.same :]), _text(row.answer or "")] for row in rows
    ]
    if call.bench.static:  # ids, times and costs differ from run to run
        return Grid(header, lines, note=plural(total, "request"))
    note = f"{len(rows):,} of {plural(total, 'request')}. " if len(rows) < total else ""
    lines = [
        [str(row.request_no), row.run_id, moment(row.at_ms), *line, *_figures(row)]
        for row, line in zip(rows, lines, strict=True)
    ]
    return Grid(
        ["request", "run", "ended", *header, "latency", "USD"],
        lines,
        right=(0, 7, 8),
        note=f"{note}One of them whole: %loopai log --open REQUEST",
    )


def _options(args: argparse.Namespace) -> dict[str, Any]:
    """Filters and order as ``session.requests`` takes them, those that were given."""
    if args.failed and args.status not in {None, "failed"}:
        raise InputError("--failed is short for --status failed.", "Leave one out.")
    given = {
        "status": "failed" if args.failed else args.status,
        "error_kind": args.error,
        "search": args.search,
        "model": args.model,
        "server": args.server,
        "review": args.review,
        "since": args.since,
        "until": args.until,
        "order": args.order,
    }
    return {name: value for name, value in given.items() if value is not None}


def _ending(args: argparse.Namespace, name: str) -> str:
    """The file's name, whose ending says the format: as the option does."""
    wanted = ".csv" if args.csv is not None else ".parquet" if args.parquet is not None else ".jsonl"
    if not name.lower().endswith(wanted):
        raise InputError(f"--{wanted[1:]} {name} has another ending.", f"Let it end in {wanted}.")
    return name


def _status(row: LoggedRequest) -> str:
    """How it ended, and why not well."""
    kind = "" if row.status in {"answered", "cached"} or row.error_kind is None else f": {row.error_kind}"
    return f"{row.status}{kind}"


def _text(text: str) -> str:
    return clip(" ".join(text.split()), _MOST_TEXT)


def _figures(row: LoggedRequest) -> list[str]:
    took = "" if row.latency_ms is None else latency(row.latency_ms)
    return [took, format_usd(row.cost_pusd)]
