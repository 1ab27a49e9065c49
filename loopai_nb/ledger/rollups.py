"""What attempts and answers from the cache come to, added up by time in the transaction that records them.

A minute is kept by run, an hour for all runs together, a day both ways: so that a view of one run, of an
afternoon or of years reads a few thousand rows, whatever the ledger holds and however many runs it had.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from loopai_nb.ledger.histogram import DamagedFigures, Histogram
from loopai_nb.ledger.hot import hot
from loopai_nb.ledger.schema import plans, runs
from loopai_nb.records import RequestState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from loopai_nb.ledger.records import Settlement

__all__ = [
    "DAY_MS",
    "HOUR_MS",
    "MINUTE_MS",
    "STEPS_MS",
    "Names",
    "Rollup",
    "Tally",
    "names_in",
    "names_of",
    "template_key",
]

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
STEPS_MS = {"minute": MINUTE_MS, "hour": HOUR_MS, "day": DAY_MS}

PARTS = 8
"""Of what all runs on Postgres add to."""

_LONGEST = 300
"""Characters of a name; Postgres takes 2,700 bytes in a key."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the requests of a run are found by.

    Attributes:
        run_id: The run.
        server: Address that they were sent to.
        model: That was asked for.
        template: See ``template_key``.
    """

    run_id: str
    server: str
    model: str
    template: str

    def together(self) -> Names:
        """By what all runs together are found."""
        return Names("", self.server, self.model, "")


@dataclass(frozen=True, slots=True)
class Rollup:
    """What is added to one row.

    Attributes:
        key: See ``written.ROLLUP_KEY``.
        counts: See ``written.ROLLUP_COUNTS``.
        latencies: None where nothing was measured.
    """

    key: tuple[str | int, ...]
    counts: tuple[int, ...]
    latencies: Histogram | None

    def merged(self, known: bytes | None) -> bytes | None:
        """The latencies together with those that the row has already.

        Damaged ones stay as they are: what was paid for is recorded all the same, and whoever reads the
        figures is told that they have to be made anew.
        """
        if self.latencies is None or known is None:
            return None if self.latencies is None else self.latencies.to_bytes()
        try:
            return self.latencies.added_to(bytes(known))
        except DamagedFigures:
            return bytes(known)


class _Cell:
    __slots__ = ("counts", "latencies")

    def __init__(self) -> None:
        self.counts = [0, 0, 0, 0, 0]
        self.latencies: Histogram | None = None


class Tally:
    """What ended at about one time in one run, by outcome and kind of error."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, str], _Cell] = {}

    def add(
        self,
        outcome: str,
        error_kind: str | None,
        latency_ms: float | None,
        input_tokens: int | None,
        output_tokens: int | None,
        cost_pusd: int,
    ) -> None:
        """Count one attempt."""
        key = (outcome, "" if error_kind is None or outcome == "answered" else _plain(error_kind))
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = _Cell()
        counts = cell.counts
        counts[0] += 1
        counts[1] += input_tokens or 0
        counts[2] += output_tokens or 0
        counts[3] += cost_pusd
        if latency_ms is not None:
            if cell.latencies is None:
                cell.latencies = Histogram()
            cell.latencies.add(latency_ms)

    def add_charged(self, charged: Iterable[tuple[Settlement, int]]) -> None:
        """Count attempts, each with what it is charged."""
        # What nearly all of them are goes together: this is on the way of every row.
        n = input_tokens = output_tokens = cost_pusd = 0
        latencies = []
        for s, charged_pusd in charged:
            if s.state is not RequestState.ANSWERED:
                self.add(
                    s.counted_as, s.error_kind, s.latency_ms, s.input_tokens, s.output_tokens, charged_pusd
                )
                continue
            n += 1
            input_tokens += s.input_tokens or 0
            output_tokens += s.output_tokens or 0
            cost_pusd += charged_pusd
            if s.latency_ms is not None:
                latencies.append(s.latency_ms)
        if n:
            counts = (n, input_tokens, output_tokens, cost_pusd, 0)
            self.add_counts("answered", "", counts, Histogram(latencies) if latencies else None)

    def add_cached(self, requests: int, saved_pusd: int) -> None:
        """Count requests that the ledger answered, and what their answers had cost."""
        if requests:
            self.add_counts("cached", "", (requests, 0, 0, 0, saved_pusd), None)

    def add_counts(
        self, outcome: str, error_kind: str, counts: Sequence[int], latencies: Histogram | None
    ) -> None:
        """Count what was counted before: see ``Rollup``."""
        cell = self._cells.setdefault((outcome, error_kind), _Cell())
        cell.counts = [a + b for a, b in zip(cell.counts, counts, strict=True)]
        if latencies is not None:
            if cell.latencies is None:
                cell.latencies = Histogram()
            cell.latencies.merge(latencies)

    def merge(self, other: Tally) -> None:
        """Count all that the other one has as well."""
        for (outcome, error_kind), cell in other._cells.items():
            self.add_counts(outcome, error_kind, cell.counts, cell.latencies)

    def write(self, connection: Connection, names: Names, owner_id: str, at_ms: int) -> None:
        """Add it to the rollups, in the transaction that stores what it counts.

        Args:
            connection: In that transaction; whoever locks accounts of days has done so.
            names: Of the run.
            owner_id: Whose transaction it is.
            at_ms: When all of it ended (epoch milliseconds).
        """
        if not self._cells:
            return
        part = zlib.crc32(owner_id.encode()) % PARTS if connection.dialect.name == "postgresql" else 0
        hot(connection).roll_up(
            connection,
            [
                # In the order of their keys, so that no two processes wait for each other in a circle.
                *self.rows("day", at_ms, names.together(), part),
                *self.rows("day", at_ms, names),
                *self.rows("hour", at_ms, names.together(), part),
                *self.rows("minute", at_ms, names),
            ],
        )

    def rows(self, step: str, at_ms: int, names: Names, part: int = 0) -> Iterator[Rollup]:
        """What it adds to the rows of one step, in the order of their keys."""
        where = (
            step,
            at_ms - at_ms % STEPS_MS[step],
            names.run_id,
            names.server,
            names.model,
            names.template,
        )
        for ended in sorted(self._cells):
            cell = self._cells[ended]
            yield Rollup((*where, *ended, part), tuple(cell.counts), cell.latencies)


def names_of(connection: Connection, run_id: str) -> Names:
    """What the requests of a run are found by."""
    spec: str = connection.execute(
        select(plans.c.spec).join(runs, runs.c.plan_id == plans.c.plan_id).where(runs.c.run_id == run_id)
    ).scalar_one()
    return names_in(run_id, spec)


def names_in(run_id: str, spec: str) -> Names:
    """The same, by the spec of its plan as JSON."""
    said = json.loads(spec)
    return Names(
        run_id,
        _plain(str(said.get("server_url", ""))),
        _plain(str(said.get("model", ""))),
        template_key(said.get("template", ""), said.get("system")),
    )


def template_key(template: str, system: str | None) -> str:
    """What a template and its system prompt are known by: twelve hex digits of their SHA-256."""
    return hashlib.sha256(json.dumps([template, system]).encode()).hexdigest()[:12]


def _plain(name: str) -> str:
    """A name as every database keeps it."""
    return name[:_LONGEST].replace("\0", "").replace("\x1a", "").encode(errors="replace").decode()
