"""A plan as a person decides on it: what would be sent, to whom, what it costs, and the first prompt."""

from __future__ import annotations

import textwrap
from types import MappingProxyType
from typing import TYPE_CHECKING

from loopai_nb.notebook.shown import MONO, MUTED, RULE, Shown, clip, one_line, plain, safe, width
from loopai_nb.notebook.wording import about, duration, joined, place, plural
from loopai_nb.pricing import format_usd
from loopai_nb.redaction import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loopai_nb.notebook.days import DayMoney
    from loopai_nb.planning.plan import Plan, PlanSpec
    from loopai_nb.prompts.structured.fields import Field

__all__ = [
    "FoldedPlan",
    "PlanCard",
    "budget_said",
    "fields_said",
    "plan_facts",
    "plan_notes",
    "said_of_requests",
]

BOX = 86
"""Cells of the box in text, borders included."""

MOST_PROMPT = 1_200
_MOST_PROMPT_LINES = 14
_SHORTEST_TAIL = 2
_MOST_REASONS = 3
_MOST_ROWS = 3
_MOST_FIELDS = 12
_MOST_CHOICES = 80
_KINDS = MappingProxyType(
    {
        "str": "text",
        "Int64": "whole number",
        "float64": "number",
        "boolean": "true or false",
        "date32[day][pyarrow]": "date",
        "datetime64[us, UTC]": "time",
        "object": "list or object",
    }
)


class PlanCard(Shown):
    """The box of a plan.

    Args:
        plan: What is decided on.
        in_flight: Requests in flight at most; None leaves it out.
        fixed: So many from the beginning; else it begins with few.
        day: What may be spent today; None for no limit.
        budget_pusd: The budget of which the plan's own is what is left; None where nothing was spent of it.
        static: Leave out what differs from run to run.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        in_flight: int | None = None,
        fixed: bool = False,
        day: DayMoney | None = None,
        budget_pusd: int | None = None,
        static: bool = False,
    ) -> None:
        self._plan = plan
        self._title = "Plan" if static else f"Plan {plan.plan_id}"
        self._server = f"{plan.spec.model} at {place(plan.spec.server_url, static=static)}"
        self._facts = plan_facts(
            plan, in_flight=in_flight, fixed=fixed, day=day, budget_pusd=budget_pusd, static=static
        )

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
    """A plan that was decided on: one line, and the card behind it.

    Args:
        card: Of the plan.
        plan: Which was decided on.
        decision: What was decided, by whom.
        notes: Further lines behind the first one, such as what was changed before.
    """

    def __init__(self, card: PlanCard, plan: Plan, decision: str, notes: Sequence[str] = ()) -> None:
        self._card = card
        self._notes = [note for note in notes if note]
        self._line = joined(
            [f"Plan {plan.plan_id}", f"{plan.to_send:,} to send to {plan.spec.model}", decision]
        )

    def text(self) -> str:
        """The line."""
        return plain(self._line)

    def html(self) -> str:
        """The line, which opens the card."""
        notes = "".join(f'<div style="{MUTED};margin-left:1em">{safe(note)}</div>' for note in self._notes)
        return (
            f'<details class="loopai"><summary style="cursor:pointer;{MUTED}">{safe(self._line)}</summary>'
            f"{notes}{self._card.html()}</details>"
        )


def plan_facts(
    plan: Plan,
    *,
    in_flight: int | None,
    fixed: bool = False,
    day: DayMoney | None = None,
    budget_pusd: int | None = None,
    static: bool = False,
) -> list[str]:
    """The lines of the box above the first prompt."""
    lines = [_rows(plan), _alike(plan), *_sent(plan)]
    if said := fields_said(plan.spec):
        lines.append(f"fields: {said}")
    pace = _pace(plan, in_flight if plan.to_send else None, fixed=fixed, static=static)
    lines.append(joined([pace, _budget(plan, budget_pusd)]))
    if day is not None and plan.to_send:
        lines[-1] = joined([lines[-1], day.words(static=static)])
    return [line for line in [*lines, *_not_as_it_is(plan)] if line]


def plan_notes(plan: Plan) -> list[str]:
    """What a person should know of a plan beside its numbers."""
    said = fields_said(plan.spec)
    lines = [_alike(plan), f"fields: {said}" if said else "", *_not_as_it_is(plan)]
    return [line for line in lines if line]


def _not_as_it_is(plan: Plan) -> list[str]:
    """Rows that are not sent, and values that are not sent as they are."""
    lines = []
    if plan.left_out:
        lines.append(f"{plural(plan.left_out, 'row')} left out, not sent: {_left_out(plan)}")
    if plan.masked:
        total = sum(count for _, count in plan.masked)
        rules = ", ".join(rule.replace("_", " ") for rule, _ in plan.masked)
        lines.append(f"{plural(total, 'value')} masked ({rules})")
    return lines


def _rows(plan: Plan) -> str:
    """How many, and what need not be sent."""
    return joined([plural(plan.rows, "row"), *said_of_requests(plan)])


def said_of_requests(plan: Plan) -> list[str]:
    """How many requests rows come to, and how many of those need not be sent."""
    if plan.spec.dedup:
        asked = plural(plan.distinct, "distinct request")
    else:
        asked = f"{plural(plan.distinct, 'request')}, also where rows are alike"
    before = ""
    if plan.spec.cache_max_age_s == 0:
        before = "no answer of the ledger is used"
    elif plan.cached:
        saved = f", which saves {format_usd(plan.saved_pusd)} USD" if plan.saved_pusd else ""
        before = f"{plan.cached:,} answered before{saved or ' (from the ledger)'}"
    return [asked, before]


def _alike(plan: Plan) -> str:
    """A template that no row changes, which is hardly meant; "" elsewhere."""
    from loopai_nb.prompts.template import Template

    if plan.rows == 1 or Template(plan.spec.template, system=plan.spec.system).variables:
        return ""
    return "the template names no column: every row is asked the same"


def _sent(plan: Plan) -> list[str]:
    """What would be sent, what it costs, and what that is told from."""
    if not plan.distinct:
        return ["nothing to send: no row can be asked"]
    if not plan.to_send:
        rows = "every other answer" if plan.left_out else "every answer"
        return [f"nothing to send: {rows} is in the ledger, at no cost"]
    estimate = plan.estimate
    low, high = about(estimate.output_tokens_low), about(estimate.output_tokens_high)
    tokens = f"{about(estimate.input_tokens)} tokens in, {low if low == high else f'{low} to {high}'} out"
    return [joined([f"{plan.to_send:,} to send", tokens, *_cost(plan)])]


def fields_said(spec: PlanSpec) -> str:
    """The fields of an answer, and what is done with one that does not fit; "" without a schema."""
    schema = spec.parameters.schema
    if schema is None:
        return ""
    from loopai_nb.prompts.structured import AnswerSchema

    fields = AnswerSchema.of(dict(schema)).fields
    shown = [f"{clip(field.name, 40)} ({_kind(field)})" for field in fields[:_MOST_FIELDS]]
    if len(fields) > _MOST_FIELDS:
        shown.append(f"and {len(fields) - _MOST_FIELDS:,} more")
    tries = spec.schema_retries
    again = f"asked for again up to {plural(tries, 'time')}, each paid" if tries else "not asked for again"
    return f"{', '.join(shown)}; an answer that does not fit is {again}"


def _kind(field: Field) -> str:
    if field.dtype == "category":
        return clip(", ".join(field.categories), _MOST_CHOICES)
    return _KINDS.get(field.dtype, field.dtype)


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
    told = f"from {plural(estimate.history_n, 'earlier answer')}" if estimate.basis == "history" else ""
    if estimate.cost_low_pusd is None or estimate.cost_high_pusd is None:
        return [told, "cost unknown (set a price: %loopai server --price IN,OUT)"]
    low, high = format_usd(estimate.cost_low_pusd), format_usd(estimate.cost_high_pusd)
    cost = f"{low} USD" if low == high else f"{low} to {high} USD"
    cost = f"{cost} {told}".rstrip()
    most = plan.most_pusd
    return [cost, f"at most {format_usd(most)}"] if most else [cost]


def _pace(plan: Plan, in_flight: int | None, *, fixed: bool, static: bool) -> str:
    estimate = plan.estimate
    flight = ""
    if in_flight:
        flight = f"{in_flight:,} in flight" if fixed or in_flight == 1 else f"up to {in_flight:,} in flight"
    low_s, high_s = estimate.time_low_s, estimate.time_high_s
    if flight and not static and low_s is not None and high_s is not None:
        low, high = duration(low_s), duration(high_s)
        flight = f"about {low if low == high else f'{low} to {high}'} at {flight}"
    return flight


def budget_said(left_pusd: int, of_pusd: int | None) -> str:
    """A plan's budget, and of which it is what is left; see ``PlanCard``."""
    of = "" if of_pusd is None else f" left of {format_usd(of_pusd)}"
    return f"budget {format_usd(left_pusd)}{of}"


def _budget(plan: Plan, of_pusd: int | None) -> str:
    budget, estimate = plan.spec.budget_pusd, plan.estimate
    if budget is None:
        return ""
    said = budget_said(budget, of_pusd)
    if not plan.to_send or estimate.cost_low_pusd is None or estimate.cost_high_pusd is None:
        return said
    if estimate.cost_low_pusd > budget:
        return f"{said}, which is too little for all of them"
    return f"{said}, which may not do for all of them" if estimate.cost_high_pusd > budget else said


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
