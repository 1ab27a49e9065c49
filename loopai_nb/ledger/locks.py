"""The order in which transactions lock, so that processes wait for each other and never in a circle.

Plan, run, requests, accounts of days in their order, then approvals, and the end of the audit chain, which
every ask, decision and use of an approval holds. On SQLite a write transaction holds the whole file from
its beginning, and there is nothing to be done. On Postgres whoever changes an existing plan or one of its
runs holds the plan first: two runs of one plan claim from the same requests, and a sweep takes leases of all
of them. What is read after it, by another statement, is as the one before left it (READ COMMITTED).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from loopai_nb.ledger.schema import plans, runs

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["hold_plan", "hold_plan_of"]


def hold_plan(connection: Connection, plan_id: str) -> None:
    """Hold a plan and all that belongs to it until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(plans.c.plan_id).where(plans.c.plan_id == plan_id).with_for_update())


def hold_plan_of(connection: Connection, run_id: str) -> None:
    """Hold the plan that a run carries out; nothing where there is no such run."""
    if connection.dialect.name == "postgresql":
        plan_id = connection.execute(select(runs.c.plan_id).where(runs.c.run_id == run_id)).scalar()
        if plan_id is not None:
            hold_plan(connection, plan_id)
