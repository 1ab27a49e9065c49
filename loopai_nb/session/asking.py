"""From an approved plan to a run that is carried out, here or together with other processes."""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from loopai_nb.approval.gate import Terms, decide
from loopai_nb.errors import ApprovalRefused, InputError, LoopaiNbError
from loopai_nb.execution.counts import Limits
from loopai_nb.execution.executor import Executor
from loopai_nb.execution.outcomes import Judge
from loopai_nb.execution.run import Run
from loopai_nb.interrupts import held_back
from loopai_nb.ledger import queries, unanswered
from loopai_nb.planning.plan import PlanDigest, PlanSpec
from loopai_nb.pricing import pusd, usd
from loopai_nb.records import RunState
from loopai_nb.resilience.retry import RetryPolicy
from loopai_nb.session.checking import checked_number
from loopai_nb.session.lessons import Lessons
from loopai_nb.telemetry.logs import run_of_context
from loopai_nb.telemetry.steps import step

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    import pandas as pd

    from loopai_nb.approval.gate import AnyApprover
    from loopai_nb.background import BackgroundLoop
    from loopai_nb.clients.base import ModelServer
    from loopai_nb.execution.observing import Observer
    from loopai_nb.execution.pacing import Paces
    from loopai_nb.ledger.runs import Reopening
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.planning.plan import Plan
    from loopai_nb.redaction import Redactor
    from loopai_nb.settings import Settings

__all__ = ["Caller", "Work", "join", "limits_of", "money", "no_price", "reopen", "start"]


_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """What a run needs of the session.

    Attributes:
        loop: Where it runs.
        ledger: What records it.
        server: Whom it asks.
        redactor: Masks personal data in prompts before they are stored or sent, and in answers before they
            are stored; None where no rule is on.
        paces: How fast each server may be asked.
        resend_unknown: Send again, within the run, what may have been paid.
        observe: Gives whom to tell of the attempts of a run, by its id and its plan's spec; None of none.
        retry: How often a request is sent, and how long between.
        terms: How a plan is asked about.
        watch: Is given each run that was begun.
    """

    loop: BackgroundLoop
    ledger: Ledger
    server: ModelServer
    redactor: Redactor | None
    paces: Paces
    resend_unknown: bool = True
    observe: Callable[[str, PlanSpec], Observer | None] | None = None
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    terms: Terms = field(default_factory=Terms)
    watch: Callable[[Run], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Caller:
    """What the caller of a run gave and wants back.

    Attributes:
        frame: The frame that was asked, if this process has it.
        answer: Name of the answer's column.
        raise_failures: Raise from ``wait()`` where rows failed.
        is_asked: Whether the session kept the frame itself, so that its rows are those that were asked.
    """

    frame: pd.DataFrame | None = None
    answer: str = "answer"
    raise_failures: bool = False
    is_asked: bool = False


def start(work: Work, plan: Plan, approver: AnyApprover, limits: Limits, caller: Caller) -> Run:
    """Get the plan approved, spend the approval and start the run.

    Raises:
        ApprovalRequired: Nobody could be asked; nothing was sent.
        ApprovalRefused: The answer was no, or the stored requests are not those of the digest.
        InputError: The plan is for another server than the one that is connected.
        ModelServerError: The server does not answer; nothing was sent and no approval was spent.
    """
    check(work, plan)
    with step(_log, "approval", begins="waits", ends="received", plan=plan.plan_id) as found:
        approval_id = found["approval"] = decide(plan, work.ledger, approver, work.terms)
    # After the decision, which may have taken an hour: what is sent is what was shown.
    _check_unchanged(work.ledger, plan.plan_id, plan.spec, plan.digest)

    def take() -> str:
        return work.ledger.begin_run(plan.plan_id, plan.digest, approval_id, plan.spec.budget_pusd)

    return _begun(work, take, plan.spec, limits, caller)


def check(work: Work, plan: Plan) -> None:
    """Make sure that the server of a plan is the one that is connected, and answers if it will be asked.

    Raises:
        InputError: It is another one.
        ModelServerError: It does not answer.
    """
    _check_server(work.server, plan.spec, f"Plan {plan.plan_id}")
    if plan.to_send:
        work.loop.wait(work.server.check())


def reopen(work: Work, run_id: str, limits: Limits, how: Reopening, caller: Caller) -> Run:
    """Go on with a run that stopped; only what has no answer is sent.

    Raises:
        InputError: There is no such run, it is being carried out elsewhere, or it asked another server.
        ModelServerError: The server does not answer; nothing was sent.
    """
    spec = _checked(work, run_id)
    if how.budget_pusd is not None and spec.price is None:
        raise no_price(work.server)

    def take() -> str:
        work.ledger.reopen_run(run_id, how)
        return run_id

    return _begun(work, take, spec, limits, caller)


def join(work: Work, run_id: str, limits: Limits, caller: Caller) -> Run:
    """Help to carry out a run that another process carries out.

    Raises:
        InputError: There is no such run, nobody carries it out, or it asks another server.
        ModelServerError: The server does not answer; nothing was sent.
    """
    spec = _checked(work, run_id)

    def take() -> str:
        work.ledger.join_run(run_id)
        return run_id

    return _begun(work, take, spec, limits, caller)


def _begun(work: Work, take: Callable[[], str], spec: PlanSpec, limits: Limits, caller: Caller) -> Run:
    """Take up a run and send.

    An interrupt is raised at once while the ledger is waited for, and nothing has begun then; from there on
    it waits until there is something that it can stop.
    """
    run: Run | None = None
    try:
        with held_back():
            run = _carry_out(work, take(), spec, limits, caller)
            work.watch(run)
    except Exception:
        raise
    except BaseException as interrupt:
        if run is not None:
            run.stop_for(interrupt)
        raise
    return run


def _checked(work: Work, run_id: str) -> PlanSpec:
    """The spec of a run whose server answers, and whose requests are what was approved."""
    row = queries.run_row(work.ledger, run_id)
    spec = PlanSpec.from_json(row.spec)
    _check_server(work.server, spec, f"Run {run_id}")
    _check_unchanged(work.ledger, row.plan_id, spec, queries.approved_digest(work.ledger, run_id))
    work.loop.wait(work.server.check())
    return spec


def _carry_out(work: Work, run_id: str, spec: PlanSpec, limits: Limits, caller: Caller) -> Run:
    future = executor = None
    try:
        row = queries.run_row(work.ledger, run_id)
        executor = Executor(
            plan_id=row.plan_id,
            run_id=run_id,
            spec=spec,
            ledger=work.ledger,
            server=work.server,
            limits=limits,
            judge=Judge(
                price=spec.price,
                retry=work.retry,
                resend_unknown=work.resend_unknown,
                redactor=work.redactor,
                random=random.Random().random,  # noqa: S311  (jitter)
            ),
            pace=work.paces.of(work.server.base_url, limits),
            budgeted=row.budget_pusd is not None or work.ledger.day_budget_pusd is not None,
            observer=None if work.observe is None else work.observe(run_id, spec),
        )
        lessons = Lessons(work.ledger, run_id, work.server, spec.parameters, executor.counts.warnings)
        future = work.loop.start(_drain_and_end(work.ledger, run_id, executor, lessons))
        return Run(
            work.ledger,
            row,
            frame=caller.frame,
            is_asked=caller.is_asked,
            answer_column=caller.answer,
            redactor=work.redactor,
            executor=executor,
            future=future,
            raise_failures=caller.raise_failures,
        )
    except BaseException:
        if executor is not None:
            executor.request_stop()
        if future is None:  # nobody carries it out: it may be resumed
            work.ledger.end_run(run_id, RunState.FAILED, "it could not be started", 0)
        raise


async def _drain_and_end(ledger: Ledger, run_id: str, executor: Executor, lessons: Lessons) -> None:
    run_of_context.set(run_id)  # of this task and of those that it begins
    with step(_log, "run", ends="ended", run=run_id) as found:
        try:
            await _carried_out(ledger, run_id, executor, lessons, found)
        finally:
            counts = executor.counts
            found |= {"answered": counts.answered, "failed": counts.failed, "retried": counts.retried}
            found["spent_usd"] = float(usd(counts.spent_pusd))


async def _carried_out(
    ledger: Ledger, run_id: str, executor: Executor, lessons: Lessons, found: dict[str, Any]
) -> None:
    state, reason = RunState.FAILED, "ended by an error"
    try:
        drained = await _drained(executor, lessons)
        if drained[0] is RunState.COMPLETED:
            drained = await asyncio.to_thread(_outcome, ledger, run_id)
        state, reason = drained
    except LoopaiNbError as error:
        reason = error.message
        raise
    finally:
        found |= {"state": state.value, "reason": reason or None}
        if state is RunState.PARTIAL:
            # A notebook and the command line say it in their own words; a program has only its log.
            _log.warning(
                "Run %s ended without all answers: %s. What is answered is kept%s.",
                run_id,
                reason.rstrip("."),
                await asyncio.to_thread(_advice, ledger, run_id),
            )
        active_ms = int(executor.active_s * 1000)
        # In a thread: the loop has other runs' requests to serve while the ledger writes.
        await asyncio.to_thread(ledger.end_run, run_id, state, reason, active_ms)


async def _drained(executor: Executor, lessons: Lessons) -> tuple[RunState, str]:
    """Carry it out, and tell meanwhile what is learnt of the server."""
    telling = asyncio.create_task(lessons.watch())
    try:
        drained = await executor.drain()
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)  # what it can't store stops no run
    await lessons.tell()
    return drained


def _advice(ledger: Ledger, run_id: str) -> str:
    """What goes on with a run that ended; "" where the same again would bring nothing."""
    row = queries.run_row(ledger, run_id)
    if row.distinct > row.answered + row.failed:
        return "; go on with resume"
    helps = row.failed > unanswered.cut_answers(ledger, row.plan_id)
    return "; ask the others again with retry" if helps else ""


def _outcome(ledger: Ledger, run_id: str) -> tuple[RunState, str]:
    """COMPLETED, or PARTIAL with what is left."""
    row = queries.run_row(ledger, run_id)
    kept = row.distinct - row.answered - row.failed
    if row.failed_rows:
        return RunState.PARTIAL, f"{row.failed_rows:,} row{'s' * (row.failed_rows != 1)} failed"
    if kept:
        return RunState.PARTIAL, f"{kept:,} requests may have been paid and were not sent again"
    return RunState.COMPLETED, ""


def _check_server(server: ModelServer, spec: PlanSpec, what: str) -> None:
    """What was approved for one server is not sent to another."""
    if (server.kind, server.base_url, server.model) != (spec.server_kind, spec.server_url, spec.model):
        raise InputError(
            f"{what} is for {spec.model} at {spec.server_url}, and another server is connected.",
            f"Connect it: %loopai server {spec.server_url} --model {spec.model}",
        )


def _check_unchanged(ledger: Ledger, plan_id: str, spec: PlanSpec, approved: str | None) -> None:
    """What the ledger holds of a plan is what the approved digest stands for; else it is not sent."""
    digest = PlanDigest(spec)
    for key in queries.keys_in_order(ledger, plan_id):
        digest.add(key)
    if digest.hexdigest() != approved or queries.strangers(ledger, plan_id):
        raise ApprovalRefused(
            f"Plan {plan_id} is not what it was when it was made.",
            "Make it again and approve the new one. Nothing was sent.",
        )


def no_price(server: ModelServer) -> InputError:
    """The error of a budget that can't be held."""
    return InputError(
        f"No price is known for {server.model} at {server.base_url}, so a budget can't be held.",
        "Set one in USD per million tokens: --price IN,OUT",
    )


def limits_of(
    settings: Settings,
    concurrency: int | None,
    *,
    fixed: bool = False,
    stop_on_first_error: bool = False,
) -> Limits:
    """The limits that the settings give, with what a caller says of them.

    Raises:
        InputError: Fewer than one request in flight.
    """
    in_flight = settings.concurrency
    if concurrency is not None:
        in_flight = checked_number(concurrency, "concurrency", whole=True)
    if in_flight < 1:
        raise InputError(f"concurrency is {in_flight}; it has to be at least 1.")
    return Limits(
        concurrency=in_flight,
        fixed=fixed,
        timeout_s=settings.timeout_s,
        requests_per_min=settings.requests_per_minute,
        tokens_per_min=settings.tokens_per_minute,
        stop_on_first_error=stop_on_first_error,
    )


def money(value: Decimal | float | str | None) -> Decimal | None:
    """An amount of USD as an exact number.

    Raises:
        InputError: Not a number, NaN, infinite or negative.
    """
    return None if value is None else usd(pusd(value))
