"""Which rows of a reviewed run a filter takes, in which order, and what is shown of each."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.execution.result import ANSWER_COLUMNS, index_labels
from loopai_nb.prompts.structured import AnswerMismatch
from loopai_nb.session.review_filter import STATES
from loopai_nb.session.rule import rows_by_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import pandas as pd

    from loopai_nb.execution.run import Run
    from loopai_nb.redaction import Redactor
    from loopai_nb.session.review_filter import ReviewFilter
    from loopai_nb.session.review_sheet import Sheet

__all__ = ["ReviewRows", "places_of", "same", "there", "word"]


_DECIDED = frozenset({"state", "reviewer", "note"})
"""Columns that change while somebody reviews."""


class ReviewRows:
    """The rows of a sheet as somebody looks for them.

    Args:
        sheet: The rows and what was said of them.
        run: Whose.
        redactor: What masked the index labels before they were stored; None where nothing did.
        earlier: Gives the answers of an earlier run by position, None where it has none, and what makes it
            doubtful that the rows are the same; None: knows of none.

    Attributes:
        doubts: By the id of an earlier run that was compared, why its rows may be others; "" for nothing.
    """

    def __init__(
        self,
        sheet: Sheet,
        run: Run,
        redactor: Redactor | None,
        earlier: Callable[[str], tuple[list[str | None], str]] | None = None,
    ) -> None:
        self._sheet = sheet
        self._run = run
        self._redactor = redactor
        self._earlier = earlier
        self.doubts: dict[str, str] = {}
        self._schema = run.schema
        self._beside: pd.DataFrame | None = None
        self._fits: dict[str | None, bool] = {}

    def taken(self, wanted: ReviewFilter, *, original: bool = False) -> np.ndarray[Any, Any]:
        """A boolean for each row.

        Args:
            wanted: Which.
            original: Look at the model's answers, whatever was edited or decided since.

        Raises:
            InputError: There is no such column or run, or a rule can't be applied.
        """
        import numpy as np

        sheet = self._sheet
        taken = np.ones(sheet.rows, dtype=bool)
        if wanted.state:
            taken &= np.isin(sheet.codes, [STATES.index(state) for state in wanted.state])
        if wanted.status:
            taken &= _each(sheet.statuses, lambda status: status in wanted.status)
        taken &= self._by_text(wanted, sheet.originals if original else sheet.answers)
        if wanted.latency_ms is not None:
            taken &= _between(sheet.latencies_ms, *wanted.latency_ms)
        if wanted.fits is not None:
            taken &= self._fitting() if wanted.fits else self._misfitting()
        if wanted.differs is not None:
            taken &= self._differing(wanted.differs)
        if isinstance(wanted.rule, str):
            taken &= rows_by_rule(wanted.rule, self._original_column if original else self.column)
        elif wanted.rule is not None:
            taken &= self._by_function(wanted.rule)
        return taken

    def _by_text(self, wanted: ReviewFilter, texts: Sequence[str | None]) -> np.ndarray[Any, Any]:
        import numpy as np

        taken = np.ones(self._sheet.rows, dtype=bool)
        if wanted.answer is not None:
            answer = wanted.answer.strip()
            taken &= _each(texts, lambda text: text is not None and text.strip() == answer)
        if wanted.contains is not None:
            part = wanted.contains.casefold()
            taken &= _each(texts, lambda text: text is not None and part in text.casefold())
        if wanted.length is not None:
            taken &= _between(np.array([len(text or "") for text in texts]), *wanted.length)
        return taken

    def ordered(self, taken: np.ndarray[Any, Any], name: str, *, descending: bool) -> np.ndarray[Any, Any]:
        """The positions of these rows in an order; equal ones by position."""
        import numpy as np

        positions = np.flatnonzero(taken)
        sheet = self._sheet
        if name == "position":
            return positions[::-1] if descending else positions
        values: Any
        if name == "answer":
            texts = [sheet.answers[place] or "" for place in positions]
            values = np.unique(np.array(texts, dtype=object), return_inverse=True)[1] if texts else positions
        else:
            by_name = {"length": sheet.lengths, "latency": sheet.latencies_ms, "state": sheet.codes}
            values = np.nan_to_num(by_name[name][positions].astype(float), nan=-1.0)
        found: np.ndarray[Any, Any] = positions[np.argsort(-values if descending else values, kind="stable")]
        return found

    def shown(self, position: int) -> dict[str, Any]:
        """What there is to be seen of a row, as values that JSON holds."""
        sheet = self._sheet
        review = sheet.review(position)
        latency_ms = sheet.latencies_ms[position]
        return {
            "position": position,
            "label": sheet.labels[position],
            "request_id": sheet.request_id(position),
            "status": sheet.statuses[position],
            "answer": sheet.answers[position],
            "original": sheet.originals[position],
            "error": sheet.errors[position],
            "state": sheet.state(position),
            "note": "" if review is None else review.note,
            "reviewer": None if review is None else review.reviewer,
            "reviewed_ms": None if review is None else review.at_ms,
            "latency_ms": None if latency_ms != latency_ms else float(latency_ms),  # noqa: PLR0124  (NaN)
            "length": int(sheet.lengths[position]),
            "alike": len(sheet.places(number)) if (number := sheet.request_nos[position]) is not None else 0,
            "row": self._row(position),
        }

    def column(self, name: str) -> pd.Series[Any]:
        """A column by its name, by position: of the answers, a field of the schema, or of the frame.

        Raises:
            InputError: There is none.
        """
        return self._column(name, self._sheet.answers)

    def _original_column(self, name: str) -> pd.Series[Any]:
        if name in _DECIDED:
            raise InputError(f"Rows can't be assigned by {name!r}, which changes with every decision.")
        return self._column(name, self._sheet.originals)

    def _column(self, name: str, texts: Sequence[str | None]) -> pd.Series[Any]:
        import pandas as pd

        make = self._own_columns(texts).get(name)
        if make is not None:
            return pd.Series(*make())
        if self._schema is not None and name in {field.name for field in self._schema.fields}:
            return self._schema.columns(texts)[name]
        beside = self._frame()
        if name in beside.columns:
            return beside[name]
        known = [*self._own_columns(texts), *beside.columns]
        raise InputError(f"There is no column {name!r}.", f"Columns: {', '.join(map(str, known))}")

    def _own_columns(self, texts: Sequence[str | None]) -> dict[str, Callable[[], tuple[Any, ...]]]:
        """Data, index and dtype of the columns that every review has, made when they are wanted."""
        sheet = self._sheet

        def of_review(name: str) -> list[Any]:
            reviews = [sheet.review(place) for place in range(sheet.rows)]
            return [None if row is None else getattr(row, name) for row in reviews]

        return {
            "answer": lambda: (texts, None, object),
            "state": lambda: ([STATES[code] for code in sheet.codes], None, object),
            "status": lambda: (sheet.statuses, None, object),
            "length": lambda: ([len(text or "") for text in texts],),
            "latency_ms": lambda: (sheet.latencies_ms,),
            "position": lambda: (range(sheet.rows),),
            "reviewer": lambda: (of_review("reviewer"), None, object),
            "note": lambda: (of_review("note"), None, object),
        }

    def fields_of(self, result: pd.DataFrame, texts: Sequence[str | None]) -> None:
        """Read the fields of the schema anew from these answers, into their columns."""
        if self._schema is not None:
            for name, values in self._schema.columns(texts, result.index).items():
                result[name] = values

    def _row(self, position: int) -> dict[str, Any]:
        beside = self._frame()
        return {str(name): _plain(beside[name].array[position]) for name in beside.columns}

    def _frame(self) -> pd.DataFrame:
        """The columns of the frame that was asked, by position; empty where nobody has it."""
        if self._beside is None:
            result = self._run.result()
            answers = {result.attrs["loopai"]["answer_column"], *ANSWER_COLUMNS[1:]}
            answers |= set() if self._schema is None else {field.name for field in self._schema.fields}
            own = result[[name for name in result.columns if name not in answers]]
            own = own.loc[:, ~own.columns.duplicated()]
            places = places_of(own, self._sheet.labels, self._redactor)
            own = own.reset_index(drop=True)
            at = [-1] * self._sheet.rows
            for row, place in enumerate(places):
                if place is not None:
                    at[place] = row
            if at != list(range(len(own))):
                own = own.reindex(at).reset_index(drop=True)
            self._beside = own
        return self._beside

    def _fitting(self) -> np.ndarray[Any, Any]:
        return _each(self._sheet.answers, lambda text: text is not None and self._fit(text))

    def _misfitting(self) -> np.ndarray[Any, Any]:
        wrong = _each(self._sheet.answers, lambda text: text is not None and not self._fit(text))
        misfits: np.ndarray[Any, Any] = wrong | self._sheet.misfits
        return misfits

    def _fit(self, text: str) -> bool:
        if text not in self._fits:
            try:
                if self._schema is not None:
                    self._schema.parse(text)
                self._fits[text] = True
            except AnswerMismatch:
                self._fits[text] = False
        return self._fits[text]

    def _differing(self, other: str) -> np.ndarray[Any, Any]:
        import numpy as np

        field, equals, name = other.partition("=")
        name = name.strip() if equals else other
        if (
            self._earlier is not None
            and not equals
            and other.startswith("r-")
            and other not in self._frame().columns
        ):
            theirs: Sequence[Any]
            theirs, self.doubts[other] = self._earlier(other)
        else:
            theirs = self.column(name).tolist()
        ours = self.column(field.strip()).tolist() if equals else self._sheet.answers
        differs = [
            not same(one, another) if (there(one) and there(another)) else False
            for one, another in zip(ours, theirs, strict=True)
        ]
        return np.array(differs, dtype=bool)

    def _by_function(self, rule: Callable[[pd.DataFrame], Any]) -> np.ndarray[Any, Any]:
        import numpy as np

        beside = self._frame().copy(deep=False)
        names = ["answer", "state", "status", "length", "latency_ms"]
        names += [] if self._schema is None else [field.name for field in self._schema.fields]
        for name in names:
            if name not in beside.columns:
                beside[name] = self.column(name)
        found = np.asarray(rule(beside))
        if found.shape != (self._sheet.rows,) or found.dtype != bool:
            raise InputError(
                "The rule gave something else than True or False for each row.",
                "Return a boolean Series: lambda rows: rows['answer'] == 'other'",
            )
        return found


def places_of(
    frame: pd.DataFrame, labels: Sequence[str], redactor: Redactor | None = None
) -> list[int | None]:
    """The position in a run of each row of its result; None where its label tells of none, or of several."""
    own = list(index_labels(frame, redactor))
    if own == list(labels):
        return list(range(len(own)))
    times = Counter(labels)
    by_label = {label: place for place, label in enumerate(labels) if times[label] == 1}
    return [by_label.get(label) for label in own]


def same(one: Any, other: Any) -> bool:
    """Whether an answer says what a label says: as text, and a truth in any letters."""
    if isinstance(one, bool) or isinstance(other, bool):
        return word(one).lower() == word(other).lower()
    return word(one) == word(other)


def word(value: Any) -> str:
    """A label as an answer would say it."""
    if isinstance(value, bool):
        return json.dumps(value)
    # A column of whole numbers with gaps is one of floats in pandas.
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


def there(value: Any) -> bool:
    """Whether a cell holds something."""
    import pandas as pd

    return bool(not pd.api.types.is_scalar(value) or not pd.isna(value))


def _each(values: Sequence[Any], holds: Callable[[Any], bool]) -> np.ndarray[Any, Any]:
    import numpy as np

    return np.fromiter(map(holds, values), dtype=bool, count=len(values))


def _between(values: Any, least: float | None, most: float | None) -> Any:
    import numpy as np

    taken = ~np.isnan(values.astype(float))
    if least is not None:
        taken &= values >= least
    return taken & (values <= most) if most is not None else taken


def _plain(value: Any) -> Any:
    """A JSON value of a cell: what JSON has no word for becomes its text."""
    if not there(value):
        return None
    item = getattr(value, "item", None)
    value = item() if callable(item) and getattr(value, "ndim", 0) == 0 else value
    if isinstance(value, dict | list):
        return json.loads(json.dumps(value, default=str))
    return value if isinstance(value, bool | int | float | str) else str(value)
