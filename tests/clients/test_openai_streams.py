"""OpenAI's chat completions as streams: their pieces, their end, and what is none."""

from __future__ import annotations

import time

import orjson
import pytest
from chat_calls import RENAMED, body_of, good_with, streamed_from
from leisure import at_leisure

from loopai_nb.errors import (
    AnswerInvalid,
    OutcomeUnknown,
    RequestDeferred,
)
from loopai_nb.records import Reply, Usage


def _event(delta=None, finish=None, **more):
    choices = [{"index": 0, "delta": delta or {}, "finish_reason": finish}]
    return b"data: " + orjson.dumps({"model": "m-1", "choices": choices} | more) + b"\n\n"


HELLO = (
    _event({"role": "assistant", "content": None}) + _event({"content": "he"}) + _event({"content": "llo"})
)
STOP = _event({}, "stop")
USAGE = b'data: {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}\n\n'
DONE = b"data: [DONE]\n\n"


def _sse(body):
    return b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + body


@pytest.mark.parametrize(
    "body",
    [
        HELLO + STOP + USAGE + DONE,
        HELLO + STOP + USAGE,
        (b": ping\n\n" + HELLO + STOP + USAGE + DONE).replace(b"\n", b"\r\n"),
        HELLO + _event({}, "stop", usage={"prompt_tokens": 3, "completion_tokens": 2}) + DONE,
        HELLO + STOP + USAGE + DONE + b"data: never read\n\n",
    ],
    ids=["whole", "no DONE", "CRLF and comments", "usage with choices", "after DONE"],
)
def test_a_stream_gives_text_and_then_the_reply(faulty, body):
    """The pieces come as they are, then the whole reply with its usage."""
    *pieces, reply = streamed_from(faulty(_sse(body), then_close=True).url)
    assert pieces == ["he", "llo"]
    assert reply == Reply("hello", Usage(3, 2), "m-1", "stop", reply.latency_ms)


def test_what_a_stream_asks_for(faulty):
    """A stream is asked for with its usage."""
    server = faulty(_sse(STOP), then_close=True)
    streamed_from(server.url)
    body = body_of(server.requests[0])
    assert (body["stream"], body["stream_options"]) == (True, {"include_usage": True})


def test_a_duplicated_event_is_duplicated_text(faulty):
    """The server says the same thing twice: so does the text, as in every client."""
    piece = _event({"content": "a"})
    assert streamed_from(faulty(_sse(piece + piece + STOP), then_close=True).url)[:-1] == ["a", "a"]


@pytest.mark.parametrize(
    ("body", "error", "kind"),
    [
        (HELLO, OutcomeUnknown, "cut"),
        (HELLO + DONE, OutcomeUnknown, "cut"),
        (HELLO + STOP[:-20], OutcomeUnknown, "cut"),
        (b"", OutcomeUnknown, "cut"),
        (HELLO + b'data: {"error": {"message": "out of memory"}}\n\n', AnswerInvalid, "error_event"),
        (HELLO + b'event: error\ndata: {"message": "out of memory"}\n\n', AnswerInvalid, "error_event"),
        (HELLO + b"data: {broken\n\n" + STOP, AnswerInvalid, "not_json"),
        (HELLO + b"data: 7\n\n" + STOP, AnswerInvalid, "not_json"),
    ],
    ids=[
        "no finish",
        "no finish but DONE",
        "inside an event",
        "empty",
        "error",
        "error type",
        "broken",
        "number",
    ],
)
def test_a_broken_stream_is_an_error(faulty, body, error, kind):
    """A stream without its end, with an error event or with no JSON is never taken for an answer."""
    with pytest.raises(error) as caught:
        streamed_from(faulty(_sse(body), then_close=True).url)
    assert caught.value.kind == kind


@pytest.mark.parametrize("media", ["application/json", "text/plain"])
def test_a_json_answer_to_a_streamed_request_is_read(faulty, http_answer, media):
    """A server that does not stream answers all the same."""
    *pieces, reply = streamed_from(faulty(http_answer(good_with(), content_type=media)).url)
    assert (pieces, reply.text, reply.finish_reason) == (["windshield"], "windshield", "stop")


def test_a_page_in_answer_to_a_streamed_request_is_invalid(faulty, http_answer):
    """200 with HTML: AnswerInvalid, kind not_json."""
    with pytest.raises(AnswerInvalid) as caught:
        streamed_from(faulty(http_answer("<html></html>", content_type="text/html")).url)
    assert caught.value.kind == "not_json"


def test_a_stream_learns_the_newer_name_of_the_limit(faulty, http_answer):
    """The refusal of max_tokens is answered with the newer name in a stream too."""

    def script(peer):
        while (request := peer.request()) is not None:
            if "max_tokens" in body_of(request):
                peer.send(http_answer(orjson.dumps(RENAMED), "400 Bad"))
            else:
                peer.send(_sse(HELLO + STOP))
                return

    assert streamed_from(faulty(script).url)[:-1] == ["he", "llo"]


def test_a_refused_stream_is_an_error(faulty, http_answer):
    """A status other than 2xx is its error, not an empty stream."""
    with pytest.raises(RequestDeferred) as caught:
        streamed_from(faulty(http_answer("", "429 Slow", retry_after="2")).url)
    assert caught.value.retry_after_s == 2


@at_leisure
def test_a_trickling_stream_ends_at_its_deadline(faulty, times):
    """Comments that keep a stream alive for ever do not outlive the deadline."""

    def script(peer):
        peer.request()
        peer.send(_sse(HELLO))
        while True:
            peer.send(b": ping\n\n")
            time.sleep(0.02)

    with pytest.raises(OutcomeUnknown) as caught:
        streamed_from(faulty(script).url, timeout_s=0.3 * times)
    assert caught.value.kind == "timeout"
