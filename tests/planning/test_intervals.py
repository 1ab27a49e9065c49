import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.planning.intervals import predicted_sum

AMOUNTS = st.lists(st.floats(0, 1e9), min_size=2, max_size=30)


def test_equal_amounts_leave_no_doubt():
    """What never varied is told as one figure."""
    told = predicted_sum([7, 7, 7, 7, 7], 100)
    assert (told.low, told.expected, told.high) == (700, 700, 700)


def test_amounts_follow_their_sizes():
    """Twice the text, twice the tokens: the sum goes by the size that comes, not by the count."""
    told = predicted_sum([10, 20, 30, 40, 50], 2, sizes=[1, 2, 3, 4, 5], size=100)
    assert told.expected == pytest.approx(1_000)
    assert told.high == pytest.approx(1_000)


def test_more_history_is_a_narrower_interval():
    """The same spread seen ten times as often tells more."""
    few, many = predicted_sum([1, 2, 3, 4, 5], 100), predicted_sum([1, 2, 3, 4, 5] * 10, 100)
    assert many.high - many.low < few.high - few.low


def test_a_long_tail_raises_the_upper_end():
    """One answer of ten that is ten times as long pulls the interval up and not down."""
    told = predicted_sum([1] * 9 + [10], 100)
    assert told.high - told.expected > told.expected - told.low


def test_many_draws_of_a_well_known_mean_follow_the_normal_distribution():
    """With a thousand observed ones and fewer to come it is the textbook's 1.645 deviations."""
    told = predicted_sum([0, 2] * 500, 10)
    assert told.high - 10 == pytest.approx(1.645 * 10**0.5, rel=0.02)


@given(AMOUNTS, st.integers(1, 10**6))
def test_no_end_is_below_what_was_observed(amounts, n):
    """Low <= expected <= high, and the low end is at least as many of the least."""
    told = predicted_sum(amounts, n)
    assert told.low <= told.expected <= told.high
    assert told.low >= min(n * min(amounts), told.expected) * (1 - 1e-9)
