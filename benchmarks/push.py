"""Frames into Postgres beside the writers of today: a new table, and rows by key into one that is there.

Each sample is a process of its own; ours and the peers' alternate, all with the same frame. The server has
the last core for itself. Run by itself (``python -m benchmarks.push WAY``) it is our own sample.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.environments import python_of
from benchmarks.peers.pushes import TABLE, rows
from benchmarks.peers.tables import measured
from benchmarks.servers import client_cores, server_cores
from benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ROOT = Path(__file__).resolve().parent.parent
PART = "tables"
TIMEOUT_S = 900.0
MOST_SAID = 60


@dataclass(frozen=True, slots=True)
class Work:
    """One thing that is done to a table.

    Attributes:
        what: In words.
        ours: Word for our own sample.
        peers: Writers of ``peers/pushes.py`` by name in the table, with the goal.
        there: The table has the rows already, with their key.
    """

    what: str
    ours: str
    peers: dict[str, tuple[str, str]]
    there: bool = False


WORKS = (
    Work(
        "push {:,} rows x 10 columns into a new table",
        "new",
        {
            "pandas.to_sql": ("to_sql", ">= 20 x peer"),
            'pandas.to_sql, method="multi"': ("to_sql-multi", ""),
            "psycopg2 execute_values": ("execute_values", ""),
        },
    ),
    Work("the same with its primary key", "keyed", {}),
    Work(
        "upsert {:,} rows, a tenth changed and a tenth new",
        "upsert",
        {"psycopg2 execute_values, ON CONFLICT": ("execute_values-upsert", "")},
        there=True,
    ),
    Work("upsert {:,} rows that are there as they are", "again", {}, there=True),
)


def run(*, quick: bool = False) -> list[Row]:
    """Do each work by turns, and compare."""
    count, rounds = (50_000, 1) if quick else (1_000_000, 3)
    table: list[Row] = []
    with _server() as url:
        for work in WORKS:
            print(f"  {work.what.format(count)} ...", file=sys.stderr, flush=True)
            table += _compared(work, url, count, rounds)
    return table


def _compared(work: Work, url: str, count: int, rounds: int) -> list[Row]:
    ours: list[dict[str, float]] = []
    peers: dict[str, list[dict[str, float]] | str] = {name: [] for name in work.peers}
    for _ in range(rounds):
        ours.append(_sample(work, [sys.executable, "-m", "benchmarks.push", work.ours], url, count))
        for name, (writer, _) in work.peers.items():
            taken = peers[name]
            if isinstance(taken, str):
                continue
            try:
                taken.append(_sample(work, _writer(writer), url, count))
            except (RuntimeError, OSError) as error:
                peers[name] = str(error)
    what = work.what.format(count)
    ours_s, ours_mb = _median(ours, "seconds"), _median(ours, "mb")
    if not peers:
        return [
            Row(what, ours_s, None, None, "", "s"),
            Row("  memory above the frame", ours_mb, None, None, "", "MB"),
        ]
    table = []
    for name, (_, goal) in work.peers.items():
        taken = peers[name]
        if isinstance(taken, str):
            table.append(Row(f"{what} (peer: {name})", ours_s, None, None, goal, "s", taken))
            continue
        peer_s, peer_mb = _median(taken, "seconds"), _median(taken, "mb")
        table += [
            Row(f"{what} (peer: {name})", ours_s, peer_s, peer_s / ours_s, goal, "s"),
            Row(f"  memory above the frame (peer: {name})", ours_mb, peer_mb, ours_mb / peer_mb, "", "MB"),
        ]
    return table


def _median(samples: list[dict[str, float]], figure: str) -> float:
    return statistics.median(sample[figure] for sample in samples)


def _writer(name: str) -> list[str]:
    return [str(python_of(PART, large=False)), str(_ROOT / "benchmarks" / "peers" / "pushes.py"), name]


@contextlib.contextmanager
def _server() -> Iterator[str]:
    """An empty server on its own core; yields its URL."""
    import psycopg2

    from loopai_nb.postgres.embedded import EmbeddedPostgres

    folder = Path(tempfile.mkdtemp(prefix="loopai-bench-"))
    try:
        with EmbeddedPostgres(folder) as server:
            with closing(psycopg2.connect(server.url)) as connection, connection.cursor() as cursor:
                cursor.execute("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int")
                ((pid,),) = cursor.fetchall()
                if cores := server_cores():
                    os.sched_setaffinity(pid, cores)  # its backends inherit it
            yield server.url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settle(work: Work, url: str, count: int) -> None:
    """Have the table as it is before the work, and nothing left to write of what was before."""
    import psycopg2

    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.push import push

    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        if work.there:
            cursor.execute("SELECT to_regclass('kept') IS NULL")
            if cursor.fetchone() == (True,):
                with closing(Database(url)) as db:
                    push(db, rows(count, changed=False), "kept", key="id")
            cursor.execute(f"CREATE TABLE {TABLE} (LIKE kept INCLUDING ALL)")
            cursor.execute(f"INSERT INTO {TABLE} SELECT * FROM kept")  # noqa: S608  (names of our own)
            cursor.execute(f"VACUUM (FREEZE, ANALYZE) {TABLE}")
        cursor.execute("CHECKPOINT")


def _sample(work: Work, command: list[str], url: str, count: int) -> dict[str, float]:
    """Let a contender write once.

    Raises:
        RuntimeError: It failed, or wrote another number of rows.
    """
    _settle(work, url, count)
    # Not an argument: it has a password.
    environ = {**os.environ, "BENCH_DATABASE": url, "BENCH_ROWS": str(count), "PYTHONPATH": str(_ROOT)}
    if cores := client_cores():
        environ["BENCH_CORES"] = ",".join(map(str, cores))
    try:
        done = subprocess.run(
            command, cwd=_ROOT, env=environ, check=False, capture_output=True, text=True, timeout=TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"more than {TIMEOUT_S:.0f} s") from None
    if done.returncode != 0:
        raise RuntimeError(f"failed: {(done.stderr.strip().splitlines() or ['?'])[-1][:MOST_SAID]}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if figures["rows"] != count:
        raise RuntimeError(f"failed: {figures['rows']:,.0f} of {count:,} rows")
    return figures


def _ours(way: str) -> Callable[[], int]:
    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.push import push

    db = Database(os.environ["BENCH_DATABASE"])
    frame = rows(int(os.environ["BENCH_ROWS"]), changed=way == "upsert")
    push(db, frame.head(10), "warm", mode="append")  # imports and first connections are no part of it
    key = None if way == "new" else "id"

    def write() -> int:
        done = push(db, frame, TABLE, key=key)
        return done.inserted + done.updated + done.unchanged

    return write


if __name__ == "__main__":
    measured(lambda: _ours(sys.argv[1]))
