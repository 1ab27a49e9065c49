import asyncio
import contextlib
import logging
import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ledger_tables import tables_of

from loopai_nb.errors import LedgerError
from loopai_nb.ledger import queries, unanswered
from loopai_nb.ledger.owners import new_owner
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.runs import Reopening
from loopai_nb.ledger.store import Ledger
from loopai_nb.planning.plan import PlanSpec, history_key
from loopai_nb.records import Outcome, RequestState, RunState

# Written by the last loopai_nb of version 1 (commit 135757f^), with ids and the dead process made plain:
# r-0001 answered, failed after a retry, a row that can't be asked; r-0002 one answer cached, one request
# MAYBE_PAID; r-0003 and r-0004 paid for the same content at once; r-0005 of a process that died holding two
# leases; p-0006 was never finished, p-0007 never begun.
V1 = Path(__file__).with_name("v1.sql").read_text(encoding="utf-8")

RESULTS = {
    "p-0001": ["a robin", "a wren", "no name", "a robin", "extinct"],
    "p-0002": [
        "a wren",
        "an owl",
        "the process ended before the outcome was recorded; it may have been paid",
    ],
    "p-0003": ["a gull, first", "a tern"],
    "p-0004": ["a gull, first"],
    "p-0005": ["a lark", "LEASED", "LEASED", "WAITING"],
    "p-0007": ["WAITING"],
}

KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from loopai_nb.ledger.store import Ledger

@event.listens_for(Engine, "before_cursor_execute")
def kill(connection, cursor, statement, parameters, context, executemany):
    if sys.argv[2] in statement:
        os.kill(os.getpid(), signal.SIGKILL)

Ledger(Path(sys.argv[1]))
"""


@pytest.fixture
def old(tmp_path):
    """Path of a ledger of version 1."""
    path = tmp_path / "ledger.sqlite3"
    _fill(path, V1)
    return path


def _fill(path, script):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def _sql(path, statement, *parameters):
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(statement, parameters).fetchall()


def _all(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump())


def _results(ledger, plan_id):
    return [
        row.text or row.error or row.row_error or row.state for row in queries.result_rows(ledger, plan_id)
    ]


def test_every_answer_is_where_it_was(old):
    """Results, the runs' rows and the lineage say what they said before."""
    with contextlib.closing(Ledger(old)) as ledger:
        assert {plan_id: _results(ledger, plan_id) for plan_id in RESULTS} == RESULTS
        shown = {
            run.run_id: (
                *(run.state, run.answered_rows, run.cached_rows, run.failed_rows, run.maybe_paid),
                *(run.waiting_rows, run.active_ms, run.decided_by, run.owner_gone),
            )
            for run in queries.run_rows(ledger, 20)
        }
        assert shown == {
            "r-0001": (RunState.PARTIAL, 3, 0, 2, 0, 0, 4000, "ada", False),
            "r-0002": (RunState.PARTIAL, 2, 1, 0, 1, 1, 1500, "ada", False),
            "r-0003": (RunState.COMPLETED, 2, 0, 0, 0, 0, 100, "ada", False),
            "r-0004": (RunState.COMPLETED, 1, 0, 0, 0, 0, 100, "ada", False),
            "r-0005": (RunState.RUNNING, 1, 0, 0, 0, 3, 0, "ada", True),
        }
        keys = [key for (key,) in _sql(old, "SELECT key FROM requests WHERE plan_id = 'p-0003'")]
        paid = queries.lineage(ledger, "r-0003", keys).values()
        assert sorted((row["text"], row["run_id"], row["cost_pusd"]) for row in paid) == [
            ("a gull, first", "r-0004", 30),
            ("a tern", "r-0003", 30),
        ]
        assert unanswered.failures(ledger, "p-0001") == [("extinct", 1, [4]), ("no name", 1, [2])]


def test_all_money_is_where_it_was(old):
    """Runs keep what they spent and reserved, and the days' accounts add up to the same."""
    before = _sql(old, "SELECT run_id, spent_pusd, reserved_pusd, budget_pusd FROM runs ORDER BY run_id")
    Ledger(old).close()
    after = _sql(old, "SELECT run_id, spent_pusd, reserved_pusd, budget_pusd FROM runs ORDER BY run_id")
    assert after == before
    assert _sql(old, "SELECT * FROM accounts ORDER BY day") == [
        ("2025-11-21", 30, 0),
        ("2025-11-22", 401, 442),
    ]
    assert sum(row[1] for row in before) == 431
    assert sum(row[2] for row in before) == 442


def test_an_interrupted_run_goes_on(old):
    """The leases of the dead process are taken back, what has an answer is not asked again."""
    with contextlib.closing(Ledger(old)) as ledger:
        lost = ledger.reopen_run("r-0005", Reopening(budget_pusd=None, resend=True, retry_failed=False))
        assert lost == 2
        leases = asyncio.run(ledger.aclaim("r-0005", 10)).leases
        assert [lease.prompt for lease in leases] == ["crow", "rook", "jay"]
        answered = [
            Settlement(
                lease, Outcome.ANSWERED, RequestState.ANSWERED, cost_pusd=30, text=lease.prompt.upper()
            )
            for lease in leases
        ]
        asyncio.run(ledger.arecord("r-0005", answered))
        ledger.end_run("r-0005", RunState.COMPLETED, "", 1)
        assert _results(ledger, "p-0005") == ["a lark", "CROW", "ROOK", "JAY"]
    assert _sql(old, "SELECT spent_pusd, reserved_pusd FROM runs WHERE run_id = 'r-0005'") == [(562, 0)]
    assert _sql(old, "SELECT sum(spent_pusd), sum(reserved_pusd) FROM accounts") == [(963, 0)]


def test_old_answers_are_the_cache_of_new_plans(old):
    """A plan of the same content finds what was paid before."""
    Ledger(old).close()
    key = _sql(old, "SELECT key FROM answers WHERE text = 'an owl'")[0][0]
    for table in ("requests", "rows"):
        _sql(old, f"UPDATE {table} SET key = ? WHERE plan_id = 'p-0007'", key)
    with contextlib.closing(Ledger(old)) as ledger:
        assert ledger.plan_sums("p-0007")["cached"] == 1
        plan = _sql(old, "SELECT digest, approval_id FROM approvals WHERE plan_id = 'p-0007'")[0]
        ledger.begin_run("p-0007", *plan, None)
        assert _results(ledger, "p-0007") == ["an owl"]


def test_the_tables_are_those_of_a_new_ledger(old, tmp_path):
    """Nobody can tell a ledger that was brought up to date from a new one."""
    Ledger(old).close()
    Ledger(tmp_path / "new" / "ledger.sqlite3").close()
    assert tables_of(old) == tables_of(tmp_path / "new" / "ledger.sqlite3")
    assert _sql(old, "PRAGMA integrity_check") == [("ok",)]


def test_old_plans_teach_the_estimate(old):
    """Each plan gets the key by which later ones of its kind find it."""
    Ledger(old).close()
    for spec, key in _sql(old, "SELECT spec, history_key FROM plans"):
        assert key == history_key(PlanSpec.from_json(spec))


def test_a_copy_is_kept(old, caplog):
    """As it was before, private, and the log says where; one that lies there already is not written over."""
    old.with_name("ledger.v1.sqlite3").write_text("somebody's")
    before = _all(old)
    with caplog.at_level(logging.INFO, "loopai_nb"):
        Ledger(old).close()
    kept = old.with_name("ledger.v1-2.sqlite3")
    assert _all(kept) == before
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert f"from version 1 of its tables to 5; as it was before it is kept in {kept}" in caplog.text
    assert old.with_name("ledger.v1.sqlite3").read_text() == "somebody's"
    assert not old.with_name("ledger.v1.sqlite3.part").exists()


@pytest.mark.parametrize("where", ["RENAME TO v1_runs", "INSERT INTO answers", "UPDATE meta"])
def test_a_kill_in_the_middle_changes_nothing(old, where):
    """The transaction is rolled back, and the next opening does all of it."""
    before = _all(old)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(old), where], check=False)
    assert killed.returncode == -9
    assert _all(old) == before
    with contextlib.closing(Ledger(old)) as ledger:
        assert {plan_id: _results(ledger, plan_id) for plan_id in RESULTS} == RESULTS


def test_several_that_open_it_at_once(old):
    """One of them does it, the others wait and find it done."""
    with ThreadPoolExecutor(6) as threads:
        ledgers = list(threads.map(lambda _: Ledger(old), range(6)))
    for ledger in ledgers:
        assert _results(ledger, "p-0001") == RESULTS["p-0001"]
        ledger.close()
    assert len(list(old.parent.glob("*.v1*"))) == 1


def test_two_processes_that_open_it_at_once(old):
    """As threads do, so do processes."""
    program = "import sys; from pathlib import Path; from loopai_nb.ledger.store import Ledger\n"
    program += "sys.stdin.readline(); Ledger(Path(sys.argv[1])).close()"
    both = [
        subprocess.Popen([sys.executable, "-c", program, str(old)], stdin=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in both:
        process.communicate(timeout=60)
        assert process.returncode == 0
    with contextlib.closing(Ledger(old)) as ledger:
        assert _results(ledger, "p-0001") == RESULTS["p-0001"]


def test_a_run_of_an_older_process_is_waited_for(old):
    """While its process lives, it could not record what it pays for: the ledger stays as it is."""
    me = new_owner()
    _sql(old, "UPDATE owners SET host = ?, pid = ?, process_started = ?", me.host, me.pid, me.process_started)
    before = _all(old)
    with pytest.raises(LedgerError, match=rf"carries out run r-0005 .* \(pid {os.getpid()} on "):
        Ledger(old)
    assert _all(old) == before


def test_an_answer_without_its_request_is_kept(tmp_path):
    """What was paid for is never dropped: it serves later plans under a number of its own."""
    path = tmp_path / "ledger.sqlite3"
    _fill(path, V1)
    _sql(path, "DELETE FROM requests WHERE prompt IN ('owl', 'lark')")
    with contextlib.closing(Ledger(path)) as ledger:
        assert len(_sql(path, "SELECT 1 FROM answers")) == 6
        numbers = {
            n for (n,) in _sql(path, "SELECT request_no FROM answers WHERE text IN ('an owl', 'a lark')")
        }
        assert min(numbers) > max(n for (n,) in _sql(path, "SELECT request_no FROM requests"))
        plan_id = ledger.begin_plan("{}", "birds")
        from loopai_nb.planning.plan import planned_rows
        from loopai_nb.prompts.template import Rendered

        spec = PlanSpec.from_json(_sql(path, "SELECT spec FROM plans WHERE plan_id = 'p-0001'")[0][0])
        ledger.add_rows(plan_id, list(planned_rows(spec, [Rendered("new", None, None)], ["0"])))
        (new,) = _sql(path, "SELECT request_no FROM requests WHERE prompt = 'new'")
        assert new[0] not in numbers


def test_no_room_for_the_copy_changes_nothing(old):
    """Where the copy can't be made, the message says so and the ledger stays of version 1."""
    old.with_name("ledger.v1.sqlite3.part").mkdir()
    before = _all(old)
    with pytest.raises(LedgerError, match=r"no copy of it could be made first .* Nothing was changed"):
        Ledger(old)
    assert _all(old) == before


@pytest.mark.parametrize("version", ["0", "6", "none at all", "-1"])
def test_a_version_that_is_not_known_is_refused(old, version):
    """Newer tables ask for a newer program; nothing is guessed."""
    _sql(old, "UPDATE meta SET value = ?", version)
    hint = "Install a newer loopai_nb" if version == "6" else "Set LOOPAI_LEDGER"
    with pytest.raises(LedgerError, match=f"has version {version} of the tables.* {hint}"):
        Ledger(old)
