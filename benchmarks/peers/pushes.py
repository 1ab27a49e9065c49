"""Writers of today, one a process: ``pushes.py WRITER``; the database's URL is in ``BENCH_DATABASE``.

Each writes the frame of ``rows`` into the table ``pushed``; prints what ``tables.py`` prints of its readers.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.peers.tables import measured

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["rows"]

TABLE = "pushed"

CREATE = f"""
CREATE TABLE {TABLE} (id bigint, parent bigint, price float8, ratio float8, remarks text, state text,
                      open boolean, seen timestamptz, day timestamp, token text)
"""

PAGE = 10_000
"""Rows of one statement, where it has many; the drivers' defaults are slower."""


def rows(count: int, *, changed: bool) -> pd.DataFrame:
    """A frame of ten mixed columns with the dtypes that pandas gives them.

    Args:
        count: Rows.
        changed: A tenth of the rows have another state, and a tenth another key, from ``count`` on.
    """
    import numpy as np
    import pandas as pd

    n = np.arange(count)
    states = np.array(["new", "open", "closed", "void"], dtype=object)[n % 4]
    if changed:
        states[n % 10 == 1] = "changed"
    return pd.DataFrame(
        {
            "id": np.where(n % 10 == 2, n + count, n) if changed else n,
            "parent": pd.array(n + 2**53, dtype="Int64"),
            "price": (n * 37 % 10**9) / 100,
            "ratio": n / 3,
            "remarks": [f"BIRD {i} STRUCK WINDSHIELD ON TAKEOFF ROLL, NO DAMAGE" for i in range(count)],
            "state": states,
            "open": n % 3 == 0,
            "seen": pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(n, unit="s"),
            "day": pd.Timestamp("2000-01-01") + pd.to_timedelta(n % 9000, unit="D"),
            "token": [f"{i:032x}" for i in range(count)],
        }
    )


def _to_sql(method: Any, chunk: int | None) -> Callable[[str, int], Callable[[], int]]:
    def prepare(url: str, count: int) -> Callable[[], int]:
        import sqlalchemy

        engine = sqlalchemy.create_engine(url.replace("postgresql://", "postgresql+psycopg2://", 1))
        frame = rows(count, changed=False)
        frame.head(10).to_sql("warm", engine, index=False, if_exists="replace", method=method)

        def write() -> int:
            frame.to_sql(TABLE, engine, index=False, if_exists="append", method=method, chunksize=chunk)
            return len(frame)

        return write

    return prepare


def _execute_values(*, upsert: bool) -> Callable[[str, int], Callable[[], int]]:
    def prepare(url: str, count: int) -> Callable[[], int]:
        import psycopg2
        import psycopg2.extras

        frame = rows(count, changed=upsert)
        names = list(frame.columns)
        sql = f"INSERT INTO {TABLE} ({', '.join(names)}) VALUES %s"  # noqa: S608  (names of our own)
        if upsert:
            sets = ", ".join(f"{name} = EXCLUDED.{name}" for name in names[1:])
            sql += f" ON CONFLICT (id) DO UPDATE SET {sets}"

        def write() -> int:
            with psycopg2.connect(url) as connection, connection.cursor() as cursor:
                if not upsert:
                    cursor.execute(CREATE)
                values = zip(*(frame[name].astype(object).tolist() for name in names), strict=True)
                psycopg2.extras.execute_values(cursor, sql, values, page_size=PAGE)
            return len(frame)

        return write

    return prepare


WRITERS: dict[str, Callable[[str, int], Callable[[], int]]] = {
    "to_sql": _to_sql(None, None),
    "to_sql-multi": _to_sql("multi", 1_000),
    "execute_values": _execute_values(upsert=False),
    "execute_values-upsert": _execute_values(upsert=True),
}

if __name__ == "__main__":
    measured(lambda: WRITERS[sys.argv[1]](os.environ["BENCH_DATABASE"], int(os.environ["BENCH_ROWS"])))
