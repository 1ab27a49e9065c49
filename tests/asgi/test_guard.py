"""What is refused before a page is looked for."""

from __future__ import annotations

import asyncio
import select
import socket
import sys

import httpx
import pytest
from leisure import at_leisure

from loopai_nb.asgi.guard import MOST_BODY, Guard
from loopai_nb.asgi.html import plain_page
from loopai_nb.asgi.messages import Answer
from loopai_nb.asgi.serve import PageServer
from loopai_nb.errors import InputError, LoopaiNbError, MissingExtra
from loopai_nb.records import ApprovalState
from loopai_nb.settings import Settings


@pytest.mark.parametrize(
    "host", ["evil.example", "169.254.169.254", "127.0.0.1.evil.example", "", "localhost.", "127.0.0.1@evil"]
)
def test_attack_52_a_foreign_host_is_refused(house, client, host):
    """A name that leads here by DNS rebinding shows nothing."""
    answer = client.get(house.link(house.ask_gate()), headers={"Host": host})

    assert answer.status_code in (400, 403)
    assert "publish" not in answer.text


def test_the_host_that_the_settings_name_is_served(house, client):
    """Behind a proxy the page answers to the name of LOOPAI_SERVE_URL, and to no other."""
    settings = Settings(serve_url="https://approve.example:8443")
    with PageServer(house.ledger, settings, port=0, key=house.key, hosts=["other.example"]) as server:
        for host, status in (
            ("approve.example:8443", 200),
            ("approve.example", 200),
            ("other.example", 200),
            ("evil.example", 403),
        ):
            assert client.get(f"{server.url}/", headers={"Host": host}).status_code == status
        told = {row.approval_id for row in house.ledger.approvals()}
        row = house.ask_gate()
        ((_, link),) = server.links(told)
        assert link.startswith("https://approve.example:8443/a/")
        answer = client.post(
            server.url + link.removeprefix(settings.serve_url),
            data={"digest": row.digest, "decision": "approve", "name": "Bo"},
            headers={"Host": "approve.example:8443", "Origin": "https://approve.example:8443"},
        )
        assert answer.status_code == 303


def test_who_opens_a_link_before_the_server_runs_waits(house):
    """It listens from the start, as links may be told before it serves: nobody is refused."""
    server = PageServer(house.ledger, Settings(), port=0, key=house.key)
    host = server.url.removeprefix("http://")
    with socket.create_connection(("127.0.0.1", int(host.partition(":")[2])), timeout=60) as early:
        early.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        with server:
            assert early.recv(12) == b"HTTP/1.1 200"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_attack_53_another_pages_post_is_refused(house, decide, headers):
    """A foreign page that knows the link even cannot let a reader's browser decide."""
    row = house.ask_gate()

    answer = decide(house.link(row), row, headers=headers)

    assert answer.status_code == 403
    assert house.now(row).state is ApprovalState.PENDING


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/json", None])
def test_attack_53_only_a_form_is_taken(house, client, kind):
    """text/plain, which any page may send anywhere, is no decision."""
    row = house.ask_gate()
    body = f"digest={row.digest}&decision=approve&name=Bo"

    answer = client.post(
        house.link(row), content=body, headers={} if kind is None else {"Content-Type": kind}
    )

    assert answer.status_code == 415
    assert house.now(row).state is ApprovalState.PENDING


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(house, client, method):
    """Nothing but reading and posting; no answer to a preflight."""
    answer = client.request(method, house.link(house.ask_gate()))

    assert answer.status_code == 405
    assert not any(name.startswith("access-control") for name in answer.headers)


def test_attack_54_a_long_body_is_refused(house, decide, client):
    """A body beyond the cap is refused by what it says, and by what it has."""
    row = house.ask_gate()

    assert decide(house.link(row), row, reason="x" * MOST_BODY).status_code == 413
    chunks = (b"x" * 1_000 for _ in range(100))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        status = client.post(house.link(row), content=chunks, headers=headers).status_code
    except httpx.TransportError:  # the connection is closed while it is being sent
        status = 413
    assert status == 413
    assert house.now(row).state is ApprovalState.PENDING


def test_attack_54_a_slow_body_is_given_up():
    """A client that sends half a body and waits gets a 408 at the deadline."""
    sent = []

    async def handle(scope, body):  # noqa: ARG001  (a handler's signature)
        return Answer(200, b"")

    async def receive():
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    guard = Guard(handle, refusal=lambda status, said: plain_page(status, "no", said), body_s=0.01)
    headers = [(b"host", b"localhost"), (b"content-type", b"application/x-www-form-urlencoded")]
    asyncio.run(guard({"type": "http", "method": "POST", "headers": headers}, receive, send))

    assert sent[0]["status"] == 408


@at_leisure
def test_attack_54_slow_headers_are_given_up(house, times):
    """However its bytes trickle in: of a first or a later request all headers are there in time, or 408."""
    with PageServer(house.ledger, Settings(), port=0, key=house.key, headers_s=times) as server:
        at = ("127.0.0.1", int(server.url.rpartition(":")[2]))
        with (
            socket.create_connection(at, timeout=60) as silent,
            socket.create_connection(at, timeout=60) as kept,
            socket.create_connection(at, timeout=60) as trickling,
        ):
            kept.sendall(f"GET /health HTTP/1.1\r\nHost: {server.url[7:]}\r\n\r\n".encode())
            assert kept.recv(12) == b"HTTP/1.1 200"
            kept.sendall(b"GE")
            trickling.sendall(b"GET / HTTP/1.1\r\nHost: ")
            while not select.select([trickling], [], [], 0.05)[0]:
                trickling.sendall(b"a")
            assert trickling.recv(12) == b"HTTP/1.1 408"
            with kept.makefile("rb") as said:
                assert said.read().count(b"HTTP/1.1 408 ") == 1
            assert silent.recv(12) == b""


def test_two_hosts_are_none(house):
    """A request with two Host headers is refused, whichever of them is good."""
    with socket.create_connection(("127.0.0.1", int(house.host.rpartition(":")[2])), timeout=30) as peer:
        peer.sendall(f"GET / HTTP/1.1\r\nHost: {house.host}\r\nHost: evil.example\r\n\r\n".encode())
        assert peer.recv(100).split(b" ")[1] in (b"400", b"403")


@pytest.mark.parametrize("path", ["/", "/a/x", "/nowhere"])
def test_every_answer_has_the_headers(house, client, path):
    """Nothing is fetched, framed, cached or sniffed, and no address with a token leaves with a referrer."""
    answer = client.get(f"{house.server.url}{path}")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert "server" not in answer.headers


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "::"])  # noqa: S104  (refused)
def test_it_listens_on_the_loopback_only(house, host):
    """An address that others reach has to be allowed."""
    with pytest.raises(InputError, match="loopback only"):
        PageServer(house.ledger, Settings(), host=host, port=0, key=house.key)


def test_a_port_that_is_taken_is_said(house):
    """What to do is said."""
    port = int(house.host.rpartition(":")[2])

    with pytest.raises(LoopaiNbError, match="--port"):
        PageServer(house.ledger, Settings(), port=port, key=house.key)


def test_without_uvicorn_the_extra_is_named(house, monkeypatch):
    """What to install is said."""
    monkeypatch.setitem(sys.modules, "uvicorn", None)

    with pytest.raises(MissingExtra, match=r"loopai_nb\[serve\]"):
        PageServer(house.ledger, Settings(), port=0, key=house.key)
