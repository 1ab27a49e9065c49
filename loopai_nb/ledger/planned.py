"""A plan as the ledger has it, for who decides on it in another process than made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from loopai_nb.errors import InputError
from loopai_nb.ledger import queries
from loopai_nb.ledger.schema import plans, rows
from loopai_nb.planning.estimate import estimate
from loopai_nb.planning.plan import PlanSpec

if TYPE_CHECKING:
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.planning.estimate import Estimate

__all__ = ["StoredPlan", "stored_plan"]


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """What a plan would send and cost, as it is now.

    Attributes:
        spec: What its requests share.
        frame_name: Name of the frame.
        left_out: Rows that can't be asked.
        estimate: Tokens and cost, as intervals; told from what the ledger knows by now.
        saved_pusd: What the answers of the ledger cost that need not be paid again.
    """

    spec: PlanSpec
    frame_name: str
    left_out: int
    estimate: Estimate
    saved_pusd: int


def stored_plan(ledger: Ledger, plan_id: str, *, concurrency: int) -> StoredPlan:
    """One finished plan.

    Args:
        ledger: Which has it.
        plan_id: Which.
        concurrency: Requests in flight at most, for the time.

    Raises:
        InputError: There is none of that id.
    """
    plan = select(plans).where(plans.c.plan_id == plan_id, plans.c.digest.is_not(None))
    out = select(func.count()).where(rows.c.plan_id == plan_id, rows.c.key.is_(None))
    with ledger.engine.connect().execution_options(reading=True) as connection:
        row = connection.execute(plan).one_or_none()
        left_out = connection.execute(out).scalar_one()
    if row is None:
        raise InputError(f"There is no plan {plan_id} in this ledger.")
    spec = PlanSpec.from_json(row.spec)
    sums = ledger.plan_sums(plan_id)
    return StoredPlan(
        spec,
        row.frame_name,
        int(left_out),
        estimate(
            rows=row.row_count,
            distinct=sums["distinct"],
            cached=sums["cached"],
            input_tokens=sums["tokens"],
            worst_case_pusd=sums["worst_case_pusd"],
            parameters=spec.parameters,
            price=spec.price,
            concurrency=concurrency,
            history=[] if row.history_key is None else queries.past(ledger, row.history_key),
        ),
        sums["saved_pusd"],
    )
