"""Answers of a run that did not fit its schema: how many, and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from loopai_nb.ledger.claims import MISMATCH
from loopai_nb.ledger.schema import attempts

if TYPE_CHECKING:
    from loopai_nb.ledger.store import Ledger

__all__ = ["Misfits", "misfits"]


class Misfits(NamedTuple):
    """Paid answers that did not fit.

    Attributes:
        answers: How many.
        cost_pusd: Picodollars that they cost.
    """

    answers: int
    cost_pusd: int


def misfits(ledger: Ledger, run_id: str) -> Misfits:
    """Those of one run, the last ones of rows that failed included."""
    statement = select(func.count(), func.coalesce(func.sum(attempts.c.cost_pusd), 0)).where(
        attempts.c.run_id == run_id, attempts.c.error_kind == MISMATCH
    )
    with ledger.engine.connect().execution_options(reading=True) as connection:
        count, cost_pusd = connection.execute(statement).one()
        return Misfits(int(count), int(cost_pusd))
