"""A JSON Schema as plain JSON that survives sorted keys, and the parts that it is made of."""

from __future__ import annotations

import json
import math
import unicodedata
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from loopai_nb.errors import InputError
from loopai_nb.prompts.structured.reading import MOST_DEPTH, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "MOST_SCHEMA_BYTES",
    "ORDER",
    "canonical",
    "check_references",
    "children",
    "looks",
    "ordered",
    "places",
    "plain",
    "rebuilt",
    "referenced",
    "size_bytes",
]

MOST_SCHEMA_BYTES = 65_536
"""Longest schema, as compact JSON in UTF-8; it goes out with every request."""

ORDER = "propertyOrdering"
"""Keyword that says in which order the properties stand, since the ledger sorts an object's names.

It is the one that Gemini's API uses: https://ai.google.dev/gemini-api/docs/structured-output
"""

_MOST_VALUES = 20_000
_MOST_LOOKS = 10_000
_UNEVALUATED = {"unevaluatedItems", "unevaluatedProperties"}
_MAPS = {"properties", "$defs", "definitions", "dependentSchemas", "dependencies"}
_LISTS = {"allOf", "anyOf", "oneOf", "prefixItems", "items"}
_ONES = {
    "items", "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "not",
    "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
}  # fmt: skip
# These look at the same value again; a circle of them and of references would never end.
_SAME_VALUE = {"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies"}
_REFUSED = {
    "$dynamicRef": "a reference by a dynamic anchor",
    "$recursiveRef": "a recursive reference of an old draft",
    "patternProperties": "field names by pattern",
}
_LONGEST_SHOWN = 80
_TOO_MANY = 10**308  # so that every number fits a float64, as in an answer


def plain(value: Any) -> Any:
    """A copy of plain JSON values, with texts in Unicode NFC as everywhere in a plan.

    Raises:
        InputError: It is too deep or too large, or holds what JSON does not have.
    """
    left = _MOST_VALUES

    def copied(part: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if depth > MOST_DEPTH or left < 0:
            what = "is nested too deeply" if left >= 0 else "is too large"
            raise InputError(f"The schema {what}.", "Ask for fewer fields, or for a part of them at a time.")
        if part is None or isinstance(part, bool):
            return part
        if isinstance(part, str):
            return _text(part)
        if isinstance(part, int) and abs(part) < _TOO_MANY:
            return int(part)
        if isinstance(part, float) and math.isfinite(part):
            return float(part)
        if isinstance(part, list | tuple):
            return [copied(item, depth + 1) for item in part]
        if isinstance(part, dict):
            names = [_text(name) if isinstance(name, str) else None for name in part]
            if None in names or len(set(names)) != len(names):
                raise InputError(
                    "The schema has an object with two names that look the same, or one that is no text.",
                    "Rename one of them.",
                )
            return {name: copied(item, depth + 1) for name, item in zip(names, part.values(), strict=True)}
        raise InputError(
            f"The schema holds a value of {type(part).__name__} that JSON does not have.",
            "Use texts, finite numbers, true, false, null, lists and objects.",
        )

    return copied(value, 1)


def _text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError("The schema holds half of a surrogate pair.", "Correct that text.") from None
    return str(text) if text.isascii() else unicodedata.normalize("NFC", text)


def children(schema: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The schemas directly inside a schema, each with the path that leads to it."""
    if not isinstance(schema, dict):
        return
    for keyword, value in schema.items():
        if keyword in _MAPS and isinstance(value, dict):
            # A draft-07 dependency may be a list of names.
            yield from (((keyword, name), part) for name, part in value.items() if not isinstance(part, list))
        elif keyword in _LISTS and isinstance(value, list):
            yield from (((keyword, str(n)), part) for n, part in enumerate(value))
        elif keyword in _ONES:
            yield (keyword,), value


def rebuilt(schema: dict[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """A copy of a schema with each schema directly inside it changed."""
    copy = dict(schema)
    for path, part in children(schema):
        keyword = path[0]
        if len(path) == 1:
            copy[keyword] = change(part)
            continue
        if copy[keyword] is schema[keyword]:
            copy[keyword] = schema[keyword].copy()
        copy[keyword][int(path[1]) if isinstance(schema[keyword], list) else path[1]] = change(part)
    return copy


def ordered(schema: Any) -> Any:
    """The schema as a person wrote it: properties in their order, without the keyword that keeps it."""
    if not isinstance(schema, dict):
        return schema
    schema = rebuilt(schema, ordered)
    order = schema.pop(ORDER, None)
    properties = schema.get("properties")
    if isinstance(order, list) and isinstance(properties, dict):
        first = [name for name in order if isinstance(name, str) and name in properties]
        schema["properties"] = {name: properties[name] for name in dict.fromkeys([*first, *properties])}
    return schema


def canonical(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with all names sorted, and the properties' order kept by a keyword where it is another one.

    What is sent for it is then the same text in each process that reads it from the ledger.
    """
    kept = _with_order(ordered(schema))
    return json.loads(json.dumps(kept, sort_keys=True))  # type: ignore[no-any-return]


def _with_order(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    schema = rebuilt(schema, _with_order)
    properties = schema.get("properties")
    if isinstance(properties, dict) and list(properties) != sorted(properties):
        schema[ORDER] = list(properties)
    return schema


def check_references(schema: dict[str, Any]) -> None:
    """Refuse what would be fetched, leads nowhere, never ends, or has a value looked at too often.

    A circle through a field or a list is bounded by the answer's own depth and size; through ``$ref`` and
    ``anyOf`` alone nothing bounds it, nor what doubles with each step of them.

    Raises:
        InputError: A reference to outside or to nothing, a circle, a fan of references, or a keyword that
            is not supported.
    """
    for place, part in places(schema).items():
        if isinstance(part, dict):
            _check_keywords(part, nested=place != "#")
    most = max(looks(schema).values())
    if most > _MOST_LOOKS:
        raise InputError(
            "The schema refers to itself too often: each value would be looked at more than "
            f"{_MOST_LOOKS:,} times.",
            "Let anyOf, oneOf and allOf refer to fewer schemas that branch again.",
        )


def places(schema: dict[str, Any]) -> dict[str, Any]:
    """Each schema inside a schema, itself included, by the JSON pointer that leads to it."""
    found: dict[str, Any] = {}
    waiting: list[tuple[str, Any]] = [("#", schema)]
    while waiting:
        place, part = waiting.pop()
        found[place] = part
        waiting.extend((f"{place}/{'/'.join(map(_escaped, path))}", inner) for path, inner in children(part))
    return found


def looks(schema: dict[str, Any]) -> dict[str, int]:
    """How often a value is looked at, at most, where it has to fit a schema; by place.

    Raises:
        InputError: A reference leads nowhere or in a circle, or there are too many behind each other.
    """
    parts = places(schema)
    inside: dict[str, list[str]] = {}
    for place, part in parts.items():
        inside[place] = [
            f"{place}/{'/'.join(map(_escaped, path))}" for path, _ in children(part) if path[0] in _SAME_VALUE
        ]
        if isinstance(part, dict) and "$ref" in part:
            target = unquote(part["$ref"])
            if target not in parts:
                raise _bad_reference(part["$ref"])
            inside[place].append(target)
    try:
        order = list(TopologicalSorter(inside).static_order())
    except CycleError:
        raise InputError(
            "The schema refers to itself without an end.",
            "Let the circle of $ref pass through a field or a list.",
        ) from None
    counts: dict[str, int] = {}
    depths: dict[str, int] = {}
    for place in order:
        count = 1 + sum(counts[inner] for inner in inside[place])
        # What is not evaluated yet is found by looking at everything once more.
        again = isinstance(parts[place], dict) and not _UNEVALUATED.isdisjoint(parts[place])
        counts[place] = min(count * (2 if again else 1), _MOST_LOOKS + 1)
        depths[place] = 1 + max((depths[inner] for inner in inside[place]), default=0)
    if max(depths.values()) > MOST_DEPTH:
        raise InputError(
            f"The schema has more than {MOST_DEPTH} references and unions behind each other.",
            "Refer to what is meant without a detour.",
        )
    return counts


def _check_keywords(part: dict[str, Any], *, nested: bool) -> None:
    for keyword, what in _REFUSED.items():
        if keyword in part:
            raise InputError(
                f"The schema uses {keyword} ({what}), which is not supported here.",
                "Name the fields under properties, and refer to #/$defs/... with $ref.",
            )
    if nested and ("$id" in part or "$schema" in part):
        raise InputError(
            "A schema inside the schema has an $id or $schema of its own.", "Leave them out; use #/$defs/..."
        )


def _bad_reference(reference: str) -> InputError:
    shown = one_line(reference, _LONGEST_SHOWN)
    if reference.startswith("#"):
        return InputError(f'The schema refers to "{shown}", which is not in it.', "Correct that $ref.")
    return InputError(
        f'The schema refers to "{shown}", which lies outside of it and is never fetched.',
        "Copy what it refers to into #/$defs/ of the schema.",
    )


def referenced(reference: str, root: Any) -> Any:
    """What a reference that ``check_references`` let pass leads to."""
    part = root
    for step in unquote(reference).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        part = part[int(name)] if isinstance(part, list) else part[name]
    return part


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def size_bytes(schema: Any) -> int:
    """Bytes of a schema as compact JSON in UTF-8."""
    return len(json.dumps(schema, ensure_ascii=False, separators=(",", ":")).encode())
