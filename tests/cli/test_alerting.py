"""``alerts`` on the command line."""

import contextlib

from loopai_nb.ledger.store import Ledger
from loopai_nb.records import ApprovalState


def test_alerts_lists_what_fires_and_tells_cron_by_its_exit_code(cli):
    """Without rules it says how to set one; a question that waits is listed, and 1 until it is decided."""
    none = cli.inside("alerts")
    cli.env["LOOPAI_ALERTS"] = "approval_waiting_s > 0"
    with contextlib.closing(Ledger(cli.folder / "ledger.sqlite3")) as ledger:
        approval_id = ledger.ask_approval(
            kind="gate", plan_id=None, digest="d" * 64, title="publish", asked_by="ada", timeout_s=3600
        )
        fires = cli.inside("alerts")
        quiet = cli.inside("alerts", "--quiet")
        ledger.decide_approval(approval_id, ApprovalState.APPROVED, decided_by="ada", means="code")
        over = cli.inside("alerts", "--since", "1h")

    assert none.code == 0
    assert "LOOPAI_ALERTS=" in none.out
    assert (fires.code, quiet.code, over.code) == (1, 1, 0)
    assert "1 of 1 rule fires now." in fires.out
    assert "approval_waiting_s > 0" in fires.out
    assert quiet.out == ""
    assert "0 of 1 rule fire now." in over.out
    assert "A question has waited" in over.out
