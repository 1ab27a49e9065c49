"""Whether a run sends, as a person said, and what it tells of a server that lets nothing through."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.ledger.records import Wishes
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.resilience.pace import PaceState

__all__ = ["Pausing"]

_HELD_AFTER_S = 1.0
"""A run that sends nothing for longer is PAUSED for people; a shorter wait is the usual give and take."""


class Pausing:
    """The pauses of one run in one process; written in its loop, read by any thread.

    Args:
        ledger: Which says whether a person paused it, and is told of the server.
        run_id: Of the run.
        clock: Monotonic seconds.

    Attributes:
        by: Who paused it; None while nobody does.
        held: The server has let nothing through for so long that the ledger was told.
    """

    def __init__(self, ledger: Ledger, run_id: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.by: str | None = None
        self.held = False
        self._ledger = ledger
        self._run_id = run_id
        self._clock = clock
        self._since_s = math.nan
        self._before_s = 0.0

    @property
    def total_s(self) -> float:
        """Seconds for which a person had it paused, in this process."""
        return self._before_s + (self._clock() - self._since_s if self.by is not None else 0.0)

    def obey(self, by: str | None) -> bool:
        """Take in who pauses it, if anybody; whether that is another state than before."""
        changed = (by is None) != (self.by is None)
        if changed and by is None:
            self._before_s, self._since_s = self.total_s, math.nan
        elif changed:
            self._since_s = self._clock()
        self.by = by
        return changed

    async def tell(self, state: PaceState, found: Wishes) -> None:
        """Say in the ledger when the server lets nothing through, why, and when it goes on.

        Args:
            state: How things stand with it.
            found: What the ledger says; a person's pause is not covered, and what another process took back
                is said again.
        """
        if found.paused_by is not None:
            self.held = False  # it is told when that ends
            return
        held = state.held_s > _HELD_AFTER_S and bool(state.reason)
        if held == self.held and (found.held or not held):
            return
        again = time.strftime("%H:%M:%S", time.localtime(self._ledger.now_ms() / 1000 + state.held_s))
        reason = f"the server {state.reason}; trying again at {again}" if held else ""
        await self._ledger.atell_held(self._run_id, reason)
        if held != self.held:
            await self._ledger.aevent(self._run_id, "paused" if held else "resumed", reason or "It goes on.")
        self.held = held
