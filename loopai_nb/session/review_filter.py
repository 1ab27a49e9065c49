"""Which answers of a run to look at, or to decide at once."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.records import ReviewState, RowStatus
from loopai_nb.session.rule import check_rule

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["PENDING", "SORTS", "ReviewFilter", "checked_sort"]

PENDING = "pending"
"""Nobody has decided."""

STATES = (PENDING, *(state.lower() for state in ReviewState))
_STATUSES = tuple(status.value for status in RowStatus)
SORTS = ("position", "length", "latency", "answer", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFilter:
    """Rows for which all of this holds; what is not given does not matter. Made by ``of``.

    Attributes:
        state: Some of ``pending``, ``accepted``, ``edited``, ``rejected``, ``skipped``.
        status: Some of ``answered``, ``cached``, ``failed``, ``skipped`` (not asked).
        answer: The answer as it stands now, without spaces around it.
        contains: A part of it, in small or large letters.
        length: Fewest and most characters of the answer; None for no bound.
        latency_ms: Least and most milliseconds that the answer took; None for no bound.
        fits: Whether the answer fits the run's schema; a row that failed because its answer did not does not.
        differs: From a column of the frame, or from an earlier run (its id). ``part=label`` compares a field
            of a structured answer. A row for which the other says nothing does not differ.
        rule: Such as ``answer == 'other' and latency_ms > 900``; see ``rule``. In Python also a function that
            is given a DataFrame of all rows and returns a boolean for each, such as
            ``lambda rows: rows["answer"].str.len() > 40``.
    """

    state: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    answer: str | None = None
    contains: str | None = None
    length: tuple[float | None, float | None] | None = None
    latency_ms: tuple[float | None, float | None] | None = None
    fits: bool | None = None
    differs: str | None = None
    rule: str | Callable[[pd.DataFrame], Any] | None = None

    @classmethod
    def of(cls, source: object) -> ReviewFilter:
        """The filter that something stands for.

        Args:
            source: A filter, its attributes as a mapping (one word may stand for a tuple of one), a rule as a
                text or function, or None for all rows.

        Raises:
            InputError: It is none of these, or a part of it is not what it has to be.
        """
        if source is None:
            return cls()
        if isinstance(source, ReviewFilter):
            return source
        if isinstance(source, str) or callable(source):
            source = {"rule": source}
        if not isinstance(source, Mapping):
            raise InputError(
                f"A {type(source).__name__} is no filter.",
                'Use a dict such as {"state": "pending"}, or a rule such as "answer == \'other\'".',
            )
        known = [field.name for field in fields(cls)]
        for name in source:
            if name not in known:
                near = difflib.get_close_matches(str(name), known, 1)
                hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(known)}"
                raise InputError(f"A filter has no {name!r}.", hint)
        return cls(**{name: _READ[name](name, value) for name, value in source.items() if value is not None})

    def but_pending(self) -> ReviewFilter:
        """The same among rows that are not decided, unless it says which."""
        return self if self.state else replace(self, state=(PENDING,))

    def as_json(self) -> str:
        """To be kept, for another process.

        Raises:
            InputError: It depends on what changes, or on what only this process has.
        """
        if self.state or self.differs is not None or not isinstance(self.rule, str | None):
            raise InputError(
                "Rows can't be assigned by their state, by what they differ from, or by a function.",
                "Assign them by answer, contains, status, length, latency_ms, fits, a rule, or by range.",
            )
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return json.dumps({name: value for name, value in values.items() if value not in (None, ())})


def checked_sort(sort: str | None) -> tuple[str, bool]:
    """What to sort by, and whether the largest comes first (``-length``).

    Raises:
        InputError: There is no such order.
    """
    name = (sort or "position").removeprefix("-")
    if name not in SORTS:
        raise InputError(
            f"Rows can't be sorted by {name!r}.", f"Sort by {', '.join(SORTS)}; -length: longest."
        )
    return name, bool(sort) and str(sort).startswith("-")


def _words(known: tuple[str, ...]) -> Callable[[str, Any], tuple[str, ...]]:
    def read(name: str, value: Any) -> tuple[str, ...]:
        words = (value,) if isinstance(value, str) else tuple(value)
        lower = tuple(str(word).lower() for word in words)
        if unknown := [word for word in lower if word not in known]:
            raise InputError(f"There is no {name} {unknown[0]!r}.", f"There are: {', '.join(known)}")
        return lower

    return read


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InputError(f"{name} is a {type(value).__name__}, and has to be text.")
    return value


def _bounds(name: str, value: Any) -> tuple[float | None, float | None]:
    ends = list(value) if isinstance(value, list | tuple) else [value, None]
    numbers = all(end is None or (isinstance(end, int | float) and not isinstance(end, bool)) for end in ends)
    if len(ends) != 2 or not numbers:  # noqa: PLR2004  (the least and the most)
        raise InputError(f"{name} is {value!r}; it has to be (least, most), each a number or None.")
    return ends[0], ends[1]


def _yes_or_no(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InputError(f"{name} is {value!r}; it has to be True or False.")
    return value


def _rule(name: str, value: Any) -> Any:
    if not callable(value):
        check_rule(_text(name, value))
    return value


_READ: dict[str, Callable[[str, Any], Any]] = {
    "state": _words(STATES),
    "status": _words(_STATUSES),
    "answer": _text,
    "contains": _text,
    "length": _bounds,
    "latency_ms": _bounds,
    "fits": _yes_or_no,
    "differs": _text,
    "rule": _rule,
}
