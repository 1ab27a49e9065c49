"""Connections that end in the middle: nothing is lost, and the next statement works."""

import os
import signal
import threading

import pytest

from loopai_nb.errors import DatabaseError, DatabaseUnavailable
from loopai_nb.postgres.pull import pull

BACKENDS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend'"
)
ROWS = "SELECT n, repeat('x', 100) AS t FROM generate_series(1, 200000) AS n"


@pytest.mark.parametrize("way", ["execute", "pull"])
def test_a_socket_cut_in_mid_statement(database, make_proxy, opened, way):
    """A firewall that forgets the connection: an error that says so, and then a new connection."""
    with make_proxy(database, cut_after=2_000_000) as proxy:
        db = opened(proxy.url)
        db.execute("SELECT 1")
        with db.arrow(read_only=True):
            pass
        proxy.armed.set()
        with pytest.raises(DatabaseUnavailable) as caught:
            db.execute(ROWS) if way == "execute" else pull(db, ROWS)
        proxy.armed.clear()

        assert "connects anew" in caught.value.hint
        assert caught.value.sqlstate == "08006"  # connection_failure; no server was left to say so
        assert db.execute("SELECT 1 AS one") == [{"one": 1}]
        assert len(pull(db, ROWS)) == 200_000


def test_a_stream_that_is_cut_says_so_and_invents_nothing(database, make_proxy, opened):
    """Chunks that came before stand; the one in which it was cut is not handed out in part."""
    with make_proxy(database, cut_after=5_000_000) as proxy:
        db = opened(proxy.url)
        db.execute("SELECT 1")
        proxy.armed.set()
        seen = []
        with pytest.raises(DatabaseUnavailable), pull(db, ROWS, chunks=10_000) as stream:
            seen.extend(len(frame) for frame in stream)
        proxy.armed.clear()

        assert seen
        assert set(seen) == {10_000}
        assert sum(seen) < 200_000
        assert len(pull(db, ROWS)) == 200_000


def test_an_idle_connection_that_was_cut_costs_nothing(proxy, opened):
    """The pool asks a connection whether it lives before a statement is risked on it."""
    db = opened(proxy.url)
    db.execute("SELECT 1")
    proxy.cut()

    assert db.execute("SELECT 1 AS one") == [{"one": 1}]


@pytest.mark.parametrize("way", ["execute", "pull"])
def test_a_terminated_backend_is_told_and_replaced(database, opened, way):
    """The code 57P01 is kept where the driver has it: psycopg2 drops the result that the server sent last."""
    db = opened(database)
    db.execute("CREATE FUNCTION ended() RETURNS int LANGUAGE plpgsql AS $$ BEGIN "
               "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); RETURN 1; END $$",
               read_only=False)  # fmt: skip
    with pytest.raises(DatabaseUnavailable) as caught:
        db.execute("SELECT ended()") if way == "execute" else pull(db, "SELECT ended() AS e")

    assert caught.value.sqlstate == ("08006" if way == "execute" else "57P01")
    assert "connects anew" in caught.value.hint
    assert db.execute("SELECT 1 AS one") == [{"one": 1}]
    assert len(pull(db, "SELECT 1 AS one")) == 1


def test_a_transaction_that_stood_still_says_so(database, opened):
    """idle_in_transaction_timeout_s: the server ends the session with 25P03, told for what it is."""
    db = opened(database, idle_in_transaction_timeout_s=0.05)

    def stand_still():
        with db.arrow(read_only=True) as connection, db.errors():
            for _ in range(600):
                db.execute("SELECT pg_sleep(0.1)")  # on another connection
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1 AS one")

    with pytest.raises(DatabaseUnavailable) as caught:
        stand_still()

    assert caught.value.sqlstate in {"25P03", "08006"}  # the second half of a socket tells less
    assert db.execute("SELECT 1 AS one") == [{"one": 1}]


def test_a_lost_statement_is_not_sent_twice(proxy, opened, ask):
    """Only connecting is tried again: a write whose answer was lost may have been done."""
    db = opened(proxy.url)
    db.execute("CREATE TABLE written (n int)", read_only=False)
    db.execute("CREATE FUNCTION write_and_wait() RETURNS int LANGUAGE plpgsql AS $$ BEGIN "
               "INSERT INTO written VALUES (1); PERFORM pg_sleep(0.2); RETURN 1; END $$",
               read_only=False)  # fmt: skip
    proxy.cut_after = 0
    proxy.armed.set()
    with pytest.raises(DatabaseError):
        db.execute("SELECT write_and_wait()", read_only=False)
    proxy.armed.clear()

    assert db.execute("SELECT 1 AS one") == [{"one": 1}]
    assert ask("SELECT count(*) FROM written")[0][0] <= 1


def test_a_server_that_starts_is_waited_for(database, make_proxy, opened):
    """57P03 is no answer to give up on: the connect is tried again until the server takes it."""
    starting = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"
    greeting = b"E" + (len(starting) + 4).to_bytes(4, "big") + starting
    with make_proxy(database, greetings=[greeting] * 7) as proxy:
        assert opened(proxy.url).execute("SELECT 1 AS one") == [{"one": 1}]
        assert proxy.accepted > 7


def test_the_next_statement_works_after_a_restart(own_server, opened):
    """The server stops, starts and recovers; who waits for the new one is not asked to connect."""
    db = opened(own_server.url)
    other = opened(own_server.url)
    db.execute("SELECT 1")
    assert len(pull(other, "SELECT 1 AS one")) == 1
    before = db.port

    own_server.stop()
    own_server.start()

    assert own_server.port == before
    assert db.execute("SELECT 1 AS one") == [{"one": 1}]
    assert len(pull(other, "SELECT 1 AS one")) == 1


def test_a_crash_of_another_backend_is_survived(own_server, opened, until):
    """A killed backend makes the server end every session and recover: told, and then waited for."""
    db, victim = opened(own_server.url), opened(own_server.url)
    (row,) = victim.execute("SELECT pg_backend_pid() AS pid")
    said = []

    def work():
        try:
            db.execute("SELECT pg_sleep(60) AS crashing")
        except DatabaseError as error:
            said.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    look = opened(own_server.url)
    until(
        lambda: look.execute("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60) AS cra%'")
    )
    os.kill(row["pid"], signal.SIGKILL)
    thread.join(60)

    assert isinstance(said[0], DatabaseUnavailable)
    assert db.execute("SELECT 1 AS one") == [{"one": 1}]


def test_a_killed_kernel_leaves_no_query_behind(database, program, ask, until):
    """The server looks in mid-statement whether its client lives, with either driver."""
    code = """
import sys
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.pull import pull
db = Database(sys.argv[1])
if sys.argv[2] == "execute":
    db.execute("SELECT pg_sleep(600) AS left_behind")
else:
    pull(db, "SELECT pg_sleep(600) AS left_behind")
"""
    count = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE query LIKE %s AND state = 'active' AND pid <> pg_backend_pid()"
    )
    children = [program(code, database, way) for way in ("execute", "pull")]
    until(lambda: ask(count, ("%left_behind%",))[0][0] == 2)

    for child in children:
        child.kill()

    until(lambda: ask(BACKENDS) == [])
