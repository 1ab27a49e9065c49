"""Asking the person at the keyboard: the plan's box, and yes or no."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from IPython.core.error import StdinNotImplementedError

from loopai_nb.notebook.deciding import decide_by
from loopai_nb.notebook.plan_card import FoldedPlan
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.approval.gate import Decision
    from loopai_nb.notebook.plan_card import PlanCard
    from loopai_nb.notebook.progress import Spot
    from loopai_nb.planning.plan import Plan

__all__ = ["ask_person", "read_decision", "reader"]


def ask_person(plan: Plan, card: PlanCard, where: Spot, shell: Any, user: str) -> Decision:
    """Show a plan and ask about it.

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
