"""One HTTP exchange: what is sent, the answer while it arrives, and errors that tell how far it got."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from loopai_nb.clients.answers import HttpAnswer
from loopai_nb.errors import AnswerInvalid, InputError, OutcomeUnknown, RequestNotSent
from loopai_nb.redaction import mask_headers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from contextlib import AbstractAsyncContextManager

    from loopai_nb.addresses import Target

__all__ = [
    "Call",
    "CheckedHeaders",
    "HttpStream",
    "Lost",
    "Transport",
    "checked_headers",
    "lost",
    "not_sent",
    "too_large",
    "unreadable",
]

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_BAD_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_KEY_HEADERS = frozenset({"authorization", "x-api-key", "api-key", "proxy-authorization", "cookie"})

_NOT_SENT = {
    "connect_timeout": "no answer to connecting",
    "dns": "unknown host",
    "proxy": "the proxy refused",
    "refused": "connection refused",
    "timeout": "no time was left to ask it",
    "reset": "it closed the connection at once",
    "tls": "no trusted TLS connection",
    "unreachable": "not reachable",
}
_START_IT = "Start it, or choose another: %loopai server URL."
_LOST_HINTS = {
    "silent": "Allow a longer silence: set LOOPAI_READ_TIMEOUT_S.",
    "timeout": "Allow more time: set LOOPAI_TIMEOUT_S.",
}
_NOT_SENT_HINTS = {
    "dns": "Check the host's name in the URL.",
    "proxy": "Check HTTP_PROXY and HTTPS_PROXY, or add the host to NO_PROXY.",
    "tls": "Check http or https in the URL; a private CA goes into SSL_CERT_FILE.",
}
_LOST = {
    "cut": "cut its answer short",
    "protocol": "answered with what is not HTTP",
    "reset": "closed the connection without an answer",
    "silent": "fell silent before its answer was complete",
    "timeout": "did not answer in time",
}


class CheckedHeaders(Mapping[str, str]):
    """Headers that HTTP allows, with lower-case names; compared by identity, keys masked in the repr."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        # What is prepared for a request is kept by its headers: hashing their text each time would cost more.
        return id(self)

    def __repr__(self) -> str:
        return f"CheckedHeaders({mask_headers(self._values)})"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Keys among the values, without their scheme."""
        values = (value for name, value in self._values.items() if name in _KEY_HEADERS)
        return tuple(value.rpartition(" ")[2] for value in values if value)


def checked_headers(headers: Mapping[str, str] | None) -> CheckedHeaders:
    """Return headers ready to be sent, checked once.

    Raises:
        InputError: A name or value that HTTP does not allow; the message has no value.
    """
    if isinstance(headers, CheckedHeaders):
        return headers
    checked = {}
    for name, value in (headers or {}).items():
        if not _TOKEN.fullmatch(name):
            raise InputError("The name of an HTTP header has a character that HTTP does not allow.")
        try:
            value.encode("latin-1")
        except UnicodeEncodeError:
            # from None: the error quotes the value, which may be a key.
            raise InputError(f"The HTTP header {name} has a character outside Latin-1.") from None
        if _BAD_VALUE.search(value):
            raise InputError(f"The HTTP header {name} has a line break or control character in it.")
        checked[name.lower()] = value.strip(" \t")
    return CheckedHeaders(checked)


class MaskedBytes(bytes):
    """A request's head: a traceback with locals must not show the key in it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"


@dataclass(frozen=True, slots=True)
class Call:
    """A request but for its body and deadline; prepared once for many.

    Attributes:
        method: As given.
        target: Where to.
        headers: All that are sent but Host and Content-Length.
        shown: How errors call the server.
        head: Request line and headers up to Content-Length, encoded.
        secrets: Keys among the headers.
    """

    method: str
    target: Target
    headers: CheckedHeaders
    shown: str
    head: MaskedBytes = field(init=False)
    secrets: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        lines = [f"{self.method} {self.target.path} HTTP/1.1", f"host: {self.target.authority}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        head = MaskedBytes("".join(f"{line}\r\n" for line in lines).encode("latin-1"))
        object.__setattr__(self, "head", head)
        object.__setattr__(self, "secrets", self.headers.secrets)


class HttpStream:
    """An answer whose body is still arriving; iterate over it for its bytes as they come.

    Args:
        status_code: As sent.
        headers: Lower-case names.
        chunks: The body.
        started: ``time.perf_counter()`` when the request was written.
        secrets: As :class:`HttpAnswer` has them.
    """

    def __init__(
        self,
        status_code: int,
        headers: Mapping[str, str],
        chunks: AsyncIterator[bytes],
        started: float,
        secrets: tuple[str, ...],
    ) -> None:
        self.status_code = status_code
        self.headers = headers
        self.chunks = chunks
        self._started = started
        self._secrets = secrets

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.chunks

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status_code < 300  # noqa: PLR2004  (RFC 9110, section 15.3)

    @property
    def latency_ms(self) -> float:
        """Since the request was written."""
        return (time.perf_counter() - self._started) * 1000.0

    async def read(self) -> HttpAnswer:
        """Return the whole answer, with what of the body has not been taken yet."""
        return self.whole(b"".join([chunk async for chunk in self.chunks]))

    def whole(self, body: bytes) -> HttpAnswer:
        """Return the answer with the body that the caller has taken from it."""
        return HttpAnswer(self.status_code, self.headers, body, self.latency_ms, self._secrets)


class Transport(Protocol):
    """What carries out a call: our own connections, or httpx. Bodies come as they were sent, still packed."""

    async def request(
        self, call: Call, content: bytes | None, timeout_s: float, read_timeout_s: float | None
    ) -> HttpAnswer:
        """Send and read the whole answer."""

    def stream(
        self, call: Call, content: bytes | None, timeout_s: float, read_timeout_s: float | None
    ) -> AbstractAsyncContextManager[HttpStream]:
        """Send and give the answer once its headers are there."""

    async def aclose(self) -> None:
        """Close every connection."""


class Lost(Exception):
    """How an exchange ended without an answer, before anybody has said whose it was.

    Args:
        kind: A key of ``_LOST``, or ``"too_large"``.
        cause: What the event loop or the parser said.
    """

    def __init__(self, kind: str, cause: BaseException | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.cause = cause


def not_sent(call: Call, exc: BaseException | None, *, kind: str = "") -> RequestNotSent:
    """Return the error for a request of which nothing was written.

    Args:
        call: The request.
        exc: Why; its causes tell the kind where none is given.
        kind: A key of ``_NOT_SENT``.
    """
    kind = kind or _kind_of(exc)
    return RequestNotSent(
        f"No model server at {call.shown} ({_NOT_SENT[kind]}).",
        _NOT_SENT_HINTS.get(kind, _START_IT),
        kind=kind,
    )


def lost(call: Call, kind: str, *, status_code: int | None = None) -> OutcomeUnknown:
    """Return the error for a request that was written and whose answer was lost.

    Args:
        call: The request.
        kind: A key of ``_LOST``; ``"silent"`` is a timeout too, of the read timeout.
        status_code: Where the head of the answer came.
    """
    grouped = "timeout" if kind == "silent" else kind
    said = f"{call.shown} {_LOST[kind]}."
    return OutcomeUnknown(said, _LOST_HINTS.get(kind, ""), status_code=status_code, kind=grouped)


def too_large(call: Call, max_bytes: int, *, status_code: int | None = None) -> AnswerInvalid:
    """Return the error for a success whose body is longer than is read."""
    return unreadable(call, f"longer than {max_bytes:,} bytes", kind="too_large", status_code=status_code)


def unreadable(call: Call, text: str, *, kind: str, status_code: int | None = None) -> AnswerInvalid:
    """Return the error for a success whose body cannot be read."""
    return AnswerInvalid(f"{call.shown} sent an answer that is {text}.", status_code=status_code, kind=kind)


def _kind_of(exc: BaseException | None) -> str:
    while exc is not None:
        # ssl.SSLError and socket.gaierror are OSErrors too: by type, the narrow ones first.
        for error, kind in (
            (socket.gaierror, "dns"),
            (UnicodeError, "dns"),
            (ssl.SSLError, "tls"),
            (ConnectionRefusedError, "refused"),
            (TimeoutError, "connect_timeout"),
        ):
            if isinstance(exc, error):
                return kind
        exc = exc.__cause__ or exc.__context__
    return "unreachable"
