"""How fast a dashboard opens, searches and pages, on a small ledger and on one of a million requests.

And what figures and search index cost a run: the whole path at 0 ms with them and without, alternating, and
recording alone by processor time.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.contenders import client_process
from benchmarks.make_ledger import ENDS_S, make_ledger
from benchmarks.servers import serve
from benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from loopai_nb.ledger.store import Ledger

SMALL, LARGE = 10_000, 1_000_000
QUICK_LARGE = 50_000
SAMPLES = 9
RECORDED = 20_000
QUICK_RECORDED = 4_000
ROUNDS = 3
BATCH = 64
SEARCHES = ("gull", "windshield cracked", '"bird struck windshield"', "report 4711", "report")
PERIODS = ("24h", "30d", "all")


def run(*, quick: bool = False) -> list[Row]:
    """Make both ledgers, look at each by turns, then record with figures and index and without."""
    large = QUICK_LARGE if quick else LARGE
    with tempfile.TemporaryDirectory(prefix="loopai-bench-") as name:
        folder = Path(os.environ.get("BENCH_LEDGERS", name))  # kept there, they are made once
        rows = _looked_at({SMALL: _made(folder, SMALL), large: _made(folder, large)})
    return rows + _recorded(QUICK_RECORDED if quick else RECORDED, 1 if quick else ROUNDS)


def _made(folder: Path, requests: int) -> Path:
    path = folder / f"ledger-{requests}.sqlite3"
    if not path.exists():
        print(f"  a ledger of {requests:,} requests ...", file=sys.stderr, flush=True)
        make_ledger(path, requests)
    return path


def _looked_at(paths: dict[int, Path]) -> list[Row]:
    with contextlib.ExitStack() as opened:
        ledgers = {
            requests: opened.enter_context(contextlib.closing(_ledger(path)))
            for requests, path in paths.items()
        }
        small, large = ledgers
        rows = []
        for period in PERIODS:
            took, sent = _by_turns({n: partial(_opened, ledger, period) for n, ledger in ledgers.items()})
            what = f"open the dashboard on {period}"
            rows += [
                Row(f"{what}, {small:,} requests", took[small], None, None, "", "s"),
                Row(f"{what}, {large:,} requests", took[large], None, None, "<= 0.25", "s"),
                Row(f"{what}: the one to the other", took[large] / took[small], None, None, "<= 1.2", ""),
                Row(f"{what}, {large:,} requests: sent", sent[large] / 1000, None, None, "<= 50", "kB"),
            ]
        return rows + _searched(ledgers[large], large)


def _ledger(path: Path) -> Ledger:
    from loopai_nb.ledger.store import Ledger

    return Ledger(path, clock=lambda: ENDS_S)


def _by_turns(looks: dict[int, Callable[[], Any]]) -> tuple[dict[int, float], dict[int, Any]]:
    """Median processor seconds of each, after a first round that compiles statements; and what it gave."""
    took: dict[int, list[float]] = {n: [] for n in looks}
    gave: dict[int, Any] = {}
    for i in range(SAMPLES + 1):
        for n, look in looks.items():
            began_s = time.thread_time()
            gave[n] = look()
            if i:
                took[n].append(time.thread_time() - began_s)
    return {n: statistics.median(seconds) for n, seconds in took.items()}, gave


def _opened(ledger: Ledger, period: str) -> int:
    """Open a dashboard as its widget does; bytes that it is sent."""
    from loopai_nb.notebook.dashboard_desk import DashboardDesk
    from loopai_nb.notebook.dashboard_scope import Looked

    desk = DashboardDesk(ledger, Looked(period))
    try:
        return len(json.dumps(desk.handlers["open"]({})))
    finally:
        desk.close()


def _searched(ledger: Ledger, requests: int) -> list[Row]:
    from loopai_nb.ledger.request_log import RequestLog
    from loopai_nb.ledger.search import search
    from loopai_nb.ledger.wanted import Wanted

    rows = []
    for words in SEARCHES:
        took, _ = _by_turns({0: partial(search, ledger, words)})
        rows.append(Row(f"search {requests:,} requests for {words}", took[0], None, None, "<= 0.3", "s"))
        took, _ = _by_turns({0: partial(_first_page, ledger, words)})
        rows.append(Row("  to its first page in the log", took[0], None, None, "<= 0.3", "s"))
    log = RequestLog(ledger)
    for wanted, what in ((Wanted(), "by time"), (Wanted(order="cost"), "by cost")):
        log.count(wanted)
        for first in (0, requests // 2):
            took, _ = _by_turns({0: partial(log.window, wanted, first, 60)})
            name = f"a page of the log {what}, from {first:,} of {requests:,}"
            rows.append(Row(name, took[0] * 1000, None, None, "<= 20", "ms"))
    return rows


def _first_page(ledger: Ledger, words: str) -> None:
    from loopai_nb.ledger.request_log import RequestLog
    from loopai_nb.ledger.wanted import Wanted

    RequestLog(ledger).window(Wanted(search=words), 0, 64)


# Recording


def _recorded(count: int, rounds: int) -> list[Row]:
    whole: dict[str, list[float]] = {"with": [], "without": []}
    alone: dict[str, list[float]] = {"with": [], "without": []}
    with serve(0) as url:
        for _ in range(rounds):
            for how, sampled in whole.items():
                answered_s, cpu_s = json.loads(client_process("benchmarks.dashboard", url, str(count), how))
                sampled.append(count / answered_s)
                alone[how].append(cpu_s / count * 1e6)
    per_s = {how: statistics.median(values) for how, values in whole.items()}
    us = {how: statistics.median(values) for how, values in alone.items()}
    what = "figures and search index"
    return [
        Row(f"a run at 0 ms with {what}", per_s["with"], None, None, "", "rows/s"),
        Row(f"a run at 0 ms without {what}", per_s["without"], None, None, "", "rows/s"),
        Row("  the one to the other", per_s["with"] / per_s["without"], None, None, ">= 0.9", ""),
        Row(f"claim and record with {what}, CPU", us["with"], None, None, "", "us/row"),
        Row(f"claim and record without {what}, CPU", us["without"], None, None, "", "us/row"),
    ]


@contextlib.contextmanager
def _without() -> Iterator[None]:
    """Neither figures nor a queue for the index: what recording cost before there were any."""
    from loopai_nb.ledger import hot, rollups

    kept = rollups.Tally.write, rollups.Tally.add_charged, hot._Sqlite.queue  # noqa: SLF001  (what is measured)
    rollups.Tally.write = rollups.Tally.add_charged = hot._Sqlite.queue = lambda *_: None  # type: ignore[method-assign,assignment]  # noqa: SLF001
    try:
        yield
    finally:
        rollups.Tally.write, rollups.Tally.add_charged, hot._Sqlite.queue = kept  # type: ignore[method-assign]  # noqa: SLF001


def _main(url: str, count: int, how: str) -> tuple[float, float]:
    """Seconds of a whole run, and processor seconds of claiming and recording as many rows alone."""
    from benchmarks.ledger import _measured
    from benchmarks.ours import open_session
    from benchmarks.peers.common import MAX_TOKENS, TEMPLATE, rows
    from loopai_nb.records import ApprovalState

    with (
        _without() if how == "without" else contextlib.nullcontext(),
        tempfile.TemporaryDirectory(prefix="loopai-bench-") as folder,
        open_session(url, Path(folder)) as session,
    ):
        plan = session.plan(rows(count), TEMPLATE, max_tokens=MAX_TOKENS, temperature=0)
        began_s = time.perf_counter()
        session.run(plan, approve=True, concurrency=BATCH, fixed=True).wait()
        ran_s = time.perf_counter() - began_s
        plan = session.plan(rows(count), TEMPLATE, max_tokens=MAX_TOKENS + 1, temperature=0)
        ledger = session.ledger
        approval_id = ledger.record_approval(
            plan.plan_id, plan.digest, ApprovalState.APPROVED, decided_by="bench", means="code"
        )
        run_id = ledger.begin_run(plan.plan_id, plan.digest, approval_id, plan.spec.budget_pusd)
        began_s = time.process_time()
        asyncio.run(_measured(ledger, run_id, BATCH))
        return ran_s, time.process_time() - began_s


if __name__ == "__main__":
    if chosen := os.environ.get("BENCH_CORES"):
        os.sched_setaffinity(0, [int(core) for core in chosen.split(",")])
    print(json.dumps(_main(sys.argv[1], int(sys.argv[2]), sys.argv[3])))
