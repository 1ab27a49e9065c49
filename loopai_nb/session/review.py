"""Reviewing the answers of a run: look at them in windows, decide one or many, go on another day."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.ledger.reviews import Judgement
from loopai_nb.prompts.structured import AnswerMismatch
from loopai_nb.records import ReviewState
from loopai_nb.session.checking import checked_text
from loopai_nb.session.review_filter import ReviewFilter
from loopai_nb.session.review_pairs import Shared
from loopai_nb.session.review_rows import places_of
from loopai_nb.session.reviewed import review_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = ["Review"]


class Review(Shared):
    """The review of one run by one person; made by ``Session.review``.

    Each decision is durable when its call returns, so that nothing is lost with a closed tab, and whoever
    opens the review again goes on where it was. Of several decisions about a row the newest counts. A
    decision holds for every row with the same request, which has the same answer, unless it is made
    ``only_row=True``. Safe to use from several threads.

    Where rows are assigned to the reviewer, they are all that is seen, with this person's own decisions
    only, so that two can judge the same rows without knowing of each other; else it is every row with
    everybody's decisions.

    Args:
        ledger: Where answers and decisions are.
        run: Whose answers.
        reviewer: Who decides.
        redactor: What masked the index labels before they were stored; None where nothing did.
        earlier: Gives the answers of another run for these rows, by its id, and what makes it doubtful that
            they are the same; "" for nothing.
    """

    def accept(self, rows: object, note: str = "", *, only_row: bool = False) -> int:
        """Take answers as they stand: one that somebody edited stays edited; see ``decide`` for the rest."""
        return self.decide(rows, ReviewState.ACCEPTED, note=note, only_row=only_row)

    def reject(self, rows: object, note: str, *, only_row: bool = False) -> int:
        """Say that answers are not to be used, and why."""
        return self.decide(rows, ReviewState.REJECTED, note=note, only_row=only_row)

    def skip(self, rows: object, note: str = "", *, only_row: bool = False) -> int:
        """Leave answers for later, or for somebody else."""
        return self.decide(rows, ReviewState.SKIPPED, note=note, only_row=only_row)

    def edit(self, rows: object, answer: object, note: str = "", *, only_row: bool = False) -> int:
        """Put another answer in the place of the model's.

        Args:
            rows: See ``decide``.
            answer: A text; of a structured answer also its value, such as ``{"part": "wing"}``.
            note: Why.
            only_row: See ``decide``.

        Raises:
            InputError: It does not fit the run's schema; see ``decide``.
        """
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        return self.decide(rows, ReviewState.EDITED, text=text, note=note, only_row=only_row)

    def decide(
        self,
        rows: object,
        state: ReviewState,
        *,
        text: str | None = None,
        note: str = "",
        only_row: bool = False,
    ) -> int:
        """Record one decision about one row or about many; durable when it returns.

        Args:
            rows: A position, several, a boolean for each row of the run, or a filter (see
                ``ReviewFilter.of``). A filter takes only rows that
                are not decided, unless it says of which state; rows without an answer are passed over.
            state: What is decided. ACCEPTED is said of what is seen, so that an edit stands.
            text: Of EDITED, and of nothing else.
            note: Why; REJECTED needs one.
            only_row: Only of these rows, not of others with the same request.

        Returns:
            Rows that it holds for.

        Raises:
            InputError: A row that is named has no answer, is not there, or is not among those that are
                assigned to this reviewer; or an edited answer does not fit the run's schema.
        """
        self._check(state, text, note)
        with self._lock:
            positions = self._named(rows)
            judged: dict[tuple[int, int | None], Judgement] = {}
            for position in positions:
                number = self._sheet.request_nos[position]
                if number is None:
                    continue
                place = position if only_row else None
                judged[number, place] = Judgement(number, place, state, text, note)
            said = list(judged.values())
            if state is ReviewState.ACCEPTED:
                said = [each for one in said for each in self._accepted(one)]
            if said:
                self._ledger.add_reviews(self.run.run_id, said, reviewer=self.reviewer)
            if only_row:
                return len(judged)
            return sum(len(self._sheet.places(number)) for number, _ in judged)

    def undo(self) -> list[int]:
        """Take back what this person decided last, all of it; what was said before counts again.

        Returns:
            The positions of its rows; empty where nothing is left to undo.
        """
        with self._lock:
            undone = self._ledger.undo_review(self.run.run_id, reviewer=self.reviewer)
            self._refresh()
            positions = set()
            for row in undone:
                positions.update(
                    self._sheet.places(row.request_no) if row.position is None else [row.position]
                )
            return sorted(positions)

    def frame(self, frame: pd.DataFrame | None = None) -> pd.DataFrame:
        """The result of the run with what was decided, by everybody.

        Args:
            frame: See ``Run.result``.

        Returns:
            See ``Run.result``; the answer column and the schema's fields hold edited answers, and there are
            ``review`` (accepted, edited, rejected, skipped, or None), ``reviewed_by``, ``review_note``, and
            the model's answer beside it, as ``answer_original``.

        Raises:
            InputError: The frame has a column of one of these names; see ``Run.result``.
        """
        import pandas as pd

        result = self.run.result(frame)
        answer = result.attrs["loopai"]["answer_column"]
        if taken := [name for name in review_columns(answer) if name in result.columns]:
            raise InputError(
                f"The frame has a column {taken[0]!r}, which the review would overwrite.",
                f"Rename that column: review.frame(frame.rename(columns={{{taken[0]!r}: ...}}))",
            )
        with self._lock:
            self._refresh()
            places = places_of(result, self._sheet.labels, self._redactor)
            said = [None if place is None else self._sheet.said(place) for place in places]
        originals = result[answer].tolist()
        texts = [
            row.text if row is not None and row.state is ReviewState.EDITED else original
            for row, original in zip(said, originals, strict=True)
        ]
        states = [None if row is None else row.state.lower() for row in said]
        values = (
            states,
            [None if row is None else row.reviewer for row in said],
            [None if row is None or not row.note else row.note for row in said],
            originals,
        )
        if texts != originals:
            result[answer] = pd.Series(texts, index=result.index, dtype="object")
            self._rows.fields_of(result, texts)
        for name, column in zip(review_columns(answer), values, strict=True):
            result[name] = pd.Series(column, index=result.index, dtype="object")
        result.attrs["loopai"] = {**result.attrs["loopai"], "reviewed": True}
        return result

    def __repr__(self) -> str:
        return f"<Review of {self.run.run_id} by {self.reviewer}: {self.progress}>"

    def _check(self, state: ReviewState, text: str | None, note: str) -> None:
        """Refuse a decision that can't be one."""
        if not checked_text(note, "note").strip() and state is ReviewState.REJECTED:
            raise InputError("A rejection needs a note that says why.", 'For example: "names two parts"')
        if (text is None) is (state is ReviewState.EDITED):
            raise InputError("An edited answer has a text, and no other decision has one.")
        if text is None:
            return
        checked_text(text, "answer")
        if (schema := self.run.schema) is not None:
            try:
                schema.parse(text)
            except AnswerMismatch as exc:
                raise InputError(
                    f"The edited answer does not fit the schema: {exc.reason}.",
                    "Correct it; nothing was recorded.",
                ) from exc

    def _accepted(self, one: Judgement) -> list[Judgement]:
        """An acceptance of what is seen: where a row is seen edited, of that text."""
        sheet = self._sheet
        places = sheet.places(one.request_no) if one.position is None else [one.position]
        seen = {place: sheet.edited(place) for place in places}
        texts = {*seen.values()}
        if len(texts) == 1:
            return [_of(one, one.position, texts.pop())]
        rows = [_of(one, place, text) for place, text in seen.items() if text is not None]
        return [one, *rows]  # the newest counts: those that were edited one by one come last

    def _named(self, rows: object) -> Iterable[int]:
        """The positions that somebody means."""
        import numpy as np
        import pandas as pd

        self._refresh()
        if isinstance(rows, int | np.integer) and not isinstance(rows, bool):
            named = [int(rows)]
        elif isinstance(rows, range | list | tuple | set | frozenset | np.ndarray | pd.Series):
            named = self._positions(rows)
        elif rows is None:
            raise InputError("No rows are named.", "Name positions or a filter; {} takes all that wait.")
        else:
            found: list[int] = np.flatnonzero(self._taken(ReviewFilter.of(rows).but_pending())).tolist()
            return found
        view = self._view()
        for position in named:
            self._check_position(position)
            if self._sheet.request_nos[position] is None:
                raise InputError(
                    f"Row {position} has no answer to review.",
                    f"Ask it again first: %loopai retry {self.run.run_id}",
                )
            if not view[position]:
                raise InputError(
                    f"Row {position} is not among those that are assigned to {self.reviewer}.",
                    "See who has which: review.assignments",
                )
        return named

    def _positions(self, rows: Any) -> list[int]:
        """Positions that are listed, or where a boolean for each row is True."""
        import numpy as np

        try:
            listed = np.asarray(list(rows))
        except ValueError:  # lists of several lengths
            listed = np.empty((1, 1))
        if listed.dtype == bool and listed.shape == (self._sheet.rows,):
            marked: list[int] = np.flatnonzero(listed).tolist()
            return marked
        if len(listed) and (listed.dtype.kind not in "iu" or listed.ndim != 1):
            raise InputError(
                "Rows are named by their positions, 0 for the first, or by a boolean for each row.",
                "For example [0, 2, 5], or a filter such as {'answer': 'other'}.",
            )
        return [int(position) for position in listed]


def _of(one: Judgement, position: int | None, edited: str | None) -> Judgement:
    """The same judgement of a place: an edit, where there is a text."""
    return one if edited is None else replace(one, position=position, state=ReviewState.EDITED, text=edited)
