import contextlib
import sqlite3

import pytest


@pytest.fixture
def ran(ready, template):
    """A command line with a run of two rows that ended well, made a year ago."""
    (ready.folder / "two.csv").write_text("remarks\nwing\nengine\n")
    assert ready.inside("run", "--csv", "two.csv", "--template", template, "--yes").code == 0
    with _file(ready) as connection:
        for table, column in (("plans", "created_ms"), ("runs", "created_ms"), ("runs", "ended_ms")):
            connection.execute(f"UPDATE {table} SET {column} = {column} - 31536000000")
        connection.execute("UPDATE answers SET answered_ms = answered_ms - 31536000000")
        connection.execute("UPDATE attempts SET ended_ms = ended_ms - 31536000000")
        connection.execute("UPDATE rollups SET at_ms = at_ms - 31536000000")
    return ready


@contextlib.contextmanager
def _file(cli):
    with contextlib.closing(sqlite3.connect(cli.folder / "ledger.sqlite3")) as connection, connection:
        yield connection


def _texts(cli):
    with _file(cli) as connection:
        return connection.execute(
            "SELECT prompt, text FROM requests JOIN answers USING (request_no)"
        ).fetchall()


def test_path_says_where_it_is_without_making_it(ready):
    """One line for a script; a database's password is not in it."""
    assert ready.inside("ledger", "path").out == f"{ready.folder / 'ledger.sqlite3'}\n"
    assert not (ready.folder / "ledger.sqlite3").exists()
    ready.env["LOOPAI_LEDGER"] = "postgresql://ada:canary-9d2f@host/db"
    ended = ready.inside("ledger", "path")
    assert "host" in ended.out
    assert "canary" not in ended.out + ended.err


def test_check_tells_whether_it_is_sound(ran):
    """Exit 0 and a sentence; exit 1 and what is wrong where the tables do not agree."""
    ended = ran.inside("ledger", "check")
    assert (ended.code, ended.out) == (0, f"The ledger {ran.folder / 'ledger.sqlite3'} is sound.\n")
    with _file(ran) as connection:
        connection.execute("DELETE FROM answers WHERE request_no = 1")
    ended = ran.inside("ledger", "check")
    assert (ended.code, ended.out) == (1, "1 answered requests have no answer.\n")


def test_rebuild_makes_figures_and_index_anew(ran):
    """What was damaged beside the rows is made right, and the check says so."""
    with _file(ran) as connection:
        connection.execute("DELETE FROM rollups WHERE step = 'hour'")
    assert ran.inside("ledger", "check").code == 1
    ended = ran.inside("ledger", "rebuild")
    assert ended.code == 0, ended.err
    assert "figures over time and the search index were made anew" in ended.out
    assert ran.inside("ledger", "check").code == 0


def test_prune_says_what_it_would_do(ran):
    """A dry run counts and changes nothing."""
    before = _texts(ran)
    ended = ran.inside("ledger", "prune", "--older-than", "90d", "--dry-run")
    assert ended.code == 0
    assert "2 prompts, 2 answers and the texts of 0 attempts would be emptied" in ended.err
    assert _texts(ran) == before


def test_prune_does_nothing_without_a_yes(ran):
    """Where nobody can be asked it refuses."""
    before = _texts(ran)
    ended = ran("ledger", "prune", "--older-than", "90d")
    assert ended.code == 1
    assert "Nobody is there to ask, and nothing was changed." in ended.err
    assert _texts(ran) == before


def test_prune_blanks(ran):
    """The texts are gone, and nothing younger than the age is."""
    assert "0 prompts" in ran.inside("ledger", "prune", "--older-than", "400d", "--yes").out
    ended = ran.inside("ledger", "prune", "--older-than", "24h", "--yes")
    assert ended.code == 0, ended.err
    assert _texts(ran) == [("", None)] * 2
    assert ran.inside("ledger", "check").code == 0


def test_prune_drops(ran):
    """With --drop the run is gone, and the copy of an older ledger is spoken of."""
    (ran.folder / "ledger.v1.sqlite3").touch()
    ended = ran.inside("ledger", "prune", "--older-than", "90", "--drop", "--yes", "--vacuum")
    assert "1 plans with 2 requests, 2 answers and 2 attempts were deleted." in ended.out
    assert f"remove them yourself: {ran.folder / 'ledger.v1.sqlite3'}" in ended.err
    assert _texts(ran) == []
    assert ran.inside("ledger", "check").code == 0


@pytest.mark.parametrize("age", ["", "d", "-1d", "soon", "nan"])
def test_an_age_that_is_none_is_a_usage_error(ready, age):
    """Exit 2, before a ledger is opened."""
    assert ready.inside("ledger", "prune", f"--older-than={age}").code == 2


@pytest.mark.parametrize(("said", "code", "left"), [("n", 3, 2), ("", 3, 2), ("y", 0, 0)])
def test_prune_asks_at_a_terminal(ran, terminal, said, code, left):
    """Only a yes forgets anything; Enter alone does not."""
    asked = terminal(ran, "ledger", "prune", "--older-than", "90d")
    shown = asked.until(r"Go on\? \[y/N\]")
    assert "2 answers and the texts of 0 attempts would be emptied" in shown
    asked.type(f"{said}\n")
    assert asked.end()[0] == code
    assert sum(text is not None for _, text in _texts(ran)) == left
