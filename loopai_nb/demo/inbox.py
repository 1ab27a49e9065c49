"""A table that grows: the bird strikes that had an effect on the flight, filed day by day.

``03_tables.ipynb`` needs a table with more types than the reports have, and one that has new rows when it is
looked at again. All of it is computed from ``bird_strikes``; only the hour of filing is made up, and the
column's comment says so.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from loopai_nb.demo.birds import TABLE as REPORTS
from loopai_nb.errors import DatabaseError
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.failures import driver_errors

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

__all__ = ["TABLE", "deliver", "open_inbox"]

TABLE = "strike_inbox"
COMMENT = (
    "Bird strikes since 1995 that had an effect on the flight, as they came in; computed from bird_strikes."
)
"""On the table; also how a table of ours is known."""

_PHASES = ("Parked", "Taxi", "Take-off run", "Climb", "En Route", "Descent", "Approach", "Landing Roll")
"""In the order of a flight."""

COLUMNS = {
    "id": ("integer PRIMARY KEY", "Number of the report in bird_strikes"),
    "filed_at": (
        "timestamptz NOT NULL",
        "9:00 in Washington on the day of the collision: the reports have a day and no time",
    ),
    "phase": ("flight_phase", "Phase of the flight, in the order of a flight"),
    "height_m": ("numeric(8,2)", "Metres above ground: feet times 0.3048, exactly"),
    "birds": ("jsonb NOT NULL", "Species, and how many were seen and struck"),
    "remarks": ("text NOT NULL", "What the reporter wrote, in capitals"),
}
"""Type and comment of each column, in order."""

_DELIVER = f"""
INSERT INTO {TABLE} ({", ".join(COLUMNS)})
SELECT id, (date + time '09:00') AT TIME ZONE 'America/New_York', phase_of_flt::flight_phase,
       height * 0.3048, jsonb_build_object('species', species, 'seen', birds_seen, 'struck', birds_struck),
       remarks
FROM {REPORTS}
WHERE effect IS NOT NULL AND remarks IS NOT NULL AND date >= '1995-01-01' AND date < %s
ON CONFLICT (id) DO NOTHING
"""  # noqa: S608  (our constants)


def open_inbox(url: str, before: dt.date | str) -> int:
    """Make the table ``strike_inbox`` anew, with the reports from 1995 to the day before one.

    Args:
        url: ``postgresql://...``, in which ``load_birds`` has been.
        before: The first day that is not in it, a date or as ``"1997-12-01"``.

    Returns:
        Rows in the table.

    Raises:
        DatabaseError: Postgres refused, or has a table of that name that is not ours.
    """
    with _cursor(url) as cursor:
        cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class'), to_regclass(%s)", [TABLE, TABLE])
        comment, table = cursor.fetchone()
        if table is not None and comment != COMMENT:
            raise DatabaseError(
                f'The database has a table "{TABLE}" that loopai_nb did not make.',
                "Rename it, or use another database.",
            )
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute("DROP TYPE IF EXISTS flight_phase")
        labels = ", ".join(f"'{phase}'" for phase in _PHASES)
        cursor.execute(f"CREATE TYPE flight_phase AS ENUM ({labels})")
        columns = ", ".join(f"{name} {kind}" for name, (kind, _) in COLUMNS.items())
        cursor.execute(f"CREATE TABLE {TABLE} ({columns})")
        cursor.execute(f"COMMENT ON TABLE {TABLE} IS %s", [COMMENT])
        for name, (_, said) in COLUMNS.items():
            cursor.execute(f"COMMENT ON COLUMN {TABLE}.{name} IS %s", [said])
        cursor.execute(_DELIVER, [before])
        count = int(cursor.rowcount)
        cursor.execute(f"CREATE INDEX {TABLE}_filed_at ON {TABLE} (filed_at)")
        cursor.execute(f"ANALYZE {TABLE}")
        return count


def deliver(url: str, before: dt.date | str) -> int:
    """Let the reports of the days before one come in, those that are not there yet.

    Args:
        url: As for ``open_inbox``, which has to come first.
        before: The first day that does not come in.

    Returns:
        Rows that came.

    Raises:
        DatabaseError: Postgres refused.
    """
    with _cursor(url) as cursor:
        cursor.execute(_DELIVER, [before])
        return int(cursor.rowcount)


@contextlib.contextmanager
def _cursor(url: str) -> Iterator[Any]:
    """A cursor in a transaction that is committed at the end of the block, or rolled back."""
    database = Database(url)
    connection: Any = None
    try:
        connection = database.engine.raw_connection()
        with driver_errors(where=database.where), contextlib.closing(connection.cursor()) as cursor:
            yield cursor
            connection.commit()
    finally:
        if connection is not None:
            connection.close()  # rolls back what was not committed
        database.close()
