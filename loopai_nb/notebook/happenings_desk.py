"""What happened beside the requests, for the dashboard: alerts, approvals, reviews, and what was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.approval.pending import is_set_aside
from loopai_nb.ledger import queries
from loopai_nb.ledger.figures import Figures
from loopai_nb.notebook.dashboard_scope import scope_of
from loopai_nb.notebook.shown import one_line
from loopai_nb.notebook.wording import firing_said, moment
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from loopai_nb.ledger.alerting import AlertRow
    from loopai_nb.ledger.figures import Scope
    from loopai_nb.ledger.records import ApprovalRow
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.settings.alert_rules import AlertRule

__all__ = ["HappeningsDesk"]

_MOST = 50
_LOOKED_THROUGH = 500
_LONGEST = 200
_ALERTS = ("alert", "alert_over", "alert_untold")
_KINDS = {
    "budget_80": "budget",
    "budget_100": "budget",
    "told": "told",
    "not_told": "not told",
}


class HappeningsDesk:
    """Answers what the pane of happenings asks.

    Args:
        ledger: Of which.
        rules: The alerts that the settings have.
    """

    def __init__(self, ledger: Ledger, rules: Sequence[AlertRule] = ()) -> None:
        self._ledger = ledger
        self._rules = tuple(rules)

    @property
    def handlers(self) -> Mapping[str, Callable[[dict[str, Any]], Any]]:
        """By kind, without the pane's prefix."""
        return {"look": self._look}

    def _look(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        """The parts of the pane, for the time and the run of the scope."""
        scope = scope_of(message, self._ledger, Figures(self._ledger))
        return [self._alerts(scope), self._approvals(scope), self._reviews(scope), self._events(scope)]

    def _alerts(self, scope: Scope) -> dict[str, Any]:
        rows = self._ledger.alerts(since_ms=scope.since_ms, until_ms=scope.until_ms, most=_LOOKED_THROUGH)
        open_ = self._ledger.firing([str(rule) for rule in self._rules])
        found = {(row.rule, row.number): row for row in (*open_, *rows) if row.fired_ms < scope.until_ms}
        said = firing_said(len(open_), len(self._rules)) if self._rules else ""
        none = "No alert in this time." if self._rules else "No rule is set: LOOPAI_ALERTS sets some."
        return _part("Alerts", ("rule", "fired", "over", "found"), map(_alert, found.values()), none, said)

    def _approvals(self, scope: Scope) -> dict[str, Any]:
        found = self._ledger.approvals_in(
            scope.since_ms, scope.until_ms, run_id=scope.run_id, limit=_LOOKED_THROUGH
        )
        waiting = sum(row.state is ApprovalState.PENDING for row in found)
        said = f"{waiting:,} waiting" if waiting else ""
        header = ("state", "what", "asked", "by", "means")
        return _part("Approvals", header, map(_approval, found), "Nothing was asked in this time.", said)

    def _reviews(self, scope: Scope) -> dict[str, Any]:
        rows = self._ledger.review_counts(
            _LOOKED_THROUGH, since_ms=scope.since_ms, until_ms=scope.until_ms, run_id=scope.run_id
        )
        lines = [
            _line([f"{row.run_id} · {row.frame_name}", f"{row.n:,}", row.reviewer, moment(row.at_ms)])
            for row in rows
        ]
        header = ("run", "decisions", "reviewer", "last")
        return _part("Reviews", header, lines, "Nothing was reviewed in this time.")

    def _events(self, scope: Scope) -> dict[str, Any]:
        rows = queries.recent_events(
            self._ledger,
            run_id=scope.run_id,
            since_ms=scope.since_ms,
            until_ms=scope.until_ms,
            without=_ALERTS,
            most=_LOOKED_THROUGH,
        )
        lines = [
            _line(
                [_KINDS.get(row.kind, row.kind.replace("_", " ")), row.message, moment(row.at_ms)],
                "bad" if row.kind in ("not_told", "budget_100") else "",
            )
            for row in rows
        ]
        return _part("Budgets and notices", ("what", "said", "when"), lines, "Nothing in this time.")


def _approval(row: ApprovalRow) -> dict[str, Any]:
    mark = {ApprovalState.PENDING: "waits", ApprovalState.REJECTED: "bad", ApprovalState.TIMEOUT: "bad"}
    aside = is_set_aside(row)
    state = "set aside" if aside else row.state.lower()
    cells = [state, row.title, moment(row.asked_ms), row.decided_by or "", row.means or ""]
    return _line(cells, "" if aside else mark.get(row.state, ""))


def _alert(row: AlertRow) -> dict[str, Any]:
    fires = row.over_ms is None
    return _line(
        [row.rule, moment(row.fired_ms), "fires" if fires else moment(row.over_ms), row.message],
        "bad" if fires else "",
    )


def _part(
    title: str, header: Sequence[str], lines: Iterable[dict[str, Any]], none: str, said: str = ""
) -> dict[str, Any]:
    """See ``Part`` in src/dash/happenings.ts."""
    found = list(lines)
    left = len(found) - _MOST
    return {
        "title": title,
        "said": said,
        "header": list(header),
        "lines": found[:_MOST],
        "none": none if not found else "",
        "more": f"... and {left:,} more" if left > 0 else "",
    }


def _line(cells: Sequence[str], mark: str = "") -> dict[str, Any]:
    return {"cells": [one_line(str(cell), _LONGEST) for cell in cells], "mark": mark}
