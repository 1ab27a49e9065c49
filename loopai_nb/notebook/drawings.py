"""Charts as SVG in a page: no script, no font of their own, and colours that read on light and on dark."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from loopai_nb.notebook.shown import MUTED, safe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["COLOURS", "legend", "lines", "spread", "stacked"]

COLOURS = ("#2b8ae0", "#d9722b", "#2f9e7e", "#b04aa5", "#b99a1f", "#8d939c")
"""Told apart by those who see colours otherwise as well; the last one is of what has no colour of its own."""

_WIDTH, _HEIGHT = 600, 150
_LEFT, _BOTTOM, _TOP = 52, 18, 6
_INNER_W, _INNER_H = _WIDTH - _LEFT - 4, _HEIGHT - _BOTTOM - _TOP
_DASHES = ("", "5 3", "1.5 3")
_DAY_MS = 86_400_000
_GAP = 0.12


def stacked(
    times_ms: Sequence[int],
    groups: Sequence[Sequence[float]],
    *,
    since_ms: int,
    until_ms: int,
    step_ms: int,
    shown: Callable[[float], str],
    said: str,
) -> str:
    """Bars over time, the groups of each on top of one another.

    Args:
        times_ms: Where the bars begin (epoch milliseconds).
        groups: The values of each, as many as there are times; drawn from the first one up.
        since_ms: Left edge.
        until_ms: Right edge.
        step_ms: Width of a bar, but for what is outside of the period.
        shown: A value in words, for the axis.
        said: What it shows, for who can't see it.
    """
    sums = [sum(group[i] for group in groups) for i in range(len(times_ms))]
    top = max(sums, default=0.0) or 1.0
    span_ms = max(1, until_ms - since_ms)
    bars = []
    for i, at_ms in enumerate(times_ms):
        # Steps are whole hours or days: the first one and the last are cut where the period begins and ends.
        from_ms, to_ms = max(since_ms, at_ms) - since_ms, min(until_ms, at_ms + step_ms) - since_ms
        x = _LEFT + _INNER_W * from_ms / span_ms
        wide = max(0.6, _INNER_W * (to_ms - from_ms) / span_ms * (1 - _GAP))
        below = 0.0
        for n, group in enumerate(groups):
            if group[i] <= 0:
                continue
            high = _INNER_H * group[i] / top
            y = _TOP + _INNER_H - _INNER_H * below / top - high
            bars.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{max(high, 0.4):.1f}" '
                f'fill="{_colour(n)}"/>'
            )
            below += group[i]
    return _chart("".join(bars), shown(top), _ends(since_ms, until_ms), said)


def lines(
    times_ms: Sequence[int],
    series: Sequence[Sequence[float | None]],
    *,
    since_ms: int,
    until_ms: int,
    shown: Callable[[float], str],
    said: str,
) -> str:
    """Lines over time: the first one solid, the others dashed. A single time is drawn as dots."""
    found = [value for values in series for value in values if value is not None]
    top = max(found, default=0.0) or 1.0
    span_ms = max(1, until_ms - since_ms)
    drawn = []
    for n, values in enumerate(series):
        points = [
            (_LEFT + _INNER_W * max(0, at_ms - since_ms) / span_ms, _TOP + _INNER_H * (1 - value / top))
            for at_ms, value in zip(times_ms, values, strict=True)
            if value is not None
        ]
        if len(points) == 1:
            ((x, y),) = points
            drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{_colour(n)}"/>')
            continue
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashes = f' stroke-dasharray="{_DASHES[n % len(_DASHES)]}"' if n else ""
        drawn.append(
            f'<polyline points="{path}" fill="none" stroke="{_colour(n)}" stroke-width="1.6" '
            f'stroke-linejoin="round"{dashes}/>'
        )
    return _chart("".join(drawn), shown(top), _ends(since_ms, until_ms), said)


def spread(from_ms: Sequence[float], to_ms: Sequence[float], counts: Sequence[int], *, said: str) -> str:
    """How often each latency comes; the axis is logarithmic, as the buckets are."""
    top = max(counts, default=0) or 1
    wide = _INNER_W / max(1, len(counts))
    bars = "".join(
        f'<rect x="{_LEFT + i * wide:.1f}" y="{_TOP + _INNER_H * (1 - count / top):.1f}" '
        f'width="{max(0.6, wide * (1 - _GAP)):.1f}" height="{_INNER_H * count / top:.1f}" '
        f'fill="{COLOURS[0]}"/>'
        for i, count in enumerate(counts)
        if count
    )
    ends = ("", "") if not counts else (_milliseconds(from_ms[0]), _milliseconds(to_ms[-1]))
    return _chart(bars, f"{top:,}", ends, said)


def legend(names: Sequence[str], *, dashed: bool = False) -> str:
    """What the colours mean, in the order of the groups."""
    marks = "".join(
        f'<span style="white-space:nowrap;margin-right:1.1em">{_mark(n, dashed=dashed)} '
        f'<span style="{MUTED}">{safe(name)}</span></span>'
        for n, name in enumerate(names)
    )
    return f'<div style="font-size:.9em">{marks}</div>'


def _mark(n: int, *, dashed: bool) -> str:
    if not dashed:
        return (
            f'<svg aria-hidden="true" width="10" height="10"><rect width="10" height="10" rx="2" '
            f'fill="{_colour(n)}"/></svg>'
        )
    dashes = f' stroke-dasharray="{_DASHES[n % len(_DASHES)]}"' if n else ""
    return (
        f'<svg aria-hidden="true" width="18" height="8"><line x1="0" y1="4" x2="18" y2="4" '
        f'stroke="{_colour(n)}" stroke-width="2"{dashes}/></svg>'
    )


def _colour(n: int) -> str:
    return COLOURS[min(n, len(COLOURS) - 1)]


def _chart(content: str, top: str, ends: tuple[str, str], said: str) -> str:
    floor = _TOP + _INNER_H
    text = 'fill="currentColor" fill-opacity=".72" font-size="11" font-family="system-ui,sans-serif"'
    rule = 'stroke="currentColor" stroke-opacity=".25"'
    return (
        f'<svg role="img" aria-label="{safe(said)}" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'style="display:block;width:100%;max-width:46em">'
        f'<line x1="{_LEFT}" y1="{_TOP}" x2="{_WIDTH - 4}" y2="{_TOP}" {rule} stroke-dasharray="2 3"/>'
        f'<line x1="{_LEFT}" y1="{floor}" x2="{_WIDTH - 4}" y2="{floor}" {rule}/>'
        f'<text x="{_LEFT - 5}" y="{_TOP + 8}" text-anchor="end" {text}>{safe(top)}</text>'
        f'<text x="{_LEFT - 5}" y="{floor}" text-anchor="end" {text}>0</text>'
        f'<text x="{_LEFT}" y="{_HEIGHT - 4}" {text}>{safe(ends[0])}</text>'
        f'<text x="{_WIDTH - 4}" y="{_HEIGHT - 4}" text-anchor="end" {text}>{safe(ends[1])}</text>'
        f"{content}</svg>"
    )


def _ends(since_ms: int, until_ms: int) -> tuple[str, str]:
    form = "%Y-%m-%d" if until_ms - since_ms > 3 * _DAY_MS else "%Y-%m-%d %H:%M"
    first, last = (datetime.fromtimestamp(ms / 1000).astimezone() for ms in (since_ms, until_ms))
    return first.strftime(form), last.strftime(form)


def _milliseconds(value: float) -> str:
    if not math.isfinite(value):
        return ""
    return f"{value:.3g} ms" if value < 1_000 else f"{value / 1_000:.3g} s"  # noqa: PLR2004  (a second)
