"""Requests as they stand in a ledger, leases as workers hold them, and how attempts may end."""

from dataclasses import dataclass

from loopai_nb.ledger.records import Lease
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import Outcome, RequestState

REQUESTS = (
    "SELECT request_no, state, owner_id, run_id, day, attempts, answer_no, worst_case_pusd FROM requests"
)

# How an attempt may end: outcome, where the request goes, share of the worst case that is charged, mismatch.
ENDINGS = {
    "answered": (Outcome.ANSWERED, RequestState.ANSWERED, 0.5, False),
    "answered beyond its worst case": (Outcome.ANSWERED, RequestState.ANSWERED, 1.5, False),
    "mismatch": (Outcome.ANSWERED, RequestState.WAITING, 0.5, True),
    "last mismatch": (Outcome.ANSWERED, RequestState.FAILED, 0.5, True),
    "deferred": (Outcome.DEFERRED, RequestState.WAITING, 0, False),
    "not sent": (Outcome.NOT_SENT, RequestState.WAITING, 0, False),
    "unknown": (Outcome.UNKNOWN, RequestState.WAITING, 1, False),
    "unknown at last": (Outcome.UNKNOWN, RequestState.FAILED, 1, False),
    "rejected": (Outcome.REJECTED, RequestState.FAILED, 0, False),
}


@dataclass(frozen=True)
class Row:
    """One request as it stands in the database."""

    request_no: int
    state: str
    owner_id: str | None
    run_id: str | None
    day: str | None
    attempts: int
    answer_no: int | None
    worst_case_pusd: int


@dataclass(eq=False)
class Held:
    """A lease in the hands of a worker, who may have lost it without knowing."""

    ledger: Ledger
    owner_id: str
    run_id: str
    lease: Lease

    def is_held(self, row):
        """Whether it is the one under which the request is leased."""
        return (row.state, row.owner_id, row.attempts) == ("LEASED", self.owner_id, self.lease.attempt)
