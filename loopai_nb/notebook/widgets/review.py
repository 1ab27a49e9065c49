"""The review widget; what it shows and decides is ``notebook.review_desk``'s."""

from __future__ import annotations

from pathlib import Path

from loopai_nb.notebook.widgets.panel import Panel

__all__ = ["ReviewPanel"]

_STATIC = Path(__file__).parent / "static"


class ReviewPanel(Panel):
    """The answers of a run that a person accepts, edits, rejects or skips, one by one or many at once."""

    _esm = _STATIC / "review.js"
    _css = _STATIC / "review.css"
