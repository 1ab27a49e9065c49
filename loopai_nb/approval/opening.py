"""Opening the ledger of the settings, so that whoever asks by it is heard of where the settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.pricing import pusd

if TYPE_CHECKING:
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.settings import Settings

__all__ = ["open_ledger"]


def open_ledger(settings: Settings) -> Ledger:
    """The ledger; where the settings name channels, one that tells them.

    Raises:
        LedgerError: It can't be opened.
    """
    if settings.notify.channels:
        from loopai_nb.approval.told import ToldLedger

        return ToldLedger(settings)
    from loopai_nb.ledger.store import Ledger

    day = settings.budget_usd_per_day
    return Ledger(settings.ledger, day_budget_pusd=None if day is None else pusd(day))
