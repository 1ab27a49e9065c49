import gc
import signal
import subprocess
import sys
import threading
from contextlib import closing
from decimal import Decimal

import pandas as pd
import psycopg2
import pytest

from loopai_nb.errors import DatabaseUnavailable, InputError, QueryFailed
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.pull import pull
from loopai_nb.postgres.reading import Reading, ValuesChanged

ENDLESS = "SELECT generate_series(1, 1000000000) AS endless, repeat('x', 100) AS y"
"""More than any test reads: it goes on until it is ended. In FROM, the server would first store all rows."""


@pytest.fixture(scope="module")
def url(postgres):
    """URL of a database that the tests of this file share."""
    with closing(psycopg2.connect(postgres.url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("CREATE DATABASE stream_tests")
        yield f"{postgres.url.rpartition('/')[0]}/stream_tests"
        cursor.execute("DROP DATABASE stream_tests WITH (FORCE)")


@pytest.fixture(scope="module")
def db(url):
    """One connection to a database with a table of 1,000 rows; no test here changes it."""
    with closing(Database(url, name="shop")) as opened:
        opened.execute("CREATE TYPE mood AS ENUM ('sad', 'ok', 'well')", read_only=False)
        opened.execute(
            "CREATE TABLE reviews "
            "(id int PRIMARY KEY, body text, price numeric(9,2), mood mood, tags text[])",
            read_only=False,
        )
        opened.execute(
            "INSERT INTO reviews SELECT n, nullif('text ' || n, 'text 7'), n / 100.0, 'ok', ARRAY['a', NULL] "
            "FROM generate_series(1000, 1, -1) AS n",
            read_only=False,
        )
        yield opened


@pytest.fixture
def running(url):
    """Counts the transactions of the endless query on the server."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True

        def count():
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%endless%' AND state <> 'idle'"
            )
            return cursor.fetchone()[0]

        yield count


@pytest.mark.parametrize("size", [1, 7, 250, 999, 1000, 1001])
def test_chunks_are_one_pull_cut(db, size):
    """Together they are the rows, order, index and dtypes of a pull; each but the last has the size asked."""
    whole = pull(db, "reviews")
    chunks = list(pull(db, "reviews", chunks=size, limit=None if size > 1 else 5))

    assert [len(chunk) for chunk in chunks[:-1]] == [size] * (len(chunks) - 1)
    assert all(chunk.dtypes.equals(whole.dtypes) for chunk in chunks)
    together = pd.concat(chunks)
    pd.testing.assert_frame_equal(together, whole.head(len(together)), check_index_type=False)
    assert len(together) == (1000 if size > 1 else 5)


def test_every_frame_says_where_it_came_from(db):
    """The attrs of a pull, in each chunk and on the stream, not shared between them."""
    with pull(db, "reviews", chunks=600) as stream:
        first, second = stream
    first.attrs["loopai"] = None

    assert second.attrs == stream.attrs
    assert second.attrs["loopai"]["table"] == "public.reviews"


def test_no_rows_are_one_empty_frame(db):
    """So that what works on chunks has its columns and dtypes."""
    chunks = list(pull(db, "reviews", where="false", chunks=10))

    assert [len(chunk) for chunk in chunks] == [0]
    assert chunks[0].dtypes.equals(pull(db, "reviews").dtypes)


def test_decimals_without_a_precision_are_exact_in_each_chunk(db):
    """Each chunk by itself would choose another dtype; all hold Python's decimals as they are written."""
    query = "SELECT * FROM (VALUES (1.50), (NULL), (12345.678901), (12345.678901)) AS t (v)"

    chunks = list(pull(db, query, chunks=1))

    assert [str(chunk["v"].dtype) for chunk in chunks] == ["object"] * 4
    assert [chunk["v"][n] for n, chunk in enumerate(chunks)] == [
        Decimal("1.50"),
        None,
        Decimal("12345.678901"),
        Decimal("12345.678901"),
    ]


def test_a_column_that_became_objects_stays_so(db):
    """After NaN among exact decimals, and an array of two dimensions, the dtype changes no more."""
    query = (
        "SELECT (CASE n WHEN 2 THEN 'NaN' ELSE '1.5' END)::numeric(4,2) AS v, "
        "CASE n WHEN 2 THEN '{{1},{2}}'::int[] ELSE '{3}' END AS l FROM generate_series(1, 3) AS n"
    )

    chunks = list(pull(db, query, chunks=1))

    assert [str(chunk["v"].dtype) for chunk in chunks][1:] == ["object", "object"]
    assert chunks[1]["v"][1].is_nan()
    assert chunks[2]["v"][2] == Decimal("1.50")
    assert [chunk["l"].iloc[0] for chunk in chunks] == [[3], [[1], [2]], [3]]
    assert [str(chunk["l"].dtype) for chunk in chunks][1:] == ["object", "object"]


def test_the_choices_of_a_reading_count_for_chunks(db):
    """Floats and NumPy dtypes by option, as in a pull."""
    reading = Reading(dtype_backend="numpy_nullable", decimals="float64")

    dtypes = {str(chunk["price"].dtype) for chunk in pull(db, "reviews", chunks=400, reading=reading)}

    assert dtypes == {"Float64"}


def test_what_became_missing_is_told_once(db):
    """One warning for all chunks, with the count of all."""
    query = "SELECT 'infinity'::date AS d FROM generate_series(1, 5)"

    with pytest.warns(ValuesChanged, match="5 values") as told:
        chunks = list(pull(db, query, chunks=2))

    assert len(told) == 1
    assert pd.concat(chunks)["d"].isna().all()


def test_a_key_labels_the_rows_of_each_chunk(db):
    """The labels are those of a whole pull by the same key."""
    chunks = list(pull(db, "reviews", where="id > 990", key="id", chunks=4))

    assert [chunk.index.tolist() for chunk in chunks] == [
        [991, 992, 993, 994],
        [995, 996, 997, 998],
        [999, 1000],
    ]


def test_a_key_that_is_not_unique_ends_the_stream(db, running, until):
    """The chunk is refused with an example, and nothing is left on the server."""
    stream = pull(db, "SELECT endless / 10 AS endless FROM (" + ENDLESS + ") AS q", key="endless", chunks=100)

    with pytest.raises(InputError, match=r"not unique: .* as endless=0\."):
        next(stream)
    until(lambda: running() == 0)


@pytest.mark.parametrize("size", [0, -1, True, 2.5, "2"])
def test_chunks_need_a_size(db, size):
    """Refused before anything is asked."""
    with pytest.raises(InputError, match="chunks have"):
        pull(db, "reviews", chunks=size)


def test_an_error_in_the_query_is_told_at_once(db):
    """Making the stream asks the server: what is wrong is told there, and not in the loop."""
    with pytest.raises(QueryFailed) as caught:
        pull(db, "SELECT nothing FROM reviews", chunks=10)
    assert caught.value.sqlstate == "42703"


def test_an_error_while_rows_come_keeps_its_code_and_gives_no_half_chunk(db):
    """The chunks before it stand; the one in which it happens is not handed over; the next is no end."""
    stream = pull(db, "SELECT 1 / (n - 90000) AS x FROM generate_series(1, 100000) AS n", chunks=20_000)
    chunks = []

    with pytest.raises(QueryFailed) as caught:
        chunks.extend(iter(stream))

    assert caught.value.sqlstate == "22012"
    assert {len(chunk) for chunk in chunks} <= {20_000}
    with pytest.raises(InputError, match="closed"):
        next(stream)


def test_a_killed_backend_ends_the_stream_and_the_next_one_works(db, url):
    """Unavailable, never a short stream. A backend that waits for its client ends without a word."""
    with pull(db, ENDLESS, chunks=1000) as stream:
        assert len(next(stream)) == 1000
        with closing(psycopg2.connect(url)) as other, other.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE query LIKE 'COPY%%endless%%' AND pid <> pg_backend_pid()"
            )
        with pytest.raises(DatabaseUnavailable):
            list(stream)

    assert len(next(pull(db, "reviews", chunks=10))) == 10


def test_reading_to_the_end_gives_the_connection_back(db, running, until):
    """Without close: the transaction ends with the last chunk."""
    stream = pull(db, "SELECT 1 AS endless", chunks=5)
    assert len(next(stream)) == 1

    until(lambda: running() == 0)  # the server needs a moment to notice
    with pytest.raises(StopIteration):
        next(stream)
    with pytest.raises(InputError, match="read to its end"):
        iter(stream)


def test_leaving_a_loop_ends_the_query(db, running, until):
    """By break, with the stream still in a variable."""
    stream = pull(db, ENDLESS, chunks=100)
    for _ in stream:
        assert running() == 1
        break

    until(lambda: running() == 0)
    assert "closed" in repr(stream)


def test_close_ends_the_query(db, running, until):
    """Twice does no harm, and what comes after is refused."""
    stream = pull(db, ENDLESS, chunks=100)
    next(stream)
    stream.close()
    stream.close()

    until(lambda: running() == 0)
    with pytest.raises(InputError, match="is closed"):
        next(stream)


def test_a_forgotten_stream_ends_its_query(db, running, until):
    """Nobody holds it: the garbage collector closes it."""
    next(pull(db, ENDLESS, chunks=100))
    gc.collect()

    until(lambda: running() == 0)


def test_close_ends_a_read_in_another_thread(db, running, until):
    """The reader is told that the stream is closed, and waits no longer."""
    # The first row fills the server's buffer, so that it is sent; the second does not come.
    query = (
        "SELECT n AS endless, repeat('x', 20000) AS x, CASE n WHEN 2 THEN pg_sleep(600)::text END AS s "
        "FROM generate_series(1, 2) AS n"
    )
    stream = pull(db, query, chunks=10)
    told = []

    def read():
        try:
            next(stream)
        except InputError as exc:
            told.append(str(exc))

    reader = threading.Thread(target=read)
    reader.start()
    until(lambda: stream._current is not None)
    stream.close()
    reader.join(60)

    assert ["is closed" in text for text in told] == [True]
    until(lambda: running() == 0)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT pg_sleep(120)::text AS endless",
        "SELECT n AS endless, pg_sleep(0.001)::text AS s FROM generate_series(1, 1000000) AS n",
        ENDLESS,
    ],
    ids=["before the first row", "among slow rows", "between chunks"],
)
def test_an_interrupt_ends_the_query_in_each_phase(url, query, running, until):
    """Promise 4: a KeyboardInterrupt in the loop, nothing left on the server, and the next pull works."""
    script = """
import sys
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.pull import pull
db = Database(sys.argv[1])
try:
    for frame in pull(db, sys.argv[2], chunks=1000):
        pass
except KeyboardInterrupt:
    print("interrupted", pull(db, "SELECT 1 AS one")["one"].tolist())
"""
    child = subprocess.Popen([sys.executable, "-c", script, url, query], stdout=subprocess.PIPE, text=True)
    try:
        until(running)
        child.send_signal(signal.SIGINT)
        said, _ = child.communicate(timeout=30)
    finally:
        child.kill()
        child.wait()

    assert said == "interrupted [1]\n"
    until(lambda: running() == 0)


@pytest.mark.parametrize("held", ["loop = iter(stream)\nnext(loop)", "next(stream)"], ids=["loop", "stream"])
def test_a_stream_that_is_left_open_lets_the_interpreter_end(url, held, running, until):
    """A script may end in the middle of a loop: it does, and so does the query."""
    script = f"""
import sys
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.pull import pull
stream = pull(Database(sys.argv[1]), sys.argv[2], chunks=100)
{held}
"""
    command = [sys.executable, "-c", script, url, ENDLESS]
    child = subprocess.run(command, capture_output=True, timeout=60, check=False)

    assert (child.returncode, child.stderr) == (0, b"")
    until(lambda: running() == 0)
