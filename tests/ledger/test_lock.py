import contextlib
import os
import signal
import sqlite3
import subprocess
import sys

import pytest
from sqlalchemy import text

from loopai_nb.errors import LedgerError
from loopai_nb.ledger.connect import open_engine
from loopai_nb.ledger.lock import CHECKPOINT_PAGES, LONGEST_LOG_BYTES, FileLock
from loopai_nb.ledger.store import Ledger

HAMMER = """
import sys
from pathlib import Path
from sqlalchemy import text
from loopai_nb.ledger.connect import open_engine

path, name, commits = sys.argv[1:]
engine, _ = open_engine(Path(path))
print("ready", flush=True)
sys.stdin.readline()
for n in range(int(commits)):
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO meta VALUES (:n, :v)"), {"n": f"{name}-{n}", "v": "x" * 9000})
    print(n, flush=True)
engine.dispose()
"""

HOLD = """
import sys
from pathlib import Path
from loopai_nb.ledger.lock import FileLock
FileLock(Path(sys.argv[1])).take()
print("held", flush=True)
sys.stdin.readline()
"""


@contextlib.contextmanager
def _process(program, *arguments):
    """A process of ours that has said its first word, killed at the end."""
    with subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout.readline()
            yield process
        finally:
            process.kill()


def _go(process):
    process.stdin.write("go\n")
    process.stdin.flush()


def _rows(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = connection.execute("SELECT name FROM meta WHERE name != 'schema_version'")
        return {name for (name,) in found}


def test_two_processes_that_never_rest_lose_nothing(tmp_path):
    """Two writers with some thousand commits and many checkpoints: the file is whole, each row is there."""
    path = tmp_path / "ledger.sqlite3"
    commits = 800  # of four pages each: a checkpoint after about every five hundredth
    with _process(HAMMER, path, "a", commits) as one, _process(HAMMER, path, "b", commits) as other:
        for process in (one, other):
            _go(process)
        for process in (one, other):
            process.communicate(timeout=120)
            assert process.returncode == 0
    assert _rows(path) == {f"{name}-{n}" for name in "ab" for n in range(commits)}


def test_a_writer_that_is_killed_loses_nothing_that_it_had_committed(tmp_path):
    """Kill -9 between any two instructions frees the lock; the other one goes on at once."""
    path = tmp_path / "ledger.sqlite3"
    with _process(HAMMER, path, "other", 300) as other:
        _go(other)
        for kill_after in (10, 47, 111):
            with _process(HAMMER, path, f"killed-{kill_after}", 10**6) as killed:
                _go(killed)
                for n in range(kill_after):
                    assert killed.stdout.readline() == f"{n}\n"
                killed.kill()
                said = killed.stdout.read().split("\n")
                last = int(said[-2]) if len(said) > 1 else kill_after - 1
            assert {f"killed-{kill_after}-{n}" for n in range(last + 1)} <= _rows(path)
        other.communicate(timeout=120)
        assert other.returncode == 0
    assert {f"other-{n}" for n in range(300)} <= _rows(path)


def test_a_stopped_process_is_waited_for_and_named(tmp_path):
    """A process that holds the lock and was stopped (SIGSTOP) ends the others' wait with what to do."""
    lock = FileLock(tmp_path / "ledger.sqlite3", wait_s=0.05)
    with _process(HOLD, tmp_path / "ledger.sqlite3") as holder:
        holder.send_signal(signal.SIGSTOP)
        with pytest.raises(LedgerError, match=r"Another process has been writing .* for 0\.05 s\. Nothing"):
            lock.take()
        holder.kill()
        holder.wait()
        with lock.held():
            pass


def test_a_transaction_waits_for_no_reader_and_no_reader_for_it(tmp_path):
    """While a process writes, this one reads, and opens and closes readers."""
    path = tmp_path / "ledger.sqlite3"
    engine, _ = open_engine(path)
    with engine.begin() as writing:
        writing.execute(text("INSERT INTO meta VALUES ('a', 'b')"))
        with engine.connect().execution_options(reading=True) as reading:
            assert reading.execute(text("SELECT count(*) FROM meta")).scalar_one() == 1
    engine.dispose()


def test_the_lock_is_free_after_each_kind_of_end(tmp_path):
    """Commit, rollback, an error in between and a close each give it back."""
    engine, _ = open_engine(tmp_path / "ledger.sqlite3")
    lock = FileLock(tmp_path / "ledger.sqlite3", wait_s=0)
    with engine.begin(), pytest.raises(LedgerError):
        lock.take()
    lock.free(lock.take())
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        connection.rollback()
        lock.free(lock.take())
    with pytest.raises(LedgerError, match="no such table"), engine.begin() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))
    lock.free(lock.take())
    connection = engine.connect()
    connection.execute(text("SELECT 1"))
    connection.connection.driver_connection.close()
    lock.free(lock.take())
    connection.invalidate()
    connection.close()
    engine.dispose()


def test_a_forked_process_does_not_keep_the_lock(tmp_path):
    """A fork in the middle of a write shares the descriptor, and is not waited for."""
    lock = FileLock(tmp_path / "ledger.sqlite3", wait_s=0)
    held = lock.take()
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        os.write(ready[1], b"x")
        os.read(go[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    lock.free(held)
    lock.free(lock.take())
    os.write(go[1], b"x")
    os.waitpid(child, 0)
    for descriptor in (*ready, *go):
        os.close(descriptor)


def test_a_reader_can_not_write(tmp_path):
    """A transaction for reading refuses to change anything, and the same connection may write later."""
    engine, _ = open_engine(tmp_path / "ledger.sqlite3")
    for _ in range(2):
        reading = engine.connect().execution_options(reading=True)
        with reading, pytest.raises(LedgerError, match="readonly"):
            reading.execute(text("INSERT INTO meta VALUES ('a', 'b')"))
        with engine.begin() as writing:
            writing.execute(text("INSERT INTO meta VALUES (hex(randomblob(8)), 'b')"))
    engine.dispose()


def test_the_log_is_written_back_while_somebody_writes_on(tmp_path):
    """Without readers the log stays at the size of a checkpoint, however much is written."""
    path = tmp_path / "ledger.sqlite3"
    engine, _ = open_engine(path)
    for n in range(60):
        with engine.begin() as connection:
            rows = [{"n": f"{n}-{m}", "v": "x" * 4000} for m in range(200)]
            connection.execute(text("INSERT INTO meta VALUES (:n, :v)"), rows)
    assert path.stat().st_size > 40_000_000
    assert path.with_name("ledger.sqlite3-wal").stat().st_size < 2 * CHECKPOINT_PAGES * 4096
    engine.dispose()


def test_a_log_that_grew_because_of_a_reader_is_cut(tmp_path):
    """A reader that stays lets the log grow; once it has gone, writing on makes it small again."""
    path = tmp_path / "ledger.sqlite3"
    engine, _ = open_engine(path)
    log = path.with_name("ledger.sqlite3-wal")
    with engine.connect().execution_options(reading=True) as reader:
        reader.execute(text("SELECT count(*) FROM meta")).scalar_one()
        for n in range(3):
            with engine.begin() as connection:
                rows = [{"n": f"{n}-{m}", "v": "x" * 8000} for m in range(4_000)]
                connection.execute(text("INSERT INTO meta VALUES (:n, :v)"), rows)
        assert log.stat().st_size > LONGEST_LOG_BYTES
    for n in range(100):
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO meta VALUES (:n, 'x')"), {"n": str(n)})
    assert log.stat().st_size < LONGEST_LOG_BYTES
    engine.dispose()
    assert not log.exists()


def test_a_lock_that_is_a_symbolic_link_is_refused(tmp_path):
    """A planted link beside the ledger is not followed."""
    (tmp_path / "ledger.sqlite3-lock").symlink_to(tmp_path / "target")
    with pytest.raises(LedgerError, match=r"can't be (used|opened)"):
        Ledger(tmp_path / "ledger.sqlite3")
    assert not (tmp_path / "target").exists()
    with pytest.raises(LedgerError, match="can't be opened"):
        FileLock(tmp_path / "ledger.sqlite3").take()


def test_opening_a_ledger_again_leaves_its_locks(file_shelf):
    """Attack: a second ledger on the file in this process does not take away SQLite's locks of the first.

    Were they gone, another process's close would remove the log that this one still writes to.
    """
    file_shelf.plan(["a"])
    Ledger(file_shelf.path).close()
    log = file_shelf.path.with_name("ledger.sqlite3-wal")
    file_shelf.plan(["b"])
    close = (
        "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM meta'); c.close()"
    )
    subprocess.run([sys.executable, "-c", close, str(file_shelf.path)], check=True)
    assert log.exists()
