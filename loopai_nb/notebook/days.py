"""What all runs of a ledger may spend in a day, and have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.pricing import format_usd, pusd

if TYPE_CHECKING:
    from loopai_nb.session import Session

__all__ = ["DayMoney", "day_money"]


@dataclass(frozen=True, slots=True)
class DayMoney:
    """The budget of today (UTC).

    Attributes:
        budget_pusd: The most that all runs may cost, picodollars.
        spent_pusd: What they cost so far.
        reserved_pusd: What is held for requests that are being sent.
    """

    budget_pusd: int
    spent_pusd: int
    reserved_pusd: int

    def words(self, *, static: bool = False) -> str:
        """``of 5.00 USD a day, 1.20 are spent``; without what differs from run to run where it is static."""
        budget = f"of {format_usd(self.budget_pusd)} USD a day"
        if static:
            return budget
        held = f" and {format_usd(self.reserved_pusd)} reserved" if self.reserved_pusd else ""
        return f"{budget}, {format_usd(self.spent_pusd)} are spent{held}"


def day_money(session: Session) -> DayMoney | None:
    """How the day stands; None where the settings set no budget for it."""
    budget = session.settings.budget_usd_per_day
    if budget is None:
        return None
    from loopai_nb.ledger import queries
    from loopai_nb.ledger.money import day_of

    spent, reserved = queries.day_money(session.ledger, day_of(session.ledger.now_ms()))
    return DayMoney(pusd(budget), spent, reserved)
