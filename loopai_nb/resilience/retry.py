"""When to try again: full jitter, and what a server's Retry-After is worth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["RETRY_AFTER_MAX_S", "RetryPolicy", "decimal", "retry_after_s"]

RETRY_AFTER_MAX_S = 300.0
"""A server that asks for longer is asked again after this; a day's wait in a cell helps nobody."""

_DIGITS = frozenset("0123456789.")
_LONGEST_NUMBER = 20


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often, and how long between.

    The wait before try *n* is uniform between 0 and ``min(max_delay_s, base_delay_s * 2 ** (n - 1))``: "full
    jitter" of https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/. A Retry-After of the
    server is a floor under it, never a ceiling.

    Attributes:
        max_attempts: Sends of one request at most, the first included; at least 1.
        base_delay_s: Seconds; upper bound of the first wait.
        max_delay_s: Seconds; upper bound of every wait that the server did not ask for.
    """

    max_attempts: int = 5
    base_delay_s: float = 1.0
    max_delay_s: float = 30.0

    def delay_s(self, attempt: int, asked_s: float | None, random: Callable[[], float]) -> float:
        """Seconds to wait after a failed attempt.

        Args:
            attempt: Number of the attempt that failed, from 1.
            asked_s: The server's Retry-After, as ``retry_after_s`` returns it.
            random: Uniform in [0, 1).
        """
        ceiling_s = min(self.max_delay_s, self.base_delay_s * 2.0 ** min(attempt - 1, 32))
        jitter_s = random() * ceiling_s
        if asked_s is None:
            return jitter_s
        # Everybody was told the same moment: spread the arrivals after it.
        return asked_s + min(jitter_s, 0.1 * asked_s + 0.1)


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that a server asks to wait, or None where it does not say so understandably.

    Reads ``retry-after-ms`` (OpenAI), then ``retry-after`` as decimal seconds or as an HTTP date (RFC 9110,
    section 10.2.3). Only ASCII decimal digits count: ``float()`` would also take ``nan``, ``inf`` and other
    alphabets' digits.

    Args:
        headers: With lower-case names.
        now: Current time, with a time zone.

    Returns:
        Between 0 and ``RETRY_AFTER_MAX_S``.
    """
    milliseconds = decimal(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return min(milliseconds / 1000.0, RETRY_AFTER_MAX_S)
    text = headers.get("retry-after", "").strip()
    seconds = decimal(text)
    if seconds is None:
        seconds = _seconds_until(text, now)
    return None if seconds is None else min(max(seconds, 0.0), RETRY_AFTER_MAX_S)


def decimal(text: str) -> float | None:
    """A header's plain decimal number, or None where it is none: only ASCII digits, at most 20 characters."""
    text = text.strip()
    if (
        not text
        or len(text) > _LONGEST_NUMBER
        or not _DIGITS.issuperset(text)
        or text.count(".") > 1
        or text == "."
    ):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _seconds_until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
