"""Many requests for one Loopai task, sent as few HTTP batches; each result is found by its item's id."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from loopai_nb.clients.answers import limits_of
from loopai_nb.clients.channel import CHECK_TIMEOUT_S
from loopai_nb.clients.loopai_errors import AnswerUnreadable, ExecutionFailed, LoopaiError, ServerRefused
from loopai_nb.clients.loopai_refusals import failed_execution, text_under
from loopai_nb.clients.loopai_values import as_input, reply_of, takes_no_system
from loopai_nb.clients.loopai_wire import encoded
from loopai_nb.errors import ModelServerError
from loopai_nb.records import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from loopai_nb.clients.answers import HttpAnswer
    from loopai_nb.clients.loopai_wire import LoopaiWire
    from loopai_nb.records import Parameters

__all__ = ["MOST_ITEMS", "LoopaiBatches"]

MOST_ITEMS = 100
"""Items of one HTTP batch. The server sets no limit; its own tests and settings stay at this."""

MOST_BYTES = 8_000_000
"""Body of one HTTP batch: well below the web server's 30 MB, and its answer below what a pool reads."""

_MOST_CONCURRENCY = 100
_NO_SUCH_TASK = 404
_LONGEST_MS = 86_400_000.0


@dataclass(frozen=True, slots=True)
class _Item:
    id: str
    content: bytes


class LoopaiBatches:
    """Batches of one task.

    Args:
        wire: To the server.
        task_id: The task's id.
    """

    def __init__(self, wire: LoopaiWire, task_id: str) -> None:
        self._wire = wire
        self._task_id = task_id
        # Never the same twice: an answer to another batch must not be taken for one to this.
        self._ids = itertools.count(1)
        self._says_concurrency = True
        self._task_seen = False

    async def send(
        self,
        requests: Sequence[tuple[str, str | None]],
        parameters: Parameters,
        options: Mapping[str, object],
        timeout_s: float,
        max_concurrency: int,
    ) -> list[Reply | ModelServerError]:
        """Execute all requests and return one result for each, in order; see ``BatchServer.send_batch``.

        What one HTTP batch does not hold goes out in several, one after the other within the deadline. Where
        one of several fails, its items have its error.

        Args:
            requests: Prompt and system prompt of each.
            parameters: Of the plan.
            options: Fields of the batch besides: ``version``, ``timeout_ms``.
            timeout_s: Total deadline, seconds.
            max_concurrency: Items that the server may execute at the same time.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        made = [self._item(prompt, system, parameters) for prompt, system in requests]
        body = {"task_id": self._task_id, **options}
        body["max_concurrency"] = min(max(max_concurrency, 1), _MOST_CONCURRENCY)
        parts = list(_parts([one for one in made if isinstance(one, _Item)]))
        found: dict[str, Reply | ModelServerError] = {}
        for part in parts:
            try:
                found |= await self._send_part(part, body, deadline)
            except ModelServerError as error:
                if len(parts) == 1:
                    raise
                found |= {item.id: error for item in part}
        return [found[one.id] if isinstance(one, _Item) else one for one in made]

    def _item(self, prompt: str, system: str | None, parameters: Parameters) -> _Item | ModelServerError:
        if system is not None:
            return takes_no_system()
        item_id = str(next(self._ids))
        fields: dict[str, Any] = {"id": item_id, "input": as_input(prompt)}
        if "force_validation" in parameters.extra:
            fields["force_validation"] = parameters.extra["force_validation"]
        try:
            return _Item(item_id, encoded(fields))
        except ModelServerError as error:
            return error

    async def _send_part(
        self, items: list[_Item], body: Mapping[str, object], deadline: float
    ) -> dict[str, Reply | ModelServerError]:
        loop = asyncio.get_running_loop()
        body = {**body, "items": [orjson.Fragment(item.content) for item in items]}
        if not self._says_concurrency:
            del body["max_concurrency"]
        try:
            fields, answer = await self._wire.execute_batch(body, deadline - loop.time())
        except LoopaiError as error:
            if error.code != "INVALID_CONCURRENCY" or "max_concurrency" not in body:
                raise
            # Its limit is lower than the documented one; nothing was executed. Its own default will do.
            self._says_concurrency = False
            del body["max_concurrency"]
            fields, answer = await self._wire.execute_batch(body, deadline - loop.time())
        found = _results(fields, answer, items, self._task_id)
        if await self._is_missing(found, deadline - loop.time()):
            return {item.id: self._no_task(answer) for item in items}
        return found

    async def _is_missing(self, found: Mapping[str, Reply | ModelServerError], left_s: float) -> bool:
        """Whether every item failed because the server does not have the task: a batch only says "failed"."""
        if any(isinstance(one, Reply) for one in found.values()):
            self._task_seen = True
        if self._task_seen or not all(isinstance(one, ExecutionFailed) for one in found.values()):
            return False
        try:
            await self._wire.get_task(self._task_id, min(left_s, CHECK_TIMEOUT_S))
        except LoopaiError as error:
            # The code is the application's own: of an old server without this route nothing is known.
            return error.status_code == _NO_SUCH_TASK and bool(error.code)
        self._task_seen = True
        return False

    def _no_task(self, answer: HttpAnswer) -> ServerRefused:
        return ServerRefused(
            f"The Loopai server has no task {self._task_id}.",
            answer.status_code,
            hint="Choose one that it has: --model TASK_ID",
            kind="not_found",
            limits=limits_of(answer.headers),
        )


def _parts(items: list[_Item]) -> Iterator[list[_Item]]:
    """Split items into what one HTTP batch holds; an item that is too long goes alone."""
    part: list[_Item] = []
    size = 0
    for item in items:
        if part and (len(part) == MOST_ITEMS or size + len(item.content) > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(item)
        size += len(item.content)
    if part:
        yield part


def _results(
    fields: Mapping[str, Any], answer: HttpAnswer, items: list[_Item], task_id: str
) -> dict[str, Reply | ModelServerError]:
    """Return each item's reply or error, by its id.

    Raises:
        AnswerUnreadable: There is no list of results; kind ``"not_loopai"``.
    """
    listed = fields.get("results")
    if not isinstance(listed, list):
        raise _unreadable("with what is no batch (no results)", answer)
    by_id: dict[str, list[dict[str, Any]]] = {}
    for result in listed:
        if isinstance(result, dict):
            by_id.setdefault(_id_of(result), []).append(result)
    found: dict[str, Reply | ModelServerError] = {}
    for item in items:
        results = by_id.get(item.id, [])
        if len(results) == 1:
            found[item.id] = _result(results[0], answer, task_id)
        elif results:
            found[item.id] = _unreadable("an item of a batch more than once", answer, kind="repeated_item")
        else:
            found[item.id] = _unreadable("a batch without one of its items", answer, kind="missing_item")
    return found


def _result(result: Mapping[str, Any], answer: HttpAnswer, task_id: str) -> Reply | ModelServerError:
    status = text_under(result, "status").strip().lower()
    success = result.get("success")
    if not isinstance(success, bool):
        if not status:
            return _unreadable("an item of a batch without saying whether it succeeded", answer)
        success = status == "success"
    if success:
        try:
            return reply_of(result.get("output"), answer, task_id, latency_ms=_latency_ms(result))
        except ModelServerError as error:
            return error
    execution_id = text_under(result, "execution_id", "executionId") or None
    return failed_execution(result, answer, execution_id=execution_id, timed_out=status == "timeout")


def _id_of(result: Mapping[str, Any]) -> str:
    name = result.get("id")
    # A server whose ids are numbers reads ours as one.
    return str(name) if isinstance(name, str | int) and not isinstance(name, bool) else ""


def _latency_ms(result: Mapping[str, Any]) -> float | None:
    said = result.get("latency_ms", result.get("latencyMs"))
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= _LONGEST_MS:
        return None
    return float(said)


def _unreadable(what: str, answer: HttpAnswer, *, kind: str = "not_loopai") -> AnswerUnreadable:
    return AnswerUnreadable(
        f"The Loopai server answered {what}.", answer.status_code, kind=kind, limits=limits_of(answer.headers)
    )
