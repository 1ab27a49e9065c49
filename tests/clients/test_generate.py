"""The first design's /generate and /health, in the shapes that servers give them."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from loopai_nb.clients.base import ModelServer
from loopai_nb.clients.generate import GenerateServer
from loopai_nb.errors import AnswerInvalid, InputError, OutcomeUnknown, RequestDeferred, RequestRejected
from loopai_nb.records import Parameters, ServerKind, Usage


def _call(url, what, **options):
    async def exchange():
        server = GenerateServer(url, **options)
        try:
            return await what(server)
        finally:
            await server.aclose()

    return asyncio.run(exchange())


def _send(url, *, system=None, parameters=None, **options):
    return _call(
        url,
        lambda server: server.send(
            "Which?", system=system, parameters=parameters or Parameters(), timeout_s=60
        ),
        **options,
    )


def test_what_is_sent(faulty, http_answer):
    """prompt, system_prompt, max_new_tokens and temperature, with the key as a bearer token."""
    server = faulty(http_answer('{"response": "a"}'))
    parameters = Parameters(max_tokens=8, temperature=0.5, extra={"seed": 7})
    _send(server.origin, system="Be short.", parameters=parameters, api_key="k")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /generate HTTP/1.1\r\n")
    assert b"\r\nauthorization: Bearer k" in head
    assert orjson.loads(body) == {
        "prompt": "Which?",
        "system_prompt": "Be short.",
        "max_new_tokens": 8,
        "temperature": 0.5,
        "seed": 7,
    }


def test_no_system_prompt_is_left_out(faulty, http_answer):
    """Without a system prompt the field is absent, so that the server's own default holds."""
    server = faulty(http_answer('{"response": "a"}'))
    _send(server.origin)
    assert b"system_prompt" not in server.requests[0]


def test_it_is_a_model_server():
    """It has the seam's shape; a URL that ends with /generate means its base; no key in the repr."""
    server = GenerateServer("http://127.0.0.1:8000/generate", "phi", api_key="canary")
    assert isinstance(server, ModelServer)
    assert (server.kind, server.base_url, server.model) == (
        ServerKind.GENERATE,
        "http://127.0.0.1:8000",
        "phi",
    )
    assert "canary" not in f"{server!r} {vars(server)!r}"


@pytest.mark.parametrize(
    ("body", "usage"),
    [
        ({"response": "a", "stats": {"input_tokens": 3, "output_tokens": 2}}, Usage(3, 2)),
        ({"text": "a", "stats": {"prompt_tokens": 3, "generated_tokens": 2}}, Usage(3, 2)),
        ({"output": "a", "prompt_tokens": 3, "completion_tokens": 2}, Usage(3, 2)),
        ({"response": "a", "prompt_eval_count": 3, "eval_count": 2}, Usage(3, 2)),
        ([{"generated_text": "a", "details": {"generated_tokens": 2}}], Usage(None, 2)),
        ({"response": "a", "stats": {"input_tokens": -3, "output_tokens": 2.5}}, Usage(None, None)),
        ({"response": "a", "stats": None}, Usage(None, None)),
        ({"response": "a", "stats": "fast", "usage": {"output_tokens": 2}}, Usage(None, 2)),
        ({"response": "a"}, Usage(None, None)),
    ],
)
def test_each_shape_of_answer_is_read(faulty, http_answer, body, usage):
    """Text and counts are found under their usual names; a missing or impossible count is none."""
    reply = _send(faulty(http_answer(orjson.dumps(body))).origin)
    assert (reply.text, reply.usage) == ("a", usage)


def test_model_and_finish_reason_are_read(faulty, http_answer):
    """What the server says of its model and of why it stopped comes back."""
    body = b'{"response": "a", "stats": {"model": "phi-4", "finish_reason": "length"}}'
    reply = _send(faulty(http_answer(body)).origin)
    assert (reply.model, reply.finish_reason) == ("phi-4", "length")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{}", "no_text"),
        (b'{"response": null}', "no_text"),
        (b'{"response": 7}', "no_text"),
        (b"[]", "no_answer"),
        (b'"text"', "no_answer"),
        (b'{"error": "CUDA out of memory"}', "error_in_answer"),
        (b"plain text", "not_json"),
        (b"<html>", "not_json"),
    ],
)
def test_a_success_that_is_no_answer_is_invalid(faulty, http_answer, body, kind):
    """A 200 whose body is no answer: AnswerInvalid of that kind."""
    with pytest.raises(AnswerInvalid) as caught:
        _send(faulty(http_answer(body)).origin)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("raw", "error", "kind"),
    [
        (
            b"HTTP/1.1 422 No\r\n\r\n" + b'{"detail": [{"loc": ["body"], "msg": "bad"}]}',
            RequestRejected,
            "rejected",
        ),
        (b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n", RequestDeferred, "unavailable"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{", OutcomeUnknown, "cut"),
    ],
)
def test_each_fault_has_its_error(faulty, raw, error, kind):
    """Statuses and cuts become the error that says what can be done."""
    with pytest.raises(error) as caught:
        _send(faulty(raw, then_close=True).origin)
    assert caught.value.kind == kind


def test_extra_may_not_replace_what_was_approved(faulty):
    """An extra field that belongs to the plan is refused and nothing is sent."""
    server = faulty(b"")
    with pytest.raises(InputError):
        _send(server.origin, parameters=Parameters(extra={"prompt": "another"}))
    assert server.requests == []


@pytest.mark.parametrize(
    ("body", "models"),
    [
        (b'{"status": "ok", "model": "phi-4"}', ("phi-4",)),
        (b'{"status": "healthy", "models": ["a", "b"]}', ("a", "b")),
        (b'{"status": "ok"}', ()),
        (b"OK", ()),
        (b"", ()),
    ],
)
def test_check_reads_the_health(faulty, http_answer, body, models):
    """A 200 is healthy whatever its body, and names its model where it does."""
    server = faulty(http_answer(body))
    assert _call(server.origin, GenerateServer.check).models == models
    assert server.requests[0].startswith(b"GET /health HTTP/1.1")


@pytest.mark.parametrize("body", [b'{"status": "loading"}', b'{"status": "ok", "model_loaded": false}'])
def test_check_says_that_it_is_not_ready(faulty, http_answer, body):
    """A server that is loading its model: RequestDeferred, kind unavailable."""
    with pytest.raises(RequestDeferred) as caught:
        _call(faulty(http_answer(body)).origin, GenerateServer.check)
    assert caught.value.kind == "unavailable"
