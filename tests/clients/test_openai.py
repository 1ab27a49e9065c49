"""OpenAI's chat completions, from servers that answer well and from servers that do not."""

from __future__ import annotations

import orjson
import pytest
from chat_calls import RENAMED, body_of, called, good_message, good_with, sent_to

from loopai_nb.clients.base import ModelServer
from loopai_nb.clients.openai import OpenAIServer
from loopai_nb.errors import (
    AnswerInvalid,
    InputError,
    OutcomeUnknown,
    RequestDeferred,
    RequestNotSent,
    RequestRejected,
)
from loopai_nb.records import Parameters, Reply, ServerKind, Usage


def test_it_is_a_model_server():
    """It has the seam's shape, and its repr has no key."""
    server = OpenAIServer("http://127.0.0.1:8000/v1/", "m", api_key="canary", organization="o")
    assert isinstance(server, ModelServer)
    assert (server.kind, server.base_url, server.model) == (
        ServerKind.OPENAI,
        "http://127.0.0.1:8000/v1",
        "m",
    )
    assert "canary" not in f"{server!r} {vars(server)!r}"


def test_what_is_sent(faulty, http_answer):
    """Model, messages, limits and extra fields, once, with the key as a bearer token."""
    server = faulty(http_answer(good_with()))
    parameters = Parameters(max_tokens=8, temperature=0.5, extra={"seed": 7})
    reply = sent_to(server.url, system="Be short.", parameters=parameters, api_key="k")
    assert reply == Reply("windshield", Usage(30, 2), "m-1", "stop", reply.latency_ms)
    assert reply.latency_ms > 0
    (request,) = server.requests
    assert request.startswith(b"POST /v1/chat/completions HTTP/1.1\r\n")
    assert b"\r\nauthorization: Bearer k\r\n" in request
    assert body_of(request) == {
        "model": "m",
        "messages": [{"role": "system", "content": "Be short."}, {"role": "user", "content": "Which?"}],
        "max_tokens": 8,
        "temperature": 0.5,
        "seed": 7,
    }


@pytest.mark.parametrize("name", ["model", "messages", "max_tokens", "max_completion_tokens", "n", "stream"])
def test_extra_may_not_replace_what_was_approved(faulty, name):
    """An extra field that belongs to the plan is refused and nothing is sent."""
    server = faulty(b"")
    with pytest.raises(InputError, match=name):
        sent_to(server.url, parameters=Parameters(extra={name: 1}))
    assert server.requests == []


@pytest.mark.parametrize("model", ["a\r\nb", "a\0", "a\x7f"])
def test_attack_39_line_breaks_in_a_model_are_refused(model):
    """A model's name is one line."""
    with pytest.raises(InputError):
        OpenAIServer("http://127.0.0.1/v1", model)


@pytest.mark.parametrize("options", [{"api_key": "can\r\nary"}, {"organization": "can\nary"}])
def test_attack_39_line_breaks_in_a_key_are_refused(options):
    """A key with a line break is refused and not repeated."""
    with pytest.raises(InputError) as caught:
        OpenAIServer("http://127.0.0.1/v1", "m", **options)
    assert "ary" not in repr(caught.value)


def test_half_an_emoji_in_a_prompt_is_refused(faulty):
    """A lone surrogate cannot be sent: InputError, and nothing is."""
    server = faulty(b"")
    with pytest.raises(InputError):
        sent_to(server.url, system="\ud83d")
    assert server.requests == []


def test_the_newer_name_of_the_limit_is_learned(faulty, http_answer):
    """A model that wants max_completion_tokens is asked again with it, and from then on at once."""

    def script(peer):
        while (request := peer.request()) is not None:
            old = "max_tokens" in body_of(request)
            peer.send(http_answer(orjson.dumps(RENAMED), "400 Bad") if old else http_answer(good_with()))

    server = faulty(script)

    async def twice(client):
        for _ in range(2):
            await client.send("x", system=None, parameters=Parameters(max_tokens=8), timeout_s=60)

    called(server.url, twice)
    names = [[name for name in body_of(request) if name.startswith("max_")] for request in server.requests]
    assert names == [["max_tokens"], ["max_completion_tokens"], ["max_completion_tokens"]]


def test_the_newer_name_of_the_limit_is_tried_once(faulty, http_answer):
    """A server that refuses both names is not asked for ever: RequestRejected after two."""
    server = faulty(http_answer(orjson.dumps(RENAMED), "400 Bad"))
    with pytest.raises(RequestRejected):
        sent_to(server.url)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (good_message(content=""), ""),
        (good_message(content=None), ""),
        (good_message(content=[{"type": "text", "text": "a"}, {"type": "image"}, "b"]), "ab"),
        (good_message(content=None, refusal="I will not."), "I will not."),
        (good_with(choices=[{"text": "old"}]), "old"),
        (
            good_with(
                choices=[{"index": 1, "message": {"content": "b"}}, {"index": 0, "message": {"content": "a"}}]
            ),
            "a",
        ),
        (good_with(choices=[None, {"message": {"content": "a"}}]), "a"),
    ],
    ids=["empty", "null", "parts", "refusal", "completion", "two choices", "null choice"],
)
def test_each_shape_of_content_is_read(faulty, http_answer, body, text):
    """Text, null, parts and their like are all an answer's text."""
    assert sent_to(faulty(http_answer(body)).url).text == text


def test_a_length_finish_is_returned_and_a_missing_one_is_tolerated(faulty, http_answer):
    """finish_reason is passed on; without a stream its absence loses nothing."""
    message = {"message": {"content": "a"}}
    for choice, reason in ({**message, "finish_reason": "length"}, "length"), (message, ""):
        assert sent_to(faulty(http_answer(good_with(choices=[choice]))).url).finish_reason == reason


@pytest.mark.parametrize(
    "usage",
    [
        None,
        "many",
        [],
        {},
        {"prompt_tokens": -1, "completion_tokens": -5},
        {"prompt_tokens": 1.5, "completion_tokens": 2.0},
        {"prompt_tokens": True, "completion_tokens": False},
        {"prompt_tokens": "3", "completion_tokens": None},
        {"prompt_tokens": 10**12, "completion_tokens": 2**63},
    ],
)
def test_attack_37_impossible_usage_is_none(faulty, http_answer, usage):
    """A count that cannot be one is no count; the executor charges its maximum for it."""
    assert sent_to(faulty(http_answer(good_with(usage=usage))).url).usage == Usage(None, None)


def test_attack_40_another_model_is_reported(faulty, http_answer):
    """The model that the server names comes back, as one line."""
    assert sent_to(faulty(http_answer(good_with(model="other\n<b>"))).url).model == "other <b>"
    assert sent_to(faulty(http_answer(good_with(model=7))).url).model == ""


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (good_with(choices=None), "no_choices"),
        (good_with(choices=[]), "no_choices"),
        (good_with(choices="x"), "no_choices"),
        (b"{}", "no_choices"),
        (b"[]", "no_answer"),
        (b'"text"', "no_answer"),
        (b"null", "no_answer"),
        (good_with(choices=[{"message": None}]), "no_text"),
        (good_message(content=7), "no_text"),
        (good_message(content=None, tool_calls=[{"id": "x"}]), "no_text"),
        (b'{"error": {"message": "overloaded", "code": 503}}', "error_in_answer"),
        (b'{"error": "overloaded"}', "error_in_answer"),
        (b'{"error": {"message": "x", "code": "context_length_exceeded"}}', "prompt_too_long"),
        (b"<html><title>Hi</title></html>", "not_json"),
        (good_with()[:-20], "not_json"),
        (b"[" * 100_000, "not_json"),
    ],
)
def test_a_success_that_is_no_answer_is_invalid(faulty, http_answer, raw, kind):
    """A 200 whose body is no answer: AnswerInvalid of that kind; it counts as paid."""
    with pytest.raises(AnswerInvalid) as caught:
        sent_to(faulty(http_answer(raw)).url)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("raw", "error", "kind"),
    [
        (
            b"HTTP/1.1 429 Slow\r\nretry-after: 3\r\ncontent-length: 0\r\n\r\n",
            RequestDeferred,
            "rate_limited",
        ),
        (b"HTTP/1.1 429 Slow\r\ncontent-length: 0\r\n\r\n", RequestDeferred, "rate_limited"),
        (b"HTTP/1.1 500 Oops\r\ncontent-length: 4\r\n\r\noops", RequestDeferred, "server_error"),
        (b"HTTP/1.1 502 Bad\r\n\r\n<html><title>502</title></html>", OutcomeUnknown, "bad_gateway"),
        (b"HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n", RequestRejected, "unauthorized"),
        (b"HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n", RequestRejected, "not_found"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{", OutcomeUnknown, "cut"),
        (b"", OutcomeUnknown, "reset"),
    ],
)
def test_each_fault_has_its_error(faulty, raw, error, kind):
    """Statuses and cuts become the error that says what can be done, and the request was made once."""
    server = faulty(raw, then_close=True)
    with pytest.raises(error) as caught:
        sent_to(server.url)
    assert caught.value.kind == kind
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("body", "status", "models"),
    [
        (b'{"data": [{"id": "a"}, {"id": "b"}, {"id": "a"}, {}, 7]}', "200 OK", ("a", "b")),
        (b'{"data": null}', "200 OK", ()),
        (b'{"models": [{"name": "a"}]}', "200 OK", ("a",)),
        (b"[]", "200 OK", ()),
        (b"", "404 Not Found", ()),
        (b"", "405 Method Not Allowed", ()),
    ],
)
def test_check_lists_the_models(faulty, http_answer, body, status, models):
    """The names are listed; a server without a list is a server all the same."""
    server = faulty(http_answer(body, status))
    info = called(server.url, OpenAIServer.check)
    assert (info.kind, info.base_url, info.models) == (ServerKind.OPENAI, server.url, models)
    assert server.requests[0].startswith(b"GET /v1/models HTTP/1.1")


def test_check_says_that_nobody_is_there(free_port):
    """A server that is off gives the sentence and the hint that a person needs."""
    url = f"http://127.0.0.1:{free_port}/v1"
    with pytest.raises(RequestNotSent) as caught:
        called(url, OpenAIServer.check)
    assert caught.value.message == f"No model server at {url} (connection refused)."
    assert caught.value.hint == "Start it, or choose another: %loopai server URL."


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"", "401 No", RequestRejected),
        (b"<html>", "200 OK", AnswerInvalid),
        (b"", "503 Busy", RequestDeferred),
    ],
)
def test_check_says_what_is_wrong(faulty, http_answer, body, status, error):
    """A wrong key, a web page and a server that is loading are no good check."""
    with pytest.raises(error):
        called(faulty(http_answer(body, status)).url, OpenAIServer.check)
