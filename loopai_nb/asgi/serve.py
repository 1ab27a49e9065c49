"""Serving the pages: on the loopback, by uvicorn, until Ctrl-C."""

from __future__ import annotations

import contextlib
import ipaddress
import signal
import socket
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from loopai_nb.approval.links import LinkKey, page_link
from loopai_nb.errors import InputError, LoopaiNbError, MissingExtra
from loopai_nb.records import ApprovalState
from loopai_nb.redaction import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from typing import Any, Self

    import uvicorn

    from loopai_nb.ledger.store import Ledger
    from loopai_nb.settings import Settings

__all__ = ["DEFAULT_PORT", "PageServer"]

DEFAULT_PORT = 8770

_MOST_CONNECTIONS = 64
_MOST_HEADERS = 32 * 1024
_HEADERS_S = 10.0
_LOOKS_EVERY_S = 2.0
_STOP_S = 10.0
_POLL_S = 0.002


class PageServer:
    """The pages of one ledger, served by a thread of this process; a context manager.

    Args:
        ledger: Which has what waits for a decision.
        settings: ``serve_url``, if there is one, is where a proxy lets the pages be reached.
        host: Address to listen on.
        port: TCP port; 0 takes a free one.
        hosts: Further names under which it may be asked, without port.
        allow_remote: Listen on an address that other machines reach.
        key: Signs the links; by default the user's.
        headers_s: Seconds for a request's headers, whatever comes meanwhile.
        remote_metrics: Let other machines read ``/metrics``, too.

    Raises:
        InputError: The address is not the loopback's, and that is not allowed.
        MissingExtra: uvicorn is not installed.
        LoopaiNbError: The port is taken.
    """

    def __init__(
        self,
        ledger: Ledger,
        settings: Settings,
        *,
        host: str = "127.0.0.1",
        port: int = DEFAULT_PORT,
        hosts: Iterable[str] = (),
        allow_remote: bool = False,
        key: LinkKey | None = None,
        headers_s: float = _HEADERS_S,
        remote_metrics: bool = False,
    ) -> None:
        _check_host(host, allow_remote=allow_remote)
        self._ledger = ledger
        self._key = key or LinkKey.load()
        public = [] if settings.serve_url is None else [_name(urlsplit(settings.serve_url).netloc)]
        self._server = _uvicorn(
            ledger,
            self._key,
            headers_s,
            hosts=[_bracketed(host), *public, *hosts],
            concurrency=settings.concurrency,
            remote_metrics=remote_metrics,
        )
        self._socket = _listen(host, port)
        self.url = f"http://{_bracketed(host)}:{self._socket.getsockname()[1]}"
        self.public_url = settings.serve_url or self.url
        self._thread: threading.Thread | None = None

    def links(self, told: set[str]) -> list[tuple[str, str]]:
        """What waits and is not among ``told``: title and link, oldest first; adds them to it."""
        now_ms = self._ledger.now_ms()
        waiting = [
            row
            for row in reversed(self._ledger.approvals(ApprovalState.PENDING, limit=None))
            if row.approval_id not in told
        ]
        told.update(row.approval_id for row in waiting)
        return [
            (
                visible(row.title or row.approval_id, one_line=True),
                page_link(self.public_url, self._key, row, now_ms).reveal(),
            )
            for row in waiting
        ]

    def run(self, say: Callable[[str], object]) -> None:
        """Serve until SIGINT or SIGTERM, in the main thread; says what waits, with its links."""
        told: set[str] = set()
        over = threading.Event()

        def tell() -> None:
            while not over.is_set():
                with contextlib.suppress(LoopaiNbError):  # a busy ledger: the next look finds it
                    for title, link in self.links(told):
                        say(f"Waits: {title}\n  {link}")
                over.wait(_LOOKS_EVERY_S)

        telling = threading.Thread(target=tell, name="loopai-nb-serve", daemon=True)
        telling.start()
        # uvicorn raises the signal anew once it has stopped in order; for us that is a normal end.
        before = signal.signal(signal.SIGTERM, lambda *_: None)
        try:
            with contextlib.suppress(KeyboardInterrupt):
                self._server.run(sockets=[self._socket])
        finally:
            signal.signal(signal.SIGTERM, before)
            over.set()
            telling.join()
            self._socket.close()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="loopai-nb-pages", daemon=True
        )
        self._thread.start()
        while not self._server.started:
            self._thread.join(_POLL_S)
            if not self._thread.is_alive():
                raise LoopaiNbError("The pages' server ended while it started.", "See its log.")
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        if self._thread is not None:
            self._thread.join(_STOP_S)
        self._socket.close()


def _uvicorn(ledger: Ledger, key: LinkKey, headers_s: float, **given: Any) -> uvicorn.Server:
    try:
        import uvicorn
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"The pages need {error.name}, which is not installed.",
            "Install it with: pip install 'loopai_nb[serve]'",
        ) from error
    from loopai_nb.asgi.app import make_app
    from loopai_nb.asgi.slow_headers import protocol_of

    return uvicorn.Server(
        uvicorn.Config(
            make_app(ledger, key, **given),
            http=protocol_of(headers_s),
            loop="asyncio",
            ws="none",
            lifespan="off",
            interface="asgi3",
            access_log=False,  # an address holds the link's token
            log_config=None,
            log_level="error",
            proxy_headers=False,
            server_header=False,
            limit_concurrency=_MOST_CONNECTIONS,
            h11_max_incomplete_event_size=_MOST_HEADERS,
            timeout_graceful_shutdown=1,
        )
    )


def _check_host(host: str, *, allow_remote: bool) -> None:
    if host == "localhost" or allow_remote:
        return
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise InputError(
            f"The pages are served on the loopback only, not on {host[:80]!r}.",
            "Use 127.0.0.1 behind a proxy with TLS, or allow others to reach it: --allow-remote",
        )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        # At once, though uvicorn does it too: a link may be opened as soon as it is printed.
        sock.listen(_MOST_CONNECTIONS)
    except OSError as error:
        sock.close()
        raise LoopaiNbError(
            f"Cannot listen on {_bracketed(host)}:{port}: {error.strerror}.",
            "Another server may use the port: choose another with --port, or 0 for a free one.",
        ) from error
    return sock


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _name(netloc: str) -> str:
    name, colon, port = netloc.rpartition(":")
    return name if colon and port.isdigit() else netloc
