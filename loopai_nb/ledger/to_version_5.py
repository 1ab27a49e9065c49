"""From version 4 of the tables to version 5: attempts say how they are counted, requests when they ended.

And there are the rollups, which are filled when the last step is done, and the queue of the search index. An
older process that has the ledger open can't store attempts any more: it would leave the rollups behind. Its
journal keeps what it had in flight. The tables are written out here as version 5 had them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["to_version_5"]

_COUNTED_AS = """
    CASE WHEN outcome = 'answered' THEN 'answered'
        WHEN attempt_no IN (
            SELECT max(t.attempt_no) FROM {attempts} t JOIN requests q ON q.request_no = t.request_no
            WHERE q.state = 'FAILED' GROUP BY t.request_no) THEN 'failed'
        WHEN outcome = 'unknown' THEN 'unknown'
        ELSE 'retried' END
"""

_REBUILT = (
    "ALTER TABLE attempts RENAME TO v4_attempts",
    """
    CREATE TABLE attempts (
        attempt_no INTEGER NOT NULL, run_id TEXT NOT NULL, request_no BIGINT NOT NULL,
        number INTEGER NOT NULL, ended_ms BIGINT NOT NULL, latency_ms FLOAT, outcome TEXT NOT NULL,
        counted_as TEXT NOT NULL, status_code INTEGER, error_kind TEXT, error TEXT, text TEXT,
        input_tokens INTEGER, output_tokens INTEGER, cost_pusd BIGINT NOT NULL, PRIMARY KEY (attempt_no)
    )
    """,
    """
    INSERT INTO attempts
    SELECT attempt_no, run_id, request_no, number, ended_ms, latency_ms, outcome, {counted_as}, status_code,
        error_kind, error, text, input_tokens, output_tokens, cost_pusd
    FROM v4_attempts
    """,
    "DROP TABLE v4_attempts",
    "CREATE INDEX attempts_by_request ON attempts (run_id, request_no)",
)
"""On SQLite, where a column that may not be null can't be added."""

_ALTERED = (
    "ALTER TABLE attempts ADD COLUMN counted_as TEXT",
    "UPDATE attempts SET counted_as = {counted_as}",
    "ALTER TABLE attempts ALTER COLUMN counted_as SET NOT NULL",
)

_NEW = (
    "ALTER TABLE requests ADD COLUMN ended_ms BIGINT",
    """
    UPDATE requests SET ended_ms = a.answered_ms FROM answers a
    WHERE a.request_no = requests.answer_no AND requests.state = 'ANSWERED' AND NOT requests.cached
    """,
    """
    UPDATE requests SET ended_ms = r.created_ms, run_id = r.run_id
    FROM (SELECT plan_id, run_id, created_ms,
            row_number() OVER (PARTITION BY plan_id ORDER BY created_ms, run_id) AS place FROM runs) r
    WHERE r.plan_id = requests.plan_id AND r.place = 1 AND requests.state = 'ANSWERED' AND requests.cached
    """,
    """
    UPDATE requests SET ended_ms = (SELECT max(t.ended_ms) FROM attempts t
        WHERE t.run_id = requests.run_id AND t.request_no = requests.request_no)
    WHERE state IN ('FAILED', 'MAYBE_PAID')
    """,
    "CREATE INDEX requests_by_answer ON requests (answer_no) WHERE cached{is_true}",
    """
    CREATE TABLE rollups (
        step TEXT NOT NULL, at_ms BIGINT NOT NULL, run_id TEXT NOT NULL, server TEXT NOT NULL,
        model TEXT NOT NULL, template TEXT NOT NULL, outcome TEXT NOT NULL, error_kind TEXT NOT NULL,
        part INTEGER NOT NULL, requests BIGINT NOT NULL, input_tokens BIGINT NOT NULL,
        output_tokens BIGINT NOT NULL, cost_pusd BIGINT NOT NULL, saved_pusd BIGINT NOT NULL,
        latencies {bytes},
        PRIMARY KEY (step, at_ms, run_id, server, model, template, outcome, error_kind, part)
    ){without_rowid}
    """,
    "CREATE TABLE search_queue (batch_no {number} NOT NULL, numbers TEXT NOT NULL, PRIMARY KEY (batch_no))",
    """
    INSERT INTO search_queue (numbers)
    SELECT {array_of}(request_no) FROM requests
    WHERE ended_ms IS NOT NULL AND NOT cached AND prompt != ''
    GROUP BY request_no / 100 ORDER BY request_no / 100
    """,
)

_SQLITE = {
    "counted_as": _COUNTED_AS.format(attempts="v4_attempts"),
    "bytes": "BLOB",
    "number": "INTEGER",
    "is_true": " = 1",
    "array_of": "json_group_array",
    "without_rowid": " WITHOUT ROWID",
}
_POSTGRES = {
    "counted_as": _COUNTED_AS.format(attempts="attempts"),
    "bytes": "BYTEA",
    "number": "BIGSERIAL",
    "is_true": "",
    "array_of": "json_agg",
    "without_rowid": "",
}
_INDEX = (
    "CREATE TABLE search_index (request_no BIGINT NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX search_index_by_word ON search_index USING gin (words)",
)
_COMMENTS = {
    "rollups": "What attempts and answers from the cache came to, by time; made of nothing but their rows.",
    "search_queue": "Requests that have ended and whose words the search index does not have yet.",
}


def to_version_5(connection: Connection) -> None:
    """Change the tables and add the others, empty."""
    on_sqlite = connection.dialect.name == "sqlite"
    for step in (*(_REBUILT if on_sqlite else _ALTERED), *_NEW):
        connection.exec_driver_sql(step.format(**(_SQLITE if on_sqlite else _POSTGRES)))
    if not on_sqlite:
        for step in _INDEX:
            connection.exec_driver_sql(step)
        for table, comment in _COMMENTS.items():
            connection.exec_driver_sql(f"COMMENT ON TABLE {table} IS '{comment}'")
