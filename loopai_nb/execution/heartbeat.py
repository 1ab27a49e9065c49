"""What goes on beside the sending: this process says that it lives, and hears what others want of the run."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.execution.pacing import SharedPace
    from loopai_nb.execution.pausing import Pausing
    from loopai_nb.ledger.records import Wishes
    from loopai_nb.ledger.store import Ledger

__all__ = ["HEARTBEAT_S", "Heartbeat"]

HEARTBEAT_S = 0.5
"""How often this process says that it lives, and looks whether a cancel was asked for from elsewhere."""

_LOOKS_PER_BEAT = 4
"""How often in that time other threads are told how things stand with the server."""

_SWEEP_EVERY_S = 2.0


class Heartbeat:
    """The heartbeat of one run in one process, in its loop.

    Args:
        ledger: Where it says that it lives.
        run_id: Of the run.
        pace: How things stand with the server.
        pausing: Is told what the ledger and the server say.
        on_wishes: Called with what is asked of the run, before ``pausing`` tells of it.
        sweep: Begins to take back what others held who died.

    Attributes:
        pace_state: How things stand with the server; a copy that any thread may read.
    """

    def __init__(
        self,
        ledger: Ledger,
        run_id: str,
        pace: SharedPace,
        pausing: Pausing,
        *,
        on_wishes: Callable[[Wishes], None],
        sweep: Callable[[], None],
    ) -> None:
        self.pace_state = pace.state()
        self._ledger = ledger
        self._run_id = run_id
        self._pace = pace
        self._pausing = pausing
        self._on_wishes = on_wishes
        self._sweep = sweep
        self._swept_at_s = -math.inf
        self._poked = asyncio.Event()

    def look(self) -> None:
        """Look at once, rather than at the next beat, what the ledger asks."""
        self._poked.set()

    def sweep(self) -> None:
        """Let what others held be taken back, if that was not done just now."""
        now_s = time.monotonic()
        if now_s - self._swept_at_s > _SWEEP_EVERY_S:
            self._swept_at_s = now_s
            self._sweep()

    async def run(self) -> None:
        """Beat until it is cancelled.

        Raises:
            LedgerError: It can't be written or read.
        """
        while True:
            await self._next()
            wishes = await self._ledger.aheartbeat(self._run_id)
            self._on_wishes(wishes)
            await self._pausing.tell(self.pace_state, wishes)
            if wishes.held and not self._pausing.held:
                self.sweep()  # who said so may be dead

    async def _next(self) -> None:
        """Wait for the next beat, or until somebody says that there is something to see."""
        for _ in range(_LOOKS_PER_BEAT):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT_S / _LOOKS_PER_BEAT):
                    await self._poked.wait()
            self.pace_state = self._pace.state()
            if self._poked.is_set():
                break
        self._poked.clear()
