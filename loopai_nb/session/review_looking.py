"""Looking at the answers of a run: windows of them, one by one, and how far the review came."""

from __future__ import annotations

import json
import threading
import warnings
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.session.checking import checked_text
from loopai_nb.session.review_filter import PENDING, STATES, ReviewFilter, checked_sort
from loopai_nb.session.review_rows import ReviewRows
from loopai_nb.session.review_sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from loopai_nb.execution.run import Run
    from loopai_nb.ledger.reviews import AssignmentRow
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.redaction import Redactor

__all__ = ["Looking", "ReviewProgress"]


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """How far a review came, in rows that have an answer.

    Attributes:
        total: Rows to look at: those that are assigned, else all.
        pending: Not decided.
        accepted: As they are.
        edited: Changed by a person.
        rejected: Not to be used.
        skipped: Looked at and left open.
    """

    total: int
    pending: int
    accepted: int
    edited: int
    rejected: int
    skipped: int

    def __str__(self) -> str:
        parts = [f"{self.total - self.pending:,} of {self.total:,} reviewed"]
        parts += [
            f"{n:,} {name}"
            for name in ("accepted", "edited", "rejected", "skipped")
            if (n := getattr(self, name))
        ]
        return " · ".join(parts)


class Looking:
    """The part of a review that changes nothing; see ``Review``."""

    def __init__(
        self,
        ledger: Ledger,
        run: Run,
        reviewer: str,
        *,
        redactor: Redactor | None,
        earlier: Callable[[str], tuple[list[str | None], str]],
    ) -> None:
        self.run = run
        self.reviewer = checked_text(reviewer, "reviewer")
        self._ledger = ledger
        self._redactor = redactor
        self._lock = threading.RLock()
        self._sheet = Sheet(ledger, run.plan_id, run.run_id)
        self._rows = ReviewRows(self._sheet, run, redactor, earlier)
        self._assigned: list[AssignmentRow] = []
        self._version = 0
        self._warned: set[str] = set()
        self._mine: np.ndarray[Any, Any] | None = None

    def window(
        self, offset: int = 0, n: int = 50, where: object = None, sort: str | None = None
    ) -> dict[str, Any]:
        """Some of the rows, such as a filter takes.

        Args:
            offset: How many of them to leave out.
            n: How many at most.
            where: See ``ReviewFilter.of``.
            sort: ``position``, ``length``, ``latency``, ``answer`` or ``state``; ``-length`` is the longest
                first.

        Returns:
            ``total`` (rows that the filter takes), ``offset``, and ``rows``: for each ``position``,
            ``label`` (JSON), ``request_id``, ``status``, ``answer`` (as it stands), ``original`` (the
            model's), ``error``, ``state``, ``note``, ``reviewer``, ``reviewed_ms``, ``latency_ms``,
            ``length`` (characters), ``alike`` (rows with this answer's request, itself among them) and
            ``row``, its columns. Only values that JSON holds.

        Raises:
            InputError: See ``ReviewFilter``.
        """
        wanted, (name, descending) = ReviewFilter.of(where), checked_sort(sort)
        with self._lock:
            positions = self._rows.ordered(self._taken(wanted), name, descending=descending)
            some = positions[max(0, offset) : max(0, offset) + max(0, n)]
            rows = [self._rows.shown(int(position)) for position in some]
        return {"total": len(positions), "offset": max(0, offset), "rows": rows}

    def next(self, after: int = -1, where: object = None) -> dict[str, Any] | None:
        """The next row that waits for a decision, behind a position, else from the beginning; None for none.

        Args:
            after: A position.
            where: Among which rows; by default all that are to be looked at.
        """
        import numpy as np

        with self._lock:
            found = np.flatnonzero(self._taken(ReviewFilter.of(where).but_pending()) & self._answered())
            later = found[found > after]
            chosen = later if len(later) else found
            return self._rows.shown(int(chosen[0])) if len(chosen) else None

    def row(self, position: int) -> dict[str, Any]:
        """One row as ``window`` shows it, with ``prompt`` and ``system``, what was asked.

        Raises:
            InputError: There is no such row.
        """
        with self._lock:
            self._refresh()
            self._check_position(position)
            key = self._sheet.keys[position]
            prompt, system = (None, None) if key is None else self._ledger.prompt_of(self.run.plan_id, key)
            return {**self._rows.shown(position), "prompt": prompt, "system": system}

    def same_answer(self, position: int) -> ReviewFilter:
        """The filter of all undecided rows with the answer of this one, for a decision about all of them."""
        with self._lock:
            self._refresh()
            self._check_position(position)
            return ReviewFilter(answer=self._sheet.answers[position] or "", state=(PENDING,))

    @property
    def assignments(self) -> list[AssignmentRow]:
        """Who is to look at what."""
        return self._ledger.review_assignments(self.run.run_id)

    @property
    def progress(self) -> ReviewProgress:
        """How far it came."""
        with self._lock:
            self._refresh()
            codes = self._sheet.codes[self._view() & self._answered()]
            counts = Counter(STATES[code] for code in codes.tolist())
        return ReviewProgress(total=len(codes), **{state: counts[state] for state in STATES})

    def _refresh(self) -> None:
        own = self._sheet.refresh(self.reviewer)
        known = (own, self._sheet.version)
        if known != (self._assigned, self._version):
            self._assigned, self._version = known
            self._mine = None

    def _view(self) -> Any:
        """The rows that are to be looked at."""
        import numpy as np

        if self._mine is None:
            mine = np.zeros(self._sheet.rows, dtype=bool)
            for row in self._assigned:
                mine |= self._of(row)
            self._mine = mine if self._assigned else ~mine
        return self._mine

    def _of(self, row: AssignmentRow) -> Any:
        import numpy as np

        if row.filter is not None:
            return self._rows.taken(ReviewFilter.of(json.loads(row.filter)), original=True)
        taken = np.zeros(self._sheet.rows, dtype=bool)
        taken[row.first : (row.last or 0) + 1] = True
        return taken

    def _taken(self, wanted: ReviewFilter) -> Any:
        """The rows that a filter takes, of those to look at; warns where it compared others."""
        taken = self._taken_quietly(wanted)
        if (doubt := self._doubt(wanted)) and doubt not in self._warned:
            self._warned.add(doubt)
            warnings.warn(doubt, stacklevel=3)
        return taken

    def _taken_quietly(self, wanted: ReviewFilter) -> Any:
        self._refresh()
        return self._rows.taken(wanted) & self._view()

    def _doubt(self, wanted: ReviewFilter) -> str:
        return self._rows.doubts.get(wanted.differs or "", "")

    def _answered(self) -> Any:
        import numpy as np

        sheet = self._sheet
        return np.fromiter((number is not None for number in sheet.request_nos), dtype=bool, count=sheet.rows)

    def _check_position(self, position: int) -> None:
        if not 0 <= position < self._sheet.rows:
            raise InputError(f"There is no row {position}.", f"The last one is {self._sheet.rows - 1}.")
