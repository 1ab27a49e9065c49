import asyncio
import contextlib
import signal
import subprocess
import sys

import pytest

from loopai_nb.errors import LedgerError
from loopai_nb.ledger.integrity import check
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import Outcome, RequestState, RunState


def _used(shelf):
    """A ledger with an ended run, and one that holds a lease."""
    for state in (RunState.COMPLETED, None):
        _, run_id = shelf.run([f"{state} {n}" for n in range(3)])
        leases = asyncio.run(shelf.ledger.aclaim(run_id, 3)).leases
        settled = [
            Settlement(lease, Outcome.ANSWERED, RequestState.ANSWERED, cost_pusd=5, text="t")
            for lease in leases[: 3 if state else 2]
        ]
        asyncio.run(shelf.ledger.arecord(run_id, settled))
        if state:
            shelf.ledger.end_run(run_id, state, "", 1)


def test_a_sound_ledger(shelf):
    """There is nothing to say of a new one, and of one in the middle of a run."""
    assert check(shelf.ledger) == []
    _used(shelf)
    assert check(shelf.ledger) == []


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (
            "UPDATE runs SET spent_pusd = spent_pusd + 1 WHERE state = 'COMPLETED'",
            "1 runs have spent something",
        ),
        ("UPDATE runs SET reserved_pusd = 0", "1 runs have reserved something else"),
        ("UPDATE accounts SET reserved_pusd = 0", "1 days have reserved something else"),
        ("UPDATE accounts SET spent_pusd = 0", "All days together have spent 0 pUSD, and all attempts have"),
        ("DELETE FROM attempts WHERE attempt_no = 1", "1 runs have spent something else"),
        ("DELETE FROM answers WHERE request_no = 1", "1 answered requests have no answer"),
        ("UPDATE requests SET answer_no = 2 WHERE request_no = 1", "1 answers are to another content"),
        ("DELETE FROM requests WHERE request_no = 1", "1 rows ask for a request that is not there"),
        ("DELETE FROM approvals", "2 runs have no approval"),
        ("DELETE FROM plans", "2 runs belong to no plan"),
        ("DELETE FROM plans", "6 requests belong to no plan"),
        ("DELETE FROM plans", "6 rows belong to no plan"),
        ("DELETE FROM runs WHERE state = 'COMPLETED'", "3 attempts belong to no run"),
    ],
)
def test_what_does_not_fit_is_said(shelf, damage, said):
    """Each thing that must not be has its sentence."""
    _used(shelf)
    shelf.sql(damage)
    assert any(line.startswith(said) for line in check(shelf.ledger)), check(shelf.ledger)


def _spoil(path, share):
    """Write over a part of the file, from a page's beginning on."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(int(size * share) // 4096 * 4096)
        file.write(b"\xa5" * 8192)


def _big(shelf):
    shelf.plan([f"prompt {n} " + "x" * 500 for n in range(800)])
    shelf.ledger.close()


def test_a_damaged_file_is_refused_at_start(file_shelf):
    """It says that the file is damaged and what to do, and leaves it as it is."""
    _big(file_shelf)
    _spoil(file_shelf.path, 0.5)
    before = file_shelf.path.read_bytes()
    with pytest.raises(
        LedgerError, match=r"is damaged \(.*Keep a copy .* put a backup .* \.recover"
    ) as caught:
        Ledger(file_shelf.path)
    assert "\n" not in str(caught.value)
    assert file_shelf.path.read_bytes() == before


BIG = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import text
from loopai_nb.ledger.connect import open_engine
from loopai_nb.ledger.integrity import CHEAP_BYTES

engine, _ = open_engine(Path(sys.argv[1]))
for n in range(CHEAP_BYTES // 1_000_000 + 20):
    with engine.begin() as connection:
        rows = [{"n": f"{n}-{m}", "v": "x" * 1000} for m in range(1_000)]
        connection.execute(text("INSERT INTO meta VALUES (:n, :v)"), rows)
if sys.argv[2] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
engine.dispose()
"""


@pytest.mark.parametrize(("how", "refused"), [("closed", False), ("killed", True)])
def test_a_bigger_file_is_looked_through_where_it_was_not_closed(tmp_path, how, refused):
    """After a kill the log still lies there, and the file is looked through; else the full check does it."""
    path = tmp_path / "ledger.sqlite3"
    done = subprocess.run([sys.executable, "-c", BIG, str(path), how], check=False)
    assert done.returncode == (-signal.SIGKILL if refused else 0)
    _spoil(path, 0.5)
    if refused:
        with pytest.raises(LedgerError, match="is damaged"):
            Ledger(path)
    else:
        with contextlib.closing(Ledger(path)) as ledger:
            assert check(ledger)


def test_a_log_that_was_left_is_read(file_shelf):
    """What a killed process had committed is there at the next opening."""
    program = (
        "import os, sys; from pathlib import Path; from loopai_nb.ledger.store import Ledger\n"
        "Ledger(Path(sys.argv[1])).begin_plan('{}', 'birds'); os._exit(9)"
    )
    file_shelf.ledger.close()
    subprocess.run([sys.executable, "-c", program, str(file_shelf.path)], check=False)
    assert file_shelf.path.with_name("ledger.sqlite3-wal").stat().st_size
    with contextlib.closing(Ledger(file_shelf.path)) as ledger:
        assert check(ledger) == []
        assert file_shelf.sql("SELECT frame_name FROM plans") == [("birds",)]
