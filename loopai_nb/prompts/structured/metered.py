"""jsonschema with each step counted, so that a check ends soon whatever the schema and the answer say."""

from __future__ import annotations

import functools
import itertools
import json
from typing import TYPE_CHECKING, Any

from loopai_nb.prompts.structured.canonical import looks, places, referenced
from loopai_nb.prompts.structured.patterns import pattern_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from loopai_nb.prompts.structured.patterns import Pattern

__all__ = ["MOST_STEPS", "Checker", "TooMuchWorkError"]

MOST_STEPS = 1_000_000
"""Steps of one check at most, some microseconds each. A list of half a million numbers, the longest that an
answer can hold, takes three quarters of them; a smaller answer has fewer."""

_FREE_STEPS = 100_000
_STEPS_A_VALUE = 30
_MOST_OF_A_BRANCH = 10  # errors that are kept of a branch of anyOf
_MOST_OF_BRANCHES = 1_000  # in one check
_LONGEST_SHOWN = 60
_VALUES_A_STEP = 8
_CHARACTERS_A_STEP = 1_024
_NAMES_A_STEP = 64  # that jsonschema compares for what is not evaluated
_MOST_STATES = 64_000_000  # of patterns, times characters; some 50 ns each at most, so mostly far less
_EACH = {  # keywords that look at each item or field of a value
    "additionalItems", "additionalProperties", "contains", "items", "propertyNames", "unevaluatedItems",
    "unevaluatedProperties",
}  # fmt: skip
_COMPARED = ("const", "dependencies", "dependentRequired", "enum", "required")


class TooMuchWorkError(Exception):
    """The steps of a check are spent."""


class Checker:
    """Says what is wrong with values.

    Args:
        kind: A validator class of jsonschema.
        schema: One that passed ``check_references`` and ``check_patterns``.
        formats: A ``FormatChecker`` of jsonschema.
    """

    def __init__(self, kind: Any, schema: dict[str, Any], formats: Any) -> None:
        from referencing import Registry

        self._formats = formats
        # Where a schema names its draft, jsonschema goes on with its own validator of that draft.
        schema = _quiet({name: part for name, part in schema.items() if name != "$schema"})
        self._facts = _Facts(schema)
        # A registry of its own: the default one would fetch references, which have been refused before.
        self._validator = _metered(kind)(schema, registry=Registry())

    def errors(self, value: Any) -> Iterator[Any]:
        """What is wrong, as jsonschema's errors; their messages say nothing.

        Raises:
            TooMuchWorkError: It takes more steps than a value of this size may take.
            RecursionError: The value and the schema are nested too deeply.
        """
        steps = min(MOST_STEPS, _FREE_STEPS + _STEPS_A_VALUE * _size(value))
        work = _Work(self._facts, self._formats, steps)
        return self._validator.evolve(format_checker=work).iter_errors(_quiet(value))  # type: ignore[no-any-return]


class _Facts:
    """What a check looks up in a schema, by the id of the part, which the schema keeps alive."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.targets: dict[str, Any] = {}
        self.values: dict[int, int] = {}
        self.choices: dict[int, frozenset[str | None]] = {}
        self.looks: dict[int, int] = {}
        counts = looks(schema)
        for place, part in places(schema).items():
            if not isinstance(part, dict):
                continue
            self.looks[id(part)] = counts[place]
            if "$ref" in part:
                self.targets[part["$ref"]] = referenced(part["$ref"], schema)
            for keyword in _COMPARED:
                self.values[id(part.get(keyword))] = _size(part.get(keyword))
            choices = part.get("enum", (0,))
            if all(choice is None or isinstance(choice, str) for choice in choices):
                self.choices[id(choices)] = frozenset(choices)


class _Work:
    """The steps of one check.

    It stands where jsonschema expects a format checker, the one object that each validator hands on to those
    that it makes.
    """

    def __init__(self, facts: _Facts, formats: Any, steps: int) -> None:
        self.facts = facts
        self.kept = 0  # errors of branches
        self._formats = formats
        self._left = steps
        self._states_left = _MOST_STATES

    def conforms(self, value: Any, name: str) -> bool:
        return bool(self._formats.conforms(value, name))

    def search(self, text: str, pattern: Pattern) -> bool:
        self._states_left -= len(text) * pattern.weight
        if self._states_left < 0:
            raise TooMuchWorkError
        return pattern.fits(text)

    def spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise TooMuchWorkError


@functools.cache
def _metered(kind: Any) -> Any:
    from jsonschema import validators

    own = {
        "$ref": _check_reference,
        "anyOf": _check_any,
        "enum": functools.partial(_check_enum, kind.VALIDATORS["enum"]),
        "format": _check_format,
        "oneOf": _check_one,
        "pattern": _check_pattern,
        "uniqueItems": _check_unique,
    }
    checks = kind.VALIDATORS | {name: check for name, check in own.items() if name in kind.VALIDATORS}
    return validators.extend(kind, {name: _counted(name, check) for name, check in checks.items()})


def _counted(keyword: str, check: Callable[..., Any]) -> Callable[..., Iterator[Any]]:
    each, compared = keyword in _EACH, keyword in _COMPARED
    unevaluated = keyword.startswith("unevaluated")

    def counted(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[Any]:
        work: _Work = validator.format_checker
        steps = 1
        if isinstance(value, str):
            steps += len(value) // _CHARACTERS_A_STEP
        elif isinstance(value, list | dict):
            steps += len(value) // 2 if each else len(value) // _VALUES_A_STEP
            if unevaluated:
                # jsonschema looks for each name in a list of names, which each look at the schema adds to.
                looked = work.facts.looks.get(id(schema), 1)
                steps += looked * (1 + len(value)) * (1 + len(value) // _NAMES_A_STEP)
        if compared:
            steps += work.facts.values.get(id(rule), 0) // _VALUES_A_STEP
        elif isinstance(rule, list | dict):
            steps += len(rule) // _VALUES_A_STEP
        work.spend(steps)
        for error in check(validator, rule, value, schema) or ():
            work.spend(1)
            yield error

    return counted


def _check_reference(validator: Any, reference: str, value: Any, _: Any) -> Iterator[Any]:
    target = validator.format_checker.facts.targets[reference]
    yield from validator.descend(value, target)


def _check_any(validator: Any, branches: list[Any], value: Any, _: Any) -> Iterator[Any]:
    from jsonschema.exceptions import ValidationError

    context: list[Any] = []
    if _fitting(validator, branches, value, context) is None:
        yield ValidationError("anyOf", context=context)


def _check_one(validator: Any, branches: list[Any], value: Any, _: Any) -> Iterator[Any]:
    from jsonschema.exceptions import ValidationError

    context: list[Any] = []
    first = _fitting(validator, branches, value, context)
    if first is None:
        yield ValidationError("oneOf", context=context)
    elif any(next(validator.descend(value, branch), None) is None for branch in branches[first + 1 :]):
        yield ValidationError("oneOf")


def _fitting(validator: Any, branches: list[Any], value: Any, context: list[Any]) -> int | None:
    """The number of the first branch that fits; ``context`` gets a few errors of those before.

    One error says that a branch does not fit. The others are for the reason only, and each can hold as many
    again.
    """
    work: _Work = validator.format_checker
    for number, branch in enumerate(branches):
        room = work.kept < _MOST_OF_BRANCHES
        most = _MOST_OF_A_BRANCH if room else 1
        errors = list(itertools.islice(validator.descend(value, branch, schema_path=number), most))
        if not errors:
            return number
        if room:
            work.kept += len(errors)
            context.extend(errors)
    return None


def _check_enum(check: Any, validator: Any, choices: list[Any], value: Any, schema: Any) -> Iterator[Any]:
    from jsonschema.exceptions import ValidationError

    texts = validator.format_checker.facts.choices.get(id(choices))
    if texts is None:
        yield from check(validator, choices, value, schema)
    elif not (value is None or isinstance(value, str)) or value not in texts:
        yield ValidationError("enum")


def _check_pattern(validator: Any, rule: str, value: Any, _: Any) -> Iterator[Any]:
    from jsonschema.exceptions import ValidationError

    if isinstance(value, str) and not validator.format_checker.search(str(value), pattern_of(str(rule))):
        yield ValidationError("pattern")


def _check_format(validator: Any, name: str, value: Any, _: Any) -> Iterator[Any]:
    """Without the cause, which may hold the whole text."""
    from jsonschema.exceptions import ValidationError

    if not validator.format_checker.conforms(value, name):
        yield ValidationError("format")


def _check_unique(validator: Any, unique: bool, value: Any, _: Any) -> Iterator[Any]:  # noqa: FBT001 (jsonschema's signature)
    """In linear time; jsonschema compares each item with each."""
    from jsonschema.exceptions import ValidationError

    if unique and isinstance(value, list):
        seen = set()
        for item in value:
            text = json.dumps(_comparable(item), sort_keys=True)
            validator.format_checker.spend(len(text) // _VALUES_A_STEP)
            seen.add(text)
        if len(seen) != len(value):
            yield ValidationError("uniqueItems")


def _comparable(value: Any) -> Any:
    """1 and 1.0 are one number in JSON."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_comparable(item) for item in value]
    if isinstance(value, dict):
        return {name: _comparable(item) for name, item in value.items()}
    return value


def _size(value: Any) -> int:
    """Values in a value, long texts as several."""
    if isinstance(value, list):
        return 1 + sum(map(_size, value))
    if isinstance(value, dict):
        return 1 + sum(_size(name) + _size(item) for name, item in value.items())
    return 1 + len(value) // _CHARACTERS_A_STEP if isinstance(value, str) else 1


class _Quiet:
    """jsonschema writes what it looked at, whole, into each error's message, which nobody reads."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "..."


class _QuietText(_Quiet, str):
    __slots__ = ()


class _QuietList(_Quiet, list[Any]):
    __slots__ = ()


class _QuietDict(_Quiet, dict[str, Any]):
    __slots__ = ()


def _quiet(value: Any) -> Any:
    """A copy that is shown in a few characters."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_SHOWN else _QuietText(value)
    if isinstance(value, list):
        return _QuietList(map(_quiet, value))
    if isinstance(value, dict):
        return _QuietDict((_quiet(name), _quiet(item)) for name, item in value.items())
    return value
