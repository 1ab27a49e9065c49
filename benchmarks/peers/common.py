"""What every contender does alike: the rows, the prompt, and how its time and memory are taken.

A contender is a program ``NAME.py BASE_URL ROWS IN_FLIGHT`` that prints one line of JSON. It runs in an
environment of its own, in which loopai_nb is not installed: this file needs pandas and nothing else.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

__all__ = ["KEY", "MAX_TOKENS", "MODEL", "TEMPLATE", "forget_peak", "main", "memory_mb", "prompts_of", "rows"]

MODEL = "fixed"
KEY = "none"
MAX_TOKENS = 16
TEMPLATE = "Which part was hit? windshield, engine, wing, other.\n{{ remarks }}\nSpecies: {{ species }}"

_MB = 2**20


def rows(count: int) -> pd.DataFrame:
    """A frame of which two columns go into a prompt; no two prompts are the same."""
    import pandas as pd

    return pd.DataFrame(
        {
            "id": range(count),
            "remarks": [f"BIRD {n} STRUCK WINDSHIELD ON TAKEOFF ROLL, NO DAMAGE" for n in range(count)],
            "species": [f"gull {n % 40}" for n in range(count)],
            "speed": [float(n % 300) for n in range(count)],
        }
    )


def prompts_of(frame: pd.DataFrame) -> list[str]:
    """The prompts as one would write them without a template engine: the cheapest way there is."""
    text = TEMPLATE.replace("{{ ", "{").replace(" }}", "}")
    columns = zip(frame["remarks"], frame["species"], strict=True)
    return [text.format(remarks=remarks, species=species) for remarks, species in columns]


def main(
    load: Callable[[], object],
    ask: Callable[[str, pd.DataFrame, int], tuple[Sequence[Any], Mapping[str, float]] | Sequence[Any]],
) -> None:
    """Run a contender and print what it took.

    Prints JSON: ``seconds``, ``cpu_s`` (all threads and children), ``answered`` (rows with an answer),
    ``above_frame_mb`` (greatest memory while asking, above what was there before), ``import_s``, and what the
    contender adds.

    Args:
        load: Imports it.
        ask: From base URL, frame and requests in flight to an answer per row, the frame's rendering included;
            further figures may come beside them.
    """
    url, count, in_flight = sys.argv[-3], int(sys.argv[-2]), int(sys.argv[-1])
    if cores := os.environ.get("BENCH_CORES"):
        os.sched_setaffinity(0, [int(core) for core in cores.split(",")])
    import pandas as pd  # noqa: F401  (the rows need it, so it counts as nobody's import)

    before_s = time.perf_counter()
    load()
    import_s = time.perf_counter() - before_s
    frame = rows(count)
    forget_peak()
    resting_mb = memory_mb("VmRSS:")
    cpu_s, before_s = _cpu_s(), time.perf_counter()
    done = ask(url, frame, in_flight)
    seconds, cpu_s = time.perf_counter() - before_s, _cpu_s() - cpu_s
    answers, more = done if isinstance(done, tuple) else (done, {})
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpu_s": cpu_s,
                "answered": sum(bool(answer) for answer in answers),
                "above_frame_mb": memory_mb("VmHWM:") - resting_mb,
                "import_s": import_s,
                **more,
            }
        )
    )


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def forget_peak() -> None:
    """Begin the kernel's high-water mark anew (Linux: proc(5), clear_refs)."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:  # another system: the mark then holds the imports too
        return


def memory_mb(field: str) -> float:
    """A line of proc(5)'s status in MB, ``"VmRSS:"`` or ``"VmHWM:"``; elsewhere the peak for both."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / _MB if sys.platform == "darwin" else peak / 1024
    line = next(line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) / 1024
