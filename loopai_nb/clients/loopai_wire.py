"""One exchange with a Loopai server: its routes, and what its answers are checked for.

Nothing here tries again: ``LoopaiClient`` does that for a person's own calls, and the executor for
``LoopaiServer``. There is no pydantic on this path, so that a run doesn't pay for its import.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from loopai_nb.addresses import clean_base_url
from loopai_nb.clients.answers import limits_of, one_line, read_json, word
from loopai_nb.clients.loopai_errors import AnswerUnreadable, ServerRefused, ValidationError
from loopai_nb.clients.loopai_refusals import (
    application_code,
    check_execution,
    check_status,
    loopai_error,
)
from loopai_nb.errors import ModelServerError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from loopai_nb.clients.answers import HttpAnswer
    from loopai_nb.clients.channel import Channel

__all__ = ["NO_BATCH", "LoopaiWire", "encoded", "loopai_base_url"]

NO_BATCH = "no_batch"
"""Kind of the error of a server that has no route for batches."""

_API = "/api/v1"
_OK = 200
_NO_SUCH_ROUTE = frozenset({404, 405})
_HEALTH_WORDS = frozenset({b"healthy", b"degraded", b"unhealthy"})


class _Route(StrEnum):
    """Where an execution is posted, in the order in which they are tried."""

    SERVER = "server"
    """``/api/v1/tasks/{id}/execute``: what the server has."""
    SDK = "sdk"
    """``/api/v1/tasks/execute``: what older servers had and the SDKs still use."""
    EDGE = "edge"
    """``/execute`` of an edge runtime, which serves one task, and has no other route."""


def loopai_base_url(url: str) -> str:
    """Return a Loopai server's base URL: clean, and without the ``/api/v1`` that one may copy along.

    Raises:
        InputError: No http(s) URL, or with a password, a query or a forbidden host.
    """
    return clean_base_url(url).removesuffix(_API).rstrip("/")


class LoopaiWire:
    """A Loopai server's routes over a channel; used from one event loop.

    Args:
        channel: To ``loopai_base_url``; whoever made it closes it.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._route = _Route.SERVER
        self._edge_task = ""

    async def create_task(self, body: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        """Make a task and return its fields, as they came.

        Args:
            body: Fields as the server takes them.
            timeout_s: Deadline in seconds.

        Raises:
            LoopaiError: As its branch says; so do the methods below.
        """
        return _object(await self._post(f"{_API}/tasks", encoded(body), timeout_s))

    async def get_task(self, task_id: str, timeout_s: float) -> dict[str, Any]:
        """Return a task's fields, as they came."""
        return _object(await self._get(f"{_API}/tasks/{quote(task_id, safe='')}", timeout_s))

    async def execute_batch(
        self, body: Mapping[str, Any], timeout_s: float
    ) -> tuple[dict[str, Any], HttpAnswer]:
        """Execute a task on many inputs; return the batch's fields, as they came, and the answer.

        Raises:
            ServerRefused: It has no such route, as an edge runtime has none; kind ``"no_batch"``.
        """
        answer = await self._post(f"{_API}/batch/execute", encoded(body), timeout_s)
        if _has_no_route(answer):
            raise ServerRefused(
                "The Loopai server takes no batches.",
                answer.status_code,
                hint="Execute one input at a time.",
                kind=NO_BATCH,
                limits=limits_of(answer.headers),
            )
        return _object(answer), answer

    async def health(self, timeout_s: float) -> dict[str, Any]:
        """Return what the server says of itself: of the API, or of the framework, which says one word."""
        answer = await self._get(f"{_API}/health", timeout_s)
        if _has_no_route(answer):
            answer = await self._get("/health", timeout_s)
        word = answer.body[:20].strip().lower()
        if answer.status_code == _OK and word in _HEALTH_WORDS:
            return {"status": word.decode()}
        return _object(answer)

    async def execute(self, body: Mapping[str, Any], timeout_s: float) -> tuple[dict[str, Any], HttpAnswer]:
        """Execute a task; return the fields of an execution that succeeded, and the answer they came in.

        The route that worked last is tried first. A server without it answers 404 or 405 and carries nothing
        out, so the next one is safe to try.

        Args:
            body: Fields as the server takes them; ``task_id`` and ``input`` at least.
            timeout_s: Deadline in seconds, for all routes together.

        Raises:
            ExecutionFailed: The task's program failed.
            LoopaiError: As its branch says.
        """
        content = encoded(body)
        task_id = str(body["task_id"])
        deadline = time.monotonic() + timeout_s
        refusals: dict[_Route, HttpAnswer] = {}
        for route in (self._route, *(other for other in _Route if other is not self._route)):
            left_s = deadline - time.monotonic()
            if route is _Route.EDGE:
                if not await self._edge_serves(task_id, left_s):
                    continue
                answer = await self._post("/execute", encoded({"input": body["input"]}), left_s)
            else:
                answer = await self._post(_path(route, task_id), content, left_s)
            if not _has_no_route(answer):
                break
            refusals[route] = answer
        else:
            answer = refusals[_Route.SERVER]  # the others' 405 would only mislead
        fields = _object(answer)
        self._route = route
        if route is _Route.EDGE and "output" in fields:
            fields = {"status": "success", "task_id": task_id, **fields}
        check_execution(fields, answer)
        return fields, answer

    async def aclose(self) -> None:
        """Close the channel."""
        await self._channel.aclose()

    async def _edge_serves(self, task_id: str, timeout_s: float) -> bool:
        """Whether this is an edge runtime of that task: its ``/execute`` would take another one's input."""
        if self._edge_task != task_id:
            answer = await self._get("/health", timeout_s)
            said = _object(answer) if answer.status_code == _OK and answer.body[:1] == b"{" else {}
            if word(said.get("task_id")).lower() != task_id.lower():
                return False
            self._edge_task = task_id
        return True

    async def _get(self, path: str, timeout_s: float) -> HttpAnswer:
        return await _answered(self._channel.get(path, timeout_s))

    async def _post(self, path: str, content: bytes, timeout_s: float) -> HttpAnswer:
        return await _answered(self._channel.post(path, content, timeout_s))


def encoded(body: Mapping[str, Any]) -> bytes:
    """Return JSON of what a table's row may hold: numpy's numbers, dates, UUIDs, exact decimals as text.

    Raises:
        ValidationError: A value has no JSON, or is nested deeper than 254.
    """
    try:
        return orjson.dumps(body, default=_plain, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError as exc:
        raise ValidationError(
            f"The input cannot be written as JSON: {one_line(str(exc))}.",
            hint="Convert it to text, numbers, lists and dicts first.",
            kind="not_json",
        ) from exc


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    pandas = sys.modules.get("pandas")  # where nobody imported it, no value is of its kinds
    if pandas is not None and (value is pandas.NA or value is pandas.NaT):
        return None
    if isinstance(value, datetime):  # pandas' Timestamp
        return value.isoformat()
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):  # of objects; orjson writes all others
        return value.tolist()
    raise TypeError(type(value).__name__)


async def _answered(exchange: Awaitable[HttpAnswer]) -> HttpAnswer:
    try:
        return await exchange
    except ModelServerError as error:
        # The pool's error says the same in the words of every protocol; what caused it stays.
        raise loopai_error(error) from error.__cause__


def _path(route: _Route, task_id: str) -> str:
    middle = f"{quote(task_id, safe='')}/" if route is _Route.SERVER else ""
    return f"{_API}/tasks/{middle}execute"


def _has_no_route(answer: HttpAnswer) -> bool:
    """Whether the server doesn't know the path. Of a task it doesn't know, the application says so."""
    return answer.status_code in _NO_SUCH_ROUTE and not application_code(answer)


def _object(answer: HttpAnswer) -> dict[str, Any]:
    """Return a success's JSON object; raise for all else."""
    check_status(answer)
    try:
        data = read_json(answer, what="The Loopai server")
    except ModelServerError as error:
        raise loopai_error(error) from None
    if isinstance(data, dict):
        return data
    raise AnswerUnreadable(
        f"The Loopai server answered {answer.status_code} with JSON that is no object.",
        answer.status_code,
        hint="Check that the URL is a Loopai server's.",
        kind="not_loopai",
    )
