"""The approval widget; what it shows and decides is ``notebook.approval_desk``'s."""

from __future__ import annotations

from pathlib import Path

from loopai_nb.notebook.widgets.panel import Panel

__all__ = ["ApprovalPanel"]

_STATIC = Path(__file__).parent / "static"


class ApprovalPanel(Panel):
    """A plan that waits for a decision, with its rows, its template and its numbers."""

    _esm = _STATIC / "approval.js"
    _css = _STATIC / "approval.css"
