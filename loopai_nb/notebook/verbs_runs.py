"""Verbs about runs: what was run, one in detail, going on, stopping, reporting; and the last error."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.execution.run import Run
from loopai_nb.ledger.runs import LIVE
from loopai_nb.notebook.approving import reader
from loopai_nb.notebook.deciding import unknown_by
from loopai_nb.notebook.plan_card import fields_said
from loopai_nb.notebook.shown import Grid, Preformatted, Sentences, Shown, clip
from loopai_nb.notebook.verbs_asking import finish
from loopai_nb.notebook.waiting import interruptible
from loopai_nb.notebook.wording import duration, joined, moment, place, plural
from loopai_nb.notebook.workbench import is_frame
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.pricing import format_usd
from loopai_nb.records import RunState

if TYPE_CHECKING:
    import pandas as pd

    from loopai_nb.ledger.records import RunRow
    from loopai_nb.notebook.workbench import Call

__all__ = [
    "cancel",
    "debug",
    "frame_asked",
    "go_on",
    "pause",
    "report",
    "resume",
    "retry",
    "run_details",
    "run_meant",
    "runs",
    "show",
]

_MOST_RUNS = 20
_MOST_REASON = 70
_JOIN_ALONE = "Leave --budget and --on-unknown out beside --join"
_COMPLETE = "The run is complete: nothing is left to send, and --budget and --on-unknown change nothing."
_RUNS = "What was asked so far: %loopai runs"
_CANCEL_WITHIN_S = 2.0


def runs(call: Call) -> Shown:
    """What was run, newest first."""
    rows = call.session.runs(call.args.limit or _MOST_RUNS)
    if not rows:
        return Sentences("Nothing was run yet.")
    static = call.bench.static
    header = ["state", "frame", "model", "answered", "failed", "USD"]
    lines = [
        [
            _state(row),
            row.frame_name,
            PlanSpec.from_json(row.spec).model,
            f"{row.answered_rows:,} of {row.rows:,}",
            f"{row.failed_rows:,}",
            format_usd(row.spent_pusd),
        ]
        for row in rows
    ]
    if any(row.reason for row in rows):
        header.append("why")
        lines = [[*line, clip(row.reason, _MOST_REASON)] for row, line in zip(rows, lines, strict=True)]
    if static:
        return Grid(header, lines, right=(3, 4, 5))
    lines = [[row.run_id, moment(row.created_ms), *line] for row, line in zip(rows, lines, strict=True)]
    return Grid(["run", "begun", *header], lines, right=(5, 6, 7), note="One of them: %loopai show RUN")


def show(call: Call) -> Run:
    """One run in detail."""
    run = call.session.show(call.args.run)
    call.bench.show(Grid([], run_details(run, static=call.bench.static)))
    return run


def run_details(run: Run, *, static: bool = False) -> list[tuple[str, str]]:
    """A run's facts by name."""
    row = run.row
    spec = PlanSpec.from_json(row.spec)
    budget = "none" if row.budget_pusd is None else f"{format_usd(row.budget_pusd)} USD"
    answered = (
        f"{row.answered_rows:,} answered ({row.cached_rows:,} from the ledger), "
        f"{row.failed_rows:,} failed, {row.waiting_rows:,} not asked"
    )
    facts = [
        ("state", joined([_state(row), row.reason])),
        ("frame", f"{row.frame_name}, {row.rows:,} rows, {row.distinct:,} distinct requests"),
        ("rows", answered),
        ("model", f"{spec.model} at {place(spec.server_url, static=static)} ({spec.server_kind})"),
        (
            "parameters",
            f"max_tokens {spec.parameters.max_tokens}, temperature {spec.parameters.temperature:g}",
        ),
        *([("fields", fields)] if (fields := fields_said(spec)) else []),
        ("cost", "unknown" if spec.price is None else _cost(row)),
        ("budget", budget),
        ("approved by", row.decided_by),
        ("template", spec.template),
    ]
    if spec.system:
        facts.append(("system", spec.system))
    if static:
        return [fact for fact in facts if fact[0] != "approved by"]
    first = [("run", f"{row.run_id} of plan {row.plan_id}"), ("begun", moment(row.created_ms))]
    # Written down when it ends; until then, and where its process was killed, nobody knows all of it.
    known = row.active_ms and row.state not in LIVE
    took = [("carried out for", duration(row.active_ms / 1000))] if known else []
    return [*first, *took, *facts]


async def resume(call: Call) -> Run:
    """Go on with a run that stopped, or help another process with it."""
    with interruptible():
        frame = _asked(call)
        run = _resumed(call, frame)
    return await _finish(call, run, frame)


def _resumed(call: Call, frame: pd.DataFrame | None) -> Run:
    args, session = call.args, call.session
    how = {"concurrency": args.concurrency, "fixed": args.fixed}
    if args.join:
        if args.budget is not None or args.on_unknown is not None:
            raise InputError("Who helps another process changes nothing about its run.", f"{_JOIN_ALONE}.")
        return session.join(args.run, **how)
    choice = unknown_by(reader(call.bench.shell), session, args.run, args.on_unknown)
    if session.show(args.run).state is RunState.COMPLETED and (args.budget, args.on_unknown) != (None, None):
        call.bench.show(Sentences(_COMPLETE))
    return session.resume(args.run, budget_usd=args.budget, on_unknown=choice, frame=frame, **how)


async def retry(call: Call) -> Run:
    """Ask the failed rows again, and what has not been asked yet."""
    args, session = call.args, call.session
    with interruptible():
        frame = _asked(call)
        choice = unknown_by(reader(call.bench.shell), session, args.run, args.on_unknown)
        run = session.retry(
            args.run,
            budget_usd=args.budget,
            on_unknown=choice,
            concurrency=args.concurrency,
            fixed=args.fixed,
            frame=frame,
        )
    return await _finish(call, run, frame)


async def _finish(call: Call, run: Run, frame: pd.DataFrame | None) -> Run:
    args, bench = call.args, call.bench
    name = args.output or bench.name_of(run) or None
    return await finish(call, run, bench.spot(), name, wait=not args.no_wait, frame=frame)


def _asked(call: Call) -> pd.DataFrame | None:
    """The frame that was asked: the one that was named, or the notebook's of that name."""
    args = call.args
    return frame_asked(call, args.run) if args.frame is None else call.frame(args.frame)


def frame_asked(call: Call, run_id: str) -> pd.DataFrame | None:
    """The frame of that name in the notebook, if its rows are those that were asked, or are told by a key."""
    run = call.session.show(run_id)
    frame = call.names.get(run.row.frame_name)
    if not is_frame(frame):
        return None
    try:
        run.result(frame)
    except InputError:  # of other rows
        return None
    return frame


def run_meant(call: Call, name: str) -> str:
    """The id of the run that is meant: by it, or by the name of its handle or of a frame with its answers.

    Raises:
        InputError: A variable of that name is something else.
    """
    value = call.names.get(name)
    if isinstance(value, Run):
        return value.run_id
    if is_frame(value):
        return _run_of(value, name)
    if name in call.names:
        raise InputError(f'"{name}" is no run, and no DataFrame of answers ({type(value).__name__}).', _RUNS)
    return name


def _run_of(frame: pd.DataFrame, name: str) -> str:
    """The run whose answers a frame holds."""
    origin = frame.attrs.get("loopai") or {}
    if "run_id" in origin:
        return str(origin["run_id"])
    if {"request_id", "status"} <= {*frame.columns}:
        raise InputError(
            f'"{name}" no longer tells of which run its answers are: merge and concat drop that.',
            "Name the frame that it was made of, or the run: %loopai runs",
        )
    raise InputError(
        f'"{name}" is a DataFrame without answers.',
        f"Ask about its rows first, %%loopai map {name} --as answers, and name the answers. {_RUNS}",
    )


def cancel(call: Call) -> Run:
    """Stop a run; what is answered is kept."""
    run = call.session.show(call.args.run)
    if run.state not in LIVE:
        call.bench.show(Sentences("The run has ended already; there is nothing to cancel."))
        return run
    gone = run.row.owner_gone
    call.session.cancel(call.args.run)
    until_s = time.monotonic() + _CANCEL_WITHIN_S
    while run.state in LIVE and time.monotonic() < until_s:
        time.sleep(0.05)
    if gone and run.state not in LIVE:
        call.bench.show(Sentences("The run's process was gone already; the run is cancelled now."))
    return run


def pause(call: Call) -> Run:
    """Let a run send nothing more for now; what is in flight is kept."""
    call.session.pause(call.args.run)
    return call.session.show(call.args.run)


def go_on(call: Call) -> Run:
    """Let a paused run go on."""
    call.session.go_on(call.args.run)
    return call.session.show(call.args.run)


def report(call: Call) -> None:
    """A run as one HTML file; without one, what all of them came to."""
    from loopai_nb.notebook.report import write_ledger_report, write_report
    from loopai_nb.notebook.verbs_dashboard import looked_at

    if call.args.html is None:
        raise InputError("Where to?", "Name a file: %loopai report RUN --html FILE")
    path = Path(call.args.html).expanduser()
    if call.args.run is None:
        looked = looked_at(call.session.ledger, None, call.args.since)
        write_ledger_report(call.session, looked, path)
    elif call.args.since is not None:
        raise InputError("A run's report is of the whole run.", "Leave out RUN, or --since.")
    else:
        write_report(call.session, call.session.show(run_meant(call, call.args.run)), path)
    call.bench.show(Sentences(f"report → {path}"))


def debug(call: Call) -> Any:
    """The whole chain of the last error."""
    from loopai_nb.notebook.failures import chain

    error = call.bench.last_error
    if error is None:
        return Sentences("There was no error yet.")
    return Preformatted(chain(error, call.bench))


def _state(row: RunRow) -> str:
    return "INTERRUPTED" if row.owner_gone else str(row.state)


def _cost(row: RunRow) -> str:
    if not row.maybe_paid_pusd:
        return f"{format_usd(row.spent_pusd)} USD"
    return (
        f"{format_usd(row.spent_pusd)} USD, {format_usd(row.maybe_paid_pusd)} of it the worst case of "
        f"{plural(row.maybe_paid, 'request')} that may have been paid"
    )
