"""The part of a ledger that asks and decides; see ``approvals``, which holds what each call does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from loopai_nb.errors import InputError
from loopai_nb.ledger import approvals, auditing, chain, finding
from loopai_nb.ledger.executing import Executing
from loopai_nb.ledger.records import Asked, Decided
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal

    from sqlalchemy import Connection

    from loopai_nb.ledger.records import ApprovalRow

__all__ = ["Deciding"]


class Deciding(Executing):
    """Approvals of plans and of gates, and the audit chain over them."""

    def ask_approval(
        self,
        *,
        digest: str,
        kind: Literal["plan", "gate"] = "plan",
        plan_id: str | None = None,
        title: str = "",
        context: str | None = None,
        asked_by: str = "",
        timeout_s: float | None = None,
    ) -> str:
        """Record a question, which waits for its decision from now on.

        Args:
            digest: Hex SHA-256 over what is decided on.
            kind: ``gate`` for a step of a user's own code.
            plan_id: Of a plan.
            title: One line to be shown, without secrets.
            context: JSON to be shown, redacted; None of a plan.
            asked_by: Who asks.
            timeout_s: Seconds until it is TIMEOUT; None: never.

        Returns:
            The approval's id.
        """

        def operation(connection: Connection) -> str:
            now_ms = self.now_ms()
            approvals.expire(connection, now_ms)
            expires_ms = None if timeout_s is None else now_ms + int(timeout_s * 1000)
            asked = Asked(kind, digest, plan_id, title, context, asked_by, expires_ms)
            return approvals.ask(connection, asked, now_ms)

        return self._do(operation)

    def decide_approval(
        self,
        approval_id: str,
        state: ApprovalState,
        *,
        decided_by: str,
        means: str,
        feedback: str = "",
        modifications: Mapping[str, Any] | None = None,
    ) -> bool:
        """Decide what waits.

        Args:
            approval_id: Such as ``a-91c2``.
            state: APPROVED, REJECTED or TIMEOUT.
            decided_by: Who decides; "" for TIMEOUT.
            means: ``widget``, ``person``, ``code``, ``policy``, ``cli``, ``link`` or ``notebook``.
            feedback: What is added.
            modifications: What is to be changed, JSON values only; not of a plan that is approved.

        Returns:
            Whether this was the decision; where it was decided before, or has expired, ``approval`` says how.

        Raises:
            InputError: There is none of that id, or what is to be changed is no JSON, or a plan's.
        """
        changes = None if modifications is None else _as_json(modifications)
        decided = Decided(state, decided_by, means, feedback, changes)
        return self._do(lambda connection: approvals.decide(connection, approval_id, decided, self.now_ms()))

    def record_approval(
        self,
        plan_id: str,
        digest: str,
        state: ApprovalState,
        *,
        decided_by: str,
        means: str,
        feedback: str = "",
        title: str = "",
    ) -> str:
        """Record a question about a plan together with its decision; returns the approval's id."""
        asked = Asked("plan", digest, plan_id, title, asked_by=decided_by)
        decided = Decided(state, decided_by, means, feedback)
        if state is ApprovalState.PENDING:
            return self._do(lambda connection: approvals.ask(connection, asked, self.now_ms()))
        return self._do(lambda connection: approvals.record(connection, asked, decided, self.now_ms()))

    def take_over_approval(self, plan_id: str, digest: str) -> str | None:
        """See ``approvals.take_over``."""
        return self._do(lambda connection: approvals.take_over(connection, plan_id, digest, self.now_ms()))

    def join_approval(self, title: str, digest: str) -> str | None:
        """See ``approvals.join``."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return approvals.join(connection, title, digest, self.now_ms())

    def use_approval(self, approval_id: str, used_by: str, *, digest: str) -> bool:
        """Spend the approval of a gate; whether it could be: approved, of that content, and unused."""

        def operation(connection: Connection) -> bool:
            spent = approvals.spend(connection, approval_id, used_by, digest=digest, plan_id=None)
            if spent:
                approvals.say_spent(connection, approval_id, used_by, self.now_ms())
            return spent

        return self._do(operation)

    def approval(self, approval_id: str) -> ApprovalRow:
        """One approval; what has expired is TIMEOUT, whether or not anybody was there to say so.

        Raises:
            InputError: There is none of that id.
        """
        with self._engine.connect().execution_options(reading=True) as connection:
            return approvals.read(connection, approval_id).at(self.now_ms())

    def find_approval(self, name: str, *, to_decide: bool = False) -> ApprovalRow:
        """See ``finding.find``."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return finding.find(connection, name, self.now_ms(), to_decide=to_decide)

    def approvals(self, state: ApprovalState | None = None, limit: int | None = 100) -> list[ApprovalRow]:
        """The approvals that were asked for last, newest first: so many, or all; of one state where given."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return finding.newest(connection, state, limit, self.now_ms())

    def approvals_in(
        self, since_ms: int, until_ms: int, *, run_id: str | None = None, limit: int = 100
    ) -> list[ApprovalRow]:
        """The approvals of a time, what waits first; see ``finding.asked_in``."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return finding.asked_in(connection, since_ms, until_ms, run_id, limit, self.now_ms())

    def chain_hash(self, seq: int) -> str | None:
        """The hash of a row of the audit chain: 64 zeros of row 0, None where there is no such row."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return chain.hash_of(connection, seq)

    def verify_chain(self) -> tuple[chain.Head | None, list[chain.Broken]]:
        """The end of the audit chain, and where it is not what was written (nowhere where it is sound)."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return chain.head(connection), auditing.broken(connection)


def _as_json(modifications: Mapping[str, Any]) -> str:
    try:
        return json.dumps(dict(modifications), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as exc:
        raise InputError(
            f"The modifications can't be kept ({type(exc).__name__}).",
            "Write JSON values: texts, numbers, true and false, lists, and objects of these.",
        ) from exc
