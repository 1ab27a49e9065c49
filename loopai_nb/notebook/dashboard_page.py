"""A dashboard as a page that stays as it is: in a saved notebook, an export, and the file of a report."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from loopai_nb.notebook import drawings
from loopai_nb.notebook.dashboard_plain import PlainDashboard
from loopai_nb.notebook.shown import MUTED, RULE, Grid, Sentences, Shown, safe
from loopai_nb.notebook.wording import joined, latency

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from loopai_nb.notebook.dashboard_scope import Looked

__all__ = ["DashboardPage", "said_of"]

_GOOD = {True: "color:#2f9e7e", False: "color:#d9722b", None: MUTED}
_TABLES = (
    ("Models", "models", ("model", "requests", "USD", "p95")),
    ("Templates", "templates", ("template", "requests", "USD", "p95")),
    ("Runs", "runs", ("run", "requests", "USD", "p95")),
    ("What went wrong", "errors", ("kind", "failed", "tried again")),
)
_PERCENTILES = ("p50", "p95", "p99")


_LAST = {
    "1h": "the last hour",
    "24h": "the last 24 hours",
    "7d": "the last 7 days",
    "30d": "the last 30 days",
}


def said_of(looked: Looked) -> str:
    """What is looked at, in words."""
    of = f"Run {looked.run}" if looked.run else "All runs"
    if looked.last in _LAST:
        return f"{of}, {_LAST[looked.last]}"
    if looked.since_ms is None:
        return of
    since = datetime.fromtimestamp(looked.since_ms / 1000).astimezone()
    return f"{of} since {since:%Y-%m-%d %H:%M}"


class DashboardPage(Shown):
    """Figures, drawings and tables of an overview.

    Args:
        overview: See ``DashboardDesk.overview``.
        says: Of what and of when, in words.
    """

    def __init__(self, overview: Mapping[str, Any], says: str) -> None:
        self._overview = overview
        self._says = says

    def text(self) -> str:
        """Figures and tables."""
        return PlainDashboard(self._overview, self._says).text()

    def html(self) -> str:
        """Figures, drawings and tables."""
        found = self._overview
        if found["empty"]:
            return PlainDashboard(found, self._says).html()
        tables = [_table(title, found[name], header) for title, name, header in _TABLES if found[name]]
        says = Sentences(self._says).html() if self._says else ""
        return (
            f'<div class="loopai">{says}{_tiles(found["tiles"])}'
            f"{_columns([*_over_time(found), *_latencies(found)])}{_columns(tables)}</div>"
        )


def _tiles(tiles: Sequence[Mapping[str, Any]]) -> str:
    cells = "".join(
        f'<div style="border:{RULE};border-radius:6px;padding:.45em .7em">'
        f'<div style="{MUTED};font-size:.9em">{safe(tile["name"])}</div>'
        f'<div style="font-size:1.35em;font-variant-numeric:tabular-nums">{safe(tile["value"])}</div>'
        f'<div style="font-size:.85em;min-height:1.2em"><span style="{_GOOD[tile["good"]]}" '
        f'title="{safe(tile["said"])}">{safe(tile["change"])}</span> '
        f'<span style="{MUTED}">{safe(tile["note"])}</span></div></div>'
        for tile in tiles
    )
    grid = "display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5em,1fr));gap:.5em;margin:.5em 0 1em"
    return f'<div style="{grid}">{cells}</div>'


def _over_time(found: Mapping[str, Any]) -> list[str]:
    return [
        _stacked(found, "Requests over time, by model", "requests", lambda value: f"{value:,.0f}"),
        _stacked(found, "Cost over time, by model (USD)", "cost_usd", lambda value: f"{value:,.3g}"),
    ]


def _stacked(found: Mapping[str, Any], title: str, key: str, shown: Callable[[float], str]) -> str:
    groups = found["series"]["groups"]
    names = [group["shown"] for group in groups]
    total = sum(sum(group[key]) for group in groups)
    drawn = drawings.stacked(
        found["series"]["times_ms"],
        [group[key] for group in groups],
        since_ms=found["since_ms"],
        until_ms=found["until_ms"],
        step_ms=found["step_ms"],
        shown=shown,
        said=f"{title}: {shown(total)} in all, of {', '.join(names)}",
    )
    return _part(title, drawn + drawings.legend(names))


def _latencies(found: Mapping[str, Any]) -> list[str]:
    over, spread = found["latency"], found["spread"]
    values = [(name, spread[f"{name}_ms"]) for name in _PERCENTILES]
    ends = [f"{name} {latency(value)}" for name, value in values if value is not None]
    if not ends:
        return []
    drawn = drawings.lines(
        over["times_ms"],
        [over[f"{name}_ms"] for name in _PERCENTILES],
        since_ms=found["since_ms"],
        until_ms=found["until_ms"],
        shown=latency,
        said=f"Latency over time: {joined(ends)} of all",
    )
    bars = drawings.spread(
        spread["from_ms"], spread["to_ms"], spread["count"], said=f"How latencies are spread: {joined(ends)}"
    )
    note = f'<div style="{MUTED};font-size:.9em">{safe(joined(ends))}</div>'
    return [
        _part("Latency over time", drawn + drawings.legend(_PERCENTILES, dashed=True)),
        _part("How latencies are spread", bars + note),
    ]


def _table(title: str, lines: Sequence[Mapping[str, Any]], header: Sequence[str]) -> str:
    cells = [[joined([line["shown"], line["note"]]), *line["cells"]] for line in lines]
    return _part(title, Grid(header, cells, right=range(1, len(header))).html())


def _part(title: str, content: str) -> str:
    return f'<div style="margin:0 0 1.1em"><div style="font-weight:600">{safe(title)}</div>{content}</div>'


def _columns(parts: Sequence[str]) -> str:
    grid = "display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,32em),1fr));gap:.2em 2em"
    return f'<div style="{grid}">{"".join(f"<div>{part}</div>" for part in parts)}</div>'
