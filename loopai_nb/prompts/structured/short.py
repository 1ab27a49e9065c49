"""The short form of a schema, as it is typed on a notebook line."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.prompts.structured.reading import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMS", "from_mapping", "from_text", "is_type", "object_of"]

FORMS = (
    'Write fields as "part: windshield|engine|other, damaged: bool, sure: 0.0..1.0", '
    "or pass a JSON Schema, a Pydantic model or the path of a .json file."
)
_TYPES: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "string": {"type": "string"},
    "int": {"type": "integer"},
    "integer": {"type": "integer"},
    "float": {"type": "number"},
    "number": {"type": "number"},
    "bool": {"type": "boolean"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}
_PYTHON_TYPES: dict[object, str] = {
    str: "str",
    int: "int",
    float: "float",
    bool: "bool",
    dt.date: "date",
    dt.datetime: "datetime",
}
_RESERVED = {*_TYPES, "list", "null"}
_TOKEN = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([,:|?\[\]])|([^,:|?\[\]"']+))""")
_INTEGER = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_RANGE = re.compile(r"([+-]?\d{1,15}(?:\.\d{1,15})?)\.\.([+-]?\d{1,15}(?:\.\d{1,15})?)", re.ASCII)
_FEWEST_CHOICES = 2
# Beside these, null can be added to the type; any other keyword may still refuse it.
_WITH_NULL = {"type", "enum", "format", "items", "minimum", "maximum", "properties", "required"}


def from_text(text: str) -> dict[str, Any]:
    """The JSON Schema of a short form.

    ``name: type``, separated by commas. A type is ``str``, ``int``, ``float``, ``bool``, ``date``,
    ``datetime``, choices ``a|b|c`` (whole numbers only: numbers; else texts), a range ``1..5`` or
    ``0.0..1.0``, or ``list[type]``. ``name?: type`` may be null. Quotes hold what would mean something else.

    Raises:
        InputError: It can't be read, with what stands where.
    """
    return _Reader(text).fields()


def from_mapping(fields: Mapping[Any, Any], nested: Any) -> dict[str, Any]:
    """The JSON Schema of ``{"part": "windshield|engine", "damaged": bool, "stars": [1, 2, 3]}``.

    Args:
        fields: Types by name: a short form's type, a Python type, a list of choices, or a mapping.
        nested: Makes a JSON Schema of a value that is a mapping itself.

    Raises:
        InputError: A name or type can't be read.
    """
    properties: dict[str, Any] = {}
    for given, value in fields.items():
        if not isinstance(given, str) or not given.removesuffix("?").strip():
            raise InputError(f"A field of the schema is named {_shown(given)}.", FORMS)
        name = given.removesuffix("?").strip()
        if name in properties:
            raise InputError(f"The schema has the field {_shown(name)} twice.", "Leave one out.")
        if isinstance(value, type) and value in _PYTHON_TYPES:
            schema = _TYPES[_PYTHON_TYPES[value]]
        elif isinstance(value, str):
            schema = _Reader(value).whole_type(name)
        elif isinstance(value, list | tuple):
            schema = _choices(name, list(value))
        elif isinstance(value, dict):
            schema = nested(value)
        else:
            raise InputError(f"The schema's field {_shown(name)} has no type: {_shown(value)}.", FORMS)
        properties[name] = _nullable(schema) if given.endswith("?") else schema
    return object_of(properties)


def is_type(value: object) -> bool:
    """Whether a value can be read as a type of the short form."""
    if isinstance(value, type):
        return value in _PYTHON_TYPES
    try:
        return isinstance(value, str) and bool(_Reader(value).whole_type(""))
    except InputError:
        return False


def object_of(properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object that has all these fields.

    Further fields are not forbidden: an answer that brings one is as good, and asking again would be paid.
    """
    return {"type": "object", "properties": properties, "required": list(properties)}


class _Reader:
    """Reads a short form from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        text = text.strip()
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise InputError(
                    f"The schema has a quote that does not close: {_shown(text[position:])}.",
                    "Close it, or put a text that holds one quote between quotes of the other kind.",
                )
            position = match.end()
            double, single, mark, word = match.groups()
            if mark:
                self._tokens.append((mark, mark))
            elif word is not None:
                self._tokens.extend([("word", word.strip())] if word.strip() else [])
            else:
                self._tokens.append(("quoted", double if double is not None else single))
        self._next = 0

    def fields(self) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        while self._kind() != "end":
            kind, name = self._take()
            if kind not in {"word", "quoted"} or not name:
                raise InputError(f"The schema has {_shown(name)} where a field's name should be.", FORMS)
            optional = self._skip("?")
            if not self._skip(":"):
                raise InputError(f"The schema's field {_shown(name)} has no type.", FORMS)
            if name in properties:
                raise InputError(f"The schema has the field {_shown(name)} twice.", "Leave one out.")
            schema = self._type(name)
            properties[name] = _nullable(schema) if optional else schema
            if self._kind() != "end" and not self._skip(","):
                raise self._unexpected(name)
        if not properties:
            raise InputError("The schema has no fields.", FORMS)
        return object_of(properties)

    def whole_type(self, name: str) -> dict[str, Any]:
        schema = self._type(name)
        if self._kind() != "end":
            raise self._unexpected(name)
        return schema

    def _type(self, name: str) -> dict[str, Any]:
        items = [self._take()]
        if items[0] == ("word", "list") and self._skip("["):
            schema = {"type": "array", "items": self._type(name)}
            if not self._skip("]"):
                raise self._unexpected(name)
            return schema
        while self._skip("|"):
            items.append(self._take())
        for kind, text in items:
            if kind not in {"word", "quoted"} or not text:
                raise InputError(f"The schema's field {_shown(name)} has no type.", FORMS)
        return _type_of(name, items)

    def _unexpected(self, name: str) -> InputError:
        token = self._tokens[self._next][1] if self._kind() != "end" else "an end"
        return InputError(
            f"The schema has {_shown(token)} behind the type of {_shown(name)}.",
            "Fields are separated by commas, choices by |; put a text that holds such a mark in quotes.",
        )

    def _kind(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else "end"

    def _take(self) -> tuple[str, str]:
        if self._kind() == "end":
            return "end", ""
        self._next += 1
        return self._tokens[self._next - 1]

    def _skip(self, mark: str) -> bool:
        found = self._kind() == mark
        self._next += found
        return found


def _type_of(name: str, items: list[tuple[str, str]]) -> dict[str, Any]:
    kind, text = items[0]
    if len(items) == 1 and kind == "word":
        if text in _TYPES:
            return dict(_TYPES[text])
        if text == "list":
            return {"type": "array"}
        if match := _RANGE.fullmatch(text):
            return _range(name, *match.groups())
    words = [word for item, word in items if item == "word"]
    if len(items) == 1:
        raise InputError(
            f"The schema's field {_shown(name)} has the type {_shown(text)}, which is none.",
            "Types: str, int, float, bool, date, datetime, list[...], choices a|b|c, ranges 1..5, 0.0..1.0.",
        )
    for word in words:
        if word in _RESERVED or _RANGE.fullmatch(word):
            raise InputError(
                f"The choices of {_shown(name)} hold {word}, which is also a type.",
                f'Put it in quotes to mean the text; write "{name}?: ..." for a field that may be null.',
            )
    if len(words) == len(items) and all(_INTEGER.fullmatch(word) for word in words):
        return _choices(name, [int(word) for word in words])
    return _choices(name, [word for _, word in items])


def _range(name: str, low: str, high: str) -> dict[str, Any]:
    whole = "." not in low + high
    least, most = (int(low), int(high)) if whole else (float(low), float(high))
    if least >= most:
        raise InputError(f"The range of {_shown(name)} is empty.", "Write the lower end first, such as 1..5.")
    return {"type": "integer" if whole else "number", "minimum": least, "maximum": most}


def _choices(name: str, values: list[Any]) -> dict[str, Any]:
    kinds = {type(value) for value in values}
    if len(values) < _FEWEST_CHOICES or kinds not in ({str}, {int}):
        raise InputError(
            f"The choices of {_shown(name)} are not two or more texts, or two or more whole numbers.", FORMS
        )
    if len(set(values)) != len(values):
        raise InputError(f"The choices of {_shown(name)} hold one twice.", "Leave one out.")
    return {"type": "string" if kinds == {str} else "integer", "enum": values}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    kind = schema.get("type")
    if not isinstance(kind, str) or not schema.keys() <= _WITH_NULL:
        return {"anyOf": [schema, {"type": "null"}]}
    changed = schema | {"type": [kind, "null"]}
    return changed | {"enum": [*schema["enum"], None]} if "enum" in schema else changed


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else str(value)
    return f'"{one_line(text, 60)}"'
