"""What one table is made of: columns, keys, indexes, partitions, and what its values look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.postgres.examples import Values, from_sample, from_statistics, shortened
from loopai_nb.postgres.listing import facts
from loopai_nb.postgres.relations import missing_table, relation

if TYPE_CHECKING:
    import pandas as pd

    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.listing import Listed
    from loopai_nb.postgres.relations import Relation
    from loopai_nb.redaction import Redactor

__all__ = ["ATTRS_KEY", "describe"]

ATTRS_KEY = "loopai"
"""Of ``DataFrame.attrs``: what is known of the table as a whole, as plain JSON values."""

MOST_LABELS = 200
"""Of one enum."""

_BOOLEANS = {"t": "true", "f": "false"}
"""As the arrays of the statistics write them."""

_DETAILS = f"""
SELECT CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS partition_bound,
       (SELECT h.inhparent::regclass::text FROM pg_inherits AS h
        WHERE c.relispartition AND h.inhrelid = c.oid) AS partition_of,
       (SELECT s.srvname::text FROM pg_foreign_table AS f JOIN pg_foreign_server AS s ON s.oid = f.ftserver
        WHERE f.ftrelid = c.oid) AS server,
       (SELECT json_agg(pg_get_constraintdef(k.oid) ORDER BY k.contype DESC, k.conname)
        FROM pg_constraint AS k
        WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'f') AND cardinality(k.conkey) > 1) AS keys,
       (SELECT json_agg(json_build_array(i.relname, x.indisunique, x.indisvalid, pg_get_indexdef(i.oid))
                        ORDER BY NOT x.indisprimary, i.relname)
        FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid) AS indexes,
       (SELECT json_object_agg(e.type, e.labels) FROM (
            SELECT format_type(t.oid, NULL) AS type,
                   (array_agg(l.enumlabel::text ORDER BY l.enumsortorder))[1:{MOST_LABELS}] AS labels
            FROM pg_enum AS l JOIN pg_type AS t ON t.oid = l.enumtypid
            WHERE t.oid IN (SELECT coalesce(nullif(d.typbasetype, 0), nullif(d.typelem, 0), d.oid)
                            FROM pg_attribute AS a JOIN pg_type AS d ON d.oid = a.atttypid
                            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
            GROUP BY t.oid) AS e) AS enums,
       (SELECT json_agg(a.attname) FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          AND NOT has_column_privilege(c.oid, a.attnum, 'SELECT')) AS hidden
FROM pg_class AS c WHERE c.oid = CAST(:oid AS oid)
"""  # noqa: S608  (a number of ours)


def describe(
    db: Database, table: str, *, examples: bool = True, redactor: Redactor | None = None
) -> pd.DataFrame:
    """Return the columns of a table, what their values look like, and in ``attrs`` what the table is.

    Where the planner has statistics of a column (after an ANALYZE), its values are described from these.
    Otherwise from a sample of at most two thousand rows that takes two seconds at most. A user without SELECT
    sees no value.

    Args:
        db: Where to look.
        table: ``t``, ``schema.t`` or ``"Mixed Case"``.
        examples: False to look at no value at all.
        redactor: Masks personal data in the examples.

    Returns:
        A row a column, in the table's order: column, type, nullable, key (``"primary key"``, ``"unique"``,
        ``"references customers (id)"``), default, comment, generated (``"identity always"``, ``"stored"``...;
        "" for none), readable (whether the user may SELECT it), null_share (0 to 1), distinct (about how many
        values differ), examples (a list of up to three texts); the last three are missing where they are not
        known. ``attrs["loopai"]`` has table, kind, comment, rows_estimate, analyzed, size_bytes, partitions,
        partition_key, partition_of, partition_bound, server (of a foreign table), keys (those of several
        columns), indexes, enums (labels by type), values (where they come from, in words).

    Raises:
        TableNotFound: With near names.
    """
    found = relation(db, table)
    known = next((each for each in facts(db, found.oid) if each.oid == found.oid), None)
    if known is None or not (rows := db.execute(_DETAILS, {"oid": found.oid})):
        raise missing_table(db, table)  # dropped since it was found
    details = rows[0]
    hidden = set(details.pop("hidden") or ())
    values, source = _values(db, found, known, hidden) if examples else ({}, "")
    frame = _frame(found, values, known.rows, hidden, redactor)
    frame.attrs[ATTRS_KEY] = {
        "table": found.shown,
        "kind": _kind(known, part=details["partition_of"] is not None),
        "comment": known.comment,
        "rows_estimate": known.rows,
        "analyzed": known.analyzed,
        "size_bytes": known.size_bytes,
        "partitions": known.partitions,
        **details,
        "keys": details["keys"] or [],
        "indexes": [_index(*each) for each in details["indexes"] or []],
        "enums": details["enums"] or {},
        "values": source,
    }
    return frame


def _values(db: Database, found: Relation, known: Listed, hidden: set[str]) -> tuple[dict[str, Values], str]:
    """Return what is known of each column's values, and a phrase about where it comes from."""
    values = from_statistics(db, found)
    # Of a type that can't be compared, such as json, the statistics have no example.
    unknown = [
        column
        for column in found.columns
        if column.name not in hidden
        and (
            (one := values.get(column.name)) is None
            or (not one.examples and (one.null_share is None or one.null_share < 1))
        )
    ]
    sample = from_sample(db, found, unknown, known) if known.populated else None
    counted = len(values)
    if sample is not None:
        values |= sample.columns
    said = "statistics of the last ANALYZE" if counted else ""
    if sample is not None and sample.columns:
        some = "the first" if found.kind in "vf" else "a sample of"
        rows = f"all rows ({sample.rows:,})" if sample.whole else f"{some} {sample.rows:,} rows"
        rows = rows if sample.rows else "no rows"
        said += f"{', ' if said else ''}{rows}" + (" for the others" if counted else "")
    elif sample is not None and sample.trouble:
        said = said or f"not known: {sample.trouble}"
    elif hidden:
        said = said or "not known: you may not SELECT from it"
    return values, said


def _frame(
    found: Relation,
    values: dict[str, Values],
    rows: int | None,
    hidden: set[str],
    redactor: Redactor | None,
) -> pd.DataFrame:
    import pyarrow as pa

    from loopai_nb.postgres.columns import to_frame

    nothing = Values(None, None, ())
    lines: list[dict[str, Any]] = []
    for column in found.columns:
        one = values.get(column.name, nothing)
        written = _BOOLEANS if column.type == "boolean" else {}
        shown = dict.fromkeys(shortened(written.get(each, each), column, redactor) for each in one.examples)
        lines.append(
            {
                "column": column.name,
                "type": column.type,
                "nullable": column.nullable,
                "key": column.key,
                "default": column.default,
                "comment": column.comment,
                "generated": column.generated,
                "readable": column.name not in hidden,
                "null_share": one.null_share,
                "distinct": _different(one.distinct, rows),
                "examples": list(shown) or None,
            }
        )
    text = pa.string()
    types = {"column": text, "type": text, "nullable": pa.bool_(), "key": text, "default": text}
    types |= {"comment": text, "generated": text, "readable": pa.bool_(), "null_share": pa.float64()}
    types |= {"distinct": pa.int64(), "examples": pa.list_(text)}
    return to_frame(pa.Table.from_pylist(lines, schema=pa.schema(types)))


def _kind(known: Listed, *, part: bool) -> str:
    if part and known.kind == "table":
        return "partition"
    return known.kind if known.populated else f"{known.kind}, never refreshed"


def _different(distinct: float | None, rows: int | None) -> int | None:
    if distinct is None or distinct >= 0:
        return None if distinct is None else round(distinct)
    return None if rows is None else max(round(-distinct * rows), 1)


def _index(name: str, unique: bool, valid: bool, definition: str) -> dict[str, Any]:  # noqa: FBT001  (a row)
    """An index; how it is made is what stands behind USING: ``btree (id)``."""
    made = definition.partition(" USING ")[2] or definition
    return {"name": name, "unique": unique, "valid": valid, "made": made}
