"""What goes wrong on the wire, and which error tells how far the request got; for both transports."""

from __future__ import annotations

import asyncio
import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest

from loopai_nb.clients.http import HttpPool, raise_for_status
from loopai_nb.clients.kept import REST_S
from loopai_nb.errors import (
    AnswerInvalid,
    InputError,
    OutcomeUnknown,
    RequestDeferred,
    RequestNotSent,
)

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


def test_refused_is_not_sent(ask, free_port, fast):
    """Nobody listens: RequestNotSent, kind refused."""
    with pytest.raises(RequestNotSent) as caught:
        ask(f"http://127.0.0.1:{free_port}/v1", fast=fast)
    assert caught.value.kind == "refused"
    assert str(caught.value) == (
        f"No model server at http://127.0.0.1:{free_port} (connection refused)."
        ' Start it, or choose another: session.use_server("URL").'
    )


def test_unknown_host_is_not_sent(ask, fast):
    """A name that does not resolve: RequestNotSent, kind dns."""
    with pytest.raises(RequestNotSent) as caught:
        ask("http://nobody.invalid/v1", fast=fast)
    assert caught.value.kind == "dns"


def test_connect_timeout_is_not_sent(ask, fast):
    """A port that takes no more connections: RequestNotSent, kind connect_timeout."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for sock in waiting:
            # Fills the backlog; the kernel then drops further SYNs.
            sock.settimeout(0)
            sock.connect_ex(listener.getsockname())
        try:
            with pytest.raises(RequestNotSent) as caught:
                ask(f"http://127.0.0.1:{listener.getsockname()[1]}/", fast=fast, connect_timeout_s=0.2)
        finally:
            for sock in waiting:
                sock.close()
    assert caught.value.kind == "connect_timeout"


def test_no_time_left_is_not_sent(ask, faulty, fast):
    """A deadline that has passed sends nothing, not even on an open connection."""
    server = faulty(OK)
    with pytest.raises(RequestNotSent) as caught:
        ask(server.url, fast=fast, timeout_s=0)
    assert caught.value.kind == "timeout"
    assert server.requests == []


def _closes_without_answer(peer):
    peer.request()


def _resets_without_answer(peer):
    peer.request()
    peer.reset()


def _resets_in_mid_body(peer):
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
    time.sleep(0.05)
    peer.reset()


def _closes_in_mid_body(peer):
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")


def _closes_in_mid_chunk(peer):
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n5\r\nab")


def _closes_before_the_last_chunk(peer):
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n")


def _never_answers(peer):
    peer.request()
    peer.wait_for_close()


def _trickles_its_body(peer):
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    try:
        while True:
            peer.send(b" ")
            time.sleep(0.02)
    finally:
        peer.server.closed_by_client.set()


def _trickles_its_head(peer):
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        peer.send(b"x: y\r\n")
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (_closes_without_answer, "reset"),
        (_resets_without_answer, "reset"),
        (_resets_in_mid_body, "cut"),
        (_closes_in_mid_body, "cut"),
        (_closes_in_mid_chunk, "cut"),
        (_closes_before_the_last_chunk, "cut"),
        (_never_answers, "timeout"),
        (_trickles_its_body, "timeout"),
    ],
)
def test_lost_after_writing_is_unknown(ask, faulty, fast, script, kind):
    """Written, and then no whole answer: OutcomeUnknown of that kind, never RequestNotSent."""
    server = faulty(script)
    with pytest.raises(OutcomeUnknown) as caught:
        ask(server.url, fast=fast, timeout_s=0.3 if kind == "timeout" else 5)
    assert caught.value.kind == kind
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"this is no HTTP\r\n\r\n",
        b"HTTP/1.1 banana\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 7\r\n\r\n{}{}{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 20_000,
    ],
    ids=["garbage", "status", "two lengths", "negative length", "chunk size", "upgrade", "endless head"],
)
def test_what_is_no_http_is_unknown(ask, faulty, raw):
    """An answer that is no HTTP: OutcomeUnknown, kind protocol; the request may have been processed."""
    server = faulty(raw, then_close=True)
    with pytest.raises(OutcomeUnknown) as caught:
        ask(server.url, fast=True)
    assert caught.value.kind == "protocol"


def test_a_trickled_head_ends_at_the_deadline(ask, faulty):
    """Headers that come for ever: OutcomeUnknown, kind timeout."""
    with pytest.raises(OutcomeUnknown) as caught:
        ask(faulty(_trickles_its_head).url, timeout_s=0.3)
    assert caught.value.kind == "timeout"


def test_deadline_closes_the_connection(ask, faulty):
    """A request that is given up is closed at once, so that the server may stop working on it."""
    server = faulty(_never_answers)
    with pytest.raises(OutcomeUnknown):
        ask(server.url, timeout_s=0.1)
    assert server.closed_by_client.wait(5)


def test_cancelling_closes_the_connection(faulty, fast):
    """Cancelling the task closes its connection while the pool stays open."""
    asked = threading.Event()

    def script(peer):
        peer.request()
        asked.set()
        peer.wait_for_close()

    server = faulty(script)

    async def cancel() -> bool:
        pool = HttpPool(fast=fast)
        task = asyncio.create_task(pool.request("POST", server.url, content=b"{}", timeout_s=60))
        await asyncio.to_thread(asked.wait, 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        closed = await asyncio.to_thread(server.closed_by_client.wait, 5)
        await pool.aclose()
        return closed

    assert asyncio.run(cancel())


def _is_silent_in_mid_body(peer):
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
    peer.wait_for_close()


@pytest.mark.parametrize("script", [_never_answers, _is_silent_in_mid_body])
def test_silence_ends_at_the_read_timeout(ask, faulty, fast, script):
    """A server that says nothing for that long: OutcomeUnknown, kind timeout, long before the deadline."""
    server = faulty(script)
    with pytest.raises(OutcomeUnknown) as caught:
        ask(server.url, fast=fast, timeout_s=60, read_timeout_s=0.2)
    assert caught.value.kind == "timeout"
    assert "fell silent" in str(caught.value)
    assert caught.value.hint == "Allow a longer silence: set LOOPAI_READ_TIMEOUT_S."
    assert server.closed_by_client.wait(5)


def test_a_trickle_outlives_the_read_timeout_and_not_the_deadline(ask, faulty, fast):
    """A byte now and then keeps a per-read timeout from firing; the total deadline ends it all the same."""
    with pytest.raises(OutcomeUnknown) as caught:
        ask(faulty(_trickles_its_body).url, fast=fast, timeout_s=0.5, read_timeout_s=0.3)
    assert caught.value.kind == "timeout"
    assert "did not answer in time" in str(caught.value)
    assert caught.value.hint == "Allow more time: set LOOPAI_TIMEOUT_S."


def test_silences_shorter_than_the_read_timeout_are_no_fault(ask, faulty, fast):
    """Each byte starts the read timeout anew: all of them may take longer than it."""

    def script(peer):
        peer.request()
        for position in range(0, len(OK), 7):
            peer.send(OK[position : position + 7])
            time.sleep(0.1)

    assert ask(faulty(script).url, fast=fast, read_timeout_s=0.4).body == b"{}"


def test_a_slow_upload_is_no_silence(ask, faulty, fast):
    """While the server still takes the request in, nobody waits for its answer."""
    content = b"x" * 20_000_000

    def script(peer):
        time.sleep(0.6)
        read = 0
        while read < len(content):
            read += len(peer.sock.recv(2**20))
        peer.send(OK)

    answer = ask(faulty(script).url, fast=fast, content=content, timeout_s=20, read_timeout_s=0.4)
    assert answer.body == b"{}"


def test_an_error_status_counts_though_its_body_is_cut(ask, faulty, fast):
    """A 429 whose body is lost is still a 429 with its Retry-After."""

    def script(peer):
        peer.request()
        peer.send(b"HTTP/1.1 429 Slow\r\nretry-after: 7\r\ncontent-length: 100\r\n\r\nslow d")

    answer = ask(faulty(script).url, fast=fast)
    assert answer.status_code == 429
    with pytest.raises(RequestDeferred) as caught:
        raise_for_status(answer)
    assert caught.value.retry_after_s == 7


def test_an_error_status_counts_though_its_body_trickles(ask, faulty, fast):
    """A 503 whose body does not end by the deadline is still a 503."""

    def script(peer):
        peer.request()
        peer.send(b"HTTP/1.1 503 Busy\r\ncontent-length: 100\r\n\r\nbusy")
        peer.wait_for_close()

    assert ask(faulty(script).url, fast=fast, timeout_s=0.3).status_code == 503


@pytest.mark.parametrize("size", [1001, 10_000_000])
def test_a_body_over_the_cap_is_invalid(ask, faulty, fast, http_answer, size):
    """A success longer than the cap: AnswerInvalid, kind too_large."""
    with pytest.raises(AnswerInvalid) as caught:
        ask(faulty(http_answer(b"x" * size), then_close=True).url, fast=fast, max_body_bytes=1000)
    assert caught.value.kind == "too_large"


def test_a_body_at_the_cap_is_read(ask, faulty, fast, http_answer):
    """The cap is inclusive."""
    assert len(ask(faulty(http_answer(b"x" * 1000)).url, fast=fast, max_body_bytes=1000).body) == 1000


def test_an_endless_error_page_is_cut(ask, faulty, fast):
    """An error's body is read up to 64 KiB; the status is what matters."""

    def script(peer):
        peer.request()
        peer.send(b"HTTP/1.1 500 Oops\r\n\r\n")
        for _ in range(1000):
            peer.send(b"x" * 10_000)

    answer = ask(faulty(script).url, fast=fast)
    assert answer.status_code == 500
    assert len(answer.body) <= 512 * 1024


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", b"{}"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\nt: u\r\n\r\n",
            b"{}",
        ),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.0 200 OK\r\n\r\nold", b"old"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", b"{}"),
        (b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", b"{}"),
    ],
    ids=["length", "chunked", "until end", "1.0", "204", "100", "103"],
)
def test_every_framing_is_read(ask, faulty, fast, raw, body):
    """Each way that HTTP/1.1 says where a body ends, and interim answers before the final one."""
    answer = ask(faulty(raw, then_close=True).url, fast=fast)
    assert answer.body == body
    assert "link" not in answer.headers


def test_an_answer_in_single_bytes_is_read(ask, faulty, fast):
    """Head and body in slices of one byte are the same answer."""

    def script(peer):
        peer.request()
        for position in range(len(OK)):
            peer.send(OK[position : position + 1])

    answer = ask(faulty(script).url, fast=fast)
    assert (answer.status_code, answer.body, answer.headers) == (200, b"{}", {"content-length": "2"})


# -- keeping connections


def _ask_twice(url, *, fast=True, pause_s=0.0, unseen=True):
    async def exchange():
        pool = HttpPool(fast=fast)
        try:
            first = await pool.request("POST", url, content=b"1", timeout_s=5)
            if unseen:
                # Not asyncio.sleep: the loop must not see what the server does meanwhile.
                time.sleep(pause_s)  # noqa: ASYNC251
            else:
                await asyncio.sleep(pause_s)
            second = await pool.request("POST", url, content=b"2", timeout_s=5)
        finally:
            await pool.aclose()
        return first, second

    return asyncio.run(exchange())


def test_a_connection_is_used_again(faulty, fast):
    """After a whole answer the next request goes over the same connection."""
    server = faulty(OK)
    _ask_twice(server.url, fast=fast)
    assert server.connections == 1
    assert [request[-1:] for request in server.requests] == [b"1", b"2"]


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        OK + OK,
        OK + b"HT",
        OK + b"\x00garbage",
    ],
    ids=["close", "1.0", "two answers", "half an answer", "garbage"],
)
def test_a_doubtful_connection_is_not_used_again(faulty, raw):
    """After Connection: close, HTTP/1.0, or bytes that nobody asked for, the next request has a new one."""
    server = faulty(raw)
    _, second = _ask_twice(server.url)
    assert second.body == b"{}"
    assert server.connections == 2


@pytest.mark.parametrize("unseen", [True, False])
def test_bytes_sent_while_idle_are_never_an_answer(faulty, unseen):
    """What a server sends between two requests is not taken for the answer to the second."""

    def script(peer):
        while peer.request() is not None:
            peer.send(OK)
            time.sleep(0.05)
            peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nPOISONED")

    server = faulty(script)
    _, second = _ask_twice(server.url, pause_s=0.2, unseen=unseen)
    assert second.body == b"{}"
    assert server.connections == 2


@pytest.mark.parametrize("unseen", [True, False])
@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_connection_that_the_server_closed_is_noticed(faulty, how, unseen):
    """A kept connection that went away while idle costs no lost request, even if the loop has not seen it."""

    def script(peer):
        peer.request()
        peer.send(OK)
        if how == "reset":
            time.sleep(0.05)
            peer.reset()

    server = faulty(script)
    _, second = _ask_twice(server.url, pause_s=0.2, unseen=unseen)
    assert second.status_code == 200
    assert [request[-1:] for request in server.requests] == [b"1", b"2"]


def test_idle_connections_are_closed_after_seconds(faulty, monkeypatch):
    """A server is not kept busy by connections that nobody uses."""
    monkeypatch.setattr("loopai_nb.clients.kept.IDLE_S", 0.1)
    monkeypatch.setattr("loopai_nb.clients.transport.IDLE_S", 0.1)

    def script(peer):
        peer.request()
        peer.send(OK)
        peer.wait_for_close()

    server = faulty(script)

    async def wait() -> bool:
        pool = HttpPool()
        await pool.request("GET", server.url, timeout_s=5)
        closed = await asyncio.to_thread(server.closed_by_client.wait, 5)
        await pool.aclose()
        return closed

    assert asyncio.run(wait())


def test_an_answer_before_the_request_was_read(faulty):
    """A 413 that comes while the body is being written is the answer, and its connection is not kept."""
    answered = threading.Semaphore(0)

    def script(peer):
        peer.sock.recv(1000)
        peer.send(b"HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\n{}")
        # Read too soon, the body might be written in full by then, and its connection be rightly kept.
        answered.acquire(timeout=5)
        peer.wait_for_close()

    server = faulty(script)

    async def exchange():
        pool = HttpPool()
        answers = []
        for _ in "12":
            answers.append(await pool.request("POST", server.url, content=b"x" * 20_000_000, timeout_s=5))
            answered.release()
        await pool.aclose()
        return answers

    assert [answer.status_code for answer in asyncio.run(exchange())] == [413, 413]
    assert server.connections == 2


def test_sixty_four_at_once_have_a_connection_each(faulty, fast):
    """Each request in flight has its own connection, and no more are made than are needed."""
    together = threading.Barrier(64, timeout=20)

    def script(peer):
        while (request := peer.request()) is not None:
            together.wait()
            body = request.partition(b"\r\n\r\n")[2]
            peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))

    server = faulty(script)

    async def exchange():
        pool = HttpPool(fast=fast)
        for _ in range(2):
            bodies = [b"%d" % number for number in range(64)]
            answers = await asyncio.gather(
                *(pool.request("POST", server.url, content=body, timeout_s=20) for body in bodies)
            )
            assert [answer.body for answer in answers] == bodies
            await asyncio.sleep(4 * REST_S)  # those that have not rested are not used again
        await pool.aclose()

    asyncio.run(exchange())
    assert server.connections == 64


def test_a_pool_may_be_used_from_one_loop_after_another(faulty, fast):
    """A second event loop does not get the first one's connections."""
    server = faulty(OK)
    pool = HttpPool(fast=fast)

    async def once():
        answer = await pool.request("GET", server.url, timeout_s=5)
        await pool.aclose()
        return answer.status_code

    assert [asyncio.run(once()), asyncio.run(once())] == [200, 200]


# -- what is sent


def test_what_is_sent(ask, faulty, fast):
    """One Host, one User-Agent of ours, no request for compression, the body's length, keys as given."""
    server = faulty(OK)
    ask(server.url + "/ä?q=ü", fast=fast, headers={"Authorization": "Bearer canary"}, content=b"{}")
    head = server.requests[0].partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
    assert head[0] == b"post /v1/%c3%a4?q=%c3%bc http/1.1"
    assert f"host: 127.0.0.1:{server.port}".encode() in head
    assert b"accept-encoding: identity" in head
    assert b"authorization: bearer canary" in head
    assert b"content-length: 2" in head
    assert [line for line in head if line.startswith(b"user-agent: loopai_nb/")]


@pytest.mark.parametrize("method", ["get", "GET /x HTTP/1.1\r\nevil: 1", "CONNECT", "HEAD"])
def test_other_methods_are_refused(method):
    """Only the methods that are used are sent."""

    async def send():
        await HttpPool().request(method, "http://127.0.0.1:1/", timeout_s=1)

    with pytest.raises(InputError):
        asyncio.run(send())


# -- packed bodies


def test_gzip_that_nobody_asked_for_is_read(ask, faulty, fast, http_answer):
    """A paid answer is not lost to a proxy that packs unasked."""
    packed = gzip.compress(b'{"a":') + gzip.compress(b" 1}")
    answer = ask(faulty(http_answer(packed, content_encoding="gzip")).url, fast=fast)
    assert answer.body == b'{"a": 1}'


@pytest.fixture
def packed_server(faulty, http_answer, body, coding):
    """A server of one packed answer."""
    return faulty(http_answer(body, content_encoding=coding), then_close=True)


@pytest.mark.parametrize(
    ("body", "coding", "expected"),
    [
        (gzip.compress(b"\0" * 50_000_000), "gzip", (AnswerInvalid, "too_large")),
        (gzip.compress(b"") * 100, "gzip", (AnswerInvalid, "encoding")),
        (b"not gzip", "gzip", (AnswerInvalid, "encoding")),
        (b"\x8b\x03\x80{}\x03", "br", (AnswerInvalid, "encoding")),
        (gzip.compress(gzip.compress(b"{}")), "gzip, gzip", (AnswerInvalid, "encoding")),
        (gzip.compress(b"{}" * 1000)[:-12], "gzip", (OutcomeUnknown, "cut")),
    ],
    ids=["bomb", "members", "broken", "unknown", "twice", "cut"],
)
def test_attack_35_a_packed_body_is_capped(packed_server, ask, fast, expected):
    """A gzip bomb stops at the cap; what cannot be unpacked says so."""
    error, kind = expected
    with pytest.raises(error) as caught:
        ask(packed_server.url, fast=fast, max_body_bytes=1_000_000)
    assert caught.value.kind == kind


def test_a_packed_error_keeps_its_status(ask, faulty, fast, http_answer):
    """An error whose body cannot be unpacked is still that error."""
    server = faulty(http_answer(b"???", "500 Oops", content_encoding="br"))
    assert ask(server.url, fast=fast).status_code == 500


# -- TLS


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
    first, second = _ask_twice(server.url, fast=fast, pause_s=0.05)
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
    assert server.closed_by_client.wait(5)


def test_tls_cut_in_mid_body_is_unknown(ask, faulty, fast, certificate, monkeypatch):
    """A TLS connection cut inside the body: OutcomeUnknown, kind cut."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = faulty(_closes_in_mid_body, tls=_tls_context(certificate))
    with pytest.raises(OutcomeUnknown) as caught:
        ask(server.url, fast=fast)
    assert caught.value.kind == "cut"


# -- streams


def _read_stream(url, *, fast=True, timeout_s=5.0, read_timeout_s=None, take=None):
    async def exchange():
        pool = HttpPool(fast=fast)
        pieces = []
        try:
            async with pool.stream(
                "POST", url, content=b"{}", timeout_s=timeout_s, read_timeout_s=read_timeout_s
            ) as answer:
                async for piece in answer:
                    pieces.append(piece)
                    if len(pieces) == take:
                        break
        finally:
            await pool.aclose()
        return pieces

    return asyncio.run(exchange())


def test_a_stream_gives_pieces_as_they_come(faulty, fast):
    """A piece is there before the next one is written."""
    taken = threading.Semaphore(0)

    def script(peer):
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        for number in range(3):
            peer.send(b"1\r\n%d\r\n" % number)
            assert taken.acquire(timeout=5)
        peer.send(b"0\r\n\r\n")

    server = faulty(script)

    async def exchange():
        pool = HttpPool(fast=fast)
        pieces = []
        async with pool.stream("POST", server.url, content=b"{}", timeout_s=5) as answer:
            async for piece in answer:
                pieces.append(piece)
                taken.release()
        await pool.aclose()
        return pieces

    assert asyncio.run(exchange()) == [b"0", b"1", b"2"]


def test_a_stream_that_is_left_closes_its_connection(faulty, fast):
    """Leaving a stream early closes it, so that the server may stop."""

    def script(peer):
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\n\r\nfirst")
        peer.wait_for_close()

    server = faulty(script)
    assert _read_stream(server.url, fast=fast, take=1) == [b"first"]
    assert server.closed_by_client.wait(5)


def test_the_deadline_holds_between_pieces(faulty, fast):
    """A stream that trickles ends at its total deadline: OutcomeUnknown, kind timeout."""
    with pytest.raises(OutcomeUnknown) as caught:
        _read_stream(faulty(_trickles_its_body).url, fast=fast, timeout_s=0.3)
    assert caught.value.kind == "timeout"


def test_a_stream_that_falls_silent_ends_at_the_read_timeout(faulty, fast):
    """Silence between two pieces: OutcomeUnknown, kind timeout, long before the deadline."""
    with pytest.raises(OutcomeUnknown) as caught:
        _read_stream(faulty(_is_silent_in_mid_body).url, fast=fast, timeout_s=60, read_timeout_s=0.2)
    assert caught.value.kind == "timeout"


def test_a_slow_reader_is_no_silence_of_the_server(faulty, fast):
    """While a stream's reader is busy and reading is paused, the read timeout stands still."""
    server = faulty(b"HTTP/1.1 200 OK\r\ncontent-length: 20000000\r\n\r\n" + b"x" * 20_000_000)

    async def exchange():
        pool = HttpPool(fast=fast)
        length = 0
        async with pool.stream("POST", server.url, content=b"{}", timeout_s=30, read_timeout_s=0.3) as answer:
            async for piece in answer:
                if not length:
                    await asyncio.sleep(0.8)
                length += len(piece)
        await pool.aclose()
        return length

    assert asyncio.run(exchange()) == 20_000_000


def test_a_cut_stream_is_unknown(faulty, fast):
    """A stream that is cut gives what came and then OutcomeUnknown, kind cut."""
    with pytest.raises(OutcomeUnknown) as caught:
        _read_stream(faulty(_closes_in_mid_chunk).url, fast=fast)
    assert caught.value.kind == "cut"


def test_a_slow_reader_does_not_fill_the_memory(faulty):
    """While a stream's reader is busy, no more than about a piece and a socket's buffer is read ahead."""
    sent = []

    def script(peer):
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 64000000\r\n\r\n")
        for _ in range(64):
            peer.send(b"x" * 1_000_000)
            sent.append(1)

    server = faulty(script)

    async def exchange():
        pool = HttpPool(max_body_bytes=100_000_000)
        length = 0
        async with pool.stream("POST", server.url, content=b"{}", timeout_s=30) as answer:
            async for piece in answer:
                if not length:
                    await asyncio.sleep(0.5)
                    ahead = len(sent)
                length += len(piece)
        await pool.aclose()
        return ahead, length

    ahead, length = asyncio.run(exchange())
    assert ahead < 40
    assert length == 64_000_000


def test_a_packed_stream_is_unpacked(faulty, fast, http_answer):
    """A packed body in a stream is unpacked piece by piece."""
    server = faulty(http_answer(gzip.compress(b"data: 1\n\n" * 1000), content_encoding="gzip"))
    assert b"".join(_read_stream(server.url, fast=fast)) == b"data: 1\n\n" * 1000
