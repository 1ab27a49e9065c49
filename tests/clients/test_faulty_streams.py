"""The faults of ATTACKS.md that a stream has."""

from __future__ import annotations

import orjson
import pytest
from faulty_answers import ask_once

from loopai_nb.errors import (
    AnswerInvalid,
    OutcomeUnknown,
)

EVENTS = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"


def _event(text=None, finish=None):
    delta = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return b"data: " + orjson.dumps({"choices": [choice]}) + b"\n\n"


WHOLE = _event("wi") + _event("ng") + _event(finish="stop") + b"data: [DONE]\n\n"


@pytest.mark.parametrize(
    "body",
    [
        WHOLE,
        WHOLE.replace(b"\n", b"\r\n"),
        WHOLE.replace(b"\n", b"\r"),
        b": ping\n\n" + WHOLE.replace(b"data: ", b": ping\ndata: "),
        WHOLE.replace(b"data: [DONE]\n\n", b""),
    ],
    ids=["whole", "CRLF", "CR", "comments", "no [DONE]"],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_stream_is_read_however_it_is_written(faulty, body, size):
    """Line ends, comments, a missing [DONE], and slices anywhere give the same answer."""

    def script(peer):
        peer.request()
        peer.send(EVENTS)
        for start in range(0, len(body), size):
            peer.send(body[start : start + size])

    *pieces, reply = ask_once(faulty(script).url, stream=True)
    assert ("".join(pieces), reply.text, reply.finish_reason) == ("wing", "wing", "stop")


@pytest.mark.parametrize(
    ("body", "error", "kind"),
    [
        (WHOLE[:60], OutcomeUnknown, "cut"),
        (_event("wi") + b"data: [DONE]\n\n", OutcomeUnknown, "cut"),
        (_event("wi") + b'data: {"error": {"message": "no memory"}}\n\n', AnswerInvalid, "error_event"),
        (_event("wi") + b"data: {broken\n\n", AnswerInvalid, "not_json"),
        (_event("wi") + b"data: " + b"[" * 100_000 + b"\n\n", AnswerInvalid, "not_json"),
        (b"data: " + b"x" * 9_000_000, AnswerInvalid, "too_large"),
    ],
    ids=["inside an event", "no finish_reason", "error event", "broken", "36 nested", "endless event"],
)
def test_a_stream_that_is_a_fault_is_no_answer(faulty, body, error, kind):
    """A stream without its end, with an error or with no JSON is never taken for an answer."""
    with pytest.raises(error) as caught:
        ask_once(faulty(EVENTS + body, then_close=True).url, stream=True)
    assert caught.value.kind == kind


def test_a_duplicated_event_is_duplicated_text(faulty):
    """As in every client: the protocol has nothing to tell a repetition by."""
    body = _event("a") * 2 + _event(finish="stop")
    assert ask_once(faulty(EVENTS + body, then_close=True).url, stream=True)[-1].text == "aa"
