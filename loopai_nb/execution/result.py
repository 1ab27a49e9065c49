"""A run's answers as a DataFrame."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.ledger.queries import result_rows
from loopai_nb.records import RequestState, RowStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from loopai_nb.ledger.store import Ledger
    from loopai_nb.prompts.structured import AnswerSchema
    from loopai_nb.redaction import Redactor

__all__ = ["ANSWER_COLUMNS", "check_columns", "index_labels", "request_id", "result_frame"]

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


def index_labels(frame: pd.DataFrame, redactor: Redactor | None = None) -> Iterator[str]:
    """Each index label as JSON; a tuple of a MultiIndex becomes an array, anything unusual its text.

    Args:
        frame: Whose index.
        redactor: Masks personal data in labels that are text.
    """
    if _is_plain_integers(frame.index):
        # What json.dumps writes, ten times as fast; in pieces, since a list of a million is 40 MB.
        for start in range(0, len(frame.index), 10_000):
            yield from map(str, frame.index[start : start + 10_000].tolist())
        return
    for label in frame.index:
        value = list(label) if isinstance(label, tuple) else label
        # Half of a surrogate pair can't be stored; as an escape it can, and JSON reads it back.
        text = (
            json.dumps(value, default=_plain, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
        )
        yield redactor.redact(text)[0] if redactor is not None and '"' in text else text


def result_frame(
    ledger: Ledger,
    plan_id: str,
    frame: pd.DataFrame | None = None,
    answer_column: str = "answer",
    schema: AnswerSchema | None = None,
) -> pd.DataFrame:
    """The answers beside the rows that they belong to.

    Args:
        ledger: Where they are.
        plan_id: Whose rows.
        frame: The frame that was asked; its index and columns are kept. Without it, the index labels come
            from the ledger and there are only answer columns.
        answer_column: Name of the answer's column.
        schema: What the answers fit; its fields become typed columns.

    Returns:
        One row per row of the frame, in its order, with the columns of the frame and ``ANSWER_COLUMNS``:
        ``answer`` (str or None), ``status`` (answered, cached, failed, skipped), ``error`` (str or None),
        ``latency_ms`` (float64), ``input_tokens`` and ``output_tokens`` (Int64), ``cost_usd`` (float64; what
        the row's request cost, 0 where the answer was in the ledger before), ``request_id`` (str or None);
        then the fields of the schema.
    """
    import pandas as pd

    found = list(result_rows(ledger, plan_id))
    if frame is None:
        labels = [json.loads(row.label) for row in found]
        if labels and isinstance(labels[0], list):
            index: Any = pd.MultiIndex.from_tuples([tuple(label) for label in labels])
        else:
            index = pd.Index(labels)
        result = pd.DataFrame(index=index)
    else:
        result = frame.copy(deep=False)
        index = frame.index
        result.attrs = dict(frame.attrs)
    for name, values in _columns(found, answer_column):
        result[name] = pd.Series(list(values), index=index, dtype=_dtype(name))
    if schema is not None:
        for name, column in schema.columns(result[answer_column].tolist(), index).items():
            result[name] = column
    return result


def _names(answer_column: str) -> tuple[str, ...]:
    return (answer_column, *ANSWER_COLUMNS[1:])


def _dtype(name: str) -> str:
    if name in {"latency_ms", "cost_usd"}:
        return "float64"
    return "Int64" if name in {"input_tokens", "output_tokens"} else "object"


def _columns(found: list[Any], answer_column: str) -> Iterator[tuple[str, Iterable[Any]]]:
    answered = [row.state == RequestState.ANSWERED for row in found]
    both = list(zip(found, answered, strict=True))
    yield answer_column, (row.text if ok else None for row, ok in both)
    yield "status", [str(_status(row, ok=ok)) for row, ok in both]
    # An answer without text was blanked, and says when.
    yield "error", (None if ok and row.text is not None else (row.row_error or row.error) for row, ok in both)
    yield "latency_ms", (row.latency_ms if ok else float("nan") for row, ok in both)
    # No prompt has no tokens: the ledger has 0 where the server did not say.
    counted = [(row, ok and bool(row.input_tokens)) for row, ok in both]
    yield "input_tokens", (row.input_tokens if known else None for row, known in counted)
    yield "output_tokens", (row.output_tokens if known else None for row, known in counted)
    yield "cost_usd", (_cost(row) if ok else 0.0 for row, ok in both)
    yield "request_id", (None if row.key is None else request_id(row.key) for row, _ in both)


def _status(row: Any, *, ok: bool) -> RowStatus:
    if ok:
        return RowStatus.CACHED if row.cached else RowStatus.ANSWERED
    if row.row_error is not None or row.state == RequestState.FAILED:
        return RowStatus.FAILED
    return RowStatus.SKIPPED


def _cost(row: Any) -> float:
    return 0.0 if row.cached else float(row.cost_pusd / _PUSD_PER_USD)


def _is_plain_integers(index: pd.Index[Any]) -> bool:
    import numpy as np

    return index.nlevels == 1 and isinstance(index.dtype, np.dtype) and index.dtype.kind in "iu"


def _plain(value: Any) -> Any:
    """A JSON value for an index label: numpy scalars become Python's, anything else its text."""
    item = getattr(value, "item", None)
    if callable(item):
        plain = item()
        if isinstance(plain, bool | int | float | str):
            return plain
    return str(value)
