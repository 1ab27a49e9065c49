"""What a benchmark hands back, and the table that ``make bench`` prints of it.

A benchmark is a module ``benchmarks/NAME.py`` with ``def run(*, quick: bool = False) -> list[Row]``; nothing
else is asked of it.
"""

from __future__ import annotations

import json
import os
import platform
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["OUT", "Row", "format_table", "write_json"]

OUT = Path(__file__).resolve().parent / "_out"
"""Where the figures are kept as JSON; not committed."""

_BOUND = re.compile(r"(?P<side><=|>=) (?P<limit>[\d,.]+)(?:/(?P<of>\d+))?(?P<peer> x peer| of peer)?")


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure.

    Attributes:
        name: What was measured, with its size ("plan 100,000 rows").
        ours: Our figure, a median, in ``unit``; None where there is none.
        peer: What a user has today for the same work, in ``unit``; None where nothing compares.
        ratio: Ours to the peer's as the goal counts it (times faster, share of memory); None without a peer.
        goal: What ``ours`` should be ("<= 150"), or ``ratio`` (">= 9 x peer", "<= 1/8 of peer"); "" for none.
        unit: Of ``ours`` and ``peer`` ("ms", "rows/s", "MB").
        note: Why a figure is missing, or what it has to be read with.
    """

    name: str
    ours: float | None
    peer: float | None
    ratio: float | None
    goal: str
    unit: str
    note: str = ""

    @property
    def falls_short(self) -> bool:
        """Whether ``ours``, or ``ratio`` where the goal names the peer, misses the goal."""
        bound = _BOUND.fullmatch(self.goal)
        if bound is None:
            return False
        figure = self.ratio if bound["peer"] else self.ours
        if figure is None:
            return False
        limit = float(bound["limit"].replace(",", "")) / float(bound["of"] or 1)
        return figure > limit if bound["side"] == "<=" else figure < limit


def format_table(rows: list[Row]) -> str:
    """Set rows in columns, numbers to the right, under a line that says how busy the machine was."""
    head = ("what", "ours", "peer", "ratio", "unit", "goal", "")
    lines = [
        head,
        *(
            (
                row.name,
                _n(row.ours),
                _n(row.peer),
                _n(row.ratio),
                row.unit,
                row.goal,
                row.note or ("falls short" if row.falls_short else ""),
            )
            for row in rows
        ),
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    right = {1, 2, 3}
    table = [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([_machine(), "", *table])


def write_json(name: str, rows: list[Row]) -> Path:
    """Keep rows and the machine's state as ``benchmarks/_out/NAME.json``.

    Returns:
        The file.
    """
    OUT.mkdir(exist_ok=True)
    path = OUT / f"{name}.json"
    contents = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": _machine(),
        "rows": [asdict(row) for row in rows],
    }
    path.write_text(json.dumps(contents, indent=1) + "\n", encoding="utf-8")
    return path


def _n(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _machine() -> str:
    """Processor count, load and Python: absolute figures mean little without them."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return f"{os.cpu_count()} cores, load {load:.2f}, Python {platform.python_version()}"
