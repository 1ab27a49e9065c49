"""What has no answer in a run, and why: reads of the ledger for what is said of one that ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, select, type_coerce

from loopai_nb.ledger.claims import CUT, MISMATCH
from loopai_nb.ledger.schema import attempts, requests, rows
from loopai_nb.ledger.storable import TEXT
from loopai_nb.records import Outcome, RequestState

if TYPE_CHECKING:
    from loopai_nb.ledger.store import Ledger

__all__ = ["cut_answers", "failures", "misfits", "unknown_outcomes"]

_READ = {"reading": True}


def failures(ledger: Ledger, plan_id: str, *, most_rows: int = 3) -> list[tuple[str, int, list[int]]]:
    """Failed rows grouped by reason: ``(reason, rows, first positions)``, the most frequent first."""
    # Typed as stored text: a case of its own type would come back as it is stored.
    reason = type_coerce(
        case(
            ((requests.c.error_kind == MISMATCH) & requests.c.error.startswith(CUT), requests.c.error),
            (requests.c.error_kind == MISMATCH, "its answer does not fit the schema"),
            else_=func.coalesce(rows.c.error, requests.c.error, "unknown"),
        ),
        TEXT,
    )
    failed = (
        select(
            reason.label("reason"),
            rows.c.position,
            func.count().over(partition_by=reason).label("n"),
            func.row_number().over(partition_by=reason, order_by=rows.c.position).label("place"),
        )
        .select_from(rows)
        .join(requests, and_(requests.c.plan_id == plan_id, requests.c.key == rows.c.key), isouter=True)
        .where(rows.c.plan_id == plan_id)
        .where((requests.c.state == RequestState.FAILED) | rows.c.error.is_not(None))
        .subquery()
    )
    statement = (
        select(failed.c.reason, failed.c.n, failed.c.position)
        .where(failed.c.place <= most_rows)
        .order_by(failed.c.n.desc(), failed.c.reason, failed.c.position)
    )
    grouped: dict[str, tuple[str, int, list[int]]] = {}
    with ledger.engine.connect().execution_options(**_READ) as connection:
        for row in connection.execute(statement):
            grouped.setdefault(row.reason, (row.reason, row.n, []))[2].append(row.position)
    return list(grouped.values())


def cut_answers(ledger: Ledger, plan_id: str) -> int:
    """Requests of a plan that failed since their answer was cut at ``max_tokens``, as it would be again."""
    statement = select(func.count()).where(
        requests.c.plan_id == plan_id,
        requests.c.state == RequestState.FAILED,
        requests.c.error_kind == MISMATCH,
        requests.c.error.startswith(CUT),
    )
    with ledger.engine.connect().execution_options(**_READ) as connection:
        return connection.execute(statement).scalar_one()


def misfits(ledger: Ledger, run_id: str) -> tuple[int, int]:
    """Paid answers of a run that did not fit its schema: how many, and what they cost in picodollars."""
    statement = select(func.count(), func.coalesce(func.sum(attempts.c.cost_pusd), 0)).where(
        attempts.c.run_id == run_id,
        attempts.c.error_kind == MISMATCH,
        attempts.c.outcome == Outcome.INVALID,
    )
    with ledger.engine.connect().execution_options(**_READ) as connection:
        count, cost_pusd = connection.execute(statement).one()
        return int(count), int(cost_pusd)


def unknown_outcomes(ledger: Ledger, plan_id: str) -> int:
    """Requests of a plan whose answer was lost: left as MAYBE_PAID, or held by processes that are no more."""
    statement = (
        select(requests.c.state, requests.c.owner_id, func.count().label("n"))
        .where(
            requests.c.plan_id == plan_id,
            requests.c.state.in_([RequestState.MAYBE_PAID, RequestState.LEASED]),
        )
        .group_by(requests.c.state, requests.c.owner_id)
    )
    with ledger.engine.connect().execution_options(**_READ) as connection:
        return sum(
            row.n
            for row in connection.execute(statement).all()
            if row.state == RequestState.MAYBE_PAID or ledger.owner_gone(connection, row.owner_id)
        )
