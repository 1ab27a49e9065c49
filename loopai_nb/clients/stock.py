"""The fallback transport, and the only file that knows httpx: for proxies, and where ours is not wanted.

httpx's own shared pool is not used: httpcore 1.0.9 does work in proportion to the square of its connections
for each request. Here each request in flight has a slot, a client with one connection, and one SSL context
serves all of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

import httpx

from loopai_nb.addresses import resolved
from loopai_nb.clients.exchange import HttpStream, lost, not_sent, too_large
from loopai_nb.errors import ModelServerError

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Callable, Iterator

    from loopai_nb.clients.answers import HttpAnswer
    from loopai_nb.clients.exchange import Call

__all__ = ["StockTransport", "default_ssl_context"]

_IDLE_S = 4.0
_ERROR = 400
_MAX_ERROR_BYTES = 64 * 2**10


class StockTransport:
    """Slots of httpx, taken last in first out and made when there is none.

    Args:
        connect_timeout_s: Seconds for each of name and TCP, and TLS, at most.
        max_body_bytes: Longest body of a success, as sent.
        allow_private_metadata: Connect to link-local and metadata addresses too.
        ssl_context: Called once.
        trust_env: Use the environment's proxies as httpx does.
    """

    def __init__(
        self,
        *,
        connect_timeout_s: float,
        max_body_bytes: int,
        allow_private_metadata: bool,
        ssl_context: Callable[[], ssl.SSLContext],
        trust_env: bool,
    ) -> None:
        self._connect_timeout_s = connect_timeout_s
        self._max_body_bytes = max_body_bytes
        self._allow_private_metadata = allow_private_metadata
        self._ssl_context = ssl_context
        self._trust_env = trust_env
        self._free: list[httpx.AsyncClient] = []
        self._busy: set[httpx.AsyncClient] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def request(
        self, call: Call, content: bytes | None, timeout_s: float, read_timeout_s: float | None
    ) -> HttpAnswer:
        """Send a request and read its whole answer; errors as ``HttpPool.request``."""
        async with self.stream(call, content, timeout_s, read_timeout_s) as answer:
            return await answer.read()

    @contextlib.asynccontextmanager
    async def stream(
        self, call: Call, content: bytes | None, timeout_s: float, read_timeout_s: float | None
    ) -> AsyncIterator[HttpStream]:
        """Send a request and give its answer once its headers are there; errors as ``HttpPool.request``."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        if not (self._trust_env or self._allow_private_metadata):
            await self._check_name(call)
        client = self._take()
        self._busy.add(client)
        done = False
        try:
            started = time.perf_counter()
            request = client.build_request(
                call.method,
                call.target.url,
                content=content,
                headers=dict(call.headers),
                timeout=httpx.Timeout(None, connect=self._connect_timeout_s, read=read_timeout_s),
            )
            with _wrapped(call):
                async with asyncio.timeout_at(deadline):
                    response = await client.send(request, stream=True)
            try:
                headers = {name.lower(): value for name, value in response.headers.items()}
                chunks = self._pieces(call, response, deadline)
                yield HttpStream(response.status_code, headers, chunks, started, call.secrets)
                done = response.is_stream_consumed
            finally:
                await response.aclose()
        finally:
            self._busy.discard(client)
            if done:
                self._free.append(client)
            else:
                await client.aclose()

    async def aclose(self) -> None:
        """Close every connection; requests in flight fail."""
        clients = [*self._busy, *self._free]
        self._free = []
        for client in clients:
            await client.aclose()

    def _take(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            # What belongs to another loop is not ours to use; it has gone with that loop.
            self._loop, self._free, self._busy = loop, [], set()
        if self._free:
            return self._free.pop()
        return httpx.AsyncClient(
            verify=self._ssl_context(),
            trust_env=self._trust_env,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=_IDLE_S),
        )

    async def _check_name(self, call: Call) -> None:
        try:
            async with asyncio.timeout(self._connect_timeout_s):
                await resolved(call.target, allow_private_metadata=False)
        except (OSError, UnicodeError) as exc:
            raise not_sent(call, exc) from exc

    async def _pieces(self, call: Call, response: httpx.Response, deadline: float) -> AsyncIterator[bytes]:
        status_code, length = response.status_code, 0
        is_error = status_code >= _ERROR
        raw = response.aiter_raw()
        while True:
            try:
                with _wrapped(call, status_code=status_code):
                    async with asyncio.timeout_at(deadline):
                        chunk = await anext(raw, None)
            except ModelServerError:
                if is_error:
                    # The status says all that matters; what there is of its text will do.
                    return
                raise
            length += len(chunk or b"")
            if chunk is None or (is_error and length > _MAX_ERROR_BYTES):
                return
            if length > self._max_body_bytes:
                raise too_large(call, self._max_body_bytes, status_code=status_code)
            yield chunk


@contextlib.contextmanager
def _wrapped(call: Call, *, status_code: int | None = None) -> Iterator[None]:
    try:
        yield
    except httpx.ProxyError as exc:
        raise not_sent(call, exc, kind="proxy") from exc
    except httpx.PoolTimeout as exc:
        raise not_sent(call, exc, kind="connect_timeout") from exc
    except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
        raise not_sent(call, exc) from exc
    except TimeoutError as exc:
        raise lost(call, "timeout", status_code=status_code) from exc
    except httpx.ReadTimeout as exc:
        raise lost(call, "silent", status_code=status_code) from exc
    except httpx.HTTPError as exc:
        # Before the headers httpx has one type for all: no answer, half a head, or no HTTP at all.
        raise lost(call, "reset" if status_code is None else "cut", status_code=status_code) from exc


def default_ssl_context() -> ssl.SSLContext:
    """Return a context that verifies: against certifi's roots, or ``SSL_CERT_FILE`` and ``SSL_CERT_DIR``."""
    context = httpx.create_ssl_context()
    # Our transport speaks HTTP/1.1 only; a server must not choose another.
    context.set_alpn_protocols(["http/1.1"])
    return context
