import asyncio

import pytest

from loopai_nb.errors import InputError
from loopai_nb.ledger.runs import Reopening
from loopai_nb.ledger.store import Ledger
from loopai_nb.ledger.sweeping import sweep
from loopai_nb.records import RunState

STANDS = "SELECT state, reason FROM runs"


def test_nothing_of_a_paused_run_is_leased(shelf):
    """From the pause on nobody gets a lease, whoever claims; from go on there are leases again."""
    _, run_id = shelf.run(["a", "b"])
    helper = Ledger(shelf.where)
    helper.join_run(run_id)

    shelf.ledger.request_pause(run_id, "ada")
    claims = [asyncio.run(ledger.aclaim(run_id, 2)) for ledger in (shelf.ledger, helper)]

    assert [(claim.leases, claim.paused, claim.waiting) for claim in claims] == [((), True, 2)] * 2
    assert shelf.sql(STANDS) == [("PAUSED", "paused by ada")]
    assert asyncio.run(helper.aheartbeat(run_id)).paused_by == "ada"
    helper.request_go_on(run_id, "bob")
    assert len(asyncio.run(helper.aclaim(run_id, 2)).leases) == 2
    assert shelf.sql(STANDS) == [("RUNNING", "")]
    helper.close()


def test_it_is_told_once_who_paused_it_and_who_let_it_go_on(shelf):
    """Each pause and each go on is an event; asked for again while it holds, it is none."""
    _, run_id = shelf.run(["a"])
    for by in ("ada", "bob"):
        shelf.ledger.request_pause(run_id, by)
    for by in ("bob", "ada"):
        shelf.ledger.request_go_on(run_id, by)

    assert shelf.sql("SELECT kind, message FROM events ORDER BY event_no") == [
        ("paused", "paused by ada"),
        ("resumed", "let go on by bob"),
    ]


def test_what_a_server_does_never_covers_what_a_person_said(shelf):
    """A server that holds a run up and lets it go again leaves a person's pause as it was."""
    _, run_id = shelf.run(["a"])
    shelf.ledger.request_pause(run_id, "ada")
    for reason in ("the server asks to slow down", ""):
        asyncio.run(shelf.ledger.atell_held(run_id, reason))
        assert shelf.sql(STANDS) == [("PAUSED", "paused by ada")]


def test_a_pause_outlives_a_helper_that_leaves(shelf):
    """One of several processes ends its part: the run stays paused by the person."""
    _, run_id = shelf.run(["a"])
    helper = Ledger(shelf.where)
    helper.join_run(run_id)
    shelf.ledger.request_pause(run_id, "ada")
    assert not helper.end_run(run_id, RunState.CANCELLED, "cancelled", 5)
    assert shelf.sql(STANDS) == [("PAUSED", "paused by ada")]
    helper.close()


def test_a_run_that_nobody_carries_out_is_not_paused(shelf):
    """What has ended can't be paused or go on, and the message says what can be done."""
    _, run_id = shelf.run(["a"])
    shelf.ledger.end_run(run_id, RunState.PARTIAL, "budget", 5)
    with pytest.raises(InputError, match="nothing to pause"):
        shelf.ledger.request_pause(run_id, "ada")
    with pytest.raises(InputError, match=r"can't just go on") as told:
        shelf.ledger.request_go_on(run_id, "ada")
    assert f"%loopai resume {run_id}" in told.value.notebook_text
    assert shelf.sql(STANDS) == [("PARTIAL", "budget")]


def test_a_paused_run_is_cancelled_and_taken_up_like_any_other(shelf):
    """A pause ends with the run: what is resumed is not paused any more."""
    _, run_id = shelf.run(["a"])
    shelf.ledger.request_pause(run_id, "ada")
    shelf.ledger.request_cancel(run_id)
    assert asyncio.run(shelf.ledger.aheartbeat(run_id)).cancel
    shelf.ledger.end_run(run_id, RunState.CANCELLED, "cancelled", 5)
    shelf.ledger.reopen_run(run_id, Reopening())
    assert shelf.sql(STANDS) == [("RUNNING", "")]
    assert len(asyncio.run(shelf.ledger.aclaim(run_id, 2)).leases) == 1


def test_a_helper_killed_while_a_server_held_it_leaves_no_pause_behind(shelf):
    """The sweep that takes back its leases takes back what it told, too; what a person said stays."""
    plan_id, run_id = shelf.run(["a", "b"])
    for by, left in ((None, ("RUNNING", "")), ("ada", ("PAUSED", "paused by ada"))):
        helper = Ledger(shelf.where)
        helper.join_run(run_id)
        dead = helper._holders[run_id].owner_id
        assert len(asyncio.run(helper.aclaim(run_id, 1)).leases) == 1
        asyncio.run(helper.atell_held(run_id, "the server asks to slow down"))
        if by is not None:
            shelf.ledger.request_pause(run_id, by)
        helper.close()

        swept = shelf.ledger._do(
            lambda connection, dead=dead: sweep(
                connection, plan_id, shelf.ledger.now_ms(), is_gone=lambda one: one == dead, resend=True
            )
        )
        assert (swept, shelf.sql(STANDS)) == (1, [left])
