"""Making the rollups anew from the rows that they are made of, and telling whether they say the same."""

from __future__ import annotations

import contextlib
import itertools
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, select, text, update

from loopai_nb.ledger import search_index, written
from loopai_nb.ledger.histogram import DamagedFigures, Histogram
from loopai_nb.ledger.rollups import DAY_MS, HOUR_MS, MINUTE_MS, Names, Rollup, Tally, names_in
from loopai_nb.ledger.schema import answers, attempts, plans, requests, rollups, runs
from loopai_nb.ledger.transaction import Kept, carry_out
from loopai_nb.records import RequestState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from loopai_nb.ledger.store import Ledger

__all__ = ["differ", "fill", "rebuild"]

_AT_ONCE = 2_000
_IN_CHUNKS = {"yield_per": _AT_ONCE}

_COUNTS = tuple(rollups.c[name] for name in written.ROLLUP_COUNTS)
_NAMED = (rollups.c.server, rollups.c.model, rollups.c.outcome, rollups.c.error_kind)


def rebuild(ledger: Ledger, *, index: bool = True) -> int:
    """Make the rollups anew, in one transaction, then the search index; others wait with their writes.

    Those of runs that were deleted stay: there is nothing any more that they could be made of. Where their
    latencies are damaged, only the counts stay.

    Args:
        ledger: Whose.
        index: Fill the search index at once; else it is filled when there is time for it.

    Returns:
        How many rollups there are.

    Raises:
        LedgerError: A write failed, and nothing was changed.
    """
    with contextlib.closing(Kept(ledger.engine)) as own:
        (made,) = carry_out(own, [fill])
        carry_out(own, [search_index.begin_anew])
    while index and ledger.fill_search():
        pass
    return int(made)


def fill(connection: Connection) -> int:
    """See ``rebuild``; in the transaction under way."""
    if connection.dialect.name == "postgresql":
        # Whoever is about to add to a row waits, and reads it when this is done.
        connection.execute(text("LOCK TABLE rollups IN EXCLUSIVE MODE"))
    of_runs = rollups.c.run_id.in_(select(runs.c.run_id))
    connection.execute(delete(rollups).where(of_runs))
    _leave_out_damaged(connection)
    _insert(connection, itertools.chain.from_iterable(_of_runs(connection)))
    connection.execute(delete(rollups).where(rollups.c.run_id == ""))
    _insert(connection, _of_minutes(connection))
    return connection.execute(select(func.count()).select_from(rollups)).scalar_one()


def _leave_out_damaged(connection: Connection) -> None:
    """Of rows that can't be made anew, the latencies that can't be read."""
    key = [rollups.c[name] for name in written.ROLLUP_KEY]
    kept = select(*key, rollups.c.latencies).where(rollups.c.run_id != "", rollups.c.latencies.is_not(None))
    damaged = [row for row in connection.execute(kept, execution_options=_IN_CHUNKS) if not _whole(row[-1])]
    for *values, _ in damaged:
        this = and_(*(column == value for column, value in zip(key, values, strict=True)))
        connection.execute(update(rollups).where(this).values(latencies=None))


def _whole(latencies: bytes) -> bool:
    try:
        Histogram.from_bytes(bytes(latencies))
    except DamagedFigures:
        return False
    return True


def differ(connection: Connection) -> bool:
    """Whether any rollup is not what the rows, or the minutes, say that it is.

    Raises:
        DamagedFigures: One can't be read.
    """
    there = set(connection.execute(select(runs.c.run_id)).scalars())
    stored = _stored(connection)
    sums = {True: 0, False: 0}
    for row in itertools.chain.from_iterable(_of_runs(connection)):
        sums[True] += _print_of(row)
    for row in _of_minutes(connection):
        sums[True] += _print_of(row)
    for row in stored:
        if row.key[2] == "" or row.key[2] in there:
            sums[False] += _print_of(row)
    return sums[True] != sums[False]


def _print_of(row: Rollup) -> int:
    """A number that hardly any other row has: the sums of two sets' numbers are equal where the sets are."""
    return hash((row.key, row.counts, row.merged(None)))


def _of_runs(connection: Connection) -> Iterator[Iterator[Rollup]]:
    """Minutes and days of each run, from its attempts and what it took from the cache."""
    found = connection.execute(
        select(runs.c.run_id, runs.c.plan_id, plans.c.spec).join(plans, plans.c.plan_id == runs.c.plan_id)
    ).all()
    for run in found:
        yield _of_run(connection, run.plan_id, names_in(run.run_id, run.spec))


def _of_run(connection: Connection, plan_id: str, names: Names) -> Iterator[Rollup]:
    minutes: dict[int, Tally] = {}
    sent = select(
        attempts.c.ended_ms,
        attempts.c.counted_as,
        attempts.c.error_kind,
        attempts.c.latency_ms,
        attempts.c.input_tokens,
        attempts.c.output_tokens,
        attempts.c.cost_pusd,
    ).where(attempts.c.run_id == names.run_id)
    for ended_ms, *counted in connection.execute(sent, execution_options=_IN_CHUNKS):
        _at(minutes, ended_ms - ended_ms % MINUTE_MS).add(*counted)
    minute = requests.c.ended_ms - requests.c.ended_ms % MINUTE_MS
    cached = (
        select(minute, func.count(), func.sum(answers.c.cost_pusd))
        .select_from(requests)
        .join(answers, answers.c.request_no == requests.c.answer_no)
        .where(
            requests.c.plan_id == plan_id,
            requests.c.state == RequestState.ANSWERED,
            requests.c.cached,
            requests.c.run_id == names.run_id,
        )
        .group_by(minute)
    )
    for at_ms, n, saved_pusd in connection.execute(cached):
        _at(minutes, at_ms).add_cached(n, int(saved_pusd))
    days: dict[int, Tally] = {}
    for at_ms, tally in minutes.items():
        _at(days, at_ms - at_ms % DAY_MS).merge(tally)
        yield from tally.rows("minute", at_ms, names)
    for at_ms, tally in days.items():
        yield from tally.rows("day", at_ms, names)


def _of_minutes(connection: Connection) -> Iterator[Rollup]:
    """Hours and days of all runs together, from the minutes of each."""
    minutes = (
        select(rollups.c.at_ms, *_NAMED, *_COUNTS, rollups.c.latencies)
        .where(rollups.c.step == "minute")
        .order_by(rollups.c.at_ms)
    )
    days = itertools.groupby(
        connection.execute(minutes, execution_options=_IN_CHUNKS), lambda row: row.at_ms - row.at_ms % DAY_MS
    )
    for day_ms, of_day in days:
        by_day: dict[tuple[str, str], Tally] = {}
        for hour_ms, of_hour in itertools.groupby(of_day, lambda row: row.at_ms - row.at_ms % HOUR_MS):
            by_hour: dict[tuple[str, str], Tally] = {}
            for row in of_hour:
                _at(by_hour, (row.server, row.model)).add_counts(*_counted(row))
            for (server, model), tally in by_hour.items():
                _at(by_day, (server, model)).merge(tally)
                yield from tally.rows("hour", hour_ms, Names("", server, model, ""))
        for (server, model), tally in by_day.items():
            yield from tally.rows("day", day_ms, Names("", server, model, ""))


def _stored(connection: Connection) -> Iterator[Rollup]:
    """The rollups that there are; what processes keep apart is put together."""
    key = [rollups.c[name] for name in written.ROLLUP_KEY]
    found = connection.execute(
        select(*key, *_COUNTS, rollups.c.latencies).order_by(*key), execution_options=_IN_CHUNKS
    )
    for (step, at_ms, run_id, server, model, template), rows in itertools.groupby(found, lambda row: row[:6]):
        tally = Tally()
        for row in rows:
            tally.add_counts(*_counted(row))
        yield from tally.rows(step, at_ms, Names(run_id, server, model, template))


def _counted(row: Any) -> tuple[str, str, tuple[int, ...], Histogram | None]:
    counts = tuple([getattr(row, name) for name in written.ROLLUP_COUNTS])
    latencies = None if row.latencies is None else Histogram.from_bytes(bytes(row.latencies))
    return row.outcome, row.error_kind, counts, latencies


def _at(tallies: dict[Any, Tally], key: Any) -> Tally:
    found = tallies.get(key)
    if found is None:
        found = tallies[key] = Tally()
    return found


def _insert(connection: Connection, rows: Iterable[Rollup]) -> None:
    rows = iter(rows)
    while chunk := list(itertools.islice(rows, _AT_ONCE)):
        connection.execute(
            insert(rollups),
            [
                dict(zip(written.ROLLUP, (*row.key, *row.counts, row.merged(None)), strict=True))
                for row in chunk
            ],
        )
