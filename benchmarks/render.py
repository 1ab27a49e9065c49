"""What rendering a prompt costs: our sandbox over a frame, against compile per row and ``iterrows``."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

ROWS = 20_000
ROUNDS = 5
COMPILED_ROWS = 500
"""Compiling for each row is so slow that fewer rows give its figure."""

TEMPLATE = "Which part was hit? windshield, engine, wing, other.\n{{ remarks }}\nSpecies: {{ species }}"
GOAL_US = 20


def run(*, quick: bool = False) -> list[Row]:
    """Measure the three ways interleaved; microseconds a row, medians."""
    import pandas as pd

    frame = pd.DataFrame(
        {
            "id": range(ROWS),
            "remarks": [f"BIRD {n} STRUCK WINDSHIELD ON TAKEOFF ROLL, NO DAMAGE" for n in range(ROWS)],
            "species": [None if n % 7 == 0 else f"gull {n % 40}" for n in range(ROWS)],
            "speed": [float(n % 300) for n in range(ROWS)],
        }
    )
    samples: dict[str, list[float]] = {"ours": [], "iterrows": [], "compiled": []}
    for _ in range(1 if quick else ROUNDS):
        samples["ours"].append(_us_per_row(_ours, frame))
        samples["iterrows"].append(_us_per_row(_iterrows, frame))
        samples["compiled"].append(_us_per_row(_compiled, frame.head(COMPILED_ROWS)))
    ours, iterrows, compiled = (statistics.median(samples[name]) for name in ("ours", "iterrows", "compiled"))
    return [
        Row(
            name=f"render {ROWS:,} rows, 2 variables (peer: {peer_name})",
            ours=ours,
            peer=peer,
            ratio=peer / ours,
            goal=f"<= {GOAL_US}",
            unit="us/row",
        )
        for peer_name, peer in (("iterrows", iterrows), ("compiled per row", compiled))
    ]


def _us_per_row(way: Callable[[pd.DataFrame], int], frame: pd.DataFrame) -> float:
    before = time.perf_counter()
    characters = way(frame)
    seconds = time.perf_counter() - before
    assert characters > len(TEMPLATE) * len(frame) / 2
    return seconds / len(frame) * 1e6


def _ours(frame: pd.DataFrame) -> int:
    from loopai_nb.prompts.template import Template

    return sum(len(rendered.prompt) for rendered in Template(TEMPLATE).render_frame(frame))


def _iterrows(frame: pd.DataFrame) -> int:
    from jinja2.sandbox import SandboxedEnvironment

    template = SandboxedEnvironment().from_string(TEMPLATE)
    return sum(len(template.render(row.to_dict())) for _, row in frame.iterrows())


def _compiled(frame: pd.DataFrame) -> int:
    from jinja2.sandbox import SandboxedEnvironment

    records = frame.to_dict("records")
    return sum(
        len(SandboxedEnvironment().from_string(TEMPLATE).render({str(k): v for k, v in record.items()}))
        for record in records
    )
