"""Answers that are read in pieces as they come."""

from __future__ import annotations

import asyncio
import gzip
import threading

import pytest
from leisure import at_leisure
from misbehaving import (
    closes_in_mid_chunk,
    is_silent_in_mid_body,
    trickles_its_body,
)

from loopai_nb.clients.http import HttpPool
from loopai_nb.errors import (
    OutcomeUnknown,
)


def _read_stream(url, *, fast=True, timeout_s=60.0, read_timeout_s=None, take=None):
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
            assert taken.acquire(timeout=60)
        peer.send(b"0\r\n\r\n")

    server = faulty(script)

    async def exchange():
        pool = HttpPool(fast=fast)
        pieces = []
        async with pool.stream("POST", server.url, content=b"{}", timeout_s=60) as answer:
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
    assert server.closed_by_client.wait(60)


@at_leisure
def test_the_deadline_holds_between_pieces(faulty, fast, times):
    """A stream that trickles ends at its total deadline: OutcomeUnknown, kind timeout."""
    with pytest.raises(OutcomeUnknown) as caught:
        _read_stream(faulty(trickles_its_body).url, fast=fast, timeout_s=0.3 * times)
    assert caught.value.kind == "timeout"


def test_a_stream_that_falls_silent_ends_at_the_read_timeout(faulty, fast):
    """Silence between two pieces: OutcomeUnknown, kind timeout, long before the deadline."""
    with pytest.raises(OutcomeUnknown) as caught:
        _read_stream(faulty(is_silent_in_mid_body).url, fast=fast, timeout_s=60, read_timeout_s=0.2)
    assert caught.value.kind == "timeout"


@at_leisure
def test_a_slow_reader_is_no_silence_of_the_server(faulty, fast, times):
    """While a stream's reader is busy and reading is paused, the read timeout stands still."""
    server = faulty(b"HTTP/1.1 200 OK\r\ncontent-length: 20000000\r\n\r\n" + b"x" * 20_000_000)

    async def exchange():
        pool = HttpPool(fast=fast)
        length = 0
        waits = {"timeout_s": 60, "read_timeout_s": 0.3 * times}
        async with pool.stream("POST", server.url, content=b"{}", **waits) as answer:
            async for piece in answer:
                if not length:
                    await asyncio.sleep(0.6 * times)
                length += len(piece)
        await pool.aclose()
        return length

    assert asyncio.run(exchange()) == 20_000_000


def test_a_cut_stream_is_unknown(faulty, fast):
    """A stream that is cut gives what came and then OutcomeUnknown, kind cut."""
    with pytest.raises(OutcomeUnknown) as caught:
        _read_stream(faulty(closes_in_mid_chunk).url, fast=fast)
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
