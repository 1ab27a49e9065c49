"""The gate: nothing is sent without a decision on the plan's digest."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from loopai_nb.approval.pending import Pending, decided_text, title_of
from loopai_nb.approval.policy import Policy
from loopai_nb.errors import ApprovalRefused, ApprovalRequired, LoopaiNbError
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from loopai_nb.ledger.records import ApprovalRow
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.planning.plan import Plan

__all__ = ["AnyApprover", "Approver", "AskingApprover", "Decision", "Terms", "approve_in_code", "decide"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on a plan.

    Attributes:
        state: APPROVED, REJECTED or TIMEOUT; PENDING where nobody could be asked.
        decided_by: Name of the person, or of whoever ran the code.
        means: ``"person"`` (asked and answered), ``"widget"``, ``"code"`` (``approve=True``, ``--yes``),
            ``"policy"``, ``"cli"``, ``"link"`` or ``"notebook"``.
        feedback: What the person added.
        approval_id: Of the question that the ledger has this decision on; None where it is to be recorded.
        modifications: What is to be changed, JSON values only; None for nothing.
    """

    state: ApprovalState
    decided_by: str
    means: str = "person"
    feedback: str = ""
    approval_id: str | None = None
    modifications: Mapping[str, Any] | None = None


class Approver(Protocol):
    """Shows a plan to somebody and returns the decision."""

    def __call__(self, plan: Plan) -> Decision:
        """Decide on one plan; PENDING where nobody can be asked."""


@runtime_checkable
class AskingApprover(Protocol):
    """An approver that is told which question it asks, and can see a decision that is given elsewhere."""

    def ask(self, plan: Plan, pending: Pending) -> Decision:
        """Decide on one plan, as ``Approver`` does.

        Where ``pending.row`` is PENDING no more, somebody else was first: what is returned then is not looked
        at. It may also decide by ``pending.decide`` itself.
        """

    def told(self, plan: Plan, row: ApprovalRow) -> None:
        """Show a plan that nobody is asked about: a policy approved it."""


AnyApprover = Approver | AskingApprover | Pending
"""Whoever can be given as ``approve``; ``Pending`` is a question that was asked and decided before."""


class _InCode:
    """See ``approve_in_code``."""

    def __init__(self, user: str) -> None:
        self._user = user

    def __call__(self, plan: Plan) -> Decision:  # noqa: ARG002  (an Approver's signature)
        return Decision(ApprovalState.APPROVED, self._user, "code")


def approve_in_code(user: str) -> Approver:
    """The approver behind ``approve=True`` and ``--yes``; the ledger says that code approved."""
    return _InCode(user)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a plan is asked about.

    Attributes:
        asked_by: Who asks.
        timeout_s: Seconds that a question waits.
        policy: What needs no person.
    """

    asked_by: str = ""
    timeout_s: float = 3600.0
    policy: Policy = field(default_factory=Policy)


def decide(plan: Plan, ledger: Ledger, approver: AnyApprover, terms: Terms | None = None) -> str:
    """Ask for a decision: the question is in the ledger first, so that anybody may decide it.

    Args:
        plan: What would be sent.
        ledger: Which has it.
        approver: Who is asked; or the question itself, where it was asked and decided before.
        terms: By default an hour, and no policy.

    Returns:
        Id of the approval, unused.

    Raises:
        ApprovalRequired: Nobody could be asked here. The question waits; whoever approves it elsewhere lets
            the same plan, made again, be sent once.
        ApprovalRefused: The answer was no, or none came in time. Both are recorded.
    """
    terms = terms or Terms()
    if isinstance(approver, Pending):
        return _settled(plan, ledger, approver)
    if isinstance(approver, _InCode):
        return _decided_in_code(plan, ledger, approver(plan))
    pending = Pending.of_plan(ledger, plan, asked_by=terms.asked_by, timeout_s=terms.timeout_s)
    try:
        decision = _asked(plan, approver, pending, terms)
    except BaseException:
        # Nobody waits for it any more: who approved it now would approve nothing.
        with contextlib.suppress(LoopaiNbError):
            pending.withdraw("interrupted")
        raise
    if decision is None:
        return pending.approval_id
    if decision.approval_id not in (None, pending.approval_id):
        pending.withdraw(f"asked as {decision.approval_id}")
        return _approved(plan, ledger.approval(decision.approval_id), by=decision)
    if decision.state is ApprovalState.PENDING:
        return _settled(plan, ledger, pending)
    row = pending.decide(
        decision.state,
        decided_by=decision.decided_by,
        means=decision.means,
        feedback=decision.feedback,
        modifications=decision.modifications,
    )
    return _approved(plan, row, by=decision)


def _decided_in_code(plan: Plan, ledger: Ledger, decision: Decision) -> str:
    """One durable write instead of two: nobody else could have been first."""
    return ledger.record_approval(
        plan.plan_id,
        plan.digest,
        decision.state,
        decided_by=decision.decided_by,
        means=decision.means,
        title=title_of(plan),
    )


def _asked(
    plan: Plan, approver: Approver | AskingApprover, pending: Pending, terms: Terms
) -> Decision | None:
    """What the approver says; None where a policy has approved."""
    reason = terms.policy.reason(plan)
    if reason is not None:
        row = pending.decide(
            ApprovalState.APPROVED, decided_by=terms.asked_by, means="policy", feedback=reason
        )
        if isinstance(approver, AskingApprover):
            approver.told(plan, row)
        return None
    return approver.ask(plan, pending) if isinstance(approver, AskingApprover) else approver(plan)


def _settled(plan: Plan, ledger: Ledger, pending: Pending) -> str:
    """What was decided meanwhile; else an approval of the very same content that was given before."""
    row = pending.row
    if row.state is not ApprovalState.PENDING:
        return _approved(plan, row)
    approval_id = ledger.take_over_approval(plan.plan_id, plan.digest)
    if approval_id is not None:
        pending.withdraw(f"approved before as {approval_id}")
        return approval_id
    raise ApprovalRequired(
        "This plan needs approval and nobody can answer here.",
        "Approve it in code (--yes, or approve=True), or from elsewhere (loopai-nb approvals) and run it "
        "again. Nothing was sent.",
        approval_id=pending.approval_id,
    )


def _approved(plan: Plan, row: ApprovalRow, by: Decision | None = None) -> str:
    """The approval's id, where that is what was decided."""
    if row.state is ApprovalState.APPROVED:
        return row.approval_id
    what = "was rejected" if row.state is ApprovalState.REJECTED else "was not approved in time"
    if row.state is ApprovalState.REJECTED and (by is None or row.decided_by != by.decided_by):
        what = f"was {decided_text(row)}"
    raise ApprovalRefused(f"Plan {plan.plan_id} {what}.", "Nothing of it was sent.")
