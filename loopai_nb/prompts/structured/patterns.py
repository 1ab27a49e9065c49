"""Patterns of a schema, searched in time linear to the text by Rust's engine, which Pydantic brings along."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.prompts.structured.canonical import children, rebuilt
from loopai_nb.prompts.structured.reading import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Pattern", "check_patterns", "linear_decimals", "pattern_of"]

_LONGEST_QUOTED = 60
_MOST_WEIGHT = 50_000  # of all patterns of a schema; the engine writes each repeat out
_UNICODE = 10  # states that \w and its like count for; they hold many ranges
_LOOKS = re.compile(r"\(\?<?[=!]|\\[1-9k]|\(\?P=")
_VERBOSE = re.compile(r"\(\?[a-zA-Z]*x")
_REPEAT = re.compile(r"\{\s*(\d*)\s*(?:(,)\s*(\d*)\s*)?\}")
_BRACED = re.compile(r"\\[pPxuUb]\{[^}]*\}")
# How Pydantic up to 2.12 begins the pattern of each Decimal, and what it means without a count of digits.
_DECIMAL = "^(?!^[-+.]*$)[+-]?0*"
_LINEAR_DECIMAL = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression.

    Attributes:
        fits: Whether a text holds a match.
        weight: States that the engine may be in, at most and roughly: a search takes time in proportion to
            it and to the text's length (measured: up to 50 ns each).
    """

    fits: Callable[[str], bool]
    weight: int


def check_patterns(schema: dict[str, Any]) -> None:
    """Refuse what Rust's engine does not take.

    Raises:
        InputError: With the pattern: it can't be read, needs look-around or back-references, or is too large.
    """
    seen: set[str] = set()
    waiting: list[Any] = [schema]
    weight = 0
    while waiting:
        part = waiting.pop()
        pattern = part.get("pattern") if isinstance(part, dict) else None
        if isinstance(pattern, str) and pattern not in seen:
            seen.add(pattern)
            # Before the engine sees it: each may take megabytes and tenths of a second there.
            weight += _weight(pattern)
            if weight > _MOST_WEIGHT:
                raise InputError(
                    f"The schema's patterns repeat too much, at {_shown(pattern)}.",
                    "Use smaller numbers in {...}, or minLength and maxLength.",
                )
            pattern_of(pattern)
        waiting.extend(inner for _, inner in children(part))


@functools.lru_cache(maxsize=256)
def pattern_of(pattern: str) -> Pattern:
    """A pattern, ready to be searched for.

    Raises:
        InputError: The engine does not take it.
    """
    from typing import Annotated

    from pydantic import StringConstraints, TypeAdapter, ValidationError
    from pydantic_core import SchemaError

    if _VERBOSE.search(pattern):
        raise InputError(
            f"The pattern {_shown(pattern)} has the flag x, which is not supported.",
            "Write it without white space and comments.",
        )
    try:
        # Python's own engine would be kept busy by (a+)+$ for as long as an answer likes.
        adapter = TypeAdapter(Annotated[str, StringConstraints(pattern=pattern)])
    except SchemaError as exc:
        raise _refused(pattern) from exc

    def fits(text: str) -> bool:
        try:
            adapter.validate_python(text)
        except ValidationError:
            return False
        return True

    return Pattern(fits, _weight(pattern))


def linear_decimals(schema: Any) -> Any:
    """The schema with the look-ahead that older versions of Pydantic write for a Decimal replaced.

    The new pattern takes each decimal number; ``max_digits`` and ``decimal_places`` are not in it.
    """
    if not isinstance(schema, dict):
        return schema
    schema = rebuilt(schema, linear_decimals)
    if str(schema.get("pattern", "")).startswith(_DECIMAL):
        schema["pattern"] = _LINEAR_DECIMAL
    return schema


def _refused(pattern: str) -> InputError:
    if _LOOKS.search(pattern):
        return InputError(
            f"The pattern {_shown(pattern)} needs look-around or a back-reference, which is not supported.",
            "Say it in the description, or use an enum.",
        )
    return InputError(
        f"The schema has a pattern that can't be read: {_shown(pattern)}.",
        r"Correct it. It is read by Rust's regex crate: a brace is written as \{, and a long repeat of \w as "
        "one of [A-Za-z0-9_] or as maxLength.",
    )


def _shown(pattern: str) -> str:
    return one_line(pattern, _LONGEST_QUOTED)


def _weight(pattern: str) -> int:
    """States of a pattern with its repeats written out, at least; of one that can't be read, any number."""
    groups, last, at = [0], 0, 0
    while at < len(pattern):
        char = pattern[at]
        repeat = _REPEAT.match(pattern, at) if char == "{" else None
        if repeat:
            groups[-1] += last * (_most_times(repeat) - 1)
            last *= _most_times(repeat)
            at = repeat.end()
            continue
        if char == "(":
            groups.append(1)
            last, at = 0, at + 1
            continue
        if char == ")" and len(groups) > 1:
            last, at = groups.pop(), at + 1
        elif char == "[":
            last, at = 1, _behind_class(pattern, at)
        elif char == "\\":
            braced = _BRACED.match(pattern, at)
            last = _UNICODE if pattern[at + 1 : at + 2] in set("wWdDsSpP") else 1
            at = braced.end() if braced else at + 2
        elif char in "*+?":
            last, at = last + 1, at + 1
            groups[-1] += 1
            continue
        else:
            last, at = 1, at + 1
        groups[-1] += last
    return sum(groups)


def _most_times(repeat: re.Match[str]) -> int:
    least, comma, most = repeat.groups()
    # Far more digits than any engine takes say the same as these.
    return max(1, int((most or least or "0")[:9]) + (1 if comma and not most else 0))


def _behind_class(pattern: str, at: int) -> int:
    """Where a class such as ``[a-z&&[^x]]`` ends."""
    depth = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "[":
            depth += 1
            at += 1 + (pattern[at + 1 : at + 2] == "^")
            at += pattern[at : at + 1] == "]"
            continue
        at += 2 if char == "\\" else 1
        if char == "]":
            depth -= 1
            if depth == 0:
                break
    return at
