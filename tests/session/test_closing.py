"""What a session holds while it asks, when it fails, and when it ends."""

import contextlib
import socket
import sys
import threading

import pandas as pd
import psycopg2
import pytest

from loopai_nb.errors import DatabaseUnavailable, InputError, LoopaiNbError, ModelServerError
from loopai_nb.execution.run import Run
from loopai_nb.session import Session
from loopai_nb.settings import Settings

TEMPLATE = "Which part was hit? engine, wing. {{ remarks }}"


@pytest.fixture
def opened(environ, tmp_path):
    """A session that the test itself closes."""
    session = Session(Settings.load(environ=environ, cwd=tmp_path, config_dir=tmp_path))
    yield session
    session.close()


@pytest.fixture
def many():
    """More rows than are answered in a moment."""
    return pd.DataFrame({"remarks": [f"bird {n} in the engine" for n in range(500)]})


@pytest.fixture
def silent():
    """URL of a listener that accepts and never answers, and an event that it was reached."""
    reached, held = threading.Event(), []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    held.append(listener.accept()[0])
                    reached.set()

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1", reached, held
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in held:
                connection.close()


def test_a_run_that_failed_keeps_nothing_open(opened, many, devserver, until):
    """The error of an ended run is its own: close() releases everything all the same, and once."""
    before = set(threading.enumerate())
    devserver.faults(latency_ms=20)
    run = opened.map(many, TEMPLATE, approve=True, wait=False, concurrency=4)
    database, ledger = opened.connect(), opened.ledger
    ledger.close()
    with pytest.raises(LoopaiNbError):
        run.wait()

    opened.close()
    opened.close()

    # A loop's pool is told to end, and not waited for.
    until(lambda: {thread.name for thread in set(threading.enumerate()) - before} == set())
    assert not ledger._writer._thread.is_alive()
    assert database.engine.pool.checkedout() == 0
    database.close()


def test_after_close_every_use_says_so(opened, many):
    """No new ledger, no new connection."""
    frame = opened.pull("SELECT 1 AS one")
    plan = opened.plan(many, TEMPLATE)
    opened.close()
    uses = (
        lambda: opened.ledger,
        lambda: opened.database,
        lambda: opened.server,
        lambda: opened.price,
        opened.connect,
        opened.use_server,
        opened.tables,
        lambda: opened.describe("t"),
        lambda: opened.pull("t"),
        lambda: opened.query("SELECT 1"),
        lambda: opened.push(frame, "t"),
        lambda: opened.plan(many, TEMPLATE),
        lambda: opened.run(plan, approve=True),
        lambda: opened.map(many, TEMPLATE, approve=True),
        lambda: opened.ask("x"),
        opened.runs,
        lambda: opened.show("r-0000"),
        lambda: opened.resume("r-0000"),
        lambda: opened.cancel("r-0000"),
        opened.interrupted,
    )

    for use in uses:
        with pytest.raises(InputError, match=r"This session is closed\."):
            use()

    assert repr(opened) == "<Session closed>"


def test_a_connect_that_fails_leaves_the_database_connected(session):
    """The new one is checked before it takes the old one's place."""
    working = session.connect()

    with pytest.raises(DatabaseUnavailable):
        session.connect("postgresql://nobody:x@127.0.0.1:1/none")

    assert session.database is working
    assert session.query("SELECT 1 AS one") == [{"one": 1}]


def test_a_server_that_does_not_answer_leaves_the_chosen_one(session):
    """What is chosen is asked first."""
    chosen = session.server

    with pytest.raises(ModelServerError):
        session.use_server("http://127.0.0.1:1/v1", model="m")

    assert session.server is chosen


def test_nobody_waits_while_a_server_is_asked(session, many, devserver, silent):
    """cancel(), show() and the chosen server are there while another one does not answer."""
    url, reached, held = silent
    devserver.faults(latency_ms=20)
    run = session.map(many, TEMPLATE, approve=True, wait=False, concurrency=4)
    failed = []

    def choose():
        try:
            session.use_server(url, model="m")
        except LoopaiNbError as error:
            failed.append(error)

    thread = threading.Thread(target=choose)
    thread.start()
    assert reached.wait(60)

    session.cancel(run.run_id)
    run.wait()
    assert session.show(run.run_id).done
    assert session.server.base_url == devserver.openai_url
    assert session.database.check().user
    assert thread.is_alive()  # all of it while the other server was being asked
    for connection in held:
        connection.close()
    thread.join()
    assert failed


def test_an_interrupt_between_run_and_wait_cancels(session, many, devserver):
    """Ctrl-C in the line before wait() begins to look out for it."""
    devserver.faults(latency_ms=20)

    def interrupt(frame, _event, _arg):
        if frame.f_code is Run.wait.__code__:
            sys.settrace(None)
            raise KeyboardInterrupt

    before = sys.gettrace()
    sys.settrace(interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            session.map(many.head(100), TEMPLATE, approve=True, concurrency=4)
    finally:
        sys.settrace(before)

    (row,) = session.runs()
    run = session.show(row.run_id).wait()
    assert run.state == "CANCELLED"
    assert run.row.answered < 100


def test_closing_ends_open_streams(opened, database, until):
    """Half-read, by a mark or not, and of a database that is no longer the current one."""
    rows = "SELECT n AS endless, repeat('x', 100) AS x FROM generate_series(1, 100000) AS n"
    streams = [opened.pull(rows, chunks=9), opened.pull(rows, since="endless", key="endless", chunks=9)]
    opened.connect(database)
    streams.append(opened.pull(rows, chunks=9))
    for stream in streams:
        assert len(next(stream)) == 9
    assert _in_transaction(database) == 3

    opened.close()

    until(lambda: _in_transaction(database) == 0)
    for stream in streams:
        with pytest.raises(InputError, match="is closed"):
            next(stream)


def _in_transaction(database):
    with contextlib.closing(psycopg2.connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' "
            "AND query LIKE 'COPY%endless%'"
        )
        return cursor.fetchone()[0]
