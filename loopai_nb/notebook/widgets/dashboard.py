"""The dashboard; what it shows is ``notebook.dashboard_desk``'s."""

from __future__ import annotations

from pathlib import Path

from loopai_nb.notebook.widgets.panel import Panel

__all__ = ["DashboardPanel"]

_STATIC = Path(__file__).parent / "static"


class DashboardPanel(Panel):
    """What was asked of models in a period: how much, how fast, at what cost, and each request of it."""

    _esm = _STATIC / "dashboard.js"
    _css = _STATIC / "dashboard.css"
