"""What every request passes first: Host, origin, key, size; then it is counted. Plain ASGI, for speed."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
from typing import TYPE_CHECKING

from loopai_nb.devserver.counters import SeenRequest
from loopai_nb.devserver.delivery import Delivery, encode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from loopai_nb.devserver.counters import Counters
    from loopai_nb.devserver.settings import Settings

__all__ = ["BODY", "Guard", "loopback_names"]

BODY = "loopai_nb.body"
"""Key of the complete request body in the ASGI scope."""

_OPEN_PATHS = frozenset({"/health", "/api/v1/health", "/api/v1/health/live", "/api/v1/health/ready"})
_WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_DRAIN_BYTES = 256 * 1024 * 1024
_DRAIN_S = 5.0


def loopback_names() -> frozenset[str]:
    """Host names, without port, by which this machine calls itself."""
    return frozenset({"127.0.0.1", "localhost", "[::1]"})


class Guard:
    """Refuses what a page of a foreign site, a stranger or a careless client may send.

    403 for a foreign Host (DNS rebinding, ATTACKS 52) or Origin, 415 for a body that is not JSON (a page may
    post ``text/plain`` anywhere without asking, ATTACKS 53), 401 for a wrong key (51), 413 for a large body
    (54).
    """

    def __init__(
        self,
        app: ASGIApp,
        handlers: Mapping[str, Callable[[bytes, str], Awaitable[Delivery]]],
        settings: Settings,
        counters: Counters,
        hosts: Iterable[str] = (),
    ) -> None:
        self._app = app
        self._handlers = handlers
        self._counters = counters
        self._most_bytes = settings.max_body_bytes
        self._key = None if settings.api_key is None else settings.api_key.encode("utf-8")
        names = loopback_names() | set(settings.allowed_hosts) | set(hosts)
        self._hosts = frozenset(name.lower().encode("utf-8") for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request and hand it on with its body read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        in_flight = False

        def counting_send(message: Message) -> object:
            nonlocal in_flight
            if message["type"] == "http.response.start":
                self._counters.status(message["status"])
            elif in_flight and not message.get("more_body", False):
                # Before the last byte: who has read the answer must find it counted.
                in_flight = False
                self._counters.leave()
            return send(message)

        headers = dict(scope["headers"])
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, counting_send)  # type: ignore[arg-type]
            return
        try:
            body = await self._read(scope, headers, receive)
        except _GoneError:
            return
        if body is None:
            await self._too_large(headers, receive, counting_send)  # type: ignore[arg-type]
            return
        scope[BODY] = body
        route = model_route(scope["path"]) if scope["method"] == "POST" else None
        if route is None:
            await self._app(scope, receive, counting_send)  # type: ignore[arg-type]
            return
        in_flight = True
        self._counters.enter(route, SeenRequest(scope["path"], scope["headers"], body))
        try:
            # Cancelled only when the server stops; to uvicorn it would look like a crash of ours.
            with contextlib.suppress(asyncio.CancelledError):
                # Past FastAPI, whose routing costs as much as all the rest.
                delivery = await self._handlers[route](body, scope["path"])
                await delivery(scope, receive, counting_send)  # type: ignore[arg-type]
        finally:
            if in_flight:
                self._counters.leave()

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> Delivery | None:
        host = headers.get(b"host", b"").lower()
        if _without_port(host) not in self._hosts:
            return _error(403, "This server answers only to its own host names.", "host_not_allowed")
        origin = headers.get(b"origin")
        if origin is not None and origin.lower() not in (b"http://" + host, b"https://" + host):
            return _error(403, "Requests from pages of other sites are refused.", "origin_not_allowed")
        if headers.get(b"sec-fetch-site") in (b"cross-site", b"same-site"):
            return _error(403, "Requests from pages of other sites are refused.", "origin_not_allowed")
        if self._key is not None and scope["path"] not in _OPEN_PATHS and not self._has_key(headers):
            return _error(
                401,
                "Incorrect API key provided.",
                "invalid_api_key",
                [(b"www-authenticate", b"Bearer")],
            )
        kind = headers.get(b"content-type")
        if scope["method"] in _WITH_BODY and kind is not None and not _is_json(kind):
            return _error(415, "A request's body must be application/json.", "unsupported_media_type")
        return None

    def _has_key(self, headers: dict[bytes, bytes]) -> bool:
        scheme, _, bearer = headers.get(b"authorization", b"").partition(b" ")
        given = bearer.strip() if scheme.lower() == b"bearer" else headers.get(b"x-api-key", b"")
        return hmac.compare_digest(given, self._key or b"")

    async def _read(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> bytes | None:
        """Return the whole body, or None where it is too large.

        Raises:
            _GoneError: The client left before the end.
        """
        if scope["method"] not in _WITH_BODY:
            return b""
        size = headers.get(b"content-length", b"")
        if size.isdigit() and int(size) > self._most_bytes:
            return None
        parts: list[bytes] = []
        got = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _GoneError
            part = message.get("body", b"")
            got += len(part)
            if got > self._most_bytes:
                return None
            parts.append(part)
            if not message.get("more_body", False):
                return parts[0] if len(parts) == 1 else b"".join(parts)

    async def _too_large(self, headers: dict[bytes, bytes], receive: Receive, send: Send) -> None:
        body = encode(_error_json(f"A body may have {self._most_bytes} bytes.", "request_too_large"))
        head = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": 413, "headers": head})
        await send({"type": "http.response.body", "body": body, "more_body": True})
        if b"expect" not in headers:
            # Closing while the client still writes would reset the connection and lose our answer there.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(_drain(receive), _DRAIN_S)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class _GoneError(Exception):
    """The client left while it sent."""


def model_route(path: str) -> str | None:
    """Name the model route of a POST, None for any other: those are not counted as model requests."""
    if path == "/v1/chat/completions":
        return "chat"
    if path == "/generate":
        return "generate"
    if path == "/api/v1/batch/execute":
        return "batch"
    if path.startswith("/api/v1/tasks/") and path.endswith("/execute"):
        return "execute"
    return None


def _without_port(host: bytes) -> bytes:
    name, colon, port = host.rpartition(b":")
    return name if colon and port.isdigit() else host


def _is_json(content_type: bytes) -> bool:
    kind = content_type.partition(b";")[0].strip().lower()
    return kind == b"application/json" or kind.endswith(b"+json")


async def _drain(receive: Receive) -> None:
    left = _DRAIN_BYTES
    while left > 0:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return
        left -= len(message.get("body", b""))


def _error_json(message: str, code: str) -> dict[str, object]:
    """Readable by clients of all three surfaces: they look at ``error`` or at ``code`` and ``message``."""
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return {"error": error, "code": code.upper(), "message": message}


def _error(status: int, message: str, code: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> Delivery:
    return Delivery(status, [encode(_error_json(message, code))], headers=[*headers])
