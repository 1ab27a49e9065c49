"""Several people who review one run: who looks at what, and how far they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.ledger.reviews import AssignmentRow
from loopai_nb.records import ReviewState
from loopai_nb.session.agreement import Agreement, agreement_of
from loopai_nb.session.checking import checked_text
from loopai_nb.session.review_browsing import Browsing
from loopai_nb.session.review_filter import ReviewFilter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

__all__ = ["REJECTED_ANSWER", "Shared"]

REJECTED_ANSWER = "(rejected) "
"""Stands for an answer that a reviewer leaves as none; with a space at its end, as no answer is compared."""


class Shared(Browsing):
    """The part of a review that knows of other reviewers; see ``Review``."""

    def assign(
        self, reviewer: str, rows: range | tuple[int, int] | Mapping[str, Any] | ReviewFilter | str
    ) -> int:
        """Give rows to a reviewer, beside those that this person has.

        Args:
            reviewer: Who, as ``LOOPAI_USER`` names them.
            rows: A range of positions, ``(first, last)`` with both, or a filter that depends on the answers
                only.

        Returns:
            How many rows of the run it is.

        Raises:
            InputError: An empty range, or a filter that others can't apply.
        """
        import numpy as np

        checked_text(reviewer, "reviewer")
        with self._lock:
            self._refresh()
            first = last = text = None
            if isinstance(rows, range | tuple):
                first, last = (rows.start, rows.stop - 1) if isinstance(rows, range) else rows
                if (isinstance(rows, range) and rows.step != 1) or not 0 <= first <= last < self._sheet.rows:
                    raise InputError(
                        f"The run has the rows 0 to {self._sheet.rows - 1:,}, and not {rows!r}.",
                        "Use a range such as range(0, 100).",
                    )
            else:
                text = ReviewFilter.of(rows).as_json()
            row = AssignmentRow(0, reviewer, first, last, text, self.reviewer, self._ledger.now_ms())
            taken = self._of(row)
            self._ledger.assign_reviewer(self.run.run_id, row)
            return int(np.count_nonzero(taken))

    def unassign(self, reviewer: str) -> int:
        """Take all rows from a reviewer; what they said stays. Returns how many assignments there were."""
        return self._ledger.unassign_reviewer(self.run.run_id, reviewer)

    @property
    def reviewers(self) -> list[str]:
        """Who said something, in the order of their first reviews."""
        with self._lock:
            self._refresh()
            return self._sheet.reviewers()

    def agreement(self, first: str, second: str, on: Literal["decision", "answer"] = "decision") -> Agreement:
        """How far two reviewers decided the same, of what both decided; skipped rows are left out.

        Args:
            first: One reviewer.
            second: The other.
            on: ``decision``: accepted, edited or rejected; ``answer``: the answer as each leaves it, a
                rejected one as ``(rejected)``.

        Returns:
            One row a distinct request, or a row of the run where one of them decided row by row.
        """
        if on not in ("decision", "answer"):
            raise InputError(f"on is {on!r}; it has to be 'decision' or 'answer'.")
        with self._lock:
            self._refresh()
            pairs = [
                (one, other)
                for place in self._judged_units((first, second))
                if (one := self._verdict(place, first, on)) is not None
                and (other := self._verdict(place, second, on)) is not None
            ]
        return agreement_of([one for one, _ in pairs], [other for _, other in pairs])

    def _judged_units(self, who: tuple[str, str]) -> list[int]:
        """A position for each distinct answer, or each row where somebody decided row by row."""
        sheet = self._sheet
        units: list[int] = []
        for number in dict.fromkeys(number for number in sheet.request_nos if number is not None):
            places = sheet.places(number)
            units += places if sheet.by_row(number, who) else places[:1]
        return units

    def _verdict(self, position: int, reviewer: str, on: str) -> str | None:
        row = self._sheet.said(position, reviewer)
        if row is None or row.state is ReviewState.SKIPPED:
            return None
        if on == "decision":
            return row.state.lower()
        if row.state is ReviewState.REJECTED:
            return REJECTED_ANSWER
        text = row.text if row.state is ReviewState.EDITED else self._sheet.originals[position]
        return (text or "").strip()
