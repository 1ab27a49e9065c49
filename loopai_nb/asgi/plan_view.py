"""What a plan would send, as a page shows it: figures, template, prompts row by row."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from loopai_nb.asgi.html import MOST_TEXT, fact_list, shown, text
from loopai_nb.ledger.browsing import PlanRows
from loopai_nb.ledger.planned import stored_plan
from loopai_nb.planning.plan import most_pusd
from loopai_nb.pricing import format_usd
from loopai_nb.prompts.template import Template
from loopai_nb.redaction import visible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from loopai_nb.ledger.browsing import BrowsedRow
    from loopai_nb.ledger.planned import StoredPlan
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.planning.estimate import Estimate

__all__ = ["Place", "plan_view"]

_AT_ONCE = 5
_MOST_FIND = 200
_LONG = 1_000
_HIGHEST = 2**31 - 1
_THOUSAND = 1_000
_MILLION = 1_000_000
_MINUTE_S = 60
_HOUR_S = 3_600


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a plan a reader is.

    Attributes:
        first: 0-based position of the first row that is shown.
        find: What is searched for; "" for nothing.
        longest: Begin at the longest prompt instead.
    """

    first: int = 0
    find: str = ""
    longest: bool = False

    @classmethod
    def read(cls, query: Mapping[str, list[str]]) -> Place:
        """What a query says; whatever is none counts as the beginning."""
        first, find = query.get("from", ["0"])[0], query.get("find", [""])[0]
        is_number = first.isascii() and first.isdecimal() and len(first) < len(str(_HIGHEST))
        return cls(int(first) if is_number else 0, find.strip()[:_MOST_FIND], "longest" in query)


def plan_view(ledger: Ledger, plan_id: str, place: Place, *, concurrency: int) -> tuple[str, str]:
    """The question of a plan in a few words, and the HTML of its cards.

    Raises:
        InputError: The ledger has no such plan.
    """
    plan = stored_plan(ledger, plan_id, concurrency=concurrency)
    requests = f"{plan.estimate.to_send:,} request{'' if plan.estimate.to_send == 1 else 's'}"
    title = f"Send {requests} to {plan.spec.model}?"
    return title, f"{_figures(plan)}{_template(plan)}{_prompts(ledger, plan_id, plan, place)}"


def _figures(plan: StoredPlan) -> str:
    estimate, spec = plan.estimate, plan.spec
    figures = [_rows(plan), _sent(estimate), _cost(plan), _time(estimate)]
    shown_figures = "".join(
        f"<div><dt>{text(name)}</dt><dd><b>{text(value)}</b><span>{text(note)}</span></dd></div>"
        for name, value, note in figures
    )
    temperature = f"temperature {spec.parameters.temperature:g}"
    parameters = f"at most {spec.parameters.max_tokens:,} tokens an answer, {temperature}"
    more = dict(spec.parameters.extra)
    facts = [
        ("Server", spec.server_url),
        ("Rows of", plan.frame_name),
        ("Parameters", parameters),
        ("Also sent", json.dumps(more, ensure_ascii=False) if more else ""),
        ("Fields", _fields(spec.parameters.schema)),
    ]
    return (
        '<section class="card" aria-label="What it would send and cost">'
        f'<dl class="figures">{shown_figures}</dl>{_alike(plan)}</section>'
        f'<section class="card"><h2>Where it goes</h2>{fact_list(facts)}</section>'
    )


def _alike(plan: StoredPlan) -> str:
    """Of a template that no row changes, which is hardly meant."""
    spec = plan.spec
    if plan.estimate.rows == 1 or Template(spec.template, system=spec.system).variables:
        return ""
    return '<p class="warn">The template names no column: every row is asked the same.</p>'


def _rows(plan: StoredPlan) -> tuple[str, str, str]:
    estimate = plan.estimate
    said = [f"{estimate.distinct:,} distinct"]
    if plan.left_out:
        said.append(f"{plan.left_out:,} left out")
    return "Rows", f"{estimate.rows:,}", ", ".join(said)


def _sent(estimate: Estimate) -> tuple[str, str, str]:
    said = [f"{_about(estimate.input_tokens)} tokens in"]
    if estimate.cached:
        said.append(f"{estimate.cached:,} answered before")
    return "To send", f"{estimate.to_send:,}", ", ".join(said)


def _cost(plan: StoredPlan) -> tuple[str, str, str]:
    estimate, spec = plan.estimate, plan.spec
    if estimate.cost_low_pusd is None or estimate.cost_high_pusd is None:
        return "Cost", "unknown", "no price is known for this model"
    low, high = format_usd(estimate.cost_low_pusd), format_usd(estimate.cost_high_pusd)
    said = [f"at most {format_usd(most_pusd(spec, estimate) or 0)}"]
    if spec.budget_pusd is not None:
        said.append(f"budget {format_usd(spec.budget_pusd)}")
    return "Cost", f"{low} USD" if low == high else f"{low} to {high} USD", ", ".join(said)


def _time(estimate: Estimate) -> tuple[str, str, str]:
    low_s, high_s = estimate.time_low_s, estimate.time_high_s
    if low_s is None or high_s is None:
        return "Time", "unknown", "not measured yet"
    low, high = _duration(low_s), _duration(high_s)
    return "Time", f"about {low if low == high else f'{low} to {high}'}", "from earlier answers"


def _fields(schema: Mapping[str, Any] | None) -> str:
    return "" if schema is None else ", ".join(map(str, schema.get("properties", {}))) or "a JSON Schema"


def _template(plan: StoredPlan) -> str:
    system = ""
    if plan.spec.system is not None:
        system = f'<p class="label">System prompt</p><pre>{shown(plan.spec.system)}</pre>'
    return (
        f'<section class="card"><h2>Template</h2>{system}'
        f"{'<p class=label>Prompt</p>' if system else ''}<pre>{shown(plan.spec.template)}</pre></section>"
    )


def _prompts(ledger: Ledger, plan_id: str, plan: StoredPlan, place: Place) -> str:
    rows, total = PlanRows(ledger, plan_id), plan.estimate.rows
    first, found = min(place.first, max(0, total - 1)), ""
    if place.longest:
        first = rows.by_length(0, longest=True) or 0
    elif place.find:
        match = rows.find(place.find, first, 1)
        found = f"No row holds “{visible(place.find, one_line=True)}”."
        if match is not None:
            first, count = match, rows.count(place.find)
            found = f"{count:,} row{'' if count == 1 else 's'} with it."
    window = rows.window(first, _AT_ONCE)
    items = "".join(_row(row, plan.spec.system, place.find) for row in window)
    last = window[-1].position if window else first
    links = [
        _link("First", 0) if first else "",
        _link("Previous", max(0, first - _AT_ONCE)) if first else "",
        _link("Next match", first + 1, place.find) if place.find and first + 1 < total else "",
        _link("Next", last + 1) if last + 1 < total else "",
        '<a href="?longest=1#prompts">Longest</a>' if total > 1 else "",
    ]
    where = f"{first + 1:,} to {last + 1:,} of {total:,}" if total > 1 else "1 of 1"
    said = f'<p class="note" role="status">{text(found)}</p>' if found else ""
    return (
        '<section class="card" id="prompts"><h2>Prompts as they would be sent</h2><div class="bar">'
        f'<nav aria-label="Rows"><span>{where}</span>{"".join(links)}</nav>'
        '<form method="get" action="#prompts" role="search">'
        f'<input name="find" aria-label="Find in the prompts" placeholder="Find" value="{text(place.find)}">'
        f"<button>Find</button></form></div>{said}"
        f'<ol class="rows">{items}</ol></section>'
    )


def _link(word: str, first: int, find: str = "") -> str:
    query = urlencode({"from": first, **({"find": find} if find else {})})
    return f'<a href="?{text(query)}#prompts">{word}</a>'


def _row(row: BrowsedRow, system: str | None, hit: str) -> str:
    """One row; its system prompt only where it is not the template's, which is shown above."""
    tokens = "left out" if row.error is not None else f"about {_about(row.tokens)} tokens"
    tokens += ", answered before" if row.cached else ""
    label = f'<p class="label"><span>Row {row.position:,}</span><span>{text(tokens)}</span></p>'
    if row.error is not None:
        return f'<li>{label}<p class="warn">{text(row.error)}</p></li>'
    # What scrolls can be scrolled by keyboard, and says what it is.
    long = f' class="long" tabindex="0" role="region" aria-label="Prompt of row {row.position:,}"'
    attributes = long if len(row.prompt) > _LONG else ""
    if row.system is not None and row.system != system:
        label += f"<pre>{shown(row.system)}</pre>"
    return f"<li>{label}<pre{attributes}>{shown(row.prompt, hit=hit, most=MOST_TEXT)}</pre></li>"


def _about(count: int) -> str:
    if count < _THOUSAND:
        return str(count)
    return f"{count / _THOUSAND:.0f}k" if count < _MILLION // 10 else f"{count / _MILLION:.1f}M"


def _duration(seconds: float) -> str:
    whole = max(1, round(seconds))
    if whole < _MINUTE_S:
        return f"{whole} s"
    if whole < _HOUR_S:
        return f"{round(whole / _MINUTE_S)} min"
    return f"{whole / _HOUR_S:.1f} h"
