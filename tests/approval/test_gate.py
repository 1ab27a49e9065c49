import signal
import subprocess
import sys
import threading

import pytest

from loopai_nb.approval.gate import Decision, Terms, approve_in_code, decide
from loopai_nb.approval.pending import Pending, submit
from loopai_nb.errors import ApprovalRefused, ApprovalRequired
from loopai_nb.ledger.integrity import check
from loopai_nb.pricing import Price
from loopai_nb.records import ApprovalState, RunState

ADA = Terms("ada", 3600)


def _says(state, **more):
    """An approver that decides so."""
    return lambda _plan: Decision(state, "ada", **more)


class _Watcher:
    """An approver that is told which question it asks.

    Args:
        act: What it does with the plan and the question; returns its decision.
    """

    def __init__(self, act):
        self._act = act
        self.told_of = None

    def ask(self, plan, pending):
        return self._act(plan, pending)

    def told(self, plan, row):
        self.told_of = (plan.plan_id, row.means)


def test_an_approval_says_who_by_what_means_and_of_which_content(desk):
    """Approval in code is recorded as code's, on the plan's digest, and is unused."""
    plan = desk.plan()
    approval_id = decide(plan, desk.ledger, approve_in_code("ada"))
    row = desk.ledger.approval(approval_id)
    assert (row.plan_id, row.digest, row.used_by) == (plan.plan_id, plan.digest, None)
    assert (row.state, row.decided_by, row.means) == ("APPROVED", "ada", "code")
    assert row.title == "1 of 1 requests of birds to m, at most 0.0000000002 USD"


def test_the_question_is_in_the_ledger_before_anybody_is_asked(each_desk):
    """While the approver looks at the plan, another process sees that it waits, until when, and who asks."""
    seen = []

    def look(_plan):
        seen.extend(each_desk.other().approvals(ApprovalState.PENDING))
        return Decision(ApprovalState.APPROVED, "ada", "widget", "fine")

    plan = each_desk.plan()
    approval_id = decide(plan, each_desk.ledger, look, Terms("bob", 60))
    (waiting,) = seen
    assert (waiting.approval_id, waiting.plan_id, waiting.asked_by) == (approval_id, plan.plan_id, "bob")
    assert waiting.expires_ms - waiting.asked_ms == 60_000
    row = each_desk.ledger.approval(approval_id)
    assert (row.state, row.decided_by, row.means, row.feedback) == ("APPROVED", "ada", "widget", "fine")


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (ApprovalState.REJECTED, "Plan {} was rejected. Nothing of it was sent."),
        (ApprovalState.TIMEOUT, "Plan {} was not approved in time. Nothing of it was sent."),
    ],
)
def test_a_no_is_recorded_and_refused(desk, state, message):
    """Rejection and timeout end in an error, and the ledger has them with the feedback."""
    plan = desk.plan()
    with pytest.raises(ApprovalRefused) as caught:
        decide(plan, desk.ledger, _says(state, feedback="too dear"))
    assert str(caught.value) == message.format(plan.plan_id)
    (row,) = desk.ledger.approvals()
    assert (row.state, row.means, row.feedback) == (state, "person", "too dear")


def test_where_nobody_can_be_asked_the_question_waits(desk):
    """The error says how to approve in code and elsewhere, and names the question."""
    with pytest.raises(ApprovalRequired) as caught:
        decide(desk.plan(), desk.ledger, _says(ApprovalState.PENDING), ADA)
    assert str(caught.value) == (
        "This plan needs approval and nobody can answer here. Approve it in code (--yes, or approve=True), "
        "or from elsewhere (loopai-nb approvals) and run it again. Nothing was sent."
    )
    (row,) = desk.ledger.approvals(ApprovalState.PENDING)
    assert caught.value.approval_id == row.approval_id


def test_what_was_approved_elsewhere_lets_the_same_plan_be_sent_once(each_desk):
    """Refused, approved in another process, made again: it goes through, and only once."""
    desk = each_desk
    nobody = _says(ApprovalState.PENDING)
    with pytest.raises(ApprovalRequired) as caught:
        decide(desk.plan(), desk.ledger, nobody, ADA)
    submit(desk.other(), caught.value.approval_id, ApprovalState.APPROVED, decided_by="bob", means="cli")

    again = desk.plan()
    approval_id = decide(again, desk.ledger, nobody, ADA)
    assert approval_id == caught.value.approval_id
    assert desk.begin(again, approval_id)
    with pytest.raises(ApprovalRequired):
        decide(desk.plan(), desk.ledger, nobody, ADA)
    assert not desk.ledger.verify_chain()[1]


@pytest.mark.parametrize(
    "change",
    [
        {"prompts": ("robin.",)},
        {"prompts": ("robin", "wren")},
        {"price": Price(1, 11, "set")},
        {"model": "m2"},
        {"budget_pusd": 10},
    ],
)
def test_what_was_approved_elsewhere_is_of_one_content(desk, change):
    """Attacks 41 and 42: one byte, one row, another price, model or budget is another plan."""
    nobody = _says(ApprovalState.PENDING)
    with pytest.raises(ApprovalRequired) as caught:
        decide(desk.plan(), desk.ledger, nobody, ADA)
    submit(desk.ledger, caught.value.approval_id, ApprovalState.APPROVED, decided_by="bob", means="cli")
    other = desk.plan(**change)
    with pytest.raises(ApprovalRequired):
        decide(other, desk.ledger, nobody, ADA)
    with pytest.raises(ApprovalRefused):
        desk.begin(other, caught.value.approval_id)


def test_what_was_approved_elsewhere_is_not_kept_for_ever(desk):
    """It counts for as long after the decision as the question was open."""
    nobody = _says(ApprovalState.PENDING)
    with pytest.raises(ApprovalRequired) as caught:
        decide(desk.plan(), desk.ledger, nobody, ADA)
    submit(desk.ledger, caught.value.approval_id, ApprovalState.APPROVED, decided_by="bob", means="cli")
    desk.now_s += 3600
    with pytest.raises(ApprovalRequired):
        decide(desk.plan(), desk.ledger, nobody, ADA)


def test_equal_text_is_equal_content(desk):
    """Attack 45: composed and decomposed letters make one digest."""
    assert desk.plan(("Gr\u00fcn",)).digest == desk.plan(("Gru\u0308n",)).digest


def test_an_approver_that_fails_approves_nothing(desk):
    """An interrupt while somebody is asked leaves no decision, and nothing that waits."""

    def interrupted(_plan):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        decide(desk.plan(), desk.ledger, interrupted)
    (row,) = desk.ledger.approvals()
    assert (row.state, row.decided_by, row.feedback) == (ApprovalState.TIMEOUT, None, "interrupted")


KILLED = """
import os, signal, sys
from pathlib import Path
from types import SimpleNamespace
from loopai_nb.approval.gate import decide
from loopai_nb.ledger.store import Ledger
from loopai_nb.redaction import Secret

where, plan_id, digest = sys.argv[1:]
estimate = SimpleNamespace(worst_case_pusd=1)
spec = SimpleNamespace(model="m")
plan = SimpleNamespace(
    plan_id=plan_id, digest=digest, estimate=estimate, spec=spec, most_pusd=1, to_send=1, distinct=1,
    frame_name="birds",
)
ledger = Ledger(Secret(where) if "://" in where else Path(where))
decide(plan, ledger, lambda _: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_a_kill_while_somebody_is_asked_leaves_the_question(each_desk):
    """It waits until its time is over, can be decided, and lets the same plan be sent that is made again."""
    desk = each_desk
    desk.live()
    plan = desk.plan()
    where = str(getattr(desk.where, "reveal", lambda: desk.where)())
    killed = subprocess.run([sys.executable, "-c", KILLED, where, plan.plan_id, plan.digest], check=False)
    assert killed.returncode == -signal.SIGKILL
    (row,) = desk.ledger.approvals(ApprovalState.PENDING)
    assert (row.plan_id, row.expires_ms - row.asked_ms) == (plan.plan_id, 3_600_000)
    submit(desk.ledger, plan.plan_id, ApprovalState.APPROVED, decided_by="bob", means="cli")
    again = desk.plan()
    assert decide(again, desk.ledger, _says(ApprovalState.PENDING)) == row.approval_id
    assert desk.begin(again, row.approval_id)
    assert check(desk.ledger) == []


def test_whoever_is_first_has_decided(each_desk):
    """What is decided elsewhere while a person still looks counts, and the person is told by whom."""
    desk = each_desk

    def late(_plan, pending):
        submit(desk.other(), pending.approval_id, ApprovalState.REJECTED, decided_by="bob", means="link")
        return Decision(ApprovalState.APPROVED, "ada", "widget")

    plan = desk.plan()
    with pytest.raises(ApprovalRefused, match=rf"Plan {plan.plan_id} was rejected by bob \(link\)."):
        decide(plan, desk.ledger, _Watcher(late), ADA)


def test_a_decision_from_elsewhere_ends_the_wait(desk):
    """An approver that waits for the question sees it, in the same process at once."""
    other = desk.other()

    def wait(_plan, pending):
        decider = threading.Thread(
            target=submit,
            args=(other, pending.approval_id, ApprovalState.APPROVED),
            kwargs={"decided_by": "bob", "means": "notebook"},
        )
        decider.start()
        row = pending.wait()
        decider.join()
        return Decision(row.state, row.decided_by, row.means)

    approval_id = decide(desk.plan(), desk.ledger, _Watcher(wait), ADA)
    assert desk.ledger.approval(approval_id).decided_by == "bob"


def test_a_decision_after_the_time_is_none(desk):
    """Who says yes too late is told so; the ledger has TIMEOUT."""

    def late(_plan):
        desk.now_s += 3600
        return Decision(ApprovalState.APPROVED, "ada")

    with pytest.raises(ApprovalRefused, match="was not approved in time"):
        decide(desk.plan(), desk.ledger, late, ADA)
    (row,) = desk.ledger.approvals()
    assert (row.state, row.decided_by, row.decided_ms) == (ApprovalState.TIMEOUT, None, row.expires_ms)


def test_a_question_that_was_decided_before_is_not_asked_again(desk):
    """A notebook asks first, and hands the question over with its decision."""
    plan = desk.plan()
    pending = Pending.of_plan(desk.ledger, plan, asked_by="ada", timeout_s=60)
    with pytest.raises(ApprovalRequired) as caught:
        decide(plan, desk.ledger, pending)
    assert caught.value.approval_id == pending.approval_id
    pending.decide(ApprovalState.APPROVED, decided_by="ada", means="widget")
    assert decide(plan, desk.ledger, pending) == pending.approval_id
    by_id = _says(ApprovalState.APPROVED, approval_id=pending.approval_id)
    assert decide(plan, desk.ledger, by_id) == pending.approval_id
    assert desk.begin(plan, pending.approval_id)


def test_an_approval_that_the_chain_does_not_know_is_not_spent(each_desk):
    """Who writes APPROVED into the table, or another digest, has approved nothing."""
    desk = each_desk
    plan, other = desk.plan(), desk.plan(("wren",))
    with pytest.raises(ApprovalRefused):
        decide(plan, desk.ledger, _says(ApprovalState.REJECTED))
    approval_id = decide(other, desk.ledger, _says(ApprovalState.APPROVED))
    desk.sql("UPDATE approvals SET state = 'APPROVED', decided_by = 'ada' WHERE state = 'REJECTED'")
    desk.sql(
        f"UPDATE approvals SET plan_id = '{plan.plan_id}', digest = '{plan.digest}' "
        f"WHERE approval_id = '{approval_id}'"
    )
    for row in desk.ledger.approvals():
        with pytest.raises(ApprovalRefused, match="no unused approval of this content"):
            desk.begin(plan, row.approval_id)
    assert len(check(desk.ledger)) == 2


def test_an_approval_that_the_chain_says_was_used_is_not_used_again(desk):
    """Attack 43: neither a plan's nor a step's, after somebody has taken its use out of the tables."""
    ledger = desk.ledger
    plan = desk.plan()
    elsewhere = Pending.of_plan(ledger, plan, asked_by="ada", timeout_s=60)
    elsewhere.decide(ApprovalState.APPROVED, decided_by="ada", means="cli")
    ledger.end_run(desk.begin(plan, elsewhere.approval_id), RunState.CANCELLED, "", 0)
    step = ledger.ask_approval(kind="gate", digest="d", title="publish", context="{}", timeout_s=60)
    ledger.decide_approval(step, ApprovalState.APPROVED, decided_by="ada", means="cli")
    assert ledger.use_approval(step, "gate", digest="d")

    desk.sql("DELETE FROM runs")
    desk.sql("UPDATE approvals SET used_by = NULL")

    with pytest.raises(ApprovalRefused, match="no unused approval of this content"):
        desk.begin(plan, elsewhere.approval_id)
    assert ledger.take_over_approval(desk.plan().plan_id, plan.digest) is None
    assert ledger.join_approval("publish", "d") is None
    assert not ledger.use_approval(step, "gate", digest="d")
