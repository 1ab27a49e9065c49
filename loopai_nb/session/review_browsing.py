"""Going through the answers of a run in an order that stays while they are decided, as a widget does."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from loopai_nb.session.review_filter import STATES, ReviewFilter, checked_sort
from loopai_nb.session.review_looking import Looking

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NO_ANSWER", "Browsing"]

NO_ANSWER = "-"
"""Stands among the letters of ``letters`` for a row that can't be decided."""

_LETTERS = "".join(state[0] for state in STATES)  # paers
_SEARCHED = 20_000
"""Characters of a cell that ``find`` looks at."""


class Browsing(Looking):
    """The part of a review that hands out rows by their positions; see ``Review``."""

    _texts: list[str] | None = None

    def positions(self, where: object = None, sort: str | None = None) -> list[int]:
        """The rows that ``window`` takes, in its order; says what is doubtful in ``doubt`` only.

        Raises:
            InputError: See ``ReviewFilter``.
        """
        wanted, (name, descending) = ReviewFilter.of(where), checked_sort(sort)
        with self._lock:
            taken = self._rows.ordered(self._taken_quietly(wanted), name, descending=descending)
            found: list[int] = taken.tolist()
            return found

    def doubt(self, where: object) -> str:
        """Why the earlier run that a filter compares with may be about other rows; "" for nothing."""
        with self._lock:
            return self._doubt(ReviewFilter.of(where))

    def rows(self, positions: Sequence[int]) -> list[dict[str, Any]]:
        """These rows as ``window`` shows them.

        Raises:
            InputError: There is no such row.
        """
        with self._lock:
            self._refresh()
            for position in positions:
                self._check_position(position)
            return [self._rows.shown(position) for position in positions]

    def letters(self, positions: Sequence[int]) -> str:
        """A letter for each of these rows: p, a, e, r or s as in ``STATES``, or ``NO_ANSWER``."""
        with self._lock:
            self._refresh()
            codes, numbers = self._sheet.codes, self._sheet.request_nos
            return "".join(
                NO_ANSWER if numbers[position] is None else _LETTERS[codes[position]]
                for position in positions
            )

    def alike(self, positions: Sequence[int]) -> list[int]:
        """The rows that a decision about these holds for: all with the same requests."""
        with self._lock:
            numbers = {self._sheet.request_nos[position] for position in positions}
            return sorted(
                place for number in numbers if number is not None for place in self._sheet.places(number)
            )

    def find(self, text: str, positions: Sequence[int], start: int, step: int) -> tuple[int | None, int]:
        """Look for a text in answers, labels and cells, in small or large letters.

        Args:
            text: What is looked for.
            positions: Rows to look at.
            start: Which of them is looked at first, 0 for the first; behind the last comes the first.
            step: 1 forwards, -1 backwards.

        Returns:
            Which of them has it, and how many have.
        """
        part = text.casefold()
        with self._lock:
            self._refresh()
            searched, answers = self._searched_texts(), self._sheet.answers
            holding = [
                place
                for place, row in enumerate(positions)
                if part in searched[row] or part in (answers[row] or "").casefold()
            ]
        if not holding:
            return None, 0
        ahead = [place for place in holding if (place >= start if step > 0 else place <= start)]
        if step > 0:
            return (ahead or holding)[0], len(holding)
        return (ahead or holding)[-1], len(holding)

    def frequent_answers(self, most: int) -> list[tuple[str, int]]:
        """The answers that most rows have, and how many: without spaces around them."""
        with self._lock:
            self._refresh()
            view, answers = self._view(), self._sheet.answers
            texts = (answers[place] for place in range(self._sheet.rows) if view[place])
            return Counter(text.strip() for text in texts if text is not None).most_common(most)

    @property
    def columns(self) -> list[str]:
        """Names of the columns that each row is shown with."""
        with self._lock:
            return list(self._rows.shown(0)["row"]) if self._sheet.rows else []

    @property
    def is_assigned(self) -> bool:
        """Whether it is of rows that were given to this reviewer."""
        with self._lock:
            self._refresh()
            return bool(self._assigned)

    def _searched_texts(self) -> list[str]:
        """Label and cells of each row; a decision changes neither."""
        if self._texts is None:
            columns = [self._rows.column(name) for name in self.columns]
            cells = [[str(value)[:_SEARCHED] for value in column.array] for column in columns]
            rows = zip(self._sheet.labels, *cells, strict=True)
            self._texts = ["\n".join(row).casefold() for row in rows]
        return self._texts
