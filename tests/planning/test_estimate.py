from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.planning.estimate import (
    MESSAGE_OVERHEAD_TOKENS,
    estimate,
    estimate_tokens,
    typical_latency_ms,
    worst_case_pusd,
)
from loopai_nb.pricing import Price
from loopai_nb.records import Parameters

PRICE = Price(100, 200, "set")


def _estimate(**changes):
    known = {
        "rows": 10,
        "distinct": 8,
        "cached": 3,
        "input_tokens": 1_000,
        "worst_case_pusd": 9_999_999,
        "parameters": Parameters(100),
        "price": PRICE,
        "concurrency": 2,
    }
    return estimate(**{**known, **changes})


def test_the_interval_has_all_answers_that_are_possible():
    """From one token an answer to max_tokens, of what would be sent only; the text's tokens vary too."""
    e = _estimate()
    assert (e.to_send, e.output_tokens_low, e.output_tokens_high) == (5, 5, 500)
    assert e.cost_low_pusd == PRICE.cost_pusd(750, 5)
    assert e.cost_high_pusd == PRICE.cost_pusd(2_000 + 5 * MESSAGE_OVERHEAD_TOKENS, 500)
    assert e.worst_case_pusd == 9_999_999


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5), st.integers(1, 10**4))
def test_the_interval_is_within_what_is_reserved(texts, max_tokens):
    """Neither end is above the worst case, and the lower is never above the upper."""
    parameters = Parameters(max_tokens)
    e = _estimate(
        distinct=len(texts),
        cached=0,
        input_tokens=sum(map(estimate_tokens, texts)),
        worst_case_pusd=sum(worst_case_pusd(len(t.encode()), 0, parameters, PRICE) for t in texts),
        parameters=parameters,
    )
    assert e.cost_low_pusd <= e.cost_high_pusd <= e.worst_case_pusd
    assert e.output_tokens_low <= e.output_tokens_high


def test_a_latency_is_told_from_enough_answers():
    """The mean of three or more; what was not measured counts for nothing."""
    assert typical_latency_ms([100, 200, 600]) == 300
    assert typical_latency_ms([None, 0.0, float("nan"), float("inf"), -1, 100, 200, 600]) == 300
    assert typical_latency_ms([100, 200]) is None
    assert typical_latency_ms([]) is None


def test_without_a_price_no_cost_is_told():
    """Unknown is not nothing."""
    e = _estimate(price=None)
    assert (e.cost_low_pusd, e.cost_high_pusd, e.worst_case_pusd) == (None, None, None)


def test_time_is_told_where_latency_is_known():
    """Five requests, two at a time, are three rounds; without a latency nothing is said."""
    e = _estimate(latency_ms=1_000)
    assert e.time_low_s < 3 < e.time_high_s
    assert _estimate().time_low_s is None
    assert _estimate(distinct=3, latency_ms=1_000).time_high_s == 0
