"""Requests and answers of plain ASGI (https://asgi.readthedocs.io/en/latest/specs/www.html)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Answer", "App", "BodyTooLate", "BodyTooLong", "Gone", "Receive", "Scope", "Send", "read_body"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class BodyTooLong(Exception):
    """A body has more bytes than are read."""


class BodyTooLate(Exception):
    """A body did not come in time."""


class Gone(Exception):
    """The client left while it sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        status: HTTP status.
        body: Bytes.
        content_type: Of the body.
        headers: Further ones.
    """

    status: int
    body: bytes
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    async def send(self, send: Send, *, method: str) -> None:
        """Send it; a HEAD gets the headers only."""
        headers = [
            ("content-type", self.content_type),
            ("content-length", str(len(self.body))),
            *self.headers,
        ]
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": self.status, "headers": encoded})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else self.body})


async def read_body(receive: Receive, declared: bytes, *, most: int, within_s: float) -> bytes:
    """The whole body.

    Args:
        receive: Of the request.
        declared: Its Content-Length, or empty.
        most: Bytes that are read.
        within_s: Seconds for all of it: a client that sends a byte a second is not waited for.

    Raises:
        BodyTooLong: It has more, or says so.
        BodyTooLate: It did not come in time.
        Gone: The client left.
    """
    if declared and (not declared.isdigit() or int(declared) > most):
        raise BodyTooLong
    body: bytes = b""
    try:
        async with asyncio.timeout(within_s):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                body += message.get("body", b"")
                if len(body) > most:
                    raise BodyTooLong
                if not message.get("more_body", False):
                    return body
    except TimeoutError as error:
        raise BodyTooLate from error
