"""Every Postgres type with values at its edges, and what a pull makes of each: a table, and nothing else.

The tests pull and push it, ``benchmarks/types.py`` shows it to others. It needs the standard library only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KINDS", "SETUP", "Kind", "as_literal", "same", "table_sql"]

SETUP = (
    "CREATE TYPE mood AS ENUM ('sad', 'ok', 'Sehr gut', 'ünï')",
    "CREATE TYPE pair AS (a int, b text)",
    "CREATE DOMAIN positive AS int CHECK (value > 0)",
    "CREATE DOMAIN weight AS numeric(10,3)",
    "CREATE DOMAIN feeling AS mood",
    "CREATE DOMAIN moment AS timestamptz",
    "CREATE DOMAIN numbers AS int[]",
    "CREATE DOMAIN document AS jsonb",
)
"""Types of a user's own."""

NAN, INF = float("nan"), float("inf")

LONG = "7" * 1000
"""Digits of a numeric that no Arrow type holds."""


@dataclass(frozen=True)
class Kind:
    """One type and its values.

    Attributes:
        type: As SQL writes it.
        dtype: Of the column in an Arrow-backed frame.
        values: What a pull makes of each value, by how Postgres is given it as text; None for what becomes
            missing.
        also: What is as good as that, for other libraries: a time span for ``1 day``.
        extension: That brings the type; "" for a type of Postgres itself or of ``SETUP``.
        missing: How many values, items of arrays included, a frame cannot hold.
        bounds_lost: Whether arrays in it have subscripts that do not start at 1.
        deep: Whether arrays in it have several dimensions.
    """

    type: str
    dtype: str
    values: Mapping[str, Any]
    also: Mapping[str, Any] = field(default_factory=dict)
    extension: str = ""
    missing: int = 0
    bounds_lost: bool = False
    deep: bool = False

    def __str__(self) -> str:
        return self.type + ("" if self.extension == "" else f" of {self.extension}")


def text(*values: str) -> dict[str, str]:
    """Values that a pull gives as Postgres writes them, which is as they were written here."""
    return {value: value for value in values}


def utc(*parts: int) -> datetime:
    """A moment."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


TEXT, OBJECTS = "string[pyarrow]", "object"

WORDS = (
    "",
    " ",
    "  both ends  ",
    "ü 😀 שלום 日本語",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "e\u0301 ﷽ \u202e\u200b\ufeff\U0010ffff\uffff",
    "NULL",
    "\\N",
    "\\.",
    "nan",
    'it\'s "quoted" \\ 100% :x $1 {c}',
    "a\tb\nc\rd\x01\x7f\x85\u2028",
    "x" * 100_000,
)

NUMBERS = (
    Kind("bool", "bool[pyarrow]", {"true": True, "false": False}),
    Kind("int2", "int16[pyarrow]", {"0": 0, "32767": 32767, "-32768": -32768}),
    Kind("int4", "int32[pyarrow]", {"0": 0, "2147483647": 2**31 - 1, "-2147483648": -(2**31)}),
    Kind(
        "int8",
        "int64[pyarrow]",
        {str(n): n for n in (0, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63))},
    ),
    Kind(
        "float4",
        "float[pyarrow]",
        {"1.5": 1.5, "3.4028235e+38": 3.4028234663852886e38, "1e-45": 1.401298464324817e-45, "-0": -0.0}
        | {"NaN": NAN, "Infinity": INF, "-Infinity": -INF},
        also={"3.4028235e+38": 3.4028235e38, "1e-45": 1e-45},
    ),
    Kind(
        "float8",
        "double[pyarrow]",
        {str(x): x for x in (0.1, -0.0, 1e308, 1.7976931348623157e308, 5e-324, 2.0**53)}
        | {"NaN": NAN, "Infinity": INF, "-Infinity": -INF},
    ),
    Kind(
        "numeric(12,2)",
        "decimal128(12, 2)[pyarrow]",
        {n: Decimal(n) for n in ("1.10", "0.00", "9999999999.99", "-9999999999.99")},
    ),
    Kind("numeric(6,6)", "decimal128(6, 6)[pyarrow]", {"-0.000001": Decimal("-0.000001")}),
    Kind(
        "numeric(5,-2)", "decimal128(7, 0)[pyarrow]", {"1234": Decimal(1200), "-9999900": Decimal(-9999900)}
    ),
    Kind("numeric(2,4)", "decimal128(4, 4)[pyarrow]", {"0.0099": Decimal("0.0099")}),
    Kind(
        "numeric(38,10)",
        "decimal128(38, 10)[pyarrow]",
        {f"{'9' * 28}.{'9' * 10}": Decimal(f"{'9' * 28}.{'9' * 10}")},
    ),
    Kind(
        "numeric(76,20)",
        "decimal256(76, 20)[pyarrow]",
        {f"-{'9' * 56}.{'9' * 20}": Decimal(f"-{'9' * 56}.{'9' * 20}"), "0": Decimal("0E-20")},
    ),
    Kind("numeric(80,2)", "decimal128(38, 2)[pyarrow]", {"1.25": Decimal("1.25")}),
    Kind(
        "numeric",
        "decimal128(38, 3)[pyarrow]",
        {n: Decimal(n) for n in ("12345678901234567890.123", "0", "-0.5", "9007199254740993")},
    ),
    Kind("numeric", "decimal256(76, 0)[pyarrow]", {str(10**40): Decimal(10) ** 40, "1": Decimal(1)}),
    Kind(
        "numeric",
        OBJECTS,
        {n: Decimal(n) for n in ("Infinity", "-Infinity", "NaN", "1.50", "1E+308")}
        | {LONG: Decimal(LONG), f"-0.{LONG}": Decimal(f"-0.{LONG}"), f"1e-{400}": Decimal("1e-400")},
    ),
    Kind("weight", "decimal128(10, 3)[pyarrow]", {"1.5": Decimal("1.500")}),
    Kind("positive", "int32[pyarrow]", {"1": 1, "2147483647": 2**31 - 1}),
    Kind("money", TEXT, text("$1.00", "-$92,233,720,368,547,758.08", "$0.01")),
    Kind("oid", "int64[pyarrow]", {"0": 0, "4294967295": 2**32 - 1}),
)

TEXTS = (
    Kind("text", TEXT, text(*WORDS)),
    Kind("varchar(3)", TEXT, text("", "abc", "üß😀", " ")),
    Kind("char(3)", TEXT, {"abc": "abc", "x": "x  ", "": "   ", "ü": "ü  "}),
    Kind('"char"', TEXT, text("x", "", "\\377")),
    Kind("name", TEXT, text("", "Mixed Case", "x" * 63)),
    Kind("bytea", "binary[pyarrow]", {"\\x": b"", "\\x00ff5c": b"\x00\xff\\", "abc": b"abc"}),
    Kind(
        "uuid",
        TEXT,
        text(
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
        ),
    ),
    Kind("mood", "category", text("sad", "Sehr gut", "ünï")),
    Kind("feeling", "category", text("ok")),
    Kind("xml", TEXT, text("<a/>", "<a b='1'>ü &amp; 😀</a>")),
    Kind("tsvector", TEXT, text("'a' 'b'", "'fat':2A,4 'rat':5C", "")),
    Kind("tsquery", TEXT, text("'a' & !'b'", "'fat' <-> 'rat':AB")),
    Kind("jsonpath", TEXT, text('$."a"[*]?(@ > 5)')),
    Kind("citext", TEXT, text("Mixed", "mixed", ""), extension="citext"),
    Kind("hstore", TEXT, text('"a"=>"1", "b"=>NULL', ""), extension="hstore"),
    Kind("ltree", TEXT, text("Top.Science.Ünï", ""), extension="ltree"),
)

JSON: Mapping[str, Any] = {
    '{"a": [1, null, 1.5, true, "ü😀"]}': {"a": [1, None, 1.5, True, "ü😀"]},
    "{}": {},
    "[]": [],
    '"text"': "text",
    '""': "",
    "12345678901234567890123": 12345678901234567890123,
    "[9007199254740993, 9223372036854775807, -9223372036854775809]": [2**53 + 1, 2**63 - 1, -(2**63) - 1],
    "1e-300": 1e-300,
    "false": False,
}

TIMES = (
    Kind(
        "date",
        "date32[day][pyarrow]",
        {"2024-02-29": date(2024, 2, 29), "0001-01-01": date(1, 1, 1), "9999-12-31": date(9999, 12, 31)},
    ),
    Kind(
        "date",
        "date32[day][pyarrow]",
        {"1969-12-31": date(1969, 12, 31)}
        | dict.fromkeys(("infinity", "-infinity", "0044-03-15 BC", "5874897-12-31", "10000-01-01")),
        missing=5,
    ),
    Kind(
        "timestamp",
        "timestamp[us][pyarrow]",
        {
            "2024-01-01 10:00:00.000001": datetime(2024, 1, 1, 10, 0, 0, 1),  # noqa: DTZ001  (it has no zone)
            "0001-01-01": datetime(1, 1, 1),  # noqa: DTZ001  (as above)
            "9999-12-31 23:59:59.999999": datetime(9999, 12, 31, 23, 59, 59, 999999),  # noqa: DTZ001  (as above)
        },
    ),
    Kind(
        "timestamp",
        "timestamp[us][pyarrow]",
        {"1969-12-31 23:59:59": datetime(1969, 12, 31, 23, 59, 59)}  # noqa: DTZ001  (as above)
        | dict.fromkeys(("infinity", "-infinity", "4713-01-01 BC", "294276-12-31 23:59:59.999999")),
        missing=4,
    ),
    Kind(
        "timestamptz",
        "timestamp[us, tz=UTC][pyarrow]",
        {
            "2024-01-01 10:00+02": utc(2024, 1, 1, 8),
            "2024-03-31 02:30 Europe/Berlin": utc(2024, 3, 31, 1, 30),  # an hour that the clock leaves out
            "0001-01-01 00:00+00": utc(1, 1, 1),
            "9999-12-31 23:59:59.999999+00": utc(9999, 12, 31, 23, 59, 59, 999999),
        },
    ),
    Kind(
        "timestamptz",
        "timestamp[us, tz=UTC][pyarrow]",
        {"1970-01-01 00:00+00": utc(1970, 1, 1)}
        | dict.fromkeys(("infinity", "-infinity", "4713-01-01 00:00+00 BC", "294276-12-31 23:59+00")),
        missing=4,
    ),
    Kind("moment", "timestamp[us, tz=UTC][pyarrow]", {"2024-01-01 10:00+02": utc(2024, 1, 1, 8)}),
    Kind(
        "time",
        "time64[us][pyarrow]",
        {
            "00:00": time(0),
            "10:30:00.5": time(10, 30, 0, 500_000),
            "23:59:59.999999": time(23, 59, 59, 999999),
        },
    ),
    Kind("time", "time64[us][pyarrow]", {"01:00": time(1), "24:00": None}, missing=1),
    Kind("timetz", TEXT, text("24:00:00-15:59", "10:00:00+02")),
    Kind(
        "interval",
        TEXT,
        text(
            "00:00:00",
            "1 mon",
            "1 mon 2 days",
            "-1 years -2 mons +3 days -04:05:06.789",
            "1 day",
            "24:00:00",
            "178000000 years",
            "2147483647 days",
            "2562047788:00:54.775807",
        ),
        also={"00:00:00": timedelta(0), "1 day": timedelta(days=1), "24:00:00": timedelta(days=1)}
        | {"2147483647 days": timedelta(days=999_999_999)},
    ),
    Kind("interval", TEXT, text("infinity", "-infinity")),
)

OTHERS = (
    Kind("json", OBJECTS, JSON),
    Kind("jsonb", OBJECTS, JSON),
    Kind("document", OBJECTS, {'{"a": 1}': {"a": 1}}),
    Kind("pair", TEXT, text("(1,x)", "(,)", '(2147483647,"a ""b"", c")')),
    Kind(
        "inet",
        TEXT,
        {"10.0.0.1/8": "10.0.0.1/8", "::1": "::1/128", "192.168.0.1": "192.168.0.1/32"},
        also={"::1": "::1", "192.168.0.1": "192.168.0.1"},
    ),
    Kind("cidr", TEXT, text("10.0.0.0/8", "::/0")),
    Kind("macaddr", TEXT, text("08:00:2b:01:02:03")),
    Kind("macaddr8", TEXT, text("08:00:2b:01:02:03:04:05")),
    Kind("bit(3)", TEXT, text("101", "000")),
    Kind("varbit", TEXT, text("", "1", "10" * 100)),
    Kind("point", TEXT, text("(1,2)", "(0.1,1e+300)", "(NaN,Infinity)")),
    Kind("line", TEXT, text("{1,-1,0.5}")),
    Kind("lseg", TEXT, text("[(0,0),(1,1)]")),
    Kind("box", TEXT, text("(1,1),(0,0)")),
    Kind("path", TEXT, text("((0,0),(1,1))", "[(0,0),(1,1)]")),
    Kind("polygon", TEXT, text("((0,0),(1,1),(1,0))")),
    Kind("circle", TEXT, text("<(0,0),1.5>")),
    Kind("int4range", TEXT, text("[1,3)", "empty", "(,)", "[-2147483648,)")),
    Kind("int8range", TEXT, text("[1,9223372036854775807)")),
    Kind("numrange", TEXT, text("[1.10,2.5]", "(,1)")),
    Kind("tsrange", TEXT, text('["2024-01-01 00:00:00",infinity)')),
    Kind("daterange", TEXT, text("[2024-01-01,2024-02-01)", "[-infinity,infinity]")),
    Kind("int4multirange", TEXT, text("{}", "{[1,3),[5,7)}")),
    Kind("datemultirange", TEXT, text("{[2024-01-01,2024-02-01)}")),
    Kind("pg_lsn", TEXT, text("0/0", "FFFFFFFF/FFFFFFFF")),
    Kind("xid", TEXT, text("0", "4294967295")),
    Kind("xid8", TEXT, text("18446744073709551615")),
    Kind("tid", TEXT, text("(0,1)", "(4294967295,65535)")),
    Kind("regclass", TEXT, text("pg_class", "pg_toast.pg_toast_1255")),
    Kind("regtype", TEXT, text("integer", '"char"')),
    Kind("pg_snapshot", TEXT, text("10:20:10,14,15")),
    Kind("int2vector", TEXT, text("", "1 -2 3")),
    Kind("oidvector", TEXT, text("", "1 4294967295")),
    Kind(
        "vector(3)",
        TEXT,
        text("[1,2,3]", "[0.5,-8,0]"),
        also={"[1,2,3]": [1.0, 2.0, 3.0], "[0.5,-8,0]": [0.5, -8.0, 0.0]},
        extension="vector",
    ),
    Kind("halfvec(2)", TEXT, text("[1,65504]"), also={"[1,65504]": [1.0, 65504.0]}, extension="vector"),
    Kind(
        "sparsevec(5)",
        TEXT,
        text("{1:1.5,5:-2}/5", "{}/5"),
        also={"{1:1.5,5:-2}/5": [1.5, 0.0, 0.0, 0.0, -2.0], "{}/5": [0.0] * 5},
        extension="vector",
    ),
    Kind(
        "geometry",
        TEXT,
        {
            "POINT(1 2)": "0101000000000000000000F03F0000000000000040",
            "POINT EMPTY": "0101000000000000000000F87F000000000000F87F",
        },
        extension="postgis",
    ),
    Kind(
        "geography",
        TEXT,
        {"POINT(1 2)": "0101000020E6100000000000000000F03F0000000000000040"},
        extension="postgis",
    ),
)


def list_of(item: str) -> str:
    """Dtype of an Arrow-backed column of lists."""
    return f"list<item: {item}>[pyarrow]"


ARRAYS = (
    Kind("bool[]", list_of("bool"), {"{t,f,NULL}": [True, False, None], "{}": []}),
    Kind("int2[]", list_of("int16"), {"{-32768,NULL}": [-32768, None]}),
    Kind("int4[]", list_of("int32"), {"{1,NULL,3}": [1, None, 3], "{}": [], "{NULL}": [None]}),
    Kind("int8[]", list_of("int64"), {"{9007199254740993,9223372036854775807}": [2**53 + 1, 2**63 - 1]}),
    Kind("float4[]", list_of("float"), {"{1.5,NaN,-Infinity}": [1.5, NAN, -INF]}),
    Kind("float8[]", list_of("double"), {"{0.1,NULL,1e308}": [0.1, None, 1e308]}),
    Kind(
        "numeric[]",
        OBJECTS,
        {
            "{1.50,NULL,NaN}": [Decimal("1.50"), None, Decimal("NaN")],
            "{}": [],
            f"{{{LONG}}}": [Decimal(LONG)],
        },
    ),
    Kind(
        "text[]",
        list_of("string"),
        {
            '{a,NULL,"NULL","","{x}","a \\"b\\", \\\\ c","😀"}': [
                "a",
                None,
                "NULL",
                "",
                "{x}",
                'a "b", \\ c',
                "😀",
            ]
        }
        | {"{}": []},
    ),
    Kind("varchar(3)[]", list_of("string"), {"{abc}": ["abc"]}),
    Kind("char(3)[]", list_of("string"), {"{x}": ["x  "]}),
    Kind("bytea[]", list_of("binary"), {'{"\\\\x00ff",NULL}': [b"\x00\xff", None]}),
    Kind("date[]", list_of("date32[day]"), {"{2024-02-29,NULL}": [date(2024, 2, 29), None]}),
    Kind(
        "date[]",
        list_of("date32[day]"),
        {"{infinity,2024-01-01}": [None, date(2024, 1, 1)], "{2024-02-29,NULL}": [date(2024, 2, 29), None]}
        | {"{}": [], "{-infinity}": [None]},
        missing=2,
    ),
    Kind(
        "timestamptz[]",
        list_of("timestamp[us, tz=UTC]"),
        {'{"2024-01-01 10:00+02",NULL}': [utc(2024, 1, 1, 8), None]},
    ),
    Kind("time[]", list_of("time64[us]"), {"{10:30,NULL}": [time(10, 30), None]}),
    Kind(
        "uuid[]",
        list_of("string"),
        {"{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}": ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]},
    ),
    Kind("interval[]", list_of("string"), {'{"1 mon",NULL}': ["1 mon", None]}),
    Kind("jsonb[]", OBJECTS, {'{"{\\"a\\": 9007199254740993}",NULL}': [{"a": 2**53 + 1}, None]}),
    Kind("mood[]", list_of("string"), {"{sad,NULL}": ["sad", None]}),
    Kind("feeling[]", list_of("string"), {"{sad}": ["sad"]}),
    Kind("positive[]", list_of("int32"), {"{1,2}": [1, 2]}),
    Kind("numbers", list_of("int32"), {"{1,2}": [1, 2]}),
    Kind("pair[]", list_of("string"), {'{"(1,x)"}': ["(1,x)"]}),
    Kind("inet[]", list_of("string"), {"{10.0.0.1/8}": ["10.0.0.1/8"]}),
    Kind("int4range[]", list_of("string"), {'{"[1,3)",empty}': ["[1,3)", "empty"]}),
    Kind("oid[]", list_of("int64"), {"{4294967295}": [2**32 - 1]}),
    Kind("vector[]", list_of("string"), {'{"[1,2]"}': ["[1,2]"]}, extension="vector"),
    Kind("citext[]", list_of("string"), {"{Mixed}": ["Mixed"]}, extension="citext"),
    Kind(
        "int4[]",
        OBJECTS,
        {"{{1,2},{3,NULL}}": [[1, 2], [3, None]], "{{{1},{2}}}": [[[1], [2]]], "{7}": [7], "{}": []},
    ),
    Kind("text[]", OBJECTS, {'{{a},{"b, c"}}': [["a"], ["b, c"]]}),
    Kind("numeric[]", OBJECTS, {"{{1.5,NULL}}": [[Decimal("1.5"), None]]}),
    Kind("jsonb[]", OBJECTS, {"{{1},{NULL}}": [[1], [None]]}, deep=True),
    Kind("timestamptz[]", OBJECTS, {'{{"2024-01-01 10:00+02"}}': [[utc(2024, 1, 1, 8)]]}),
    Kind(
        "int4[]",
        OBJECTS,
        {"[2:3]={1,2}": [1, 2], "[0:1][5:6]={{1,2},{3,4}}": [[1, 2], [3, 4]]},
        bounds_lost=True,
    ),
)

KINDS = (*NUMBERS, *TEXTS, *TIMES, *OTHERS, *ARRAYS)
"""All of them; a type may come twice, since values share a column's dtype."""


def as_literal(written: str) -> str:
    """A string literal of SQL, ``standard_conforming_strings`` being on."""
    return "'" + written.replace("'", "''") + "'"


def table_sql(kind: Kind, name: str) -> tuple[str, str]:
    """Make a table of a kind: ``id`` from 1, the values in ``c`` in their order, NULL at last."""
    rows = [f"({n}, {as_literal(written)})" for n, written in enumerate(kind.values, 1)]
    rows.append(f"({len(rows) + 1}, NULL)")
    made = f"CREATE TABLE {name} (id int PRIMARY KEY, c {kind.type})"
    return made, f"INSERT INTO {name} VALUES {', '.join(rows)}"


def same(found: Any, expected: Any) -> bool:
    """Tell whether a value is the expected one, in kind too: 1 is not 1.0, nor "1", nor True; NaN is NaN."""
    if hasattr(found, "item") and hasattr(found, "dtype") and getattr(found, "ndim", None) == 0:
        found = found.item()  # NumPy's scalars are as good as Python's
    if _sort(found) is not _sort(expected):
        return False
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(expected, dict):
        return list(found) == list(expected) and all(map(same, found.values(), expected.values()))
    if isinstance(expected, float) and math.copysign(1, found) != math.copysign(1, expected):
        return False
    return bool(found == expected) or (found != found and expected != expected)  # noqa: PLR0124  (NaN)


def _sort(value: Any) -> type:
    """The plain type that a value is of: a subclass is as good, but for bool and datetime."""
    plain = (bool, int, float, Decimal, str, bytes, datetime, date, time, timedelta, list, dict)
    return next((sort for sort in plain if isinstance(value, sort)), type(value))
