"""The session: one object that a notebook, a program and the command line use alike."""

from __future__ import annotations

import difflib
import inspect
import logging
from typing import TYPE_CHECKING, Any

from loopai_nb.approval.gate import approve_in_code
from loopai_nb.errors import InputError, RunInterrupted, TemplateError
from loopai_nb.pricing import pusd, usd
from loopai_nb.prompts.structured import AnswerSchema
from loopai_nb.prompts.template import Template
from loopai_nb.records import RunState
from loopai_nb.session import asking
from loopai_nb.session.alerting import Alerts
from loopai_nb.session.checking import check_frame, checked_extra, checked_number, checked_text, spread
from loopai_nb.session.frames import Frames, is_stream
from loopai_nb.session.making import MapOptions, make_plan
from loopai_nb.telemetry.steps import step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from decimal import Decimal
    from typing import Literal

    import pandas as pd

    from loopai_nb.approval.gate import AnyApprover
    from loopai_nb.execution.run import Run
    from loopai_nb.planning.plan import Plan

__all__ = ["Session", "pilot_options"]

_log = logging.getLogger(__name__)

_FRAMES_KEPT = 8
"""Frames of the last plans that are held, so that a run shown or resumed later has its columns."""

_DAY_S = 86_400.0


def pilot_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a pilot's own plan, whose rows were chosen already."""
    return {name: value for name, value in options.items() if name not in {"sample", "leave_out"}}


class Session(Alerts):
    """Settings, database, model server and ledger, each opened when it is first needed.

    Safe to use from several threads. ``close()`` (or ``with``) cancels what still runs and releases all of
    it; every use after it raises InputError.

    Args:
        settings: Where to find things; by default read from the environment, ``.env`` and ``pyproject.toml``.
        approver: Asks a person about a plan where ``approve`` is not given; by default nobody is asked and
            the plan is refused.
    """

    def plan(  # noqa: PLR0913  (options of one call, each named where it is used)
        self,
        frame: pd.DataFrame | Iterable[pd.DataFrame],
        template: Template | str,
        *,
        system: str | None = None,
        name: str = "the frame",
        answer: str = "answer",
        max_tokens: int | None = None,
        temperature: float | None = None,
        budget_usd: Decimal | float | str | None = None,
        sample: int | None = None,
        model: str | None = None,
        extra: Mapping[str, object] | None = None,
        constants: Mapping[str, object] | None = None,
        schema: object = None,
        schema_retries: int = 2,
        cache: bool = True,
        dedup: bool = True,
        leave_out: Collection[int] = (),
        concurrency: int | None = None,
    ) -> Plan:
        """What would be sent for every row, and what it would cost; nothing is sent.

        Args:
            frame: One request per row; identical ones are sent once. Or a stream of frames, such as
                ``pull(..., chunks=50_000)`` gives, or any generator: it is read once and closed, only one of
                its frames is held at a time, and the digest is that of one frame of all the rows.
            template: Jinja2 over the frame's columns.
            system: A system prompt, also a template.
            name: Name of the frame in messages.
            answer: Name of the answer's column.
            max_tokens: Most tokens of an answer.
            temperature: 0 to 2.
            budget_usd: Most that the run may cost.
            sample: Ask only the first so many rows; of a stream no more is read.
            model: Another model of the chosen server.
            extra: Further fields for the model server.
            constants: Template variables that are the same for every row.
            schema: What each answer has to fit: a JSON Schema, a Pydantic model, or a short form such as
                ``"part: engine|wing|other, damaged: bool"``; see ``AnswerSchema.of``.
            schema_retries: How often an answer that does not fit is asked for again, with the reason.
            cache: Use answers that the ledger has (as young as ``LOOPAI_CACHE_DAYS`` says).
            dedup: Send identical requests once; else each row is asked by itself.
            leave_out: 0-based positions of rows that are not asked; in the result they have no answer.
            concurrency: Requests in flight at most, for the estimate.

        Raises:
            InputError: Empty frame, frames of a stream that differ, a stream that was read before, a
                parameter out of range, a budget without a known price, no schema.
            TemplateError: See ``Template`` and ``Template.check``.
        """
        checked_text(name, "name")
        if not isinstance(template, Template):
            if not isinstance(template, str):
                raise InputError(f"The template is a {type(template).__name__}, and has to be text.")
            template = Template(template, system=system)
        if sample is not None:
            sample = checked_number(sample, "sample", whole=True)
            if sample < 1:
                raise InputError(f"sample is {sample}; it has to be at least 1.")
        work = self._work(None if model is None else checked_text(model, "model"))
        settings = self.settings
        days = settings.cache_days if cache else 0.0
        options = MapOptions(
            name=name,
            answer=answer,
            max_tokens=checked_number(
                settings.max_tokens if max_tokens is None else max_tokens, "max_tokens", whole=True
            ),
            temperature=checked_number(
                settings.temperature if temperature is None else temperature, "temperature", whole=False
            ),
            budget_usd=asking.money(settings.budget_usd if budget_usd is None else budget_usd),
            extra=checked_extra(extra),
            constants=constants or {},
            schema=None if schema is None else AnswerSchema.of(schema),
            schema_retries=checked_number(schema_retries, "schema_retries", whole=True),
            cache_max_age_s=None if days is None else days * _DAY_S,
            dedup=dedup,
            leave_out=frozenset(leave_out),
        )
        frames = Frames(frame, name, sample)
        with step(_log, "plan", model=work.server.model) as found:
            plan = make_plan(
                frames,
                template,
                options,
                ledger=work.ledger,
                server=work.server,
                redactor=work.redactor,
                price=self._servers.price_of(work.server),
                limits=asking.limits_of(settings, concurrency),
            )
            found |= {"plan": plan.plan_id, "rows": plan.rows, "to_send": plan.to_send}
        with self._lock:
            self._frames[plan.plan_id] = (frames.held, answer)
            while len(self._frames) > _FRAMES_KEPT:
                self._frames.pop(next(iter(self._frames)))
        return plan

    def run(
        self,
        plan: Plan,
        *,
        approve: bool | AnyApprover | None = None,
        concurrency: int | None = None,
        fixed: bool = False,
        on_error: Literal["record", "raise"] = "record",
        stop_on_first_error: bool = False,
    ) -> Run:
        """Get a plan approved and start sending it; returns at once.

        Args:
            plan: Of this session.
            approve: True approves in code; a callable is asked; ``Pending`` is the question itself, asked
                and decided before; None asks the session's approver.
            concurrency: Requests in flight at most; it begins with few and adapts to the server.
            fixed: Keep that many in flight from the beginning, whatever the server says.
            on_error: ``record`` keeps a row's error in the result; ``raise`` also raises from ``wait()``.
            stop_on_first_error: End the run at the first row that fails for good.

        Raises:
            ApprovalRequired: Nobody could be asked; nothing was sent.
            ApprovalRefused: The answer was no.
            InputError: A parameter out of range.
            ModelServerError: The server does not answer; nothing was sent.
        """
        approver = approve_in_code(self.settings.user) if approve is True else (approve or self.approver)
        limits = asking.limits_of(
            self.settings, concurrency, fixed=fixed, stop_on_first_error=stop_on_first_error
        )
        caller = self._caller(plan.plan_id, on_error=on_error)
        return asking.start(self._work(plan.spec.model), plan, approver, limits, caller)

    def check_server(self, plan: Plan) -> None:
        """Make sure that the server of a plan answers, before a person is asked about it.

        Raises:
            InputError: The plan is for another server than the one that is connected.
            ModelServerError: It does not answer.
        """
        asking.check(self._work(plan.spec.model), plan)

    def map(
        self,
        frame: pd.DataFrame | Iterable[pd.DataFrame],
        template: Template | str,
        *,
        approve: bool | AnyApprover | None = None,
        wait: bool = True,
        concurrency: int | None = None,
        fixed: bool = False,
        on_error: Literal["record", "raise"] = "record",
        stop_on_first_error: bool = False,
        pilot: int | None = None,
        **options: Any,
    ) -> Run:
        """Plan, approve, run: ask the model server about every row.

        Args:
            frame: See ``plan``.
            template: See ``plan``.
            approve: See ``run``; asked once more for the rows of the pilot.
            wait: Return when the run has ended; else at once.
            concurrency: See ``run``.
            fixed: See ``run``.
            on_error: See ``run``.
            stop_on_first_error: See ``run``.
            pilot: Ask so many rows first, spread over the frame, so that the plan of all knows what they
                cost; they count as answered, and what they cost counts against the budget. Not of a stream.
            **options: See ``plan``.

        Returns:
            The run; ``result()`` is the DataFrame.

        Raises:
            RunInterrupted: Rows failed and ``on_error`` is ``raise``; or the pilot did not end well.
        """
        how: dict[str, Any] = {
            "approve": approve,
            "concurrency": concurrency,
            "fixed": fixed,
            "on_error": on_error,
            "stop_on_first_error": stop_on_first_error,
        }
        self._check_known("map", options)
        if pilot is not None:
            options = self._piloted(frame, template, pilot, how, options)
        run = self.run(self.plan(frame, template, concurrency=concurrency, **options), **how)
        return self._waited(run) if wait else run

    def _piloted(
        self,
        frame: pd.DataFrame | Iterable[pd.DataFrame],
        template: Template | str,
        n: int,
        how: dict[str, Any],
        options: dict[str, Any],
    ) -> dict[str, Any]:
        """Ask some rows first; returns the options of the plan of all."""
        rows = self.pilot_rows(frame, n, options)
        if rows is None:
            return options
        pilot = self.run(self.plan(rows, template, **pilot_options(options)), **how)
        return self.after_pilot(self._waited(pilot), options)

    def pilot_rows(
        self, frame: pd.DataFrame | Iterable[pd.DataFrame], n: int, options: Mapping[str, Any]
    ) -> pd.DataFrame | None:
        """The rows of a pilot, spread over those that a plan with these options would ask.

        Args:
            frame: See ``plan``; not a stream.
            n: How many.
            options: Of the plan of all.

        Returns:
            Fewer rows than that plan has; None where it would be all of them.

        Raises:
            InputError: A stream, or a plan in which rows of a pilot would not count as answered.
        """
        if not (options.get("cache", True) and options.get("dedup", True)) or self.settings.cache_days == 0:
            raise InputError(
                "The rows of a pilot count as answered, which they can't without cache or dedup.",
                "Leave out the pilot, or the other one.",
            )
        name = str(options.get("name", "the frame"))
        if is_stream(frame) or isinstance(frame, list | tuple):
            raise InputError(
                f"A pilot is of rows spread over all of them, and {name} is a stream, which is read once.",
                "Ask the first rows of a stream of their own before: sample=100. They count as answered.",
            )
        frame = check_frame(frame, name)
        asked = frame if options.get("sample") is None else frame.head(options["sample"])
        leave_out = frozenset(options.get("leave_out", ()))
        if leave_out:
            asked = asked.iloc[[position for position in range(len(asked)) if position not in leave_out]]
        rows = spread(asked, n)
        return None if len(rows) == len(asked) else rows  # a pilot of all of them is the run itself

    def after_pilot(self, pilot: Run, options: Mapping[str, Any]) -> dict[str, Any]:
        """The options of the plan of all, of whose budget its pilot has spent some.

        Raises:
            RunInterrupted: The pilot did not end well.
        """
        row = pilot.row
        if row.state is not RunState.COMPLETED:
            raise RunInterrupted(
                f"The pilot {row.run_id} ended {row.state}: {row.reason}.",
                f"Look at it before you ask the rest: %loopai show {row.run_id}",
            )
        given = options.get("budget_usd")
        budget_usd = self.settings.budget_usd if given is None else given
        if budget_usd is None:
            return dict(options)
        return {**options, "budget_usd": usd(max(0, pusd(budget_usd) - row.spent_pusd))}

    def _check_known(self, verb: str, options: Mapping[str, Any]) -> None:
        """Refuse an option that there is not, with the near ones.

        Raises:
            InputError: There is one.
        """
        known = [*inspect.signature(self.plan).parameters][2:]
        variables = "variables" if verb == "ask" else "constants"
        for name in options.keys() - set(known):
            near = difflib.get_close_matches(name, known, 2)
            raise InputError(
                f"{verb}() has no option {name!r}.",
                f"Did you mean {' or '.join(near)}?" if near else f"Template variables: {variables}={{...}}",
            )

    def ask(
        self,
        prompt: Template | str,
        *,
        system: str | None = None,
        variables: Mapping[str, object] | None = None,
        **options: Any,
    ) -> Run:
        """Ask one prompt. What a person types and runs is its own approval, within the budget.

        Args:
            prompt: A template; a DataFrame among its variables is written as a table.
            system: A system prompt, also a template.
            variables: What the template may name.
            **options: ``max_tokens``, ``temperature``, ``budget_usd``, ``extra`` of ``plan``.

        Returns:
            The finished run of one row; ``run.result()["answer"].iloc[0]`` is the answer.
        """
        self._check_known("ask", options)
        import pandas as pd

        template = prompt if isinstance(prompt, Template) else Template(prompt, system=system)
        wanted = {name: value for name, value in (variables or {}).items() if name in template.variables}
        template.check(wanted, frame_name="this notebook")
        plan = self.plan(pd.DataFrame(index=[0]), template, name="ask", constants=wanted, **options)
        if plan.problems:
            raise TemplateError(f"The prompt can't be sent: {plan.problems[0][1]}.")
        return self.run(plan, approve=True).wait()
