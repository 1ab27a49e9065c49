"""Asking the person at the keyboard: by the approval widget where clicks reach us, else by a question."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from IPython.core.error import StdinNotImplementedError

from loopai_nb.approval.pending import Pending, decided_text
from loopai_nb.errors import InputError, LoopaiNbError
from loopai_nb.notebook.approval_desk import ApprovalDesk
from loopai_nb.notebook.deciding import decide_by
from loopai_nb.notebook.plan_card import FoldedPlan
from loopai_nb.notebook.shown import Sentences, Stack
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping

    from loopai_nb.approval.gate import Decision
    from loopai_nb.ledger.records import ApprovalRow
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.notebook.approval_desk import Change, Choice, Source
    from loopai_nb.notebook.plan_card import PlanCard
    from loopai_nb.notebook.plan_figures import Press
    from loopai_nb.notebook.progress import Spot
    from loopai_nb.notebook.resident import Resident
    from loopai_nb.notebook.shown import Shown
    from loopai_nb.notebook.waiting import Clicks
    from loopai_nb.notebook.widgets.approval import ApprovalPanel
    from loopai_nb.planning.plan import Plan

__all__ = ["Asked", "WidgetAsking", "ask_person", "read_decision", "reader", "waits_as"]

MET_WITHIN_S = 15.0
"""A front end that has not said by then that it shows the widget has none, or its clicks don't reach us."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking.

    Attributes:
        plan: What was decided on; another one than was asked about, where the person had it changed.
        pending: Its question in the ledger.
        row: How that was decided; PENDING where no front end showed the widget.
        change: How the plan was changed; None where it was not.
        sample: So many rows are to be sent first; the question itself is then withdrawn.
    """

    plan: Plan
    pending: Pending
    row: ApprovalRow
    change: Change | None = None
    sample: int | None = None


class WidgetAsking:
    """Asks about one plan by the approval widget, while clicks reach Python.

    The question is in the ledger all the while, where others may decide it: whoever is first has decided.

    Args:
        plan: What would be sent.
        card: Makes the box of a plan, which takes the widget's place afterwards.
        ledger: Which has the plan.
        press: For its numbers.
        source: How it can be made again.
        user: Name of the person, for the ledger.
        timeout_s: After so many seconds nobody has decided: TIMEOUT.
        follows: A person has just answered another question of the same cell.
        met_within_s: After so many seconds without a word of a front end, none shows the widget.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        card: Callable[[Plan], PlanCard],
        ledger: Ledger,
        press: Press,
        source: Source,
        user: str,
        timeout_s: float,
        follows: bool = False,
        met_within_s: float = MET_WITHIN_S,
    ) -> None:
        self._first = self._plan = plan
        self._card = card
        self._ledger = ledger
        self._user = user
        self._met = False
        self._met_within_s = met_within_s
        self._turn = threading.Lock()  # of looking at the question, and of putting another one in its place
        self._pending = Pending.of_plan(ledger, plan, asked_by=user, timeout_s=timeout_s)
        self._resident: Resident | None = None
        self._stays: Shown | None = None
        self._desk = ApprovalDesk(
            plan,
            ledger=ledger,
            press=press,
            source=source,
            left_s=lambda: self._pending.left_s or 0.0,
            chosen=self._chosen,
            replaced=self._replaced,
            follows=follows,
        )

    async def ask(self, where: Spot, clicks: Clicks) -> Asked:
        """Show the widget and wait; static HTML takes its place afterwards, and in a notebook saved before.

        Args:
            where: Where it is shown.
            clicks: Waits for them.

        Raises:
            asyncio.CancelledError: ■ was pressed; nothing was approved.
        """
        from loopai_nb.notebook.resident import Resident

        self._resident = Resident(self._panel, self._page, self._end, where.open)
        try:
            row = await self._decided(clicks)
            plan = self._desk.plan
            change = None if plan is self._first else self._desk.change
            asked = Asked(plan, self._pending, row, change, _sample_of(row))
            self._stays = self._card(plan) if row.state is ApprovalState.PENDING else self._folded(asked)
        except BaseException:
            self._stop("stopped before a decision")
            raise
        finally:
            self._desk.close()
            self._resident.close()
        return asked

    def _panel(self, more: Mapping[str, Callable[[dict[str, Any]], Any]]) -> ApprovalPanel:
        from loopai_nb.notebook.widgets.approval import ApprovalPanel

        return ApprovalPanel({**self._desk.handlers, **more}, met=self._is_met)

    def _page(self) -> Shown:
        """What a notebook shows that is saved now."""
        if self._stays is not None:
            return self._stays
        waits = waits_as(f"Plan {self._plan.plan_id}", self._pending.approval_id)
        return Stack(waits, self._card(self._plan))

    def _end(self) -> None:
        """It was decided; or the kernel ends before that."""
        if self._stays is None:
            self._stop("its kernel ended before a decision")

    def _stop(self, why: str) -> None:
        """Withdraw the question: nobody waits for it any more, so who approved it would approve nothing."""
        self._stays = Sentences(f"Plan {self._plan.plan_id}: {why}. Nothing was sent.")
        with contextlib.suppress(LoopaiNbError):  # an interrupt stays one where the ledger is away
            self._pending.withdraw(why)

    async def _decided(self, clicks: Clicks) -> ApprovalRow:
        patience_s = time.monotonic() + self._met_within_s

        async def step(decided: asyncio.Future[None], timeout_s: float) -> None:
            if not self._met and time.monotonic() > patience_s:
                raise _NobodySeesItError
            await clicks.until(decided, timeout_s)

        while True:
            pending = self._pending
            try:
                row = await pending.until_decided(step)
            except _NobodySeesItError:
                return pending.row
            with self._turn:
                if self._pending is pending:
                    if row.state is ApprovalState.TIMEOUT:  # as it is read; now it is written, too
                        pending.withdraw("")
                    return row

    def _chosen(self, choice: Choice) -> None:
        """Decide as the person said; if somebody was faster, that holds."""
        if choice.sample is None:
            self._decide(choice.state, choice.feedback)
            return
        self._decide(ApprovalState.REJECTED, f"{choice.sample:,} rows first", {"sample": choice.sample})

    def _decide(
        self, state: ApprovalState, feedback: str, modifications: Mapping[str, Any] | None = None
    ) -> ApprovalRow:
        return self._pending.decide(
            state, decided_by=self._user, means="widget", feedback=feedback, modifications=modifications
        )

    def _replaced(self, plan: Plan, change: Change) -> None:
        """Withdraw the question for that of another plan.

        Raises:
            InputError: Somebody has decided it meanwhile.
        """
        said = f"changed into plan {plan.plan_id}"
        changed = {
            "plan_id": plan.plan_id,
            "template": change.template,
            "system": change.system,
            "leave_out": sorted(change.leave_out),
        }
        with self._turn:
            left_s = self._pending.left_s or 0.001
            row = self._decide(ApprovalState.REJECTED, said, changed)
            if (row.feedback, row.decided_by) != (said, self._user):
                raise InputError("It was decided elsewhere meanwhile.")
            self._pending = Pending.of_plan(self._ledger, plan, asked_by=self._user, timeout_s=left_s)
            self._plan = plan
        if self._resident is not None:
            self._resident.refresh()

    def _is_met(self) -> None:
        self._met = True

    def _folded(self, asked: Asked) -> FoldedPlan:
        """What stays in the notebook: one line, and behind it what was decided on."""
        plan, before = asked.plan, self._first
        notes = [f"digest {plan.digest}"]
        if plan is not before:
            notes.append(f"in the place of plan {before.plan_id}, digest {before.digest}")
        return FoldedPlan(self._card(plan), plan, _said(asked), notes)


class _NobodySeesItError(Exception):
    """No front end shows the widget."""


def waits_as(title: str, approval_id: str) -> Sentences:
    """What a notebook says of a question that was waited for when it was saved."""
    return Sentences(
        f"{title} waited for a decision as {approval_id} when this was saved.",
        f"While its cell waits: %loopai approve {approval_id} elsewhere, or loopai-nb approve {approval_id}",
        "Where its kernel has ended nothing was done: run the cell again.",
    )


def _sample_of(row: ApprovalRow) -> int | None:
    """How many rows a person at the widget wants first, by what the ledger has as the decision.

    Not by what was clicked: where somebody else was faster, theirs is the decision.
    """
    sample: int | None = (row.modifications or {}).get("sample") if row.means == "widget" else None
    return sample


def _said(asked: Asked) -> str:
    row = asked.row
    if asked.sample is not None:
        return f"{asked.sample:,} rows first, said {row.decided_by}"
    said = decided_text(row)
    return said.replace(" (widget)", "") if row.means == "widget" else said


def ask_person(plan: Plan, card: PlanCard, where: Spot, shell: Any, user: str) -> Decision:
    """Show a plan and ask about it in words.

    Args:
        plan: What would be sent.
        card: Its box.
        where: Where it is shown.
        shell: IPython's, whose front end is asked.
        user: Name of the person, for the ledger.

    Returns:
        APPROVED or REJECTED by the person; PENDING where nobody can answer.
    """
    where.open(card)
    decision = read_decision(plan, shell, user)
    if decision.state is ApprovalState.APPROVED:
        where.fold(FoldedPlan(card, plan, f"approved by {user}"))
    elif decision.state is ApprovalState.REJECTED:
        where.fold(FoldedPlan(card, plan, f"rejected by {user}"))
    return decision


def read_decision(plan: Plan, shell: Any, user: str) -> Decision:
    """Read yes or no from the front end; "n too dear" gives the reason along."""
    return decide_by(reader(shell), plan, user)


def reader(shell: Any) -> Callable[[str], str | None]:
    """What asks the person at the keyboard; it returns None where nobody is there or answers."""
    return _read if _somebody_is_there(shell) else lambda _: None


def _read(question: str) -> str | None:
    try:
        return input(question)
    except (StdinNotImplementedError, EOFError):
        return None


def _somebody_is_there(shell: Any) -> bool:
    """A kernel tells by itself whether its front end can be asked; elsewhere it takes a terminal."""
    return getattr(shell, "kernel", None) is not None or (sys.stdin is not None and sys.stdin.isatty())
