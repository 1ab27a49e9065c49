import asyncio
import time

import pandas as pd
import pytest

from loopai_nb.approval.gate import Decision
from loopai_nb.clients.openai import OpenAIServer
from loopai_nb.devserver.serve import DevServer
from loopai_nb.errors import ApprovalRefused, InputError, LedgerError, ModelServerError
from loopai_nb.execution.counts import Limits
from loopai_nb.ledger import queries
from loopai_nb.records import ApprovalState, RunState
from loopai_nb.session import asking


def test_every_row_is_answered_once(bench, devserver, birds):
    """All rows get an answer, and identical ones are sent once and share it."""
    frame = pd.concat([birds(50), birds(50)])

    run = bench.start(bench.plan(frame), frame).wait()

    assert run.state is RunState.COMPLETED
    result = run.result()
    assert list(result.index) == list(frame.index)
    assert (result["status"] == "answered").all()
    assert set(result["answer"]) == {"windshield"}
    assert devserver.stats().requests == 50
    assert max(devserver.stats().times_asked.values()) == 1


def test_answers_are_not_paid_for_again(bench, devserver, birds):
    """A second plan of the same content sends nothing, costs nothing and says that it is cached."""
    frame = birds(20)
    bench.start(bench.plan(frame), frame).wait()
    asked = devserver.stats().requests

    plan = bench.plan(frame)
    run = bench.start(plan, frame).wait()

    assert (plan.cached, plan.to_send) == (20, 0)
    assert devserver.stats().requests == asked
    assert set(run.result()["status"]) == {"cached"}
    assert run.result()["cost_usd"].sum() == 0


@pytest.mark.parametrize(
    "fault",
    ["429:0", "429:ms", "500", "503:0", "502", "reset_before", "close_before", "reset_mid", "truncated"],
)
def test_a_passing_fault_is_survived(bench, devserver, birds, fault):
    """Faults that a later try can mend leave every row answered, with each attempt in the ledger."""
    frame = birds(6)
    devserver.faults(f"{fault}*3")

    run = bench.start(bench.plan(frame), frame, concurrency=2).wait()

    assert run.state is RunState.COMPLETED, run.row.reason
    assert devserver.stats().requests == 9


@pytest.mark.parametrize(
    "fault", ["html", "garbage", "error_object", "empty_choices", "deep_json", "empty_body"]
)
def test_a_success_without_an_answer_fails_its_row_and_is_charged(bench, devserver, birds, fault):
    """A 200 that is no answer is not sent again, counts at its worst case, and the other rows go on."""
    frame = birds(4)
    devserver.faults(f"{fault}*1")

    run = bench.start(bench.plan(frame), frame, concurrency=1).wait()

    assert run.state is RunState.PARTIAL
    result = run.result()
    assert list(result["status"]) == ["failed", "answered", "answered", "answered"]
    assert result["error"].iloc[0]
    assert devserver.stats().requests == 4
    ((reason, rows, positions),) = run.failures()
    assert (reason, rows, positions) == (result["error"].iloc[0], 1, [0])


def test_failed_rows_alone_are_asked_again(bench, devserver, birds):
    """Retrying a run sends its failed requests and nothing else."""
    frame = birds(5)
    devserver.faults("garbage*2")
    run = bench.start(bench.plan(frame), frame, concurrency=1).wait()
    asked = devserver.stats().requests

    again = bench.reopen(run.run_id, retry_failed=True, frame=frame).wait()

    assert again.state is RunState.COMPLETED
    assert devserver.stats().requests == asked + 2


def test_a_budget_stops_before_it_is_passed(bench, devserver, birds):
    """The run ends PARTIAL within its budget, and resumes with a larger one."""
    frame = birds(100)
    plan = bench.plan(frame)
    budget = plan.estimate.worst_case_pusd // 20
    plan = bench.plan(frame, budget_usd=f"{budget}e-12")

    run = bench.start(plan, frame).wait()

    row = run.row
    assert (row.state, row.reason) == (RunState.PARTIAL, "budget")
    assert 0 < row.spent_pusd <= budget
    assert 0 < row.answered < 100
    assert set(run.result()["status"]) == {"answered", "skipped"}
    assert bench.reopen(run.run_id, budget_usd=1, frame=frame).wait().state is RunState.COMPLETED
    assert devserver.stats().requests == 100


@pytest.mark.parametrize("usage", ["no_usage", "negative_usage", "nan_usage"])
def test_impossible_usage_is_charged_at_the_worst_case(bench, devserver, birds, usage):
    """ATTACKS 37: without usage that can be believed, what was reserved is what is spent."""
    frame = birds(1)
    plan = bench.plan(frame)
    devserver.faults(f"{usage}*1")

    run = bench.start(plan, frame).wait()

    assert run.row.spent_pusd == plan.estimate.worst_case_pusd


def test_nothing_is_sent_to_a_server_that_is_off(bench, devserver, birds):
    """Without a server the run does not start, and the approval is not even asked for."""
    plan = bench.plan(birds(3))
    devserver.close()

    with pytest.raises(ModelServerError, match="No model server at"):
        bench.start(plan)

    assert queries.run_ids(bench.ledger) == []


def test_a_server_that_is_started_again_is_waited_for(bench, birds, until):
    """One that answered before may be away for longer than one that never did; no row fails of it."""
    frame = birds(200)
    with DevServer() as first:
        first.faults(latency_ms=20)
        bench.serve(OpenAIServer(first.openai_url, "demo-lexical"))
        run = bench.start(bench.plan(frame), frame, concurrency=4, unreachable_s=0.2)
        until(lambda: run.progress.answered >= 20)
    until(lambda: run.row.state is RunState.PAUSED)
    assert "failing; trying again" in run.row.reason
    time.sleep(1)  # five times as long as one that never answered may be away

    with DevServer(port=first.port):
        run.wait(timeout_s=60)

    row = run.row
    assert (row.state, row.answered, row.failed) == (RunState.COMPLETED, 200, 0)


def test_a_server_that_dies_in_the_middle_leaves_a_run_to_resume(bench, devserver, birds, until):
    """When the server stays away the run stops by itself, keeps what is answered and can go on."""
    frame = birds(300)
    devserver.faults(latency_ms=20)
    run = bench.start(bench.plan(frame), frame, concurrency=4, outage_s=0.5)
    until(lambda: run.progress.answered >= 20)
    devserver.close()

    run.wait(timeout_s=60)

    row = run.row
    assert row.state is RunState.PARTIAL
    assert "connection refused" in row.reason
    assert 20 <= row.answered < 300
    assert row.failed == 0


def test_cancel_keeps_what_is_answered(bench, devserver, birds, until):
    """A cancelled run ends at once, closes its requests, and a resume asks the rest."""
    frame = birds(400)
    devserver.faults(latency_ms=20)
    run = bench.start(bench.plan(frame), frame, concurrency=8)
    until(lambda: run.progress.answered >= 30)

    run.cancel()
    run.wait(timeout_s=60)

    kept = run.row.answered
    assert run.state is RunState.CANCELLED
    assert 30 <= kept < 400
    assert run.row.maybe_paid <= 8
    devserver.faults(latency_ms=0)
    assert bench.reopen(run.run_id, frame=frame).wait().state is RunState.COMPLETED
    assert devserver.stats().requests <= 400 + 8


def test_a_cancel_from_elsewhere_is_noticed(bench, devserver, birds):
    """A cancel written into the ledger by somebody else stops the run within its heartbeat."""
    devserver.faults(latency_ms=20)
    run = bench.start(bench.plan(birds(2_000)), concurrency=4)

    bench.ledger.request_cancel(run.run_id)
    run.wait(timeout_s=60)

    assert run.state is RunState.CANCELLED


def test_an_approval_is_spent_once(bench, birds):
    """ATTACKS 43: the same approval does not start a second run, nor one of another digest."""
    plan = bench.plan(birds(2))
    other = bench.plan(birds(3))
    approval = bench.ledger.record_approval(
        plan.plan_id, plan.digest, ApprovalState.APPROVED, decided_by="tester", means="code"
    )
    bench.ledger.begin_run(plan.plan_id, plan.digest, approval, None)

    for refused in (plan, other):
        with pytest.raises(ApprovalRefused):
            bench.ledger.begin_run(refused.plan_id, refused.digest, approval, None)


def test_a_rejected_plan_is_not_sent(bench, devserver, birds):
    """A no is recorded, raised, and final."""
    plan = bench.plan(birds(2))
    no = Decision(ApprovalState.REJECTED, "tester", feedback="too dear")

    with pytest.raises(ApprovalRefused, match="was rejected"):
        asking.start(bench.work, plan, lambda _: no, Limits(), asking.Caller())

    assert devserver.stats().requests == 0


def test_a_plan_changed_after_it_was_made_is_refused(bench, devserver, birds):
    """ATTACKS 41, 42: another row set under the same digest is not sent."""
    plan = bench.plan(birds(3))
    with bench.ledger.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM rows WHERE position = 2")

    with pytest.raises(ApprovalRefused, match="is not what it was"):
        bench.start(plan)

    assert devserver.stats().requests == 0


def test_a_run_does_not_go_on_with_another_plan(bench, devserver, birds):
    """ATTACKS 42: nor where the approval's row was made to fit: the chain says what was approved."""
    run = bench.start(bench.plan(birds(3)))
    run.wait()
    other = bench.plan(birds(9))
    asked = devserver.stats().requests
    with bench.ledger.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE approvals SET plan_id = '{other.plan_id}', digest = '{other.digest}'"
        )
        connection.exec_driver_sql(f"UPDATE runs SET plan_id = '{other.plan_id}'")

    with pytest.raises(ApprovalRefused, match="is not what it was"):
        bench.reopen(run.run_id)

    assert devserver.stats().requests == asked


def test_one_byte_changed_after_approval_stops_the_run(bench, devserver, birds):
    """ATTACKS 41: a prompt that no longer gives its key is never sent."""
    plan = bench.plan(birds(3))
    with bench.ledger.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE requests SET prompt = prompt || '!'")

    run = bench.start(plan)

    with pytest.raises(LedgerError, match="changed after its approval"):
        run.wait()
    assert devserver.stats().requests == 0
    assert run.row.state is RunState.FAILED


def test_a_row_that_cannot_be_asked_fails_alone(bench):
    """A cell of 5 MB is an error of its row; missing values render as nothing; the rest is answered."""
    frame = pd.DataFrame({"text": ["x" * 5_000_000, None, float("nan"), "🐦 שלום"]})

    run = bench.start(bench.plan(frame), frame).wait()

    result = run.result()
    assert list(result["status"]) == ["failed", "answered", "answered", "answered"]
    assert "5.0 MB" in result["error"].iloc[0]


def test_a_duplicate_index_is_kept(bench, birds):
    """Rows are told apart by position, whatever their labels are."""
    frame = birds(3, index=["a", "a", "b"])

    result = bench.start(bench.plan(frame), frame).wait().result()

    assert list(result.index) == ["a", "a", "b"]
    assert (result["status"] == "answered").all()


def test_a_result_without_its_frame_has_the_index(bench, birds):
    """Another process gets the answers under the labels that the frame had."""
    frame = birds(3, index=[10, 11, 12])
    run = bench.start(bench.plan(frame)).wait()

    assert list(run.result().index) == [10, 11, 12]


def _money_and_leases(bench):
    with bench.ledger.engine.connect().execution_options(reading=True) as connection:
        reserved = connection.exec_driver_sql("SELECT sum(reserved_pusd) FROM runs").scalar()
        leased = connection.exec_driver_sql("SELECT count(*) FROM requests WHERE state = 'LEASED'").scalar()
    return reserved, leased


def test_every_way_out_gives_the_leases_back(bench, devserver, birds):
    """After a cancel, a changed plan, a refusing client and a budget, nothing stays leased or reserved."""
    devserver.faults(latency_ms=20)
    cancelled = bench.start(bench.plan(birds(500)), concurrency=4)
    bench.ledger.request_cancel(cancelled.run_id)
    cancelled.wait(timeout_s=60)
    assert _money_and_leases(bench) == (0, 0)

    devserver.faults(latency_ms=0)
    changed = bench.plan(birds(3), max_tokens=9)
    with bench.ledger.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE requests SET worst_case_pusd = 0")
    with pytest.raises(LedgerError, match="changed after its approval"):
        bench.start(changed).wait(timeout_s=60)
    assert _money_and_leases(bench) == (0, 0)
    assert bench.loop.wait(bench.server.check())  # the loop is alive and well


def test_a_single_failing_request_does_not_hold_up_the_others(bench, devserver, birds):
    """A plain 500 waits alone; a 429 makes everybody wait."""
    devserver.faults("500")
    run = bench.start(bench.plan(birds(40)), concurrency=4)

    run.wait(timeout_s=60)

    assert run.state is RunState.COMPLETED
    assert run._executor.pace_state.held_s == 0.0


def test_a_result_is_not_put_beside_other_rows(bench, birds):
    """A frame in another order than the one that was asked is refused, not answered wrongly."""
    frame = birds(3)
    run = bench.start(bench.plan(frame), frame).wait()

    with pytest.raises(InputError, match="in their order"):
        run.result(frame.iloc[::-1])


def test_a_larger_budget_is_an_approval_of_its_own(bench, birds):
    """Who resumes with another budget is in the ledger with it."""
    frame = birds(50)
    budget = bench.plan(frame).estimate.worst_case_pusd // 20
    run = bench.start(bench.plan(frame, budget_usd=f"{budget}e-12"), frame).wait()

    bench.reopen(run.run_id, budget_usd=1, frame=frame).wait()

    with bench.ledger.engine.connect().execution_options(reading=True) as connection:
        (added,) = connection.exec_driver_sql(
            "SELECT means, feedback, used_by FROM approvals WHERE means = 'resume'"
        ).all()
    assert tuple(added) == ("resume", f"budget {budget} to {10**12} pUSD", run.run_id)


def test_a_request_that_no_row_asks_for_is_not_sent(bench, devserver, birds):
    """ATTACKS 42: a request smuggled into the plan beside its rows is found before anything is sent."""
    plan = bench.plan(birds(3))
    other = bench.plan(birds(4))
    with bench.ledger.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE requests SET plan_id = ? WHERE plan_id = ? AND request_no ="
            " (SELECT max(request_no) FROM requests)",
            (plan.plan_id, other.plan_id),
        )

    with pytest.raises(ApprovalRefused, match="is not what it was"):
        bench.start(plan)

    assert devserver.stats().requests == 0


def test_who_was_taken_over_stops(bench, devserver, birds):
    """A process that was taken for dead and replaced claims nothing more and does not end the other's run."""
    devserver.faults(latency_ms=20)
    run = bench.start(bench.plan(birds(500)), concurrency=4)
    with bench.ledger.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE owners SET owner_id = 'o-other'")

    run.wait(timeout_s=60)

    assert run.row.state is RunState.RUNNING  # the other one's word
    assert devserver.stats().requests < 500


def test_awaiting_a_run_and_giving_up_cancels_it(bench, devserver, birds):
    """A cancelled ``await run`` stops the run and keeps what is answered."""
    devserver.faults(latency_ms=20)
    run = bench.start(bench.plan(birds(500)), concurrency=4)

    async def give_up():
        await asyncio.wait_for(run, 0.3)

    with pytest.raises(TimeoutError):
        asyncio.run(give_up())
    run.wait(timeout_s=60)

    assert run.state is RunState.CANCELLED


def test_a_cancel_at_once_is_heard(bench, devserver, birds):
    """A run cancelled before its first claim sends next to nothing and ends as cancelled."""
    devserver.faults(latency_ms=20)
    run = bench.start(bench.plan(birds(200)), concurrency=4)

    run.cancel()
    run.wait(timeout_s=60)

    assert run.state is RunState.CANCELLED


def test_an_index_label_that_is_no_unicode_can_be_stored(bench, devserver):
    """Half of a surrogate pair in a label is written as an escape, and the row is answered."""
    frame = pd.DataFrame({"text": ["bird in the engine"]}, index=pd.Index(["a\udc80"], dtype=object))

    run = bench.start(bench.plan(frame)).wait()

    assert run.state is RunState.COMPLETED
    assert list(queries.labels_in_order(bench.ledger, run.plan_id)) == ['"a\\udc80"']
    assert devserver.stats().requests == 1
