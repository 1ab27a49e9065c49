import asyncio
import contextlib
import sqlite3
from pathlib import Path

import psycopg2
import pytest
from ledger_tables import tables_of

from loopai_nb.errors import LedgerError
from loopai_nb.ledger import queries
from loopai_nb.ledger.figures import Figures, Scope
from loopai_nb.ledger.integrity import check
from loopai_nb.ledger.owners import new_owner
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.runs import Reopening
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import Outcome, RequestState, RunState
from loopai_nb.redaction import Secret

# Written by the last loopai_nb of version 4, with plain ids: r-0001 answered, a misfit first, busy and lost
# before its answer, failed twice; r-0002 of a process that died, of model n; r-0003 one answer cached, one
# cancelled in flight; r-0004 a day later, of a process that died; p-0005 approved (a-0005) and never begun.
HERE = Path(__file__).parent
FROM_MS, DAY_MS = 1_763_769_600_000, 86_400_000
ALL = Scope(FROM_MS, FROM_MS + 2 * DAY_MS)


@pytest.fixture(params=["sqlite", "postgres"])
def old(request):
    """Where a ledger of version 4 is, in a file and in a database."""
    if request.param == "sqlite":
        where = request.getfixturevalue("tmp_path") / "ledger.sqlite3"
        with contextlib.closing(sqlite3.connect(where)) as connection:
            connection.executescript((HERE / "v4.sql").read_text(encoding="utf-8"))
        return where
    where = request.getfixturevalue("database")
    with contextlib.closing(psycopg2.connect(where)) as connection, connection, connection.cursor() as cursor:
        cursor.execute((HERE / "v4_postgres.sql").read_text(encoding="utf-8"))
    return Secret(where)


def _sql(where, statement):
    connected = (
        sqlite3.connect(where)
        if isinstance(where, Path)
        else psycopg2.connect(where.reveal() + "?options=-csearch_path%3Dloopai_nb")
    )
    with contextlib.closing(connected) as connection, connection:
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_what_happened_before_is_in_the_figures(old):
    """Every attempt and every cached answer of before is counted, at its time and under its model."""
    with contextlib.closing(Ledger(old)) as ledger:
        figures = Figures(ledger)
        totals = figures.totals(ALL)
        assert (totals.answered, totals.failed, totals.cached) == (4, 1, 2)
        assert (totals.retried, totals.unknown) == (3, 3)
        assert (totals.cost_pusd, totals.saved_pusd) == (786, 60)
        assert (totals.input_tokens, totals.output_tokens) == (50, 10)
        assert 8_910 <= totals.p99_ms <= 9_090
        by_model = {group.name: group.totals.requests for group in figures.by(ALL, "model")}
        assert by_model == {"m": 8, "n": 2}
        assert [group.totals.cached for group in figures.by(ALL, "day")] == [1, 1]
        assert {run.run_id: run.spent_pusd for run in queries.run_rows(ledger, 9)} == {
            group.name: group.totals.cost_pusd for group in figures.by(ALL, "run")
        }
        assert check(ledger) == []


def test_requests_say_when_they_ended(old):
    """What was answered, failed or may have been paid has a time; what was cached has its run, too."""
    Ledger(old).close()
    found = _sql(old, "SELECT state, cached, run_id, ended_ms FROM requests ORDER BY request_no")
    assert [row[3] is None for row in found] == [row[0] in ("WAITING", "LEASED") for row in found]
    assert [(row[2], row[3]) for row in found if row[1]] == [
        ("r-0003", 1_763_775_722_000),
        ("r-0004", 1_763_862_122_000),
    ]


def test_the_tables_are_those_of_a_new_ledger(old, tmp_path, database):
    """Nobody can tell a ledger that was brought up to date from a new one."""
    Ledger(old).close()
    brought_up = tables_of(old)
    new = tmp_path / "new" / "ledger.sqlite3" if isinstance(old, Path) else Secret(database)
    if not isinstance(old, Path):
        with contextlib.closing(psycopg2.connect(database)) as connection, connection:
            connection.cursor().execute("DROP SCHEMA loopai_nb CASCADE")
    Ledger(new).close()
    assert brought_up == tables_of(new)


def test_an_interrupted_run_goes_on(old):
    """What the dead process held is taken back and counted, and so is what is answered now."""
    with contextlib.closing(Ledger(old)) as ledger:
        assert ledger.reopen_run("r-0004", Reopening()) == 1
        leases = asyncio.run(ledger.aclaim("r-0004", 10)).leases
        assert [lease.prompt for lease in leases] == ["owl", "crow"]
        answered = [
            Settlement(lease, Outcome.ANSWERED, RequestState.ANSWERED, 30, text="a") for lease in leases
        ]
        asyncio.run(ledger.arecord("r-0004", answered))
        ledger.end_run("r-0004", RunState.COMPLETED, "", 1)
        now_ms = ledger.now_ms()
        totals = Figures(ledger).totals(Scope(FROM_MS, now_ms + 60_000, run_id="r-0004"))
        assert (totals.answered, totals.cached, totals.unknown) == (2, 1, 1)
        assert check(ledger) == []


def test_an_older_process_is_waited_for(old):
    """While a process of version 4 carries a run out nothing is changed, and it is named."""
    me = new_owner()
    _sql(
        old,
        f"UPDATE owners SET host = '{me.host}', pid = {me.pid}, process_started = '{me.process_started}'",
    )
    with pytest.raises(LedgerError, match="older loopai_nb carries out run r-0004"):
        Ledger(old)
    assert _sql(old, "SELECT value FROM meta WHERE name = 'schema_version'") == [("4",)]
    if isinstance(old, Path):
        assert not list(old.parent.glob("*.v4*"))


def test_an_older_process_that_was_idle_can_record_nothing(old):
    """What it would store is refused rather than left out of the figures."""
    Ledger(old).close()
    with pytest.raises((sqlite3.IntegrityError, psycopg2.IntegrityError)):
        _sql(
            old,
            "INSERT INTO attempts (run_id, request_no, number, ended_ms, outcome, cost_pusd) "
            "VALUES ('r-0004', 11, 1, 1, 'answered', 1) ON CONFLICT DO NOTHING",
        )
