"""Servers with the first design's small protocol: ``POST /generate`` and ``GET /health``.

There is no standard behind it, so answers are read liberally. The text is under ``response``, ``text``,
``generated_text``, ``output``, ``answer`` or ``completion``. Counts are under ``stats``, ``usage`` or
``details``, or beside the text, by any of the names that ``_INPUT_NAMES`` and ``_OUTPUT_NAMES`` list. A list
with one such object is taken for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.addresses import clean_base_url
from loopai_nb.clients.answers import limits_of, raise_for_status, read_json, word
from loopai_nb.clients.channel import CHECK_TIMEOUT_S, Channel, ChannelServer
from loopai_nb.clients.replies import (
    check_extra,
    encoded,
    first_text,
    model_name,
    raise_for_error_body,
    usage_from,
)
from loopai_nb.clients.schemas import SchemaParts
from loopai_nb.errors import AnswerInvalid, RequestDeferred
from loopai_nb.records import Reply, ServerInfo, ServerKind

if TYPE_CHECKING:
    from loopai_nb.clients.http import HttpAnswer, HttpPool
    from loopai_nb.records import Parameters
    from loopai_nb.redaction import Secret

__all__ = ["GenerateServer"]

_TEXT_NAMES = ("response", "text", "generated_text", "output", "answer", "completion")
_STATS_NAMES = ("stats", "usage", "details")
_INPUT_NAMES = (
    "input_tokens",
    "prompt_tokens",
    "tokens_in",
    "num_input_tokens",
    "input_length",
    "prompt_length",
    "prompt_eval_count",
)
_OUTPUT_NAMES = (
    "output_tokens",
    "completion_tokens",
    "generated_tokens",
    "new_tokens",
    "tokens_generated",
    "num_generated_tokens",
    "tokens_out",
    "num_output_tokens",
    "output_length",
    "eval_count",
)
_FINISH_NAMES = ("finish_reason", "stop_reason", "done_reason")
_MODEL_NAMES = ("model", "model_name", "model_id", "model_type")
_RESERVED = frozenset({"max_new_tokens", "prompt", "stream", "system_prompt", "temperature"})
_BAD_HEALTH = frozenset({"down", "error", "loading", "unhealthy"})


class GenerateServer(ChannelServer):
    """One server of the first design's protocol.

    Args:
        base_url: Such as ``http://127.0.0.1:8000``, without ``/generate``.
        model: What to call the model here; the protocol has no field for it and it is not sent.
        api_key: Sent as a bearer token; None sends none.
        pool: Of the caller, who closes it; None makes one.
        read_timeout_s: Longest silence in seconds while an answer is waited for; None: only the deadline.

    Raises:
        InputError: URL, model, key or timeout cannot be used.
    """

    KIND = ServerKind.GENERATE

    def __init__(
        self,
        base_url: str,
        model: str = "",
        *,
        api_key: str | Secret | None = None,
        pool: HttpPool | None = None,
        read_timeout_s: float | None = None,
    ) -> None:
        base_url = clean_base_url(base_url).removesuffix("/generate").rstrip("/")
        super().__init__(Channel(base_url, api_key=api_key, pool=pool, read_timeout_s=read_timeout_s), model)
        self._parts = SchemaParts()

    async def check(self) -> ServerInfo:
        """Ask for its health; a 200 of any body is healthy, unless it says otherwise.

        Raises:
            RequestDeferred: It says that it is loading or unhealthy.
            ModelServerError: It does not answer, or has no ``/health``.
        """
        answer = await self._channel.get("/health", CHECK_TIMEOUT_S)
        raise_for_status(answer, what=self._channel.what)
        data = _health(answer)
        status = word(data.get("status")).lower()
        if status in _BAD_HEALTH or data.get("model_loaded") is False:
            raise RequestDeferred(
                f"{self._channel.what} is not ready yet.",
                "Wait until its model is loaded.",
                kind="unavailable",
            )
        listed = data.get("models")
        names = listed if isinstance(listed, list) else [data.get(name) for name in _MODEL_NAMES]
        models = tuple(dict.fromkeys(name for one in names if (name := model_name(one))))
        return ServerInfo(self.kind, self.base_url, models, answer.latency_ms, "simple /generate server")

    async def send(
        self, prompt: str, *, system: str | None, parameters: Parameters, timeout_s: float
    ) -> Reply:
        """Ask for one answer and return it; see ``ModelServer.send``.

        The protocol has no field for a schema, so the prompt says what the answer has to be like.

        Raises:
            InputError: ``parameters.extra`` sets what belongs to the plan.
            ModelServerError: As ``ModelServer.send``.
        """
        check_extra(parameters, _RESERVED)
        if parameters.schema is not None:
            prompt = self._parts.instructed(prompt, parameters.schema)
        body: dict[str, object] = {"prompt": prompt}
        if system is not None:
            body["system_prompt"] = system
        body["max_new_tokens"] = parameters.max_tokens
        body["temperature"] = parameters.temperature
        body.update(parameters.extra)
        answer = await self._channel.post("/generate", encoded(body), timeout_s)
        raise_for_status(answer, what=self._channel.what)
        return self._reply(answer)

    def _reply(self, answer: HttpAnswer) -> Reply:
        what = self._channel.what
        data = read_json(answer, what=what)
        if isinstance(data, list) and len(data) == 1:
            data = data[0]
        if not isinstance(data, dict):
            raise AnswerInvalid(f"{what} answered with JSON that is no answer.", kind="no_answer")
        text = first_text([data], _TEXT_NAMES)
        if text is None:
            raise_for_error_body(data, what)
            raise AnswerInvalid(
                f"{what} answered without text.",
                f"It is looked for under {', '.join(_TEXT_NAMES)}.",
                kind="no_text",
            )
        sources = [*(data.get(name) for name in _STATS_NAMES), data]
        return Reply(
            text,
            usage_from(sources, _INPUT_NAMES, _OUTPUT_NAMES),
            model_name(first_text(sources, _MODEL_NAMES)),
            first_text(sources, _FINISH_NAMES) or "",
            answer.latency_ms,
            limits_of(answer.headers),
        )


def _health(answer: HttpAnswer) -> dict[str, object]:
    try:
        data = read_json(answer)
    except AnswerInvalid:
        # "OK" or "Healthy" as plain text is a health answer too.
        return {}
    return data if isinstance(data, dict) else {}
