import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from loopai_nb.errors import LedgerError
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.runs import Reopening
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import ApprovalState, Outcome, RequestState, RunState

HERE = Path(__file__).parent


def _claim(shelf, run_id, n=10):
    return asyncio.run(shelf.ledger.aclaim(run_id, n))


def _answered(lease, cost_pusd=5, text="yes"):
    return Settlement(lease, Outcome.ANSWERED, RequestState.ANSWERED, cost_pusd=cost_pusd, text=text)


def _record(shelf, run_id, *settlements):
    asyncio.run(shelf.ledger.arecord(run_id, settlements))


def _states(shelf, plan_id):
    return [
        s for (s,) in shelf.sql("SELECT state FROM requests WHERE plan_id = ? ORDER BY request_no", plan_id)
    ]


def test_a_claim_reserves_the_worst_case_before_anything_is_sent(shelf):
    """When a claim returns, its leases and their reservation are in the file."""
    plan_id, run_id = shelf.run(["a", "b", "c"])
    claim = _claim(shelf, run_id, 2)
    assert [lease.prompt for lease in claim.leases] == ["a", "b"]
    assert _states(shelf, plan_id) == ["LEASED", "LEASED", "WAITING"]
    assert shelf.money(run_id) == (0, sum(lease.worst_case_pusd for lease in claim.leases))


def test_a_settlement_moves_money_from_reserved_to_spent(shelf):
    """The reservation is given back whole and the cost is spent; the attempt and the answer are there."""
    _plan_id, run_id = shelf.run(["a"])
    (lease,) = _claim(shelf, run_id).leases
    _record(shelf, run_id, _answered(lease, cost_pusd=7))
    assert shelf.money(run_id) == (7, 0)
    assert shelf.sql("SELECT cost_pusd, outcome, number FROM attempts") == [(7, "answered", 1)]
    assert shelf.sql("SELECT text, cost_pusd FROM answers") == [("yes", 7)]


def test_a_group_of_any_size_is_recorded_whole(shelf):
    """However many answers come together, each has its row, its attempt and its own text."""
    _plan_id, run_id = shelf.run([str(n) for n in range(141)])
    leases = _claim(shelf, run_id, 141).leases
    _record(shelf, run_id, *[_answered(lease, cost_pusd=n, text=f"to {n}") for n, lease in enumerate(leases)])
    answers = shelf.sql("SELECT request_no, text, cost_pusd FROM answers ORDER BY request_no")
    assert answers == [(lease.request_no, f"to {n}", n) for n, lease in enumerate(leases)]
    attempts = shelf.sql("SELECT request_no, cost_pusd FROM attempts ORDER BY request_no")
    assert attempts == [(lease.request_no, n) for n, lease in enumerate(leases)]


def test_a_request_waits_until_it_is_due(shelf):
    """A request put off is not leased before its time, and the claim says when that is."""
    _plan_id, run_id = shelf.run(["a"])
    (lease,) = _claim(shelf, run_id).leases
    later = shelf.ledger.now_ms() + 60_000
    _record(shelf, run_id, Settlement(lease, Outcome.DEFERRED, RequestState.WAITING, not_before_ms=later))
    claim = _claim(shelf, run_id)
    assert (claim.leases, claim.waiting, claim.leased, claim.due_ms) == ((), 1, 0, later)


def test_released_leases_cost_nothing(shelf):
    """What was never sent goes back: no attempt, no money, and it can be claimed again."""
    plan_id, run_id = shelf.run(["a", "b"])
    leases = _claim(shelf, run_id).leases
    asyncio.run(shelf.ledger.arelease(run_id, leases))
    asyncio.run(shelf.ledger.arelease(run_id, leases))
    assert shelf.money(run_id) == (0, 0)
    assert _states(shelf, plan_id) == ["WAITING", "WAITING"]
    assert [lease.attempt for lease in _claim(shelf, run_id).leases] == [1, 1]


def test_what_another_run_answered_is_not_asked_again(shelf):
    """An answer that another run recorded meanwhile settles the request without a lease."""
    _first_plan, first_run = shelf.run(["a", "b"])
    _second_plan, second_run = shelf.run(["b", "c"])
    leases = _claim(shelf, first_run).leases
    _record(shelf, first_run, *map(_answered, leases))
    claim = _claim(shelf, second_run)
    assert ([lease.prompt for lease in claim.leases], claim.cached) == (["c"], 1)
    assert shelf.plan(["a", "b", "c", "d"])
    third_plan, _ = shelf.run(["a", "b", "d"])
    assert _states(shelf, third_plan) == ["ANSWERED", "ANSWERED", "WAITING"]


def test_the_budget_stops_before_it_is_passed(shelf):
    """A request whose worst case does not fit is not leased; what is settled below it makes room again."""
    _plan_id, run_id = shelf.run(["a", "b", "c"], budget_pusd=474)
    claim = _claim(shelf, run_id)
    assert [lease.worst_case_pusd for lease in claim.leases] == [209, 209]
    assert claim.over_budget
    _record(shelf, run_id, *(_answered(lease, 10) for lease in claim.leases))
    assert [lease.prompt for lease in _claim(shelf, run_id).leases] == ["c"]


def test_a_settlement_twice_is_refused(shelf):
    """A lease that was settled is not settled again: nothing is spent a second time."""
    _plan_id, run_id = shelf.run(["a"])
    (lease,) = _claim(shelf, run_id).leases
    _record(shelf, run_id, _answered(lease))
    with pytest.raises(LedgerError):
        _record(shelf, run_id, _answered(lease))
    assert shelf.money(run_id) == (5, 0)
    assert len(shelf.sql("SELECT * FROM attempts")) == 1


def _workers(shelf, run_ids):
    """Processes that claim at the same time; what each of them leased."""
    started = [
        subprocess.Popen(
            [sys.executable, str(HERE / "claiming.py"), shelf.address, run_id],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for run_id in run_ids
    ]
    for worker in started:
        assert worker.stdout.readline() == "ready\n"
    for worker in started:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    said = [worker.communicate(timeout=60)[0] for worker in started]
    assert [worker.returncode for worker in started] == [0] * len(started)
    return [[int(number) for number in text.split()] for text in said]


def test_two_processes_never_hold_the_same_request(shelf):
    """Claims of two processes on one file are exclusive, and together they take all."""
    plan_id, run_id = shelf.run([f"p{n}" for n in range(400)])
    first, second = _workers(shelf, [run_id, run_id])
    assert sorted(first + second) == sorted(set(first + second))
    assert len(first + second) == 400
    assert _states(shelf, plan_id) == ["ANSWERED"] * 400
    assert len(shelf.sql("SELECT * FROM attempts")) == 400


def test_processes_that_race_for_a_budget_never_pass_it(shelf):
    """Attack 50: three workers that spend their worst cases stop together at the budget, not above it."""
    _plan_id, run_id = shelf.run([f"p{n:03d}" for n in range(300)], budget_pusd=100 * 212 + 50)
    leased = _workers(shelf, [run_id] * 3)
    spent, reserved = shelf.money(run_id)
    assert reserved == 0
    assert 99 * 212 < spent <= 100 * 212 + 50
    assert sum(map(len, leased)) == len(shelf.sql("SELECT * FROM answers")) == spent // 212


def _killed_while_leasing(shelf, prompts, n):
    plan_id, digest = shelf.plan(prompts)
    approval_id = shelf.approve(plan_id, digest)
    with subprocess.Popen(
        [sys.executable, str(HERE / "leasing.py"), shelf.address, plan_id, digest, approval_id, str(n)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        run_id, leased = process.stdout.readline().split()
        process.kill()
    assert int(leased) == n
    return plan_id, run_id


@pytest.mark.parametrize("resend", [True, False])
def test_the_leases_of_a_killed_process_are_taken_back(shelf, resend):
    """After kill -9 what was in flight counts as spent at its worst case, and is sent again only if asked."""
    plan_id, run_id = _killed_while_leasing(shelf, ["a", "b", "c"], 2)
    assert shelf.money(run_id) == (0, 418)
    lost = shelf.ledger.reopen_run(run_id, Reopening(budget_pusd=None, resend=resend, retry_failed=False))
    assert lost == 2
    assert shelf.money(run_id) == (418, 0)
    state = "WAITING" if resend else "MAYBE_PAID"
    assert _states(shelf, plan_id) == [state, state, "WAITING"]
    assert (
        shelf.sql("SELECT outcome, error_kind, cost_pusd FROM attempts")
        == [("unknown", "process_ended", 209)] * 2
    )
    assert len(_claim(shelf, run_id).leases) == (3 if resend else 1)


def test_leases_of_a_living_process_are_left_alone(shelf):
    """A sweep takes nothing from a process that is there, though it says nothing."""
    plan_id, run_id = shelf.run(["a", "b"])
    _claim(shelf, run_id, 1)
    other = Ledger(shelf.where)
    other_run = _second_run(shelf, plan_id)
    assert other.reopen_run(other_run, Reopening(budget_pusd=None, resend=True, retry_failed=False)) == 0
    assert _states(shelf, plan_id) == ["LEASED", "WAITING"]
    other.close()


def _second_run(shelf, plan_id):
    """Another run of the same plan, ended."""
    ((digest,),) = shelf.sql("SELECT digest FROM plans WHERE plan_id = ?", plan_id)
    approval_id = shelf.approve(plan_id, digest, ApprovalState.APPROVED)
    run_id = shelf.ledger.begin_run(plan_id, digest, approval_id, None)
    shelf.ledger.end_run(run_id, RunState.PARTIAL, "", 0)
    return run_id


def _swept_under_us(shelf, plan_id, *, resend=True):
    """Take this process for dead, as another machine would after a long silence."""
    from loopai_nb.ledger import sweeping

    shelf.ledger._do(
        lambda connection: sweeping.sweep(
            connection, plan_id, shelf.ledger.now_ms(), is_gone=lambda _: True, resend=resend
        )
    )


def test_a_late_answer_is_kept_and_nothing_is_spent_twice(shelf):
    """An answer that comes after its lease was taken back counts: it is not asked again nor charged again."""
    plan_id, run_id = shelf.run(["a", "b"])
    leases = _claim(shelf, run_id).leases
    _swept_under_us(shelf, plan_id)
    assert shelf.money(run_id) == (418, 0)
    _record(shelf, run_id, *map(_answered, leases))
    assert shelf.money(run_id) == (418, 0)
    assert _states(shelf, plan_id) == ["ANSWERED", "ANSWERED"]
    assert [text for (text,) in shelf.sql("SELECT text FROM answers")] == ["yes", "yes"]


def test_a_late_answer_beside_a_new_lease_is_kept(shelf):
    """Where the request was leased again meanwhile, the late answer is stored; the new lease stays whole."""
    plan_id, run_id = shelf.run(["a"])
    (old,) = _claim(shelf, run_id).leases
    _swept_under_us(shelf, plan_id)
    (new,) = _claim(shelf, run_id).leases
    assert (old.attempt, new.attempt) == (1, 2)
    _record(shelf, run_id, _answered(old, text="first"))
    assert shelf.money(run_id) == (209, 209)
    _record(shelf, run_id, _answered(new, cost_pusd=4, text="second"))
    assert shelf.money(run_id) == (213, 0)
    assert _states(shelf, plan_id) == ["ANSWERED"]
    assert shelf.sql("SELECT text FROM answers") == [("first",)]


def test_a_late_failure_changes_nothing(shelf):
    """A failure that comes after the lease was taken back leaves the request waiting."""
    plan_id, run_id = shelf.run(["a"])
    (lease,) = _claim(shelf, run_id).leases
    _swept_under_us(shelf, plan_id)
    _record(shelf, run_id, Settlement(lease, Outcome.UNKNOWN, RequestState.FAILED, cost_pusd=209))
    assert shelf.money(run_id) == (209, 0)
    assert _states(shelf, plan_id) == ["WAITING"]


def test_after_a_retry_of_failed_requests_a_settlement_still_counts(shelf):
    """Attempts are counted anew after a retry, and a new one is still not taken for one that was lost."""
    plan_id, run_id = shelf.run(["a"])
    _claim(shelf, run_id)
    _swept_under_us(shelf, plan_id)
    shelf.ledger.end_run(run_id, RunState.PARTIAL, "", 0)
    shelf.ledger.reopen_run(run_id, Reopening(budget_pusd=None, resend=True, retry_failed=True))
    (lease,) = _claim(shelf, run_id).leases
    _record(shelf, run_id, Settlement(lease, Outcome.REJECTED, RequestState.FAILED))
    shelf.ledger.end_run(run_id, RunState.PARTIAL, "", 0)
    shelf.ledger.reopen_run(run_id, Reopening(budget_pusd=None, resend=True, retry_failed=True))
    (lease,) = _claim(shelf, run_id).leases
    late = Settlement(lease, Outcome.UNKNOWN, RequestState.WAITING, cost_pusd=9)
    _swept_under_us(shelf, plan_id)
    _record(shelf, run_id, late)
    assert shelf.money(run_id) == (418, 0)


@pytest.mark.parametrize("how", ["deferred", "failed", "released", "swept", "given up"])
def test_a_late_answer_is_not_lost_by_the_end_of_a_new_lease(shelf, how):
    """However a second lease ends, a request that the first one was paid an answer for is answered."""
    plan_id, run_id = shelf.run(["a"])
    (old,) = _claim(shelf, run_id).leases
    _swept_under_us(shelf, plan_id)
    (new,) = _claim(shelf, run_id).leases
    _record(shelf, run_id, _answered(old, text="first"))
    if how == "deferred":
        _record(shelf, run_id, Settlement(new, Outcome.DEFERRED, RequestState.WAITING))
    elif how == "failed":
        _record(shelf, run_id, Settlement(new, Outcome.REJECTED, RequestState.FAILED, error="no"))
    elif how == "released":
        asyncio.run(shelf.ledger.arelease(run_id, [new]))
    else:
        _swept_under_us(shelf, plan_id, resend=how == "swept")
    found = shelf.sql("SELECT state, answer_no, error FROM requests")
    assert found == [("ANSWERED", old.request_no, None)]
