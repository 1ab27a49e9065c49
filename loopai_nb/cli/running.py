"""``run``, ``resume`` and ``retry``: rows in, a plan, a person's yes, answers out."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopai_nb.approval.gate import Decision
from loopai_nb.approval.pending import decided_text
from loopai_nb.cli.asking import read_decision, reader, watch
from loopai_nb.cli.exits import Exit
from loopai_nb.cli.handing import hand_over
from loopai_nb.cli.outfile import OutFile
from loopai_nb.cli.rows import check_names, read_rows
from loopai_nb.cli.whole import ask_whole, check_whole
from loopai_nb.connections import Connections
from loopai_nb.errors import ApprovalRequired, InputError
from loopai_nb.hints import in_shell
from loopai_nb.notebook.days import day_money
from loopai_nb.notebook.deciding import unknown_by
from loopai_nb.notebook.pilots import NO_PILOT, PILOT_WAS_ALL, pilot_of, was_all
from loopai_nb.notebook.plan_card import PlanCard
from loopai_nb.notebook.run_lines import interrupted_line, run_sentences
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.prompts.structured import AnswerSchema
from loopai_nb.prompts.template import Template
from loopai_nb.records import ApprovalState, RunState

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    import pandas as pd

    from loopai_nb.approval.pending import Pending
    from loopai_nb.cli.console import Console
    from loopai_nb.execution.run import Run
    from loopai_nb.ledger.records import ApprovalRow
    from loopai_nb.planning.plan import Plan
    from loopai_nb.session import Session

__all__ = ["resume", "retry", "run"]

_KEPT = "What was answered is kept; see it with: loopai-nb runs"


class _Card(PlanCard):
    """The plan's box, with its hints in the shell's words."""

    def __init__(self, plan: Plan, session: Session, *, fixed: bool) -> None:
        super().__init__(plan, in_flight=session.settings.concurrency, fixed=fixed, day=day_money(session))
        # Here and not in the finished box, whose lines are wrapped and filled to its border.
        self._facts = [in_shell(fact) for fact in self._facts]


class _Gate:
    """Shows each plan and asks about it: of a pilot and of the whole, one by one. An ``AskingApprover``."""

    def __init__(self, session: Session, args: argparse.Namespace, console: Console) -> None:
        self._session = session
        self._args = args
        self._console = console
        self._plans = itertools.count(1)

    def ask(self, plan: Plan, pending: Pending) -> Decision:
        """Show a plan, then ask."""
        self._show(plan)
        user = self._session.settings.user
        # Where every answer is in the ledger there is nothing that a person would have to allow.
        if self._args.yes or plan.to_send == 0:
            return Decision(ApprovalState.APPROVED, user, "code")
        decision = read_decision(plan, user, pending)
        row = pending.row
        if row.state is not ApprovalState.PENDING:
            self._console.say(f"It was {decided_text(row)} meanwhile, and that counts.")
        return decision

    def told(self, plan: Plan, row: ApprovalRow) -> None:
        """Show a plan that a policy approved."""
        self._show(plan)
        self._console.say(f"Approved by the policy: {row.feedback}.")

    def _show(self, plan: Plan) -> None:
        if was_all(plan, next(self._plans)):
            self._console.say(PILOT_WAS_ALL)
        else:
            self._console.tell(_Card(plan, self._session, fixed=self._args.fixed))


def run(args: argparse.Namespace, console: Console) -> int:
    """Ask the model server about every row.

    Raises:
        LoopaiNbError: See ``Session``; where it is raised before the approval, nothing was sent.
    """
    _check_run(args)
    out = None if args.out is None else OutFile(args.out)
    template = Template(args.template, system=args.system)
    schema = _schema(args)
    with console.session(concurrency=args.concurrency, timeout_s=args.timeout_s) as session:
        for note in session.settings.notes:
            console.say(note)
        _tell_interrupted(session, console)
        if args.server or args.model or args.kind or args.price:
            session.use_server(args.server, model=args.model, kind=args.kind, price=args.price)
        frame, name = read_rows(args, session)
        if args.sample is not None:
            frame = frame.head(args.sample)
        options = {
            "max_tokens": args.max_tokens,
            "temperature": args.temperature,
            "budget_usd": args.budget,
            "cache": not args.no_cache,
            "schema": schema,
        }
        if args.schema_retries is not None:
            options["schema_retries"] = args.schema_retries
        if args.whole:
            return ask_whole(args, console, session, template, frame=frame, out=out, options=options)
        check_names(frame, name, args, schema)
        if out is not None:
            out.check(frame)
        options |= {"name": name, "answer": args.answer, "dedup": not args.no_dedup}
        if args.dry_run:
            plan = session.plan(frame, template, **options)
            console.show(_Card(plan, session, fixed=args.fixed).text())
            return Exit.DONE
        started = _start(session, frame, template, args, console, options)
        return _finish(started, session, console, out)


def resume(args: argparse.Namespace, console: Console) -> int:
    """Go on with a run that stopped, or help another process with it.

    Raises:
        LoopaiNbError: See ``Session.resume`` and ``Session.join``.
    """
    if args.join and (args.budget is not None or args.on_unknown is not None):
        raise InputError(
            "Who helps another process changes nothing about its run.",
            "Leave --budget and --on-unknown out beside --join.",
        )
    out = None if args.out is None else OutFile(args.out)
    with console.session(concurrency=args.concurrency, timeout_s=args.timeout_s) as session:
        found = session.show(args.run)
        if found.state is RunState.COMPLETED:
            if args.join or args.budget is not None or args.on_unknown is not None:
                console.say("The run is complete: nothing is left to send, and its answers are handed over.")
            return _finish(found, session, console, out)
        _choose_server(args, session, found)
        if args.join:
            return _finish(session.join(args.run, fixed=args.fixed), session, console, out)
        return _finish(_gone_on(session.resume, args, session, console), session, console, out)


def retry(args: argparse.Namespace, console: Console) -> int:
    """Ask the failed rows of a run again, and what has not been asked yet.

    Raises:
        LoopaiNbError: See ``Session.retry``.
    """
    out = None if args.out is None else OutFile(args.out)
    with console.session(concurrency=args.concurrency, timeout_s=args.timeout_s) as session:
        _choose_server(args, session, session.show(args.run))
        return _finish(_gone_on(session.retry, args, session, console), session, console, out)


def _gone_on(go_on: Callable[..., Run], args: argparse.Namespace, session: Session, console: Console) -> Run:
    try:
        return go_on(
            args.run,
            budget_usd=args.budget,
            on_unknown=unknown_by(reader(), session, args.run, args.on_unknown),
            fixed=args.fixed,
        )
    except KeyboardInterrupt:
        console.say(_KEPT)
        raise


def _choose_server(args: argparse.Namespace, session: Session, found: Run) -> None:
    """Connect to the server that the run asked."""
    spec = PlanSpec.from_json(found.row.spec)
    session.use_server(
        args.server or _saved_name(spec) or spec.server_url, model=spec.model, kind=spec.server_kind
    )


def _check_run(args: argparse.Namespace) -> None:
    """Refuse what can't be meant together."""
    if args.whole:
        check_whole(args)
    if args.dry_run and args.pilot is not None:
        raise InputError("A dry run sends nothing, and a pilot does.", "Leave one of both out.")
    if not args.template.strip():
        raise InputError("The template is empty.", "Write the prompt: --template TEXT, or @FILE.")


def _schema(args: argparse.Namespace) -> AnswerSchema | None:
    if args.schema is not None:
        return AnswerSchema.of(args.schema)
    if args.schema_retries is not None:
        raise InputError("--schema-retries is about answers with a schema.", "Add --schema, or leave it out.")
    return None


def _start(
    session: Session,
    frame: pd.DataFrame,
    template: Template,
    args: argparse.Namespace,
    console: Console,
    options: dict[str, Any],
) -> Run:
    """Plan it, get the plan decided (a pilot's before), and begin."""
    pilot = pilot_of(args.pilot, len(frame))
    if pilot != args.pilot:
        console.say(NO_PILOT)
    try:
        return session.map(
            frame,
            template,
            approve=_Gate(session, args, console),
            wait=False,
            fixed=args.fixed,
            on_error=args.on_error,
            stop_on_first_error=args.stop_on_first_error,
            pilot=pilot,
            **options,
        )
    except ApprovalRequired as exc:
        raise ApprovalRequired(
            "This plan needs approval and nobody can answer here.",
            f"Approve it with --yes, or with: loopai-nb approve {exc.approval_id}; then the same command "
            "again. Nothing was sent.",
            approval_id=exc.approval_id,
        ) from None
    except KeyboardInterrupt:
        console.say(_KEPT)
        raise


def _finish(run: Run, session: Session, console: Console, out: OutFile | None) -> int:
    """Wait for the end, say how it ended, and hand over the answers."""
    interrupted = watch(run)
    console.say(run_sentences(run, session).text())
    complete = run.state is RunState.COMPLETED
    if interrupted and not complete:
        # A file of a part would be taken for the whole; the ledger has what is answered.
        return Exit.INTERRUPTED
    result = run.result()
    # Rows of which none was asked are no table that one would read.
    if out is not None or (result["status"] != "skipped").any():
        hand_over(result, console, out)
    return Exit.DONE if complete else Exit.PARTIAL


def _tell_interrupted(session: Session, console: Console) -> None:
    """Say which runs a process left behind; a ledger that does not exist is not made for it."""
    ledger = session.settings.ledger
    if isinstance(ledger, Path) and not ledger.exists():
        return
    for row in session.interrupted()[:1]:
        console.say(interrupted_line(row))


def _saved_name(spec: PlanSpec) -> str | None:
    """The saved server that a run asked: a URL alone would not bring its key."""
    saved = Connections.load().servers.values()
    return next((each.name for each in saved if each.url == spec.server_url), None)
