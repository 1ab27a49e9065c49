"""Verbs about what was answered: reviewing it, how far reviews came, and two runs side by side."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import TYPE_CHECKING, Any

from loopai_nb.notebook.shown import FrameView, Grid, Sentences, Shown, Stack
from loopai_nb.notebook.verbs_runs import frame_asked, run_meant
from loopai_nb.notebook.wording import latency, plural
from loopai_nb.notebook.workbench import is_frame
from loopai_nb.pricing import format_usd

if TYPE_CHECKING:
    from loopai_nb.execution.run import Run
    from loopai_nb.ledger.reviews import AssignmentRow
    from loopai_nb.notebook.workbench import Call
    from loopai_nb.session.agreement import Agreement
    from loopai_nb.session.comparing import Comparison, Side
    from loopai_nb.session.review import Review

__all__ = ["compared", "diff", "review", "reviewed", "reviews"]

_MOST_RUNS = 20
_MOST_CHANGES = 8
_MOST_ROWS = 5
_MOST_REVIEWERS = 4
_PERCENT = 100


def diff(call: Call) -> Shown:
    """Two runs on the same rows side by side."""
    args = call.args
    frame = None if args.frame is None else call.frame(args.frame)
    runs = (run_meant(call, args.first), run_meant(call, args.second))
    found = call.session.diff(*runs, label=args.label, frame=frame)
    shown = compared(found, static=call.bench.static)
    if args.output is None:
        return shown
    call.bench.bind(args.output, found.frame)
    return Stack(shown, Sentences(f"{plural(len(found.frame), 'row')} → {args.output}"))


def compared(found: Comparison, *, static: bool = False) -> Shown:
    """A comparison as lines, a table of both runs, what became of what, and the first rows that changed.

    Args:
        found: What is shown.
        static: Leave out ids and times.
    """
    names = ("first", "second") if static else (found.first.run_id, found.second.run_id)
    parts: list[Shown] = [Sentences(*_said(found, names)), _sides(found, names, static=static)]
    cross = found.cross
    if cross is not None and len(cross) > 1:
        header = [f"{names[0]} ↓ {names[1]} →", *cross.columns]
        lines = [
            [name, *(f"{n:,}" if n else "" for n in row)]
            for name, row in zip(cross.index, cross.to_numpy(), strict=True)
        ]
        parts.append(Grid(header, lines, right=range(1, len(header)), leading=1))
    elif found.changes:
        lines = [[one, other, f"{n:,}"] for one, other, n in found.changes[:_MOST_CHANGES]]
        more = len(found.changes) - _MOST_CHANGES
        note = f"... and {plural(more, 'other change')}" if more > 0 else ""
        parts.append(Grid([*names, "rows"], lines, right=(2,), note=note))
    changed = found.frame[found.frame["changed"]]
    if len(changed):
        columns = ["first", "second", *(["label"] if found.label is not None else [])]
        parts.append(FrameView(changed[columns], "The first that changed:", most=_MOST_ROWS))
    return Stack(*parts)


def review(call: Call) -> None:
    """Review the answers of a run: by the widget, or, where nobody can click, how far it came."""
    from loopai_nb.notebook.reviewing import OpenReview, review_card  # not on the way of the other verbs

    args, bench, session = call.args, call.bench, call.session
    run_id = run_meant(call, args.run)
    frame = frame_asked(call, run_id) if args.frame is None else call.frame(args.frame)
    begun = session.review(run_id, reviewer=args.reviewer, frame=frame)

    def bind() -> None:
        if args.output is not None:
            bench.bind(args.output, begun.frame())

    def name() -> str:
        return _name_of(call, begun.run)

    bind()
    if bench.clicks() is None:
        bench.show(review_card(begun, name(), static=bench.static))
        return
    others = [row.run_id for row in session.runs(_MOST_RUNS) if row.run_id != run_id]
    opened = OpenReview(begun, name=name, bind=bind, runs=others)
    # Who opens the same again has left the one before.
    before = bench.open_reviews.pop((run_id, begun.reviewer), None)
    if before is not None:
        before.close()
    bench.open_reviews[run_id, begun.reviewer] = opened
    opened.show()


def reviews(call: Call) -> Shown:
    """What was reviewed last, or how far the review of one run came."""
    static = call.bench.static
    if call.args.run is not None:
        return reviewed(call.session.review(run_meant(call, call.args.run)), static=static)
    rows = call.session.reviews(call.args.limit or _MOST_RUNS)
    if not rows:
        return Sentences("Nothing was reviewed yet.", "Begin: %loopai review RUN")
    if static:
        return Grid(["frame", "decisions"], [[row.frame_name, f"{row.n:,}"] for row in rows], right=(1,))
    lines = [[row.run_id, row.frame_name, row.reviewer, f"{row.n:,}", _when(row.at_ms)] for row in rows]
    note = "One of them: %loopai reviews RUN"
    return Grid(["run", "frame", "reviewer", "decisions", "last"], lines, right=(3,), note=note)


def reviewed(review: Review, *, static: bool = False) -> Shown:
    """How far a review came, who has which rows, and how far any two reviewers agree."""
    parts: list[Shown] = [Sentences(f"{review.progress}.")]
    if static:
        return parts[0]
    if assigned := review.assignments:
        lines = [[row.reviewer, _rows(row), row.assigned_by, _when(row.at_ms)] for row in assigned]
        parts.append(Grid(["reviewer", "rows", "assigned by", "when"], lines))
    pairs = itertools.combinations(review.reviewers[:_MOST_REVIEWERS], 2)
    for one, other in pairs:
        found = review.agreement(one, other)
        if found.n:
            parts += [Sentences(f"{one} and {other}: {found}."), _categories(found, one, other)]
    return Stack(*parts)


def _name_of(call: Call, run: Run) -> str:
    """The variable with a run's answers: the one that a cell bound, or the one that was named."""
    if found := call.bench.name_of(run):
        return found
    return str(call.args.run) if is_frame(call.names.get(call.args.run)) else ""


def _said(found: Comparison, names: tuple[str, str]) -> list[str]:
    ids = (found.first.run_id, found.second.run_id)
    return [line.replace(ids[0], names[0]).replace(ids[1], names[1]) for line in found.sentences]


def _sides(found: Comparison, names: tuple[str, str], *, static: bool) -> Grid:
    first, second = found.first, found.second
    lines = [_line("model", first, second, lambda side: side.model)]
    lines.append(_line("answered", first, second, lambda side: f"{side.answered:,} of {side.rows:,}"))
    lines.append(_line("failed", first, second, lambda side: f"{side.failed:,}"))
    lines.append(_line("USD", first, second, lambda side: format_usd(side.spent_pusd)))
    if not static:
        lines.append(_line("latency p50", first, second, lambda side: _latency(side.p50_ms)))
        lines.append(_line("latency p95", first, second, lambda side: _latency(side.p95_ms)))
    if found.label is not None:
        lines.append(_line(f"as {found.label} says", first, second, lambda side: _accuracy(side.labelled)))
        lines.append(_line("κ with it", first, second, lambda side: _kappa(side.labelled)))
    return Grid(["", *names], lines, right=(1, 2), leading=1)


def _line(name: str, first: Side, second: Side, value: Any) -> list[str]:
    return [name, value(first), value(second)]


def _accuracy(found: Agreement | None) -> str:
    share = None if found is None else found.share
    return "" if found is None or share is None else f"{share * _PERCENT:.1f}% of {found.n:,}"


def _kappa(found: Agreement | None) -> str:
    return "" if found is None or found.kappa is None else f"{found.kappa:.2f}"


def _latency(milliseconds: float | None) -> str:
    return "" if milliseconds is None else latency(milliseconds)


def _categories(found: Agreement, one: str, other: str) -> Grid:
    lines = [
        [name, f"{each.first:,}", f"{each.second:,}", f"{each.both:,}"]
        for name, each in found.categories.items()
    ]
    return Grid(["", one, other, "both"], lines, right=(1, 2, 3), leading=1)


def _rows(row: AssignmentRow) -> str:
    return f"{row.first} to {row.last}" if row.filter is None else row.filter


def _when(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
