"""Loopai's client for programs and notebooks: async, with a synchronous face over a background loop."""

from __future__ import annotations

import asyncio
import random
import threading
from typing import TYPE_CHECKING, Any, Self, TypeVar
from weakref import WeakKeyDictionary

from loopai_nb.background import BackgroundLoop
from loopai_nb.clients.channel import Channel
from loopai_nb.clients.loopai_errors import (
    ConnectionError,  # noqa: A004  (the field's name; exported under it, and it is a builtin one too)
    ExecutionError,
    LoopaiError,
    TimeoutError,  # noqa: A004  (as above)
    ValidationError,
)
from loopai_nb.clients.loopai_models import (
    BatchExecuteItem,
    BatchExecuteRequest,
    BatchExecuteResponse,
    BatchExecuteResult,
    ExecuteRequest,
    ExecuteResponse,
    HealthResponse,
    TaskCreateRequest,
    TaskResponse,
)
from loopai_nb.clients.loopai_parsing import guid, parsed, refused_here
from loopai_nb.clients.loopai_server import LoopaiServer
from loopai_nb.clients.loopai_wire import LoopaiWire, loopai_base_url
from loopai_nb.errors import InputError, OutcomeUnknown, RequestNotSent
from loopai_nb.resilience.retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from types import TracebackType
    from uuid import UUID

__all__ = [
    "BatchExecuteItem",
    "BatchExecuteRequest",
    "BatchExecuteResponse",
    "BatchExecuteResult",
    "ConnectionError",
    "ExecuteRequest",
    "ExecuteResponse",
    "ExecutionError",
    "HealthResponse",
    "LoopaiClient",
    "LoopaiError",
    "LoopaiServer",
    "TaskCreateRequest",
    "TaskResponse",
    "TimeoutError",
    "ValidationError",
]

T = TypeVar("T")

_MAX_DELAY_S = 10.0
_RETRIED = frozenset({429, 500, 502, 503, 504})
_CONFLICT = 409


class LoopaiClient:
    """A Loopai server, asked by hand.

    Each method exists twice: ``execute_async`` is awaited, ``execute`` waits, also in a notebook's cell or
    any other place where an event loop already runs. Use it as a context manager, async or not, or close it
    with ``aclose`` or ``close``; a call after that connects anew.

    A request is sent again after a failed or lost connection, a timeout, and 429, 500, 502, 503 and 504: one
    whose answer was lost may be carried out twice. ``max_retries=0`` sends once.

    Args:
        base_url: With or without ``/api/v1``.
        api_key: Sent as a bearer token; None sends none.
        timeout: Seconds for one try, from connecting to the last byte.
        max_retries: Tries after the first one, 0 or more.
        retry_delay: Seconds; upper bound of the first wait, which doubles up to 10 s. The wait is drawn at
            random below its bound, and is never shorter than a Retry-After of the server.

    Raises:
        InputError: The URL may not be used, or a number is out of range.
    """

    def __init__(
        self,
        base_url: str = "http://localhost:8080",
        api_key: str | None = None,
        timeout: float = 60.0,
        max_retries: int = 3,
        retry_delay: float = 1.0,
    ) -> None:
        if not (timeout > 0 and max_retries >= 0 and retry_delay >= 0):
            raise InputError(
                "timeout must be above 0, max_retries and retry_delay not below.", "Correct the arguments."
            )
        self._base_url = loopai_base_url(base_url)
        self._api_key = api_key
        self._timeout_s = timeout
        self._retry = RetryPolicy(max_retries + 1, retry_delay, _MAX_DELAY_S)
        self._random = random.Random()  # noqa: S311  (spreads retries; no secret hangs on it)
        self._lock = threading.Lock()
        # Connections belong to the event loop that opened them: one's own, and the synchronous face's.
        self._wires: WeakKeyDictionary[asyncio.AbstractEventLoop, LoopaiWire] = WeakKeyDictionary()
        self._background: BackgroundLoop | None = None

    @property
    def base_url(self) -> str:
        """Where the server is, without ``/api/v1`` or a trailing slash."""
        return self._base_url

    async def create_task_async(self, request: TaskCreateRequest) -> TaskResponse:
        """Make a task and return it as the server keeps it.

        Raises:
            LoopaiError: 409: another task has the name.
            ValidationError: The server does not take it; so says it of the methods below.
            ExecutionError: The server failed (500), also after the retries; as below.
            TimeoutError: As below.
            ConnectionError: As below.
        """
        body = request.body()
        wire = self._wire()
        return parsed(TaskResponse, await self._tried(lambda: wire.create_task(body, self._timeout_s)))

    async def get_task_async(self, task_id: UUID | str) -> TaskResponse:
        """Return a task.

        Raises:
            LoopaiError: 404: there is no such task.
        """
        text = guid(task_id)
        wire = self._wire()
        return parsed(TaskResponse, await self._tried(lambda: wire.get_task(text, self._timeout_s)))

    async def execute_async(
        self,
        task_id: UUID | str,
        input_data: Any,
        version: int | None = None,
        timeout_ms: int | None = None,
        force_validation: bool = False,  # noqa: FBT001, FBT002  (the SDKs' signature)
    ) -> ExecuteResponse:
        """Execute a task on one input and return the execution, which succeeded.

        Args:
            task_id: The task's GUID.
            input_data: Any JSON value that fits the task's input schema.
            version: Of the task's program; None means the active one.
            timeout_ms: The server's own limit on the program, 1 to 60,000.
            force_validation: Have this execution validated, whatever the sampling rate.

        Raises:
            ValidationError: An argument or the input is not as the server takes it.
            ExecutionError: The program failed (``execution_id``), or the server did (500).
            TimeoutError: No answer in time, or the program's own time was up.
            ConnectionError: The server could not be reached, or was lost.
            LoopaiError: It answered otherwise.
        """
        with refused_here():
            request = ExecuteRequest(
                task_id=task_id,  # type: ignore[arg-type]  # pydantic reads the text
                input=input_data,
                version=version,
                timeout_ms=timeout_ms,
                force_validation=force_validation,
            )
        body = request.body()
        wire = self._wire()
        fields, _ = await self._tried(lambda: wire.execute(body, self._timeout_s))
        return parsed(ExecuteResponse, fields)

    async def batch_execute_async(self, request: BatchExecuteRequest) -> BatchExecuteResponse:
        """Execute a task on many inputs; items that failed are told in the results, not raised.

        Raises:
            LoopaiError: 413: the whole is longer than the server takes. Others as ``execute_async``.
        """
        body = request.body()
        wire = self._wire()
        fields, _ = await self._tried(lambda: wire.execute_batch(body, self._timeout_s))
        return parsed(BatchExecuteResponse, fields)

    async def get_health_async(self) -> HealthResponse:
        """Return how the server says it is.

        Raises:
            LoopaiError: 503: it is unhealthy or not ready.
        """
        wire = self._wire()
        return parsed(HealthResponse, await self._tried(lambda: wire.health(self._timeout_s)))

    def create_task(self, request: TaskCreateRequest) -> TaskResponse:
        """Make a task: ``create_task_async``, waited for."""
        return self._wait(self.create_task_async(request))

    def get_task(self, task_id: UUID | str) -> TaskResponse:
        """Return a task: ``get_task_async``, waited for."""
        return self._wait(self.get_task_async(task_id))

    def execute(
        self,
        task_id: UUID | str,
        input_data: Any,
        version: int | None = None,
        timeout_ms: int | None = None,
        force_validation: bool = False,  # noqa: FBT001, FBT002  (as execute_async)
    ) -> ExecuteResponse:
        """Execute a task on one input: ``execute_async``, waited for."""
        return self._wait(self.execute_async(task_id, input_data, version, timeout_ms, force_validation))

    def batch_execute(self, request: BatchExecuteRequest) -> BatchExecuteResponse:
        """Execute a task on many inputs: ``batch_execute_async``, waited for."""
        return self._wait(self.batch_execute_async(request))

    def get_health(self) -> HealthResponse:
        """Return how the server says it is: ``get_health_async``, waited for."""
        return self._wait(self.get_health_async())

    async def aclose(self) -> None:
        """Close the connections of this event loop, and all that ``close`` closes."""
        await self._close_here()
        if self._background is not None:
            await asyncio.to_thread(self.close)  # it joins a thread, for which this loop need not stand still

    def close(self) -> None:
        """Close the synchronous face: its connections and its thread."""
        with self._lock:
            background, self._background = self._background, None
        if background is not None:
            background.wait(self._close_here())
            background.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"LoopaiClient({self._base_url!r})"

    def _wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        with self._lock:
            if self._background is None:
                self._background = BackgroundLoop("loopai-client")
            background = self._background
        return background.wait(coroutine)

    async def _close_here(self) -> None:
        with self._lock:
            wire = self._wires.pop(asyncio.get_running_loop(), None)
        if wire is not None:
            await wire.aclose()

    def _wire(self) -> LoopaiWire:
        loop = asyncio.get_running_loop()
        with self._lock:
            wire = self._wires.get(loop)
            if wire is None:
                wire = self._wires[loop] = LoopaiWire(Channel(self._base_url, api_key=self._api_key))
        return wire

    async def _tried(self, send: Callable[[], Awaitable[T]]) -> T:
        """Send until it is answered, refused for good, or tried often enough."""
        attempt, lost = 1, False
        while True:
            try:
                return await send()
            except LoopaiError as error:
                if attempt >= self._retry.max_attempts or not _may_help(error):
                    if attempt > 1:
                        error.add_note(f"Sent {attempt} times.")
                    if lost and error.status_code == _CONFLICT:
                        error.add_note("An earlier try, whose answer was lost, may have made it.")
                    raise
                lost = lost or isinstance(error, OutcomeUnknown)
                delay_s = self._retry.delay_s(attempt, error.retry_after_s, self._random.random)
            await asyncio.sleep(delay_s)
            attempt += 1


def _may_help(error: LoopaiError) -> bool:
    if error.status_code is None:
        return isinstance(error, RequestNotSent | OutcomeUnknown)
    return error.status_code in _RETRIED
