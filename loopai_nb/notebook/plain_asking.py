"""Asking in words below a plan, and showing a plan that nobody is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.approval.pending import decided_text
from loopai_nb.notebook.plan_card import FoldedPlan
from loopai_nb.notebook.shown import Sentences
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from loopai_nb.approval.gate import Decision
    from loopai_nb.approval.pending import Pending
    from loopai_nb.ledger.records import ApprovalRow
    from loopai_nb.notebook.progress import Spot
    from loopai_nb.notebook.workbench import Workbench
    from loopai_nb.planning.plan import Plan

__all__ = ["PlainAsking"]


class PlainAsking:
    """An ``AskingApprover`` of a notebook without widgets.

    Args:
        bench: Whose card and person.
        where: Where the plan is shown, and its run's progress; by default a new place for each plan.
    """

    def __init__(self, bench: Workbench, where: Spot | None = None) -> None:
        self._bench = bench
        self._where = where

    def ask(self, plan: Plan, pending: Pending) -> Decision:
        """Show the plan and ask; what somebody else decided meanwhile is said."""
        decision = self._bench.ask_at(self._spot(), plan, self._bench.card(plan))
        row = pending.row
        if ApprovalState.PENDING not in (row.state, decision.state):
            self._bench.show(Sentences(f"It was {decided_text(row)} meanwhile, and that counts."))
        return decision

    def told(self, plan: Plan, row: ApprovalRow) -> None:
        """Show a plan that a policy approved."""
        where, card = self._spot(), self._bench.card(plan)
        where.open(card)
        where.fold(FoldedPlan(card, plan, f"approved by the policy: {row.feedback}"))

    def _spot(self) -> Spot:
        return self._where or self._bench.spot()
