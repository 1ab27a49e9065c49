import asyncio
import threading

import pytest

from loopai_nb.errors import InputError
from loopai_nb.ledger.integrity import check
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.reviews import AssignmentRow, Judgement
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import Outcome, RequestState, ReviewState


@pytest.fixture
def reviewed(shelf):
    """A run of three answered rows, two of them alike; its plan and its own id."""
    plan_id, run_id = shelf.run(["robin", "wren", "robin"])
    leases = asyncio.run(shelf.ledger.aclaim(run_id, 3)).leases
    answered = [
        Settlement(lease, Outcome.ANSWERED, RequestState.ANSWERED, cost_pusd=1, text="yes")
        for lease in leases
    ]
    asyncio.run(shelf.ledger.arecord(run_id, answered))
    return plan_id, run_id


def _news(ledger, reviewed, after, undone_before):
    plan_id, run_id = reviewed
    news, _, _ = ledger.review_news(run_id, plan_id, after, undone_before)
    return news


def _said(shelf, run_id):
    return [
        (row.request_no, row.position, row.state, row.reviewer) for row in shelf.ledger.reviews_of(run_id)
    ]


def test_a_review_is_durable_when_the_call_returns(shelf, reviewed):
    """Another connection, as of a process that is started then, reads every word of it."""
    _, run_id = reviewed
    shelf.ledger.add_reviews(
        run_id, [Judgement(1, 0, ReviewState.EDITED, "no\0 \x1a", "it says so")], reviewer="ada"
    )

    other = Ledger(shelf.where)
    (row,) = other.reviews_of(run_id)
    other.close()

    assert (row.request_no, row.position, row.state) == (1, 0, ReviewState.EDITED)
    assert (row.text, row.note, row.reviewer) == ("no\0 \x1a", "it says so", "ada")


def test_undo_takes_back_what_one_command_decided(shelf, reviewed):
    """All of it, of that person alone; the one before counts again; with nothing left it is nothing."""
    _, run_id = reviewed
    shelf.ledger.add_reviews(run_id, [Judgement(1, None, ReviewState.ACCEPTED)], reviewer="ada")
    both = [Judgement(n, None, ReviewState.REJECTED, note="no") for n in (1, 2)]
    shelf.ledger.add_reviews(run_id, both, reviewer="ada")
    shelf.ledger.add_reviews(run_id, [Judgement(2, None, ReviewState.SKIPPED)], reviewer="bob")

    undone = shelf.ledger.undo_review(run_id, reviewer="ada")

    assert [row.request_no for row in undone] == [1, 2]
    assert _said(shelf, run_id) == [
        (1, None, ReviewState.ACCEPTED, "ada"),
        (2, None, ReviewState.SKIPPED, "bob"),
    ]
    assert len(shelf.ledger.undo_review(run_id, reviewer="ada")) == 1
    assert shelf.ledger.undo_review(run_id, reviewer="ada") == []
    assert len(shelf.sql("SELECT 1 FROM reviews")) == 4
    assert check(shelf.ledger) == []


def test_decisions_of_one_millisecond_are_undone_one_by_one(shelf):
    """The time tells decisions apart, so that no two of a person have the same, whatever the clock says."""
    shelf.ledger._clock = lambda: 1_700_000_000.0
    _, run_id = shelf.run(["robin"])
    for state in (ReviewState.ACCEPTED, ReviewState.SKIPPED):
        shelf.ledger.add_reviews(run_id, [Judgement(1, None, state)], reviewer="ada")
    assert len(shelf.ledger.undo_review(run_id, reviewer="ada")) == 1
    shelf.ledger.add_reviews(run_id, [Judgement(1, None, ReviewState.SKIPPED)], reviewer="ada")

    times = shelf.sql("SELECT at_ms FROM reviews ORDER BY review_no")

    assert len({*times}) == 3


def test_news_are_what_came_since_and_what_was_undone(shelf, reviewed):
    """Whoever asked before hears only of what is new."""
    _, run_id = reviewed
    shelf.ledger.add_reviews(run_id, [Judgement(1, None, ReviewState.ACCEPTED)], reviewer="ada")
    first = _news(shelf.ledger, reviewed, 0, 0)
    number = first.added[-1].review_no
    shelf.ledger.undo_review(run_id, reviewer="ada")
    shelf.ledger.add_reviews(run_id, [Judgement(2, None, ReviewState.ACCEPTED)], reviewer="bob")

    later = _news(shelf.ledger, reviewed, number, first.undone)
    again = _news(shelf.ledger, reviewed, later.added[-1].review_no, later.undone)

    assert (first.undone, first.undone_numbers) == (0, None)
    assert [row.request_no for row in later.added] == [2]
    assert (later.undone, later.undone_numbers) == (1, frozenset({number}))
    assert (again.added, again.undone_numbers) == ([], None)


def test_two_who_review_at_once_lose_nothing(shelf, reviewed):
    """From two ledgers on one database: every decision is there once, and who watches hears of each once."""
    _, run_id = reviewed
    other = Ledger(shelf.where)
    seen, at, done = [], 0, threading.Event()

    def decide(ledger, reviewer):
        for _ in range(40):
            ledger.add_reviews(run_id, [Judgement(1, None, ReviewState.ACCEPTED)], reviewer=reviewer)

    threads = [threading.Thread(target=decide, args=pair) for pair in ((shelf.ledger, "ada"), (other, "bob"))]
    watcher = threading.Thread(target=lambda: [thread.join() for thread in threads] and done.set())
    for thread in (*threads, watcher):
        thread.start()
    while True:
        over = done.is_set()
        news = _news(other, reviewed, at, 0)
        seen += [row.review_no for row in news.added]
        at = max([at, *seen])
        if over:
            break
    watcher.join()
    other.close()

    assert len(seen) == len({*seen}) == 80
    assert len(_said(shelf, run_id)) == 80
    assert check(shelf.ledger) == []


def test_what_is_reviewed_is_every_row_with_its_answer(shelf, reviewed):
    """Two rows of one request have one answer."""
    plan_id, _ = reviewed
    ended, found = shelf.ledger.reviewable(plan_id)

    assert ended == (2, 0)
    assert [(row.position, row.label, row.text) for row in found] == [(n, str(n), "yes") for n in range(3)]
    assert found[0].request_no == found[2].request_no != found[1].request_no
    assert shelf.ledger.prompt_of(plan_id, found[1].key) == ("wren", None)


def test_assignments_are_kept_until_they_are_taken_away(shelf, reviewed):
    """By person; what they said stays."""
    _, run_id = reviewed
    row = AssignmentRow(0, "ada", 0, 1, None, "bob", 5)
    number = shelf.ledger.assign_reviewer(run_id, row)
    shelf.ledger.assign_reviewer(run_id, AssignmentRow(0, "bob", None, None, "{}", "bob", 6))

    first = shelf.ledger.review_assignments(run_id)[0]
    assert (first.assignment_no, first.reviewer) == (number, "ada")
    assert shelf.ledger.unassign_reviewer(run_id, "ada") == 1
    assert [one.reviewer for one in shelf.ledger.review_assignments(run_id)] == ["bob"]


def test_a_run_that_is_not_there_is_not_reviewed(shelf):
    """The error says where to look."""
    with pytest.raises(InputError, match="no run r-none"):
        shelf.ledger.add_reviews("r-none", [Judgement(1, None, ReviewState.ACCEPTED)], reviewer="ada")
    with pytest.raises(InputError, match="no run r-none"):
        shelf.ledger.undo_review("r-none", reviewer="ada")
