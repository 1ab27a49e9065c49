"""The deadlines of all exchanges on one event loop, under one timer.

A timer for each request would be made, sorted in and taken out again some hundred thousand times, and hardly
ever run.
"""

from __future__ import annotations

import asyncio
import math
from typing import Protocol

__all__ = ["Deadlines"]


class _Watched(Protocol):
    def look(self, now: float) -> float:
        """Fail what is over; when to look again, infinity for never."""


class Deadlines:
    """Looks at exchanges when they may be over; of one event loop, by whose clock it goes."""

    def __init__(self) -> None:
        self._watched: set[_Watched] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._due = math.inf

    def watch(self, one: _Watched, due: float) -> None:
        """Look at it at this time, and again whenever it says."""
        self._watched.add(one)
        if due < self._due:
            self._set(due)

    def forget(self, one: _Watched) -> None:
        """Look at it no more. The timer stays: whoever comes next is hardly ever due before it."""
        self._watched.discard(one)

    def close(self) -> None:
        """Look at nothing any more."""
        self._watched.clear()
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._due = None, math.inf

    def _set(self, due: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._due = due
        self._timer = asyncio.get_running_loop().call_at(due, self._look)

    def _look(self) -> None:
        self._timer, self._due = None, math.inf
        now, due = asyncio.get_running_loop().time(), math.inf
        for one in tuple(self._watched):
            again = one.look(now)
            if again == math.inf:
                self._watched.discard(one)
            due = min(due, again)
        if due < self._due:
            self._set(due)
