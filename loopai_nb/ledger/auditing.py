"""Whether the audit chain is what was written, and the approvals and runs are what it says of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from loopai_nb.ledger import chain
from loopai_nb.ledger.approvals import chain_facts
from loopai_nb.ledger.schema import approvals, runs
from loopai_nb.planning.spec import canonical

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["broken"]


def broken(connection: Connection) -> list[chain.Broken]:
    """Where the chain is not what was written, or approvals and runs are not what it says of them."""
    found: list[chain.Broken] = []
    known = chain.replayed(connection, found)
    for row in connection.execute(select(approvals).order_by(approvals.c.asked_ms, approvals.c.approval_id)):
        said = known.pop(row.approval_id, None)
        if said is None or said["dropped"]:
            found.append(chain.Broken(None, f"Approval {row.approval_id} is not in the chain."))
            continue
        there = json.loads(canonical(chain_facts(row._asdict())))
        wrong = sorted(name for name, value in there.items() if name in said and said[name] != value)
        if wrong:
            found.append(
                chain.Broken(
                    None, f"Approval {row.approval_id} is not what the chain says ({', '.join(wrong)})."
                )
            )
    found += [
        chain.Broken(None, f"Approval {approval_id} was taken away.")
        for approval_id, said in known.items()
        if not said["dropped"]
    ]
    stolen = connection.execute(
        select(runs.c.run_id, runs.c.approval_id)
        .join(approvals, approvals.c.approval_id == runs.c.approval_id)
        .where(or_(approvals.c.used_by.is_(None), approvals.c.used_by != runs.c.run_id))
    )
    found += [
        chain.Broken(None, f"Run {row.run_id} goes by approval {row.approval_id}, which it did not use.")
        for row in stolen
    ]
    return found
