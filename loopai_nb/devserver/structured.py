"""JSON that fits a simple schema, filled by a text's words: a label, a number from it, a quotation."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loopai_nb.devserver.model import LexicalModel

__all__ = ["Filler", "schema_within", "without_complaint"]

_MOST_DEPTH = 20
_MOST_TRIES = 50
_TYPES = frozenset({"object", "array", "string", "number", "integer", "boolean"})
_NUMBER = re.compile(r"(?<![\w.])[+-]?\d+(?:\.\d+)?(?![\w])")
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_COMPLAINT = re.compile(r"\n\nYour last answer was .*", re.DOTALL)
_WORDS = re.compile(r"[_\W]+|(?<=[a-z])(?=[A-Z])")


class Filler:
    """Fills one schema from one text; deterministic.

    Args:
        model: Judges labels and quotes.
        schema: JSON Schema; what is not understood of it (patterns, conditions) is not followed.
        text: What is to be judged.
        question: What was asked of all of it.
    """

    def __init__(self, model: LexicalModel, schema: Mapping[str, Any], text: str, question: str) -> None:
        self._model = model
        self._root = schema
        self._text = text
        self._question = question

    def value(self) -> Any:
        """Return the whole answer."""
        return self._fill(self._root, "", 0)

    def _fill(self, schema: Any, name: str, depth: int) -> Any:
        schema = self._resolved(schema)
        about = " ".join([*_WORDS.split(name), str(schema.get("description") or "")]).strip()
        values = schema.get("enum")
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = next((k for k in kind if k != "null"), "null")
        if isinstance(values, list) and values:
            return self._label(values, about)
        if depth > _MOST_DEPTH or kind == "null":
            return None
        if kind == "object" or (kind is None and "properties" in schema):
            inner = schema.get("properties")
            inner = inner if isinstance(inner, dict) else {}
            return {key: self._fill(field, key, depth + 1) for key, field in inner.items()}
        if kind == "array":
            number = max(1, _integer(schema.get("minItems"), 1))
            return [self._fill(schema.get("items"), name, depth + 1)] * min(number, 100)
        return self._plain(kind, schema, about)

    def _plain(self, kind: object, schema: Mapping[str, Any], about: str) -> Any:
        if kind == "boolean":
            return self._model.matcher(("yes", "no"), about or self._question).best(self._text) == 0
        if kind in {"integer", "number"}:
            return self._number(schema, whole=kind == "integer")
        return self._string(schema, about)

    def _resolved(self, schema: Any) -> Mapping[str, Any]:
        """Follow references and take the first alternative that is not null."""
        for _ in range(_MOST_DEPTH):
            if not isinstance(schema, dict):
                return {}
            if "const" in schema:
                return {"enum": [schema["const"]]}
            options = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
            if isinstance(schema.get("$ref"), str):
                target: Any = self._root
                for part in schema["$ref"].removeprefix("#").strip("/").split("/"):
                    target = target.get(part) if isinstance(target, dict) and part else target
                schema = target
            elif isinstance(options, list) and options:
                schema = next((o for o in options if not _is_null(o)), options[0])
            else:
                return schema
        return {}

    def _label(self, values: list[Any], about: str) -> Any:
        known = [value for value in values if value is not None] or values
        labels = tuple(str(value) for value in known)
        if len(labels) == 1:
            return known[0]
        return known[self._model.matcher(labels, about or self._question).best(self._text)]

    def _number(self, schema: Mapping[str, Any], *, whole: bool) -> float:
        step = 1 if whole else 1e-9
        low, high = _bound(schema, "inimum", step), _bound(schema, "aximum", -step)
        for found in _NUMBER.findall(self._text):
            value = float(found)
            inside = (low is None or value >= low) and (high is None or value <= high)
            if inside and (not whole or value.is_integer()):
                return int(value) if whole or value.is_integer() else value
        plain = 0.0 if low is None else max(0.0, low)
        plain = plain if high is None else min(plain, high)
        return int(plain) if whole or plain.is_integer() else plain

    def _string(self, schema: Mapping[str, Any], about: str) -> str:
        if schema.get("format") in {"date", "date-time"}:
            found = _DATE.search(self._text)
            date = found.group() if found else "1970-01-01"
            return date if schema["format"] == "date" else f"{date}T00:00:00Z"
        most = _integer(schema.get("maxLength"), 10_000)
        return self._model.plain(self._text, about or self._question)[:most]


def _is_null(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("type") == "null"


def _integer(value: Any, default: int) -> int:
    return value if type(value) is int else default


def _bound(schema: Mapping[str, Any], end: str, step: float) -> float | None:
    """Return the lowest or highest number allowed, None where there is no limit."""
    value, beyond = schema.get(f"m{end}"), schema.get(f"exclusiveM{end}")
    if isinstance(beyond, int | float) and not isinstance(beyond, bool):
        return beyond + step
    return float(value) if isinstance(value, int | float) else None


def schema_within(text: str) -> tuple[dict[str, Any], str] | None:
    """Return the last JSON Schema written out in a text, and the text without it and its paragraph."""
    # The word too: a row may hold JSON that looks like one.
    if ('"type"' not in text and '"enum"' not in text) or "schema" not in text.casefold():
        return None
    found: tuple[dict[str, Any], int, int] | None = None
    decoder = json.JSONDecoder()
    at = text.find("{")
    for _ in range(_MOST_TRIES):
        if at < 0:
            break
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            if _is_schema(value):
                found = value, at, end
        at = text.find("{", end)
    if found is None:
        return None
    schema, start, end = found
    before = text[:start].rstrip()
    cut = before.rfind("\n\n") if "\n\n" in before else before.rfind("\n")
    return schema, f"{before[: max(cut, 0)]}\n{text[end:]}".strip()


def without_complaint(text: str) -> str:
    """Return a prompt without its end that tells why the last answer was refused: no text to judge."""
    return _COMPLAINT.sub("", text)


def _is_schema(value: dict[str, Any]) -> bool:
    kind = value.get("type")
    if kind == "object":
        return isinstance(value.get("properties"), dict)
    return kind in _TYPES if isinstance(kind, str) else isinstance(value.get("enum"), list)
