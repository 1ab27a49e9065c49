"""The log of all requests: what was asked, what came of it, in windows at any depth."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from loopai_nb.ledger import log_order
from loopai_nb.ledger.log_cached import cached_count
from loopai_nb.ledger.log_newest import newest
from loopai_nb.ledger.request_course import RequestCourse, course
from loopai_nb.ledger.schema import answers, attempts, requests, reviews
from loopai_nb.ledger.search import search
from loopai_nb.ledger.wanted import KnownRuns, Wanted
from loopai_nb.records import Outcome, RequestState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from loopai_nb.ledger.store import Ledger
    from loopai_nb.ledger.wanted import KnownRun

__all__ = ["LoggedRequest", "RequestLog", "Wanted"]

_READ = {"reading": True}
_ORDERS_KEPT = 4
"""Of the filters that were used last; an order of a million requests takes 8 MB, and so does their search."""

_MOST_NEWEST = 500
_AT_ONCE = 500
"""Requests that one statement reads: SQLite takes 32,766 parameters, and older ones 999."""

MOST_SHOWN = 300
"""Characters of a prompt, an answer and an error in a window."""


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request of the log.

    Attributes:
        request_no: Its number in the ledger.
        run_id: The run that asked it last, or took its answer from the ledger.
        at_ms: When its last attempt ended, or its run took it from the ledger (epoch milliseconds).
        status: ``answered``, ``cached``, ``failed``, ``unknown`` (perhaps paid, and left so) or ``waiting``
            (to be tried again).
        key: Its content key.
        frame_name: Name of the frame.
        server: Address.
        model: That was asked for.
        prompt: Its beginning (``same`` and what follows), or all of it.
        same: How many characters of it all prompts of its template begin with.
        system: The system prompt, where all was asked for.
        answer: Its beginning, or all of it; None without one, or where it was blanked.
        error_kind: Of the last attempt that failed; None where none did.
        error: One line.
        latency_ms: Of the answer, else of the last attempt; None where nothing was measured or sent.
        input_tokens: Of all attempts; 0 of an answer from the ledger.
        output_tokens: The same.
        cost_pusd: Picodollars of all attempts; an unknown outcome counts at its worst case.
        attempts: How often it was sent.
        review: State of the newest review of its answer in that run; None without one.
    """

    request_no: int
    run_id: str
    at_ms: int
    status: str
    key: bytes
    frame_name: str
    server: str
    model: str
    prompt: str
    same: int
    system: str | None
    answer: str | None
    error_kind: str | None
    error: str | None
    latency_ms: float | None
    input_tokens: int
    output_tokens: int
    cost_pusd: int
    attempts: int
    review: str | None


@dataclass(frozen=True, slots=True, eq=False)
class _Begun:
    """What the first page of a filter was taken from, so that all others are taken from the same.

    Attributes:
        mark: The newest attempt by then.
        found: Ascending numbers of the requests that a search found; None without a search.
    """

    mark: int
    found: NDArray[np.int64] | None


class RequestLog:
    """Reads the log. Safe to use from several threads.

    What a first page or ``count`` was taken from stays, so that rows keep their places while somebody goes
    through them: ``refresh`` takes in what came since. Until ``count`` is asked for, a first page is new.

    Args:
        ledger: Of which.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = threading.Lock()
        self._runs = KnownRuns()
        self._orders: OrderedDict[Wanted, log_order.Order] = OrderedDict()
        self._begun: OrderedDict[Wanted, _Begun] = OrderedDict()

    def count(self, wanted: Wanted) -> int:
        """How many requests are wanted."""
        return len(self._order(wanted).numbers)

    def window(
        self, wanted: Wanted, first: int, count: int, *, most_shown: int | None = MOST_SHOWN
    ) -> list[LoggedRequest]:
        """Requests from a place on, in the order that is wanted; fewer at the end.

        Args:
            wanted: Which.
            first: 0 for the first.
            count: At most so many.
            most_shown: Characters of a text; None for all of them.
        """
        with self._lock:
            order = self._orders.get(wanted)
        numbers = self._newest(wanted, first, count) if order is None else None
        if numbers is None:
            numbers = self._order(wanted).part(first, count, descending=wanted.descending)
        return self._read(numbers, most_shown)

    def all(self, wanted: Wanted, limit: int | None = None) -> Iterator[LoggedRequest]:
        """Requests with all of their texts, in order, some at a time.

        Args:
            wanted: Which.
            limit: At most so many; None for all.
        """
        total = self.count(wanted) if limit is None else min(limit, self.count(wanted))
        for first in range(0, total, _AT_ONCE):
            yield from self.window(wanted, first, min(_AT_ONCE, total - first), most_shown=None)

    def refresh(self, wanted: Wanted) -> None:
        """Take in what came since ``count`` was asked; by time that is quick, else it is found anew later."""
        with self._lock:
            before = self._orders.get(wanted)
            self._begun.pop(wanted, None)
        if before is None:
            return
        if not _grows(wanted):
            with self._lock:
                self._orders.pop(wanted, None)
            return
        with self._reading() as connection:
            of = self._runs.of(connection, wanted)
            mark = log_order.newest_attempt(connection)
            now_ms = self._ledger.now_ms()
            order = log_order.made(connection, wanted, of, None, now_ms, mark=mark, before=before)
        self._keep(wanted, order)

    def news(self, wanted: Wanted) -> bool:
        """Whether anything ended since ``count`` was asked, or ``refresh``; True before."""
        with self._lock:
            order = self._orders.get(wanted)
        if order is None:
            return True
        with self._reading() as connection:
            # What the ledger could answer has no attempts.
            now = (log_order.newest_attempt(connection), cached_count(connection))
            return now != (order.mark, order.cached)

    def one(self, request_no: int, run_id: str | None = None) -> RequestCourse:
        """One request opened whole.

        Args:
            request_no: Its number.
            run_id: The run as whose it is looked at; None for the one that asked it last.

        Raises:
            InputError: There is no such request.
        """
        with self._reading() as connection:
            return course(connection, request_no, run_id)

    def _order(self, wanted: Wanted) -> log_order.Order:
        with self._lock:
            order = self._orders.get(wanted)
            if order is not None:
                self._orders.move_to_end(wanted)
                return order
            begun = self._begun.get(wanted)
        if begun is None:
            begun = self._begin(wanted)
        with self._reading() as connection:
            of = self._runs.of(connection, wanted)
            now_ms = self._ledger.now_ms()
            order = log_order.made(connection, wanted, of, begun.found, now_ms, mark=begun.mark)
        self._keep(wanted, order)
        return order

    def _newest(self, wanted: Wanted, first: int, count: int) -> list[int] | None:
        """Numbers from a place near the newest on; None where the order of all has to be found for them."""
        if first + count > _MOST_NEWEST or not wanted.descending or not _by_attempts(wanted):
            return None
        with self._lock:
            begun = self._begun.get(wanted) if first else None
        if begun is None:
            begun = self._begin(wanted)
            with self._lock:
                self._begun[wanted] = begun
                self._begun.move_to_end(wanted)
                while len(self._begun) > _ORDERS_KEPT:
                    self._begun.popitem(last=False)
        with self._reading() as connection:
            of = self._runs.of(connection, wanted)
            numbers = newest(connection, wanted, of, begun.found, first + count, mark=begun.mark)
        return None if numbers is None else numbers[first:]

    def _begin(self, wanted: Wanted) -> _Begun:
        with self._reading() as connection:
            mark = log_order.newest_attempt(connection)
        return _Begun(mark, search(self._ledger, wanted.search).numbers if wanted.search else None)

    def _keep(self, wanted: Wanted, order: log_order.Order) -> None:
        with self._lock:
            self._begun.pop(wanted, None)
            self._orders[wanted] = order
            self._orders.move_to_end(wanted)
            while len(self._orders) > _ORDERS_KEPT:
                self._orders.popitem(last=False)

    def _read(self, numbers: Sequence[int], most_shown: int | None) -> list[LoggedRequest]:
        if not numbers:
            return []
        with self._reading() as connection:
            return _logged(connection, self._runs.all(connection), numbers, most_shown)

    def _reading(self) -> Any:
        return self._ledger.engine.connect().execution_options(**_READ)


def _by_attempts(wanted: Wanted) -> bool:
    """Whether each attempt tells by itself, and what a search found, where its request stands."""
    return wanted.order == "at" and wanted.review is None and not wanted.sums


def _grows(wanted: Wanted) -> bool:
    """Whether what comes is only added at the end."""
    return _by_attempts(wanted) and not wanted.search


def _logged(
    connection: Connection, known: Sequence[KnownRun], numbers: Sequence[int], most_shown: int | None
) -> list[LoggedRequest]:
    def shown(column: Any, more: int = 0) -> Any:
        return column if most_shown is None else func.substr(column, 1, most_shown + more)

    lead = max((len(run.lead) for run in known), default=0)

    asked = (
        select(
            requests.c.request_no,
            requests.c.plan_id,
            requests.c.run_id,
            requests.c.key,
            shown(requests.c.prompt, lead).label("prompt"),
            *([requests.c.system] if most_shown is None else []),
            requests.c.state,
            requests.c.answer_no,
            requests.c.ended_ms,
            requests.c.error_kind,
            shown(requests.c.error).label("error"),
            shown(answers.c.text).label("answer"),
            answers.c.latency_ms,
            answers.c.answered_ms,
        )
        .join(answers, answers.c.request_no == requests.c.answer_no, isouter=True)
        .where(requests.c.request_no.in_(numbers))
    )
    rows = {row.request_no: row for row in connection.execute(asked)}
    by_id = {run.run_id: run for run in known}
    by_plan = {run.plan_id: run for run in known}  # the newest one of the plan
    sent: dict[int, list[Any]] = {}
    for attempt in connection.execute(_attempts_of(numbers)):
        sent.setdefault(attempt.request_no, []).append(attempt)
    said = _reviews_of(connection, [row.answer_no for row in rows.values() if row.answer_no is not None])
    found = []
    for number in numbers:
        row = rows.get(number)
        if row is None:  # its plan was dropped meanwhile
            continue
        run = by_id.get(row.run_id) or by_plan.get(row.plan_id)
        if run is not None:
            found.append(_request(row, run, sent.get(number, []), said))
    return found


def _request(row: Any, run: KnownRun, sent: Sequence[Any], said: dict[Any, str]) -> LoggedRequest:
    own = row.answer_no == row.request_no
    status = _STATUS.get(row.state, "waiting")
    if status == "answered" and not own:
        status = "cached"
    last = sent[-1] if sent else None
    failed = next((one for one in reversed(sent) if one.outcome != Outcome.ANSWERED), None)
    return LoggedRequest(
        request_no=row.request_no,
        run_id=run.run_id,
        at_ms=(row.ended_ms or run.created_ms) if status == "cached" or last is None else last.ended_ms,
        status=status,
        key=row.key,
        frame_name=run.frame_name,
        server=run.server,
        model=run.model,
        prompt=row.prompt,
        same=len(run.lead) if row.prompt.startswith(run.lead) else 0,
        system=getattr(row, "system", None),
        answer=row.answer,
        error_kind=None if failed is None else failed.error_kind,
        error=row.error if row.error is not None or failed is None else failed.error,
        latency_ms=row.latency_ms if own else None if last is None else last.latency_ms,
        input_tokens=sum(one.input_tokens or 0 for one in sent),
        output_tokens=sum(one.output_tokens or 0 for one in sent),
        cost_pusd=sum(one.cost_pusd for one in sent),
        attempts=len(sent),
        review=said.get((run.run_id, row.answer_no)),
    )


_STATUS = {
    RequestState.ANSWERED: "answered",
    RequestState.FAILED: "failed",
    RequestState.MAYBE_PAID: "unknown",
}


def _attempts_of(numbers: Sequence[int]) -> Any:
    """All sends of requests by the run that asked them last, in their order."""
    return (
        select(
            attempts.c.request_no,
            attempts.c.ended_ms,
            attempts.c.latency_ms,
            attempts.c.outcome,
            attempts.c.error_kind,
            func.substr(attempts.c.error, 1, MOST_SHOWN).label("error"),
            attempts.c.input_tokens,
            attempts.c.output_tokens,
            attempts.c.cost_pusd,
        )
        .join(
            requests,
            (requests.c.run_id == attempts.c.run_id) & (requests.c.request_no == attempts.c.request_no),
        )
        .where(requests.c.request_no.in_(numbers))
        .order_by(attempts.c.attempt_no)
    )


def _reviews_of(connection: Connection, answer_nos: Sequence[int]) -> dict[Any, str]:
    """State of the newest review by run and answer."""
    statement = (
        select(reviews.c.run_id, reviews.c.request_no, reviews.c.state)
        .where(reviews.c.request_no.in_(answer_nos), reviews.c.undone.is_(False))
        .order_by(reviews.c.review_no)
    )
    return {(row.run_id, row.request_no): row.state for row in connection.execute(statement)}
