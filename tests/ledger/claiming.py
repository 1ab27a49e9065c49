"""Claims and settles until nothing is left, and prints what it leased. Started by test_claims.py."""

import asyncio
import sys
from pathlib import Path

from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import Outcome, RequestState
from loopai_nb.redaction import Secret


async def main(where: str, run_id: str) -> None:
    """Claim and settle until nothing is left."""
    ledger = Ledger(Secret(where) if "://" in where else Path(where))
    ledger.join_run(run_id)
    print("ready", flush=True)  # noqa: T201  (its parent reads it)
    sys.stdin.readline()
    while (claim := await ledger.aclaim(run_id, 7)).leases:
        await ledger.arecord(
            run_id,
            [
                Settlement(
                    lease, Outcome.ANSWERED, RequestState.ANSWERED, cost_pusd=lease.worst_case_pusd, text="a"
                )
                for lease in claim.leases
            ],
        )
        print(*(lease.request_no for lease in claim.leases), flush=True)  # noqa: T201  (its parent reads it)
    ledger.close()


asyncio.run(main(sys.argv[1], sys.argv[2]))
