"""Columns of Arrow into a DataFrame: without a copy where Arrow has the value, else as Python objects."""

from __future__ import annotations

import contextlib
import json
import re
import warnings
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.postgres.bounds import in_calendar
from loopai_nb.postgres.reading import Reading, ValuesChanged
from loopai_nb.postgres.routes import Route

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping, Sequence

    import pandas as pd
    import pyarrow as pa

__all__ = ["to_frame", "warn_of_missing"]

DECIMAL_DIGITS, WIDE_DECIMAL_DIGITS = 38, 76
"""Most digits of an Arrow decimal128 and decimal256."""

_LONG_NUMBER = re.compile(r"\d{19}")
"""orjson reads an integer beyond 64 bits as a float and loses digits."""

_EXTENT = re.compile(r"\[(-?\d+):(-?\d+)\]")
"""One dimension as ``array_dims`` writes it."""


def to_frame(
    table: pa.Table,
    columns: Sequence[Route] | None = None,
    reading: Reading | None = None,
    *,
    missing: MutableMapping[str, int] | None = None,
) -> pd.DataFrame:
    """Make a DataFrame with a RangeIndex, without copying what Arrow holds already.

    Args:
        table: As the projection of ``columns`` returned it, the dimensions of arrays behind the columns.
        columns: None for a table to be taken as it is.
        reading: As ``routes`` was given it; None for the usual choices.
        missing: Gets the count, by column, of the values that the frame cannot hold, on top of what it has:
            the caller warns when all is read (``warn_of_missing``). None to warn at once.

    Returns:
        With ``"pyarrow"`` Arrow-backed dtypes, with ``"numpy_nullable"`` Int64, Float64, boolean, string and
        datetime64. In both, enums are ordered categoricals with all their labels, and Python objects are what
        fits no dtype: JSON values, decimals of more than 76 digits, NaN and infinity among exact decimals,
        arrays of several dimensions (lists in lists), of decimals and of JSON.

    Raises:
        InputError: A JSON value nested deeper than Python reads.
    """
    import pandas as pd

    reading = reading or Reading()
    if columns is None:
        columns = [Route(name) for name in table.column_names]
    dims = iter(table.columns[len(columns) :])
    counted: MutableMapping[str, int] = {} if missing is None else missing
    series = {}
    for column, given in zip(columns, table.columns, strict=False):
        values, lost = in_calendar(_storage(given))
        if lost:
            counted[column.name] = counted.get(column.name, 0) + lost
        series[column.name] = _series(values, column, reading, next(dims) if column.is_array else None)
    if missing is None:
        warn_of_missing(counted)
    return pd.DataFrame(series, index=pd.RangeIndex(table.num_rows), copy=False)


def warn_of_missing(missing: MutableMapping[str, int]) -> None:
    """Warn once for each column with values that its frame does not hold."""
    for name, count in missing.items():
        values = f"{count:,} value{'s' if count > 1 else ''}"
        warnings.warn(
            f'{values} of column "{name}" became missing: infinity, a year outside of 1 to 9999, or 24:00, '
            'which Python\'s calendar does not have. Pull with infinities="text" to keep them as text.',
            ValuesChanged,
            stacklevel=3,
        )


def _series(
    values: pa.ChunkedArray, column: Route, reading: Reading, dims: pa.ChunkedArray | None
) -> pd.Series[Any]:
    import pandas as pd

    if dims is not None and (column.read or dims.null_count < len(dims)):
        return _lists(values, column, dims)
    if column.read == "json":
        return _objects(values, _json)
    if column.read == "enum":
        return _categories(values, column.labels)
    if column.read == "decimal":
        decimals = _decimals(values, column.digits)
        if decimals is None or reading.dtype_backend != "pyarrow":
            return _objects(values, Decimal)
        values = decimals
    if reading.dtype_backend == "pyarrow":
        return pd.Series(pd.arrays.ArrowExtensionArray(values), copy=False)
    return _numpy(values)


def _numpy(values: pa.ChunkedArray) -> pd.Series[Any]:
    import pandas as pd
    import pyarrow as pa

    if pa.types.is_list(values.type):
        return _objects(values, list)  # pandas would make NumPy arrays of them, which have no plain ==
    dtypes = {
        pa.bool_(): pd.BooleanDtype(),
        pa.int16(): pd.Int16Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.float32(): pd.Float32Dtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.string(): pd.StringDtype(),
    }
    frame: pd.DataFrame = pa.table({"values": values}).to_pandas(types_mapper=dtypes.get)
    return frame["values"]


def _storage(values: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    if not isinstance(values.type, pa.BaseExtensionType):
        return values
    return pa.chunked_array([chunk.storage for chunk in values.chunks], type=values.type.storage_type)


def _decimals(values: pa.ChunkedArray, digits: tuple[int, int] | None) -> pa.ChunkedArray | None:
    """Return exact decimals from their text; None for NaN, infinity and more digits than decimal256 has."""
    import pyarrow as pa

    precision, scale = digits or (WIDE_DECIMAL_DIGITS + 1, 0)
    if scale < 0:  # numeric(5, -2) rounds to hundreds: whole numbers of seven digits
        precision, scale = precision - scale, 0
    if max(precision, scale) > WIDE_DECIMAL_DIGITS:
        precision, scale = _digits_needed(values)
    needed = max(precision, scale)
    if needed > WIDE_DECIMAL_DIGITS:
        return None
    made = pa.decimal128 if needed <= DECIMAL_DIGITS else pa.decimal256
    try:
        return values.cast(made(needed, scale))
    except pa.ArrowInvalid:
        return None


def _digits_needed(values: pa.ChunkedArray) -> tuple[int, int]:
    """Return a scale and the least of three precisions (so that dtypes are few) that hold all values."""
    import pyarrow.compute as pc

    length, dot = pc.binary_length(values), pc.find_substring(values, ".")
    has_dot = pc.greater_equal(dot, 0)
    scale = pc.max(pc.if_else(has_dot, pc.subtract(pc.subtract(length, dot), 1), 0)).as_py() or 0
    whole = pc.max(pc.if_else(has_dot, dot, length)).as_py() or 0
    room = (DECIMAL_DIGITS, WIDE_DECIMAL_DIGITS)
    return next((digits for digits in room if whole + scale <= digits), WIDE_DECIMAL_DIGITS + 1), scale


def _categories(values: pa.ChunkedArray, labels: Sequence[str]) -> pd.Series[Any]:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pa.array(labels, pa.string())
    codes = pc.index_in(values, value_set=known)
    if codes.null_count > values.null_count:  # the enum got another label since it was looked at
        later = pc.unique(values.filter(pc.and_(codes.is_null(), values.is_valid())))
        known = pa.concat_arrays([known, later])
        codes = pc.index_in(values, value_set=known)
    dtype = pd.CategoricalDtype(known.to_pylist(), ordered=True)
    return pd.Series(pd.Categorical.from_codes(pc.fill_null(codes, -1).to_numpy(), dtype=dtype), copy=False)


def _lists(values: pa.ChunkedArray, column: Route, dims: pa.ChunkedArray) -> pd.Series[Any]:
    """Return lists of Python values, in lists where an array has several dimensions."""
    import pandas as pd

    reads: dict[str, Callable[[str], Any]] = {"decimal": Decimal, "float": float, "json": _json}
    read = reads.get(column.read)
    extents = dims.to_pylist()
    if any(extent is not None and _starts_elsewhere(extent) for extent in extents):
        warnings.warn(
            f'Column "{column.name}" has arrays whose subscripts do not start at 1; lists do not keep that. '
            f"Select it as text (CAST({column.name} AS text)) to see them.",
            ValuesChanged,
            stacklevel=4,
        )
    made = []
    for items, extent in zip(values.to_pylist(), extents, strict=True):
        if read is not None and items is not None:
            items = [None if item is None else read(item) for item in items]  # noqa: PLW2901  (the same list, read)
        made.append(items if extent is None else _nested(items, extent))
    return pd.Series(made, dtype=object)


def _starts_elsewhere(extent: str) -> bool:
    return any(first != "1" for first, _ in _EXTENT.findall(extent))


def _nested(items: list[Any], extent: str) -> list[Any]:
    """Put a flat list, the last subscript fastest, back into the dimensions that Postgres names."""
    sizes = [int(last) - int(first) + 1 for first, last in _EXTENT.findall(extent)]
    for size in reversed(sizes[1:]):
        items = [items[start : start + size] for start in range(0, len(items), size)]
    return items


def _objects(values: pa.ChunkedArray, read: Callable[[Any], Any]) -> pd.Series[Any]:
    import pandas as pd

    return pd.Series([None if item is None else read(item) for item in values.to_pylist()], dtype=object)


def _json(text: str) -> Any:
    """Read one JSON value with every digit of its integers."""
    import orjson

    if _LONG_NUMBER.search(text) is None:
        # 1e999 is JSON to Postgres and too large for orjson; so is a lone surrogate and what is nested deep.
        with contextlib.suppress(orjson.JSONDecodeError):
            return orjson.loads(text)
    try:
        return json.loads(text, parse_int=_integer)
    except RecursionError:
        raise InputError(
            "A JSON value is nested deeper than Python reads.", 'Pull with json="text" to keep it as text.'
        ) from None


def _integer(digits: str) -> int | Decimal:
    try:
        return int(digits)
    except ValueError:  # beyond Python's own limit, 4,300 digits
        return Decimal(digits)
