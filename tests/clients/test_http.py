"""The pool's border: headers, proxies, secrets, what a status and a body mean."""

from __future__ import annotations

import asyncio
import traceback
from datetime import UTC, datetime

import orjson
import pytest

from loopai_nb.clients.answers import error_fields
from loopai_nb.clients.exchange import Call
from loopai_nb.clients.http import HttpAnswer, HttpPool, checked_headers, raise_for_status, read_json
from loopai_nb.errors import (
    AnswerInvalid,
    InputError,
    OutcomeUnknown,
    RequestDeferred,
    RequestRejected,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _answer(status=200, body: object = b"", secrets=(), **headers):
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpAnswer(status, names, raw, 1.0, secrets)


def _raised(answer):
    with pytest.raises((RequestDeferred, RequestRejected, OutcomeUnknown)) as caught:
        raise_for_status(answer, now=NOON)
    return caught.value


# -- statuses


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (301, RequestRejected, "redirect"),
        (307, RequestRejected, "redirect"),
        (400, RequestRejected, "rejected"),
        (401, RequestRejected, "unauthorized"),
        (402, RequestRejected, "payment_required"),
        (403, RequestRejected, "unauthorized"),
        (404, RequestRejected, "not_found"),
        (408, OutcomeUnknown, "request_timeout"),
        (409, RequestRejected, "rejected"),
        (413, RequestRejected, "too_large"),
        (422, RequestRejected, "rejected"),
        (429, RequestDeferred, "rate_limited"),
        (500, RequestDeferred, "server_error"),
        (501, RequestRejected, "server_error"),
        (502, OutcomeUnknown, "bad_gateway"),
        (503, RequestDeferred, "unavailable"),
        (504, OutcomeUnknown, "gateway_timeout"),
        (524, OutcomeUnknown, "gateway_timeout"),
        (529, RequestDeferred, "overloaded"),
    ],
)
def test_each_status_has_its_error(status, error, kind):
    """What the caller can do about a status decides its class."""
    raised = _raised(_answer(status))
    assert (type(raised), raised.kind, raised.status_code) == (error, kind, status)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_success_raises_nothing(status):
    """Every 2xx is a success."""
    raise_for_status(_answer(status))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "0.5"}, 0.5),
        ({"retry_after": "Sat, 21 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry_after": "Fri, 20 Nov 2026 12:00:00 GMT"}, 0.0),
        ({"retry_after_ms": "250", "retry_after": "9"}, 0.25),
        ({"retry_after": "86400"}, 300.0),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "inf"}, None),
        ({"retry_after": "-1"}, None),
        ({"retry_after": "\u0667"}, None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_attack_38_retry_after_is_validated(status, headers, seconds):
    """Seconds, a date and milliseconds are read; what is no sane number is as if absent; a day is clamped."""
    assert _raised(_answer(status, **headers)).retry_after_s == seconds


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": {"message": "long", "code": "context_length_exceeded"}}, "prompt_too_long"),
        (
            400,
            {"error": {"message": "long", "code": 400, "type": "exceed_context_size_error"}},
            "prompt_too_long",
        ),
        (500, {"error": {"message": "long", "code": "context_length_exceeded"}}, "prompt_too_long"),
        (400, {"error": {"message": "no", "code": "invalid_api_key"}}, "unauthorized"),
        (400, {"error": {"message": "no", "code": "model_not_found"}}, "not_found"),
        (429, {"error": {"message": "broke", "code": "insufficient_quota"}}, "insufficient_quota"),
    ],
)
def test_a_known_code_tells_more_than_the_status(status, body, kind):
    """A code that is known decides the kind, whether it is text or stands in the type."""
    assert _raised(_answer(status, body)).kind == kind


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"error": {"message": "said"}}, "said"),
        ({"error": {"message": "said", "code": 500}}, "said"),
        ({"error": {"message": "said", "code": None}}, "said"),
        ({"error": "said"}, "said"),
        ({"detail": "said"}, "said"),
        ({"detail": [{"loc": ["body", "n"], "msg": "said", "input": "a row"}]}, "body.n: said"),
        ({"title": "said", "errors": {}}, "said"),
        ({"code": "X", "message": "said"}, "said"),
        ({"error": None, "message": "said"}, "said"),
        (["said"], "said"),
        ("said", "said"),
        (b"said\r\nmore", "said more"),
        (b"<html><head><title>502 Bad Gateway</title></head><body>x</body></html>", "502 Bad Gateway"),
        (b"<h1>Oops</h1><script>evil()</script>", "Oops"),
        (b"\x1b[31mred\xe2\x80\xae", "[31mred"),
        (b"", ""),
        ({}, ""),
        (17, ""),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_every_shape_of_error_body_is_read(body, text):
    """One line of text comes out of each shape, without control characters and without the row's text."""
    assert error_fields(_answer(400, body)).text == text


def test_a_nested_error_body_is_survived():
    """An error nested deeper than Python recurses says nothing rather than failing."""
    depth = 1000
    for start, end in (b'{"error":', b"}"), (b"[", b"]"):
        body = start * depth + b"1" + end * depth
        assert error_fields(_answer(400, body)).text == ""


def test_a_long_error_is_shortened():
    """A page of error text becomes one line of 200 characters."""
    assert len(error_fields(_answer(500, b"x" * 1_000_000)).text) == 200


def test_a_key_in_an_error_is_masked(ask, faulty, fast, http_answer):
    """A server that repeats the key which it was sent does not get it into our message."""
    echo = b'{"error": {"message": "wrong key plain-canary-77, Bearer plain-canary-77, sk-abcdefghijklmnop"}}'
    answer = ask(
        faulty(http_answer(echo, "401 No")).url,
        fast=fast,
        headers={"authorization": "Bearer plain-canary-77"},
    )
    raised = _raised(answer)
    assert "wrong key" in str(raised)
    assert "canary" not in str(raised)
    assert "sk-abc" not in str(raised)
    assert "canary" not in repr(answer)


def test_attack_33_redirects_are_not_followed(ask, faulty, fast, http_answer):
    """A redirect goes nowhere, so that the key goes nowhere; the error says what to do."""
    other = faulty(http_answer("{}"))
    server = faulty(http_answer("", "307 Temporary Redirect", location=other.url))
    raised = _raised(ask(server.url, fast=fast, headers={"authorization": "Bearer canary"}))
    assert (type(raised), raised.kind) == (RequestRejected, "redirect")
    assert other.requests == []


# -- bodies


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><title>Welcome</title>",
        b'{"a": ',
        b'{"a": NaN',
        b"[NaN," * 100_000,
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"Healthy",
        b"\xff\xff",
    ],
    ids=["empty", "html", "cut", "nan", "deep nan", "open", "deep list", "deep object", "text", "bytes"],
)
def test_attack_36_what_is_no_json_is_invalid(body):
    """No JSON, or nested 100,000 deep: AnswerInvalid, kind not_json, and no RecursionError."""
    with pytest.raises(AnswerInvalid) as caught:
        read_json(_answer(200, body))
    assert caught.value.kind == "not_json"
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (rb'{"a": "half \ud83d"}', {"a": "half \ufffd"}),
        (rb'{"a": "\udc00 and \ud83d\ude00"}', {"a": "\ufffd and \U0001f600"}),
        (rb'{"a": "\\ud83d \ud83d"}', {"a": "\\ud83d \ufffd"}),
        (b'{"a": "byte \xff"}', {"a": "byte \ufffd"}),
        (b'{"a": "NaN", "b": [NaN, Infinity, -Infinity]}', {"a": "NaN", "b": [None, None, None]}),
        (rb'{"a": "half \ud83d", "b": NaN}', {"a": "half \ufffd", "b": None}),
    ],
    ids=["bom", "half an emoji", "both kinds", "escaped backslash", "broken utf-8", "nan", "nan and half"],
)
def test_a_paid_answer_survives_what_is_broken_beside_it(body, value):
    """A lone surrogate or a broken byte becomes U+FFFD and NaN null; all else of the answer stays."""
    assert read_json(_answer(200, body)) == value


def test_a_page_in_place_of_json_says_what_to_check():
    """200 with HTML names the page and the likely mistake."""
    with pytest.raises(AnswerInvalid) as caught:
        read_json(_answer(200, b"<html><title>Welcome to nginx!</title></html>"))
    assert "a web page: Welcome to nginx!" in str(caught.value)
    assert caught.value.hint


# -- headers


@pytest.mark.parametrize(
    "headers",
    [
        {"x": "canary\r\nevil: 1"},
        {"x": "canary\n"},
        {"x": "canary\0"},
        {"x": "canary\u2028\u4e16"},
        {"x y": "canary"},
        {"x:": "canary"},
        {"": "canary"},
        {"x\r\ny": "canary"},
    ],
)
def test_attack_39_line_breaks_in_headers_are_refused(headers):
    """A header that would start another one is refused, for the pool and for a request, unrepeated."""

    async def send():
        await HttpPool().request("GET", "http://127.0.0.1:1/", headers=headers, timeout_s=1)

    for attempt in (lambda: HttpPool(headers=headers), lambda: asyncio.run(send())):
        with pytest.raises(InputError) as caught:
            attempt()
        assert "canary" not in "".join(traceback.format_exception(caught.value)).replace(repr(headers), "")


def test_attack_16_keys_are_masked_in_reprs():
    """Neither headers nor a prepared call nor the pool shows a key."""
    headers = checked_headers({"Authorization": "Bearer canary", "X-Api-Key": "canary", "x": "y"})
    pool = HttpPool(headers=headers)
    call, _ = pool._call("GET", "http://127.0.0.1:1/", headers, None)
    assert isinstance(call, Call)
    assert "canary" not in f"{headers!r} {pool!r} {call!r} {vars(pool)!r}"
    assert b"canary" in call.head
    assert call.secrets == ("canary", "canary")


def test_attack_15_a_traceback_with_locals_has_no_key(ask, faulty, fast):
    """A traceback that prints every local variable of our frames prints no key."""
    server = faulty(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{", then_close=True)
    key = checked_headers({"authorization": "Bearer canary"})
    with pytest.raises(OutcomeUnknown) as caught:
        ask(server.url, fast=fast, headers=key)
    ours = [
        f"{frame.f_locals!r}"
        for frame, _ in traceback.walk_tb(caught.value.__traceback__)
        if "loopai_nb" in frame.f_code.co_filename
    ]
    assert ours
    assert "canary" not in "".join(ours)


# -- proxies


def test_a_proxy_of_the_environment_is_used(ask, faulty, http_answer, monkeypatch):
    """A host that is not this machine is asked through HTTP_PROXY."""
    proxy = faulty(http_answer('{"from": "proxy"}'))
    monkeypatch.setenv("HTTP_PROXY", proxy.origin)
    assert read_json(ask("http://model.example/v1")) == {"from": "proxy"}
    assert proxy.requests[0].startswith(b"POST http://model.example/v1 HTTP/1.1")


@pytest.mark.parametrize("no_proxy", ["", "127.0.0.1"])
def test_this_machine_is_never_asked_through_a_proxy(ask, faulty, http_answer, monkeypatch, no_proxy):
    """Loopback goes straight, whatever NO_PROXY says."""
    proxy, server = faulty(http_answer("1")), faulty(http_answer("2"))
    monkeypatch.setenv("HTTP_PROXY", proxy.origin)
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert ask(server.url).body == b"2"
    assert proxy.requests == []


def test_no_proxy_is_respected(ask, faulty, http_answer, monkeypatch):
    """A host in NO_PROXY is not asked through the proxy."""
    proxy = faulty(http_answer("1"))
    monkeypatch.setenv("HTTP_PROXY", proxy.origin)
    monkeypatch.setenv("NO_PROXY", "nobody.invalid")
    with pytest.raises(Exception, match="unknown host"):
        ask("http://nobody.invalid/v1")
    assert proxy.requests == []


def test_a_proxy_that_is_off_is_not_sent(ask, free_port, monkeypatch):
    """A proxy that refuses the connection means that nothing was sent."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port}")
    with pytest.raises(Exception, match="connection refused") as caught:
        ask("http://model.example/v1")
    assert caught.value.kind == "refused"
