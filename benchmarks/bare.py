"""The floor: bare asyncio protocols that send the same requests and look at nothing but where an answer ends.

``python -m benchmarks.bare URL ROWS IN_FLIGHT``, told as the peers tell theirs. What it takes is the share of
the server, the kernel and the event loop; no client on asyncio is under it.
"""

from __future__ import annotations

import asyncio
import functools
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks.peers.common import MAX_TOKENS, MODEL, main, prompts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

_END = b'"total_tokens": 42}}'


class _Slot(asyncio.Protocol):
    """One connection: sends the next prompt as soon as the last one is answered."""

    def __init__(self, requests: Iterator[bytes], answered: list[bool], over: asyncio.Future[None]) -> None:
        self._requests = requests
        self._answered = answered
        self._over = over
        self._data = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._data += data
        if self._data.endswith(_END):
            self._data = b""
            self._answered.append(True)
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._over.done():
            self._over.set_exception(exc or ConnectionError("closed by the server"))

    def _next(self) -> None:
        assert self._transport is not None
        request = next(self._requests, None)
        if request is not None:
            self._transport.write(request)
        elif not self._over.done():
            self._over.set_result(None)


async def _ask(url: str, prompts: list[str], in_flight: int) -> list[bool]:
    loop = asyncio.get_running_loop()
    server = urlsplit(url)
    host, port = server.hostname or "", server.port or 80
    requests = (_request(server.netloc, f"{server.path}/chat/completions", prompt) for prompt in prompts)
    answered: list[bool] = []
    ends: list[asyncio.Future[None]] = [loop.create_future() for _ in range(in_flight)]
    transports = [
        (await loop.create_connection(functools.partial(_Slot, requests, answered, end), host, port))[0]
        for end in ends
    ]
    await asyncio.gather(*ends)
    for transport in transports:
        transport.close()
    return answered


def _request(host: str, path: str, prompt: str) -> bytes:
    messages = [{"role": "user", "content": prompt}]
    body = json.dumps(
        {"model": MODEL, "messages": messages, "max_tokens": MAX_TOKENS, "temperature": 0}
    ).encode()
    head = f"POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def _ask_all(url: str, frame: pd.DataFrame, in_flight: int) -> list[bool]:
    return asyncio.run(_ask(url, prompts_of(frame), in_flight))


if __name__ == "__main__":
    main(lambda: None, _ask_all)
