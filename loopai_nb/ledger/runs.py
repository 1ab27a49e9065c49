"""Beginning, reopening, joining and ending runs; each function is one operation inside one transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from loopai_nb.errors import ApprovalRefused, InputError
from loopai_nb.ledger import approvals, claims, money, watermarks
from loopai_nb.ledger.cached import settle_cached
from loopai_nb.ledger.ids import free_id
from loopai_nb.ledger.locks import hold_plan, hold_plan_of
from loopai_nb.ledger.pausing import LIVE, paused_by, reason_of, tell_held
from loopai_nb.ledger.records import Asked, Decided
from loopai_nb.ledger.rollups import names_in, names_of
from loopai_nb.ledger.schema import owners, plans, requests, runs
from loopai_nb.ledger.sweeping import sweep
from loopai_nb.records import ApprovalState, RequestState, RunState

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from loopai_nb.ledger.owners import Owner

__all__ = ["LIVE", "Reopening", "begin", "cancel", "end", "go_on", "join", "nobody_left", "pause", "reopen"]


@dataclass(frozen=True, slots=True)
class Reopening:
    """How a run is taken up again.

    Attributes:
        budget_pusd: Its new budget, which is recorded as an approval of its own; None leaves it as it is.
        resend: Send again what may have been paid; else it stays MAYBE_PAID.
        retry_failed: Ask failed requests again.
        decided_by: Who resumes it.
    """

    budget_pusd: int | None = None
    resend: bool = True
    retry_failed: bool = False
    decided_by: str = ""


def begin(
    connection: Connection,
    owner: Owner,
    plan_id: str,
    *,
    digest: str,
    approval_id: str,
    budget_pusd: int | None,
    now_ms: int,
) -> str:
    """Spend the approval and open the run; requests that the ledger can answer are settled at once.

    Returns:
        The run's id.

    Raises:
        ApprovalRefused: The approval is for another digest, was not given, or was used before.
    """
    hold_plan(connection, plan_id)
    run_id = free_id(connection, "r-", runs.c.run_id)
    _register(connection, owner, run_id, now_ms)
    plan = connection.execute(
        select(plans.c.digest, plans.c.spec).where(plans.c.plan_id == plan_id)
    ).one_or_none()
    # The digest covers the budget: whoever begins with another one begins what was not approved.
    same = plan and plan.digest == digest and json.loads(plan.spec)["budget_pusd"] == budget_pusd
    spent = same and approvals.spend(connection, approval_id, run_id, digest=digest, plan_id=plan_id)
    if plan is None or not spent:
        raise ApprovalRefused(
            f"Plan {plan_id} has no unused approval of this content.",
            "Make the plan again and approve it. Nothing was sent.",
        )
    connection.execute(
        insert(runs).values(
            run_id=run_id,
            plan_id=plan_id,
            approval_id=approval_id,
            state=RunState.RUNNING,
            reason="",
            created_ms=now_ms,
            active_ms=0,
            budget_pusd=budget_pusd,
            spent_pusd=0,
            reserved_pusd=0,
            cancel_requested=False,
        )
    )
    holder = claims.Holder(plan_id, run_id, owner.owner_id, names_in(run_id, plan.spec))
    settle_cached(connection, holder, now_ms)  # of a plan of millions it takes a while
    approvals.say_spent(connection, approval_id, run_id, now_ms)
    return run_id


def reopen(
    connection: Connection,
    owner: Owner,
    run_id: str,
    how: Reopening,
    now_ms: int,
    is_gone: Callable[[str | None], bool],
) -> int:
    """Make a process the run's owner again, taking back what dead ones held.

    Returns:
        How many requests may have been paid without a recorded answer.

    Raises:
        InputError: There is none of that id, or somebody is carrying it out.
    """
    run = _locked(connection, run_id)
    if run.state in LIVE and not nobody_left(connection, run_id, is_gone):
        raise InputError(
            f"Run {run_id} is being carried out by another process.",
            f"Wait for it, stop it with %loopai cancel {run_id}, or help: %loopai resume {run_id} --join",
        )
    lost = sweep(connection, run.plan_id, now_ms, is_gone=is_gone, resend=how.resend)
    # Whoever was taken for dead and is not finds itself gone, and stops: see claims.claim.
    connection.execute(delete(owners).where(owners.c.run_id == run_id))
    _register(connection, owner, run_id, now_ms)
    holder = claims.Holder(run.plan_id, run_id, owner.owner_id, names_of(connection, run_id))
    settle_cached(connection, holder, now_ms)
    again = [RequestState.FAILED] if how.retry_failed else []
    again += [RequestState.MAYBE_PAID] if how.resend else []
    connection.execute(
        update(requests)
        .where(requests.c.plan_id == run.plan_id, requests.c.state.in_(again))
        .values(state=RequestState.WAITING, attempts=0, mismatches=0, not_before_ms=0, ended_ms=None)
    )
    connection.execute(
        update(runs)
        .where(runs.c.run_id == run_id)
        .values(
            state=RunState.RUNNING,
            reason="",
            ended_ms=None,
            cancel_requested=False,
            budget_pusd=run.budget_pusd if how.budget_pusd is None else how.budget_pusd,
        )
    )
    if how.budget_pusd is not None:
        _record_new_budget(connection, run, how.budget_pusd, how.decided_by, now_ms)
    return lost


def join(
    connection: Connection,
    owner: Owner,
    run_id: str,
    now_ms: int,
    is_gone: Callable[[str | None], bool],
) -> None:
    """Make a process one more of those that carry a run out.

    Raises:
        InputError: There is none of that id, or nobody is carrying it out.
    """
    run = _locked(connection, run_id)
    if run.state not in LIVE or nobody_left(connection, run_id, is_gone):
        raise InputError(
            f"Nobody is carrying out run {run_id}, so there is nobody to join.",
            f"Go on with it: %loopai resume {run_id}",
        )
    _register(connection, owner, run_id, now_ms)


def end(
    connection: Connection,
    owner_id: str,
    run_id: str,
    *,
    state: RunState,
    reason: str,
    active_ms: int,
    now_ms: int,
    is_gone: Callable[[str | None], bool],
) -> bool:
    """Give up being an owner; the last one records how the run ended.

    Returns:
        Whether the run has ended with it. Who was taken for dead, and replaced, does not end what another one
        carries out.
    """
    run = _locked(connection, run_id)
    held = connection.execute(delete(owners).where(owners.c.owner_id == owner_id)).rowcount
    if not held:
        return False
    ended = nobody_left(connection, run_id, is_gone)
    if ended:
        # What a helper held that died is counted now; whoever resumes the run says whether to send it again.
        sweep(connection, run.plan_id, now_ms, is_gone=is_gone, resend=False)
    changes: dict[str, Any] = {"active_ms": runs.c.active_ms + active_ms}
    if ended:
        changes |= {"state": state, "reason": reason, "ended_ms": now_ms}
    connection.execute(update(runs).where(runs.c.run_id == run_id).values(changes))
    if not ended:
        # Perhaps it was this owner's server that said to wait, and nobody else would say that it goes on.
        tell_held(connection, run_id, "")
    if ended and state is RunState.COMPLETED:
        # With the run's own end, or a kill in between would leave one without the other.
        watermarks.move_of(connection, run.plan_id, run_id, now_ms)
    return ended


def cancel(connection: Connection, run_id: str, now_ms: int, is_gone: Callable[[str | None], bool]) -> None:
    """Ask whoever carries a run out to stop; where nobody does any more, end it."""
    run = _locked(connection, run_id)
    connection.execute(update(runs).where(runs.c.run_id == run_id).values(cancel_requested=True))
    if run.state in LIVE and nobody_left(connection, run_id, is_gone):
        sweep(connection, run.plan_id, now_ms, is_gone=is_gone, resend=False)
        connection.execute(delete(owners).where(owners.c.run_id == run_id))
        connection.execute(
            update(runs)
            .where(runs.c.run_id == run_id)
            .values(state=RunState.CANCELLED, reason="cancelled", ended_ms=now_ms)
        )


def pause(
    connection: Connection, run_id: str, by: str, now_ms: int, is_gone: Callable[[str | None], bool]
) -> None:
    """Have whoever carries a run out send nothing more of it; what is in flight ends as ever.

    Raises:
        InputError: There is none of that id, or nobody is carrying it out.
    """
    run = _locked(connection, run_id)
    if run.state not in LIVE or nobody_left(connection, run_id, is_gone):
        raise InputError(
            f"Nobody is carrying out run {run_id}, so there is nothing to pause.",
            f"Look at it: %loopai show {run_id}",
        )
    if paused_by(run.state, run.reason) is None:
        _announce(connection, run_id, RunState.PAUSED, reason_of(by), now_ms)


def go_on(
    connection: Connection, run_id: str, by: str, now_ms: int, is_gone: Callable[[str | None], bool]
) -> None:
    """Take back what ``pause`` said; a run that no person paused stays as it is.

    Raises:
        InputError: There is none of that id, or nobody is carrying it out.
    """
    run = _locked(connection, run_id)
    if run.state not in LIVE or nobody_left(connection, run_id, is_gone):
        raise InputError(
            f"Nobody is carrying out run {run_id}, so it can't just go on.",
            f"Take it up again: %loopai resume {run_id}",
        )
    if paused_by(run.state, run.reason) is not None:
        _announce(connection, run_id, RunState.RUNNING, f"let go on by {by}", now_ms)


def _announce(connection: Connection, run_id: str, state: RunState, said: str, now_ms: int) -> None:
    paused = state is RunState.PAUSED
    connection.execute(
        update(runs).where(runs.c.run_id == run_id).values(state=state, reason=said if paused else "")
    )
    kind = "paused" if paused else "resumed"
    money.announce(connection, kind, said, run_id=run_id, scope=None, now_ms=now_ms)


def nobody_left(connection: Connection, run_id: str, is_gone: Callable[[str | None], bool]) -> bool:
    """Whether every process that carried a run out is no more."""
    found = connection.execute(select(owners.c.owner_id).where(owners.c.run_id == run_id)).scalars()
    return all(is_gone(owner_id) for owner_id in found.all())


def _locked(connection: Connection, run_id: str) -> Any:
    hold_plan_of(connection, run_id)
    run = connection.execute(select(runs).where(runs.c.run_id == run_id).with_for_update()).one_or_none()
    if run is None:
        raise InputError(f"There is no run {run_id} in this ledger.", "See them all: %loopai runs")
    return run


def _register(connection: Connection, owner: Owner, run_id: str, now_ms: int) -> None:
    connection.execute(
        insert(owners).values(
            owner_id=owner.owner_id,
            run_id=run_id,
            host=owner.host,
            pid=owner.pid,
            process_started=owner.process_started,
            heartbeat_ms=now_ms,
        )
    )


def _record_new_budget(
    connection: Connection, run: Any, budget_pusd: int, decided_by: str, now_ms: int
) -> None:
    approved = approvals.read(connection, run.approval_id).digest
    asked = Asked("plan", approved, run.plan_id, asked_by=decided_by)
    feedback = f"budget {run.budget_pusd} to {budget_pusd} pUSD"
    decided = Decided(ApprovalState.APPROVED, decided_by, "resume", feedback)
    approvals.record(connection, asked, decided, now_ms, used_by=run.run_id)
