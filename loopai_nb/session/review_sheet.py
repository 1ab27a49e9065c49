"""All rows of a run with what was said of them, held so that any window of them is there at once.

What the ledger has is read once; later only what is new since, by three look-ups in an index.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from loopai_nb.execution.result import request_id
from loopai_nb.ledger.claims import MISMATCH
from loopai_nb.records import RequestState, ReviewState, RowStatus
from loopai_nb.session.review_filter import PENDING, STATES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from loopai_nb.ledger.reviews import AssignmentRow, ReviewRow
    from loopai_nb.ledger.store import Ledger

__all__ = ["Sheet"]

_CODES = {state: code for code, state in enumerate(STATES)}


class Sheet:
    """The rows of a run, by position, and their reviews.

    Not safe to use from several threads at once.

    Args:
        ledger: Where they are.
        plan_id: Whose rows.
        run_id: Whose reviews.

    Attributes:
        version: Grows when answers came.
        labels: The index label of each row, as JSON.
        request_nos: Of the request that paid for each answer; None without one.
        originals: The model's answer of each row; None without one.
        answers: As it stands: edited, or the model's.
        statuses: As the column ``status`` of a result.
        errors: Why a row has no answer; None where it has one.
        misfits: Whether a row failed because its answer did not fit the schema.
        latencies_ms: Of each answer; NaN without one.
        lengths: Characters of each answer as it stands; 0 without one.
        codes: What was said of each row, as its place in ``STATES``.
    """

    def __init__(self, ledger: Ledger, plan_id: str, run_id: str) -> None:
        self._ledger = ledger
        self._plan_id = plan_id
        self._run_id = run_id
        self._of_reviewer: str | None = None
        self._seen = 0
        self._undone = 0
        self.version = 0
        self._read()

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self.labels)

    def refresh(self, reviewer: str) -> list[AssignmentRow]:
        """Take in what is new in the ledger; returns what is assigned to a reviewer.

        Where rows are, only that person's reviews count; else everybody's do.
        """
        news, ended, assigned = self._ledger.review_news(
            self._run_id, self._plan_id, self._seen, self._undone
        )
        if ended != self._ended:
            self._read()
            return self.refresh(reviewer)
        own = [row for row in assigned if row.reviewer == reviewer]
        of_reviewer = reviewer if own else None
        touched: set[int] = {*self._said} if of_reviewer != self._of_reviewer else set()
        self._of_reviewer = of_reviewer
        for row in news.added:
            self._said[row.request_no].append(row)
            self._request_of[row.review_no] = row.request_no
            touched.add(row.request_no)
            self._seen = max(self._seen, row.review_no)
        if news.undone_numbers is not None:
            self._undone = news.undone
            touched |= self._forget(news.undone_numbers & self._request_of.keys())
        for request_no in touched:
            for position in self._places.get(request_no, ()):
                self._count(position)
        return own

    def _forget(self, undone: Collection[int]) -> set[int]:
        """Take out what was undone; returns whose answers it was about."""
        touched = {self._request_of.pop(number) for number in undone}
        for request_no in touched:
            self._said[request_no] = [row for row in self._said[request_no] if row.review_no not in undone]
        return touched

    def review(self, position: int) -> ReviewRow | None:
        """What counts of a row, of those whose reviews do."""
        return self._counting[position]

    def edited(self, position: int) -> str | None:
        """The text in the model's place, where what counts of a row is an edit; else None."""
        row = self._counting[position]
        return row.text if row is not None and row.state is ReviewState.EDITED else None

    def said(self, position: int, reviewer: str | None = None) -> ReviewRow | None:
        """The newest that was said of a row: by one person, or by anybody."""
        request_no = self.request_nos[position]
        for row in reversed(self._said.get(request_no, ()) if request_no is not None else ()):
            if row.position in (None, position) and reviewer in (None, row.reviewer):
                return row
        return None

    def state(self, position: int) -> str:
        """One of ``STATES``."""
        return STATES[int(self.codes[position])]

    def places(self, request_no: int) -> list[int]:
        """The rows that one answer is of."""
        return self._places.get(request_no, [])

    def request_id(self, position: int) -> str | None:
        """As the column of a result."""
        key = self.keys[position]
        return None if key is None else request_id(key)

    def by_row(self, request_no: int, reviewers: Iterable[str]) -> bool:
        """Whether one of them said something of a single row with this answer."""
        who = {*reviewers}
        return any(row.position is not None and row.reviewer in who for row in self._said.get(request_no, ()))

    def reviewers(self) -> list[str]:
        """Who said something, in the order of their first reviews."""
        rows = sorted((row for rows in self._said.values() for row in rows), key=lambda row: row.review_no)
        return list(dict.fromkeys(row.reviewer for row in rows))

    def _read(self) -> None:
        import numpy as np

        self._ended, found = self._ledger.reviewable(self._plan_id)
        self.version += 1
        answered = [row.state == RequestState.ANSWERED for row in found]
        self.labels: list[str] = [row.label for row in found]
        self.keys: list[bytes | None] = [row.key for row in found]
        self.originals: list[str | None] = [
            row.text if ok else None for row, ok in zip(found, answered, strict=True)
        ]
        self.request_nos: list[int | None] = [
            row.request_no if text is not None else None
            for row, text in zip(found, self.originals, strict=True)
        ]
        self.statuses = [_status(row, ok=ok) for row, ok in zip(found, answered, strict=True)]
        self.errors: list[str | None] = [
            None if ok else (row.row_error or row.error) for row, ok in zip(found, answered, strict=True)
        ]
        self.misfits = np.array([row.error_kind == MISMATCH for row in found], dtype=bool)
        self.latencies_ms = np.array(
            [row.latency_ms if ok else np.nan for row, ok in zip(found, answered, strict=True)], dtype=float
        )
        self.answers = list(self.originals)
        self.lengths = np.array([len(text or "") for text in self.answers], dtype=np.int64)
        self.codes = np.zeros(len(found), dtype=np.int8)
        self._counting: list[ReviewRow | None] = [None] * len(found)
        self._places: dict[int, list[int]] = defaultdict(list)
        for position, number in enumerate(self.request_nos):
            if number is not None:
                self._places[number].append(position)
        self._said: dict[int, list[ReviewRow]] = defaultdict(list)
        self._request_of: dict[int, int] = {}
        self._seen = self._undone = 0

    def _count(self, position: int) -> None:
        row = self.said(position, self._of_reviewer)
        self._counting[position] = row
        self.codes[position] = _CODES[PENDING if row is None else row.state.lower()]
        edited = row is not None and row.state is ReviewState.EDITED
        self.answers[position] = row.text if row is not None and edited else self.originals[position]
        self.lengths[position] = len(self.answers[position] or "")


def _status(row: Any, *, ok: bool) -> str:
    if ok:
        return str(RowStatus.CACHED if row.cached else RowStatus.ANSWERED)
    failed = row.row_error is not None or row.state == RequestState.FAILED
    return str(RowStatus.FAILED if failed else RowStatus.SKIPPED)
