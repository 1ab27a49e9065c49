"""What a run has leased and not sent yet: claimed ahead, and looked at before anything of it is sent."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import math
import time
from typing import TYPE_CHECKING

from loopai_nb.errors import LedgerError
from loopai_nb.planning.plan import Requests
from loopai_nb.records import Outcome, RequestState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loopai_nb.ledger.records import Claim, Lease, Settlement
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.planning.plan import PlanSpec

__all__ = ["ChangedRequest", "Claiming"]

_MOST_PER_CLAIM = 500


class ChangedRequest(LedgerError):
    """A request is not what was approved."""


class Claiming:
    """Claims requests for one run, so that the next ones are there when they are wanted.

    Args:
        plan_id: Whose requests.
        run_id: For which run.
        spec: The plan's spec; a request whose content does not give its key is refused.
        ledger: Where they are.
        wake: Set when a claim has come back.

    Attributes:
        fresh: Leases to be sent, in order, each with the tokens that it may come to.
        again: The same of those that failed in this process before.
    """

    def __init__(
        self, plan_id: str, run_id: str, spec: PlanSpec, ledger: Ledger, wake: asyncio.Event
    ) -> None:
        self.fresh: collections.deque[tuple[Lease, int]] = collections.deque()
        self.again: collections.deque[tuple[Lease, int]] = collections.deque()
        self._plan_id = plan_id
        self._run_id = run_id
        self._of_request = Requests(spec)
        self._max_tokens = spec.parameters.max_tokens
        self._ledger = ledger
        self._wake = wake
        self._unchecked: list[Lease] = []
        self._failed_here: set[int] = set()
        self._claiming: asyncio.Task[Claim] | None = None
        self._at_s = 0.0

    def __len__(self) -> int:
        return len(self.fresh) + len(self.again)

    @property
    def has_news(self) -> bool:
        """Whether a claim has come back that nobody has taken in yet."""
        return self._claiming is not None and self._claiming.done()

    @property
    def tries_again(self) -> bool:
        """Whether requests that failed in this process are still open."""
        return bool(self._failed_here)

    def ahead(self, most: int) -> float:
        """Begin a claim where the leases run low.

        Args:
            most: Leases that are wanted soon. What is leased counts as perhaps paid when this process is
                killed, so that no more is claimed.

        Returns:
            Seconds until one is due; infinity where none is, or one is under way.
        """
        if self._claiming is not None or len(self.fresh) > most // 2:
            return math.inf
        # What failed before may have to wait for the pace: no more of it is held than could be sent at once.
        fresh_only = len(self.again) > most // 2
        due_s = self._at_s - time.monotonic()
        if due_s > 0:
            return due_s
        n = min(most, _MOST_PER_CLAIM)
        self._at_s = math.inf
        self._claiming = asyncio.create_task(self._ledger.aclaim(self._run_id, n, fresh_only=fresh_only))
        self._claiming.add_done_callback(lambda _: self._wake.set())
        return math.inf

    def not_later(self, at_s: float) -> None:
        """Let the next claim be due at this time (monotonic seconds), if not before."""
        self._at_s = min(self._at_s, at_s)

    def take(self) -> Claim | None:
        """Take in what a claim brought; None where none has come back.

        Raises:
            LedgerError: The claim failed.
            ChangedRequest: What it brought is not what was approved.
        """
        if self._claiming is None or not self._claiming.done():
            return None
        task, self._claiming = self._claiming, None
        claim = task.result()
        self._unchecked = list(claim.leases)  # first of all: every way out of here gives them back
        # The claim is durable before we send: a crash leaves a leased row whose owner is gone, not a paid
        # request that nobody knows of.
        checked = [(lease, self._check_unchanged(lease)) for lease in claim.leases]
        for lease, tokens in checked:
            queue = self.again if lease.request_no in self._failed_here else self.fresh
            queue.append((lease, tokens))
        self._unchecked = []
        return claim

    def settled(self, settlement: Settlement, now_s: float, now_ms: int) -> None:
        """Take in what became of a request: one that waits for another try is claimed when that is due."""
        number = settlement.lease.request_no
        if settlement.state is not RequestState.WAITING:
            self._failed_here.discard(number)
            return
        self.not_later(now_s + max(0.0, (settlement.not_before_ms - now_ms) / 1000))
        if settlement.outcome is not Outcome.NOT_SENT and not settlement.mismatch:
            self._failed_here.add(number)

    async def give_back(self, further: Iterable[Lease] = ()) -> None:
        """Give back what is leased and not sent, and further leases."""
        self._unchecked += [lease for lease, _ in (*self.fresh, *self.again)]  # as long as it is under way
        self._unchecked += further
        self.fresh.clear()
        self.again.clear()
        if self._unchecked:
            await self._ledger.arelease(self._run_id, self._unchecked)
            self._unchecked = []

    async def finish(self) -> None:
        """Wait for the claim that is under way; what it brings is not looked at any more."""
        # Errors are the run's to raise; here a lease that can't be read stays, and is swept when we are gone.
        with contextlib.suppress(LedgerError):
            if self._claiming is not None:
                self._unchecked += (await self._claiming).leases

    def _check_unchanged(self, lease: Lease) -> int:
        """Tokens that a request may come to, after a look whether it is still what was approved."""
        key, _, tokens, worst = self._of_request(lease.prompt, lease.system, lease.copy)
        if (key, worst) != (lease.key, lease.worst_case_pusd):
            raise ChangedRequest(
                f"A request of plan {self._plan_id} was changed after its approval.",
                "Nothing of it was sent. Make the plan again.",
            )
        return tokens + self._max_tokens
