"""How far pulls of only what is new came: each pull leaves a mark, which counts once it is moved there.

A mark that waits is that of a pull whose rows nobody has answers of yet; it is moved in the very transaction
that ends a run over all of those rows as COMPLETED, or by a person. All that lies up to the moved mark has
been asked about then: a pull begins at the moved mark of its time, so that whichever of several pulls is
finished first, or last, nothing is left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from loopai_nb.ledger.schema import plans, watermarks

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

__all__ = ["Mark", "Moved", "all_moved", "current", "drop_waiting", "forget", "move", "move_of", "record"]

KEPT_MS = 90 * 86_400_000
"""A mark that waited longer is dropped with the next pull of its kind."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a pull came.

    Attributes:
        mark_key: 32 bytes, the same for pulls of the same rows: database, source, condition and column.
        place: The database without secrets, to be shown.
        source: Table or query, to be shown.
        condition: Without its values, to be shown; None for none.
        column: Whose values are marks.
        type: Its SQL type.
        value: The highest that was pulled, exactly, as text.
        keys: Which rows of that value were pulled; None where they are too many to keep, and come again.
    """

    mark_key: bytes
    place: str
    source: str
    condition: str | None
    column: str
    type: str
    value: str
    keys: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A mark that counts.

    Attributes:
        mark: Where it is.
        pull_no: Of the pull that came there.
        moved_ms: Since when (epoch milliseconds).
        moved_by: The run that completed, or the person who said so.
    """

    mark: Mark
    pull_no: int
    moved_ms: int
    moved_by: str

    @property
    def name(self) -> str:
        """Short and always the same for pulls of one kind: ``w-`` and 8 hex digits."""
        return f"w-{self.mark.mark_key[:4].hex()}"


def record(connection: Connection, mark: Mark, now_ms: int) -> int:
    """Leave a mark that waits; returns the pull's number."""
    connection.execute(
        delete(watermarks).where(
            watermarks.c.mark_key == mark.mark_key,
            watermarks.c.moved_ms.is_(None),
            watermarks.c.pulled_ms < now_ms - KEPT_MS,
        )
    )
    made = connection.execute(
        insert(watermarks).values(
            mark_key=mark.mark_key,
            place=mark.place,
            source=mark.source,
            condition=mark.condition,
            column_name=mark.column,
            type=mark.type,
            value=mark.value,
            keys_at=None if mark.keys is None else json.dumps(mark.keys, ensure_ascii=False),
            pulled_ms=now_ms,
        )
    )
    key = made.inserted_primary_key
    if key is None:
        raise AssertionError("a mark has a number")
    return int(key[0])


def move(connection: Connection, pull_no: int, moved_by: str, now_ms: int) -> Moved | None:
    """Let a pull's mark count, instead of that of earlier pulls.

    Returns:
        The mark; None where that of a later pull counts already, or it was forgotten.
    """
    found = connection.execute(
        update(watermarks)
        .where(watermarks.c.pull_no == pull_no, watermarks.c.moved_ms.is_(None))
        .values(moved_ms=now_ms, moved_by=moved_by)
        .returning(watermarks.c.mark_key)
    ).scalar_one_or_none()
    if found is not None:
        # Of two at once the later pull's stays: each deletes only what was pulled before its own.
        connection.execute(
            delete(watermarks).where(watermarks.c.mark_key == found, watermarks.c.pull_no < pull_no)
        )
    row = connection.execute(_moved().where(watermarks.c.pull_no == pull_no)).one_or_none()
    return None if row is None else _read(row)


def move_of(connection: Connection, plan_id: str, run_id: str, now_ms: int) -> None:
    """Move the mark of the pull that a plan asks about, if there is one: a run over it has completed."""
    pull_no = connection.execute(select(plans.c.pull_no).where(plans.c.plan_id == plan_id)).scalar()
    if pull_no is not None:
        move(connection, pull_no, run_id, now_ms)


def forget(connection: Connection, mark_key: bytes) -> int:
    """Delete a mark, also those that wait to be moved; returns how many."""
    return connection.execute(delete(watermarks).where(watermarks.c.mark_key == mark_key)).rowcount


def drop_waiting(connection: Connection, before_ms: int) -> int:
    """Delete the marks of old pulls that were never moved; returns how many."""
    waiting = watermarks.c.moved_ms.is_(None) & (watermarks.c.pulled_ms < before_ms)
    return connection.execute(delete(watermarks).where(waiting)).rowcount


def current(engine: Engine, mark_key: bytes) -> Moved | None:
    """The mark of one kind of pull that counts; None before the first."""
    statement = _moved().where(watermarks.c.mark_key == mark_key).order_by(watermarks.c.pull_no.desc())
    with engine.connect().execution_options(reading=True) as connection:
        row = connection.execute(statement.limit(1)).one_or_none()
    return None if row is None else _read(row)


def all_moved(engine: Engine) -> list[Moved]:
    """Every mark that counts, the last moved first."""
    with engine.connect().execution_options(reading=True) as connection:
        found = connection.execute(
            _moved().order_by(watermarks.c.moved_ms.desc(), watermarks.c.pull_no.desc())
        )
        return [_read(row) for row in found]


def _moved() -> Any:
    return select(watermarks).where(watermarks.c.moved_ms.is_not(None))


def _read(row: Any) -> Moved:
    mark = Mark(
        mark_key=bytes(row.mark_key),
        place=row.place,
        source=row.source,
        condition=row.condition,
        column=row.column_name,
        type=row.type,
        value=row.value,
        keys=None if row.keys_at is None else tuple(json.loads(row.keys_at)),
    )
    return Moved(mark, row.pull_no, row.moved_ms, row.moved_by)
