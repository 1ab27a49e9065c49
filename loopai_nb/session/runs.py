"""The runs of a session: look at them, go on with them, stop them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.execution.run import Run
from loopai_nb.ledger import queries, unanswered
from loopai_nb.ledger.runs import Reopening
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.pricing import pusd
from loopai_nb.redaction import Redactor
from loopai_nb.session import asking
from loopai_nb.session.marks import Marks

if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Literal

    import pandas as pd

    from loopai_nb.ledger.records import RunRow

__all__ = ["Runs"]


class Runs(Marks):
    """The part of a session that knows its runs."""

    def runs(self, limit: int = 20) -> list[RunRow]:
        """The newest runs, newest first."""
        return queries.run_rows(self.ledger, limit)

    def show(self, run_id: str, *, frame: pd.DataFrame | None = None, answer: str = "answer") -> Run:
        """The handle of a run, of this process or another.

        Args:
            run_id: Which.
            frame: See ``resume``.
            answer: Name of the answer's column, where the frame is given.

        Raises:
            InputError: There is none of that id.
        """
        with self._lock:
            for run in self._running:
                if run.run_id == run_id:
                    return run if frame is None else run.beside(frame, answer)
        row = queries.run_row(self.ledger, run_id)
        caller = self._caller(row.plan_id, frame=frame, answer=answer)
        redactor = Redactor(self.settings.redact) if self.settings.redact else None
        return Run(
            self.ledger,
            row,
            frame=caller.frame,
            is_asked=caller.is_asked,
            answer_column=caller.answer,
            redactor=redactor,
        )

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
                default. Where its index tells rows apart it may be pulled again; see ``Run.result``.
            answer: Name of the answer's column.

        Raises:
            InputError: No such run, or it is being carried out, or it asked another server; or there are
                requests that may have been paid, and nobody said what to do with them.
            ModelServerError: The server does not answer; nothing was sent.
        """
        limits = asking.limits_of(self.settings, concurrency, fixed=fixed)
        row = queries.run_row(self.ledger, run_id)
        choice = on_unknown or self.settings.on_unknown
        if choice not in ("resend", "ask", "skip"):
            raise InputError(f"on_unknown is {choice!r}; it has to be resend, ask or skip.")
        if choice == "ask" and (unknown := unanswered.unknown_outcomes(self.ledger, row.plan_id)):
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
        work = self._work(PlanSpec.from_json(row.spec).model, resend_unknown=choice == "resend")
        caller = self._caller(row.plan_id, frame=frame, answer=answer)
        return asking.reopen(work, run_id, limits, how, caller)

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
        return asking.join(work, run_id, limits, self._caller(row.plan_id))

    def cancel(self, run_id: str) -> None:
        """Stop a run, of this process or another; what is answered is kept.

        Raises:
            InputError: There is none of that id.
        """
        self.show(run_id).cancel()

    def pause(self, run_id: str) -> None:
        """Let a run, of this process or another, send nothing more until ``go_on``; see ``Run.pause``.

        Raises:
            InputError: There is none of that id, or nobody is carrying it out.
        """
        self.show(run_id).pause(self.settings.user)

    def go_on(self, run_id: str) -> None:
        """Let a paused run, of this process or another, go on.

        Raises:
            InputError: There is none of that id, or nobody is carrying it out.
        """
        self.show(run_id).go_on(self.settings.user)

    def interrupted(self) -> list[RunRow]:
        """Runs whose process ended before they did, newest first; ``resume`` goes on with one."""
        return [row for row in self.runs() if row.owner_gone]
