"""The HTTP/1.1 connection of the server: uvicorn's, its transport in reach, a deadline for slow senders."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import socket

    from loopai_nb.devserver.counters import Counters

__all__ = ["TRANSPORT", "QuickServer", "make_protocol"]

TRANSPORT = "loopai_nb.transport"
"""Key of the connection's transport in the ASGI scope's ``extensions``: a fault must be able to reset it."""

_TICK_S = 0.02

_MOST_HEAD_BYTES = 64 * 1024
"""httptools gathers a head of any size; a model request's has less than one kilobyte."""


def _refusal(line: bytes) -> bytes:
    head = b"content-type: text/plain\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    return b"HTTP/1.1 " + line + b"\r\n" + head


_TOO_SLOW = _refusal(b"408 Request Timeout")
_TOO_LARGE = _refusal(b"431 Request Header Fields Too Large")


class QuickServer(uvicorn.Server):
    """Stops in a blink: it looks five times as often whether it shall, and when forced waits for nobody."""

    async def main_loop(self) -> None:
        """Wait for the end; there is no Date header to refresh and no limit of requests."""
        while not self.should_exit:  # noqa: ASYNC110  (a flag that signal handlers and threads set)
            await asyncio.sleep(_TICK_S)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop in order; or, with ``force_exit``, reset what hangs or waits. Its tasks end with the loop."""
        if not self.force_exit:
            await super().shutdown(sockets)
            return
        for server in self.servers:
            server.close()
        for sock in sockets or []:
            sock.close()
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        # Aborted connections close in the loop's next round; unclosed ones would be warned of.
        await asyncio.sleep(0)


class OneWrite:
    """A transport that sends an answer's head with what follows: writing is the dearest step of all."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""

    def write(self, data: bytes) -> None:
        """Send, but hold a head until the body comes, or for one round of the loop."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head + data)
        elif data.startswith(b"HTTP/1.1 "):
            self._head = data
            self._loop.call_soon(self.flush)
        else:
            self._transport.write(data)

    def flush(self) -> None:
        """Send what is held."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)

    def close(self) -> None:
        """Send what is held, and close."""
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Connection(HttpToolsProtocol):
    """One connection of one server; uvicorn makes an instance for each."""

    counters: Counters
    request_timeout_s: float
    arrival_timer: asyncio.TimerHandle | None = None
    head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count it, and start its first deadline."""
        super().connection_made(transport)
        self.transport = OneWrite(transport, self.loop)  # type: ignore[assignment]
        self.counters.connected()
        self.arrival_timer = self.loop.call_later(self.request_timeout_s, self.too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop its deadline."""
        self.stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read, and refuse a head without end."""
        self.head_bytes += len(data)
        super().data_received(data)
        if self.head_bytes > _MOST_HEAD_BYTES:
            self.refuse(431, _TOO_LARGE)

    def on_headers_complete(self) -> None:
        """The head is in."""
        self.head_bytes = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body is in."""
        self.head_bytes = 0
        super().on_body(body)

    def on_message_begin(self) -> None:
        """Start the deadline, and show the transport to the application."""
        super().on_message_begin()
        self.stop_timer()
        self.arrival_timer = self.loop.call_later(self.request_timeout_s, self.too_slow)
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]
        scope["extensions"] = {TRANSPORT: self.transport}

    def on_message_complete(self) -> None:
        """All is in: no deadline any more."""
        self.stop_timer()
        super().on_message_complete()

    def stop_timer(self) -> None:
        """Forget the deadline."""
        if self.arrival_timer is not None:
            self.arrival_timer.cancel()
            self.arrival_timer = None

    def too_slow(self) -> None:
        """Refuse a sender that missed the deadline."""
        self.refuse(408, _TOO_SLOW)

    def refuse(self, status: int, answer: bytes) -> None:
        """Answer, unless an answer is on its way, and close."""
        if self.transport.is_closing():
            return
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            self.counters.status(status)
            self.transport.write(answer)
        self.transport.close()


def make_protocol(counters: Counters, request_timeout_s: float) -> type[HttpToolsProtocol]:
    """Return the protocol class for one server; uvicorn makes one instance a connection.

    Args:
        counters: Told of each connection.
        request_timeout_s: Seconds from a request's first byte (or from connecting) within which head and body
            must be in; then 408 and close, so that senders of a byte a minute hold nothing (ATTACKS 54).
    """
    return type("Connection", (Connection,), {"counters": counters, "request_timeout_s": request_timeout_s})
