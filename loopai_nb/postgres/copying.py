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

BATCH_BYTES = 2**20
"""What the driver reads at a time; by itself it would take 16 MB."""

LEAST_BLOCK_BYTES, MOST_BLOCK_BYTES = 2**22, 2**28
BLOCKS = 32
"""A chunk of a frame is so large, or has this share of what was read before, so that gigabytes come in some
hundred chunks and not in thousands; about one of them is there twice for a moment."""

_BATCH_HINT = "adbc.postgresql.batch_size_hint_bytes"


def carried(columns: Sequence[Route]) -> list[Route]:
    """Let exact numerics come as text: Arrow has them from it, and ADBC takes 350 ns to write each itself.

    The server's own takes no longer than its binary form, and ADBC reads it in 50 ns.
    """
    return [
        replace(column, ask="{c}::text") if column.read == "decimal" and column.ask == "{c}" else column
        for column in columns
    ]


def copy(cursor: Cursor, sql: str, *, batch_bytes: int = BATCH_BYTES) -> None:
    """Begin to read a query.

    Args:
        cursor: Closed by the caller.
        sql: With its values written in: parameters would leave COPY, and buffer every row.
        batch_bytes: About the size of a batch.
    """
    cursor.adbc_statement.set_options(**{_BATCH_HINT: str(batch_bytes)})
    cursor.execute(sql)


def table(cursor: Cursor, columns: Sequence[Route]) -> pa.Table:
    """Read all that is left, as a copy of the driver's batches, which are freed every few of them.

    Such a batch lives as long as any of its columns: without the copy the text of exact numerics would stay
    beside what was made of it, and so would the room that the driver's buffers grow into. It costs no time:
    the driver's next batch takes the same memory, which is there already.
    """
    import pyarrow as pa

    numbers = _numbers(columns)
    read: list[pa.Table] = []
    waiting: list[pa.Table] = []
    bytes_waiting = bytes_read = 0
    for batch in batches(cursor):
        bytes_waiting += batch.nbytes
        waiting.append(pa.Table.from_batches([_exact(batch, columns, numbers)]))
        if bytes_waiting >= min(max(LEAST_BLOCK_BYTES, bytes_read // BLOCKS), MOST_BLOCK_BYTES):
            read.append(_copied(waiting, columns))
            bytes_read, bytes_waiting = bytes_read + bytes_waiting, 0
            waiting.clear()
    if waiting:
        read.append(_copied(waiting, columns))
    return joined(read, columns) if read else schema(cursor).empty_table()


def _copied(waiting: Sequence[pa.Table], columns: Sequence[Route]) -> pa.Table:
    import pyarrow as pa

    # Arrow's own pool rounds what is as large as this up, by a fifth of a table of ten columns.
    return joined(waiting, columns).combine_chunks(memory_pool=pa.system_memory_pool())


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
    import pyarrow.compute as pc

    for n in numbers:
        precision, scale = columns[n].digits or (0, 0)
        if not 0 <= scale <= precision <= DECIMAL_DIGITS or not precision:
            continue
        with contextlib.suppress(pa.ArrowInvalid):  # NaN
            kind = pa.decimal128(precision, scale)
            numeric = pc.cast(batch.column(n), kind, memory_pool=pa.system_memory_pool())
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
