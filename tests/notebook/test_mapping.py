"""The rounds of a ``map``, where the answers of some rows are looked at first."""

from __future__ import annotations

import argparse
import asyncio

import pandas as pd
import pytest

from loopai_nb.approval.pending import Pending
from loopai_nb.errors import InputError
from loopai_nb.notebook.approval_desk import Change
from loopai_nb.notebook.approving import Asked
from loopai_nb.notebook.mapping import Rounds
from loopai_nb.notebook.workbench import Call

TEMPLATE = "Say {{ text }}"


@pytest.fixture
def bench(notebook):
    """What the verbs of a notebook work with."""
    return notebook.shell.magics_manager.registry["LoopaiMagics"].bench


@pytest.fixture
def frame():
    """Three rows."""
    return pd.DataFrame({"text": ["a", "b", "c"]})


@pytest.fixture
def sample(bench, frame):
    """Sends two rows of a plan that was shown, as a person said at the widget."""
    args = argparse.Namespace(
        yes=False, no_cache=False, no_dedup=False, concurrency=None, fixed=False, on_error=None,
        stop_on_first_error=False,
    )  # fmt: skip
    rounds = Rounds(
        Call(bench, args, TEMPLATE, {}), frame, Change(TEMPLATE, None), {"name": "frame"}, is_whole=True
    )
    plan = rounds._plan(rounds._change)
    pending = Pending.of_plan(bench.session.ledger, plan, asked_by="ann", timeout_s=90)
    return lambda: asyncio.run(rounds._sample(Asked(plan, pending, pending.row, None, 2), 2))


def test_some_rows_first_are_rows_that_were_shown(sample, model_server):
    """They are sent, and nothing else is."""
    sample()
    assert len(model_server.requests()) == 2


def test_rows_that_changed_since_they_were_shown_are_not_sent(frame, sample, model_server):
    """Nobody looked at them."""
    frame.loc[:, "text"] = ["a", "secret", "other"]
    with pytest.raises(InputError, match="changed since the plan was shown"):
        sample()
    assert not model_server.requests()
