"""Which rollups a scope is put together from: whole days and hours, and the minutes at its ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, union_all

from loopai_nb.ledger.rollups import DAY_MS, HOUR_MS, MINUTE_MS, STEPS_MS
from loopai_nb.ledger.schema import rollups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loopai_nb.ledger.totals import Scope

__all__ = ["rollups_of", "times_of"]

_MOST_POINTS = 300

_POINTS_MS = (
    *(n * MINUTE_MS for n in (1, 2, 5, 10, 15, 30)),
    *(n * HOUR_MS for n in (1, 2, 3, 6, 12)),
    *(n * DAY_MS for n in (1, 2, 7, 14, 28, 56, 112, 364)),
)

# Up to which length of a scope (days) minutes or hours are looked at one by one.
_MINUTES_D, _HOURS_D, _MINUTES_OF_RUNS_D = 2, 31, 7


def rollups_of(scope: Scope, *, alone: bool = False, step_ms: int | None = None) -> Any:
    """The rollups of a scope as a subquery.

    Args:
        scope: What is looked at.
        alone: What tells runs apart; so it is anyway where the scope asks for some runs only.
        step_ms: None is coarser than this (whole minutes); None: as coarse as there are.
    """
    alone = alone or scope.is_of_runs
    steps = [
        step
        for step in (("day", "minute") if alone else ("day", "hour", "minute"))
        if step_ms is None or step_ms % STEPS_MS[step] == 0
    ]
    since_ms = scope.since_ms - scope.since_ms % MINUTE_MS
    until_ms = -(scope.until_ms // -MINUTE_MS) * MINUTE_MS
    wanted = [
        rollups.c[name] == value
        for name in ("run_id", "server", "model", "template")
        if (value := getattr(scope, name)) is not None
    ]
    parts = [
        select(rollups).where(
            rollups.c.step == step,
            rollups.c.at_ms >= from_ms,
            rollups.c.at_ms < to_ms,
            *((rollups.c.run_id != "",) if alone else (rollups.c.run_id == "",) if step != "minute" else ()),
            *wanted,
        )
        for step, from_ms, to_ms in _split(since_ms, until_ms, steps)
    ]
    return (parts[0] if len(parts) == 1 else union_all(*parts)).subquery("there")


def _split(since_ms: int, until_ms: int, steps: list[str]) -> Iterator[tuple[str, int, int]]:
    """A stretch of time in as few rows as there are steps for: ``(step, from, to)``."""
    step, *finer = steps
    size_ms = STEPS_MS[step]
    first_ms, last_ms = -(since_ms // -size_ms) * size_ms, until_ms - until_ms % size_ms
    if finer and first_ms >= last_ms:
        yield from _split(since_ms, until_ms, finer)
        return
    yield step, first_ms, last_ms
    if since_ms < first_ms:
        yield from _split(since_ms, first_ms, finer)
    if last_ms < until_ms:
        yield from _split(last_ms, until_ms, finer)


def times_of(scope: Scope, step_ms: int | None, *, alone: bool) -> tuple[int, list[int]]:
    """The step of a chart, and where each begins (epoch milliseconds)."""
    length_ms = max(1, scope.until_ms - scope.since_ms)
    if step_ms is None:
        least_ms = max(length_ms / _MOST_POINTS, _grain_ms(length_ms, alone=alone or scope.is_of_runs))
        step_ms = next((step for step in _POINTS_MS if step >= least_ms), _POINTS_MS[-1])
    first_ms = scope.since_ms - scope.since_ms % step_ms
    return step_ms, list(range(first_ms, max(scope.until_ms, scope.since_ms + 1), step_ms))


def _grain_ms(length_ms: int, *, alone: bool) -> int:
    """The least step for which a few thousand rows are read."""
    if length_ms <= (_MINUTES_OF_RUNS_D if alone else _MINUTES_D) * DAY_MS:
        return MINUTE_MS
    return HOUR_MS if length_ms <= _HOURS_D * DAY_MS and not alone else DAY_MS
