"""Dates and times that Postgres has and Python's calendar has not, made missing a column at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["in_calendar"]

FIRST_DAY, END_DAY = -719_162, 2_932_897
"""0001-01-01 and 10000-01-01 as days since 1970: the calendar of Python's ``datetime``."""

MICROSECONDS_A_DAY = 86_400_000_000


def in_calendar(values: pa.ChunkedArray) -> tuple[pa.ChunkedArray, int]:
    """Return the values with NULL for what Python's calendar has not, and how many those are.

    ADBC counts from 1970 and Postgres from 2000, so infinity overflows to a year before -5,000,000 (dates) or
    -290,000 (timestamps), and is caught by the same bounds.
    """
    import pyarrow as pa

    if not pa.types.is_list(values.type):
        return _within_bounds(values)
    if _bounds(values.type.value_type) is None:
        return values, 0
    chunks, lost = [], 0
    for chunk in values.chunks:
        items, outside = _within_bounds(chunk.flatten())
        lost += outside
        chunks.append(_rewrapped(chunk, items) if outside else chunk)
    return (pa.chunked_array(chunks, type=values.type) if lost else values), lost


def _within_bounds(values: Any) -> tuple[Any, int]:
    import pyarrow as pa
    import pyarrow.compute as pc

    bounds = _bounds(values.type)
    if bounds is None:
        return values, 0
    first, end = bounds
    numbers = values.cast(pa.int32() if pa.types.is_date32(values.type) else pa.int64())
    found = pc.min_max(numbers)
    least, most = found["min"].as_py(), found["max"].as_py()
    if least is None or (first <= least and most < end):
        return values, 0
    fits = pc.and_(pc.greater_equal(numbers, first), pc.less(numbers, end))
    return pc.if_else(fits, values, pa.scalar(None, values.type)), pc.sum(pc.invert(fits)).as_py()


def _bounds(kind: pa.DataType) -> tuple[int, int] | None:
    import pyarrow as pa

    if pa.types.is_date32(kind):
        return FIRST_DAY, END_DAY
    if pa.types.is_timestamp(kind):
        return FIRST_DAY * MICROSECONDS_A_DAY, END_DAY * MICROSECONDS_A_DAY
    if pa.types.is_time64(kind):
        return 0, MICROSECONDS_A_DAY
    return None


def _rewrapped(lists: pa.ListArray, items: pa.Array) -> pa.ListArray:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return pa.ListArray.from_arrays(
        pa.array(offsets, pa.int32()), items, type=lists.type, mask=lists.is_null()
    )
