"""A DataFrame into a Postgres table with where it came from, in one transaction."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from loopai_nb.errors import InputError
from loopai_nb.postgres.catalog import find, missing_table, parse_name, shown_name
from loopai_nb.postgres.interrupt import interruptible
from loopai_nb.postgres.job import Job
from loopai_nb.postgres.lineage import LINEAGE_TABLE, Lineage, check_lineage, complete_sql, create_sql
from loopai_nb.postgres.moving import Moved, carry_out
from loopai_nb.postgres.outgoing import NAME_BYTES, outgoing
from loopai_nb.postgres.pushed import Change, PushSummary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from loopai_nb.postgres.catalog import Relation
    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.job import PushMode
    from loopai_nb.postgres.outgoing import Outgoing

__all__ = ["Change", "Lineage", "PushSummary", "push"]

LOCK_TIMEOUT_S = 60.0

_ODD = """
SELECT c.relrowsecurity OR c.relhasrules OR c.relkind NOT IN ('r', 'p') OR EXISTS (
    SELECT FROM pg_attribute AS a
    WHERE a.attrelid = c.oid AND (a.attidentity <> '' OR a.attgenerated <> '')
) AS odd
FROM pg_class AS c WHERE c.oid = to_regclass(:table)
"""


def push(
    db: Database,
    frame: pd.DataFrame,
    table: str,
    *,
    key: Sequence[str] | str | None = None,
    mode: PushMode | None = None,
    lineage: Iterable[Lineage | None] = (),
    create: bool = True,
    once: str | None = None,
    dry_run: bool = False,
    lock_timeout_s: float = LOCK_TIMEOUT_S,
) -> PushSummary:
    """Write a frame's rows and their lineage into a table: all of them, or none.

    Columns that the table has and the frame has not get their default. Timestamps without a zone are read as
    UTC where the table's column has one.

    Args:
        db: Where to.
        frame: Columns named as in the table; its index is left out unless ``key`` names it.
        table: ``t``, ``schema.t`` or ``"Mixed Case"``.
        key: Columns that tell the rows apart. A new table gets them as its primary key; a table that exists
            needs a unique constraint on them for upsert. None takes the table's primary key for upsert.
        mode: ``"append"`` adds rows and fails on one that is there; ``"upsert"`` updates those by key;
            ``"replace"`` also takes away every row that is not in the frame: with ``key`` those of other
            keys, while rows that stay are updated in place; without one all of them. The table itself, its
            grants, comments and indexes stay. None: upsert where ``key`` is given, else append.
        lineage: One for each row in the frame's order, None for a row without; kept in ``loopai_lineage`` in
            the table's schema. Empty for none at all.
        create: Make the table where it does not exist.
        once: For append: a column of the frame. Rows that the table has already, the same in every column of
            the frame, are left as they are and counted unchanged; they are looked for by this column.
        dry_run: Do all of it, then roll back: the counts are those of a real push, and the summary has
            ``ddl`` and ``examples`` too. Only the sequences of the table's defaults go on.
        lock_timeout_s: How long to wait for a lock that another transaction holds, where the connection's
            own ``lock_timeout`` does not say; more than 0.

    Returns:
        Counts of rows. Pushing the same again counts them all unchanged (with a key, or ``once``).

    Raises:
        InputError: Names, key or values that do not fit; nothing was pushed.
        TableNotFound: It does not exist and ``create`` is False.
        DatabaseDenied: No privilege.
        QueryFailed: The server refused a row (unique, check, foreign key, type); nothing was pushed.
        DatabaseUnavailable: The connection broke; the hint says whether the rows are there. Where it broke in
            the commit, the server is asked what came of it, and a push that came through returns as ever.
        DatabaseError: A full disk, a lock that another transaction held; nothing was pushed.
        KeyboardInterrupt: Interrupted; nothing was pushed, unless its message says so.
    """
    job = _prepared(
        db,
        frame,
        table,
        key=key,
        mode=mode,
        lineage=list(lineage),
        create=create,
        once=once,
        dry_run=dry_run,
        lock_timeout_s=lock_timeout_s,
    )
    moved = Moved()
    try:
        interruptible(lambda stop: carry_out(stop, db, job, moved))
    except KeyboardInterrupt:
        # The signal may come when the server has committed, or while nobody can say whether it does.
        if moved.committed:
            raise KeyboardInterrupt(f"Too late: the rows are in {job.shown}.") from None
        if moved.committing:
            said = f"Postgres was just committing: look whether the rows are in {job.shown}."
            raise KeyboardInterrupt(said) from None
        raise
    return PushSummary(
        job.shown,
        moved.inserted,
        moved.updated,
        job.rows - moved.inserted - moved.updated,
        job.create,
        deleted=moved.deleted,
        dry_run=job.dry_run,
        ddl=tuple(job.ddl) if job.dry_run else (),
        examples=tuple(_change(job, values) for values in moved.examples),
    )


def _change(job: Job, values: tuple[str | None, ...]) -> Change:
    key, rest = values[: len(job.key)], values[len(job.key) :]
    pairs = zip(job.others, rest[::2], rest[1::2], strict=True)
    changed = {column.name: (old, new) for (_, column), old, new in pairs if old != new}
    return Change(dict(zip(job.key, key, strict=True)), changed)


def _prepared(
    db: Database,
    frame: pd.DataFrame,
    table: str,
    *,
    key: Sequence[str] | str | None,
    mode: PushMode | None,
    lineage: Sequence[Lineage | None],
    create: bool,
    once: str | None,
    dry_run: bool,
    lock_timeout_s: float,
) -> Job:
    found = find(db, table)
    if found is None and not create:
        raise missing_table(db, table)
    keys = [key] if isinstance(key, str) else list(key or ())
    mode, keys = _mode_and_key(mode, keys, found, frame)
    frame = _with_key(frame, keys)
    columns = outgoing(frame, found.columns if found is not None else None)
    _check_key(frame, keys)
    if found is not None:
        _check_columns(found, columns)
    if lineage:
        check_lineage(lineage, len(frame))
    schema, name = (found.schema, found.name) if found is not None else _new_name(db, table)
    quoted_schema, quoted_name, quoted_lineage, *quoted = db.quote(
        [schema, name, LINEAGE_TABLE, *(column.name for column in columns)]
    )
    shown, qualified = shown_name(schema, name), f"{quoted_schema}.{quoted_name}"
    lineage_table = f"{quoted_schema}.{quoted_lineage}"
    return Job(
        table=qualified,
        schema=schema,
        name=name,
        shown=shown,
        kind=found.kind if found is not None else "r",
        columns=columns,
        quoted=quoted,
        key=keys,
        rows=len(frame),
        mode=mode,
        create=found is None,
        plain=found is None or not db.execute(_ODD, {"table": qualified})[0]["odd"],
        once=once if mode == "append" and once in [column.name for column in columns] else None,
        lineage=lineage,
        lineage_table=lineage_table,
        lineage_ddl=_lineage_ddl(db, lineage_table) if lineage else [],
        literals=db.literals([lineage_table, shown, *keys]) if lineage else [],
        lock_timeout_s=lock_timeout_s,
        dry_run=dry_run,
    )


def _lineage_ddl(db: Database, table: str) -> list[str]:
    """What makes the table of lineages, or what is missing in one that an older loopai_nb made."""
    found = find(db, table)
    if found is None:
        return [create_sql(table)]
    return [] if any(column.name == "edited" for column in found.columns) else [complete_sql(table)]


def _mode_and_key(
    mode: PushMode | None, keys: list[str], found: Relation | None, frame: pd.DataFrame
) -> tuple[PushMode, list[str]]:
    if mode not in (None, "append", "upsert", "replace"):
        raise InputError(f'There is no mode "{mode}".', 'Use "append", "upsert" or "replace".')
    mode = mode or ("upsert" if keys else "append")
    if mode == "upsert" and not keys:
        keys = list(found.primary_key) if found is not None else []
        if not keys:
            raise InputError("An upsert needs a key.", "Name the columns that tell rows apart: --key id.")
    if mode == "replace" and len(frame) == 0:
        raise InputError(
            "There are no rows, and a replace by them would leave the table empty.",
            "Empty it in your own client if that is meant. Nothing was pushed.",
        )
    return mode, keys


def _with_key(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return the frame with the key's columns, taken from the index where it has their names."""
    missing = [name for name in keys if name not in frame.columns]
    if unknown := [name for name in missing if name not in frame.index.names]:
        names = ", ".join(str(name) for name in frame.columns)
        raise InputError(f'The frame has no column "{unknown[0]}" for the key.', f"It has: {names}.")
    levels = {name: frame.index.get_level_values(name).array for name in missing}
    return frame.assign(**levels) if levels else frame


def _check_key(frame: pd.DataFrame, keys: Sequence[str]) -> None:
    if not keys:
        return
    values = frame[list(keys)]
    if (missing := values.isna().any(axis=1)).any():
        raise InputError(
            f"{int(missing.sum()):,} rows have no value in the key ({', '.join(keys)}).",
            "Drop them or fill it in. Nothing was pushed.",
        )
    try:
        twice = values.duplicated(keep=False)
    except TypeError as exc:  # lists and dicts
        raise InputError(f"The key ({', '.join(keys)}) holds values that cannot be compared.") from exc
    if twice.any():
        first = ", ".join(f"{name}={values[twice][name].iloc[0]}" for name in keys)
        raise InputError(
            f"{int(twice.sum()):,} rows share their key with another, as {first}.",
            "Keep one of each (df.drop_duplicates), or choose another key. Nothing was pushed.",
        )


def _check_columns(found: Relation, columns: Sequence[Outgoing]) -> None:
    known = [column.name for column in found.columns]
    if unknown := [column for column in columns if column.name not in known]:
        near = difflib.get_close_matches(unknown[0].name, known, n=1)
        names = [shown_name(column.name) for column in unknown]
        added = ", ".join(f"ADD {name} {column.type}" for name, column in zip(names, unknown, strict=True))
        raise InputError(
            f"{found.shown} has no column {', '.join(names)}.",
            f"{f'Did you mean {near[0]}? ' if near else ''}Rename or drop it in the frame, or add it: ALTER "
            f"TABLE {found.shown} {added}. The table has: {', '.join(known)}.",
        )


def _new_name(db: Database, table: str) -> tuple[str, str]:
    *schemas, name = parse_name(table)
    if len(schemas) > 1:
        raise InputError(f'"{table}" names a database.', "Name the table as t or schema.t.")
    if len(name.encode()) > NAME_BYTES:
        raise InputError(f"The table's name is longer than {NAME_BYTES} bytes.", "Postgres would cut it.")
    if schemas:
        return schemas[0], name
    (row,) = db.execute("SELECT current_schema()::text AS name")
    if row["name"] is None:
        raise InputError("There is no schema to make the table in.", "Name one: schema.table.")
    return str(row["name"]), name
