"""Cancelling a request ends it: its connection is closed at once and carries no other one."""

from __future__ import annotations

import asyncio
import contextlib
import threading

import pytest

from loopai_nb.clients.connect import model_server
from loopai_nb.clients.http import HttpPool
from loopai_nb.records import Parameters, ServerKind

TASK = "0b8f1b9e-6d5a-4f0e-9a34-0d7a4a6f3c11"
GOOD = (
    b'{"choices": [{"message": {"content": "a"}, "finish_reason": "stop"}], "results": [],'
    b' "response": "a", "status": "success", "output": "a"}'
)
WHOLE = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(GOOD), GOOD)
HALF = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 500\r\n\r\ndata: {"


async def _send(server):
    await server.send("x", system=None, parameters=Parameters(), timeout_s=60)


async def _send_batch(server):
    await server.send_batch([("x", None)], parameters=Parameters(), timeout_s=60, max_concurrency=1)


async def _stream(server):
    asked = server.stream("x", system=None, parameters=Parameters(), timeout_s=60)
    async with contextlib.aclosing(asked) as pieces:
        async for _ in pieces:
            pass


CALLS = [
    pytest.param(ServerKind.OPENAI, _send, id="openai"),
    pytest.param(ServerKind.OPENAI, _stream, id="openai stream"),
    pytest.param(ServerKind.GENERATE, _send, id="generate"),
    pytest.param(ServerKind.LOOPAI, _send, id="loopai"),
    pytest.param(ServerKind.LOOPAI, _send_batch, id="loopai batch"),
]


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("half", [b"", HALF], ids=["before the answer", "in mid-answer"])
@pytest.mark.parametrize(("kind", "call"), CALLS)
def test_cancelling_closes_and_is_not_used_again(faulty, fast, kind, call, half, times):
    """The server sees the close while the pool stays open, and the next request has a new connection.

    A second cancel while the first is being cleaned up, as the executor's end may send, changes nothing.
    """
    asked = threading.Event()

    def script(peer):
        while peer.request() is not None:
            if peer.number > 1:
                peer.send(WHOLE)
                continue
            peer.send(half)
            asked.set()
            peer.wait_for_close()
            return

    server = faulty(script)

    async def main():
        pool = HttpPool(fast=fast)
        one = model_server(server.origin, kind=kind, model=TASK, pool=pool)
        task = asyncio.create_task(call(one))
        assert await asyncio.to_thread(asked.wait, 60)
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.closed_by_client.wait, 60)
        if call is not _stream:
            await call(one)
            assert server.connections == 2
        await pool.aclose()

    asyncio.run(main())


def test_cancelling_one_leaves_the_others(faulty, fast):
    """Only the cancelled request's connection is closed; what runs beside it is answered."""
    both = threading.Barrier(3, timeout=60)
    goes_on = threading.Event()

    def script(peer):
        request = peer.request()
        both.wait()
        if b"cancelled" in request:
            peer.wait_for_close()
        else:
            goes_on.wait(60)
            peer.send(WHOLE)

    server = faulty(script)

    async def main():
        pool = HttpPool(fast=fast)
        one = model_server(server.url, kind=ServerKind.OPENAI, model="m", pool=pool)
        asked = {"system": None, "parameters": Parameters(), "timeout_s": 60}
        dropped, kept = (asyncio.create_task(one.send(text, **asked)) for text in ("cancelled", "kept"))
        await asyncio.to_thread(both.wait)
        dropped.cancel()
        assert await asyncio.to_thread(server.closed_by_client.wait, 60)
        goes_on.set()
        assert (await kept).text == "a"
        with pytest.raises(asyncio.CancelledError):
            await dropped
        await pool.aclose()

    asyncio.run(main())
