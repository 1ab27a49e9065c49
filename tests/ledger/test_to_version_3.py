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
from loopai_nb.ledger.watermarks import Mark
from loopai_nb.records import RunState
from loopai_nb.redaction import Secret

# Written by the last loopai_nb of version 2, with plain ids: r-0001 answered, failed and with a row that
# can't be asked; r-0002 of a process that died, one answer cached, one request leased, one waiting; p-0003
# never begun.
HERE = Path(__file__).parent
RESULTS = {
    "p-0001": ["a robin", "a wren", "no prompt", "a robin", "extinct"],
    "p-0002": ["a wren", "LEASED", "WAITING"],
    "p-0003": ["WAITING"],
}
MARK = Mark(b"k" * 32, "h/shop", "reviews", None, "id", "bigint", "7", ("[7]",))


@pytest.fixture(params=["sqlite", "postgres"])
def old(request):
    """Where a ledger of version 2 is, in a file and in a database."""
    if request.param == "sqlite":
        where = request.getfixturevalue("tmp_path") / "ledger.sqlite3"
        with contextlib.closing(sqlite3.connect(where)) as connection:
            connection.executescript((HERE / "v2.sql").read_text(encoding="utf-8"))
        return where
    where = request.getfixturevalue("database")
    with contextlib.closing(psycopg2.connect(where)) as connection, connection, connection.cursor() as cursor:
        cursor.execute((HERE / "v2_postgres.sql").read_text(encoding="utf-8"))
    return Secret(where)


def _results(ledger, plan_id):
    return [
        row.text or row.error or row.row_error or row.state for row in queries.result_rows(ledger, plan_id)
    ]


def test_all_that_was_there_is_there(old):
    """Results, runs and money say what they said before, and the ledger is sound."""
    with contextlib.closing(Ledger(old)) as ledger:
        assert {plan_id: _results(ledger, plan_id) for plan_id in RESULTS} == RESULTS
        shown = {
            run.run_id: (run.state, run.answered_rows, run.failed_rows, run.waiting_rows, run.spent_pusd)
            for run in queries.run_rows(ledger, 20)
        }
        assert shown == {
            "r-0001": (RunState.PARTIAL, 3, 2, 0, 60),
            "r-0002": (RunState.RUNNING, 1, 0, 2, 0),
        }
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


def test_an_interrupted_run_goes_on(old):
    """What the dead process held is taken back, what is answered is not asked again."""
    with contextlib.closing(Ledger(old)) as ledger:
        assert ledger.reopen_run("r-0002", Reopening()) == 1
        leases = asyncio.run(ledger.aclaim("r-0002", 10)).leases
        assert [lease.prompt for lease in leases] == ["lark", "crow"]
        ledger.end_run("r-0002", RunState.CANCELLED, "enough", 1)


def test_what_is_new_is_there(old):
    """A pull leaves its mark, and a second opening changes nothing."""
    with contextlib.closing(Ledger(old)) as ledger:
        assert ledger.record_pull(MARK) == 1
    with contextlib.closing(Ledger(old)) as ledger:
        assert ledger.record_pull(MARK) == 2
        assert check(ledger) == []
