"""Servers that speak OpenAI's chat completions: OpenAI, vLLM, Ollama, llama.cpp, LiteLLM and many more."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from loopai_nb.addresses import clean_base_url
from loopai_nb.clients.answers import raise_for_status, read_json
from loopai_nb.clients.channel import CHECK_TIMEOUT_S, Channel, ChannelServer
from loopai_nb.clients.openai_answers import listed_models, reply_from, streamed
from loopai_nb.clients.openai_dialect import USUAL_DIALECT, check_parameters
from loopai_nb.clients.schemas import SchemaParts
from loopai_nb.records import ServerInfo, ServerKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from loopai_nb.clients.http import HttpPool
    from loopai_nb.clients.openai_dialect import Dialect
    from loopai_nb.records import Parameters, Reply
    from loopai_nb.redaction import Secret

__all__ = ["OpenAIServer"]

_CHAT = "/chat/completions"
# Statuses that say "I have no list of models", which the protocol's smaller servers may.
_NO_LIST = frozenset({404, 405, 501})


class OpenAIServer(ChannelServer):
    """One model of a server that speaks OpenAI's chat completions.

    Args:
        base_url: Up to the version, such as ``http://127.0.0.1:8000/v1``.
        model: Its name; ``""`` leaves the choice to the server.
        api_key: Sent as a bearer token; None sends none.
        organization: Sent as ``OpenAI-Organization``.
        pool: Of the caller, who closes it; None makes one.
        read_timeout_s: Longest silence in seconds while an answer is waited for; None: only the deadline.

    Raises:
        InputError: URL, model, key or timeout cannot be used.
    """

    KIND = ServerKind.OPENAI

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        api_key: str | Secret | None = None,
        organization: str | None = None,
        pool: HttpPool | None = None,
        read_timeout_s: float | None = None,
    ) -> None:
        headers = {"openai-organization": organization} if organization else {}
        channel = Channel(
            clean_base_url(base_url),
            api_key=api_key,
            headers=headers,
            pool=pool,
            read_timeout_s=read_timeout_s,
        )
        super().__init__(channel, model)
        self._dialect = USUAL_DIALECT
        self._parts = SchemaParts()

    async def check(self) -> ServerInfo:
        """Ask for the list of models; a server without one is a server all the same.

        Raises:
            ModelServerError: It does not answer, refuses the key, or answers with what is no list.
        """
        what = self._channel.what
        answer = await self._channel.get("/models", CHECK_TIMEOUT_S)
        models: tuple[str, ...] = ()
        if answer.status_code not in _NO_LIST:
            raise_for_status(answer, what=what)
            models = listed_models(read_json(answer, what=what))
        return ServerInfo(self.kind, self.base_url, models, answer.latency_ms, "OpenAI chat completions")

    def lessons(self, parameters: Parameters) -> tuple[str, ...]:
        """That it refused the schema, where these parameters have one; see ``LearningServer``."""
        return self._dialect.lessons(parameters)

    async def send(
        self, prompt: str, *, system: str | None, parameters: Parameters, timeout_s: float
    ) -> Reply:
        """Ask for one completion and return it; see ``ModelServer.send``.

        A server that wants ``max_completion_tokens`` in place of ``max_tokens``, or does not know the
        ``response_format`` of a schema, says so in its refusal, which costs nothing: it is asked again in its
        own way, within the deadline, and that way is kept for the next requests.

        Raises:
            InputError: ``parameters.extra`` sets what belongs to the plan.
            ModelServerError: As ``ModelServer.send``.
        """
        check_parameters(parameters)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        dialect = self._dialect
        while True:
            body = dialect.body(self._model, prompt, system, parameters, self._parts)
            answer = await self._channel.post(_CHAT, body, deadline - loop.time())
            taught = dialect.taught_by(answer, parameters)
            if taught is None:
                break
            dialect = taught
        raise_for_status(answer, what=self._channel.what)
        self._keep(dialect)
        return reply_from(answer, self._channel.what)

    async def stream(
        self, prompt: str, *, system: str | None, parameters: Parameters, timeout_s: float
    ) -> AsyncIterator[str | Reply]:
        """Yield the answer's text in pieces as it is written, then the whole ``Reply``.

        Close it (``contextlib.aclosing``) where it isn't read to its end. Repeated events are repeated text.

        Args:
            prompt: As in ``send``.
            system: As in ``send``.
            parameters: As in ``send``.
            timeout_s: Deadline in seconds for the whole stream.

        Raises:
            OutcomeUnknown: It ended without a ``finish_reason`` (kind ``"cut"``): text is missing.
            AnswerInvalid: An error event, or an event that is no JSON.
            ModelServerError: Else as ``send``.
        """
        check_parameters(parameters)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        dialect = self._dialect
        while True:
            body = dialect.body(self._model, prompt, system, parameters, self._parts, stream=True)
            async with self._channel.stream(_CHAT, body, deadline - loop.time()) as answer:
                if answer.is_success:
                    self._keep(dialect)
                    async for piece in streamed(answer, self._channel.what):
                        yield piece
                    return
                refusal = await answer.read()
            taught = dialect.taught_by(refusal, parameters)
            if taught is None:
                raise_for_status(refusal, what=self._channel.what)
                return
            dialect = taught

    def _keep(self, dialect: Dialect) -> None:
        """Ask in this dialect from now on, because the server has taken it."""
        # A slow request in the usual one must not undo what a quicker one has learned meanwhile.
        if dialect is not USUAL_DIALECT:
            self._dialect = dialect
