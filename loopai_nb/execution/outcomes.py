"""What an attempt's end means for its request: charged how much, done, tried again when, or given up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import orjson

from loopai_nb.errors import (
    AnswerInvalid,
    InputError,
    ModelServerError,
    OutcomeUnknown,
    RequestDeferred,
    RequestNotSent,
    RequestRejected,
)
from loopai_nb.ledger.claims import MISMATCH
from loopai_nb.ledger.records import Lease, Settlement
from loopai_nb.records import Outcome, RequestState

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.pricing import Price
    from loopai_nb.records import Reply
    from loopai_nb.redaction import Redactor
    from loopai_nb.resilience.retry import RetryPolicy

__all__ = ["ANSWERED_KINDS", "BUSY_STATUSES", "FATAL_KINDS", "NO_VALUE", "OVER_RESERVED", "Judge"]

_OUTCOMES: tuple[tuple[type[ModelServerError], Outcome], ...] = (
    (RequestNotSent, Outcome.NOT_SENT),
    (RequestDeferred, Outcome.DEFERRED),
    (RequestRejected, Outcome.REJECTED),
    (OutcomeUnknown, Outcome.UNKNOWN),
    (AnswerInvalid, Outcome.INVALID),
)
_CHARGED = frozenset({Outcome.UNKNOWN, Outcome.INVALID})
"""Ends after which the request may have been, or was, paid without usage that we can read: the worst case."""


FATAL_KINDS = frozenset({"insufficient_quota", "not_found", "unauthorized"})
"""Refusals that every request of the run would meet: the run stops, and the request waits for a resume."""


BUSY_STATUSES = frozenset({429, 503, 529})
"""The server asks to come again later, as often as it takes: the pace and the run's patience bound it."""


ANSWERED_KINDS = frozenset({"execution_timeout"})
"""The server answered that the request's own program took too long: it is well, and nothing is unknown."""


NO_VALUE = object()
"""In place of an answer's JSON value: it is free text."""


OVER_RESERVED = "usage_over_reserved"
"""On an answered attempt: the server counts more than the worst case that was reserved."""

_MOST_OVER = 100
"""Usage above so many times the worst case is no count of this request."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Turns replies and errors into settlements.

    Attributes:
        price: Of the plan; None counts nothing.
        retry: When to try again.
        resend_unknown: Send again what may have been paid.
        redactor: Masks personal data in an answer before it is stored; None stores it as it came.
        random: Uniform in [0, 1), for jitter.
    """

    price: Price | None
    retry: RetryPolicy
    resend_unknown: bool
    redactor: Redactor | None
    random: Callable[[], float]

    def answered(self, lease: Lease, reply: Reply, value: object = NO_VALUE) -> Settlement:
        """An answer, charged by its usage; by the worst case where the usage is missing or impossible.

        Args:
            lease: Of the request.
            reply: As it came.
            value: The JSON value in it, where it has to be one: masked as such, it stays JSON.
        """
        usage = reply.usage
        cost, over = lease.worst_case_pusd, False
        if self.price is None:
            cost = 0
        elif usage.input_tokens is not None and usage.output_tokens is not None:
            cost = self.price.cost_pusd(usage.input_tokens, usage.output_tokens)
            # Some servers add prompts of their own. What they count is charged, within what can be meant.
            over = cost > lease.worst_case_pusd
            cost = min(cost, _MOST_OVER * lease.worst_case_pusd)
        return Settlement(
            lease,
            Outcome.ANSWERED,
            RequestState.ANSWERED,
            cost_pusd=cost,
            text=self._masked(reply.text, value),
            model=reply.model,
            finish_reason=reply.finish_reason,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            latency_ms=reply.latency_ms,
            status_code=200,
            error_kind=OVER_RESERVED if over else None,
        )

    def unfit(self, lease: Lease, answered: Settlement, reason: str, most: int) -> Settlement:
        """An answer that does not fit the schema: paid as it was, kept with its attempt, and asked for again.

        Args:
            lease: Of the request.
            answered: What it would be, did it fit.
            reason: Why it does not, in one line; the next attempt is told.
            most: How often it is asked for again.
        """
        again = lease.mismatches < most
        return replace(
            answered,
            outcome=Outcome.INVALID,
            state=RequestState.WAITING if again else RequestState.FAILED,
            error_kind=MISMATCH,
            error=reason if self.redactor is None else self.redactor.redact(reason)[0],
            mismatch=True,
        )

    def again_at_ms(self, lease: Lease, error: ModelServerError, now_ms: int) -> int:
        """When a request may be tried again that failed so (epoch milliseconds)."""
        delay_s = self.retry.delay_s(_tries(lease), error.retry_after_s, self.random)
        return now_ms + int(delay_s * 1000)

    def failed(
        self, lease: Lease, error: ModelServerError, now_ms: int, together_ms: int | None = None
    ) -> Settlement:
        """A failure: charged only where it may have been paid, tried again only where that can help.

        Args:
            lease: Of the request.
            error: How its attempt ended.
            now_ms: Epoch milliseconds.
            together_ms: When it may be tried again with others of its batch; None: when its own time comes.
        """
        outcome = next((o for kind, o in _OUTCOMES if isinstance(error, kind)), Outcome.UNKNOWN)
        if error.kind in ANSWERED_KINDS:
            outcome = Outcome.INVALID
        busy = outcome is Outcome.DEFERRED and error.status_code in BUSY_STATUSES
        return Settlement(
            lease,
            outcome,
            RequestState.WAITING if busy or error.kind in FATAL_KINDS else self._next_state(lease, outcome),
            cost_pusd=lease.worst_case_pusd if outcome in _CHARGED else 0,
            not_before_ms=self.again_at_ms(lease, error, now_ms) if together_ms is None else together_ms,
            status_code=error.status_code,
            error_kind=error.kind,
            error=self._said(error),
            is_busy=busy,
        )

    def again(self, lease: Lease) -> Settlement:
        """Nothing was sent, and it goes another way at once."""
        return Settlement(lease, Outcome.NOT_SENT, RequestState.WAITING)

    def in_another_batch(self, lease: Lease, error: ModelServerError) -> Settlement:
        """It was in a batch that the server refused unread: nothing was executed, and no try is used up."""
        return Settlement(
            lease,
            Outcome.NOT_SENT,
            RequestState.WAITING,
            status_code=error.status_code,
            # What was wrong with the last answer is told with the next attempt.
            error_kind=None if lease.feedback is None else MISMATCH,
            error=self._said(error) if lease.feedback is None else lease.feedback,
        )

    def not_made(self, lease: Lease, error: InputError) -> Settlement:
        """The client refused to make the request (a header, an address): nothing was sent."""
        return Settlement(
            lease, Outcome.NOT_SENT, RequestState.WAITING, error_kind="input", error=error.message
        )

    def cancelled(self, lease: Lease) -> Settlement:
        """Cancelled in flight: it may have been paid, and counts so; a resume says what becomes of it."""
        return Settlement(
            lease,
            Outcome.UNKNOWN,
            RequestState.MAYBE_PAID,
            cost_pusd=lease.worst_case_pusd,
            error_kind="cancelled",
            error="cancelled before its answer came; it may have been paid",
        )

    def _said(self, error: ModelServerError) -> str:
        return error.message if self.redactor is None else self.redactor.redact(error.message)[0]

    def _masked(self, text: str, value: object) -> str:
        if self.redactor is None:
            return text
        if value is NO_VALUE:
            return self.redactor.redact(text)[0]
        return orjson.dumps(self.redactor.redact_value(value)).decode()

    def _next_state(self, lease: Lease, outcome: Outcome) -> RequestState:
        if outcome is Outcome.NOT_SENT:
            # Whether the server comes back is a question for the run (it stops), not for one request.
            return RequestState.WAITING
        if outcome is Outcome.UNKNOWN and not self.resend_unknown:
            return RequestState.MAYBE_PAID
        again = outcome in {Outcome.DEFERRED, Outcome.UNKNOWN} and _tries(lease) < self.retry.max_attempts
        return RequestState.WAITING if again else RequestState.FAILED


def _tries(lease: Lease) -> int:
    """How often a request was sent because it had failed or never been sent; mismatches count apart."""
    return lease.attempt - lease.mismatches
