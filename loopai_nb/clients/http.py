"""The pool through which every HTTP request goes: what may be sent, by which transport, and what comes back.

Two transports carry it out. Ours (``transport.py``) goes straight to the host. httpx (``stock.py``, the only
file that knows it) is for proxies, and for ``fast=False``.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from loopai_nb.addresses import parse_target, proxied
from loopai_nb.clients.answers import HttpAnswer, error_fields, one_line, raise_for_status, read_json
from loopai_nb.clients.exchange import Call, CheckedHeaders, HttpStream, checked_headers, not_sent
from loopai_nb.clients.packing import Unpacker, unpacked_pieces
from loopai_nb.clients.transport import FastTransport
from loopai_nb.errors import AnswerInvalid, InputError, OutcomeUnknown
from loopai_nb.version import __version__

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Mapping

    from loopai_nb.clients.exchange import Transport

__all__ = [
    "HttpAnswer",
    "HttpPool",
    "HttpStream",
    "checked_headers",
    "error_fields",
    "one_line",
    "raise_for_status",
    "read_json",
]

_METHODS = frozenset({"DELETE", "GET", "PATCH", "POST", "PUT"})
_MOST_PREPARED = 256
_ERROR = 400


class HttpPool:
    """Connections to model servers, one for each request in flight, used again while they are fresh.

    Used from one event loop at a time. Redirects are not followed. Environment proxies are used as httpx
    does, but never for this machine itself.

    Args:
        headers: Sent with each request. Keys in them are masked in errors and in every repr.
        connect_timeout_s: Seconds for name, TCP and TLS together, at most.
        max_body_bytes: Longest body of a success, unpacked.
        allow_private_metadata: Ask link-local and metadata addresses too.
        fast: Use our own transport where no proxy is needed; False: httpx for all.

    Raises:
        InputError: A header that HTTP does not allow.
    """

    def __init__(
        self,
        *,
        headers: Mapping[str, str] | None = None,
        connect_timeout_s: float = 10.0,
        max_body_bytes: int = 32 * 2**20,
        allow_private_metadata: bool = False,
        fast: bool = True,
    ) -> None:
        self._headers = CheckedHeaders(
            {
                "user-agent": f"loopai_nb/{__version__}",
                "accept": "application/json, text/event-stream, */*",
                "accept-encoding": "identity",
                **checked_headers(headers),
            }
        )
        self._connect_timeout_s = connect_timeout_s
        self._max_body_bytes = max_body_bytes
        self._allow_private_metadata = allow_private_metadata
        self._fast = fast
        self._ssl: ssl.SSLContext | None = None
        self._direct: Transport | None = None
        self._proxied: Transport | None = None
        self._prepared: dict[tuple[str, str, CheckedHeaders, str | None], tuple[Call, Transport]] = {}

    async def request(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float,
        read_timeout_s: float | None = None,
        shown: str | None = None,
    ) -> HttpAnswer:
        """Send a request and read its whole answer, whatever its status.

        Args:
            method: ``"GET"``, ``"POST"``, ``"PUT"``, ``"PATCH"`` or ``"DELETE"``.
            url: http or https.
            content: Body.
            headers: Besides the pool's; ``checked_headers`` of them once is faster.
            timeout_s: Deadline in seconds for all of it.
            read_timeout_s: Longest silence in seconds while its answer is waited for; None: only the
                deadline counts.
            shown: How errors call the server; by default the URL's origin.

        Raises:
            InputError: URL or header that may not be used.
            RequestNotSent: Nothing was written. Kinds: refused, dns, connect_timeout, tls, proxy,
                unreachable, reset, timeout.
            OutcomeUnknown: Written, and the answer was lost. Kinds: reset (nothing came), cut, timeout,
                protocol.
            AnswerInvalid: A success whose body is not read. Kinds: too_large, encoding (packed).
        """
        call, transport = self._ready(method, url, headers, shown, timeout_s)
        answer = await transport.request(call, content, timeout_s, read_timeout_s)
        return self._unpacked(call, answer) if "content-encoding" in answer.headers else answer

    @contextlib.asynccontextmanager
    async def stream(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float,
        read_timeout_s: float | None = None,
        shown: str | None = None,
    ) -> AsyncIterator[HttpStream]:
        """Send a request and give its answer once its headers are there; the rest is as in ``request``.

        The deadline holds for the whole stream, between two pieces too.
        """
        call, transport = self._ready(method, url, headers, shown, timeout_s)
        async with transport.stream(call, content, timeout_s, read_timeout_s) as answer:
            coding = _coding(answer.headers)
            if coding and answer.is_success:
                answer.chunks = unpacked_pieces(
                    answer.chunks, call, coding, self._max_body_bytes, answer.status_code
                )
            yield answer

    async def aclose(self) -> None:
        """Close every connection; requests in flight fail."""
        for transport in (self._direct, self._proxied):
            if transport is not None:
                await transport.aclose()

    def __repr__(self) -> str:
        return f"HttpPool(fast={self._fast})"

    def _ready(
        self, method: str, url: str, headers: Mapping[str, str] | None, shown: str | None, timeout_s: float
    ) -> tuple[Call, Transport]:
        """What a request needs, unless its time is up already."""
        prepared = self._call(method, url, headers, shown)
        if timeout_s <= 0:
            raise not_sent(prepared[0], None, kind="timeout")
        return prepared

    def _call(
        self, method: str, url: str, headers: Mapping[str, str] | None, shown: str | None
    ) -> tuple[Call, Transport]:
        added = checked_headers(headers)
        key = (method, url, added, shown)
        prepared = self._prepared.get(key)
        if prepared is not None:
            return prepared
        if method not in _METHODS:
            raise InputError("That HTTP method is not used here.")
        target = parse_target(url, allow_private_metadata=self._allow_private_metadata)
        all_headers = CheckedHeaders({**self._headers, **added})
        call = Call(method, target, all_headers, shown or f"{target.scheme}://{target.authority}")
        transport = self._transport(proxied=proxied(target))
        if len(self._prepared) >= _MOST_PREPARED:
            self._prepared.clear()
        # Compared by identity and kept alive by the key: only headers checked beforehand are met again.
        if added is headers:
            self._prepared[key] = call, transport
        return call, transport

    def _transport(self, *, proxied: bool) -> Transport:
        if proxied:
            if self._proxied is None:
                self._proxied = self._stock(trust_env=True)
            return self._proxied
        if self._direct is None:
            self._direct = (
                FastTransport(
                    connect_timeout_s=self._connect_timeout_s,
                    max_body_bytes=self._max_body_bytes,
                    allow_private_metadata=self._allow_private_metadata,
                    ssl_context=self._ssl_context,
                )
                if self._fast
                else self._stock(trust_env=False)
            )
        return self._direct

    def _stock(self, *, trust_env: bool) -> Transport:
        from loopai_nb.clients.stock import StockTransport  # 60 ms of httpx that `%load_ext` does not pay

        return StockTransport(
            connect_timeout_s=self._connect_timeout_s,
            max_body_bytes=self._max_body_bytes,
            allow_private_metadata=self._allow_private_metadata,
            ssl_context=self._ssl_context,
            trust_env=trust_env,
        )

    def _ssl_context(self) -> ssl.SSLContext:
        if self._ssl is None:
            from loopai_nb.clients.stock import default_ssl_context

            self._ssl = default_ssl_context()
        return self._ssl

    def _unpacked(self, call: Call, answer: HttpAnswer) -> HttpAnswer:
        coding = _coding(answer.headers)
        if not coding:
            return answer
        try:
            unpacker = Unpacker(call, coding, self._max_body_bytes, answer.status_code)
            body = unpacker.feed(answer.body)
            unpacker.close()
        except (AnswerInvalid, OutcomeUnknown):
            if answer.status_code < _ERROR:
                raise
            body = b""  # the status says all that matters
        return HttpAnswer(answer.status_code, answer.headers, body, answer.latency_ms, answer.secrets)


def _coding(headers: Mapping[str, str]) -> str:
    coding = headers.get("content-encoding", "").strip().lower()
    return "" if coding == "identity" else coding
