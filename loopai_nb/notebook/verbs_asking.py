"""Verbs that ask the model: map over a DataFrame, and one prompt."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError, ModelServerError, TemplateError
from loopai_nb.notebook.approval_desk import Change
from loopai_nb.notebook.changed_values import changes_said
from loopai_nb.notebook.mapping import Rounds, followed, interrupted
from loopai_nb.notebook.pilots import NO_PILOT, pilot_of
from loopai_nb.notebook.progress import follow_behind
from loopai_nb.notebook.schemas import schema_of
from loopai_nb.notebook.shown import MUTED, Sentences, Shown, plain, safe
from loopai_nb.notebook.waiting import interruptible
from loopai_nb.notebook.wording import joined, latency
from loopai_nb.notebook.workbench import is_frame
from loopai_nb.pricing import format_usd, pusd
from loopai_nb.prompts.template import Template
from loopai_nb.records import RunState

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from loopai_nb.execution.run import Run
    from loopai_nb.notebook.progress import Spot
    from loopai_nb.notebook.workbench import Call

__all__ = ["AnswerText", "ask", "finish", "map_frame"]

_MOST_ANSWER = 20_000


async def map_frame(call: Call) -> Any:
    """Plan, approve, run: the template of the cell for every row."""
    args, session, bench = call.args, call.session, call.bench
    frame = call.asked(args.frame)
    is_whole = is_frame(frame)
    if is_whole and args.sample is not None:
        # Before anything is made of the frame: the pilot is of the rows that will be asked.
        frame = frame.head(args.sample)
    options: dict[str, Any] = {
        "name": args.frame,
        "answer": args.answer or "answer",
        "max_tokens": args.max_tokens,
        "temperature": args.temperature,
        "budget_usd": args.budget,
        "model": args.model,
        "dedup": not args.no_dedup,
        "concurrency": args.concurrency,
        "sample": None if is_whole else args.sample,
        **_schema_options(call),
    }
    if args.dry_run:
        if args.pilot is not None:
            raise InputError("A dry run sends nothing, and a pilot does.", "Leave one of both out.")
        with changes_said(bench), interruptible():
            plan = session.plan(frame, call.cell or "", system=args.system, **options)
        bench.press(plan, args.concurrency, fixed=args.fixed)
        return plan
    # A stream has no pilot, and the session says so.
    pilot = pilot_of(args.pilot, len(frame)) if is_whole else args.pilot
    if pilot != args.pilot:
        bench.show(Sentences(NO_PILOT))
    rounds = Rounds(call, frame, Change(call.cell or "", args.system), options, is_whole=is_whole)
    if pilot is not None:
        await rounds.pilot(pilot)
    run = await rounds.run()
    # Where nothing is sent there is nothing to go on below the cell.
    wait = not args.no_wait or not rounds.to_send
    return await finish(call, run, rounds.where, args.output, wait=wait)


def _schema_options(call: Call) -> dict[str, Any]:
    """The options of ``Session.plan`` about schema and cache that map and ask share."""
    args = call.args
    schema = schema_of(args.schema, call.names)
    if schema is None and args.schema_retries is not None:
        raise InputError("--schema-retries is about answers with a schema.", "Add --schema, or leave it out.")
    retries = {} if args.schema_retries is None else {"schema_retries": args.schema_retries}
    return {"schema": schema, **retries, "cache": not args.no_cache}


async def finish(
    call: Call,
    run: Run,
    where: Spot,
    name: str | None,
    *,
    wait: bool,
    frame: pd.DataFrame | None = None,
) -> Run:
    """Show a run's progress until it ends, or from behind, and bind its answers.

    Args:
        call: Of the verb.
        run: Being carried out.
        where: Where its progress is shown.
        name: Variable for the answers.
        wait: Whether the cell waits.
        frame: The frame that was asked, where the run does not know it.
    """
    bench = call.bench
    if wait:
        stopped = False
        try:
            stopped = await followed(call, run, where)
        finally:
            bench.bind_result(run, name, frame)
        if stopped and run.state is not RunState.COMPLETED:
            raise interrupted(call, run)
        return run

    def done() -> Shown:
        bench.bind_result(run, name, frame)
        return bench.said_of(run, name=name or "")

    if name is not None and not bench.static:
        bench.show(Sentences(f"{name} is there when the run has ended; it goes on below."))
    user = None if bench.clicks() is None else bench.session.settings.user
    follow_behind(run, where, done, user)
    return run


def ask(call: Call) -> Any:
    """One prompt, one answer."""
    args, session, bench = call.args, call.session, call.bench
    if not (call.cell or "").strip():
        raise InputError("There is no prompt in the cell.", "Write it below %%loopai ask.")
    template = Template(call.cell or "", system=args.system)
    _check_names(template, call.names)
    run = session.ask(
        template,
        variables=call.names,
        max_tokens=args.max_tokens,
        temperature=args.temperature,
        budget_usd=args.budget,
        **_schema_options(call),
    )
    row = run.result().iloc[0]
    if row["answer"] is None:
        reason = row["error"] or run.row.reason or "it was stopped"
        if row["request_id"] is None:  # it never became a request
            raise InputError(f"The prompt can't be sent: {reason}", "Correct it and run the cell again.")
        raise ModelServerError(f"There is no answer: {reason}", f"Again: %loopai retry {run.run_id}")
    facts = [_tokens(row["input_tokens"], row["output_tokens"])]
    if row["status"] == "cached":
        facts = ["from the ledger, at no cost"]
    elif not bench.static:
        facts = [run.run_id, *facts, latency(row["latency_ms"]), f"{format_usd(pusd(row['cost_usd']))} USD"]
    answer = AnswerText(row["answer"], joined(facts))
    if args.output is not None:
        schema = run.schema
        bench.bind(args.output, answer.answer if schema is None else schema.parse(answer.answer))
    return answer


def _check_names(template: Template, names: Mapping[str, Any]) -> None:
    """Make sure that the notebook has what the prompt names; the session is given only that.

    Raises:
        TemplateError: It has not; a near name, or how to set it, is told.
    """
    missing = sorted(template.variables - set(names))
    if not missing:
        return
    near = difflib.get_close_matches(missing[0], [name for name in names if not name.startswith("_")], n=1)
    raise TemplateError(
        f'The prompt asks for "{missing[0]}", which this notebook does not have.',
        f'Did you mean "{near[0]}"?' if near else f"Set it in a cell above: {missing[0]} = ...",
    )


def _tokens(read: int | None, written: int | None) -> str:
    """What the server counted; "" where it said nothing: no prompt has 0 tokens."""
    return f"{read:,} tokens in, {written:,} out" if read and written is not None else ""


class AnswerText(Shown):
    """One answer, displayed with what it took; ``str()`` is the answer alone.

    Its HTML is the text itself: Markdown and HTML of a model are not rendered.

    Args:
        answer: The text.
        facts: One line about it.
    """

    def __init__(self, answer: str, facts: str) -> None:
        self.answer = answer
        self.facts = facts

    def __str__(self) -> str:
        return self.answer

    def text(self) -> str:
        """The answer, and the line below it."""
        said = plain(self.answer, _MOST_ANSWER)
        return f"{said}\n({plain(self.facts)})" if self.facts else said

    def html(self) -> str:
        """The answer with its line breaks, and a quieter line below it."""
        return (
            '<div class="loopai"><div style="white-space:pre-wrap;overflow-wrap:anywhere;max-width:56em">'
            f"{safe(self.answer, _MOST_ANSWER)}</div>"
            f'<div style="{MUTED};font-size:.92em">{safe(self.facts)}</div></div>'
        )
