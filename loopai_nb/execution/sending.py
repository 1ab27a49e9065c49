"""One attempt: send it, tell the pace how it went, and say what it means for the request."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from loopai_nb.clients.base import BatchServer
from loopai_nb.errors import (
    InputError,
    ModelServerError,
    OutcomeUnknown,
    RequestDeferred,
    RequestNotSent,
)
from loopai_nb.execution.outcomes import BUSY_STATUSES, FATAL_KINDS, OVER_RESERVED
from loopai_nb.prompts.structured import AnswerMismatch, AnswerSchema, repaired
from loopai_nb.records import RunState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loopai_nb.clients.base import ModelServer
    from loopai_nb.execution.counts import Limits
    from loopai_nb.execution.outcomes import Judge
    from loopai_nb.ledger.records import Lease, Settlement
    from loopai_nb.planning.plan import PlanSpec
    from loopai_nb.records import Reply
    from loopai_nb.resilience.pace import Pace, Permit

__all__ = ["Sender"]

_NO_BATCH = "no_batch"


class Sender:
    """Carries out attempts of one run, one or a batch at a time.

    Args:
        server: Whom to ask.
        spec: Of the plan.
        judge: What outcomes mean.
        pace: Of the server.
        limits: Deadlines.

    Attributes:
        end: How the run has to end because of what came back; None while it may go on.
        in_flight: Requests being sent.
    """

    def __init__(self, server: ModelServer, spec: PlanSpec, judge: Judge, pace: Pace, limits: Limits) -> None:
        self.end: tuple[RunState, str] | None = None
        self.in_flight = 0
        self._server = server
        self._spec = spec
        self._judge = judge
        self._pace = pace
        self._limits = limits
        schema = spec.parameters.schema
        self._schema = None if schema is None else AnswerSchema.of(dict(schema))
        self._batches = server if isinstance(server, BatchServer) and server.batch_size > 1 else None
        self._last_contact_s = self._last_answer_s = time.monotonic()

    @property
    def batch_size(self) -> int:
        """Requests that go together at most; 1 where the server takes them one by one."""
        if self._batches is None:
            return 1
        # Two batches share what may be in flight, so that the server need not wait for us between them.
        return max(1, min(self._batches.batch_size, self._limits.concurrency // 2))

    async def send(self, lease: Lease, permit: Permit, now_ms: int) -> Settlement:
        """Send one request; what becomes of it.

        Raises:
            CancelledError: It was stopped; ``cancelled`` settles it.
        """
        self.in_flight += 1
        try:
            reply = await self._server.send(
                self._prompt(lease),
                system=lease.system,
                parameters=self._spec.parameters,
                timeout_s=self._limits.timeout_s,
            )
        except ModelServerError as error:
            return self._failed(lease, permit, error, now_ms)
        except InputError as error:
            self._pace.unsent(permit)
            self.end = (RunState.PARTIAL, error.message)  # no request of this run can be made
            return self._judge.not_made(lease, error)
        finally:
            self.in_flight -= 1
        return self._answered(lease, permit, reply)

    async def send_batch(
        self, leases: Sequence[Lease], permits: Sequence[Permit], now_ms: int
    ) -> list[Settlement]:
        """Send several requests together; what becomes of each.

        A batch that is lost is lost as a whole: its requests are tried again at one time, so together.

        Raises:
            CancelledError: It was stopped; ``cancelled`` settles them.
        """
        if self._batches is None or len(leases) == 1:
            return [
                await self.send(lease, permit, now_ms) for lease, permit in zip(leases, permits, strict=True)
            ]
        self.in_flight += len(leases)
        try:
            found: Sequence[Reply | ModelServerError] = await self._batches.send_batch(
                [(self._prompt(lease), lease.system) for lease in leases],
                parameters=self._spec.parameters,
                timeout_s=self._limits.timeout_s,
                max_concurrency=len(leases),
            )
        except ModelServerError as error:
            if error.kind == _NO_BATCH:  # an older server: one by one from here on
                self._batches = None
                for permit in permits:
                    self._pace.unsent(permit)
                return [self._judge.again(lease) for lease in leases]
            found = [error] * len(leases)
        except InputError as error:
            for permit in permits:
                self._pace.unsent(permit)
            self.end = (RunState.PARTIAL, error.message)
            return [self._judge.not_made(lease, error) for lease in leases]
        finally:
            self.in_flight -= len(leases)
        together_ms = self._judge.again_at_ms(leases[0], found[0], now_ms)
        return [
            self._failed(lease, permit, one, now_ms, together_ms)
            if isinstance(one, ModelServerError)
            else self._answered(lease, permit, one)
            for lease, permit, one in zip(leases, permits, found, strict=True)
        ]

    def cancelled(self, lease: Lease, permit: Permit) -> Settlement:
        """Stopped while it was being sent: it may have been paid."""
        self._pace.rejected(time.monotonic(), permit)
        return self._judge.cancelled(lease)

    def _prompt(self, lease: Lease) -> str:
        if lease.feedback is None or self._schema is None:
            return lease.prompt
        return repaired(lease.prompt, lease.feedback)

    def _answered(self, lease: Lease, permit: Permit, reply: Reply) -> Settlement:
        now_s = self._last_contact_s = self._last_answer_s = time.monotonic()
        used = reply.usage
        tokens = (
            None
            if used.input_tokens is None or used.output_tokens is None
            else used.input_tokens + used.output_tokens
        )
        self._pace.answered(now_s, permit, tokens, reply.limits)
        settlement = self._judge.answered(lease, reply)
        if settlement.error_kind == OVER_RESERVED and self._spec.budget_pusd is not None:
            self.end = (RunState.PARTIAL, "the server counts more tokens than were reserved")
        if self._schema is None:
            return settlement
        try:
            self._schema.parse(reply.text)
        except AnswerMismatch as mismatch:
            reason, retries = mismatch.reason, self._spec.schema_retries
            if reply.finish_reason == "length":  # asked again it would be cut again, and paid again
                reason, retries = f"the answer was cut at max_tokens ({self._spec.parameters.max_tokens})", 0
            return self._judge.unfit(lease, settlement, reason, retries)
        return settlement

    def _failed(
        self,
        lease: Lease,
        permit: Permit,
        error: ModelServerError,
        now_ms: int,
        together_ms: int | None = None,
    ) -> Settlement:
        now_s = time.monotonic()
        if isinstance(error, RequestNotSent | OutcomeUnknown):
            self._pace.failed(now_s, permit)
        else:
            self._last_contact_s = now_s
            if isinstance(error, RequestDeferred):
                self._pace.refused(
                    now_s,
                    permit,
                    rate_limited=error.status_code in BUSY_STATUSES,
                    retry_after_s=error.retry_after_s,
                    limits=error.limits,
                )
            else:
                self._pace.rejected(now_s, permit, error.limits)
        silent_s = now_s - self._last_contact_s
        gone = isinstance(error, RequestNotSent) and silent_s > self._limits.unreachable_s
        if gone or error.kind in FATAL_KINDS:
            self.end = (RunState.PARTIAL, error.message)
        elif now_s - self._last_answer_s > self._limits.patience_s:
            minutes = round(self._limits.patience_s / 60)
            self.end = (RunState.PARTIAL, f"no answer for {minutes:,} minutes; the last: {error.message}")
        return self._judge.failed(lease, error, now_ms, together_ms)
