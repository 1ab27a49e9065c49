"""The alerts of a session: what fired, and a look at the rules now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.session.moments import since_ms
from loopai_nb.session.requests import Requests

if TYPE_CHECKING:
    from loopai_nb.alerts.watch import Change
    from loopai_nb.ledger.alerting import AlertRow
    from loopai_nb.session.moments import Since

__all__ = ["Alerts"]


class Alerts(Requests):
    """The part of a session that knows its alerts."""

    def alerts(self, *, since: Since | None = None, limit: int = 100) -> list[AlertRow]:
        """Alerts that fired, the last one first; one that fires still has no ``over_ms``.

        Args:
            since: From when on, such as ``"24h"``; None for all.
            limit: How many.

        Raises:
            InputError: ``since`` says no time.
        """
        ledger = self.ledger
        from_ms = 0 if since is None else since_ms(since, ledger.now_ms())
        return ledger.alerts(since_ms=from_ms, most=limit)

    def firing_alerts(self) -> list[AlertRow]:
        """The alerts of this session's rules that are not over."""
        return self.ledger.firing([str(rule) for rule in self.settings.alerts])

    def watch_alerts(self) -> None:
        """Look at the rules in the background from now on, as a session does that has run something."""
        self._alerts().start()

    def check_alerts(self) -> list[Change]:
        """Look at the rules of ``LOOPAI_ALERTS`` now, and tell what changed; runs do it every 15 seconds.

        Returns:
            What came true and what is over, since anybody looked last.
        """
        return self._alerts().look()
