"""What a process wrote into its journal and did not get into the ledger any more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from loopai_nb.ledger import claims
from loopai_nb.ledger.journal import Journal, read_journal
from loopai_nb.ledger.late import has_answer, was_swept
from loopai_nb.ledger.records import Lease, Settlement
from loopai_nb.ledger.rollups import names_of
from loopai_nb.ledger.schema import requests
from loopai_nb.records import Outcome, RequestState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from loopai_nb.ledger.claims import Holder
    from loopai_nb.ledger.journal import Ticket

__all__ = ["RunJournal", "replay"]


class RunJournal:
    """The journal of one process that carries out a run; see ``Journal``.

    Args:
        ledger: Path of the ledger's file.
        holder: Under whose name the requests are leased.

    Raises:
        LedgerError: Its files can't be made.
    """

    def __init__(self, ledger: Path, holder: Holder) -> None:
        self._holder = holder
        self._journal = Journal(ledger, holder.owner_id)

    def append(self, settlements: Sequence[Settlement]) -> Ticket:
        """Write settlements; see ``Journal.append``."""
        return self._journal.append(_packed(self._holder, settlements))

    def sync(self) -> None:
        """See ``Journal.sync``."""
        self._journal.sync()

    def recorded(self, tickets: Iterable[Ticket]) -> None:
        """Say that the ledger has them."""
        for ticket in tickets:
            self._journal.recorded(ticket)

    def close(self, *, remove: bool) -> None:
        """See ``Journal.close``."""
        self._journal.close(remove=remove)


def _packed(holder: Holder, settlements: Sequence[Settlement]) -> bytes:
    """Settlements as an entry of a journal."""
    content = {
        "plan": holder.plan_id,
        "run": holder.run_id,
        "settled": [
            (
                *(s.lease.request_no, s.lease.key.hex(), s.lease.attempt, s.lease.worst_case_pusd),
                *(s.lease.mismatches, s.lease.day, s.outcome, s.state, s.cost_pusd, s.not_before_ms, s.text),
                *(s.model, s.finish_reason, s.input_tokens, s.output_tokens, s.latency_ms, s.status_code),
                *(s.error_kind, s.error, s.mismatch, s.is_busy),
            )
            for s in settlements
        ],
    }
    try:
        return orjson.dumps(content)
    except TypeError:  # half of a surrogate pair, or a number of more than 64 bits
        return json.dumps(content).encode()


def replay(connection: Connection, owner_id: str, now_ms: int) -> None:
    """Record what is in the journal of an owner that is gone; what the ledger has already is left as it is.

    On Postgres there are no journals.

    Raises:
        LedgerError: A journal is there and can't be read.
    """
    path = connection.engine.url.database
    if connection.dialect.name != "sqlite" or path is None:
        return
    for entry in read_journal(Path(path), owner_id):
        content = json.loads(entry)
        holder = claims.Holder(
            content["plan"], content["run"], owner_id, names_of(connection, content["run"])
        )
        settled = [_unpacked(item) for item in content["settled"]]
        open_ = [s for s in settled if _is_open(connection, holder, s)]
        if open_:
            claims.record(connection, holder, open_, now_ms)


def _unpacked(item: list[Any]) -> Settlement:
    number, key, attempt, worst_case_pusd, mismatches, day, outcome, state, *rest = item
    lease = Lease(
        number, bytes.fromhex(key), "", None, attempt, worst_case_pusd, mismatches=mismatches, day=day
    )
    return Settlement(lease, Outcome(outcome), RequestState(state), *rest)


def _is_open(connection: Connection, holder: Holder, settlement: Settlement) -> bool:
    """Whether its lease is still held, or was taken back before the answer was found."""
    lease = settlement.lease
    held = connection.execute(
        select(requests.c.request_no).where(
            requests.c.request_no == lease.request_no,
            requests.c.state == RequestState.LEASED,
            requests.c.owner_id == holder.owner_id,
            requests.c.attempts == lease.attempt,
        )
    ).one_or_none()
    return held is not None or (
        settlement.state is RequestState.ANSWERED
        and was_swept(connection, holder.run_id, lease)
        and not has_answer(connection, lease)
    )
