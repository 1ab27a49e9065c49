"""Faults of single prompts and of single items of a batch, and what they cost."""

import httpx
import pytest

from loopai_nb.devserver.counters import prompt_hash
from loopai_nb.devserver.serve import DevServer

NOWHERE = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def batch(web):
    """Run a batch of texts through a task that tells the part hit."""
    examples = [
        {"input": {"text": "LEFT WING"}, "output": "wing"},
        {"input": {"text": "ENGINE"}, "output": "engine"},
    ]
    task = {"name": "part", "description": "d", "input_schema": {}, "output_schema": {}, "examples": examples}
    task_id = web.post("/api/v1/tasks", json=task).json()["id"]

    def run(*texts, task_id=task_id, **body):
        items = [{"id": str(at), "input": {"text": text}} for at, text in enumerate(texts)]
        return web.post("/api/v1/batch/execute", json={"task_id": task_id, "items": items, **body})

    return run


def test_a_marked_prompt_has_its_own_plan(model_server, chat):
    """Only requests that contain the text meet it, as often as told; the general plan is not used up."""
    model_server.faults("503:none", marked={"ROW 17": "500, empty_text"})

    assert chat("about ROW 17").status_code == 500
    assert chat("about ROW 18").status_code == 503
    assert chat("about ROW 17").json()["choices"][0]["message"]["content"] == ""
    assert chat("about ROW 17").json()["choices"][0]["message"]["content"] != ""
    stats = model_server.stats()
    assert stats.asked("about ROW 17") == 3
    assert stats.paid("about ROW 17") == 2
    assert stats.times_faulted == {prompt_hash("about ROW 17"): 2, prompt_hash("about ROW 18"): 1}


def test_a_marked_item_of_a_batch_fails_alone(model_server, batch):
    """A status means not run and not billed, program_error run and billed; the others are answered."""
    model_server.faults(marked={"BAD": "500", "WORSE": "program_error"})
    answer = batch("LEFT WING", "BAD", "WORSE", "ENGINE").json()
    stats = model_server.stats()

    assert [result["id"] for result in answer["results"]] == ["0", "1", "2", "3"]
    assert [result.get("output") for result in answer["results"]] == ["wing", None, None, "engine"]
    assert (answer["success_count"], answer["failure_count"]) == (2, 2)
    assert "500" in answer["results"][1]["error_message"]
    assert stats.times_asked.total() == 4
    assert (stats.paid("BAD"), stats.paid("WORSE"), stats.paid("ENGINE")) == (0, 1, 1)
    assert stats.input_tokens == 3 + 2 + 2
    assert stats.faults == {"500": 1, "program_error": 1}


def test_an_item_may_take_its_whole_batch_with_it(model_server, batch):
    """A fault of the connection, marked on one item, hits the batch; the next try is well."""
    model_server.faults(marked={"POISON": "reset_before"})

    with pytest.raises(httpx.ReadError):
        batch("LEFT WING", "POISON")
    assert batch("LEFT WING", "POISON").json()["success_count"] == 2
    assert model_server.stats().paid("LEFT WING") == 1
    assert model_server.stats().asked("LEFT WING") == 2


def test_a_lost_batch_was_run_and_is_billed(model_server, batch):
    """lost: the work is done and counted as paid, and the connection is reset before the answer."""
    model_server.faults("lost")

    with pytest.raises(httpx.ReadError):
        batch("LEFT WING", "ENGINE")
    stats = model_server.stats()
    assert (stats.paid("LEFT WING"), stats.paid("ENGINE"), stats.answered) == (1, 1, 0)
    assert (stats.input_tokens, stats.output_tokens) == (3 + 2, 1 + 2)
    assert stats.cost_usd(input_usd=1_000_000, output_usd=2_000_000) == 5 + 6


def test_a_lost_answer_is_told_from_a_request_that_never_ran(model_server, chat):
    """Both look like a reset; only one is billed."""
    model_server.faults("lost, reset_before")
    for prompt in ("one", "two"):
        with pytest.raises(httpx.ReadError):
            chat(prompt)

    assert (model_server.stats().paid("one"), model_server.stats().paid("two")) == (1, 0)


def test_a_whole_batch_meets_the_plan_once(model_server, batch):
    """Plan, mix and storm are of requests, not of items."""
    model_server.faults("503:none, ok")

    assert batch("a", "b", "c").status_code == 503
    assert batch("LEFT WING", "ENGINE").json()["success_count"] == 2
    assert model_server.stats().requests == 2
    assert model_server.stats().faults == {"503": 1}


@pytest.mark.parametrize("number", [1, 100])
def test_a_batch_may_run_up_to_100_at_once(batch, number):
    """The limits themselves are allowed."""
    assert batch("LEFT WING", max_concurrency=number).status_code == 200


def test_items_of_an_unknown_task_are_counted_and_not_billed(model_server, batch):
    """They were asked, and nothing ran."""
    assert batch("LEFT WING", task_id=NOWHERE).json()["failure_count"] == 1
    assert model_server.stats().asked("LEFT WING") == 1
    assert model_server.stats().paid("LEFT WING") == 0


def test_marked_items_fail_in_the_casing_asked():
    """An answer in camelCase stays so."""
    with (
        DevServer(marked={"BAD": "500"}) as server,
        httpx.Client(base_url=server.url, trust_env=False) as client,
    ):
        task = {"name": "t", "description": "d", "input_schema": {}, "output_schema": {}}
        task_id = client.post("/api/v1/tasks", json=task).json()["id"]
        body = {"taskId": task_id, "items": [{"id": "1", "input": "BAD"}]}
        answer = client.post("/api/v1/batch/execute", json=body).json()

    assert (answer["successCount"], answer["failureCount"]) == (0, 1)
    assert answer["results"][0]["errorMessage"]
