import asyncio
import contextlib
import sqlite3
from pathlib import Path

import psycopg2
import pytest
from ledger_tables import tables_of

from loopai_nb.ledger import queries
from loopai_nb.ledger.integrity import check
from loopai_nb.ledger.runs import Reopening
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import ApprovalState, RunState
from loopai_nb.redaction import Secret

# Written by the last loopai_nb of version 3, with plain ids: r-0001 answered and failed, its budget raised by
# a resume (a-0002); r-0002 of a process that died; p-0003 rejected (a-0004) and not decided in time (a-0005);
# p-0004 approved (a-0006) and never begun; a pull's mark.
HERE = Path(__file__).parent

APPROVALS = {
    "a-0001": ("p-0001", "APPROVED", "ada", "person", 1763772000000, "", "r-0001"),
    "a-0002": ("p-0001", "APPROVED", "bob", "resume", 1763772064000, "budget 10000 to 20000 pUSD", "r-0001"),
    "a-0003": ("p-0002", "APPROVED", "ada", "code", 1763772125000, "", "r-0002"),
    "a-0004": ("p-0003", "REJECTED", "ada", "person", 1763772185000, 'zu teuer: 5 € für "jay"', None),
    "a-0005": ("p-0003", "TIMEOUT", "ada", "person", 1763772186000, "", None),
    "a-0006": ("p-0004", "APPROVED", "bob", "person", 1763772187000, "go on", None),
}


@pytest.fixture(params=["sqlite", "postgres"])
def old(request):
    """Where a ledger of version 3 is, in a file and in a database."""
    if request.param == "sqlite":
        where = request.getfixturevalue("tmp_path") / "ledger.sqlite3"
        with contextlib.closing(sqlite3.connect(where)) as connection:
            connection.executescript((HERE / "v3.sql").read_text(encoding="utf-8"))
        return where
    where = request.getfixturevalue("database")
    with contextlib.closing(psycopg2.connect(where)) as connection, connection, connection.cursor() as cursor:
        cursor.execute((HERE / "v3_postgres.sql").read_text(encoding="utf-8"))
    return Secret(where)


def test_every_decision_is_kept(old):
    """Each approval has its id, its plan, its state, who, how, when, why and what used it."""
    with contextlib.closing(Ledger(old)) as ledger:
        kept = {row.approval_id: row for row in ledger.approvals()}
        assert {
            name: (
                *(row.plan_id, row.state, row.decided_by, row.means, row.decided_ms),
                *(row.feedback, row.used_by),
            )
            for name, row in kept.items()
        } == APPROVALS
        assert all(row.kind == "plan" and row.asked_ms == row.decided_ms for row in kept.values())


def test_the_chain_begins_with_them(old):
    """What was decided before is in the chain, and a change of it afterwards is seen."""
    with contextlib.closing(Ledger(old)) as ledger:
        head, broken = ledger.verify_chain()
        assert (head.seq, broken) == (6, [])
        assert check(ledger) == []
        with ledger.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE approvals SET state = 'APPROVED' WHERE approval_id = 'a-0004'")
        (said,) = ledger.verify_chain()[1]
        assert said.what == "Approval a-0004 is not what the chain says (state)."


def test_an_approval_of_before_begins_its_run_once(old):
    """An unused one is spent on its plan as ever; one that was not given begins nothing."""
    with contextlib.closing(Ledger(old)) as ledger:
        digest = ledger.approval("a-0006").digest
        run_id = ledger.begin_run("p-0004", digest, "a-0006", None)
        assert ledger.approval("a-0006").used_by == run_id
        ledger.end_run(run_id, RunState.CANCELLED, "enough", 1)
        assert check(ledger) == []


def test_the_tables_are_those_of_a_new_ledger(old, tmp_path, database):
    """Nobody can tell a ledger that was brought up to date from a new one."""
    Ledger(old).close()
    brought_up = tables_of(old)
    if isinstance(old, Path):
        new = tmp_path / "new" / "ledger.sqlite3"
    else:
        new = Secret(database)
        with contextlib.closing(psycopg2.connect(database)) as connection, connection:
            connection.cursor().execute("DROP SCHEMA loopai_nb CASCADE")
    Ledger(new).close()
    assert brought_up == tables_of(new)


def test_runs_go_on(old):
    """Runs say what they said before, and the one of a dead process is taken up."""
    with contextlib.closing(Ledger(old)) as ledger:
        shown = {
            run.run_id: (run.state, run.decided_by, run.spent_pusd) for run in queries.run_rows(ledger, 20)
        }
        assert shown == {"r-0001": (RunState.PARTIAL, "ada", 60), "r-0002": (RunState.RUNNING, "ada", 0)}
        assert ledger.reopen_run("r-0002", Reopening(budget_pusd=10_000, decided_by="eve")) == 1
        assert [lease.prompt for lease in asyncio.run(ledger.aclaim("r-0002", 10)).leases]
        ledger.end_run("r-0002", RunState.CANCELLED, "enough", 1)
        assert ledger.approvals()[0].means == "resume"
        assert check(ledger) == []


def test_what_is_new_is_there(old):
    """A question waits and is decided, and a second opening changes nothing."""
    with contextlib.closing(Ledger(old)) as ledger:
        approval_id = ledger.ask_approval(digest="d", kind="gate", title="publish", context="{}")
    with contextlib.closing(Ledger(old)) as ledger:
        assert ledger.decide_approval(
            approval_id, ApprovalState.APPROVED, decided_by="ada", means="cli", modifications={"n": 1}
        )
        assert ledger.approval(approval_id).modifications == {"n": 1}
        assert check(ledger) == []
