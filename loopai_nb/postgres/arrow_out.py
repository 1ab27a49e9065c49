"""How each column of a frame becomes Arrow that ADBC writes right: chosen once from the whole column."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from loopai_nb.postgres.values_out import (
    array_literal,
    is_missing,
    json_text,
    json_texts,
    plain_text,
    vector_literal,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd
    import pyarrow as pa

    Convert = Callable[[pd.Series[Any]], pa.Array]
    Chosen = tuple[Convert, pa.DataType, str]

__all__ = ["converter", "sql_type"]

_JSON_TYPES = frozenset({"json", "jsonb"})

_INTEGER_TYPES = frozenset({"smallint", "integer", "bigint"})

_VECTOR_TYPES = frozenset({"vector", "halfvec"})
"""Of pgvector; a schema before the name is taken off."""

_MOMENTS = ("date", "time", "interval")
"""How the names of date, time, timestamp and interval types begin."""


def converter(series: pd.Series[Any], target: str | None) -> Chosen:
    """Choose how a column travels.

    Args:
        series: All of it.
        target: SQL type of the table's column, without its modifier; None where it will be made.

    Returns:
        What makes Arrow of a piece of the column, the Arrow type, and the SQL type for a new table.

    Raises:
        TypeError: Its values have no type in SQL, or no common one.
        ValueError: A value that the target can't hold; also pyarrow's own errors.
    """
    if target in _JSON_TYPES:
        return _as_json(series, target)
    if target is not None and target.rpartition(".")[2].strip('"') in _VECTOR_TYPES:
        return _texts(vector_literal, target)
    chosen = _of_objects(series, target) if series.dtype == object else _of_dtype(series, target)
    if target in _INTEGER_TYPES:
        return _whole(*chosen)
    return chosen


def sql_type(kind: pa.DataType) -> str:
    """Return the SQL type that ADBC makes of an Arrow type.

    Raises:
        TypeError: There is none.
    """
    import pyarrow as pa

    if pa.types.is_list(kind):
        return f"{sql_type(kind.value_type)}[]"
    if pa.types.is_timestamp(kind):
        return "timestamp with time zone" if kind.tz else "timestamp without time zone"
    names = {
        pa.bool_(): "boolean",
        pa.int16(): "smallint",
        pa.int32(): "integer",
        pa.int64(): "bigint",
        pa.float32(): "real",
        pa.float64(): "double precision",
        pa.string(): "text",
        pa.binary(): "bytea",
        pa.date32(): "date",
        pa.time64("us"): "time without time zone",
        pa.duration("us"): "interval",
        pa.month_day_nano_interval(): "interval",
    }
    if kind not in names:
        raise TypeError(f"no SQL type for {kind}")
    return names[kind]


def _texts(write: Callable[[Any], str | None], made: str) -> Chosen:
    """Each value as text; what is missing stays so."""
    import pyarrow as pa

    def convert(piece: pd.Series[Any]) -> pa.Array:
        return pa.array([write(item) for item in _items(piece)], pa.string())

    return convert, pa.string(), made


def _items(series: pd.Series[Any]) -> list[Any]:
    """Python's own values: of an Arrow-backed column its lists as lists, not as NumPy arrays."""
    arrow = getattr(series.array, "__arrow_array__", None)
    return list(series) if arrow is None or series.dtype == object else _chunked(series).to_pylist()


def _chunked(series: pd.Series[Any]) -> pa.ChunkedArray:
    import pyarrow as pa

    values = pa.array(series, from_pandas=True)
    return values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])


def _as_json(series: pd.Series[Any], target: str) -> Chosen:
    import pyarrow as pa

    if _only_text(series):
        # Chosen from all of it: a piece of it might read as JSON where the whole does not.
        strings = json_texts(_items(series)) != [None if is_missing(i) else i for i in _items(series)]
        return _texts(json_text if strings else _text, target)
    if series.dtype != object:
        return _texts(json_text, target)

    def convert(piece: pd.Series[Any]) -> pa.Array:
        return pa.array([json_text(item) for item in piece], pa.string())

    return convert, pa.string(), target


def _text(item: Any) -> str | None:
    return None if is_missing(item) else str(item)


def _only_text(series: pd.Series[Any]) -> bool:
    return _kinds(series) <= {str} if series.dtype == object else _is_text(series)


def _is_text(series: pd.Series[Any]) -> bool:
    """Whether a dtype of its own holds text, categories included."""
    import pyarrow as pa

    try:
        return bool(pa.types.is_string(_plain_type(_chunked(series.iloc[:0]).type)))
    except TypeError:
        return False


def _kinds(items: Iterable[Any]) -> set[type]:
    """Types of what is not missing."""
    kinds = set(map(type, items))
    floats = {kind for kind in kinds if issubclass(kind, float)}
    if floats and all(is_missing(item) for item in items if isinstance(item, float)):
        kinds -= floats
    return {kind for kind in kinds if kind.__name__ not in {"NoneType", "NAType", "NaTType"}}


def _of_objects(series: pd.Series[Any], target: str | None) -> Chosen:  # noqa: PLR0911  (one for each kind)
    import pyarrow as pa

    kinds = _kinds(series)
    if kinds <= {str}:

        def convert(piece: pd.Series[Any]) -> pa.Array:
            return pa.array(piece.to_numpy(), pa.string(), from_pandas=True)

        return convert, pa.string(), "text"
    if any(issubclass(kind, dict) for kind in kinds):
        return _as_json(series, "jsonb")
    if kinds <= {Decimal, int} and (Decimal in kinds or _has_wide(series)):
        return _texts(_text, "numeric")
    if all(issubclass(kind, uuid.UUID) for kind in kinds):
        return _texts(_text, "uuid")
    if any(issubclass(kind, list | tuple) or kind.__name__ == "ndarray" for kind in kinds):
        return _of_lists(series, target)
    if kinds == {dt.time} and any(not is_missing(item) and item.tzinfo is not None for item in series):
        return _texts(_moment, "time with time zone")
    if str in kinds and target is not None and target.startswith(_MOMENTS):
        return _texts(_moment, target)  # dates beside an "infinity"
    return _inferred(series)


def _has_wide(integers: pd.Series[Any]) -> bool:
    """Whether one of them is wider than a bigint."""
    return any(abs(item) >> 63 for item in integers if not is_missing(item))


def _moment(item: Any) -> str | None:
    return None if is_missing(item) else plain_text(item)


def _inferred(series: pd.Series[Any]) -> Chosen:
    import pyarrow as pa

    kind = pa.array(list(series), from_pandas=True).type
    plain = _plain_type(kind)

    def convert(piece: pd.Series[Any]) -> pa.Array:
        return pa.array(list(piece), kind, from_pandas=True).cast(plain, safe=False)

    return convert, plain, sql_type(plain)


def _of_dtype(series: pd.Series[Any], target: str | None) -> Chosen:
    import pyarrow as pa

    kind = _chunked(series.iloc[:0]).type
    if pa.types.is_struct(kind) or pa.types.is_map(kind):
        return _texts(json_text, "jsonb")
    if pa.types.is_nested(kind) and not pa.types.is_dictionary(kind):
        return _of_lists(series, target)
    if pa.types.is_decimal(kind) or kind == pa.uint64():
        plain, made = pa.string(), "numeric"
    else:
        plain = _plain_type(kind)
        made = sql_type(plain)

    def convert(piece: pd.Series[Any]) -> pa.Array:
        values = _chunked(piece)
        # Postgres keeps microseconds, so what is finer is cut, as it would do itself.
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        return values.cast(plain, safe=False).combine_chunks()

    return convert, plain, made


def _of_lists(series: pd.Series[Any], target: str | None) -> Chosen:
    """Lists: as Arrow has them where ADBC writes that, else as array literals; ragged ones as JSON."""
    import pyarrow as pa

    made = target if target is not None and target.endswith("[]") else ""
    if made in {"json[]", "jsonb[]"}:
        # An inner list is a JSON array: a second dimension of the outer one looks just the same.
        return _texts(_array_of_json, made)
    items = _items(series)
    try:
        kind = pa.array(items, from_pandas=True).type if series.dtype == object else _chunked(series).type
    except (pa.ArrowException, TypeError, ValueError):
        if not made:
            raise
        return _texts(array_literal, made)
    if pa.types.is_list(kind) and _is_written(kind.value_type):
        plain = pa.list_(_plain_type(kind.value_type))

        def convert(piece: pd.Series[Any]) -> pa.Array:
            return pa.array(_items(piece), kind).cast(plain, safe=False)

        return convert, plain, sql_type(plain)
    if not made:
        made = _array_type(kind) if _rectangular(items) else "jsonb"
    return _texts(json_text if made == "jsonb" else array_literal, made)


def _array_of_json(row: Any) -> str | None:
    return None if is_missing(row) else array_literal([json_text(item) for item in row])


def _is_written(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return not (pa.types.is_nested(kind) or pa.types.is_decimal(kind) or kind == pa.uint64())


def _array_type(kind: pa.DataType) -> str:
    """SQL type of an array of any depth: its innermost element's."""
    import pyarrow as pa

    while pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        kind = kind.value_type
    if pa.types.is_struct(kind) or pa.types.is_map(kind):
        return "jsonb"
    exact = pa.types.is_decimal(kind) or kind == pa.uint64()
    return "numeric[]" if exact else f"{sql_type(_plain_type(kind))}[]"


def _rectangular(rows: Iterable[Any]) -> bool:
    return all(is_missing(row) or _shape(row) is not None for row in rows)


def _shape(item: Any) -> tuple[int, ...] | None:
    """Lengths by dimension; None where sub-lists differ, which no array of Postgres does."""
    if not isinstance(item, list | tuple):
        return ()
    inner = {_shape(part) for part in item} or {()}
    first = inner.pop()
    return None if inner or first is None else (len(item), *first)


def _plain_type(kind: pa.DataType) -> pa.DataType:
    """Return the nearest type that Postgres has.

    Raises:
        TypeError: An extension type of pandas without a counterpart in SQL.
    """
    import pyarrow as pa

    if isinstance(kind, pa.BaseExtensionType):
        raise TypeError("a pandas type without a counterpart in SQL")
    if pa.types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", tz="UTC" if kind.tz else None)
    if pa.types.is_duration(kind):
        return pa.duration("us")
    if pa.types.is_time(kind):
        return pa.time64("us")
    simpler = {
        pa.null(): pa.string(),
        pa.large_string(): pa.string(),
        pa.string_view(): pa.string(),
        pa.large_binary(): pa.binary(),
        pa.int8(): pa.int16(),
        pa.uint8(): pa.int16(),
        pa.uint16(): pa.int32(),
        pa.uint32(): pa.int64(),
        pa.float16(): pa.float32(),
        pa.date64(): pa.date32(),
    }
    return simpler.get(kind, kind)


def _whole(convert: Convert, kind: pa.DataType, made: str) -> Chosen:
    """Floats and decimals as integers; Postgres would round them without a word."""
    import pyarrow as pa

    if pa.types.is_floating(kind):

        def as_integers(piece: pd.Series[Any]) -> pa.Array:
            return convert(piece).cast(pa.int64(), safe=True)

        return as_integers, pa.int64(), "bigint"
    if made == "numeric":

        def as_whole_numbers(piece: pd.Series[Any]) -> pa.Array:
            items = [None if item is None else Decimal(item) for item in convert(piece).to_pylist()]
            if any(item is not None and item != item.to_integral_value() for item in items):
                raise ValueError("a fraction")
            return pa.array([None if item is None else f"{item:.0f}" for item in items], pa.string())

        return as_whole_numbers, pa.string(), "bigint"
    return convert, kind, made
