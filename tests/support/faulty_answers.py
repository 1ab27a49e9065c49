"""Answers of model servers that are well and that are faults, and one call over a pool of its own."""

from __future__ import annotations

import asyncio
import gzip

import orjson

from loopai_nb.clients.http import HttpPool
from loopai_nb.clients.openai import OpenAIServer
from loopai_nb.errors import (
    AnswerInvalid,
    OutcomeUnknown,
    RequestDeferred,
    RequestRejected,
)
from loopai_nb.records import Parameters

GOOD = {
    "model": "m",
    "choices": [{"message": {"content": "wing"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 1},
}
PAGE = b"<html><title>Bad Gateway</title></html>"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n"


def http(body=b"", status="200 OK", **headers):
    """A whole HTTP answer."""
    body = body if isinstance(body, bytes) else orjson.dumps(body)
    names = {"content-length": str(len(body)), **{n.replace("_", "-"): v for n, v in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in names.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def good(**changes):
    """A good answer with some fields changed."""
    return orjson.dumps(GOOD | changes)


def ask_once(url, *, prompt="Which?", fast=True, timeout_s=60.0, stream=False, **options):
    """Ask once; the reply, or for a stream all its pieces."""

    async def main():
        pool = HttpPool(fast=fast, max_body_bytes=1_000_000)
        server = OpenAIServer(url, "m", pool=pool, **options)
        asked = {"system": None, "parameters": Parameters(), "timeout_s": timeout_s}
        try:
            if stream:
                return [piece async for piece in server.stream(prompt, **asked)]
            return await server.send(prompt, **asked)
        finally:
            await pool.aclose()

    return asyncio.run(main())


def refusal(body=b"", status="429 Slow", **headers):
    """A refusal; by default a 429."""
    return http(body, status, **headers)


ANSWERS = {
    "33 redirect to another host": (
        refusal(status="307 Temporary Redirect", location="http://127.0.0.2:1/"),
        (RequestRejected, "redirect"),
    ),
    "35 gzip bomb": (
        http(gzip.compress(b"\0" * 20_000_000), content_encoding="gzip"),
        (AnswerInvalid, "too_large"),
    ),
    "36 JSON nested 100,000 deep": (
        http(b'{"choices":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        (AnswerInvalid, "not_json"),
    ),
    "429 without Retry-After": (refusal(), (RequestDeferred, "rate_limited")),
    "429 with seconds": (refusal(retry_after="3"), (RequestDeferred, "rate_limited")),
    "429 with a date": (
        refusal(retry_after="Sat, 21 Nov 2026 12:00:30 GMT"),
        (RequestDeferred, "rate_limited"),
    ),
    "429 with milliseconds": (refusal(retry_after_ms="250"), (RequestDeferred, "rate_limited")),
    "500": (refusal(status="500 Oops"), (RequestDeferred, "server_error")),
    "502 with HTML": (refusal(PAGE, "502 Bad Gateway"), (OutcomeUnknown, "bad_gateway")),
    "503": (refusal(status="503 Busy"), (RequestDeferred, "unavailable")),
    "200 with HTML": (http(PAGE, content_type="text/html"), (AnswerInvalid, "not_json")),
    "200 with an error object": (
        http({"error": {"message": "out of memory", "code": 500}}),
        (AnswerInvalid, "error_in_answer"),
    ),
    "200 cut short by its length": (HEAD + good()[:40], (OutcomeUnknown, "cut")),
    "200 cut short inside a chunk": (
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n" + good()[:40],
        (OutcomeUnknown, "cut"),
    ),
    "200 cut short, its end unknown": (
        b"HTTP/1.1 200 OK\r\n\r\n" + good()[:40],
        (AnswerInvalid, "not_json"),
    ),
    "broken JSON": (http(good()[:-1] + b",,}"), (AnswerInvalid, "not_json")),
    "choices null": (http(good(choices=None)), (AnswerInvalid, "no_choices")),
    "choices empty": (http(good(choices=[])), (AnswerInvalid, "no_choices")),
    "reset before the body": (b"", (OutcomeUnknown, "reset")),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n", (OutcomeUnknown, "protocol")),
}
