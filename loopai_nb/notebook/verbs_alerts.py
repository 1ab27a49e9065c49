"""The verb about alerts: a look at the rules now, and what fired lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.notebook.shown import Grid, Sentences, Shown, Stack
from loopai_nb.notebook.wording import firing_said, moment

if TYPE_CHECKING:
    from loopai_nb.ledger.alerting import AlertRow
    from loopai_nb.notebook.workbench import Call
    from loopai_nb.session import Session

__all__ = ["MOST", "alerts", "listed"]

MOST = 20
"""Alerts in a list."""


def alerts(call: Call) -> Shown:
    """Look at the rules, and list what fired, the last one first."""
    call.session.check_alerts()
    rows = call.session.alerts(since=call.args.since, limit=call.args.limit or MOST)
    return listed(call.session, rows, static=call.bench.static)


def listed(session: Session, rows: list[AlertRow], *, static: bool = False) -> Shown:
    """Alerts as a table, with a sentence on how things stand."""
    n = len(session.settings.alerts)
    if not n and not rows:
        return Sentences(
            'No rule is set: LOOPAI_ALERTS="error_rate > 5% in 10m; spend_usd_per_hour > 2" in .env sets two.'
        )
    said = f"{firing_said(len(session.firing_alerts()), n)}."
    if not rows:
        return Sentences(said)
    if static:
        lines = [[row.rule, "fires" if row.over_ms is None else "over"] for row in rows]
        return Stack(Sentences(said), Grid(["rule", "state"], lines))
    lines = [[row.rule, moment(row.fired_ms), moment(row.over_ms) or "fires", row.message] for row in rows]
    return Stack(Sentences(said), Grid(["rule", "fired", "over", "found"], lines))
