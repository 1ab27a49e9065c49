"""The verb that shows a ledger as a dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.ledger import queries
from loopai_nb.notebook.dashboard_desk import DashboardDesk, first_look
from loopai_nb.notebook.dashboard_page import DashboardPage, said_of
from loopai_nb.notebook.dashboard_plain import PlainDashboard
from loopai_nb.notebook.dashboard_scope import PRESETS, Looked
from loopai_nb.notebook.happenings_desk import HappeningsDesk
from loopai_nb.notebook.log_desk import LogDesk
from loopai_nb.notebook.verbs_runs import run_meant
from loopai_nb.session.moments import since_ms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loopai_nb.ledger.store import Ledger
    from loopai_nb.notebook.dashboard_desk import Handler
    from loopai_nb.notebook.shown import Shown
    from loopai_nb.notebook.workbench import Call

__all__ = ["dashboard", "looked_at"]


def dashboard(call: Call) -> Shown | None:
    """Figures, charts and requests of a period, or of one run."""
    ledger = call.session.ledger
    run = None if call.args.run is None else run_meant(call, call.args.run)
    looked = looked_at(ledger, run, call.args.since)
    happenings = HappeningsDesk(ledger, call.session.settings.alerts)
    others = {"happenings": happenings.handlers, "log": LogDesk(ledger).handlers}
    desk = DashboardDesk(ledger, looked, others=others)
    bench = call.bench

    def page() -> Shown:
        overview, says = desk.overview(looked), said_of(looked)
        if not bench.static:
            return DashboardPage(overview, says)
        # Named as it was on the line: an id differs from run to run.
        named = says if run is None else says.replace(run, call.args.run)
        return PlainDashboard(overview, named, static=True)

    if bench.clicks() is None:
        return page()
    from loopai_nb.notebook.resident import Resident
    from loopai_nb.notebook.widgets.dashboard import DashboardPanel

    def panel(more: Mapping[str, Handler]) -> DashboardPanel:
        made = DashboardPanel({**desk.handlers, **more})
        desk.push = made.push
        return made

    bench.keep_open(Resident(panel, page, desk.close).close)
    return None


def looked_at(ledger: Ledger, run: str | None, since: str | None) -> Looked:
    """What was asked for on the line.

    Raises:
        InputError: There is no such run, or ``since`` says no time.
    """
    if run is not None:
        queries.run_row(ledger, run)
    if since is None:
        return first_look(ledger, run)
    name = since.strip().lower()
    if name in PRESETS or name == "all":
        return Looked(name, run=run)
    return Looked(None, since_ms(since, ledger.now_ms()), run=run)
