"""The session: one object that a notebook, a program and the command line use alike."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopai_nb.approval.gate import Decision, approve_in_code
from loopai_nb.background import BackgroundLoop
from loopai_nb.connections import Connections
from loopai_nb.errors import InputError, RunInterrupted, TemplateError
from loopai_nb.execution.pacing import Paces
from loopai_nb.execution.run import Run
from loopai_nb.ledger import queries
from loopai_nb.ledger.runs import Reopening
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.pricing import pusd, usd
from loopai_nb.prompts.structured import AnswerSchema
from loopai_nb.prompts.template import Template
from loopai_nb.records import ApprovalState, RunState
from loopai_nb.redaction import Redactor
from loopai_nb.session import asking, tables
from loopai_nb.session.checking import check_frame, checked_extra, checked_number, checked_text, spread
from loopai_nb.session.making import MapOptions, make_plan
from loopai_nb.session.serving import Servers, choose_database, closed, hidden
from loopai_nb.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal
    from types import TracebackType
    from typing import Literal, Self

    import pandas as pd

    from loopai_nb.approval.gate import Approver
    from loopai_nb.clients.base import ModelServer
    from loopai_nb.ledger.records import RunRow
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.planning.plan import Plan
    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.push import PushSummary
    from loopai_nb.pricing import Price
    from loopai_nb.records import ServerInfo, ServerKind

__all__ = ["Session"]

_FRAMES_KEPT = 8
"""Frames of the last plans that are held, so that a run shown or resumed later has its columns."""

_DAY_S = 86_400.0

_CLOSE_TIMEOUT_S = 5.0
"""For all runs together to end, once they are asked to."""


def _nobody(plan: Plan) -> Decision:  # noqa: ARG001  (an Approver's signature)
    return Decision(ApprovalState.PENDING, "")


class Session:
    """Settings, database, model server and ledger, each opened when it is first needed.

    Safe to use from several threads. ``close()`` (or ``with``) cancels what still runs and releases all of
    it; every use after it raises InputError.

    Args:
        settings: Where to find things; by default read from the environment, ``.env`` and ``pyproject.toml``.
        approver: Asks a person about a plan where ``approve`` is not given; by default nobody is asked and
            the plan is refused.
    """

    def __init__(self, settings: Settings | None = None, *, approver: Approver | None = None) -> None:
        self.settings = settings or Settings.load(environ=os.environ, cwd=Path.cwd())
        self.approver: Approver = approver or _nobody
        # Held to read and to swap, never while a server or a database is asked.
        self._lock = threading.RLock()
        self._closed = False
        self._loop = BackgroundLoop()
        self._servers = Servers(self._loop, self.settings)
        self._database: Database | None = None
        self._ledger: Ledger | None = None
        self._frames: dict[str, tuple[pd.DataFrame, str]] = {}
        self._running: list[Run] = []
        self._paces = Paces()

    # Wiring

    @property
    def ledger(self) -> Ledger:
        """The ledger of the settings.

        Raises:
            LedgerError: It can't be opened.
        """
        with self._lock:
            self._check_open()
            if self._ledger is None:
                from loopai_nb.ledger.store import Ledger

                day = self.settings.budget_usd_per_day
                self._ledger = Ledger(
                    self.settings.ledger, day_budget_pusd=None if day is None else pusd(day)
                )
            return self._ledger

    @property
    def database(self) -> Database:
        """The connected database, by default that of the settings.

        Raises:
            SettingsError: None is connected and the settings name none.
        """
        with self._lock:
            self._check_open()
            if self._database is None:
                self._database = choose_database(self.settings, None, Connections.load)
            return self._database

    @property
    def server(self) -> ModelServer:
        """The chosen model server, by default that of the settings.

        Raises:
            SettingsError: None is chosen and the settings name none.
        """
        self._check_open()
        return self._servers.current().server

    @property
    def server_info(self) -> ServerInfo | None:
        """What the chosen model server said of itself; None before one was chosen."""
        chosen = self._servers.chosen
        return None if chosen is None else chosen.info

    @property
    def price(self) -> Price | None:
        """What a token costs at the chosen server now; None where nobody knows."""
        return self._servers.price_of(self.server)

    def connect(self, name: str | None = None) -> Database:
        """Open a database and check that it answers; where it does not, the one before stays connected.

        Args:
            name: A named connection, a URL, or None for the settings' ``DATABASE_URL``.

        Raises:
            SettingsError: Nothing of that name.
            DatabaseError: It does not answer, or refuses the user.
        """
        self._check_open()
        address = hidden(name)
        del name
        database = choose_database(self.settings, address, Connections.load)
        try:
            database.check()
        except BaseException:
            database.close()
            raise
        with self._lock:
            if self._closed:
                database.close()
                raise closed()
            old, self._database = self._database, database
        if old is not None:
            old.close()
        return database

    def use_server(
        self,
        where: str | None = None,
        *,
        model: str | None = None,
        kind: ServerKind | str | None = None,
        price: tuple[Decimal, Decimal] | None = None,
    ) -> ServerInfo:
        """Choose a model server and check that it answers; where it does not, the one before stays chosen.

        Args:
            where: Its base URL, the name of a saved server, or None for the settings' ``LOOPAI_SERVER``.
            model: Name of the model (for Loopai: a task's id); by default the settings' one, or the only one
                that the server offers.
            kind: Its protocol; guessed where it is not given.
            price: USD per million input and output tokens, where the price list does not know them.

        Raises:
            SettingsError: Nothing of that name, or no server is set.
            InputError: The server offers several models and none was chosen.
            ModelServerError: It does not answer.
        """
        self._check_open()
        address = hidden(where)
        del where
        return self._servers.choose(address, model, kind, price).info

    # Tables

    def tables(self, pattern: str | None = None) -> pd.DataFrame:
        """The database's tables and views; see ``catalog.tables``."""
        from loopai_nb.postgres import catalog

        return catalog.tables(self.database, pattern)

    def describe(self, table: str) -> pd.DataFrame:
        """The columns of a table; see ``catalog.describe``."""
        from loopai_nb.postgres import catalog

        return catalog.describe(self.database, table)

    def pull(
        self,
        source: str,
        *,
        where: str | None = None,
        params: Mapping[str, object] | None = None,
        limit: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Rows of a table or of a query as a DataFrame; see ``pull.pull``."""
        from loopai_nb.postgres.pull import pull

        return pull(self.database, source, where=where, params=params, limit=limit, columns=columns)

    def query(self, sql: str, params: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """The rows of a small statement as dictionaries, in a read-only transaction."""
        return self.database.execute(sql, params)

    def push(
        self,
        frame: pd.DataFrame,
        table: str,
        *,
        key: str | Sequence[str] | None = None,
        mode: Literal["append", "upsert"] | None = None,
        columns: Sequence[str] | None = None,
    ) -> PushSummary:
        """Answers back into Postgres, with their lineage, in one transaction; see ``tables.push_answers``."""
        return tables.push_answers(
            self.database, self.ledger, frame, table, key=key, mode=mode, columns=columns
        )

    # Asking

    def plan(  # noqa: PLR0913  (options of one call, each named where it is used)
        self,
        frame: pd.DataFrame,
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
        concurrency: int | None = None,
    ) -> Plan:
        """What would be sent for every row, and what it would cost; nothing is sent.

        Args:
            frame: One request per row; identical ones are sent once.
            template: Jinja2 over the frame's columns.
            system: A system prompt, also a template.
            name: Name of the frame in messages.
            answer: Name of the answer's column.
            max_tokens: Most tokens of an answer.
            temperature: 0 to 2.
            budget_usd: Most that the run may cost.
            sample: Ask only the first so many rows.
            model: Another model of the chosen server.
            extra: Further fields for the model server.
            constants: Template variables that are the same for every row.
            schema: What each answer has to fit: a JSON Schema, a Pydantic model, or a short form such as
                ``"part: engine|wing|other, damaged: bool"``; see ``AnswerSchema.of``.
            schema_retries: How often an answer that does not fit is asked for again, with the reason.
            cache: Use answers that the ledger has (as young as ``LOOPAI_CACHE_DAYS`` says).
            dedup: Send identical requests once; else each row is asked by itself.
            concurrency: Requests in flight at most, for the estimate.

        Raises:
            InputError: Empty frame, a parameter out of range, a budget without a known price, no schema.
            TemplateError: See ``Template`` and ``Template.check``.
        """
        frame = check_frame(frame, checked_text(name, "name"))
        if not isinstance(template, Template):
            if not isinstance(template, str):
                raise InputError(f"The template is a {type(template).__name__}, and has to be text.")
            template = Template(template, system=system)
        if sample is not None:
            sample = checked_number(sample, "sample", whole=True)
            if sample < 1:
                raise InputError(f"sample is {sample}; it has to be at least 1.")
            frame = frame.head(sample)
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
        )
        plan = make_plan(
            frame,
            template,
            options,
            ledger=work.ledger,
            server=work.server,
            redactor=work.redactor,
            price=self._servers.price_of(work.server),
            limits=asking.limits_of(settings, concurrency),
        )
        with self._lock:
            # A view of our own: sorting the caller's frame in place does not move our rows.
            self._frames[plan.plan_id] = (frame.copy(deep=False), answer)
            while len(self._frames) > _FRAMES_KEPT:
                self._frames.pop(next(iter(self._frames)))
        return plan

    def run(
        self,
        plan: Plan,
        *,
        approve: bool | Approver | None = None,
        concurrency: int | None = None,
        fixed: bool = False,
        on_error: Literal["record", "raise"] = "record",
        stop_on_first_error: bool = False,
    ) -> Run:
        """Get a plan approved and start sending it; returns at once.

        Args:
            plan: Of this session.
            approve: True approves in code; a callable is asked; None asks the session's approver.
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
        return self._watched(asking.start(self._work(plan.spec.model), plan, approver, limits, caller))

    def map(
        self,
        frame: pd.DataFrame,
        template: Template | str,
        *,
        approve: bool | Approver | None = None,
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
                cost; they count as answered, and what they cost counts against the budget.
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
        if pilot is not None:
            options = self._piloted(frame, template, pilot, how, options)
        run = self.run(self.plan(frame, template, concurrency=concurrency, **options), **how)
        return self._waited(run) if wait else run

    def _piloted(
        self,
        frame: pd.DataFrame,
        template: Template | str,
        n: int,
        how: dict[str, Any],
        options: dict[str, Any],
    ) -> dict[str, Any]:
        """Ask some rows first; returns the options of the plan of all."""
        rows = spread(check_frame(frame, str(options.get("name", "the frame"))), n)
        pilot = self.run(self.plan(rows, template, **{**options, "sample": None}), **how)
        row = self._waited(pilot).row
        if row.state is not RunState.COMPLETED:
            raise RunInterrupted(
                f"The pilot {row.run_id} ended {row.state}: {row.reason}.",
                f"Look at it before you ask the rest: %loopai show {row.run_id}",
            )
        budget_usd = options.get("budget_usd", self.settings.budget_usd)
        if budget_usd is None:
            return options
        return {**options, "budget_usd": usd(max(0, pusd(budget_usd) - row.spent_pusd))}

    def _waited(self, run: Run) -> Run:
        try:
            return run.wait()
        except BaseException:
            # An interrupt may come before wait() has begun to look out for it.
            _stop(run)
            raise

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
        import pandas as pd

        template = prompt if isinstance(prompt, Template) else Template(prompt, system=system)
        wanted = {name: value for name, value in (variables or {}).items() if name in template.variables}
        template.check(wanted, frame_name="this notebook")
        plan = self.plan(pd.DataFrame(index=[0]), template, name="ask", constants=wanted, **options)
        if plan.problems:
            raise TemplateError(f"The prompt can't be sent: {plan.problems[0][1]}.")
        return self.run(plan, approve=True).wait()

    # Runs

    def runs(self, limit: int = 20) -> list[RunRow]:
        """The newest runs, newest first."""
        return queries.run_rows(self.ledger, limit)

    def show(self, run_id: str) -> Run:
        """The handle of a run, of this process or another.

        Raises:
            InputError: There is none of that id.
        """
        with self._lock:
            for run in self._running:
                if run.run_id == run_id:
                    return run
        row = queries.run_row(self.ledger, run_id)
        caller = self._caller(row.plan_id)
        redactor = Redactor(self.settings.redact) if self.settings.redact else None
        return Run(self.ledger, row, frame=caller.frame, answer_column=caller.answer, redactor=redactor)

    def resume(
        self,
        run_id: str,
        *,
        budget_usd: Decimal | float | str | None = None,
        on_unknown: Literal["resend", "ask", "skip"] | None = None,
        retry_failed: bool = False,
        concurrency: int | None = None,
        fixed: bool = False,
        frame: pd.DataFrame | None = None,
        answer: str = "answer",
    ) -> Run:
        """Go on with a run that stopped: only what has no answer is sent. Returns at once.

        Args:
            run_id: Which.
            budget_usd: Its new budget; None keeps the old one. What is spent counts against it.
            on_unknown: What to do with requests that may have been paid without a recorded answer; None as
                the settings say. ``ask`` refuses to go on where there are some, and says how many.
            retry_failed: Ask the failed ones again as well.
            concurrency: Requests in flight at most.
            fixed: See ``run``.
            frame: The frame that was asked, so that the result has its columns; this session's own by
                default.
            answer: Name of the answer's column.

        Raises:
            InputError: No such run, or it is being carried out, or it asked another server; or there are
                requests that may have been paid, and nobody said what to do with them.
            ModelServerError: The server does not answer; nothing was sent.
        """
        limits = asking.limits_of(self.settings, concurrency, fixed=fixed)
        row = queries.run_row(self.ledger, run_id)
        choice = on_unknown or self.settings.on_unknown
        if choice == "ask" and (unknown := queries.unknown_outcomes(self.ledger, row.plan_id)):
            raise InputError(
                f"{unknown:,} requests of {run_id} may have been paid, and their answers were lost.",
                f"Say what to do with them: %loopai resume {run_id} --on-unknown resend (or skip)",
            )
        how = Reopening(
            budget_pusd=None if budget_usd is None else pusd(budget_usd),
            resend=choice != "skip",
            retry_failed=retry_failed,
            decided_by=self.settings.user,
        )
        work = self._work(PlanSpec.from_json(row.spec).model, resend_unknown=choice != "skip")
        caller = self._caller(row.plan_id, frame=frame, answer=answer)
        return self._watched(asking.reopen(work, run_id, limits, how, caller))

    def retry(self, run_id: str, **options: Any) -> Run:
        """Ask the failed rows of a run again, and what it has not asked yet. Returns at once.

        Args:
            run_id: Which.
            **options: See ``resume``.

        Raises:
            InputError: See ``resume``; or no row of it has failed.
            ModelServerError: The server does not answer; nothing was sent.
        """
        if not queries.run_row(self.ledger, run_id).failed:
            raise InputError(f"No request of run {run_id} has failed.", f"Look at it: %loopai show {run_id}")
        return self.resume(run_id, retry_failed=True, **options)

    def join(self, run_id: str, *, concurrency: int | None = None, fixed: bool = False) -> Run:
        """Help another process with a run: both claim from the same ledger. Returns at once.

        Args:
            run_id: A run that is being carried out.
            concurrency: Requests in flight at most, of this process.
            fixed: See ``run``.

        Raises:
            InputError: No such run, nobody carries it out, or it asks another server.
            ModelServerError: The server does not answer; nothing was sent.
        """
        row = queries.run_row(self.ledger, run_id)
        limits = asking.limits_of(self.settings, concurrency, fixed=fixed)
        work = self._work(PlanSpec.from_json(row.spec).model)
        return self._watched(asking.join(work, run_id, limits, self._caller(row.plan_id)))

    def cancel(self, run_id: str) -> None:
        """Stop a run, of this process or another; what is answered is kept.

        Raises:
            InputError: There is none of that id.
        """
        self.show(run_id).cancel()

    def interrupted(self) -> list[RunRow]:
        """Runs whose process ended before they did, newest first; ``resume`` goes on with one."""
        return [row for row in self.runs() if row.owner_gone]

    def close(self) -> None:
        """Cancel what still runs and release everything, whatever fails; may be called twice."""
        with self._lock:
            self._closed = True
            running, self._running = self._running, []
            database, self._database = self._database, None
            ledger, self._ledger = self._ledger, None
            self._frames.clear()
        deadline_s = time.monotonic() + _CLOSE_TIMEOUT_S
        with contextlib.ExitStack() as last_first:
            if database is not None:
                last_first.callback(database.close)
            if ledger is not None:
                last_first.callback(ledger.close)
            last_first.callback(self._loop.close)
            last_first.callback(self._servers.close)
            for run in running:
                last_first.callback(_wait_for_end, run, deadline_s)
            for run in running:
                last_first.callback(_stop, run)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._closed:
            return "<Session closed>"
        chosen = self._servers.chosen
        server = "none" if chosen is None else f"{chosen.server.model} at {chosen.server.base_url}"
        return f"<Session database={self._database!r} server={server}>"

    def _check_open(self) -> None:
        if self._closed:
            raise closed()

    def _work(self, model: str | None, *, resend_unknown: bool | None = None) -> asking.Work:
        self._check_open()
        redactor = Redactor(self.settings.redact) if self.settings.redact else None
        resend = self.settings.on_unknown == "resend" if resend_unknown is None else resend_unknown
        return asking.Work(
            self._loop, self.ledger, self._servers.of(model), redactor, self._paces, resend_unknown=resend
        )

    def _caller(
        self,
        plan_id: str,
        *,
        frame: pd.DataFrame | None = None,
        answer: str = "answer",
        on_error: Literal["record", "raise"] = "record",
    ) -> asking.Caller:
        """Frame and answer column of a plan, this session's own by default."""
        if on_error not in ("record", "raise"):
            raise InputError(f"on_error is {on_error!r}; it has to be 'record' or 'raise'.")
        if frame is None:
            with self._lock:
                frame, answer = self._frames.get(plan_id, (None, answer))
        return asking.Caller(frame, answer, raise_failures=on_error == "raise")

    def _watched(self, run: Run) -> Run:
        with self._lock:
            if not self._closed:
                self._running = [r for r in self._running if not r.done]
                self._running.append(run)
                return run
        # Closed by another thread while the run was being started.
        _stop(run)
        raise closed()


def _stop(run: Run) -> None:
    # What can't be said to the run (its ledger is gone) is done by closing its loop.
    with contextlib.suppress(Exception):
        run.stop()


def _wait_for_end(run: Run, deadline_s: float) -> None:
    # How a run ended, and with what error, is its own: whoever holds it is told by wait().
    with contextlib.suppress(Exception):
        run.wait(timeout_s=max(0.0, deadline_s - time.monotonic()))
