"""From a frame and a template to a plan, and from an approved plan to a run."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.approval.gate import decide
from loopai_nb.errors import ApprovalRefused, InputError, LoopaiNbError
from loopai_nb.execution.executor import Executor, Limits
from loopai_nb.execution.outcomes import Judge
from loopai_nb.execution.result import check_columns, index_labels
from loopai_nb.execution.run import Run
from loopai_nb.ledger import queries
from loopai_nb.ledger.runs import Reopening
from loopai_nb.planning.estimate import estimate
from loopai_nb.planning.plan import Plan, PlanDigest, PlannedRow, PlanSpec, planned_rows
from loopai_nb.pricing import pusd, usd
from loopai_nb.records import Parameters, RunState
from loopai_nb.resilience.retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    import pandas as pd

    from loopai_nb.approval.gate import Approver
    from loopai_nb.background import BackgroundLoop
    from loopai_nb.clients.base import ModelServer
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.pricing import Price
    from loopai_nb.prompts.template import Rendered, Template
    from loopai_nb.redaction import Redactor
    from loopai_nb.settings import Settings

__all__ = ["MapOptions", "Work", "limits_of", "make_plan", "money", "reopen", "start"]

_ROWS_PER_WRITE = 2_000
_SAMPLES = 5
_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class MapOptions:
    """What a caller may say about a plan, beside frame and template.

    Attributes:
        name: Name of the frame in messages.
        answer: Name of the answer's column.
        max_tokens: Most tokens of an answer.
        temperature: 0 to 2.
        budget_usd: Most that the run may cost, USD; None for no limit.
        extra: Further fields for the model server, JSON values.
        constants: Template variables that are the same for every row.
    """

    name: str
    answer: str
    max_tokens: int
    temperature: float
    budget_usd: Decimal | None
    extra: Mapping[str, object]
    constants: Mapping[str, object]


@dataclass(slots=True)
class Work:
    """What a run needs of the session.

    Attributes:
        loop: Where it runs.
        ledger: What records it.
        server: Whom it asks.
        redactor: Masks personal data in prompts before they are stored or sent, and in answers before they
            are stored; None where no rule is on.
    """

    loop: BackgroundLoop
    ledger: Ledger
    server: ModelServer
    redactor: Redactor | None
    user: str = ""


def make_plan(
    work: Work,
    frame: pd.DataFrame,
    template: Template,
    options: MapOptions,
    price: Price | None,
    concurrency: int,
) -> Plan:
    """Render, key and store every request; nothing is sent.

    Raises:
        InputError: The frame is empty or has a column that an answer would overwrite; a parameter is out of
            range.
        TemplateError: The template asks for a column that is not there.
    """
    if len(frame) == 0:
        raise InputError(f"{options.name} has no rows, so there is nothing to ask.")
    check_columns(frame, options.name, options.answer)
    columns = [*map(str, frame.columns), *options.constants]
    template.check(columns, frame_name=options.name)
    spec = _spec(work.server, template, options, price)
    ledger = work.ledger
    plan_id = ledger.begin_plan(spec.as_json(), options.name)
    masked: dict[str, int] = {}
    rendered = template.render_frame(frame, options.constants)
    if work.redactor is not None:
        rendered = _redacted(rendered, work.redactor, masked)
    digest = PlanDigest(spec)
    problems: list[tuple[int, str]] = []
    samples: list[PlannedRow] = []
    batch: list[PlannedRow] = []
    left_out = 0
    try:
        for row in planned_rows(spec, rendered, index_labels(frame, work.redactor)):
            digest.add(row.key)
            if row.key is None:
                left_out += 1
                if len(problems) < _PROBLEMS:
                    problems.append((row.position, row.error or ""))
            elif len(samples) < _SAMPLES:
                samples.append(row)
            batch.append(row)
            if len(batch) == _ROWS_PER_WRITE:
                ledger.add_rows(plan_id, batch)
                batch = []
        ledger.add_rows(plan_id, batch)
        ledger.finish_plan(plan_id, digest.hexdigest(), len(frame))
    except BaseException:
        ledger.drop_plan(plan_id)
        raise
    sums = ledger.plan_sums(plan_id)
    return Plan(
        plan_id=plan_id,
        digest=digest.hexdigest(),
        spec=spec,
        frame_name=options.name,
        rows=len(frame),
        distinct=sums["distinct"],
        cached=sums["cached"],
        left_out=left_out,
        problems=tuple(problems),
        masked=tuple(sorted(masked.items())),
        samples=tuple(samples),
        estimate=estimate(
            rows=len(frame),
            distinct=sums["distinct"],
            cached=sums["cached"],
            input_tokens=sums["tokens"],
            worst_case_pusd=sums["worst_case_pusd"],
            parameters=spec.parameters,
            price=price,
            concurrency=concurrency,
        ),
    )


def start(
    work: Work, plan: Plan, approver: Approver, limits: Limits, frame: pd.DataFrame | None, answer: str
) -> Run:
    """Get the plan approved, spend the approval and start the run.

    Raises:
        ApprovalRequired: Nobody could be asked; nothing was sent.
        ApprovalRefused: The answer was no, or the stored requests are not those of the digest.
        InputError: The plan is for another server than the one that is connected.
        ModelServerError: The server does not answer; nothing was sent and no approval was spent.
    """
    _check_server(work.server, plan.spec, f"Plan {plan.plan_id}")
    if plan.to_send:
        work.loop.wait(work.server.check())
    approval_id = decide(plan, work.ledger, approver)
    # After the decision, which may have taken an hour: what is sent is what was shown.
    _check_unchanged(work.ledger, plan.plan_id, plan.spec, plan.digest)
    run_id = work.ledger.begin_run(plan.plan_id, plan.digest, approval_id, plan.spec.budget_pusd)
    return _carry_out(work, run_id, plan.spec, limits, frame, answer, resend_unknown=True)


def reopen(
    work: Work,
    run_id: str,
    limits: Limits,
    *,
    budget_usd: Decimal | None,
    resend_unknown: bool,
    retry_failed: bool,
    frame: pd.DataFrame | None,
    answer: str,
) -> Run:
    """Go on with a run that stopped; only what has no answer is sent.

    Raises:
        InputError: There is no such run, it is being carried out elsewhere, or it asked another server.
        ModelServerError: The server does not answer; nothing was sent.
    """
    row = queries.run_row(work.ledger, run_id)
    spec = PlanSpec.from_json(row.spec)
    _check_server(work.server, spec, f"Run {run_id}")
    _check_unchanged(work.ledger, row.plan_id, spec, queries.approved_digest(work.ledger, run_id))
    work.loop.wait(work.server.check())
    budget_pusd = None if budget_usd is None else pusd(budget_usd)
    work.ledger.reopen_run(
        run_id,
        Reopening(
            budget_pusd=budget_pusd,
            resend=resend_unknown,
            retry_failed=retry_failed,
            decided_by=work.user,
        ),
    )
    return _carry_out(work, run_id, spec, limits, frame, answer, resend_unknown=resend_unknown)


def _carry_out(
    work: Work,
    run_id: str,
    spec: PlanSpec,
    limits: Limits,
    frame: pd.DataFrame | None,
    answer: str,
    *,
    resend_unknown: bool,
) -> Run:
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
                retry=RetryPolicy(),
                resend_unknown=resend_unknown,
                redactor=work.redactor,
                random=random.Random().random,  # noqa: S311  (jitter)
            ),
        )
        future = work.loop.start(_drain_and_end(work.ledger, run_id, executor))
    except BaseException:  # nobody carries it out: it may be resumed
        work.ledger.end_run(run_id, RunState.FAILED, "it could not be started", 0)
        raise
    return Run(
        work.ledger,
        row,
        frame=frame,
        answer_column=answer,
        redactor=work.redactor,
        executor=executor,
        future=future,
    )


async def _drain_and_end(ledger: Ledger, run_id: str, executor: Executor) -> None:
    started_s = time.monotonic()
    state, reason = RunState.FAILED, "ended by an error"
    try:
        state, reason = await executor.drain()
        if state is RunState.COMPLETED:
            state, reason = await asyncio.to_thread(_outcome, ledger, run_id)
    except LoopaiNbError as error:
        reason = error.message
        raise
    finally:
        active_ms = int((time.monotonic() - started_s) * 1000)
        # In a thread: the loop has other runs' requests to serve while the ledger writes.
        await asyncio.to_thread(ledger.end_run, run_id, state, reason, active_ms)


def _outcome(ledger: Ledger, run_id: str) -> tuple[RunState, str]:
    """COMPLETED, or PARTIAL with what is left."""
    row = queries.run_row(ledger, run_id)
    kept = row.distinct - row.answered - row.failed
    if row.failed_rows:
        return RunState.PARTIAL, f"{row.failed_rows:,} rows failed"
    if kept:
        return RunState.PARTIAL, f"{kept:,} requests may have been paid and were not sent again"
    return RunState.COMPLETED, ""


def _spec(server: ModelServer, template: Template, options: MapOptions, price: Price | None) -> PlanSpec:
    if options.max_tokens < 1:
        raise InputError(f"max_tokens is {options.max_tokens}; it has to be at least 1.")
    if not 0 <= options.temperature <= 2:  # noqa: PLR2004  (the range of the protocol; NaN fails it as well)
        raise InputError(f"temperature is {options.temperature}; it has to be between 0 and 2.")
    budget_pusd = None if options.budget_usd is None else pusd(options.budget_usd)
    if budget_pusd is not None and price is None:
        raise InputError(
            f"No price is known for {server.model} at {server.base_url}, so a budget can't be held.",
            "Set one in USD per million tokens: --price IN,OUT",
        )
    return PlanSpec(
        server_kind=server.kind,
        server_url=server.base_url,
        model=server.model,
        parameters=Parameters(options.max_tokens, float(options.temperature), options.extra),
        price=price,
        budget_pusd=budget_pusd,
        template=template.text,
        system=template.system,
    )


def _check_server(server: ModelServer, spec: PlanSpec, what: str) -> None:
    """What was approved for one server is not sent to another."""
    if (server.kind, server.base_url, server.model) != (spec.server_kind, spec.server_url, spec.model):
        raise InputError(
            f"{what} is for {spec.model} at {spec.server_url}, and another server is connected.",
            f"Connect it: %loopai server {spec.server_url} --model {spec.model}",
        )


def _check_unchanged(ledger: Ledger, plan_id: str, spec: PlanSpec, approved: str) -> None:
    """What the ledger holds of a plan is what the approved digest stands for; else it is not sent."""
    digest = PlanDigest(spec)
    for key in queries.keys_in_order(ledger, plan_id):
        digest.add(key)
    if digest.hexdigest() != approved or queries.strangers(ledger, plan_id):
        raise ApprovalRefused(
            f"Plan {plan_id} is not what it was when it was made.",
            "Make it again and approve the new one. Nothing was sent.",
        )


def _redacted(rendered: Iterator[Rendered], redactor: Redactor, masked: dict[str, int]) -> Iterator[Rendered]:
    from loopai_nb.prompts.template import Rendered

    def apply(text: str) -> str:
        clean, counts = redactor.redact(text)
        for rule, n in counts.items():
            masked[rule] = masked.get(rule, 0) + n
        return clean

    for item in rendered:
        if item.error is not None:
            yield item
        else:
            system = None if item.system is None else apply(item.system)
            yield Rendered(apply(item.prompt), system, None)


def limits_of(settings: Settings, concurrency: int | None) -> Limits:
    """The limits that the settings give, with a caller's concurrency.

    Raises:
        InputError: Fewer than one request in flight.
    """
    in_flight = settings.concurrency if concurrency is None else concurrency
    if in_flight < 1:
        raise InputError(f"concurrency is {in_flight}; it has to be at least 1.")
    return Limits(concurrency=in_flight, timeout_s=settings.timeout_s)


def money(value: Decimal | float | str | None) -> Decimal | None:
    """An amount of USD as an exact number.

    Raises:
        InputError: Not a number, NaN, infinite or negative.
    """
    return None if value is None else usd(pusd(value))
