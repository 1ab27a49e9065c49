"""A push that is broken, in each of its phases: nothing half-written, and the error says what is there."""

import json
import os
import signal
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pandas as pd
import psycopg2
import pytest

from loopai_nb.errors import DatabaseError, DatabaseUnavailable, QueryFailed
from loopai_nb.postgres.committing import came_through
from loopai_nb.postgres.engine import Database
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


@contextmanager
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
    """Killed like by the kernel, and back again: no row is there, and the push says so."""
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
            os.kill(int(postmaster[0].splitlines()[0]), signal.SIGKILL)
            own_server.start()
            said = outcome(child)

    assert (said["kind"], said["text"][-19:]) == ("DatabaseUnavailable", "Nothing was pushed.")
    with closing(psycopg2.connect(url)) as again, again.cursor() as cursor:
        cursor.execute("SELECT * FROM topics")
        assert cursor.fetchall() == UNCHANGED


@pytest.fixture
def losing(database, make_proxy):
    """``losing(passed=...)`` is a proxy that cuts the first connection at its COMMIT, before or behind it."""
    commit = b"Q\0\0\0\x0bCOMMIT\0"

    class Losing(make_proxy):
        """Its event ``lost`` is set once; where the commit was passed on, ``flowing`` waits to be set."""

        def __init__(self, *, passed):
            super().__init__(database)
            self.passed, self.lost = passed, threading.Event()

        def _pump(self, source, target, *, counted=False):
            if counted:
                super()._pump(source, target, counted=True)
                return
            while data := source.recv(65536):
                if commit in data and not self.lost.is_set():
                    if self.passed:
                        self.flowing.clear()  # the answer does not get back
                        target.sendall(data)
                        source.shutdown(2)
                        self.lost.set()
                        return
                    self.lost.set()
                    break
                target.sendall(data)
            for each in (source, target):
                with pytest.MonkeyPatch.context():
                    each.close()

    return Losing
