"""Which connections are kept for the next request, and which are not."""

from __future__ import annotations

import asyncio
import threading

import pytest
from exchanges import ask_twice

from loopai_nb.clients.http import HttpPool
from loopai_nb.clients.kept import REST_S

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


def test_a_connection_is_used_again(faulty, fast):
    """After a whole answer the next request goes over the same connection."""
    server = faulty(OK)
    ask_twice(server.url, fast=fast)
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
    _, second = ask_twice(server.url)
    assert second.body == b"{}"
    assert server.connections == 2


def _let(go, done):
    """Let the server do what it waits with, and wait until it has done so."""
    go.set()
    assert done.wait(60)


@pytest.mark.parametrize("unseen", [True, False])
def test_bytes_sent_while_idle_are_never_an_answer(faulty, unseen):
    """What a server sends between two requests is not taken for the answer to the second."""
    answered, done = threading.Event(), threading.Event()

    def script(peer):
        while peer.request() is not None:
            peer.send(OK)
            assert answered.wait(60)
            peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nPOISONED")
            done.set()

    server = faulty(script)
    _, second = ask_twice(server.url, between=lambda: _let(answered, done), unseen=unseen)
    assert second.body == b"{}"
    assert server.connections == 2


@pytest.mark.parametrize("unseen", [True, False])
@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_connection_that_the_server_closed_is_noticed(faulty, how, unseen):
    """A kept connection that went away while idle costs no lost request, even if the loop has not seen it."""
    answered, done = threading.Event(), threading.Event()

    def script(peer):
        peer.request()
        peer.send(OK)
        assert answered.wait(60)
        if how == "reset":
            peer.reset()
        else:
            peer.sock.close()
        done.set()

    server = faulty(script)
    _, second = ask_twice(server.url, between=lambda: _let(answered, done), unseen=unseen)
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
        await pool.request("GET", server.url, timeout_s=60)
        closed = await asyncio.to_thread(server.closed_by_client.wait, 60)
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
        answered.acquire(timeout=60)
        peer.wait_for_close()

    server = faulty(script)

    async def exchange():
        pool = HttpPool()
        answers = []
        for _ in "12":
            answers.append(await pool.request("POST", server.url, content=b"x" * 20_000_000, timeout_s=60))
            answered.release()
        await pool.aclose()
        return answers

    assert [answer.status_code for answer in asyncio.run(exchange())] == [413, 413]
    assert server.connections == 2


def test_sixty_four_at_once_have_a_connection_each(faulty, fast):
    """Each request in flight has its own connection, and no more are made than are needed."""
    together = threading.Barrier(64, timeout=60)

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
                *(pool.request("POST", server.url, content=body, timeout_s=60) for body in bodies)
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
        answer = await pool.request("GET", server.url, timeout_s=60)
        await pool.aclose()
        return answer.status_code

    assert [asyncio.run(once()), asyncio.run(once())] == [200, 200]
