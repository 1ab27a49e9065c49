"""What a dashboard's widget is told of a ledger: when it asks, and while runs go on."""

from __future__ import annotations

import threading
import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from loopai_nb.ledger.figures import Choices, Figures
from loopai_nb.ledger.moves import Moves
from loopai_nb.ledger.request_log import RequestLog
from loopai_nb.notebook.dashboard_overview import EXAMPLE, choices_of, overview_of
from loopai_nb.notebook.dashboard_scope import PRESETS, Looked, scope_of
from loopai_nb.notebook.dashboard_tops import MOST_TOPS, tops_of
from loopai_nb.notebook.dashboard_watch import LedgerWatch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from loopai_nb.ledger.figures import Scope
    from loopai_nb.ledger.store import Ledger

    Handler = Callable[[dict[str, Any]], Any]

__all__ = ["DashboardDesk", "first_look"]

_CHOICES_FRESH_S = 3.0
_NOTHING_YET = "Nothing was asked yet. This asks a model about every row of a DataFrame:"


class DashboardDesk:
    """Answers what a dashboard asks, and tells it what changes. Safe to use from several threads.

    Args:
        ledger: Of which.
        looked: What is looked at first.
        push: Tells the widget something; see ``Panel.push``.
        others: Handlers of other panes by their prefix: ``{"log": desk.handlers}`` answers ``log.window``.
        masked: What names go through before they are cut; see ``overview_of``.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        ledger: Ledger,
        looked: Looked,
        *,
        push: Callable[[str, object], None] = lambda _name, _data: None,
        others: Mapping[str, Mapping[str, Handler]] = MappingProxyType({}),
        masked: Callable[[str], str] = str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.push = push
        self._ledger = ledger
        self._figures = Figures(ledger, masked)
        self._masked = masked
        self._looked = looked
        self._others = others
        self._log = RequestLog(ledger)
        self._clock = clock
        self._lock = threading.Lock()
        self._choices: tuple[object, float, dict[str, Any]] = (None, 0.0, {})
        self._watch = LedgerWatch(lambda: Moves.of(ledger), self._tell, clock)

    @property
    def handlers(self) -> dict[str, Handler]:
        """What the widget's messages do, by their kind."""
        own: dict[str, Handler] = {
            "open": self._open,
            "overview": lambda message: self.overview(Looked.of(message)),
            "tops": self._tops,
            "watch": self._begin,
            "leave": lambda message: self._watch.leave(str(message.get("view"))),
        }
        more = {f"{pane}.{kind}": act for pane, acts in self._others.items() for kind, act in acts.items()}
        return own | more

    def close(self) -> None:
        """Watch the ledger no more; may be called twice."""
        self._watch.close()

    def overview(self, looked: Looked) -> dict[str, Any]:
        """All that the overview shows; see ``src/dash/wire.ts``."""
        marks = Moves.of(self._ledger)  # before the figures: what comes meanwhile is told afterwards
        scope = looked.scope(self._ledger, self._figures, self._ledger.now_ms())
        found = overview_of(self._figures, scope, compared=looked.last != "all", masked=self._masked)
        found |= {"choices": self._offered(scope), "marks": marks.json()}
        if found["empty"] and self._figures.extent() is None:
            found |= {"empty": _NOTHING_YET, "example": EXAMPLE}
        return found

    def _open(self, _message: dict[str, Any]) -> dict[str, Any]:
        return {
            "scope": self._looked.json(),
            "ledger": self._ledger.label,
            "overview": self.overview(self._looked),
        }

    def _tops(self, message: dict[str, Any]) -> dict[str, Any]:
        """The slowest and the dearest requests, where they are found soon: other questions wait meanwhile."""
        scope = scope_of(message, self._ledger, self._figures)
        if self._figures.totals(scope).requests > MOST_TOPS:
            return {"slowest": [], "dearest": []}
        return tops_of(self._log, scope)

    def _begin(self, message: dict[str, Any]) -> None:
        given = (Looked.of(message), message.get("tab") == "overview")
        self._watch.watch(str(message.get("view")), given, Moves.from_json(message.get("marks")))

    def _tell(self, view: str, given: Any, requests: bool) -> None:  # noqa: FBT001  (as LedgerWatch calls it)
        looked, sees_overview = given
        if sees_overview and not requests:
            return
        self.push("moved", {"view": view, "overview": self.overview(looked) if sees_overview else None})

    def _offered(self, scope: Scope) -> dict[str, Any]:
        """What the filters offer; a little old while runs go on, for it changes seldom."""
        period = (scope.since_ms, scope.until_ms)
        with self._lock:
            known, at_s, offered = self._choices
        if known == period and self._clock() - at_s < _CHOICES_FRESH_S:
            return offered
        found: Choices = self._figures.choices(scope)
        offered = choices_of(found, self._masked)
        with self._lock:
            self._choices = (period, self._clock(), offered)
        return offered


def first_look(ledger: Ledger, run: str | None) -> Looked:
    """What a dashboard shows at first: a run whole, or the shortest usual period that is not empty."""
    if run is not None:
        return Looked("all", run=run)
    extent = Figures(ledger).extent()
    if extent is None:
        return Looked("24h")
    ago_ms = ledger.now_ms() - extent[1]
    return Looked(next((name for name in ("24h", "7d", "30d") if ago_ms < PRESETS[name]), "all"))
