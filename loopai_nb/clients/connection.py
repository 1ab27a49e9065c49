"""One HTTP/1.1 connection of our own transport: an asyncio protocol around llhttp.

A connection carries one exchange at a time. It is used again only after a complete answer with nothing behind
it; in every other case it is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import select
import socket
import time
from typing import TYPE_CHECKING, cast

import httptools

from loopai_nb.clients.exchange import Lost

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Connection"]

MAX_HEAD_BYTES = 64 * 2**10
_MAX_ERROR_BYTES = 64 * 2**10
_PAUSE_AT_BYTES = 256 * 2**10
_OK = 200
_ERROR = 400
_WORD_BYTES = len(b"HTTP/1.1 408")


class Connection(asyncio.BufferedProtocol):
    """A connection; made by the event loop's ``create_connection``.

    Args:
        max_body_bytes: Longest body of a success.
        buffer: Where the event loop reads to. One serves all connections of a loop: what was read is parsed
            before anything else is. Without it asyncio makes 256 KiB for each read, which costs as much as
            all the rest where the C library then gives the memory back each time.
        when_lost: Called once, when it is closed.
        when_unasked: Called when the server has written what nobody asked for.
    """

    def __init__(
        self,
        max_body_bytes: int,
        buffer: memoryview,
        when_lost: Callable[[Connection], None],
        when_unasked: Callable[[], None],
    ) -> None:
        self.status_code = 0
        self.started = self.ended = 0.0
        self.idle_since = 0.0
        self._max_body_bytes = max_body_bytes
        self._buffer = buffer
        self._when_lost = when_lost
        self._when_unasked = when_unasked
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._poll: select.poll | None = None
        self._headers: dict[str, str] = {}
        self._repeated: dict[str, list[str]] = {}
        self._chunks: list[bytes] = []
        self._waiter: asyncio.Future[None] | None = None
        self._failure: Lost | None = None
        self._deadline = self._heard = 0.0
        self._read_timeout_s: float | None = None
        self._body_bytes = self._head_bytes = 0
        self._active = self._by_piece = self._paused = False
        self._headers_done = self._complete = self._framed = self._reusable = False

    # -- what the transport asks

    def send(self, head: bytes, content: bytes | None, *, by_piece: bool, is_last: bool = False) -> bool:
        """Write a request and expect its answer.

        Args:
            head: Request line and headers, without Content-Length.
            content: Body, or None.
            by_piece: Wake up for each piece of the body, not only for its end.
            is_last: Tell the server that no other request follows.

        Returns:
            False where it is certain that nothing of it was written.
        """
        transport = self._transport
        if transport is None or transport.is_closing():
            return False
        self._headers, self._chunks, self._failure = {}, [], None
        self._body_bytes = self._head_bytes = self.status_code = 0
        self._by_piece = by_piece
        self._headers_done = self._complete = self._framed = self._reusable = False
        self._active = True
        self.started = time.perf_counter()
        last = b"connection: close\r\n" if is_last else b""
        if content is None:
            transport.write(b"%b%b\r\n" % (head, last))
        else:
            transport.write(b"%b%bcontent-length: %d\r\n\r\n%b" % (head, last, len(content), content))
        # A plain transport tries to send at once. If that first send failed, no byte has left: the server had
        # reset the connection before. Under TLS several sends may have been made, so it stays unknown.
        return not (transport.is_closing() and transport.get_extra_info("ssl_object") is None)

    def limit(self, deadline: float, read_timeout_s: float | None) -> float:
        """Say when the exchange is over; ``look`` has to be called then.

        No asyncio.timeout: that would cancel whatever a stream's reader does between two pieces.

        Args:
            deadline: Of the loop's clock.
            read_timeout_s: Longest silence, seconds; None: only the deadline counts.

        Returns:
            When it may be over first.
        """
        self._deadline, self._read_timeout_s = deadline, read_timeout_s
        if read_timeout_s is None:
            return deadline
        self._heard = asyncio.get_running_loop().time()
        return min(deadline, self._heard + read_timeout_s)

    def look(self, now: float) -> float:
        """Fail the exchange at its deadline, or when the server has been silent for too long.

        Returns:
            When to look again; infinity where it is over.
        """
        if now >= self._deadline:
            self._fail("timeout")
            return math.inf
        if self._read_timeout_s is None:
            return self._deadline
        transport = self._transport
        if self._paused or (transport is not None and transport.get_write_buffer_size()):
            # It is ours to go on: the reader is busy, or the request is still being written.
            self._heard = now
        if now - self._heard >= self._read_timeout_s:
            self._fail("silent")
            return math.inf
        return min(self._deadline, self._heard + self._read_timeout_s)

    async def answer(self) -> bytes:
        """Wait for the whole answer and return its body.

        Raises:
            Lost: It did not come. An error status counts as an answer even where its body was lost.
        """
        if not self._complete and self._failure is None:
            await self._wait()
        if self._failure is not None:
            raise self._failure
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)

    async def head(self) -> None:
        """Wait for the status and the headers.

        Raises:
            Lost: They did not come.
        """
        while not self._headers_done and self._failure is None:
            await self._wait()
        if self._failure is not None and not self._headers_done:
            raise self._failure

    async def piece(self) -> bytes:
        """Wait for the next piece of the body; ``b""`` is its end.

        Raises:
            Lost: The rest did not come.
        """
        while not self._chunks and not self._complete and self._failure is None:
            await self._wait()
        if self._chunks:
            piece = b"".join(self._chunks)
            self._chunks.clear()
            if self._paused and self._transport is not None:
                self._paused = False
                self._heard = asyncio.get_running_loop().time()
                self._transport.resume_reading()
            return piece
        if self._failure is not None:
            raise self._failure
        return b""

    def headers(self) -> dict[str, str]:
        """The answer's headers: names in lower case, repeated ones joined."""
        return self._headers

    def release(self, now: float) -> bool:
        """End the exchange; whether the connection may carry another one."""
        transport = self._transport
        self._active = False
        if (
            self._reusable
            and self._complete
            and not self._paused
            and transport is not None
            and not transport.is_closing()
            # An answer that came before the request was read: the rest of the request is still in our buffer.
            and transport.get_write_buffer_size() == 0
        ):
            self._headers, self._chunks = {}, []
            self.idle_since = now
            return True
        self.abort()
        return False

    def is_fresh(self, now: float, idle_s: float) -> bool:
        """Whether an idle connection may be used: not too old, and nothing came from the server since."""
        transport = self._transport
        if transport is None or transport.is_closing() or now - self.idle_since >= idle_s:
            return False
        # The loop may not have seen yet what the server did: ask the socket itself.
        if self._poll is None or not self._poll.poll(0):
            return True
        self._notice(self._unread())
        return False

    def abort(self) -> None:
        """Close at once."""
        self._reusable = False
        if self._transport is not None:
            self._transport.abort()

    # -- what the event loop says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)
        self._parser = httptools.HttpResponseParser(self)
        if hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002  (asyncio's signature)
        """Say where to read to."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Feed the parser."""
        if not self._active or self._parser is None:
            # Nobody asked: what comes now would be taken for the answer to the next request.
            self._notice(bytes(self._buffer[: min(nbytes, _WORD_BYTES)]))
            self.abort()
            return
        if self._read_timeout_s is not None:
            self._heard = asyncio.get_running_loop().time()
        try:
            self._parser.feed_data(self._buffer[:nbytes])
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as exc:
            self._surplus()
            self._fail("protocol", exc)
        if not self._headers_done:
            self._head_bytes += nbytes
            if self._head_bytes > MAX_HEAD_BYTES:
                self._fail("protocol")

    def eof_received(self) -> None:
        """Take the end as the body's, where its length was not said."""
        if self._active and self._headers_done and not self._framed:
            self._complete = True
            self._wake()
        self._reusable = False

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail what is unfinished."""
        self._fail("cut" if self._head_bytes or self._headers_done else "reset", exc)
        self._transport = self._parser = self._poll = None
        self._when_lost(self)

    # -- what the parser says

    def on_message_begin(self) -> None:
        """Notice a second answer to one request."""
        if self._complete:
            self._surplus()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; a trailer's are not used."""
        if not self._headers_done:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1")
            if key in self._headers:
                self._repeated.setdefault(key, [self._headers[key]]).append(text)
            else:
                self._headers[key] = text

    def on_headers_complete(self) -> None:
        """Read the status; an interim answer (1xx) is followed by the final one."""
        parser = self._parser
        if self._complete or parser is None:
            return
        self.status_code = parser.get_status_code()
        if self.status_code < _OK:
            self._headers, self._repeated = {}, {}
            return
        if self._repeated:  # joined once, not at each: a head may have thousands of the same name
            self._headers.update((name, ", ".join(values)) for name, values in self._repeated.items())
            self._repeated = {}
        self._reusable = parser.should_keep_alive()
        self._framed = "content-length" in self._headers or "transfer-encoding" in self._headers
        self._headers_done = True
        if self._by_piece:
            self._wake()

    def on_body(self, data: bytes) -> None:
        """Keep a piece of the body, as long as it is not too long."""
        if self._complete or self._failure is not None:
            return
        self._body_bytes += len(data)
        is_error = self.status_code >= _ERROR
        if self._body_bytes > (_MAX_ERROR_BYTES if is_error else self._max_body_bytes):
            self._fail("too_large")
            return
        self._chunks.append(data)
        if self._by_piece:
            self._wake()
            if not self._paused and sum(map(len, self._chunks)) > _PAUSE_AT_BYTES and self._transport:
                self._paused = True
                self._transport.pause_reading()

    def on_message_complete(self) -> None:
        """Note the end of the answer."""
        if self._headers_done and not self._complete and self._failure is None:
            self._complete = True
            self._wake()

    # -- inside

    def _surplus(self) -> None:
        """Note what is behind the answer's end, or that there is no finding its end."""
        if self._complete and self._reusable:
            self._when_unasked()
        self._reusable = False

    def _notice(self, unasked: bytes) -> None:
        """Tell of what came while nobody waited, unless it is how servers take leave.

        Some write a 408 before they close what was idle for long (RFC 9110, section 15.5.9), and some of the
        oldest an empty line behind a body.
        """
        if unasked.strip(b"\r\n") and not (unasked.startswith(b"HTTP/") and unasked.endswith(b" 408")):
            self._when_unasked()

    def _unread(self) -> bytes:
        """What has come and was not read, its first bytes; none where the server closed, or within TLS."""
        transport = self._transport
        if transport is None or transport.get_extra_info("ssl_object") is not None:
            return b""
        with contextlib.suppress(OSError), transport.get_extra_info("socket").dup() as same:
            return cast("bytes", same.recv(_WORD_BYTES, socket.MSG_PEEK))
        return b""

    async def _wait(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        self.ended = time.perf_counter()
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _fail(self, kind: str, cause: BaseException | None = None) -> None:
        if not self._active or self._complete or self._failure is not None:
            return
        if self._headers_done and self.status_code >= _ERROR:
            # The status says all that matters; what there is of its text will do.
            self._complete = True
        else:
            self._failure = Lost(kind, cause)
        self._wake()
        self.abort()
