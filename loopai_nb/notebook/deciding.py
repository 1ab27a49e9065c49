"""What a person is asked, and what the answer means, wherever it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from loopai_nb.approval.gate import Decision
from loopai_nb.approval.terminal import yes_or_no
from loopai_nb.ledger import unanswered
from loopai_nb.notebook.wording import plural
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.planning.plan import Plan
    from loopai_nb.session import Session

__all__ = ["decide_by", "nobody", "unknown_by"]

_MOST_QUESTIONS = 5
"""A front end that answers by itself, and not to this, is nobody."""


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
    said = _yes_or_no(read, f"Send {plan.to_send:,} to {plan.spec.model}? y, or n and why: ")
    if said is None:
        return nobody()
    yes, reason = said
    return Decision(ApprovalState.APPROVED if yes else ApprovalState.REJECTED, user, feedback=reason)


def unknown_by(
    read: Callable[[str], str | None],
    session: Session,
    run_id: str,
    choice: Literal["resend", "skip", "ask"] | None,
) -> Literal["resend", "skip", "ask"]:
    """What to do with requests of a run that may have been paid: as was chosen, or as a person says.

    Args:
        read: As for ``decide_by``.
        session: Whose settings hold where nothing was chosen.
        run_id: Which run.
        choice: As typed; None where nothing was.

    Returns:
        ``"ask"`` only where there are none of them or nobody answers.
    """
    choice = choice or session.settings.on_unknown
    if choice != "ask":
        return choice
    unknown = unanswered.unknown_outcomes(session.ledger, session.show(run_id).plan_id)
    if not unknown:
        return choice
    said = _yes_or_no(
        read,
        f"{plural(unknown, 'request')} of {run_id} may have been paid, and the answer was lost. "
        "Send again? y, or n to leave out: ",
    )
    return choice if said is None else ("resend" if said[0] else "skip")


def _yes_or_no(read: Callable[[str], str | None], question: str) -> tuple[bool, str] | None:
    """Ask until it is answered: yes or no, and what was typed behind it; None where nobody answers."""
    for _ in range(_MOST_QUESTIONS):
        said = read(question)
        if said is None:
            return None
        answer = yes_or_no(said)
        if answer is not None:
            return answer
        question = "Please type y or n: "
    return None
