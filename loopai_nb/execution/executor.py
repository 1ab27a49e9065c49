"""The executor: claim, send, record, until nothing waits; the same loop for every face of loopai_nb."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loopai_nb.errors import (
    InputError,
    LedgerError,
    ModelServerError,
    OutcomeUnknown,
    RequestDeferred,
    RequestNotSent,
)
from loopai_nb.execution.outcomes import FATAL_KINDS, OVER_RESERVED
from loopai_nb.planning.plan import ContentKeys, worst_case_of
from loopai_nb.records import Outcome, RequestState, RunState

if TYPE_CHECKING:
    from loopai_nb.clients.base import ModelServer
    from loopai_nb.execution.outcomes import Judge
    from loopai_nb.ledger.records import Lease, Settlement
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.planning.plan import PlanSpec

__all__ = ["Counts", "Executor", "Limits"]

HEARTBEAT_S = 0.5
"""How often this process says that it lives, and looks whether a cancel was asked for from elsewhere."""

_MOST_PER_CLAIM = 500
_LONGEST_SLEEP_S = 0.5
_BUSY_STATUSES = frozenset({429, 503, 529})


@dataclass(frozen=True, slots=True)
class Limits:
    """How hard the server may be pressed.

    Attributes:
        concurrency: Requests in flight at most.
        timeout_s: Total deadline of one request, seconds.
        unreachable_s: Seconds without any contact after which the run stops and leaves the rest for a resume.
    """

    concurrency: int = 32
    timeout_s: float = 300.0
    unreachable_s: float = 10.0


@dataclass(slots=True)
class Counts:
    """What this process has recorded of the run; only what is durable is counted.

    Attributes:
        answered: Requests answered by the server.
        cached: Requests that another run answered meanwhile.
        failed: Requests given up.
        retried: Attempts that will be made again.
        spent_pusd: Picodollars charged.
        in_flight: Requests being sent.
        latencies_ms: Of the answers, in order of arrival.
        held_until_s: Monotonic time before which nothing is sent because the server asked so; 0 where free.
    """

    answered: int = 0
    cached: int = 0
    failed: int = 0
    retried: int = 0
    spent_pusd: int = 0
    in_flight: int = 0
    latencies_ms: list[float] = field(default_factory=list)
    held_until_s: float = 0.0


class Executor:
    """Carries out one run once, in the loop in which ``drain`` is awaited.

    Args:
        plan_id: An approved plan's id.
        run_id: The run that spent its approval.
        spec: The plan's spec; a request whose content does not give its key is not sent.
        ledger: Where it is recorded.
        server: Whom to ask.
        limits: How hard.
        judge: What outcomes mean.
    """

    def __init__(
        self,
        *,
        plan_id: str,
        run_id: str,
        spec: PlanSpec,
        ledger: Ledger,
        server: ModelServer,
        limits: Limits,
        judge: Judge,
    ) -> None:
        self.counts = Counts()
        self._plan_id = plan_id
        self._run_id = run_id
        self._content_key = ContentKeys(spec)
        self._spec = spec
        self._ledger = ledger
        self._server = server
        self._limits = limits
        self._judge = judge
        self._leases: collections.deque[Lease] = collections.deque()
        self._unchecked: list[Lease] = []
        self._unrecorded: list[Settlement] = []
        self._claiming = asyncio.Lock()
        self._changed = asyncio.Event()
        self._recorded = asyncio.Event()
        self._commit: asyncio.Future[None]
        self._last_contact_s = time.monotonic()
        self._end: tuple[RunState, str] | None = None
        self._workers: list[asyncio.Task[None]] = []
        self._claim_task: asyncio.Future[float | None] | None = None
        self._stopping = False
        self._stop_asked = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def request_stop(self) -> None:
        """Cancel the run from any thread; what is answered is kept."""
        self._stop_asked = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.stop, RunState.CANCELLED, "cancelled")

    async def drain(self) -> tuple[RunState, str]:
        """Send every request of the plan that has no answer and record each outcome.

        Returns:
            COMPLETED; PARTIAL with its reason (budget, failures, server unreachable); or CANCELLED. In every
            case all that was answered is recorded, and what was leased and not sent is given back.

        Raises:
            LedgerError: A write failed. Nothing more was sent after it.
        """
        self._loop = asyncio.get_running_loop()
        self._commit = self._loop.create_future()
        if self._stop_asked:  # before this began; from here on the loop hears of it
            self._end = (RunState.CANCELLED, "cancelled")
        watchers = [asyncio.create_task(self._heartbeat()), asyncio.create_task(self._record_all())]
        self._workers = [asyncio.create_task(self._work()) for _ in range(self._limits.concurrency)]
        try:
            await self._until_over(set(self._workers), watchers)
        except asyncio.CancelledError:
            self.stop(RunState.CANCELLED, "interrupted")
        finally:
            await self._shut_down(*watchers)
        for task in (*watchers, *self._workers):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error
        return self._end or (RunState.COMPLETED, "")

    @staticmethod
    async def _until_over(pending: set[asyncio.Task[None]], watchers: list[asyncio.Task[None]]) -> None:
        """Wait until every worker is done, or one of them or of the watchers failed."""
        while pending:
            done, _ = await asyncio.wait({*pending, *watchers}, return_when=asyncio.FIRST_COMPLETED)
            if not done.isdisjoint(watchers) or any(not t.cancelled() and t.exception() for t in done):
                return
            pending -= done

    def stop(self, state: RunState, reason: str) -> None:
        """End early: cancel what is in flight. Call it in the executor's loop."""
        if self._end is None:
            self._end = (state, reason)
        for worker in self._workers:
            worker.cancel()

    async def _shut_down(self, heart: asyncio.Task[None], recorder: asyncio.Task[None]) -> None:
        """Settle everything: what is answered is recorded, what was never sent is given back."""
        heart.cancel()
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        # Errors are raised by drain; here a lease that can't be written stays, and is swept when we are gone.
        with contextlib.suppress(LedgerError):
            if self._claim_task is not None:
                await self._claim_task
        self._stopping = True
        self._recorded.set()
        with contextlib.suppress(LedgerError):
            await recorder
        with contextlib.suppress(LedgerError):
            if self._unrecorded:
                await self._record()
            if unsent := [*self._leases, *self._unchecked]:
                await self._ledger.arelease(self._run_id, unsent)

    async def _work(self) -> None:
        while (lease := await self._next()) is not None:
            settlement = await self._attempt(lease)
            self._unrecorded.append(settlement)
            self._recorded.set()
            # The slot is free when its answer is durable, not before: a kill loses at most what is in flight.
            await asyncio.shield(self._commit)

    async def _next(self) -> Lease | None:
        """The next request that may be sent now; None where nothing is left to do."""
        while True:
            if self._end is not None:
                return None
            held_s = self.counts.held_until_s - time.monotonic()
            if held_s > 0:
                await asyncio.sleep(min(held_s, _LONGEST_SLEEP_S))
                continue
            if self._leases:
                return self._leases.popleft()
            async with self._claiming:
                if self._leases or self._end is not None:
                    continue
                # Shielded: a claim whose worker is cancelled still brings leases that must be given back.
                self._claim_task = asyncio.ensure_future(self._claim())
                wait_s = await asyncio.shield(self._claim_task)
            if wait_s is None:
                return None
            if wait_s > 0:
                self._changed.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), min(wait_s, _LONGEST_SLEEP_S))

    async def _claim(self) -> float | None:
        """Lease the next chunk; seconds to wait where nothing is due, None where nothing is left."""
        n = min(2 * self._limits.concurrency, _MOST_PER_CLAIM)
        claim = await self._ledger.aclaim(self._run_id, n)
        self._unchecked = list(claim.leases)  # first of all: every way out of here gives them back
        self.counts.cached += claim.cached
        if claim.taken_over:
            self.stop(RunState.PARTIAL, "another process carries it out")
        elif claim.cancel_requested:
            self.stop(RunState.CANCELLED, "cancelled")
        if self._end is not None:
            return None
        # The claim is durable before we send: a crash leaves a leased row whose owner is gone, not a paid
        # request that nobody knows of.
        for lease in claim.leases:
            self._check_unchanged(lease)
        self._leases.extend(self._unchecked)
        self._unchecked = []
        if claim.leases or claim.cached:
            return 0.0
        if claim.over_budget and claim.leased == 0:
            self._end = (RunState.PARTIAL, "budget")
            return None
        if claim.waiting == 0 and claim.leased == 0:
            return None
        if claim.due_ms is None or claim.over_budget:
            return _LONGEST_SLEEP_S
        return max((claim.due_ms - self._ledger.now_ms()) / 1000, 0.01)

    def _check_unchanged(self, lease: Lease) -> None:
        key = self._content_key(lease.prompt, lease.system)
        worst = worst_case_of(self._spec, lease.prompt, lease.system)
        if (key, worst) != (lease.key, lease.worst_case_pusd):
            self._end = (RunState.FAILED, "a request was changed after its approval")
            raise LedgerError(
                f"A request of plan {self._plan_id} was changed after its approval.",
                "Nothing of it was sent. Make the plan again.",
            )

    async def _attempt(self, lease: Lease) -> Settlement:
        self.counts.in_flight += 1
        try:
            reply = await self._server.send(
                lease.prompt,
                system=lease.system,
                parameters=self._spec.parameters,
                timeout_s=self._limits.timeout_s,
            )
        except ModelServerError as error:
            return self._failed(lease, error)
        except InputError as error:
            self._end = (RunState.PARTIAL, error.message)  # no request of this run can be made
            return self._judge.not_made(lease, error)
        except BaseException:  # cancelled, or a fault of ours: it was perhaps sent
            self._unrecorded.append(self._judge.cancelled(lease))
            raise
        finally:
            self.counts.in_flight -= 1
        self._last_contact_s = time.monotonic()
        settlement = self._judge.answered(lease, reply)
        if settlement.error_kind == OVER_RESERVED and self._spec.budget_pusd is not None:
            self._end = (RunState.PARTIAL, "the server counts more tokens than were reserved")
        return settlement

    def _failed(self, lease: Lease, error: ModelServerError) -> Settlement:
        settlement = self._judge.failed(lease, error, self._ledger.now_ms())
        now_s = time.monotonic()
        if not isinstance(error, RequestNotSent | OutcomeUnknown):
            self._last_contact_s = now_s
        busy = isinstance(error, RequestDeferred) and (
            error.retry_after_s is not None or error.status_code in _BUSY_STATUSES
        )
        if busy or isinstance(error, RequestNotSent):
            # Everybody waits, not only this request: the server can't now. A plain 500 is one request's own.
            delay_s = settlement.not_before_ms / 1000 - self._ledger.now_ms() / 1000
            self.counts.held_until_s = max(self.counts.held_until_s, now_s + min(delay_s, 300.0))
        silent_s = now_s - self._last_contact_s
        gone = isinstance(error, RequestNotSent) and silent_s > self._limits.unreachable_s
        if gone or error.kind in FATAL_KINDS:
            self._end = (RunState.PARTIAL, error.message)
        return settlement

    async def _record_all(self) -> None:
        """Group commit: what arrives while one commit is under way goes into the next one together."""
        while not (self._stopping and not self._unrecorded):
            await self._recorded.wait()
            self._recorded.clear()
            if self._unrecorded:
                await self._record()
            if self._stopping:
                self._recorded.set()

    async def _record(self) -> None:
        batch, self._unrecorded = self._unrecorded, []
        committed, self._commit = self._commit, asyncio.get_running_loop().create_future()
        try:
            await self._ledger.arecord(self._run_id, batch)
        except LedgerError:
            self._unrecorded = batch + self._unrecorded
            raise
        for settlement in batch:
            self._count(settlement)
        committed.set_result(None)
        self._changed.set()

    def _count(self, settlement: Settlement) -> None:
        counts = self.counts
        counts.spent_pusd += settlement.cost_pusd
        if settlement.outcome is Outcome.ANSWERED:
            counts.answered += 1
            counts.latencies_ms.append(settlement.latency_ms or 0.0)
        elif settlement.state is RequestState.WAITING:
            counts.retried += 1
        else:
            counts.failed += 1

    async def _heartbeat(self) -> None:
        while True:  # until drain cancels it
            await asyncio.sleep(HEARTBEAT_S)
            if await self._ledger.aheartbeat(self._run_id):
                self.stop(RunState.CANCELLED, "cancelled")
