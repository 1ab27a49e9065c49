"""How a run went, as static HTML: what stays in the notebook in the place of the progress widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.notebook.shown import MUTED, Shown, plain, safe
from loopai_nb.notebook.wording import duration, joined, latency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loopai_nb.execution.course import Point
    from loopai_nb.execution.progress import Progress

__all__ = ["RunCourse"]

_WIDTH, _HEIGHT = 640, 96
_MOST_ROWS = 12
"""Of the table; the drawing has all points."""


class RunCourse(Shown):
    """One line about a run's pace, and behind it its latencies over time, drawn and as a table.

    Args:
        run_id: Which.
        progress: When it had ended.
        points: Of ``Run.course``.
    """

    def __init__(self, run_id: str, progress: Progress, points: Sequence[Point]) -> None:
        self._run_id = run_id
        times = [(name, ms) for name, ms in (("p50", progress.p50_ms), ("p95", progress.p95_ms)) if ms]
        self._line = joined(
            [
                f"How {run_id} went",
                f"{progress.per_s:.1f} answers/s" if progress.per_s else "",
                *(f"{name} {latency(ms)}" for name, ms in times),
            ]
        )
        self._points = [point for point in points if point.p95_ms is not None]

    def text(self) -> str:
        """The line."""
        return plain(self._line)

    def html(self) -> str:
        """The line, which opens the drawing and the table where there is something to see."""
        if len(self._points) < 2:  # noqa: PLR2004  (a line takes two points)
            return f'<div class="loopai" style="{MUTED}">{safe(self._line)}</div>'
        return (
            f'<details class="loopai"><summary style="cursor:pointer;{MUTED}">{safe(self._line)}</summary>'
            f"{self._drawing()}{self._table()}</details>"
        )

    def _drawing(self) -> str:
        last_s = self._points[-1].at_s
        top_ms = max(point.p95_ms or 0.0 for point in self._points)
        lines = "".join(
            f'<polyline points="{self._line_of(name, last_s, top_ms)}" fill="none" stroke="{colour}" '
            f'stroke-width="1.6" stroke-linejoin="round"{dash}/>'
            for name, colour, dash in (
                ("p95_ms", "#c2790f", ' stroke-dasharray="5 3"'),
                ("p50_ms", "var(--jp-brand-color1,#1976d2)", ""),
            )
        )
        said = f"Latency of {self._run_id} over {duration(last_s)}: at most {latency(top_ms)} (p95)"
        return (
            f'<svg role="img" aria-label="{safe(said)}" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            f'style="display:block;width:100%;max-width:44em;margin:.5em 0 .2em">{lines}</svg>'
            f'<div style="{MUTED};font-size:.92em">latency over {duration(last_s)}, from 0 to '
            f"{latency(top_ms)}: p50 solid, p95 dashed</div>"
        )

    def _line_of(self, name: str, last_s: float, top_ms: float) -> str:
        return " ".join(
            f"{_WIDTH * point.at_s / last_s:.1f},"
            f"{_HEIGHT - 3 - (_HEIGHT - 6) * (getattr(point, name) or 0.0) / top_ms:.1f}"
            for point in self._points
        )

    def _table(self) -> str:
        step = -(-len(self._points) // _MOST_ROWS)
        cells = 'style="text-align:right;padding:.1em .7em"'
        head = "".join(f"<th {cells}>{name}</th>" for name in ("after", "answers/s", "p50", "p95"))
        body = "".join(
            "<tr>"
            + "".join(
                f"<td {cells}>{safe(value)}</td>"
                for value in (
                    duration(point.at_s),
                    f"{point.per_s:.1f}",
                    latency(point.p50_ms or 0.0),
                    latency(point.p95_ms or 0.0),
                )
            )
            + "</tr>"
            for point in self._points[step - 1 :: step]
        )
        return (
            f'<table style="border-collapse:collapse;margin:.4em 0;font-variant-numeric:tabular-nums">'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )
