"""How each column of a query travels: as ADBC carries it where that is right, else as the server's own text.

ADBC is wrong without a word about some types (2-D arrays come out flat, money in cents, infinite timestamps
in the year -290278), so a column takes the direct way only if its type is listed here.
"""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from loopai_nb.errors import InputError
from loopai_nb.postgres.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    import pyarrow as pa

__all__ = ["DtypeBackend", "Route", "projection", "routes", "to_frame"]

DtypeBackend = Literal["pyarrow", "numpy_nullable"]

_DIRECT = frozenset(
    {
        "bool",
        "int2",
        "int4",
        "int8",
        "float4",
        "float8",
        "text",
        "varchar",
        "bpchar",
        "name",
        "char",
        "bytea",
        "time",
        "numeric",
        "json",
        "jsonb",
        "date",
        "timestamp",
        "timestamptz",
    }
)

_ARRAYS = frozenset(
    {
        "_bool",
        "_int2",
        "_int4",
        "_int8",
        "_float4",
        "_float8",
        "_text",
        "_varchar",
        "_bpchar",
        "_name",
        "_bytea",
        "_time",
    }
)

_TYPMOD_HEADER = 4
"""``VARHDRSZ``: a numeric's typmod is ``((precision << 16) | scale) + 4`` (numeric.c of PostgreSQL)."""

_SCALE_BITS, _SCALE_SIGN = 0x7FF, 0x400

FIRST_DAY, END_DAY = -719_162, 2_932_897
"""0001-01-01 and 10000-01-01 as days since 1970: the calendar of Python's ``datetime``."""

MICROSECONDS_A_DAY = 86_400_000_000

DECIMAL_DIGITS = 38
"""Most digits of an Arrow decimal128."""

_LONG_NUMBER = re.compile(r"\d{19}")
"""orjson reads an integer beyond 64 bits as a float and loses digits."""


@dataclass(frozen=True, slots=True)
class Route:
    """How one column of a query is asked for and read.

    Attributes:
        name: In the DataFrame.
        ask: SQL expression over ``{c}``, the column's alias.
        refuse: SQL condition over ``{c}`` that no DataFrame value can hold; None where all can.
        reason: What ``refuse`` means, as ``holds infinity``.
        read: ``""`` as Arrow has it, ``"decimal"``, ``"json"``, or those for each ``"... item"`` of an array.
        digits: Precision and scale of a numeric where the type says so.
    """

    name: str
    ask: str = "{c}"
    refuse: str | None = None
    reason: str = ""
    read: str = ""
    digits: tuple[int, int] | None = None


def routes(schema: pa.Schema, reading: Reading | None = None) -> list[Route]:  # noqa: ARG001  (interim)
    """Choose each column's way from the schema that ADBC describes a query with.

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
    return [_route(field) for field in schema]


def projection(sql: str, columns: Sequence[Route]) -> str:
    """Return the query that asks for every column in its way; ``sql`` itself where all are direct.

    The outer SELECT keeps the inner order: Postgres pulls rows through a plain projection as they come.
    """
    if all(column.ask == "{c}" and column.refuse is None for column in columns):
        return sql
    aliases = [f"c{n}" for n in range(len(columns))]
    asked = [column.ask.format(c=alias) for column, alias in zip(columns, aliases, strict=True)]
    refused = [
        column.refuse.format(c=alias)
        for column, alias in zip(columns, aliases, strict=True)
        if column.refuse is not None
    ]
    selected = ", ".join([*asked, *refused])
    return f"SELECT {selected} FROM (\n{sql}\n) AS query ({', '.join(aliases)})"  # noqa: S608  (in a read-only transaction)


def to_frame(
    table: pa.Table,
    columns: Sequence[Route] | None = None,
    reading: Reading | None = None,
    *,
    dtype_backend: DtypeBackend | None = None,
) -> pd.DataFrame:
    """Make a DataFrame with a RangeIndex, without copying what Arrow holds already.

    Args:
        table: As the projection of ``columns`` returned it, refusals behind the columns.
        columns: None for a table to be taken as it is.
        reading: As ``routes`` was given it; None for a table to be taken as it is.
        dtype_backend: For callers without a reading.

    Raises:
        InputError: A value that no DataFrame can hold.
    """
    import pandas as pd

    reading = reading or Reading(dtype_backend=dtype_backend or "pyarrow")
    if columns is None:
        columns = [Route(name) for name in table.column_names]
    flags = iter(table.columns[len(columns) :])
    for column, values in zip(columns, table.columns, strict=False):
        if _outside_of_calendar(values):
            raise _refusal(column.name, "holds infinity or a year outside of 1 to 9999")
        if column.refuse is not None and _any(next(flags)):
            raise _refusal(column.name, column.reason)
    series = {
        column.name: _series(values, column, reading.dtype_backend)
        for column, values in zip(columns, table.columns, strict=False)
    }
    return pd.DataFrame(series, index=pd.RangeIndex(table.num_rows), copy=False)


def _route(field: pa.Field) -> Route:
    metadata = field.metadata or {}
    kind = metadata.get(b"POSTGRESQL:type", b"").decode()
    element, is_enum = kind.removeprefix("_"), str(field.type) == "string"
    if kind == "numeric":
        return Route(
            field.name, read="decimal", digits=_digits(int(metadata.get(b"POSTGRESQL:typmod", b"-1")))
        )
    if kind in ("json", "jsonb"):
        return Route(field.name, read="json")
    if kind in _DIRECT or (is_enum and not kind.startswith("_")):
        return Route(field.name)
    if kind.startswith("_"):
        flat = "array_ndims({c}) > 1 OR array_lower({c}, 1) <> 1"
        value = "{c}" if kind in _ARRAYS else "{c}::text[]"
        read = {"numeric": "decimal item", "json": "json item", "jsonb": "json item"}.get(element, "")
        return Route(
            field.name,
            ask=f"CASE WHEN {flat} THEN NULL ELSE {value} END",
            refuse=flat,
            reason="holds arrays of several dimensions, or that do not start at 1",
            read=read,
        )
    return Route(field.name, ask="{c}::text")


def _digits(typmod: int) -> tuple[int, int] | None:
    if typmod < _TYPMOD_HEADER:
        return None
    precision, scale = (typmod - _TYPMOD_HEADER) >> 16, (typmod - _TYPMOD_HEADER) & _SCALE_BITS
    scale -= (scale & _SCALE_SIGN) << 1  # signed, since PostgreSQL 15
    return (precision, scale) if precision <= DECIMAL_DIGITS else None


def _refusal(name: str, reason: str) -> InputError:
    return InputError(
        f'Column "{name}" {reason}, which a DataFrame cannot hold.',
        f"Select it as text (CAST({name} AS text)), or leave those rows out.",
    )


def _outside_of_calendar(values: pa.ChunkedArray) -> bool:
    """Tell whether a date is none of Python's: a frame with one could not be shown.

    ADBC counts from 1970 and Postgres from 2000, so infinity overflows to a year before -5,000,000 (dates) or
    -290,000 (timestamps), and is caught by the same bounds.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_date32(values.type) or pa.types.is_timestamp(values.type)):
        return False
    days = 1 if pa.types.is_date32(values.type) else MICROSECONDS_A_DAY
    number = pa.int32() if days == 1 else pa.int64()
    found = pc.min_max(values.cast(number))
    least, most = found["min"].as_py(), found["max"].as_py()
    return least is not None and not (FIRST_DAY * days <= least and most < END_DAY * days)


def _any(flags: pa.ChunkedArray) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(flags).as_py())


def _series(values: pa.ChunkedArray, column: Route, dtype_backend: DtypeBackend) -> pd.Series[Any]:
    import pandas as pd
    import pyarrow as pa

    values = _storage(values)
    if column.read.endswith("item"):
        read = Decimal if column.read.startswith("decimal") else _json
        return _objects(values, lambda items: [None if item is None else read(item) for item in items])
    if column.read == "json":
        return _objects(values, _json)
    if column.read == "decimal":
        decimals = _decimals(values, column.digits)
        if decimals is None or dtype_backend != "pyarrow":
            return _objects(values, Decimal)
        values = decimals
    if dtype_backend == "pyarrow":
        return pd.Series(pd.arrays.ArrowExtensionArray(values), copy=False)
    dtypes = {
        pa.bool_(): pd.BooleanDtype(),
        pa.int16(): pd.Int16Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.float32(): pd.Float32Dtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.string(): pd.StringDtype(),
    }
    if pa.types.is_list(values.type):
        return _objects(values, list)  # pandas would make NumPy arrays of them, which have no plain ==
    frame: pd.DataFrame = pa.table({"values": values}).to_pandas(types_mapper=dtypes.get)
    return frame["values"]


def _storage(values: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    if not isinstance(values.type, pa.BaseExtensionType):
        return values
    return pa.chunked_array([chunk.storage for chunk in values.chunks], type=values.type.storage_type)


def _decimals(values: pa.ChunkedArray, digits: tuple[int, int] | None) -> pa.ChunkedArray | None:
    """Return exact decimals from their text; None for NaN, infinity and more digits than decimal128 has."""
    import pyarrow as pa

    precision, scale = digits or _digits_needed(values)
    if scale < 0:  # numeric(5, -2) rounds to hundreds: whole numbers of seven digits
        precision, scale = precision - scale, 0
    if not 0 < max(precision, scale) <= DECIMAL_DIGITS:
        return None
    try:
        return values.cast(pa.decimal128(max(precision, scale), scale))
    except pa.ArrowInvalid:
        return None


def _digits_needed(values: pa.ChunkedArray) -> tuple[int, int]:
    import pyarrow.compute as pc

    length, dot = pc.binary_length(values), pc.find_substring(values, ".")
    has_dot = pc.greater_equal(dot, 0)
    scale = pc.max(pc.if_else(has_dot, pc.subtract(pc.subtract(length, dot), 1), 0)).as_py() or 0
    whole = pc.max(pc.if_else(has_dot, dot, length)).as_py() or 0
    return (DECIMAL_DIGITS if whole + scale <= DECIMAL_DIGITS else DECIMAL_DIGITS + 1), scale


def _objects(values: pa.ChunkedArray, read: Callable[[Any], Any]) -> pd.Series[Any]:
    import pandas as pd

    return pd.Series([None if item is None else read(item) for item in values.to_pylist()], dtype=object)


def _json(text: str) -> Any:
    """Read one JSON value with every digit of its integers."""
    import orjson

    if _LONG_NUMBER.search(text) is None:
        with contextlib.suppress(
            orjson.JSONDecodeError
        ):  # 1e999 is JSON to Postgres and too large for orjson
            return orjson.loads(text)
    return json.loads(text)
