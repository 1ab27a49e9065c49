"""Telling somebody above of every attempt, at no cost where nobody wants to know."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loopai_nb.ledger.records import Settlement

__all__ = ["Observed", "Observer"]

_log = logging.getLogger(__name__)


class Observer(Protocol):
    """Is told of attempts, in the executor's loop: it must not wait."""

    def attempted(self, settled: Settlement, began_ns: int, ended_ns: int) -> None:
        """An attempt has ended; epoch nanoseconds."""

    def ended(self) -> None:
        """The run is not carried out here any more."""


class Observed:
    """Passes attempts on to an observer, as long as that works: one that fails is not told any more.

    Args:
        observer: Who is told; None for nobody.
    """

    def __init__(self, observer: Observer | None) -> None:
        self._observer = observer

    def begun_ns(self) -> int:
        """When an attempt begins, epoch nanoseconds; 0 where nobody asks."""
        return 0 if self._observer is None else time.time_ns()

    def attempted(self, settled: Sequence[Settlement], began_ns: int) -> None:
        """Tell of attempts that began together and end now."""
        if self._observer is None:
            return
        ended_ns = time.time_ns()
        try:
            for one in settled:
                self._observer.attempted(one, began_ns, ended_ns)
        except Exception as error:  # noqa: BLE001  (somebody else's border: what it fails at costs no answer)
            self._fail(error)

    def ended(self) -> None:
        """Tell that it is over."""
        if self._observer is None:
            return
        try:
            self._observer.ended()
        except Exception as error:  # noqa: BLE001  (as above)
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        self._observer = None
        # Not what it said: that may quote a prompt.
        _log.warning("Telemetry failed with %s, and is told nothing more of this run.", type(error).__name__)
