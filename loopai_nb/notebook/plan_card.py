"""A plan as a person decides on it: what would be sent, to whom, what it costs, and the first prompt."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from loopai_nb.notebook.shown import MONO, MUTED, RULE, Shown, clip, one_line, plain, safe, width
from loopai_nb.notebook.wording import about, duration, joined, place, plural
from loopai_nb.pricing import format_usd
from loopai_nb.redaction import visible

if TYPE_CHECKING:
    from loopai_nb.planning.plan import Plan

__all__ = ["FoldedPlan", "PlanCard", "plan_facts"]

BOX = 86
"""Cells of the box in text, borders included."""

MOST_PROMPT = 1_200
_MOST_PROMPT_LINES = 14
_SHORTEST_TAIL = 2
_MOST_REASONS = 3
_MOST_ROWS = 3


class PlanCard(Shown):
    """The box of a plan.

    Args:
        plan: What is decided on.
        in_flight: Requests in flight at most; None leaves it out.
        static: Leave out what differs from run to run.
    """

    def __init__(self, plan: Plan, *, in_flight: int | None = None, static: bool = False) -> None:
        self._plan = plan
        self._title = "Plan" if static else f"Plan {plan.plan_id}"
        self._server = f"{plan.spec.model} at {place(plan.spec.server_url, static=static)}"
        self._facts = plan_facts(plan, in_flight=in_flight, static=static)

    def text(self) -> str:
        """A box."""
        inner = BOX - 4
        lines = [line for fact in self._facts for line in _wrapped(one_line(fact), inner)]
        sample = _sample(self._plan)
        if sample is not None:
            where, size, prompt = sample
            lines.append(_ruled(where, size, inner))
            lines += _prompt_lines(prompt, inner)
        title, server = one_line(self._title, inner // 2), one_line(self._server, inner // 2)
        middle = "─" * max(1, BOX - 6 - width(title) - width(server))
        top = f"┌ {title} {middle} {server} ┐"
        body = [f"│ {line}{' ' * (inner - width(line))} │" for line in lines]
        return "\n".join([top, *body, f"└{'─' * (BOX - 2)}┘"])

    def html(self) -> str:
        """A card."""
        facts = "".join(f"<div>{safe(fact)}</div>" for fact in self._facts)
        sample = _sample(self._plan)
        shown = ""
        if sample is not None:
            where, size, prompt = sample
            shown = (
                f'<div style="border-top:{RULE};padding:.4em .9em .6em"><div style="display:flex;'
                f'justify-content:space-between;{MUTED};font-size:.92em"><span>{safe(where)}</span>'
                f"<span>{safe(size)}</span></div>"
                f'<pre style="white-space:pre-wrap;overflow-wrap:anywhere;margin:.3em 0 0;max-height:16em;'
                f'overflow:auto;background:none;color:inherit;{MONO}">{safe(prompt, MOST_PROMPT)}</pre></div>'
            )
        return (
            f'<div class="loopai" style="border:{RULE};border-radius:6px;max-width:56em;margin:.3em 0">'
            f'<div style="display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1.5em;'
            f'padding:.4em .9em;border-bottom:{RULE}"><b>{safe(self._title)}</b>'
            f'<span style="{MUTED}">{safe(self._server, 200)}</span></div>'
            f'<div style="padding:.5em .9em">{facts}</div>{shown}</div>'
        )


class FoldedPlan(Shown):
    """A plan that was decided on: one line, and the card behind it."""

    def __init__(self, card: PlanCard, plan: Plan, decision: str) -> None:
        self._card = card
        self._line = joined(
            [f"Plan {plan.plan_id}", f"{plan.to_send:,} to send to {plan.spec.model}", decision]
        )

    def text(self) -> str:
        """The line."""
        return plain(self._line)

    def html(self) -> str:
        """The line, which opens the card."""
        return (
            f'<details class="loopai"><summary style="cursor:pointer;{MUTED}">{safe(self._line)}</summary>'
            f"{self._card.html()}</details>"
        )


def plan_facts(plan: Plan, *, in_flight: int | None, static: bool = False) -> list[str]:
    """The lines of the box above the first prompt."""
    estimate = plan.estimate
    before = f"{plan.cached:,} answered before (from the ledger)" if plan.cached else ""
    lines = [joined([plural(plan.rows, "row"), plural(plan.distinct, "distinct request"), before])]
    if plan.to_send:
        tokens = (
            f"{about(estimate.input_tokens)} tokens in, "
            f"{about(estimate.output_tokens_low)} to {about(estimate.output_tokens_high)} out"
        )
        lines.append(joined([f"{plan.to_send:,} to send", tokens, *_cost(plan)]))
    elif not plan.distinct:
        lines.append("nothing to send: no row can be asked")
    else:
        rows = "every other answer" if plan.left_out else "every answer"
        lines.append(f"nothing to send: {rows} is in the ledger, at no cost")
    lines.append(_pace(plan, in_flight if plan.to_send else None, static=static))
    if plan.left_out:
        lines.append(f"{plural(plan.left_out, 'row')} left out, not sent: {_left_out(plan)}")
    if plan.masked:
        total = sum(count for _, count in plan.masked)
        rules = ", ".join(rule.replace("_", " ") for rule, _ in plan.masked)
        lines.append(f"{plural(total, 'value')} masked ({rules})")
    return [line for line in lines if line]


def _left_out(plan: Plan) -> str:
    """Why rows can't be asked, each reason once, with the first rows that it is true of."""
    rows_of: dict[str, list[int]] = {}
    for position, reason in plan.problems:
        rows_of.setdefault(reason, []).append(position)
    # Only the first of them are known; a row that is not among them may have any reason.
    every = plan.left_out == len(plan.problems)
    said = []
    for reason, rows in list(rows_of.items())[:_MOST_REASONS]:
        shown = ", ".join(map(str, rows[:_MOST_ROWS]))
        more = ", ..." if len(rows) > _MOST_ROWS or not every else ""
        said.append(f"row {shown}{more}: {clip(reason, 120)}")
    return "; ".join(said) + ("; ..." if len(rows_of) > _MOST_REASONS else "")


def _cost(plan: Plan) -> list[str]:
    estimate = plan.estimate
    if estimate.cost_low_pusd is None or estimate.cost_high_pusd is None:
        return ["cost unknown (set a price: %loopai server --price IN,OUT)"]
    low, high = format_usd(estimate.cost_low_pusd), format_usd(estimate.cost_high_pusd)
    cost = f"{low} USD" if low == high else f"{low} to {high} USD"
    most = estimate.worst_case_pusd
    return [cost] if not most else [cost, f"at most {format_usd(most)}"]


def _pace(plan: Plan, in_flight: int | None, *, static: bool) -> str:
    estimate = plan.estimate
    flight = f"{in_flight:,} in flight" if in_flight else ""
    if estimate.time_high_s is not None and flight and not static:
        flight = f"about {duration(estimate.time_high_s)} at {flight}"
    budget = plan.spec.budget_pusd
    return joined([flight, "" if budget is None else f"budget {format_usd(budget)}"])


def _sample(plan: Plan) -> tuple[str, str, str] | None:
    """Where the first prompt is from, its size, and its text with the system prompt before it."""
    if not plan.samples:
        return None
    first = plan.samples[0]
    prompt = f"[system] {clip(first.system, MOST_PROMPT)}\n{first.prompt}" if first.system else first.prompt
    return f"1 of {plan.distinct:,}", f"row {first.position} · {about(first.tokens)} tokens", prompt


def _ruled(left: str, right: str, inner: int) -> str:
    return f"── {left} {'─' * max(_SHORTEST_TAIL, inner - width(left) - width(right) - 8)} {right} ──"


def _prompt_lines(prompt: str, inner: int) -> list[str]:
    shown = visible(clip(prompt, MOST_PROMPT)).expandtabs(4)
    lines = [line for paragraph in shown.splitlines() for line in _wrapped(paragraph, inner)]
    if len(lines) > _MOST_PROMPT_LINES:
        more = len(lines) - _MOST_PROMPT_LINES + 1
        lines = [*lines[: _MOST_PROMPT_LINES - 1], f"... {more:,} more lines"]
    return lines


def _wrapped(text: str, inner: int) -> list[str]:
    """Lines of at most so many cells; wide characters take two, so that a line may hold half as many."""
    most = inner if width(text) == len(text) else inner // 2
    return textwrap.wrap(text, most, drop_whitespace=True, replace_whitespace=False) or [""]
