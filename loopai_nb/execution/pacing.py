"""One pace for all runs of a session that ask the same server."""

from __future__ import annotations

import random
import threading
import time
from typing import TYPE_CHECKING

from loopai_nb.resilience.pace import Pace

if TYPE_CHECKING:
    import asyncio

    from loopai_nb.execution.counts import Limits
    from loopai_nb.resilience.pace import PaceState

__all__ = ["Paces", "SharedPace"]


class SharedPace:
    """A pace, and the runs that wait for it: what one of them ends may let another one go.

    It belongs to one event loop.

    Args:
        pace: Of one server.
    """

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._waiting: set[asyncio.Event] = set()

    def watch(self, wake: asyncio.Event) -> None:
        """Set this event whenever a request has ended."""
        self._waiting.add(wake)

    def unwatch(self, wake: asyncio.Event) -> None:
        """Stop setting it."""
        self._waiting.discard(wake)

    def changed(self, by: asyncio.Event) -> None:
        """A request has ended: all but the run that it is of look again; that one knows."""
        for wake in self._waiting:
            if wake is not by:  # one that has ended does not wait any more, and is not among them
                wake.set()

    @property
    def is_shared(self) -> bool:
        """Whether several runs go at it now."""
        return len(self._waiting) > 1

    def state(self) -> PaceState:
        """How things stand, for people."""
        return self.pace.state(time.monotonic())


class Paces:
    """The paces of a session: one for each server and way to press it. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paces: dict[str, dict[tuple[int, bool], SharedPace]] = {}

    def of(self, base_url: str, limits: Limits) -> SharedPace:
        """The pace of the runs that ask this server with so many in flight.

        All runs of a server share its rate limits and its breaker.
        """
        with self._lock:
            paces = self._paces.setdefault(base_url, {})
            key = (limits.concurrency, limits.fixed)
            if key not in paces:
                first = next(iter(paces.values()), None)
                paces[key] = SharedPace(
                    Pace(
                        ceiling=limits.concurrency,
                        fixed=limits.fixed,
                        requests_per_min=limits.requests_per_min,
                        tokens_per_min=limits.tokens_per_min,
                        random=random.Random().random,  # noqa: S311  (jitter)
                        rate=None if first is None else first.pace.rate,
                        breaker=None if first is None else first.pace.breaker,
                    )
                )
            return paces[key]
