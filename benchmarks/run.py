"""The whole path, from a frame to its answers, beside what users have today for the same work.

All is on: rendering, retries, the ledger with FULL commits, accounting against a budget, the DataFrame. Each
sample is a process of its own; ours and the peers' alternate. Requests in flight are fixed, as those of the
peers are, but for one row that begins with few and adapts, as a user's run does.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.contenders import Sample, median_of, run_bare, run_ours, run_peer
from benchmarks.environments import PEERS, Peer, python_of
from benchmarks.servers import serve, zero_delay_server
from benchmarks.table import Row

if TYPE_CHECKING:
    from pathlib import Path

DELAY_MS = 50
IN_FLIGHT = 64
ROUNDS = 3
FLOOR = "(peer: bare sockets, the floor)"
MOST_S_PER_PEER = 20.0
"""Seconds after which a peer is left out of further rounds against one server."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows: as much as the goals say, or a look in a minute.

    Attributes:
        rows: Of ours, for the goals.
        peer_rows: Of the peers and of ours beside them.
        rounds: Samples of each.
    """

    rows: int
    peer_rows: int
    rounds: int


FULL = Size(rows=20_000, peer_rows=2_000, rounds=ROUNDS)
QUICK = Size(rows=2_000, peer_rows=300, rounds=1)
IN_QUICK = PEERS[:1]


def run(*, quick: bool = False) -> list[Row]:
    """Measure ours at 50 ms and 0 ms, then each peer beside ours at both."""
    size = QUICK if quick else FULL
    with serve(0) as at_once, serve(DELAY_MS) as delayed:
        table = _goals(at_once, delayed, size)
        peers, missing = _installed(IN_QUICK if quick else PEERS)
        at_0 = _beside(peers, at_once, size)
        at_50 = _beside(peers, delayed, size)
    for peer in PEERS:
        table += _compared(peer, at_0, at_50, missing, size)
    return table


def _goals(at_once: str, delayed: str, size: Size) -> list[Row]:
    samples: dict[str, list[Sample]] = {}
    for _ in range(size.rounds):
        for name, url, in_flight in (
            ("0", at_once, IN_FLIGHT),
            ("64", delayed, IN_FLIGHT),
            ("256", delayed, 256),
        ):
            samples.setdefault(name, []).append(run_ours(url, size.rows, in_flight))
            samples.setdefault(f"bare {name}", []).append(run_bare(url, size.rows, in_flight))
        adaptive = run_ours(delayed, size.rows, IN_FLIGHT, adaptive=True)
        samples.setdefault("adaptive", []).append(adaptive)
    return _delayed_goals(samples, size) + _at_once_goals(samples, size)


def _delayed_goals(samples: dict[str, list[Sample]], size: Size) -> list[Row]:
    rows = f"{size.rows:,} rows, {DELAY_MS} ms"
    table = []
    for in_flight, goal in ((64, "<= 1.05"), (256, "<= 1.25")):
        ideal_s = _ideal_s(size.rows, in_flight)
        ours = samples[str(in_flight)]
        what = f"{rows}, {in_flight} in flight"
        seconds, floor_s = (median_of(s, "seconds") for s in (ours, samples[f"bare {in_flight}"]))
        name = f"{what}: time {FLOOR}"
        table += [
            Row(name, seconds / ideal_s, floor_s / ideal_s, floor_s / seconds, goal, "x ideal"),
            _alone(f"{what}: of it the run", median_of(ours, "run_s") / ideal_s, "", "x ideal"),
            _alone(f"{what}: CPU", _cpu_ms(ours), "", "ms/row"),
        ]
    adaptive = median_of(samples["adaptive"], "seconds") / _ideal_s(size.rows, IN_FLIGHT)
    what = f"{rows}, adapting up to {IN_FLIGHT} in flight: time"
    return [*table, _alone(what, adaptive, "", "x ideal")]


def _at_once_goals(samples: dict[str, list[Sample]], size: Size) -> list[Row]:
    ours, bare = samples["0"], samples["bare 0"]
    what = f"{size.rows:,} rows, 0 ms ({zero_delay_server()}), {IN_FLIGHT} in flight"
    per_s, floor_per_s = (size.rows / median_of(s, "seconds") for s in (ours, bare))
    cpu_ms, floor_ms = _cpu_ms(ours), _cpu_ms(bare)
    return [
        Row(f"{what}: throughput {FLOOR}", per_s, floor_per_s, per_s / floor_per_s, ">= 4,000", "rows/s"),
        Row(f"{what}: CPU {FLOOR}", cpu_ms, floor_ms, floor_ms / cpu_ms, "<= 0.27", "ms/row"),
        _alone(f"{what}: memory above the frame", median_of(ours, "above_frame_mb"), "<= 60", "MB"),
        *(
            _alone(f"{what}: of it {part}", median_of(ours, f"{part}_s") / size.rows * 1e6, "", "us/row")
            for part in ("plan", "run", "result")
        ),
    ]


def _installed(wanted: tuple[Peer, ...]) -> tuple[list[tuple[Peer, Path]], dict[str, str]]:
    """The peers that can be run, and why the others are not."""
    large = os.environ.get("PEERS") == "all"
    there: list[tuple[Peer, Path]] = []
    missing: dict[str, str] = {}
    for peer in PEERS:
        if peer not in wanted:
            missing[peer.name] = "not in a quick look"
            continue
        try:
            there.append((peer, python_of(peer.part, large=large)))
        except (RuntimeError, OSError) as error:
            missing[peer.name] = str(error)
    return there, missing


def _beside(peers: list[tuple[Peer, Path]], url: str, size: Size) -> dict[str, list[Sample] | str]:
    """Samples of ours and of each peer, alternating; in place of a peer's that failed, why it did."""
    found: dict[str, list[Sample] | str] = {"ours": []}
    for round_ in range(size.rounds):
        print(f"  peers, round {round_ + 1} of {size.rounds} ...", file=sys.stderr, flush=True)
        _append(found, "ours", run_ours(url, size.peer_rows, IN_FLIGHT))
        for peer, python in peers:
            samples = found.setdefault(peer.name, [])
            if isinstance(samples, str) or sum(sample.seconds for sample in samples) > MOST_S_PER_PEER:
                continue
            try:
                _append(found, peer.name, run_peer(peer, python, url, size.peer_rows, IN_FLIGHT))
            except RuntimeError as error:
                found[peer.name] = str(error)
    return found


def _append(found: dict[str, list[Sample] | str], name: str, sample: Sample) -> None:
    samples = found[name]
    assert isinstance(samples, list)
    samples.append(sample)


def _compared(
    peer: Peer,
    at_0: dict[str, list[Sample] | str],
    at_50: dict[str, list[Sample] | str],
    missing: dict[str, str],
    size: Size,
) -> list[Row]:
    what = f"{size.peer_rows:,} rows, {IN_FLIGHT} in flight"
    name = f"(peer: {peer.name})"
    fast, slow = at_0.get(peer.name, ""), at_50.get(peer.name, "")
    ours_0, ours_50 = at_0["ours"], at_50["ours"]
    assert isinstance(ours_0, list)
    assert isinstance(ours_50, list)
    if isinstance(fast, str) or isinstance(slow, str):
        why = missing.get(peer.name) or (fast if isinstance(fast, str) and fast else str(slow))
        return [Row(f"{what} {name}", None, None, None, "", "", note=why)]
    ideal_s = _ideal_s(size.peer_rows, IN_FLIGHT)
    ours_s, peer_s = median_of(ours_50, "seconds") / ideal_s, median_of(slow, "seconds") / ideal_s
    ours_per_s, peer_per_s = (size.peer_rows / median_of(samples, "seconds") for samples in (ours_0, fast))
    ours_cpu, peer_cpu = _cpu_ms(ours_0), _cpu_ms(fast)
    ours_mb, peer_mb = (median_of(samples, "above_frame_mb") for samples in (ours_0, fast))
    ours_import, peer_import = (median_of(samples, "import_s") for samples in (ours_0, fast))
    return [
        Row(f"{what}, {DELAY_MS} ms {name}", ours_s, peer_s, peer_s / ours_s, "", "x ideal"),
        Row(f"{what}, 0 ms {name}", ours_per_s, peer_per_s, ours_per_s / peer_per_s, "", "rows/s"),
        Row(f"  CPU {name}", ours_cpu, peer_cpu, peer_cpu / ours_cpu, "", "ms/row"),
        Row(f"  memory above the frame {name}", ours_mb, peer_mb, peer_mb / ours_mb, "", "MB"),
        Row(f"  import {name}", ours_import, peer_import, peer_import / ours_import, "", "s"),
    ]


def _alone(name: str, ours: float, goal: str, unit: str) -> Row:
    return Row(name=name, ours=ours, peer=None, ratio=None, goal=goal, unit=unit)


def _ideal_s(rows: int, in_flight: int) -> float:
    return rows * DELAY_MS / 1000 / in_flight


def _cpu_ms(samples: list[Sample]) -> float:
    return median_of(samples, "cpu_s") / samples[0].rows * 1000
