"""A run's answers as a DataFrame."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.ledger.queries import index_names as index_names_of
from loopai_nb.ledger.queries import result_rows
from loopai_nb.records import LEFT_OUT, RequestState, RowStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from loopai_nb.ledger.store import Ledger
    from loopai_nb.prompts.structured import AnswerSchema
    from loopai_nb.redaction import Redactor

__all__ = [
    "ANSWER_COLUMNS",
    "check_columns",
    "index_labels",
    "index_names",
    "is_keyed",
    "request_id",
    "result_frame",
    "tells_rows",
]

ANSWER_COLUMNS = (
    "answer",
    "status",
    "error",
    "latency_ms",
    "input_tokens",
    "output_tokens",
    "cost_usd",
    "request_id",
)
_PUSD_PER_USD = 1e12


def request_id(key: bytes) -> str:
    """The short name of a request: the first 16 hex digits of its content key."""
    return "q-" + key[:8].hex()


def check_columns(
    frame: pd.DataFrame, frame_name: str, answer_column: str, schema: AnswerSchema | None = None
) -> None:
    """Refuse to overwrite what is there.

    Raises:
        InputError: The frame has a column of the name that an answer column will have, or a field of the
            schema has the name of one of those.
    """
    fields = [] if schema is None else [field.name for field in schema.fields]
    if twice := [name for name in fields if name in _names(answer_column)]:
        raise InputError(
            f"The schema's field {twice[0]!r} has the name of an answer column.",
            "Give the field another name.",
        )
    taken = [name for name in (*_names(answer_column), *fields) if name in frame.columns]
    if taken:
        raise InputError(
            f"{frame_name} already has a column {taken[0]!r}, which the answers would overwrite.",
            f"Rename that column first: {frame_name}.rename(columns={{{taken[0]!r}: ...}})",
        )


def index_labels(frame: pd.DataFrame, redactor: Redactor | None = None, start: int = 0) -> Iterator[str]:
    """Each index label as JSON; a tuple of a MultiIndex becomes an array, anything unusual its text.

    Args:
        frame: Whose index.
        redactor: Masks personal data in labels that are text.
        start: Position of the frame's first row; an index that only counts from 0 goes on from there.
    """
    index = frame.index
    if start and _only_counts(index):
        yield from map(str, range(start, start + len(index)))
        return
    if _is_plain_integers(index):
        # What json.dumps writes, ten times as fast; in pieces, since a list of a million is 40 MB.
        for begin in range(0, len(index), 10_000):
            yield from map(str, index[begin : begin + 10_000].tolist())
        return
    for label in index:
        value = list(label) if isinstance(label, tuple) else label
        # Half of a surrogate pair can't be stored; as an escape it can, and JSON reads it back.
        text = (
            json.dumps(value, default=_plain, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
        )
        yield redactor.redact(text)[0] if redactor is not None and '"' in text else text


def index_names(frame: pd.DataFrame) -> str:
    """The names of the levels of a frame's index, or those of its key, as JSON text."""
    names: list[str | None] = [*_key(frame)] or [
        None if name is None else str(name) for name in frame.index.names
    ]
    return json.dumps(names, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def is_keyed(frame: pd.DataFrame) -> bool:
    """Whether the index is the key that the frame was pulled with: no two rows may have the same."""
    return bool(_key(frame))


def tells_rows(frame: pd.DataFrame) -> bool:
    """Whether the index says which row is which, and not only how many there are."""
    named = any(name is not None for name in frame.index.names)
    return named or not _is_plain_integers(frame.index) or is_keyed(frame)


def _key(frame: pd.DataFrame) -> list[str]:
    """The columns whose values are the index, as a pull by key leaves them; none for another index."""
    import pandas as pd

    origin = frame.attrs.get("loopai")
    key = list(origin.get("key") or ()) if isinstance(origin, Mapping) else []
    if not key or _only_counts(frame.index) or len(key) != frame.index.nlevels:
        return []
    if list(frame.index.names) == key:
        return key
    if any(name not in frame.columns for name in key):
        return []
    levels = [frame.index.get_level_values(n) for n in range(len(key))]
    same = all(level.equals(pd.Index(frame[name])) for level, name in zip(levels, key, strict=True))
    return key if same else []


def result_frame(
    ledger: Ledger,
    plan_id: str,
    frame: pd.DataFrame | None = None,
    answer_column: str = "answer",
    schema: AnswerSchema | None = None,
    *,
    rows: Iterable[Any] | None = None,
) -> pd.DataFrame:
    """The answers beside the rows that they belong to.

    Args:
        ledger: Where they are.
        plan_id: Whose rows.
        frame: The frame that was asked; its index and columns are kept. Without it, the index labels come
            from the ledger and there are only answer columns.
        answer_column: Name of the answer's column.
        schema: What the answers fit; its fields become typed columns.
        rows: What became of each row of the frame, as ``queries.result_rows`` says; None in it where a row
            was not asked. All rows of the plan by default.

    Returns:
        One row per row of the frame, in its order, with the columns of the frame and ``ANSWER_COLUMNS``:
        ``answer`` (str or None), ``status`` (answered, cached, failed, skipped), ``error`` (str or None),
        ``latency_ms`` (float64), ``input_tokens`` and ``output_tokens`` (Int64), ``cost_usd`` (float64; what
        all attempts of the row's request cost, 0 where the answer was in the ledger before them; rows that
        share a request each have all of it), ``request_id`` (str or None); then the fields of the schema.
    """
    import pandas as pd

    labels: list[str] = []
    columns = _columns(
        result_rows(ledger, plan_id) if rows is None else rows, labels if frame is None else None
    )
    if frame is None:
        index = _index(labels, index_names_of(ledger, plan_id))
        result = pd.DataFrame(index=index)
    else:
        result = frame.copy(deep=False)
        index = frame.index
        result.attrs = dict(frame.attrs)
    names = _names(answer_column)
    for name, values in zip(names, columns, strict=True):
        result[name] = pd.Series(values, index=index, dtype=_dtype(name))
    if schema is not None:
        for name, column in schema.columns(columns[0], index).items():
            result[name] = column
    return result


def _index(labels: list[str], names: list[str | None]) -> Any:
    """An index of labels as they were stored."""
    import pandas as pd

    values = [json.loads(label) for label in labels]
    if values and isinstance(values[0], list):
        tuples = [tuple(value) for value in values]
        return pd.MultiIndex.from_tuples(tuples, names=names if len(names) == len(tuples[0]) else None)
    return pd.Index(values, name=names[0] if len(names) == 1 else None)


def _names(answer_column: str) -> tuple[str, ...]:
    return (answer_column, *ANSWER_COLUMNS[1:])


def _dtype(name: str) -> str:
    if name in {"latency_ms", "cost_usd"}:
        return "float64"
    return "Int64" if name in {"input_tokens", "output_tokens"} else "object"


def _columns(found: Iterable[Any], labels: list[str] | None) -> tuple[list[Any], ...]:
    """The values of the answer columns, and in ``labels`` those of the index; a few rows pass at a time."""
    columns: tuple[list[Any], ...] = tuple([] for _ in ANSWER_COLUMNS)
    found = iter(found)
    while some := list(itertools.islice(found, _ROWS_AT_ONCE)):
        if labels is not None:
            labels += [row.label for row in some]
        values = [_NOT_ASKED if row is None else _values(row) for row in some]
        for column, more in zip(columns, zip(*values, strict=True), strict=True):
            column.extend(more)
    return columns


_ROWS_AT_ONCE = 1_000
_NAN = float("nan")
_NOT_ASKED = (None, str(RowStatus.SKIPPED), "this row was not asked", _NAN, None, None, 0.0, None)
_STATUS_OF_ANSWERED = {True: str(RowStatus.CACHED), False: str(RowStatus.ANSWERED)}


def _values(row: Any) -> tuple[Any, ...]:
    """Of one row of ``queries.result_rows``, in the order of ``ANSWER_COLUMNS``."""
    # By place: a name costs three times as much, and there are a million rows.
    (_, _, key, row_error, state, cached, error, text, latency_ms, tokens_in, tokens_out, cost_pusd) = row
    number = None if key is None else request_id(key)
    cost_usd = float((cost_pusd or 0) / _PUSD_PER_USD)
    if state != RequestState.ANSWERED:
        return (None, _status(row_error, state), row_error or error, _NAN, None, None, cost_usd, number)
    return (
        text,
        _STATUS_OF_ANSWERED[bool(cached)],
        # An answer without text was blanked, and says when.
        None if text is not None else (row_error or error),
        latency_ms,
        # No prompt has no tokens: the ledger has 0 where the server did not say.
        *((tokens_in, tokens_out) if tokens_in else (None, None)),
        cost_usd,
        number,
    )


def _status(row_error: str | None, state: str | None) -> str:
    """Of a row without an answer."""
    if row_error == LEFT_OUT:
        return str(RowStatus.SKIPPED)
    if row_error is not None or state == RequestState.FAILED:
        return str(RowStatus.FAILED)
    return str(RowStatus.SKIPPED)


def _is_plain_integers(index: pd.Index[Any]) -> bool:
    import numpy as np

    return index.nlevels == 1 and isinstance(index.dtype, np.dtype) and index.dtype.kind in "iu"


def _only_counts(index: pd.Index[Any]) -> bool:
    """Whether it is the index that pandas gives to whatever has none."""
    import pandas as pd

    return isinstance(index, pd.RangeIndex) and index.name is None and (index.start, index.step) == (0, 1)


def _plain(value: Any) -> Any:
    """A JSON value for an index label: numpy scalars become Python's, anything else its text."""
    item = getattr(value, "item", None)
    if callable(item):
        plain = item()
        if isinstance(plain, bool | int | float | str):
            return plain
    return str(value)
