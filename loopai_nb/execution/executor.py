"""The executor: claim, send, record, until nothing waits; the same loop for every face of loopai_nb."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
from typing import TYPE_CHECKING, Any, TypeAlias

from loopai_nb.errors import LedgerError
from loopai_nb.execution.claiming import ChangedRequest, Claiming
from loopai_nb.execution.counts import Counts
from loopai_nb.execution.heartbeat import Heartbeat
from loopai_nb.execution.observing import Observed
from loopai_nb.execution.pausing import Pausing
from loopai_nb.execution.recording import Recorder
from loopai_nb.execution.sending import Sender
from loopai_nb.records import RequestState, RunState
from loopai_nb.resilience.breaker import BreakerState

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from loopai_nb.clients.base import ModelServer
    from loopai_nb.execution.counts import Limits
    from loopai_nb.execution.observing import Observer
    from loopai_nb.execution.outcomes import Judge
    from loopai_nb.execution.pacing import SharedPace
    from loopai_nb.ledger.records import Claim, Lease, Settlement, Wishes
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.planning.plan import PlanSpec
    from loopai_nb.resilience.pace import PaceState, Permit

__all__ = ["Executor"]

_LONGEST_SLEEP_S = 0.5

_DAY_PATIENCE_S = 20.0
"""For other runs to give back what they reserved of the day's budget."""

_log = logging.getLogger(__name__)

_Batch: TypeAlias = "tuple[list[Lease], list[Permit]]"


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
        pace: When the server may be asked; shared with other runs.
        budgeted: Whether the run or the day has a budget.
        observer: Is told of every attempt; None where nobody asks.

    Attributes:
        counts: What is durable so far.
        pausing: Whether a person paused it, or the server holds it up.
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
        pace: SharedPace,
        budgeted: bool = False,
        observer: Observer | None = None,
    ) -> None:
        self.counts = Counts()
        self.pausing = Pausing(ledger, run_id)
        self._run_id = run_id
        self._ledger = ledger
        self._limits = limits
        self._shared = pace
        self._pace = pace.pace
        self._sender = Sender(server, spec, judge, pace.pace, limits, budgeted=budgeted)
        self._recorder = Recorder(
            ledger,
            run_id,
            most_unsynced=limits.concurrency,
            on_safe=self._slots_freed,
            on_recorded=self._account_for,
        )
        self._heartbeat = Heartbeat(
            ledger, run_id, pace, self.pausing, on_wishes=self._obey, sweep=self._start_sweep
        )
        self._observed = Observed(observer)
        self._resend = judge.resend_unknown
        self._wake = asyncio.Event()
        self._claims = Claiming(plan_id, run_id, spec, ledger, self._wake)
        # Of tasks that have not begun. By task: a request may fail and be leased again while the task goes on
        # that sent it first.
        self._unbegun: dict[asyncio.Task[None], _Batch] = {}
        self._unsent: list[Lease] = []
        self._outstanding = 0
        self._without_room_since_s = math.inf
        self._end: tuple[RunState, str] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self._fault: BaseException | None = None
        self._stop_asked = False
        self._began_s = time.monotonic()
        self._took_s: float | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def pace_state(self) -> PaceState:
        """How things stand with the server; a copy that any thread may read."""
        return self._heartbeat.pace_state

    @property
    def in_flight(self) -> int:
        """Requests being sent."""
        return self._sender.in_flight

    @property
    def retries_are_rationed(self) -> bool:
        """Whether requests that failed wait, since retries may be a tenth of the traffic only."""
        return self.pace_state.retries_left < 1 and self._claims.tries_again

    @property
    def active_s(self) -> float:
        """Seconds since this process took it up, without those for which a person had it paused."""
        if self._took_s is not None:
            return self._took_s
        return time.monotonic() - self._began_s - self.pausing.total_s

    def request_stop(self) -> None:
        """Cancel the run from any thread; what is answered is kept."""
        self._stop_asked = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.stop, RunState.CANCELLED, "cancelled")

    def look(self) -> None:
        """Look at once, rather than at the next heartbeat, what the ledger asks; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._heartbeat.look)

    async def drain(self) -> tuple[RunState, str]:
        """Send every request of the plan that has no answer and record each outcome.

        Returns:
            COMPLETED; PARTIAL with its reason (budget, failures, server unreachable); or CANCELLED. In every
            case all that was answered is recorded, and what was leased and not sent is given back.

        Raises:
            LedgerError: A write failed. Nothing more was sent after it.
        """
        self._loop = asyncio.get_running_loop()
        if self._stop_asked:  # before this began; from here on the loop hears of it
            self._end = (RunState.CANCELLED, "cancelled")
        self._shared.watch(self._wake)
        heart, recorder, sending = (
            asyncio.create_task(self._watched(step()))
            for step in (self._heartbeat.run, self._recorder.run, self._send_all)
        )
        try:
            await asyncio.wait({sending, heart, recorder}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self.stop(RunState.CANCELLED, "interrupted")
        finally:
            await self._shut_down(sending, heart, recorder)
            self._took_s = self.active_s
            self._observed.ended()
        for task in (sending, heart, recorder):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error
        if self._fault is not None:
            raise self._fault
        return self._end or (RunState.COMPLETED, "")

    def stop(self, state: RunState, reason: str) -> None:
        """End early: cancel what is in flight. Call it in the executor's loop."""
        if self._end is None:
            self._end = (state, reason)
        for task in self._tasks:
            task.cancel()
        self._wake.set()

    async def _watched(self, step: Coroutine[Any, Any, None]) -> None:
        """Carry out a step; from the moment at which it fails, nothing more is sent."""
        try:
            await step
        except Exception as error:
            self._fault = self._fault or error
            raise

    # Sending

    @property
    def _may_send(self) -> bool:
        return not (
            self._end is not None
            or self._fault is not None
            or self._recorder.error is not None
            or self.pausing.by is not None
            or self._closing
        )

    async def _send_all(self) -> None:
        """Send what is due as fast as the pace allows, until nothing is left or the run has to end."""
        while self._end is None and self._fault is None:
            self._wake.clear()
            if self._claimed() and not await self._left_by_others():
                break
            if self.pausing.by is None:
                wait_s = self._send_what_may_go()
            else:  # what is left is still claimed, in vain: the claim tells when others have done it all
                if self._claims:  # a pause may be long, and what is leased holds others' money
                    await self._claims.give_back()
                wait_s = math.inf
            await self._sleep(min(wait_s, self._claim_ahead()))
        while self._outstanding > 0:  # what is in flight may finish
            self._wake.clear()
            if self._fault is not None and not self._tasks:
                break  # of ours, and nothing that comes will lower the count
            await self._sleep(_LONGEST_SLEEP_S)

    async def _left_by_others(self) -> bool:
        """Whether there is more to do after all: what others left as perhaps paid who worked on this run."""
        if self._end is not None or not self._resend:
            return False
        if not await self._ledger.arevive(self._run_id):
            return False
        self._claims.not_later(0.0)
        return True

    async def _sleep(self, most_s: float) -> None:
        if most_s <= 0:
            await asyncio.sleep(0)
        elif not self._wake.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(most_s, _LONGEST_SLEEP_S)):
                    await self._wake.wait()

    def _send_what_may_go(self) -> float:
        """Begin as many sends as may be; seconds until more may go, infinity where only an event tells."""
        now_s = time.monotonic()
        while self._may_send and self._outstanding < self._limits.concurrency and self._claims:
            batch, wait_s = self._next(now_s)
            if batch is None:
                return wait_s
            task = asyncio.create_task(self._send_on(batch))
            self._tasks.add(task)
            self._unbegun[task] = batch
            task.add_done_callback(self._done)
        return math.inf

    def _next(self, now_s: float) -> tuple[_Batch | None, float]:
        """Take what may be sent now, one or as many as go together; or tell in how many seconds some may."""
        fresh, again = self._claims.fresh, self._claims.again
        again_s = self._pace.wait_s(now_s, again[0][1], retry=True) if again else math.inf
        retry = again_s <= 0
        queue = again if retry else fresh
        if not retry:
            fresh_s = self._pace.wait_s(now_s, queue[0][1], retry=False) if queue else math.inf
            if fresh_s > 0:
                return None, min(again_s, fresh_s)
        leases: list[Lease] = []
        permits: list[Permit] = []
        size, room = self._sender.batch_size, self._limits.concurrency - self._outstanding
        if 2 * room < min(size, len(queue)) and self._waits_for_room(queue[0][0]):
            return None, math.inf
        most = min(size, room)
        while queue and len(leases) < most:
            lease, tokens = queue[0]
            if leases and (
                not self._sender.goes_with(leases, lease) or self._pace.wait_s(now_s, tokens, retry=retry) > 0
            ):
                break
            queue.popleft()
            leases.append(lease)
            permits.append(self._pace.sent(now_s, tokens, retry=retry))
        self._outstanding += len(leases)
        return (leases, permits), 0.0

    def _waits_for_room(self, lease: Lease) -> bool:
        """Whether a batch waits until more slots are free: what goes in a few leaves as few to the next."""
        probes = self._pace.breaker.state is not BreakerState.CLOSED
        return self._outstanding > 0 and not probes and not self._sender.suspects(lease)

    async def _send_on(self, batch: _Batch) -> None:
        """Send a batch, and after it whatever may go in its place, as long as there is something."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  (it was made for this)
        del self._unbegun[task]
        following: _Batch | None = batch
        while following is not None:
            following = await self._attempt(*following)

    async def _attempt(self, leases: list[Lease], permits: list[Permit]) -> _Batch | None:
        """Send a batch; what its slots may send next, None where somebody has to look first."""
        began_ns = self._observed.begun_ns()
        try:
            if len(leases) == 1:
                settled = [await self._sender.send(leases[0], permits[0], self._ledger.now_ms())]
            else:
                settled = await self._sender.send_batch(leases, permits, self._ledger.now_ms())
        except BaseException:  # cancelled, or a fault of ours: it was perhaps sent
            settled = [
                self._sender.cancelled(lease, permit) for lease, permit in zip(leases, permits, strict=True)
            ]
            self._take_in(settled, began_ns)
            raise
        safe = self._take_in(settled, began_ns)
        if self._sender.end is not None and self._end is None:
            self._end = self._sender.end
        return self._following() if safe else None

    def _take_in(self, settled: Sequence[Settlement], began_ns: int) -> bool:
        """Keep what came of a batch; whether it is safe, and its slots are free, already."""
        safe = self._recorder.add(settled)
        if safe:
            self._free_slots(settled)
        self._observed.attempted(settled, began_ns)
        return safe

    def _following(self) -> _Batch | None:
        """What may be sent in the place of what has just been answered, without anybody's being woken."""
        if (
            not self._may_send
            or self._claims.has_news  # it may say that the run has to end
            or self._shared.is_shared  # the others have waited for this
        ):
            return None
        batch, _ = self._next(time.monotonic())
        if batch is not None:
            wait_s = self._send_what_may_go()  # there may be room for more than one now
            if min(wait_s, self._claim_ahead()) < math.inf:
                self._wake.set()
        return batch

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if (batch := self._unbegun.pop(task, None)) is not None:  # cancelled before it began
            leases, permits = batch
            self._unsent += leases
            self._outstanding -= len(leases)
            for permit in permits:
                self._pace.unsent(permit)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fault = self._fault or error
        self._shared.changed(self._wake)
        # A full house waits until answers are safe, which wakes it; it need not look at every single end.
        if self._outstanding < self._limits.concurrency or self._end is not None or self._fault is not None:
            self._wake.set()

    # Claiming

    def _claim_ahead(self) -> float:
        """Claim as much as is wanted soon; see ``Claiming.ahead``."""
        return self._claims.ahead(
            min(self._limits.concurrency, max(self._pace.limit, self._sender.batch_size))
        )

    def _claimed(self) -> bool:
        """Take in what a claim brought; whether nothing is left to do."""
        try:
            claim = self._claims.take()
        except ChangedRequest:
            if self._end is not None:
                return True
            self._end = (RunState.FAILED, "a request was changed after its approval")
            raise
        if claim is None:
            return False
        self.counts.cached += claim.cached
        if claim.taken_over:
            self.stop(RunState.PARTIAL, "another process carries it out")
        elif claim.cancel_requested:
            self.stop(RunState.CANCELLED, "cancelled")
        return self._end is not None or self._after(claim)

    def _after(self, claim: Claim) -> bool:
        """When to claim again; whether nothing is left to do."""
        now_s = time.monotonic()
        mine = self._mine + self._recorder.waiting
        over = claim.over_budget or claim.over_day
        wait_s = _LONGEST_SLEEP_S
        if claim.leases:
            self._without_room_since_s = math.inf
            wait_s = 0.0 if claim.waiting else _LONGEST_SLEEP_S
        elif claim.cached:
            wait_s = 0.0
        elif over and mine == 0 and self._has_no_more_room(claim, now_s):
            self._end = (RunState.PARTIAL, "budget" if claim.over_budget else "the day's budget")
            return True
        elif claim.waiting == 0 and claim.leased == 0 and mine == 0:
            return True
        elif claim.waiting == 0 or claim.due_ms is None or over:
            # Only what is being sent, here or elsewhere, can change it.
            if claim.leased > mine:
                self._heartbeat.sweep()
        elif (due_s := (claim.due_ms - self._ledger.now_ms()) / 1000) > 0:
            wait_s = due_s  # else it is due and not leased: what failed before, of which enough is held
        # A settlement that was recorded while this claim was made may have brought it forward already.
        self._claims.not_later(now_s + wait_s)
        return False

    def _has_no_more_room(self, claim: Claim, now_s: float) -> bool:
        """Whether nobody gives back of a budget what is missing; for the day's, somebody dead may keep it."""
        if claim.reserved_pusd == 0:
            return True
        self._without_room_since_s = min(self._without_room_since_s, now_s)
        return claim.over_day and now_s - self._without_room_since_s > _DAY_PATIENCE_S

    # Recording

    @property
    def _mine(self) -> int:
        """Requests whose outcome is neither known nor safe yet."""
        return self._outstanding + len(self._claims)

    def _free_slots(self, batch: Sequence[Settlement]) -> None:
        # A slot is free when its answer is in a file, not before: a kill loses at most what is in flight.
        self._outstanding -= len(batch)
        if self._limits.stop_on_first_error:
            for settlement in batch:
                if settlement.state is RequestState.FAILED:
                    reason = f"stopped at the first error: {settlement.error or settlement.error_kind}"
                    self._end = self._end or (RunState.PARTIAL, reason)
        if not self._mine:
            self._recorder.hurry()

    def _slots_freed(self, batch: Sequence[Settlement]) -> None:
        self._free_slots(batch)
        self._wake.set()

    def _account_for(self, batch: Sequence[Settlement], warnings: Sequence[str]) -> None:
        for warning in warnings:
            _log.warning("%s: %s", self._run_id, warning)
        self.counts.warnings += warnings
        now_s, now_ms, at_s = time.monotonic(), self._ledger.now_ms(), self.active_s
        for settlement in batch:
            self.counts.add(settlement, at_s)
            self._claims.settled(settlement, now_s, now_ms)
        if not self._mine:
            self._claims.not_later(now_s)
        self._wake.set()

    # Watching

    def _obey(self, wishes: Wishes) -> None:
        """Do what others ask of the run."""
        if wishes.cancel:
            self.stop(RunState.CANCELLED, "cancelled")
        if self.pausing.obey(wishes.paused_by):
            self._sender.rested()
            self._claims.not_later(0.0)
            self._wake.set()

    def _start_sweep(self) -> None:
        """Take back what others held who work on this run as well, where they died."""
        task = asyncio.create_task(self._sweep())
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def _sweep(self) -> None:
        if await self._ledger.asweep(self._run_id, resend=self._resend):
            self._claims.not_later(0.0)
            self._wake.set()

    async def _shut_down(
        self, sending: asyncio.Task[None], heart: asyncio.Task[None], recorder: asyncio.Task[None]
    ) -> None:
        """Settle everything: what is answered is recorded, what was never sent is given back."""
        self._closing = True
        self._shared.unwatch(self._wake)
        for task in (heart, sending, *self._tasks):
            task.cancel()
        await asyncio.gather(sending, *self._tasks, return_exceptions=True)
        await self._claims.finish()
        await self._recorder.finish(recorder)
        # Errors are raised by drain; a lease that can't be written stays, and is swept when we are gone.
        with contextlib.suppress(LedgerError):
            await self._claims.give_back(self._unsent)
