"""Calls of OpenAI's chat completions over a server object of their own, and what is answered."""

from __future__ import annotations

import asyncio

import orjson

from loopai_nb.clients.openai import OpenAIServer
from loopai_nb.records import Parameters

GOOD = {
    "model": "m-1",
    "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "windshield"}, "finish_reason": "stop"}
    ],
    "usage": {"prompt_tokens": 30, "completion_tokens": 2},
}
RENAMED = {"error": {"message": "Use it.", "param": "max_tokens", "code": "unsupported_parameter"}}


def called(url, what, **options):
    """Do something with a server object of its own."""

    async def exchange():
        server = OpenAIServer(url, options.pop("model", "m"), api_key=options.pop("api_key", None))
        try:
            return await what(server)
        finally:
            await server.aclose()

    return asyncio.run(exchange())


def sent_to(url, *, system=None, parameters=None, timeout_s=60.0, **options):
    """Send one prompt; the reply."""
    return called(
        url,
        lambda server: server.send(
            "Which?", system=system, parameters=parameters or Parameters(), timeout_s=timeout_s
        ),
        **options,
    )


def streamed_from(url, *, timeout_s=60.0):
    """Stream one prompt; its pieces and the reply."""

    async def pieces(server):
        stream = server.stream("Which?", system=None, parameters=Parameters(), timeout_s=timeout_s)
        return [piece async for piece in stream]

    return called(url, pieces)


def body_of(request):
    """A request's body, read."""
    return orjson.loads(request.partition(b"\r\n\r\n")[2])


def good_with(**changes):
    """A good answer with some fields changed."""
    return orjson.dumps(GOOD | changes)


def good_message(**message):
    """A good answer with this message."""
    return good_with(choices=[{"message": message, "finish_reason": "stop"}])
