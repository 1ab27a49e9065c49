"""How things stand now: runs by state, what waits, and the budgets of what goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from loopai_nb.ledger.runs import LIVE
from loopai_nb.ledger.schema import approvals, runs
from loopai_nb.records import ApprovalState, RunState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loopai_nb.ledger.store import Ledger

__all__ = ["Standing", "standing"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A ledger at one moment.

    Attributes:
        runs: How many by state, every state among them; one whose process is no more says what it last was.
        approvals_waiting: Questions that nobody has answered and that are not over.
        budgets: Of the runs that go on and have one: id, spent and budget in picodollars.
    """

    runs: Mapping[RunState, int]
    approvals_waiting: int
    budgets: tuple[tuple[str, int, int], ...]


def standing(ledger: Ledger) -> Standing:
    """How things stand."""
    waiting = select(func.count()).where(
        approvals.c.state == ApprovalState.PENDING,
        or_(approvals.c.expires_ms.is_(None), approvals.c.expires_ms > ledger.now_ms()),
    )
    budgets = (
        select(runs.c.run_id, runs.c.spent_pusd, runs.c.budget_pusd)
        .where(runs.c.state.in_(LIVE), runs.c.budget_pusd.is_not(None))
        .order_by(runs.c.run_id)
    )
    with ledger.engine.connect().execution_options(reading=True) as connection:
        counted = connection.execute(select(runs.c.state, func.count()).group_by(runs.c.state)).all()
        of_state = {state: int(n) for state, n in counted}
        return Standing(
            runs={state: of_state.get(state.value, 0) for state in RunState},
            approvals_waiting=int(connection.execute(waiting).scalar_one()),
            budgets=tuple(tuple(row) for row in connection.execute(budgets)),
        )
