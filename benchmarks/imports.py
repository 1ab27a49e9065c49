"""What importing the executor's path takes: all that a program needs before its first request is sent."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.table import Row

SAMPLES = 9
GOAL_S = 0.3

OURS = (
    "loopai_nb.session.asking, loopai_nb.execution.executor, loopai_nb.ledger.store, "
    "loopai_nb.clients.connect, loopai_nb.prompts.renderer"
)
YARDSTICK = "pandas"

CODE = "import time; before = time.perf_counter(); import {modules}; print(time.perf_counter() - before)"


def run(*, quick: bool = False) -> list[Row]:
    """Import it in fresh interpreters, interleaved with pandas alone; the peers' imports are in ``run``."""
    _import_s(OURS), _import_s(YARDSTICK)
    pairs = [(_import_s(OURS), _import_s(YARDSTICK)) for _ in range(3 if quick else SAMPLES)]
    ours, yardstick = (statistics.median(column) for column in zip(*pairs, strict=True))
    name = "import of the executor's path (peer: import pandas)"
    return [Row(name, ours, yardstick, ours / yardstick, f"<= {GOAL_S}", "s")]


def _import_s(modules: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(modules=modules)],
        cwd=Path(__file__).resolve().parent.parent,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"could not import {modules}: {done.stderr.strip().rpartition(chr(10))[2]}")
    return float(done.stdout)
