"""The newest requests of a log without the order of all: a first page is there before they are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.ledger.log_cached import Cached
from loopai_nb.ledger.log_order import FEW, among, merged, numbers_of, sent
from loopai_nb.ledger.schema import attempts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from loopai_nb.ledger.wanted import KnownRun, Wanted

    Numbers = NDArray[np.int64]

__all__ = ["newest"]

_TIMES_MORE = 4
_MOST_AT_ONCE = 20_000
_MOST_LOOKED_AT = 100_000
"""Attempts; if what a search found is older, all of them are not much more work."""


def newest(
    connection: Connection,
    wanted: Wanted,
    of: Sequence[KnownRun],
    found: Numbers | None,
    count: int,
    *,
    mark: int,
) -> list[int] | None:
    """What the order of all begins with where the newest come first and nothing but attempts matters.

    Args:
        connection: To read by.
        wanted: Which; sorted by time, without a review or a limit of sums.
        of: The runs that they can be of.
        found: Ascending numbers of the requests that a search found; None without a search.
        count: How many; fewer where there are no more.
        mark: The newest attempt that is looked at.

    Returns:
        Their numbers, the newest first; None where the order of all is as soon found.
    """
    import numpy as np

    if found is not None and len(found) <= FEW:
        return None
    nothing = np.empty(0, np.int64)
    walked = (
        (nothing, nothing) if wanted.status == "cached" else _sent(connection, wanted, of, found, count, mark)
    )
    if walked is None:
        return None
    numbers, ended_ms = walked
    if wanted.takes_cached:
        # What was found in the ledger before the last of them ended is not among the first.
        reached_ms = int(ended_ms[:count].min()) if len(numbers) >= count else 0
        cached = Cached.of(connection, wanted, of, since_ms=reached_ms)
        if found is not None:
            cached = cached.among(found)
        numbers = merged(numbers[::-1], ended_ms[::-1], cached)[::-1]
    newest_first: list[int] = numbers[:count].tolist()
    return newest_first


def _sent(
    connection: Connection,
    wanted: Wanted,
    of: Sequence[KnownRun],
    found: Numbers | None,
    count: int,
    mark: int,
) -> tuple[Numbers, Numbers] | None:
    """So many requests or more that were sent, and when their last attempts ended, the newest first."""
    import numpy as np

    columns = (attempts.c.attempt_no, attempts.c.request_no, attempts.c.ended_ms)
    numbers, ended_ms = np.empty(0, np.int64), np.empty(0, np.int64)
    looked_at, size = 0, 4 * count  # some have several attempts
    while True:
        statement = sent(connection, wanted, of, (0, mark)).with_only_columns(*columns)
        statement = statement.order_by(attempts.c.attempt_no.desc()).limit(size)
        attempt_nos, tried, tried_ms = numbers_of(connection, statement, len(columns))
        keep = slice(None) if found is None else among(tried, found)
        numbers, ended_ms = (
            np.concatenate(parts) for parts in ((numbers, tried[keep]), (ended_ms, tried_ms[keep]))
        )
        # The last attempt of each counts.
        _, firsts = np.unique(numbers, return_index=True)
        firsts.sort()
        numbers, ended_ms = numbers[firsts], ended_ms[firsts]
        looked_at += len(tried)
        if len(numbers) >= count or len(tried) < size:
            return numbers, ended_ms
        if looked_at >= _MOST_LOOKED_AT:
            return None
        mark, size = int(attempt_nos[-1]) - 1, min(_TIMES_MORE * size, _MOST_AT_ONCE)
