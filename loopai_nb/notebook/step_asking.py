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
    from collections.abc import Awaitable, Callable, Mapping

    from loopai_nb.approval.pending import Pending
    from loopai_nb.ledger.records import ApprovalRow
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
        self._shown: dict[str, list[_Question]] = {}  # two may wait for one question

    def show(self, pending: Pending, *, awaited: bool) -> bool:
        """Show a question; whether somebody can answer it here."""
        clicks = self._bench.clicks() if awaited else None
        if clicks is None:
            return False
        self._clicks = clicks  # of the kernel: a call that blocks beside it takes none away
        question = _Question(pending, self._bench)
        self._shown.setdefault(pending.approval_id, []).append(question)
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
        question = shown.pop()
        if shown:
            self._shown[pending.approval_id] = shown
        question.close(row)


class _Question:
    """One that is shown by the widget.

    Args:
        pending: The question.
        bench: Of the notebook.
    """

    def __init__(self, pending: Pending, bench: Workbench) -> None:
        from loopai_nb.notebook.resident import Resident

        self._row = pending.row
        self._desk = StepDesk(pending, bench.session.settings.user)
        self._ended = "its kernel ended before a decision"
        self._over = False
        self._resident = Resident(self._panel, self._page, self._end, bench.spot().open)

    def close(self, row: ApprovalRow) -> None:
        """Put static text into the widget's place, which says how it was decided."""
        said = "stopped before a decision" if row.state is ApprovalState.PENDING else decided_text(row)
        self._ended = said.replace(" (widget)", "")
        self._resident.close()

    def _panel(self, more: Mapping[str, Callable[[dict[str, Any]], Any]]) -> Panel:
        from loopai_nb.notebook.widgets.approval import ApprovalPanel

        return ApprovalPanel({**self._desk.handlers, **more})

    def _page(self) -> Shown:
        from loopai_nb.notebook.approving import waits_as  # not on the way of %load_ext

        row = self._row
        if self._over:
            return Sentences(f"{row.title}: {self._ended}", f"digest {row.digest}")
        waits = waits_as(row.title, row.approval_id)
        return Stack(waits, Sentences(_explanation(row)), Preformatted(_context(row)))

    def _end(self) -> None:
        self._over = True


def _explanation(row: ApprovalRow) -> str:
    return str((row.context or {}).get("explanation") or "")


def _context(row: ApprovalRow) -> str:
    context = (row.context or {}).get("context")
    return json.dumps(context, indent=2, ensure_ascii=False) if context else ""
