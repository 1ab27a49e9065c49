"""A program that joins a run, is told to wait by its server, says so in the ledger, and hangs. For a kill."""

import asyncio
import sys
from pathlib import Path

from loopai_nb.ledger.store import Ledger


def main(path: str, run_id: str) -> None:
    """Join, lease one request, tell of the server, say a line, and wait."""
    ledger = Ledger(Path(path))
    ledger.join_run(run_id)
    leases = asyncio.run(ledger.aclaim(run_id, 1)).leases
    asyncio.run(ledger.atell_held(run_id, "the server asks to slow down; trying again at 12:00:00"))
    sys.stdout.write(f"{len(leases)} held\n")
    sys.stdout.flush()
    sys.stdin.read()


main(*sys.argv[1:])
