import signal
import subprocess
import sys
from pathlib import Path

import pytest

from loopai_nb.ledger import queries
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import RunState

HELPER = Path(__file__).with_name("held_helper.py")
KILLED = Path(__file__).with_name("killed_run.py")
RESERVED = "SELECT (SELECT sum(reserved_pusd) FROM runs), (SELECT sum(reserved_pusd) FROM accounts)"


@pytest.fixture
def going(bench, devserver, birds, until):
    """A run of 400 rows in the middle, 8 in flight."""
    frame = birds(400)
    devserver.faults(latency_ms=20)
    run = bench.start(bench.plan(frame, budget_usd="1"), frame, concurrency=8)
    until(lambda: run.progress.answered >= 30)
    return run


def _rests(bench, run, until):
    """Wait until nothing of a paused run is in flight or held; how many are answered then."""
    until(lambda: run.progress.paused_by is not None and run.progress.in_flight == 0)
    until(lambda: bench.sql("SELECT count(*) FROM requests WHERE state = 'LEASED'") == [(0,)])
    return run.row.answered


def test_a_paused_run_sends_nothing_and_goes_on(bench, devserver, going, until):
    """Paused, what is in flight is kept and the budgets get back the rest; then all is answered once."""
    going.pause("ada")

    kept = _rests(bench, going, until)
    asked = devserver.stats().requests
    assert 30 <= kept == asked < 400
    assert bench.sql(RESERVED) == [(0, 0)]
    assert (going.state, going.reason) == (RunState.PAUSED, "paused by ada")
    progress = going.progress
    assert (progress.state, progress.paused_by, progress.left_s) == (RunState.PAUSED, "ada", None)
    assert not going.poll(0.6)
    assert devserver.stats().requests == asked

    going.go_on("ada")
    going.wait(timeout_s=60)
    assert going.state is RunState.COMPLETED
    assert devserver.stats().requests == 400
    assert max(devserver.stats().times_asked.values()) == 1
    assert bench.sql(RESERVED) == [(0, 0)]


def test_another_process_pauses_and_lets_it_go_on(bench, going, until):
    """What somebody else writes into the ledger is noticed by whoever carries the run out."""
    other = Ledger(bench.path)
    other.request_pause(going.run_id, "bob")
    _rests(bench, going, until)

    other.request_go_on(going.run_id, "bob")

    until(lambda: going.progress.state is RunState.RUNNING)
    assert going.wait(timeout_s=60).state is RunState.COMPLETED
    other.close()


def test_a_paused_run_is_cancelled(bench, going, until):
    """Cancel ends a paused run at once; nothing may have been paid, and a resume asks the rest."""
    going.pause()
    kept = _rests(bench, going, until)

    going.cancel()
    going.wait(timeout_s=60)

    row = going.row
    assert (row.state, row.answered, row.maybe_paid) == (RunState.CANCELLED, kept, 0)
    assert bench.reopen(going.run_id).wait().state is RunState.COMPLETED


def test_pausing_when_only_answers_are_missing_ends_the_run(bench, devserver, birds, until):
    """A run whose last requests were in flight when it was paused is complete when they are answered."""
    devserver.faults(latency_ms=300)
    run = bench.start(bench.plan(birds(4)), concurrency=8)
    until(lambda: run.progress.in_flight == 4)

    run.pause()

    assert run.wait(timeout_s=60).state is RunState.COMPLETED


def test_the_time_of_a_pause_is_not_the_run_s(bench, going, until):
    """How long it was carried out, and its rate, leave a person's pause out."""
    going.pause()
    _rests(bench, going, until)
    took_s = going.progress.elapsed_s
    assert not going.poll(1.0)
    assert going.progress.elapsed_s == pytest.approx(took_s, abs=0.01)

    going.cancel()
    going.wait(timeout_s=60)
    assert going.row.active_ms == pytest.approx(took_s * 1000, abs=50)


def test_a_run_that_is_killed_while_paused_is_resumed(tmp_path, devserver, until):
    """Kill -9 of a paused run loses nothing, leaves nothing that may be paid twice, and is resumed."""
    path = tmp_path / "ledger.sqlite3"
    devserver.faults(latency_ms=20)
    command = [sys.executable, str(KILLED), devserver.openai_url, str(path), "500"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as killed:
        until(lambda: devserver.stats().answered >= 50)
        ledger = Ledger(path)
        (run_id,) = queries.run_ids(ledger)
        ledger.request_pause(run_id, "ada")
        until(lambda: devserver.stats().in_flight == 0 and not _leased(ledger))
        killed.send_signal(signal.SIGKILL)
    row = queries.run_row(ledger, run_id)
    assert (row.state, row.owner_gone, row.maybe_paid) == (RunState.PAUSED, True, 0)
    ledger.close()

    devserver.faults(latency_ms=0)
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=120).stdout
    assert said.split()[1:] == ["COMPLETED", "500"]
    assert devserver.stats().requests == 500


def test_a_helper_that_dies_waiting_does_not_leave_the_run_paused(bench, devserver, going, until):
    """A run is PAUSED while a helper's server lets that wait; where the helper is killed it is not."""
    devserver.faults(latency_ms=1_000)  # so that there is something left for it to lease
    command = [sys.executable, str(HELPER), str(bench.path), going.run_id]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as helper:
        assert helper.stdout.readline() == "1 held\n"
        assert going.state is RunState.PAUSED
        helper.kill()

    until(lambda: going.state is RunState.RUNNING)
    devserver.faults(latency_ms=0)
    assert going.wait(timeout_s=60).state is RunState.COMPLETED


def _leased(ledger):
    with ledger.engine.connect() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM requests WHERE state = 'LEASED'").scalar()
