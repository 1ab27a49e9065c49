"""The order in which a request log is gone through: the numbers of its requests, found once for a filter.

A window at any depth is a slice of them, where OFFSET would count its way there each time. The attempts
carry all that is filtered and sorted by, in narrow rows in the order in which they ended; what was answered
from the ledger has none, and is merged by when that was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Float, bindparam, false, func, select

from loopai_nb.ledger.log_cached import Cached, cached_count
from loopai_nb.ledger.schema import answers, attempts, requests, reviews, runs
from loopai_nb.records import Outcome, RequestState

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import ColumnElement, Connection, Select

    from loopai_nb.ledger.wanted import KnownRun, Wanted

    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["FEW", "Order", "among", "made", "merged", "newest_attempt", "numbers_of", "sent"]

FEW = 5_000
"""Requests that a search found and that are looked up one by one."""

_LATE_MS = 60_000
"""Between the time that an answer from the ledger is given and its commit, at most."""

_OUT_OF_ORDER = 20_000
"""Attempts that are looked at before the first one of a period: with several processes, what ended earlier
may have been written down later."""


@dataclass(slots=True)
class Order:
    """The requests that a filter took.

    Attributes:
        numbers: Their numbers, in order; sorted by time the newest is the last, else they are as wanted.
        mark: The newest attempt that was looked at.
        cached: How many answers from the ledger were counted by then.
        made_ms: When it was made (epoch milliseconds).
        by_time: Whether they are in the order of time, the oldest first.
    """

    numbers: Numbers
    mark: int
    cached: int
    made_ms: int
    by_time: bool

    def part(self, first: int, count: int, *, descending: bool) -> list[int]:
        """The numbers from a place on."""
        if self.by_time and descending:
            end = len(self.numbers) - first
            part = self.numbers[max(0, end - count) : max(0, end)][::-1]
        else:
            part = self.numbers[first : first + count]
        found: list[int] = part.tolist()
        return found


def newest_attempt(connection: Connection) -> int:
    """The number of the newest attempt; 0 where there is none."""
    return int(connection.execute(select(func.max(attempts.c.attempt_no))).scalar() or 0)


def made(
    connection: Connection,
    wanted: Wanted,
    of: Sequence[KnownRun],
    found: Numbers | None,
    now_ms: int,
    *,
    mark: int,
    before: Order | None = None,
) -> Order:
    """Find the requests that are wanted.

    Args:
        connection: To read by.
        wanted: Which.
        of: The runs that they can be of.
        found: Ascending numbers of the requests that a search found; None without a search.
        now_ms: Epoch milliseconds.
        mark: The newest attempt that is looked at.
        before: The same, found earlier: only what came since is looked for. Where nothing but time matters.
    """
    import numpy as np

    count = cached_count(connection)
    few = found if found is not None and len(found) <= FEW else None
    if before is None:
        cached = Cached.of(connection, wanted, of, since_ms=0, few=few)
    else:
        late = Cached.of(connection, wanted, of, since_ms=max(1, before.made_ms - _LATE_MS))
        cached = Cached(*late.without(before.numbers))
    numbers, values = _attempted(
        connection, wanted, of, (0 if before is None else before.mark, mark), cached, few
    )
    if before is not None:
        old = before.numbers
        numbers = np.concatenate([old[~np.isin(old, numbers)], numbers])
    keep = np.ones(len(numbers), dtype=bool)
    if found is not None:
        keep &= among(numbers, found)
    if wanted.review is not None:
        keep &= _reviewed(connection, wanted.review, numbers)
    numbers, values = numbers[keep], None if values is None else values[keep]
    if values is None:
        return Order(numbers, mark, count, now_ms, by_time=True)
    # Of equal ones the newest first; what has no value comes last either way.
    order = np.argsort(-values[::-1] if wanted.descending else values[::-1], kind="stable")
    return Order(numbers[::-1][order], mark, count, now_ms, by_time=False)


# What was sent


def _attempted(
    connection: Connection,
    wanted: Wanted,
    of: Sequence[KnownRun],
    between: tuple[int, int],
    cached: Cached,
    few: Numbers | None,
) -> tuple[Numbers, Floats | None]:
    """Requests by when the last of their attempts ended, and what they are sorted by; None by time alone."""
    import numpy as np

    by_time = wanted.order == "at" and len(cached.numbers) > 0
    columns: list[Any] = [attempts.c.request_no]
    if by_time:
        columns.append(attempts.c.ended_ms)
    if wanted.order == "latency":
        columns.append(attempts.c.latency_ms)
    if wanted.sums:
        tokens = func.coalesce(attempts.c.input_tokens, 0) + func.coalesce(attempts.c.output_tokens, 0)
        columns += [attempts.c.cost_pusd, tokens]
    # All attempts of a request count in its sums, also those that a filter of attempts leaves out.
    summed = replace(wanted, status=None, error_kind=None, min_latency_ms=None, max_latency_ms=None)
    asked = summed if wanted.sums else wanted
    statement = sent(connection, asked, of, between).with_only_columns(*columns)
    if few is not None:  # each by the index, instead of all
        last_run = (requests.c.run_id == attempts.c.run_id) & (requests.c.request_no == attempts.c.request_no)
        statement = statement.join(requests, last_run).where(requests.c.request_no.in_(few.tolist()))
    if wanted.status == "cached":
        statement = statement.where(false())
    table = numbers_of(connection, statement.order_by(attempts.c.attempt_no), len(columns))
    if asked != wanted:
        (some,) = numbers_of(connection, sent(connection, wanted, of, between), 1)
        keep = np.isin(table[0], some)
        table = [column[keep] for column in table]
    numbers = table[0]
    last = _last_of_each(numbers)
    values = table[1][last] if wanted.order == "latency" else None
    if wanted.sums:
        values, last = _summed(wanted, numbers, table[-2:], last, values)
    numbers = numbers[last]
    if by_time and values is None:
        return merged(numbers, table[1][last], cached), None
    # One that was tried, and found in the ledger at last, counts once.
    more, _ = cached.without(numbers)
    if not len(more):
        return numbers, values
    # They come last.
    nothing = np.full(len(more), np.nan if wanted.order == "latency" else 0.0)
    return np.concatenate([more, numbers]), None if values is None else np.concatenate([nothing, values])


def merged(numbers: Numbers, ended_ms: Numbers, cached: Cached) -> Numbers:
    """Requests that were sent, in the order in which they ended, and those from the ledger between them.

    One that was tried, and found in the ledger at last, stands where it was found.
    """
    import numpy as np

    keep = ~np.isin(numbers, cached.numbers)
    # Attempts are in the order of time but for a few.
    places = np.searchsorted(np.maximum.accumulate(ended_ms[keep]), cached.at_ms)
    return np.insert(numbers[keep], places, cached.numbers)


def sent(
    connection: Connection, wanted: Wanted, of: Sequence[KnownRun], between: tuple[int, int | None]
) -> Select[Any]:
    """The attempts that are wanted, after a number and up to another one."""
    after, mark = between
    first, end = _bounds(connection, wanted, of)
    number = attempts.c.attempt_no
    conditions = [number > max(after, first)]
    if mark is not None:
        conditions.append(number <= mark)
    if end is not None:
        conditions.append(number <= end)
    if wanted.since_ms is not None:
        conditions.append(attempts.c.ended_ms >= wanted.since_ms)
    if wanted.until_ms is not None:
        conditions.append(attempts.c.ended_ms < wanted.until_ms)
    if wanted.of_runs:
        # Not by the index of runs: in the order of their numbers nothing has to be sorted.
        conditions.append((attempts.c.run_id + "").in_([run.run_id for run in of]))
    if wanted.error_kind is not None:
        conditions += [attempts.c.error_kind == wanted.error_kind, attempts.c.outcome != Outcome.ANSWERED]
    if wanted.min_latency_ms is not None:
        conditions.append(attempts.c.latency_ms >= wanted.min_latency_ms)
    if wanted.max_latency_ms is not None:
        conditions.append(attempts.c.latency_ms <= wanted.max_latency_ms)
    return select(attempts.c.request_no).where(*conditions, *_ended(wanted.status, of))


def _ended(status: str | None, of: Sequence[KnownRun]) -> list[ColumnElement[bool]]:
    """Conditions of a status on attempts; what ``Figures`` counts under it."""
    outcome = attempts.c.outcome
    failed = select(requests.c.request_no).where(
        # By the index, which begins with the plan.
        requests.c.plan_id.in_([run.plan_id for run in of]),
        requests.c.state == RequestState.FAILED,
    )
    if status == "answered":
        return [outcome == Outcome.ANSWERED]
    if status == "unknown":
        return [outcome == Outcome.UNKNOWN]
    if status == "failed":
        return [attempts.c.request_no.in_(failed)]
    if status == "retried":
        again = outcome.not_in([Outcome.ANSWERED, Outcome.UNKNOWN])
        return [again, attempts.c.request_no.not_in(failed)]
    return []


def _bounds(connection: Connection, wanted: Wanted, of: Sequence[KnownRun]) -> tuple[int, int | None]:
    """Numbers between which all attempts are that are wanted: they are in the order of time, nearly."""
    since = [] if wanted.since_ms is None else [wanted.since_ms]
    until = [] if wanted.until_ms is None else [wanted.until_ms]
    if wanted.of_runs and of:
        since.append(min(run.created_ms for run in of))
        ends = [run.ended_ms for run in of]
        if all(end is not None for end in ends):
            until.append(max(end for end in ends if end is not None) + 1)
    first = _first_of(connection, max(since)) - _OUT_OF_ORDER if since else 0
    return first, _first_of(connection, min(until)) + _OUT_OF_ORDER if until else None


def _summed(
    wanted: Wanted,
    numbers: Numbers,
    amounts: Sequence[Numbers],
    last: Numbers,
    values: Floats | None,
) -> tuple[Floats | None, Numbers]:
    """What all attempts of each request came to, and those whose sums are wanted."""
    import numpy as np

    each, inverse = np.unique(numbers, return_inverse=True)
    place = np.searchsorted(each, numbers[last])
    keep = np.ones(len(last), dtype=bool)
    chosen = values
    limits = (
        ("cost", wanted.min_cost_pusd, wanted.max_cost_pusd),
        ("tokens", wanted.min_tokens, wanted.max_tokens),
    )
    for column, (name, least, most) in zip(amounts, limits, strict=True):
        sums: Floats = np.bincount(inverse, weights=column, minlength=len(each))[place].astype(np.float64)
        if least is not None:
            keep &= sums >= least
        if most is not None:
            keep &= sums <= most
        if wanted.order == name:
            chosen = sums
    return None if chosen is None else chosen[keep], last[keep]


def _last_of_each(numbers: Numbers) -> Numbers:
    """Places of the last occurrence of each number, ascending."""
    import numpy as np

    _, from_end = np.unique(numbers[::-1], return_index=True)
    places: Numbers = np.sort(len(numbers) - 1 - from_end)
    return places


def numbers_of(connection: Connection, statement: Select[Any], n: int) -> list[Any]:
    """The columns of a query as arrays of whole numbers; a latency, which may be missing, as floats."""
    import numpy as np

    floats = {at for at, column in enumerate(statement.selected_columns) if isinstance(column.type, Float)}
    kinds = [(str(at), np.float64 if at in floats else np.int64) for at in range(n)]
    # The driver's own rows: SQLAlchemy's would take longer than the database.
    cursor: Any = connection.execute(statement).cursor
    table = np.fromiter(cursor, kinds)
    return [np.ascontiguousarray(table[name]) for name, _ in kinds]


def _first_of(connection: Connection, at_ms: int) -> int:
    """About the first attempt that ended at a time or later, found by halves."""
    low = connection.execute(select(func.min(attempts.c.attempt_no))).scalar()
    if low is None:
        return 0
    high = newest_attempt(connection) + 1
    while high - low > _OUT_OF_ORDER // 10:
        middle = (low + high) // 2
        ended_ms = connection.execute(_ENDED, {"middle": middle}).scalar()
        if ended_ms is not None and ended_ms < at_ms:
            low = middle + 1
        else:
            high = middle
    return int(low)


_ENDED = (
    select(attempts.c.ended_ms)
    .where(attempts.c.attempt_no >= bindparam("middle"))
    .order_by(attempts.c.attempt_no)
    .limit(1)
)


# What else is filtered by


def among(numbers: Numbers, found: Numbers) -> NDArray[np.bool_]:
    """Which of some numbers are among others, which ascend."""
    import numpy as np

    if not len(found):
        return np.zeros(len(numbers), dtype=bool)
    places = np.minimum(np.searchsorted(found, numbers), len(found) - 1)
    among: NDArray[np.bool_] = found[places] == numbers
    return among


def _reviewed(connection: Connection, review: str, numbers: Numbers) -> NDArray[np.bool_]:
    """Which of the requests have a review of that state; ``none``: an answer, and no review."""
    import numpy as np

    # A review is of the answer, which may have been another run's: the run's own request has the same key.
    statement = (
        select(requests.c.request_no, reviews.c.state)
        .select_from(reviews)
        .join(runs, runs.c.run_id == reviews.c.run_id)
        .join(answers, answers.c.request_no == reviews.c.request_no)
        .join(requests, (requests.c.plan_id == runs.c.plan_id) & (requests.c.key == answers.c.key))
        .where(reviews.c.undone.is_(False))
        .order_by(reviews.c.review_no)
    )
    newest_of: dict[int, str] = {row.request_no: row.state for row in connection.execute(statement)}
    if review != "none":
        of_state = [number for number, state in newest_of.items() if state == review.upper()]
        return among(numbers, np.array(sorted(of_state), np.int64))
    said = among(numbers, np.array(sorted(newest_of), np.int64))
    (answered,) = numbers_of(
        connection,
        select(requests.c.request_no)
        .where(requests.c.state == RequestState.ANSWERED)
        .order_by(requests.c.request_no),
        1,
    )
    return ~said & among(numbers, answered)
