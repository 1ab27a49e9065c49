"""Rows out of Postgres into a DataFrame: one read-only transaction, COPY through Arrow, every dtype right."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, overload

from loopai_nb.errors import InputError
from loopai_nb.postgres.catalog import find, missing_table
from loopai_nb.postgres.columns import to_frame, warn_of_missing
from loopai_nb.postgres.copying import carried, copy, table
from loopai_nb.postgres.interrupt import interruptible
from loopai_nb.postgres.labels import by_key, key_columns
from loopai_nb.postgres.parallel import fetch, halves
from loopai_nb.postgres.reading import Reading
from loopai_nb.postgres.routes import described, projection
from loopai_nb.postgres.sqltext import is_statement, one_statement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    import pyarrow as pa

    from loopai_nb.errors import TableNotFound
    from loopai_nb.postgres.catalog import Relation
    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.interrupt import Cancellation
    from loopai_nb.postgres.routes import Route
    from loopai_nb.postgres.sqltext import Composed
    from loopai_nb.postgres.stream import Stream

__all__ = ["ATTRS_KEY", "pull", "row_count"]

ATTRS_KEY = "loopai"
"""Of ``DataFrame.attrs``: where the frame came from, as plain JSON values."""

QUERY_CHARS = 10_000
"""Longest query kept in the attrs, which pandas copies with every operation."""


@overload
def pull(
    db: Database,
    source: str,
    *,
    where: str | None = None,
    params: Mapping[str, object] | None = None,
    limit: int | None = None,
    columns: Sequence[str] | None = None,
    key: str | Sequence[str] | None = None,
    chunks: None = None,
    reading: Reading | None = None,
    connections: int | None = None,
) -> pd.DataFrame: ...


@overload
def pull(
    db: Database,
    source: str,
    *,
    where: str | None = None,
    params: Mapping[str, object] | None = None,
    limit: int | None = None,
    columns: Sequence[str] | None = None,
    key: str | Sequence[str] | None = None,
    chunks: int | None,
    reading: Reading | None = None,
    connections: int | None = None,
) -> pd.DataFrame | Stream: ...


def pull(
    db: Database,
    source: str,
    *,
    where: str | None = None,
    params: Mapping[str, object] | None = None,
    limit: int | None = None,
    columns: Sequence[str] | None = None,
    key: str | Sequence[str] | None = None,
    chunks: int | None = None,
    reading: Reading | None = None,
    connections: int | None = None,
) -> pd.DataFrame | Stream:
    """Read a table or a query into a DataFrame, or chunk by chunk into several.

    Args:
        db: Where from.
        source: ``t``, ``schema.t``, ``"Mixed Case"``, or one ``SELECT``, ``WITH``, ``VALUES`` or ``TABLE``
            statement. A table with a primary key comes in the key's order, so that the same rows come in the
            same order, and ``limit`` means the same rows, every time; a query comes as it says. The order
            costs a tenth of the time where rows lie in it, and more than the reading where they don't.
        where: SQL condition; with a query, over its output columns.
        params: Values of the ``:name`` parameters in ``source`` and ``where``.
        limit: Most rows; None for all.
        columns: Names, unquoted, in the order wanted; None for all.
        key: Column or columns whose values become the index labels, so that the answers to a row find it
            again in a later pull, whatever was inserted before it. They stay columns, too. Unique and without
            NULL; of chunks, each by itself is looked at.
        chunks: Rows of each frame, at least 1, for a table that is larger than memory; None for one frame.
        reading: Dtypes, and what becomes of values that need a choice; None for the usual ones.
        connections: 2 to read a whole table over two at a time where it can be cut, 1 for never, None for
            where it may pay (a guess): 64 MB, four cores or more. The frame is the same; chunks take one.

    Returns:
        A RangeIndex (or the key) and the columns of the query: uuid, interval and what Arrow has no type for
        as text, json and jsonb as Python objects, arrays as lists, numeric exact. ``attrs["loopai"]`` has
        ``connection``, ``table`` (for a table; else None), ``key`` (as given, else the table's primary key,
        else empty), ``query`` without its values, and for a table the ``comments`` of its columns
        by their names. With ``chunks`` a
        :class:`~loopai_nb.postgres.stream.Stream` of such frames, which holds a transaction open on the
        server until it is read or closed.

    Raises:
        InputError: Parameters, columns, key, limit or chunks that do not fit.
        TableNotFound: With near names.
        QueryFailed: With the position; also where the statement would write.
        DatabaseError: The connection's trouble.
        KeyboardInterrupt: Interrupted; the query was cancelled on the server.
    """
    limit = row_count(limit, f"The limit is {limit}.", least=0)
    chunks = row_count(chunks, f"The chunks have {chunks} rows.", least=1)
    if columns is not None and (isinstance(columns, str) or not columns):
        raise InputError(
            "The columns are no list of names.", 'Name at least one, columns=["id"], or leave them out.'
        )
    if connections not in (None, 1, 2):
        raise InputError(
            f"A pull has 1 connection or 2, not {connections!r}.", "Leave it out to let it choose."
        )
    found = None if is_statement(source) else _table(db, source)
    labels = key_columns(key, columns)
    if found is not None:
        known = [column.name for column in found.columns]
        if unknown := [name for name in (*(columns or ()), *labels) if name not in known]:
            raise InputError(f'{found.shown} has no column "{unknown[0]}".', f"It has: {', '.join(known)}.")
    written, piece = _written(db, source, found, where=where, limit=limit, columns=columns)
    sql = db.compose(written, params or {}, piece)
    reading = reading or Reading()
    attrs: dict[str, Any] = {
        ATTRS_KEY: {
            "connection": db.name,
            "table": found.shown if found else None,
            "key": list(labels or (found.primary_key if found else ())),
            "query": written[:QUERY_CHARS],
        }
    }
    if found is not None:
        asked_for = columns or known
        attrs[ATTRS_KEY]["comments"] = {
            column.name: column.comment
            for column in found.columns
            if column.comment is not None and column.name in asked_for
        }

    def missing(name: str) -> TableNotFound:
        return missing_table(db, name)

    if chunks is not None:
        from loopai_nb.postgres.stream import Stream

        return Stream(db, sql, size=chunks, reading=reading, key=labels, attrs=attrs, missing=missing)
    parts: list[Composed] = []
    if found is not None and limit is None and connections != 1:
        for half in halves(db, found, always=connections is not None) or ():
            cut, piece = _written(db, source, found, where=where, limit=None, columns=columns, half=half)
            parts.append(db.compose(cut, params or {}, piece))
    pulled, asked = interruptible(
        lambda stop: (
            fetch(stop, db, sql, parts, reading, missing)
            if parts
            else _fetch(stop, db, sql, reading, missing)
        )
    )
    lost: dict[str, int] = {}
    frame = to_frame(pulled, asked, reading, missing=lost)
    del pulled
    frame.attrs.update(attrs)
    warn_of_missing(lost)
    return by_key(frame, labels)


def row_count(given: int | None, said: str, *, least: int) -> int | None:
    """Return a number of rows, of whatever type of integer; None as it is.

    Raises:
        InputError: ``said``: it is no whole number, or less than the least.
    """
    if given is None:
        return None
    try:
        rows = -1 if isinstance(given, bool) else operator.index(given)
    except TypeError:
        rows = -1
    if rows < least:
        raise InputError(said, f"Use a whole number of rows, {least} or more, or leave it out.")
    return rows


def _table(db: Database, source: str) -> Relation:
    found = find(db, source) if source.strip() else None
    if found is None and len(source.split()) != 1:
        raise InputError(
            "That is neither a table nor a query.",
            'Name a table (t, schema.t, "Mixed Case"), or write one SELECT, WITH, VALUES or TABLE statement.',
        )
    if found is None:
        raise missing_table(db, source)
    return found


def _written(
    db: Database,
    source: str,
    found: Relation | None,
    *,
    where: str | None,
    limit: int | None,
    columns: Sequence[str] | None,
    half: str | None = None,
) -> tuple[str, tuple[int, int] | None]:
    """Return the SQL, and where in it the person's own SQL stands (None: everywhere).

    ``half`` is another condition, of ours.
    """
    if found is None and where is None and limit is None and columns is None:
        return one_statement(source), None
    select = f"SELECT {', '.join(db.quote(columns)) if columns else '*'} FROM"
    # A line of its own for what the person wrote: it may end in a comment.
    if found is None:
        before, own, after = f"{select} (\n", one_statement(source), "\n) AS query"
        if where is not None:
            after += f"\nWHERE (\n{one_statement(where)}\n)"
    else:
        table = ".".join(db.quote([found.schema, found.name]))
        before, own, after = f"{select} {table}", "", ""
        if where is not None:
            before, own, after = f"{before} WHERE (\n", one_statement(where), "\n)"
        if half is not None:
            after += f" {'WHERE' if where is None else 'AND'} {half}"
        if found.primary_key:
            after += f"\nORDER BY {', '.join(db.quote(found.primary_key))}"
    if limit is not None:
        after += f"\nLIMIT {int(limit)}"
    return f"{before}{own}{after}", (len(before), len(before) + len(own))


def _fetch(
    stop: Cancellation,
    db: Database,
    sql: Composed,
    reading: Reading,
    missing: Callable[[str], TableNotFound],
) -> tuple[pa.Table, list[Route]]:
    """Describe the query, then COPY it in the way that its columns need."""
    with db.arrow(read_only=True) as connection, stop.target(connection.adbc_cancel):
        with db.errors(sql, missing=missing):
            asked = carried(described(connection, sql.text, reading))
        with db.errors(about=sql), connection.cursor() as cursor:
            copy(cursor, projection(sql.text, asked))
            return table(cursor, asked), asked
