"""The nouns that travel between layers: frozen records and their states, without behaviour of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "LEFT_OUT",
    "Answer",
    "ApprovalState",
    "Outcome",
    "Parameters",
    "RateLimits",
    "Reply",
    "RequestState",
    "ReviewState",
    "RowStatus",
    "RunState",
    "ServerInfo",
    "ServerKind",
    "Usage",
]

LEFT_OUT = "left out by a person"
"""As the reason of a row that is not asked: it is skipped, where others that can't be asked have failed."""


class ServerKind(StrEnum):
    """Which protocol a model server speaks."""

    OPENAI = "openai"
    LOOPAI = "loopai"
    GENERATE = "generate"


class ApprovalState(StrEnum):
    """Where a decision on a plan stands."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    TIMEOUT = "TIMEOUT"


class RunState(StrEnum):
    """Where a run stands. PARTIAL: it ended and left rows unanswered, and can be resumed."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    COMPLETED = "COMPLETED"
    PARTIAL = "PARTIAL"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


class RequestState(StrEnum):
    """Where one distinct request of a run stands.

    LEASED: claimed, its worst case reserved, perhaps sent. MAYBE_PAID: its owner ended before the outcome was
    recorded and the run chose not to send it again.
    """

    WAITING = "WAITING"
    LEASED = "LEASED"
    ANSWERED = "ANSWERED"
    FAILED = "FAILED"
    MAYBE_PAID = "MAYBE_PAID"


class ReviewState(StrEnum):
    """What a person said of an answer. SKIPPED: looked at, and left for later or for somebody else."""

    ACCEPTED = "ACCEPTED"
    EDITED = "EDITED"
    REJECTED = "REJECTED"
    SKIPPED = "SKIPPED"


class RowStatus(StrEnum):
    """What the ``status`` column of a result says of a row."""

    ANSWERED = "answered"
    CACHED = "cached"
    FAILED = "failed"
    SKIPPED = "skipped"


class Outcome(StrEnum):
    """How one attempt ended; mirrors the branches of ``ModelServerError``."""

    ANSWERED = "answered"
    NOT_SENT = "not_sent"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is asked of the model beside the prompt.

    Attributes:
        max_tokens: Most tokens of the answer; bounds its worst-case cost.
        temperature: 0 to 2.
        extra: Further fields passed on as they are (``seed``, ``stop``, ``task_id``...), JSON values only.
        schema: JSON Schema that each answer has to fit; None for free text.
    """

    max_tokens: int = 512
    temperature: float = 0.7
    extra: Mapping[str, object] = field(default_factory=dict)
    schema: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them; None where it did not say or said something impossible."""

    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class RateLimits:
    """What a server said of its rate limits in the headers of an answer; None where it did not say.

    Attributes:
        requests_limit: Requests allowed a minute.
        requests_remaining: Of these, still free.
        requests_reset_s: Seconds until they are all free again.
        tokens_limit: Tokens allowed a minute.
        tokens_remaining: Of these, still free.
        tokens_reset_s: Seconds until they are all free again.
    """

    requests_limit: int | None = None
    requests_remaining: int | None = None
    requests_reset_s: float | None = None
    tokens_limit: int | None = None
    tokens_remaining: int | None = None
    tokens_reset_s: float | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model server answered to one request.

    Attributes:
        text: The answer.
        usage: Tokens, validated (never negative, never NaN).
        model: Model that the server says it used; "" where it did not say.
        finish_reason: ``"stop"``, ``"length"``...; "" where the protocol has none.
        latency_ms: From the first byte written to the last byte read, without waiting in our queues.
        limits: Rate limits that came with it.
    """

    text: str
    usage: Usage
    model: str = ""
    finish_reason: str = ""
    latency_ms: float = 0.0
    limits: RateLimits | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A recorded reply, found again by its content key.

    Attributes:
        key: Content key (32 bytes, SHA-256 of the canonical request).
        text: The answer.
        model: Model that the server said it used.
        finish_reason: See :class:`Reply`.
        input_tokens: As charged.
        output_tokens: As charged.
        cost_pusd: Picodollars (1e-12 USD), exact.
        latency_ms: See :class:`Reply`.
        run_id: Run that paid for it.
    """

    key: bytes
    text: str
    model: str
    finish_reason: str
    input_tokens: int
    output_tokens: int
    cost_pusd: int
    latency_ms: float
    run_id: str


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What a model server said of itself when it was checked.

    Attributes:
        kind: Its protocol.
        base_url: Without userinfo and query.
        models: Names it offers; empty where the protocol has no list.
        latency_ms: Of the check.
        description: One line such as ``"OpenAI chat completions"``.
    """

    kind: ServerKind
    base_url: str
    models: tuple[str, ...]
    latency_ms: float
    description: str
