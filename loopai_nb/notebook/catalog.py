"""What Tab offers of a database or the ledger, fetched in a thread and kept for a minute."""

from __future__ import annotations

import concurrent.futures
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Catalog"]

WAITS_S = 0.25
FRESH_S = 60.0
"""How long what was fetched is offered without asking again; ``connect`` forgets it at once."""


class Catalog:
    """Names that are fetched from a database, a model server or the ledger, kept for a minute.

    Safe to use from several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, concurrent.futures.Future[list[str]]]] = {}

    def names(self, what: str, fetch: Callable[[], Iterable[str]], fresh_s: float = FRESH_S) -> list[str]:
        """What is known by that name, or what arrives within a moment; else nothing, for now.

        Args:
            what: A name for it.
            fetch: Gets it, in a thread.
            fresh_s: Seconds for which it is offered without asking again.
        """
        with self._lock:
            fetched_s, future = self._known.get(what, (0.0, None))
            stale = future is None or time.monotonic() - fetched_s > fresh_s
            if stale:
                future = concurrent.futures.Future()
                self._known[what] = (time.monotonic(), future)
        assert future is not None  # noqa: S101  (made above where it was missing)
        if stale:
            threading.Thread(target=_fetch, args=(fetch, future), name="loopai-nb-tab", daemon=True).start()
        try:
            return future.result(timeout=WAITS_S)
        except TimeoutError:
            return []

    def forget(self) -> None:
        """Ask again at the next Tab."""
        with self._lock:
            self._known.clear()


def _fetch(fetch: Callable[[], Iterable[str]], future: concurrent.futures.Future[list[str]]) -> None:
    try:
        future.set_result(list(fetch()))
    except Exception:  # noqa: BLE001  (a thread's border: Tab that finds nothing says nothing)
        future.set_result([])
