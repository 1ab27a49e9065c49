"""Several runs and processes on one ledger and one server."""

import subprocess
import sys
from pathlib import Path

import pytest

from loopai_nb.ledger import money, queries
from loopai_nb.ledger.store import Ledger
from loopai_nb.pricing import pusd, usd
from loopai_nb.records import RunState
from loopai_nb.redaction import Secret

PROGRAM = Path(__file__).with_name("joining.py")


@pytest.fixture(params=["sqlite", "postgres"])
def where(request, tmp_path):
    """Where a ledger is: a file, or a database of a real Postgres."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite3")
    return request.getfixturevalue("database")


def opened(where, **options):
    """The ledger there."""
    return Ledger(Secret(where) if "://" in where else Path(where), **options)


def _start(verb, devserver, where, *arguments):
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), verb, devserver.openai_url, where, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_share_a_run_and_ask_each_row_once(devserver, where):
    """A second process joins a run: both answer rows, none is asked twice, and the last one ends it."""
    devserver.faults(latency_ms=1_000)  # until both are there, whose start takes as long as it takes
    with _start("map", devserver, where, 600) as first:
        run_id = first.stdout.readline().strip()
        with _start("join", devserver, where, run_id) as second:
            assert second.stdout.readline() == "joined\n"
            devserver.faults(latency_ms=10)
            said = [process.communicate(timeout=120)[0].split() for process in (first, second)]

    stats = devserver.stats()
    assert len(stats.times_asked) == stats.requests == 600
    answered = [int(words[-1]) for words in said]
    assert sum(answered) == 600
    assert min(answered) > 0
    ledger = opened(where)
    row = queries.run_row(ledger, run_id)
    assert (row.state, row.answered) == (RunState.COMPLETED, 600)
    ledger.close()


def test_what_a_killed_helper_held_is_taken_over(devserver, where, until):
    """Kill -9 of a process that joined: the other one finishes its rows, and asks at most those again."""
    devserver.faults(latency_ms=1_000)
    with _start("map", devserver, where, 500) as first:
        run_id = first.stdout.readline().strip()
        with _start("join", devserver, where, run_id) as second:
            assert second.stdout.readline() == "joined\n"
            until(lambda: devserver.stats().max_in_flight > 8)
            second.kill()
            second.communicate()
        devserver.faults(latency_ms=20)
        first.communicate(timeout=120)

    ledger = opened(where)
    row = queries.run_row(ledger, run_id)
    assert (row.state, row.answered) == (RunState.COMPLETED, 500)
    assert len(devserver.stats().times_asked) == 500
    assert devserver.stats().requests <= 500 + 8
    assert row.maybe_paid <= 8 + 8 + 4  # in flight, and claimed ahead
    ledger.close()


@pytest.mark.usefixtures("one_day")
def test_racing_runs_never_pass_the_budget_of_a_day(devserver, where):
    """Attack 50: three processes, one budget a day: the server bills no more than it, and each is PARTIAL."""
    started = [_start("day", devserver, where, 400, n, "0.008") for n in range(3)]
    said = [process.communicate(timeout=120)[0].split() for process in started]

    assert {words[1] for words in said} == {"PARTIAL"}
    assert all("day" in " ".join(words[2:]) for words in said)
    billed = devserver.stats().cost_usd(1, 2)
    assert 0 < billed <= 0.008
    ledger = opened(where)
    spent, reserved = queries.day_money(ledger, money.day_of(ledger.now_ms()))
    assert reserved == 0
    assert billed <= float(usd(spent)) <= 0.008
    assert float(usd(spent)) > 0.0075  # what is left does not hold the worst case of one more
    kinds = [event.kind for event in queries.recent_events(ledger)]
    assert kinds.count("budget_100") == 1
    ledger.close()


def test_two_runs_of_one_process_share_the_pace_of_a_server(bench, devserver, birds):
    """Both runs together keep to the limit in flight, and both end."""
    devserver.faults(latency_ms=5)
    plans = [bench.plan(birds(200)), bench.plan(birds(400).tail(200))]

    runs = [bench.start(plan, concurrency=8) for plan in plans]
    for run in runs:
        run.wait(timeout_s=60)

    assert [run.state for run in runs] == [RunState.COMPLETED] * 2
    assert devserver.stats().max_in_flight <= 8


def test_who_comes_second_does_not_wait_for_the_first_one_s_last_row(bench, devserver, birds):
    """Two runs on one server take turns: 30 rows of one are done when some 30 of the other are."""
    devserver.faults(latency_ms=20)
    long = bench.start(bench.plan(birds(600)), concurrency=4, fixed=True)
    short = bench.start(bench.plan(birds(630).tail(30)), concurrency=4, fixed=True)

    short.wait(timeout_s=60)
    answered = long.progress.answered
    long.wait(timeout_s=60)

    assert short.state is long.state is RunState.COMPLETED
    assert answered < 100
    assert devserver.stats().max_in_flight <= 4


def test_four_fifths_of_a_budget_are_told_once(bench, birds, caplog):
    """At 80% a warning goes to the log and to the progress, and an event to the ledger; once."""
    plan = bench.plan(birds(100), budget_usd="0.0034")

    run = bench.start(plan)
    run.wait(timeout_s=60)

    assert run.row.spent_pusd > 0.8 * pusd("0.0034")
    told = [event for event in queries.recent_events(bench.ledger) if event.kind == "budget_80"]
    assert len(told) == 1
    assert [told[0].message] == list(run._executor.counts.warnings)
    assert [record.getMessage() for record in caplog.records] == [f"{run.run_id}: {told[0].message}"]
