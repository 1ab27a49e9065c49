"""Leases requests, writes answers into its journal and waits to be killed. Started by test_replaying.py."""

import asyncio
import sys
from pathlib import Path

from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.runs import Reopening
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import Outcome, RequestState

where, run_id, answered = sys.argv[1:]
ledger = Ledger(Path(where))
ledger.reopen_run(run_id, Reopening())
leases = asyncio.run(ledger.aclaim(run_id, 100)).leases
journal = ledger.open_journal(run_id)
assert journal is not None
for lease in leases[: int(answered)]:
    journal.append(
        [
            Settlement(
                lease,
                Outcome.ANSWERED,
                RequestState.ANSWERED,
                cost_pusd=7,
                text=f"to {lease.prompt}\0",
                input_tokens=3,
                output_tokens=2,
                latency_ms=1.5,
            )
        ]
    )
print(len(leases), flush=True)  # noqa: T201  (its parent reads it)
sys.stdin.readline()
