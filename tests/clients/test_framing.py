"""What a request looks like, and how an answer is framed, packed and bounded; for both transports."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from loopai_nb.clients.http import HttpPool
from loopai_nb.errors import (
    AnswerInvalid,
    InputError,
    OutcomeUnknown,
)

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


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
