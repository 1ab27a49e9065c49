"""Looking whether a ledger changes, while somebody sees a dashboard of it."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.ledger.moves import Moves

__all__ = ["LedgerWatch"]

_log = logging.getLogger(__name__)

STEP_S = 0.2
"""Between two looks while something changes (5 Hz)."""

_CALM_S = 1.0
"""Between two looks where nothing has changed for some time."""

_STIRS_S = 5.0
_LEASE_S = 600.0
"""A view that is closed says so; one whose browser has gone does not. Views renew it (src/dashboard.ts)."""

_CLOSE_S = 3.0
"""A database may not answer; Jupyter kills a kernel that takes 5 seconds to end."""

_SHARE = 4
"""Making what is told takes at most one part in so many of the time, so that runs have the others."""


@dataclass(slots=True)
class _View:
    given: object
    seen: Moves | None
    until_s: float


class LedgerWatch:
    """A thread that looks at a ledger as long as there are views. Safe to use from several threads.

    Args:
        look: Reads the ledger's marks.
        tell: Called by the thread with what the view gave when it began to watch, and with whether requests
            have changed (else something else has).
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        look: Callable[[], Moves],
        tell: Callable[[str, object, bool], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look = look
        self._tell = tell
        self._clock = clock
        self._changed = threading.Condition()
        self._views: dict[str, _View] = {}
        self._thread: threading.Thread | None = None
        self._closed = False

    def watch(self, view: str, given: object, seen: Moves | None = None) -> None:
        """Tell a view of what has changed since it saw the ledger so; None: of what changes from now on.

        Once this is closed it is told nothing: its message was on the way.
        """
        with self._changed:
            if self._closed:
                return
            self._views[view] = _View(given, seen, self._clock() + _LEASE_S)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="loopai-nb-dashboard", daemon=True)
                self._thread.start()
            self._changed.notify()

    def leave(self, view: str) -> None:
        """Tell it nothing more."""
        with self._changed:
            self._views.pop(view, None)
            self._changed.notify()

    def close(self) -> None:
        """Tell nobody anything more, and wait until nothing is read, for some seconds at most."""
        with self._changed:
            self._closed = True
            self._views.clear()
            self._changed.notify()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_CLOSE_S)

    def _watch(self) -> None:
        try:
            self._until_nobody_looks()
        except Exception:  # noqa: BLE001  (a thread's border: what is shown stays, and a next look tries again)
            _log.warning("The ledger could not be watched for its dashboard.", exc_info=True)
            with self._changed:
                self._views.clear()
                self._thread = None

    def _until_nobody_looks(self) -> None:
        stirred_s = self._clock()
        pause_s = 0.0
        while self._waited(pause_s):
            begun_s = self._clock()
            now = self._look()
            for view, given, seen in self._behind(now):
                stirred_s = begun_s
                self._tell(view, given, now.requests != seen.requests)
            took_s = self._clock() - begun_s
            calm = begun_s - stirred_s > _STIRS_S
            pause_s = _CALM_S if calm else max(STEP_S - took_s, took_s * (_SHARE - 1))

    def _waited(self, pause_s: float) -> bool:
        """Wait, and say whether there is still somebody; if not, the thread ends."""
        until_s = self._clock() + pause_s
        with self._changed:
            while self._views and (left_s := until_s - self._clock()) > 0:
                self._changed.wait(left_s)
            now_s = self._clock()
            self._views = {name: view for name, view in self._views.items() if view.until_s > now_s}
            if not self._views:
                self._thread = None
            return bool(self._views)

    def _behind(self, now: Moves) -> list[tuple[str, object, Moves]]:
        """Views that have seen the ledger otherwise, what they gave and what they saw; now they know."""
        found: list[tuple[str, object, Moves]] = []
        with self._changed:
            for name, view in self._views.items():
                if view.seen is not None and view.seen != now:
                    found.append((name, view.given, view.seen))
                view.seen = now
        return found
