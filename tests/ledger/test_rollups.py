import asyncio
import itertools
import math
import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loopai_nb.errors import LedgerError
from loopai_nb.ledger.figures import Figures, Scope
from loopai_nb.ledger.integrity import check
from loopai_nb.ledger.rebuilding import rebuild
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.retention import prune
from loopai_nb.records import Outcome, RequestState, RunState

MINUTE_MS, DAY_MS = 60_000, 86_400_000
BEGAN_S = 1_795_305_540.0  # 2026-11-21 23:59 UTC

ENDINGS = {
    "answered": (Outcome.ANSWERED, RequestState.ANSWERED),
    "failed": (Outcome.REJECTED, RequestState.FAILED),
    "retried": (Outcome.DEFERRED, RequestState.WAITING),
    "unknown": (Outcome.UNKNOWN, RequestState.MAYBE_PAID),
}


def _settled(lease, ending, latency_ms=100.0):
    outcome, state = ENDINGS[ending]
    return Settlement(
        lease,
        outcome,
        state,
        cost_pusd=7,
        text="a" if ending == "answered" else None,
        input_tokens=3,
        output_tokens=2,
        latency_ms=latency_ms if ending == "answered" else None,
        error_kind=None if ending == "answered" else f"kind of {ending}",
    )


def _record(shelf, run_id, endings):
    leases = asyncio.run(shelf.ledger.aclaim(run_id, len(endings))).leases
    settled = [_settled(*both) for both in zip(leases, endings, strict=False)]
    asyncio.run(shelf.ledger.arecord(run_id, settled))


def _rollups(shelf):
    return shelf.sql("SELECT * FROM rollups ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9")


def test_a_rebuild_gives_the_same_rows(shelf):
    """What was added up while it was recorded is what is made anew from the rows, and a check finds it so."""
    _, first = shelf.run([f"p{i}" for i in range(12)])
    for endings in (["answered"] * 3, ["failed", "answered"], ["retried", "unknown"], ["answered"]):
        _record(shelf, first, endings)
    shelf.ledger.end_run(first, RunState.PARTIAL, "", 1)
    _, second = shelf.run(["p0", "p1", "new"], model="m")
    _record(shelf, second, ["answered"])
    before = [row[:8] + row[9:] for row in _rollups(shelf)]  # rows of all runs may lie in several parts
    assert check(shelf.ledger) == []
    rebuild(shelf.ledger)
    assert check(shelf.ledger) == []
    # On Postgres a few rows of the same hour may have become one.
    after = [row[:8] + row[9:] for row in _rollups(shelf)]
    if shelf.ledger.engine.dialect.name == "sqlite":
        assert after == before
    assert len(after) <= len(before)


def test_a_rollup_that_was_changed_is_noticed(shelf):
    """A count, a latency or a row that is not what the attempts say is found, and made right by a rebuild."""
    _, run_id = shelf.run(["a", "b"])
    _record(shelf, run_id, ["answered", "failed"])
    before = _rollups(shelf)
    for change in (
        "UPDATE rollups SET requests = requests + 1 WHERE step = 'hour'",
        "UPDATE rollups SET latencies = NULL WHERE step = 'minute'",
        "DELETE FROM rollups WHERE step = 'day' AND run_id != ''",
    ):
        shelf.sql(change)
        assert any("loopai-nb ledger rebuild" in line for line in check(shelf.ledger))
        rebuild(shelf.ledger)
        assert [row[:8] + row[9:] for row in _rollups(shelf)] == [row[:8] + row[9:] for row in before]


def test_damaged_latencies_keep_no_answer_from_being_recorded(shelf):
    """Answers and counts go on; figures are said to be damaged until a rebuild, also where runs are gone."""
    _, run_id = shelf.run(["a", "b", "c"])
    _record(shelf, run_id, ["answered", "failed"])
    scope = Scope(0, shelf.ledger.now_ms() + MINUTE_MS)
    spoil = "UPDATE rollups SET latencies = CAST('x' AS {}) WHERE latencies IS NOT NULL".format(
        "BLOB" if shelf.ledger.engine.dialect.name == "sqlite" else "bytea"
    )
    shelf.sql(spoil)

    _record(shelf, run_id, ["answered"])

    assert shelf.sql("SELECT count(*) FROM answers") == [(2,)]
    mended = "figures over time are damaged.*loopai-nb ledger rebuild"
    with pytest.raises(LedgerError, match=mended):
        Figures(shelf.ledger).totals(scope)
    assert any(re.search(mended, line) for line in check(shelf.ledger))
    rebuild(shelf.ledger)
    found = Figures(shelf.ledger).totals(scope)
    assert (found.answered, found.latencies.count) == (2, 2)
    assert check(shelf.ledger) == []

    shelf.ledger.end_run(run_id, RunState.PARTIAL, "", 1)
    prune(shelf.ledger, older_than_days=0, mode="drop")
    shelf.sql(spoil)
    rebuild(shelf.ledger)
    found = Figures(shelf.ledger).totals(scope)
    assert (found.answered, found.latencies.count) == (2, 0)


def test_figures_of_dropped_runs_stay(shelf):
    """What was spent is told also when its plan is gone, and a rebuild keeps it."""
    _, run_id = shelf.run(["a", "b"])
    _record(shelf, run_id, ["answered", "failed"])
    shelf.ledger.end_run(run_id, RunState.PARTIAL, "", 1)
    scope = Scope(0, shelf.ledger.now_ms() + MINUTE_MS)
    before = Figures(shelf.ledger).totals(scope)
    prune(shelf.ledger, older_than_days=0, mode="drop")
    rebuild(shelf.ledger)
    assert shelf.sql("SELECT count(*) FROM attempts") == [(0,)]
    assert Figures(shelf.ledger).totals(scope) == before
    assert Figures(shelf.ledger).choices(scope).runs == [(run_id, "")]
    assert check(shelf.ledger) == []


@settings(
    max_examples=12, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from([0, 20, 61, 3_500, 40_000, 90_000, 3_000_000]),
            st.integers(0, 2),
            st.lists(st.sampled_from(list(ENDINGS)), min_size=1, max_size=4),
        ),
        min_size=1,
        max_size=12,
    ),
    ends=st.tuples(st.integers(-10_000, 200_000), st.integers(0, 5_000_000)),
    latencies=st.lists(st.floats(1, 1e6), min_size=1, max_size=5),
)
def test_figures_are_what_the_attempts_say(file_shelf, steps, ends, latencies):
    """Of any scope, at whatever time it begins and ends, totals, groups and series are the attempts' own."""
    shelf, started = file_shelf, itertools.count()
    now_s = BEGAN_S + 1e8 * next(_EXAMPLES)
    shelf.ledger._clock = lambda: now_s
    began_ms = shelf.ledger.now_ms()
    runs = [shelf.run([f"{now_s}{n}{i}" for i in range(60)], model=f"m{n}")[1] for n in range(3)]
    for seconds, which, endings in steps:
        now_s += seconds
        leases = asyncio.run(shelf.ledger.aclaim(runs[which], len(endings))).leases
        settled = [
            _settled(lease, ending, latencies[next(started) % len(latencies)])
            for lease, ending in zip(leases, endings, strict=False)
        ]
        asyncio.run(shelf.ledger.arecord(runs[which], settled))
    scope = Scope(began_ms + ends[0] * 1_000, began_ms + (ends[0] + ends[1]) * 1_000)
    since_ms, until_ms = scope.since_ms // MINUTE_MS * MINUTE_MS, -(scope.until_ms // -MINUTE_MS) * MINUTE_MS
    there = shelf.sql(
        "SELECT a.counted_as, a.run_id, a.latency_ms, a.cost_pusd FROM attempts a "
        "WHERE a.ended_ms >= ? AND a.ended_ms < ?",
        *(since_ms, until_ms),
    )
    figures = Figures(shelf.ledger)
    totals, counts = figures.totals(scope), Counter(row[0] for row in there)
    assert {name: getattr(totals, name) for name in ENDINGS} == {name: counts[name] for name in ENDINGS}
    assert totals.cost_pusd == sum(row[3] for row in there)
    exact = sorted(row[2] for row in there if row[0] == "answered")
    for share in (0.5, 0.95, 0.99):
        found = totals.latencies.percentile(share)
        assert found is None or math.isclose(
            found, exact[max(0, math.ceil(share * len(exact) - 1e-9) - 1)], rel_tol=0.01
        )
    by_run = Counter(row[1] for row in there)
    assert by_run == {
        group.name: group.totals.requests + group.totals.retried for group in figures.by(scope, "run")
    }
    for by in ("model", "run", "outcome"):
        series = figures.series(scope, by=by)
        assert len(series.times_ms) <= 302
        assert sum(sum(group.cost_pusd) for group in series.groups) == totals.cost_pusd
        assert sum(sum(group.requests) for group in series.groups) == totals.requests + (
            totals.retried if by == "outcome" else 0
        )
    for run_id in by_run:
        alone = figures.totals(Scope(scope.since_ms, scope.until_ms, run_id=run_id))
        assert alone.requests + alone.retried == by_run[run_id]
    over_time = figures.latency_over_time(scope)
    assert any(p50 is not None for p50 in over_time.p50) == bool(exact)


_EXAMPLES = itertools.count()
