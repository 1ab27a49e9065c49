import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.records import RateLimits
from loopai_nb.resilience.rate import RateLimiter, rate_limits
from loopai_nb.resilience.retry import RETRY_AFTER_MAX_S

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def _requests(limit="10", remaining="3", reset="1s"):
    return {
        "x-ratelimit-limit-requests": limit,
        "x-ratelimit-remaining-requests": remaining,
        "x-ratelimit-reset-requests": reset,
    }


def test_openai_headers_are_read():
    """Requests and tokens, with a reset as a duration."""
    headers = {
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-limit-tokens": "150000",
        "x-ratelimit-remaining-requests": "59",
        "x-ratelimit-remaining-tokens": "149984",
        "x-ratelimit-reset-requests": "1s",
        "x-ratelimit-reset-tokens": "1m2.5s",
    }

    assert rate_limits(headers, NOW) == RateLimits(60, 59, 1.0, 150000, 149984, 62.5)


def test_the_tightest_kind_of_anthropics_tokens_counts():
    """Of tokens, input and output tokens, the one with the least left is believed."""
    headers = {
        "anthropic-ratelimit-requests-limit": "50",
        "anthropic-ratelimit-requests-remaining": "49",
        "anthropic-ratelimit-requests-reset": "2026-11-21T12:00:02Z",
        "anthropic-ratelimit-input-tokens-limit": "40000",
        "anthropic-ratelimit-input-tokens-remaining": "39000",
        "anthropic-ratelimit-input-tokens-reset": "2026-11-21T12:00:01Z",
        "anthropic-ratelimit-output-tokens-limit": "8000",
        "anthropic-ratelimit-output-tokens-remaining": "10",
        "anthropic-ratelimit-output-tokens-reset": "2026-11-21T12:00:30+00:00",
    }

    assert rate_limits(headers, NOW) == RateLimits(50, 49, 2.0, 8000, 10, 30.0)


@pytest.mark.parametrize("prefix", ["x-ratelimit", "ratelimit"])
def test_the_plain_headers_are_about_requests(prefix):
    """Limit, remaining and reset without a kind, as in the IETF draft."""
    headers = {f"{prefix}-limit": "100", f"{prefix}-remaining": "0", f"{prefix}-reset": "7"}

    assert rate_limits(headers, NOW) == RateLimits(100, 0, 7.0)


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [
        ("120ms", 0.12),
        ("1s", 1.0),
        ("4m0s", 240.0),
        ("1h2m3.5s", RETRY_AFTER_MAX_S),
        ("1d", RETRY_AFTER_MAX_S),
        ("59.5", 59.5),
        ("0", 0.0),
        ("86400", RETRY_AFTER_MAX_S),
        (str(int(NOW.timestamp()) + 20), 20.0),
        (str(int(NOW.timestamp()) * 1000 + 20_500), 20.5),
        (str(int(NOW.timestamp()) - 20), 0.0),
        ("2026-11-21T12:00:20Z", 20.0),
        ("2026-11-21T12:00:20", 20.0),
        ("2026-11-20T12:00:00Z", 0.0),
        ("2026-11-22T12:00:00Z", RETRY_AFTER_MAX_S),
        ("nan", None),
        ("inf", None),
        ("-1", None),
        ("-1s", None),
        ("٣s", None),
        ("٣", None),
        ("٢٠٢٦-11-21T12:00:20Z", None),
        ("1" + "0" * 30, None),
        ("9" * 30 + "s", None),
        ("soon", None),
        ("9999-12-31T23:59:59-23:59", RETRY_AFTER_MAX_S),
        ("0001-01-01T00:00:00+23:59", 0.0),
        ("s", None),
        ("", None),
        ("1s" * 100, None),
    ],
)
def test_a_reset_is_clamped_seconds_or_nothing(reset, seconds):
    """ATTACKS 38: durations, seconds, moments in every form are clamped, and all else is ignored."""
    limits = rate_limits(_requests(reset=reset), NOW)

    assert limits is not None
    assert limits.requests_reset_s == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    "count", ["nan", "inf", "-1", "٣", "²", "1" + "0" * 30, "1e3", "1.5", "", "0x1", "1_0"]
)
def test_a_count_that_is_no_plain_number_is_ignored(count):
    """ATTACKS 38: what ``int()`` or ``float()`` would take is not a count for that."""
    assert rate_limits(_requests(limit=count, remaining=count), NOW) is None


def test_more_left_than_the_limit_is_not_believed():
    """A remaining above its limit says nothing."""
    assert rate_limits(_requests(limit="10", remaining="11"), NOW) is None


def test_other_headers_say_nothing():
    """Without any of the names there are no limits."""
    assert rate_limits({"content-type": "application/json", "x-request-id": "7"}, NOW) is None


@given(
    st.dictionaries(
        st.sampled_from([*_requests(), "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"]),
        st.text(max_size=40) | st.from_regex(r"[0-9.hmsTZ:+-]{1,40}", fullmatch=True),
    ),
    st.integers(-86_400, 86_400),
)
def test_no_header_breaks_the_reading(headers, shift_s):
    """Any text gives valid limits or none."""
    limits = rate_limits(headers, NOW + timedelta(seconds=shift_s))

    if limits is not None:
        assert limits.requests_remaining is not None
        assert limits.requests_remaining <= (limits.requests_limit or math.inf)
        assert limits.requests_reset_s is None or 0 <= limits.requests_reset_s <= RETRY_AFTER_MAX_S


@pytest.mark.parametrize("per_min", [0, -1, math.nan, math.inf])
def test_a_limit_has_to_be_a_positive_number(per_min):
    """NaN, infinity, nothing and less are refused."""
    with pytest.raises(ValueError, match="positive"):
        RateLimiter(per_min)
    with pytest.raises(ValueError, match="positive"):
        RateLimiter(None, per_min)


@given(
    st.floats(1, 10_000),
    st.lists(st.floats(0, 5) | st.just(0.0), min_size=1, max_size=300),
)
def test_no_minute_sees_more_requests_than_its_limit_and_a_burst(per_min, pauses_s):
    """However it is asked, at most 1.1 times the limit (and one) go in any minute."""
    limiter = RateLimiter(per_min)
    now_s, taken_s = 1000.0, []
    for pause_s in pauses_s:
        now_s += pause_s
        now_s += limiter.wait_s(now_s, 1)
        limiter.take(now_s, 1)
        taken_s.append(now_s)

    for at_s in taken_s:
        in_minute = sum(at_s <= other_s < at_s + 60 for other_s in taken_s)
        assert in_minute <= per_min + max(1, per_min * 0.1) + 1e-3


@given(st.integers(1, 10_000_000), st.floats(1, 1_000_000), st.floats(0, 1e7))
def test_after_its_wait_a_request_may_go(tokens, per_min, now_s):
    """The wait is enough, also for a request larger than a whole minute's tokens."""
    limiter = RateLimiter(None, per_min)
    limiter.take(now_s, tokens)

    wait_s = limiter.wait_s(now_s, tokens)

    assert math.isfinite(wait_s)
    assert limiter.wait_s(now_s + wait_s + 0.001, tokens) == 0


def test_a_request_larger_than_a_minute_goes_when_the_bucket_is_full():
    """It does not wait for ever; those after it wait for what it took."""
    limiter = RateLimiter(None, 600)

    assert limiter.wait_s(0.0, 6000) == 0
    limiter.take(0.0, 6000)

    assert limiter.wait_s(0.0, 10) == pytest.approx(595.0)


def test_what_was_reserved_too_much_is_given_back():
    """After settling, the next request may go as if the estimate had been right."""
    limiter = RateLimiter(None, 600)
    limiter.take(0.0, 60)
    assert limiter.wait_s(0.0, 60) > 0

    limiter.settle(60, 0)

    assert limiter.wait_s(0.0, 60) == 0


def test_nothing_is_sent_until_the_server_has_something_left():
    """Nothing remaining and a reset in 2 s: nothing for 2 s, then freely."""
    limiter = RateLimiter()

    limiter.learn(10.0, RateLimits(requests_limit=500, requests_remaining=0, requests_reset_s=2.0))

    assert limiter.wait_s(10.0, 1) == 2.0
    assert limiter.wait_s(11.5, 1) == 0.5
    assert limiter.wait_s(12.0, 1) == 0
    assert limiter.words(10.0, 1) == "rate limit of 500 requests"


def test_what_was_sent_since_is_taken_off_what_is_left():
    """A server that had 5 left when it took in a request has 1 left after 4 more."""
    limiter = RateLimiter()
    limiter.learn(0.0, RateLimits(requests_remaining=5, requests_reset_s=9.0), requests_since=4)

    assert limiter.wait_s(0.0, 1) == 0
    limiter.take(0.0, 1)

    assert limiter.wait_s(0.0, 1) == 9.0


def test_a_server_does_not_loosen_what_a_user_set():
    """Plenty left at the server changes nothing of a limit of 60 a minute."""
    limiter = RateLimiter(60)
    for _ in range(6):
        limiter.take(0.0, 1)

    limiter.learn(0.0, RateLimits(requests_limit=10_000, requests_remaining=9_999, requests_reset_s=1.0))

    assert limiter.wait_s(0.0, 1) == pytest.approx(1.0)
    assert limiter.words(0.0, 1) == "rate limit of 60 requests a minute"


@pytest.mark.parametrize("reset_s", [math.nan, -1.0, None])
def test_a_reset_that_is_no_time_holds_nothing(reset_s):
    """Without a time there is nothing to wait for."""
    limiter = RateLimiter()

    limiter.learn(0.0, RateLimits(tokens_remaining=0, tokens_reset_s=reset_s))

    assert limiter.wait_s(0.0, 1) == 0


def test_a_reset_in_a_day_is_asked_again_after_minutes():
    """No server holds a run for longer than five minutes at a time."""
    limiter = RateLimiter()

    limiter.learn(0.0, RateLimits(tokens_remaining=0, tokens_reset_s=math.inf))

    assert limiter.wait_s(0.0, 1) == RETRY_AFTER_MAX_S
