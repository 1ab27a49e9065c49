"""What a server turned out not to take while it was asked: said once in each run, not only acted upon."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from loopai_nb.clients.base import LearningServer

if TYPE_CHECKING:
    from loopai_nb.clients.base import ModelServer
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.records import Parameters

__all__ = ["Lessons"]

EVENT = "server_refused"

_LOOK_S = 0.5

_log = logging.getLogger(__name__)


class Lessons:
    """Tells the lessons of one run's server: an event in the ledger, a warning for who watches, the log.

    Args:
        ledger: Where events are stored.
        run_id: Of the run.
        server: Whom it asks.
        parameters: What it asks with; a lesson about anything else is not told.
        warnings: The run's, which its progress shows.
    """

    def __init__(
        self, ledger: Ledger, run_id: str, server: ModelServer, parameters: Parameters, warnings: list[str]
    ) -> None:
        self._ledger = ledger
        self._run_id = run_id
        self._server = server if isinstance(server, LearningServer) else None
        self._parameters = parameters
        self._warnings = warnings
        self._told: set[str] = set()

    async def watch(self) -> None:
        """Tell each lesson soon after it was learnt, until cancelled."""
        while self._server is not None:
            await self.tell()
            await asyncio.sleep(_LOOK_S)

    async def tell(self) -> None:
        """Tell what was learnt and has not been told yet."""
        if self._server is None:
            return
        for lesson in self._server.lessons(self._parameters):
            if lesson in self._told:
                continue
            self._told.add(lesson)
            # Each process that carries the run out may learn it; the run hears of it once.
            if await self._ledger.aevent(self._run_id, EVENT, lesson, scope=f"{self._run_id} {lesson}"):
                _log.warning("%s: %s", self._run_id, lesson)
                self._warnings.append(lesson)
