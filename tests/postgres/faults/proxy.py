"""A TCP proxy in front of a real server: it cuts, falls silent, speaks TLS, and counts."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    import ssl
    from types import TracebackType
    from typing import Self

SSL_REQUEST = struct.pack("!ii", 8, 80877103)


class Proxy:
    """Passes bytes on in both directions until it is told otherwise.

    Args:
        url: Of the server behind it.
        tls: Encrypts towards the client; None refuses to.
        cut_after: Bytes from the server after which each connection is cut, once they are switched on with
            ``armed``; None for never.
        greetings: What is said to the first connections, one each, in place of passing them on.
    """

    def __init__(
        self,
        url: str,
        *,
        tls: ssl.SSLContext | None = None,
        cut_after: int | None = None,
        greetings: list[bytes] | None = None,
    ) -> None:
        self._url = urlsplit(url)
        self._tls = tls
        self.cut_after = cut_after
        self.greetings = list(greetings or [])
        self.armed = threading.Event()
        self.flowing = threading.Event()
        self.flowing.set()
        self.accepted = 0
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """Of the same database through the proxy."""
        return self.url_by("127.0.0.1")

    def url_by(self, host: str, query: str = "") -> str:
        """The same by another name of this host, with parameters."""
        user, password = self._url.username, self._url.password
        return urlunsplit(self._url._replace(netloc=f"{user}:{password}@{host}:{self.port}", query=query))

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.flowing.set()
        self.cut()
        for thread in self._threads:
            thread.join(60)

    def cut(self) -> None:
        """Reset every connection, as a firewall that forgot them does."""
        with self._lock:
            for each in self._sockets:
                with contextlib.suppress(OSError):
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    each.shutdown(socket.SHUT_RDWR)

    def _start(self, target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            greeting = self.greetings.pop(0) if self.greetings else None
            self._start(self._serve, client, greeting)

    def _serve(self, client: socket.socket, greeting: bytes | None) -> None:
        with contextlib.ExitStack() as opened:
            opened.callback(client.close)
            with contextlib.suppress(OSError):
                first = client.recv(8, socket.MSG_WAITALL)
                if first == SSL_REQUEST:
                    client.sendall(b"S" if self._tls else b"N")
                    if self._tls:
                        client = opened.enter_context(self._tls.wrap_socket(client, server_side=True))
                    first = b""
                if greeting is not None:
                    client.recv(4096)
                    client.sendall(greeting)
                    return
                server = socket.create_connection((self._url.hostname, self._url.port))
                opened.callback(server.close)
                with self._lock:
                    self._sockets |= {client, server}
                opened.callback(self._forget, client, server)
                server.sendall(first)
                back = threading.Thread(
                    target=self._pump, args=(server, client), kwargs={"counted": True}, daemon=True
                )
                back.start()
                self._pump(client, server)
                back.join()

    def _forget(self, *sockets: socket.socket) -> None:
        with self._lock:
            self._sockets -= set(sockets)

    def _pump(self, source: socket.socket, target: socket.socket, *, counted: bool = False) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self.flowing.wait()
                passed += len(data) if self.armed.is_set() else 0
                if counted and self.cut_after is not None and passed > self.cut_after:
                    break
                target.sendall(data)
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
