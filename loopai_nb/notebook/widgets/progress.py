"""The progress widget; what it shows and what its buttons do is ``notebook.run_desk``'s."""

from __future__ import annotations

from pathlib import Path

from loopai_nb.notebook.widgets.panel import Panel

__all__ = ["ProgressPanel"]

_STATIC = Path(__file__).parent / "static"


class ProgressPanel(Panel):
    """A run that is being carried out: how far it is, how fast, at what cost; pause, go on, cancel."""

    _esm = _STATIC / "progress.js"
    _css = _STATIC / "progress.css"
