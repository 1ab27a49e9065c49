"""What happened beside the requests."""

import contextlib

from loopai_nb.ledger.money import announce
from loopai_nb.ledger.store import Ledger
from loopai_nb.notebook.happenings_desk import HappeningsDesk
from loopai_nb.records import ApprovalState
from loopai_nb.settings.alert_rules import AlertMetric, AlertRule

RULE = AlertRule(AlertMetric.BREAKER_OPEN, 0, 0)


def test_alerts_approvals_and_notices_of_a_time_are_told(tmp_path):
    """Newest first, what fires and what waits marked; hostile names in one line of visible text."""
    with contextlib.closing(Ledger(tmp_path / "ledger.sqlite3")) as ledger:
        desk = HappeningsDesk(ledger, [RULE])
        empty = desk.handlers["look"]({"scope": {"last": "24h"}})
        ledger.fire_alert(str(RULE), "A server holds up r-1.")
        for title in ("first", "publish\u202e\n<b>"):
            waiting = ledger.ask_approval(
                kind="gate", plan_id=None, digest="d" * 64, title=title, asked_by="ada", timeout_s=60
            )
            if title == "first":
                how = {"decided_by": "bob", "means": "cli"}
                ledger.decide_approval(waiting, ApprovalState.REJECTED, **how)
        with ledger.engine.begin() as connection:
            now = {"run_id": None, "scope": None, "now_ms": ledger.now_ms()}
            announce(connection, "not_told", "slack was not told", **now)
        alerts, approvals, reviews, events = desk.handlers["look"]({"scope": {"last": "24h"}})
        old = desk.handlers["look"]({"scope": {"last": None, "since_ms": 0, "until_ms": 60_000}})

    assert [part["none"] != "" for part in empty] == [True] * 4
    assert alerts["said"] == "1 of 1 rule fires now"
    assert [(line["cells"][0], line["cells"][3], line["mark"]) for line in alerts["lines"]] == [
        ("breaker_open", "A server holds up r-1.", "bad")
    ]
    assert approvals["said"] == "1 waiting"
    assert [(line["cells"][0], line["cells"][1], line["mark"]) for line in approvals["lines"]] == [
        ("pending", "publish[U+202E] <b>", "waits"),
        ("rejected", "first", "bad"),
    ]
    assert reviews["none"] == "Nothing was reviewed in this time."
    assert [(line["cells"][0], line["mark"]) for line in events["lines"]] == [("not told", "bad")]
    assert [len(part["lines"]) for part in old] == [0, 1, 0, 0]  # what waits is of any time


def test_what_happened_long_ago_is_found_behind_a_lot_that_came_since(tmp_path):
    """A period is looked at as it was, however much was asked, reviewed and told after it."""
    now_s = [1_000_000.0]
    with contextlib.closing(Ledger(tmp_path / "ledger.sqlite3", clock=lambda: now_s[0])) as ledger:
        desk = HappeningsDesk(ledger, [RULE])
        for title in ("old", *["new"] * 600):
            with ledger.engine.begin() as connection:
                now = {"run_id": None, "scope": None, "now_ms": ledger.now_ms()}
                announce(connection, "told", title, **now)
            how = {"plan_id": None, "digest": "d" * 64, "asked_by": "ada", "timeout_s": 60}
            ledger.ask_approval(kind="gate", title=title, **how)
            now_s[0] += 60
        now_ms = 1_000_000_000
        scope = {"last": None, "since_ms": now_ms - 1000, "until_ms": now_ms + 1000}
        _, approvals, _, events = desk.handlers["look"]({"scope": scope})

    assert ("timeout", "old") in [tuple(line["cells"][:2]) for line in approvals["lines"]]
    assert [line["cells"][1] for line in events["lines"]] == ["old"]
