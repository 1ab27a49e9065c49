"""Runs one contender (ours, a part of it, or a peer) once, in a process of its own on the client's cores."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.servers import client_cores

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.environments import Peer

__all__ = ["Sample", "client_process", "median_of", "run_bare", "run_ours", "run_peer"]

_ROOT = Path(__file__).resolve().parent.parent
_TIMEOUT_S = 240.0
_MOST_SAID = 60
_OFFLINE = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else its import fetches a price map
    "HF_HUB_OFFLINE": "1",
    "TELEMETRY_ENABLED": "0",
    "CURATOR_DISABLE_CACHE": "1",
    "DO_NOT_TRACK": "1",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of a contender.

    Attributes:
        rows: Asked.
        seconds: From the frame to its answers.
        cpu_s: Of its process, all threads.
        above_frame_mb: Greatest memory above what was there before it asked.
        import_s: Its import.
        more: What only this contender tells.
    """

    rows: int
    seconds: float
    cpu_s: float
    above_frame_mb: float
    import_s: float
    more: Mapping[str, float]


def run_ours(url: str, rows: int, in_flight: int, *, adaptive: bool = False) -> Sample:
    """Run our whole path once.

    Args:
        url: Of the model server.
        rows: To ask.
        in_flight: Always so many; with ``adaptive`` at most.
        adaptive: Begin with few, as a user's run does.

    Raises:
        RuntimeError: It failed, or left rows without an answer.
    """
    command = [sys.executable, "-m", "benchmarks.ours", *(["--adaptive"] if adaptive else [])]
    return _run(command, url, rows, in_flight)


def run_bare(url: str, rows: int, in_flight: int) -> Sample:
    """Run the floor, bare protocols, once.

    Raises:
        RuntimeError: As ``run_ours``.
    """
    return _run([sys.executable, "-m", "benchmarks.bare"], url, rows, in_flight)


def run_peer(peer: Peer, python: Path, url: str, rows: int, in_flight: int) -> Sample:
    """Run a peer once, offline but for the model server.

    Raises:
        RuntimeError: As ``run_ours``.
    """
    script = Path(__file__).with_name("peers") / f"{peer.script}.py"
    return _run([str(python), str(script)], url, rows, in_flight)


def median_of(samples: list[Sample], figure: str) -> float:
    """The median of one of the figures, those of ``more`` included."""
    return statistics.median(s.more[figure] if figure in s.more else getattr(s, figure) for s in samples)


def client_process(module: str, *arguments: str) -> str:
    """Run a module of ours on the client's cores and give its last line.

    Raises:
        RuntimeError: It failed.
    """
    return _last_line([sys.executable, "-m", module, *arguments])


def _run(command: list[str], url: str, rows: int, in_flight: int) -> Sample:
    figures: dict[str, Any] = json.loads(_last_line([*command, url, str(rows), str(in_flight)]))
    answered = figures.pop("answered")
    if answered != rows:
        raise RuntimeError(f"failed: {answered:,} of {rows:,} rows answered")
    known = {name: figures.pop(name) for name in ("seconds", "cpu_s", "above_frame_mb", "import_s")}
    return Sample(rows=rows, **known, more=figures)


def _last_line(command: list[str]) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    if cores := client_cores():
        environ["BENCH_CORES"] = ",".join(map(str, cores))
    with tempfile.TemporaryDirectory(prefix="loopai-bench-") as folder:
        environ |= {**_OFFLINE, "CURATOR_CACHE_DIR": folder, "PYTHONPATH": str(_ROOT), "BENCH_FOLDER": folder}
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=environ,
                check=False,
                capture_output=True,
                text=True,
                timeout=_TIMEOUT_S,
            )
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"more than {_TIMEOUT_S:.0f} s") from None
    if done.returncode != 0:
        raise RuntimeError(
            f"failed: {(done.stderr.strip().splitlines() or ['no reason given'])[-1][:_MOST_SAID]}"
        )
    return done.stdout.strip().splitlines()[-1]
