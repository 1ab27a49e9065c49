"""Run the development server: in a thread of this process, or blocking for the command line."""

from __future__ import annotations

import contextlib
import ipaddress
import signal
import socket
import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from loopai_nb.devserver.settings import Settings
from loopai_nb.errors import InputError, LoopaiNbError, MissingExtra

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self, Unpack

    import uvicorn

    from loopai_nb.devserver.counters import SeenRequest, Stats
    from loopai_nb.devserver.desk import Desk
    from loopai_nb.devserver.settings import Controls

__all__ = ["DevServer", "main_serve"]

STOP_S = 10.0
"""Longest wait for the thread to end."""
_POLL_S = 0.002


class DevServer:
    """A development server in a background thread of this process; a context manager.

    Args:
        settings: Behaviour; ``Settings()`` where None.
        host: Address to listen on.
        port: TCP port; 0 takes a free one.
        allow_remote: Allow an address that other machines reach.
        clock: Seconds, monotonic: rates and storms go by it, so that a test can move them on.
        changes: Single fields of ``Settings`` instead of those of ``settings``, such as ``latency_ms=50``.

    Raises:
        MissingExtra: FastAPI or uvicorn is not installed.
        InputError: A setting cannot be used, or the address is not the loopback's.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        allow_remote: bool = False,
        clock: Callable[[], float] = time.monotonic,
        **changes: Any,
    ) -> None:
        self.settings = replace(settings or Settings(), **changes)
        check_host(host, allow_remote=allow_remote)
        self._host, self._port = host, port
        self._desk: Desk
        self._server: uvicorn.Server
        self._desk, self._server = _make_server(self.settings, host, clock)
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Listen and serve; when this returns, requests are answered.

        Raises:
            LoopaiNbError: The port is taken, or the server did not start.
        """
        if self._thread is not None:
            raise LoopaiNbError("This development server was started before.", "Make a new one.")
        self._socket = listen(self._host, self._port)
        self._port = self._socket.getsockname()[1]
        self._thread = threading.Thread(
            target=self._server.run,
            kwargs={"sockets": [self._socket]},
            name="loopai-nb-devserver",
            daemon=True,
        )
        self._thread.start()
        while not self._server.started:
            self._thread.join(_POLL_S)
            if not self._thread.is_alive():
                raise LoopaiNbError("The development server ended while it started.", "See its log.")
        return self

    def close(self) -> None:
        """Reset what is open, stop and join; may be called twice."""
        thread = self._thread
        if thread is None or not thread.is_alive():
            return
        self._server.force_exit = True
        self._server.should_exit = True
        thread.join(STOP_S)
        if self._socket is not None:
            self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def port(self) -> int:
        """The TCP port."""
        return self._port

    @property
    def url(self) -> str:
        """Where it is: base URL of ``/generate``, ``/health`` and of the Loopai API."""
        return base_url(self._host, self._port)

    @property
    def openai_url(self) -> str:
        """Base URL for OpenAI clients, with ``/v1``."""
        return f"{self.url}/v1"

    def stats(self) -> Stats:
        """What it was asked so far; see :class:`loopai_nb.devserver.counters.Stats`."""
        return self._desk.counters.stats()

    def requests(self) -> list[SeenRequest]:
        """The last model requests as they arrived, oldest first (``Settings.keep_requests`` of them)."""
        return self._desk.counters.seen()

    def faults(self, plan: str | list[str] | None = None, /, **controls: Unpack[Controls]) -> None:
        """Set faults, waits and limits of the requests to come; what is not named goes on as it is.

        Args:
            plan: Exact plan, such as ``"429:ms*3, ok, reset_mid"``.
            controls: The fields of ``Controls``; docs/devserver.md tells each.

        Raises:
            InputError: A value cannot be read; then nothing was changed.
        """
        if plan is not None:
            controls["plan"] = plan
        self._desk.control(controls)

    def reset(self) -> None:
        """Count anew, forget the tasks, and go back to the settings of the start."""
        self._desk.reset()


def main_serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    settings: Settings | None = None,
    allow_remote: bool = False,
    say: Callable[[str], object] | None = None,
) -> int:
    """Serve until SIGINT or SIGTERM; for the command line, in the main thread.

    Args:
        host: Address to listen on.
        port: TCP port; 0 takes a free one.
        settings: Behaviour.
        allow_remote: Allow an address that other machines reach.
        say: Gets the one line with the address; stdout where None.

    Returns:
        Exit status, 0.

    Raises:
        MissingExtra: FastAPI or uvicorn is not installed.
        InputError: A setting cannot be used, or the address is not the loopback's.
        LoopaiNbError: The port is taken.
    """
    settings = settings or Settings()
    check_host(host, allow_remote=allow_remote)
    _, server = _make_server(settings, host)
    with listen(host, port) as sock:
        url = base_url(host, sock.getsockname()[1])
        line = f"loopai-nb devserver on {url} (no weights, lexical; OpenAI at {url}/v1; docs at {url}/docs)"
        (say or _say)(line)
        # uvicorn raises the signal anew once it has stopped in order; for us that is a normal end.
        before = signal.signal(signal.SIGTERM, lambda *_: None)
        try:
            with contextlib.suppress(KeyboardInterrupt):
                server.run(sockets=[sock])
        finally:
            signal.signal(signal.SIGTERM, before)
    return 0


def check_host(host: str, *, allow_remote: bool) -> None:
    """Refuse an address that other machines reach, unless allowed.

    Raises:
        InputError: It is not the loopback's and not allowed.
    """
    if host == "localhost" or allow_remote:
        return
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise InputError(
            f"The development server listens on the loopback only, not on {host[:80]!r}.",
            "Use 127.0.0.1, or allow remote clients explicitly (and set an API key).",
        )


def base_url(host: str, port: int) -> str:
    """Return the URL of an address."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        LoopaiNbError: The address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's delay (40 ms an answer) off only where the protocol number is given.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(2048)
    except OSError as error:
        sock.close()
        raise LoopaiNbError(
            f"Cannot listen on {base_url(host, port)}: {error.strerror}.",
            "Another server may use the port: choose another, or 0 for a free one.",
        ) from error
    return sock


def _make_server(
    settings: Settings, host: str, clock: Callable[[], float] = time.monotonic
) -> tuple[Desk, uvicorn.Server]:
    try:
        import uvicorn

        from loopai_nb.devserver.app import make_app
        from loopai_nb.devserver.desk import Desk
        from loopai_nb.devserver.protocol import QuickServer, make_protocol
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"The development server needs {error.name}, which is not installed.",
            "Install it with: pip install 'loopai_nb[demo]'",
        ) from error
    desk = Desk(settings, clock)
    config = uvicorn.Config(
        make_app(desk, hosts=[host]),
        http=make_protocol(desk.counters, settings.request_timeout_s),
        loop="asyncio",
        ws="none",
        lifespan="off",
        interface="asgi3",
        access_log=False,
        log_config=None,
        # Its warnings tell of strangers' broken requests, which the answers tell already.
        log_level="error",
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    return desk, QuickServer(config)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
