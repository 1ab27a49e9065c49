"""What people said of answers; each function is one operation inside one transaction, or reads.

Reviews are only added. Of those of an answer that are not undone the newest counts: numbers follow the order
of commits, since whoever adds one holds the plan (on SQLite, the file) until then. What one keystroke or one
command decided has one time, which no other decision of that person about that run has, so that it is undone
as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, delete, func, insert, select, update

from loopai_nb.errors import InputError
from loopai_nb.ledger.locks import hold_plan_of
from loopai_nb.ledger.schema import (
    answers,
    plans,
    requests,
    review_assignments,
    reviews,
    rows,
    runs,
)
from loopai_nb.records import RequestState, ReviewState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

__all__ = [
    "AssignmentRow",
    "Ended",
    "Judgement",
    "News",
    "ReviewRow",
    "add",
    "answered_requests",
    "any_live",
    "assign",
    "assignments",
    "counts",
    "edits",
    "ended",
    "live",
    "news",
    "prompt_of",
    "reviewable",
    "unassign",
    "undo",
]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one answer.

    Attributes:
        request_no: Whose answer.
        position: 0-based row of the run that alone it is said of; None for all rows with this answer.
        state: What is said.
        text: The answer as it should be; None unless EDITED.
        note: Why; "" for no note.
    """

    request_no: int
    position: int | None
    state: ReviewState
    text: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review as the ledger has it; see ``Judgement``.

    Attributes:
        review_no: Grows with every review.
        request_no: See there.
        position: See there.
        state: See there.
        text: See there; None also of an edited answer that was blanked since.
        note: See there.
        reviewer: Who said it.
        at_ms: When (epoch milliseconds); the same for all that one command decided.
    """

    review_no: int
    request_no: int
    position: int | None
    state: ReviewState
    text: str | None
    note: str
    reviewer: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class News:
    """What happened to a run's reviews.

    Attributes:
        added: Those that came since, in their order; without those that are undone already.
        undone: How many are undone altogether.
        undone_numbers: Which; None where there are not more than before.
    """

    added: list[ReviewRow]
    undone: int
    undone_numbers: frozenset[int] | None


class Ended(NamedTuple):
    """How far a plan's requests came.

    Attributes:
        answered: With an answer.
        failed: Without, for good.
    """

    answered: int
    failed: int


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """What a person is to review.

    Attributes:
        assignment_no: Grows with every assignment.
        reviewer: Who.
        first: First position; None where it is no range.
        last: Last position, included.
        filter: JSON; None where it is a range.
        assigned_by: Who said so.
        at_ms: When (epoch milliseconds).
    """

    assignment_no: int
    reviewer: str
    first: int | None
    last: int | None
    filter: str | None
    assigned_by: str
    at_ms: int


def add(
    connection: Connection, run_id: str, judgements: Sequence[Judgement], reviewer: str, now_ms: int
) -> int:
    """Add what one person said at once; returns its time, which no other decision of theirs has.

    Raises:
        InputError: There is no such run.
    """
    _hold(connection, run_id)
    at_ms = max(now_ms, _last_ms(connection, run_id, reviewer) + 1)
    said = [
        {
            "request_no": one.request_no,
            "run_id": run_id,
            "position": one.position,
            "state": str(one.state),
            "text": one.text,
            "note": one.note,
            "reviewer": reviewer,
            "at_ms": at_ms,
            "undone": False,
        }
        for one in judgements
    ]
    if said:
        connection.execute(insert(reviews), said)
    return at_ms


def undo(connection: Connection, run_id: str, reviewer: str) -> list[ReviewRow]:
    """Take back what a person decided last in a run, all of it; returns it, empty where there is nothing.

    Raises:
        InputError: There is no such run.
    """
    _hold(connection, run_id)
    own = and_(reviews.c.run_id == run_id, reviews.c.undone.is_(False), reviews.c.reviewer == reviewer)
    newest = select(reviews.c.at_ms).where(own).order_by(reviews.c.review_no.desc()).limit(1)
    at_ms = connection.execute(newest).scalar()
    if at_ms is None:
        return []
    of_it = and_(own, reviews.c.at_ms == at_ms)
    found = [_row(row) for row in connection.execute(_columns().where(of_it).order_by(reviews.c.review_no))]
    connection.execute(update(reviews).where(of_it).values(undone=True))
    return found


def news(connection: Connection, run_id: str, after: int, undone_before: int) -> News:
    """What came since a review's number, and what was undone.

    Args:
        connection: To read by.
        run_id: Whose.
        after: The highest number that is known.
        undone_before: How many were undone then.
    """
    # What is undone is counted first: undone in between, it is seen the next time.
    of_run = reviews.c.run_id == run_id
    undone = select(reviews.c.review_no).where(of_run, reviews.c.undone.is_(True))
    n = connection.execute(select(func.count()).select_from(undone.subquery())).scalar_one()
    numbers = None
    if n != undone_before:
        numbers = frozenset(connection.execute(undone).scalars())
    added = _columns().where(of_run, reviews.c.undone.is_(False), reviews.c.review_no > after)
    found = connection.execute(added.order_by(reviews.c.review_no))
    return News([_row(row) for row in found], n, numbers)


def live(connection: Connection, run_id: str) -> list[ReviewRow]:
    """All reviews of a run that are not undone, in their order."""
    return news(connection, run_id, -1, 0).added


def edits(connection: Connection, run_id: str) -> list[Any]:
    """Every text that was put in an answer's place, also what is undone: ``request_no`` and ``text``."""
    edited = select(reviews.c.request_no, reviews.c.text).where(
        reviews.c.run_id == run_id, reviews.c.state == ReviewState.EDITED, reviews.c.text.is_not(None)
    )
    return list(connection.execute(edited.distinct()))


def any_live(connection: Connection, run_id: str) -> bool:
    """Whether a run has a review that is not undone."""
    found = select(reviews.c.review_no).where(reviews.c.run_id == run_id, reviews.c.undone.is_(False))
    return connection.execute(found.limit(1)).scalar() is not None


def reviewable(connection: Connection, plan_id: str) -> list[Any]:
    """Every row of a plan with its answer.

    Returns:
        In the rows' order ``position, label, request_no, key, state, cached, text, latency_ms, row_error,
        error, error_kind``; ``request_no`` is that of the request which paid for the answer.
    """
    statement = (
        select(
            rows.c.position,
            rows.c.label,
            requests.c.answer_no.label("request_no"),
            rows.c.key,
            requests.c.state,
            requests.c.cached,
            answers.c.text,
            answers.c.latency_ms,
            rows.c.error.label("row_error"),
            requests.c.error,
            requests.c.error_kind,
        )
        .select_from(rows)
        .join(requests, and_(requests.c.plan_id == plan_id, requests.c.key == rows.c.key), isouter=True)
        .join(answers, answers.c.request_no == requests.c.answer_no, isouter=True)
        .where(rows.c.plan_id == plan_id)
        .order_by(rows.c.position)
    )
    return list(connection.execute(statement))


def ended(connection: Connection, plan_id: str) -> Ended:
    """How many requests of a plan are answered and how many have failed: other numbers once a run goes on.

    Not their sum, which is the same when failed ones were asked again and answered.
    """
    states = [RequestState.ANSWERED, RequestState.FAILED]
    of_plan = and_(requests.c.plan_id == plan_id, requests.c.state.in_(states))
    counted = select(requests.c.state, func.count()).where(of_plan).group_by(requests.c.state)
    found = {row[0]: int(row[1]) for row in connection.execute(counted)}
    return Ended(found.get(RequestState.ANSWERED, 0), found.get(RequestState.FAILED, 0))


def prompt_of(connection: Connection, plan_id: str, key: bytes) -> tuple[str, str | None]:
    """What was asked, and the system prompt."""
    found = connection.execute(
        select(requests.c.prompt, requests.c.system).where(
            requests.c.plan_id == plan_id, requests.c.key == key
        )
    ).one()
    return found.prompt, found.system


def answered_requests(connection: Connection, plan_id: str) -> list[Any]:
    """Each answered request of a plan: ``request_no`` (that paid for it), ``key`` and ``text``."""
    statement = (
        select(answers.c.request_no, requests.c.key, answers.c.text)
        .join(requests, requests.c.answer_no == answers.c.request_no)
        .where(requests.c.plan_id == plan_id, requests.c.state == RequestState.ANSWERED)
    )
    return list(connection.execute(statement))


def counts(
    connection: Connection,
    most: int,
    *,
    since_ms: int = 0,
    until_ms: int | None = None,
    run_id: str | None = None,
) -> list[Any]:
    """The runs that were reviewed last: ``run_id, frame_name, reviewer, at_ms, n`` by run and reviewer.

    Args:
        connection: To read by.
        most: At most so many.
        since_ms: Only where the last review was then or later (epoch milliseconds).
        until_ms: And before.
        run_id: Only of this run.
    """
    at_ms = func.max(reviews.c.at_ms)
    statement = (
        select(
            reviews.c.run_id,
            plans.c.frame_name,
            reviews.c.reviewer,
            at_ms.label("at_ms"),
            func.count().label("n"),
        )
        .join(runs, runs.c.run_id == reviews.c.run_id)
        .join(plans, plans.c.plan_id == runs.c.plan_id)
        .where(reviews.c.undone.is_(False))
        .group_by(reviews.c.run_id, plans.c.frame_name, reviews.c.reviewer)
        .having(at_ms >= since_ms)
        .order_by(at_ms.desc(), reviews.c.run_id, reviews.c.reviewer)
        .limit(most)
    )
    if until_ms is not None:
        statement = statement.having(at_ms < until_ms)
    if run_id is not None:
        statement = statement.where(reviews.c.run_id == run_id)
    return list(connection.execute(statement))


def assign(connection: Connection, run_id: str, row: AssignmentRow) -> int:
    """Add an assignment, whose number does not count; returns the one that it got.

    Raises:
        InputError: There is no such run.
    """
    _hold(connection, run_id)
    made = connection.execute(
        insert(review_assignments).values(
            run_id=run_id,
            reviewer=row.reviewer,
            first_position=row.first,
            last_position=row.last,
            filter=row.filter,
            assigned_by=row.assigned_by,
            at_ms=row.at_ms,
        )
    )
    key = made.inserted_primary_key
    if key is None:
        raise AssertionError("an assignment has a number")
    return int(key[0])


def unassign(connection: Connection, run_id: str, reviewer: str) -> int:
    """Take a run's assignments of a person away; returns how many. What they said stays."""
    of_person = and_(review_assignments.c.run_id == run_id, review_assignments.c.reviewer == reviewer)
    return connection.execute(delete(review_assignments).where(of_person)).rowcount


def assignments(connection: Connection, run_id: str) -> list[AssignmentRow]:
    """All assignments of a run, in their order."""
    statement = (
        select(review_assignments)
        .where(review_assignments.c.run_id == run_id)
        .order_by(review_assignments.c.assignment_no)
    )
    return [
        AssignmentRow(
            row.assignment_no,
            row.reviewer,
            row.first_position,
            row.last_position,
            row.filter,
            row.assigned_by,
            row.at_ms,
        )
        for row in connection.execute(statement)
    ]


def _hold(connection: Connection, run_id: str) -> None:
    hold_plan_of(connection, run_id)
    if connection.execute(select(runs.c.run_id).where(runs.c.run_id == run_id)).scalar() is None:
        raise InputError(f"There is no run {run_id} in this ledger.", "See them all: %loopai runs")


def _last_ms(connection: Connection, run_id: str, reviewer: str) -> int:
    """When a person last decided something in a run, undone or not; 0 before the first time."""
    times = [
        connection.execute(
            select(reviews.c.at_ms)
            .where(reviews.c.run_id == run_id, reviews.c.undone.is_(undone), reviews.c.reviewer == reviewer)
            .order_by(reviews.c.review_no.desc())
            .limit(1)
        ).scalar()
        for undone in (False, True)
    ]
    return max(time or 0 for time in times)


def _columns() -> Any:
    return select(
        reviews.c.review_no,
        reviews.c.request_no,
        reviews.c.position,
        reviews.c.state,
        reviews.c.text,
        reviews.c.note,
        reviews.c.reviewer,
        reviews.c.at_ms,
    )


def _row(row: Any) -> ReviewRow:
    number, request_no, position, state, text, note, reviewer, at_ms = row
    return ReviewRow(number, request_no, position, ReviewState(state), text, note, reviewer, at_ms)
