"""The approval widget where no front end shows it."""

from __future__ import annotations

import asyncio
import sys
from types import SimpleNamespace

import pandas as pd
import pytest
from IPython.utils.capture import capture_output

from loopai_nb.notebook.approval_desk import Source
from loopai_nb.notebook.approving import WidgetAsking
from loopai_nb.notebook.plan_card import PlanCard
from loopai_nb.notebook.plan_figures import Press
from loopai_nb.notebook.progress import Spot
from loopai_nb.notebook.shown import Sentences
from loopai_nb.notebook.waiting import Clicks
from loopai_nb.notebook.widgets.approval import ApprovalPanel
from loopai_nb.notebook.widgets.panel import LivePanel
from loopai_nb.records import ApprovalState
from loopai_nb.session import Session
from loopai_nb.settings import Settings


@pytest.fixture
def session(environment, tmp_path):
    """A session of its own."""
    with Session(Settings.load(environ=environment, cwd=tmp_path, config_dir=tmp_path)) as made:
        yield made


@pytest.mark.usefixtures("plain_shell")
def test_a_widget_that_nobody_shows_leaves_the_question_open(session):
    """After its patience the plan is shown as it is without widgets, and can still be decided in words."""
    plan = session.plan(pd.DataFrame({"text": ["late", "broken"]}), "One word. {{ text }}", name="frame")
    asking = WidgetAsking(
        plan,
        card=lambda one: PlanCard(one, in_flight=4),
        ledger=session.ledger,
        press=Press(4),
        source=Source(),
        user="ann",
        timeout_s=600,
        met_within_s=0,
    )

    with capture_output() as captured:
        asked = asyncio.run(asking.ask(Spot(live=True), Clicks(None)))

    assert (asked.row.state, asked.plan, asked.change) == (ApprovalState.PENDING, plan, None)
    last = captured.outputs[-1].data
    assert "application/vnd.jupyter.widget-view+json" not in last
    assert "2 rows" in last["text/plain"]
    asked.pending.decide(ApprovalState.APPROVED, decided_by="ann", means="person")
    assert session.approval(asked.pending.approval_id).state is ApprovalState.APPROVED


def test_colabs_metadata_are_handed_on(monkeypatch):
    """In Colab anywidget says where the widget manager is; without that no widget is shown there."""
    colab = SimpleNamespace(
        enable_custom_widget_manager=lambda: None, _widgets=SimpleNamespace(_installed_url="https://colab/x")
    )
    monkeypatch.setitem(sys.modules, "google.colab.output", colab)
    panel = ApprovalPanel({})

    data, metadata = LivePanel(panel, Sentences("instead"))._repr_mimebundle_()

    assert data["text/plain"] == "instead"
    kind = "application/vnd.jupyter.widget-view+json"
    assert kind in data
    assert metadata[kind]["colab"] == {"custom_widget_manager": {"url": "https://colab/x"}}
    panel.close()
