"""What a server says of its rate limits in an answer's headers, validated."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from loopai_nb.records import RateLimits
from loopai_nb.resilience.retry import RETRY_AFTER_MAX_S, decimal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["rate_limits"]


class _Names(NamedTuple):
    limit: str
    remaining: str
    reset: str


_REQUESTS = (
    _Names("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    _Names(
        "anthropic-ratelimit-requests-limit",
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-requests-reset",
    ),
    _Names("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"),
    _Names("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"),
)
_TOKENS = (
    _Names("x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    *(
        _Names(
            f"anthropic-ratelimit-{kind}-limit",
            f"anthropic-ratelimit-{kind}-remaining",
            f"anthropic-ratelimit-{kind}-reset",
        )
        for kind in ("tokens", "input-tokens", "output-tokens")
    ),
)
_ALL = frozenset(name for names in (*_REQUESTS, *_TOKENS) for name in names)

_LONGEST_COUNT = 12
_LONGEST_RESET = 40
_EPOCH_S = 1e9
"""A plain number from here on is a moment since 1970 in seconds (2001 and later); below it, seconds."""
_EPOCH_MS = 1e12
_DURATION = re.compile(
    r"(?=.)(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6}(?:\.\d{1,9})?)s)?(?:(\d{1,9}(?:\.\d{1,9})?)ms)?",
    re.ASCII,
)


_Kind: TypeAlias = tuple[int | None, int | None, float | None]
"""Limit, remaining, and seconds until it is free again."""

_UNKNOWN: _Kind = (None, None, None)


def rate_limits(headers: Mapping[str, str], now: datetime) -> RateLimits | None:
    """What a server says of its limits, or None where it says nothing understandable.

    Reads OpenAI's ``x-ratelimit-*-requests`` and ``-tokens``
    (https://platform.openai.com/docs/guides/rate-limits), Anthropic's ``anthropic-ratelimit-*``
    (https://docs.anthropic.com/en/api/rate-limits), and the ``x-ratelimit-limit``, ``-remaining`` and
    ``-reset`` of the IETF draft and of others, for requests. Where a server names several kinds of tokens,
    the tightest one counts.

    Only ASCII digits count, of at most 12; a remaining above its limit is believed as little as the limit; a
    moment in the past is now, and nobody is waited for longer than ``RETRY_AFTER_MAX_S``.

    Args:
        headers: With lower-case names.
        now: Current time, with a time zone.
    """
    if _ALL.isdisjoint(headers):  # called for every answer, and most servers send none
        return None
    requests = _tightest(headers, _REQUESTS, now)
    tokens = _tightest(headers, _TOKENS, now)
    if requests is _UNKNOWN and tokens is _UNKNOWN:
        return None
    return RateLimits(*requests, *tokens)


def _tightest(headers: Mapping[str, str], kinds: tuple[_Names, ...], now: datetime) -> _Kind:
    """The kind with the least left."""
    best, least, reset = _UNKNOWN, 10**_LONGEST_COUNT, ""
    for names in kinds:
        if names.remaining not in headers:
            continue
        remaining = _count(headers[names.remaining])
        limit = _count(headers.get(names.limit, ""))
        if remaining is None or remaining >= least or (limit is not None and remaining > limit):
            continue
        best, least, reset = (limit, remaining, None), remaining, headers.get(names.reset, "")
    return best if best is _UNKNOWN else (*best[:2], _reset_s(reset, now))


def _count(text: str) -> int | None:
    text = text.strip()
    # Both: isdigit alone takes other alphabets' digits.
    return int(text) if text.isdigit() and text.isascii() and len(text) <= _LONGEST_COUNT else None


def _reset_s(text: str, now: datetime) -> float | None:
    """Seconds until a limit is free again: of a duration, a moment, or a number of seconds."""
    text = text.strip()
    if not text or len(text) > _LONGEST_RESET:
        return None
    if "T" in text:
        seconds = _until(text, now)
    elif (duration := _DURATION.fullmatch(text)) is not None:
        seconds = _sum_s(duration)
    elif (seconds := decimal(text)) is None:
        seconds = _until(text, now)
    elif seconds >= _EPOCH_S:
        seconds = (seconds / 1000.0 if seconds >= _EPOCH_MS else seconds) - now.timestamp()
    return None if seconds is None else min(max(seconds, 0.0), RETRY_AFTER_MAX_S)


def _sum_s(duration: re.Match[str]) -> float:
    days, hours, minutes, seconds, milliseconds = duration.groups("0")
    whole_s = 86400 * int(days) + 3600 * int(hours) + 60 * int(minutes)
    return whole_s + float(seconds) + float(milliseconds) / 1000.0


def _until(text: str, now: datetime) -> float | None:
    if not text.isascii():  # fromisoformat takes other alphabets' digits
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return (moment - now).total_seconds()
    except (ValueError, OverflowError):
        return None
