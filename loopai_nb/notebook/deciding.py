"""The question about a plan and what its answer means, wherever it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.approval.gate import Decision
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.planning.plan import Plan

__all__ = ["decide_by", "nobody"]

_YES = frozenset({"y", "yes"})
_NO = frozenset({"n", "no"})


def nobody() -> Decision:
    """What is decided where nobody can be asked."""
    return Decision(ApprovalState.PENDING, "")


def decide_by(read: Callable[[str], str | None], plan: Plan, user: str) -> Decision:
    """Ask about a plan that was shown, until the answer is y, or n with a reason.

    Args:
        read: Asks the question and returns what was typed; None where nobody answers.
        plan: What would be sent.
        user: Name of the person, for the ledger.

    Returns:
        APPROVED or REJECTED by the person; PENDING where nobody answers.
    """
    question = f"Send {plan.to_send:,} to {plan.spec.model}? y, or n and why: "
    while (said := read(question)) is not None:
        word, _, reason = said.strip().partition(" ")
        word = word.strip(",.:;").lower()
        if word in _YES:
            return Decision(ApprovalState.APPROVED, user, feedback=reason.strip())
        if word in _NO:
            return Decision(ApprovalState.REJECTED, user, feedback=reason.strip())
        question = "Please type y or n: "
    return nobody()
