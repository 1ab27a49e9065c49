"""Whether a rule's condition is true now, and the sentence that says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from loopai_nb.ledger.figures import Figures, Scope
from loopai_nb.ledger.money import day_of
from loopai_nb.ledger.pausing import LIVE, paused_by
from loopai_nb.ledger.queries import day_money
from loopai_nb.ledger.schema import approvals, runs
from loopai_nb.pricing import format_usd
from loopai_nb.records import ApprovalState, RunState
from loopai_nb.settings.alert_rules import AlertMetric

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Select

    from loopai_nb.ledger.store import Ledger
    from loopai_nb.ledger.totals import Totals
    from loopai_nb.settings.alert_rules import AlertRule

__all__ = ["LEAST_REQUESTS", "Judged", "judge"]

LEAST_REQUESTS = 10
"""A rate or a percentile of fewer requests says nothing."""

_MINUTE_S = 60
_HOUR_S = 3_600
_PUSD_PER_USD = 10**12


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule, looked at.

    Attributes:
        fires: Whether its condition is true.
        message: What was found, in one sentence; without a prompt, an answer or a server's words.
    """

    fires: bool
    message: str


def judge(rule: AlertRule, ledger: Ledger) -> Judged:
    """Look at a rule now."""
    value, message = _LOOKS[rule.metric](rule, ledger)
    return Judged(value > rule.above, message)


def _error_rate(rule: AlertRule, ledger: Ledger) -> tuple[float, str]:
    totals = _lately(rule, ledger)
    asked = totals.answered + totals.failed + totals.unknown
    lost = totals.failed + totals.unknown
    rate = totals.error_rate if asked >= LEAST_REQUESTS else 0.0
    return rate, f"{lost:,} of {asked:,} requests failed in the last {_lasting(rule.window_s)}."


def _p95(rule: AlertRule, ledger: Ledger) -> tuple[float, str]:
    totals = _lately(rule, ledger)
    p95_ms = totals.p95_ms if totals.answered >= LEAST_REQUESTS else None
    if p95_ms is None:
        return 0.0, f"There were {totals.answered:,} answers in the last {_lasting(rule.window_s)}."
    found = f"The 95th percentile of the latency was {p95_ms:,.0f} ms in the last {_lasting(rule.window_s)}"
    return p95_ms, f"{found}, of {totals.answered:,} answers."


def _spend(rule: AlertRule, ledger: Ledger) -> tuple[float, str]:
    spent_pusd = _lately(rule, ledger).cost_pusd
    return (
        spent_pusd / _PUSD_PER_USD,
        f"{format_usd(spent_pusd)} USD were spent in the last {_lasting(rule.window_s)}.",
    )


def _budget_share(_rule: AlertRule, ledger: Ledger) -> tuple[float, str]:
    statement = select(runs.c.run_id, runs.c.spent_pusd, runs.c.budget_pusd).where(
        runs.c.state.in_(LIVE), runs.c.budget_pusd > 0
    )
    found = [(row.spent_pusd, row.budget_pusd, f"run {row.run_id}") for row in _going_on(ledger, statement)]
    if ledger.day_budget_pusd:
        day = day_of(ledger.now_ms())
        found.append((day_money(ledger, day)[0], ledger.day_budget_pusd, f"the day {day}"))
    if not found:
        return 0.0, "No budget is being spent."
    spent_pusd, budget_pusd, whose = max(found, key=lambda each: each[0] / each[1])
    share = spent_pusd / budget_pusd
    said = f"{format_usd(spent_pusd)} of {format_usd(budget_pusd)} USD"
    return share, f"{share:.0%} of the budget of {whose} is spent: {said}."


def _breaker(_rule: AlertRule, ledger: Ledger) -> tuple[float, str]:
    statement = select(runs.c.run_id, runs.c.state, runs.c.reason).where(runs.c.state == RunState.PAUSED)
    held = [row.run_id for row in _going_on(ledger, statement) if paused_by(row.state, row.reason) is None]
    if not held:
        return 0.0, "No server holds up a run."
    return float(len(held)), f"A server holds up {', '.join(held[:3])}{', ...' if len(held) > 3 else ''}."  # noqa: PLR2004  (so many are named)


def _approval(_rule: AlertRule, ledger: Ledger) -> tuple[float, str]:
    now_ms = ledger.now_ms()
    statement = select(func.min(approvals.c.asked_ms), func.count()).where(
        approvals.c.state == ApprovalState.PENDING,
        or_(approvals.c.expires_ms.is_(None), approvals.c.expires_ms > now_ms),
    )
    with ledger.engine.connect().execution_options(reading=True) as connection:
        oldest_ms, n = connection.execute(statement).one()
    if oldest_ms is None:
        return 0.0, "Nothing waits for approval."
    waited_s = (now_ms - oldest_ms) / 1000
    others = "" if n == 1 else f", and {n - 1:,} more"
    return waited_s, f"A question has waited for approval for {_lasting(waited_s)}{others}."


_LOOKS: Mapping[AlertMetric, Callable[[AlertRule, Ledger], tuple[float, str]]] = {
    AlertMetric.ERROR_RATE: _error_rate,
    AlertMetric.P95_MS: _p95,
    AlertMetric.SPEND_USD_PER_HOUR: _spend,
    AlertMetric.SPEND_USD_PER_DAY: _spend,
    AlertMetric.BUDGET_SHARE: _budget_share,
    AlertMetric.BREAKER_OPEN: _breaker,
    AlertMetric.APPROVAL_WAITING_S: _approval,
}


def _going_on(ledger: Ledger, statement: Select[Any]) -> list[Any]:
    """Of these runs those that a process carries out; one that was killed says what it last was for ever."""
    with ledger.engine.connect().execution_options(reading=True) as connection:
        found = connection.execute(statement).all()
        return [row for row in found if not ledger.nobody_left(connection, row.run_id)]


def _lately(rule: AlertRule, ledger: Ledger) -> Totals:
    """Figures are by the minute: the one that goes on counts, and so many whole ones before it."""
    now_ms = ledger.now_ms()
    return Figures(ledger).totals(Scope(now_ms - rule.window_s * 1000, now_ms + 1))


def _lasting(seconds: float) -> str:
    if seconds < _MINUTE_S:
        return f"{seconds:.0f} s"
    if seconds < _HOUR_S:
        return f"{seconds / _MINUTE_S:.0f} min"
    return f"{seconds / _HOUR_S:.3g} h"
