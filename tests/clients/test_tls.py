"""TLS: whom it trusts, and what of it counts as not sent."""

from __future__ import annotations

import shutil
import ssl
import subprocess

import pytest
from exchanges import ask_twice
from misbehaving import (
    closes_in_mid_body,
)

from loopai_nb.errors import (
    OutcomeUnknown,
    RequestNotSent,
)

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A self-signed certificate for 127.0.0.1 and localhost, as one file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    path = folder / "both.pem"
    names = "subjectAltName=IP:127.0.0.1,DNS:localhost"
    key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    files = ["-keyout", str(folder / "k"), "-out", str(folder / "c"), "-addext", names]
    subprocess.run(["openssl", "req", "-x509", *key.split(), *files], check=True, capture_output=True)
    path.write_bytes((folder / "k").read_bytes() + (folder / "c").read_bytes())
    return path


def _tls_context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_tls_with_a_trusted_certificate(faulty, fast, certificate, monkeypatch):
    """TLS works, and its connection is used again."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = faulty(OK, tls=_tls_context(certificate))
    first, second = ask_twice(server.url, fast=fast)
    assert (first.body, second.body) == (b"{}", b"{}")
    assert server.connections == 1


def test_tls_with_an_unknown_certificate_is_not_sent(ask, faulty, fast, certificate):
    """A certificate that nobody vouches for: RequestNotSent, kind tls, and no byte of the request."""
    server = faulty(OK, tls=_tls_context(certificate))
    with pytest.raises(RequestNotSent) as caught:
        ask(server.url, fast=fast, headers={"authorization": "Bearer canary"})
    assert caught.value.kind == "tls"
    assert server.requests == []


def test_tls_with_another_hosts_certificate_is_not_sent(ask, faulty, fast, certificate, monkeypatch):
    """A trusted certificate for another name: RequestNotSent, kind tls."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = faulty(OK, tls=_tls_context(certificate))
    with pytest.raises(RequestNotSent) as caught:
        ask(f"https://127.0.0.2:{server.port}/", fast=fast, timeout_s=2)
    assert caught.value.kind in {"tls", "refused"}


def test_https_to_a_plain_port_is_not_sent(ask, faulty, fast):
    """TLS where the server speaks http: RequestNotSent, kind tls."""

    def script(peer):
        peer.sock.recv(1000)
        peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    server = faulty(script)
    with pytest.raises(RequestNotSent) as caught:
        ask(f"https://127.0.0.1:{server.port}/", fast=fast)
    assert caught.value.kind == "tls"


def test_a_handshake_that_stalls_is_not_sent(ask, faulty, fast):
    """A server that never answers the TLS hello: RequestNotSent, kind connect_timeout, and closed at once."""
    server = faulty(lambda peer: peer.wait_for_close())
    with pytest.raises(RequestNotSent) as caught:
        ask(f"https://127.0.0.1:{server.port}/", fast=fast, connect_timeout_s=0.2)
    assert caught.value.kind == "connect_timeout"
    assert server.closed_by_client.wait(60)


def test_tls_cut_in_mid_body_is_unknown(ask, faulty, fast, certificate, monkeypatch):
    """A TLS connection cut inside the body: OutcomeUnknown, kind cut."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = faulty(closes_in_mid_body, tls=_tls_context(certificate))
    with pytest.raises(OutcomeUnknown) as caught:
        ask(server.url, fast=fast)
    assert caught.value.kind == "cut"
