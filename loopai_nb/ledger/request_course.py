"""One request opened whole: what was asked, each attempt, what it cost by which price, who decided."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from loopai_nb.errors import InputError
from loopai_nb.ledger.schema import answers, approvals, attempts, plans, requests, reviews, rows, runs
from loopai_nb.planning.spec import PlanSpec
from loopai_nb.records import RequestState

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Attempted", "RequestCourse", "Reviewed", "course"]

_GREATEST = 2**63 - 1
"""That a database takes; no request has it."""

MOST_ROWS = 100
"""Rows of the frame that are named; identical ones share a request."""


@dataclass(frozen=True, slots=True)
class Attempted:
    """One send.

    Attributes:
        number: From 1; one that never reached the model does not count, and its number comes again.
        run_id: Whose.
        ended_ms: Epoch milliseconds.
        latency_ms: None where nothing was measured.
        waited_ms: From the end of the attempt before to the beginning of this one; None of the first.
        outcome: See ``Outcome``.
        status_code: HTTP status, where there was one.
        error_kind: Short stable word.
        error: One line without secrets.
        text: A paid answer that did not fit the schema.
        input_tokens: As charged; None where unknown.
        output_tokens: The same.
        cost_pusd: What was charged.
    """

    number: int
    run_id: str
    ended_ms: int
    latency_ms: float | None
    waited_ms: int | None
    outcome: str
    status_code: int | None
    error_kind: str | None
    error: str | None
    text: str | None
    input_tokens: int | None
    output_tokens: int | None
    cost_pusd: int


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What somebody said of the answer.

    Attributes:
        state: ACCEPTED, EDITED, REJECTED or SKIPPED.
        reviewer: Who.
        at_ms: When (epoch milliseconds).
        note: Why; "" for no note.
        text: The answer as it should be, of an edited one.
        position: 0-based row that alone it is said of; None for all.
    """

    state: str
    reviewer: str
    at_ms: int
    note: str
    text: str | None
    position: int | None


@dataclass(frozen=True, slots=True)
class RequestCourse:
    """One request with all that the ledger knows of it.

    Attributes:
        request_no: Its number.
        run_id: The run as whose it is looked at.
        plan_id: Of the plan.
        frame_name: Name of the frame.
        key: Its content key.
        spec: What it shares with all requests of the plan: server, model, parameters, price.
        prompt: As it was sent, or "" once it was blanked.
        system: The system prompt.
        state: Where it stands.
        is_cached: Its answer is another request's, from the ledger.
        error: One line, of one without an answer; or that it was blanked.
        answer: The text; None without one.
        answered_ms: When it was answered (epoch milliseconds).
        answer_model: The model that the server said it used.
        finish_reason: Why it ended there.
        latency_ms: Of the answer.
        input_tokens: As charged for the answer.
        output_tokens: The same.
        answer_cost_pusd: What the answer cost when it was paid for.
        paid_by: The run that paid for the answer: another one where it came from the ledger.
        cost_pusd: What this request cost, all attempts together.
        worst_case_pusd: What was reserved for each of them.
        attempts: In their order.
        begun_ms: When the run began.
        approval_id: Of the approval that the run spent.
        decided_by: Who gave it.
        means: How.
        decided_ms: When.
        feedback: What was added.
        reviews: Of the answer in this run, the newest first.
        rows: Label (JSON) and position of the rows that it answers, at most ``MOST_ROWS``.
        row_count: Of all of them.
    """

    request_no: int
    run_id: str
    plan_id: str
    frame_name: str
    key: bytes
    spec: PlanSpec
    prompt: str
    system: str | None
    state: RequestState
    is_cached: bool
    error: str | None
    answer: str | None
    answered_ms: int | None
    answer_model: str
    finish_reason: str
    latency_ms: float | None
    input_tokens: int | None
    output_tokens: int | None
    answer_cost_pusd: int | None
    paid_by: str | None
    cost_pusd: int
    worst_case_pusd: int
    attempts: tuple[Attempted, ...]
    begun_ms: int
    approval_id: str
    decided_by: str
    means: str
    decided_ms: int | None
    feedback: str
    reviews: tuple[Reviewed, ...]
    rows: tuple[tuple[str, int], ...]
    row_count: int


def course(connection: Connection, request_no: int, run_id: str | None) -> RequestCourse:
    """Read one request; see ``RequestLog.one``.

    Raises:
        InputError: There is no such request, or it is not of that run.
    """
    row = connection.execute(
        select(requests, plans.c.frame_name, plans.c.spec)
        .join(plans, plans.c.plan_id == requests.c.plan_id)
        .where(requests.c.request_no == min(request_no, _GREATEST))
    ).one_or_none()
    run = None if row is None else _run(connection, row.plan_id, run_id or row.run_id)
    if row is None or run is None:
        of = "" if run_id is None else f" of run {run_id}"
        raise InputError(f"There is no request {request_no}{of} in this ledger.", "Look at the log again.")
    answer = (
        None
        if row.answer_no is None
        else connection.execute(select(answers).where(answers.c.request_no == row.answer_no)).one_or_none()
    )
    sent = _attempts(connection, row.plan_id, request_no)
    labels, row_count = _rows(connection, row.plan_id, row.key)
    return RequestCourse(
        request_no=request_no,
        run_id=run.run_id,
        plan_id=row.plan_id,
        frame_name=row.frame_name,
        key=row.key,
        spec=PlanSpec.from_json(row.spec),
        prompt=row.prompt,
        system=row.system,
        state=RequestState(row.state),
        is_cached=row.answer_no is not None and row.answer_no != request_no,
        error=row.error,
        answer=None if answer is None else answer.text,
        answered_ms=None if answer is None else answer.answered_ms,
        answer_model="" if answer is None else answer.model,
        finish_reason="" if answer is None else answer.finish_reason,
        latency_ms=None if answer is None else answer.latency_ms,
        input_tokens=None if answer is None else answer.input_tokens,
        output_tokens=None if answer is None else answer.output_tokens,
        answer_cost_pusd=None if answer is None else answer.cost_pusd,
        paid_by=None if answer is None else answer.run_id,
        cost_pusd=sum(one.cost_pusd for one in sent),
        worst_case_pusd=row.worst_case_pusd,
        attempts=sent,
        begun_ms=run.created_ms,
        approval_id=run.approval_id,
        decided_by=run.decided_by or "",
        means=run.means or "",
        decided_ms=run.decided_ms,
        feedback=run.feedback,
        reviews=_reviews(connection, run.run_id, row.answer_no),
        rows=labels,
        row_count=row_count,
    )


def _run(connection: Connection, plan_id: str, run_id: str | None) -> Any:
    """The run and its approval: of the plan, and of that id where it is given; the newest one."""
    statement = (
        select(
            runs.c.run_id,
            runs.c.created_ms,
            approvals.c.approval_id,
            approvals.c.decided_by,
            approvals.c.means,
            approvals.c.decided_ms,
            approvals.c.feedback,
        )
        .join(approvals, approvals.c.approval_id == runs.c.approval_id)
        .where(runs.c.plan_id == plan_id)
        .order_by(runs.c.created_ms.desc())
        .limit(1)
    )
    if run_id is not None:
        statement = statement.where(runs.c.run_id == run_id)
    return connection.execute(statement).one_or_none()


def _attempts(connection: Connection, plan_id: str, request_no: int) -> tuple[Attempted, ...]:
    # By the index, which begins with the run.
    of_plan = select(runs.c.run_id).where(runs.c.plan_id == plan_id)
    found = connection.execute(
        select(attempts)
        .where(attempts.c.run_id.in_(of_plan), attempts.c.request_no == request_no)
        .order_by(attempts.c.attempt_no)
    )
    made: list[Attempted] = []
    for row in found:
        waited = None
        if made:
            waited = max(0, row.ended_ms - int(row.latency_ms or 0) - made[-1].ended_ms)
        made.append(
            Attempted(
                row.number,
                row.run_id,
                row.ended_ms,
                row.latency_ms,
                waited,
                row.outcome,
                row.status_code,
                row.error_kind,
                row.error,
                row.text,
                row.input_tokens,
                row.output_tokens,
                row.cost_pusd,
            )
        )
    return tuple(made)


def _reviews(connection: Connection, run_id: str, answer_no: int | None) -> tuple[Reviewed, ...]:
    if answer_no is None:
        return ()
    found = connection.execute(
        select(reviews)
        .where(reviews.c.request_no == answer_no, reviews.c.run_id == run_id, reviews.c.undone.is_(False))
        .order_by(reviews.c.review_no.desc())
    )
    return tuple(
        Reviewed(row.state, row.reviewer, row.at_ms, row.note, row.text, row.position) for row in found
    )


def _rows(connection: Connection, plan_id: str, key: bytes) -> tuple[tuple[tuple[str, int], ...], int]:
    of_request = and_(rows.c.plan_id == plan_id, rows.c.key == key)
    found = connection.execute(
        select(rows.c.label, rows.c.position).where(of_request).order_by(rows.c.position).limit(MOST_ROWS)
    ).all()
    count = connection.execute(select(func.count()).select_from(rows).where(of_request)).scalar_one()
    return tuple((_label(row.label), row.position) for row in found), int(count)


def _label(label: str) -> str:
    """An index label as text: what stands in it, without the quotes of JSON."""
    try:
        value = json.loads(label)
    except ValueError:
        return label
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
