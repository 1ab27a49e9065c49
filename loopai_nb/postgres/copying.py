"""One query by COPY over an ADBC cursor, batch by batch, with the server's own errors."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    from adbc_driver_manager.dbapi import Cursor

    from loopai_nb.postgres.routes import Route

__all__ = ["batches", "carried", "copy", "joined", "schema", "table"]

DECIMAL_DIGITS = 38
"""Most digits of an Arrow decimal128."""

_BATCH_BYTES = "adbc.postgresql.batch_size_hint_bytes"


def carried(columns: Sequence[Route]) -> list[Route]:
    """Let exact numerics come as text: Arrow has them from it, and ADBC takes 350 ns to write each itself.

    The server's own takes no longer than its binary form, and ADBC reads it in 50 ns.
    """
    return [
        replace(column, ask="{c}::text") if column.read == "decimal" and column.ask == "{c}" else column
        for column in columns
    ]


def copy(cursor: Cursor, sql: str, *, batch_bytes: int | None = None) -> None:
    """Begin to read a query.

    Args:
        cursor: Closed by the caller.
        sql: With its values written in: parameters would leave COPY, and buffer every row.
        batch_bytes: About the size of a batch; None for the driver's own, 16 MB.
    """
    if batch_bytes is not None:
        cursor.adbc_statement.set_options(**{_BATCH_BYTES: str(batch_bytes)})
    cursor.execute(sql)


def table(cursor: Cursor, columns: Sequence[Route]) -> pa.Table:
    """Read all that is left; exact numerics of a known precision lose their text batch by batch."""
    import pyarrow as pa

    numbers = _numbers(columns)
    read = [pa.Table.from_batches([_exact(batch, columns, numbers)]) for batch in batches(cursor)]
    return joined(read, columns) if read else schema(cursor).empty_table()


def joined(tables: Sequence[pa.Table], columns: Sequence[Route]) -> pa.Table:
    """Put tables one behind the other; numerics that are NaN in some of them are text again in all."""
    import pyarrow as pa

    if len({str(part.schema.types) for part in tables}) > 1:
        tables = [_texts(part, _numbers(columns)) for part in tables]
    return pa.concat_tables(tables)


def _numbers(columns: Sequence[Route]) -> list[int]:
    return [n for n, column in enumerate(columns) if column.read == "decimal" and not column.is_array]


def _exact(batch: pa.RecordBatch, columns: Sequence[Route], numbers: Sequence[int]) -> pa.RecordBatch:
    import pyarrow as pa

    for n in numbers:
        precision, scale = columns[n].digits or (0, 0)
        if not 0 <= scale <= precision <= DECIMAL_DIGITS or not precision:
            continue
        with contextlib.suppress(pa.ArrowInvalid):  # NaN
            numeric = batch.column(n).cast(pa.decimal128(precision, scale))
            batch = batch.set_column(n, batch.schema.names[n], numeric)
    return batch


def _texts(part: pa.Table, numbers: Sequence[int]) -> pa.Table:
    import pyarrow as pa

    for n in numbers:
        part = part.set_column(n, part.schema.names[n], part.column(n).cast(pa.string()))
    return part


def schema(cursor: Cursor) -> pa.Schema:
    """Of the query that is being read."""
    found: pa.Schema = _reader(cursor).schema
    return found


def batches(cursor: Cursor) -> Iterator[pa.RecordBatch]:
    """Read on where the last call stopped; a batch may have any number of rows."""
    reader = _reader(cursor)
    while True:
        try:
            yield reader.read_next_batch()
        except StopIteration:
            return


def _reader(cursor: Cursor) -> pa.RecordBatchReader:
    # The public fetch_record_batch() takes this reader apart: what is left of it raises pyarrow's OSError,
    # which has lost the SQLSTATE, and every later error of the cursor is another one.
    results: Any = cursor._results  # noqa: SLF001  (see above; a test holds that errors keep their code)
    return results.reader
