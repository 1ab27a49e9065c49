import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from loopai_nb.approval.pending import Pending, submit
from loopai_nb.errors import ApprovalRefused, InputError, LedgerError
from loopai_nb.ledger.integrity import check
from loopai_nb.records import ApprovalState

DECIDERS = 8


def _asked(desk, plan=None, timeout_s=60):
    return Pending.of_plan(desk.ledger, plan or desk.plan(), asked_by="ada", timeout_s=timeout_s)


def test_of_many_deciders_one_wins(each_desk):
    """Threads of two processes' worth of ledgers decide at once: one decision, and all are told the same."""
    desk = each_desk
    pending = _asked(desk)
    ledgers = [desk.ledger, desk.other()]
    ready = threading.Barrier(DECIDERS)

    def decide(n):
        state = ApprovalState.APPROVED if n % 2 else ApprovalState.REJECTED
        here = Pending(ledgers[n % 2], pending.approval_id)
        ready.wait()
        return here.decide(state, decided_by=f"d{n}", means="cli")

    with ThreadPoolExecutor(DECIDERS) as threads:
        rows = list(threads.map(decide, range(DECIDERS)))
    assert len({(row.state, row.decided_by) for row in rows}) == 1
    assert [row["kind"] for row in desk.chain()] == ["asked", "decided"]
    assert check(desk.ledger) == []


def test_of_many_who_use_it_one_does(each_desk):
    """Attack 43: runs that begin at once on one approval: one begins."""
    desk = each_desk
    plan = desk.plan()
    pending = _asked(desk, plan)
    pending.decide(ApprovalState.APPROVED, decided_by="ada", means="widget")
    ledgers = [desk.ledger, desk.other()]
    ready = threading.Barrier(DECIDERS)

    def begin(n):
        ready.wait()
        try:
            return ledgers[n % 2].begin_run(plan.plan_id, plan.digest, pending.approval_id, None)
        except ApprovalRefused:
            return None

    with ThreadPoolExecutor(DECIDERS) as threads:
        begun = [run_id for run_id in threads.map(begin, range(DECIDERS)) if run_id]
    assert begun == [pending.row.used_by]
    assert [row["kind"] for row in desk.chain()] == ["asked", "decided", "used"]
    assert check(desk.ledger) == []


def test_a_loop_waits_without_standing_still(desk):
    """A decision of this process wakes it, from whatever thread it comes."""

    async def wait():
        pending = _asked(desk)
        loop = asyncio.get_running_loop()
        later = loop.run_in_executor(
            None, lambda: pending.decide(ApprovalState.APPROVED, decided_by="ada", means="widget")
        )
        row = await pending.until_decided()
        await later
        again = await pending.until_decided()
        return row, again

    row, again = asyncio.run(wait())
    assert row == again
    assert row.state is ApprovalState.APPROVED


AWAY = "ALTER TABLE approvals RENAME TO away"
BACK = "ALTER TABLE away RENAME TO approvals"


def test_a_look_that_fails_ends_no_wait(each_desk, capsys, until):
    """It is said once, and what is decided later is found, in a loop as in a thread."""
    desk = each_desk
    pending, other = _asked(desk), _asked(desk, timeout_s=70)
    desk.sql(AWAY)
    steps = [lambda: None, lambda: desk.sql(BACK), lambda: _approve(pending)]

    async def step(_decided, _timeout_s):
        steps.pop(0)()

    row = asyncio.run(pending.until_decided(step))
    assert (row.state, steps) == (ApprovalState.APPROVED, [])
    said = capsys.readouterr().err
    assert said.count("could not be read") == 1
    assert f"The ledger can be read again; {pending.approval_id} is waited for." in said

    desk.sql(AWAY)
    heard = []
    with ThreadPoolExecutor(1) as threads:
        waited = threads.submit(other.wait)
        until(lambda: heard.append(capsys.readouterr().err) or "could not be read" in "".join(heard))
        desk.sql(BACK)
        _approve(other)
        assert waited.result(60).state is ApprovalState.APPROVED


def test_a_ledger_that_stays_away_ends_a_wait(desk):
    """With its error, once it was away for as long as it may be."""
    pending = Pending(desk.ledger, _asked(desk).approval_id, away_s=0.5)
    desk.sql(AWAY)
    with pytest.raises(LedgerError, match="could not be read"):
        pending.wait()
    with pytest.raises(LedgerError, match="could not be read"):
        asyncio.run(pending.until_decided())


def _approve(pending):
    pending.decide(ApprovalState.APPROVED, decided_by="ada", means="cli")


def test_a_wait_may_be_shorter_than_the_question(desk):
    """What has not been decided by then is PENDING."""
    assert _asked(desk).wait(timeout_s=0.001).state is ApprovalState.PENDING


def test_a_wait_ends_with_the_question(desk):
    """When its time is over it is TIMEOUT, though nobody wrote that down yet; who asks next does."""
    pending = _asked(desk, timeout_s=10)
    assert pending.left_s == 10
    desk.now_s += 10
    assert pending.left_s == 0
    row = pending.wait()
    assert (row.state, row.decided_ms) == (ApprovalState.TIMEOUT, row.expires_ms)
    assert desk.ledger.approvals(ApprovalState.TIMEOUT) == [row]
    assert desk.ledger.approvals(ApprovalState.PENDING) == []
    _asked(desk)
    assert [each["kind"] for each in desk.chain()] == ["asked", "decided", "asked"]
    assert pending.row == row


def test_what_was_withdrawn_is_over(desk):
    """Nobody can approve it any more, and what was decided before stays so."""
    pending = _asked(desk)
    pending.withdraw("interrupted")
    with pytest.raises(InputError, match="waits no more"):
        submit(desk.ledger, pending.approval_id, ApprovalState.APPROVED, decided_by="ada", means="cli")
    given = _asked(desk)
    given.decide(ApprovalState.APPROVED, decided_by="ada", means="cli")
    given.withdraw("interrupted")
    assert given.row.state is ApprovalState.APPROVED


def test_a_plan_is_decided_by_its_own_id(desk):
    """Of several questions about a plan the one that waits is meant."""
    plan = desk.plan()
    _asked(desk, plan).withdraw("interrupted")
    waiting = _asked(desk, plan)
    row = submit(
        desk.ledger, plan.plan_id, ApprovalState.REJECTED, decided_by="bob", means="cli", feedback="no"
    )
    assert (row.approval_id, row.feedback) == (waiting.approval_id, "no")


def test_a_gate_is_not_taken_for_what_it_calls_itself(desk):
    """A step that has another approval's id as its name is not decided in its place."""
    pending = _asked(desk)
    desk.ledger.ask_approval(kind="gate", digest="d", title=pending.approval_id, timeout_s=60)
    row = submit(desk.ledger, pending.approval_id, ApprovalState.APPROVED, decided_by="bob", means="cli")
    assert row.kind == "plan"


def test_a_name_decides_nothing_where_it_may_mean_another_thing(desk):
    """Two steps of one name that are about different things are told by their ids; of the same, either is."""
    ids = [
        desk.ledger.ask_approval(kind="gate", digest=digest, title="publish", timeout_s=60)
        for digest in ("few rows", "all rows", "all rows")
    ]
    with pytest.raises(InputError, match=f"Several things wait as publish: .*{ids[0]}"):
        submit(desk.ledger, "publish", ApprovalState.APPROVED, decided_by="bob", means="cli")
    assert len(desk.ledger.approvals(ApprovalState.PENDING)) == 3

    submit(desk.ledger, ids[0], ApprovalState.REJECTED, decided_by="bob", means="cli")
    row = submit(desk.ledger, "publish", ApprovalState.APPROVED, decided_by="bob", means="cli")
    assert row.digest == "all rows"


def test_a_plan_is_not_approved_with_changes(desk):
    """Nobody would follow them: it waits on, and they can be said with a rejection."""
    pending = _asked(desk)
    said = {"decided_by": "bob", "means": "cli", "modifications": {"leave_out": [1]}}
    with pytest.raises(InputError, match="approved as it is"):
        submit(desk.ledger, pending.approval_id, ApprovalState.APPROVED, **said)
    assert pending.row.state is ApprovalState.PENDING
    row = submit(desk.ledger, pending.approval_id, ApprovalState.REJECTED, **said)
    assert row.modifications == {"leave_out": [1]}


@pytest.mark.parametrize("value", [float("nan"), object(), {1, 2}, b"x"])
def test_modifications_are_json(desk, value):
    """What can't be kept is refused before anything is decided."""
    pending = _asked(desk)
    with pytest.raises(InputError, match="modifications can't be kept"):
        pending.decide(ApprovalState.APPROVED, decided_by="ada", means="code", modifications={"a": value})
    assert pending.row.state is ApprovalState.PENDING


class _Approvals(RuleBasedStateMachine):
    """Askers, deciders, users and the clock, in any order."""

    desk = None

    def __init__(self):
        super().__init__()
        self.plan = self.desk.plan()
        self.asked: list[str] = []
        self.decided: dict[str, ApprovalState] = {}
        self.used: set[str] = set()

    @rule(timeout_s=st.sampled_from([None, 5, 50]))
    def ask(self, timeout_s):
        """Ask about the plan."""
        self.asked.append(
            self.desk.ledger.ask_approval(
                digest=self.plan.digest, plan_id=self.plan.plan_id, timeout_s=timeout_s
            )
        )

    @rule(
        n=st.integers(0, 20),
        state=st.sampled_from([ApprovalState.APPROVED, ApprovalState.REJECTED, ApprovalState.TIMEOUT]),
    )
    def decide(self, n, state):
        """Decide one of them: it succeeds once, and only in time."""
        if not self.asked:
            return
        approval_id = self.asked[n % len(self.asked)]
        before = self.desk.ledger.approval(approval_id)
        given = self.desk.ledger.decide_approval(approval_id, state, decided_by="a", means="cli")
        is_over = before.state is not ApprovalState.PENDING
        assert not (given and is_over and state is not ApprovalState.TIMEOUT)
        if approval_id in self.decided:
            assert not given
        now = self.desk.ledger.approval(approval_id).state
        assert now is not ApprovalState.PENDING
        self.decided.setdefault(approval_id, now)

    @rule(n=st.integers(0, 20), is_other=st.booleans())
    def use(self, n, is_other):
        """Begin a run by one of them, perhaps of another plan: it succeeds once, and only where approved."""
        if not self.asked:
            return
        approval_id = self.asked[n % len(self.asked)]
        plan = self.desk.plan(("wren",)) if is_other else self.plan
        may = (
            not is_other
            and self.decided.get(approval_id) is ApprovalState.APPROVED
            and approval_id not in self.used
        )
        try:
            self.desk.begin(plan, approval_id)
        except ApprovalRefused:
            assert not may
        else:
            assert may
            self.used.add(approval_id)

    @rule(s=st.sampled_from([1, 5, 60]))
    def wait(self, s):
        """Time goes by."""
        self.desk.now_s += s

    @invariant()
    def stays(self):
        """What was decided stays so."""
        for approval_id, state in self.decided.items():
            assert self.desk.ledger.approval(approval_id).state is state

    def teardown(self):
        """The chain says the same."""
        assert self.desk.ledger.verify_chain()[1] == []


def test_an_approval_is_decided_once_and_used_once(desk):
    """Whatever is done in whatever order, by whom and when."""
    machine = type("_Machine", (_Approvals,), {"desk": desk})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
