"""What a request log has of answers from the ledger, which no attempt was made for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from loopai_nb.ledger.schema import requests, rollups
from loopai_nb.records import RequestState

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection, Select

    from loopai_nb.ledger.wanted import KnownRun, Wanted

    Numbers = NDArray[np.int64]

__all__ = ["Cached", "cached_count"]

_MINUTE_MS = 60_000


def cached_count(connection: Connection) -> int:
    """How many requests were answered from the ledger, by the rollups."""
    days = select(func.coalesce(func.sum(rollups.c.requests), 0)).where(
        rollups.c.step == "day", rollups.c.run_id != "", rollups.c.outcome == "cached"
    )
    return int(connection.execute(days).scalar_one())


@dataclass(frozen=True, slots=True)
class Cached:
    """Requests that were answered from the ledger, in the order in which they were.

    Attributes:
        numbers: Their numbers.
        at_ms: When (epoch milliseconds).
    """

    numbers: Numbers
    at_ms: Numbers

    @classmethod
    def of(
        cls,
        connection: Connection,
        wanted: Wanted,
        of: Sequence[KnownRun],
        *,
        since_ms: int,
        few: Numbers | None = None,
    ) -> Cached:
        """Those of some runs that are wanted, answered since then; 0 for all. Of a few numbers, or of any."""
        import numpy as np

        found: list[tuple[int, int]] = []
        if wanted.takes_cached and (not since_ms or _any_cached(connection, wanted, of, since_ms)):
            plans = {run.plan_id for run in of}
            # The driver's own rows: SQLAlchemy's would take longer than the database.
            cursor: Any = connection.execute(_from_ledger(wanted, since_ms, few)).cursor
            found = [(at_ms, number) for number, plan_id, at_ms in cursor if plan_id in plans]
            # Of those of one moment the first comes first, as attempts do.
            found.sort()
        times, numbers = zip(*found, strict=True) if found else ((), ())
        return cls(np.array(numbers, np.int64), np.array(times, np.int64))

    def without(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Those that are not among others, and when."""
        import numpy as np

        keep = ~np.isin(self.numbers, numbers)
        return self.numbers[keep], self.at_ms[keep]

    def among(self, numbers: Numbers) -> Cached:
        """Those that are among others."""
        import numpy as np

        keep = np.isin(self.numbers, numbers)
        return Cached(self.numbers[keep], self.at_ms[keep])


def _any_cached(connection: Connection, wanted: Wanted, of: Sequence[KnownRun], since_ms: int) -> bool:
    """Whether anything was answered from the ledger since then: the rollups tell it sooner than requests."""
    since = select(rollups.c.run_id).where(
        rollups.c.step == "minute",
        rollups.c.at_ms >= since_ms // _MINUTE_MS * _MINUTE_MS,
        rollups.c.outcome == "cached",
    )
    if wanted.of_runs:
        since = since.where(rollups.c.run_id.in_([run.run_id for run in of]))
    return connection.execute(since.limit(1)).scalar() is not None


def _from_ledger(wanted: Wanted, since_ms: int, few: Numbers | None) -> Select[Any]:
    """Requests that were answered from the ledger since then, with their plans and when."""
    ended_ms = requests.c.ended_ms
    # By the index of those that are cached.
    conditions = [requests.c.cached, requests.c.state == RequestState.ANSWERED, ended_ms >= since_ms]
    if few is not None:
        conditions.append(requests.c.request_no.in_(few.tolist()))
    if wanted.since_ms is not None:
        conditions.append(ended_ms >= wanted.since_ms)
    if wanted.until_ms is not None:
        conditions.append(ended_ms < wanted.until_ms)
    return select(requests.c.request_no, requests.c.plan_id, ended_ms).where(*conditions)
