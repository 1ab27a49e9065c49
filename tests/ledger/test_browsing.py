"""Looking at a plan's rows, in a file and in Postgres."""

import pytest

from loopai_nb.ledger.browsing import PlanRows

PROMPTS = ["say late", None, "say [email] LATE", "say 100%", "say late", "say a\u202eb, which is longer"]


@pytest.fixture
def plan_rows(shelf):
    """Six rows, of which one can't be asked and two are alike."""
    plan_id, _ = shelf.plan(PROMPTS)
    return PlanRows(shelf.ledger, plan_id)


def test_a_window_shows_rows_in_order(plan_rows):
    """From a position on, at most so many, with what is left out and why."""
    assert [(row.position, row.prompt) for row in plan_rows.window(3, 2)] == [
        (3, "say 100%"),
        (4, "say late"),
    ]
    (left_out,) = plan_rows.window(1, 1)
    assert (left_out.prompt, left_out.error, left_out.cached) == ("", "no prompt", False)
    assert plan_rows.window(6, 10) == []


def test_a_search_goes_round(plan_rows):
    """Forward and back, in upper and lower case, and ``%`` is a character like others."""
    assert plan_rows.find("late", 1, 1) == 2
    assert plan_rows.find("late", 5, 1) == 0
    assert plan_rows.find("Late", 1, -1) == 0
    assert plan_rows.find("say", 0, -1) == 0
    assert plan_rows.find("late", -1, -1) == 4
    assert plan_rows.find("0%", 0, 1) == 3
    assert plan_rows.find("%a", 0, 1) is None
    assert plan_rows.count("late") == 3


def test_one_of_several_texts_is_found(plan_rows):
    """As redaction writes what it masked; no text finds nothing."""
    assert plan_rows.holding(["[email]", "[phone]"], 0, 1) == 2
    assert plan_rows.holding([], 0, 1) is None


def test_what_only_python_can_tell_is_found_too(plan_rows):
    """It goes round and looks at every row once."""
    assert plan_rows.next_where(lambda prompt: "\u202e" in prompt, 0) == 5
    assert plan_rows.next_where(lambda prompt: prompt.endswith("%"), 4) == 3
    assert plan_rows.next_where(lambda _: False, 2) is None


def test_rows_are_found_by_their_length(plan_rows):
    """Each distinct request once, by its first row."""
    assert [plan_rows.by_length(rank, longest=True) for rank in range(5)] == [5, 2, 0, 3, None]
    assert [plan_rows.by_length(rank, longest=False) for rank in range(2)] == [0, 3]
