"""What requests came to over time: counts, tokens, costs and latencies, for every view of the ledger."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, case, func, select, true

from loopai_nb.ledger.histogram import Histogram
from loopai_nb.ledger.money import day_of
from loopai_nb.ledger.pieces import rollups_of, times_of
from loopai_nb.ledger.rollups import DAY_MS, MINUTE_MS, template_key
from loopai_nb.ledger.schema import plans, rollups, runs
from loopai_nb.ledger.totals import (
    OUTCOMES,
    Choices,
    GroupFigures,
    LatencySeries,
    Scope,
    Series,
    SeriesGroup,
    Totals,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection

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

GroupName = Literal["run", "model", "server", "template", "error_kind", "day"]
SeriesName = Literal["model", "outcome", "server", "run"]

_MOST_CHOICES = 200
_AT_ONCE = 500
"""Names in one statement: SQLite takes 32,766 values, and older ones 999."""

_LONGEST_LABEL = 80


class Figures:
    """Reads what requests came to, from rollups: a few thousand rows, however many requests there are.

    Args:
        ledger: Of which.
        masked: What a template's line goes through before it is cut to a label.
    """

    def __init__(self, ledger: Ledger, masked: Callable[[str], str] = str) -> None:
        self._ledger = ledger
        self._masked = masked

    def totals(self, scope: Scope) -> Totals:
        """What all of a scope came to."""
        there = rollups_of(scope)
        totals = Totals()
        with self._reading() as connection:
            for row in connection.execute(select(there.c.outcome, *_sums(there)).group_by(there.c.outcome)):
                _add(totals, row)
            measured = connection.execute(select(there.c.latencies).where(_measured(there)))
            totals.latencies.merge_all(measured.scalars().all())
        return totals

    def compared(self, scope: Scope) -> tuple[Totals, Totals]:
        """What a scope came to, and what the time of the same length before it did."""
        return self.totals(scope), self.totals(scope.before())

    def series(self, scope: Scope, *, by: SeriesName, step_ms: int | None = None) -> Series:
        """Figures over time, a line for each model, outcome, server or run.

        Args:
            scope: What is looked at.
            by: What makes a line.
            step_ms: From point to point, whole minutes; None for one that makes at most some 300 points. One
                that is no whole hours takes as long as there are minutes.
        """
        alone = by == "run"
        step_ms, times_ms = times_of(scope, step_ms, alone=alone)
        there = rollups_of(scope, alone=alone, step_ms=step_ms)
        name, place = _NAMES[by](there).label("name"), _place(there, times_ms[0], step_ms)
        ended = there.c.requests
        if by != "outcome":
            ended = case((there.c.outcome == "retried", 0), else_=ended)
        statement = select(
            name,
            place,
            func.sum(ended).label("ended"),
            func.sum(there.c.cost_pusd).label("cost_pusd"),
            func.sum(there.c.input_tokens + there.c.output_tokens).label("tokens"),
        ).group_by(name, place)
        groups: dict[str, SeriesGroup] = {}
        with self._reading() as connection:
            for row in connection.execute(statement):
                group = groups.get(row.name)
                if group is None:
                    none = [0] * len(times_ms)
                    group = groups[row.name] = SeriesGroup(row.name, none, none.copy(), none.copy())
                group.requests[row.place] = int(row.ended)
                group.cost_pusd[row.place] = int(row.cost_pusd)
                group.tokens[row.place] = int(row.tokens)
        ordered = sorted(groups.values(), key=lambda group: (-sum(group.requests), group.name))
        return Series(step_ms, times_ms, ordered)

    def latency_over_time(self, scope: Scope, step_ms: int | None = None) -> LatencySeries:
        """Percentiles of the latency over time; see ``series`` of the step."""
        step_ms, times_ms = times_of(scope, step_ms, alone=False)
        there = rollups_of(scope, step_ms=step_ms)
        parts: list[list[bytes]] = [[] for _ in times_ms]
        statement = select(_place(there, times_ms[0], step_ms), there.c.latencies).where(_measured(there))
        with self._reading() as connection:
            for place, latencies in connection.execute(statement):
                parts[place].append(latencies)
        found = [_merged(some).percentiles((0.5, 0.95, 0.99)) for some in parts]
        p50, p95, p99 = ([one[i] for one in found] for i in range(3))
        return LatencySeries(step_ms, times_ms, p50, p95, p99)

    def by(self, scope: Scope, what: GroupName, *, most: int = 50) -> list[GroupFigures]:
        """What each run, model, server, template, error kind or day came to.

        Args:
            scope: What is looked at.
            what: Which of them. Error kinds are of what failed, was tried again or is unknown.
            most: Groups at most.

        Returns:
            The dearest first, then those with the most requests; error kinds by how many; days in order, the
            last ones.
        """
        there = rollups_of(
            scope, alone=what in {"run", "template"}, step_ms=DAY_MS if what == "day" else None
        )
        name = _NAMES[what](there).label("name")
        chosen = select(name).group_by(name).limit(most)
        if what == "day":
            chosen = chosen.order_by(name.desc())
        elif what == "error_kind":
            chosen = chosen.where(name != "").order_by(func.sum(there.c.requests).desc(), name)
        else:
            chosen = chosen.order_by(
                func.sum(there.c.cost_pusd).desc(), func.sum(there.c.requests).desc(), name
            )
        with self._reading() as connection:
            names = list(connection.execute(chosen).scalars())
            groups = {found: Totals() for found in names}
            # All that there are need not be named: a database takes only so many values.
            wanted = name.in_(names) if len(names) == most else name != "" if what == "error_kind" else true()
            summed = select(name, there.c.outcome, *_sums(there)).where(wanted)
            for row in connection.execute(summed.group_by(name, there.c.outcome)):
                if row.name in groups:  # else it has come since
                    _add(groups[row.name], row)
            measured = select(name, there.c.latencies).where(_measured(there), wanted)
            parts: dict[Any, list[bytes]] = {found: [] for found in names}
            for found, latencies in connection.execute(measured):
                if found in parts:
                    parts[found].append(latencies)
            for found, some in parts.items():
                groups[found].latencies.merge_all(some)
            labels: dict[str, str] = {}
            for start in range(0, len(names), _AT_ONCE):
                part = names[start : start + _AT_ONCE]
                labels |= _labels(connection, what, scope, part, self._masked)
        if what == "day":
            return [GroupFigures(day_of(at_ms), groups[at_ms]) for at_ms in reversed(names)]
        return [GroupFigures(found, groups[found], labels.get(found, "")) for found in names]

    def extent(self) -> tuple[int, int] | None:
        """From when to when there is anything (epoch milliseconds, whole minutes); None where nothing is."""
        ends = [
            select(end(rollups.c.at_ms)).where(rollups.c.step == "minute").scalar_subquery()
            for end in (func.min, func.max)
        ]
        with self._reading() as connection:
            first_ms, last_ms = connection.execute(select(*ends)).one()
        return None if first_ms is None else (int(first_ms), int(last_ms) + MINUTE_MS)

    def choices(self, scope: Scope) -> Choices:
        """What there is to choose from in a scope's time, whatever the scope itself has chosen.

        Of runs and templates the latest two hundred.
        """
        time = Scope(scope.since_ms, scope.until_ms)
        together, alone = rollups_of(time), rollups_of(time, alone=True)
        named = select(together.c.server, together.c.model, together.c.error_kind).distinct()
        with self._reading() as connection:
            found = connection.execute(named).all()
            latest = {
                what: list(
                    connection.execute(
                        select(alone.c[what])
                        .group_by(alone.c[what])
                        .order_by(func.max(alone.c.at_ms).desc(), alone.c[what])
                        .limit(_MOST_CHOICES)
                    ).scalars()
                )
                for what in ("run_id", "template")
            }
            run_labels = _labels(connection, "run", time, latest["run_id"], self._masked)
            template_labels = _labels(connection, "template", time, latest["template"], self._masked)
        return Choices(
            runs=[(run_id, run_labels.get(run_id, "")) for run_id in latest["run_id"]],
            servers=sorted({row.server for row in found}),
            models=sorted({row.model for row in found}),
            templates=[(key, template_labels.get(key, "")) for key in latest["template"]],
            error_kinds=sorted({row.error_kind for row in found} - {""}),
        )

    def _reading(self) -> Connection:
        return self._ledger.engine.connect().execution_options(reading=True)


def _merged(parts: Sequence[bytes]) -> Histogram:
    together = Histogram()
    together.merge_all(parts)
    return together


def _sums(there: Any) -> list[Any]:
    names = ("requests", "input_tokens", "output_tokens", "cost_pusd", "saved_pusd")
    return [func.sum(there.c[name]).label(name) for name in names]


def _measured(there: Any) -> Any:
    return and_(there.c.outcome == "answered", there.c.latencies.is_not(None))


def _place(there: Any, first_ms: int, step_ms: int) -> Any:
    """Which of the steps a row belongs to."""
    return ((there.c.at_ms - first_ms) // step_ms).label("place")


def _add(totals: Totals, row: Any) -> None:
    """Add the sums of one outcome; Postgres gives sums as Decimal."""
    setattr(totals, row.outcome, getattr(totals, row.outcome) + int(row.requests))
    totals.input_tokens += int(row.input_tokens)
    totals.output_tokens += int(row.output_tokens)
    totals.cost_pusd += int(row.cost_pusd)
    totals.saved_pusd += int(row.saved_pusd)


def _labels(
    connection: Connection, what: str, scope: Scope, names: Iterable[str], masked: Callable[[str], str]
) -> dict[str, str]:
    """What a person knows runs or templates by."""
    if what == "run":
        statement = (
            select(runs.c.run_id, plans.c.frame_name)
            .join(plans, plans.c.plan_id == runs.c.plan_id)
            .where(runs.c.run_id.in_(names))
        )
        return {row.run_id: row.frame_name for row in connection.execute(statement)}
    if what != "template":
        return {}
    there = rollups_of(scope, alone=True)
    one = (
        select(there.c.template, func.max(there.c.run_id).label("run_id"))
        .where(there.c.template.in_(names), there.c.run_id.in_(select(runs.c.run_id)))
        .group_by(there.c.template)
        .subquery("one")
    )
    statement = (
        select(one.c.template, plans.c.spec)
        .join(runs, runs.c.run_id == one.c.run_id)
        .join(plans, plans.c.plan_id == runs.c.plan_id)
    )
    return {
        key: _cut(masked(_first_line(json.loads(spec).get("template", ""))))
        for key, spec in connection.execute(statement)
    }


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST_LABEL else line[: _LONGEST_LABEL - 1] + "…"


_NAMES: dict[str, Callable[[Any], Any]] = {
    "run": lambda there: there.c.run_id,
    "model": lambda there: there.c.model,
    "server": lambda there: there.c.server,
    "template": lambda there: there.c.template,
    "error_kind": lambda there: there.c.error_kind,
    "outcome": lambda there: there.c.outcome,
    "day": lambda there: there.c.at_ms - there.c.at_ms % DAY_MS,
}
