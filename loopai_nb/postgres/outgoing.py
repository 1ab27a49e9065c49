"""A DataFrame's columns as Arrow arrays that Postgres takes exactly, or an error that names the column.

Decimals, UUIDs, JSON and odd arrays travel as text and are cast by the server, which reads them without loss;
pandas' own guesses (a float column that holds integers beside a missing one) are undone where the table says
integer. A column is looked at as a whole and converted in pieces, so that a large frame is not there twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.postgres.arrow_out import converter, sql_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd
    import pyarrow as pa

    from loopai_nb.postgres.catalog import Column

__all__ = ["BATCH_ROWS", "NAME_BYTES", "Outgoing", "outgoing", "reader"]

BATCH_ROWS = 50_000
"""Rows that are converted and copied at once; measured in PERFORMANCE.md."""

NAME_BYTES = 63
"""``NAMEDATALEN - 1``: Postgres cuts longer identifiers without an error."""

_TEXT_TYPES = frozenset({"text", "character varying", "bpchar", "name"})

_COPIED_AS_TEXT = frozenset({"text", "character varying", "bpchar", "json"})
"""Types whose binary form is their text."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One column on its way into a table.

    Attributes:
        name: Of the column.
        series: The frame's.
        convert: Makes Arrow of a piece of it, always of the type ``arrow``.
        arrow: What ADBC copies.
        type: SQL type of the column in the table without its modifier: as it is there, or will be made.
        full_type: The same with its modifier, as ``numeric(12,2)``.
        cast: The copied values are text that the server has to read as ``type``.
    """

    name: str
    series: pd.Series[Any]
    convert: Callable[[pd.Series[Any]], pa.Array]
    arrow: pa.DataType
    type: str
    full_type: str
    cast: bool

    @property
    def staged_type(self) -> str:
        """SQL type of the column in the staging table."""
        return sql_type(self.arrow)

    @property
    def direct(self) -> bool:
        """Whether COPY can write it into the table itself: its binary form is the type's own.

        COPY does not look: the eight bytes of a bigint are taken for a double without a word.
        """
        staged = self.staged_type
        return staged == self.type or (staged == "text" and self.type in _COPIED_AS_TEXT)


def outgoing(frame: pd.DataFrame, columns: Sequence[Column] | None) -> list[Outgoing]:
    """Return the frame's columns for a table.

    Args:
        frame: Without its index.
        columns: Of the table; None where it will be made.

    Raises:
        InputError: A column's name or values that the table cannot take.
    """
    names = [_checked_name(name) for name in frame.columns]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f'The frame has two columns named "{twice}".', "Rename or drop one of them.")
    if not names:
        raise InputError("The frame has no columns.", "Push a frame with at least one.")
    wanted = {column.name: column for column in columns or ()}
    return [_outgoing(name, frame[name], wanted.get(name)) for name in names]


def reader(columns: Sequence[Outgoing], names: Sequence[str] | None = None) -> pa.RecordBatchReader:
    """Return the columns as ADBC takes them, ``BATCH_ROWS`` at a time.

    Args:
        columns: As many rows each.
        names: Other names for them.
    """
    import pyarrow as pa

    named = names or [column.name for column in columns]
    schema = pa.schema([(name, column.arrow) for name, column in zip(named, columns, strict=True)])

    def batches() -> Iterator[pa.RecordBatch]:
        for start in range(0, len(columns[0].series), BATCH_ROWS):
            pieces = [column.convert(column.series.iloc[start : start + BATCH_ROWS]) for column in columns]
            yield pa.record_batch(pieces, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _checked_name(name: object) -> str:
    if not isinstance(name, str) or not name or "\0" in name:
        raise InputError(f"The column name {name!r} is no text.", "Rename it: df.rename(columns={...}).")
    if len(name.encode("utf-8", "replace")) > NAME_BYTES:
        raise InputError(
            f'The column name "{name[:40]}..." is longer than {NAME_BYTES} bytes.',
            "Rename it; Postgres would cut it.",
        )
    return name


def _outgoing(name: str, series: pd.Series[Any], wanted: Column | None) -> Outgoing:
    import pyarrow as pa

    target = wanted.base_type if wanted is not None else None
    try:
        convert, arrow, made = converter(series, target)
        # Once through all of it before anything is sent: a value that does not fit is told of here.
        for start in range(0, len(series), BATCH_ROWS):
            convert(series.iloc[start : start + BATCH_ROWS])
    except (pa.ArrowException, TypeError, ValueError, OverflowError, RecursionError) as exc:
        kinds = sorted({type(value).__name__ for value in series.dropna().head(1000)})
        goal = f"{wanted.type}" if wanted is not None else "one SQL type"
        raise InputError(
            f'Column "{name}" ({series.dtype}: {", ".join(kinds)}) does not fit {goal}.',
            "Convert it in the frame first (astype, round, str). Nothing was pushed.",
        ) from exc
    kind = target or made
    text = pa.types.is_string(arrow) and kind not in _TEXT_TYPES
    texts = pa.types.is_list(arrow) and pa.types.is_string(arrow.value_type) and kind != "text[]"
    return Outgoing(name, series, convert, arrow, kind, wanted.type if wanted else made, cast=text or texts)
