"""The overview of a dashboard: figures, what charts draw, and tables, as its widget is sent them.

What is sent stays below 50 kB whatever the ledger holds: steps, groups, lines and choices are bounded, and so
are their names.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from loopai_nb.notebook.dashboard_tiles import amount, tiles
from loopai_nb.notebook.shown import one_line
from loopai_nb.notebook.wording import duration, joined, latency, place
from loopai_nb.pricing import PUSD_PER_USD, format_usd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from loopai_nb.ledger.figures import Choices, Figures, GroupFigures, GroupName, Scope, SeriesGroup, Totals

    Texts = Callable[[str], str]

__all__ = ["EXAMPLE", "LINES", "choices_of", "overview_of", "period_before", "step_of"]

EXAMPLE = "%%loopai map df --as answers\nSummarise in one sentence: {{ text }}"
"""What to type where nothing was asked yet."""

LINES = 6
_GROUPS = 5
_MOST_STEPS = 120
_MOST_CHOICES = 100
_MOST_NAME = 300
_SHOWN = 60
_BUCKETS = 48

_MINUTE_MS, _HOUR_MS, _DAY_MS = 60_000, 3_600_000, 86_400_000
_STEPS_MS = (
    *(n * _MINUTE_MS for n in (1, 2, 5, 10, 15, 30)),
    *(n * _HOUR_MS for n in (1, 2, 3, 6, 12)),
    *(n * _DAY_MS for n in (1, 2, 7, 14, 28, 56, 112, 364)),
)


def step_of(scope: Scope) -> int:
    """How long a bar of a chart is, milliseconds: at most some 120 fit into a period."""
    length_ms = scope.until_ms - scope.since_ms
    return next((step for step in _STEPS_MS if length_ms <= step * _MOST_STEPS), _STEPS_MS[-1])


def period_before(scope: Scope) -> str:
    """What the period before is called: "the 24 hours before"."""
    length_ms = scope.until_ms - scope.since_ms
    for unit_ms, name in ((_DAY_MS, "days"), (_HOUR_MS, "hours"), (_MINUTE_MS, "minutes")):
        n, rest = divmod(length_ms, unit_ms)
        if n > 1 and not rest:
            return f"the {n:,} {name} before"
    return "the hour before" if length_ms == _HOUR_MS else f"the {duration(length_ms / 1000)} before"


def overview_of(figures: Figures, scope: Scope, *, compared: bool, masked: Texts = str) -> dict[str, Any]:
    """What the overview shows of a scope, ``choices`` and single requests aside.

    Args:
        figures: Of the ledger.
        scope: What is looked at.
        compared: Whether with the period before.
        masked: What names go through before they are cut: half a secret would not be found any more.
    """
    now, before = figures.compared(scope) if compared else (figures.totals(scope), None)
    found: dict[str, Any] = {
        "since_ms": scope.since_ms,
        "until_ms": scope.until_ms,
        "step_ms": step_of(scope),
        "empty": "" if now.requests or now.retried else "Nothing was asked in this time.",
        "example": "",
        "tiles": [asdict(tile) for tile in tiles(now, before, period_before(scope))],
    }
    short = _shortened(masked)
    return found | _charts(figures, scope, now, short) | _tables(figures, scope, short)


def choices_of(choices: Choices, masked: Texts = str) -> dict[str, list[dict[str, str]]]:
    """What the filters offer, the newest or the first so many; see ``overview_of``."""
    short = _shortened(masked)
    return {
        "run": _choices([(name, joined([name, label])) for name, label in choices.runs], short),
        "server": _choices([(name, place(name)) for name in choices.servers], short),
        "model": _choices([(name, name) for name in choices.models], short),
        "template": _choices([(name, label or name) for name, label in choices.templates], short),
    }


def _shortened(masked: Texts) -> Texts:
    return lambda text: one_line(masked(text), _SHOWN)


def _choices(found: Sequence[tuple[str, str]], short: Texts) -> list[dict[str, str]]:
    pairs = [(name, shown) for name, shown in found if name and len(name) <= _MOST_NAME][:_MOST_CHOICES]
    return [{"name": name, "shown": short(shown)} for name, shown in pairs]


def _charts(figures: Figures, scope: Scope, now: Totals, short: Texts) -> dict[str, Any]:
    series = figures.series(scope, by="model", step_ms=step_of(scope))
    over_time = figures.latency_over_time(scope, step_ms=step_of(scope))
    groups = _top(series.groups, short)
    used = [i for i in range(len(series.times_ms)) if any(_used(group, i) for group in groups)]
    answered = [i for i, ms in enumerate(over_time.p50) if ms is not None]
    buckets = now.latencies.buckets(_BUCKETS)
    return {
        "series": {
            "times_ms": [series.times_ms[i] for i in used],
            "groups": [
                {
                    **group,
                    "requests": [group["requests"][i] for i in used],
                    "cost_usd": [group["cost_usd"][i] for i in used],
                }
                for group in groups
            ],
        },
        "latency": {
            "times_ms": [over_time.times_ms[i] for i in answered],
            **{
                f"{name}_ms": [_ms(getattr(over_time, name)[i]) for i in answered]
                for name in ("p50", "p95", "p99")
            },
        },
        "spread": {
            "from_ms": [_ms(each.from_ms) for each in buckets],
            "to_ms": [_ms(each.to_ms) for each in buckets],
            "count": [each.count for each in buckets],
            **{f"{name}_ms": _ms(getattr(now, f"{name}_ms")) for name in ("p50", "p95", "p99")},
        },
    }


def _used(group: Mapping[str, Any], i: int) -> bool:
    return bool(group["requests"][i] or group["cost_usd"][i])


def _top(groups: Sequence[SeriesGroup], short: Texts) -> list[dict[str, Any]]:
    """The groups with the most requests, and all others together."""
    shown = [_group(each.name, short(each.name), [each]) for each in groups[:_GROUPS]]
    others = groups[_GROUPS:]
    if others:
        shown.append(_group(None, f"{len(others)} other{'s' * (len(others) > 1)}", others))
    return shown


def _group(name: str | None, shown: str, groups: Sequence[SeriesGroup]) -> dict[str, Any]:
    return {
        "name": name if name is None or len(name) <= _MOST_NAME else None,
        "shown": shown,
        "requests": [sum(each) for each in zip(*(group.requests for group in groups), strict=True)],
        "cost_usd": [_usd(sum(each)) for each in zip(*(group.cost_pusd for group in groups), strict=True)],
    }


def _tables(figures: Figures, scope: Scope, short: Texts) -> dict[str, Any]:
    errors = figures.by(scope, "error_kind", most=LINES)
    most = max((_wrong(each.totals) for each in errors), default=1)
    return {
        "models": _lines(figures, scope, "model", short),
        "templates": _lines(figures, scope, "template", short),
        "runs": _lines(figures, scope, "run", short),
        "errors": [
            {
                "name": each.name,
                "shown": short(each.name.replace("_", " ")),
                "note": f"{each.totals.unknown:,} perhaps paid" if each.totals.unknown else "",
                "cells": [f"{each.totals.failed:,}", f"{each.totals.retried:,}"],
                "share": round(_wrong(each.totals) / max(1, most), 3),
            }
            for each in errors
        ],
    }


def _lines(figures: Figures, scope: Scope, what: GroupName, short: Texts) -> list[dict[str, Any]]:
    found = figures.by(scope, what, most=LINES)
    money = max((each.totals.cost_pusd for each in found), default=0)
    count = max((each.totals.requests for each in found), default=0)
    return [
        _line(each, what, money, count, short)
        for each in found
        if each.totals.requests or each.totals.retried
    ]


def _line(each: GroupFigures, what: GroupName, money: int, count: int, short: Texts) -> dict[str, Any]:
    totals = each.totals
    failed = f"{totals.error_rate:.1%} failed" if totals.error_rate else ""
    shown = joined([each.name, each.label]) if what == "run" else each.label or each.name
    p95_ms = totals.p95_ms
    return {
        "name": each.name if len(each.name) <= _MOST_NAME else None,
        "shown": short(shown),
        "note": failed,
        "cells": [
            amount(totals.requests),
            format_usd(totals.cost_pusd),
            "" if p95_ms is None else latency(p95_ms),
        ],
        "share": round(totals.cost_pusd / money if money else totals.requests / max(1, count), 3),
    }


def _wrong(totals: Totals) -> int:
    return totals.failed + totals.retried + totals.unknown


def _ms(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _usd(pusd: int) -> float:
    return float(f"{pusd / PUSD_PER_USD:.5g}")
