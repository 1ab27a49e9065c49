"""OpenAI's surface: the list of models, and chat completions, plain and streamed."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import APIRouter

from loopai_nb.devserver.delivery import Delivery, encode
from loopai_nb.devserver.desk import Desk, Work, epoch_s
from loopai_nb.devserver.model import ANY_OBJECT, count_tokens
from loopai_nb.devserver.routes import example_body, route
from loopai_nb.devserver.settings import MODEL_ID

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["openai_router"]

OWNER = "loopai-nb devserver: no weights, lexical rules"
DESCRIPTION = (
    "A deterministic stand-in for trying out: picks the offered label whose words fit the text best, else "
    "quotes the text's most telling sentences. It has no weights and understands nothing."
)


class BadRequest(Exception):
    """A request that the surface refuses: status, message, code and parameter of OpenAI's error object."""

    def __init__(self, status: int, message: str, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.payload = openai_error(status, message, code, param)


def openai_error(
    status: int, message: str, code: str | None = None, param: str | None = None
) -> dict[str, Any]:
    """Return OpenAI's error object."""
    kinds = {401: "authentication_error", 429: "rate_limit_error"}
    kind = kinds.get(status, "invalid_request_error" if status < 500 else "server_error")  # noqa: PLR2004
    if code is None and status == 429:  # noqa: PLR2004
        code = "rate_limit_exceeded"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


class _Chat:
    """One valid chat request."""

    def __init__(self, body: dict[str, Any], desk: Desk) -> None:
        self.model = self._known_model(body, desk)
        self.system, self.prompt, self.counted = self._messages(body.get("messages"))
        self.max_tokens = self._max_tokens(body)
        self.stream = _flag(body, "stream")
        options = body.get("stream_options") or {}
        if not isinstance(options, dict):
            raise BadRequest(400, "stream_options must be an object.", param="stream_options")
        self.include_usage = _flag(options, "include_usage")
        self._check_plain(body)
        self.schema = self._schema(body.get("response_format"), supported=desk.live.structured)
        self.prompt_tokens = count_tokens(self.counted)
        wanted = self.prompt_tokens + (self.max_tokens or 1)
        if wanted > desk.settings.context_tokens:
            raise BadRequest(
                400,
                f"This model's maximum context length is {desk.settings.context_tokens} tokens. However, you "
                f"requested {wanted} tokens ({self.prompt_tokens} in the messages, "
                f"{self.max_tokens or 1} in the completion).",
                "context_length_exceeded",
                "messages",
            )

    @staticmethod
    def _known_model(body: dict[str, Any], desk: Desk) -> str:
        model = body.get("model")
        if not isinstance(model, str) or not model:
            raise BadRequest(400, "You must provide a model parameter.", param="model")
        if model not in desk.settings.models:
            known = ", ".join(desk.settings.models)
            raise BadRequest(
                404,
                f"The model '{model[:80]}' does not exist. This server has: {known}.",
                "model_not_found",
                "model",
            )
        return model

    @staticmethod
    def _messages(messages: object) -> tuple[str, str, str]:
        """Return system text, the last user message (the prompt), and all text that counts."""
        if not isinstance(messages, list) or not messages:
            raise BadRequest(400, "'messages' must be a list of at least one message.", param="messages")
        system: list[str] = []
        counted: list[str] = []
        prompt = ""
        for at, message in enumerate(messages):
            role = message.get("role") if isinstance(message, dict) else None
            if role not in {"system", "developer", "user", "assistant", "tool", "function"}:
                raise BadRequest(400, f"messages[{at}] has no known role.", param=f"messages[{at}].role")
            text = _content(message.get("content"), at, optional=role == "assistant")
            counted.append(text)
            if role in {"system", "developer"}:
                system.append(text)
            elif role == "user":
                prompt = text
        return "\n".join(system), prompt, "\n".join(counted)

    @staticmethod
    def _max_tokens(body: dict[str, Any]) -> int | None:
        for name in ("max_completion_tokens", "max_tokens"):
            value = body.get(name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise BadRequest(400, f"{name} must be an integer of at least 1.", param=name)
            return value
        return None

    @staticmethod
    def _check_plain(body: dict[str, Any]) -> None:
        temperature = body.get("temperature")
        if temperature is not None and (
            isinstance(temperature, bool)
            or not isinstance(temperature, int | float)
            or not 0 <= temperature <= 2  # noqa: PLR2004  (OpenAI's range)
        ):
            raise BadRequest(400, "temperature must be a number from 0 to 2.", param="temperature")
        if body.get("n") not in (None, 1):
            raise BadRequest(400, "This server gives one choice: n must be 1.", param="n")

    @staticmethod
    def _schema(wanted: object, *, supported: bool) -> dict[str, Any] | None:
        """Return the schema that the answer has to fit, None for text."""
        if wanted is None:
            return None
        if not supported:
            raise BadRequest(
                400, "'response_format' is not supported with this model.", param="response_format"
            )
        kind = wanted.get("type") if isinstance(wanted, dict) else None
        if kind == "text":
            return None
        if kind == "json_object":
            return ANY_OBJECT
        form = wanted.get("json_schema") if isinstance(wanted, dict) and kind == "json_schema" else None
        schema = form.get("schema") if isinstance(form, dict) and isinstance(form.get("name"), str) else None
        if not isinstance(schema, dict):
            raise BadRequest(
                400,
                "response_format must be text, json_object or a named json_schema.",
                param="response_format",
            )
        return schema


def _flag(body: dict[str, Any], name: str) -> bool:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise BadRequest(400, f"{name} must be true or false.", param=name)
    return bool(value)


def _content(content: object, at: int, *, optional: bool) -> str:
    """Return a message's text: a string, or the text parts of a list."""
    if isinstance(content, str):
        return content
    if content is None and optional:
        return ""
    if isinstance(content, list) and all(
        isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str)
        for part in content
    ):
        return "".join(part["text"] for part in content)
    raise BadRequest(400, f"messages[{at}].content must be text.", "invalid_type", f"messages[{at}].content")


def openai_router(desk: Desk) -> APIRouter:
    """Return the routes below ``/v1``."""
    router = APIRouter(prefix="/v1", tags=["OpenAI"])
    ids = itertools.count(1)

    def card(model: str) -> dict[str, Any]:
        return {
            "id": model,
            "object": "model",
            "created": 0,
            "owned_by": OWNER,
            "description": DESCRIPTION,
            "context_length": desk.settings.context_tokens,
        }

    @router.get("/models", summary="What this server has, and what it is not")
    async def models() -> Delivery:
        cards = [card(model) for model in desk.settings.models]
        return Delivery(200, [encode({"object": "list", "data": cards})])

    @router.get("/models/{model:path}", summary="One model")
    async def one_model(model: str) -> Delivery:
        if model not in desk.settings.models:
            text = f"The model '{model[:80]}' does not exist."
            return desk.error(404, openai_error(404, text, "model_not_found", "model"))
        return Delivery(200, [encode(card(model))])

    async def chat(body: bytes, _path: str) -> Delivery:
        try:
            asked = _Chat(_object(body), desk)
        except BadRequest as refused:
            return desk.error(refused.status, refused.payload)
        number = next(ids)
        tokens = asked.prompt_tokens + (asked.max_tokens or 0)
        return await desk.serve(
            [asked.prompt], lambda: _complete(asked, number, desk), openai_error, tokens=tokens
        )

    desk.handlers["chat"] = chat
    route(router, "/chat/completions", chat, "Answer a conversation's last user message", CHAT_BODY)
    return router


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadRequest(400, "The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise BadRequest(400, "The body must be a JSON object.")
    return value


def _complete(asked: _Chat, number: int, desk: Desk) -> Work:
    said = desk.model.answer(asked.prompt, asked.system, asked.max_tokens, asked.schema)
    output_tokens = count_tokens(said.text)
    payload = {
        "id": f"chatcmpl-demo-{number:08d}",
        "object": "chat.completion",
        "created": epoch_s(),
        "model": asked.model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": said.text},
                "logprobs": None,
                "finish_reason": "length" if said.cut else "stop",
            }
        ],
        "usage": {
            "prompt_tokens": asked.prompt_tokens,
            "completion_tokens": output_tokens,
            "total_tokens": asked.prompt_tokens + output_tokens,
        },
    }
    events: Callable[[dict[str, Any]], list[bytes]] | None = None
    if asked.stream:

        def events(answer: dict[str, Any]) -> list[bytes]:
            return stream_events(answer, include_usage=asked.include_usage)

    return Work(payload, [(asked.prompt_tokens, output_tokens)], events)


_PIECE = re.compile(r"\s*\S+\s*")


def stream_events(answer: dict[str, Any], *, include_usage: bool) -> list[bytes]:
    """Write an answer as OpenAI streams it: role, words, finish reason, usage if asked, ``[DONE]``."""
    head = {key: answer[key] for key in ("id", "created", "model")} | {"object": "chat.completion.chunk"}
    if include_usage:
        head["usage"] = None

    def event(delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return b"data: " + encode({**head, "choices": [choice]}) + b"\n\n"

    events: list[bytes] = []
    choices = answer["choices"]
    if choices:
        events.append(event({"role": "assistant", "content": ""}))
        message = choices[0]["message"]
        events += [event({"content": piece}) for piece in _PIECE.findall(message["content"] or "")]
        if "refusal" in message:
            events.append(event({"refusal": message["refusal"]}))
        events.append(event({}, choices[0]["finish_reason"]))
    else:
        events.append(b"data: " + encode({**head, "choices": choices}) + b"\n\n")
    if include_usage and "usage" in answer:
        usage = answer["usage"]
        nan = usage["prompt_tokens"] != usage["prompt_tokens"]
        events.append(b"data: " + encode({**head, "choices": [], "usage": usage}, nan=nan) + b"\n\n")
    events.append(b"data: [DONE]\n\n")
    return events


CHAT_BODY = example_body(
    {
        "model": MODEL_ID,
        "messages": [
            {"role": "user", "content": "Which part was hit? engine, wing, other.\nSTRUCK LEFT WING"}
        ],
        "max_tokens": 16,
    },
    *("model", "messages"),
)
