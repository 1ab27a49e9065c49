"""From a URL to the right client: which protocol answers there, and the model server that speaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from loopai_nb.addresses import clean_base_url
from loopai_nb.clients.answers import read_json
from loopai_nb.clients.generate import GenerateServer
from loopai_nb.clients.http import HttpPool, checked_headers
from loopai_nb.clients.keys import authorization
from loopai_nb.clients.openai import OpenAIServer
from loopai_nb.errors import AnswerInvalid, InputError, OutcomeUnknown
from loopai_nb.records import ServerKind

if TYPE_CHECKING:
    from loopai_nb.clients.base import ModelServer
    from loopai_nb.clients.http import HttpAnswer
    from loopai_nb.redaction import Secret

__all__ = ["guess_kind", "model_server"]

PROBE_TIMEOUT_S = 5.0

_OK = 200
_LOCKED = frozenset({401, 403})
_NO_ROUTE = 404
_BAD_METHOD = 405


def model_server(
    base_url: str,
    *,
    kind: ServerKind,
    model: str,
    api_key: str | Secret | None = None,
    organization: str | None = None,
    pool: HttpPool | None = None,
    read_timeout_s: float | None = None,
) -> ModelServer:
    """Make the model server of a kind; nothing is opened before its first ``check`` or ``send``.

    Args:
        base_url: Of the API.
        kind: Its protocol.
        model: Name of the model; for Loopai the task's id.
        api_key: Sent as a bearer token; None sends none.
        organization: For OpenAI only.
        pool: Of the caller, who closes it; None makes one.
        read_timeout_s: Longest silence in seconds while an answer is waited for; None: only the deadline of
            each request counts.

    Raises:
        InputError: URL, model, key or timeout cannot be used.
    """
    if kind is ServerKind.OPENAI:
        return OpenAIServer(
            base_url,
            model,
            api_key=api_key,
            organization=organization,
            pool=pool,
            read_timeout_s=read_timeout_s,
        )
    if kind is ServerKind.GENERATE:
        return GenerateServer(base_url, model, api_key=api_key, pool=pool, read_timeout_s=read_timeout_s)
    from loopai_nb.clients.loopai_server import LoopaiServer

    return LoopaiServer(base_url, model, api_key=api_key, pool=pool, read_timeout_s=read_timeout_s)


async def guess_kind(
    base_url: str, pool: HttpPool | None = None, *, api_key: str | Secret | None = None
) -> ServerKind:
    """Return which protocol a server speaks, by its URL where that tells and by asking it where not.

    ``.../api/v1`` is Loopai's and another ``.../v1`` is OpenAI's. Else the first that answers decides:
    ``/models`` with JSON, ``/api/v1/health``, ``/health`` beside a ``/generate``.

    Args:
        base_url: Of the API.
        pool: Of the caller; None makes one for the while.
        api_key: Sent as a bearer token; None sends none.

    Raises:
        InputError: None of them answers; the hint says what to do.
        RequestNotSent: There is no server.
    """
    base_url = clean_base_url(base_url)
    path = urlsplit(base_url).path
    if path.endswith("/v1"):
        return ServerKind.LOOPAI if path.endswith("/api/v1") else ServerKind.OPENAI
    probe = _Probe(base_url, HttpPool() if pool is None else pool, api_key)
    try:
        return await _first_that_answers(probe)
    finally:
        if pool is None:
            await probe.pool.aclose()


class _Probe:
    def __init__(self, base_url: str, pool: HttpPool, api_key: str | Secret | None) -> None:
        self.base_url = base_url
        self.pool = pool
        self._headers = checked_headers(authorization(api_key))

    async def get(self, path: str) -> HttpAnswer | None:
        """The answer, or None where the server took the request and gave none."""
        try:
            return await self.pool.request(
                "GET",
                self.base_url + path,
                headers=self._headers,
                timeout_s=PROBE_TIMEOUT_S,
                shown=self.base_url,
            )
        except (AnswerInvalid, OutcomeUnknown):
            return None


async def _first_that_answers(probe: _Probe) -> ServerKind:
    models = await probe.get("/models")
    if _is_list(models):
        return ServerKind.OPENAI
    if _is_object(await probe.get("/api/v1/health")):
        return ServerKind.LOOPAI
    health = await probe.get("/health")
    if health is not None and health.status_code == _OK and await _has_generate(probe):
        return ServerKind.GENERATE
    if models is not None and models.status_code in _LOCKED:
        return ServerKind.OPENAI
    if _is_list(await probe.get("/v1/models")):
        raise InputError(
            f"{probe.base_url} speaks OpenAI's protocol under {probe.base_url}/v1.",
            f"Use that URL: %loopai server {probe.base_url}/v1",
        )
    raise InputError(
        f"{probe.base_url} answers, but not as a model server that is known here.",
        "Check the URL, or say which protocol it speaks: LOOPAI_SERVER_KIND=openai, loopai or generate.",
    )


async def _has_generate(probe: _Probe) -> bool:
    answer = await probe.get("/generate")
    # The route takes POST only, which is what a 405 says; a 404 says that there is no such route.
    return answer is not None and (answer.status_code == _BAD_METHOD or answer.status_code < _NO_ROUTE)


def _is_list(answer: HttpAnswer | None) -> bool:
    data = _data(answer)
    return isinstance(data, dict) and isinstance(data.get("data", data.get("models")), list)


def _is_object(answer: HttpAnswer | None) -> bool:
    return isinstance(_data(answer), dict)


def _data(answer: HttpAnswer | None) -> object:
    if answer is None or answer.status_code != _OK:
        return None
    try:
        return read_json(answer)
    except AnswerInvalid:
        return None
