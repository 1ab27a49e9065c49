"""Reading the ledger; every view of what happened comes from here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Connection, and_, case, cast, func, select

from loopai_nb.errors import InputError
from loopai_nb.ledger import chain
from loopai_nb.ledger.records import Event, Past, RunRow
from loopai_nb.ledger.runs import LIVE
from loopai_nb.ledger.schema import (
    accounts,
    answers,
    approvals,
    attempts,
    events,
    plans,
    requests,
    rollups,
    rows,
    runs,
)
from loopai_nb.records import LEFT_OUT, ApprovalState, Outcome, RequestState, RunState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from loopai_nb.ledger.store import Ledger

__all__ = [
    "approved_digest",
    "day_money",
    "index_names",
    "keys_in_order",
    "labels_in_order",
    "latencies_ms",
    "lineage",
    "past",
    "plan_spec",
    "prompts_at",
    "prompts_of",
    "recent_events",
    "result_rows",
    "run_ids",
    "run_row",
    "run_rows",
    "strangers",
]

_READ = {"reading": True}

_OF_ANSWER = case((requests.c.cached, 0), else_=answers.c.cost_pusd)

_MOST_PLANS = 50
"""Plans that are looked at for what requests cost before."""


def run_ids(ledger: Ledger) -> list[str]:
    """Ids of all runs, newest first."""
    with ledger.engine.connect().execution_options(**_READ) as connection:
        return list(connection.execute(select(runs.c.run_id).order_by(runs.c.created_ms.desc())).scalars())


def run_row(ledger: Ledger, run_id: str) -> RunRow:
    """One run.

    Raises:
        InputError: There is none of that id.
    """
    with ledger.engine.connect().execution_options(**_READ) as connection:
        row = connection.execute(_runs().where(runs.c.run_id == run_id)).one_or_none()
        if row is None:
            raise InputError(f"There is no run {run_id} in {ledger.label}.", "See them all: %loopai runs")
        return _with_counts(ledger, connection, row)


def approved_digest(ledger: Ledger, run_id: str) -> str | None:
    """What was approved for a run and its plan, as the audit chain says; None where it says nothing of it."""
    statement = select(runs.c.plan_id, runs.c.approval_id).where(runs.c.run_id == run_id)
    with ledger.engine.connect().execution_options(**_READ) as connection:
        run = connection.execute(statement).one()
        said = chain.facts_of(connection, run.approval_id) or {}
    used = (said.get("state"), said.get("used_by"), said.get("plan_id"))
    return said.get("digest") if used == (ApprovalState.APPROVED, run_id, run.plan_id) else None


def strangers(ledger: Ledger, plan_id: str) -> int:
    """Requests of a plan that no row of it asks for; there are none unless somebody put them there."""
    # Not by NOT IN: Postgres compares each with each where the keys don't fit its working memory.
    asked = select(rows.c.key).where(rows.c.plan_id == plan_id, rows.c.key.is_not(None))
    own = select(requests.c.key).where(requests.c.plan_id == plan_id)
    statement = select(func.count()).select_from(own.except_(asked).subquery())
    with ledger.engine.connect().execution_options(**_READ) as connection:
        return connection.execute(statement).scalar_one()


def labels_in_order(ledger: Ledger, plan_id: str) -> Iterator[str]:
    """The index label of each row of a plan as JSON, in the frame's order."""
    statement = select(rows.c.label).where(rows.c.plan_id == plan_id).order_by(rows.c.position)
    with ledger.engine.connect().execution_options(**_READ) as connection:
        yield from connection.execution_options(yield_per=10_000).execute(statement).scalars()


def run_rows(ledger: Ledger, limit: int) -> list[RunRow]:
    """The newest runs, newest first."""
    with ledger.engine.connect().execution_options(**_READ) as connection:
        found = connection.execute(_runs().order_by(runs.c.created_ms.desc()).limit(limit)).all()
        return [_with_counts(ledger, connection, row) for row in found]


def index_names(ledger: Ledger, plan_id: str) -> list[str | None]:
    """The names of the levels of the index that was asked; empty where nobody wrote them down."""
    with ledger.engine.connect().execution_options(**_READ) as connection:
        found = connection.execute(select(plans.c.index_names).where(plans.c.plan_id == plan_id)).scalar()
    names: list[str | None] = [] if found is None else json.loads(found)
    return names


def result_rows(
    ledger: Ledger, plan_id: str, positions: range | Sequence[int] | None = None
) -> Iterator[Any]:
    """What became of each row of a plan, in the frame's order.

    Args:
        ledger: Where they are.
        plan_id: Whose rows.
        positions: Of which, where not of all: a range by steps of 1, or up to a thousand.

    Yields:
        Rows with ``position, label, key, row_error, state, cached, error, text, latency_ms, input_tokens,
        output_tokens, cost_pusd``; the last five are None without an answer, ``cost_pusd`` only where nothing
        was paid. It is what all attempts of the row's request came to.
    """
    cost = _of_all_attempts(plan_id) if _paid_besides(ledger, plan_id) else _OF_ANSWER
    statement = (
        select(
            rows.c.position,
            rows.c.label,
            rows.c.key,
            rows.c.error.label("row_error"),
            requests.c.state,
            requests.c.cached,
            requests.c.error,
            answers.c.text,
            answers.c.latency_ms,
            answers.c.input_tokens,
            answers.c.output_tokens,
            cost.label("cost_pusd"),
        )
        .select_from(rows)
        .join(requests, and_(requests.c.plan_id == plan_id, requests.c.key == rows.c.key), isouter=True)
        .join(answers, answers.c.request_no == requests.c.answer_no, isouter=True)
        .where(rows.c.plan_id == plan_id)
        .order_by(rows.c.position)
    )
    if isinstance(positions, range):
        statement = statement.where(rows.c.position >= positions.start, rows.c.position < positions.stop)
    elif positions is not None:
        statement = statement.where(rows.c.position.in_(positions))
    with ledger.engine.connect().execution_options(**_READ, yield_per=1000) as connection:
        for some in connection.execute(statement).partitions():
            yield from some


def _paid_besides(ledger: Ledger, plan_id: str) -> bool:
    """Whether anything but answers was paid for a plan; to add up the attempts of each row takes its time."""
    statement = (
        select(rollups.c.run_id)
        .where(
            rollups.c.step == "day",
            rollups.c.run_id.in_(select(runs.c.run_id).where(runs.c.plan_id == plan_id)),
            rollups.c.outcome != "answered",
            rollups.c.cost_pusd > 0,
        )
        .limit(1)
    )
    with ledger.engine.connect().execution_options(**_READ) as connection:
        return connection.execute(statement).scalar() is not None


def _of_all_attempts(plan_id: str) -> Any:
    paid = (
        select(func.sum(attempts.c.cost_pusd))
        .where(
            attempts.c.run_id.in_(select(runs.c.run_id).where(runs.c.plan_id == plan_id)),
            attempts.c.request_no == requests.c.request_no,
        )
        .correlate(requests)
        .scalar_subquery()
    )
    return cast(func.coalesce(paid, _OF_ANSWER), BigInteger)


def keys_in_order(ledger: Ledger, plan_id: str) -> Iterator[bytes | None]:
    """The content key of each row of a plan, in the frame's order."""
    statement = select(rows.c.key).where(rows.c.plan_id == plan_id).order_by(rows.c.position)
    with ledger.engine.connect().execution_options(**_READ, yield_per=10_000) as connection:
        for some in connection.execute(statement).scalars().partitions():
            yield from some


def plan_spec(ledger: Ledger, plan_id: str) -> str | None:
    """The spec of a plan as JSON; None where there is none of that id."""
    with ledger.engine.connect().execution_options(**_READ) as connection:
        return connection.execute(select(plans.c.spec).where(plans.c.plan_id == plan_id)).scalar()


def prompts_of(ledger: Ledger, plan_id: str, limit: int) -> list[Any]:
    """The first distinct requests of a plan: ``prompt, system, estimated_tokens, state, position``."""
    statement = (
        select(
            requests.c.prompt,
            requests.c.system,
            requests.c.estimated_tokens,
            requests.c.state,
            select(func.min(rows.c.position))
            .where(rows.c.plan_id == plan_id, rows.c.key == requests.c.key)
            .scalar_subquery()
            .label("position"),
        )
        .where(requests.c.plan_id == plan_id)
        .order_by(requests.c.request_no)
        .limit(limit)
    )
    with ledger.engine.connect().execution_options(**_READ) as connection:
        return list(connection.execute(statement).all())


def prompts_at(ledger: Ledger, plan_id: str, places: range) -> dict[int, str]:
    """What was asked about the rows at these places, the system prompt behind it; not of those without."""
    here = (rows.c.position >= places.start, rows.c.position < places.stop)
    statement = (
        select(rows.c.position, requests.c.prompt, requests.c.system)
        .join(requests, and_(requests.c.plan_id == plan_id, requests.c.key == rows.c.key))
        .where(rows.c.plan_id == plan_id, *here, (rows.c.position - places.start) % places.step == 0)
    )
    with ledger.engine.connect().execution_options(**_READ) as connection:
        found = connection.execute(statement).all()
    return {row.position: f"{row.prompt}\n{row.system or ''}" for row in found if row.prompt}


def latencies_ms(ledger: Ledger, run_id: str) -> list[float]:
    """Latency of each answered attempt of a run, ascending."""
    statement = (
        select(attempts.c.latency_ms)
        .where(attempts.c.run_id == run_id, attempts.c.outcome == Outcome.ANSWERED)
        .order_by(attempts.c.latency_ms)
    )
    with ledger.engine.connect().execution_options(**_READ) as connection:
        return [value for value in connection.execute(statement).scalars() if value is not None]


def past(ledger: Ledger, history_key: bytes, *, most: int = 1_000) -> list[Past]:
    """What the newest answers cost that plans of the same kind were paid for, newest plan first.

    Args:
        ledger: Where they are.
        history_key: Of the kind of plan.
        most: Answers at most.
    """
    # Plan by plan, each by its index from the end: one statement over all would sort all that was ever asked.
    newest = (
        select(plans.c.plan_id)
        .where(plans.c.history_key == history_key)
        .order_by(plans.c.created_ms.desc())
        .limit(_MOST_PLANS)
    )
    paid = (
        select(
            requests.c.estimated_tokens,
            answers.c.input_tokens,
            answers.c.output_tokens,
            answers.c.latency_ms,
        )
        .join(answers, answers.c.request_no == requests.c.request_no)
        .where(requests.c.state == RequestState.ANSWERED, requests.c.cached.is_(False))
        .order_by(requests.c.request_no.desc())
    )
    found: list[Past] = []
    with ledger.engine.connect().execution_options(**_READ) as connection:
        for plan_id in connection.execute(newest).scalars().all():
            if len(found) < most:
                of_plan = paid.where(requests.c.plan_id == plan_id).limit(most - len(found))
                found += [Past(*row) for row in connection.execute(of_plan)]
    return found


def day_money(ledger: Ledger, day: str) -> tuple[int, int]:
    """What all runs spent and reserved on a day (UTC), picodollars."""
    statement = select(accounts.c.spent_pusd, accounts.c.reserved_pusd).where(accounts.c.day == day)
    with ledger.engine.connect().execution_options(**_READ) as connection:
        row = connection.execute(statement).one_or_none()
        return (0, 0) if row is None else (row.spent_pusd, row.reserved_pusd)


def recent_events(
    ledger: Ledger,
    *,
    run_id: str | None = None,
    since_ms: int = 0,
    until_ms: int | None = None,
    without: Collection[str] = (),
    most: int = 100,
) -> list[Event]:
    """Events from one time to before another, newest first, but for some kinds; of one run if it is given."""
    statement = (
        select(events)
        .where(events.c.at_ms >= since_ms, events.c.kind.not_in(without))
        .order_by(events.c.event_no.desc())
        .limit(most)
    )
    if until_ms is not None:
        statement = statement.where(events.c.at_ms < until_ms)
    if run_id is not None:
        statement = statement.where(events.c.run_id == run_id)
    with ledger.engine.connect().execution_options(**_READ) as connection:
        return [Event(row.at_ms, row.kind, row.message, row.run_id) for row in connection.execute(statement)]


def lineage(ledger: Ledger, run_id: str, keys: Sequence[bytes]) -> dict[bytes, Any]:
    """Where answers come from, by content key.

    Returns:
        For each key that has an answer: ``model, input_tokens, output_tokens, cost_pusd, answered_ms,
        run_id`` (the run that paid) and ``decided_by``.
    """
    found: dict[bytes, Any] = {}
    with ledger.engine.connect().execution_options(**_READ) as connection:
        run = connection.execute(
            select(approvals.c.decided_by, runs.c.plan_id)
            .join(runs, runs.c.approval_id == approvals.c.approval_id)
            .where(runs.c.run_id == run_id)
        ).one_or_none()
        decided_by, plan_id = run or ("", "")
        for start in range(0, len(keys), 500):
            statement = (
                select(answers)
                .join(requests, requests.c.answer_no == answers.c.request_no)
                .where(requests.c.plan_id == plan_id, requests.c.key.in_(keys[start : start + 500]))
            )
            for row in connection.execute(statement):
                found[row.key] = {**row._asdict(), "decided_by": decided_by}
    return found


def _runs() -> Any:
    return (
        select(
            runs,
            plans.c.frame_name,
            plans.c.spec,
            plans.c.row_count,
            approvals.c.decided_by,
        )
        .join(plans, plans.c.plan_id == runs.c.plan_id)
        .join(approvals, approvals.c.approval_id == runs.c.approval_id)
    )


def _with_counts(ledger: Ledger, connection: Connection, row: Any) -> RunRow:
    distinct, by_row = _counts(connection, row.plan_id)
    maybe_paid, maybe_paid_pusd = connection.execute(
        select(func.count(), func.coalesce(func.sum(attempts.c.cost_pusd), 0)).where(
            attempts.c.run_id == row.run_id, attempts.c.outcome == Outcome.UNKNOWN
        )
    ).one()
    gone = row.state in LIVE and ledger.nobody_left(connection, row.run_id)
    return RunRow(
        run_id=row.run_id,
        plan_id=row.plan_id,
        state=RunState(row.state),
        reason=row.reason,
        frame_name=row.frame_name,
        spec=row.spec,
        rows=row.row_count,
        answered_rows=by_row.answered,
        cached_rows=by_row.cached,
        failed_rows=by_row.failed,
        waiting_rows=row.row_count - by_row.answered - by_row.failed - by_row.left_out,
        distinct=distinct.n,
        answered=distinct.answered,
        cached=distinct.cached,
        failed=distinct.failed,
        maybe_paid=maybe_paid,
        maybe_paid_pusd=int(maybe_paid_pusd),
        created_ms=row.created_ms,
        active_ms=row.active_ms,
        spent_pusd=row.spent_pusd,
        budget_pusd=row.budget_pusd,
        decided_by=row.decided_by,
        owner_gone=gone,
    )


def _counts(connection: Connection, plan_id: str) -> tuple[Any, Any]:
    """Counts over the distinct requests and over the rows of a plan."""
    answered = func.coalesce(func.sum(case((requests.c.state == RequestState.ANSWERED, 1), else_=0)), 0)
    cached = func.coalesce(
        func.sum(case((and_(requests.c.state == RequestState.ANSWERED, requests.c.cached), 1), else_=0)), 0
    )
    failed = func.coalesce(func.sum(case((requests.c.state == RequestState.FAILED, 1), else_=0)), 0)
    # Whom nobody asked because a person said so has not failed.
    wrong = func.coalesce(func.sum(case((rows.c.error != LEFT_OUT, 1), else_=0)), 0)
    left_out = func.coalesce(func.sum(case((rows.c.error == LEFT_OUT, 1), else_=0)), 0)
    columns = (answered.label("answered"), cached.label("cached"))
    distinct = connection.execute(
        select(func.count().label("n"), *columns, failed.label("failed")).where(requests.c.plan_id == plan_id)
    ).one()
    by_row = connection.execute(
        select(*columns, (failed + wrong).label("failed"), left_out.label("left_out"))
        .select_from(rows)
        .join(requests, and_(requests.c.plan_id == plan_id, requests.c.key == rows.c.key), isouter=True)
        .where(rows.c.plan_id == plan_id)
    ).one()
    return distinct, by_row
