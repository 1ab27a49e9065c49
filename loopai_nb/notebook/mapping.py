"""Plan, get it decided, send it: in rounds, where some rows are sent first or a person changes the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.approval.gate import Decision, approve_in_code
from loopai_nb.approval.policy import Policy
from loopai_nb.errors import InputError
from loopai_nb.ledger.browsing import PlanRows
from loopai_nb.notebook.approval_desk import Change, Source
from loopai_nb.notebook.approving import WidgetAsking, read_decision
from loopai_nb.notebook.changed_values import changes_said
from loopai_nb.notebook.pilots import PILOT_WAS_ALL, was_all
from loopai_nb.notebook.plain_asking import PlainAsking
from loopai_nb.notebook.plan_card import FoldedPlan
from loopai_nb.notebook.progress import follow, follow_clicked
from loopai_nb.notebook.shown import FrameView, Sentences
from loopai_nb.notebook.waiting import interruptible
from loopai_nb.prompts.template import Template
from loopai_nb.records import ApprovalState
from loopai_nb.redaction import Redactor
from loopai_nb.session.session import pilot_options

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from loopai_nb.approval.gate import AnyApprover
    from loopai_nb.execution.run import Run
    from loopai_nb.notebook.approving import Asked
    from loopai_nb.notebook.progress import Spot
    from loopai_nb.notebook.workbench import Call
    from loopai_nb.planning.plan import Plan

__all__ = ["Rounds", "followed", "interrupted"]


class Rounds:
    """One ``map`` of a notebook.

    Args:
        call: The verb's.
        frame: Rows, or a stream of them.
        change: Template and system prompt at first.
        options: Further ones of ``Session.plan``.
        is_whole: The rows are a DataFrame, of which a plan can be made again.

    Attributes:
        where: Where the last plan is shown, and its run's progress.
        to_send: How many requests the last plan has to send.
    """

    def __init__(
        self,
        call: Call,
        frame: pd.DataFrame | Iterable[pd.DataFrame],
        change: Change,
        options: dict[str, Any],
        *,
        is_whole: bool,
    ) -> None:
        self._call = call
        self._bench = call.bench
        self._session = call.session
        self._frame: Any = frame
        self._change = change
        self._options = options
        self._is_whole = is_whole
        self._budget_pusd: int | None = None
        self._plans = 0
        self.where = self._bench.spot()
        self.to_send = 0

    async def pilot(self, n: int) -> None:
        """Send some rows first, in a plan that is decided on by itself; what it costs is off the budget."""
        rows = self._session.pilot_rows(self._frame, n, self._options)
        if rows is None:
            return
        plan = self._plan(self._change, rows, pilot_options(self._options))
        approver, asked = await self._decided(plan, Source(redactor=self._redactor()))
        self._after(await self._ended(self._start(plan if asked is None else asked.plan, approver)))

    async def run(self) -> Run:
        """Send all rows, as soon as that is approved."""
        while True:
            plan = self._plan(self._change)
            approver, asked = await self._decided(plan, self._source())
            if asked is None:
                return self._start(plan, approver)
            self._change = asked.change or self._change
            if asked.sample is None:
                return self._start(asked.plan, approver)
            await self._sample(asked, asked.sample)

    async def _sample(self, asked: Asked, n: int) -> None:
        """Send some rows of a plan of which a person wants to see answers before all are sent."""
        options = {**self._options, "leave_out": self._change.leave_out}
        rows = self._session.pilot_rows(self._frame, n, options)
        if rows is None:
            raise AssertionError("the desk takes a sample of all rows for all")
        plan = self._plan(self._change, rows, pilot_options(options))
        # Nobody looks at this one: it may hold nothing but what was looked at.
        shown = PlanRows(self._session.ledger, asked.plan.plan_id)
        if plan.spec != asked.plan.spec or not shown.hold_all_of(plan.plan_id):
            raise InputError(
                "The rows have changed since the plan was shown.", "Run the cell again. Nothing was sent."
            )
        by, why = asked.row.decided_by or "", f"{n:,} rows of plan {asked.plan.plan_id}"
        said = Decision(ApprovalState.APPROVED, by, "widget", why)
        self.where = self._bench.spot()
        run = await self._ended(self._start(plan, lambda _: said))
        self._bench.show(FrameView(run.result(), f"{run.run_id}: the first answers", most=n))
        self._after(run)

    def _plan(self, change: Change, frame: Any = None, options: dict[str, Any] | None = None) -> Plan:
        if options is None:
            options = {**self._options, "leave_out": change.leave_out}
        with changes_said(self._bench), interruptible():
            plan = self._session.plan(
                self._frame if frame is None else frame,
                Template(change.template, system=change.system),
                **options,
            )
        args = self._call.args
        of_pusd = None if plan.spec.budget_pusd == self._budget_pusd else self._budget_pusd
        self._bench.press(plan, args.concurrency, fixed=args.fixed, budget_pusd=of_pusd)
        return plan

    async def _decided(self, plan: Plan, source: Source) -> tuple[AnyApprover, Asked | None]:
        """Get a plan decided: by code, in words, or by the widget, which tells more than yes and no."""
        bench = self._bench
        self._plans += 1
        self.where, self.to_send = bench.spot(), plan.to_send
        settings = self._session.settings
        # Where every answer is in the ledger there is nothing that a person would have to allow.
        if self._call.args.yes or plan.to_send == 0:
            self.where.open(Sentences(PILOT_WAS_ALL) if was_all(plan, self._plans) else bench.card(plan))
            return approve_in_code(settings.user), None
        clicks = self._call.clicks
        if clicks is None or Policy(settings.approve_below_usd).reason(plan) is not None:
            return PlainAsking(bench, self.where), None
        with interruptible():
            self._session.check_server(plan)
        asking = WidgetAsking(
            plan,
            card=bench.card,
            ledger=self._session.ledger,
            press=bench.pressed(plan),
            source=source,
            user=settings.user,
            timeout_s=settings.approval_timeout_s,
            follows=self._plans > 1,
        )
        asked = await asking.ask(self.where, clicks)
        self.to_send = asked.plan.to_send
        if asked.row.state is ApprovalState.PENDING:
            self._in_words(asked)
        return asked.pending, asked

    def _in_words(self, asked: Asked) -> None:
        """Ask below the plan, where no widget is shown."""
        with interruptible():
            decision = read_decision(asked.plan, self._bench.shell, self._session.settings.user)
        if decision.state is ApprovalState.PENDING:
            return  # it waits, for whoever decides elsewhere
        asked.pending.decide(
            decision.state,
            decided_by=decision.decided_by,
            means=decision.means,
            feedback=decision.feedback,
        )
        said = f"{decision.state.lower()} by {decision.decided_by}"
        self.where.fold(FoldedPlan(self._bench.card(asked.plan), asked.plan, said))

    def _source(self) -> Source:
        args, settings = self._call.args, self._session.settings
        if not self._is_whole:
            return Source(redactor=self._redactor())
        return Source(
            make=self._plan,
            original=self._original,
            can_sample=not args.no_cache and not args.no_dedup and settings.cache_days != 0,
            redactor=self._redactor(),
        )

    def _original(self, change: Change, position: int) -> tuple[str, str | None]:
        template = Template(change.template, system=change.system)
        (rendered,) = template.render_frame(self._frame.iloc[[position]])
        return rendered.prompt, rendered.system

    def _redactor(self) -> Redactor | None:
        rules = self._session.settings.redact
        return Redactor(rules) if rules else None

    def _start(self, plan: Plan, approver: AnyApprover) -> Run:
        args = self._call.args
        with interruptible():
            return self._session.run(
                plan,
                approve=approver,
                concurrency=args.concurrency,
                fixed=args.fixed,
                on_error=args.on_error or "record",
                stop_on_first_error=args.stop_on_first_error,
            )

    async def _ended(self, run: Run) -> Run:
        if await followed(self._call, run, self.where):
            raise interrupted(self._call, run)
        return run

    def _after(self, pilot: Run) -> None:
        if self._budget_pusd is None:
            self._budget_pusd = pilot.row.budget_pusd  # the whole one: the pilot had all of it
        self._options = self._session.after_pilot(pilot, self._options)


def interrupted(call: Call, run: Run) -> KeyboardInterrupt:
    """Tell how far an interrupted run has come, and how to go on; the interrupt is to be raised again."""
    call.bench.show(call.bench.said_of(run))
    return KeyboardInterrupt()


async def followed(call: Call, run: Run, where: Spot) -> bool:
    """Wait for a run of a verb, by the widget where the cell awaits; whether it was interrupted.

    Raises:
        RunInterrupted: Rows failed, and the run was to raise.
        LedgerError: A write failed; nothing more was sent after it.
    """
    clicks = call.clicks
    if clicks is not None:
        return await follow_clicked(run, where, clicks, call.session.settings.user)
    with interruptible():
        return follow(run, where)
