"""Loopai's batches: what is sent, and how each item's result finds its request."""

from __future__ import annotations

import orjson
import pytest
from batches import EXECUTION, TASK, batch_of, bodies_of, done, failed, send_batches, texts_of

from loopai_nb.clients import loopai_batch
from loopai_nb.clients.base import BatchServer
from loopai_nb.clients.generate import GenerateServer
from loopai_nb.clients.loopai_server import LoopaiServer
from loopai_nb.clients.openai import OpenAIServer
from loopai_nb.errors import (
    ModelServerError,
    RequestRejected,
)
from loopai_nb.records import Parameters, RateLimits


def test_it_is_a_batch_server():
    """Loopai takes batches of 100; the other protocols have none."""
    server = LoopaiServer("http://127.0.0.1:1", TASK)
    assert isinstance(server, BatchServer)
    assert server.batch_size == 100
    assert not isinstance(OpenAIServer("http://127.0.0.1:1", "m"), BatchServer)
    assert not isinstance(GenerateServer("http://127.0.0.1:1"), BatchServer)


def test_what_is_sent(sent):
    """One request in snake_case: options of the batch beside the items, those of an item with each."""
    parameters = Parameters(extra={"version": 3, "timeout_ms": 900, "force_validation": True, "seed": 7})
    send_batches(sent.origin, ["owl", '{"n": 1}'], parameters=parameters, max_concurrency=7, api_key="k")
    (body,) = bodies_of(sent)
    first, second = (item.pop("id") for item in body["items"])
    assert first != second
    assert body == {
        "task_id": TASK,
        "version": 3,
        "timeout_ms": 900,
        "max_concurrency": 7,
        "items": [
            {"input": {"text": "owl"}, "force_validation": True},
            {"input": {"n": 1}, "force_validation": True},
        ],
    }
    assert b"\r\nauthorization: Bearer k\r\n" in sent.requests[0]


def test_results_are_matched_by_id(loopai):
    """A server that answers in another order mixes nothing up."""
    server = loopai(lambda body: batch_of([done(item) for item in reversed(body["items"])]))
    assert texts_of(send_batches(server.origin, ["a", "b", "c"])) == ["a", "b", "c"]


def test_an_id_is_never_used_twice(sent):
    """What belongs to an earlier batch cannot be taken for an answer to a later one."""
    send_batches(sent.origin, ["a", "b"], ["c", "d"])
    ids = [item["id"] for body in bodies_of(sent) for item in body["items"]]
    assert len(set(ids)) == 4


def test_either_casing_is_read(loopai):
    """A server that answers in camelCase is read too."""

    def answered(body):
        good, bad = body["items"]
        return {
            "successCount": 1,
            "results": [
                {"id": good["id"], "success": True, "executionId": EXECUTION, "output": "a", "latencyMs": 3},
                {"id": bad["id"], "success": False, "executionId": EXECUTION, "errorMessage": "boom"},
            ],
        }

    reply, error = send_batches(loopai(answered).origin, ["a", "b"])
    assert (reply.text, reply.latency_ms) == ("a", 3.0)
    assert (error.kind, error.execution_id) == ("execution_error", EXECUTION)
    assert "boom" in str(error)


def test_a_reply_has_what_the_item_has(loopai):
    """Output as text or JSON, null where it is left out, the item's own time, the task, no tokens."""

    def answered(body):
        text, data, nothing = body["items"]
        return batch_of([done(text), done(data, output={"n": [1]}), {"id": nothing["id"], "success": True}])

    replies = send_batches(loopai(answered).origin, ["a", "b", "c"])
    assert [reply.text for reply in replies] == ["a", '{"n":[1]}', "null"]
    assert [reply.latency_ms for reply in replies[:2]] == [4.5, 4.5]
    assert {reply.model for reply in replies} == {TASK}
    assert {reply.usage.output_tokens for reply in replies} == {None}


@pytest.mark.parametrize("said", [None, -1, True, "soon", 1e300])
def test_an_impossible_latency_is_the_answers(loopai, said):
    """Where an item's time is none, the time of the whole exchange stands for it."""
    server = loopai(lambda body: batch_of([done(item, latency_ms=said) for item in body["items"]]))
    (reply,) = send_batches(server.origin, ["a"])
    assert 0 < reply.latency_ms < 5000


@pytest.mark.parametrize(("asked", "said"), [(-5, 1), (0, 1), (1, 1), (64, 64), (100, 100), (1000, 100)])
def test_the_concurrency_is_put_into_its_range(sent, asked, said):
    """The server takes 1 to 100."""
    send_batches(sent.origin, ["a"], max_concurrency=asked)
    assert bodies_of(sent)[0]["max_concurrency"] == said


def test_a_refused_concurrency_is_left_out(loopai, http_answer):
    """A server with a lower limit is asked again without, and from then on at once."""
    refusal = http_answer(
        orjson.dumps({"code": "INVALID_CONCURRENCY", "message": "1 to 20"}), "400 Bad Request"
    )
    server = loopai(
        lambda body: (
            refusal if "max_concurrency" in body else batch_of([done(item) for item in body["items"]])
        )
    )
    assert texts_of(send_batches(server.origin, ["a"], ["b"], max_concurrency=64)) == ["b"]
    assert ["max_concurrency" in body for body in bodies_of(server)] == [True, False, False]


def test_a_concurrency_refused_without_any_is_raised(loopai, http_answer):
    """A server that refuses it all the same is not asked for ever."""
    refusal = http_answer(orjson.dumps({"code": "INVALID_CONCURRENCY", "message": "no"}), "400 Bad Request")
    server = loopai(lambda _: refusal)
    with pytest.raises(RequestRejected):
        send_batches(server.origin, ["a"])
    assert len(server.requests) == 2


def test_more_than_a_batch_goes_out_in_several(sent):
    """Two hundred and fifty prompts are three HTTP batches, in order."""
    prompts = [str(n) for n in range(250)]
    assert texts_of(send_batches(sent.origin, prompts)) == prompts
    assert [len(body["items"]) for body in bodies_of(sent)] == [100, 100, 50]


def test_long_prompts_go_out_in_several(sent, monkeypatch):
    """A body stays below the limit in bytes; an item that is longer goes alone."""
    monkeypatch.setattr(loopai_batch, "MOST_BYTES", 1000)
    prompts = ["a" * 300, "b" * 300, "c" * 200, "d" * 2000, "e"]
    assert texts_of(send_batches(sent.origin, prompts)) == prompts
    assert [len(body["items"]) for body in bodies_of(sent)] == [3, 1, 1]


def test_one_of_several_that_fails_is_its_items_error(loopai, http_answer, monkeypatch):
    """What the other HTTP batches answered is kept; the items of the failed one have its error."""
    monkeypatch.setattr(loopai_batch, "MOST_ITEMS", 2)

    def answered(body):
        if body["items"][0]["input"] == {"text": "c"}:
            return http_answer("", "413 Too Large")
        return batch_of([done(item) for item in body["items"]])

    results = send_batches(loopai(answered).origin, ["a", "b", "c", "d", "e"])
    assert texts_of(results) == ["a", "b", "too_large", "too_large", "e"]
    assert isinstance(results[2], ModelServerError)


def test_limits_come_with_each_result(loopai, http_answer):
    """The headers of the one answer are known to all of its items, answered or not."""
    server = loopai(
        lambda body: http_answer(
            orjson.dumps(batch_of([done(body["items"][0]), failed(body["items"][1])])),
            x_ratelimit_limit="30",
            x_ratelimit_remaining="7",
        )
    )
    assert [one.limits for one in send_batches(server.origin, ["a", "b"])] == [RateLimits(30, 7)] * 2
