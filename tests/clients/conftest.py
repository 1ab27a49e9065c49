"""Model servers that misbehave: real sockets in a thread, one script for each connection."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from typing import TYPE_CHECKING

import orjson
import pytest
from batches import TASK, batch_of, done
from dotnet_loopai import serving

from loopai_nb.clients.http import HttpPool
from loopai_nb.clients.loopai import LoopaiClient

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator


class Peer:
    """The server's end of one connection, with a client that sends whole requests."""

    def __init__(self, sock: socket.socket, server: Faulty, number: int) -> None:
        self.sock = sock
        self.server = server
        self.number = number
        self._buffer = b""

    def request(self) -> bytes | None:
        """The next request with its body; None where the client has closed."""
        while b"\r\n\r\n" not in self._buffer:
            if not self._more():
                return None
        head, _, rest = self._buffer.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        while len(rest) < length:
            if not self._more():
                return None
            rest = self._buffer.partition(b"\r\n\r\n")[2]
        self._buffer = rest[length:]
        request = head + b"\r\n\r\n" + rest[:length]
        self.server.requests.append(request)
        return request

    def send(self, *pieces: bytes) -> None:
        """Write."""
        for piece in pieces:
            self.sock.sendall(piece)

    def reset(self) -> None:
        """Close with RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def wait_for_close(self) -> None:
        """Wait until the client closes; the deadline is the test's."""
        with contextlib.suppress(OSError):
            while self.sock.recv(65536):
                pass
        self.server.closed_by_client.set()

    def _more(self) -> bool:
        try:
            data = self.sock.recv(65536)
        except OSError:
            return False
        self._buffer += data
        return bool(data)


class Faulty:
    """A listening socket whose connections are each handled by ``script`` in a thread."""

    def __init__(self, script: Callable[[Peer], None], tls: ssl.SSLContext | None) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.closed_by_client = threading.Event()
        self._script = script
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.origin = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self.url = f"{self.origin}/v1"
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._sockets.append(sock)
            thread = threading.Thread(target=self._serve, args=(sock, self.connections), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError), contextlib.closing(sock):
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
                self._sockets.append(sock)
            with contextlib.closing(sock):
                self._script(Peer(sock, self, number))

    def close(self) -> None:
        """End every connection and thread."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)


def answer(body: bytes | str, status: str = "200 OK", **headers: str) -> bytes:
    """A whole HTTP answer; header names with "_" for "-"."""
    body = body.encode() if isinstance(body, str) else body
    names = {"content_length": str(len(body)), "content_type": "application/json", **headers}
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in names.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
def http_answer() -> Callable[..., bytes]:
    """Make a whole HTTP answer."""
    return answer


@pytest.fixture
def faulty() -> Iterator[Callable[..., Faulty]]:
    """Start a server that does what a script says: a function of a ``Peer``, or the bytes to answer with."""
    servers: list[Faulty] = []

    def start(
        script: Callable[[Peer], None] | bytes, *, tls: ssl.SSLContext | None = None, then_close: bool = False
    ) -> Faulty:
        def fixed(peer: Peer) -> None:
            while peer.request() is not None:
                peer.send(script)
                if then_close:
                    return

        servers.append(Faulty(fixed if isinstance(script, bytes) else script, tls))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def free_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture(params=[True, False], ids=["fast", "stock"])
def fast(request) -> bool:
    """Both transports: a claim about the pool holds for each."""
    return request.param


@pytest.fixture
def ask() -> Callable[..., object]:
    """Send one request through a pool of its own and return its answer, or raise."""

    def asked(
        url: str,
        *,
        timeout_s: float = 60.0,
        read_timeout_s: float | None = None,
        content: bytes | None = b"{}",
        headers=None,
        **options,
    ):
        async def exchange():
            pool = HttpPool(**options)
            try:
                return await pool.request(
                    "POST",
                    url,
                    content=content,
                    headers=headers,
                    timeout_s=timeout_s,
                    read_timeout_s=read_timeout_s,
                )
            finally:
                await pool.aclose()

        return asyncio.run(exchange())

    return asked


@pytest.fixture
def serve() -> Iterator[Callable[..., object]]:
    """Start Loopai servers of a style: not our own, but one that answers as WIRE.md says."""
    with serving() as start:
        yield start


@pytest.fixture
def server(serve):
    """Loopai's cloud API as it is now."""
    return serve()


@pytest.fixture
def client(server) -> Iterator[LoopaiClient]:
    """A client of it that hardly waits between its tries."""
    with LoopaiClient(server.url, retry_delay=0.001, timeout=60) as client:
        yield client


@pytest.fixture
def loopai(faulty, http_answer):
    """A Loopai server whose batches are answered by a function of the request's body."""

    def start(answered, *, has_task=True):
        def script(peer):
            while (request := peer.request()) is not None:
                head, _, body = request.partition(b"\r\n\r\n")
                if head.startswith(b"GET /api/v1/tasks/"):
                    refusal = orjson.dumps({"code": "TASK_NOT_FOUND", "message": "Task not found"})
                    task = orjson.dumps({"id": TASK, "name": "birds"})
                    peer.send(http_answer(task) if has_task else http_answer(refusal, "404 Not Found"))
                    continue
                assert head.startswith(b"POST /api/v1/batch/execute HTTP/1.1")
                answer = answered(orjson.loads(body))
                peer.send(answer if isinstance(answer, bytes) else http_answer(orjson.dumps(answer)))

        return faulty(script)

    return start


@pytest.fixture
def sent(loopai):
    """A server that answers each item with its text."""
    return loopai(lambda body: batch_of([done(item) for item in body["items"]]))
