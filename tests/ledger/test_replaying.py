import asyncio
import contextlib
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from loopai_nb.ledger.journal import journal_files
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.runs import Reopening
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import Outcome, RequestState, RunState

PROGRAM = Path(__file__).with_name("journaling.py")
OPENS = "import pathlib, sys, loopai_nb.ledger.store as s; s.Ledger(pathlib.Path(sys.argv[1])).close()"
ROWS = 5
ANSWERED = 3


@pytest.fixture
def stopped(file_shelf):
    """A plan of five rows and its run, which nobody carries out."""
    plan_id, run_id = file_shelf.run([f"p{n}" for n in range(ROWS)])
    file_shelf.ledger.end_run(run_id, RunState.PARTIAL, "", 0)
    return plan_id, run_id


def _killed(shelf, run_id):
    """A process that leased all rows, had three answers in its journal, and was killed."""
    program = [sys.executable, str(PROGRAM), str(shelf.path), run_id, str(ANSWERED)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{ROWS}\n"
        process.kill()
        process.communicate()


def _states(shelf):
    return [state for (state,) in shelf.sql("SELECT state FROM requests ORDER BY request_no")]


def _answers(shelf):
    return shelf.sql(
        "SELECT text, cost_pusd, input_tokens, output_tokens, latency_ms FROM answers ORDER BY 1"
    )


def _expected():
    return [(f"to p{n}\0", 7, 3, 2, 1.5) for n in range(ANSWERED)]


def test_opening_a_ledger_records_what_a_killed_process_left(file_shelf, stopped):
    """Its journaled answers are there, their money is settled exactly, and its files are gone."""
    _, run_id = stopped
    _killed(file_shelf, run_id)
    assert _answers(file_shelf) == []
    assert len(journal_files(file_shelf.path)) == 2
    Ledger(file_shelf.path).close()
    assert _answers(file_shelf) == _expected()
    assert _states(file_shelf) == ["ANSWERED"] * ANSWERED + ["LEASED"] * (ROWS - ANSWERED)
    spent, reserved = file_shelf.money(run_id)
    assert (spent, reserved > 0) == (7 * ANSWERED, True)
    assert journal_files(file_shelf.path) == []


def test_a_resume_counts_only_what_no_journal_has_as_perhaps_paid(file_shelf, stopped):
    """A ledger that was open when the process died finds its answers when the run is taken up again."""
    _, run_id = stopped
    _killed(file_shelf, run_id)
    assert file_shelf.ledger.reopen_run(run_id, Reopening()) == ROWS - ANSWERED
    assert _answers(file_shelf) == _expected()
    assert _states(file_shelf) == ["ANSWERED"] * ANSWERED + ["WAITING"] * (ROWS - ANSWERED)
    ended = file_shelf.sql("SELECT outcome, count(*) FROM attempts GROUP BY 1 ORDER BY 1")
    assert ended == [("answered", ANSWERED), ("unknown", ROWS - ANSWERED)]


def test_a_journal_is_recorded_once(file_shelf, stopped):
    """Killed between recording a journal and removing it, the next opening finds nothing new in it."""
    _, run_id = stopped
    _killed(file_shelf, run_id)
    kept = [(path, path.with_name(f"kept{n}")) for n, path in enumerate(journal_files(file_shelf.path))]
    for path, copy in kept:
        shutil.copy(path, copy)
    file_shelf.ledger.reopen_run(run_id, Reopening())
    before = file_shelf.money(run_id), file_shelf.sql("SELECT * FROM attempts")
    for path, copy in kept:
        shutil.copy(copy, path)
    Ledger(file_shelf.path).close()
    assert (file_shelf.money(run_id), file_shelf.sql("SELECT * FROM attempts")) == before
    assert journal_files(file_shelf.path) == []


def test_an_answer_whose_lease_was_taken_back_first_is_kept(file_shelf, stopped):
    """Found after its worst case was counted, it counts at no further cost and is not asked again."""
    _, run_id = stopped
    _killed(file_shelf, run_id)
    hidden = [(path, path.with_name(f"hidden{n}")) for n, path in enumerate(journal_files(file_shelf.path))]
    for path, copy in hidden:
        path.rename(copy)
    assert file_shelf.ledger.reopen_run(run_id, Reopening(resend=False)) == ROWS
    money = file_shelf.money(run_id)
    for path, copy in hidden:
        copy.rename(path)
    Ledger(file_shelf.path).close()
    assert _answers(file_shelf) == _expected()
    assert _states(file_shelf) == ["ANSWERED"] * ANSWERED + ["MAYBE_PAID"] * (ROWS - ANSWERED)
    assert file_shelf.money(run_id) == money


def test_the_journal_of_a_live_process_is_left_alone(file_shelf):
    """Another one that opens the ledger neither records nor removes what its owner is about to record."""
    _, run_id = file_shelf.run(["a"])
    journal = file_shelf.ledger.open_journal(run_id)
    (lease,) = asyncio.run(file_shelf.ledger.aclaim(run_id, 1)).leases
    journal.append([Settlement(lease, Outcome.ANSWERED, RequestState.ANSWERED, text="yes")])
    subprocess.run([sys.executable, "-c", OPENS, str(file_shelf.path)], check=True, timeout=60)
    assert _answers(file_shelf) == []
    assert len(journal_files(file_shelf.path)) == 2
    journal.close(remove=True)


OUTCOMES = [
    {"outcome": Outcome.ANSWERED, "state": RequestState.ANSWERED, "text": "a bird \U0001f426 and \0"},
    {
        "outcome": Outcome.ANSWERED,
        "state": RequestState.WAITING,
        "text": "{",
        "mismatch": True,
        "cost_pusd": 4,
    },
    {"outcome": Outcome.DEFERRED, "state": RequestState.WAITING, "not_before_ms": 99, "is_busy": True},
    {"outcome": Outcome.UNKNOWN, "state": RequestState.FAILED, "error_kind": "reset", "error": "it broke"},
    {"outcome": Outcome.REJECTED, "state": RequestState.FAILED, "status_code": 400, "error_kind": "rejected"},
]


COMPARED = [
    ("requests", "state, attempts, mismatches, error_kind, error, answer_no, not_before_ms"),
    ("attempts", "number, outcome, status_code, error_kind, error, text, cost_pusd"),
    ("answers", "text, cost_pusd, model, finish_reason"),
    ("runs", "spent_pusd, reserved_pusd"),
]


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda one: f"{one['outcome']}-{one['state']}")
def test_a_journal_records_what_the_process_would_have(tmp_path, file_shelf, outcome):
    """Whatever came of a request, the ledger holds the same by way of the journal as directly."""
    _, run_id = file_shelf.run(["a"])
    (lease,) = asyncio.run(file_shelf.ledger.aclaim(run_id, 1)).leases
    settlement = Settlement(lease, **outcome)
    journal = file_shelf.ledger.open_journal(run_id)
    journal.append([settlement])
    journal.close(remove=False)
    other = tmp_path / "other" / "ledger.sqlite3"
    other.parent.mkdir()
    file_shelf.sql("VACUUM INTO ?", str(other))
    for path in journal_files(file_shelf.path):
        shutil.move(path, other.with_name(path.name.replace(file_shelf.path.name, other.name)))
    asyncio.run(file_shelf.ledger.arecord(run_id, [settlement]))

    with contextlib.closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("DELETE FROM owners")  # where the copy is opened, its process is no more
    Ledger(other).close()
    assert _content(other) == _content(file_shelf.path)


def _content(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [
            connection.execute(f"SELECT {columns} FROM {table}").fetchall() for table, columns in COMPARED
        ]
