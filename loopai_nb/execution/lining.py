"""Which answers belong to which rows: by position where the rows are those that were asked, else by label."""

from __future__ import annotations

import collections
import itertools
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.execution.result import index_labels, tells_rows
from loopai_nb.ledger.queries import labels_in_order, result_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from loopai_nb.ledger.store import Ledger
    from loopai_nb.redaction import Redactor

__all__ = ["Rows"]

_FETCHED_AT_ONCE = 500
"""Rows that one statement names by position; SQLite and Postgres both take more."""


class Rows:
    """What became of the rows of a plan, found for frames of the same rows.

    A row is found by its label where the frame's index tells rows apart (it has a name, or is no count):
    then it does not matter which rows came or went since, or in which order they are. Else the frames have
    to have the rows that were asked, in their order.

    Args:
        ledger: Where they are.
        plan_id: Whose rows.
        rows: How many the plan has.
        asked: Of what, in messages.
        redactor: What masked the labels before they were stored; None where nothing did.
    """

    def __init__(
        self, ledger: Ledger, plan_id: str, rows: int, asked: str, redactor: Redactor | None
    ) -> None:
        self._ledger = ledger
        self._plan_id = plan_id
        self._rows = rows
        self._asked = asked
        self._redactor = redactor
        self._places: _Places | None = None
        self._given = 0
        self._found = 0
        self._by_label = False
        self._told = False

    def whole(self, frame: pd.DataFrame) -> Iterator[Any] | None:
        """What became of each row of a frame, in its order; None where its rows are those that were asked.

        Raises:
            InputError: Its rows are others, or in another order, and its index does not tell them apart; or
                none of them was asked.
        """
        if self._is_in_order(frame):
            return None
        if not tells_rows(frame):
            raise self._others()
        self._by_label = True
        found = self.of(frame)
        self.finish()
        return iter(found)

    def of(self, frame: pd.DataFrame) -> list[Any]:
        """What became of each row of the next frame of several; None for one that was not asked.

        Raises:
            InputError: Two rows have one label, or the rows are not those that were asked, in their order,
                and the index does not tell them apart.
        """
        labels = list(index_labels(frame, self._redactor, self._given))
        start, self._given = self._given, self._given + len(labels)
        self._told = tells_rows(frame)
        if not self._by_label:
            found = list(result_rows(self._ledger, self._plan_id, range(start, self._given)))
            if [row.label for row in found] == labels:
                self._found += len(found)
                return found
            if not self._told:
                raise self._others()
            self._by_label = True
        return self._labelled(labels)

    def finish(self) -> None:
        """Say that there is no further frame.

        Raises:
            InputError: None of the rows was asked; or, where they are told by position, some were left out.
        """
        if self._found == 0 or (not self._told and self._given != self._rows):
            raise self._others()

    def _labelled(self, labels: list[str]) -> list[Any]:
        if self._places is None:
            self._places = _Places(labels_in_order(self._ledger, self._plan_id), self._rows)
            if self._places.repeated:
                twice = self._ledger.repeated_label(self._plan_id)
                raise InputError(
                    f"Two rows of {self._asked} have the label {twice}, and answers can't be lined up by it.",
                    "Pass the frame as it was asked, or none to get the answers under their index labels.",
                )
        if len(set(labels)) != len(labels):
            twice = collections.Counter(labels).most_common(1)[0][0]
            raise InputError(
                f"Two rows of this frame have the label {twice}, by which answers are lined up with rows.",
                "Drop one of them: frame[~frame.index.duplicated()]",
            )
        positions = self._places.find(labels)
        wanted = sorted(position for position in positions if position >= 0)
        rows = {row.position: row for row in self._fetched(wanted)}
        # By the label itself as well: two labels may have one hash.
        found = [rows.get(position) for position in positions]
        found = [
            row if row is not None and row.label == label else None
            for row, label in zip(found, labels, strict=True)
        ]
        self._found += sum(row is not None for row in found)
        return found

    def _fetched(self, positions: list[int]) -> Iterator[Any]:
        if positions and positions[-1] - positions[0] == len(positions) - 1:
            yield from result_rows(self._ledger, self._plan_id, range(positions[0], positions[-1] + 1))
            return
        for start in range(0, len(positions), _FETCHED_AT_ONCE):
            chunk = positions[start : start + _FETCHED_AT_ONCE]
            yield from result_rows(self._ledger, self._plan_id, chunk)

    def _is_in_order(self, frame: pd.DataFrame) -> bool:
        if len(frame) != self._rows:
            return False
        asked = labels_in_order(self._ledger, self._plan_id)
        given = index_labels(frame, self._redactor)
        return all(itertools.starmap(str.__eq__, zip(asked, given, strict=True)))

    def _others(self) -> InputError:
        return InputError(
            f"This frame does not have the {self._rows:,} rows of {self._asked}, in their order.",
            "Pass the frame as it was asked, or none to get the answers under their index labels. A frame "
            "that is pulled with --key is lined up by its key.",
        )


class _Places:
    """The position of each label, in 16 bytes a row: a table's labels themselves may not fit into memory."""

    def __init__(self, labels: Iterator[str], rows: int) -> None:
        import numpy as np

        hashes = np.fromiter(map(hash, labels), dtype=np.int64, count=rows)
        self._positions = np.argsort(hashes, kind="stable")
        self._hashes = hashes[self._positions]
        self.repeated = bool((self._hashes[1:] == self._hashes[:-1]).any())

    def find(self, labels: list[str]) -> list[int]:
        """The position of each label, -1 where there is none."""
        import numpy as np

        wanted = np.fromiter(map(hash, labels), dtype=np.int64, count=len(labels))
        places = np.searchsorted(self._hashes, wanted).clip(max=len(self._hashes) - 1)
        found: list[int] = np.where(self._hashes[places] == wanted, self._positions[places], -1).tolist()
        return found
