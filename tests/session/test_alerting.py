"""Alerts of real runs: looked at, told once, and over."""

import contextlib
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from receivers import listening
from sqlalchemy import update

from loopai_nb.errors import InputError
from loopai_nb.ledger.pausing import tell_held
from loopai_nb.ledger.schema import events, rollups, runs
from loopai_nb.records import ApprovalState
from loopai_nb.session import Session
from loopai_nb.settings import Settings


@pytest.fixture
def hook():
    """A webhook's server."""
    with listening() as made:
        yield made


@pytest.fixture
def alert_session(tmp_path, devserver, hook):
    """Makes sessions with these rules that tell that webhook; closed after the test."""
    made = []

    def make(rules, **more):
        environ = {
            "LOOPAI_SERVER": devserver.openai_url,
            "LOOPAI_MODEL": "demo-lexical",
            "LOOPAI_LEDGER": str(tmp_path / "ledger" / "ledger.sqlite3"),
            "LOOPAI_USER": "tester",
            "LOOPAI_NOTIFY_WEBHOOK_URL": hook.url,
            "LOOPAI_ALERTS": rules,
        }
        made.append(Session(Settings.load(environ={**environ, **more}, cwd=tmp_path, config_dir=tmp_path)))
        return made[-1]

    yield make
    for session in made:
        session.close()


def _rows(n):
    return pd.DataFrame({"n": range(n)})


def _told(hook):
    notices = [json.loads(seen.body) for seen in hook.seen]
    return [(each["importance"], each["title"]) for each in notices if each["kind"] == "alert"]


def test_a_run_s_failures_fire_an_alert_that_is_told_once(alert_session, hook, devserver, until):
    """The end of a run is looked at at once; a later look, and another process, say nothing more."""
    devserver.faults("400*12")
    session = alert_session("error_rate > 50%; p95_ms > 9999999")
    session.map(_rows(12), "About {{ n }}", approve=True)
    until(lambda: _told(hook))
    assert _told(hook) == [("warning", "Alert: error_rate > 50% in 10m")]
    (alert,) = session.alerts()
    assert alert.message == "12 of 12 requests failed in the last 10 min."
    assert session.check_alerts() == []
    assert alert_session("error_rate > 50%").check_alerts() == []
    assert session.alerts(since="1h") == [alert]


def test_an_alert_is_over_when_its_condition_is_true_no_more(alert_session, hook, until):
    """A waiting question fires it, its answer ends it, and both are told."""
    session = alert_session("approval_waiting_s > 0")
    plan = session.plan(_rows(3), "About {{ n }}")
    approval_id = session.ledger.ask_approval(
        kind="plan", plan_id=plan.plan_id, digest=plan.digest, title="3 rows", asked_by="ada", timeout_s=3600
    )
    until(session.check_alerts)
    session.decide(approval_id, approved=True)
    (change,) = session.check_alerts()
    assert (change.message, change.alert.over_ms is not None) == ("Nothing waits for approval.", True)
    until(lambda: len(_told(hook)) > 1)
    assert _told(hook) == [
        ("warning", "Alert: approval_waiting_s > 0"),
        ("info", "Over: approval_waiting_s > 0"),
    ]


def test_spend_latency_budget_and_a_server_that_holds_up_are_looked_at(alert_session, devserver):
    """Each metric is what the ledger has of it now."""
    rules = "spend_usd_per_hour > 0; spend_usd_per_day > 999; p95_ms > 0; budget_share > 50%; breaker_open"
    session = alert_session(rules, LOOPAI_BUDGET_USD_PER_DAY="1000")
    session.use_server(devserver.openai_url, model="demo-lexical", price=(1, 1))
    session.map(_rows(12), "About {{ n }}", approve=True, budget_usd="100")
    session.check_alerts()
    assert {row.rule for row in session.alerts()} == {"spend_usd_per_hour > 0", "p95_ms > 0 in 10m"}

    with _run_elsewhere(session) as run_id:
        session.check_alerts()  # or whoever looks in the background, a moment before
        found = {row.rule: row.message for row in session.firing_alerts()}
    assert len(found) == 4
    assert found == found | {
        "budget_share > 50%": f"60% of the budget of run {run_id} is spent: 60.00 of 100.00 USD.",
        "breaker_open": f"A server holds up {run_id}.",
    }


def test_a_run_that_was_killed_alerts_no_more(alert_session, devserver):
    """What its process last told stands in the ledger, but nobody waits for a server, or spends."""
    session = alert_session("budget_share > 50%; breaker_open")
    session.use_server(devserver.openai_url, model="demo-lexical", price=(1, 1))
    with _run_elsewhere(session):
        assert len(session.check_alerts()) == 2
    assert [change.message for change in session.check_alerts()] == [
        "No budget is being spent.",
        "No server holds up a run.",
    ]


def test_what_a_killed_process_noted_is_told_by_another_look(alert_session, hook, until):
    """Once, and not before it can be no more on its way; what somebody was told is not told again."""
    session = alert_session("approval_waiting_s > 0; error_rate > 1%")
    waiting, failing = map(str, session.settings.alerts)
    ledger = session.ledger
    plan = session.plan(_rows(3), "About {{ n }}")
    ledger.ask_approval(
        kind="plan", plan_id=plan.plan_id, digest=plan.digest, title="3 rows", asked_by="ada", timeout_s=3600
    )
    ledger.fire_alert(waiting, "noted, and killed")
    for message in ("fired, and killed", ""):
        (ledger.fire_alert if message else ledger.end_alert)(failing, message)
    session.check_alerts()

    def back(ms):
        with ledger.engine.begin() as connection:
            connection.execute(
                update(events).where(events.c.run_id.is_(None)).values(at_ms=events.c.at_ms - ms)
            )

    back(10 * 60_000)
    for _ in range(3):
        assert session.check_alerts() == []
    until(lambda: len(_told(hook)) > 1)
    session.close()

    assert sorted(_told(hook)) == [("info", f"Over: {failing}"), ("warning", f"Alert: {waiting}")]
    (found,) = [json.loads(seen.body) for seen in hook.seen if b"killed" in seen.body]
    assert found["facts"]["Found"] == "noted, and killed"


@contextlib.contextmanager
def _run_elsewhere(session):
    """A run of another process, held up by its server and with 60 of 100 USD spent; killed in the end."""
    plan = session.plan(_rows(3), "What is {{ n }}?")
    ledger = session.ledger
    how = {"decided_by": "ada", "means": "code"}
    approval_id = ledger.record_approval(plan.plan_id, plan.digest, ApprovalState.APPROVED, **how)
    program = Path(__file__).parents[1] / "ledger" / "leasing.py"
    args = [program, ledger.label, plan.plan_id, plan.digest, approval_id, "1"]
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, *map(str, args)], stdin=pipe, stdout=pipe, text=True) as process:
        try:
            run_id = process.stdout.readline().split()[0]
            with ledger.engine.begin() as connection:
                chosen = update(runs).where(runs.c.run_id == run_id)
                connection.execute(chosen.values(budget_pusd=100 * 10**12, spent_pusd=60 * 10**12))
                tell_held(connection, run_id, "127.0.0.1 asks to slow down")
            yield run_id
        finally:
            process.kill()


def test_few_requests_say_nothing_of_a_rate(alert_session, devserver):
    """Nine failures of nine are no alert: a rate of fewer than ten requests is none."""
    devserver.faults("400*9")
    session = alert_session("error_rate > 0%")
    session.map(_rows(9), "About {{ n }}", approve=True)
    assert session.check_alerts() == []
    with pytest.raises(InputError, match="no time"):
        session.alerts(since="soon")
    assert session.alerts(since=timedelta(hours=1)) == []


def test_a_rule_that_can_not_be_looked_at_keeps_no_other_from_being_told(alert_session, hook, until, caplog):
    """Where the figures of one are damaged, the next one is told all the same, and the log says it."""
    session = alert_session("p95_ms > 0; approval_waiting_s > 0")
    session.map(_rows(12), "About {{ n }}", approve=True)
    until(lambda: _told(hook))
    with session.ledger.engine.begin() as connection:
        connection.execute(update(rollups).values(latencies=b"nonsense"))
    session.ledger.ask_approval(digest="d" * 64, kind="gate", title="publish", timeout_s=3600)
    session.close()  # looks a last time
    until(lambda: len(_told(hook)) > 1)
    assert _told(hook)[1] == ("warning", "Alert: approval_waiting_s > 0")
    assert "A rule could not be looked at: p95_ms > 0" in caplog.text
