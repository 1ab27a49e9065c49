"""How long ``%load_ext loopai_nb`` holds a person up, beyond what IPython itself takes.

Each sample is a fresh interpreter. IPython and a shell are there before the clock starts, so the figure holds
only what we add. Compiled files are written by a first, uncounted run, as after any installation.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.table import Row

SAMPLES = 15
GOAL_MS = 150

CODE = """
import time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = time.perf_counter()
if {extension!r} == "pandas":
    import pandas
else:
    failed = shell.extension_manager.load_extension({extension!r})
    assert failed is None, failed
print((time.perf_counter() - before) * 1_000)
"""


def run(*, quick: bool = False) -> list[Row]:
    """Measure loading us, interleaved with importing pandas alone as a yardstick of the machine."""
    sample_ms("loopai_nb"), sample_ms("pandas")
    pairs = [(sample_ms("loopai_nb"), sample_ms("pandas")) for _ in range(3 if quick else SAMPLES)]
    ours, yardstick = (statistics.median(column) for column in zip(*pairs, strict=True))
    return [
        Row(
            name="%load_ext loopai_nb (peer: import pandas)",
            ours=ours,
            peer=yardstick,
            ratio=ours / yardstick,
            goal=f"<= {GOAL_MS}",
            unit="ms",
        )
    ]


def sample_ms(extension: str) -> float:
    """Load an extension once in a fresh interpreter.

    Returns:
        Milliseconds.

    Raises:
        RuntimeError: It can't be loaded.
    """
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(extension=extension)],
        cwd=Path(__file__).resolve().parent.parent,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"could not load {extension}: {done.stderr.strip().rpartition(chr(10))[2]}")
    return float(done.stdout.split()[-1])
