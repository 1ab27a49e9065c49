from __future__ import annotations

import re
from pathlib import Path

import pytest

from loopai_nb.ledger.store import Ledger
from loopai_nb.records import ApprovalState


@pytest.fixture
def elsewhere(environment):
    """The same ledger as a script has it open, with a step that waits there."""
    ledger = Ledger(Path(environment["LOOPAI_LEDGER"]))
    ledger.approval_id = ledger.ask_approval(
        kind="gate",
        digest="d",
        title="publish",
        context='{"context": {"to": "<b>bob</b>"}, "explanation": "it is time"}',
        asked_by="bob",
        timeout_s=600,
    )
    yield ledger
    ledger.close()


def test_what_waits_elsewhere_is_decided_here(notebook, elsewhere):
    """It is listed, looked at, and approved; the ledger says that a notebook did."""
    listed = notebook.ok("%loopai approvals")
    assert re.search(rf"{elsewhere.approval_id}  .*PENDING  publish", listed.text)
    assert re.search(r"The audit chain is whole: 1 row, its end is 1:[0-9a-f]{64}", listed.text)
    one = notebook.ok(f"%loopai approvals {elsewhere.approval_id}")
    assert "it is time" in one.text
    assert "<b>" not in one.html
    said = notebook.ok('%loopai approve publish --feedback "go on"').text
    assert f"{elsewhere.approval_id} is approved by ann (notebook): go on." in said
    row = elsewhere.approval(elsewhere.approval_id)
    assert (row.state, row.means, row.feedback) == (ApprovalState.APPROVED, "notebook", "go on")


def test_what_was_decided_is_decided(notebook, elsewhere):
    """Who comes second is told in one line who was first."""
    elsewhere.decide_approval(
        elsewhere.approval_id, ApprovalState.REJECTED, decided_by="eve", means="link", feedback="no"
    )
    output = notebook.run("%loopai reject publish")
    assert "waits no more: it was rejected by eve (link): no" in output.stderr
    assert "Traceback" not in output.stderr
    assert "Nothing waits for a decision." in notebook.ok("%loopai approvals --waiting").text


def test_a_broken_chain_is_told(notebook, elsewhere):
    """``--verify`` says where; so does the list."""
    elsewhere.decide_approval(elsewhere.approval_id, ApprovalState.REJECTED, decided_by="eve", means="link")
    with elsewhere.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM chain WHERE seq = 1")
    for line in ("%loopai approvals --verify", "%loopai approvals"):
        assert "Row 1 is missing." in notebook.ok(line).text


def test_static_outputs_stay_the_same(notebook, elsewhere, monkeypatch):
    """No id, time, name or hash where outputs are compared."""
    monkeypatch.setenv("LOOPAI_UI", "static")
    text = notebook.ok("%loopai approvals").text + notebook.ok("%loopai approvals publish").text
    assert "publish" in text
    assert elsewhere.approval_id not in text
    assert not re.search(r"\d\d:\d\d|bob ", text)


def test_a_policy_lets_small_plans_through(notebook, model_server, monkeypatch):
    """Nobody is asked; the plan is shown, and that the policy approved it and why."""
    monkeypatch.setenv("LOOPAI_APPROVE_BELOW_USD", "0.10")
    output = notebook.ok("%%loopai reviews --as out --max-tokens 8\nOne word: shipping, quality.\n{{ body }}")
    assert model_server.stats().requests == 3
    assert "4 rows · 3 distinct requests" in output.text
    (row,) = notebook.ok("import loopai_nb; loopai_nb.current_session().approvals()").value
    assert (row.means, row.decided_by, row.feedback) == ("policy", "ann", "at most 0.00 USD, below 0.10")
