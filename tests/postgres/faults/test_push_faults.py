"""A push that is broken, in each of its phases: nothing half-written, and the error says what is there."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pandas as pd
import psycopg2
import pytest
from leisure import at_leisure

from loopai_nb.errors import DatabaseError, DatabaseUnavailable, QueryFailed
from loopai_nb.postgres.committing import came_through
from loopai_nb.postgres.push import push

PUSH = """
import json, sys
import pandas as pd
from loopai_nb.errors import DatabaseError
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.push import push
url, count = sys.argv[1], int(sys.argv[2])
frame = pd.DataFrame({"id": range(count), "body": [f"{n:0100}" for n in range(count)]})
print("ready", flush=True)
try:
    said = {"summary": str(push(Database(url), frame, "topics", key="id"))}
except DatabaseError as error:
    said = {"kind": type(error).__name__, "sqlstate": error.sqlstate, "text": str(error)}
except KeyboardInterrupt as error:
    said = {"kind": "KeyboardInterrupt", "text": str(error)}
print(json.dumps(said))
"""

FEW, MANY = 1_000, 1_000_000

WAIT = """
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER at_the_end AFTER INSERT ON topics DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION hold();
SELECT pg_advisory_lock(1);
"""

BUSY = {
    "staging": "SELECT pid FROM pg_stat_progress_copy WHERE tuples_processed > 100",
    "moving": "SELECT pid FROM pg_locks WHERE relation = 'topics'::regclass AND NOT granted",
    "commit": "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
}
"""Which backend is in the middle of a phase."""

phases = pytest.mark.parametrize("phase", ["staging", "moving", "commit"])


@contextlib.contextmanager
def halted(url, phase):
    """Keep pushes into ``topics``, a table of one row, from getting beyond a phase; gives a cursor."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE topics (id int PRIMARY KEY, body text)")
        cursor.execute("INSERT INTO topics VALUES (5, 'before')")
        connection.commit()
        if phase == "moving":
            cursor.execute("LOCK TABLE topics IN SHARE ROW EXCLUSIVE MODE")
        if phase == "commit":
            cursor.execute(WAIT)
            connection.commit()
        yield cursor


def start(program, url, phase):
    """Begin a push in a process of its own."""
    child = program(PUSH, url, str(MANY if phase == "staging" else FEW))
    assert child.stdout.readline() == "ready\n"
    return child


def in_phase(until, child, ask, phase):
    """Wait until the push is in the middle of it; return the pid of its backend."""
    found = []

    def seen():
        assert child.poll() is None, child.stdout.read()
        found[:] = ask(BUSY[phase])
        return found

    until(seen)
    return found[0][0]


def outcome(child):
    """What became of the push."""
    said, _ = child.communicate(timeout=60)
    return json.loads(said)


UNCHANGED = [(5, "before")]


@phases
def test_a_killed_backend_leaves_nothing(database, ask, program, until, phase):
    """Its code is told, and that nothing was pushed: in the commit, the server was asked for that."""
    with halted(database, phase):
        child = start(program, database, phase)
        pid = in_phase(until, child, ask, phase)
        assert ask("SELECT pg_terminate_backend(%s)", (pid,)) == [(True,)]
        said = outcome(child)

    assert (said["kind"], said["text"][-19:]) == ("DatabaseUnavailable", "Nothing was pushed.")
    assert said["sqlstate"] in {None, "57P01", "08006"}
    assert ask("SELECT * FROM topics") == UNCHANGED


@phases
def test_an_interrupt_leaves_nothing(database, ask, program, until, phase):
    """Promise 4 in each phase: the statement ends on the server, and the table is as before."""
    with halted(database, phase):
        child = start(program, database, phase)
        in_phase(until, child, ask, phase)
        child.send_signal(signal.SIGINT)
        said = outcome(child)
        until(lambda: not ask(BUSY[phase]))

    assert said == {"kind": "KeyboardInterrupt", "text": ""}
    assert ask("SELECT * FROM topics") == UNCHANGED
    assert ask("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query ~ 'staging'") == [(1,)]


@phases
def test_a_server_that_crashes_leaves_nothing(own_server, program, until, phase):
    """Gone at once, without a word to anybody, and back again: no row is there, and the push says so."""
    url = own_server.url.rpartition("/")[0] + f"/crash_{phase}"
    with closing(psycopg2.connect(own_server.url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(f"CREATE DATABASE crash_{phase}")

    with closing(psycopg2.connect(url)) as look, look.cursor() as cursor:
        look.autocommit = True

        def ask(sql):
            cursor.execute(sql)
            return cursor.fetchall()

        with halted(url, phase):
            child = start(program, url, phase)
            in_phase(until, child, ask, phase)
            (postmaster,) = ask("SELECT pg_read_file('postmaster.pid')")
            os.kill(int(postmaster[0].splitlines()[0]), signal.SIGQUIT)
            own_server.start()
            said = outcome(child)

    assert (said["kind"], said["text"][-19:]) == ("DatabaseUnavailable", "Nothing was pushed.")
    with closing(psycopg2.connect(url)) as again, again.cursor() as cursor:
        cursor.execute("SELECT * FROM topics")
        assert cursor.fetchall() == UNCHANGED


@pytest.fixture
def losing(database, make_proxy):
    """``losing(passed=...)`` is a proxy that loses its first COMMIT, or the answer to it."""

    class Losing(make_proxy):
        """Sets ``lost`` when it did; an answer that it holds back goes when ``flowing`` is set."""

        def __init__(self, *, passed, cut=True):
            super().__init__(database)
            self.passed, self.cuts, self.lost = passed, cut, threading.Event()

        def _pump(self, source, target, *, counted=False):
            if counted or self.lost.is_set():
                super()._pump(source, target, counted=counted)
                return
            with contextlib.suppress(OSError):
                while data := source.recv(65536):
                    if b"Q\0\0\0\x0bCOMMIT\0" in data:
                        break
                    target.sendall(data)
                if data:
                    self.lost.set()
                if data and self.passed:
                    self.flowing.clear()
                    target.sendall(data)
                else:
                    target.shutdown(socket.SHUT_RDWR)
                if self.cuts or not data:
                    source.shutdown(socket.SHUT_RDWR)

    return Losing


def test_a_commit_whose_answer_got_lost_is_looked_up(losing, opened, ask, until):
    """The server has the rows and says so over a new connection: the push is done, and says no less."""
    with losing(passed=True) as proxy, ThreadPoolExecutor(1) as pool:
        pushing = pool.submit(push, opened(proxy.url), pd.DataFrame({"id": range(5)}), "topics", key="id")
        until(proxy.lost.is_set)
        until(lambda: ask("SELECT to_regclass('topics') IS NOT NULL") == [(True,)])
        proxy.flowing.set()
        summary = pushing.result(60)

    assert str(summary) == "public.topics (new): 5 inserted"
    assert ask("SELECT count(*) FROM topics") == [(5,)]


def test_a_commit_that_never_arrived_is_looked_up(losing, opened, ask):
    """The server has rolled back: the error says that nothing was pushed, and not that it may have been."""
    with losing(passed=False) as proxy:
        with pytest.raises(DatabaseUnavailable) as caught:
            push(opened(proxy.url), pd.DataFrame({"id": range(5)}), "topics", key="id")

        assert proxy.lost.is_set()
    assert caught.value.hint.endswith("Nothing was pushed.")
    assert ask("SELECT to_regclass('topics') IS NULL") == [(True,)]


def test_an_interrupt_while_the_answer_to_a_commit_is_on_its_way_says_so(losing, ask, program, until):
    """Nobody can say then whether the rows are there, and the interrupt does not claim to know."""
    with losing(passed=True, cut=False) as proxy:
        child = program(PUSH, proxy.url, "5")
        until(proxy.lost.is_set)
        until(lambda: ask("SELECT to_regclass('topics') IS NOT NULL") == [(True,)])
        child.send_signal(signal.SIGINT)
        child.stdout.readline()
        said = outcome(child)

    assert said["kind"] == "KeyboardInterrupt"
    assert said["text"] == "Postgres was just committing: look whether the rows are in public.topics."


def test_nobody_knows_what_a_server_that_stays_away_has_done(database, opened, ask):
    """Neither yes nor no."""
    ((known,),) = ask("SELECT txid_current()")
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        nobody = f"postgresql://x:y@127.0.0.1:{taken.getsockname()[1]}/z?connect_timeout=2"
    assert came_through(opened(nobody), known, within_s=0) is None
    assert came_through(opened(database), known) is True


def test_a_number_that_a_crash_took_back_is_not_taken_for_ours(database, opened, ask):
    """One that was never given came to nothing; another's that was committed left none of our rows."""
    ask("CREATE TABLE topics (id int)")
    ((ours,),) = ask("INSERT INTO topics VALUES (1) RETURNING txid_current()")
    ((other,),) = ask("SELECT txid_current()")
    db = opened(database)

    assert came_through(db, ours, wrote="public.topics") is True
    assert came_through(db, other, wrote="public.topics") is None
    assert came_through(db, other + 10**6) is False


@pytest.mark.parametrize("held", ["the table", "a row"])
def test_waiting_for_a_lock_ends_and_names_who_holds_it(database, opened, ask, held):
    """The other's pid, program and state, and the statement that ends it; the table is as before."""
    with closing(psycopg2.connect(database, application_name="dbeaver")) as other, other.cursor() as cursor:
        cursor.execute("CREATE TABLE topics (id int PRIMARY KEY, body text)")
        cursor.execute("INSERT INTO topics VALUES (5, 'before')")
        other.commit()
        cursor.execute("LOCK TABLE topics" if held == "the table" else "UPDATE topics SET body = 'held'")
        frame = pd.DataFrame({"id": [4, 5], "body": ["x", "y"]})

        with pytest.raises(DatabaseError) as caught:
            push(opened(database), frame, "topics", key="id", lock_timeout_s=0.2)

        error, pid = caught.value, other.info.backend_pid
        other.rollback()
    assert error.sqlstate == "55P03"
    assert f"public.topics is held by another transaction, process {pid} (" in error.message
    assert "dbeaver, idle in transaction" in error.message
    assert f"SELECT pg_terminate_backend({pid}). Nothing was pushed." in error.hint
    assert ask("SELECT * FROM topics") == UNCHANGED


def test_a_connection_has_the_last_word_on_waiting_for_locks(database, opened):
    """A lock_timeout of its own is not made longer."""
    with closing(psycopg2.connect(database)) as other, other.cursor() as cursor:
        cursor.execute("CREATE TABLE topics (id int)")
        other.commit()
        cursor.execute("LOCK TABLE topics")

        db = opened(database, lock_timeout_s=0.2)

        with pytest.raises(DatabaseError) as caught:
            push(db, pd.DataFrame({"id": [1]}), "topics", lock_timeout_s=600)
    assert caught.value.sqlstate == "55P03"


@at_leisure
def test_a_statement_timeout_says_what_to_do(database, opened, ask, times):
    """Its limit is named; fewer rows or more time."""
    ask("DROP TABLE IF EXISTS topics; CREATE TABLE topics (id int)")
    ask(
        "CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$"
    )
    ask("CREATE TRIGGER slow BEFORE INSERT ON topics FOR EACH ROW EXECUTE FUNCTION slow()")

    with pytest.raises(QueryFailed) as caught:
        push(opened(database, statement_timeout_s=0.3 * times), pd.DataFrame({"id": [1]}), "topics")

    assert caught.value.sqlstate == "57014"
    assert caught.value.hint == (
        f"Push fewer rows at a time, or allow a statement more time than now ({0.3 * times:g} s)."
        " Nothing was pushed."
    )
    assert ask("SELECT count(*) FROM topics") == [(0,)]


@pytest.fixture
def small_disk(own_server):
    """URL of a database on a disk of 24 MB of its own; skips where a disk can't be had."""
    folder = Path(tempfile.mkdtemp(prefix="loopai-nb-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m,mode=755", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("no disk of its own: mounting one is not permitted")
    try:
        with closing(psycopg2.connect(own_server.url)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute("SHOW data_directory")
            owner = Path(cursor.fetchone()[0]).stat()
            os.chown(folder, owner.st_uid, owner.st_gid)
            cursor.execute("CREATE TABLESPACE small LOCATION %s", (str(folder),))
            cursor.execute("CREATE DATABASE small TABLESPACE small")
            yield own_server.url.rpartition("/")[0] + "/small"
            cursor.execute("DROP DATABASE small WITH (FORCE)")
            cursor.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@pytest.mark.parametrize("phase", ["staging", "moving"])
def test_a_full_disk_leaves_nothing(small_disk, opened, phase):
    """Told as what it is; staged rows give their space back, and fewer go in."""
    with closing(psycopg2.connect(small_disk)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("CREATE TABLE topics (id int PRIMARY KEY, body text)")
        if phase == "moving":
            cursor.execute("ALTER DATABASE small SET temp_tablespaces = 'pg_default'")
    db = opened(small_disk)
    frame = pd.DataFrame({"id": range(200_000), "body": "x" * 200})

    with pytest.raises(DatabaseError) as caught:
        push(db, frame, "topics", key="id")

    assert caught.value.sqlstate == "53100"
    assert "The disk of Postgres at" in caught.value.message
    assert caught.value.hint.endswith("or push fewer rows at a time. Nothing was pushed.")
    assert db.execute("SELECT count(*) AS n FROM topics") == [{"n": 0}]
    if phase == "staging":  # what was rolled back in the table keeps its pages until a vacuum
        assert push(db, frame[:100], "topics", key="id").inserted == 100
