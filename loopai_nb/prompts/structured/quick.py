"""A fast yes for answers to a flat schema, which most are; anything else is left to the whole check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["quick_check"]

_NOTES = {"$schema", "default", "description", "examples", "title", "propertyOrdering"}
_KINDS: dict[str, set[type]] = {
    "string": {str},
    "integer": {int},
    "number": {int, float},
    "boolean": {bool},
    "null": {type(None)},
}
_NO_LEAST, _NO_MOST = float("-inf"), float("inf")


def quick_check(schema: dict[str, Any]) -> Callable[[Any], bool] | None:
    """A check that is never true for what does not fit, and mostly true for what does; None where none is.

    Args:
        schema: Of an object. Only types, choices of texts and bounds of its own fields are known here.
    """
    if schema.get("type") != "object" or not schema.keys() <= _NOTES | {"type", "properties", "required"}:
        return None
    rules: dict[str, tuple[frozenset[type], frozenset[str | None] | None, float, float]] = {}
    for name, part in schema.get("properties", {}).items():
        rule = _rule(part)
        if rule is None:
            return None
        rules[name] = rule
    required = frozenset(schema.get("required", ()))

    def fits(value: Any) -> bool:
        if type(value) is not dict or not required <= value.keys():
            return False
        for name, part in value.items():
            if name not in rules:
                continue
            kinds, choices, least, most = rules[name]
            kind = type(part)
            if kind not in kinds or (choices is not None and part not in choices):
                return False
            if (kind is int or kind is float) and not least <= part <= most:
                return False
        return True

    return fits


def _rule(part: Any) -> tuple[frozenset[type], frozenset[str | None] | None, float, float] | None:
    if not isinstance(part, dict) or not part.keys() <= _NOTES | {"type", "enum", "minimum", "maximum"}:
        return None
    named: Any = part.get("type")
    kinds: list[Any] = named if isinstance(named, list) else [named]
    choices = part.get("enum")
    if not all(kind in _KINDS for kind in kinds):
        return None
    # Of numbers, 1 is also 1.0 and is no True: that is left to the whole check.
    if choices is not None and not all(value is None or isinstance(value, str) for value in choices):
        return None
    return (
        frozenset().union(*(_KINDS[kind] for kind in kinds)),
        None if choices is None else frozenset(choices),
        part.get("minimum", _NO_LEAST),
        part.get("maximum", _NO_MOST),
    )
