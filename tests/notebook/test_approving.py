"""The approval widget and the ledger, without a front end."""

from __future__ import annotations

import asyncio

import pandas as pd
import pytest

from loopai_nb.notebook.approval_desk import Source
from loopai_nb.notebook.approving import WidgetAsking
from loopai_nb.notebook.waiting import Clicks
from loopai_nb.records import ApprovalState


@pytest.fixture
def bench(notebook):
    """What the verbs of a notebook work with."""
    return notebook.shell.magics_manager.registry["LoopaiMagics"].bench


@pytest.fixture
def plan(bench):
    """Of three rows."""
    return bench.session.plan(pd.DataFrame({"text": ["a", "b", "c"]}), "Say {{ text }}", name="frame")


@pytest.fixture
def asking(bench, plan):
    """The question about it."""
    return WidgetAsking(
        plan,
        card=bench.card,
        ledger=bench.session.ledger,
        press=bench.pressed(plan),
        source=Source(make=lambda _: plan, can_sample=True),
        user="ann",
        timeout_s=90,
    )


def _asked(asking, bench):
    return asyncio.run(asking.ask(bench.spot(), Clicks(None)))


def test_an_interrupt_stays_one_where_the_ledger_is_away(asking, bench):
    """The question can't be withdrawn then; whoever pressed the button is not told of that instead."""

    class _Interrupted(Clicks):
        async def until(self, done, timeout_s=None):
            await super().until(done, timeout_s and 0.0)
            bench.session.ledger._writer.close()
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(asking.ask(bench.spot(), _Interrupted(None)))


@pytest.mark.parametrize("state", [ApprovalState.REJECTED, ApprovalState.APPROVED, ApprovalState.TIMEOUT])
def test_a_sample_that_comes_behind_another_decision_is_none(asking, bench, plan, state):
    """Who says "two rows first" a moment after somebody rejected it sends none."""
    (waiting,) = bench.session.approvals(state="PENDING")
    bench.session.ledger.decide_approval(waiting.approval_id, state, decided_by="bob", means="cli")
    asking._desk.handlers["approve"]({"digest": plan.digest, "sample": 2})

    asked = _asked(asking, bench)

    assert (asked.sample, asked.row.state, asked.row.decided_by) == (None, state, "bob")


def test_a_sample_is_what_the_ledger_has_as_the_decision(asking, bench, plan):
    """The question itself is then withdrawn."""
    asking._desk.handlers["approve"]({"digest": plan.digest, "sample": 2})

    asked = _asked(asking, bench)

    assert (asked.sample, asked.row.state, asked.row.decided_by) == (2, ApprovalState.REJECTED, "ann")
