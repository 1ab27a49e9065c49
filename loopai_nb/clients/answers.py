"""What an HTTP answer means: which error its status is, what its body says, what JSON is in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import orjson

from loopai_nb.errors import AnswerInvalid, ModelServerError, OutcomeUnknown, RequestDeferred, RequestRejected
from loopai_nb.redaction import mask_text
from loopai_nb.resilience.rate import rate_limits
from loopai_nb.resilience.retry import retry_after_s

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loopai_nb.records import RateLimits

__all__ = [
    "ErrorSaid",
    "HttpAnswer",
    "error_fields",
    "kind_of_code",
    "limits_of",
    "one_line",
    "raise_for_status",
    "read_json",
    "said_by",
    "word",
]

_OK = range(200, 300)
_REDIRECT = range(300, 400)
_CLIENT_ERROR = range(400, 500)

# Nothing was generated: the server (or the proxy before it, for 521 to 526 of Cloudflare) turned it away.
_DEFERRED = {
    425: "too_early",
    429: "rate_limited",
    500: "server_error",
    503: "unavailable",
    521: "unavailable",
    522: "unavailable",
    523: "unavailable",
    525: "unavailable",
    526: "unavailable",
    529: "overloaded",
}
# Somebody between stopped waiting: the model may have worked, and been paid, all the same.
_UNKNOWN = {
    408: "request_timeout",
    502: "bad_gateway",
    504: "gateway_timeout",
    520: "bad_gateway",
    524: "gateway_timeout",
}
_REJECTED = {
    401: "unauthorized",
    402: "payment_required",
    403: "unauthorized",
    404: "not_found",
    413: "too_large",
}
_KIND_OF_CODE = {
    "context_length_exceeded": "prompt_too_long",
    "exceed_context_size_error": "prompt_too_long",
    "insufficient_quota": "insufficient_quota",
    "invalid_api_key": "unauthorized",
    "model_not_found": "not_found",
}
_HINTS = {
    "unauthorized": "Set LOOPAI_API_KEY in .env to a key that this server accepts.",
    "prompt_too_long": "Shorten the template or the row's text, or choose a model with a longer context.",
    "not_found": "Check the model's name and that the URL is the API's base, such as http://127.0.0.1:8000/v1.",
    "insufficient_quota": "Look at the account's plan and billing.",
    "payment_required": "Look at the account's plan and billing.",
}

_LONGEST_TEXT = 200
_LONGEST_READ = 4096
_DEEPEST = 8
"""Levels of an error body that are looked into; JSON may be nested deeper than Python recurses."""

_DIGITS_OF_64_BITS = 18

_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_UNPRINTABLE = re.compile(
    "[\\x00-\\x20\\x7f-\\xa0\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ud800-\\udfff]+"
)
_ESCAPES = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u(?P<lone>[dD][89a-fA-F]..)|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A complete HTTP answer.

    Attributes:
        status_code: As sent.
        headers: Lower-case names; repeated ones joined by ``", "``.
        body: Decoded from any transfer coding, at most as long as the pool allows.
        latency_ms: From the first byte written to the last byte read.
        secrets: What was sent as a key: masked where the server repeats it in an error.
    """

    status_code: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    latency_ms: float
    secrets: tuple[str, ...] = field(default=(), repr=False)


def raise_for_status(
    answer: HttpAnswer, *, what: str = "The model server", now: datetime | None = None
) -> None:
    """Return for a 2xx status, raise the fitting error for any other.

    Args:
        answer: Of the pool.
        what: Who answered, as the message's subject.
        now: Current time with a time zone, for a Retry-After date; by default the clock's.

    Raises:
        RequestDeferred: 429, 500, 503, 529 and their like: not now.
        OutcomeUnknown: 408, 502, 504: the answer was lost behind this server.
        RequestRejected: 3xx (never followed, so that no key goes elsewhere) and all else.
    """
    status = answer.status_code
    if status in _OK:
        return
    now = now or datetime.now(UTC)
    limits = limits_of(answer.headers, now)
    if status in _REDIRECT:
        raise RequestRejected(
            f"{what} answered {status}: it redirects to another address, and redirects are not followed.",
            "Give the final URL, with the right scheme and path.",
            status_code=status,
            kind="redirect",
            limits=limits,
        )
    text, code, _ = error_fields(answer)
    said = f"{what} answered {status}{f': {text}' if text else ''}".rstrip(".") + "."
    kind = _KIND_OF_CODE.get(code)
    if status in _DEFERRED and kind != "prompt_too_long":
        wait_s = retry_after_s(answer.headers, now)
        error: ModelServerError = RequestDeferred(
            said, status_code=status, retry_after_s=wait_s, kind=kind or _DEFERRED[status], limits=limits
        )
    elif status in _UNKNOWN:
        error = OutcomeUnknown(said, status_code=status, kind=_UNKNOWN[status], limits=limits)
    else:
        kind = kind or _REJECTED.get(status, "rejected" if status in _CLIENT_ERROR else "server_error")
        error = RequestRejected(said, _HINTS.get(kind, ""), status_code=status, kind=kind, limits=limits)
    raise error


def limits_of(headers: Mapping[str, str], now: datetime | None = None) -> RateLimits | None:
    """Return what the headers of an answer say of the server's rate limits; None where they say nothing.

    Args:
        headers: With lower-case names.
        now: Current time with a time zone; by default the clock's.
    """
    return rate_limits(headers, now or datetime.now(UTC))


class ErrorSaid(NamedTuple):
    """What an error body says, each may be ``""``: one masked line, a code, the parameter that it blames."""

    text: str
    code: str = ""
    param: str = ""


def error_fields(answer: HttpAnswer) -> ErrorSaid:
    """Return what an error body of any shape says.

    Shapes: OpenAI's ``{"error": {"message", "code", "type", "param"}}`` with the code a string, a number or
    null; ``{"error": "text"}``; FastAPI's ``{"detail": ...}``; problem+json's ``title``; Loopai's
    ``{"code", "message"}``; plain text; a web page.
    """
    try:
        data = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return ErrorSaid(one_line(_page_text(answer), answer.secrets))
    return said_by(data, answer.secrets)


def said_by(data: object, secrets: tuple[str, ...] = ()) -> ErrorSaid:
    """Return what an error body that is JSON says; see ``error_fields``."""
    error = (data.get("error") or data) if isinstance(data, dict) else data
    code = param = ""
    if isinstance(error, dict):
        codes = [word(error.get(name)) for name in ("code", "type")]
        # llama-server's code is the status as a number and its type tells what is wrong.
        code = next((one for one in codes if one in _KIND_OF_CODE), codes[0])
        param = word(error.get("param"))
    return ErrorSaid(one_line(_said(error), secrets), code, param)


def word(value: object) -> str:
    """Return what a server gives as a word or number, at most 200 characters; ``""`` for all else.

    Never ``str`` of any JSON value: one that is nested deeper than Python recurses would end the run.
    """
    if isinstance(value, str):
        return value[:_LONGEST_TEXT]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def kind_of_code(code: str) -> str:
    """Return the kind of error that a server's code stands for; ``""`` for an unknown code."""
    return _KIND_OF_CODE.get(code, "")


def read_json(answer: HttpAnswer, *, what: str = "The model server") -> object:
    """Return the body as JSON.

    An answer is paid for when it arrives, so a lone surrogate (an emoji cut by the token limit) or a broken
    UTF-8 byte becomes U+FFFD rather than an error, and NaN or Infinity beside the text becomes null.

    Raises:
        AnswerInvalid: Not JSON: a web page, cut, or nested deeper than 1,024 (or, with NaN, than Python).
    """
    body = answer.body.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    repaired = _repaired(body)
    try:
        return orjson.loads(repaired)
    except orjson.JSONDecodeError:
        pass
    try:
        # The standard library takes NaN, which Python servers write, where orjson keeps to the letter.
        return json.loads(repaired, parse_constant=lambda _: None, parse_int=_integer)
    except (ValueError, RecursionError):
        page = body.lstrip()[:1] == b"<"
        said = one_line(_page_text(answer), answer.secrets)
        # from None: orjson's error holds the whole document, which may be a row's text.
        raise AnswerInvalid(
            f"{what} answered {answer.status_code} with {'a web page' if page else 'what is not JSON'}"
            f"{f': {said[:80]}' if page and said else ''}.",
            "Check that the URL is the API's base, such as http://127.0.0.1:8000/v1." if page else "",
            status_code=answer.status_code,
            kind="not_json",
        ) from None


def one_line(text: str, secrets: tuple[str, ...] = ()) -> str:
    """Return a text as one short line without control characters, keys or known secrets."""
    line = mask_text(_UNPRINTABLE.sub(" ", text[:_LONGEST_READ]), secrets).strip()
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"


def _said(error: object, depth: int = 0) -> str:
    if isinstance(error, str):
        return error
    if depth > _DEEPEST:
        return ""
    if isinstance(error, list):
        return "; ".join(text for item in error[:3] if (text := _said(item, depth + 1)))
    if not isinstance(error, dict):
        return ""
    # FastAPI's 422 has the field's place and, as "input", what was sent: a row's text, which stays out.
    where = error.get("loc")
    place = ".".join(map(word, where[:_DEEPEST])) + ": " if isinstance(where, list) else ""
    for name in ("message", "detail", "msg", "error_message", "title", "error", "error_description"):
        if text := _said(error.get(name), depth + 1):
            return place + text
    return ""


def _page_text(answer: HttpAnswer) -> str:
    text = answer.body[:_LONGEST_READ].decode("utf-8", "replace")
    if "<" not in text:
        return text
    title = _TITLE.search(text)
    return title.group(1) if title and title.group(1).strip() else _TAGS.sub(" ", text)


def _integer(digits: str) -> int | float:
    """A number as orjson reads it: one that no 64 bits hold is a float."""
    return int(digits) if len(digits) <= _DIGITS_OF_64_BITS else float(digits)


def _repaired(body: bytes) -> bytes:
    text = body.decode("utf-8", "replace").encode()
    return _ESCAPES.sub(lambda match: b"\\ufffd" if match.group("lone") else match.group(), text)
