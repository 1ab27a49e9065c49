import contextlib
import shutil
import sqlite3

import pytest

from loopai_nb.errors import LedgerError
from loopai_nb.ledger.store import Ledger


def test_answers_survive_a_power_cut(file_shelf):
    """Every connection writes ahead and waits for the disk: WAL with synchronous FULL."""
    with file_shelf.ledger.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert driver.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_ledger_opened_again_has_what_was_written(file_shelf):
    """What one process wrote the next one finds."""
    plan_id, _ = file_shelf.plan(["a"])
    file_shelf.ledger.close()
    again = Ledger(file_shelf.path)
    assert again.plan_sums(plan_id)["distinct"] == 1
    again.close()


def test_a_foreign_database_is_refused_and_left_alone(tmp_path):
    """A SQLite file with other tables is not made a ledger."""
    path = tmp_path / "notes.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()
    with pytest.raises(LedgerError, match=r"is a SQLite file, and no ledger\. Set LOOPAI_LEDGER"):
        Ledger(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("notes",)]
    connection.close()


def test_another_version_is_refused(file_shelf):
    """A ledger of another version of the tables is never guessed at."""
    file_shelf.ledger.close()
    file_shelf.sql("UPDATE meta SET value = '999'")
    with pytest.raises(LedgerError, match="has version 999 of the tables, and this loopai_nb speaks"):
        Ledger(file_shelf.path)


@pytest.mark.parametrize("content", [b"no database at all " * 100, b"SQLite format 3\x00" + b"\xff" * 4_000])
def test_what_is_no_database_is_refused(tmp_path, content):
    """A file of something else is refused with what to do, and not overwritten."""
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="Move it away to start a new one, or set LOOPAI_LEDGER"):
        Ledger(path)
    assert path.read_bytes() == content


def test_a_damaged_ledger_says_so(file_shelf):
    """Pages overwritten in the middle end in a LedgerError of one line, when opened or when read."""
    file_shelf.plan([f"prompt {n} " + "x" * 500 for n in range(500)])
    file_shelf.ledger.close()
    content = bytearray(file_shelf.path.read_bytes())
    content[4096:-4096] = b"\xa5" * (len(content) - 8192)
    file_shelf.path.write_bytes(bytes(content))

    def use():
        with contextlib.closing(Ledger(file_shelf.path)) as ledger:
            ledger.begin_plan("{}", "birds")

    with pytest.raises(LedgerError) as caught:
        use()
    assert "\n" not in str(caught.value)


def test_a_ledger_that_another_process_makes_at_the_same_time(tmp_path):
    """Opened for the first time by several threads at once, it is made once."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as threads:
        opened = list(threads.map(lambda _: Ledger(tmp_path / "new" / "ledger.sqlite3"), range(8)))
    plan_id = opened[0].begin_plan("{}", "birds")
    opened[1].drop_plan(plan_id)
    for ledger in opened:
        ledger.close()


def test_a_ledger_whose_maker_was_killed_is_opened_by_several_at_once(tmp_path):
    """What a killed process left half made is taken back by one of them, and the others wait."""
    from concurrent.futures import ThreadPoolExecutor

    making, path = tmp_path / "making.sqlite3", tmp_path / "ledger.sqlite3"
    with contextlib.closing(sqlite3.connect(making, isolation_level=None)) as killed:
        killed.execute("PRAGMA cache_size = 1")
        killed.execute("BEGIN")
        killed.execute("CREATE TABLE half (made)")
        killed.executemany("INSERT INTO half VALUES (?)", [("x" * 1000,)] * 500)
        for suffix in ("", "-journal"):
            shutil.copy(f"{making}{suffix}", f"{path}{suffix}")
        killed.execute("ROLLBACK")
    with ThreadPoolExecutor(8) as threads:
        for ledger in list(threads.map(lambda _: Ledger(path), range(8))):
            ledger.close()


def test_a_ledger_is_opened_while_another_one_writes(file_shelf):
    """Opening what is there only reads: it does not wait for a long write of another process."""
    with file_shelf.ledger.engine.begin() as writing:
        writing.exec_driver_sql("INSERT INTO meta VALUES ('a', 'b')")
        other = Ledger(file_shelf.path)
    assert other.begin_plan("{}", "birds")
    other.close()
