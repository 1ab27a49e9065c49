"""What every request passes first: its host, its origin, its body; and the headers of every page."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from loopai_nb.asgi.messages import Answer, BodyTooLate, BodyTooLong, Gone, read_body
from loopai_nb.asgi.style import STYLE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from loopai_nb.asgi.messages import Receive, Scope, Send

__all__ = ["FORM", "LOOPBACK_NAMES", "MOST_BODY", "Guard"]

FORM = b"application/x-www-form-urlencoded"
MOST_BODY = 16 * 1024
"""Bytes of a decision: a name and a reason."""

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_BODY_S = 10.0
_READING = frozenset({"GET", "HEAD"})
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

# Nothing is fetched and no script runs, whatever a prompt may hold; and no other page may frame this one.
_HEADERS = (
    (
        "content-security-policy",
        "; ".join(
            (
                "default-src 'none'",
                f"style-src 'sha256-{_STYLE_HASH}'",
                "img-src data:",
                "form-action 'self'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
            )
        ),
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    # The address holds the link's token. Not no-referrer: it would make a form's Origin "null".
    ("referrer-policy", "same-origin"),
    ("cache-control", "no-store"),
    ("x-robots-tag", "noindex, nofollow"),
)


class Guard:
    """The ASGI application: refuses what a page of a foreign site or a careless client may send.

    403 for a foreign Host (DNS rebinding, ATTACKS 52) or Origin; 415 for a body that is no form, which a page
    may post anywhere without asking (53); 413 and 408 for one that is too long or too slow (54).

    Args:
        handle: Answers what passes, with the body read.
        hosts: Names under which it may be asked, without port, beside the loopback's.
        refusal: Makes the page of a refusal from its status and a sentence.
        body_s: Seconds for a body.
    """

    def __init__(
        self,
        handle: Callable[[Scope, bytes], Awaitable[Answer]],
        *,
        hosts: Iterable[str] = (),
        refusal: Callable[[int, str], Answer],
        body_s: float = _BODY_S,
    ) -> None:
        self._handle = handle
        self._hosts = frozenset(name.lower().encode() for name in LOOPBACK_NAMES | set(hosts))
        self._refusal = refusal
        self._body_s = body_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise RuntimeError(f"No {scope['type']} is served here.")
        try:
            answer = await self._answered(scope, receive)
        except Gone:
            return
        answer = Answer(answer.status, answer.body, answer.content_type, (*_HEADERS, *answer.headers))
        await answer.send(send, method=scope["method"])

    async def _answered(self, scope: Scope, receive: Receive) -> Answer:
        refused = self._refused(scope)
        if refused is not None:
            return self._refusal(*refused)
        if scope["method"] in _READING:
            return await self._handle(scope, b"")
        declared = _header(scope, b"content-length")
        try:
            body = await read_body(receive, declared, most=MOST_BODY, within_s=self._body_s)
        except BodyTooLong:
            return _closing(self._refusal(413, f"A decision may have {MOST_BODY:,} bytes."))
        except BodyTooLate:
            return _closing(self._refusal(408, "The decision did not arrive in time."))
        return await self._handle(scope, body)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        host = _header(scope, b"host").lower()
        if _without_port(host) not in self._hosts:
            return 403, "This server answers only to its own names."
        if scope["method"] in _READING:
            return None  # a link may be opened from any page, and opening it changes nothing
        if scope["method"] != "POST":
            return 405, "A page is read, or a decision is posted."
        return _refused_post(scope, host)


def _refused_post(scope: Scope, host: bytes) -> tuple[int, str] | None:
    origin = _header(scope, b"origin").lower()
    if origin and origin not in (b"http://" + host, b"https://" + host):
        return 403, "A decision is taken from its own page only."
    if _header(scope, b"sec-fetch-site") not in (b"", b"same-origin"):
        return 403, "A decision is taken from its own page only."
    if _header(scope, b"content-type").partition(b";")[0].strip().lower() != FORM:
        return 415, "A decision is posted as a form."
    return None


def _header(scope: Scope, name: bytes) -> bytes:
    """A header's value; of several, none: nobody of good will sends two hosts."""
    found: list[bytes] = [value for key, value in scope["headers"] if key == name]
    return found[0] if len(found) == 1 else (b"" if not found else b"?")


def _without_port(host: bytes) -> bytes:
    name, colon, port = host.rpartition(b":")
    return name if colon and port.isdigit() else host


def _closing(answer: Answer) -> Answer:
    return Answer(answer.status, answer.body, answer.content_type, (("connection", "close"),))
