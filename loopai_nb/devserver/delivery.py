"""Answers on their way out: whole, or damaged as a fault says, down to the TCP connection."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import Response

from loopai_nb.devserver.faults import BEFORE, OK, SPOILS_BYTES, Fault
from loopai_nb.devserver.protocol import TRANSPORT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import Receive, Scope, Send

__all__ = ["Delivery", "encode"]

JSON = b"application/json"
EVENTS = b"text/event-stream; charset=utf-8"
HTML = b"text/html; charset=utf-8"

HTML_PAGE = b"<!doctype html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"
GATEWAY_PAGE = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1>"
    b"</center>\r\n</body>\r\n</html>\r\n"
)
ERROR_OBJECT = (
    b'{"error":{"message":"The model is overloaded.","type":"server_error","param":null,"code":null}}'
)

_RESET_AFTER_S = 0.02
"""Pause between half a body and the reset: a reset overtakes bytes that the client has not read yet."""


class Delivery(Response):
    """One answer: a JSON body, or the events of a stream.

    Args:
        status: HTTP status.
        parts: The body, in the pieces in which it is sent.
        content_type: Of the body.
        headers: Further headers, raw.
        fault: Damage done on the way.
        chunk_s: Seconds between two parts.
        when_whole: Called with the last byte of a whole, unspoiled answer.
    """

    def __init__(
        self,
        status: int,
        parts: Sequence[bytes],
        *,
        content_type: bytes = JSON,
        headers: Sequence[tuple[bytes, bytes]] = (),
        fault: Fault = OK,
        chunk_s: float = 0.0,
        when_whole: Callable[[], None] | None = None,
    ) -> None:
        # Response.__init__ would encode headers that are bytes already, on every request.
        self.status_code = status
        self.background = None
        self.raw_headers = [(b"content-type", content_type), *headers]
        self._parts = parts
        self._fault = fault
        self._chunk_s = chunk_s
        self._when_whole = when_whole
        self._streamed = content_type is EVENTS
        if not self._streamed:
            size = sum(map(len, parts))
            self.raw_headers.append((b"content-length", str(size).encode()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write the answer."""
        kind = self._fault.kind
        if kind in _DAMAGE:
            await _DAMAGE[kind](self, scope, receive, send)
        elif kind in _INSTEAD:
            await self._replace(send, *_INSTEAD[kind])
        else:
            await self._head(send)
            await self._body(send, self._parts, self._chunk_s)

    async def _head(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})

    async def _body(self, send: Send, parts: Sequence[bytes], pause_s: float = 0.0) -> None:
        last = len(parts) - 1
        for at, part in enumerate(parts):
            if pause_s and at:
                await asyncio.sleep(pause_s)
            if at == last and self._when_whole is not None and self._fault.harmless:
                # Before the last byte: who has read the answer must find it counted.
                self._when_whole()
            await send({"type": "http.response.body", "body": part, "more_body": at < last})
        if last < 0:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _replace(self, send: Send, body: bytes, content_type: bytes = JSON, *extra: Any) -> None:
        other = Delivery(200, [body], content_type=content_type, headers=extra)
        await other._head(send)
        await other._body(send, [body])

    def _whole(self) -> bytes:
        return b"".join(self._parts)

    async def _reset_before(self, scope: Scope, receive: Receive, _send: Send) -> None:
        _reset(scope)
        await _gone(receive)

    async def _close_before(self, scope: Scope, receive: Receive, _send: Send) -> None:
        _transport(scope).close()
        await _gone(receive)

    async def _hang(self, scope: Scope, receive: Receive, _send: Send) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_gone(receive), self._fault.number(3600))
        _transport(scope).close()
        await _gone(receive)

    async def _half(self, send: Send) -> None:
        await self._head(send)
        whole = self._whole()
        await send({"type": "http.response.body", "body": whole[: len(whole) // 2], "more_body": True})

    async def _reset_mid(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._half(send)
        await asyncio.sleep(_RESET_AFTER_S)
        _reset(scope)
        await _gone(receive)

    async def _truncated(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._half(send)
        _transport(scope).close()
        await _gone(receive)

    async def _slow(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await self._head(send)
        whole = self._whole()
        await self._body(
            send, [whole[at : at + 1] for at in range(len(whole))], self._fault.number(20) / 1000
        )

    async def _garbage(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        whole = self._whole()
        await self._replace(send, whole[: len(whole) // 2] + b'\x00"}', JSON)

    async def _bad_utf8(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await self._replace(send, self._whole().replace(b'":"', b'":"\xff', 1))

    async def _surplus(self, scope: Scope, _receive: Receive, send: Send) -> None:
        await self._head(send)
        await self._body(send, self._parts)
        # A second answer that nobody asked for: who reuses the connection reads it for the next request's.
        late = Delivery(200, [ERROR_OBJECT])
        lines = [
            b"HTTP/1.1 200 OK",
            *(name + b": " + value for name, value in late.raw_headers),
            b"",
            ERROR_OBJECT,
        ]
        _transport(scope).write(b"\r\n".join(lines))

    async def _deep_json(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await self._replace(send, b"[" * 100_000 + b"]" * 100_000)

    async def _gzip_bomb(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await self._replace(send, gzip_bomb(), JSON, (b"content-encoding", b"gzip"))

    async def _sse_cut(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._streamed:
            await self._truncated(scope, receive, send)
            return
        # Closed in order and inside an event: nothing but the missing finish_reason tells.
        whole = self._whole()
        await self._head(send)
        await self._body(send, [whole[: whole.index(b"data:") + len(whole) // 2]])

    async def _sse_error(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        parts = self._parts
        if self._streamed:
            parts = [*parts[: max(1, len(parts) // 2)], b"data: " + ERROR_OBJECT + b"\n\n"]
        await self._head(send)
        await self._body(send, parts)

    async def _sse_no_done(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await self._head(send)
        await self._body(send, self._parts[:-1] if self._streamed else self._parts)

    async def _sse_odd(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        whole = self._whole()
        if self._streamed:
            whole = b": a comment\r\nretry: 10\r\nid: 1\r\n" + whole.replace(b"\n", b"\r\n")
        await self._head(send)
        await self._body(send, [whole[at : at + 1] for at in range(len(whole))])

    async def _sse_twice(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await self._head(send)
        await self._body(send, [2 * part for part in self._parts] if self._streamed else self._parts)


_INSTEAD = {
    "html": (HTML_PAGE, HTML),
    "error_object": (ERROR_OBJECT, JSON),
    "json_list": (b'["ok"]', JSON),
    "empty_body": (b"", JSON),
}
_DAMAGE = {
    # What is lost was worked on and paid, unlike what was reset before.
    "lost": Delivery._reset_before,  # noqa: SLF001  (its own module)
    **{
        kind: getattr(Delivery, f"_{kind}")
        for kind in (BEFORE | SPOILS_BYTES) - {"lost", "redirect", "sse_plain", *_INSTEAD}
    },
}


@lru_cache(maxsize=1)
def gzip_bomb() -> bytes:
    """64 MiB of zeros in 64 KiB."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(64)) + squeeze.flush()


def _transport(scope: Scope) -> asyncio.Transport:
    transport: asyncio.Transport = scope["extensions"][TRANSPORT]
    return transport


def _reset(scope: Scope) -> None:
    """Close with RST: lingering for zero seconds drops what is unsent and says so to the peer."""
    transport = _transport(scope)
    transport.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    transport.abort()


async def _gone(receive: Receive) -> None:
    """Wait until the connection is closed: ending before that would be an answer of uvicorn's own."""
    while (await receive())["type"] != "http.disconnect":
        pass


def encode(payload: object, *, nan: bool = False) -> bytes:
    """Encode as JSON; with ``nan``, NaN stays ``NaN`` as sloppy servers write it."""
    return json.dumps(payload).encode() if nan else orjson.dumps(payload)
