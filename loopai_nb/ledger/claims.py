"""The executor's way through the ledger: claim, record, release.

Each function is one operation inside one write transaction. Promises that it keeps: a lease is durable, and
its worst case reserved, before its request is sent; an answer that arrives is stored even where the lease
was lost meanwhile; money moves from reserved to spent and never below what is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, bindparam, func, select, update

from loopai_nb.errors import LedgerError
from loopai_nb.ledger import money
from loopai_nb.ledger.cached import NEWEST_ANSWER, settle_known
from loopai_nb.ledger.hot import hot
from loopai_nb.ledger.late import answer_late, restore_answered, was_swept
from loopai_nb.ledger.locks import hold_plan
from loopai_nb.ledger.pausing import paused_by
from loopai_nb.ledger.prepared import Prepared
from loopai_nb.ledger.records import Claim, Lease
from loopai_nb.ledger.rollups import Tally
from loopai_nb.ledger.schema import owners, plans, requests, runs
from loopai_nb.records import RequestState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from loopai_nb.ledger.records import Settlement
    from loopai_nb.ledger.rollups import Names

__all__ = ["CUT", "MISMATCH", "Holder", "claim", "record", "release"]

LONGEST_WAIT_MS = 400_000
"""Above every wait before a retry: the longest Retry-After that is obeyed (300 s) and its jitter."""

MISMATCH = "schema"
"""Kind of the error of a request whose last answer did not fit the schema."""

CUT = "the answer was cut at max_tokens"
"""How the error begins of one that could not fit, and would be cut again."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Under whose name requests are leased.

    Attributes:
        plan_id: Whose requests.
        run_id: Which carries it out.
        owner_id: This process, for this run.
        names: What its requests are found by.
        day_budget_pusd: The most that all runs together may spend in a day; None for no limit.
    """

    plan_id: str
    run_id: str
    owner_id: str
    names: Names
    day_budget_pusd: int | None = None


def claim(connection: Connection, holder: Holder, n: int, now_ms: int, *, fresh_only: bool = False) -> Claim:
    """Lease up to ``n`` requests that are due, in order, as far as the budgets' worst case allows.

    Nothing is leased where a cancel was asked for, where a person paused the run, or where another process
    took it over.

    Args:
        connection: In a write transaction.
        holder: Who leases.
        n: At most.
        now_ms: Epoch milliseconds.
        fresh_only: Only requests that did not fail before.
    """
    hold_plan(connection, holder.plan_id)
    ((budget_pusd, room, of_run, cancel, state, reason, cache_after_ms, owned),) = _RUN.rows(
        connection, run=holder.run_id, owner=holder.owner_id
    )
    paused = paused_by(state, reason) is not None
    if cancel or paused or not owned:
        waiting, leased, due_ms = _open_counts(connection, holder.plan_id)
        return Claim(
            (), waiting, leased, due_ms, cancel_requested=bool(cancel), taken_over=not owned, paused=paused
        )
    due = _DUE.rows(
        connection,
        plan=holder.plan_id,
        now=now_ms,
        furthest=now_ms + LONGEST_WAIT_MS,
        cache_after=cache_after_ms,
        failed_too=not fresh_only,
        n=n,
    )
    known = {row[0]: row[-1] for row in due if row[-1] is not None}
    day = money.day_of(now_ms)
    day_room, of_day = (
        (None, 0) if holder.day_budget_pusd is None else money.of_day(connection, day, holder.day_budget_pusd)
    )
    leases, reserved, over_budget, over_day = _affordable(due, day, room, day_room)
    if leases:
        hot(connection).lease(connection, holder.run_id, holder.owner_id, day, leases)
        _move(connection, holder, [(day, 0, reserved)], now_ms)
    settle_known(connection, holder, known, now_ms)
    if over_budget:
        money.budget_reached(connection, f"run {holder.run_id}", budget_pusd, holder.run_id, now_ms)
    if over_day and holder.day_budget_pusd is not None:
        money.budget_reached(connection, f"day {day}", holder.day_budget_pusd, holder.run_id, now_ms)
    if over_budget or over_day:  # many may wait, and how many is not asked
        ((leased,),) = _LEASED.rows(connection, plan=holder.plan_id)
        waiting, due_ms = 1, None
    elif len(leases) < n:
        waiting, leased, due_ms = _open_counts(connection, holder.plan_id)
    else:
        waiting, leased, due_ms = 1, len(leases), now_ms
    return Claim(
        tuple(leases),
        waiting,
        leased,
        due_ms,
        cached=len(known),
        over_budget=over_budget,
        over_day=over_day,
        reserved_pusd=reserved + (of_run if over_budget else of_day if over_day else 0),
    )


def _affordable(
    due: Iterable[tuple[Any, ...]], day: str, room: int | None, day_room: int | None
) -> tuple[list[Lease], int, bool, bool]:
    """The first requests whose worst cases fit, their sum, and whether run or day has no room for more."""
    leases: list[Lease] = []
    reserved = 0
    # Unpacked: a record between the row and the lease would take as long as both.
    for no, key, prompt, system, copy, attempts, unfit, kind, error, worst_pusd, answer_no in due:
        if answer_no is not None:
            continue
        wanted = reserved + worst_pusd
        over_budget = room is not None and wanted > room
        over_day = day_room is not None and wanted > day_room
        if over_budget or over_day:
            return leases, reserved, over_budget, over_day
        reserved = wanted
        feedback = error if kind == MISMATCH else None
        leases.append(Lease(no, key, prompt, system, attempts + 1, worst_pusd, copy, unfit, feedback, day))
    return leases, reserved, False, False


def record(
    connection: Connection, holder: Holder, settlements: Sequence[Settlement], now_ms: int
) -> tuple[str, ...]:
    """Store answers and attempts, move the requests on, and settle their reservations.

    A settlement whose lease was taken back meanwhile moves no money: the sweep counted it at its worst case.
    Its answer is kept all the same, and its attempt recorded at no further cost.

    Returns:
        Warnings that became due; see ``money.move``.

    Raises:
        LedgerError: One was settled before.
    """
    hold_plan(connection, holder.plan_id)
    write = hot(connection)
    ours = write.settle(connection, holder.owner_id, settlements, now_ms)
    kept = [s for s, mine in zip(settlements, ours, strict=True) if mine]
    late = [s for s, mine in zip(settlements, ours, strict=True) if not mine]
    for settlement in late:
        if not was_swept(connection, holder.run_id, settlement.lease):
            raise LedgerError(
                "A lease was changed by somebody who does not hold it.", "Nothing more is sent."
            )
    answered = [s for s in settlements if s.state is RequestState.ANSWERED]
    write.keep(connection, holder.run_id, answered, now_ms)
    for settlement in late:
        if settlement.state is RequestState.ANSWERED:
            answer_late(connection, settlement, now_ms)
    unanswered = [s.lease.request_no for s in kept if s.state is not RequestState.ANSWERED]
    restore_answered(connection, unanswered, now_ms)
    charged = [(s, s.cost_pusd) for s in kept] + [(s, 0) for s in late]
    write.log(connection, holder.run_id, charged, now_ms)
    write.queue(connection, [s.lease.request_no for s in settlements if s.state is not RequestState.WAITING])
    changes = [(s.lease.day, s.cost_pusd, -s.lease.worst_case_pusd) for s in kept]
    warnings = _move(connection, holder, changes, now_ms)
    tally = Tally()
    tally.add_charged(charged)
    tally.write(connection, holder.names, holder.owner_id, now_ms)
    return warnings


def release(connection: Connection, holder: Holder, leases: Iterable[Lease], now_ms: int) -> None:
    """Give back leases whose request was never sent: nothing was paid and no attempt was made."""
    hold_plan(connection, holder.plan_id)
    freed = []
    for lease in leases:
        changed = connection.execute(
            update(requests)
            .where(
                requests.c.request_no == lease.request_no,
                requests.c.state == RequestState.LEASED,
                requests.c.owner_id == holder.owner_id,
                requests.c.attempts == lease.attempt,
            )
            .values(state=RequestState.WAITING, owner_id=None, attempts=lease.attempt - 1)
        ).rowcount
        if changed:
            freed.append((lease.day, 0, -lease.worst_case_pusd))
            restore_answered(connection, [lease.request_no], now_ms)
    _move(connection, holder, freed, now_ms)


_OF_REQUEST = (
    *("request_no", "key", "prompt", "system", "copy", "attempts"),
    *("mismatches", "error_kind", "error", "worst_case_pusd"),
)
_RUN = Prepared(
    select(
        runs.c.budget_pusd,
        runs.c.budget_pusd - runs.c.spent_pusd - runs.c.reserved_pusd,
        runs.c.reserved_pusd,
        runs.c.cancel_requested,
        runs.c.state,
        runs.c.reason,
        plans.c.cache_after_ms,
        select(func.count())
        .select_from(owners)
        .where(owners.c.owner_id == bindparam("owner"))
        .scalar_subquery(),
    )
    .join(plans, plans.c.plan_id == runs.c.plan_id)
    .where(runs.c.run_id == bindparam("run"))
    .with_for_update(of=runs)
)
_DUE = Prepared(
    select(
        *(requests.c[name] for name in _OF_REQUEST),
        NEWEST_ANSWER,
    )
    .where(
        requests.c.plan_id == bindparam("plan"),
        requests.c.state == RequestState.WAITING,
        # A time further away than any wait that we set was set by a clock that jumped.
        (requests.c.not_before_ms <= bindparam("now")) | (requests.c.not_before_ms > bindparam("furthest")),
        bindparam("failed_too", type_=Boolean) | requests.c.error_kind.is_(None),
    )
    .order_by(requests.c.request_no)
    .limit(bindparam("n"))
)
_LEASED = Prepared(
    select(func.count())
    .select_from(requests)
    .where(requests.c.plan_id == bindparam("plan"), requests.c.state == RequestState.LEASED)
)
_OPEN = Prepared(
    select(requests.c.state, func.count(), func.min(requests.c.not_before_ms))
    .where(
        requests.c.plan_id == bindparam("plan"),
        # Spelled out: a list would be compiled anew for each length.
        (requests.c.state == RequestState.WAITING) | (requests.c.state == RequestState.LEASED),
    )
    .group_by(requests.c.state)
)


def _move(
    connection: Connection, holder: Holder, changes: Iterable[tuple[str, int, int]], now_ms: int
) -> tuple[str, ...]:
    return money.move(
        connection, holder.run_id, changes, day_budget_pusd=holder.day_budget_pusd, now_ms=now_ms
    )


def _open_counts(connection: Connection, plan_id: str) -> tuple[int, int, int | None]:
    """How many requests of a plan wait, how many are leased, and when the first that waits is due."""
    counts = {state: (n, due_ms) for state, n, due_ms in _OPEN.rows(connection, plan=plan_id)}
    waiting, due_ms = counts.get(RequestState.WAITING, (0, None))
    return waiting, counts.get(RequestState.LEASED, (0, None))[0], due_ms
