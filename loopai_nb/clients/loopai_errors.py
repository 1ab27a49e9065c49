"""Errors of a Loopai server, under the names that its users know, and within our own tree.

::

    LoopaiError (ModelServerError)  anything else; ``message``, ``status_code``, ``code``
    ├── ValidationError             400: change what was passed (``errors``, ``details``)
    ├── ExecutionError              500, or the task's program failed (``execution_id``)
    ├── TimeoutError                no answer in time; also the builtin one
    └── ConnectionError             no connection, or it was lost; also the builtin one

Each that is raised is also the branch of ``loopai_nb.errors`` that says how far the request got, so
that the executor needs to know only that tree. The classes below that join the two have no code of their own.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import (
    AnswerInvalid,
    InputError,
    ModelServerError,
    OutcomeUnknown,
    RequestDeferred,
    RequestNotSent,
    RequestRejected,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loopai_nb.records import RateLimits

__all__ = [
    "AnswerUnreadable",
    "AnswerUnsure",
    "ConnectionError",
    "ConnectionLost",
    "ConnectionRefused",
    "ExecutionDeferred",
    "ExecutionError",
    "ExecutionFailed",
    "LoopaiError",
    "ServerBusy",
    "ServerRefused",
    "TimeoutError",
    "ValidationError",
]


class LoopaiError(ModelServerError):
    """The Loopai server could not be asked, or did not answer well.

    Args:
        message: One sentence that says what happened.
        status_code: HTTP status; None where there was no answer.
        hint: One sentence that says what to do next; may be empty.
        retry_after_s: Seconds that the server asks to wait; None where it did not say.
        kind: Short stable word for grouping.
        code: The application's own (``"TASK_NOT_FOUND"``...); "" where it sent none.
        trace_id: With which the server's log tells more; "" where it sent none.
        limits: Rate limits that came with the answer.
    """

    def __init__(
        self,
        message: str,
        status_code: int | None = None,
        *,
        hint: str = "",
        retry_after_s: float | None = None,
        kind: str = "server_error",
        code: str = "",
        trace_id: str = "",
        limits: RateLimits | None = None,
    ) -> None:
        super().__init__(
            message, hint, status_code=status_code, retry_after_s=retry_after_s, kind=kind, limits=limits
        )
        self.code = code
        self.trace_id = trace_id


class ValidationError(LoopaiError, RequestRejected, InputError):
    """The request is not as the server takes it: status 400, or refused here before it was sent.

    Args:
        message: See :class:`LoopaiError`.
        status_code: See :class:`LoopaiError`.
        errors: Texts for each field, whichever shape the server's answer had; empty where it named none.
        details: What the application sent as ``details``, as it was; None where it sent none.
        facts: See :class:`LoopaiError`.
    """

    def __init__(
        self,
        message: str,
        status_code: int | None = None,
        *,
        errors: Mapping[str, Sequence[str]] | None = None,
        details: object = None,
        **facts: Any,
    ) -> None:
        super().__init__(message, status_code, **facts)
        self.errors = dict(errors or {})
        self.details = details


class ExecutionError(LoopaiError):
    """The server failed (500), or the task's program did (an execution whose status is ``error``).

    Args:
        message: See :class:`LoopaiError`.
        status_code: See :class:`LoopaiError`.
        execution_id: Where the server told it.
        facts: See :class:`LoopaiError`.
    """

    def __init__(
        self,
        message: str,
        status_code: int | None = None,
        *,
        execution_id: str | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(message, status_code, **facts)
        self.execution_id = execution_id


class TimeoutError(LoopaiError, OutcomeUnknown, builtins.TimeoutError):  # noqa: A001  (the field's name)
    """No answer in time: the request may have been carried out all the same.

    Args:
        message: See :class:`LoopaiError`.
        status_code: 200 where the task's program, not the network, was too slow.
        execution_id: Where the server told it.
        facts: See :class:`LoopaiError`.
    """

    errno = None  # OSError would take the message for it

    def __init__(
        self,
        message: str,
        status_code: int | None = None,
        *,
        execution_id: str | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(message, status_code, **facts)
        self.execution_id = execution_id


class ConnectionError(LoopaiError, builtins.ConnectionError):  # noqa: A001  (the field's name)
    """There was no connection, or it was lost before the answer was complete."""

    errno = None  # OSError would take the message for it


class ExecutionDeferred(ExecutionError, RequestDeferred):
    """500: a later try may succeed."""


class ExecutionFailed(ExecutionError, RequestRejected):
    """The task's program failed on this input."""


class ConnectionRefused(ConnectionError, RequestNotSent):
    """Nothing was sent."""


class ConnectionLost(ConnectionError, OutcomeUnknown):
    """Sent, and the answer was lost."""


class ServerBusy(LoopaiError, RequestDeferred):
    """429 or 503: a later try may succeed."""


class ServerRefused(LoopaiError, RequestRejected):
    """401, 404, 409...: the same request cannot succeed."""


class AnswerUnsure(LoopaiError, OutcomeUnknown):
    """502: a proxy lost the answer."""


class AnswerUnreadable(LoopaiError, AnswerInvalid):
    """A success whose body is no answer of Loopai's."""
