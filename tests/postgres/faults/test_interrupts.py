"""Promise 4 in each phase: SIGINT in a real process comes back as KeyboardInterrupt, and leaves it usable."""

import _thread
import signal
import socket

import pytest

from loopai_nb.postgres.interrupt import interruptible

BEFORE = """
import sys, time
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.pull import pull
good = Database(sys.argv[1])
good.execute("SELECT 1")
import pandas, pyarrow
with good.arrow(read_only=True):
    pass
"""

AFTER = """
print("ready", flush=True)
try:
    work()
except KeyboardInterrupt:
    at = time.monotonic()
    print("interrupted", good.execute("SELECT 1 AS one"), len(pull(good, "SELECT 2 AS two")), flush=True)
else:
    print("ended")
good.close()
"""

BIG = "SELECT n, repeat('x', 200) AS t, n::numeric(20, 4) AS d FROM generate_series(1, 200000000) AS n"
SLOW_PLAN = "SELECT 1 AS interrupt_me FROM pg_sleep(120)"


@pytest.fixture
def interrupt(program, until):
    """Run ``work``, wait until a condition holds, send SIGINT; return what the process says."""

    def run(work, database, *arguments, when=lambda: True):
        child = program(BEFORE + work + AFTER, database, *arguments)
        assert child.stdout.readline() == "ready\n"
        until(lambda: child.poll() is not None or when())
        assert child.poll() is None, child.communicate()
        child.send_signal(signal.SIGINT)
        said, _ = child.communicate(timeout=60)
        return said

    return run


def test_while_the_thread_starts(until):
    """An interrupt that comes before anybody waits stops the work, too: a push would else be committed."""
    stops = []

    def work(stop):
        stops.append(stop)
        _thread.interrupt_main()
        until(lambda: stop.requested, within_s=60)

    for _ in range(5):
        with pytest.raises(KeyboardInterrupt):
            interruptible(work)

    assert [stop.requested for stop in stops] == [True] * 5


@pytest.fixture
def running(ask):
    """``running(like)``: how many active statements of this database look so."""

    def count(like):
        return ask(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' "
            "AND pid <> pg_backend_pid() AND query LIKE %s",
            (like,),
        )[0][0]

    return count


USABLE = "interrupted [{'one': 1}] 1\n"


@pytest.mark.parametrize("way", ["execute", "arrow"])
def test_while_connecting_to_a_host_that_swallows_everything(database, interrupt, way):
    """A listening socket that never answers: the interrupt does not wait for the connect to time out."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        port = silent.getsockname()[1]
        work = {
            "execute": "def work(): silent.execute('SELECT 1')",
            "arrow": "def work(): pull(silent, 'SELECT 1 AS one')",
        }[way]
        came = []

        def connected():
            came.append(silent.accept()[0])
            return True

        said = interrupt(
            f"silent = Database(sys.argv[2])\n{work}",
            database,
            f"postgresql://u:p@127.0.0.1:{port}/x",
            when=connected,
        )
        for each in came:
            each.close()

    assert said == USABLE


def test_while_values_are_quoted_on_a_first_connection(database, interrupt):
    """Composing literals needs a connection, too; waiting for it can be interrupted."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        came = []

        def connected():
            came.append(silent.accept()[0])
            return True

        said = interrupt(
            "silent = Database(sys.argv[2])\ndef work(): silent.literals(['x'])",
            database,
            f"postgresql://u:p@127.0.0.1:{silent.getsockname()[1]}/x",
            when=connected,
        )
        for each in came:
            each.close()

    assert said == USABLE


@pytest.mark.parametrize(
    ("work", "like"),
    [
        ("def work(): good.execute('SELECT pg_sleep(120)')", "SELECT pg_sleep%"),
        (f"def work(): pull(good, {SLOW_PLAN!r})", "%interrupt_me%"),
        (f"def work(): pull(good, {BIG!r})", "COPY%generate_series%"),
    ],
    ids=["psycopg2", "before the first row", "in mid-COPY"],
)
def test_while_a_statement_runs(database, interrupt, running, until, work, like):
    """The statement ends on the server, the caller gets its KeyboardInterrupt, and the next one works."""
    said = interrupt(work, database, when=lambda: running(like))

    assert said == USABLE
    until(lambda: not running(like))


def test_while_a_describe_waits_for_a_lock(database, interrupt, ask, until):
    """Describing a query takes a lock on its tables; waiting for it is cancelled, too."""
    import psycopg2

    ask("CREATE TABLE held (a int)")
    with psycopg2.connect(database) as holder, holder.cursor() as cursor:
        cursor.execute("LOCK held")
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        said = interrupt(
            "def work(): pull(good, 'SELECT a FROM held')", database, when=lambda: ask(waiting)[0][0]
        )
        until(lambda: not ask(waiting)[0][0])
    holder.close()

    assert said == USABLE


def test_while_a_stream_is_read(database, interrupt, until, running):
    """Between and within chunks: the COPY ends on the server."""
    work = f"""
def work():
    for frame in pull(good, {BIG!r}, chunks=1000):
        pass
"""
    said = interrupt(work, database, when=lambda: running("COPY%generate_series%"))

    assert said == USABLE
    until(lambda: not running("COPY%generate_series%"))


def test_a_server_that_has_gone_silent_does_not_keep_the_thread(database, make_proxy, interrupt, ask):
    """Behind a dead network the cancel is lost as well: the connection is cut, and its thread ends."""
    with make_proxy(database) as proxy:
        work = """
import threading
far = Database(sys.argv[2])
far.execute("SELECT 1")
before = threading.active_count()
def work():
    try:
        far.execute("SELECT pg_sleep(120)")
    except KeyboardInterrupt:
        for _ in range(500):
            if threading.active_count() <= before + 1: break
            time.sleep(0.02)
        else:
            print("left:", threading.enumerate())
        raise
"""

        def asleep():
            found = ask(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' "
                "AND query LIKE 'SELECT pg_sleep(120)%%' AND pid <> pg_backend_pid()"
            )
            if found:
                proxy.flowing.clear()
            return found

        said = interrupt(work, database, proxy.url, when=asleep)
        assert said == USABLE
