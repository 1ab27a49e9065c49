import resource
import sqlite3
import subprocess
import sys

from loopai_nb.ledger.runs import Reopening
from loopai_nb.ledger.store import Ledger

PROGRAM = """
import asyncio, resource, signal, sys
from pathlib import Path
from loopai_nb.errors import LedgerError
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.runs import Reopening
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import Outcome, RequestState, RunState

path, plan_id, run_id = sys.argv[1:]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as on a full disk: the write fails, the process goes on
ledger = Ledger(Path(path))
ledger.reopen_run(run_id, Reopening(budget_pusd=None, resend=True, retry_failed=False))
most = Path(path + "-wal").stat().st_size + 200_000
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
recorded = 0
try:
    while (claim := asyncio.run(ledger.aclaim(run_id, 10))).leases:
        asyncio.run(ledger.arecord(run_id, [
            Settlement(lease, Outcome.ANSWERED, RequestState.ANSWERED, cost_pusd=5, text="canary" * 300)
            for lease in claim.leases
        ]))
        recorded += len(claim.leases)
except LedgerError as error:
    print(recorded, str(error), flush=True)
import os; os._exit(0)
"""


def test_a_full_disk_stops_the_run_and_loses_nothing(file_shelf):
    """A write that fails for want of room is a LedgerError; the file is whole, and a resume goes on."""
    from loopai_nb.records import RunState

    plan_id, run_id = file_shelf.run([f"p{n}" for n in range(200)])
    file_shelf.ledger.end_run(run_id, RunState.PARTIAL, "", 0)
    file_shelf.ledger.close()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(file_shelf.path), plan_id, run_id],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    recorded, _, message = done.stdout.partition(" ")
    assert "resume the run" in message
    assert "canary" not in message
    assert 0 < int(recorded) < 200

    with sqlite3.connect(file_shelf.path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert file_shelf.sql("SELECT count(*) FROM answers") == [(int(recorded),)]
    again = Ledger(file_shelf.path)
    lost = again.reopen_run(run_id, Reopening(budget_pusd=None, resend=True, retry_failed=False))
    assert lost <= 10
    assert file_shelf.money(run_id) == (int(recorded) * 5 + lost * 98 - _short(file_shelf, lost), 0)
    again.close()
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def _short(file_shelf, lost):
    """What the lost requests' worst cases are below 98 each (prompts of two to four bytes)."""
    ((worst,),) = file_shelf.sql(
        "SELECT coalesce(sum(cost_pusd), 0) FROM attempts WHERE error_kind = 'process_ended'"
    )
    return lost * 98 - worst
