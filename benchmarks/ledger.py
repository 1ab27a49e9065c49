"""Claiming and recording alone: the ledger with answers that cost nothing, in batches of several sizes.

Each batch is claimed (a durable transaction), answered at once, and recorded (another one). What it takes a
row, beside the whole path at 0 ms, is the recording's share of it.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.contenders import client_process, median_of, run_ours
from benchmarks.peers.common import MAX_TOKENS, MODEL, TEMPLATE, rows
from benchmarks.servers import ANSWER, serve
from benchmarks.table import Row

if TYPE_CHECKING:
    from loopai_nb.ledger.records import Lease, Settlement
    from loopai_nb.ledger.store import Ledger

ROUNDS = 3
ROWS = 20_000
QUICK_ROWS = 4_000
BATCHES = (8, 64, 500)
IN_FLIGHT = 64
MOST_SHARE = 0.25


def run(*, quick: bool = False) -> list[Row]:
    """Claim and record in small, usual and large batches, interleaved with whole runs at 0 ms; medians."""
    count = QUICK_ROWS if quick else ROWS
    claims: dict[int, list[float]] = {batch: [] for batch in BATCHES}
    records: dict[int, list[float]] = {batch: [] for batch in BATCHES}
    whole = []
    with serve(0) as url:
        for _ in range(1 if quick else ROUNDS):
            whole.append(run_ours(url, count, IN_FLIGHT))
            for batch in BATCHES:
                claim_s, record_s = json.loads(
                    client_process("benchmarks.ledger", url, str(count), str(batch))
                )
                claims[batch].append(claim_s / count * 1e6)
                records[batch].append(record_s / count * 1e6)
    table = []
    for batch in BATCHES:
        claim, record = statistics.median(claims[batch]), statistics.median(records[batch])
        table += [
            Row(f"claim, {batch} at a time", claim, None, None, "", "us/row"),
            Row(f"record, {batch} at a time", record, None, None, "", "us/row"),
        ]
    path_us = median_of(whole, "seconds") / count * 1e6
    name = f"record, {IN_FLIGHT} at a time: share of the whole path at 0 ms"
    table.append(
        Row(name, statistics.median(records[IN_FLIGHT]) / path_us, None, None, f"<= {MOST_SHARE}", "")
    )
    return table


async def _measured(ledger: Ledger, run_id: str, batch: int) -> tuple[float, float]:
    """Seconds in claims and in records."""
    claim_s = record_s = 0.0
    while True:
        began_s = time.perf_counter()
        claim = await ledger.aclaim(run_id, batch)
        claimed_s = time.perf_counter()
        claim_s += claimed_s - began_s
        if not claim.leases:
            return claim_s, record_s
        settlements = [_settled(lease) for lease in claim.leases]
        began_s = time.perf_counter()
        await ledger.arecord(run_id, settlements)
        record_s += time.perf_counter() - began_s


def _settled(lease: Lease) -> Settlement:
    from loopai_nb.ledger.records import Settlement
    from loopai_nb.records import Outcome, RequestState

    return Settlement(
        lease,
        Outcome.ANSWERED,
        RequestState.ANSWERED,
        cost_pusd=1_000_000,
        text=ANSWER,
        model=MODEL,
        finish_reason="stop",
        input_tokens=40,
        output_tokens=2,
        latency_ms=1.0,
        status_code=200,
    )


def _main(url: str, count: int, batch: int) -> tuple[float, float]:
    from benchmarks.ours import open_session
    from loopai_nb.records import ApprovalState

    with (
        tempfile.TemporaryDirectory(prefix="loopai-bench-") as folder,
        open_session(url, Path(folder)) as session,
    ):
        plan = session.plan(rows(count), TEMPLATE, max_tokens=MAX_TOKENS, temperature=0)
        ledger = session.ledger
        approval_id = ledger.record_approval(
            plan.plan_id, plan.digest, ApprovalState.APPROVED, decided_by="bench", means="code"
        )
        run_id = ledger.begin_run(plan.plan_id, plan.digest, approval_id, plan.spec.budget_pusd)
        return asyncio.run(_measured(ledger, run_id, batch))


if __name__ == "__main__":
    if chosen := os.environ.get("BENCH_CORES"):
        os.sched_setaffinity(0, [int(core) for core in chosen.split(",")])
    print(json.dumps(_main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
