"""A question that waits in the ledger, and whoever decides it: here, in another process, or by a link."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from typing import TYPE_CHECKING

from loopai_nb.errors import InputError, LedgerError
from loopai_nb.pricing import format_usd
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import Any

    from loopai_nb.ledger.records import ApprovalRow
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.planning.plan import Plan

__all__ = ["LOOKS_EVERY_S", "Pending", "decided_text", "is_set_aside", "submit", "title_of"]

LOOKS_EVERY_S = 0.5
"""Between two looks into the ledger whether somebody decided elsewhere."""

STEP_S = 0.2
"""A sleep at most so long: while a loop sleeps, some kernels notice no interrupt."""

AWAY_S = 60.0
"""How long a ledger may be away, busy or restarting, before nobody waits for it any more."""

_WORDS = {
    ApprovalState.APPROVED: "approved",
    ApprovalState.REJECTED: "rejected",
    ApprovalState.TIMEOUT: "not decided in time",
}


class Pending:
    """One question; any thread may decide it, and any number may wait.

    Args:
        ledger: Which has it.
        approval_id: Its id.
        away_s: Seconds for which looks at the ledger may fail while somebody waits.

    Raises:
        InputError: There is none of that id.
    """

    def __init__(self, ledger: Ledger, approval_id: str, *, away_s: float = AWAY_S) -> None:
        self._ledger = ledger
        self._away_s = away_s
        self._away_since_s: float | None = None
        row = ledger.approval(approval_id)
        self.approval_id = approval_id
        self.digest = row.digest
        self.expires_ms = row.expires_ms
        self._lock = threading.Lock()
        self._here = threading.Event()
        self._waiting: list[Callable[[], None]] = []

    @classmethod
    def of_plan(cls, ledger: Ledger, plan: Plan, *, asked_by: str, timeout_s: float) -> Pending:
        """Ask about a plan: from now on anybody may decide it.

        Args:
            ledger: Which has the plan.
            plan: What would be sent.
            asked_by: Name of whoever asks.
            timeout_s: Seconds until nobody has decided.
        """
        return cls(
            ledger,
            ledger.ask_approval(
                digest=plan.digest,
                plan_id=plan.plan_id,
                title=title_of(plan),
                asked_by=asked_by,
                timeout_s=timeout_s,
            ),
        )

    @property
    def row(self) -> ApprovalRow:
        """What the ledger says of it now."""
        return self._ledger.approval(self.approval_id)

    def look(self) -> ApprovalRow | None:
        """What the ledger says of it now; None where it is away for a moment, which is said on stderr.

        Raises:
            LedgerError: It can't be reached for as long as it may be away.
        """
        try:
            row = self.row
        except LedgerError as error:
            with self._lock:
                began_s, now_s = self._away_since_s, time.monotonic()
                self._away_since_s = now_s if began_s is None else began_s
            if now_s - self._away_since_s >= self._away_s:
                raise
            if began_s is None:
                _say(f"{error} It is tried for {self._away_s:.0f} s; {self.approval_id} is waited for.")
            return None
        with self._lock:
            began_s, self._away_since_s = self._away_since_s, None
        if began_s is not None:
            _say(f"The ledger can be read again; {self.approval_id} is waited for.")
        return row

    @property
    def left_s(self) -> float | None:
        """Seconds until it is over, 0 or more; None where it never is."""
        if self.expires_ms is None:
            return None
        return max(0.0, (self.expires_ms - self._ledger.now_ms()) / 1000)

    def decide(
        self,
        state: ApprovalState,
        *,
        decided_by: str,
        means: str,
        feedback: str = "",
        modifications: Mapping[str, Any] | None = None,
    ) -> ApprovalRow:
        """Decide it, unless somebody has; returns what was decided, by whoever was first."""
        self._ledger.decide_approval(
            self.approval_id,
            state,
            decided_by=decided_by,
            means=means,
            feedback=feedback,
            modifications=modifications,
        )
        self._wake()
        return self.row

    def withdraw(self, reason: str) -> None:
        """End it where nobody waits for it any more; what was decided before stays so."""
        self._ledger.decide_approval(
            self.approval_id, ApprovalState.TIMEOUT, decided_by="", means="", feedback=reason
        )
        self._wake()

    def wait(self, timeout_s: float | None = None) -> ApprovalRow:
        """Wait until it is decided or over; an interrupt is noticed at once.

        Args:
            timeout_s: Seconds to wait at most; None: until it is over.

        Returns:
            The row; PENDING only where ``timeout_s`` has passed.

        Raises:
            LedgerError: The ledger stayed away, or was away when ``timeout_s`` had passed.
        """
        end_s = None if timeout_s is None else time.monotonic() + timeout_s
        while (row := self.look()) is None or row.state is ApprovalState.PENDING:
            left_s = LOOKS_EVERY_S if end_s is None else min(LOOKS_EVERY_S, end_s - time.monotonic())
            if left_s <= 0:
                return self.row
            if row is None:
                time.sleep(min(STEP_S, left_s))  # what was decided here wakes nobody before it can be read
            else:
                self._here.wait(self._step_s(left_s))
        return row

    async def until_decided(
        self,
        wait: Callable[[asyncio.Future[None], float], Awaitable[object]] | None = None,
    ) -> ApprovalRow:
        """Wait until it is decided or over, without blocking the loop.

        Args:
            wait: Waits for a future so many seconds at most, letting clicks in meanwhile, such as
                ``Clicks.until``; by default only the loop goes on.

        Raises:
            LedgerError: The ledger stayed away.
        """
        loop = asyncio.get_running_loop()
        decided: asyncio.Future[None] = loop.create_future()

        def finish() -> None:
            if not decided.done():
                decided.set_result(None)

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(finish)

        with self._lock:
            self._waiting.append(wake)
            if self._here.is_set():
                finish()
        try:
            # In a thread: a ledger on another machine may take its time.
            while (row := await asyncio.to_thread(self.look)) is None or row.state is ApprovalState.PENDING:
                step_s = LOOKS_EVERY_S if row is None else self._step_s(LOOKS_EVERY_S)
                # Without the ledger nothing wakes it: what was decided here can't be read yet.
                until = loop.create_future() if row is None else decided
                await (_plainly if wait is None else wait)(until, step_s)
        finally:
            with self._lock:
                self._waiting.remove(wake)
        return row

    def _step_s(self, most_s: float) -> float:
        left_s = self.left_s
        # A moment behind the end, so that the next look finds it over.
        return most_s if left_s is None else min(most_s, left_s + 0.001)

    def _wake(self) -> None:
        with self._lock:
            self._here.set()
            waiting = tuple(self._waiting)
        for wake in waiting:
            wake()


def submit(
    ledger: Ledger,
    name: str,
    state: ApprovalState,
    *,
    decided_by: str,
    means: str,
    feedback: str = "",
    modifications: Mapping[str, Any] | None = None,
) -> ApprovalRow:
    """Decide what waits under an approval's id, a plan's id or a gate's name.

    Returns:
        The row as it was decided.

    Raises:
        InputError: There is none, several wait under one name, or it was decided before; the message says by
            whom.
    """
    row = ledger.find_approval(name, to_decide=True)
    given = row.state is ApprovalState.PENDING and ledger.decide_approval(
        row.approval_id,
        state,
        decided_by=decided_by,
        means=means,
        feedback=feedback,
        modifications=modifications,
    )
    now = ledger.approval(row.approval_id)
    if not given:
        raise InputError(
            f"{row.approval_id} waits no more: it was {decided_text(now)}.", "See them all: %loopai approvals"
        )
    return now


def decided_text(row: ApprovalRow) -> str:
    """What was decided and by whom, as part of a sentence: ``approved by ada (cli)``."""
    said = "set aside" if is_set_aside(row) else _WORDS.get(row.state, "not decided")
    if not row.decided_by:
        return said
    by = f"{said} by {row.decided_by}"
    by = f"{by} ({row.means})" if row.means else by
    return f"{by}: {row.feedback}" if row.feedback else by


def is_set_aside(row: ApprovalRow) -> bool:
    """Whether a plan was refused only for another one that was chosen in its place: a sample, or an edit."""
    in_its_place = {"sample", "plan_id"} & set(row.modifications or ())
    return row.state is ApprovalState.REJECTED and row.kind == "plan" and bool(in_its_place)


def title_of(plan: Plan) -> str:
    """One line about a plan, without anything of its prompts."""
    worst = plan.most_pusd
    cost = "cost unknown" if worst is None else f"at most {format_usd(worst)} USD"
    return f"{plan.to_send:,} of {plan.distinct:,} requests of {plan.frame_name} to {plan.spec.model}, {cost}"


def _say(text: str) -> None:
    if sys.stderr is not None:  # the shell closed it: 2>&-
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


async def _plainly(decided: asyncio.Future[None], timeout_s: float) -> None:
    await asyncio.wait({decided}, timeout=min(STEP_S, timeout_s))
