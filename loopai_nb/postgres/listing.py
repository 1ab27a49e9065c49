"""All tables of a database in one query: about how many rows, how large, and what people say of them."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from loopai_nb.errors import InputError
from loopai_nb.postgres.naming import shown_name, spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pandas as pd

    from loopai_nb.postgres.engine import Database

__all__ = ["Listed", "Order", "facts", "tables"]

Order = Literal["name", "rows", "size"]

EXACT_SIZES = 3_000
"""Tables whose indexes are measured, which takes 0.2 ms each; of more they are as at the last VACUUM."""

# Rows: as the planner reckons, rows a page at the last VACUUM or ANALYZE times the pages of today. Before the
# first one: as many as the server has counted being written, else pages by the width of a row
# (get_typavgwidth in lsyscache.c: 32 bytes for what has no fixed length; 24 bytes of header, 4 of pointer).
# A size opens its table, and waits for whoever holds it for ALTER TABLE, TRUNCATE or REINDEX (`busy`): such a
# table has its size of the last VACUUM.
_LISTED = f"""
WITH held AS MATERIALIZED (
    SELECT relation FROM pg_locks WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock'
), busy AS MATERIALIZED (
    SELECT relation AS oid FROM held
    UNION SELECT indrelid FROM pg_index WHERE indexrelid IN (SELECT relation FROM held)
), listed AS (
    SELECT c.*, n.nspname, n.oid IS NOT DISTINCT FROM nullif(pg_my_temp_schema(), 0) AS temporary,
           c.relkind IN ('r', 'm') AND c.oid NOT IN (SELECT oid FROM busy) AS measurable,
           current_setting('block_size')::bigint AS block
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE CASE WHEN CAST(:oid AS oid) IS NULL
               THEN c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname <> 'information_schema'
                    AND (n.nspname !~ '^pg_' OR n.oid = pg_my_temp_schema())
               ELSE c.oid = CAST(:oid AS oid)
                    OR c.relkind IN ('r', 'p', 'f')
                       AND c.oid IN (SELECT relid FROM pg_partition_tree(CAST(:oid AS oid))) END
), paged AS (
    SELECT listed.*, CASE WHEN measurable THEN pg_relation_size(oid) / block ELSE relpages END AS pages
    FROM listed
)
SELECT p.oid::bigint AS oid, p.nspname::text AS schema, p.relname::text AS name, p.relkind::text AS relkind,
       p.temporary,
       CASE WHEN p.relkind = 'f' THEN p.reltuples > 0 ELSE p.relpages > 0 OR p.pages = 0 END AS analyzed,
       p.relispopulated AS populated, p.pages::bigint AS pages,
       CASE WHEN p.relkind IN ('v', 'p') THEN NULL
            WHEN p.relkind = 'f' THEN nullif(greatest(p.reltuples, 0), 0)
            WHEN p.pages = 0 THEN 0
            WHEN p.relpages > 0 AND p.reltuples >= 0 THEN p.reltuples / p.relpages * p.pages
            WHEN pg_stat_get_live_tuples(p.oid) > 0 THEN pg_stat_get_live_tuples(p.oid)
            ELSE p.pages * floor((p.block - 24) / (
                 28 + (SELECT coalesce(sum(CASE WHEN a.attlen > 0 THEN a.attlen ELSE 32 END), 0)
                       FROM pg_attribute AS a
                       WHERE a.attrelid = p.oid AND a.attnum > 0 AND NOT a.attisdropped)))
       END::bigint AS rows_estimate,
       CASE WHEN p.relkind NOT IN ('r', 'm') THEN NULL
            WHEN p.measurable AND (SELECT count(*) FROM listed WHERE relkind IN ('r', 'm')) <= {EXACT_SIZES}
            THEN pg_total_relation_size(p.oid)
            ELSE p.block * (p.pages + coalesce(t.relpages, 0) + coalesce(
                 (SELECT sum(i.relpages) FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid
                  WHERE x.indrelid IN (p.oid, p.reltoastrelid)), 0))
       END::bigint AS size_bytes,
       (SELECT h.inhparent::bigint FROM pg_inherits AS h
        WHERE p.relispartition AND h.inhrelid = p.oid) AS parent,
       has_schema_privilege(p.relnamespace, 'USAGE') AND (
           has_table_privilege(p.oid, 'SELECT') OR has_any_column_privilege(p.oid, 'SELECT')) AS readable,
       d.description AS comment,
       array_position(current_schemas(false), p.nspname) AS path_position
FROM paged AS p LEFT JOIN pg_class AS t ON t.oid = p.reltoastrelid
LEFT JOIN pg_description AS d ON d.objoid = p.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
ORDER BY NOT p.temporary, path_position, 2, lower(p.relname), 3
"""  # noqa: S608  (a number of ours)

_KINDS = {
    "r": "table",
    "p": "partitioned table",
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
}


@dataclass(slots=True)
class Listed:
    """A table in the list.

    Attributes:
        oid: Of ``pg_class``.
        schema: As stored, unquoted.
        name: As stored, unquoted.
        kind: ``"table"``, ``"temporary table"``, ``"partitioned table"``, ``"partition"``, ``"view"``,
            ``"materialized view"`` or ``"foreign table"``.
        rows: Estimate; of a partitioned table the sum of what is known of its partitions; None where nobody
            knows.
        size_bytes: With indexes and long values; None for what has no storage of its own.
        analyzed: False where ``rows`` is a guess, since there was no VACUUM or ANALYZE; None for views.
        populated: False for a materialized view that was never refreshed.
        readable: Whether the user may SELECT from it, or from some of its columns.
        comment: None without one.
        pages: Blocks of the table itself.
        parent: The partitioned table that it is a part of.
        partitions: Tables with rows below a partitioned one; None for others.
    """

    oid: int
    schema: str
    name: str
    kind: str
    rows: int | None
    size_bytes: int | None
    analyzed: bool | None
    populated: bool
    readable: bool
    comment: str | None
    pages: int
    parent: Listed | None = None
    partitions: int | None = None

    @property
    def root(self) -> Listed:
        """The partitioned table at the top, or itself."""
        return self if self.parent is None else self.parent.root


def tables(
    db: Database,
    pattern: str | None = None,
    *,
    schema: str | None = None,
    partitions: bool = False,
    order: Order = "name",
) -> pd.DataFrame:
    """Return the tables, views and foreign tables outside of the system's schemas.

    Args:
        db: Where to look.
        pattern: ``rev*`` (``*`` and ``?``) against the table's name or ``schema.table``; a plain word matches
            anywhere in the name; None for all.
        schema: Only this one.
        partitions: Show those of a partitioned table below it. Otherwise they are folded into it; one that
            the pattern fits and its partitioned table does not is shown nevertheless.
        order: ``"name"`` by schema (those of the search path first) and name; ``"rows"`` or ``"size"`` the
            largest first.

    Returns:
        Columns schema, table, kind, rows_estimate (missing for views, and where nobody knows), size_bytes
        (with indexes; missing for views and foreign tables), comment, analyzed (False where the rows are
        guessed from the size; missing for views), partitions (how many, of a partitioned table), partition_of
        (``schema.table``), readable (whether the user may SELECT). A partitioned table has the sums of its
        partitions.

    Raises:
        InputError: No such order.
    """
    import pyarrow as pa

    from loopai_nb.postgres.columns import to_frame

    if order not in get_args(Order):
        raise InputError(f"The order is {order!r}.", f"Choose one of: {', '.join(get_args(Order))}.")
    wanted = None if schema is None else spellings(schema)[-1]
    found = [each for each in facts(db) if wanted is None or each.schema in wanted]
    chosen = list(_chosen(found, pattern, partitions=partitions))
    rows = [_row(each) for each in _sorted(chosen, order)]
    text, number, yes_no = pa.string(), pa.int64(), pa.bool_()
    types = {"schema": text, "table": text, "kind": text, "rows_estimate": number, "size_bytes": number}
    types |= {"comment": text, "analyzed": yes_no, "partitions": number, "partition_of": text}
    return to_frame(pa.Table.from_pylist(rows, schema=pa.schema({**types, "readable": yes_no})))


def facts(db: Database, oid: int | None = None) -> list[Listed]:
    """Return what the catalog knows, partitions summed up into their partitioned tables.

    Args:
        db: Where to look.
        oid: Only that table and the partitions below it; None for all.
    """
    rows = db.execute(_LISTED, {"oid": oid})
    by_oid = {
        row["oid"]: Listed(
            row["oid"],
            row["schema"],
            row["name"],
            "temporary table" if row["temporary"] and row["relkind"] == "r" else _KINDS[row["relkind"]],
            row["rows_estimate"],
            row["size_bytes"],
            None if row["relkind"] == "v" else row["analyzed"],
            row["populated"],
            row["readable"],
            row["comment"],
            row["pages"],
        )
        for row in rows
    }
    for row in rows:
        each, parent = by_oid[row["oid"]], by_oid.get(row["parent"])
        each.parent = parent
        if row["relkind"] == "p":
            each.partitions, each.analyzed, each.pages = 0, True, 0
        elif parent is not None and row["relkind"] == "r":
            each.kind = "partition"
    for each in by_oid.values():
        if each.partitions is None:
            _add_up(each)
    return list(by_oid.values())


def _add_up(leaf: Listed) -> None:
    above = leaf.parent
    while above is not None:
        above.partitions = (above.partitions or 0) + 1
        above.pages += leaf.pages
        if leaf.rows is not None:
            above.rows = (above.rows or 0) + leaf.rows
        if leaf.size_bytes is not None:
            above.size_bytes = (above.size_bytes or 0) + leaf.size_bytes
        above.analyzed = bool(above.analyzed and leaf.analyzed and leaf.rows is not None)
        above = above.parent


def _chosen(found: Iterable[Listed], pattern: str | None, *, partitions: bool) -> Iterator[Listed]:
    for each in found:
        if each.parent is None:
            if _fits(pattern, each):
                yield each
        elif partitions:
            if _fits(pattern, each) or _fits(pattern, each.root):
                yield each
        elif pattern is not None and _fits(pattern, each) and not _fits(pattern, each.root):
            yield each


def _sorted(found: list[Listed], order: Order) -> list[Listed]:
    """In the order wanted, and partitions below what they are a part of."""
    measure: dict[str, Callable[[Listed], int]] = {
        "name": lambda _: 0,
        "rows": lambda each: -(each.rows or 0),
        "size": lambda each: -(each.size_bytes or 0),
    }
    found = sorted(found, key=measure[order])  # stable: by name where nothing else decides
    present = {each.oid for each in found}
    below: dict[int, list[Listed]] = {}
    for each in found:
        above = each.parent.oid if each.parent is not None and each.parent.oid in present else 0
        below.setdefault(above, []).append(each)
    in_order: list[Listed] = []
    waiting = list(reversed(below.get(0, [])))
    while waiting:
        each = waiting.pop()
        in_order.append(each)
        waiting += reversed(below.get(each.oid, []))
    return in_order


def _row(each: Listed) -> dict[str, object]:
    return {
        "schema": each.schema,
        "table": each.name,
        "kind": each.kind if each.populated else f"{each.kind}, never refreshed",
        "rows_estimate": each.rows,
        "size_bytes": each.size_bytes,
        "comment": each.comment,
        "analyzed": each.analyzed,
        "partitions": each.partitions,
        "partition_of": None if each.parent is None else shown_name(each.parent.schema, each.parent.name),
        "readable": each.readable,
    }


def _fits(pattern: str | None, each: Listed) -> bool:
    if pattern is None:
        return True
    wild = (pattern if any(sign in pattern for sign in "*?[") else f"*{pattern}*").lower()
    names = (each.name.lower(), f"{each.schema}.{each.name}".lower())
    return any(fnmatch.fnmatchcase(name, wild) for name in names)
