import dataclasses
import heapq

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.planning.estimate import Sample, estimate, estimate_tokens
from loopai_nb.planning.worst_case import MESSAGE_OVERHEAD_TOKENS, worst_case_pusd
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


def test_without_a_price_no_cost_is_told():
    """Unknown is not nothing."""
    e = _estimate(price=None)
    assert (e.cost_low_pusd, e.cost_high_pusd, e.worst_case_pusd) == (None, None, None)


def _drawn(m, *, seed=1, most=100):
    """Columns of ``Sample``: 1.3 tokens for each expected one, answers and latencies lognormal."""
    rng = np.random.default_rng(seed)
    expected = rng.integers(20, 400, m)
    out = np.minimum(most, 1 + rng.lognormal(3, 0.7, m).astype(int))
    charged = np.rint(expected * rng.uniform(1.2, 1.4, m)).astype(int)
    return [column.tolist() for column in (expected, charged, out, 200 + out * rng.uniform(9, 11, m))]


def _history(m, *, seed=1, most=100):
    return [Sample(*row) for row in zip(*_drawn(m, seed=seed, most=most), strict=True)]


def test_without_enough_history_it_is_told_by_length():
    """Four answers are no history; nor are answers of a server that does not count its tokens."""
    for history in ([], _history(4), [Sample(10, 0, 0, 0.0)] * 50):
        e = _estimate(history=history)
        assert dataclasses.replace(e, time_s=None) == _estimate()
        assert (e.basis, e.history_n, e.output_tokens, e.cost_pusd) == ("length", 0, None, None)
        assert e.time_low_s is None


def test_history_says_how_many_answers_it_is_told_from():
    """What a card shows: the basis, and the number of answers that count."""
    e = _estimate(history=[*_history(412), Sample(10, 0, 5, 100.0)])
    assert (e.basis, e.history_n) == ("history", 412)


def test_time_is_told_where_latency_is_known():
    """Equal latencies leave no doubt but the last round; nothing to send takes no time."""
    steady = [Sample(100, 130, 10, 1_000.0)] * 9
    e = _estimate(history=steady)
    assert e.time_low_s <= 3 <= e.time_high_s
    assert _estimate(history=steady, distinct=3).time_high_s == 0
    assert 1 <= _estimate(history=steady, concurrency=500).time_s < 2
    assert _estimate(history=[Sample(10, 0, 0, 1_000.0)] * 9).time_s is not None


def test_limits_a_minute_make_it_longer():
    """Neither requests nor tokens go faster than they may."""
    history = _history(50)
    assert _estimate(history=history, requests_per_min=1).time_low_s >= 4 * 60
    slow = _estimate(history=history, tokens_per_min=1_000)
    assert slow.time_s == pytest.approx((slow.input_tokens + slow.output_tokens) * 60 / 1_000, rel=0.01)


SAMPLES = st.builds(
    Sample,
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.floats(0, 10**7) | st.sampled_from([float("nan"), float("inf")]),
)


@given(
    st.lists(SAMPLES, max_size=12),
    st.integers(0, 10**6),
    st.integers(0, 10**8),
    st.integers(0, 10**12),
    st.integers(1, 500),
    st.sampled_from([PRICE, Price(1, 0, "set"), Price(0, 0, "local")]),
)
def test_low_expected_and_high_are_in_order(history, to_send, tokens, worst, concurrency, price):
    """Whatever was observed: low <= expected <= high, for cost no more than the worst case."""
    e = _estimate(
        distinct=to_send,
        cached=0,
        input_tokens=tokens,
        worst_case_pusd=worst,
        concurrency=concurrency,
        history=history,
        price=price,
    )
    assert 0 <= e.cost_low_pusd <= e.cost_high_pusd <= worst
    assert 0 <= e.output_tokens_low <= e.output_tokens_high <= to_send * 100
    assert all(type(end) is int for end in (e.cost_low_pusd, e.cost_high_pusd, e.input_tokens))
    if e.basis == "history":
        assert e.cost_low_pusd <= e.cost_pusd <= e.cost_high_pusd
        assert e.output_tokens_low <= e.output_tokens <= e.output_tokens_high
    if e.time_s is not None:
        assert 0 <= e.time_low_s <= e.time_s <= e.time_high_s


@pytest.mark.parametrize("n", [50, 5_000])
@pytest.mark.parametrize("m", [20, 100, 1_000])
def test_the_interval_holds_what_comes_as_often_as_it_says(m, n):
    """Of many plans with lognormal answers, 85 to 97% cost what the 90% interval says."""
    plans, held, in_time = 300, 0, 0
    for seed in range(plans):
        expected, charged, out, latency_ms = _drawn(n, seed=10_000 + seed, most=512)
        e = _estimate(
            distinct=n,
            cached=0,
            input_tokens=sum(expected),
            worst_case_pusd=10**15,
            parameters=Parameters(512),
            concurrency=8,
            history=_history(m, seed=seed, most=512),
        )
        cost = PRICE.cost_pusd(sum(charged), sum(out))
        held += e.cost_low_pusd <= cost <= e.cost_high_pusd
        in_time += e.time_low_s <= _makespan_s(latency_ms, 8) <= e.time_high_s
    assert 0.85 <= held / plans <= 0.97
    assert in_time / plans >= 0.85


def _makespan_s(latencies_ms, at_once):
    free = [0.0] * at_once
    for latency_ms in latencies_ms:
        heapq.heapreplace(free, free[0] + latency_ms)
    return max(free) / 1000
