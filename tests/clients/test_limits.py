"""Rate limits in an answer's headers come back with the reply, and with the error of a refusal."""

from __future__ import annotations

import asyncio

import pytest

from loopai_nb.clients.connect import model_server
from loopai_nb.clients.openai import OpenAIServer
from loopai_nb.errors import ModelServerError
from loopai_nb.records import Parameters, RateLimits, ServerKind

TASK = "0b8f1b9e-6d5a-4f0e-9a34-0d7a4a6f3c11"
GOOD = (
    b'{"choices": [{"message": {"content": "a"}, "finish_reason": "stop"}],'
    b' "response": "a", "status": "success", "output": "a"}'
)
SSE = b'data: {"choices": [{"delta": {"content": "a"}, "finish_reason": "stop"}]}\n\n'
HEADERS = {
    "x_ratelimit_limit_requests": "60",
    "x_ratelimit_remaining_requests": "59",
    "x_ratelimit_reset_requests": "1s",
    "x_ratelimit_limit_tokens": "150000",
    "x_ratelimit_remaining_tokens": "149984",
    "x_ratelimit_reset_tokens": "6m0s",
}
LIMITS = RateLimits(60, 59, 1.0, 150_000, 149_984, 300.0)


def _send(url, kind):
    async def main():
        server = model_server(url, kind=kind, model=TASK)
        try:
            return await server.send("x", system=None, parameters=Parameters(), timeout_s=60)
        finally:
            await server.aclose()

    return asyncio.run(main())


@pytest.mark.parametrize("kind", list(ServerKind))
def test_a_reply_carries_the_limits(faulty, http_answer, kind):
    """Each protocol's reply has what the headers said."""
    assert _send(faulty(http_answer(GOOD, **HEADERS)).origin, kind).limits == LIMITS


@pytest.mark.parametrize("kind", list(ServerKind))
def test_a_reply_without_them_has_none(faulty, http_answer, kind):
    """A server that says nothing has said nothing."""
    assert _send(faulty(http_answer(GOOD, x_request_id="7")).origin, kind).limits is None


@pytest.mark.parametrize("media", ["text/event-stream", "application/json"])
def test_a_streams_reply_carries_the_limits(faulty, http_answer, media):
    """The whole reply at a stream's end has them, whether it streamed or not."""
    body = SSE if media == "text/event-stream" else GOOD
    server = faulty(http_answer(body, **{**HEADERS, "content_type": media}))

    async def main():
        client = OpenAIServer(server.url, "m")
        stream = client.stream("x", system=None, parameters=Parameters(), timeout_s=60)
        pieces = [piece async for piece in stream]
        await client.aclose()
        return pieces

    assert asyncio.run(main())[-1].limits == LIMITS


@pytest.mark.parametrize("kind", list(ServerKind))
@pytest.mark.parametrize(
    "status", ["307 Redirect", "400 Bad", "401 No", "404 No", "429 Slow", "500 Oops", "502 Bad", "503 Busy"]
)
def test_a_refusal_carries_the_limits(faulty, http_answer, kind, status):
    """Every error of a status has what its headers said."""
    with pytest.raises(ModelServerError) as caught:
        _send(faulty(http_answer("{}", status, **HEADERS)).origin, kind)
    assert caught.value.limits == LIMITS


@pytest.mark.parametrize("body", [b'{"status": "error"}', b'{"status": "timeout"}', b'{"status": "odd"}'])
def test_an_execution_that_failed_carries_the_limits(faulty, http_answer, body):
    """Loopai's failures come with a success of HTTP, whose headers count too."""
    with pytest.raises(ModelServerError) as caught:
        _send(faulty(http_answer(body, **HEADERS)).origin, ServerKind.LOOPAI)
    assert caught.value.limits == LIMITS


@pytest.mark.parametrize(
    "value", ["nan", "inf", "-1", "1e9", "\u0667".encode().decode("latin-1"), "9" * 400, ""]
)
def test_a_limit_that_is_no_number_is_as_if_absent(faulty, http_answer, value):
    """What no server means is not believed, and costs no answer."""
    reply = _send(faulty(http_answer(GOOD, x_ratelimit_remaining_requests=value)).origin, ServerKind.OPENAI)
    assert (reply.text, reply.limits) == ("a", None)
