"""One table over two connections that see the same snapshot, in the order that one connection gives.

Rows before the middle come over one, the rest over the other: by the middle of the key as the server's
statistics have it, or, without a key, of the table's pages. Each half comes in the order of the whole, so one
behind the other they are the whole.

It takes cores: the server needs one for each connection, and so does the reader; one connection keeps two
busy already. It was measured once, on two cores at load 11, and gained nothing. That it pays from four cores
and 64 MB on is a guess that no measurement stands behind yet.
"""

from __future__ import annotations

import concurrent.futures
import os
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

from loopai_nb.errors import DatabaseError
from loopai_nb.postgres.copying import carried, copy, joined, table
from loopai_nb.postgres.routes import described, projection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa
    from adbc_driver_manager.dbapi import Connection as ArrowConnection

    from loopai_nb.errors import TableNotFound
    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.interrupt import Cancellation
    from loopai_nb.postgres.reading import Reading
    from loopai_nb.postgres.relations import Relation
    from loopai_nb.postgres.routes import Route
    from loopai_nb.postgres.sqltext import Composed

__all__ = ["fetch", "halves", "has_cores"]

LEAST_CORES = 4
LEAST_PAGES = 8192
"""Of 8 kB. What is smaller is read before a second connection is open."""

LEAST_CORRELATION = 0.9
"""Between the order of the key and that on disk. Below it, half of a key is nearly all pages of the table."""

TID_RANGES = 140_000
"""``server_version_num`` from which a condition on ``ctid`` reads only its pages."""

_LOOK = """
SELECT c.relpages AS pages, c.relkind IN ('r', 'm') AND NOT c.relhassubclass AS is_whole,
       current_setting('server_version_num')::int AS version, s.correlation::float8 AS correlation,
       bounds.of[(array_length(bounds.of, 1) + 1) / 2] AS middle
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_stats AS s
  ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = :key AND NOT s.inherited
CROSS JOIN LATERAL (SELECT s.histogram_bounds::text::text[] AS of) AS bounds
WHERE n.nspname = :schema AND c.relname = :name
"""


def has_cores() -> bool:
    """Tell whether this process may use enough cores for two connections to pay."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores >= LEAST_CORES


def halves(db: Database, found: Relation, *, always: bool = False) -> tuple[str, str] | None:
    """Return the SQL conditions of two halves of a table; None where it is not to be cut.

    Args:
        db: Where it is.
        found: The table.
        always: Also where it does not pay.
    """
    if not (always or has_cores()):
        return None
    key = found.primary_key[0] if found.primary_key else None
    rows = db.execute(_LOOK, {"schema": found.schema, "name": found.name, "key": key})
    if not rows or not rows[0]["is_whole"] or not (always or rows[0]["pages"] >= LEAST_PAGES):
        return None
    look = rows[0]
    if key is None:
        middle = look["pages"] // 2
        if not middle or look["version"] < TID_RANGES:
            return None
        return f"ctid < '({middle},0)'::tid", f"ctid >= '({middle},0)'::tid"
    if look["middle"] is None or abs(look["correlation"] or 0) < LEAST_CORRELATION:
        return None
    kind = next(column.base_type for column in found.columns if column.name == key)
    name, bound = db.quote([key])[0], f"{db.literals([look['middle']])[0]}::{kind}"
    return f"{name} < {bound}", f"{name} >= {bound}"


def fetch(
    stop: Cancellation,
    db: Database,
    sql: Composed,
    parts: Sequence[Composed],
    reading: Reading,
    missing: Callable[[str], TableNotFound],
) -> tuple[pa.Table, list[Route]]:
    """Read the two parts of a query at the same time; an error or an interrupt ends both.

    Where there is no second connection to be had, or it is led to another server, one reads all.

    Args:
        stop: Of the worker that this runs in.
        db: Where from.
        sql: The whole, for its description and its errors.
        parts: Two of the same columns; the first one's rows come first.
        reading: The person's choices.
        missing: Makes the error for a table that does not exist.
    """
    with ExitStack() as opened:
        first = opened.enter_context(db.arrow(read_only=True))
        with stop.target(first.adbc_cancel):
            with db.errors(sql, missing=missing):
                _say(first, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                asked = carried(described(first, sql.text, reading))
            second = _second(opened, db, first, sql, reading)
        if second is None:
            with stop.target(first.adbc_cancel):
                return _read(db, first, sql, projection(sql.text, asked), asked), asked

        def cancel() -> None:
            first.adbc_cancel()
            second.adbc_cancel()

        texts = [projection(part.text, asked) for part in parts]
        with stop.target(cancel):
            return joined(_both(db, (first, second), sql, texts, asked), asked), asked


def _second(
    opened: ExitStack, db: Database, first: ArrowConnection, sql: Composed, reading: Reading
) -> ArrowConnection | None:
    """A connection that sees what the first sees; None where there is none."""
    try:
        with db.errors(), first.cursor() as cursor:
            cursor.execute("SELECT pg_catalog.pg_export_snapshot()")
            snapshot = cursor.fetchall()[0][0]
        second = opened.enter_context(db.arrow(read_only=True))
        with db.errors():
            _say(second, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            _say(second, f"SET TRANSACTION SNAPSHOT {db.literals([snapshot])[0]}")
            described(second, sql.text, reading)  # for the settings that it makes
    except DatabaseError:
        return None
    return second


def _both(
    db: Database,
    connections: Sequence[ArrowConnection],
    sql: Composed,
    texts: Sequence[str],
    asked: Sequence[Route],
) -> list[pa.Table]:
    first, second = connections
    other: concurrent.futures.Future[pa.Table] = concurrent.futures.Future()

    def work() -> None:
        try:
            other.set_result(_read(db, second, sql, texts[1], asked))
        except BaseException as exc:  # noqa: BLE001  (a thread's border: raised below)
            other.set_exception(exc)
            first.adbc_cancel()

    # A daemon, as the worker itself: a connection that hangs must not keep the interpreter from ending.
    thread = threading.Thread(target=work, name="loopai-nb-query-2", daemon=True)
    thread.start()
    try:
        before = _read(db, first, sql, texts[0], asked)
    except BaseException:
        if not other.done():
            second.adbc_cancel()
        thread.join()
        # The first may only have been cancelled for the other's error.
        if (error := other.exception()) is not None and _is_cancelled_less(error):
            raise error from None
        raise
    thread.join()
    return [before, other.result()]


def _is_cancelled_less(error: BaseException) -> bool:
    """Tell an error of its own from that of a statement that was cancelled for the other's."""
    return not (isinstance(error, DatabaseError) and error.sqlstate == "57014")


def _read(
    db: Database, connection: ArrowConnection, sql: Composed, text: str, asked: Sequence[Route]
) -> pa.Table:
    with db.errors(about=sql), connection.cursor() as cursor:
        copy(cursor, text)
        return table(cursor, asked)


def _say(connection: ArrowConnection, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
