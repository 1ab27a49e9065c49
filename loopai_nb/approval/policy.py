"""Approving without a person what can't cost much, where the settings say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.pricing import format_usd, pusd

if TYPE_CHECKING:
    from decimal import Decimal

    from loopai_nb.planning.plan import Plan

__all__ = ["Policy"]


@dataclass(frozen=True, slots=True)
class Policy:
    """Approves a plan whose worst case stays below a threshold.

    Attributes:
        below_usd: USD; None approves nothing. At this amount and above a person is asked.
    """

    below_usd: Decimal | None = None

    def reason(self, plan: Plan) -> str | None:
        """Why the plan may be sent without a person, for the ledger; None where one has to be asked.

        It goes by what the plan can cost at most, never by its estimate, and a plan without a price may cost
        anything.
        """
        worst_pusd = plan.most_pusd
        if self.below_usd is None or worst_pusd is None:
            return None
        below_pusd = pusd(self.below_usd)
        if worst_pusd >= below_pusd:
            return None
        return f"at most {format_usd(worst_pusd)} USD, below {format_usd(below_pusd)}"
