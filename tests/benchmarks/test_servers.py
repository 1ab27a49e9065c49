from __future__ import annotations

import asyncio

import pytest

from benchmarks.servers import ANSWER, MODEL, serve
from loopai_nb.clients.openai import OpenAIServer
from loopai_nb.records import Parameters

DELAY_MS = 40


async def ask(url: str, times: int):
    """What the server says of itself, and its answers to so many requests at once."""
    server = OpenAIServer(url, MODEL)
    try:
        info = await server.check()
        asked = (
            server.send(f"{n}", system=None, parameters=Parameters(16, 0.0, {}), timeout_s=20)
            for n in range(times)
        )
        return info, await asyncio.gather(*asked)
    finally:
        await server.aclose()


@pytest.mark.parametrize("delay_ms", [0, DELAY_MS])
def test_every_request_gets_the_same_answer_with_its_usage(delay_ms):
    """Both servers speak the protocol that our client and the peers speak."""
    with serve(delay_ms) as url:
        info, replies = asyncio.run(ask(url, 20))

    assert info.models == (MODEL,)
    assert {(reply.text, reply.usage.output_tokens) for reply in replies} == {(ANSWER, 2)}


def test_a_server_is_gone_when_it_is_left():
    """Nothing listens any more where it was."""
    with serve(0) as url:
        pass

    with pytest.raises(ConnectionRefusedError):
        asyncio.run(asyncio.wait_for(asyncio.open_connection("127.0.0.1", int(url.split(":")[2][:-3])), 5))
