"""The gate: nothing is sent without a decision on the plan's digest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from loopai_nb.errors import ApprovalRefused, ApprovalRequired
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.planning.plan import Plan

__all__ = ["Approver", "Decision", "approve_in_code", "decide"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on a plan.

    Attributes:
        state: APPROVED, REJECTED or TIMEOUT; PENDING where nobody could be asked.
        decided_by: Name of the person, or of whoever ran the code.
        means: ``"widget"``, ``"person"`` (asked and answered in words), ``"code"`` (``approve=True``,
            ``--yes``), or what the ledger says of a decision that was given elsewhere.
        feedback: What the person added.
        approval_id: Of the question in the ledger that was decided so; None where the gate is to record it.
    """

    state: ApprovalState
    decided_by: str
    means: str = "person"
    feedback: str = ""
    approval_id: str | None = None


class Approver(Protocol):
    """Shows a plan to somebody and returns the decision."""

    def __call__(self, plan: Plan) -> Decision:
        """Decide on one plan; PENDING where nobody can be asked."""


def approve_in_code(user: str) -> Approver:
    """The approver behind ``approve=True`` and ``--yes``; the ledger says that code approved."""
    decision = Decision(ApprovalState.APPROVED, user, "code")

    def approver(plan: Plan) -> Decision:  # noqa: ARG001  (an Approver's signature)
        return decision

    return approver


def decide(plan: Plan, ledger: Ledger, approver: Approver) -> str:
    """Ask for a decision and record it.

    Returns:
        Id of the approval, unused.

    Raises:
        ApprovalRequired: Nobody could be asked.
        ApprovalRefused: The answer was no, or none came in time. Both are recorded.
    """
    decision = approver(plan)
    if decision.state is ApprovalState.PENDING:
        raise ApprovalRequired(
            "This plan needs approval and nobody can answer here.",
            "Approve it in code: --yes, or approve=True. Nothing was sent.",
        )
    approval_id = decision.approval_id
    if approval_id is None:
        approval_id = ledger.record_approval(
            plan.plan_id,
            plan.digest,
            decision.state,
            decided_by=decision.decided_by,
            means=decision.means,
            feedback=decision.feedback,
        )
    if decision.state is not ApprovalState.APPROVED:
        what = "was rejected" if decision.state is ApprovalState.REJECTED else "was not approved in time"
        raise ApprovalRefused(f"Plan {plan.plan_id} {what}.", "Nothing was sent.")
    return approval_id
