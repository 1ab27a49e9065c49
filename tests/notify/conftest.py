"""Real servers that notices are sent to, each on a port of its own."""

from __future__ import annotations

import shutil
import socket
import socketserver
import ssl
import subprocess
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from receivers import Hook, HookRequest, Mailbox, MailDialogue, listening, serving

from loopai_nb.notify.notice import Notice
from loopai_nb.settings.channels import Importance, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A webhook's server; status 0 in its script never answers."""
    with listening() as made:
        yield made


@pytest.fixture
def tls_hook(server_tls: ssl.SSLContext) -> Iterator[Hook]:
    """The same over TLS."""
    with ThreadingHTTPServer(("127.0.0.1", 0), HookRequest) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that breaks off
        made = Hook(server.server_address[1])
        server.hook = made  # type: ignore[attr-defined]
        server.socket = server_tls.wrap_socket(server.socket, server_side=True)
        with serving(server):
            yield made


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server without TLS until its ``tls`` is set."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailDialogue) as server:
        server.daemon_threads = True
        made = Mailbox(server.server_address[1])
        server.box = made  # type: ignore[attr-defined]
        with serving(server):
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
