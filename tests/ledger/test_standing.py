"""How a ledger stands now."""

from __future__ import annotations

from loopai_nb.ledger.standing import standing
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import ApprovalState, RunState


def test_only_what_still_waits_is_counted(tmp_path):
    """Every state of a run is there, from 0; a question that is decided or over does not wait."""
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    try:
        for n, timeout_s in enumerate((600, 600, 0.0, None)):
            ledger.ask_approval(digest=f"{n}" * 64, kind="gate", title="publish", timeout_s=timeout_s)
        decided = ledger.approvals(ApprovalState.PENDING)[0]
        ledger.decide_approval(decided.approval_id, ApprovalState.APPROVED, decided_by="Bo", means="cli")

        found = standing(ledger)
    finally:
        ledger.close()

    assert found.runs == dict.fromkeys(RunState, 0)
    assert found.approvals_waiting == 2
    assert found.budgets == ()
