"""What Tab offers of a database or the ledger, fetched in threads and kept for a while."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Catalog"]

WAITS_S = 0.15
"""For all that one Tab asks for: a person notices 0.2 s."""

FRESH_S = 15.0
"""How long what was fetched is offered without asking again: so old a new table may be before it is seen."""

FAILED_S = 3.0
"""After a failure, how long nothing is asked."""

GIVES_UP_S = 30.0
"""For an answer that does not come; what is asked next has a thread, and so a connection, of its own."""


@dataclass(slots=True)
class _Known:
    names: list[str] = field(default_factory=list)
    good_until_s: float = 0.0
    pending: bool = False


@dataclass(slots=True)
class _Lane:
    """What is fetched one after the other, by a thread that ends when nothing is left."""

    jobs: deque[tuple[_Known, Callable[[], Iterable[str]], float]] = field(default_factory=deque)
    began_s: float | None = None
    abandoned: threading.Event = field(default_factory=threading.Event)


class Catalog:
    """Names that are fetched from a database, a model server or the ledger.

    A Tab never waits longer than a moment: what was known before is offered, and what arrives later is there
    at the next one. Safe to use from several threads.

    Args:
        clock: Seconds that only go up.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._arrived = threading.Condition()
        self._known: dict[tuple[str, str], _Known] = {}
        self._lanes: dict[str, _Lane] = {}

    def names(
        self, where: str, wanted: Mapping[str, Callable[[], Iterable[str]]], fresh_s: float = FRESH_S
    ) -> dict[str, list[str]]:
        """What is known by each name, or arrives within a moment; else what was known before, or nothing.

        Args:
            where: From whom; whoever does not answer holds up only what else is asked of him.
            wanted: A name for each list, and what gets it, in a thread.
            fresh_s: Seconds for which it is offered without asking again.
        """
        with self._arrived:
            asked = [self._ask(where, what, fetch, fresh_s) for what, fetch in wanted.items()]
            self._arrived.wait_for(lambda: not any(known.pending for known in asked), timeout=WAITS_S)
            return {what: known.names for what, known in zip(wanted, asked, strict=True)}

    def _ask(self, where: str, what: str, fetch: Callable[[], Iterable[str]], fresh_s: float) -> _Known:
        known = self._known.setdefault((where, what), _Known())
        lane = self._lanes.get(where)
        now_s = self._clock()
        if lane is not None and lane.began_s is not None and now_s - lane.began_s > GIVES_UP_S:
            for waiting, _, _ in lane.jobs:
                waiting.pending = False
            known.pending = False
            lane.abandoned.set()
            lane = None
        if known.pending or now_s < known.good_until_s:
            return known
        known.pending = True
        if lane is None:
            lane = self._lanes[where] = _Lane()
        lane.jobs.append((known, fetch, fresh_s))
        if lane.began_s is None:
            lane.began_s = now_s
            threading.Thread(target=self._fetch_all, args=(lane,), name="loopai-nb-tab", daemon=True).start()
        return known

    def _fetch_all(self, lane: _Lane) -> None:
        while True:
            with self._arrived:
                if lane.abandoned.is_set() or not lane.jobs:
                    lane.began_s = None
                    return
                known, fetch, fresh_s = lane.jobs.popleft()
                lane.began_s = self._clock()
            found: list[str] | None = None
            with contextlib.suppress(Exception):  # a thread's border: Tab that finds nothing says nothing
                found = list(fetch())
            with self._arrived:
                if lane.abandoned.is_set():
                    return
                if found is not None:
                    known.names = found
                known.good_until_s = self._clock() + (FAILED_S if found is None else fresh_s)
                known.pending = False
                self._arrived.notify_all()
