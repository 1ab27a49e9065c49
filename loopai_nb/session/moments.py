"""From when on something is looked at, as people say it: 24h, 7d, a day, a moment."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from loopai_nb.errors import InputError

__all__ = ["Since", "length_ms", "since_ms"]

Since = str | datetime | date | timedelta
"""``"24h"``, ``"2026-11-01"``, ``"2026-11-01 14:00"``, a datetime, a date, or how long ago."""

_LENGTH = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?(min|m|h|d|w)")
_UNIT_MS = {"m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000}


def length_ms(text: str) -> int | None:
    """``30m``, ``24h``, ``7d`` or ``2w`` in milliseconds; None where it says no length of time."""
    found = _LENGTH.fullmatch(text.strip().lower())
    return None if found is None else round(float(found[1]) * _UNIT_MS[found[2]])


def since_ms(given: Since, now_ms: int) -> int:
    """From when on, epoch milliseconds (UTC).

    Args:
        given: A time without a zone is one of this machine's.
        now_ms: Epoch milliseconds.

    Raises:
        InputError: It says no time, or one to come.
    """
    if isinstance(given, timedelta):
        found = now_ms - round(given / timedelta(milliseconds=1))
    elif isinstance(given, str) and (length := length_ms(given)) is not None:
        found = now_ms - length
    else:
        found = _epoch_ms(_moment(given))
    if found > now_ms:
        raise InputError(f"{given!s:.60} is still to come.", _HINT)
    return max(0, found)


_HINT = "Say how long ago (30m, 24h, 7d), or from when (2026-11-01, or 2026-11-01 14:00)."


def _moment(given: Since) -> datetime:
    if isinstance(given, datetime):
        return given
    if isinstance(given, date):
        return datetime.combine(given, time())
    try:
        return datetime.fromisoformat(str(given).strip())
    except ValueError:
        raise InputError(f"{given!s:.60} is no time.", _HINT) from None


def _epoch_ms(moment: datetime) -> int:
    try:
        return round(moment.timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        raise InputError(f"{moment!s:.60} is too far away.", _HINT) from None
