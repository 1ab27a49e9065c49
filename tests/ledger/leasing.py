"""Begins a run of a plan, leases some requests and waits to be killed. Started by test_claims.py."""

import asyncio
import sys
from pathlib import Path

from loopai_nb.ledger.store import Ledger
from loopai_nb.redaction import Secret

where, plan_id, digest, approval_id, n = sys.argv[1:]
ledger = Ledger(Secret(where) if "://" in where else Path(where))
run_id = ledger.begin_run(plan_id, digest, approval_id, None)
claim = asyncio.run(ledger.aclaim(run_id, int(n)))
print(run_id, len(claim.leases), flush=True)  # noqa: T201  (its parent reads it)
sys.stdin.readline()
