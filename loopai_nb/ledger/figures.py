"""What requests came to over time: counts, tokens, costs and latencies, for every view of the ledger."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select

from loopai_nb.ledger.histogram import Histogram
from loopai_nb.ledger.schema import answers, attempts, plans, requests, runs
from loopai_nb.records import Outcome, RequestState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from loopai_nb.ledger.store import Ledger

__all__ = [
    "OUTCOMES",
    "Choices",
    "Figures",
    "GroupFigures",
    "LatencySeries",
    "Scope",
    "Series",
    "SeriesGroup",
    "Totals",
    "template_key",
]

OUTCOMES = ("answered", "cached", "failed", "retried", "unknown")
"""How what is counted ended: see ``Totals``."""

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000

_MOST_POINTS = 300

_STEPS_MS = (
    *(n * MINUTE_MS for n in (1, 2, 5, 10, 15, 30)),
    *(n * HOUR_MS for n in (1, 2, 3, 6, 12)),
    *(n * DAY_MS for n in (1, 2, 7, 14, 28, 56, 112, 364)),
)

GroupName = Literal["run", "model", "server", "template", "error_kind", "day"]
SeriesName = Literal["model", "outcome", "server", "run"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at. Times are whole minutes: the first one counts whole, and so does the last.

    Attributes:
        since_ms: From here (epoch milliseconds, UTC).
        until_ms: To before here.
        run_id: Only of this run.
        server: Only of this server: its address as plans have it.
        model: Only of the model that was asked for.
        template: Only of plans with this template: see ``template_key``.
    """

    since_ms: int
    until_ms: int
    run_id: str | None = None
    server: str | None = None
    model: str | None = None
    template: str | None = None

    def before(self) -> Scope:
        """The same, in the time of the same length before it."""
        return replace(self, since_ms=2 * self.since_ms - self.until_ms, until_ms=self.since_ms)


@dataclass(slots=True)
class Totals:
    """What requests came to.

    An attempt that is tried again counts as ``retried``, not as a request of its own. One whose outcome is
    unknown counts as ``unknown``, and what its request comes to when it is sent again counts besides.

    Attributes:
        answered: Answers that the server gave.
        failed: Requests that ended without an answer.
        cached: Requests answered from the ledger when the run began.
        retried: Attempts that failed, or whose answer did not fit the schema, and that were made again.
        unknown: Attempts that were perhaps paid.
        input_tokens: As charged.
        output_tokens: As charged.
        cost_pusd: Picodollars; an unknown outcome counts at its worst case.
        saved_pusd: What the answers from the ledger had cost.
        latencies: Of the answers that the server gave.
    """

    answered: int = 0
    failed: int = 0
    cached: int = 0
    retried: int = 0
    unknown: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_pusd: int = 0
    saved_pusd: int = 0
    latencies: Histogram = field(default_factory=Histogram)

    @property
    def requests(self) -> int:
        """Requests that came to an end: answered, failed, cached or unknown."""
        return self.answered + self.failed + self.cached + self.unknown

    @property
    def error_rate(self) -> float:
        """Failed and unknown among what was asked of the server, 0 to 1; 0 where nothing was."""
        asked = self.answered + self.failed + self.unknown
        return (self.failed + self.unknown) / asked if asked else 0.0

    @property
    def p50_ms(self) -> float | None:
        """Median latency, milliseconds; None without an answer."""
        return self.latencies.percentile(0.5)

    @property
    def p95_ms(self) -> float | None:
        """95th percentile of the latency, milliseconds; None without an answer."""
        return self.latencies.percentile(0.95)

    @property
    def p99_ms(self) -> float | None:
        """99th percentile of the latency, milliseconds; None without an answer."""
        return self.latencies.percentile(0.99)


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """What one run, model, server, template, error kind or day came to.

    Attributes:
        name: Its id, name, address, ``template_key``, kind, or day (UTC, as 2026-11-21).
        totals: What it came to.
        label: What a person knows it by: the frame's name of a run, the first line of a template; else "".
    """

    name: str
    totals: Totals
    label: str = ""


@dataclass(frozen=True, slots=True)
class SeriesGroup:
    """One line of a chart, a value for each of the times.

    Attributes:
        name: The model, outcome, server or run.
        requests: How many ended; attempts of the outcome ``retried`` count only under it.
        cost_pusd: Picodollars.
        tokens: Input and output together.
    """

    name: str
    requests: list[int]
    cost_pusd: list[int]
    tokens: list[int]


@dataclass(frozen=True, slots=True)
class Series:
    """Figures over time.

    Attributes:
        step_ms: From one time to the next.
        times_ms: Where each step begins (epoch milliseconds, UTC): a step where nothing happened has zeros.
        groups: Those with the most requests first.
    """

    step_ms: int
    times_ms: list[int]
    groups: list[SeriesGroup]


@dataclass(frozen=True, slots=True)
class LatencySeries:
    """Percentiles over time, milliseconds; None where nothing was answered.

    Attributes:
        step_ms: From one time to the next.
        times_ms: Where each step begins (epoch milliseconds, UTC).
        p50: Medians.
        p95: 95th percentiles.
        p99: 99th percentiles.
    """

    step_ms: int
    times_ms: list[int]
    p50: list[float | None]
    p95: list[float | None]
    p99: list[float | None]


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from in a scope.

    Attributes:
        runs: Ids and names of frames, the newest first.
        servers: Addresses.
        models: Names.
        templates: Keys and first lines.
        error_kinds: Of what failed, was tried again or is unknown.
    """

    runs: list[tuple[str, str]]
    servers: list[str]
    models: list[str]
    templates: list[tuple[str, str]]
    error_kinds: list[str]


@dataclass(frozen=True, slots=True)
class _Cell:
    at_ms: int
    run_id: str
    server: str
    model: str
    template: str
    outcome: str
    error_kind: str
    requests: int
    input_tokens: int
    output_tokens: int
    cost_pusd: int
    saved_pusd: int
    latencies: Histogram | None


class Figures:
    """Reads what requests came to.

    Args:
        ledger: Of which.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def totals(self, scope: Scope) -> Totals:
        """What all of a scope came to."""
        totals = Totals()
        for cell in self._cells(scope):
            _add(totals, cell)
        return totals

    def compared(self, scope: Scope) -> tuple[Totals, Totals]:
        """What a scope came to, and what the time of the same length before it did."""
        return self.totals(scope), self.totals(scope.before())

    def series(self, scope: Scope, *, by: SeriesName, step_ms: int | None = None) -> Series:
        """Figures over time, a line for each model, outcome, server or run.

        Args:
            scope: What is looked at.
            by: What makes a line.
            step_ms: From point to point, whole minutes; None for one that makes at most some 300 points.
        """
        step_ms, times_ms = _times(scope, step_ms)
        name = _NAME[by]
        groups: dict[str, SeriesGroup] = {}
        for cell in self._cells(scope):
            group = groups.get(name(cell))
            if group is None:
                empty = [0] * len(times_ms)
                group = groups[name(cell)] = SeriesGroup(name(cell), empty, empty.copy(), empty.copy())
            i = (cell.at_ms - times_ms[0]) // step_ms
            if by == "outcome" or cell.outcome != "retried":
                group.requests[i] += cell.requests
            group.cost_pusd[i] += cell.cost_pusd
            group.tokens[i] += cell.input_tokens + cell.output_tokens
        ordered = sorted(groups.values(), key=lambda group: (-sum(group.requests), group.name))
        return Series(step_ms, times_ms, ordered)

    def latency_over_time(self, scope: Scope, step_ms: int | None = None) -> LatencySeries:
        """Percentiles of the latency over time; see ``series`` of the step."""
        step_ms, times_ms = _times(scope, step_ms)
        found = [Histogram() for _ in times_ms]
        for cell in self._cells(scope):
            if cell.outcome == "answered" and cell.latencies is not None:
                found[(cell.at_ms - times_ms[0]) // step_ms].merge(cell.latencies)
        p50, p95, p99 = ([one.percentile(share) for one in found] for share in (0.5, 0.95, 0.99))
        return LatencySeries(step_ms, times_ms, p50, p95, p99)

    def by(self, scope: Scope, what: GroupName, *, most: int = 50) -> list[GroupFigures]:
        """What each run, model, server, template, error kind or day came to.

        Args:
            scope: What is looked at.
            what: Which of them. Error kinds are of what failed, was tried again or is unknown.
            most: Groups at most.

        Returns:
            The dearest first, then those with the most requests; error kinds by how many; days in order.
        """
        name = _NAME[what]
        groups: dict[str, Totals] = defaultdict(Totals)
        for cell in self._cells(scope):
            if name(cell) or what != "error_kind":
                _add(groups[name(cell)], cell)
        labels = self._labels(what)
        found = [GroupFigures(key, totals, labels.get(key, "")) for key, totals in groups.items()]
        found.sort(key=lambda group: _order(what, group))
        return found[-most:] if what == "day" else found[:most]

    def extent(self) -> tuple[int, int] | None:
        """From when to when there is anything (epoch milliseconds, whole minutes); None where nothing is."""
        ends = [cell.at_ms for cell in self._cells(Scope(0, 2**53))]
        return (min(ends), max(ends) + MINUTE_MS) if ends else None

    def choices(self, scope: Scope) -> Choices:
        """What there is to choose from in a scope, whatever the scope itself has chosen."""
        cells = list(self._cells(Scope(scope.since_ms, scope.until_ms)))
        run_labels, template_labels = self._labels("run"), self._labels("template")
        newest: dict[str, int] = {}
        for cell in cells:
            newest[cell.run_id] = max(cell.at_ms, newest.get(cell.run_id, 0))
        ordered = sorted(newest, key=lambda run_id: (-newest[run_id], run_id))
        return Choices(
            runs=[(run_id, run_labels.get(run_id, "")) for run_id in ordered],
            servers=sorted({cell.server for cell in cells}),
            models=sorted({cell.model for cell in cells}),
            templates=[
                (key, template_labels.get(key, "")) for key in sorted({cell.template for cell in cells})
            ],
            error_kinds=sorted({cell.error_kind for cell in cells} - {""}),
        )

    def _labels(self, what: GroupName) -> dict[str, str]:
        if what not in {"run", "template"}:
            return {}
        statement = select(runs.c.run_id, plans.c.frame_name, plans.c.spec).join(
            plans, plans.c.plan_id == runs.c.plan_id
        )
        with self._ledger.engine.connect().execution_options(reading=True) as connection:
            found = connection.execute(statement).all()
        if what == "run":
            return {row.run_id: row.frame_name for row in found}
        specs = [json.loads(row.spec) for row in found]
        return {
            template_key(spec["template"], spec["system"]): _first_line(spec["template"]) for spec in specs
        }

    def _cells(self, scope: Scope) -> Iterator[_Cell]:
        since_ms = scope.since_ms // MINUTE_MS * MINUTE_MS
        until_ms = -(scope.until_ms // -MINUTE_MS) * MINUTE_MS
        for cell in self._raw(since_ms, until_ms):
            if (
                scope.run_id in {None, cell.run_id}
                and scope.server in {None, cell.server}
                and scope.model in {None, cell.model}
                and scope.template in {None, cell.template}
            ):
                yield cell

    def _raw(self, since_ms: int, until_ms: int) -> Iterator[_Cell]:
        sent = (
            select(attempts, runs.c.plan_id, plans.c.spec, requests.c.state)
            .join(runs, runs.c.run_id == attempts.c.run_id)
            .join(plans, plans.c.plan_id == runs.c.plan_id)
            .join(requests, requests.c.request_no == attempts.c.request_no)
            .where(attempts.c.ended_ms >= since_ms, attempts.c.ended_ms < until_ms)
        )
        cached = (
            select(runs.c.run_id, runs.c.created_ms, plans.c.spec, answers.c.cost_pusd)
            .select_from(requests)
            .join(runs, runs.c.plan_id == requests.c.plan_id)
            .join(plans, plans.c.plan_id == requests.c.plan_id)
            .join(answers, answers.c.request_no == requests.c.answer_no)
            .where(requests.c.cached, requests.c.state == RequestState.ANSWERED)
            .where(runs.c.created_ms >= since_ms, runs.c.created_ms < until_ms)
        )
        with self._ledger.engine.connect().execution_options(reading=True) as connection:
            for row in connection.execute(sent):
                yield _sent(row)
            for row in connection.execute(cached):
                names = _names(row.run_id, row.spec)
                yield _Cell(_minute(row.created_ms), *names, "cached", "", 1, 0, 0, 0, row.cost_pusd, None)


def template_key(template: str, system: str | None) -> str:
    """What a template and its system prompt are known by: twelve hex digits of their SHA-256."""
    return hashlib.sha256(json.dumps([template, system]).encode()).hexdigest()[:12]


def _sent(row: Any) -> _Cell:
    outcome = "retried"
    if row.outcome == Outcome.ANSWERED:
        outcome = "answered"
    elif row.outcome == Outcome.UNKNOWN:
        outcome = "unknown"
    elif row.state == RequestState.FAILED:
        outcome = "failed"
    return _Cell(
        _minute(row.ended_ms),
        *_names(row.run_id, row.spec),
        outcome,
        "" if outcome == "answered" else row.error_kind or "",
        1,
        row.input_tokens or 0,
        row.output_tokens or 0,
        row.cost_pusd,
        0,
        None if row.latency_ms is None else Histogram([row.latency_ms]),
    )


def _names(run_id: str, spec: str) -> tuple[str, str, str, str]:
    said = json.loads(spec)
    return run_id, said["server_url"], said["model"], template_key(said["template"], said["system"])


def _minute(at_ms: int) -> int:
    return at_ms // MINUTE_MS * MINUTE_MS


def _add(totals: Totals, cell: _Cell) -> None:
    setattr(totals, cell.outcome, getattr(totals, cell.outcome) + cell.requests)
    totals.input_tokens += cell.input_tokens
    totals.output_tokens += cell.output_tokens
    totals.cost_pusd += cell.cost_pusd
    totals.saved_pusd += cell.saved_pusd
    if cell.outcome == "answered" and cell.latencies is not None:
        totals.latencies.merge(cell.latencies)


def _times(scope: Scope, step_ms: int | None) -> tuple[int, list[int]]:
    length_ms = max(1, scope.until_ms - scope.since_ms)
    if step_ms is None:
        step_ms = next((step for step in _STEPS_MS if length_ms <= step * _MOST_POINTS), _STEPS_MS[-1])
    return step_ms, list(
        range(scope.since_ms // step_ms * step_ms, max(scope.until_ms, scope.since_ms + 1), step_ms)
    )


def _day(at_ms: int) -> str:
    from loopai_nb.ledger.money import day_of

    return day_of(at_ms)


def _order(what: str, group: GroupFigures) -> tuple[Any, ...]:
    totals = group.totals
    if what == "day":
        return (group.name,)
    if what == "error_kind":
        return (-(totals.failed + totals.retried + totals.unknown), group.name)
    return (-totals.cost_pusd, -totals.requests, group.name)


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


_NAME: dict[str, Callable[[_Cell], str]] = {
    "run": lambda cell: cell.run_id,
    "model": lambda cell: cell.model,
    "server": lambda cell: cell.server,
    "template": lambda cell: cell.template,
    "error_kind": lambda cell: cell.error_kind,
    "outcome": lambda cell: cell.outcome,
    "day": lambda cell: _day(cell.at_ms),
}
