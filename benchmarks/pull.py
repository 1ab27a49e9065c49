"""Tables out of Postgres beside the readers of today: time and memory, whole and chunk by chunk.

Each sample is a process of its own; ours and the peers' alternate, all with the same rows in the order of
their key. The server has the last core for itself. Run by itself (``python -m benchmarks.pull pull|stream``)
it is our own sample.

The goals were set on a table of which we only know what the readers took: ``pandas.read_sql`` 1.17 GB, the
server's own COPY 0.50 s, ``psql`` 0.71 s, ADBC 0.12 GB. The columns here are as wide as brings those readers
near to these figures: 1,170 MB, 0.53 s and 0.81 s without an order, 108 MB of Arrow before uuids and numerics
are made readable. With another width of ``remarks`` the share of memory is another: each character is a
byte of each row to Arrow, and some four to ``read_sql``. By its time the ``psql`` of the goals had no ORDER
BY, so the floor is taken without one, too.
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
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.environments import python_of
from benchmarks.peers.tables import CHUNK, measured
from benchmarks.servers import client_cores, server_cores
from benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ROOT = Path(__file__).resolve().parent.parent
PART = "tables"
TIMEOUT_S = 600.0
MOST_SAID = 60

TABLE = "mixed"
QUERY = f"SELECT * FROM {TABLE} ORDER BY id"  # noqa: S608  (a name of our own)
"""What ``pull(db, "mixed")`` asks for; ours is asked for the table."""

AS_STORED = f"SELECT * FROM {TABLE}"  # noqa: S608  (a name of our own)

MAKE = """
CREATE TABLE mixed (id int PRIMARY KEY, parent bigint, price numeric(12,2), ratio float8, remarks text,
                    state text NOT NULL, open boolean, seen timestamptz, day date, token uuid)
"""
FILL = """
INSERT INTO mixed
SELECT n, CASE WHEN n % 7 > 0 THEN 9007199254740993 + n END, (n::bigint * 37 % 1000000000)::numeric / 100,
       n / 3.0, 'BIRD ' || n || ' STRUCK WINDSHIELD ON TAKEOFF',
       (ARRAY['new', 'open', 'closed', 'void'])[1 + n % 4], n % 3 = 0,
       '2024-01-01 00:00:00+00'::timestamptz + n * interval '1 second', date '2000-01-01' + n % 9000,
       md5(n::text)::uuid
FROM generate_series(1, :rows) AS n
"""
PEERS = {
    "pandas.read_sql + psycopg2": ("read_sql", ">= 9 x peer", "<= 1/8 of peer"),
    "connectorx": ("connectorx", ">= 1.5 x peer", ""),
    "polars, adbc": ("polars-adbc", "", ""),
    "polars, connectorx": ("polars-connectorx", "", ""),
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is read.

    Attributes:
        rows: Of the table.
        times: So often the table is our stream.
        rounds: Samples of each.
    """

    rows: int
    times: int
    rounds: int


FULL = Size(rows=1_000_000, times=3, rounds=5)
QUICK = Size(rows=100_000, times=3, rounds=1)

Samples = dict[str, "list[dict[str, float]] | str"]
"""By contender; in place of the samples of one that failed, why it did."""


def run(*, quick: bool = False) -> list[Row]:
    """Make the table, let all read it by turns, and compare."""
    size = QUICK if quick else FULL
    streamed = f"SELECT {TABLE}.* FROM generate_series(1, {size.times}), {TABLE}"  # noqa: S608  (names of our own)
    own = [sys.executable, "-m", "benchmarks.pull"]
    with _server(size.rows) as url:
        contenders: dict[str, Callable[[], dict[str, float]]] = {
            "ours": partial(_sample, [*own, "pull", TABLE], url, size.rows),
            "psql": partial(_sample, _reader(sys.executable, "psql", QUERY), url, size.rows),
            "ours, as stored": partial(_sample, [*own, "pull", AS_STORED], url, size.rows),
            "psql, as stored": partial(_sample, _reader(sys.executable, "psql", AS_STORED), url, size.rows),
            "stream": partial(_sample, [*own, "stream", streamed], url, size.rows * size.times),
        }
        samples: Samples = {}
        try:
            python = str(python_of(PART, large=False))
        except (RuntimeError, OSError) as error:
            samples = dict.fromkeys((*PEERS, "stream_results"), str(error))
        else:
            for name, (script, _, _) in PEERS.items():
                contenders[name] = partial(_sample, _reader(python, script, QUERY), url, size.rows)
            command = _reader(python, "stream_results", QUERY)
            contenders["stream_results"] = partial(_sample, command, url, size.rows)
        for round_ in range(size.rounds):
            print(f"  round {round_ + 1} of {size.rounds} ...", file=sys.stderr, flush=True)
            _take(contenders, samples)
    return _rows(samples, size)


def _take(contenders: dict[str, Callable[[], dict[str, float]]], samples: Samples) -> None:
    for name, contender in contenders.items():
        taken = samples.setdefault(name, [])
        if isinstance(taken, str):
            continue
        try:
            taken.append(contender())
        except RuntimeError as error:
            samples[name] = str(error)


def _rows(samples: Samples, size: Size) -> list[Row]:
    what = f"pull {size.rows:,} rows x 10 columns"
    ours = samples["ours"]
    if isinstance(ours, str):
        raise RuntimeError(ours)  # noqa: TRY004  (it failed; the samples are its reason)
    ours_s, ours_mb = _median(ours, "seconds"), _median(ours, "mb")
    table = []
    for name, (_, faster, smaller) in PEERS.items():
        peer = samples[name]
        if isinstance(peer, str):
            table.append(Row(f"{what} (peer: {name})", ours_s, None, None, faster, "s", peer))
            continue
        peer_s, peer_mb = _median(peer, "seconds"), _median(peer, "mb")
        table += [
            Row(f"{what} (peer: {name})", ours_s, peer_s, peer_s / ours_s, faster, "s"),
            Row(f"  memory (peer: {name})", ours_mb, peer_mb, ours_mb / peer_mb, smaller, "MB"),
        ]
    table += [
        _floor_row(what, ours, samples["psql"]),
        _floor_row("  the same without an order", samples["ours, as stored"], samples["psql, as stored"]),
    ]
    return [*table, *_stream_rows(samples, size)]


def _floor_row(what: str, ours: list[dict[str, float]] | str, floor: list[dict[str, float]] | str) -> Row:
    what, goal = f"{what} (peer: psql \\copy binary, the floor)", "<= 1.25 x peer"
    if isinstance(ours, str):
        return Row(what, None, None, None, goal, "s", ours)
    ours_s = _median(ours, "seconds")
    if isinstance(floor, str):
        return Row(what, ours_s, None, None, goal, "s", floor)
    floor_s = _median(floor, "seconds")
    return Row(what, ours_s, floor_s, ours_s / floor_s, goal, "s")


def _stream_rows(samples: Samples, size: Size) -> list[Row]:
    what = f"stream {size.rows * size.times:,} rows in chunks of {CHUNK:,} (peer: SQLAlchemy stream_results)"
    stream, peer = samples["stream"], samples["stream_results"]
    if isinstance(stream, str):
        return [Row(what, None, None, None, ">= 600,000", "rows/s", stream)]
    per_s, mb = size.rows * size.times / _median(stream, "seconds"), _median(stream, "mb")
    if isinstance(peer, str):
        return [
            Row(what, per_s, None, None, ">= 600,000", "rows/s", peer),
            Row("  memory", mb, None, None, "<= 60", "MB", peer),
        ]
    peer_per_s, peer_mb = size.rows / _median(peer, "seconds"), _median(peer, "mb")
    return [
        Row(what, per_s, peer_per_s, per_s / peer_per_s, ">= 600,000", "rows/s"),
        Row("  memory", mb, peer_mb, mb / peer_mb, "<= 60", "MB"),
    ]


def _median(samples: list[dict[str, float]], figure: str) -> float:
    return statistics.median(sample[figure] for sample in samples)


@contextlib.contextmanager
def _server(rows: int) -> Iterator[str]:
    """A server on its own core with the table in it; yields its URL."""
    from loopai_nb.postgres.embedded import EmbeddedPostgres
    from loopai_nb.postgres.engine import Database

    folder = Path(tempfile.mkdtemp(prefix="loopai-bench-"))
    try:
        with EmbeddedPostgres(folder) as server:
            with closing(Database(server.url)) as db:
                db.execute(MAKE, read_only=False)
                db.execute(FILL, {"rows": rows}, read_only=False)
                _settle(server.url)
                if cores := server_cores():
                    (row,) = db.execute(
                        "SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int AS pid"
                    )
                    os.sched_setaffinity(row["pid"], cores)  # its backends inherit it
            yield server.url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settle(url: str) -> None:
    """Let no reader pay for what the first one after a load has to do."""
    import psycopg2

    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(f"VACUUM (FREEZE, ANALYZE) {TABLE}")
        cursor.execute("CHECKPOINT")


def _reader(python: str, reader: str, sql: str) -> list[str]:
    return [python, str(_ROOT / "benchmarks" / "peers" / "tables.py"), reader, sql]


def _sample(command: list[str], url: str, rows: int) -> dict[str, float]:
    """Run a contender once.

    Raises:
        RuntimeError: It failed, or read another number of rows.
    """
    # Not an argument: it has a password.
    environ = {**os.environ, "BENCH_DATABASE": url, "BENCH_ROWS": str(rows), "PYTHONPATH": str(_ROOT)}
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
    if figures["rows"] != rows:
        raise RuntimeError(f"failed: {figures['rows']:,.0f} of {rows:,} rows")
    return figures


def _ours(way: str, source: str) -> Callable[[], int]:
    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.pull import pull

    db = Database(os.environ["BENCH_DATABASE"])
    pull(db, "SELECT 1 AS one")  # imports and first connections are no part of it, here as there
    if way == "stream":
        return lambda: sum(map(len, pull(db, source, chunks=CHUNK) or ()))
    return lambda: len(pull(db, source))


if __name__ == "__main__":
    measured(lambda: _ours(sys.argv[1], sys.argv[2]))
