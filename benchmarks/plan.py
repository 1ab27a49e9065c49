"""How fast a frame becomes a plan in the ledger, and what that takes in memory above the frame.

All of it: rendering, keys, worst cases, estimate, and every request stored in SQLite. Each size is planned in
a process of its own, so that the highest resident size is that of one plan. Nothing is sent.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.table import Row

SIZES = (200_000, 1_000_000)
QUICK_SIZES = (20_000,)
ROUNDS = 3
"""Of the small size; the large one is planned once."""

TEMPLATE = "Which part was hit? windshield, engine, wing, other.\n{{ remarks }}\nSpecies: {{ species }}"
GOAL_ROWS_PER_S = 40_000
GOAL_MB = 60


def run(*, quick: bool = False) -> list[Row]:
    """Measure each size; rows a second by the clock and by processor time, and megabytes above the frame."""
    rows = []
    for size in QUICK_SIZES if quick else SIZES:
        measured = [_in_a_process(size) for _ in range(ROUNDS if size == SIZES[0] else 1)]
        for name, key, goal, unit in (
            ("plan {:,} rows", "rows_per_s", f">= {GOAL_ROWS_PER_S}", "rows/s"),
            ("plan {:,} rows, by processor time", "rows_per_cpu_s", "", "rows/s"),
            ("plan {:,} rows, above the frame", "megabytes", f"<= {GOAL_MB}", "MB"),
        ):
            ours = statistics.median(one[key] for one in measured)
            rows.append(Row(name=name.format(size), ours=ours, peer=None, ratio=None, goal=goal, unit=unit))
    return rows


def _in_a_process(rows: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.plan", str(rows)],
        cwd=Path(__file__).resolve().parent.parent,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"could not plan: {done.stderr.strip().rpartition(chr(10))[2]}")
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def measure(rows: int) -> dict[str, float]:
    """Plan a frame of so many rows once, in this process (Linux: the kernel tells the highest size)."""
    import pandas as pd

    from loopai_nb.ledger.store import Ledger

    frame = pd.DataFrame(
        {
            "id": range(rows),
            "remarks": [f"BIRD {n} STRUCK WINDSHIELD ON TAKEOFF ROLL, NO DAMAGE" for n in range(rows)],
            "species": [None if n % 7 == 0 else f"gull {n % 40}" for n in range(rows)],
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger.db")
        try:
            _plan(ledger, frame.head(100))  # imports and compiled statements are no part of it
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
            before_mb = _resident_mb("VmRSS")
            began_s, cpu_s = time.perf_counter(), time.process_time()
            _plan(ledger, frame)
            took_s, cpu_s = time.perf_counter() - began_s, time.process_time() - cpu_s
            return {
                "rows_per_s": rows / took_s,
                "rows_per_cpu_s": rows / cpu_s,
                "megabytes": _resident_mb("VmHWM") - before_mb,
            }
        finally:
            ledger.close()


def _plan(ledger: Any, frame: Any) -> None:
    from loopai_nb.execution.counts import Limits
    from loopai_nb.pricing import Price
    from loopai_nb.prompts.template import Template
    from loopai_nb.records import ServerKind
    from loopai_nb.session.making import MapOptions, make_plan

    server: Any = SimpleNamespace(kind=ServerKind.OPENAI, base_url="http://127.0.0.1:1/v1", model="m")
    options = MapOptions(
        name="birds",
        answer="answer",
        max_tokens=64,
        temperature=0.0,
        budget_usd=None,
        extra={},
        constants={},
    )
    make_plan(
        frame,
        Template(TEMPLATE),
        options,
        ledger=ledger,
        server=server,
        redactor=None,
        price=Price(100, 400, "set"),
        limits=Limits(),
    )


def _resident_mb(name: str) -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"/proc/self/status has no {name}")


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
