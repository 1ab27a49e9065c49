"""What a dashboard looks at, as its widget says it, and as the ledger is asked for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from loopai_nb.ledger.moves import run_times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loopai_nb.ledger.figures import Figures, Scope
    from loopai_nb.ledger.store import Ledger

__all__ = ["PRESETS", "Looked", "scope_of"]

_MINUTE_MS = 60_000
_LATEST_MS = 2**52

PRESETS: Mapping[str, int] = MappingProxyType(
    {"1h": 3_600_000, "24h": 86_400_000, "7d": 7 * 86_400_000, "30d": 30 * 86_400_000}
)
"""Periods that end now, in milliseconds; there is ``all`` besides."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A period, and what all panes are filtered by; the widget's ``Scope`` (src/dash/state.ts).

    Attributes:
        last: One of ``PRESETS`` or ``all``; None: from ``since_ms`` on.
        since_ms: Epoch milliseconds, where ``last`` is None.
        until_ms: Not included; None: to now.
        run: A run's id, or None.
        server: A server's address, or None.
        model: A model's name, or None.
        template: A ``template_key``, or None.
    """

    last: str | None = "all"
    since_ms: int | None = None
    until_ms: int | None = None
    run: str | None = None
    server: str | None = None
    model: str | None = None
    template: str | None = None

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> Looked:
        """What a widget says under ``scope``; what makes no sense there is as if it was not said."""
        said = message.get("scope")
        said = said if isinstance(said, dict) else {}
        last = _text(said.get("last"))
        since_ms, until_ms = _time(said.get("since_ms")), _time(said.get("until_ms"))
        names = [_text(said.get(name)) for name in ("run", "server", "model", "template")]
        if last in {*PRESETS, "all"} or since_ms is None:
            return cls(last or "all", None, None, *names)
        return cls(None, since_ms, until_ms, *names)

    def json(self) -> dict[str, Any]:
        """As the widget has it."""
        return asdict(self)

    def scope(self, ledger: Ledger, figures: Figures, now_ms: int) -> Scope:
        """What the ledger is asked for: whole minutes, of which the present one is the last."""
        from loopai_nb.ledger.figures import Scope

        now_ms = -(now_ms // -_MINUTE_MS) * _MINUTE_MS
        since_ms, until_ms = self._times(ledger, figures, now_ms)
        return Scope(
            since_ms,
            max(until_ms, since_ms + _MINUTE_MS),
            run_id=self.run,
            server=self.server,
            model=self.model,
            template=self.template,
        )

    def _times(self, ledger: Ledger, figures: Figures, now_ms: int) -> tuple[int, int]:
        if self.last is not None and self.last in PRESETS:
            return now_ms - PRESETS[self.last], now_ms
        if self.last is None and self.since_ms is not None:
            return self.since_ms, self.until_ms or now_ms
        times = None if self.run is None else run_times(ledger, self.run)
        if times is not None:
            begun_ms, ended_ms = times
            return begun_ms // _MINUTE_MS * _MINUTE_MS, now_ms if ended_ms is None else ended_ms + 1
        extent = figures.extent()
        return (now_ms - PRESETS["24h"], now_ms) if extent is None else extent


def scope_of(message: Mapping[str, Any], ledger: Ledger, figures: Figures) -> Scope:
    """What a pane's message asks about: its ``scope`` in terms of the ledger."""
    return Looked.of(message).scope(ledger, figures, ledger.now_ms())


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _time(value: object) -> int | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < _LATEST_MS:
        return None
    return int(value)
