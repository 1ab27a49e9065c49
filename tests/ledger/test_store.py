import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from loopai_nb.errors import ApprovalRefused, InputError, LedgerError
from loopai_nb.ledger.runs import Reopening
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import ApprovalState, RunState


def test_identical_requests_are_stored_once(shelf):
    """Rows share a request of the same content; a row that can't be asked has none."""
    plan_id, _ = shelf.plan(["a", "b", "a", None, "a"])
    assert shelf.ledger.plan_sums(plan_id)["distinct"] == 2
    assert len(shelf.sql("SELECT 1 FROM rows WHERE plan_id = ?", plan_id)) == 5


def test_identical_requests_in_different_batches_are_stored_once(shelf):
    """Also where the same content comes in a later call."""
    from loopai_nb.planning.plan import planned_rows
    from loopai_nb.prompts.template import Rendered

    plan_id = shelf.ledger.begin_plan(shelf.spec().as_json(), "birds")
    planned = list(planned_rows(shelf.spec(), [Rendered("a", None, None)] * 3, ["0", "1", "2"]))
    shelf.ledger.add_rows(plan_id, planned[:1])
    shelf.ledger.add_rows(plan_id, planned[1:])
    shelf.ledger.add_rows(plan_id, [])
    assert shelf.ledger.plan_sums(plan_id)["distinct"] == 1


def test_a_dropped_plan_leaves_nothing(shelf, until):
    """A plan whose making failed is forgotten with its rows; a finished one is not."""
    begun = shelf.ledger.begin_plan(shelf.spec().as_json(), "birds")
    finished, _ = shelf.plan(["a"])
    shelf.ledger.drop_plan(begun)
    shelf.ledger.drop_plan(finished)
    until(lambda: shelf.sql("SELECT plan_id FROM plans") == [(finished,)])
    assert len(shelf.sql("SELECT 1 FROM requests")) == len(shelf.sql("SELECT 1 FROM rows")) == 1


@pytest.mark.parametrize("state", [ApprovalState.REJECTED, ApprovalState.TIMEOUT, ApprovalState.PENDING])
def test_what_was_not_approved_does_not_begin(shelf, state):
    """Only an approval that was given begins a run."""
    plan_id, digest = shelf.plan(["a"])
    approval_id = shelf.approve(plan_id, digest, state)
    with pytest.raises(ApprovalRefused, match=r"no unused approval of this content. Make the plan again"):
        shelf.ledger.begin_run(plan_id, digest, approval_id, None)
    assert shelf.sql("SELECT * FROM runs") == []


def test_an_approval_is_of_one_content(shelf):
    """Attacks 41 and 42: an approval of another digest, or of another plan, begins nothing."""
    plan_id, digest = shelf.plan(["a"])
    other_id, other_digest = shelf.plan(["b"])
    approval_id = shelf.approve(plan_id, digest)
    for plan, content in ((plan_id, other_digest), (other_id, digest), (other_id, other_digest)):
        with pytest.raises(ApprovalRefused):
            shelf.ledger.begin_run(plan, content, approval_id, None)
    assert shelf.ledger.begin_run(plan_id, digest, approval_id, None)


def test_an_approval_is_used_once(shelf):
    """Attack 43: the second run on one approval is refused and leaves no trace."""
    plan_id, digest = shelf.plan(["a"])
    approval_id = shelf.approve(plan_id, digest)
    shelf.ledger.begin_run(plan_id, digest, approval_id, None)
    with pytest.raises(ApprovalRefused):
        shelf.ledger.begin_run(plan_id, digest, approval_id, None)
    assert len(shelf.sql("SELECT * FROM runs")) == len(shelf.sql("SELECT * FROM owners")) == 1


def test_a_budget_is_the_one_that_was_approved(shelf):
    """Attack 42: a run can't begin with another budget than its plan's, which the digest covers."""
    plan_id, digest = shelf.plan(["a"], budget_pusd=10)
    approval_id = shelf.approve(plan_id, digest)
    with pytest.raises(ApprovalRefused):
        shelf.ledger.begin_run(plan_id, digest, approval_id, 10**9)
    assert shelf.ledger.begin_run(plan_id, digest, approval_id, 10)


def test_a_run_that_is_carried_out_is_not_reopened(shelf):
    """While its process lives a run has one owner, in this process or another."""
    _, run_id = shelf.run(["a"])
    other = Ledger(shelf.where)
    with pytest.raises(
        InputError, match=rf'stop it with session.cancel\("{run_id}"\), or help: session.join\("{run_id}"\)'
    ):
        shelf.ledger.reopen_run(run_id, Reopening(budget_pusd=None, resend=True, retry_failed=False))
    shelf.ledger.end_run(run_id, RunState.PARTIAL, "budget", 5)
    assert other.reopen_run(run_id, Reopening(budget_pusd=7, resend=True, retry_failed=False)) == 0
    assert shelf.sql("SELECT state, budget_pusd, active_ms FROM runs") == [("RUNNING", 7, 5)]
    other.end_run(run_id, RunState.COMPLETED, "", 6)
    assert shelf.sql("SELECT state, active_ms FROM runs") == [("COMPLETED", 11)]
    assert shelf.sql("SELECT * FROM owners") == []
    other.close()


def test_a_helper_that_leaves_while_it_waits_does_not_leave_the_run_paused(shelf):
    """PAUSED is what an owner says while it waits; when it leaves, the others go on, and so does the run."""
    _, run_id = shelf.run(["a"])
    helper = Ledger(shelf.where)
    helper.join_run(run_id)
    asyncio.run(helper.atell_held(run_id, "the server asks to slow down"))
    assert not helper.end_run(run_id, RunState.CANCELLED, "cancelled", 5)
    assert shelf.sql("SELECT state, reason FROM runs") == [("RUNNING", "")]
    helper.close()


def test_of_two_threads_that_join_at_once_one_does(shelf):
    """A process has one part in a run, however many of its threads ask for it at the same moment."""
    _, run_id = shelf.run(["a"])
    helper = Ledger(shelf.where)
    free, busy = threading.Event(), threading.Event()

    def hold(_):
        busy.set()
        assert free.wait(60)

    helper._writer.submit(hold)
    assert busy.wait(60)
    with ThreadPoolExecutor() as threads:
        joining = [threads.submit(helper.join_run, run_id) for _ in range(2)]
        free.set()
        refused = [each.exception() for each in joining]
    assert sorted(type(error) for error in refused if error is not None) == [InputError]
    assert shelf.sql("SELECT count(*) FROM owners") == [(2,)]
    helper.close()


def test_an_unknown_run_is_told(shelf):
    """Reopening what is not there is a clear message."""
    with pytest.raises(InputError, match="There is no run r-none"):
        shelf.ledger.reopen_run("r-none", Reopening(budget_pusd=None, resend=True, retry_failed=False))


def test_a_cancel_from_elsewhere_is_seen_by_the_heartbeat(shelf):
    """Another process asks to cancel; the one that carries the run out learns it."""
    _, run_id = shelf.run(["a"])
    other = Ledger(shelf.where)
    assert not asyncio.run(shelf.ledger.aheartbeat(run_id)).cancel
    other.request_cancel(run_id)
    assert asyncio.run(shelf.ledger.aheartbeat(run_id)).cancel
    other.close()


def test_a_closed_ledger_says_so(shelf):
    """After close every write is a LedgerError, and closing again is nothing."""
    shelf.ledger.close()
    shelf.ledger.close()
    with pytest.raises(LedgerError, match="The ledger is closed"):
        shelf.ledger.begin_plan("{}", "birds")


def test_a_plan_that_was_never_finished_can_not_begin(shelf):
    """A plan without a digest has no content that could have been approved."""
    plan_id = shelf.ledger.begin_plan(shelf.spec().as_json(), "birds")
    approval_id = shelf.approve(plan_id, "")
    with pytest.raises(ApprovalRefused):
        shelf.ledger.begin_run(plan_id, "", approval_id, None)
