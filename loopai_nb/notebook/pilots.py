"""When a pilot is none: it would be of all rows, or nothing is left to send behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loopai_nb.planning.plan import Plan

__all__ = ["NO_PILOT", "PILOT_WAS_ALL", "pilot_of", "was_all"]

NO_PILOT = "A pilot of all rows would tell nothing beforehand: they are asked in one plan, without it."
PILOT_WAS_ALL = "Nothing is left to send after the pilot: every answer is in the ledger."


def pilot_of(wanted: int | None, rows: int) -> int | None:
    """How many rows a pilot has; None for no pilot.

    Args:
        wanted: As typed; None where nothing was.
        rows: That will be asked.
    """
    return None if wanted is None or wanted >= rows else wanted


def was_all(plan: Plan, number: int) -> bool:
    """Whether a plan, the second one behind its pilot's, has nothing that a person would want to see."""
    return number > 1 and plan.to_send == 0 and not plan.problems
