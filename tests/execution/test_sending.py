"""Schemas, batches, and what a run is told to do about errors, against the real development server."""

import http.server
import json
import math
import threading
from dataclasses import replace

import httpx
import pytest

from loopai_nb.clients.loopai import LoopaiClient
from loopai_nb.clients.loopai_models import TaskCreateRequest
from loopai_nb.clients.loopai_server import LoopaiServer
from loopai_nb.errors import InputError, RunInterrupted
from loopai_nb.prompts.structured import AnswerSchema
from loopai_nb.records import RowStatus, RunState
from loopai_nb.redaction import Redactor
from loopai_nb.session import asking

SCHEMA = AnswerSchema.of("part: windshield|engine|wing|other, damaged: bool")


def test_answers_that_fit_become_typed_columns(bench, devserver, birds):
    """With a schema, each field is a column of its type, and the server is asked once a row."""
    frame = birds(20)

    run = bench.start(bench.plan(frame, schema=SCHEMA, max_tokens=64), frame)
    result = run.wait(timeout_s=60).result()

    assert run.state is RunState.COMPLETED
    assert result["part"].dtype == "category"
    assert set(result["part"]) <= {"windshield", "engine", "wing", "other"}
    assert result["damaged"].dtype == "boolean"
    assert json.loads(result["answer"][0])["part"] == result["part"][0]
    assert devserver.stats().requests == 20


@pytest.mark.parametrize("fault", ["json_missing", "json_type", "json_label", "json_cut"])
def test_an_answer_that_does_not_fit_is_paid_kept_and_asked_again_with_the_reason(
    bench, devserver, birds, fault
):
    """The second prompt says what was wrong with the first answer; both are paid, the first is kept."""
    frame = birds(3)
    devserver.faults(marked={"bird 1 ": fault})

    run = bench.start(bench.plan(frame, schema=SCHEMA, max_tokens=64), frame)
    result = run.wait(timeout_s=60).result()

    assert (result["status"] == RowStatus.ANSWERED).all()
    attempts = bench.sql(
        "SELECT outcome, a.error, text, cost_pusd > 0 FROM attempts a JOIN requests USING (request_no) "
        "WHERE prompt LIKE '%bird 1 %' ORDER BY number"
    )
    assert [outcome for outcome, *_ in attempts] == ["invalid", "answered"]
    assert attempts[0][1]
    assert attempts[0][2]
    assert [paid for *_, paid in attempts] == [1, 1]
    prompts = [json.loads(one.body)["messages"][-1]["content"] for one in devserver.requests()]
    assert sum(attempts[0][1] in prompt for prompt in prompts) == 1
    assert run.progress.spent_pusd == sum(row[0] for row in bench.sql("SELECT cost_pusd FROM attempts"))


def test_after_the_last_retry_a_misfit_is_a_failed_row(bench, devserver, birds):
    """An answer that never fits is asked for as often as allowed, and its row says what was wrong."""
    frame = birds(3)
    devserver.faults(marked={"bird 1 ": "json_missing*99"})

    run = bench.start(bench.plan(frame, schema=SCHEMA, schema_retries=2, max_tokens=64), frame)
    result = run.wait(timeout_s=60).result()

    assert list(result["status"]) == ["answered", "failed", "answered"]
    assert "damaged" in result["error"][1]
    assert devserver.stats().requests == 5
    assert bench.sql("SELECT mismatches FROM requests ORDER BY request_no") == [(0,), (3,), (0,)]


def test_a_row_costs_what_all_its_attempts_cost(bench, devserver, birds):
    """Answers that did not fit and requests that were lost are in it, also where the row failed."""
    frame = birds(6)
    devserver.faults(marked={"bird 1 ": "json_missing*99", "bird 2 ": "json_missing", "bird 3 ": "lost"})

    run = bench.start(bench.plan(frame, schema=SCHEMA, max_tokens=64, budget_usd="1"), frame)
    result = run.wait(timeout_s=60).result()

    cost_usd = result["cost_usd"]
    assert result["status"][1] == "failed"
    assert cost_usd[1] > 2 * cost_usd[0]
    assert cost_usd[2] > 1.5 * cost_usd[0]
    assert cost_usd[3] > cost_usd[0]
    assert cost_usd.sum() == pytest.approx(run.row.spent_pusd / 1e12)

    devserver.faults(marked={})
    again = bench.reopen(run.run_id, retry_failed=True, frame=frame).wait(timeout_s=60)

    assert again.result()["cost_usd"][1] > cost_usd[1]
    assert again.result()["cost_usd"].sum() == pytest.approx(again.row.spent_pusd / 1e12)


def test_what_was_paid_in_vain_stays_a_row_s_cost(bench, devserver, birds):
    """Also where the request was left as perhaps paid and asked later, or another plan brought its answer."""
    frame = birds(3)
    devserver.faults(marked={"bird 1 ": "lost", "bird 2 ": "json_missing*99"})
    plan = bench.plan(frame, schema=SCHEMA, max_tokens=64, budget_usd="1")
    bench.work = replace(bench.work, resend_unknown=False)
    run = bench.start(plan, frame).wait(timeout_s=60)
    before_usd = run.result()["cost_usd"]

    devserver.faults(marked={})
    other = bench.plan(frame.iloc[2:], schema=SCHEMA, max_tokens=64, budget_usd="1")
    bench.start(other).wait(timeout_s=60)
    again = bench.reopen(run.run_id, retry_failed=True, frame=frame).wait(timeout_s=60)

    result = again.result()
    assert result["status"].tolist() == ["answered", "answered", "cached"]
    assert result["cost_usd"][1] > before_usd[1] > 0
    assert result["cost_usd"][2] == before_usd[2] > 0
    assert result["cost_usd"].sum() == pytest.approx(again.row.spent_pusd / 1e12)


def test_an_answer_cut_at_max_tokens_is_not_asked_for_again(bench, devserver, birds):
    """Asking again would be cut again and paid again: the row says which option to raise."""
    frame = birds(2)

    run = bench.start(bench.plan(frame, schema=SCHEMA, max_tokens=4), frame)
    result = run.wait(timeout_s=60).result()

    assert list(result["status"]) == ["failed", "failed"]
    assert "cut at max_tokens (4)" in result["error"][0]
    assert devserver.stats().requests == 2


def test_a_reservation_covers_the_retry_with_its_reason(bench, devserver, birds):
    """Attack 50: no attempt of a run with a schema costs more than was reserved for it."""
    devserver.faults(rates={"json_missing": 0.5})

    run = bench.start(bench.plan(birds(30), schema=SCHEMA, max_tokens=64, budget_usd="0.05"))
    run.wait(timeout_s=60)

    over = bench.sql(
        "SELECT count(*) FROM attempts JOIN requests USING (request_no) WHERE cost_pusd > worst_case_pusd"
    )
    assert over == [(0,)]


def test_the_first_error_stops_the_run_where_asked(bench, devserver, birds):
    """stop_on_first_error ends the run with its reason; what is answered is kept, the rest can be resumed."""
    devserver.faults(marked={"bird 7 ": "400"}, latency_ms=5)

    run = bench.start(bench.plan(birds(300)), concurrency=4, stop_on_first_error=True)
    run.wait(timeout_s=60)

    assert run.state is RunState.PARTIAL
    assert run.row.reason.startswith("stopped at the first error: ")
    assert run.row.failed == 1
    assert run.row.answered < 300
    assert bench.reopen(run.run_id, retry_failed=True).wait(timeout_s=60).state is RunState.COMPLETED


def test_failed_rows_are_raised_where_asked(bench, devserver, birds):
    """With on_error=raise, wait() raises and says how many rows failed and why; all others are answered."""
    devserver.faults(marked={"bird 7 ": "400"})
    plan = bench.plan(birds(20))
    how = asking.Caller(raise_failures=True)

    run = bench.start(plan, caller=how)

    with pytest.raises(RunInterrupted, match=r"1 of 20 rows failed.* \(row 7\)\. .*session.retry\(\"r-"):
        run.wait(timeout_s=60)
    assert run.row.answered == 19


@pytest.fixture
def loopai(bench, devserver):
    """The bench, asking a task of the server's Loopai API."""
    with LoopaiClient(devserver.url) as client:
        task = client.create_task(
            TaskCreateRequest(
                name="part",
                description="Which part was hit? windshield, engine, wing, other.",
                input_schema={"type": "object"},
                output_schema={"type": "string"},
            )
        )
    bench.serve(LoopaiServer(devserver.url, task.id))
    return bench


def test_a_loopai_server_is_asked_in_batches(loopai, devserver, birds):
    """Rows go by the batch endpoint, each is answered once, and no more than allowed are in flight."""
    frame = birds(200)

    run = loopai.start(loopai.plan(frame, template="{{ text }}"), frame, concurrency=20, fixed=True)
    result = run.wait(timeout_s=60).result()

    assert (result["status"] == RowStatus.ANSWERED).all()
    stats = devserver.stats()
    assert set(stats.times_asked.values()) == {1}
    assert stats.requests <= 200 / 10 + 5


class _Picky(http.server.BaseHTTPRequestHandler):
    """A Loopai that refuses any body with an item that it does not take, as one that is nested too deep."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.command == "POST":
            self.server.sizes.append(body.count(b'"id"') or 1)
        status, answer = (
            400,
            b'{"code": "VALIDATION_ERROR", "message": "The JSON is too deep. Ask ann@example.com"}',
        )
        if not any(f"bird {n} ".encode() in body for n in self.server.bad):
            url, headers = self.server.behind + self.path, {"Content-Type": "application/json"}
            response = self.server.client.request(self.command, url, content=body, headers=headers)
            status, answer = response.status_code, response.content
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_GET(self):
        self.do_POST()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def picky(devserver):
    """A server before the development server, whose ``bad`` are the numbers of the birds that it refuses."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Picky)
    server.behind, server.bad, server.sizes = devserver.url, [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with httpx.Client() as server.client:
        yield server
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("bad", [[0], [57], [0, 1, 2, 3, 4, 5], [98, 99], list(range(0, 100, 9))])
def test_a_row_that_a_loopai_does_not_take_fails_alone(loopai, picky, devserver, birds, bad):
    """A batch that is refused for what it holds goes out again in smaller ones: no other row is lost."""
    picky.bad = bad
    frame = birds(400)
    url = f"http://127.0.0.1:{picky.server_port}"
    loopai.serve(LoopaiServer(url, loopai.server.model))

    run = loopai.start(loopai.plan(frame, template="{{ text }}"), frame, concurrency=40, fixed=True)
    result = run.wait(timeout_s=60).result()

    assert [n for n, status in enumerate(result["status"]) if status != "answered"] == bad
    assert result["error"][bad[0]].endswith("The JSON is too deep. Ask ann@example.com.")
    assert set(devserver.stats().times_asked.values()) == {1}
    assert max(picky.sizes) == 20
    assert len(picky.sizes) <= 2 * 400 / 20 + 2 * math.log2(20) * len(bad)  # half full at least


def test_what_a_refusal_of_a_batch_says_is_masked(loopai, picky, birds):
    """The server may quote a row, and what it says is stored with each row of the batch."""
    picky.bad = [3]
    url = f"http://127.0.0.1:{picky.server_port}"
    loopai.serve(LoopaiServer(url, loopai.server.model))
    loopai.work = replace(loopai.work, redactor=Redactor(["email"]))

    run = loopai.start(loopai.plan(birds(20), template="{{ text }}"), concurrency=20, fixed=True)
    run.wait(timeout_s=60)

    said = {error for (error,) in loopai.sql("SELECT error FROM attempts WHERE error IS NOT NULL")}
    assert any("too deep" in error for error in said)
    assert not any("ann@example.com" in error for error in said)


def test_where_a_loopai_takes_nothing_each_row_is_refused_once(loopai, picky, birds):
    """Each batch is halved until its rows go alone; none is asked for ever."""
    picky.bad = range(60)
    frame = birds(60)
    url = f"http://127.0.0.1:{picky.server_port}"
    loopai.serve(LoopaiServer(url, loopai.server.model))

    run = loopai.start(loopai.plan(frame, template="{{ text }}"), frame, concurrency=40, fixed=True)
    result = run.wait(timeout_s=60).result()

    assert set(result["status"]) == {"failed"}
    assert sum(size == 1 for size in picky.sizes) == 60
    assert len(picky.sizes) < 2 * 60


def test_a_system_prompt_for_a_loopai_task_is_refused_with_the_plan(loopai, devserver, birds):
    """Every row would be refused for it: nobody is asked to approve that, and nothing is sent."""
    with pytest.raises(InputError, match="takes no system prompt"):
        loopai.plan(birds(3), template="{{ text }}", system="Be short.")
    assert devserver.stats().requests == 0


def test_a_failed_item_of_a_batch_is_its_own_row(loopai, devserver, birds):
    """An item that fails for good fails its row alone."""
    frame = birds(30)
    devserver.faults(marked={"bird 4 ": "program_error*99"})

    run = loopai.start(loopai.plan(frame, template="{{ text }}"), frame, concurrency=10, fixed=True)
    result = run.wait(timeout_s=60).result()

    assert list(result.index[result["status"] == RowStatus.FAILED]) == [4]


def test_a_lost_batch_is_sent_again_as_a_whole(loopai, devserver, birds):
    """A batch whose answer is lost counts as paid, and each of its rows ends with one answer."""
    frame = birds(30)
    devserver.faults("lost")

    run = loopai.start(loopai.plan(frame, template="{{ text }}"), frame, concurrency=10, fixed=True)
    result = run.wait(timeout_s=60).result()

    assert (result["status"] == RowStatus.ANSWERED).all()
    lost = loopai.sql("SELECT count(*), count(DISTINCT ended_ms) FROM attempts WHERE outcome = 'unknown'")
    assert lost == [(5, 1)]
    assert sorted(devserver.stats().times_asked.values()) == [1] * 25 + [2] * 5
    assert loopai.sql("SELECT count(*) FROM answers") == [(30,)]
