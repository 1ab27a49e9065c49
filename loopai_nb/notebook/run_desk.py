"""What the progress widget shows of a run, in words and numbers, and what its buttons do."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from loopai_nb.notebook.run_lines import RATIONED, held_words
from loopai_nb.notebook.wording import duration, joined, latency, place
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.pricing import format_usd

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.execution.course import Point
    from loopai_nb.execution.progress import Progress
    from loopai_nb.execution.run import Run

__all__ = ["RunDesk", "snapshot"]

_CHART_EVERY_S = 1.0
"""A chart of a hundred points is sent once a second at most; the numbers beside it come at 5 Hz."""

_NOTHING = "\N{EN DASH}"
_LEAST_RATE = 0.01
_WHOLE_RATE = 10


class RunDesk:
    """Hands a run's widget what has changed, and does what its buttons say. Safe to use from several threads.

    Args:
        run: Being carried out by this process.
        user: Name of the person, for the ledger.
        push: Tells the widget something; see ``Panel.push``.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        run: Run,
        user: str,
        push: Callable[[str, object], None] = lambda _name, _data: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.push = push
        self._run = run
        self._user = user
        self._clock = clock
        self._lock = threading.Lock()
        spec = PlanSpec.from_json(run.row.spec)
        self._server = place(spec.server_url)
        self._model = spec.model
        self._priced = spec.price is not None
        self._frame = run.row.frame_name
        self._cancelling = False
        self._told: dict[str, Any] = {}
        self._charted: dict[str, Any] = {}
        self._charted_at_s = -_CHART_EVERY_S

    @property
    def handlers(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        """What the widget's messages do, by their kind."""
        return {"open": self._open, "pause": self._pause, "go_on": self._go_on, "cancel": self._cancel}

    def look(self, progress: Progress) -> None:
        """Tell the widget what has changed; nothing where nothing has."""
        with self._lock:
            told = self._snapshot(progress)
            if told != self._told:
                self._told = told
                self.push("progress", told)
            if self._clock() - self._charted_at_s < _CHART_EVERY_S:
                return
            self._charted_at_s = self._clock()
            charted = _chart(self._run.course)
            if charted != self._charted:
                self._charted = charted
                self.push("chart", charted)

    def _snapshot(self, progress: Progress) -> dict[str, Any]:
        return snapshot(progress, self._server, priced=self._priced, cancelling=self._cancelling)

    def _open(self, _message: dict[str, Any]) -> dict[str, Any]:
        return {
            "run": self._run.run_id,
            "what": f"{self._frame} → {self._model} at {self._server}",
            "progress": self._snapshot(self._run.progress),
            "chart": _chart(self._run.course),
        }

    def _pause(self, _message: dict[str, Any]) -> None:
        self._run.pause(self._user)

    def _go_on(self, _message: dict[str, Any]) -> None:
        self._run.go_on(self._user)

    def _cancel(self, _message: dict[str, Any]) -> None:
        self._cancelling = True
        self._run.cancel()


def snapshot(
    progress: Progress, server: str, *, priced: bool = True, cancelling: bool = False
) -> dict[str, Any]:
    """One moment of a run as the widget shows it.

    Args:
        progress: That moment.
        server: Where it asks.
        priced: Whether the price of its model is known.
        cancelling: It is about to end.

    Returns:
        ``state`` (running, held, paused, ending), ``says`` (that in words), ``parts`` (distinct requests by
        what became of them), ``total``, ``percent``, ``figures``, ``server`` (how things stand with it),
        ``warnings``.
    """
    fresh = progress.answered - progress.cached
    left = max(0, progress.total - progress.answered - progress.failed)
    in_flight = min(progress.in_flight, left)
    state, says = _state(progress, server, cancelling=cancelling)
    return {
        "state": state,
        "says": says,
        "parts": {
            "cached": progress.cached,
            "answered": fresh,
            "failed": progress.failed,
            "in_flight": in_flight,
            "to_go": left - in_flight,
        },
        "total": progress.total,
        "percent": _percent(progress),
        "figures": [
            _done(progress),
            _rate(progress, moves=state == "running"),
            _spent(progress, priced=priced),
            _latency(progress),
        ],
        "server": _server(progress, server),
        "warnings": list(progress.warnings),
    }


def _percent(progress: Progress) -> int:
    """Rounded down: 100 is said when all is done."""
    done = progress.answered + progress.failed
    return min(100, 100 * done // progress.total) if progress.total else 100


def _state(progress: Progress, server: str, *, cancelling: bool) -> tuple[str, str]:
    if cancelling:
        return "ending", "Stopping; what is answered is kept"
    if progress.paused_by is not None:
        ends = f"; {progress.in_flight:,} in flight will still be kept" if progress.in_flight else ""
        return "paused", f"Paused by {progress.paused_by}{ends}"
    if held := held_words(progress, server):
        return "held", held
    return "running", "Running"


def _figure(name: str, value: str, note: str, used: float | None = None) -> dict[str, Any]:
    return {"name": name, "value": value, "note": note, "used": used}


def _done(progress: Progress) -> dict[str, Any]:
    done = progress.answered + progress.failed
    return _figure("Done", f"{_percent(progress)}%", f"{done:,} of {progress.total:,}")


def _rate(progress: Progress, *, moves: bool) -> dict[str, Any]:
    per_s = progress.per_s
    if per_s < _LEAST_RATE:
        rate = _NOTHING
    elif per_s < 1:
        rate = f"{per_s * 60:.1f}/min"
    else:
        rate = f"{per_s:,.0f}/s" if per_s >= _WHOLE_RATE else f"{per_s:.1f}/s"
    left = f"about {duration(progress.left_s)} left" if progress.left_s is not None and moves else ""
    return _figure("Rate", rate, joined([left, f"{duration(int(progress.elapsed_s))} so far"]))


def _spent(progress: Progress, *, priced: bool) -> dict[str, Any]:
    if not priced:
        return _figure("Spent", "unknown", "no price is set")
    spent, budget = format_usd(progress.spent_pusd), progress.budget_pusd
    if budget is None:
        return _figure("Spent", f"{spent} USD", "no budget")
    used = progress.spent_pusd / budget if budget else 1.0
    return _figure("Spent", f"{spent} USD", f"{used:.0%} of {format_usd(budget)} USD", round(used, 3))


def _latency(progress: Progress) -> dict[str, Any]:
    if progress.p50_ms is None or progress.p95_ms is None:
        return _figure("Latency, p50", _NOTHING, "no answer yet")
    return _figure("Latency, p50", latency(progress.p50_ms), f"p95 {latency(progress.p95_ms)}")


def _server(progress: Progress, server: str) -> str:
    """How things stand with the server: whether it is asked, and how many requests at once."""
    if progress.held_s > 0:
        asked = f"{server} {progress.held_why or 'is asked again in a moment'}"
    elif progress.held_why:
        asked = f"{server} {progress.held_why}: one request tries whether it is well again"
    else:
        asked = f"{server} {'has not answered yet' if progress.p50_ms is None else 'answers'}"
        if progress.rationed:
            asked += f"; {RATIONED}"
    if not progress.limit:
        return asked
    limit = f"{progress.in_flight:,} in flight, {progress.limit:,} allowed now"
    if progress.ceiling > progress.limit:
        limit += f" of {progress.ceiling:,} at most"
    if progress.limit_before > progress.limit:
        limit += f" ({progress.limit_before:,} before the last trouble)"
    return joined([asked, limit])


def _chart(points: list[Point]) -> dict[str, Any]:
    """Latencies over time in columns; stretches without an answer are gaps."""
    return {
        "at_s": [round(point.at_s, 1) for point in points],
        "p50_ms": [None if point.p50_ms is None else round(point.p50_ms, 1) for point in points],
        "p95_ms": [None if point.p95_ms is None else round(point.p95_ms, 1) for point in points],
        "per_s": [round(point.per_s, 2) for point in points],
    }
