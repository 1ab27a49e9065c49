"""The writes that every row goes through, as compiled statements on the driver itself.

SQLAlchemy's own execution costs 19 to 23 microseconds a row where the driver's costs 10; what is written here
is all that a run does per row. Each function is called inside a write transaction.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Protocol

import orjson
from sqlalchemy import bindparam, null, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert

from loopai_nb.ledger import written
from loopai_nb.ledger.schema import answers, attempts, requests, rows
from loopai_nb.records import RequestState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

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


def _compiled(statement: Any, columns: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """SQL text, and the names of its parameters in order."""
    compiled = statement.compile(dialect=_DIALECT, column_keys=list(columns) or None)
    return str(compiled), tuple(compiled.positiontup)


def _inserted(table: Any, columns: tuple[str, ...]) -> str:
    sql, order = _compiled(insert(table).on_conflict_do_nothing(), columns)
    if order != columns:
        raise AssertionError(f"{table.name}: parameters come as {order}")
    return sql


_VALUES = re.compile(r"VALUES (\([?, ]+\))")
_MOST_TOGETHER = 64
_ROW = _inserted(rows, written.ROW)
_REQUEST = _inserted(requests, written.REQUEST)
_ATTEMPT = _inserted(attempts, written.ATTEMPT)
_ANSWER = _inserted(answers, written.ANSWER)
# One statement for a whole batch: executemany would let go of the interpreter's lock, and wait for it again,
# at each row, while the executor's loop wants it.
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
_ROLLUP = f"""
INSERT INTO rollups ({", ".join(written.ROLLUP)}) VALUES ({", ".join("?" * len(written.ROLLUP))})
ON CONFLICT ({_KEY}) DO UPDATE SET {_ADDED}, latencies = coalesce(excluded.latencies, latencies)
"""  # noqa: S608  (names of our own columns)
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
    ),
    (),
)


class _Sqlite:
    def add(self, connection: Connection, plan_id: str, planned: Sequence[PlannedRow]) -> None:
        _many(connection, _ROW, [(plan_id, r.position, r.label, r.key, r.error) for r in planned])
        _many(
            connection,
            _REQUEST,
            [
                (
                    *(plan_id, r.key, r.prompt, r.system, r.copy, r.prompt_bytes, r.tokens),
                    *(r.worst_case_pusd, "WAITING", 0, 0, 0, 0),
                )
                for r in planned
                if r.key is not None
            ],
        )

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
        _together(
            connection,
            _ANSWER,
            [
                (
                    *(s.lease.request_no, s.lease.key, s.text, s.model, s.finish_reason),
                    *(s.input_tokens or 0, s.output_tokens or 0, s.cost_pusd, s.latency_ms or 0.0),
                    *(run_id, now_ms),
                )
                for s in settlements
            ],
        )

    def log(
        self,
        connection: Connection,
        run_id: str,
        settlements: Sequence[tuple[Settlement, int]],
        now_ms: int,
    ) -> None:
        _together(
            connection,
            _ATTEMPT,
            [
                (
                    *(run_id, s.lease.request_no, s.lease.attempt, now_ms, s.latency_ms, str(s.outcome)),
                    *(s.counted_as, s.status_code, s.error_kind, s.error, s.kept_text),
                    *(s.input_tokens, s.output_tokens, charged_pusd),
                )
                for s, charged_pusd in settlements
            ],
        )

    def roll_up(self, connection: Connection, rows: Sequence[Rollup]) -> None:
        driver = _driver(connection)
        known = {}
        measured = [row.key for row in rows if row.latencies is not None]
        if measured:
            values = [value for key in measured for value in key]
            for *key, latencies in driver.execute(_latencies_of(len(measured)), values):
                known[tuple(key)] = latencies
        _together(
            connection, _ROLLUP, [(*row.key, *row.counts, row.merged(known.get(row.key))) for row in rows]
        )

    def queue(self, connection: Connection, numbers: Sequence[int]) -> None:
        if numbers:
            _driver(connection).execute(_QUEUE, (orjson.dumps(numbers).decode(),))


_SQLITE = _Sqlite()


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _many(connection: Connection, sql: str, parameters: Sequence[tuple[Any, ...]]) -> None:
    if parameters:
        _driver(connection).executemany(sql, parameters)


def _together(connection: Connection, sql: str, parameters: Sequence[tuple[Any, ...]]) -> None:
    """The same in few statements, for what is written while the executor's loop wants the interpreter.

    ``executemany`` lets go of the interpreter's lock at each row and has to wait for it again.
    """
    driver = _driver(connection)
    done = 0
    while done < len(parameters):
        # Powers of two, so that only a handful of statements is ever prepared.
        n = min(_MOST_TOGETHER, 1 << (len(parameters) - done).bit_length() - 1)
        driver.execute(_of_rows(sql, n), [value for row in parameters[done : done + n] for value in row])
        done += n


@functools.cache
def _of_rows(sql: str, n: int) -> str:
    """An INSERT of one row as one of ``n`` rows."""
    before, values, after = _VALUES.split(sql)
    return f"{before}VALUES {', '.join([values] * n)}{after}"


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
