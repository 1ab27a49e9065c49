"""The seam between the executor and a model server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loopai_nb.errors import ModelServerError
    from loopai_nb.records import Parameters, Reply, ServerInfo, ServerKind

__all__ = ["BatchServer", "LearningServer", "ModelServer"]


@runtime_checkable
class ModelServer(Protocol):
    """One model behind one base URL.

    Implementations neither retry nor write to the ledger: the executor does. They are used from one event
    loop at a time, by many tasks, and open no connection before the first ``check`` or ``send``.
    """

    @property
    def kind(self) -> ServerKind:
        """Its protocol."""

    @property
    def base_url(self) -> str:
        """Where it is, without userinfo, query or trailing slash; safe to show and to hash."""

    @property
    def model(self) -> str:
        """Name of the model (for Loopai: the task's id)."""

    async def check(self) -> ServerInfo:
        """Ask the server what it is.

        Raises:
            ModelServerError: It does not answer, or not as its protocol says.
        """

    async def send(
        self, prompt: str, *, system: str | None, parameters: Parameters, timeout_s: float
    ) -> Reply:
        """Send one request and return its reply.

        Args:
            prompt: Rendered prompt.
            system: Rendered system prompt, or None.
            parameters: Of the plan.
            timeout_s: Total deadline from the first byte written to the last byte read.

        Raises:
            RequestNotSent: Refused, DNS failure, connect timeout: nothing was written.
            RequestDeferred: 429, 500, 503: nothing was paid; ``retry_after_s`` where the server said.
            RequestRejected: Another 4xx.
            OutcomeUnknown: Written and lost: reset, deadline, 408, 502, 504, a body cut short.
            AnswerInvalid: A success whose body is no answer.
        """

    async def aclose(self) -> None:
        """Close every connection."""


@runtime_checkable
class BatchServer(ModelServer, Protocol):
    """A model server that also takes many requests at once."""

    @property
    def batch_size(self) -> int:
        """Most requests that one HTTP batch may hold; at least 1."""

    async def send_batch(
        self,
        requests: Sequence[tuple[str, str | None]],
        *,
        parameters: Parameters,
        timeout_s: float,
        max_concurrency: int,
    ) -> list[Reply | ModelServerError]:
        """Send many requests together and return one result for each, in order.

        Args:
            requests: Rendered prompt and system prompt (or None) of each.
            parameters: Of the plan.
            timeout_s: Total deadline of all of them, seconds.
            max_concurrency: Requests that the server may work on at the same time; put into its range.

        Returns:
            The reply, or the error of that one request, as ``send`` would raise it. Results are matched to
            requests by an id; what the answer lacks or has twice is an ``AnswerInvalid``.

        Raises:
            RequestNotSent: As ``send``, for all of them; so are those below.
            RequestDeferred: As ``send``.
            RequestRejected: As ``send``; kind ``"no_batch"``: this server takes none, ask one by one.
            OutcomeUnknown: As ``send``: each of them may have been paid.
            AnswerInvalid: The answer as a whole cannot be read: each of them counts as paid.
        """


@runtime_checkable
class LearningServer(ModelServer, Protocol):
    """A model server whose refusals teach how it wants to be asked."""

    def lessons(self, parameters: Parameters) -> tuple[str, ...]:
        """What it turned out not to take of these parameters, and what is done instead; one sentence each."""
