"""A query's rows chunk by chunk out of one COPY, in the memory that a few chunks take."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections import deque
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from loopai_nb.errors import InputError
from loopai_nb.postgres.columns import to_frame, warn_of_missing
from loopai_nb.postgres.copying import batches, carried, copy, schema
from loopai_nb.postgres.interrupt import interruptible
from loopai_nb.postgres.labels import by_key
from loopai_nb.postgres.routes import described, projection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

    import pandas as pd
    import pyarrow as pa
    from adbc_driver_manager.dbapi import Connection as ArrowConnection
    from adbc_driver_manager.dbapi import Cursor

    from loopai_nb.errors import TableNotFound
    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.interrupt import Cancellation
    from loopai_nb.postgres.reading import Reading
    from loopai_nb.postgres.routes import Route
    from loopai_nb.postgres.sqltext import Composed

__all__ = ["Stream"]

BATCH_BYTES = 2**20
"""What the driver reads at a time; by itself it would take 16 MB, whatever the size of a chunk."""

CLOSE_WAIT_S = 0.1
"""How long a close waits for a read in another thread; one that does not end releases when it does."""


class Stream:
    """The rows of a query as DataFrames of so many rows each; made by ``pull(..., chunks=50_000)``.

    It is read once. The query starts when the stream is made, and **holds a transaction open on the server**
    until the last chunk was read or the stream is closed: vacuum cannot clean up behind it meanwhile, and a
    statement timeout counts the time that your own loop takes, too. A ``for`` loop closes it however it is
    left; one whose body may fail is safest inside of ``with``, since a traceback keeps its loop alive::

        with session.pull("reviews", chunks=50_000) as stream:
            for frame in stream:
                ...

    The frames are those of one pull, cut: a running index, and the same dtypes in each. Where a type says
    too little for that, a column holds Python objects: decimals whose type has no precision, and, from the
    chunk on where they first appear, NaN among exact decimals and arrays of several dimensions. A query
    without rows gives one empty frame. An interrupt, an error of the server and ``close`` end the query
    there.

    Attributes:
        attrs: Of each of its frames.
        rows: Read so far.
    """

    def __init__(
        self,
        db: Database,
        sql: Composed,
        *,
        size: int,
        reading: Reading,
        key: Sequence[str] = (),
        attrs: Mapping[str, Any],
        missing: Callable[[str], TableNotFound] | None = None,
    ) -> None:
        self.attrs = dict(attrs)
        self.rows = 0
        self._db = db
        self._size = size
        self._reading = reading
        self._key = tuple(key)
        self._lock = threading.Lock()  # held by who reads or releases
        self._open = contextlib.ExitStack()
        self._current: Cancellation | None = None
        self._state = "open"
        self._objects: set[str] = set()
        self._missing: dict[str, int] = {}
        self._batches: deque[pa.RecordBatch] = deque()
        self._waiting = 0
        self._connection: ArrowConnection | None = None
        self._cursor: Cursor
        self._schema: pa.Schema
        self._columns: list[Route] = []
        try:
            interruptible(lambda stop: self._start(stop, sql, missing))
        except BaseException:
            # An interrupt may come when the query has started already, and its traceback keeps this object.
            self.close()
            raise

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """Read what is left, and close the stream when the loop is left.

        Raises:
            InputError: It has been closed, or was read already.
        """
        if self._state != "open":
            raise self._over()
        return self._closing()

    def __next__(self) -> pd.DataFrame:
        """The next chunk.

        Raises:
            InputError: It has been closed; a key that is not unique in its chunk; see ``pull``.
            DatabaseError: The server ended it; what came before stands, and nothing of this chunk.
            KeyboardInterrupt: Interrupted; the query was cancelled on the server and the stream is closed.
        """
        if self._state == "closed":
            raise self._over()
        frame = None if self._state == "read" else interruptible(self._chunk)
        if self._state == "read":
            self._warn()
        if frame is None:
            raise StopIteration
        return frame

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        # Not by close(): it starts a thread, which an interpreter that ends does not do any more.
        with contextlib.suppress(Exception):
            self._open.close()

    def __repr__(self) -> str:
        origin = self.attrs.get("loopai", {}).get("table") or "a query"
        return f"<Stream of {origin}, {self._size:,} rows a chunk: {self.rows:,} rows read, {self._state}>"

    def close(self) -> None:
        """End the query on the server and give the connection back; may be called twice, by any thread."""
        if self._state == "open":
            self._state = "closed"
        if (current := self._current) is not None:
            current.request()
        if self._lock.acquire(timeout=CLOSE_WAIT_S):
            try:
                if sys.is_finalizing():  # a loop that is left only now: no thread would ever start
                    self._release()
                elif self._connection is not None:
                    interruptible(lambda _: self._release(cancel=True))
            finally:
                self._lock.release()
        self._warn()

    def _closing(self) -> Iterator[pd.DataFrame]:
        with self:
            while (frame := next(self, None)) is not None:
                yield frame

    def _over(self) -> InputError:
        how = "has been read to its end" if self._state == "read" else "is closed"
        return InputError(f"The stream {how}.", "Pull again: a stream is read once.")

    def _warn(self) -> None:
        missing, self._missing = self._missing, {}
        warn_of_missing(missing)

    def _start(
        self, stop: Cancellation, sql: Composed, missing: Callable[[str], TableNotFound] | None
    ) -> None:
        with self._lock, contextlib.ExitStack() as opened:
            connection = opened.enter_context(self._db.arrow(read_only=True))
            with stop.target(connection.adbc_cancel):
                with self._db.errors(sql, missing=missing):
                    columns = carried(described(connection, sql.text, self._reading))
                with self._db.errors(about=sql):
                    cursor = opened.enter_context(connection.cursor())
                    copy(cursor, projection(sql.text, columns), batch_bytes=BATCH_BYTES)
                    self._schema = schema(cursor)
            if self._state != "open":  # nobody waits for it any more
                raise self._over()
            self._connection, self._cursor, self._columns = connection, cursor, columns
            self._open = opened.pop_all()

    def _chunk(self, stop: Cancellation) -> pd.DataFrame | None:
        """Read one chunk; None behind the last."""
        with self._lock:
            # Before the look at the state: a close that comes behind it finds what to cancel.
            self._current = stop
            try:
                with stop.target(self._opened().adbc_cancel), self._db.errors():
                    table, is_last = self._table(stop)
                frame = self._frame(table) if table.num_rows or not self.rows else None
                stop.check()
            except BaseException:
                was, self._state = self._state, "read" if self._state == "read" else "closed"
                self._release()
                if was == "closed":  # by another thread, which cancelled this one
                    raise self._over() from None
                raise
            finally:
                self._current = None
            if is_last:
                self._state = "read"
                self._release()
            return frame

    def _opened(self) -> ArrowConnection:
        if self._state != "open" or self._connection is None:
            raise self._over()
        return self._connection

    def _table(self, stop: Cancellation) -> tuple[pa.Table, bool]:
        """Take one chunk from the batches, and tell whether it is the last."""
        import pyarrow as pa

        reader, is_last = batches(self._cursor), False
        # One row more than the chunk has, so that a transaction is not held open for nothing behind the last.
        while self._waiting <= self._size and not is_last:
            stop.check()
            batch = next(reader, None)
            if batch is None:
                is_last = True
            else:
                self._batches.append(batch)
                self._waiting += batch.num_rows
        taken, wanted = [], self._size
        while wanted and self._batches:
            batch = self._batches.popleft()
            if batch.num_rows > wanted:
                self._batches.appendleft(batch.slice(wanted))
                batch = batch.slice(0, wanted)
            taken.append(batch)
            wanted -= batch.num_rows
        self._waiting -= self._size - wanted
        return pa.Table.from_batches(taken, schema=self._schema), is_last and not self._waiting

    def _frame(self, table: pa.Table) -> pd.DataFrame:
        import pandas as pd

        frame = to_frame(table, self._columns, self._reading, missing=self._missing)
        for column, values in zip(self._columns, table.columns, strict=False):
            name, is_plain = column.name, frame[column.name].dtype != object
            if column.read == "decimal" and not column.is_array:
                # Without a precision the values of each chunk would choose a dtype of their own.
                if column.digits is None or (is_plain and name in self._objects):
                    texts = values.to_pylist()
                    frame[name] = _objects(None if text is None else Decimal(text) for text in texts)
            elif is_plain and name in self._objects:
                frame[name] = _objects(None if value is pd.NA else value for value in frame[name])
            if frame[name].dtype == object:
                self._objects.add(name)
        frame.index = pd.RangeIndex(self.rows, self.rows + len(frame))
        self.rows += len(frame)
        frame.attrs.update(self.attrs)
        return by_key(frame, self._key)

    def _release(self, *, cancel: bool = False) -> None:
        """Close cursor and connection, and forget what was read ahead; the lock is held."""
        connection, self._connection = self._connection, None
        opened, self._open = self._open, contextlib.ExitStack()
        self._batches.clear()
        with contextlib.suppress(Exception):  # a connection that is already gone has nothing to say
            if cancel and connection is not None:
                connection.adbc_cancel()
        with contextlib.suppress(Exception):
            opened.close()


def _objects(values: Iterator[Any]) -> pd.Series[Any]:
    import pandas as pd

    return pd.Series(list(values), dtype=object)
