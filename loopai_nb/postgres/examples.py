"""A few values of each column: from the planner's statistics, else from a small sample; never a long scan."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import DatabaseError
from loopai_nb.postgres.failures import driver_errors
from loopai_nb.postgres.interrupt import interruptible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.interrupt import Cancellation
    from loopai_nb.postgres.listing import Listed
    from loopai_nb.postgres.relations import Column, Relation
    from loopai_nb.redaction import Redactor

__all__ = ["Sampled", "Values", "from_sample", "from_statistics", "shortened"]

MOST = 3
"""Examples of a column."""

MOST_CHARS = 30
"""Of one example, as many as a timestamp has; what is longer ends in "…"."""

MOST_CODE_CHARS = 20
"""Of bytes and of JSON, whose beginnings say less."""

SAMPLE_ROWS = 1_000
"""Wanted; a table that has no more is looked at as a whole."""

MOST_ROWS = 2 * SAMPLE_ROWS
"""Looked at where a page holds more rows than was thought."""

LEAST_PAGES, MOST_PAGES = 8, 64
"""Read of a table, spread over all of it."""

SAMPLE_TIMEOUT_S = 2.0
LOCK_TIMEOUT_S = 0.3

MOST_COST = 20_000.0
"""Of a view's first rows, in the planner's unit (reading 160 MB from one end to the other costs as much)."""

_READ_CHARS = 400
"""Of one value, for the redaction to see more than is shown."""

_MARGIN = 64
"""Characters at the end of a value that was cut: half of an address there is none that a rule would find."""

_SEEN = 20
"""Values of the sample among which the examples are chosen."""

_READ_BYTES = 16

_CODE = frozenset({"bytea", "json", "jsonb", "xml"})

_COLUMNS_AT_ONCE = 200
"""Planning a statement about all 1,600 takes longer than running it."""

# The view shows nothing of columns that the user may not SELECT, nor of tables with row security.
_STATISTICS = f"""
SELECT DISTINCT ON (attname) attname::text AS name, null_frac::float8 AS null_share,
       n_distinct::float8 AS n_distinct,
       ARRAY(SELECT left(v, {_READ_CHARS}) FROM unnest(
           (most_common_vals::text::text[])[1:{MOST}] || ARRAY[h[1 + n / 4], h[1 + n / 2], h[1 + n * 3 / 4]]
       ) AS v WHERE v IS NOT NULL) AS "values"
FROM pg_stats, LATERAL (SELECT histogram_bounds::text::text[] AS h) AS bounds,
     LATERAL (SELECT coalesce(array_length(h, 1), 0) AS n) AS counted
WHERE schemaname = :schema AND tablename = :name
ORDER BY attname, inherited DESC
"""  # noqa: S608  (numbers of ours)


@dataclass(frozen=True, slots=True)
class Values:
    """What is known of a column's values.

    Attributes:
        null_share: 0 to 1; None where nobody knows.
        distinct: How many values differ: as they are where positive, as a share of the rows where negative
            (so ``pg_stats`` has it); None where nobody knows.
        examples: As the server writes them, up to 400 characters each, none of them twice.
    """

    null_share: float | None
    distinct: float | None
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sampled:
    """What a sample showed.

    Attributes:
        rows: That were looked at.
        whole: They are all that there are.
        columns: What is known of each, by name.
        trouble: Why there was no sample; "" where there was one.
    """

    rows: int
    whole: bool
    columns: dict[str, Values]
    trouble: str = ""


def from_statistics(db: Database, found: Relation) -> dict[str, Values]:
    """Return what the last ANALYZE found, by column; without those that the user may not SELECT."""
    rows = db.execute(_STATISTICS, {"schema": found.schema, "name": found.name})
    return {
        row["name"]: Values(row["null_share"], row["n_distinct"] or None, _distinct(row["values"]))
        for row in rows
    }


def from_sample(db: Database, found: Relation, columns: Sequence[Column], known: Listed) -> Sampled:
    """Look at some of the rows, for two seconds at most.

    Of a table, some of its pages are read; of a view or a foreign table its first rows, where the planner
    thinks that they come soon.

    Args:
        db: Where.
        found: What.
        columns: Of it, which the user may SELECT.
        known: How large it is.
    """
    if not columns:
        return Sampled(0, whole=False, columns={})
    try:
        return interruptible(lambda stop: _sample(stop, db, found, columns, known))
    except DatabaseError as error:
        # Whatever it was, the rest of the description is right without it.
        return Sampled(0, whole=False, columns={}, trouble=_trouble(error))


def shortened(text: str, column: Column, redactor: Redactor | None) -> str:
    """Return an example as it is shown: personal data masked, in one line, cut."""
    most = MOST_CODE_CHARS if column.base_type in _CODE else MOST_CHARS
    cut = len(text) >= _READ_CHARS
    if redactor is not None:
        text, _ = redactor.redact(text)
        if cut:
            text = text[:-_MARGIN]
    flat = " ".join(text[: most * 2].split()) if text.strip() else text
    if not flat.strip():
        return f"'{flat[:most]}'"
    return flat if len(flat) <= most and not cut else f"{flat[: most - 1]}…"


def _sample(
    stop: Cancellation, db: Database, found: Relation, columns: Sequence[Column], known: Listed
) -> Sampled:
    percent = _percent(known) if found.kind in "rmp" else None
    source = _source(db, found, columns, percent)
    whole = percent in {None, 100}
    rows: list[dict[str, Any]] = []
    deadline_s = time.monotonic() + SAMPLE_TIMEOUT_S
    with (
        db.arrow(read_only=True) as connection,
        stop.target(connection.adbc_cancel),
        driver_errors(where=db.where, timeout_s=SAMPLE_TIMEOUT_S),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SET LOCAL lock_timeout = {round(LOCK_TIMEOUT_S * 1000)}")
        cursor.execute(f"SET LOCAL statement_timeout = {round(SAMPLE_TIMEOUT_S * 1000)}")
        if found.kind == "v" and _cost(cursor, source) > MOST_COST:
            return Sampled(0, whole=False, columns={}, trouble="it would take long to look at its rows")
        for first in range(0, len(columns), _COLUMNS_AT_ONCE):
            asked = _each_column(source, columns, first, count_all=whole)
            rows += _in_time(db, cursor, asked, deadline_s - time.monotonic(), needed=first == 0)
    seen = rows[0]["seen"] if rows else 0
    whole = whole and seen < MOST_ROWS
    return Sampled(seen, whole, {columns[row["n"]].name: _values(row, whole=whole) for row in rows})


def _percent(known: Listed) -> float:
    """How many of a table's pages to read, so that about a thousand rows come from all over it."""
    rows, pages = known.rows or 0, max(known.pages, 1)
    if rows <= SAMPLE_ROWS:
        return 100
    wanted = min(max(SAMPLE_ROWS * pages / rows, LEAST_PAGES), MOST_PAGES)
    return min(100 * wanted / pages, 100)


def _in_time(db: Database, cursor: Any, asked: str, left_s: float, *, needed: bool) -> list[dict[str, Any]]:
    """Return the rows of a statement; nothing where they are not needed and no time is left for them."""
    if not needed and left_s <= 0:
        return []
    try:
        with driver_errors(where=db.where):
            cursor.execute(f"SET LOCAL statement_timeout = {max(round(left_s * 1000), 1)}")
            cursor.execute(asked)
            rows: list[dict[str, Any]] = cursor.fetch_arrow_table().to_pylist()
    except DatabaseError:
        if needed:
            raise
        return []  # and so do those after it: the transaction has failed
    return rows


def _source(db: Database, found: Relation, columns: Sequence[Column], percent: float | None) -> str:
    names = db.quote(column.name for column in columns)
    listed = ", ".join(f"{name} AS c{n}" for n, name in enumerate(names))
    table = ".".join(db.quote([found.schema, found.name]))
    # The same rows at every look, as long as the table stays as it is.
    some = "" if percent is None else f" TABLESAMPLE SYSTEM ({percent:.6f}) REPEATABLE (0)"
    return f"SELECT {listed} FROM {table}{some} LIMIT {MOST_ROWS}"  # noqa: S608  (names that the driver quoted)


def _each_column(source: str, columns: Sequence[Column], first: int, *, count_all: bool) -> str:
    """Return SQL with one row a column; long values stay where they are stored until they are examples."""
    parts = []
    for n, column in list(enumerate(columns))[first : first + _COLUMNS_AT_ONCE]:
        distinct = f"count(DISTINCT hashtext(left(c{n}::text, 1000)))" if count_all else "NULL::bigint"
        some = f"ARRAY(SELECT {_as_text(f'c{n}', column)} FROM s WHERE c{n} IS NOT NULL LIMIT {_SEEN})"  # noqa: S608  (names of ours)
        parts.append(
            f"SELECT {n} AS n, count(*) AS seen, count(c{n}) AS filled, {distinct} AS different, "  # noqa: S608  (names of ours)
            f"{some} AS examples FROM s"
        )
    return f"WITH s AS MATERIALIZED ({source}) {' UNION ALL '.join(parts)} ORDER BY n"


def _as_text(alias: str, column: Column) -> str:
    if column.base_type == "bytea":
        return f"'\\x' || encode(substring({alias} FROM 1 FOR {_READ_BYTES}), 'hex')"
    return f"left({alias}::text, {_READ_CHARS})"


def _cost(cursor: Any, source: str) -> float:
    import json

    # EXPLAIN is no query that COPY takes.
    cursor.adbc_statement.set_options(**{"adbc.postgresql.use_copy": "false"})
    cursor.execute(f"EXPLAIN (FORMAT JSON) {source}")
    said = cursor.fetch_arrow_table().column(0).to_pylist()
    cursor.adbc_statement.set_options(**{"adbc.postgresql.use_copy": "true"})
    return float(json.loads("\n".join(said))[0]["Plan"]["Total Cost"])


def _values(row: dict[str, Any], *, whole: bool) -> Values:
    seen = row["seen"]
    return Values(
        (seen - row["filled"]) / seen if seen else None,
        row["different"] if whole and seen else None,
        _distinct(row["examples"]),
    )


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))[:MOST]


def _trouble(error: DatabaseError) -> str:
    return {
        "57014": f"to look at its rows took longer than {SAMPLE_TIMEOUT_S:.0f} s",
        "55P03": "somebody is changing it",
        "42501": "you may not SELECT from it",
    }.get(error.sqlstate or "", error.message)
