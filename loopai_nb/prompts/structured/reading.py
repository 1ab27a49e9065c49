"""The JSON in an answer as models write it, read within limits. An answer is hostile text."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, NoReturn

from loopai_nb.errors import LoopaiNbError
from loopai_nb.redaction import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "MOST_CHARACTERS",
    "MOST_DEPTH",
    "MOST_REASON_CHARACTERS",
    "AnswerMismatch",
    "NoJsonError",
    "decoded",
    "found_value",
    "one_line",
]

MOST_CHARACTERS = 1_000_000
"""Longest answer that is looked at."""

MOST_DEPTH = 64
"""Most lists and objects inside each other, of an answer and of a schema."""

MOST_REASON_CHARACTERS = 300

_MOST_DIGITS = 308  # so that every number fits a float64
_MOST_UNCLOSED = 4  # objects in prose that never close; each costs a look at the rest of the text
_MOST_BROKEN = 100  # what looks like an object in prose and is none
_OBJECT = re.compile(r'\{\s*+["}]')
# A string (closed or cut short), or a bracket. Possessive, and a string that never closes ends with the text:
# no input makes it look at a character twice.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+\\?(?:"|\Z)|[\[\]{}]', re.DOTALL)
_FENCE = "```"
_PARTS_OF_ONE_FENCE = 3  # before, inside, behind


class AnswerMismatch(LoopaiNbError):
    """The answer is no JSON that fits the schema; it is paid all the same, and may be asked for again.

    Args:
        reason: What was wrong, naming the field. May quote the answer: it is cut to 300 characters of one
            line, with control characters made visible.
    """

    def __init__(self, reason: str) -> None:
        self.reason = one_line(reason)
        super().__init__(self.reason)

    def __reduce__(self) -> tuple[type[AnswerMismatch], tuple[str]]:
        return AnswerMismatch, (self.reason,)


class NoJsonError(ValueError):
    """The text is no JSON at all; its message is one line without a quotation."""


def one_line(text: str, most: int = MOST_REASON_CHARACTERS) -> str:
    """At most ``most`` characters of one line, valid Unicode, with what can't be seen spelled out."""
    shown = visible(text[: most + 1], one_line=True)
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def found_value(text: str, *, is_object: bool) -> Any:
    """The one JSON value in an answer.

    Taken, in this order: the whole text; for an object, the only one that stands in the text, in a fence or
    among prose; for anything else, what is in the only fence. Before that, a leading ``<think>...</think>``
    is left out.

    Args:
        text: The answer.
        is_object: Whether the schema asks for an object.

    Raises:
        AnswerMismatch: None or several, too long, nested too deeply, a name twice in one object, NaN or
            infinity, a number beyond float64, or half of a surrogate pair.
    """
    if len(text) > MOST_CHARACTERS:
        raise AnswerMismatch(f"the answer has more than {MOST_CHARACTERS:,} characters")
    body = _without_thoughts(text)
    if not body:
        raise AnswerMismatch("the answer is empty")
    try:
        return decoded(body)
    except NoJsonError as exc:
        broken = exc
    if is_object:
        return _only_object(body, broken)
    parts = body.split(_FENCE)
    if len(parts) != _PARTS_OF_ONE_FENCE:
        raise AnswerMismatch(f"the answer is no JSON: {broken}")
    inside = parts[1]
    first, line_end, rest = inside.partition("\n")
    try:
        return decoded((rest if line_end and first.strip().isalnum() else inside).strip())
    except NoJsonError as exc:
        raise AnswerMismatch(f"what is in the fence is no JSON: {exc}") from None


def decoded(text: str) -> Any:
    """The value of a JSON text, within the limits.

    Raises:
        NoJsonError: The text is no JSON.
        AnswerMismatch: It is, and breaks a limit (see ``found_value``).
    """
    if _is_too_deep(text):
        raise AnswerMismatch(f"lists and objects lie more than {MOST_DEPTH} deep in each other")
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as exc:
        if exc.pos >= len(text):
            raise NoJsonError("it ends too early") from None
        message = exc.msg[:1].lower() + exc.msg[1:].removesuffix(" at")
        raise NoJsonError(f"{message} at character {exc.pos + 1:,} of {len(text):,}") from None
    if not text.isascii() or "\\u" in text:
        _check_unicode(value)
    return value


def _without_thoughts(text: str) -> str:
    body = text.strip().removeprefix("\ufeff").lstrip()
    if body.startswith("<think>"):
        _, closed, rest = body.partition("</think>")
        if not closed:
            raise AnswerMismatch("the answer ends within its thoughts")
        return rest.strip()
    return body


def _only_object(body: str, broken: NoJsonError) -> Any:
    found = _objects(body)
    value = next(found, None)
    if value is None:
        if body.startswith(("{", _FENCE)):
            raise AnswerMismatch(f"the answer is no JSON: {broken}")
        raise AnswerMismatch("there is no JSON object in the answer")
    if next(found, None) is not None:
        raise AnswerMismatch("there is more than one JSON object in the answer")
    return value


def _objects(text: str) -> Iterator[Any]:
    """The objects that stand side by side in a text; braces around what is no JSON are passed over."""
    broken = unclosed = 0
    start = _OBJECT.search(text)
    while start is not None and unclosed < _MOST_UNCLOSED and broken < _MOST_BROKEN:
        end = _end(text, start.start())
        if end is None:
            unclosed += 1
            end = start.end()
        else:
            try:
                yield decoded(text[start.start() : end])
            except NoJsonError:
                broken += 1
        start = _OBJECT.search(text, end)


def _end(text: str, start: int) -> int | None:
    """Where the object that begins at ``start`` ends; None where it doesn't."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if text[token.start()] == "{":
            depth += 1
        elif text[token.start()] == "}":
            depth -= 1
            if depth == 0:
                return token.end()
    return None


def _is_too_deep(text: str) -> bool:
    if text.count("{") + text.count("[") <= MOST_DEPTH:
        return False
    depth = 0
    for token in _TOKEN.finditer(text):
        if text[token.start()] in "[{":
            depth += 1
            if depth > MOST_DEPTH:
                return True
        elif text[token.start()] in "]}":
            depth -= 1
    return False


def _check_unicode(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise AnswerMismatch("a text in it holds half of a surrogate pair") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise AnswerMismatch(f"{json.dumps(twice[:40], ensure_ascii=False)} stands twice in one object")
    return value


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise AnswerMismatch(f"a number in it has more than {_MOST_DIGITS} digits")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise AnswerMismatch("a number in it is too large")
    return value


def _constant(name: str) -> NoReturn:
    raise AnswerMismatch(f"{name} stands in it, which JSON does not have")


# The standard library and not orjson, which keeps the last of two equal names without a word.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
