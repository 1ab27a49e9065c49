"""A run in one line or two: how it stands or ended, what it cost, and what can be typed next."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from loopai_nb.ledger.pausing import paused_by
from loopai_nb.notebook.shown import MUTED, Sentences, Shown, safe
from loopai_nb.notebook.wording import TIMES, duration, joined, latency, plural, versionless
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.pricing import format_usd, pusd
from loopai_nb.records import RunState

if TYPE_CHECKING:
    from loopai_nb.execution.progress import Progress
    from loopai_nb.execution.run import Run
    from loopai_nb.ledger.records import RunRow
    from loopai_nb.session import Session

__all__ = ["RATIONED", "ProgressLine", "held_words", "interrupted_line", "run_sentences"]

BAR = 18
_BUDGET = "budget"
_DAY = "the day's budget"
_FIRST_ERROR = "stopped at the first error"
"""Reasons that the executor gives a run; the last one goes on with the error."""

_SLOW_DOWN_S = 1.0
_MOST_REASONS = 4
RATIONED = "what failed is sent again little by little"
_ANY = "RUN"
"""A run's id where outputs have to stay the same."""

_CHANGE = "Change the template or those rows, and ask again."


class ProgressLine(Shown):
    """How far a run is.

    Args:
        progress: A snapshot.
        server: Where it asks.
        stop: What a person can do to stop it.
    """

    def __init__(self, progress: Progress, server: str, stop: str = "") -> None:
        self._done = progress.answered - progress.cached + progress.failed
        self._total = max(progress.total - progress.cached, 0)
        self._share = min(self._done / self._total, 1.0) if self._total else 1.0
        spent = format_usd(progress.spent_pusd)
        budget = "" if progress.budget_pusd is None else f" of {format_usd(progress.budget_pusd)}"
        times = [(name, ms) for name, ms in (("p50", progress.p50_ms), ("p95", progress.p95_ms)) if ms]
        self._count = joined(
            [f"{self._done:,} of {self._total:,}", f"{progress.failed:,} failed" if progress.failed else ""]
        )
        self._held = _paused(progress) or held_words(progress, server)
        goes_on = not self._held  # a rate and a time to go mean nothing while nothing is sent
        self._facts = joined(
            [
                self._count,
                f"{progress.per_s:.0f}/s" if progress.per_s >= 1 and goes_on else "",
                f"{duration(progress.left_s)} left" if progress.left_s is not None and goes_on else "",
                RATIONED if progress.rationed and goes_on else "",
                f"{spent}{budget} USD",
                " ".join(f"{name} {latency(ms)}" for name, ms in times),
            ]
        )
        self._warnings = progress.warnings
        self._stop = stop

    def text(self) -> str:
        """A bar of blocks and the facts in one line; while nothing may be sent, why, in place of the bar."""
        if self._held:
            return self.facts
        full = round(self._share * BAR)
        return f"{'█' * full}{'░' * (BAR - full)}  {self._facts}"

    @property
    def facts(self) -> str:
        """The same without the bar, for a log."""
        return joined([self._count, f"{self._held} Cancel at any time."]) if self._held else self._facts

    def html(self) -> str:
        """A bar in the theme's colours, the facts beside it."""
        percent = f"{self._share * 100:.1f}"
        lines = (self._held, *self._warnings, self._stop)
        more = "".join(f'<div style="{MUTED}">{safe(line)}</div>' for line in lines if line)
        return (
            '<div class="loopai" style="margin:.3em 0">'
            '<div style="display:flex;align-items:center;gap:.8em;flex-wrap:wrap">'
            f'<div role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{percent}" '
            'aria-label="requests answered" style="width:14em;height:.6em;border-radius:.3em;'
            'background:rgba(128,128,128,.28);overflow:hidden">'
            f'<div style="width:{percent}%;height:100%;background:var(--jp-brand-color1,#1976d2)">'
            "</div></div>"
            f'<span style="font-variant-numeric:tabular-nums">{safe(self._facts)}</span></div>{more}</div>'
        )


def _paused(progress: Progress) -> str:
    return "" if progress.paused_by is None else f"Paused by {progress.paused_by}."


def held_words(progress: Progress, server: str) -> str:
    """Why nothing is sent, and until when; "" where something is, or will be in a moment."""
    if progress.held_s <= _SLOW_DOWN_S:
        return ""
    again = time.strftime("%H:%M:%S", time.localtime(time.time() + progress.held_s))
    fewer = progress.limit_before > progress.limit > 0
    flight = f" (in flight {progress.limit_before:,} → {progress.limit:,})" if fewer else ""
    why = progress.held_why or "can't be asked now"
    return f"{server} {why}; trying again at {again}{flight}."


def run_sentences(run: Run, session: Session, *, name: str = "", static: bool = False) -> Sentences:
    """What is said of a run when it is looked at.

    Args:
        run: Which.
        session: Whose ledger, and whose budget of a day.
        name: Variable that its answers are bound to; "" for none.
        static: Leave out what differs from run to run: ids, times, rates, latencies.
    """
    row = run.row
    if row.state in {RunState.PENDING, RunState.RUNNING, RunState.PAUSED} and not row.owner_gone:
        return _going_on(run, row, static=static)
    if row.owner_gone:
        return Sentences(interrupted_line(row))
    ready = _ready(row, name)
    unfit = _unfit(session, row)
    if row.state is RunState.COMPLETED:
        return Sentences(_completed(run, row, static=static), unfit, ready)
    again = "" if static else row.run_id
    if row.state is RunState.PARTIAL and row.waiting_rows == 0:
        return Sentences(_failed(session, run, row, again), _facts(run, row, static=static), unfit, ready)
    stopped = _stopped(session, run, row, again)
    return Sentences(stopped, unfit, _base_url(row), ready)


def interrupted_line(row: RunRow) -> str:
    """A run whose process ended before it did."""
    fresh, total = row.answered - row.cached, row.distinct - row.cached
    paid = f"{plural(row.maybe_paid, 'request')} may be paid twice at most. " if row.maybe_paid else ""
    return (
        f"{row.run_id} stopped at {fresh:,} of {total:,} when its process ended; all of them kept. {paid}"
        f"Go on: %loopai resume {row.run_id}"
    )


def _going_on(run: Run, row: RunRow, *, static: bool) -> Sentences:
    if static:
        return Sentences("The run goes on.")
    progress = run.progress
    fresh, total = progress.answered - progress.cached, progress.total - progress.cached
    by_a_person = paused_by(row.state, row.reason) is not None
    stands = "goes on"
    if row.state is RunState.PAUSED and row.reason:
        stands = f"is {row.reason}" if by_a_person else f"is paused, {row.reason}"
    turn = f"let it go on: %loopai go {row.run_id}" if by_a_person else f"pause: %loopai pause {row.run_id}"
    return Sentences(
        f"{row.run_id} {stands}: {fresh:,} of {total:,} answered",
        f"Look: %loopai show {row.run_id} · {turn} · stop it: %loopai cancel {row.run_id}",
    )


def _completed(run: Run, row: RunRow, *, static: bool) -> str:
    answered = _answered(row, f" of {row.rows:,}")
    return joined(["" if static else row.run_id, answered, _facts(run, row, static=static)])


def _facts(run: Run, row: RunRow, *, static: bool) -> str:
    """Time, cost, latencies."""
    price = PlanSpec.from_json(row.spec).price
    cost = "cost unknown" if price is None else f"{format_usd(row.spent_pusd)} USD"
    if price is not None and row.maybe_paid_pusd:
        cost += f" ({format_usd(row.maybe_paid_pusd)} of it for what may have been paid)"
    if static:
        return cost
    progress = run.progress
    times = [
        (name, ms) for name, ms in (("p50", progress.p50_ms), ("p95", progress.p95_ms)) if ms is not None
    ]
    return joined(
        [duration(row.active_ms / 1000), cost, " ".join(f"{label} {latency(ms)}" for label, ms in times)]
    )


def _failed(session: Session, run: Run, row: RunRow, again: str) -> str:
    """A run to its end, with rows that have no answer."""
    if row.answered_rows:
        failed = f"{_answered(row)}, {_reasons(run, row)}"
    else:
        failed = f"No row was answered, {_reasons(run, row)}"
    if row.failed == 0:  # all these rows are some that never became a request
        return f"{failed}. {_CHANGE}"
    retry = f"Again: %loopai retry {again or _ANY}"
    cut = _cut(session, row)
    if cut == row.failed:
        retry = "Ask again with a higher --max-tokens."
    elif cut:
        retry += "; what was cut needs a higher --max-tokens"
    return f"{failed}. {retry}"


def _cut(session: Session, row: RunRow) -> int:
    from loopai_nb.ledger.unanswered import cut_answers

    return cut_answers(session.ledger, row.plan_id)


def _answered(row: RunRow, of: str = "") -> str:
    cached = f" ({row.cached_rows:,} from the ledger)" if row.cached_rows else ""
    return f"{row.answered_rows:,}{of} answered{cached}"


def _reasons(run: Run, row: RunRow) -> str:
    """How many failed, and for each reason how many and where."""
    found = run.failures()
    said = []
    for reason, count, positions in found[:_MOST_REASONS]:
        rows = f"row {', '.join(map(str, positions))}{', ...' if count > len(positions) else ''}"
        said.append(f"{count:,} {TIMES} {reason.rstrip('.')} ({rows})")
    if len(found) > _MOST_REASONS:
        said.append(f"{sum(count for _, count, _ in found[_MOST_REASONS:]):,} {TIMES} other reasons")
    return f"{row.failed_rows:,} failed: {', '.join(said)}"


def _unfit(session: Session, row: RunRow) -> str:
    """That the server refused its schema, and the answers that did not fit it and what they cost."""
    if PlanSpec.from_json(row.spec).parameters.schema is None:
        return ""
    from loopai_nb.ledger.queries import recent_events
    from loopai_nb.ledger.unanswered import misfits
    from loopai_nb.session.lessons import EVENT

    events = recent_events(session.ledger, run_id=row.run_id)
    refused = "".join(f"{event.message} " for event in events if event.kind == EVENT)
    answers, cost_pusd = misfits(session.ledger, row.run_id)
    if not answers:
        return refused.rstrip()
    cost = f" and cost {format_usd(cost_pusd)} USD" if cost_pusd else ""
    again = ", and asked for again"
    if row.failed:
        cut = _cut(session, row) == row.failed
        again = "" if cut else "; each was asked for again as long as tries were left"
    return f"{refused}{plural(answers, 'answer')} did not fit the schema{cost}{again}."


def _stopped(session: Session, run: Run, row: RunRow, again: str) -> str:
    """A run that stopped with rows that were not asked."""
    resume = f"%loopai resume {again or _ANY}"
    answered = _answered(row, f" of {row.rows:,}")
    all_kept, and_kept = (", all kept", " and kept") if row.answered_rows else ("", "")
    failed = f"; {_reasons(run, row)}" if row.failed_rows else ""
    if row.reason == _BUDGET and row.budget_pusd is not None:
        spent, budget = format_usd(row.spent_pusd), format_usd(row.budget_pusd)
        more = format_usd(max(2 * row.budget_pusd, 10**10))
        at = f"Stopped at {spent} of {budget} USD"
        if not row.spent_pusd:
            at = f"A budget of {budget} USD is too little for one request"
        return f"{at}: {answered}{all_kept}{failed}. Go on: {resume} --budget {more}"
    if row.reason == _DAY:
        day_usd = session.settings.budget_usd_per_day
        budget = "" if day_usd is None else f" of {format_usd(pusd(day_usd))} USD"
        return (
            f"The day's budget{budget} (UTC) is used up: {answered}{all_kept}{failed}. Go on tomorrow, or "
            f"raise LOOPAI_BUDGET_USD_PER_DAY: {resume}"
        )
    if row.reason.startswith(_FIRST_ERROR):
        retry = f"%loopai retry {again or _ANY}"
        return f"Stopped at the first error: {answered}{all_kept}{failed}. Go on, and ask it again: {retry}"
    left = row.distinct - row.answered - row.failed
    if row.state is RunState.PARTIAL and left and left == _unknown(session, row):
        were = "was" if left == 1 else "were"
        lost = f"{plural(left, 'request')} may have been paid and {were} not sent again"
        verb = "retry" if row.failed else "resume"
        return (
            f"{lost}. {answered}{and_kept}{failed}. Send those again: %loopai {verb} {again or _ANY} "
            "--on-unknown resend"
        )
    kept = f"{answered}{and_kept}{failed}. Go on: {resume}"
    if row.state is RunState.CANCELLED:
        return f"Stopped: {kept}"
    return f"Stopped: {row.reason.rstrip('.') or 'an error'}. {kept}"


def _unknown(session: Session, row: RunRow) -> int:
    from loopai_nb.ledger.unanswered import unknown_outcomes

    return unknown_outcomes(session.ledger, row.plan_id)


def _base_url(row: RunRow) -> str:
    """What to try where a server of OpenAI's protocol answered nothing and its URL has no version."""
    spec = PlanSpec.from_json(row.spec)
    if row.answered_rows or row.reason == _BUDGET or row.state is not RunState.PARTIAL:
        return ""
    return versionless(spec.server_url, spec.server_kind)


def _ready(row: RunRow, name: str) -> str:
    if not name:
        return ""
    if not row.answered_rows:
        return (
            f'{name} has the rows and their errors. Look: {name}["error"]'
            if row.failed_rows
            else (f"{name} has the rows, none of them answered.")
        )
    return joined(
        [
            f"{name} is ready. Look: {name}.head()",
            f"review: %loopai review {name}",
            f"into Postgres: %loopai push {name} TABLE --key ID",
            f"cost and latency: %loopai dashboard {name}",
        ]
    )
