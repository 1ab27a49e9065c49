from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from loopai_nb.errors import InputError
from loopai_nb.session.moments import length_ms, since_ms

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOW_MS = round(NOW.timestamp() * 1000)


@pytest.mark.parametrize(
    ("given", "ago"),
    [
        ("24h", timedelta(hours=24)),
        ("90m", timedelta(minutes=90)),
        ("90 min", timedelta(minutes=90)),
        (" 7D ", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
        ("1.5h", timedelta(minutes=90)),
        (timedelta(days=3), timedelta(days=3)),
        (datetime(2026, 11, 20, 12, tzinfo=UTC), timedelta(days=1)),
        ("2026-11-20T12:00:00+00:00", timedelta(days=1)),
    ],
)
def test_people_say_how_long_ago_or_from_when(given, ago):
    """A length of time goes back from now; a moment with its zone is that moment."""
    assert since_ms(given, NOW_MS) == NOW_MS - round(ago / timedelta(milliseconds=1))


def test_a_time_without_a_zone_is_this_machine_s():
    """A day begins at its midnight, and a moment is as the clock on the wall had it."""
    midnight = datetime(2026, 11, 20).astimezone()
    assert since_ms(date(2026, 11, 20), NOW_MS) == since_ms("2026-11-20", NOW_MS)
    assert since_ms("2026-11-20", NOW_MS) == round(midnight.timestamp() * 1000)
    assert since_ms("2026-11-20 03:00", NOW_MS) - since_ms("2026-11-20", NOW_MS) == 3 * 3_600_000


@pytest.mark.parametrize(
    "given", ["yesterday", "", "h", "-3h", "24", "٢٤h", "nan", "9999999h", None, "2027-01-01", timedelta(-1)]
)
def test_what_is_no_time_is_refused(given):
    """The message says what can be written, and nothing is guessed."""
    with pytest.raises(InputError, match=r"is no time|is still to come"):
        since_ms(given, NOW_MS)


def test_what_is_too_far_away_is_cut_or_refused():
    """Before 1970 means all; a year that no clock has is an error of ours and no traceback."""
    assert since_ms("999999d", NOW_MS) == 0
    with pytest.raises(InputError):
        since_ms("9999-12-31 23:59", NOW_MS)


def test_a_length_is_told_from_a_moment():
    """What is no length has None."""
    assert length_ms("24h") == 86_400_000
    assert length_ms("2026-11-20") is None
