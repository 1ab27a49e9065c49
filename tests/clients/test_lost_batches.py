"""Loopai's batches: a lost batch is told from a lost item, and a missing task from both."""

from __future__ import annotations

import pytest
from batches import TASK, batch_of, bodies_of, done, failed, send_batches, texts_of
from leisure import at_leisure

from loopai_nb.errors import (
    AnswerInvalid,
    OutcomeUnknown,
    RequestDeferred,
    RequestNotSent,
    RequestRejected,
)


def test_an_item_that_failed_is_its_own_error(loopai):
    """One program's failure is that item's ExecutionFailed; the others are answered."""
    server = loopai(
        lambda body: batch_of([done(body["items"][0]), failed(body["items"][1]), done(body["items"][2])])
    )
    first, error, last = send_batches(server.origin, ["a", "b", "c"])
    assert (first.text, last.text) == ("a", "c")
    assert isinstance(error, RequestRejected)
    assert (error.kind, error.status_code, error.execution_id) == ("execution_error", 200, None)
    assert "boom" in str(error)


def test_an_item_that_ran_out_of_time_is_unknown(loopai):
    """A server that says so with the item: kind execution_timeout, as for a single execution."""
    server = loopai(
        lambda body: batch_of([done(body["items"][0]), {**failed(body["items"][1]), "status": "timeout"}])
    )
    _, error = send_batches(server.origin, ["a", "b"])
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
    server = loopai(lambda body: batch_of(change([done(item) for item in body["items"]])))
    first, second = send_batches(server.origin, ["a", "b"])
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

    error, reply = send_batches(loopai(answered).origin, ["a", "b"])
    assert isinstance(error, AnswerInvalid)
    assert reply.text == "null"


def test_what_cannot_be_sent_is_that_items_error(sent):
    """A system prompt and half an emoji are refused here; the rest goes out."""
    results = send_batches(sent.origin, [("a", "Be short."), ("b", None), ("\ud83d", None)])
    assert texts_of(results) == ["system_prompt", "b", "not_json"]
    assert isinstance(results[0], RequestRejected)
    assert len(bodies_of(sent)[0]["items"]) == 1


@pytest.mark.parametrize("prompts", [[], [("a", "Be short.")]])
def test_nothing_to_send_sends_nothing(sent, prompts):
    """Without an item that can be sent there is no HTTP request."""
    assert len(send_batches(sent.origin, prompts)) == len(prompts)
    assert sent.requests == []


def test_an_unknown_task_is_every_items_error(loopai):
    """All failed and the server does not have the task: RequestRejected, kind not_found, for each."""
    server = loopai(lambda body: batch_of([failed(item) for item in body["items"]]), has_task=False)
    errors = send_batches(server.origin, ["a", "b"])
    assert all(isinstance(error, RequestRejected) for error in errors)
    assert {error.kind for error in errors} == {"not_found"}
    assert TASK in str(errors[0])


def test_a_task_that_fails_on_everything_is_looked_for_once(loopai):
    """All failed and the server has the task: the program failed; it is not looked for again."""
    server = loopai(lambda body: batch_of([failed(item) for item in body["items"]]))
    errors = send_batches(server.origin, ["a", "b"], ["a", "b"])
    assert {error.kind for error in errors} == {"execution_error"}
    assert sum(request.startswith(b"GET ") for request in server.requests) == 1


def test_an_unreadable_item_does_not_tell_that_the_task_is_there(loopai):
    """After a batch that told nothing, one that failed as a whole is looked into."""
    answers = iter([[], None])

    def answered(body):
        results = next(answers)
        return batch_of([failed(item) for item in body["items"]] if results is None else results)

    server = loopai(answered, has_task=False)
    assert texts_of(send_batches(server.origin, ["a"], ["a"])) == ["not_found"]


def test_a_task_that_has_answered_is_not_looked_for(loopai):
    """One success tells that the task is there."""
    answers = iter([done, failed])

    def answered(body):
        kind = next(answers)
        return batch_of([kind(item) for item in body["items"]])

    server = loopai(answered)
    assert texts_of(send_batches(server.origin, ["a"], ["b"])) == ["execution_error"]
    assert not any(request.startswith(b"GET ") for request in server.requests)


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
        send_batches(server.origin, ["a", "b"])
    assert caught.value.kind == kind
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("raw", "kind"), [(b"", "reset"), (b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{", "cut")]
)
def test_a_lost_batch_is_unknown(faulty, raw, kind):
    """Written, and no whole answer: OutcomeUnknown for all of it."""
    with pytest.raises(OutcomeUnknown) as caught:
        send_batches(faulty(raw, then_close=True).origin, ["a", "b"])
    assert caught.value.kind == kind


def test_a_refused_batch_is_not_sent(free_port):
    """Nobody listens: RequestNotSent."""
    with pytest.raises(RequestNotSent):
        send_batches(f"http://127.0.0.1:{free_port}", ["a"])


@at_leisure
def test_a_silent_server_ends_a_batch_at_its_deadline(faulty, times):
    """No answer in time: OutcomeUnknown, kind timeout."""

    def script(peer):
        peer.request()
        peer.wait_for_close()

    with pytest.raises(OutcomeUnknown) as caught:
        send_batches(faulty(script).origin, ["a"], timeout_s=0.2 * times)
    assert caught.value.kind == "timeout"


@pytest.mark.parametrize("status", ["404 Not Found", "405 Method Not Allowed"])
@pytest.mark.parametrize("body", [b"", b'{"detail": "Not Found"}', b"<html>"])
def test_a_server_without_batches_says_so(loopai, http_answer, status, body):
    """No such route, as on an edge runtime: RequestRejected, kind no_batch."""
    with pytest.raises(RequestRejected) as caught:
        send_batches(loopai(lambda _: http_answer(body, status)).origin, ["a", "b"])
    assert caught.value.kind == "no_batch"
