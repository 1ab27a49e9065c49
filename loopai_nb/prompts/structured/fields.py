"""The columns that answers become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from loopai_nb.prompts.structured.canonical import ordered, referenced
from loopai_nb.prompts.structured.validation import to_date, to_moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["VALUE", "Field", "column", "fields_of", "has_properties", "is_object"]

VALUE = "value"
"""Name of the one column where a schema asks for something else than an object with named fields."""

_OBJECT = "object"
_LEAST_INT64, _MOST_INT64 = -(2**63), 2**63 - 1
_MOST_STEPS = 64  # of references and unions inside each other
_BY_TYPE = {"string": "str", "integer": "Int64", "number": "float64", "boolean": "boolean"}
_BY_FORMAT = {"date": "date32[day][pyarrow]", "date-time": "datetime64[us, UTC]"}
_NULL = "null"

_Kind: TypeAlias = tuple[str, tuple[str, ...]]  # a dtype and its categories
_Known: TypeAlias = dict[int, _Kind]  # by the id of a schema, which the root keeps alive


@dataclass(frozen=True, slots=True)
class Field:
    """One column.

    Attributes:
        name: Of the property, and of the column.
        dtype: ``"str"`` (a column of Python texts, as the answer's own), ``"Int64"``, ``"float64"``,
            ``"boolean"``, ``"category"``, ``"date32[day][pyarrow]"``, ``"datetime64[us, UTC]"``, or
            ``"object"`` (lists, objects, unions: Python values). All hold missing values.
        categories: Of a ``"category"``, in the schema's order.
    """

    name: str
    dtype: str
    categories: tuple[str, ...] = ()


def is_object(schema: dict[str, Any]) -> bool:
    """Whether a schema asks for an object."""
    root = _resolved(schema, schema)
    return root.get("type") == "object" or ("type" not in root and "properties" in root)


def has_properties(schema: dict[str, Any]) -> bool:
    """Whether answers become a column for each property."""
    return is_object(schema) and bool(_resolved(schema, schema).get("properties"))


def fields_of(schema: dict[str, Any]) -> tuple[Field, ...]:
    """A field for each property, in the schema's order; one named ``value`` for what has no properties."""
    schema = ordered(schema)
    if has_properties(schema):
        properties = _resolved(schema, schema)["properties"]
        known: _Known = {}
        return tuple(_field(name, part, schema, known) for name, part in properties.items())
    return (_field(VALUE, schema, schema, {}),)


def column(field: Field, values: Sequence[Any], index: Any = None) -> pd.Series[Any]:
    """Values of answers as a typed column; what is None or of another type is missing.

    Whole numbers beyond 64 bits make an ``Int64`` field a column of Python integers.
    """
    import pandas as pd

    data: Any
    match field.dtype:
        case "str":
            data = [value if isinstance(value, str) else None for value in values]
        case "Int64":
            data = [_integer(value) for value in values]
            if all(value is None or _LEAST_INT64 <= value <= _MOST_INT64 for value in data):
                data = pd.array(data, dtype="Int64")
        case "float64":
            import numpy as np

            data = np.array([float(value) if _is_number(value) else np.nan for value in values], dtype=float)
        case "boolean":
            data = pd.array([value if isinstance(value, bool) else None for value in values], dtype="boolean")
        case "category":
            code = {category: n for n, category in enumerate(field.categories)}
            codes = [code.get(value, -1) if isinstance(value, str) else -1 for value in values]
            data = pd.Categorical.from_codes(codes, categories=pd.Index(field.categories, dtype=object))
        case "datetime64[us, UTC]":
            import numpy as np

            data = pd.DatetimeIndex(
                np.array([to_moment(value) for value in values], dtype="datetime64[us]")
            ).tz_localize("UTC")
        case "date32[day][pyarrow]":
            import pyarrow as pa

            days = pa.array([to_date(value) for value in values], type=pa.date32())
            data = pd.arrays.ArrowExtensionArray(days)
        case _:
            data = list(values)
    return pd.Series(data, index=index, name=field.name, dtype=_OBJECT if isinstance(data, list) else None)


def _integer(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _resolved(schema: Any, root: Any) -> dict[str, Any]:
    """The schema behind references and lone ``allOf``."""
    for _ in range(_MOST_STEPS):
        if not isinstance(schema, dict):
            return {}
        if "$ref" in schema:
            schema = referenced(schema["$ref"], root)
        elif "type" not in schema and len(schema.get("allOf", ())) == 1:
            (schema,) = schema["allOf"]
        else:
            return schema
    return {}


def _field(name: str, schema: Any, root: Any, known: _Known) -> Field:
    dtype, categories = _dtype(schema, root, _MOST_STEPS, known)
    return Field(name, _OBJECT if dtype == _NULL else dtype, categories if dtype == "category" else ())


def _dtype(schema: Any, root: Any, steps: int, known: _Known) -> _Kind:
    """The dtype of a schema, found once however many references lead to it."""
    schema = _resolved(schema, root)
    if steps == 0:
        return _OBJECT, ()
    if id(schema) not in known:
        known[id(schema)] = _dtype_of(schema, root, steps, known)
    return known[id(schema)]


def _dtype_of(schema: dict[str, Any], root: Any, steps: int, known: _Known) -> _Kind:
    if "const" in schema or "enum" in schema:
        return _of_values([schema["const"]] if "const" in schema else schema["enum"])
    branches = schema.get("anyOf") or schema.get("oneOf")
    if branches and "type" not in schema:
        return _union([_dtype(branch, root, steps - 1, known) for branch in branches])
    kinds = schema.get("type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return _union([_of_type(kind, schema) for kind in named])


def _of_type(kind: Any, schema: dict[str, Any]) -> _Kind:
    if kind == _NULL:
        return _NULL, ()
    if kind == "string":
        return _BY_FORMAT.get(str(schema.get("format")), "str"), ()
    return _BY_TYPE.get(str(kind), _OBJECT), ()


def _of_values(values: list[Any]) -> _Kind:
    present = [value for value in values if value is not None]
    kinds = {type(value) for value in present}
    if kinds == {str}:
        return "category", tuple(dict.fromkeys(present))
    if kinds == {bool}:
        return "boolean", ()
    if kinds == {int}:
        return "Int64", ()
    return ("float64" if kinds and kinds <= {int, float} else _OBJECT), ()


def _union(kinds: list[_Kind]) -> _Kind:
    present = [kind for kind in kinds if kind[0] != _NULL]
    if not present:
        return _NULL, ()
    dtypes = {dtype for dtype, _ in present}
    if len(dtypes) == 1:
        (dtype,) = dtypes
        return dtype, tuple(dict.fromkeys(name for _, names in present for name in names))
    if dtypes == {"Int64", "float64"}:
        return "float64", ()
    return ("str" if dtypes == {"str", "category"} else _OBJECT), ()
