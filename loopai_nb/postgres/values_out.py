"""Python values on their way to Postgres: as JSON, as array literals, as the text that the server reads."""

from __future__ import annotations

import datetime as dt
import json
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["array_literal", "is_missing", "json_text", "json_texts", "plain_text", "vector_literal"]


def is_missing(item: Any) -> bool:
    """Whether it is NULL: None, NaN, NA, NaT; not ``Decimal("NaN")``, which numeric has."""
    # By type: pandas.isna takes a microsecond, and arrays of a column's values go through here too.
    if item is None:
        return True
    if isinstance(item, float):
        return math.isnan(item)
    return type(item).__name__ in {"NAType", "NaTType"}


def json_text(item: Any) -> str | None:
    """One JSON text with every digit of integers and decimals; None for a missing value.

    Raises:
        ValueError: NaN or infinity, which JSON has not.
    """
    if is_missing(item):
        return None
    try:
        return json.dumps(item, ensure_ascii=False, allow_nan=False, default=_jsonable)
    except _DecimalFound:
        return _json_with_decimals(item)


def json_texts(items: Sequence[Any]) -> list[str | None]:
    """A column of nothing but text for a column of JSON: JSON already, or strings that become JSON's.

    It is JSON where any of it is an object or an array, or all of it reads as JSON; else each text is a
    JSON string. (What reads as JSON and is meant as a string, like "123", can't be told apart.)
    """
    texts = [None if is_missing(item) else str(item) for item in items]
    return texts if _reads_as_json(texts) else [json_text(text) for text in texts]


def array_literal(items: Any) -> str | None:
    """One array as Postgres reads it, ``{{1,2},{3,NULL}}``, of any depth; None for a missing value."""
    if is_missing(items):
        return None
    return "{" + ",".join(map(_element, items)) + "}"


def vector_literal(items: Any) -> str | None:
    """One vector as pgvector reads it, ``[1,2.5]``; text goes as it is; None for a missing value."""
    if is_missing(items) or isinstance(items, str):
        return None if is_missing(items) else items
    return "[" + ",".join(plain_text(item) for item in items) + "]"


def plain_text(item: Any) -> str:  # noqa: PLR0911  (one for each kind)
    """One value as text that the server reads without loss."""
    if isinstance(item, bool) or type(item).__name__ == "bool_":
        return "t" if item else "f"
    if isinstance(item, bytes | bytearray | memoryview):
        return f"\\x{bytes(item).hex()}"
    if isinstance(item, dict):
        return json_text(item) or "null"
    if isinstance(item, dt.datetime | dt.date | dt.time):
        return item.isoformat()  # a pandas Timestamp too, with its nanoseconds
    if isinstance(item, dt.timedelta):
        return f"{item.days} days {item.seconds + item.microseconds / 1e6:f} seconds"
    if isinstance(item, float):
        return repr(float(item))
    return str(item)


def _element(item: Any) -> str:
    if isinstance(item, list | tuple) or hasattr(item, "tolist"):
        inner = item.tolist() if hasattr(item, "tolist") else item
        return (array_literal(inner) or "NULL") if isinstance(inner, list | tuple) else _element(inner)
    if isinstance(item, float):
        return repr(item)  # NaN inside of an array is a number's, as None is what is missing
    if is_missing(item):
        return "NULL"
    escaped = plain_text(item).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _DecimalFound(Exception):
    """A decimal in JSON that a float can't hold."""


def _jsonable(item: Any) -> Any:
    if hasattr(item, "tolist"):  # NumPy's scalars and arrays
        return item.tolist()
    if type(item).__name__ in {"NAType", "NaTType"}:
        return None
    if isinstance(item, Decimal):
        raise _DecimalFound
    return str(item)


def _json_with_decimals(item: Any) -> str:
    """The slow way: ``json.dumps`` can't write a number of its own."""
    if isinstance(item, dict):
        pairs = (
            f"{json.dumps(str(k), ensure_ascii=False)}: {_json_with_decimals(v)}" for k, v in item.items()
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(item, list | tuple):
        return "[" + ", ".join(map(_json_with_decimals, item)) + "]"
    if isinstance(item, Decimal):
        if not item.is_finite():
            raise ValueError("JSON has no NaN and no infinity")
        return format(item, "f")
    return json.dumps(item, ensure_ascii=False, allow_nan=False, default=_jsonable)


def _reads_as_json(texts: Sequence[str | None]) -> bool:
    all_read = True
    for text in texts:
        if text is None:
            continue
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            all_read = False
            continue
        if isinstance(value, dict | list):
            return True
    return all_read
