"""One attempt: send it, tell the pace how it went, and say what it means for the request."""

from __future__ import annotations

import asyncio
import logging
import math
import time
import traceback
from typing import TYPE_CHECKING

from loopai_nb.clients.base import BatchServer
from loopai_nb.errors import (
    InputError,
    ModelServerError,
    OutcomeUnknown,
    RequestDeferred,
    RequestNotSent,
    RequestRejected,
)
from loopai_nb.execution.outcomes import (
    ANSWERED_KINDS,
    BUSY_STATUSES,
    FATAL_KINDS,
    NO_VALUE,
    OVER_RESERVED,
)
from loopai_nb.ledger.claims import CUT
from loopai_nb.prompts.structured import AnswerMismatch, AnswerSchema, repaired
from loopai_nb.records import Reply, RunState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loopai_nb.clients.base import ModelServer
    from loopai_nb.execution.counts import Limits
    from loopai_nb.execution.outcomes import Judge
    from loopai_nb.ledger.records import Lease, Settlement
    from loopai_nb.planning.plan import PlanSpec
    from loopai_nb.resilience.pace import Pace, Permit

__all__ = ["Sender"]

_LONG_ANSWER = 20_000
"""Characters of an answer whose check may take so long that other requests would notice."""

_NO_BATCH = "no_batch"

_REFUSED_UNREAD = frozenset({400, 413, 422})
"""A batch's body is not as the server takes it, so nothing of it was executed: one item may be the reason."""

_log = logging.getLogger(__name__)


class Sender:
    """Carries out attempts of one run, one or a batch at a time.

    Args:
        server: Whom to ask.
        spec: Of the plan.
        judge: What outcomes mean.
        pace: Of the server.
        limits: Deadlines.
        budgeted: Whether the run or the day has a budget.

    Attributes:
        end: How the run has to end because of what came back; None while it may go on.
        in_flight: Requests being sent.
    """

    def __init__(
        self, server: ModelServer, spec: PlanSpec, judge: Judge, pace: Pace, limits: Limits, *, budgeted: bool
    ) -> None:
        self.end: tuple[RunState, str] | None = None
        self.in_flight = 0
        self._server = server
        self._spec = spec
        self._judge = judge
        self._pace = pace
        self._limits = limits
        self._budgeted = budgeted
        schema = spec.parameters.schema
        self._schema = None if schema is None else AnswerSchema.of(dict(schema))
        self._batches = server if isinstance(server, BatchServer) and server.batch_size > 1 else None
        self._suspects: dict[int, int] = {}  # by request: of how many together they may be
        self._silent_since_s = math.inf
        self._silent_at_most_s = limits.unreachable_s
        self._last_answer_s = time.monotonic()

    @property
    def batch_size(self) -> int:
        """Requests that go together at most; 1 where the server takes them one by one."""
        if self._batches is None:
            return 1
        # Two batches share what may be in flight, so that the server need not wait for us between them.
        return max(1, min(self._batches.batch_size, self._limits.concurrency // 2))

    def suspects(self, lease: Lease) -> bool:
        """Whether a request was in a batch that was refused, and goes in a smaller one."""
        return lease.request_no in self._suspects

    def goes_with(self, leases: Sequence[Lease], lease: Lease) -> bool:
        """Whether a request may go with those that are taken already.

        What was in a batch that was refused goes by itself, in halves, until it is known what is not taken.
        """
        if not self._suspects or not leases:
            return True
        first, most = (self._suspects.get(one.request_no) for one in (leases[0], lease))
        if first is None or most is None:
            return first is most
        return len(leases) < min(first, most)

    def rested(self) -> None:
        """A person had it paused: what the server did not say meanwhile counts for nothing."""
        self._silent_since_s = math.inf
        self._last_answer_s = time.monotonic()

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
        except Exception as exc:  # noqa: BLE001  (a client's border: one answer must not end the run)
            return self._failed(lease, permit, _fault(exc), now_ms)
        finally:
            self.in_flight -= 1
        return self._answered(lease, permit, reply, await self._read(reply))

    async def send_batch(
        self, leases: Sequence[Lease], permits: Sequence[Permit], now_ms: int
    ) -> list[Settlement]:
        """Send several requests together; what becomes of each.

        A batch that is lost is lost as a whole: its requests are tried again at one time, so together. One
        that is refused for what it holds goes out again in smaller ones, until a request that the server does
        not take is refused alone.

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
        except Exception as exc:  # noqa: BLE001  (as in send)
            found = [_fault(exc)] * len(leases)
        finally:
            self.in_flight -= len(leases)
        return await self._came_of(leases, permits, found, now_ms)

    async def _came_of(
        self,
        leases: Sequence[Lease],
        permits: Sequence[Permit],
        found: Sequence[Reply | ModelServerError],
        now_ms: int,
    ) -> list[Settlement]:
        """What became of each request of a batch, by what came back for it."""
        refused = _refused_together(found)
        first = found[0]
        together_ms = None
        if not refused and isinstance(first, ModelServerError) and all(one is first for one in found):
            together_ms = self._judge.again_at_ms(leases[0], first, now_ms)
            for permit in permits[1:]:  # one loss, not as many as there are items
                self._pace.dropped(permit)
        settled = []
        for lease, permit, one in zip(leases, permits, found, strict=True):
            if isinstance(one, Reply):
                settled.append(self._answered(lease, permit, one, await self._read(one)))
            elif (items := refused.get(id(one))) is not None:
                self._suspects[lease.request_no] = max(1, len(items) // 2)
                settled.append(self._refused(lease, permit, one, is_first=lease is leases[items[0]]))
            else:
                settled.append(self._failed(lease, permit, one, now_ms, together_ms))
        return settled

    def _refused(
        self, lease: Lease, permit: Permit, error: ModelServerError, *, is_first: bool
    ) -> Settlement:
        self._heard()
        if is_first:
            self._pace.rejected(time.monotonic(), permit, error.limits)
        else:  # they went in one HTTP request
            self._pace.unsent(permit)
        return self._judge.in_another_batch(lease, error)

    def cancelled(self, lease: Lease, permit: Permit) -> Settlement:
        """Stopped while it was being sent: it may have been paid."""
        self._pace.dropped(permit)
        return self._judge.cancelled(lease)

    def _heard(self) -> None:
        self._silent_since_s, self._silent_at_most_s = math.inf, self._limits.outage_s

    def _prompt(self, lease: Lease) -> str:
        if lease.feedback is None or self._schema is None:
            return lease.prompt
        return repaired(lease.prompt, lease.feedback)

    async def _read(self, reply: Reply) -> tuple[object, str]:
        """The JSON value of an answer that has to be one, and why it does not fit; a long one in a thread."""
        if self._schema is None:
            return NO_VALUE, ""
        if len(reply.text) < _LONG_ANSWER:
            return _parsed(self._schema, reply.text)
        return await asyncio.to_thread(_parsed, self._schema, reply.text)

    def _answered(self, lease: Lease, permit: Permit, reply: Reply, read: tuple[object, str]) -> Settlement:
        now_s = self._last_answer_s = time.monotonic()
        self._heard()
        self._suspects.pop(lease.request_no, None)
        used = reply.usage
        tokens = (
            None
            if used.input_tokens is None or used.output_tokens is None
            else used.input_tokens + used.output_tokens
        )
        self._pace.answered(now_s, permit, tokens, reply.limits)
        value, misfit = read
        settlement = self._judge.answered(lease, reply, value)
        if settlement.error_kind == OVER_RESERVED and self._budgeted:
            self.end = (RunState.PARTIAL, "the server counts more tokens than were reserved")
        if not misfit:
            return settlement
        retries = self._spec.schema_retries
        if reply.finish_reason == "length":  # asked again it would be cut again, and paid again
            misfit, retries = f"{CUT} ({self._spec.parameters.max_tokens})", 0
        return self._judge.unfit(lease, settlement, misfit, retries)

    def _failed(
        self,
        lease: Lease,
        permit: Permit,
        error: ModelServerError,
        now_ms: int,
        together_ms: int | None = None,
    ) -> Settlement:
        now_s = time.monotonic()
        if isinstance(error, RequestNotSent | OutcomeUnknown) and error.kind not in ANSWERED_KINDS:
            self._pace.failed(now_s, permit)
        else:
            self._heard()
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
        gone = False
        if isinstance(error, RequestNotSent):
            # From the first that did not reach it: before that we may have kept silent ourselves.
            self._silent_since_s = min(self._silent_since_s, now_s)
            gone = now_s - self._silent_since_s > self._silent_at_most_s
        if gone or error.kind in FATAL_KINDS:
            self.end = (RunState.PARTIAL, error.message)
        elif now_s - self._last_answer_s > self._limits.patience_s:
            minutes = round(self._limits.patience_s / 60)
            self.end = (RunState.PARTIAL, f"no answer for {minutes:,} minutes; the last: {error.message}")
        return self._judge.failed(lease, error, now_ms, together_ms)


def _refused_together(found: Sequence[Reply | ModelServerError]) -> dict[int, list[int]]:
    """Places of the requests that one refusal is about, by its identity: any of them may be the reason."""
    items: dict[int, list[int]] = {}
    for n, one in enumerate(found):
        if (
            isinstance(one, RequestRejected)
            and one.status_code in _REFUSED_UNREAD
            and one.kind not in FATAL_KINDS
        ):
            items.setdefault(id(one), []).append(n)
    return {name: places for name, places in items.items() if len(places) > 1}


def _parsed(schema: AnswerSchema, text: str) -> tuple[object, str]:
    try:
        return schema.parse(text), ""
    except AnswerMismatch as mismatch:
        return NO_VALUE, mismatch.reason


def _fault(exc: Exception) -> OutcomeUnknown:
    """What a client raised that it should not have: one request's end, rather than the run's."""
    # Where, and not what it said: that may quote the answer.
    where = "".join(traceback.format_tb(exc.__traceback__)[-3:])
    _log.error("A client failed with %s:\n%s", type(exc).__name__, where)
    return OutcomeUnknown(f"The client could not tell what came of it ({type(exc).__name__}).", kind="client")
