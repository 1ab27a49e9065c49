"""What of a frame arrives: every type of Postgres as it was pulled, Python's values in types that fit."""

import uuid
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest

from loopai_nb.errors import InputError, QueryFailed
from loopai_nb.postgres.catalog import describe
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.pull import pull
from loopai_nb.postgres.push import push


@pytest.fixture
def db(database):
    """One connection to a fresh database."""
    with closing(Database(database)) as opened:
        yield opened


def rows(db, table):
    """Return all rows as plain values, ordered by the first column."""
    return [tuple(row.values()) for row in db.execute(f"SELECT * FROM {table} ORDER BY 1")]


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


def pushed(db, kind, values):
    """Push values into a column of the type and return what stands there, as text."""
    db.execute(f"CREATE TABLE t (n int, v {kind})", read_only=False)
    push(db, pd.DataFrame({"n": range(len(values)), "v": values}), "t")
    return [row["v"] for row in db.execute("SELECT v::text AS v FROM t ORDER BY n")]


def objects(*values):
    """A column of Python objects."""
    return pd.Series(values, dtype=object)


INF, NAN = float("inf"), float("nan")

CASES = [
    ("int[]", objects([[1, 2], [3, None]], None, []), ["{{1,2},{3,NULL}}", None, "{}"]),
    ("text[]", objects([["a", 'b"\\'], ["", None]]), ['{{a,"b\\"\\\\"},{"",NULL}}']),
    ("float8[]", objects([[1.5, NAN], [INF, -INF]]), ["{{1.5,NaN},{Infinity,-Infinity}}"]),
    ("numeric[]", objects([Decimal("1.50"), None], [[Decimal("1E+3")]]), ["{1.50,NULL}", "{{1000}}"]),
    ("date[]", objects([date(2024, 2, 29), None]), ["{2024-02-29,NULL}"]),
    ("timestamptz[]", objects([datetime(2024, 1, 1, 8, tzinfo=UTC)]), ['{"2024-01-01 08:00:00+00"}']),
    ("bytea[]", objects([[b"\x00"], [b"a"]]), ['{{"\\\\x00"},{"\\\\x61"}}']),
    ("uuid[]", objects([uuid.UUID(int=1)]), ["{00000000-0000-0000-0000-000000000001}"]),
    ("jsonb[]", objects([{"a": 2**70}, None]), ['{"{\\"a\\": 1180591620717411303424}",NULL}']),
    ("bool[]", objects([[True], [None]]), ["{{t},{NULL}}"]),
    (
        "date",
        objects(date(2024, 1, 1), "infinity", None, "0044-03-15 BC"),
        ["2024-01-01", "infinity", None, "0044-03-15 BC"],
    ),
    (
        "timestamptz",
        objects(pd.Timestamp("2024-01-01 10:00", tz="UTC"), "-infinity"),
        ["2024-01-01 10:00:00+00", "-infinity"],
    ),
    ("timetz", objects(time(10, tzinfo=timezone(timedelta(hours=2))), None), ["10:00:00+02", None]),
    ("interval", objects("1 mon 2 days", "-infinity", None), ["1 mon 2 days", "-infinity", None]),
    ("interval", objects(timedelta(days=-1, microseconds=1)), ["-23:59:59.999999"]),
    (
        "interval",
        pd.Series(pd.arrays.ArrowExtensionArray(pa.array([pa.MonthDayNano([1, 2, 3000])]))),
        ["1 mon 2 days 00:00:00.000003"],
    ),
    (
        "numeric",
        objects(Decimal("NaN"), Decimal("Infinity"), Decimal("1E-30")),
        ["NaN", "Infinity", f"0.{'0' * 29}1"],
    ),
    (
        "jsonb",
        objects({"n": 2**70, "d": Decimal("0.1234567890123456789")}),
        ['{"d": 0.1234567890123456789, "n": 1180591620717411303424}'],
    ),
    ("jsonb", objects("plain words", "12"), ['"plain words"', '"12"']),
    ("jsonb", objects('{"a": 1}', "[2]"), ['{"a": 1}', "[2]"]),
    ("jsonb", objects("x", 1, [None], {"a": 1}, 1.5), ['"x"', "1", "[null]", '{"a": 1}', "1.5"]),
    ("jsonb", pd.Series([1.5, None]), ["1.5", None]),
    ("inet", objects("10.0.0.1/8", None), ["10.0.0.1/8", None]),
    ("int4range", objects("[1,3)", "empty"), ["[1,3)", "empty"]),
    ("bytea", objects(b"\x00\xff", None), ["\\x00ff", None]),
    ("bytea", objects(bytearray(b"ab")), ["\\x6162"]),
    ("text", pd.Series(pd.Categorical(["b", None, "a"])), ["b", None, "a"]),
    ("numeric(6,2)", pd.Series(pd.Categorical(["1.5", None])), ["1.50", None]),
    ("int", pd.Series(pd.Categorical([7, 8])), ["7", "8"]),
    (
        "float8",
        pd.Series(pd.arrays.ArrowExtensionArray(pa.array([NAN, None, INF]))),
        ["NaN", None, "Infinity"],
    ),
    ("float8", pd.Series([NAN, -0.0, INF]), [None, "-0", "Infinity"]),
    ("regclass", objects("pg_class", "-"), ["pg_class", "-"]),
]


@pytest.mark.parametrize(
    ("kind", "values", "stored"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_value_stands_in_the_table_as_it_was_meant(db, kind, values, stored):
    """Odd shapes, infinities as text, months, zones, every digit: as Postgres writes them."""
    assert pushed(db, kind, values) == stored


def test_categories_go_into_an_enum(db):
    """What an enum was pulled as goes back, and another word is refused with its name."""
    db.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')", read_only=False)

    assert pushed(db, "mood", pd.Series(pd.Categorical(["ok", None, "sad"]))) == ["ok", None, "sad"]
    with pytest.raises(QueryFailed, match=r'"glad".*Read from text: v \(mood\)'):
        push(db, pd.DataFrame({"n": [1], "v": pd.Categorical(["glad"])}), "t")


def test_vectors_go_into_pgvector(db):
    """Lists, arrays of NumPy and pgvector's own text."""
    available = db.execute("SELECT 1 AS one FROM pg_available_extensions WHERE name = 'vector'")
    if not available:
        pytest.skip("this server has no pgvector")
    db.execute("CREATE EXTENSION vector", read_only=False)

    found = pushed(db, "vector(2)", objects([1, 2.5], pd.Series([0.5, 1]).to_numpy(), "[3,4]", None))

    assert found == ["[1,2.5]", "[0.5,1]", "[3,4]", None]


def test_a_new_table_gets_arrays_of_any_depth_and_json_for_ragged_ones(db):
    """Postgres has no arrays whose rows differ in length."""
    sent = {"deep": objects([[1, 2], [3, 4]]), "ragged": objects([[1], [2, 3]]), "times": objects([time(1)])}

    push(db, pd.DataFrame({**sent, "zoned": objects(time(1, tzinfo=UTC))}), "made")

    kinds = ["bigint[]", "jsonb", "time without time zone[]", "time with time zone"]
    assert describe(db, "made")["type"].tolist() == kinds
    (row,) = db.execute("SELECT deep::text, ragged FROM made")
    assert row == {"deep": "{{1,2},{3,4}}", "ragged": [[1], [2, 3]]}


def test_a_column_that_is_text_only_late_is_converted_as_a_whole(db):
    """Rows are converted 50,000 at a time, and their type is that of all of them."""
    mixed = objects(*([None] * 60_000), Decimal("1.50"), 2)
    late = pd.DataFrame({"n": mixed, "lists": objects(*([[1]] * 60_000), [None], None)})

    push(db, late, "made")

    assert describe(db, "made")["type"].tolist() == ["numeric", "bigint[]"]
    assert db.execute("SELECT sum(n) AS n, count(lists) AS l FROM made") == [
        {"n": Decimal("3.50"), "l": 60_001}
    ]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
@pytest.mark.parametrize(("number", "kind"), [(1, "bigint"), (2**70, "numeric")])
def test_integers_among_objects_may_be_missing(db, missing, number, kind):
    """A merge leaves NaN or NA between them."""
    push(db, pd.DataFrame({"id": [1, 2], "n": pd.Series([number, missing], dtype=object)}), "t", key="id")

    assert db.execute("SELECT n, pg_typeof(n)::text AS kind FROM t ORDER BY id") == [
        {"n": number, "kind": kind},
        {"n": None, "kind": kind},
    ]
