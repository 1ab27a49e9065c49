"""Real servers that notices are sent to: HTTP and SMTP."""

from __future__ import annotations

import base64
import contextlib
import socketserver
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator


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


class HookRequest(BaseHTTPRequestHandler):
    """One connection to it."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Keep what came, and answer as the script says."""
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
        """Be quiet."""


@contextlib.contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    """Serve in a thread."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def listening() -> Iterator[Hook]:
    """A webhook's server on a port of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), HookRequest) as server:
        server.daemon_threads = True
        made = Hook(server.server_address[1])
        server.hook = made  # type: ignore[attr-defined]
        with serving(server):
            try:
                yield made
            finally:
                made.hold.set()


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


class MailDialogue(socketserver.BaseRequestHandler):
    """One client's connection to a mailbox."""

    def handle(self) -> None:
        """Talk until the client leaves."""
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
