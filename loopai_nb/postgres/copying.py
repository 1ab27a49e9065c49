"""One query by COPY over an ADBC cursor, batch by batch, with the server's own errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    from adbc_driver_manager.dbapi import Cursor

__all__ = ["batches", "copy", "schema"]

_BATCH_BYTES = "adbc.postgresql.batch_size_hint_bytes"


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
