"""What a chat completion's JSON says, whole or as a stream of events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from loopai_nb.clients.answers import limits_of, read_json
from loopai_nb.clients.replies import model_name, raise_for_error_body, usage_from
from loopai_nb.clients.sse import server_sent_events
from loopai_nb.errors import AnswerInvalid, OutcomeUnknown
from loopai_nb.records import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from loopai_nb.clients.answers import HttpAnswer
    from loopai_nb.clients.exchange import HttpStream
    from loopai_nb.records import Usage

__all__ = ["listed_models", "reply_from", "streamed"]

_INPUT_NAMES = ("prompt_tokens", "input_tokens")
_OUTPUT_NAMES = ("completion_tokens", "output_tokens")


def reply_from(answer: HttpAnswer, what: str) -> Reply:
    """Return the reply in a success's body.

    Args:
        answer: With a 2xx status.
        what: Who answered, as a message's subject.

    Raises:
        AnswerInvalid: It is no completion. Kinds: not_json, no_answer, no_choices, no_text, error_in_answer.
    """
    data = read_json(answer, what=what)
    if not isinstance(data, dict):
        raise AnswerInvalid(f"{what} answered with JSON that is no completion.", kind="no_answer")
    choice = _first_choice(data)
    if choice is None:
        raise_for_error_body(data, what)
        raise AnswerInvalid(f"{what} answered without choices.", kind="no_choices")
    message = choice.get("message")
    text = _content(message) if isinstance(message, dict) else _text_or_none(choice.get("text"))
    if text is None:
        raise AnswerInvalid(f"{what} answered without text.", kind="no_text")
    finish_reason = choice.get("finish_reason")
    return Reply(
        text,
        usage_from([data.get("usage")], _INPUT_NAMES, _OUTPUT_NAMES),
        model_name(data.get("model")),
        finish_reason if isinstance(finish_reason, str) else "",
        answer.latency_ms,
        limits_of(answer.headers),
    )


async def streamed(answer: HttpStream, what: str) -> AsyncIterator[str | Reply]:
    """Yield a stream's text in pieces, then the whole ``Reply``; one JSON document is read as well.

    Args:
        answer: With a 2xx status.
        what: As in ``reply_from``.

    Raises:
        OutcomeUnknown: It ended without a ``finish_reason`` (kind ``"cut"``): text is missing.
        AnswerInvalid: An error event, or an event that is no JSON; and as ``reply_from``.
        ModelServerError: Whatever reading the stream raises.
    """
    chunks = aiter(answer)
    first = await anext(chunks, b"")
    if _is_document(answer.headers, first):
        whole = first + b"".join([chunk async for chunk in chunks])
        reply = reply_from(answer.whole(whole), what)
        yield reply.text
        yield reply
        return
    texts: list[str] = []
    model = finish_reason = ""
    usage: Usage = usage_from((), _INPUT_NAMES, _OUTPUT_NAMES)
    async for event in server_sent_events(_chained(first, chunks)):
        if event.data == "[DONE]":
            break
        data = _event(event.data, event.event, what)
        if isinstance(data.get("usage"), dict):
            usage = usage_from([data["usage"]], _INPUT_NAMES, _OUTPUT_NAMES)
        model = model or model_name(data.get("model"))
        choice = _first_choice(data)
        if choice is None:
            continue
        if isinstance(choice.get("finish_reason"), str):
            finish_reason = str(choice["finish_reason"])
        delta = choice.get("delta", choice.get("message"))
        text = _content(delta) if isinstance(delta, dict) else _text_or_none(choice.get("text"))
        if text:
            texts.append(text)
            yield text
    if not finish_reason:
        raise OutcomeUnknown(f"{what} cut its answer short.", kind="cut")
    yield Reply("".join(texts), usage, model, finish_reason, answer.latency_ms, limits_of(answer.headers))


def listed_models(data: object) -> tuple[str, ...]:
    """Return the names in a list of models; none where it is no list."""
    listed = data.get("data") or data.get("models") if isinstance(data, dict) else data
    if not isinstance(listed, list):
        return ()
    names = (model_name(one.get("id") or one.get("name")) for one in listed if isinstance(one, dict))
    return tuple(dict.fromkeys(name for name in names if name))


def _event(text: str, event: str, what: str) -> Mapping[str, object]:
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        data = None
    if not isinstance(data, dict):
        raise AnswerInvalid(f"{what} streamed what is not JSON.", kind="not_json")
    raise_for_error_body(data, what, kind="error_event")
    if event == "error":
        raise_for_error_body({"error": data}, what, kind="error_event")
    return data


def _first_choice(data: Mapping[str, object]) -> Mapping[str, object] | None:
    choices = data.get("choices")
    if not isinstance(choices, list):
        return None
    # Of several choices (a server may send more than were asked for) the one with index 0 is the answer.
    for choice in choices:
        if isinstance(choice, dict) and choice.get("index", 0) in (0, None):
            return choice
    return None


def _content(message: Mapping[str, object]) -> str | None:
    """The text of a message or delta; None where it has another kind of answer, such as a tool call."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = (part if isinstance(part, str) else _part_text(part) for part in content)
        return "".join(part for part in parts if part is not None)
    if content is None and not message.get("tool_calls") and not message.get("function_call"):
        # null is how an empty answer is written, for one where all tokens went into reasoning.
        return _text_or_none(message.get("refusal")) or ""
    return None


def _part_text(part: object) -> str | None:
    return _text_or_none(part.get("text")) if isinstance(part, dict) else None


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _is_document(headers: Mapping[str, str], first: bytes) -> bool:
    """Whether the answer to a streamed request is one JSON document (or a page) and no event stream."""
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == "text/event-stream":
        return False
    return media.endswith(("json", "html")) or first.lstrip()[:1] in (b"{", b"<", b"[")


async def _chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if first:
        yield first
    async for chunk in rest:
        yield chunk
