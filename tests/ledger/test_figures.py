import asyncio
import contextlib
import sqlite3
from dataclasses import replace

from sqlalchemy import event, insert

from loopai_nb.ledger.figures import Figures, Scope
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.schema import rollups
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import Outcome, RequestState

HOUR_MS = 3_600_000


def answered(lease, latency_ms=100.0):
    """An answer of 3 and 4 tokens for 43 pUSD."""
    return Settlement(
        lease,
        Outcome.ANSWERED,
        RequestState.ANSWERED,
        43,
        text="yes",
        model="m-1",
        finish_reason="stop",
        input_tokens=3,
        output_tokens=4,
        latency_ms=latency_ms,
    )


def failed(lease, state=RequestState.FAILED, kind="bad_request"):
    """A refusal that costs nothing."""
    return Settlement(lease, Outcome.REJECTED, state, error_kind=kind, error="no")


def test_what_happened_is_counted(shelf):
    """Answers, failures, retries and what the ledger knew are told apart, with tokens, cost and latency."""
    _, run_id = shelf.run(["a", "b", "c"])
    (one, two, three) = asyncio.run(shelf.ledger.aclaim(run_id, 3)).leases
    waiting = failed(three, RequestState.WAITING, "busy")
    asyncio.run(shelf.ledger.arecord(run_id, [answered(one), failed(two), replace(waiting, is_busy=True)]))
    _, second = shelf.run(["a"])
    now_ms = shelf.ledger.now_ms()
    figures, scope = Figures(shelf.ledger), Scope(now_ms - HOUR_MS, now_ms + 1)

    totals = figures.totals(scope)

    assert (totals.answered, totals.failed, totals.cached, totals.retried, totals.unknown) == (1, 1, 1, 1, 0)
    assert (totals.requests, totals.error_rate) == (3, 0.5)
    assert (totals.input_tokens, totals.output_tokens, totals.cost_pusd, totals.saved_pusd) == (3, 4, 43, 43)
    assert 99 <= totals.p95_ms <= 101
    assert [group.name for group in figures.by(scope, "run")] == [run_id, second]
    assert [group.name for group in figures.by(scope, "error_kind")] == ["bad_request", "busy"]
    assert figures.totals(replace(scope, run_id=second)).requests == 1
    assert figures.compared(scope)[1].requests == 0


def test_no_minute_counts_in_a_period_and_in_the_one_before(shelf):
    """A period that begins within a minute takes all of it; the one before ends where it begins."""
    _, run_id = shelf.run(["a"])
    asyncio.run(
        shelf.ledger.arecord(run_id, [answered(asyncio.run(shelf.ledger.aclaim(run_id, 1)).leases[0])])
    )
    (minute_ms, _) = Figures(shelf.ledger).extent()

    here, before = Figures(shelf.ledger).compared(Scope(minute_ms + 30_000, minute_ms + 4 * 60_000 + 1))

    assert (here.requests, before.requests) == (1, 0)
    whole = Scope(minute_ms, minute_ms + 5 * 60_000).before()
    assert Scope(minute_ms + 30_000, minute_ms + 4 * 60_000 + 1).before() == whole


def test_all_of_many_groups_are_told_where_a_database_takes_few_values(tmp_path):
    """More runs than values in a statement of SQLite, of which builds take 999, 32,766 or 250,000."""
    with contextlib.closing(Ledger(tmp_path / "ledger" / "ledger.sqlite3")) as ledger:

        @event.listens_for(ledger.engine, "checkout")
        def _few(connection, *_):
            connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)

        row = dict.fromkeys(("error_kind", "server", "model", "template"), "") | {
            "step": "minute",
            "at_ms": 0,
        }
        row |= dict.fromkeys(("part", "input_tokens", "output_tokens", "saved_pusd"), 0)
        row |= {"outcome": "answered", "requests": 1, "cost_pusd": 7}
        with ledger.engine.begin() as connection:
            connection.execute(insert(rollups), [row | {"run_id": f"r-{n}"} for n in range(1_500)])
        found = Figures(ledger).by(Scope(0, 60_000), "run", most=10_000)
        few = Figures(ledger).by(Scope(0, 60_000), "run", most=900)
    assert (len(found), sum(group.totals.cost_pusd for group in found)) == (1_500, 10_500)
    assert len(few) == 900
