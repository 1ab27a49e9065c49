"""The writes that every row goes through, as compiled statements on the driver itself.

SQLAlchemy's own execution costs 19 to 23 microseconds a row where the driver's costs 10; what is written here
is all that a run does per row. Each function is called inside a write transaction.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Protocol

import orjson
from sqlalchemy import bindparam, null, update
from sqlalchemy.dialects import sqlite

from loopai_nb.ledger import written
from loopai_nb.ledger.schema import answers, attempts, requests, rollups, rows
from loopai_nb.records import RequestState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Table

    from loopai_nb.ledger.records import Lease, Settlement
    from loopai_nb.ledger.rollups import Rollup
    from loopai_nb.planning.plan import PlannedRow

__all__ = ["Hot", "hot"]


class Hot(Protocol):
    """The same writes on each kind of database."""

    def add(self, connection: Connection, plan_id: str, planned: Sequence[PlannedRow]) -> None:
        """Add rows to a plan; of requests of the same key only the first is kept."""

    def lease(
        self, connection: Connection, run_id: str, owner_id: str, day: str, leases: Sequence[Lease]
    ) -> None:
        """Mark requests as leased by this owner."""

    def settle(
        self, connection: Connection, owner_id: str, settlements: Sequence[Settlement], now_ms: int
    ) -> list[bool]:
        """Move leased requests on; for each, whether this owner still held it."""

    def keep(
        self, connection: Connection, run_id: str, settlements: Sequence[Settlement], now_ms: int
    ) -> None:
        """Store answers, each under its request; one that is there stays."""

    def log(
        self,
        connection: Connection,
        run_id: str,
        settlements: Sequence[tuple[Settlement, int]],
        now_ms: int,
    ) -> None:
        """Store attempts, each with what it is charged."""

    def roll_up(self, connection: Connection, rows: Sequence[Rollup]) -> None:
        """Add to rollups what rows count; the rows come in the order of their keys, none twice."""

    def queue(self, connection: Connection, numbers: Sequence[int]) -> None:
        """Queue requests whose words the search index is to have."""


def hot(connection: Connection) -> Hot:
    """The hot writes for a connection's kind of database."""
    if connection.dialect.name == "sqlite":
        return _SQLITE
    from loopai_nb.ledger.hot_postgres import POSTGRES

    return POSTGRES


# Positional parameters: the driver takes tuples, which are made faster than dictionaries.
_DIALECT = sqlite.dialect(paramstyle="qmark")


def _compiled(statement: Any) -> tuple[str, tuple[str, ...]]:
    """SQL text, and the names of its parameters in order."""
    compiled = statement.compile(dialect=_DIALECT)
    return str(compiled), tuple(compiled.positiontup)


_MOST_TOGETHER = 64
"""Rows of a statement: of the widest table 960 values, where an older SQLite takes 999."""


class _Insert:
    """Inserts rows, several to a statement.

    ``executemany`` lets go of the interpreter's lock at each row and has to wait for it again, which costs
    what the row does where another thread wants it. The parameters have no names and no numbers: from Python
    3.12 on the driver looks each of them up among all.

    Args:
        table: Where to.
        columns: That are written, in order.
        fixed: SQL of those of them that have one value in all rows there are.
        conflict: What is done where the row is there.
    """

    def __init__(
        self,
        table: Table,
        columns: Sequence[str],
        *,
        fixed: Mapping[str, str] | None = None,
        conflict: str = "DO NOTHING",
    ) -> None:
        fixed = fixed or {}
        names = ", ".join(f'"{name}"' for name in columns)
        self._head = f"INSERT INTO {table.name} ({names}) VALUES "  # noqa: S608  (names of our own columns)
        self._row = f"({', '.join([fixed.get(name, '?') for name in columns])})"
        self._tail = f" ON CONFLICT {conflict}"
        self._width = len(columns) - len(fixed)
        self._known: dict[int, str] = {}

    def run(self, connection: Connection, values: Sequence[Any]) -> None:
        """Insert rows.

        Args:
            connection: In a write transaction.
            values: Of the columns that are not fixed, one row after the other.
        """
        driver, width = _driver(connection), self._width
        done = 0
        while done < len(values):
            # Powers of two, so that only a handful of statements is ever prepared.
            left = (len(values) - done) // width
            n = min(_MOST_TOGETHER, 1 << left.bit_length() - 1)
            driver.execute(self._of(n), values[done : done + n * width])
            done += n * width

    def _of(self, n: int) -> str:
        if n not in self._known:
            self._known[n] = f"{self._head}{', '.join([self._row] * n)}{self._tail}"
        return self._known[n]


_ROW = _Insert(rows, written.ROW)
_REQUEST = _Insert(
    requests,
    written.REQUEST,
    fixed={"state": "'WAITING'", "cached": "0", "attempts": "0", "mismatches": "0", "not_before_ms": "0"},
)
_ATTEMPT = _Insert(attempts, written.ATTEMPT)
_ANSWER = _Insert(answers, written.ANSWER)
# One statement for a whole batch, as above.
_LEASE = """
UPDATE requests SET state = 'LEASED', owner_id = ?, run_id = ?, day = ?, attempts = attempts + 1
WHERE request_no IN (SELECT value FROM json_each(?))
"""
_ANSWERED = """
UPDATE requests
SET state = 'ANSWERED', owner_id = NULL, not_before_ms = 0, answer_no = request_no, error = NULL,
    error_kind = json_extract(settled.value, '$[2]'), ended_ms = ?
FROM json_each(?) AS settled
WHERE request_no = json_extract(settled.value, '$[0]') AND attempts = json_extract(settled.value, '$[1]')
  AND state = 'LEASED' AND owner_id = ?
RETURNING request_no, attempts
"""
_QUEUE = "INSERT INTO search_queue (numbers) VALUES (?)"
_KEY = ", ".join(written.ROLLUP_KEY)
_ADDED = ", ".join(f"{name} = {name} + excluded.{name}" for name in written.ROLLUP_COUNTS)
_ROLLUP = _Insert(
    rollups,
    written.ROLLUP,
    conflict=f"({_KEY}) DO UPDATE SET {_ADDED}, latencies = coalesce(excluded.latencies, latencies)",
)
_SETTLE, _SETTLE_ORDER = _compiled(
    update(requests)
    # The fence: who lost the lease (its process was taken for dead) can't move the request any more.
    .where(
        requests.c.request_no == bindparam("no"),
        requests.c.state == bindparam("leased"),
        requests.c.owner_id == bindparam("owner"),
        requests.c.attempts == bindparam("attempt"),
    )
    .values(
        state=bindparam("to_state"),
        owner_id=null(),
        not_before_ms=bindparam("not_before"),
        attempts=bindparam("reached"),
        mismatches=bindparam("unfit"),
        error_kind=bindparam("kind"),
        error=bindparam("problem"),
        ended_ms=bindparam("ended"),
    )
)


class _Sqlite:
    def add(self, connection: Connection, plan_id: str, planned: Sequence[PlannedRow]) -> None:
        of_rows: list[Any] = []
        of_requests: list[Any] = []
        # Unpacked: a third faster than by their names.
        for position, label, key, prompt, system, size, tokens, worst_pusd, error, copy in planned:
            of_rows += (plan_id, position, label, key, error)
            if key is not None:
                of_requests += (plan_id, key, prompt, system, copy, size, tokens, worst_pusd)
        _ROW.run(connection, of_rows)
        _REQUEST.run(connection, of_requests)

    def lease(
        self, connection: Connection, run_id: str, owner_id: str, day: str, leases: Sequence[Lease]
    ) -> None:
        numbers = orjson.dumps([lease.request_no for lease in leases]).decode()
        _driver(connection).execute(_LEASE, (owner_id, run_id, day, numbers))

    def settle(
        self, connection: Connection, owner_id: str, settlements: Sequence[Settlement], now_ms: int
    ) -> list[bool]:
        driver = _driver(connection)
        answered = [
            (s.lease.request_no, s.lease.attempt, s.error_kind)
            for s in settlements
            if s.state is RequestState.ANSWERED
        ]
        found = driver.execute(_ANSWERED, (now_ms, orjson.dumps(answered).decode(), owner_id)).fetchall()
        # By attempt as well: a late end of an earlier lease may come with that of a later one.
        ours = set(found)
        for settlement in settlements:
            if settlement.state is not RequestState.ANSWERED:
                values = _in_order(_SETTLE_ORDER, _settled(owner_id, settlement, now_ms))
                if driver.execute(_SETTLE, values).rowcount == 1:
                    ours.add((settlement.lease.request_no, settlement.lease.attempt))
        return [(s.lease.request_no, s.lease.attempt) in ours for s in settlements]

    def keep(
        self, connection: Connection, run_id: str, settlements: Sequence[Settlement], now_ms: int
    ) -> None:
        values: list[Any] = []
        for s in settlements:
            values += (s.lease.request_no, s.lease.key, s.text, s.model, s.finish_reason)
            values += (s.input_tokens or 0, s.output_tokens or 0, s.cost_pusd, s.latency_ms or 0.0)
            values += (run_id, now_ms)
        _ANSWER.run(connection, values)

    def log(
        self,
        connection: Connection,
        run_id: str,
        settlements: Sequence[tuple[Settlement, int]],
        now_ms: int,
    ) -> None:
        values: list[Any] = []
        for s, charged_pusd in settlements:
            values += (run_id, s.lease.request_no, s.lease.attempt, now_ms, s.latency_ms, str(s.outcome))
            values += (s.counted_as, s.status_code, s.error_kind, s.error, s.kept_text)
            values += (s.input_tokens, s.output_tokens, charged_pusd)
        _ATTEMPT.run(connection, values)

    def roll_up(self, connection: Connection, rows: Sequence[Rollup]) -> None:
        driver = _driver(connection)
        known = {}
        measured = [row.key for row in rows if row.latencies is not None]
        if measured:
            names = [name for key in measured for name in key]
            for *key, latencies in driver.execute(_latencies_of(len(measured)), names):
                known[tuple(key)] = latencies
        values = [v for row in rows for v in (*row.key, *row.counts, row.merged(known.get(row.key)))]
        _ROLLUP.run(connection, values)

    def queue(self, connection: Connection, numbers: Sequence[int]) -> None:
        if numbers:
            _driver(connection).execute(_QUEUE, (orjson.dumps(numbers).decode(),))


_SQLITE = _Sqlite()


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


@functools.cache
def _latencies_of(n: int) -> str:
    """Reads the latencies of so many rollups, each by the table's key: IN would look through all of it."""
    one = " AND ".join(f"{name} = ?" for name in written.ROLLUP_KEY)
    return " UNION ALL ".join([f"SELECT {_KEY}, latencies FROM rollups WHERE {one}"] * n)  # noqa: S608  (names of our own columns)


def _in_order(order: tuple[str, ...], values: dict[str, Any]) -> tuple[Any, ...]:
    return tuple([values[name] for name in order])


def _settled(owner_id: str, settlement: Settlement, now_ms: int) -> dict[str, Any]:
    lease = settlement.lease
    return {
        "no": lease.request_no,
        "leased": "LEASED",
        "owner": owner_id,
        "attempt": lease.attempt,
        "reached": lease.attempt - settlement.is_free_try,
        "unfit": lease.mismatches + settlement.mismatch,
        "to_state": str(settlement.state),
        "not_before": settlement.not_before_ms,
        "kind": settlement.error_kind,
        "problem": settlement.error,
        "ended": None if settlement.state is RequestState.WAITING else now_ms,
    }
