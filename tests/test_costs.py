import logging
import threading
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb import BudgetExceeded, CostTracker, InputError

TOKENS = st.integers(min_value=0, max_value=10**9)


def test_what_calls_cost_is_added_up():
    """Totals, calls and mean are those of the calls that were added."""
    tracker = CostTracker(input_usd_per_1k="0.15", output_usd_per_1k=0.6)

    assert tracker.add(1_000, 500) == Decimal("0.45")
    assert tracker.add(input_tokens=200, output_tokens=0) == Decimal("0.03")

    assert (tracker.calls, tracker.input_tokens, tracker.output_tokens) == (2, 1_200, 500)
    assert tracker.total_usd == Decimal("0.48")
    assert tracker.mean_usd == Decimal("0.24")
    assert tracker.remaining_usd is None
    assert repr(tracker) == "<CostTracker 0.48 USD in 2 calls>"


def test_nothing_was_spent_before_the_first_call():
    """A new tracker counts 0 of everything, and its mean is 0."""
    tracker = CostTracker(1, 2, budget_usd="0.5")

    assert (tracker.calls, tracker.total_usd, tracker.mean_usd) == (0, 0, 0)
    assert tracker.remaining_usd == tracker.budget_usd == Decimal("0.5")


@given(
    calls=st.lists(st.tuples(TOKENS, TOKENS), max_size=20),
    prices=st.tuples(*[st.decimals(0, 1000, places=12)] * 2),
)
def test_money_is_exact(calls, prices):
    """However many calls and digits: the total is the sum without any rounding."""
    tracker = CostTracker(*prices)

    for call in calls:
        tracker.add(*call)

    exact = sum(
        (Fraction(n) * Fraction(p) / 1000 for call in calls for n, p in zip(call, prices, strict=True))
    )
    assert Fraction(tracker.total_usd) == exact


def test_a_price_is_taken_as_it_is_written():
    """A tenth written as a float is a tenth, not its nearest binary fraction."""
    tracker = CostTracker(0.1, 0.1)

    for _ in range(10):
        tracker.add(100, 0)

    assert str(tracker.total_usd) == "0.1"


@pytest.mark.parametrize("amount", ["nan", float("nan"), float("inf"), "-inf", -0.01, "x", None, True])
@pytest.mark.parametrize("name", ["input_usd_per_1k", "output_usd_per_1k", "budget_usd"])
def test_what_is_no_amount_is_refused(name, amount):
    """NaN, infinity and negatives are neither a price nor a budget."""
    amounts = {"input_usd_per_1k": 1, "output_usd_per_1k": 1, "budget_usd": 1, name: amount}
    if name == "budget_usd" and amount is None:
        assert CostTracker(**amounts).budget_usd is None
        return

    with pytest.raises(InputError, match="no amount of USD"):
        CostTracker(**amounts)


@pytest.mark.parametrize("tokens", [-1, 1.0, float("nan"), "1", None, True, 10**13])
def test_what_is_no_count_of_tokens_is_refused_and_not_counted(tokens):
    """Tokens are whole numbers from 0."""
    tracker = CostTracker(1, 1)

    for call in ((tokens, 0), (0, tokens)):
        with pytest.raises(InputError, match="whole number of tokens"):
            tracker.add(*call)
        with pytest.raises(InputError, match="whole number of tokens"):
            tracker.check(*call)

    assert tracker.calls == 0


def test_the_call_that_passes_the_budget_is_counted_and_raises():
    """What was paid is never left out, and the budget stops at 100%, not before."""
    tracker = CostTracker(1, 1, budget_usd=2, on_warning=lambda _: None)
    tracker.add(1_000, 1_000)
    assert tracker.remaining_usd == 0

    with pytest.raises(BudgetExceeded, match=r"3\.50 of 2\.00 USD"):
        tracker.add(1_500, 0)

    assert tracker.total_usd == Decimal("3.5")
    assert tracker.calls == 2
    assert tracker.remaining_usd == 0


def test_a_check_raises_where_the_next_call_would_pass_the_budget():
    """Before a call, its worst case is held against what is left; one that fits exactly may be made."""
    tracker = CostTracker(1, 1, budget_usd=2, on_warning=lambda _: None)
    tracker.add(1_000, 0)

    tracker.check(500, 500)
    with pytest.raises(
        BudgetExceeded, match=r"1\.00 of 2\.00 USD are spent, and the next call may cost 1\.50"
    ):
        tracker.check(1_000, 500)
    tracker.check()
    tracker.add(1_000, 0)
    with pytest.raises(BudgetExceeded):
        tracker.check()

    assert tracker.calls == 2


def test_without_a_budget_or_a_price_nothing_is_exceeded():
    """A free model fits into a budget of 0."""
    CostTracker(5, 5).check(10**9, 10**9)
    free = CostTracker(0, 0, budget_usd=0)

    free.add(10**6, 10**6)
    free.check()

    assert free.remaining_usd == 0


def test_the_warning_comes_once_at_80_percent():
    """The callback gets the tracker when 80% are spent, and not again."""
    seen = []
    tracker = CostTracker(1, 1, budget_usd=1, on_warning=lambda it: seen.append(it.total_usd))

    tracker.add(799, 0)
    assert seen == []
    tracker.add(1, 0)
    tracker.add(100, 0)

    assert seen == [Decimal("0.8")]


def test_without_a_callback_the_warning_is_logged(caplog):
    """A person who set a budget is told, also without having asked."""
    with caplog.at_level(logging.WARNING, "loopai_nb"):
        CostTracker(1, 1, budget_usd=1).add(900, 0)

    assert [record.getMessage() for record in caplog.records] == ["0.90 of 1.00 USD are spent"]


def test_the_call_that_passes_everything_warns_before_it_raises():
    """One dear call may be the first of both."""
    seen = []
    tracker = CostTracker(1, 1, budget_usd=1, on_warning=seen.append)

    with pytest.raises(BudgetExceeded):
        tracker.add(5_000, 0)

    assert seen == [tracker]


def test_threads_lose_no_call():
    """Calls added at the same moment are all counted, and one of them warns."""
    seen = []
    tracker = CostTracker(1, 1, budget_usd="4", on_warning=seen.append)
    start = threading.Barrier(8)

    def work():
        start.wait()
        for _ in range(500):
            tracker.add(1, 0)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (tracker.calls, tracker.total_usd) == (4_000, 4)
    assert len(seen) == 1


def test_a_model_has_the_price_of_the_price_list():
    """A thousand tokens cost a thousandth of the listed price for a million."""
    at = datetime(2025, 6, 1, tzinfo=UTC)

    tracker = CostTracker.for_model("gpt-4o-mini", "https://api.openai.com/v1", budget_usd=1, at=at)

    assert tracker.add(1_000_000, 1_000_000) == Decimal("0.75")
    assert CostTracker.for_model("any", "http://gpu-box:8000/v1", at=at).add(10**6, 10**6) == 0


def test_a_model_without_a_known_price_is_refused():
    """Nothing is counted as free for not being known."""
    with pytest.raises(InputError, match="No price is known for nonesuch"):
        CostTracker.for_model("nonesuch")
