import json
import signal
import subprocess
import sys
import threading
from contextlib import closing
from decimal import Decimal

import numpy as np
import pandas as pd
import psycopg2
import pyarrow as pa
import pytest

from loopai_nb.errors import DatabaseUnavailable, InputError, QueryFailed, TableNotFound
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.pull import pull


@pytest.fixture(scope="module")
def shared_database(postgres):
    """URL of a database that the tests of this file share."""
    with closing(psycopg2.connect(postgres.url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("CREATE DATABASE pull_tests")
        yield f"{postgres.url.rpartition('/')[0]}/pull_tests"
        cursor.execute("DROP DATABASE pull_tests WITH (FORCE)")


@pytest.fixture(scope="module")
def db(shared_database):
    """One connection to a database with a small table, stored in no order; no test here changes it."""
    with closing(Database(shared_database, name="shop")) as opened:
        opened.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')", read_only=False)
        opened.execute("CREATE SEQUENCE s", read_only=False)
        opened.execute("CREATE TABLE reviews (id int PRIMARY KEY, body text, stars int)", read_only=False)
        opened.execute(
            "INSERT INTO reviews SELECT n, 'text ' || n, nullif(n % 5, 0) FROM generate_series(20, 1, -1) n",
            read_only=False,
        )
        yield opened


def test_a_table_comes_in_the_order_of_its_key(db):
    """The same rows in the same order every time; a limit means the first by key."""
    frame = pull(db, "reviews", limit=3)

    assert frame["id"].tolist() == [1, 2, 3]
    assert isinstance(frame.index, pd.RangeIndex)
    assert pull(db, "reviews")["id"].tolist() == list(range(1, 21))
    assert len(pull(db, "reviews", limit=0)) == 0


def test_a_table_is_narrowed_by_condition_and_columns(db):
    """Condition with parameters, columns in the order wanted; a comment at the end does no harm."""
    frame = pull(db, "reviews", where="stars <= :s -- few", params={"s": 2}, columns=["stars", "id"], limit=2)

    assert frame.to_numpy().tolist() == [[1, 1], [2, 2]]
    assert list(frame.columns) == ["stars", "id"]


def test_a_query_is_narrowed_as_well_and_keeps_its_order(db):
    """The outer SELECT that asks for arrays or a limit does not disturb ORDER BY."""
    frame = pull(
        db,
        "SELECT id, ARRAY[id] AS l FROM reviews ORDER BY id DESC;",
        where="id < :n",
        params={"n": 10},
        limit=2,
    )

    assert frame["id"].tolist() == [9, 8]


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        ("TABLE reviews", 20),
        ("VALUES (1), (2)", 2),
        ("WITH x AS (SELECT 1 AS a) SELECT * FROM x -- end", 1),
        ("(SELECT 1 AS a) UNION (SELECT 2)", 2),
        ("SELECT '100%' AS a, ':b' AS b, 1::text AS c /* ; */ ; ", 1),
        (' public."reviews" ', 20),
    ],
)
def test_every_form_of_query_is_read(db, source, rows):
    """All statements that return rows and can be copied, whatever stands behind their end."""
    assert len(pull(db, source)) == rows


def test_the_frame_remembers_where_it_came_from(db):
    """The attrs are small plain JSON: connection, table, key, and the query without its values."""
    table = pull(db, "reviews", where="id = :n", params={"n": 4242}).attrs["loopai"]
    query = pull(db, "SELECT :n AS n", params={"n": 4242}).attrs["loopai"]

    assert (table["connection"], table["table"], table["key"]) == ("shop", "public.reviews", ["id"])
    assert query == {"connection": "shop", "table": None, "key": [], "query": "SELECT :n AS n"}
    assert "4242" not in json.dumps([table, query])


@pytest.mark.parametrize(
    "value", ["'; DROP TABLE reviews; --", "\\'; SELECT 1", "$$", ":x", "%s", 'a"b', "\n"]
)
def test_a_value_is_bound_and_never_sql(db, value):
    """ATTACKS 26: whatever a parameter holds comes back as it is."""
    assert pull(db, "SELECT :v AS v", params={"v": value})["v"].tolist() == [value]
    assert len(pull(db, "reviews", where="body = :v", params={"v": value})) == 0
    assert len(pull(db, "reviews")) == 20


@pytest.mark.parametrize("kind", [list, pd.Series, pd.Index, np.array])
def test_a_column_s_values_are_a_list(db, kind):
    """What is taken from a frame can be looked for as it is."""
    found = pull(db, "reviews", where="id = ANY(:ids)", params={"ids": kind([3, 5, 8])}, columns=["id"])

    assert found["id"].tolist() == [3, 5, 8]


@pytest.mark.parametrize(
    "source",
    [
        "DELETE FROM reviews",
        "DROP TABLE reviews",
        "WITH gone AS (DELETE FROM reviews RETURNING *) SELECT * FROM gone",
        "SELECT * FROM reviews FOR UPDATE",
        "SELECT 1; DROP TABLE reviews",
        "SELECT 1) AS q; COMMIT; DROP TABLE reviews; SELECT * FROM (SELECT 1",
        "SELECT 1) TO PROGRAM 'touch /tmp/x' --",
        "SELECT 1 INTO stolen",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT set_config('default_transaction_read_only', 'off', false), nextval('s')",
        "COPY reviews TO PROGRAM 'cat'",
        "COMMIT",
    ],
)
def test_nothing_can_be_written_by_a_pull(db, source):
    """ATTACKS 28 and 29: every way to write is refused, by us or by the server, and changes nothing."""
    with pytest.raises((InputError, QueryFailed, TableNotFound)):
        pull(db, source)

    assert db.execute("SELECT count(*) AS n FROM reviews") == [{"n": 20}]
    assert db.execute("SELECT is_called FROM s") == [{"is_called": False}]
    assert db.execute("SELECT to_regclass('stolen') AS t") == [{"t": None}]


@pytest.mark.parametrize(
    "where", ["true) UNION SELECT 1, 'x', 2 --", "true); DROP TABLE reviews; --", "id = 1;"]
)
def test_a_condition_cannot_leave_its_place(db, where):
    """A condition that closes our parenthesis is a syntax error or refused; a lone semicolon is harmless."""
    if where == "id = 1;":
        assert len(pull(db, "reviews", where=where)) == 1
    else:
        with pytest.raises((InputError, QueryFailed)):
            pull(db, "reviews", where=where)
    assert len(pull(db, "reviews")) == 20


def test_a_hostile_column_is_quoted_by_the_driver(db, shared_database):
    """ATTACKS 27: identifiers with quotes and semicolons are names."""
    evil = 'a"; DROP TABLE reviews; --'
    with closing(psycopg2.connect(shared_database)) as other, other, other.cursor() as cursor:
        cursor.execute('CREATE TABLE evil ("a""; DROP TABLE reviews; --" int PRIMARY KEY)')
        cursor.execute("INSERT INTO evil VALUES (7)")

    assert pull(db, "evil", columns=[evil], limit=1)[evil].tolist() == [7]
    assert len(pull(db, "reviews")) == 20


@pytest.mark.parametrize(
    ("source", "options", "words"),
    [
        ("reviews", {"columns": ["boddy"]}, 'no column "boddy"'),
        ("SELECT 1 AS id", {"columns": ["id\0; --"]}, "no server takes"),
        ("SELECT 1 AS id", {"columns": ["\ud800"]}, "no server takes"),
        ("reviews", {"columns": "id"}, "no list of names"),
        ("reviews", {"columns": []}, "no list of names"),
        ("reviews", {"limit": -1}, "limit is -1"),
        ("reviews", {"limit": 1.5}, r"limit is 1\.5"),
        ("reviews", {"limit": "5"}, "limit is 5"),
        ("reviews", {"limit": True}, "limit is True"),
        ("reviews", {"where": "id = :n"}, ":n, which has no value"),
        ("reviews", {"params": {"n": 1}}, "'n' is not in the SQL"),
        ("SELECT 1 AS a, 2 AS a", {}, 'two columns named "a"'),
        ("SELECT FROM reviews", {}, "no columns"),
        ("", {}, "neither a table nor a query"),
        ("EXPLAIN SELECT 1", {}, "neither a table nor a query"),
    ],
)
def test_what_cannot_be_asked_is_told(db, source, options, words):
    """One line each, before or instead of a driver's error."""
    with pytest.raises(InputError, match=words):
        pull(db, source, **options)


def test_a_missing_table_in_a_query_names_near_ones(db):
    """The name at the error's position is looked up, in the table's place and in a query's."""
    for source in ("revews", "SELECT * FROM revews", 'SELECT * FROM public."revews" WHERE true'):
        with pytest.raises(TableNotFound, match=r"revews.* Near: public.reviews\."):
            pull(db, source)


def test_an_error_in_a_condition_shows_the_condition(db):
    """The SQL around it is ours and is not shown; the position is one in the condition."""
    with pytest.raises(QueryFailed) as caught:
        pull(db, "reviews", where="starz < :s", params={"s": 1})
    assert "(line 1, character 1): >>> starz < :s" in str(caught.value)
    assert caught.value.position == 1


def test_an_error_while_rows_come_keeps_its_code(db):
    """A row that fails after others came is an error with its SQLSTATE, not a short frame."""
    with pytest.raises(QueryFailed) as caught:
        pull(db, "SELECT 1 / (n - 90000) AS x, repeat('x', 100) AS y FROM generate_series(1, 100000) AS n")
    assert caught.value.sqlstate == "22012"


def test_a_timeout_while_rows_come_is_told(shared_database):
    """The server's statement timeout counts for a pull as well."""
    with (
        closing(Database(shared_database, statement_timeout_s=0.2)) as slow,
        pytest.raises(QueryFailed) as caught,
    ):
        pull(slow, "SELECT n, pg_sleep(0.01)::text AS s FROM generate_series(1, 100000) AS n")
    assert caught.value.sqlstate == "57014"


def test_a_killed_backend_is_told_and_the_next_pull_works(db):
    """A connection that is terminated in mid-query loses nothing but the query."""
    with pytest.raises(DatabaseUnavailable):
        pull(db, "SELECT pg_terminate_backend(pg_backend_pid())")
    assert len(pull(db, "reviews")) == 20


@pytest.mark.parametrize(
    "query",
    [
        "SELECT pg_sleep(120)::text AS interrupted",
        "SELECT n AS interrupted, pg_sleep(0.01)::text AS s FROM generate_series(1, 100000) AS n",
    ],
)
def test_an_interrupt_cancels_the_query_on_the_server(shared_database, query, until):
    """Promise 4: SIGINT before the first row or among them ends the query there; the next pull works."""
    script = """
import sys
import threading
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.pull import pull
db = Database(sys.argv[1])
try:
    pull(db, sys.argv[2])
except KeyboardInterrupt:
    print("interrupted", pull(db, "SELECT 1 AS one")["one"].tolist())
"""
    with closing(psycopg2.connect(shared_database)) as other, other.cursor() as cursor:
        other.autocommit = True
        child = subprocess.Popen(
            [sys.executable, "-c", script, shared_database, query], stdout=subprocess.PIPE, text=True
        )
        running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%%interrupted%%'"

        def seen():
            assert child.poll() is None
            cursor.execute(f"{running} AND state = 'active'")
            return cursor.fetchone()[0]

        try:
            until(seen)
            child.send_signal(signal.SIGINT)
            said, _ = child.communicate(timeout=30)
            cursor.execute(running)
            left = cursor.fetchall()
        finally:
            child.kill()
            child.wait()

    assert said == "interrupted [1]\n"
    assert left == [(0,)]


def test_a_key_is_the_label_of_its_row(db):
    """Of one column an Index, of several a MultiIndex; the columns stay, and the names are not ambiguous."""
    one = pull(db, "reviews", where="id < 4", key="id")
    two = pull(db, "SELECT * FROM reviews WHERE id < 4 ORDER BY id DESC", key=["stars", "id"])

    assert (one.index.tolist(), one.index.name, list(one.columns)) == (
        [1, 2, 3],
        None,
        ["id", "body", "stars"],
    )
    assert two.index.tolist() == [(3, 3), (2, 2), (1, 1)]
    assert (one.attrs["loopai"]["key"], two.attrs["loopai"]["key"]) == (["id"], ["stars", "id"])
    assert len(one.sort_values("id").groupby("id")) == 3


@pytest.mark.parametrize(
    ("source", "options", "words"),
    [
        ("reviews", {"key": "stars", "where": "stars < 3"}, r"not unique: 8 rows share theirs, as stars=1\."),
        ("reviews", {"key": "stars"}, r"\(stars\) is missing in 4 rows"),
        ("reviews", {"key": "starz"}, 'no column "starz"'),
        ("SELECT 1 AS a", {"key": "b"}, 'no column "b" for the key'),
        ("reviews", {"key": "id", "columns": ["body"]}, '"id" is not among the columns'),
        ("reviews", {"key": ["id", "id"]}, "names a column twice"),
        ("SELECT '{}'::jsonb AS a FROM reviews", {"key": "a"}, "cannot be compared"),
    ],
)
def test_a_key_that_tells_no_row_is_refused(db, source, options, words):
    """Each with what is wrong and what to do, before the frame is handed over."""
    with pytest.raises(InputError, match=words):
        pull(db, source, **options)


def test_a_backend_that_is_killed_while_rows_come_is_told(db, shared_database, until):
    """No half frame: the rows that had come are nobody's."""
    told = []

    def read():
        try:
            pull(db, "SELECT n AS killed, pg_sleep(0.001)::text AS s FROM generate_series(1, 1000000) AS n")
        except DatabaseUnavailable as exc:
            told.append(exc.sqlstate)

    with closing(psycopg2.connect(shared_database)) as other, other.cursor() as cursor:
        other.autocommit = True

        def found():
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE query LIKE 'COPY%killed%' AND state = 'active'"
            )
            return cursor.fetchone()

        reader = threading.Thread(target=read)
        reader.start()
        until(found)
        cursor.execute("SELECT pg_terminate_backend(%s)", found())
        reader.join(60)

    assert told == ["57P01"]


def test_nan_in_some_batches_is_nan_and_the_rest_exact(db):
    """Batches before it were decimals already: all are Python decimals, with the digits of their type."""
    query = (
        "SELECT (CASE n WHEN 400000 THEN 'NaN' ELSE '1.50' END)::numeric(9,2) AS v, repeat('x', 100) AS x "
        "FROM generate_series(1, 400000) AS n"
    )

    values = pull(db, query)["v"]

    assert values.dtype == object
    assert values.iloc[-1].is_nan()
    assert (str(values.iloc[0]), set(values.iloc[:-1])) == ("1.50", {Decimal("1.50")})


def test_a_frame_keeps_no_batch_of_the_driver_alive(db):
    """All that a large frame holds is memory of its own columns, which Arrow's pool counts."""
    pool = pa.system_memory_pool()
    before = pool.bytes_allocated()

    frame = pull(db, "SELECT n, n::numeric(9,2) AS v, repeat('x', 90) AS x FROM generate_series(1, 200000) n")

    own = sum(buffer.size for name in frame for buffer in _buffers(frame[name]))
    assert own > 20_000_000
    assert pool.bytes_allocated() - before >= own
    assert (frame["v"].iloc[-1], list(frame["n"])) == (Decimal("200000.00"), list(range(1, 200_001)))


def _buffers(column):
    chunks = pa.array(column).chunks
    return [buffer for chunk in chunks for buffer in chunk.buffers() if buffer is not None]
