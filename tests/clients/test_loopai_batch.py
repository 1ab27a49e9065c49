"""Loopai's batches: each item's result finds its request, and a lost batch is told from a lost item."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from loopai_nb.clients import loopai_batch
from loopai_nb.clients.base import BatchServer
from loopai_nb.clients.generate import GenerateServer
from loopai_nb.clients.loopai_server import LoopaiServer
from loopai_nb.clients.openai import OpenAIServer
from loopai_nb.errors import (
    AnswerInvalid,
    ModelServerError,
    OutcomeUnknown,
    RequestDeferred,
    RequestNotSent,
    RequestRejected,
)
from loopai_nb.records import Parameters, RateLimits, Reply

TASK = "0b8f1b9e-6d5a-4f0e-9a34-0d7a4a6f3c11"
EXECUTION = "6f1de5a2-5d0a-4c39-a5a0-6a5f1a0b8f77"


def _done(item, **changes):
    """The cloud server's result of an item that succeeded."""
    text = item["input"].get("text")
    result = {"id": item["id"], "execution_id": EXECUTION, "success": True, "output": text, "latency_ms": 4.5}
    return {**result, "sampled_for_validation": False, **changes}


def _failed(item, text="boom"):
    """The cloud server's result of an item that failed: without an execution_id."""
    return {"id": item["id"], "success": False, "error_message": text, "latency_ms": 1.0}


def _batch(results):
    return {"batch_id": EXECUTION, "task_id": TASK, "version": 0, "results": results}


@pytest.fixture
def loopai(faulty, http_answer):
    """A Loopai server whose batches are answered by a function of the request's body."""

    def start(answered, *, has_task=True):
        def script(peer):
            while (request := peer.request()) is not None:
                head, _, body = request.partition(b"\r\n\r\n")
                if head.startswith(b"GET /api/v1/tasks/"):
                    refusal = orjson.dumps({"code": "TASK_NOT_FOUND", "message": "Task not found"})
                    task = orjson.dumps({"id": TASK, "name": "birds"})
                    peer.send(http_answer(task) if has_task else http_answer(refusal, "404 Not Found"))
                    continue
                assert head.startswith(b"POST /api/v1/batch/execute HTTP/1.1")
                answer = answered(orjson.loads(body))
                peer.send(answer if isinstance(answer, bytes) else http_answer(orjson.dumps(answer)))

        return faulty(script)

    return start


@pytest.fixture
def sent(loopai):
    """A server that answers each item with its text."""
    return loopai(lambda body: _batch([_done(item) for item in body["items"]]))


def _send(origin, *batches, parameters=None, max_concurrency=10, timeout_s=5.0, **options):
    """Send batches of prompts over one server object; the results of the last one."""

    async def main():
        server = LoopaiServer(origin, TASK, **options)
        try:
            for prompts in batches:
                requests = [(one, None) if isinstance(one, str) else one for one in prompts]
                results = await server.send_batch(
                    requests,
                    parameters=parameters or Parameters(),
                    timeout_s=timeout_s,
                    max_concurrency=max_concurrency,
                )
            return results
        finally:
            await server.aclose()

    return asyncio.run(main())


def _bodies(server):
    bodies = (request.partition(b"\r\n\r\n")[2] for request in server.requests)
    return [orjson.loads(body) for body in bodies if body]


def _texts(results):
    return [one.text if isinstance(one, Reply) else one.kind for one in results]


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
    _send(sent.origin, ["owl", '{"n": 1}'], parameters=parameters, max_concurrency=7, api_key="k")
    (body,) = _bodies(sent)
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
    server = loopai(lambda body: _batch([_done(item) for item in reversed(body["items"])]))
    assert _texts(_send(server.origin, ["a", "b", "c"])) == ["a", "b", "c"]


def test_an_id_is_never_used_twice(sent):
    """What belongs to an earlier batch cannot be taken for an answer to a later one."""
    _send(sent.origin, ["a", "b"], ["c", "d"])
    ids = [item["id"] for body in _bodies(sent) for item in body["items"]]
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

    reply, error = _send(loopai(answered).origin, ["a", "b"])
    assert (reply.text, reply.latency_ms) == ("a", 3.0)
    assert (error.kind, error.execution_id) == ("execution_error", EXECUTION)
    assert "boom" in str(error)


def test_a_reply_has_what_the_item_has(loopai):
    """Output as text or JSON, null where it is left out, the item's own time, the task, no tokens."""

    def answered(body):
        text, data, nothing = body["items"]
        return _batch([_done(text), _done(data, output={"n": [1]}), {"id": nothing["id"], "success": True}])

    replies = _send(loopai(answered).origin, ["a", "b", "c"])
    assert [reply.text for reply in replies] == ["a", '{"n":[1]}', "null"]
    assert [reply.latency_ms for reply in replies[:2]] == [4.5, 4.5]
    assert {reply.model for reply in replies} == {TASK}
    assert {reply.usage.output_tokens for reply in replies} == {None}


@pytest.mark.parametrize("said", [None, -1, True, "soon", 1e300])
def test_an_impossible_latency_is_the_answers(loopai, said):
    """Where an item's time is none, the time of the whole exchange stands for it."""
    server = loopai(lambda body: _batch([_done(item, latency_ms=said) for item in body["items"]]))
    (reply,) = _send(server.origin, ["a"])
    assert 0 < reply.latency_ms < 5000


# -- items that failed


def test_an_item_that_failed_is_its_own_error(loopai):
    """One program's failure is that item's ExecutionFailed; the others are answered."""
    server = loopai(
        lambda body: _batch([_done(body["items"][0]), _failed(body["items"][1]), _done(body["items"][2])])
    )
    first, error, last = _send(server.origin, ["a", "b", "c"])
    assert (first.text, last.text) == ("a", "c")
    assert isinstance(error, RequestRejected)
    assert (error.kind, error.status_code, error.execution_id) == ("execution_error", 200, None)
    assert "boom" in str(error)


def test_an_item_that_ran_out_of_time_is_unknown(loopai):
    """A server that says so with the item: kind execution_timeout, as for a single execution."""
    server = loopai(
        lambda body: _batch([_done(body["items"][0]), {**_failed(body["items"][1]), "status": "timeout"}])
    )
    _, error = _send(server.origin, ["a", "b"])
    assert isinstance(error, OutcomeUnknown)
    assert error.kind == "execution_timeout"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda results: results[:1], "missing_item"),
        (lambda results: [results[0], {**results[1], "id": "another"}], "missing_item"),
        (lambda results: [results[0], {**results[1], "id": None}], "missing_item"),
        (lambda results: [*results, results[1]], "repeated_item"),
        (lambda results: [results[0], {"id": results[1]["id"]}], "not_loopai"),
        (lambda results: [results[0], {"id": results[1]["id"], "success": "yes"}], "not_loopai"),
        (lambda results: [results[0], None, 7, []], "missing_item"),
        (lambda results: [*results, {"id": "another", "success": True}], None),
    ],
    ids=["missing", "unknown", "null", "twice", "no success", "odd success", "no objects", "one too many"],
)
def test_an_item_without_one_clear_result_is_invalid(loopai, change, kind):
    """Missing, repeated or unknown ids: AnswerInvalid for those items, and for no other one."""
    server = loopai(lambda body: _batch(change([_done(item) for item in body["items"]])))
    first, second = _send(server.origin, ["a", "b"])
    assert first.text == "a"
    if kind is None:
        assert second.text == "b"
    else:
        assert isinstance(second, AnswerInvalid)
        assert second.kind == kind


def test_attack_36_a_deep_output_is_one_items_fault(loopai, http_answer):
    """An output nested too deep to be written again: AnswerInvalid for that item."""

    def answered(body):
        deep = b'{"results": [{"id": "%b", "success": true, "output": %b}, {"id": "%b", "success": true}]}'
        first, second = (item["id"].encode() for item in body["items"])
        return http_answer(deep % (first, b"[" * 900 + b"]" * 900, second))

    error, reply = _send(loopai(answered).origin, ["a", "b"])
    assert isinstance(error, AnswerInvalid)
    assert reply.text == "null"


def test_what_cannot_be_sent_is_that_items_error(sent):
    """A system prompt and half an emoji are refused here; the rest goes out."""
    results = _send(sent.origin, [("a", "Be short."), ("b", None), ("\ud83d", None)])
    assert _texts(results) == ["system_prompt", "b", "not_json"]
    assert isinstance(results[0], RequestRejected)
    assert len(_bodies(sent)[0]["items"]) == 1


@pytest.mark.parametrize("prompts", [[], [("a", "Be short.")]])
def test_nothing_to_send_sends_nothing(sent, prompts):
    """Without an item that can be sent there is no HTTP request."""
    assert len(_send(sent.origin, prompts)) == len(prompts)
    assert sent.requests == []


# -- the task


def test_an_unknown_task_is_every_items_error(loopai):
    """All failed and the server does not have the task: RequestRejected, kind not_found, for each."""
    server = loopai(lambda body: _batch([_failed(item) for item in body["items"]]), has_task=False)
    errors = _send(server.origin, ["a", "b"])
    assert all(isinstance(error, RequestRejected) for error in errors)
    assert {error.kind for error in errors} == {"not_found"}
    assert TASK in str(errors[0])


def test_a_task_that_fails_on_everything_is_looked_for_once(loopai):
    """All failed and the server has the task: the program failed; it is not looked for again."""
    server = loopai(lambda body: _batch([_failed(item) for item in body["items"]]))
    errors = _send(server.origin, ["a", "b"], ["a", "b"])
    assert {error.kind for error in errors} == {"execution_error"}
    assert sum(request.startswith(b"GET ") for request in server.requests) == 1


def test_an_unreadable_item_does_not_tell_that_the_task_is_there(loopai):
    """After a batch that told nothing, one that failed as a whole is looked into."""
    answers = iter([[], None])

    def answered(body):
        results = next(answers)
        return _batch([_failed(item) for item in body["items"]] if results is None else results)

    server = loopai(answered, has_task=False)
    assert _texts(_send(server.origin, ["a"], ["a"])) == ["not_found"]


def test_a_task_that_has_answered_is_not_looked_for(loopai):
    """One success tells that the task is there."""
    answers = iter([_done, _failed])

    def answered(body):
        kind = next(answers)
        return _batch([kind(item) for item in body["items"]])

    server = loopai(answered)
    assert _texts(_send(server.origin, ["a"], ["b"])) == ["execution_error"]
    assert not any(request.startswith(b"GET ") for request in server.requests)


# -- batches that failed


@pytest.mark.parametrize(
    ("status", "body", "error", "kind"),
    [
        ("429 Slow", b'{"code": "RATE_LIMIT_EXCEEDED"}', RequestDeferred, "rate_limited"),
        ("500 Oops", b'{"code": "BATCH_EXECUTION_ERROR"}', RequestDeferred, "server_error"),
        ("503 Busy", b"", RequestDeferred, "unavailable"),
        ("400 Bad", b'{"code": "VALIDATION_ERROR", "message": "no"}', RequestRejected, "rejected"),
        ("401 No", b"", RequestRejected, "unauthorized"),
        ("404 No", b'{"code": "TASK_NOT_FOUND", "message": "no"}', RequestRejected, "not_found"),
        ("413 Large", b"", RequestRejected, "too_large"),
        ("502 Bad", b"<html>", OutcomeUnknown, "bad_gateway"),
        ("504 Late", b"", OutcomeUnknown, "gateway_timeout"),
        ("200 OK", b"<html>", AnswerInvalid, "not_json"),
        ("200 OK", b"[]", AnswerInvalid, "not_loopai"),
        ("200 OK", b"{}", AnswerInvalid, "not_loopai"),
        ("200 OK", b'{"results": null}', AnswerInvalid, "not_loopai"),
    ],
)
def test_a_batch_that_failed_raises(loopai, http_answer, status, body, error, kind):
    """What happens to the whole is raised as for a single execution, once, and not sent again."""
    server = loopai(lambda _: http_answer(body, status, x_ratelimit_remaining_requests="5"))
    with pytest.raises(error) as caught:
        _send(server.origin, ["a", "b"])
    assert caught.value.kind == kind
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("raw", "kind"), [(b"", "reset"), (b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{", "cut")]
)
def test_a_lost_batch_is_unknown(faulty, raw, kind):
    """Written, and no whole answer: OutcomeUnknown for all of it."""
    with pytest.raises(OutcomeUnknown) as caught:
        _send(faulty(raw, then_close=True).origin, ["a", "b"])
    assert caught.value.kind == kind


def test_a_refused_batch_is_not_sent(free_port):
    """Nobody listens: RequestNotSent."""
    with pytest.raises(RequestNotSent):
        _send(f"http://127.0.0.1:{free_port}", ["a"])


def test_a_silent_server_ends_a_batch_at_its_deadline(faulty):
    """No answer in time: OutcomeUnknown, kind timeout."""

    def script(peer):
        peer.request()
        peer.wait_for_close()

    with pytest.raises(OutcomeUnknown) as caught:
        _send(faulty(script).origin, ["a"], timeout_s=0.2)
    assert caught.value.kind == "timeout"


@pytest.mark.parametrize("status", ["404 Not Found", "405 Method Not Allowed"])
@pytest.mark.parametrize("body", [b"", b'{"detail": "Not Found"}', b"<html>"])
def test_a_server_without_batches_says_so(loopai, http_answer, status, body):
    """No such route, as on an edge runtime: RequestRejected, kind no_batch."""
    with pytest.raises(RequestRejected) as caught:
        _send(loopai(lambda _: http_answer(body, status)).origin, ["a", "b"])
    assert caught.value.kind == "no_batch"


# -- concurrency and size


@pytest.mark.parametrize(("asked", "said"), [(-5, 1), (0, 1), (1, 1), (64, 64), (100, 100), (1000, 100)])
def test_the_concurrency_is_put_into_its_range(sent, asked, said):
    """The server takes 1 to 100."""
    _send(sent.origin, ["a"], max_concurrency=asked)
    assert _bodies(sent)[0]["max_concurrency"] == said


def test_a_refused_concurrency_is_left_out(loopai, http_answer):
    """A server with a lower limit is asked again without, and from then on at once."""
    refusal = http_answer(
        orjson.dumps({"code": "INVALID_CONCURRENCY", "message": "1 to 20"}), "400 Bad Request"
    )
    server = loopai(
        lambda body: refusal if "max_concurrency" in body else _batch([_done(item) for item in body["items"]])
    )
    assert _texts(_send(server.origin, ["a"], ["b"], max_concurrency=64)) == ["b"]
    assert ["max_concurrency" in body for body in _bodies(server)] == [True, False, False]


def test_a_concurrency_refused_without_any_is_raised(loopai, http_answer):
    """A server that refuses it all the same is not asked for ever."""
    refusal = http_answer(orjson.dumps({"code": "INVALID_CONCURRENCY", "message": "no"}), "400 Bad Request")
    server = loopai(lambda _: refusal)
    with pytest.raises(RequestRejected):
        _send(server.origin, ["a"])
    assert len(server.requests) == 2


def test_more_than_a_batch_goes_out_in_several(sent):
    """Two hundred and fifty prompts are three HTTP batches, in order."""
    prompts = [str(n) for n in range(250)]
    assert _texts(_send(sent.origin, prompts)) == prompts
    assert [len(body["items"]) for body in _bodies(sent)] == [100, 100, 50]


def test_long_prompts_go_out_in_several(sent, monkeypatch):
    """A body stays below the limit in bytes; an item that is longer goes alone."""
    monkeypatch.setattr(loopai_batch, "MOST_BYTES", 1000)
    prompts = ["a" * 300, "b" * 300, "c" * 200, "d" * 2000, "e"]
    assert _texts(_send(sent.origin, prompts)) == prompts
    assert [len(body["items"]) for body in _bodies(sent)] == [3, 1, 1]


def test_one_of_several_that_fails_is_its_items_error(loopai, http_answer, monkeypatch):
    """What the other HTTP batches answered is kept; the items of the failed one have its error."""
    monkeypatch.setattr(loopai_batch, "MOST_ITEMS", 2)

    def answered(body):
        if body["items"][0]["input"] == {"text": "c"}:
            return http_answer("", "413 Too Large")
        return _batch([_done(item) for item in body["items"]])

    results = _send(loopai(answered).origin, ["a", "b", "c", "d", "e"])
    assert _texts(results) == ["a", "b", "too_large", "too_large", "e"]
    assert isinstance(results[2], ModelServerError)


# -- limits


def test_limits_come_with_each_result(loopai, http_answer):
    """The headers of the one answer are known to all of its items, answered or not."""
    server = loopai(
        lambda body: http_answer(
            orjson.dumps(_batch([_done(body["items"][0]), _failed(body["items"][1])])),
            x_ratelimit_limit="30",
            x_ratelimit_remaining="7",
        )
    )
    assert [one.limits for one in _send(server.origin, ["a", "b"])] == [RateLimits(30, 7)] * 2
