import signal
import subprocess
import sys
import uuid
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

import pandas as pd
import psycopg2
import pytest

from loopai_nb.errors import DatabaseDenied, InputError, QueryFailed, TableNotFound
from loopai_nb.postgres.catalog import describe, find
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.pull import pull
from loopai_nb.postgres.push import Lineage, PushSummary, push

LINEAGE = Lineage(
    request_id="q-1",
    run_id="r-204e",
    plan_id="p-91c2",
    template_sha256="aa",
    prompt_sha256="bb",
    model="phi-4",
    input_tokens=214,
    output_tokens=3,
    cost_usd=Decimal("0.000000000012"),
    approved_by="kim",
    reviewed_by=None,
    answered_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
)


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


def lineage(count):
    """Return records for that many rows."""
    return [replace(LINEAGE, request_id=f"q-{n}") for n in range(count)]


def test_a_push_makes_the_table_with_its_key(db, frame):
    """Types from the frame, the key as primary key, missing values as NULL."""
    assert push(db, frame, "topics", key="id") == PushSummary("public.topics", 3, 0, 0, created=True)

    described = describe(db, "topics")
    assert described["type"].tolist() == ["bigint", "text", "double precision"]
    assert described["key"].tolist() == ["primary key", "", ""]
    assert rows(db, "topics") == [(1, "shipping", 0.5), (2, None, None), (3, "price", 1.5)]


def test_a_push_done_twice_changes_nothing(db, frame):
    """Rows and lineage that are there stay as they are, down to the version of the row."""
    first = push(db, frame, "topics", key="id", lineage=lineage(3))
    before = db.execute(
        "SELECT xmin::text, ctid::text FROM topics UNION ALL SELECT xmin::text, ctid::text "
        "FROM loopai_lineage"
    )

    again = push(db, frame, "topics", key="id", lineage=lineage(3))

    after = db.execute(
        "SELECT xmin::text, ctid::text FROM topics UNION ALL SELECT xmin::text, ctid::text "
        "FROM loopai_lineage"
    )
    assert (first.inserted, again.inserted, again.updated, again.unchanged) == (3, 0, 0, 3)
    assert not again.created
    assert before == after


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


TYPES = {
    "smallint": "1",
    "bigint": "9223372036854775807",
    "numeric": "123456789012345678901234567890.12345",
    "numeric(12,2)": "2.50",
    "real": "1.5",
    "float8": "0.1",
    "boolean": "true",
    "text": "ü 😀",
    "varchar(10)": "",
    "char(3)": "z",
    "bytea": "\\x00ff",
    "date": "2024-02-29",
    "timestamp": "2024-01-01 10:00:00.000001",
    "timestamptz": "2024-01-01 10:00+02",
    "time": "10:00",
    "interval": "1 mon 2 days 03:04",
    "uuid": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "json": '{"a":  1.5}',
    "jsonb": '[1, null, "x", {"y": 1e2}]',
    "int[]": "{1,NULL}",
    "text[]": '{a,NULL,""}',
    "numeric[]": "{1.50}",
    "uuid[]": "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
    "jsonb[]": '{"{\\"a\\": 1}"}',
    "mood": "ok",
    "mood[]": "{sad}",
    "money": "12.5",
    "inet": "10.0.0.1/8",
    "int4range": "[1,3)",
    "bit(3)": "101",
    "point": "(1,2)",
}


def test_every_type_goes_back_as_it_was_pulled(db):
    """What pull gives, push takes, NULLs beside values: the copy is equal on the server."""
    db.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')", read_only=False)
    columns = ", ".join(f"c{n} {kind}" for n, kind in enumerate(TYPES))
    db.execute(f"CREATE TABLE a (id int PRIMARY KEY, {columns})", read_only=False)
    db.execute("CREATE TABLE b (LIKE a INCLUDING ALL)", read_only=False)
    values = {f"v{n}": value for n, value in enumerate(TYPES.values())}
    picked = ", ".join(f":v{n}" for n in range(len(TYPES)))
    db.execute(f"INSERT INTO a VALUES (1, {picked})", values, read_only=False)
    db.execute("INSERT INTO a VALUES (2)", read_only=False)

    push(db, pull(db, "a"), "b")

    texts = ", ".join(
        f"c{n}::jsonb::text" if kind == "json" else f"c{n}::text" for n, kind in enumerate(TYPES)
    )
    assert db.execute(f"SELECT id, {texts} FROM a ORDER BY 1") == db.execute(
        f"SELECT id, {texts} FROM b ORDER BY 1"
    )


def test_python_values_get_the_types_that_fit_them(db):
    """A new table: exact decimals, uuid, jsonb, dates, big integers; categories are text; NaN is NULL."""
    number = uuid.UUID(int=5)
    sent = pd.DataFrame(
        {
            "n": [Decimal("1.50"), None],
            "u": [number, None],
            "j": [{"a": [1]}, None],
            "d": pd.Series([date(2024, 1, 1), None], dtype=object),
            "big": pd.Series([2**70, None], dtype=object),
            "c": pd.Categorical(["x", None]),
            "l": [[1, 2], None],
            "t": pd.to_datetime(["2024-01-01 10:00:00.123456789", None]),
            "z": pd.to_datetime(["2024-01-01 10:00+02:00", None]).tz_convert("Europe/Berlin"),
            "dur": pd.to_timedelta(["1 day 2 hours", None]),
            "u8": pd.array([255, None], dtype="UInt8"),
            "none": [None, None],
        }
    )

    push(db, sent, "made")

    assert describe(db, "made")["type"].tolist() == [
        "numeric", "uuid", "jsonb", "date", "numeric", "text", "bigint[]", "timestamp without time zone",
        "timestamp with time zone", "interval", "smallint", "text",
    ]  # fmt: skip
    first, second = (tuple(row.values()) for row in db.execute("SELECT * FROM made ORDER BY n"))
    assert first[:7] == (Decimal("1.50"), number, {"a": [1]}, date(2024, 1, 1), 2**70, "x", [1, 2])
    assert first[8] == datetime(2024, 1, 1, 8, tzinfo=UTC)
    assert second == (None,) * 12


def test_floats_that_are_integers_go_into_an_integer_column(db):
    """A missing value makes floats of integers; a real fraction is refused, not rounded."""
    db.execute("CREATE TABLE t (a int, b bigint)", read_only=False)

    push(db, pd.DataFrame({"a": [1.0, None], "b": [Decimal("7.00"), None]}), "t")

    assert rows(db, "t") == [(1, 7), (None, None)]
    for bad in ({"a": [1.5]}, {"b": [Decimal("1.5")]}):
        with pytest.raises(InputError, match=r"does not fit (integer|bigint)"):
            push(db, pd.DataFrame(bad), "t")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.assign(id=1), "3 rows share their key with another, as id=1"),
        (lambda f: f.assign(id=[1.0, None, 3.0]), "1 rows have no value in the key"),
        (lambda f: f.drop(columns="id"), 'no column "id" for the key'),
        (lambda f: f.assign(anser="x"), r"no column anser.*Did you mean answer\?"),
        (lambda f: f.assign(answer=[1, "a", None]), 'Column "answer".*does not fit text'),
        (lambda f: f.assign(answer=pd.Series(["\ud800"] * 3, dtype=object)), 'Column "answer"'),
        (lambda f: f.assign(answer=pd.Series([object()] * 3)), 'Column "answer"'),
        (lambda f: f.assign(answer=pd.period_range("2024", periods=3)), 'Column "answer"'),
        (lambda f: f.rename(columns={"cost": 7}), "column name 7"),
        (lambda f: f.rename(columns={"cost": "x" * 64}), "longer than 63 bytes"),
        (lambda f: f.set_axis(["id", "a", "a"], axis=1), 'two columns named "a"'),
    ],
)
def test_what_does_not_fit_is_told_before_anything_is_sent(db, frame, change, words):
    """The error names the column or key; the table stays as it was."""
    push(db, frame, "topics", key="id")
    before = rows(db, "topics")

    with pytest.raises(InputError, match=words):
        push(db, change(frame), "topics", key="id")

    assert rows(db, "topics") == before


@pytest.mark.parametrize(
    ("ddl", "code", "words"),
    [
        ("id int PRIMARY KEY, answer text", "23505", r"such a row already: Key \(id\)=\(1\).*upsert"),
        ("id int, answer text NOT NULL", "23502", "does not take these rows: null value"),
        ("id int CHECK (id < 3), answer text", "23514", "does not take these rows"),
        ("id int REFERENCES other, answer text", "23503", "does not take these rows"),
        ("id int, answer int", "22P02", r'"shipping".*Read from text: answer \(integer\)'),
        ("id int, answer varchar(3)", "22001", "too long"),
        ("id bool, answer text", "42804", "boolean"),
        ("id int GENERATED ALWAYS AS IDENTITY, answer text", "428C9", "does not take these rows"),
    ],
)
def test_what_the_table_refuses_is_told_and_leaves_nothing(db, frame, ddl, code, words):
    """One transaction: a row that is refused takes the others with it, staged or inserted."""
    db.execute("CREATE TABLE other (id int PRIMARY KEY)", read_only=False)
    db.execute(f"CREATE TABLE topics ({ddl})", read_only=False)
    if code == "23505":
        db.execute("INSERT INTO topics VALUES (1, 'there')", read_only=False)
    before = rows(db, "topics")

    with pytest.raises(QueryFailed, match=words) as caught:
        push(db, frame[["id", "answer"]], "topics", lineage=lineage(3))

    assert caught.value.sqlstate == code
    assert caught.value.hint.endswith("Nothing was pushed.")
    assert rows(db, "topics") == before
    assert find(db, "loopai_lineage") is None


def test_text_with_a_nul_leaves_no_table(db):
    """Postgres has no NUL in text; the table that was made for it is gone again."""
    with pytest.raises(QueryFailed, match="0x00"):
        push(db, pd.DataFrame({"a": ["fine", "not\0fine"]}), "made")
    assert find(db, "made") is None


def test_an_upsert_without_a_constraint_says_what_to_do(db, frame):
    """ON CONFLICT needs a unique constraint on exactly the key."""
    push(db, frame, "topics")

    with pytest.raises(QueryFailed, match=r"no unique constraint on \(id\).*primary key"):
        push(db, frame, "topics", key="id")


def test_a_missing_table_is_not_made_when_told_so(db, frame):
    """``create=False`` shows the near names instead."""
    push(db, frame, "topics")

    with pytest.raises(TableNotFound, match=r"Near: public\.topics"):
        push(db, frame, "topisc", create=False)
    with pytest.raises(TableNotFound, match="nowhere"):
        push(db, frame, "nowhere.topics")


def test_a_missing_privilege_is_denied(db, database, frame):
    """A reader's push ends with the server's refusal and its code."""
    push(db, frame, "topics")
    role = f"reader_{urlsplit(database).path[1:]}"
    db.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x'", read_only=False)
    try:
        parts = urlsplit(database)
        url = f"postgresql://{role}:x@{parts.hostname}:{parts.port}{parts.path}"
        with closing(Database(url)) as reader, pytest.raises(DatabaseDenied) as caught:
            push(reader, frame, "topics")
    finally:
        db.execute(f"DROP ROLE {role}", read_only=False)
    assert caught.value.sqlstate == "42501"


def test_hostile_names_are_quoted_by_the_driver(db):
    """ATTACKS 27: table, schema, key and column names are names, in the rows and in the lineage."""
    evil = "a\"'; DROP TABLE x; --%s:p"
    db.execute("CREATE TABLE x (a int)", read_only=False)
    quoted = '"' + evil.replace('"', '""') + '"'

    for _ in range(2):
        summary = push(
            db, pd.DataFrame({evil: ["'; DROP TABLE x; --"], "n": [1]}), quoted, key=evil, lineage=[LINEAGE]
        )

    assert summary == PushSummary(f"public.{quoted}", 0, 0, 1, created=False)
    assert pull(db, quoted)[evil].tolist() == ["'; DROP TABLE x; --"]
    assert pull(db, "loopai_lineage")["target_key"].tolist() == [{evil: "'; DROP TABLE x; --"}]
    assert find(db, "x") is not None


def test_lineage_goes_with_its_row(db, frame):
    """One record for each answer beside the target, by its key; a row without an answer has none."""
    db.execute("CREATE SCHEMA sales", read_only=False)

    push(
        db,
        frame,
        "sales.topics",
        key=["id", "cost"][:1],
        lineage=[LINEAGE, None, replace(LINEAGE, request_id="q-3")],
    )

    (first, second) = db.execute("SELECT * FROM sales.loopai_lineage ORDER BY request_id")
    assert (first["target_table"], first["target_key"], second["target_key"]) == (
        "sales.topics",
        {"id": 1},
        {"id": 3},
    )
    kept = {name: first[name] for name in Lineage.__dataclass_fields__}
    assert Lineage(**kept) == LINEAGE
    assert first["pushed_at"].tzinfo is not None


def test_lineage_without_a_key_is_kept_once_a_request(db, frame):
    """One request may answer many rows; appended without a key they share its record."""
    push(db, frame, "log", lineage=[LINEAGE, LINEAGE, None])

    assert db.execute("SELECT target_key, request_id FROM loopai_lineage") == [
        {"target_key": {}, "request_id": "q-1"}
    ]


def test_a_new_answer_adds_a_record_and_keeps_the_old(db, frame):
    """Another run's answer to the same row is another record."""
    for request in ("q-1", "q-2"):
        push(db, frame[:1], "topics", key="id", lineage=[replace(LINEAGE, request_id=request)])

    assert db.execute("SELECT count(*) AS n FROM loopai_lineage") == [{"n": 2}]


@pytest.mark.parametrize("key", ["id", None])
def test_lineage_that_does_not_match_the_rows_is_refused(db, frame, key):
    """A record too few could stand beside the wrong row."""
    with pytest.raises(InputError, match="2 lineage records for 3 rows"):
        push(db, frame, "topics", key=key, lineage=lineage(2))
    assert find(db, "topics") is None


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


def test_an_interrupt_leaves_nothing_half_written(database, until):
    """Promise 4: SIGINT while the rows wait for a lock ends the push there; the next one works."""
    script = """
import sys
import pandas as pd
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.push import push
db, frame = Database(sys.argv[1]), pd.DataFrame({"id": range(1000)})
try:
    push(db, frame, "locked")
except KeyboardInterrupt:
    print("interrupted", push(db, frame, "free"))
"""
    with closing(psycopg2.connect(database)) as other, other.cursor() as cursor:
        cursor.execute("CREATE TABLE locked (id int)")
        other.commit()
        cursor.execute("LOCK TABLE locked")
        child = subprocess.Popen([sys.executable, "-c", script, database], stdout=subprocess.PIPE, text=True)
        waiting = "SELECT count(*) FROM pg_locks WHERE relation = 'locked'::regclass AND NOT granted"

        def seen():
            assert child.poll() is None
            cursor.execute(waiting)
            return cursor.fetchone()[0]

        try:
            until(seen)
            child.send_signal(signal.SIGINT)
            said, _ = child.communicate(timeout=30)
            cursor.execute(waiting)
            left = cursor.fetchall()
            other.rollback()
            cursor.execute("SELECT count(*) FROM locked")
            written = cursor.fetchall()
        finally:
            child.kill()
            child.wait()

    assert said == "interrupted public.free (new): 1,000 inserted\n"
    assert (left, written) == ([(0,)], [(0,)])


def test_a_connection_lost_in_the_middle_leaves_nothing(database, until):
    """A backend that is terminated while the rows wait: no row is there, and the error says so."""
    script = """
import sys
import pandas as pd
from loopai_nb.errors import DatabaseUnavailable
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.push import push
try:
    push(Database(sys.argv[1]), pd.DataFrame({"id": [1, 2]}), "locked")
except DatabaseUnavailable as error:
    print(error.hint)
"""
    with closing(psycopg2.connect(database)) as other, other.cursor() as cursor:
        cursor.execute("CREATE TABLE locked (id int)")
        other.commit()
        cursor.execute("LOCK TABLE locked")
        child = subprocess.Popen([sys.executable, "-c", script, database], stdout=subprocess.PIPE, text=True)

        def terminated():
            assert child.poll() is None
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks "
                "WHERE relation = 'locked'::regclass AND NOT granted"
            )
            return cursor.fetchall()

        try:
            until(terminated)
            said, _ = child.communicate(timeout=30)
            other.rollback()
            cursor.execute("SELECT count(*) FROM locked")
            written = cursor.fetchall()
        finally:
            child.kill()
            child.wait()

    assert said.endswith("Nothing was pushed.\n")
    assert written == [(0,)]


def test_a_name_that_can_not_stand_unquoted_is_made_as_written(db):
    """A magic line takes the quotes off "Mixed Out"; the table is still called that."""
    summary = push(db, pd.DataFrame({"id": [1]}), "Mixed Out", key="id")

    assert summary.created
    assert db.execute('SELECT id FROM "Mixed Out"') == [{"id": 1}]
