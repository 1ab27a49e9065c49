"""The transaction of a push: stage the rows, move them over, record where they came from, commit once."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import DatabaseUnavailable, InputError
from loopai_nb.postgres.committing import came_through
from loopai_nb.postgres.job import LINEAGE_STAGING, STAGING
from loopai_nb.postgres.lineage import lineage_reader
from loopai_nb.postgres.outgoing import BATCH_ROWS, reader
from loopai_nb.postgres.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    from adbc_driver_manager.dbapi import Connection as ArrowConnection

    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.interrupt import Cancellation
    from loopai_nb.postgres.job import Job

__all__ = ["Moved", "carry_out"]

_DEFERRED = "SET CONSTRAINTS ALL IMMEDIATE"

_LOCK_TIMEOUT = """
SELECT set_config('lock_timeout', '{:d}ms', true) WHERE current_setting('lock_timeout') IN ('0', '')
"""


@dataclass(slots=True)
class Moved:
    """What a push has done so far; written by the worker, read by whoever waits for it.

    Attributes:
        inserted: Rows.
        updated: Rows.
        deleted: Rows.
        examples: Key, then old and new value of each other column, as text.
        committing: Nobody knows whether the commit comes through.
        committed: The server has said that it did.
    """

    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    examples: list[tuple[Any, ...]] = field(default_factory=list)
    committing: bool = False
    committed: bool = False


def carry_out(stop: Cancellation, db: Database, job: Job, moved: Moved) -> None:
    """Do the job in one transaction; a dry run does it all the same, and rolls back.

    Raises:
        DatabaseError: One of its branches, with what to change in the frame or the table.
    """
    with db.arrow(read_only=False) as connection, stop.target(connection.adbc_cancel):
        with _refusals(db, job):
            # So that a timestamp without a zone means the same on every server.
            _run(connection, stop, "SET LOCAL TimeZone = 'UTC'")
            _run(connection, stop, _LOCK_TIMEOUT.format(max(round(job.lock_timeout_s * 1000), 1)))
            _move(connection, stop, job, moved)
            if job.lineage:
                _record_lineage(connection, stop, job)
            if job.dry_run:
                # What a commit would still refuse; the rollback is the end of the connection.
                _run(connection, stop, _DEFERRED)
                return
            ((transaction,),) = _run(connection, stop, "SELECT txid_current()")
        _commit(connection, stop, db, job, moved, transaction)


def _move(connection: ArrowConnection, stop: Cancellation, job: Job, moved: Moved) -> None:
    if job.create:
        _run(connection, stop, job.create_table)
    elif job.mode == "replace" and job.kind != "f":  # foreign tables can't be locked
        _run(connection, stop, job.lock)
    if job.mode == "replace" and not job.create and not job.by_key:
        moved.deleted = _count(connection, stop, job.delete_all)
    if job.direct:
        _copy(connection, stop, job.name, job.schema, reader(job.columns))
        moved.inserted = job.rows
    else:
        _copy(connection, stop, STAGING, None, reader(job.columns))
        _move_staged(connection, stop, job, moved)
    if job.create and job.key:
        _run(connection, stop, job.add_key)


def _move_staged(connection: ArrowConnection, stop: Cancellation, job: Job, moved: Moved) -> None:
    if job.by_key:
        # Nobody else looks at a temporary table: without this the planner takes it for a small one.
        _run(connection, stop, f"ANALYZE {STAGING}")
        if job.keys_may_meet:
            _refuse_shared_keys(_run(connection, stop, job.same_keys), job)
        if job.dry_run:
            moved.examples = _run(connection, stop, job.examples)
        if job.mode == "replace":
            moved.deleted = _count(connection, stop, job.delete_others)
        if job.others:
            moved.updated = _count(connection, stop, job.update_changed)
        ((moved.inserted, late),) = _run(connection, stop, job.insert_new)
        moved.updated += late
        return
    if job.once is not None and not job.create and _count(connection, stop, job.any_there):
        moved.inserted = _count(connection, stop, job.insert_once)
        return
    _run(connection, stop, job.insert)
    moved.inserted = job.rows


def _refuse_shared_keys(found: Sequence[tuple[Any, ...]], job: Job) -> None:
    """Refuse rows of which an update would take any one.

    Raises:
        InputError: There are some.
    """
    for rows, values in found:
        first = ", ".join(f"{name}={value}" for name, value in zip(job.key, values, strict=True))
        raise InputError(
            f"{int(rows):,} rows share their key with another as {job.shown} stores it, as {first}.",
            "Keep one of each, or choose another key. Nothing was pushed.",
        )


def _record_lineage(connection: ArrowConnection, stop: Cancellation, job: Job) -> None:
    if job.lineage_ddl:
        # IF NOT EXISTS alone lets two pushes at once both try, and one fail.
        _run(connection, stop, f"SELECT pg_advisory_xact_lock(hashtext({job.literals[0]}))")
        for statement in job.lineage_ddl:
            _run(connection, stop, statement)
    records = lineage_reader(job.lineage, [column for _, column in job.keyed], BATCH_ROWS)
    _copy(connection, stop, LINEAGE_STAGING, None, records)
    _run(connection, stop, job.move_lineage)


def _commit(
    connection: ArrowConnection, stop: Cancellation, db: Database, job: Job, moved: Moved, transaction: int
) -> None:
    import adbc_driver_manager

    stop.check()
    moved.committing = True
    try:
        connection.commit()
    except adbc_driver_manager.Error as exc:
        found = refused(exc, db, job)
        outcome: bool | None = False
        if isinstance(found, DatabaseUnavailable):
            # The connection broke: the server may have committed, and only its word about it got lost.
            rows = job.kind in ("r", "p") and moved.inserted + moved.updated > 0
            outcome = came_through(
                db, transaction, wrote=job.table if rows else None, given_up=lambda: stop.requested
            )
        moved.committing = outcome is None
        if outcome is None:
            found.hint = "The rows may be there or not. Push again by key: what is there is not changed."
        if not outcome:
            raise found from exc
    moved.committing, moved.committed = False, True


def _copy(
    connection: ArrowConnection,
    stop: Cancellation,
    table: str,
    schema: str | None,
    rows: pa.RecordBatchReader,
) -> None:
    """COPY into a new temporary table, or where a schema is given into one that is there."""
    stop.check()
    with connection.cursor() as cursor:
        if schema is None:
            cursor.adbc_ingest(table.removeprefix("pg_temp."), rows, mode="create", temporary=True)
        else:
            cursor.adbc_ingest(table, rows, mode="append", db_schema_name=schema)


def _run(connection: ArrowConnection, stop: Cancellation, sql: str) -> list[tuple[Any, ...]]:
    stop.check()
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
        return rows


def _count(connection: ArrowConnection, stop: Cancellation, sql: str) -> int:
    ((count,),) = _run(connection, stop, sql)
    return int(count)


@contextlib.contextmanager
def _refusals(db: Database, job: Job) -> Iterator[None]:
    """Say of a refused statement what in the frame or the table to change."""
    import adbc_driver_manager

    try:
        yield
    except adbc_driver_manager.Error as exc:
        raise refused(exc, db, job) from exc
