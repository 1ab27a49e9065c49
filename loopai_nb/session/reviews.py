"""The reviews of a session: look at what a run answered, decide, compare with another run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.execution.run import Run
from loopai_nb.redaction import Redactor
from loopai_nb.session.runs import Runs

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd

    from loopai_nb.session.comparing import Comparison
    from loopai_nb.session.review import Review

__all__ = ["Reviews"]


class Reviews(Runs):
    """The part of a session that reviews and compares runs."""

    def review(
        self,
        run_id: str | Run,
        *,
        reviewer: str | None = None,
        frame: pd.DataFrame | None = None,
        answer: str = "answer",
    ) -> Review:
        """Begin to review a run, or go on with it.

        Args:
            run_id: Which, by its id or handle.
            reviewer: Who decides; by default the settings' ``LOOPAI_USER``.
            frame: The frame that was asked, so that rows are seen with their columns; this session's own by
                default.
            answer: Name of the answer's column, where the frame is given.

        Raises:
            InputError: There is no such run.
        """
        from loopai_nb.session.comparing import lined_up
        from loopai_nb.session.review import Review
        from loopai_nb.session.review_sheet import Sheet
        from loopai_nb.session.same_rows import doubt_of

        run = self._handle(run_id, frame, answer)

        def earlier(other: str) -> tuple[list[str | None], str]:
            before = self.show(other)
            theirs = Sheet(self.ledger, before.plan_id, before.run_id)
            ours = Sheet(self.ledger, run.plan_id, run.run_id)
            _, places = lined_up(ours.labels, theirs.labels, run.run_id, other)
            at = dict(places)
            found = [theirs.originals[at[place]] if place in at else None for place in range(ours.rows)]
            return found, doubt_of(self.ledger, run, before, ours.labels, theirs.labels)

        return Review(
            self.ledger,
            run,
            reviewer or self.settings.user,
            redactor=self._redactor(),
            earlier=earlier,
        )

    def reviews(self, limit: int = 20) -> list[Any]:
        """What was reviewed last, newest first: ``run_id, frame_name, reviewer, at_ms, n`` (decisions)."""
        return self.ledger.review_counts(limit)

    def diff(
        self,
        first: str | Run,
        second: str | Run,
        *,
        label: str | None = None,
        frame: pd.DataFrame | None = None,
    ) -> Comparison:
        """Compare two runs on the same rows: answers, failures, cost, latency, agreement with a label.

        Args:
            first: The one, by its id or handle.
            second: The other.
            label: A column with what should have been answered; see ``comparing.compare``.
            frame: The frame that has it; by default what this session asked.

        Raises:
            InputError: No such run, no row that both asked, or no such column.
        """
        from loopai_nb.session.comparing import compare

        one, other = self._handle(first), self._handle(second)
        labelled = None if frame is None else one.beside(frame)
        return compare(self.ledger, one, other, label=label, redactor=self._redactor(), labelled=labelled)

    def _handle(self, run: str | Run, frame: pd.DataFrame | None = None, answer: str = "answer") -> Run:
        return self.show(run.run_id if isinstance(run, Run) else run, frame=frame, answer=answer)

    def _redactor(self) -> Redactor | None:
        return Redactor(self.settings.redact) if self.settings.redact else None
