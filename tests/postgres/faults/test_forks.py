"""A forked child uses none of its parent's connections, and closes none of them."""

import multiprocessing
import os
import threading

import pytest

from loopai_nb.postgres.engine import Database

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

PID = "SELECT pg_backend_pid() AS pid"


def pid_of(db):
    """Process id of the backend that answers."""
    return db.execute(PID)[0]["pid"]


def in_child(work):
    """Run ``work`` in a forked child; return what it says."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.write(write, repr(work()).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, said
    return said


def test_a_child_opens_connections_of_its_own(database, opened):
    """The child's backend is another, and the parent's goes on as if nothing had been."""
    db = opened(database)
    mine = pid_of(db)

    def work():
        theirs = pid_of(db)
        db.close()
        return theirs

    assert int(in_child(work)) != mine
    assert pid_of(db) == mine


def test_a_child_that_collects_its_garbage_says_nothing_to_the_parents_server(database, program):
    """The whole interpreter of the child ends, finalizers included, while the parent has all kinds open."""
    code = """
import gc, os, sys
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.pull import pull
db = Database(sys.argv[1])
pid = "SELECT pg_backend_pid() AS pid"
mine = db.execute(pid)
checked_out = db.engine.connect()
checked_out.exec_driver_sql("CREATE TEMP TABLE kept (a int)")
stream = iter(pull(db, "SELECT n, repeat('x', 500) AS t FROM generate_series(1, 60000) AS n", chunks=20000))
rows = len(next(stream))
child = os.fork()
if child == 0:
    del checked_out, stream
    gc.collect()
    assert db.execute(pid) != mine
    db.close()
    gc.collect()
    sys.exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
rows += sum(len(frame) for frame in stream)
checked_out.exec_driver_sql("SELECT * FROM kept")
checked_out.close()
print(rows, db.execute(pid) == mine)
db.close()
"""
    child = program(code, database)
    said, _ = child.communicate(timeout=60)

    assert said == "60000 True\n"


def test_multiprocessing_workers_each_have_their_own(database, opened):
    """Four workers forked at once work side by side on the parent's Database."""
    db = opened(database)
    mine = pid_of(db)
    with multiprocessing.get_context("fork").Pool(4, initializer=_remember, initargs=(db,)) as workers:
        pids = set(workers.map(_pid, range(16)))

    assert mine not in pids
    assert pid_of(db) == mine


def test_a_fork_while_another_thread_connects_does_not_lock_the_child(database, opened):
    """Locks that a thread of the parent held at the fork are not waited for by the child."""
    db = opened(database)
    pid_of(db)
    stop = threading.Event()

    def busy():
        while not stop.is_set():
            pid_of(db)

    threads = [threading.Thread(target=busy) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        assert all(int(in_child(lambda: pid_of(db))) for _ in range(5))
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_a_child_does_not_keep_its_parents_session_open(database, ask, program, until):
    """The parent is killed and its child lives: the server sees the parent's connections end."""
    code = """
import os, signal, sys
from loopai_nb.postgres.engine import Database
db = Database(sys.argv[1])
db.execute("SELECT 1")
if os.fork() == 0:
    print("child", flush=True)
    signal.pause()
signal.pause()
"""
    mine = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    parent = program(code, database, start_new_session=True)
    assert parent.stdout.readline() == "child\n"
    try:
        assert ask(mine) == [(1,)]
        parent.kill()
        until(lambda: ask(mine) == [(0,)])
    finally:
        os.killpg(parent.pid, 9)


_KEPT: list[Database] = []


def _remember(db):
    _KEPT.append(db)


def _pid(_):
    return pid_of(_KEPT[0])
