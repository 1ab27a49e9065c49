"""``ApprovalGate`` in a notebook: a step of a person's own code, asked about by the approval widget."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from loopai_nb.approval.pending import decided_text
from loopai_nb.errors import InputError
from loopai_nb.notebook.marked import marked
from loopai_nb.notebook.shown import Preformatted, Sentences, Shown, Stack
from loopai_nb.records import ApprovalState
from loopai_nb.redaction import visible

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from loopai_nb.approval.pending import Pending
    from loopai_nb.ledger.records import ApprovalRow
    from loopai_nb.notebook.progress import Spot
    from loopai_nb.notebook.waiting import Clicks
    from loopai_nb.notebook.widgets.panel import Panel
    from loopai_nb.notebook.workbench import Workbench

__all__ = ["NotebookAsker", "StepDesk"]


class StepDesk:
    """What the widget is told of a step, and the decision.

    Args:
        pending: The question.
        user: Who decides here.
    """

    def __init__(self, pending: Pending, user: str) -> None:
        self._pending = pending
        self._user = user
        self.handlers: dict[str, Callable[[dict[str, Any]], Any]] = {
            "open": self._open,
            "approve": lambda asked: self._decide(asked, ApprovalState.APPROVED),
            "reject": lambda asked: self._decide(asked, ApprovalState.REJECTED),
        }

    def _open(self, _: dict[str, Any]) -> dict[str, Any]:
        row = self._pending.row
        left_s = self._pending.left_s
        return {
            "step": {
                "id": row.approval_id,
                "title": visible(row.title),
                "digest": row.digest,
                "asked_by": visible(row.asked_by),
                "explanation": marked(_explanation(row)),
                "context": marked(_context(row)),
            },
            # A step without an end waits for a day, as far as its clock is concerned.
            "ends_in_ms": int((86_400 if left_s is None else left_s) * 1000),
        }

    def _decide(self, asked: dict[str, Any], state: ApprovalState) -> None:
        if asked.get("digest") != self._pending.digest:
            raise InputError("This is not what was asked about.")
        feedback = str(asked.get("reason") or "")[:2_000] if state is ApprovalState.REJECTED else ""
        self._pending.decide(state, decided_by=self._user, means="widget", feedback=feedback)


class NotebookAsker:
    """Shows the questions of ``ApprovalGate`` in this notebook; see ``approval.steps.Asker``.

    Clicks reach Python where the cell awaits (``await gate.arequire_approval(...)``); a call that blocks its
    cell is decided elsewhere.

    Args:
        bench: Of the notebook.
    """

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._clicks: Clicks | None = None
        self._shown: dict[str, list[tuple[Panel, Spot]]] = {}  # two may wait for one question

    def show(self, pending: Pending, *, awaited: bool) -> bool:
        """Show a question; whether somebody can answer it here."""
        clicks = self._bench.clicks() if awaited else None
        if clicks is None:
            return False
        self._clicks = clicks  # of the kernel: a call that blocks beside it takes none away
        from loopai_nb.notebook.widgets.approval import ApprovalPanel
        from loopai_nb.notebook.widgets.panel import LivePanel

        row = pending.row
        panel = ApprovalPanel(StepDesk(pending, self._bench.session.settings.user).handlers)
        where = self._bench.spot()
        where.open(LivePanel(panel, Stack(_waiting(row), Preformatted(_context(row)))))
        self._shown.setdefault(pending.approval_id, []).append((panel, where))
        return True

    def until(self, decided: asyncio.Future[None], timeout_s: float) -> Awaitable[object]:
        """Wait for a future while clicks are let in."""
        if self._clicks is None:
            return asyncio.wait({decided}, timeout=min(0.2, timeout_s))
        return self._clicks.until(decided, timeout_s)

    def done(self, pending: Pending, row: ApprovalRow) -> None:
        """Put static text into the widget's place."""
        shown = self._shown.pop(pending.approval_id, [])
        if not shown:
            return
        panel, where = shown.pop()
        if shown:
            self._shown[pending.approval_id] = shown
        said = "stopped before a decision" if row.state is ApprovalState.PENDING else decided_text(row)
        where.fold(Sentences(f"{row.title}: {said.replace(' (widget)', '')}", f"digest {row.digest}"))
        panel.close()


def _waiting(row: ApprovalRow) -> Shown:
    return Sentences(
        f"{row.title} waits for a decision as {row.approval_id}.",
        _explanation(row),
        f"Elsewhere: %loopai approve {row.approval_id}, or loopai-nb approve {row.approval_id}",
    )


def _explanation(row: ApprovalRow) -> str:
    return str((row.context or {}).get("explanation") or "")


def _context(row: ApprovalRow) -> str:
    context = (row.context or {}).get("context")
    return json.dumps(context, indent=2, ensure_ascii=False) if context else ""
