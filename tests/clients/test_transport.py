"""What goes wrong on the wire, and which error tells how far the request got; for both transports."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest
from leisure import at_leisure
from misbehaving import (
    closes_before_the_last_chunk,
    closes_in_mid_body,
    closes_in_mid_chunk,
    closes_without_answer,
    is_silent_in_mid_body,
    never_answers,
    resets_in_mid_body,
    resets_without_answer,
    trickles_its_body,
    trickles_its_head,
)

from loopai_nb.clients.http import HttpPool, raise_for_status
from loopai_nb.errors import (
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


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (closes_without_answer, "reset"),
        (resets_without_answer, "reset"),
        (resets_in_mid_body, "cut"),
        (closes_in_mid_body, "cut"),
        (closes_in_mid_chunk, "cut"),
        (closes_before_the_last_chunk, "cut"),
        (never_answers, "timeout"),
        (trickles_its_body, "timeout"),
    ],
)
@at_leisure
def test_lost_after_writing_is_unknown(ask, faulty, fast, script, kind, times):
    """Written, and then no whole answer: OutcomeUnknown of that kind, never RequestNotSent."""
    server = faulty(script)
    with pytest.raises(OutcomeUnknown) as caught:
        ask(server.url, fast=fast, timeout_s=0.3 * times if kind == "timeout" else 60)
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


@at_leisure
def test_a_trickled_head_ends_at_the_deadline(ask, faulty, times):
    """Headers that come for ever: OutcomeUnknown, kind timeout."""
    with pytest.raises(OutcomeUnknown) as caught:
        ask(faulty(trickles_its_head).url, timeout_s=0.3 * times)
    assert caught.value.kind == "timeout"


@at_leisure
def test_deadline_closes_the_connection(ask, faulty, times):
    """A request that is given up is closed at once, so that the server may stop working on it."""
    server = faulty(never_answers)
    with pytest.raises(OutcomeUnknown):
        ask(server.url, timeout_s=0.1 * times)
    assert server.closed_by_client.wait(60)


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
        await asyncio.to_thread(asked.wait, 60)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        closed = await asyncio.to_thread(server.closed_by_client.wait, 60)
        await pool.aclose()
        return closed

    assert asyncio.run(cancel())


@pytest.mark.parametrize("script", [never_answers, is_silent_in_mid_body])
def test_silence_ends_at_the_read_timeout(ask, faulty, fast, script):
    """A server that says nothing for that long: OutcomeUnknown, kind timeout, long before the deadline."""
    server = faulty(script)
    with pytest.raises(OutcomeUnknown) as caught:
        ask(server.url, fast=fast, timeout_s=60, read_timeout_s=0.2)
    assert caught.value.kind == "timeout"
    assert "fell silent" in str(caught.value)
    assert caught.value.hint == "Allow a longer silence: set LOOPAI_READ_TIMEOUT_S."
    assert server.closed_by_client.wait(60)


@at_leisure
def test_a_trickle_outlives_the_read_timeout_and_not_the_deadline(ask, faulty, fast, times):
    """A byte now and then keeps a per-read timeout from firing; the total deadline ends it all the same."""
    with pytest.raises(OutcomeUnknown) as caught:
        ask(faulty(trickles_its_body).url, fast=fast, timeout_s=0.6 * times, read_timeout_s=0.4 * times)
    assert caught.value.kind == "timeout"
    assert "did not answer in time" in str(caught.value)
    assert caught.value.hint == "Allow more time: set LOOPAI_TIMEOUT_S."


@at_leisure
def test_silences_shorter_than_the_read_timeout_are_no_fault(ask, faulty, fast, times):
    """Each byte starts the read timeout anew: all of them may take longer than it."""

    def script(peer):
        peer.request()
        for position in range(0, len(OK), 4):
            peer.send(OK[position : position + 4])
            time.sleep(0.05 * times)

    assert ask(faulty(script).url, fast=fast, read_timeout_s=0.4 * times).body == b"{}"


@at_leisure
def test_a_slow_upload_is_no_silence(ask, faulty, fast, times):
    """While the server still takes the request in, nobody waits for its answer."""
    content = b"x" * 20_000_000

    def script(peer):
        time.sleep(0.6 * times)
        read = 0
        while read < len(content):
            read += len(peer.sock.recv(2**20))
        peer.send(OK)

    answer = ask(faulty(script).url, fast=fast, content=content, timeout_s=60, read_timeout_s=0.4 * times)
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


@at_leisure
def test_an_error_status_counts_though_its_body_trickles(ask, faulty, fast, times):
    """A 503 whose body does not end by the deadline is still a 503."""

    def script(peer):
        peer.request()
        peer.send(b"HTTP/1.1 503 Busy\r\ncontent-length: 100\r\n\r\nbusy")
        peer.wait_for_close()

    assert ask(faulty(script).url, fast=fast, timeout_s=0.4 * times).status_code == 503
