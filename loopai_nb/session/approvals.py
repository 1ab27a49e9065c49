"""What waits for a decision, what was decided, and whether the record of it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.approval import chain, pending
from loopai_nb.records import ApprovalState
from loopai_nb.session.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal

    from loopai_nb.approval.chain import Verified
    from loopai_nb.approval.steps import ApprovalGate, Asker, Tells
    from loopai_nb.ledger.records import ApprovalRow

__all__ = ["Approvals"]


class Approvals(Tables):
    """The part of a session that knows its approvals."""

    def approvals(self, limit: int = 20, *, state: ApprovalState | str | None = None) -> list[ApprovalRow]:
        """The questions that were asked last, newest first, of plans and of steps.

        Args:
            limit: How many.
            state: Only of this one: PENDING, APPROVED, REJECTED or TIMEOUT.
        """
        return self.ledger.approvals(None if state is None else ApprovalState(str(state).upper()), limit)

    def approval(self, name: str) -> ApprovalRow:
        """One of them, by its id, by a plan's id, or by the name of a step.

        Raises:
            InputError: There is none.
        """
        return self.ledger.find_approval(name)

    def decide(
        self,
        name: str,
        *,
        approved: bool,
        feedback: str = "",
        modifications: Mapping[str, Any] | None = None,
        means: Literal["code", "notebook", "cli"] = "code",
    ) -> ApprovalRow:
        """Approve or reject what waits, here or in another process.

        Args:
            name: See ``approval``.
            approved: Yes or no.
            feedback: What is added.
            modifications: What is to be done otherwise, JSON values only.
            means: How it is decided, for the ledger.

        Raises:
            InputError: There is none, or it was decided before; the message says by whom.
        """
        return pending.submit(
            self.ledger,
            name,
            ApprovalState.APPROVED if approved else ApprovalState.REJECTED,
            decided_by=self.settings.user,
            means=means,
            feedback=feedback,
            modifications=modifications,
        )

    def verify_approvals(self, *, noted: str | None = None) -> Verified:
        """Look through the audit chain of all approvals; see ``chain.verify``.

        Raises:
            InputError: What was noted is no end of a chain.
        """
        return chain.verify(self.ledger, noted=noted)

    def approval_gate(
        self,
        notifier: Tells | None = None,
        timeout_seconds: float | None = None,
        *,
        asker: Asker | None = None,
    ) -> ApprovalGate:
        """A gate for steps of your own code, in this session's ledger.

        Args:
            notifier: Told that something waits.
            timeout_seconds: How long a question waits; by default as the settings say.
            asker: Shows the question; by default the notebook's, where there is one.
        """
        from loopai_nb.approval.steps import ApprovalGate

        seconds = self.settings.approval_timeout_s if timeout_seconds is None else timeout_seconds
        return ApprovalGate(notifier, seconds, ledger=self.ledger, settings=self.settings, asker=asker)
