"""Real servers that notices are sent to: HTTP and SMTP, each on a port of its own."""

from __future__ import annotations

import base64
import contextlib
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from loopai_nb.notify.notice import Notice
from loopai_nb.settings.channels import Importance, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass
class Seen:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Hook:
    """A webhook's server: answers as the script says, then 200."""

    port: int
    seen: list[Seen] = field(default_factory=list)
    script: deque[tuple[int, dict[str, str], bytes]] = field(default_factory=deque)
    hold: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/hook"


class _Http(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        hook: Hook = self.server.hook  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["content-length"]))
        hook.seen.append(Seen(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        status, headers, answer = hook.script.popleft() if hook.script else (200, {}, b"ok")
        if status == 0:
            hook.hold.wait(30)
            return
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(answer))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A webhook's server; status 0 in its script never answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Http) as server:
        server.daemon_threads = True
        made = Hook(server.server_address[1])
        server.hook = made  # type: ignore[attr-defined]
        with _serving(server):
            try:
                yield made
            finally:
                made.hold.set()


@pytest.fixture
def tls_hook(server_tls: ssl.SSLContext) -> Iterator[Hook]:
    """The same over TLS."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Http) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that breaks off
        made = Hook(server.server_address[1])
        server.hook = made  # type: ignore[attr-defined]
        server.socket = server_tls.wrap_socket(server.socket, server_side=True)
        with _serving(server):
            yield made


@dataclass
class Mailbox:
    """A mail server.

    Attributes:
        mails: Sender, recipients and content of each.
        says: Answers in place of its own, by command.
    """

    port: int
    mails: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    implicit: bool = False


class _Smtp(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.box: Mailbox = self.server.box  # type: ignore[attr-defined]
        if self.box.says.get("") == "silence":
            with contextlib.suppress(OSError):
                self.request.recv(1)
            return
        with contextlib.suppress(OSError):
            if self.box.implicit:
                self._encrypt()
            self._talk()
        self.request.close()

    def _encrypt(self) -> None:
        self.request = self.box.tls.wrap_socket(self.request, server_side=True)

    def _talk(self) -> None:  # noqa: C901  (a dialogue reads best in one piece)
        encrypted, recipients, sender = self.box.implicit, [], ""
        lines = self.request.makefile("rb")
        self._say("220 here")
        while line := lines.readline():
            text = line.decode().strip()
            command = text.split(":")[0].split(" ")[0].upper()
            self.box.commands.append(command)
            if command in self.box.says:
                self._say(self.box.says[command])
                continue
            if command == "EHLO":
                offers = ["AUTH PLAIN"] if encrypted or self.box.tls is None else []
                offers += ["STARTTLS"] if self.box.tls and not encrypted else []
                names = ["here", *offers]
                self._say(
                    "\r\n".join(f"250{'-' if n < len(names) - 1 else ' '}{x}" for n, x in enumerate(names))
                )
            elif command == "STARTTLS":
                self._say("220 go")
                self._encrypt()
                lines, encrypted = self.request.makefile("rb"), True
            elif command == "AUTH":
                _, user, password = base64.b64decode(text.split(" ")[2]).decode().split("\0")
                self.box.logins.append((user, password))
                self._say("235 in")
            elif command == "MAIL":
                sender, recipients = text, []
                self._say("250 ok")
            elif command == "RCPT":
                recipients.append(text)
                self._say("250 ok")
            elif command == "DATA":
                self._say("354 go on")
                content = b""
                while (part := lines.readline()) not in (b".\r\n", b""):
                    content += part
                self.box.mails.append((sender, recipients, content))
                self._say("250 taken")
            elif command == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, line: str) -> None:
        self.request.sendall(f"{line}\r\n".encode())


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server without TLS until its ``tls`` is set."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as server:
        server.daemon_threads = True
        made = Mailbox(server.server_address[1])
        server.box = made  # type: ignore[attr-defined]
        with _serving(server):
            yield made


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A self-signed certificate for 127.0.0.1 and localhost, as one file with its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    names = "subjectAltName=IP:127.0.0.1,DNS:localhost"
    key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    files = ["-keyout", str(folder / "k"), "-out", str(folder / "c"), "-addext", names]
    subprocess.run(["openssl", "req", "-x509", *key.split(), *files], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes((folder / "k").read_bytes() + (folder / "c").read_bytes())
    return str(both)


@pytest.fixture
def server_tls(certificate: str) -> ssl.SSLContext:
    """What a server presents."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def notice() -> Callable[..., Notice]:
    """Makes a notice; by default of a run that failed."""

    def make(title: str = "Run r-1 failed.", **given: object) -> Notice:
        values = {"kind": NoticeKind.FAILED, "importance": Importance.URGENT, "at_ms": 1_763_750_000_000}
        return Notice(title=title, **(values | given))  # type: ignore[arg-type]

    return make
