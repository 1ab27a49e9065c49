"""A Loopai task as the executor's model server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from loopai_nb.clients.answers import one_line, word
from loopai_nb.clients.channel import CHECK_TIMEOUT_S, Channel, ChannelServer
from loopai_nb.clients.loopai_batch import MOST_ITEMS, LoopaiBatches
from loopai_nb.clients.loopai_errors import ServerBusy, ServerRefused
from loopai_nb.clients.loopai_values import as_input, reply_of, takes_no_system
from loopai_nb.clients.loopai_wire import LoopaiWire, loopai_base_url
from loopai_nb.records import ServerInfo, ServerKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from loopai_nb.clients.http import HttpPool
    from loopai_nb.errors import ModelServerError
    from loopai_nb.records import Parameters, Reply
    from loopai_nb.redaction import Secret

__all__ = ["LoopaiServer"]

_OF_A_BATCH = ("version", "timeout_ms")
_PASSED_ON = (*_OF_A_BATCH, "force_validation")


class LoopaiServer(ChannelServer):
    """One task of a Loopai server, asked about one prompt at a time, or about many in a batch.

    Args:
        base_url: Such as ``http://localhost:8080``, with or without ``/api/v1``.
        task_id: The task's GUID.
        api_key: Sent as a bearer token; None sends none.
        pool: Of the caller, who closes it; None makes one.
        read_timeout_s: Longest silence in seconds while an answer is waited for; None: only the deadline.

    Raises:
        InputError: URL, key, id or timeout cannot be used.
    """

    KIND = ServerKind.LOOPAI

    def __init__(
        self,
        base_url: str,
        task_id: UUID | str,
        *,
        api_key: str | Secret | None = None,
        pool: HttpPool | None = None,
        read_timeout_s: float | None = None,
    ) -> None:
        channel = Channel(
            loopai_base_url(base_url), api_key=api_key, pool=pool, read_timeout_s=read_timeout_s
        )
        super().__init__(channel, str(task_id))
        self._wire = LoopaiWire(channel)
        self._batches = LoopaiBatches(self._wire, self._model)

    @property
    def batch_size(self) -> int:
        """Most requests that one HTTP batch holds."""
        return MOST_ITEMS

    async def check(self) -> ServerInfo:
        """Ask the server how it is, and whether it has the task.

        Raises:
            ServerBusy: It says that it is unhealthy.
            ServerRefused: It doesn't have the task; kind ``"not_found"``.
            LoopaiError: It does not answer, or not as its protocol says.
        """
        started = time.perf_counter()
        health = await self._wire.health(CHECK_TIMEOUT_S)
        if word(health.get("status")).lower() == "unhealthy":
            raise ServerBusy(
                f"The Loopai server at {self.base_url} says that it is unhealthy.",
                hint="Look at its log, then try again.",
                kind="unhealthy",
            )
        name = await self._task_name(health)
        return ServerInfo(
            kind=ServerKind.LOOPAI,
            base_url=self.base_url,
            models=(self._model,),
            latency_ms=(time.perf_counter() - started) * 1000.0,
            description=f"Loopai task {name}",
        )

    async def send(
        self, prompt: str, *, system: str | None, parameters: Parameters, timeout_s: float
    ) -> Reply:
        """Execute the task once and return its output.

        Args:
            prompt: A JSON object is the task's input as it is; any other is sent as ``{"text": prompt}``.
            system: None: a task has its own description instead.
            parameters: Of ``extra``, ``version``, ``timeout_ms``, ``force_validation`` are passed on; tokens
                and temperature mean nothing to a task.
            timeout_s: Total deadline.

        Returns:
            The output, as JSON where it is no text; Loopai counts no tokens.

        Raises:
            ServerRefused: A system prompt was given, or the server answered 401, 404...
            ExecutionFailed: The task's program failed on this input; kind ``"execution_error"``.
            TimeoutError: No answer in time, or the program's own time was up.
            LoopaiError: Each also one of the branches that :class:`ModelServer` names.
        """
        if system is not None:
            raise takes_no_system()
        body = {name: parameters.extra[name] for name in _PASSED_ON if name in parameters.extra}
        body |= {"task_id": self._model, "input": as_input(prompt)}
        fields, answer = await self._wire.execute(body, timeout_s)
        return reply_of(fields.get("output"), answer, self._model)

    async def send_batch(
        self,
        requests: Sequence[tuple[str, str | None]],
        *,
        parameters: Parameters,
        timeout_s: float,
        max_concurrency: int,
    ) -> list[Reply | ModelServerError]:
        """Execute the task on many prompts and return a result for each; see ``BatchServer.send_batch``.

        Prompts and parameters are taken as in ``send``. What one HTTP batch does not hold, in items or bytes,
        goes out in several, one after the other; where one of these fails, its items have its error.

        Returns:
            A reply; ``ExecutionFailed`` where the program failed on the item; ``ServerRefused`` of kind
            ``"not_found"``, for all, where the server does not have the task; ``AnswerUnreadable`` where the
            answer does not have the item, or has it more than once.

        Raises:
            ServerRefused: Kind ``"no_batch"``: an edge runtime, or an older server.
            LoopaiError: The batch as a whole failed, as ``send``.
        """
        options = {name: parameters.extra[name] for name in _OF_A_BATCH if name in parameters.extra}
        return await self._batches.send(requests, parameters, options, timeout_s, max_concurrency)

    async def _task_name(self, health: dict[str, Any]) -> str:
        try:
            task = await self._wire.get_task(self._model, CHECK_TIMEOUT_S)
        except ServerRefused:
            # An edge runtime has no route for tasks, and tells its only one with its health.
            if word(health.get("task_id")).lower() == self._model.lower():
                return "of an edge runtime"
            raise
        return one_line(word(task.get("name")))
