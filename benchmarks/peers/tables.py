"""Readers of today, one a process: ``tables.py READER SQL``; the database's URL is in ``BENCH_DATABASE``.

Prints one line of JSON: ``rows``, ``seconds`` and ``mb``, the most memory above what was there before the
first row was asked for.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from benchmarks.peers.common import forget_peak, memory_mb

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["measured"]

CHUNK = 50_000


def measured(prepare: Callable[[], Callable[[], int]]) -> None:
    """Take the time and memory of one read, and print them.

    Args:
        prepare: Imports what is needed, and gives what reads all rows and tells how many they were.
    """
    if cores := os.environ.get("BENCH_CORES"):
        os.sched_setaffinity(0, [int(core) for core in cores.split(",")])
    read = prepare()
    forget_peak()
    resting_mb, began_s = memory_mb("VmRSS:"), time.perf_counter()
    rows = read()
    seconds = time.perf_counter() - began_s
    print(json.dumps({"rows": rows, "seconds": seconds, "mb": memory_mb("VmHWM:") - resting_mb}))


def _read_sql(url: str, sql: str) -> Callable[[], int]:
    import pandas as pd
    import sqlalchemy

    engine = sqlalchemy.create_engine(_psycopg2(url))
    with engine.connect() as connection:
        pd.read_sql(sqlalchemy.text("SELECT 1 AS one"), connection)

    def read() -> int:
        with engine.connect() as connection:
            frame = pd.read_sql(sqlalchemy.text(sql), connection)
            return len(frame)

    return read


def _connectorx(url: str, sql: str) -> Callable[[], int]:
    connectorx = importlib.import_module("connectorx")
    connectorx.read_sql(url, "SELECT 1 AS one")
    return lambda: len(connectorx.read_sql(url, sql))


def _polars(engine: Any) -> Callable[[str, str], Callable[[], int]]:
    def prepare(url: str, sql: str) -> Callable[[], int]:
        pl = importlib.import_module("polars")
        pl.read_database_uri("SELECT 1 AS one", url, engine=engine)
        return lambda: pl.read_database_uri(sql, url, engine=engine).height

    return prepare


def _psql(url: str, sql: str) -> Callable[[], int]:
    command = ["psql", "-X", "-q", url, "-c", f"\\copy ({sql}) TO '{os.devnull}' WITH (FORMAT binary)"]

    def read() -> int:
        subprocess.run(command, check=True, capture_output=True)
        return int(os.environ["BENCH_ROWS"])

    return read


def _stream(url: str, sql: str) -> Callable[[], int]:
    import pandas as pd
    import sqlalchemy

    engine = sqlalchemy.create_engine(_psycopg2(url))

    def read() -> int:
        with engine.connect().execution_options(stream_results=True, max_row_buffer=CHUNK) as connection:
            return sum(map(len, pd.read_sql(sqlalchemy.text(sql), connection, chunksize=CHUNK)))

    return read


def _psycopg2(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg2://", 1)


READERS: dict[str, Callable[[str, str], Callable[[], int]]] = {
    "read_sql": _read_sql,
    "connectorx": _connectorx,
    "polars-adbc": _polars("adbc"),
    "polars-connectorx": _polars("connectorx"),
    "psql": _psql,
    "stream_results": _stream,
}

if __name__ == "__main__":
    measured(lambda: READERS[sys.argv[1]](os.environ["BENCH_DATABASE"], sys.argv[2]))
