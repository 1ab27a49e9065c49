"""The numbers of a plan as the approval widget shows them, and those that a change moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.notebook.plan_card import budget_said, said_of_requests
from loopai_nb.notebook.wording import about, duration, joined, plural
from loopai_nb.pricing import format_usd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loopai_nb.notebook.days import DayMoney
    from loopai_nb.planning.plan import Plan

__all__ = ["Figure", "Press", "figures_of", "moved"]


@dataclass(frozen=True, slots=True)
class Press:
    """How hard a plan's run will ask, and what may be spent, which the plan does not say.

    Attributes:
        in_flight: Requests in flight at most.
        fixed: So many from the beginning; else it begins with few.
        day: What may be spent today; None for no limit.
        budget_pusd: The budget of which the plan's own is what is left; None where nothing was spent of it.
    """

    in_flight: int
    fixed: bool = False
    day: DayMoney | None = None
    budget_pusd: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a plan.

    Attributes:
        name: What it is.
        value: What a person looks at first.
        note: What belongs to it.
        used: Share of the budget that the worst case may take, 0 to 1 and above; None without a budget.
    """

    name: str
    value: str
    note: str = ""
    used: float | None = None


def figures_of(plan: Plan, press: Press) -> list[Figure]:
    """Rows, what is sent, cost and time."""
    return [_rows(plan), _sent(plan), _cost(plan, press), _time(plan, press)]


def moved(before: Sequence[Figure], after: Sequence[Figure]) -> list[tuple[str, str, str]]:
    """The figures that differ: name, value before, value after."""
    return [
        (old.name, joined([old.value, old.note]), joined([new.value, new.note]))
        for old, new in zip(before, after, strict=True)
        if (old.value, old.note) != (new.value, new.note)
    ]


def _rows(plan: Plan) -> Figure:
    left_out = f"{plan.left_out:,} left out" if plan.left_out else ""
    return Figure("rows", f"{plan.rows:,}", joined([*said_of_requests(plan), left_out]))


def _sent(plan: Plan) -> Figure:
    estimate = plan.estimate
    low, high = about(estimate.output_tokens_low), about(estimate.output_tokens_high)
    out = low if low == high else f"{low} to {high}"
    told = f"from {plural(estimate.history_n, 'earlier answer')}" if estimate.basis == "history" else ""
    return Figure(
        "to send", f"{plan.to_send:,}", joined([f"{about(estimate.input_tokens)} tokens in, {out} out", told])
    )


def _cost(plan: Plan, press: Press) -> Figure:
    estimate, budget = plan.estimate, plan.spec.budget_pusd
    day = "" if press.day is None else press.day.words()
    if estimate.cost_low_pusd is None or estimate.cost_high_pusd is None:
        return Figure("cost", "unknown", joined(["set a price: %loopai server --price IN,OUT", day]))
    low, high = format_usd(estimate.cost_low_pusd), format_usd(estimate.cost_high_pusd)
    most = plan.most_pusd or 0
    said = [f"at most {format_usd(most)}" if most else ""]
    if budget is not None:
        said.append(budget_said(budget, press.budget_pusd))
        if estimate.cost_low_pusd > budget:
            said.append("too little for all of them")
        elif estimate.cost_high_pusd > budget:
            said.append("may not do for all of them")
    return Figure(
        "cost",
        f"{low} USD" if low == high else f"{low} to {high} USD",
        joined([*said, day]),
        None if not budget else most / budget,
    )


def _time(plan: Plan, press: Press) -> Figure:
    low_s, high_s = plan.estimate.time_low_s, plan.estimate.time_high_s
    exact = press.fixed or press.in_flight == 1
    flight = f"{'' if exact else 'up to '}{press.in_flight:,} in flight"
    if low_s is None or high_s is None:
        return Figure("time", "unknown", joined([flight, "not measured yet"]))
    low, high = duration(low_s), duration(high_s)
    return Figure("time", f"about {low if low == high else f'{low} to {high}'}", flight)
