"""A model server that answers after the same delay each time: ``python -m benchmarks.delayed PORT DELAY_MS``.

Cheap, so that it is not what limits a benchmark: a raw protocol, one timer for all (who came first is due
first), and a wait in microseconds, where epoll alone would round each one up to a millisecond.
"""

from __future__ import annotations

import asyncio
import collections
import select
import selectors
import sys

from benchmarks.servers import COMPLETION, MODELS

_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}"
_COMPLETION = _HEAD.format(len(COMPLETION), COMPLETION).encode()
_MODELS = _HEAD.format(len(MODELS), MODELS).encode()
_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_EARLY_S = 0.000_1
"""A timer wakes up about as much too late: every answer would be late, and none early."""


class Delay:
    """Sends completions when they are due.

    Args:
        loop: Of the server.
        delay_s: From a request's last byte to its answer.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, delay_s: float) -> None:
        self._loop = loop
        self._delay_s = delay_s
        self._due: collections.deque[tuple[float, asyncio.Transport]] = collections.deque()

    def answer(self, transport: asyncio.Transport) -> None:
        """Answer once the delay has passed."""
        if self._delay_s == 0:
            transport.write(_COMPLETION)
            return
        self._due.append((self._loop.time() + self._delay_s, transport))
        if len(self._due) == 1:
            self._loop.call_at(self._due[0][0] - _EARLY_S, self._send)

    def _send(self) -> None:
        now = self._loop.time() + _EARLY_S
        while self._due and self._due[0][0] <= now:
            self._due.popleft()[1].write(_COMPLETION)
        if self._due:
            self._loop.call_at(self._due[0][0] - _EARLY_S, self._send)


class Protocol(asyncio.Protocol):
    """One connection: its requests, one after the other or several at once."""

    def __init__(self, delay: Delay) -> None:
        self._delay = delay
        self._data = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        assert self._transport is not None
        self._data += data
        while (end := self._data.find(_END)) >= 0:
            head = self._data[:end].lower()
            at = head.find(_LENGTH)
            length = int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._data) < end + len(_END) + length:
                return
            self._data = self._data[end + len(_END) + length :]
            if head.startswith(b"get "):
                self._transport.write(_MODELS)
            else:
                self._delay.answer(self._transport)


if hasattr(selectors, "EpollSelector"):

    class PreciseSelector(selectors.EpollSelector):
        """Waits as long as it was told to; an epoll can itself be waited for, by select, in microseconds."""

        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            """As of any selector."""
            if timeout is not None and timeout > 0:
                select.select([self.fileno()], [], [], timeout)
                timeout = 0
            return super().select(timeout)

else:
    PreciseSelector = selectors.DefaultSelector  # type: ignore[misc,assignment]  # its clock is fine enough


async def main(port: int, delay_s: float) -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    delay = Delay(loop, delay_s)
    server = await loop.create_server(lambda: Protocol(delay), "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(PreciseSelector())) as runner:
        runner.run(main(int(sys.argv[1]), float(sys.argv[2]) / 1000))
