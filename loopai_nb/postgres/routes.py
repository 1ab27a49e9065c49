"""How each column of a query is asked for: as ADBC carries it where that is right, else as the server's text.

ADBC is wrong without a word about some types (2-D arrays come out flat, money in cents, ``oid`` negative
above 2^31), so a column takes the direct way only if its type is listed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from loopai_nb.errors import InputError
from loopai_nb.postgres.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa
    from adbc_driver_manager.dbapi import Connection as ArrowConnection

__all__ = ["STYLE", "Look", "Route", "described", "projection", "routes"]

STYLE = (
    "SELECT pg_catalog.set_config('datestyle', 'ISO', true), "
    "pg_catalog.set_config('intervalstyle', 'postgres', true), "
    "pg_catalog.set_config('extra_float_digits', '1', true)"
)
"""Run in the transaction of a pull where columns come as text: else a role's own settings would write
dates that nobody can read back, and floats with digits cut off."""

_DIRECT = {
    "bool": "bool",
    "int2": "int16",
    "int4": "int32",
    "int8": "int64",
    "float4": "float",
    "float8": "double",
    "text": "string",
    "varchar": "string",
    "bpchar": "string",
    "name": "string",
    "bytea": "binary",
    "date": "date32[day]",
    "time": "time64[us]",
    "timestamp": "timestamp[us]",
    "timestamptz": "timestamp[us, tz=UTC]",
}
"""Types that ADBC carries as they are. The Arrow type has to fit too: anybody may name a type "date"."""

_CALENDAR = frozenset({"date", "time", "timestamp", "timestamptz"})
"""Types with values that Python has not: infinity, years outside of 1 to 9999, 24:00."""

_TEXT_OF_ITS_OWN = frozenset(
    {"char", "uuid", "interval", "timetz", "money", "record", "json", "jsonb", "numeric"}
)
"""Known types that are neither direct nor in need of a second look."""

_VECTORS = frozenset({"int2vector", "oidvector"})
"""Arrays to ADBC; they start at 0 and are written without braces."""

_MOST_DIGITS, _LEAST = "1.7976931348623157e308", 323
"""Bounds of a float64: Postgres refuses to cast a numeric outside of them."""

_SAFE_DIGITS = 300

_FLOAT = (
    f"CASE WHEN {{c}} <> 'NaN' AND abs({{c}}) > {_MOST_DIGITS} THEN sign({{c}})::float8 * 'Infinity'::float8 "
    f"WHEN scale({{c}}) > {_LEAST} THEN round({{c}}, {_LEAST})::float8 ELSE {{c}}::float8 END"
)

_TYPMOD_HEADER = 4
"""``VARHDRSZ``: a numeric's typmod is ``((precision << 16) | scale) + 4`` (numeric.c of PostgreSQL)."""

_SCALE_BITS, _SCALE_SIGN = 0x7FF, 0x400

_UNNAMED = "unnamed<"
"""ADBC's name for ranges and for types made after it connected."""

_ODD = "array_ndims({c}) > 1 OR array_lower({c}, 1) <> 1"
"""Arrays that ADBC flattens or refuses."""

_LOOK = """
WITH RECURSIVE asked (n, oid) AS (
  SELECT unnest(ARRAY[{numbers}]), unnest(ARRAY[{types}]::oid[])
  FROM (SELECT 1) AS one LEFT JOIN (SELECT * FROM (
{sql}
) AS query ({aliases}) LIMIT 0) AS none ON true
), found (n, oid, is_array) AS (
  SELECT n, oid, false FROM asked
  UNION ALL
  SELECT f.n, CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.typelem END, f.is_array OR t.typtype <> 'd'
  FROM found AS f JOIN pg_catalog.pg_type AS t ON t.oid = f.oid
  WHERE t.typtype = 'd' OR (t.typcategory = 'A' AND t.typelem <> 0)
)
SELECT f.n, f.is_array,
       CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN t.typname::text ELSE '' END,
       (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
        FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = t.oid)
FROM found AS f JOIN pg_catalog.pg_type AS t ON t.oid = f.oid
WHERE t.typtype <> 'd' AND NOT (t.typcategory = 'A' AND t.typelem <> 0)
"""
"""LIMIT 0 leaves the types and runs nothing; domains and arrays are followed down to what they hold."""


@dataclass(frozen=True, slots=True)
class Route:
    """How one column of a query is asked for and read.

    Attributes:
        name: In the DataFrame.
        ask: SQL expression over ``{c}``, the column's alias.
        is_array: Its dimensions are asked for in a column of their own, NULL where there is but one from 1.
        read: What is made of a value, or of each item of an array; ``""``: as Arrow has it.
        digits: Precision and scale of a numeric where the type says so.
        labels: Of an enum, in its order.
    """

    name: str
    ask: str = "{c}"
    is_array: bool = False
    read: Literal["", "decimal", "float", "json", "enum"] = ""
    digits: tuple[int, int] | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What the catalog says of a type that ADBC does not name.

    Attributes:
        is_array: Whether it is one; the rest is then of its items.
        base: Name of the type in ``pg_catalog``, of a domain the one below it; "" for types of others.
        labels: Of an enum, in its order; else empty.
    """

    is_array: bool
    base: str
    labels: tuple[str, ...] = ()


def described(connection: ArrowConnection, sql: str, reading: Reading | None = None) -> list[Route]:
    """Describe a query and choose each column's way, without running it.

    The server prepares ``sql`` as it is, and so makes sure that it is one complete statement. A second and a
    third statement follow only where types need them: enums, domains in arrays, ranges; text of the server.

    Args:
        connection: In the transaction that the query will run in.
        sql: With its values written in.
        reading: The person's choices; None for the usual ones.

    Raises:
        InputError: Two columns of one name, or none at all.
        adbc_driver_manager.Error: As the server said it; the caller wraps it.
    """
    with connection.cursor() as cursor:
        schema = cursor.adbc_execute_schema(sql)
    looks: dict[int, Look] = {}
    if numbers := [n for n, field in enumerate(schema) if _is_strange(field)]:
        aliases = _aliases(len(schema))
        with connection.cursor() as cursor:
            cursor.execute(
                _LOOK.format(
                    numbers=", ".join(map(str, numbers)),
                    types=", ".join(f"pg_catalog.pg_typeof({aliases[n]})" for n in numbers),
                    sql=sql,
                    aliases=", ".join(aliases),
                )
            )
            looks = {
                n: Look(is_array, base, tuple(labels or ()))
                for n, is_array, base, labels in cursor.fetchall()
            }
    chosen = routes(schema, reading, looks)
    if any("::text" in route.ask for route in chosen):
        with connection.cursor() as cursor:
            cursor.execute(STYLE)
            cursor.fetchall()
    return chosen


def routes(
    schema: pa.Schema, reading: Reading | None = None, looks: Mapping[int, Look] | None = None
) -> list[Route]:
    """Choose each column's way from the schema that ADBC describes a query with.

    Args:
        schema: Of the query.
        reading: The person's choices; None for the usual ones.
        looks: By column number, where the schema does not say enough.

    Raises:
        InputError: Two columns of one name, or none at all.
    """
    names = list(schema.names)
    if not names:
        raise InputError("The query returns no columns.", "Name at least one after SELECT.")
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(
            f'The query returns two columns named "{twice}".', f'Give one another name: ... AS "{twice}_2".'
        )
    reading = reading or Reading()
    return [_route(field, reading, (looks or {}).get(n)) for n, field in enumerate(schema)]


def projection(sql: str, columns: Sequence[Route]) -> str:
    """Return the query that asks for every column in its way; ``sql`` itself where all are direct.

    The outer SELECT keeps the inner order: Postgres pulls rows through a plain projection as they come.
    """
    if all(column.ask == "{c}" and not column.is_array for column in columns):
        return sql
    aliases = _aliases(len(columns))
    selected = ", ".join(_selected(columns, aliases))
    return f"SELECT {selected} FROM (\n{sql}\n) AS query ({', '.join(aliases)})"  # noqa: S608  (in a read-only transaction)


def _selected(columns: Sequence[Route], aliases: list[str]) -> Iterator[str]:
    paired = list(zip(columns, aliases, strict=True))
    for column, alias in paired:
        yield column.ask.format(c=alias)
    for column, alias in paired:
        if column.is_array:
            yield f"CASE WHEN {_ODD} THEN array_dims({{c}}) END".format(c=alias)


def _aliases(count: int) -> list[str]:
    return [f"c{n}" for n in range(count)]


def _kind(field: pa.Field) -> str:
    return bytes((field.metadata or {}).get(b"POSTGRESQL:type", b"")).decode()


def _is_strange(field: pa.Field) -> bool:
    """Tell whether only the catalog knows what a column is: an enum, or an array of what is not plain."""
    import pyarrow as pa

    kind = _kind(field)
    if kind.startswith(_UNNAMED):
        return True
    if pa.types.is_list(field.type) and kind not in _VECTORS:
        item = kind.removeprefix("_")
        return item not in _TEXT_OF_ITS_OWN and _DIRECT.get(item) != str(field.type.value_type)
    return field.type == pa.string() and kind not in _DIRECT and kind not in _TEXT_OF_ITS_OWN


def _route(field: pa.Field, reading: Reading, look: Look | None) -> Route:
    import pyarrow as pa

    kind = _kind(field)
    if (pa.types.is_list(field.type) and kind not in _VECTORS) or (look is not None and look.is_array):
        item = look.base if look is not None else kind.removeprefix("_")
        return _array_route(field, item, reading)
    if look is not None and look.labels:
        return Route(field.name, read="enum", labels=look.labels)
    if kind == "numeric":
        return _numeric_route(field, reading)
    if kind in ("json", "jsonb"):
        return Route(field.name, read="json" if reading.json == "objects" else "")
    if kind == "oid":
        return Route(field.name, ask="{c}::int8")
    as_text = kind in _CALENDAR and reading.infinities == "text"
    return Route(
        field.name, ask="{c}" if _DIRECT.get(kind) == str(field.type) and not as_text else "{c}::text"
    )


def _numeric_route(field: pa.Field, reading: Reading) -> Route:
    digits = _digits(int(field.metadata.get(b"POSTGRESQL:typmod", b"-1")))
    if reading.decimals == "exact":
        return Route(field.name, read="decimal", digits=digits)
    return Route(field.name, ask="{c}::float8" if digits and _within_float(*digits) else _FLOAT)


def _array_route(field: pa.Field, item: str, reading: Reading) -> Route:
    read: Literal["", "decimal", "float", "json"] = ""
    cast = "text" if item not in _DIRECT or (item in _CALENDAR and reading.infinities == "text") else ""
    if item == "numeric":
        read = "decimal" if reading.decimals == "exact" else "float"
    elif item in ("json", "jsonb"):
        read = "json" if reading.json == "objects" else ""
    elif item == "oid":
        cast = "int8"
    # A slice starts at 1 in each dimension; ADBC fails on what starts elsewhere.
    value = f"CASE WHEN {_ODD} THEN {{c}}[:] ELSE {{c}} END"
    return Route(field.name, ask=f"({value}){f'::{cast}[]' if cast else ''}", is_array=True, read=read)


def _digits(typmod: int) -> tuple[int, int] | None:
    if typmod < _TYPMOD_HEADER:
        return None
    precision, scale = (typmod - _TYPMOD_HEADER) >> 16, (typmod - _TYPMOD_HEADER) & _SCALE_BITS
    return precision, scale - ((scale & _SCALE_SIGN) << 1)  # signed, since PostgreSQL 15


def _within_float(precision: int, scale: int) -> bool:
    """Tell whether float8 takes every numeric of a type, so that no value needs to be looked at."""
    return precision - scale <= _SAFE_DIGITS and scale <= _SAFE_DIGITS
