"""Asking, deciding and using; each function is one operation inside one transaction.

A decision is given once: whoever is first, in the order of transactions, has decided. Each ask, decision and
use adds its row to the chain (``chain``) in the same transaction.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update

from loopai_nb.errors import InputError
from loopai_nb.ledger import chain
from loopai_nb.ledger.ids import free_id
from loopai_nb.ledger.records import ApprovalRow, Decided
from loopai_nb.ledger.schema import approvals
from loopai_nb.planning.spec import canonical
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from loopai_nb.ledger.records import Asked

__all__ = [
    "ask",
    "chain_facts",
    "decide",
    "expire",
    "join",
    "read",
    "record",
    "row_of",
    "say_spent",
    "spend",
    "take_over",
]


def ask(connection: Connection, asked: Asked, now_ms: int) -> str:
    """Record a question as PENDING; returns the approval's id."""
    return _insert(connection, asked, now_ms)


def record(
    connection: Connection, asked: Asked, decided: Decided, now_ms: int, used_by: str | None = None
) -> str:
    """Record a question together with its decision, and perhaps its use; returns the approval's id."""
    approval_id = _insert(connection, asked, now_ms)
    _decide(connection, approval_id, decided, now_ms)
    if used_by is not None:
        _spend(connection, approval_id, used_by)
        say_spent(connection, approval_id, used_by, now_ms)
    return approval_id


def join(connection: Connection, title: str, digest: str, now_ms: int) -> str | None:
    """A gate's question of the same content that still waits, or was approved and not used; None for none.

    An approval counts for as long after the decision as the question was to be open.
    """
    found = connection.execute(
        select(approvals)
        .where(
            approvals.c.kind == "gate",
            approvals.c.title == title,
            approvals.c.digest == digest,
            approvals.c.used_by.is_(None),
            or_(
                (approvals.c.state == ApprovalState.PENDING) & (approvals.c.expires_ms > now_ms),
                (approvals.c.state == ApprovalState.APPROVED) & _still_counts(now_ms),
            ),
        )
        .order_by(approvals.c.state, approvals.c.asked_ms)
    ).all()
    # What the chain does not know as approved and unused could not be used, and would be found for ever.
    return next(
        (
            row.approval_id
            for row in found
            if (said := chain.facts_of(connection, row.approval_id) or {}).get("state") == row.state
            and said.get("used_by") is None
        ),
        None,
    )


def decide(connection: Connection, approval_id: str, decided: Decided, now_ms: int) -> bool:
    """Decide a question that is still PENDING; one that has expired becomes TIMEOUT instead.

    Returns:
        Whether this was the decision. Else the row says which one was before it.

    Raises:
        InputError: There is none of that id, or a plan would be approved with changes.
    """
    row = read(connection, approval_id)
    if row.state is not ApprovalState.PENDING:
        return False
    if row.kind == "plan" and decided.state is ApprovalState.APPROVED and decided.modifications is not None:
        # Nobody would follow them: what is sent is what the digest is of.
        raise InputError(
            "A plan is approved as it is; what is to be changed in it makes another one.",
            "Reject it and say what to change, or change it in the notebook that asks.",
        )
    is_late = row.at(now_ms).state is ApprovalState.TIMEOUT
    if is_late:
        given = _decide(connection, approval_id, Decided(ApprovalState.TIMEOUT), row.expires_ms or now_ms)
        return given and decided.state is ApprovalState.TIMEOUT
    return _decide(connection, approval_id, decided, now_ms)


def expire(connection: Connection, now_ms: int) -> int:
    """Record as TIMEOUT what has expired with nobody there to say so; returns how many."""
    found = connection.execute(
        select(approvals.c.approval_id, approvals.c.expires_ms).where(
            approvals.c.state == ApprovalState.PENDING, approvals.c.expires_ms <= now_ms
        )
    ).all()
    return sum(
        _decide(connection, row.approval_id, Decided(ApprovalState.TIMEOUT), row.expires_ms) for row in found
    )


def spend(
    connection: Connection, approval_id: str, used_by: str, *, digest: str, plan_id: str | None
) -> bool:
    """Spend an approval of one content; whether it could be: approved, of that content, and unused.

    What the chain does not say was approved, or says was used, is not spent, whatever the table says.
    ``say_spent`` has to follow in the same transaction.
    """
    if not _chain_lets(connection, approval_id, digest, plan_id):
        return False
    of_plan = approvals.c.plan_id.is_(None) if plan_id is None else approvals.c.plan_id == plan_id
    return _spend(connection, approval_id, used_by, approvals.c.digest == digest, of_plan)


def say_spent(connection: Connection, approval_id: str, used_by: str, now_ms: int) -> None:
    """Add it to the chain; last of all, since others wait for its end until the transaction ends."""
    chain.append(connection, "used", approval_id, now_ms, {"used_by": used_by})


def take_over(connection: Connection, plan_id: str, digest: str, now_ms: int) -> str | None:
    """Let an approval that was given elsewhere to the very same content be that of a plan made again.

    It counts for as long after the decision as the question was to be open.

    Returns:
        The approval's id; None where there is none.
    """
    found = connection.execute(
        select(approvals)
        .where(
            approvals.c.kind == "plan",
            approvals.c.digest == digest,
            approvals.c.state == ApprovalState.APPROVED,
            approvals.c.used_by.is_(None),
            _still_counts(now_ms),
        )
        .order_by(approvals.c.decided_ms)
    ).all()
    for row in found:
        if not _chain_lets(connection, row.approval_id, digest, row.plan_id):
            continue
        moved = connection.execute(
            update(approvals)
            .where(
                approvals.c.approval_id == row.approval_id,
                approvals.c.used_by.is_(None),
                approvals.c.plan_id == row.plan_id,
            )
            .values(plan_id=plan_id)
        ).rowcount
        if moved:
            chain.append(
                connection, "taken_over", row.approval_id, now_ms, {"plan_id": plan_id, "digest": digest}
            )
            approval_id: str = row.approval_id
            return approval_id
    return None


def read(connection: Connection, approval_id: str) -> ApprovalRow:
    """One approval as it is stored.

    Raises:
        InputError: There is none of that id.
    """
    row = connection.execute(select(approvals).where(approvals.c.approval_id == approval_id)).one_or_none()
    if row is None:
        raise InputError(
            f"There is no approval {approval_id} in this ledger.", "See them all: %loopai approvals"
        )
    return row_of(row)


def chain_facts(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the chain says of an approval that is there: texts by their hash, so that they can go."""
    return {
        "what": row["kind"],
        "plan_id": row["plan_id"],
        "digest": row["digest"],
        "shown": _sha256([row["title"], row["context"]]),
        "asked_ms": row["asked_ms"],
        "expires_ms": row["expires_ms"],
        "asked_by": row["asked_by"],
        "state": row["state"],
        "decided_by": row["decided_by"],
        "means": row["means"],
        "decided_ms": row["decided_ms"],
        "said": _sha256([row["feedback"], row["modifications"]]),
        "used_by": row["used_by"],
    }


def _still_counts(now_ms: int) -> Any:
    return approvals.c.decided_ms + (approvals.c.expires_ms - approvals.c.asked_ms) > now_ms


def _insert(connection: Connection, asked: Asked, now_ms: int) -> str:
    approval_id = free_id(connection, "a-", approvals.c.approval_id)
    row = {
        "approval_id": approval_id,
        "kind": asked.kind,
        "plan_id": asked.plan_id,
        "digest": asked.digest,
        "title": asked.title,
        "context": asked.context,
        "state": str(ApprovalState.PENDING),
        "asked_ms": now_ms,
        "expires_ms": asked.expires_ms,
        "asked_by": asked.asked_by,
        "decided_by": None,
        "means": None,
        "decided_ms": None,
        "feedback": "",
        "modifications": None,
        "used_by": None,
    }
    connection.execute(insert(approvals).values(row))
    chain.append(connection, "asked", approval_id, now_ms, chain_facts(row))
    return approval_id


def _decide(connection: Connection, approval_id: str, decided: Decided, now_ms: int) -> bool:
    """Decide what is PENDING; of two at once the second waits for the first and finds it decided."""
    nobody = decided.state is ApprovalState.TIMEOUT and not decided.by
    values = {
        "state": str(decided.state),
        "decided_by": None if nobody else decided.by,
        "means": None if nobody else decided.means,
        "decided_ms": now_ms,
    }
    texts = {"feedback": decided.feedback, "modifications": decided.modifications}
    given = connection.execute(
        update(approvals)
        .where(approvals.c.approval_id == approval_id, approvals.c.state == ApprovalState.PENDING)
        .values(values | texts)
    ).rowcount
    if given:
        said = _sha256([decided.feedback, decided.modifications])
        chain.append(connection, "decided", approval_id, now_ms, {**values, "said": said})
    return bool(given)


def _chain_lets(connection: Connection, approval_id: str, digest: str, plan_id: str | None) -> bool:
    """Whether the chain says that it was approved, of this content, and not used."""
    said = chain.facts_of(connection, approval_id) or {}
    facts = (said.get("state"), said.get("digest"), said.get("plan_id"), said.get("used_by"))
    return facts == (ApprovalState.APPROVED, digest, plan_id, None)


def _spend(connection: Connection, approval_id: str, used_by: str, *also: Any) -> bool:
    spent = connection.execute(
        update(approvals)
        .where(
            approvals.c.approval_id == approval_id,
            approvals.c.state == ApprovalState.APPROVED,
            approvals.c.used_by.is_(None),
            *also,
        )
        .values(used_by=used_by)
    ).rowcount
    return bool(spent)


def row_of(row: Any) -> ApprovalRow:
    """A row of the table as it is handed on."""
    values = row._asdict()
    values["state"] = ApprovalState(row.state)
    for name in ("context", "modifications"):
        if values[name] is not None:
            values[name] = json.loads(values[name])
    return ApprovalRow(**values)


def _sha256(texts: Sequence[str | None]) -> str:
    return hashlib.sha256(canonical(list(texts)).encode()).hexdigest()
