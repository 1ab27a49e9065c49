"""What is told of approvals, runs and budgets: no prompt, no answer and no message of a server's.

A server's error may repeat the prompt, so of the reason why a run ended only the first part is told.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from loopai_nb.approval.links import LinkKey, page_link
from loopai_nb.approval.pending import decided_text
from loopai_nb.errors import LoopaiNbError
from loopai_nb.ledger import queries
from loopai_nb.ledger.browsing import PlanRows
from loopai_nb.notify.notice import Notice
from loopai_nb.pricing import format_usd
from loopai_nb.records import ApprovalState, RunState
from loopai_nb.settings.channels import Importance, NoticeKind

if TYPE_CHECKING:
    from loopai_nb.ledger.records import ApprovalRow, RunRow
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.redaction import Secret
    from loopai_nb.settings import Settings

__all__ = ["budget_warned", "decided", "not_decided", "run_ended", "test_notice", "waits"]

_ELSEWHERE = frozenset({"cli", "link", "notebook"})
"""Means of a decision that was not given where it was asked for."""

_SHOWN_DIGITS = 12
_FIRST_ROWS = 20
_MINUTE_S = 60


def waits(ledger: Ledger, approval_id: str, settings: Settings) -> list[Notice]:
    """That something waits for a decision; nothing where it is decided already."""
    row = ledger.approval(approval_id)
    if row.state is not ApprovalState.PENDING:
        return []
    facts = [("Asked by", row.asked_by), ("Plan", row.plan_id or ""), ("Digest", row.digest[:_SHOWN_DIGITS])]
    if row.expires_ms is not None:
        facts.append(("Waits until", _clock(row.expires_ms)))
    facts.append(("In a terminal", f"loopai-nb approve {row.approval_id}"))
    return [
        Notice(
            NoticeKind.APPROVAL,
            Importance.URGENT,
            f"Waiting for approval: {row.title or row.approval_id}",
            ledger.now_ms(),
            tuple((name, value) for name, value in facts if value),
            plan_id=row.plan_id,
            approval_id=row.approval_id,
            link=_link(ledger, row, settings),
            prompt=_prompt(ledger, row) if settings.notify.prompts else None,
        )
    ]


def decided(ledger: Ledger, approval_id: str) -> list[Notice]:
    """That somebody decided elsewhere: who, when, and what was added."""
    row = ledger.approval(approval_id)
    if row.means not in _ELSEWHERE:
        return []
    return [_about(row, f"{row.approval_id} was {decided_text(row)}.", Importance.INFO, row.decided_ms)]


def not_decided(ledger: Ledger, approval_id: str) -> list[Notice]:
    """That the time is over; nothing where somebody decided, or withdrew the question."""
    row = ledger.approval(approval_id)
    if row.state is not ApprovalState.TIMEOUT or row.feedback:
        return []
    title = f"Nobody decided on {row.approval_id} in time: nothing was sent."
    return [_about(row, title, Importance.WARNING, row.decided_ms)]


def run_ended(ledger: Ledger, run_id: str, settings: Settings) -> list[Notice]:
    """That a run ended, and how; nothing where it ended well so soon that whoever began it is there."""
    row = queries.run_row(ledger, run_id)
    well = row.state in (RunState.COMPLETED, RunState.CANCELLED)
    if well and row.active_ms < settings.notify.after_s * 1000:
        return []
    kind, also, importance = NoticeKind.ENDED, (), Importance.INFO
    why = _first_part(row.reason)
    if row.state is RunState.FAILED:
        kind, importance = NoticeKind.FAILED, Importance.URGENT
    elif row.state is RunState.PARTIAL and why in ("budget", "the day's budget"):
        return [_of_run(ledger, row, _budget_title(row, why), NoticeKind.BUDGET, (kind,), Importance.URGENT)]
    elif row.state is RunState.PARTIAL:
        importance = Importance.WARNING
    said = {
        RunState.COMPLETED: "is complete",
        RunState.CANCELLED: "was cancelled",
        RunState.PARTIAL: "stopped before all was answered",
        RunState.FAILED: "failed",
    }.get(row.state, f"is {row.state}")
    reason = f" ({why})" if why and not well else ""
    return [_of_run(ledger, row, f"Run {row.run_id} {said}{reason}.", kind, also, importance)]


def budget_warned(ledger: Ledger, run_id: str, warning: str) -> list[Notice]:
    """That four fifths of a budget are spent, in the ledger's own sentence."""
    row = queries.run_row(ledger, run_id)
    return [_of_run(ledger, row, warning, NoticeKind.BUDGET, (), Importance.WARNING)]


def test_notice(user: str, now_ms: int) -> Notice:
    """What ``loopai-nb notify test`` sends."""
    return Notice(
        NoticeKind.TEST,
        Importance.INFO,
        "loopai_nb can tell you here.",
        now_ms,
        (("Asked by", user),),
    )


def _of_run(
    ledger: Ledger,
    row: RunRow,
    title: str,
    kind: NoticeKind,
    also: tuple[NoticeKind, ...],
    importance: Importance,
) -> Notice:
    spent = f"{format_usd(row.spent_pusd)} USD"
    if row.budget_pusd is not None:
        spent = f"{format_usd(row.spent_pusd)} of {format_usd(row.budget_pusd)} USD"
    facts = [
        ("Rows of", row.frame_name),
        ("Answered", f"{row.answered_rows:,} of {row.rows:,}"),
        ("Failed", f"{row.failed_rows:,}" if row.failed_rows else ""),
        ("Spent", spent),
        ("Took", _lasted(row.active_ms / 1000)),
    ]
    if row.state in (RunState.PARTIAL, RunState.FAILED, RunState.CANCELLED):
        facts.append(("Go on", f"loopai-nb resume {row.run_id}"))
    return Notice(
        kind,
        importance,
        title,
        ledger.now_ms(),
        tuple((name, value) for name, value in facts if value),
        also,
        run_id=row.run_id,
        plan_id=row.plan_id,
    )


def _about(row: ApprovalRow, title: str, importance: Importance, at_ms: int | None) -> Notice:
    at_ms = at_ms or row.asked_ms
    facts = [("What", row.title), ("Asked by", row.asked_by), ("When", _clock(at_ms))]
    return Notice(
        NoticeKind.DECIDED,
        importance,
        title,
        at_ms,
        tuple((name, value) for name, value in facts if value),
        plan_id=row.plan_id,
        approval_id=row.approval_id,
    )


def _link(ledger: Ledger, row: ApprovalRow, settings: Settings) -> Secret | None:
    if settings.serve_url is None:
        return None
    try:
        return page_link(settings.serve_url, LinkKey.load(), row, ledger.now_ms())
    except LoopaiNbError:  # the key's file: a notice without a link is better than none
        return None


def _prompt(ledger: Ledger, row: ApprovalRow) -> str | None:
    """The first prompt of a plan as it would be sent."""
    if row.plan_id is None:
        return None
    first = PlanRows(ledger, row.plan_id).window(0, _FIRST_ROWS)
    return next((each.prompt for each in first if each.error is None), None)


def _budget_title(row: RunRow, why: str) -> str:
    whose = "its budget" if why == "budget" else why
    return f"Run {row.run_id} stopped at {whose}: {row.answered_rows:,} of {row.rows:,} rows are answered."


def _first_part(reason: str) -> str:
    return reason.partition(":")[0].strip()


def _lasted(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < _MINUTE_S else f"{whole // _MINUTE_S} min {whole % _MINUTE_S} s"


def _clock(at_ms: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(at_ms / 1000))
