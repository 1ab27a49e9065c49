"""Forgetting what was said in approvals, or approvals altogether; the audit chain says that it was done.

Its rows stay: they hold hashes of texts, names, times and digests. Each function is one operation of a
transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select, update

from loopai_nb.ledger import chain
from loopai_nb.ledger.approvals import chain_facts, expire
from loopai_nb.ledger.schema import approvals
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["blank_some", "drop", "drop_some_gates"]


def blank_some(connection: Connection, before_ms: int, most: int, now_ms: int) -> int:
    """Empty what was shown and said in some old approvals that wait no more; returns how many."""
    expire(connection, now_ms)
    said = or_(
        approvals.c.context.is_not(None), approvals.c.modifications.is_not(None), approvals.c.feedback != ""
    )
    chunk = select(approvals).where(_old(before_ms), said).order_by(approvals.c.approval_id).limit(most)
    blank: dict[str, Any] = {"context": None, "feedback": "", "modifications": None}
    found = connection.execute(chunk).all()
    for row in found:
        connection.execute(update(approvals).where(approvals.c.approval_id == row.approval_id).values(blank))
        facts = chain_facts(row._asdict() | blank)
        left = {name: facts[name] for name in ("shown", "said")}
        chain.append(connection, "blanked", row.approval_id, now_ms, left)
    return len(found)


def drop_some_gates(connection: Connection, before_ms: int, most: int, now_ms: int) -> int:
    """Delete some old approvals that belong to no plan and wait no more; returns how many."""
    expire(connection, now_ms)
    chunk = select(approvals.c.approval_id).where(_old(before_ms), approvals.c.kind == "gate").limit(most)
    return drop(connection, approvals.c.approval_id.in_(connection.execute(chunk).scalars().all()), now_ms)


def drop(connection: Connection, condition: Any, now_ms: int) -> int:
    """Delete approvals; returns how many."""
    found = connection.execute(
        select(approvals.c.approval_id).where(condition).order_by(approvals.c.asked_ms)
    )
    dropped = found.scalars().all()
    connection.execute(delete(approvals).where(approvals.c.approval_id.in_(dropped)))
    for approval_id in dropped:
        chain.append(connection, "dropped", approval_id, now_ms, {"dropped": True})
    return len(dropped)


def _old(before_ms: int) -> Any:
    return (approvals.c.asked_ms < before_ms) & (approvals.c.state != ApprovalState.PENDING)
