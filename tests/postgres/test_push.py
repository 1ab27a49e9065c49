"""What a push writes into a table that is there or is made: rows by key, rows appended, counts of both."""

from contextlib import closing
from urllib.parse import urlsplit

import pandas as pd
import pytest

from loopai_nb.errors import DatabaseDenied, InputError
from loopai_nb.postgres.catalog import describe
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.pull import pull
from loopai_nb.postgres.push import PushSummary, push


@pytest.fixture
def db(database):
    """One connection to a fresh database."""
    with closing(Database(database)) as opened:
        yield opened


@pytest.fixture
def frame():
    """Three answers."""
    return pd.DataFrame({"id": [1, 2, 3], "answer": ["shipping", None, "price"], "cost": [0.5, None, 1.5]})


def rows(db, table):
    """Return all rows as plain values, ordered by the first column."""
    return [tuple(row.values()) for row in db.execute(f"SELECT * FROM {table} ORDER BY 1")]


def test_a_push_makes_the_table_with_its_key(db, frame):
    """Types from the frame, the key as primary key, missing values as NULL."""
    assert push(db, frame, "topics", key="id") == PushSummary("public.topics", 3, 0, 0, created=True)

    described = describe(db, "topics")
    assert described["type"].tolist() == ["bigint", "text", "double precision"]
    assert described["key"].tolist() == ["primary key", "", ""]
    assert rows(db, "topics") == [(1, "shipping", 0.5), (2, None, None), (3, "price", 1.5)]


def test_an_upsert_counts_what_it_did(db, frame):
    """New, changed and unchanged rows are told apart; a value set to NULL is a change."""
    push(db, frame, "topics", key="id")
    changed = frame.assign(answer=["shipping", "quality", None])
    more = pd.concat([changed, pd.DataFrame({"id": [9], "answer": ["other"], "cost": [0.0]})])

    summary = push(db, more, "topics", key="id")

    assert (summary.inserted, summary.updated, summary.unchanged) == (1, 2, 1)
    assert str(summary) == "public.topics: 1 inserted, 2 updated, 1 unchanged"
    assert [row[1] for row in rows(db, "topics")] == ["shipping", "quality", None, "other"]


def test_an_upsert_works_on_partitioned_tables_and_types_without_equality(db, frame):
    """Type json cannot be compared and a partitioned table has no xmax; the counts are right all the same."""
    db.execute(
        "CREATE TABLE parts (id int PRIMARY KEY, answer text, j json, p point) PARTITION BY RANGE (id)",
        read_only=False,
    )
    db.execute("CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (100)", read_only=False)
    sent = frame[["id", "answer"]].assign(j=['{"a": 1}'] * 3, p=["(1,2)"] * 3)

    counts = [push(db, sent, "parts", key="id"), push(db, sent, "parts", key="id")]
    counts.append(push(db, sent.assign(j='{"a": 2}'), "parts", key="id"))

    assert [(c.inserted, c.updated, c.unchanged) for c in counts] == [(3, 0, 0), (0, 0, 3), (0, 3, 0)]


def test_an_upsert_takes_the_tables_own_key(db, frame):
    """With mode upsert the key need not be named where the table has one."""
    push(db, frame, "topics", key="id")

    assert push(db, frame, "topics", mode="upsert").unchanged == 3
    with pytest.raises(InputError, match="needs a key"):
        push(db, frame, "new_one", mode="upsert")


def test_a_key_in_the_index_is_taken(db, frame):
    """An answer frame keeps its rows' index; where that is the key it goes along."""
    push(db, frame, "topics", key="id")

    assert push(db, frame.set_index("id"), "topics", key="id").unchanged == 3


def test_append_adds_without_a_key(db, frame):
    """No key: every push adds its rows; columns that the frame has not get their default."""
    db.execute(
        "CREATE TABLE log (id int, answer text, at timestamptz NOT NULL DEFAULT now())", read_only=False
    )
    sent = frame[["id", "answer"]]

    assert [push(db, sent, "log").inserted, push(db, sent, "log").inserted] == [3, 3]
    assert db.execute("SELECT count(*) AS n, count(at) AS at FROM log") == [{"n": 6, "at": 6}]


def test_an_empty_frame_makes_an_empty_table(db, frame):
    """No rows are no error; the types come from the dtypes."""
    assert push(db, frame[:0], "topics", key="id") == PushSummary("public.topics", 0, 0, 0, created=True)
    with pytest.raises(InputError, match="no columns"):
        push(db, frame[[]], "topics")


def test_naive_timestamps_are_utc_whatever_the_servers_zone(db, database):
    """A zone set for the database does not move the time."""
    db.execute(f"ALTER DATABASE {urlsplit(database).path[1:]} SET timezone = 'Asia/Tokyo'", read_only=False)
    db.execute("CREATE TABLE t (at timestamptz)", read_only=False)

    push(db, pd.DataFrame({"at": pd.to_datetime(["2024-01-01 10:00"])}), "t")

    assert pull(db, "t")["at"].tolist() == [pd.Timestamp("2024-01-01 10:00", tz="UTC")]


def test_many_rows_are_pushed_in_batches(db):
    """More rows than one batch arrive once each."""
    many = pd.DataFrame({"id": range(120_001)})

    assert push(db, many, "many", key="id").inserted == 120_001
    assert db.execute("SELECT count(DISTINCT id) AS n FROM many") == [{"n": 120_001}]


def test_a_name_that_can_not_stand_unquoted_is_made_as_written(db):
    """A magic line takes the quotes off "Mixed Out"; the table is still called that."""
    summary = push(db, pd.DataFrame({"id": [1]}), "Mixed Out", key="id")

    assert summary.created
    assert db.execute('SELECT id FROM "Mixed Out"') == [{"id": 1}]


def test_an_upsert_into_a_view_changes_its_table(db, frame):
    """A simple view takes rows as its table does."""
    push(db, frame, "topics", key="id")
    db.execute("CREATE VIEW seen AS SELECT id, answer FROM topics", read_only=False)

    summary = push(db, frame[["id", "answer"]].assign(answer="x"), "seen", key="id")

    assert (summary.inserted, summary.updated) == (0, 3)
    assert [row[1] for row in rows(db, "topics")] == ["x"] * 3


def test_an_upsert_does_not_lock_what_is_as_it_should_be(db, frame):
    """Rows that do not change are read by it only: another transaction may hold them."""
    push(db, frame, "topics", key="id")
    before = db.execute("SELECT xmax::text, xmin::text FROM topics")

    push(db, frame, "topics", key="id")

    assert db.execute("SELECT xmax::text, xmin::text FROM topics") == before


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("numeric(12,2)", 0.123),
        ("timestamp(0)", pd.Timestamp("2024-01-01 10:00:00.7")),
        ("char(5)", "z"),
        ("real", 0.1),
        ("interval", pd.Timedelta("30 days")),
        ("smallint", 7.0),
        ("varchar(9)", "abc"),
        ("timestamptz", pd.Timestamp("2024-01-01 10:00")),
    ],
)
def test_what_the_table_rounds_is_unchanged_the_second_time(db, kind, value):
    """A value is compared as it will stand in the table, not as the frame has it."""
    db.execute(f"CREATE TABLE t (id int PRIMARY KEY, v {kind})", read_only=False)
    sent = pd.DataFrame({"id": [1, 2], "v": [value, value]})

    counts = [push(db, sent, "t", key="id") for _ in range(2)]

    assert [(c.inserted, c.unchanged) for c in counts] == [(2, 0), (0, 2)]


def test_a_month_is_not_thirty_days(db):
    """Postgres' own = takes one for the other; a push changes it."""
    db.execute("CREATE TABLE t (id int PRIMARY KEY, v interval)", read_only=False)
    push(db, pd.DataFrame({"id": [1], "v": ["1 mon"]}), "t", key="id")

    assert push(db, pd.DataFrame({"id": [1], "v": ["30 days"]}), "t", key="id").updated == 1
    assert db.execute("SELECT v::text AS v FROM t") == [{"v": "30 days"}]


def test_columns_that_copy_would_take_amiss_go_through_staging(db):
    """Integers into a double column: the bytes of one are no bytes of the other."""
    db.execute("CREATE TABLE t (a float8, b real, c text)", read_only=False)

    push(db, pd.DataFrame({"a": [1, 2], "b": [1.5, 2.5], "c": ["x", None]}), "t")

    assert rows(db, "t") == [(1.0, 1.5, "x"), (2.0, 2.5, None)]


def test_rows_that_a_policy_hides_are_refused_and_not_slipped_in(db, database):
    """COPY is not for tables with row security; the rows go the way that a policy sees."""
    db.execute("CREATE TABLE t (id int, owner text)", read_only=False)
    db.execute("ALTER TABLE t ENABLE ROW LEVEL SECURITY", read_only=False)
    db.execute("CREATE POLICY own ON t USING (owner = current_user)", read_only=False)
    role = f"tenant_{urlsplit(database).path[1:]}"
    db.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x'", read_only=False)
    db.execute(f"GRANT ALL ON t TO {role}", read_only=False)
    try:
        parts = urlsplit(database)
        url = f"postgresql://{role}:x@{parts.hostname}:{parts.port}{parts.path}"
        with closing(Database(url)) as tenant:
            push(tenant, pd.DataFrame({"id": [1], "owner": [role]}), "t")
            with pytest.raises(DatabaseDenied, match="row-level security"):
                push(tenant, pd.DataFrame({"id": [2], "owner": ["kim"]}), "t")
    finally:
        db.execute(f"DROP OWNED BY {role}", read_only=False)
        db.execute(f"DROP ROLE {role}", read_only=False)

    assert rows(db, "t") == [(1, role)]
