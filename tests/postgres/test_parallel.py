import signal
import subprocess
import sys
import threading
from contextlib import closing

import pandas as pd
import psycopg2
import pytest

from loopai_nb.errors import DatabaseUnavailable, InputError, QueryFailed
from loopai_nb.postgres.catalog import find
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.parallel import halves
from loopai_nb.postgres.pull import pull

TABLES = {
    "keyed": "n AS id, 'text ' || n AS body, n / 100.0 AS price FROM generate_series(1, 20000) AS n",
    "named": "'a' || lpad(n::text, 6, '0') AS id, n AS v FROM generate_series(1, 20000) AS n",
    "paired": "n / 10 AS id, n % 10 AS part, n AS v FROM generate_series(1, 20000) AS n",
    "keyless": "n AS id, 'text ' || n AS body FROM generate_series(20000, 1, -1) AS n",
    "scattered": "n AS id, 'text ' || n AS body FROM generate_series(1, 20000) AS n ORDER BY md5(n::text)",
}
KEYS = {"keyed": "id", "named": "id", "paired": "id, part", "scattered": "id"}


@pytest.fixture(scope="module")
def url(postgres):
    """URL of a database with a table of each kind, analyzed."""
    with closing(psycopg2.connect(postgres.url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("CREATE DATABASE parallel_tests")
        there = f"{postgres.url.rpartition('/')[0]}/parallel_tests"
        with closing(psycopg2.connect(there)) as inside, inside.cursor() as made:
            inside.autocommit = True
            for name, rows in TABLES.items():
                made.execute(f"CREATE TABLE {name} AS SELECT {rows}")
                if name in KEYS:
                    made.execute(f"ALTER TABLE {name} ADD PRIMARY KEY ({KEYS[name]})")
                made.execute(f"ANALYZE {name}")
            made.execute("CREATE VIEW seen AS SELECT * FROM keyed")
            made.execute("CREATE TABLE empty (id int PRIMARY KEY)")
        yield there
        cursor.execute("DROP DATABASE parallel_tests WITH (FORCE)")


@pytest.fixture(scope="module")
def db(url):
    """One connection to it; no test here changes what the others see."""
    with closing(Database(url)) as opened:
        yield opened


@pytest.mark.parametrize("name", [*TABLES, "seen", "empty"])
def test_two_connections_give_the_frame_of_one(db, name):
    """Rows, order, dtypes, index and attrs, whether the table is cut or not."""
    one, two = pull(db, name, connections=1), pull(db, name, connections=2)

    pd.testing.assert_frame_equal(one, two)
    assert one.attrs == two.attrs


@pytest.mark.parametrize(("name", "is_cut"), [(name, name != "scattered") for name in TABLES])
def test_what_is_cut_has_two_halves_of_a_size(db, name, is_cut):
    """In the middle of the key or of the pages; not where half of a key is all pages, and not a view."""
    found = halves(db, find(db, name), always=True)

    assert (found is not None) == is_cut
    counts = [db.execute(f"SELECT count(*) AS n FROM {name} WHERE {half}")[0]["n"] for half in found or ()]
    assert sum(counts) in (0, 20_000)
    assert all(count > 8_000 for count in counts)
    assert halves(db, find(db, "seen"), always=True) is None


def test_a_condition_counts_for_both_halves(db):
    """The person's condition stands in parentheses, its values bound; its errors are at its own place."""
    options = {"where": "id % :n = 0 OR id = 1 -- some", "params": {"n": 5000}}

    frame = pull(db, "keyed", connections=2, columns=["id"], **options)

    assert frame["id"].tolist() == [1, 5000, 10000, 15000, 20000]
    with pytest.raises(QueryFailed) as caught:
        pull(db, "keyed", connections=2, where="starz < 1")
    assert caught.value.position == 1


@pytest.mark.parametrize("row", [17, 19_999])
def test_an_error_in_either_half_is_told_with_its_code(db, row):
    """And not the cancelling of the other one."""
    with pytest.raises(QueryFailed) as caught:
        pull(db, "keyed", connections=2, where="1 / (id - :row) < 2", params={"row": row})
    assert caught.value.sqlstate == "22012"


def test_both_halves_see_one_moment(db, url):
    """Rows that move from one half to the other meanwhile are neither lost nor there twice."""
    with closing(psycopg2.connect(url)) as other, other.cursor() as cursor:
        other.autocommit = True
        cursor.execute("CREATE TABLE moving AS SELECT n AS id FROM generate_series(1, 20000) AS n")
        cursor.execute("ALTER TABLE moving ADD PRIMARY KEY (id)")
        cursor.execute("ANALYZE moving")
        done = threading.Event()

        def move():
            while not done.is_set():
                cursor.execute("UPDATE moving SET id = id + 20000 WHERE id <= 50")
                cursor.execute("UPDATE moving SET id = id - 20000 WHERE id > 20000")

        mover = threading.Thread(target=move)
        mover.start()
        try:
            frames = [pull(db, "moving", connections=2) for _ in range(5)]
        finally:
            done.set()
            mover.join()

    assert all(len(frame) == len({n % 20_000 for n in frame["id"]}) == 20_000 for frame in frames)


def test_without_a_second_connection_one_reads_all(url, db):
    """A role that may have one more connection than is open: the pull is whole all the same."""
    with closing(psycopg2.connect(url)) as other, other.cursor() as cursor:
        other.autocommit = True
        cursor.execute("CREATE ROLE alone LOGIN PASSWORD 'alone-0' CONNECTION LIMIT 2")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO alone")
        address = f"postgresql://alone:alone-0@{url.partition('@')[2]}"
        try:
            with closing(Database(address)) as limited:
                assert len(pull(limited, "keyed", connections=2)) == 20_000
        finally:
            cursor.execute("DROP OWNED BY alone")
            cursor.execute("DROP ROLE alone")
    assert len(pull(db, "keyed")) == 20_000


SLOW = "pg_sleep(0.01)::text IS NOT NULL"
RUNNING = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'COPY%%pg_sleep%%' AND state = 'active'"


def test_an_interrupt_cancels_both(url, until):
    """Promise 4, with two queries on the server."""
    script = """
import sys
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.pull import pull
db = Database(sys.argv[1])
try:
    pull(db, "keyed", where=sys.argv[2], connections=2)
except KeyboardInterrupt:
    print("interrupted", pull(db, "SELECT 1 AS one")["one"].tolist())
"""
    with closing(psycopg2.connect(url)) as other, other.cursor() as cursor:
        other.autocommit = True

        def running():
            cursor.execute(RUNNING)
            return len(cursor.fetchall())

        child = subprocess.Popen([sys.executable, "-c", script, url, SLOW], stdout=subprocess.PIPE, text=True)
        try:
            until(lambda: running() == 2)
            child.send_signal(signal.SIGINT)
            said, _ = child.communicate(timeout=30)
        finally:
            child.kill()
            child.wait()
        until(lambda: running() == 0)

    assert said == "interrupted [1]\n"


def test_a_killed_backend_ends_both(db, url, until):
    """Unavailable, with nothing left on the server."""
    told = []

    def read():
        try:
            pull(db, "keyed", where=SLOW, connections=2)
        except DatabaseUnavailable as exc:
            told.append(exc)

    with closing(psycopg2.connect(url)) as other, other.cursor() as cursor:
        other.autocommit = True

        def running():
            cursor.execute(RUNNING)
            return [pid for (pid,) in cursor.fetchall()]

        reader = threading.Thread(target=read)
        reader.start()
        until(lambda: len(running()) == 2)
        cursor.execute("SELECT pg_terminate_backend(%s)", (running()[1],))
        reader.join(60)
        until(lambda: not running())

    assert len(told) == 1


def test_another_number_of_connections_is_refused(db):
    """None, one or two; three are no promise that anybody keeps."""
    with pytest.raises(InputError, match="1 connection or 2, not 3"):
        pull(db, "keyed", connections=3)
