"""``pause`` and ``go`` from another process than that which carries the run out."""

import contextlib
import re
import sqlite3
import subprocess

ROWS = 300


def _leased(path):
    """Requests that are claimed: what was claimed before a pause is still sent."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM requests WHERE state = 'LEASED'").fetchone()[0]


def test_a_run_is_paused_and_let_go_on_by_another_process(ready, birds_csv, devserver, template, until):
    """Paused, nothing is sent and the command waits; after ``go`` it ends 0, and every row was asked once."""
    devserver.faults(latency_ms=500)
    process = ready.start(
        "run", "--csv", birds_csv(ROWS), "--template", template, "--max-tokens", "8", "--concurrency", "2",
        "--yes", "--out", "o.csv", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    until(lambda: devserver.stats().requests > 1)
    run_id = re.search(r"r-[0-9a-f]+", ready.inside("runs").out)[0]

    paused = ready.inside("pause", run_id)
    assert paused.code == 0
    assert "paused by tester" in paused.out
    until(lambda: _leased(ready.folder / "ledger.sqlite3") == 0)
    sent = devserver.stats().requests
    assert sent < ROWS
    assert "paused by tester" in ready("show", run_id).out  # it takes a process's life, and nothing is sent
    assert (devserver.stats().requests, process.poll()) == (sent, None)

    devserver.faults(latency_ms=0)
    assert ready.inside("go", run_id).code == 0
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said.decode()
    assert devserver.stats().requests == ROWS
    assert (ready.folder / "o.csv").exists()
    again = ready.inside("pause", run_id)
    assert (again.code, again.out) == (1, "")
    assert "nothing to pause" in again.err
