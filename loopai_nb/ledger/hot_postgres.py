"""The writes that every row goes through, on Postgres: one statement for many rows.

The rows travel as one JSON text that the server takes apart. Measured against psycopg2's ``execute_values``
(12 to 16 microseconds of this process's time a row), that costs 2 to 6 here and no more at the server; COPY
into a temporary table costs the same, takes a statement more, and gains only with thousands of rows.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy.dialects import postgresql

from loopai_nb.ledger import written
from loopai_nb.ledger.schema import answers, attempts, requests, rollups, rows
from loopai_nb.ledger.storable import storable
from loopai_nb.records import RequestState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Dialect, Table

    from loopai_nb.ledger.records import Lease, Settlement
    from loopai_nb.ledger.rollups import Rollup
    from loopai_nb.planning.plan import PlannedRow

__all__ = ["POSTGRES"]

MOST_BYTES = 16_000_000
"""Of one statement's rows; a text may have up to 1 GB, and the server holds it several times."""

_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


def _types(table: Table, names: Iterable[str]) -> str:
    """``name type`` of columns as SQL."""
    return ", ".join(f"{name} {table.c[name].type.compile(dialect=_DIALECT)}" for name in names)


def _insert(table: Table, names: tuple[str, ...]) -> str:
    listed = ", ".join(names)
    # In their order: requests are numbered as they come.
    return (
        f"INSERT INTO {table.name} ({listed}) SELECT {listed} "  # noqa: S608  (names of our own columns)
        f"FROM ROWS FROM (json_to_recordset(%s) AS ({_types(table, names)})) WITH ORDINALITY "
        "ORDER BY ordinality ON CONFLICT DO NOTHING"
    )


_ROW = _insert(rows, written.ROW)
_REQUEST = _insert(requests, written.REQUEST)
_ATTEMPT = _insert(attempts, written.ATTEMPT)
_ANSWER = _insert(answers, written.ANSWER)
_LEASE = """
UPDATE requests
SET state = 'LEASED', owner_id = %s, run_id = %s, day = %s, attempts = attempts + 1
WHERE request_no = ANY (%s)
"""
_SETTLE = """
UPDATE requests r
SET state = s.to_state, owner_id = NULL, not_before_ms = s.not_before, attempts = s.reached,
    mismatches = s.unfit, answer_no = s.answer, error_kind = s.kind, error = s.problem, ended_ms = s.ended
FROM json_to_recordset(%s) AS s(no bigint, attempt int, to_state text, not_before bigint, reached int,
                                unfit int, answer bigint, kind text, problem text, ended bigint)
-- The fence: who lost the lease (its process was taken for dead) can't move the request any more.
WHERE r.request_no = s.no AND r.state = 'LEASED' AND r.owner_id = %s AND r.attempts = s.attempt
RETURNING r.request_no
"""
_KEY = ", ".join(written.ROLLUP_KEY)
_ADDED = ", ".join(f"{name} = r.{name} + excluded.{name}" for name in written.ROLLUP_COUNTS)
_COUNTED = ", ".join((*written.ROLLUP_KEY, *written.ROLLUP_COUNTS))
_ROLLUP = f"""
INSERT INTO rollups AS r ({_COUNTED}) SELECT {_COUNTED}
FROM ROWS FROM (json_to_recordset(%s) AS ({_types(rollups, _COUNTED.split(", "))})) WITH ORDINALITY
ORDER BY ordinality
ON CONFLICT ({_KEY}) DO UPDATE SET {_ADDED}
RETURNING {_KEY}, latencies
"""  # noqa: S608  (names of our own columns)
_LATENCIES = f"""
UPDATE rollups r SET latencies = s.latencies
FROM json_to_recordset(%s) AS s({_types(rollups, (*written.ROLLUP_KEY, "latencies"))})
WHERE ({", ".join(f"r.{name}" for name in written.ROLLUP_KEY)})
    = ({", ".join(f"s.{name}" for name in written.ROLLUP_KEY)})
"""  # noqa: S608  (names of our own columns)
_QUEUE = "INSERT INTO search_queue (numbers) VALUES (%s)"


class _Postgres:
    def add(self, connection: Connection, plan_id: str, planned: Sequence[PlannedRow]) -> None:
        _insert_all(
            connection,
            _ROW,
            (
                {
                    "plan_id": plan_id,
                    "position": r.position,
                    "label": storable(r.label),
                    "key": _bytes(r.key),
                    "error": _text(r.error),
                }
                for r in planned
            ),
        )
        _insert_all(connection, _REQUEST, (_request(plan_id, r) for r in planned if r.key is not None))

    def lease(
        self, connection: Connection, run_id: str, owner_id: str, day: str, leases: Sequence[Lease]
    ) -> None:
        with _cursor(connection) as cursor:
            cursor.execute(_LEASE, (owner_id, run_id, day, [lease.request_no for lease in leases]))

    def settle(
        self, connection: Connection, owner_id: str, settlements: Sequence[Settlement], now_ms: int
    ) -> list[bool]:
        moved: list[bool] = []
        # UPDATE takes a row once: of two settlements of one request each needs a statement of its own.
        for group in _apart(settlements):
            document = b",".join([orjson.dumps(_settled(s, now_ms)) for s in group]).decode()
            with _cursor(connection) as cursor:
                cursor.execute(_SETTLE, (f"[{document}]", owner_id))
                ours = {no for (no,) in cursor.fetchall()}
            moved += [s.lease.request_no in ours for s in group]
        return moved

    def keep(
        self, connection: Connection, run_id: str, settlements: Sequence[Settlement], now_ms: int
    ) -> None:
        _insert_all(
            connection,
            _ANSWER,
            (
                {
                    "request_no": s.lease.request_no,
                    "key": _bytes(s.lease.key),
                    "text": _text(s.text),
                    "model": storable(s.model),
                    "finish_reason": storable(s.finish_reason),
                    "input_tokens": s.input_tokens or 0,
                    "output_tokens": s.output_tokens or 0,
                    "cost_pusd": s.cost_pusd,
                    "latency_ms": s.latency_ms or 0.0,
                    "run_id": run_id,
                    "answered_ms": now_ms,
                }
                for s in settlements
            ),
        )

    def log(
        self,
        connection: Connection,
        run_id: str,
        settlements: Sequence[tuple[Settlement, int]],
        now_ms: int,
    ) -> None:
        _insert_all(
            connection,
            _ATTEMPT,
            (
                {
                    "run_id": run_id,
                    "request_no": s.lease.request_no,
                    "number": s.lease.attempt,
                    "ended_ms": now_ms,
                    "latency_ms": s.latency_ms,
                    "outcome": s.outcome,
                    "counted_as": s.counted_as,
                    "status_code": s.status_code,
                    "error_kind": _text(s.error_kind),
                    "error": _text(s.error),
                    "text": _text(s.kept_text),
                    "input_tokens": s.input_tokens,
                    "output_tokens": s.output_tokens,
                    "cost_pusd": charged_pusd,
                }
                for s, charged_pusd in settlements
            ),
        )

    def roll_up(self, connection: Connection, rows: Sequence[Rollup]) -> None:
        known: dict[tuple[Any, ...], bytes | None] = {}
        with _cursor(connection) as cursor:
            for document in _documents(_named(row.key, row.counts) for row in rows):
                # It holds the rows: what it returns of latencies is what nobody else changes any more.
                cursor.execute(_ROLLUP, (document,))
                known |= {tuple(key): latencies for *key, latencies in cursor.fetchall()}
            merged = (
                {**_named(row.key), "latencies": _bytes(row.merged(known[row.key]))}
                for row in rows
                if row.latencies is not None
            )
            for document in _documents(merged):
                cursor.execute(_LATENCIES, (document,))

    def queue(self, connection: Connection, numbers: Sequence[int]) -> None:
        if numbers:
            with _cursor(connection) as cursor:
                cursor.execute(_QUEUE, (orjson.dumps(numbers).decode(),))


POSTGRES = _Postgres()


def _request(plan_id: str, row: PlannedRow) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "key": _bytes(row.key),
        "prompt": storable(row.prompt),
        "system": _text(row.system),
        "copy": row.copy,
        "prompt_bytes": row.prompt_bytes,
        "estimated_tokens": row.tokens,
        "worst_case_pusd": row.worst_case_pusd,
        "state": RequestState.WAITING,
        "cached": False,
        "attempts": 0,
        "mismatches": 0,
        "not_before_ms": 0,
    }


def _settled(settlement: Settlement, now_ms: int) -> dict[str, Any]:
    lease = settlement.lease
    return {
        "no": lease.request_no,
        "attempt": lease.attempt,
        "to_state": settlement.state,
        "not_before": settlement.not_before_ms,
        "reached": lease.attempt - settlement.is_free_try,
        "unfit": lease.mismatches + settlement.mismatch,
        "answer": lease.request_no if settlement.state is RequestState.ANSWERED else None,
        "kind": _text(settlement.error_kind),
        "problem": _text(settlement.error),
        "ended": None if settlement.state is RequestState.WAITING else now_ms,
    }


def _apart(settlements: Sequence[Settlement]) -> Iterator[list[Settlement]]:
    """Settlements in groups that hold no request twice, in their order."""
    group: list[Settlement] = []
    seen: set[int] = set()
    for settlement in settlements:
        if settlement.lease.request_no in seen:
            yield group
            group, seen = [], set()
        group.append(settlement)
        seen.add(settlement.lease.request_no)
    if group:
        yield group


def _insert_all(connection: Connection, sql: str, records: Iterable[dict[str, Any]]) -> None:
    with _cursor(connection) as cursor:
        for document in _documents(records):
            cursor.execute(sql, (document,))


def _documents(records: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Records as JSON arrays of bounded size."""
    parts: list[bytes] = []
    size = 0
    for record in records:
        part = orjson.dumps(record)
        if parts and size + len(part) > MOST_BYTES:
            yield f"[{b','.join(parts).decode()}]"
            parts, size = [], 0
        parts.append(part)
        size += len(part)
    if parts:
        yield f"[{b','.join(parts).decode()}]"


def _named(key: tuple[Any, ...], counts: Sequence[int] = ()) -> dict[str, Any]:
    """Of a rollup."""
    return dict(zip((*written.ROLLUP_KEY, *written.ROLLUP_COUNTS), (*key, *counts), strict=False))


def _text(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _bytes(value: bytes | None) -> str | None:
    """As bytea is written in text."""
    return None if value is None else f"\\x{value.hex()}"


def _cursor(connection: Connection) -> Any:
    driver: Any = connection.connection.driver_connection
    return contextlib.closing(driver.cursor())
