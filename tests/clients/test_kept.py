"""Connections that are kept: how long they rest, how many there are, and whose are kept no more."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time

import pytest
from leisure import at_leisure

from loopai_nb.clients.http import HttpPool

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
SURPLUS = b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nANOTHER"


def _echo(peer):
    while (request := peer.request()) is not None:
        body = request.partition(b"\r\n\r\n")[2]
        peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))


def _asked(*urls, pause_s=0.0, unseen=False, wait=None):
    """The bodies of answers to requests that are sent one after the other through one pool."""

    async def exchange():
        pool = HttpPool()
        bodies = []
        try:
            for url in urls:
                bodies.append((await pool.request("POST", url, content=b"1", timeout_s=60)).body)
                if wait is not None:
                    await asyncio.to_thread(wait)
                if unseen:
                    # Not asyncio.sleep: the loop must not see what the server does meanwhile.
                    time.sleep(pause_s)  # noqa: ASYNC251  (as said)
                else:
                    await asyncio.sleep(pause_s)
        finally:
            await pool.aclose()
        return bodies

    return asyncio.run(exchange())


@pytest.fixture
def first_answers_twice(faulty):
    """A server whose first connection has a surplus written behind each answer, when it is let."""
    may_write = threading.Semaphore(0)
    written = threading.Semaphore(0)

    def script(peer):
        while peer.request() is not None:
            peer.send(OK)
            if peer.number == 1:
                assert may_write.acquire(timeout=60)
                peer.send(SURPLUS)
                written.release()

    server = faulty(script)
    server.may_write, server.written = may_write, written
    return server


@pytest.fixture
def warnings(caplog):
    """What the log of ``loopai_nb`` was told."""
    caplog.set_level(logging.WARNING, logger="loopai_nb")
    return caplog


@at_leisure
def test_a_connection_rests_so_that_a_late_surplus_is_no_answer(faulty, monkeypatch, times):
    """What comes a moment after an answer finds its connection at rest, although somebody waits for it."""
    monkeypatch.setattr("loopai_nb.clients.kept.REST_S", 0.3 * times)

    def script(peer):
        while peer.request() is not None:
            peer.send(OK)
            time.sleep(0.03)
            peer.send(SURPLUS)

    server = faulty(script)
    assert _asked(server.url, server.url, server.url) == [b"{}"] * 3
    assert server.connections == 3


@pytest.mark.parametrize("unseen", [True, False])
def test_who_writes_unasked_is_kept_no_more(first_answers_twice, warnings, unseen):
    """After bytes on an idle connection each request has one of its own, and says so to the server."""
    server = first_answers_twice

    def wait():
        if server.connections == 1:
            server.may_write.release()
            assert server.written.acquire(timeout=60)

    assert _asked(*[server.url] * 4, wait=wait, pause_s=0.05, unseen=unseen) == [b"{}"] * 4
    assert server.connections == 4
    assert [b"connection: close" in request for request in server.requests] == [False, True, True, True]
    assert [record.name.partition(".")[0] for record in warnings.records] == ["loopai_nb"]
    (message,) = warnings.messages
    assert message == (
        f"{server.origin} has written what nobody asked for. From now on each request to it gets a connection"
        " of its own, which is slower, so that none is given the answer to another one."
    )


@pytest.mark.parametrize("behind", [SURPLUS, b"HT", b"\x00garbage"], ids=["answer", "part", "garbage"])
def test_what_is_directly_behind_an_answer_is_unasked_too(faulty, warnings, behind):
    """An answer with more behind it in the same read is taken, and its server's connections are not kept."""

    def script(peer):
        while peer.request() is not None:
            peer.send(OK + behind if peer.number == 1 else OK)

    server = faulty(script)
    assert _asked(*[server.url] * 3) == [b"{}"] * 3
    assert server.connections == 3
    assert len(warnings.messages) == 1


@pytest.mark.parametrize("unseen", [True, False])
@pytest.mark.parametrize(
    "leave",
    [b"", b"\r\n", b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"],
    ids=["closed", "empty line", "408"],
)
def test_taking_leave_is_no_surplus(faulty, warnings, leave, unseen):
    """A server that closes what is idle, with a 408 or without, is trusted with the next connection."""
    idle, left = threading.Event(), threading.Event()

    def wait():
        idle.set()
        assert left.wait(60)

    def script(peer):
        peer.request()
        peer.send(OK)
        if peer.number == 1:
            assert idle.wait(60)
            peer.send(leave)
            peer.sock.close()
            left.set()
        else:
            _echo(peer)

    server = faulty(script)
    bodies = _asked(*[server.url] * 3, wait=wait, pause_s=0.05, unseen=unseen)
    assert bodies == [b"{}", b"{}", b"1"]
    assert server.connections == 2
    assert warnings.messages == []


def test_another_servers_connections_are_kept(faulty, first_answers_twice):
    """One server that writes unasked costs the others nothing."""
    bad, good = first_answers_twice, faulty(_echo)
    bad.may_write.release()

    def wait():
        assert bad.written.acquire(timeout=60)
        bad.written.release()

    assert _asked(bad.url, good.url, bad.url, good.url, wait=wait) == [b"{}", b"1", b"{}", b"1"]
    assert (bad.connections, good.connections) == (2, 1)


def test_it_is_known_in_the_next_event_loop(first_answers_twice):
    """A pool that goes on in another event loop still knows whom not to trust."""
    server = first_answers_twice
    pool = HttpPool()

    async def twice():
        for _ in "12":
            await pool.request("POST", server.url, content=b"1", timeout_s=60)
            if server.connections == 1:
                server.may_write.release()
                await asyncio.to_thread(server.written.acquire, timeout=60)
        await pool.aclose()

    asyncio.run(twice())
    asyncio.run(twice())
    assert server.connections == 4


@pytest.mark.parametrize(("in_flight", "most"), [(1, 1), (4, 5), (8, 10), (40, 72)])
def test_resting_opens_few_more_connections(faulty, in_flight, most):
    """However quick a server is, its connections stay near what is in flight."""
    server = faulty(_echo)

    async def exchange():
        pool = HttpPool()
        left = iter(range(in_flight * 20))

        async def work():
            for number in left:
                body = b"%d" % number
                answer = await pool.request("POST", server.url, content=body, timeout_s=60)
                assert answer.body == body

        await asyncio.gather(*(work() for _ in range(in_flight)))
        await pool.aclose()

    asyncio.run(exchange())
    assert server.connections <= most


def test_the_one_that_is_idle_longest_is_used_next(faulty):
    """Connections take turns, so that each rests for as long as it may."""
    together = threading.Barrier(2, timeout=60)
    numbers = []

    def script(peer):
        while (request := peer.request()) is not None:
            if request.endswith(b"both"):
                together.wait()
            else:
                numbers.append(peer.number)
            peer.send(OK)

    server = faulty(script)

    async def exchange():
        pool = HttpPool()

        async def ask(body):
            await pool.request("POST", server.url, content=body, timeout_s=60)

        await asyncio.gather(ask(b"both"), ask(b"both"))
        for _ in range(4):
            await ask(b"one")
        await pool.aclose()

    asyncio.run(exchange())
    assert numbers in ([1, 2, 1, 2], [2, 1, 2, 1])


@at_leisure
def test_what_a_burst_opened_and_nobody_needs_is_closed(faulty, monkeypatch, times):
    """Taking turns does not keep connections open that one request at a time can do without."""
    monkeypatch.setattr("loopai_nb.clients.kept.IDLE_S", 0.3 * times)
    monkeypatch.setattr("loopai_nb.clients.transport.IDLE_S", 0.3 * times)
    together = threading.Barrier(8, timeout=60)
    closed = []

    def script(peer):
        peer.request()
        if peer.number <= 8:
            together.wait()
        peer.send(OK)
        _echo(peer)
        closed.append(peer.number)

    server = faulty(script)

    async def exchange():
        pool = HttpPool()

        async def ask():
            await pool.request("POST", server.url, content=b"{}", timeout_s=60)

        await asyncio.gather(*(ask() for _ in range(8)))
        async with asyncio.timeout(60):
            while len(closed) < 7:
                await ask()
        await pool.aclose()

    asyncio.run(exchange())
    assert server.connections == 8


@pytest.mark.parametrize("how", ["cancelled", "deadline"])
def test_a_rest_ends_with_its_request(faulty, monkeypatch, how):
    """A request whose connection rests can be cancelled, and does not sleep past its deadline."""
    monkeypatch.setattr("loopai_nb.clients.kept.REST_S", 60)
    server = faulty(_echo)

    async def exchange():
        pool = HttpPool()
        await pool.request("POST", server.url, content=b"1", timeout_s=60)
        second = asyncio.create_task(
            pool.request("POST", server.url, content=b"2", timeout_s=10 if how == "deadline" else 100)
        )
        if how == "cancelled":
            await asyncio.sleep(0.05)
            second.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await second
            second = asyncio.create_task(pool.request("POST", server.url, content=b"2", timeout_s=100))
        body = (await second).body
        await pool.aclose()
        return body

    assert asyncio.run(exchange()) == b"2"
    assert server.connections == 2
