"""A model server that answers after the same delay each time.

``python -m benchmarks.delayed [--core-of-its-own] PORT DELAY_MS``

Cheap, so that it is not what limits a benchmark: a raw protocol, and one timer for all (who came first is due
first). Exact, so that its delay is what it says: with ``--core-of-its-own`` it looks without a pause while an
answer is due, since whatever sleeps on a virtual machine wakes up late, by 0.7 ms in the mean and 3 now and
then, and a client with many requests in flight waits for the sum of it. Without, it waits in microseconds,
where epoll alone would round each wait up to a millisecond.
"""

from __future__ import annotations

import asyncio
import collections
import select
import selectors
import sys
import time

from benchmarks.servers import COMPLETION, MODELS

_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}"
_COMPLETION = _HEAD.format(len(COMPLETION), COMPLETION).encode()
_MODELS = _HEAD.format(len(MODELS), MODELS).encode()
_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_EARLY_S = 0.000_1
"""Who sleeps wakes up about as much too late: every answer would be late, and none early."""


class Delay:
    """Sends completions when they are due.

    Args:
        loop: Of the server.
        delay_s: From a request's last byte to its answer.
        early_s: How much too late a timer of this loop wakes up.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, delay_s: float, early_s: float) -> None:
        self._loop = loop
        self._delay_s = delay_s
        self._early_s = early_s
        self._due: collections.deque[tuple[float, asyncio.Transport]] = collections.deque()

    def answer(self, transport: asyncio.Transport) -> None:
        """Answer once the delay has passed."""
        if self._delay_s == 0:
            transport.write(_COMPLETION)
            return
        self._due.append((self._loop.time() + self._delay_s, transport))
        if len(self._due) == 1:
            self._loop.call_at(self._due[0][0] - self._early_s, self._send)

    def _send(self) -> None:
        now = self._loop.time() + self._early_s
        while self._due and self._due[0][0] <= now:
            self._due.popleft()[1].write(_COMPLETION)
        if self._due:
            self._loop.call_at(self._due[0][0] - self._early_s, self._send)


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


class WakefulSelector(selectors.DefaultSelector):
    """Never sleeps while a timer runs."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """As of any selector."""
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        until_s = time.monotonic() + timeout
        while not (events := super().select(0)) and time.monotonic() < until_s:
            pass
        return events


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


async def main(port: int, delay_s: float, early_s: float) -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    delay = Delay(loop, delay_s, early_s)
    server = await loop.create_server(lambda: Protocol(delay), "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    alone = "--core-of-its-own" in sys.argv
    selector = WakefulSelector if alone else PreciseSelector
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector())) as runner:
        runner.run(main(int(sys.argv[-2]), float(sys.argv[-1]) / 1000, 0.0 if alone else _EARLY_S))
