"""What a model server's JSON says, believed only as far as it makes sense."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson

from loopai_nb.clients.answers import kind_of_code, one_line, said_by
from loopai_nb.errors import AnswerInvalid, InputError
from loopai_nb.records import Usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from loopai_nb.records import Parameters

__all__ = [
    "check_extra",
    "checked_model",
    "encoded",
    "first_text",
    "model_name",
    "raise_for_error_body",
    "server_at",
    "token_count",
    "usage_from",
]

MAX_TOKENS_BELIEVED = 100_000_000
"""No context is longer; a greater count is a fault of the server and would empty a budget."""

_LONGEST_NAME = 200
_LONGEST_READ = 1000


def token_count(value: object) -> int | None:
    """Return a count of tokens, or None for what cannot be one: negative, fractional, NaN, a bool, huge."""
    if type(value) is not int or not 0 <= value <= MAX_TOKENS_BELIEVED:
        return None
    return value


def usage_from(
    sources: Iterable[object], input_names: tuple[str, ...], output_names: tuple[str, ...]
) -> Usage:
    """Return the first believable count of each kind.

    Args:
        sources: Objects to look into, in order; what is no JSON object is passed over.
        input_names: Names that servers use for the prompt's tokens.
        output_names: Names that servers use for the answer's tokens.
    """
    read = written = None
    for source in sources:
        if isinstance(source, dict):
            if read is None:
                read = _first_count(source, input_names)
            if written is None:
                written = _first_count(source, output_names)
    return Usage(read, written)


def _first_count(source: Mapping[str, object], names: tuple[str, ...]) -> int | None:
    for name in names:
        if (count := token_count(source.get(name))) is not None:
            return count
    return None


def first_text(sources: Iterable[object], names: tuple[str, ...]) -> str | None:
    """Return the first text found under one of the names, or None."""
    for source in sources:
        if isinstance(source, dict):
            for name in names:
                if isinstance(value := source.get(name), str):
                    return value
    return None


def model_name(value: object) -> str:
    """Return the model that a server names, as one short line; ``""`` where it names none."""
    return _name(value[:_LONGEST_READ]) if isinstance(value, str) else ""


# The same name comes with every answer of a run, and masking it takes as long as parsing the answer.
@functools.lru_cache(maxsize=16)
def _name(text: str) -> str:
    return one_line(text)[:_LONGEST_NAME]


def raise_for_error_body(data: Mapping[str, object], what: str, *, kind: str = "error_in_answer") -> None:
    """Raise where a success carries an error object in place of an answer.

    Args:
        data: The body.
        what: Who answered, as the message's subject.
        kind: Of the error, where its code is not a known one.

    Raises:
        AnswerInvalid: It does; whether it was paid nobody said, so it counts as paid.
    """
    error = data.get("error")
    if not error:
        return
    text, code, _ = said_by(dict(data))
    raise AnswerInvalid(
        f"{what} answered with an error inside a success{f': {text}' if text else ''}".rstrip(".") + ".",
        kind=kind_of_code(code) or kind,
    )


def check_extra(parameters: Parameters, reserved: frozenset[str]) -> None:
    """Refuse extra fields that would replace what was approved.

    Raises:
        InputError: ``parameters.extra`` has a reserved name.
    """
    taken = sorted(reserved.intersection(parameters.extra))
    if taken:
        raise InputError(
            f"The extra parameters may not set {', '.join(taken)}.", "It belongs to the plan; set it there."
        )


def checked_model(model: str) -> str:
    """Return a model's name.

    Raises:
        InputError: It has a line break or another control character.
    """
    if any(character < " " or character == "\x7f" for character in model):
        raise InputError("The model's name has a line break or control character in it.", "Correct it.")
    return model


def encoded(body: Mapping[str, object]) -> bytes:
    """Return a request's body as JSON.

    Raises:
        InputError: An extra parameter is no JSON value, or a text holds half an emoji (a lone surrogate).
    """
    try:
        return orjson.dumps(body)
    except orjson.JSONEncodeError as exc:
        raise InputError(
            f"The request cannot be written as JSON: {exc}.", "Correct the text or the extra parameters."
        ) from exc


def server_at(base_url: str) -> str:
    """Return how messages call the server: ``"The model server at gpu-box:8000"``."""
    return f"The model server at {urlsplit(base_url).netloc}"
