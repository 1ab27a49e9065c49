"""What figures are asked for, and what is told of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from loopai_nb.ledger.histogram import Histogram
from loopai_nb.ledger.rollups import MINUTE_MS

__all__ = [
    "OUTCOMES",
    "Choices",
    "GroupFigures",
    "LatencySeries",
    "Scope",
    "Series",
    "SeriesGroup",
    "Totals",
]

OUTCOMES = ("answered", "cached", "failed", "retried", "unknown")
"""How what is counted ended: see ``Totals``."""


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

    @property
    def is_of_runs(self) -> bool:
        """Whether it asks for some runs only."""
        return self.run_id is not None or self.template is not None

    def before(self) -> Scope:
        """The same, in the time before it: as many minutes, none of which counts in both."""
        since_ms = self.since_ms - self.since_ms % MINUTE_MS
        until_ms = -(self.until_ms // -MINUTE_MS) * MINUTE_MS
        return replace(self, since_ms=2 * since_ms - until_ms, until_ms=since_ms)


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
