"""Opening the ledger of the settings, so that whoever asks by it is heard of where the settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.pricing import pusd

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.ledger.store import Ledger
    from loopai_nb.notify.notice import Notice
    from loopai_nb.settings import Settings

__all__ = ["open_ledger", "teller_of"]


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


def teller_of(ledger: Ledger) -> Callable[[Notice], None] | None:
    """What takes notices for the channels of a ledger's settings; None where they name none."""
    from loopai_nb.approval.told import ToldLedger

    return ledger.tell if isinstance(ledger, ToldLedger) else None
