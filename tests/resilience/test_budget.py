import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.resilience.budget import BudgetConfig, RetryBudget


def test_ten_answers_pay_for_one_retry():
    """A tenth of the answers, beside the floor."""
    budget = RetryBudget()
    for _ in range(100):
        budget.earn()

    assert budget.left(0.0) == pytest.approx(20.0)


def test_an_empty_budget_trickles():
    """Without any answer a retry may go after ten seconds, so that work never stops for ever."""
    budget = RetryBudget()
    for _ in range(10):
        assert budget.wait_s(0.0) == 0
        budget.spend(0.0)

    assert budget.wait_s(0.0) == pytest.approx(10.0)
    assert budget.wait_s(10.0) == 0


def test_the_trickle_ends_at_the_floor():
    """An hour without work saves up no more than a new budget has."""
    budget = RetryBudget()
    budget.spend(0.0)

    assert budget.left(3600.0) == 10.0


def test_no_health_buys_a_storm():
    """What is saved up has a bound."""
    budget = RetryBudget(BudgetConfig(most=50.0))
    for _ in range(10_000):
        budget.earn()

    assert budget.left(0.0) == 50.0


@given(st.lists(st.sampled_from(["earn", "spend", "second"]), max_size=500))
def test_retries_are_bounded_by_answers_floor_and_trickle(acts):
    """Spending only what is there never passes a tenth of the answers, the floor and the trickle."""
    budget, answers, spent, now_s = RetryBudget(), 0, 0, 0.0
    for act in acts:
        if act == "earn":
            budget.earn()
            answers += 1
        elif act == "second":
            now_s += 1.0
        elif budget.wait_s(now_s) == 0:
            budget.spend(now_s)
            spent += 1
        assert budget.left(now_s) >= 0

    assert spent <= 0.1 * answers + 10 + 0.1 * now_s + 1e-6
