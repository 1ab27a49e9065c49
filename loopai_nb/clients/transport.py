"""Our own transport: one connection for each request in flight, kept for a later one while it is fresh.

HTTP/1.1 over TCP or TLS, straight to the host. A request costs a fraction of what it costs through httpx, and
it is always known whether it was written.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from loopai_nb.addresses import resolved
from loopai_nb.clients.answers import HttpAnswer
from loopai_nb.clients.connection import Connection
from loopai_nb.clients.deadlines import Deadlines
from loopai_nb.clients.exchange import HttpStream, Lost, lost, not_sent, too_large
from loopai_nb.clients.kept import IDLE_S, Kept

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Callable

    from loopai_nb.clients.exchange import Call
    from loopai_nb.errors import ModelServerError

__all__ = ["FastTransport"]

_NEXT_ADDRESS_S = 2.0
"""Seconds for one of several addresses of a host, so that a dead IPv6 route does not use up the deadline."""

_TICKS_TO_CLOSE = 20
_READ_BYTES = 64 * 2**10


class FastTransport:
    """Connections to any number of hosts, on one event loop at a time.

    Args:
        connect_timeout_s: Seconds for name, TCP and TLS together, at most.
        max_body_bytes: Longest body of a success, as sent.
        allow_private_metadata: Connect to link-local and metadata addresses too.
        ssl_context: Called once, for the first https request.
    """

    def __init__(
        self,
        *,
        connect_timeout_s: float,
        max_body_bytes: int,
        allow_private_metadata: bool,
        ssl_context: Callable[[], ssl.SSLContext],
    ) -> None:
        self._connect_timeout_s = connect_timeout_s
        self._max_body_bytes = max_body_bytes
        self._allow_private_metadata = allow_private_metadata
        self._ssl_context = ssl_context
        self._buffer = memoryview(bytearray(_READ_BYTES))
        self._kept: dict[tuple[str, str, int], Kept] = {}
        self._open: set[Connection] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._deadlines = Deadlines()
        self._reaper: asyncio.TimerHandle | None = None

    async def request(
        self, call: Call, content: bytes | None, timeout_s: float, read_timeout_s: float | None
    ) -> HttpAnswer:
        """Send a request and read its whole answer; errors as ``HttpPool.request``."""
        loop = self._running_loop()
        deadline = loop.time() + timeout_s
        kept = self._kept_of(call)
        kept.in_flight += 1
        try:
            connection = await self._sent(call, kept, content, deadline, by_piece=False)
            self._deadlines.watch(connection, connection.limit(deadline, read_timeout_s))
            try:
                body = await connection.answer()
                latency_ms = (connection.ended - connection.started) * 1000.0
                return HttpAnswer(
                    connection.status_code, connection.headers(), body, latency_ms, call.secrets
                )
            except Lost as exc:
                raise self._error(call, connection, exc) from exc.cause
            finally:
                self._release(kept, connection, loop)
        finally:
            kept.in_flight -= 1

    @contextlib.asynccontextmanager
    async def stream(
        self, call: Call, content: bytes | None, timeout_s: float, read_timeout_s: float | None
    ) -> AsyncIterator[HttpStream]:
        """Send a request and give its answer once its headers are there; errors as ``HttpPool.request``."""
        loop = self._running_loop()
        deadline = loop.time() + timeout_s
        kept = self._kept_of(call)
        kept.in_flight += 1
        try:
            connection = await self._sent(call, kept, content, deadline, by_piece=True)
            self._deadlines.watch(connection, connection.limit(deadline, read_timeout_s))
            try:
                try:
                    await connection.head()
                except Lost as exc:
                    raise self._error(call, connection, exc) from exc.cause
                yield HttpStream(
                    connection.status_code,
                    connection.headers(),
                    self._pieces(call, connection),
                    connection.started,
                    call.secrets,
                )
            finally:
                self._release(kept, connection, loop)
        finally:
            kept.in_flight -= 1

    async def aclose(self) -> None:
        """Close every connection; requests in flight fail as reset."""
        if self._reaper is not None:
            self._reaper.cancel()
            self._reaper = None
        self._deadlines.close()
        for kept in self._kept.values():
            kept.clear()
        for connection in tuple(self._open):
            connection.abort()
        # The loop closes sockets in its next turns (TLS takes more than one).
        for _ in range(_TICKS_TO_CLOSE):
            if not self._open:
                break
            await asyncio.sleep(0)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            # What belongs to another loop is not ours to use; it has gone with that loop.
            self._loop, self._reaper, self._deadlines = loop, None, Deadlines()
            # But for what is known of a server: that it can't be trusted.
            self._kept = {
                origin: Kept(kept.name, is_trusted=kept.is_trusted) for origin, kept in self._kept.items()
            }
            self._open = set()
        return loop

    def _kept_of(self, call: Call) -> Kept:
        target = call.target
        kept = self._kept.get(target.origin)
        if kept is None:
            kept = self._kept[target.origin] = Kept(f"{target.scheme}://{target.authority}")
        return kept

    async def _sent(
        self, call: Call, kept: Kept, content: bytes | None, deadline: float, *, by_piece: bool
    ) -> Connection:
        """Write the request on a kept connection or else on a new one."""
        while (connection := await kept.take(deadline)) is not None:
            if connection.send(call.head, content, by_piece=by_piece):
                return connection
            connection.abort()
        connection = await self._connect(call, kept, deadline)
        if connection.send(call.head, content, by_piece=by_piece, is_last=not kept.is_trusted):
            return connection
        connection.abort()
        raise not_sent(call, None, kind="reset")

    def _release(self, kept: Kept, connection: Connection, loop: asyncio.AbstractEventLoop) -> None:
        self._deadlines.forget(connection)
        if not connection.release(loop.time()):
            return
        if not kept.is_trusted:
            connection.abort()
            return
        kept.put(connection)
        if self._reaper is None:
            self._reaper = loop.call_later(IDLE_S, self._reap)

    def _reap(self) -> None:
        """Close what is idle for long: a server with few threads holds one for each open connection."""
        self._reaper = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        for kept in self._kept.values():
            kept.trim(now)
        if any(map(len, self._kept.values())):
            self._reaper = loop.call_later(IDLE_S / 2, self._reap)

    async def _connect(self, call: Call, kept: Kept, deadline: float) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(min(deadline, loop.time() + self._connect_timeout_s)):
                addresses = await resolved(call.target, allow_private_metadata=self._allow_private_metadata)
                for address in addresses[:-1]:
                    with contextlib.suppress(OSError):
                        async with asyncio.timeout(_NEXT_ADDRESS_S):
                            return await self._connect_to(call, kept, address)
                return await self._connect_to(call, kept, addresses[-1])
        except (OSError, UnicodeError) as exc:
            raise not_sent(call, exc) from exc

    async def _connect_to(self, call: Call, kept: Kept, address: str) -> Connection:
        is_tls = call.target.scheme == "https"
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(self._max_body_bytes, self._buffer, self._open.discard, kept.distrust),
            address,
            call.target.port,
            ssl=self._ssl_context() if is_tls else None,
            server_hostname=call.target.host if is_tls else None,
        )
        self._open.add(connection)
        return connection

    async def _pieces(self, call: Call, connection: Connection) -> AsyncIterator[bytes]:
        try:
            while piece := await connection.piece():
                yield piece
        except Lost as exc:
            raise self._error(call, connection, exc) from exc.cause

    def _error(self, call: Call, connection: Connection, exc: Lost) -> ModelServerError:
        status_code = connection.status_code or None
        if exc.kind == "too_large":
            return too_large(call, self._max_body_bytes, status_code=status_code)
        return lost(call, exc.kind, status_code=status_code)
