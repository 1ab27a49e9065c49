import asyncio

import pytest

from loopai_nb.ledger import retention, watermarks
from loopai_nb.ledger.integrity import check
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.watermarks import Mark
from loopai_nb.records import Outcome, RequestState, RunState

DAY = 86_400_000


def _mark(value, *, key=b"k", keys=("[1]",)):
    return Mark(key * 32, "db.internal/shop", "public.reviews", None, "id", "bigint", value, keys)


def _planned(shelf, pull_no):
    """A run of two rows over the rows of a pull; its id."""
    plan_id, digest = shelf.plan(["robin", "wren"])
    shelf.ledger.finish_plan(plan_id, digest, 2, pull_no=pull_no)
    return shelf.ledger.begin_run(plan_id, digest, shelf.approve(plan_id, digest), None)


def _answer(shelf, run_id, n):
    leases = asyncio.run(shelf.ledger.aclaim(run_id, n)).leases
    answered = [
        Settlement(lease, Outcome.ANSWERED, RequestState.ANSWERED, cost_pusd=1, text="yes")
        for lease in leases
    ]
    asyncio.run(shelf.ledger.arecord(run_id, answered))


def _value(shelf, key=b"k"):
    found = watermarks.current(shelf.ledger.engine, key * 32)
    return None if found is None else found.mark.value


def test_a_mark_counts_when_a_run_over_its_rows_has_completed(shelf):
    """It waits while rows are being asked, and moves with the run's end, which says who moved it."""
    run_id = _planned(shelf, shelf.ledger.record_pull(_mark("7", keys=("[7]", "[8]"))))
    _answer(shelf, run_id, 2)
    assert _value(shelf) is None

    shelf.ledger.end_run(run_id, RunState.COMPLETED, "", 1)

    found = watermarks.current(shelf.ledger.engine, b"k" * 32)
    assert (found.mark, found.moved_by) == (_mark("7", keys=("[7]", "[8]")), run_id)
    assert check(shelf.ledger) == []


@pytest.mark.parametrize("state", [RunState.PARTIAL, RunState.CANCELLED, RunState.FAILED])
def test_it_waits_where_the_run_ended_otherwise(shelf, state):
    """Rows without an answer are pulled again."""
    run_id = _planned(shelf, shelf.ledger.record_pull(_mark("7")))
    shelf.ledger.end_run(run_id, state, "why", 1)
    assert _value(shelf) is None


def test_the_later_of_two_pulls_counts_whichever_ends_first(shelf):
    """A run that ends late does not take the mark back."""
    early, late = shelf.ledger.record_pull(_mark("7")), shelf.ledger.record_pull(_mark("9"))
    assert shelf.ledger.move_watermark(late, "ada").mark.value == "9"
    assert shelf.ledger.move_watermark(early, "ada") is None
    assert _value(shelf) == "9"
    assert check(shelf.ledger) == []


def test_marks_of_other_pulls_stay(shelf):
    """One table's mark is not another's."""
    shelf.ledger.move_watermark(shelf.ledger.record_pull(_mark("7")), "ada")
    shelf.ledger.move_watermark(shelf.ledger.record_pull(_mark("8", key=b"o")), "ada")
    assert (_value(shelf), _value(shelf, b"o")) == ("7", "8")
    assert [one.mark.value for one in watermarks.all_moved(shelf.ledger.engine)] == ["8", "7"]


def test_what_is_forgotten_does_not_come_back(shelf):
    """Neither the mark nor those that waited: a run that ends afterwards moves nothing."""
    shelf.ledger.move_watermark(shelf.ledger.record_pull(_mark("7")), "ada")
    waiting = shelf.ledger.record_pull(_mark("9"))
    assert shelf.ledger.forget_watermark(b"k" * 32)
    assert shelf.ledger.move_watermark(waiting, "r-1") is None
    assert _value(shelf) is None
    assert not shelf.ledger.forget_watermark(b"k" * 32)


def test_a_number_is_never_used_twice(shelf):
    """A plan that knows a pull by its number never moves another one's mark."""
    first = shelf.ledger.record_pull(_mark("7"))
    shelf.ledger.forget_watermark(b"k" * 32)
    assert shelf.ledger.record_pull(_mark("1")) > first


@pytest.mark.parametrize("mode", ["blank", "drop"])
def test_pruning_keeps_the_mark_and_drops_what_waits(shelf, mode):
    """Without its mark a table would be pulled whole again; a waiting one holds keys of rows for nothing."""
    now_ms = shelf.ledger.now_ms()
    shelf.ledger.move_watermark(shelf.ledger.record_pull(_mark("7")), "ada")
    shelf.ledger.record_pull(_mark("9"))
    shelf.sql("UPDATE watermarks SET pulled_ms = ?", now_ms - 3 * DAY)
    shelf.ledger.record_pull(_mark("11"))

    retention.prune(shelf.ledger, older_than_days=2, mode=mode)

    assert sorted(shelf.sql("SELECT value FROM watermarks")) == [("11",), ("7",)]


def test_an_integrity_check_finds_a_mark_that_was_passed(shelf):
    """What can't come of the program's own work is told."""
    shelf.ledger.record_pull(_mark("7"))
    shelf.ledger.move_watermark(shelf.ledger.record_pull(_mark("9", key=b"o")), "ada")
    shelf.sql("UPDATE watermarks SET mark_key = (SELECT max(mark_key) FROM watermarks)")
    assert check(shelf.ledger) == ["1 marks were left behind a later one of the same pull."]
