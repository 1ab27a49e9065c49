"""From version 1 of the tables to version 2: answers lie under the request that paid, days have accounts.

Only SQLite ledgers ever had version 1. The tables are written out here as version 2 had them, since
``schema`` moves on.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from loopai_nb.planning.spec import PlanSpec, history_key

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["to_version_2"]

_CHANGED = ("owners", "plans", "requests", "runs", "attempts", "answers")

_OLD_INDEXES = ("requests_by_state", "attempts_by_run")

_TABLES = """
CREATE TABLE owners (
    owner_id TEXT NOT NULL, run_id TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL,
    process_started TEXT NOT NULL, heartbeat_ms BIGINT NOT NULL, PRIMARY KEY (owner_id)
);
CREATE TABLE plans (
    plan_id TEXT NOT NULL, digest TEXT, created_ms BIGINT NOT NULL, spec TEXT NOT NULL,
    frame_name TEXT NOT NULL, row_count INTEGER, cache_after_ms BIGINT DEFAULT '0' NOT NULL,
    history_key BLOB, PRIMARY KEY (plan_id)
);
CREATE INDEX plans_by_history ON plans (history_key, created_ms);
CREATE TABLE requests (
    request_no INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, plan_id TEXT NOT NULL, "key" BLOB NOT NULL,
    prompt TEXT NOT NULL, system TEXT, copy INTEGER, prompt_bytes INTEGER NOT NULL,
    estimated_tokens INTEGER NOT NULL, worst_case_pusd BIGINT NOT NULL, state TEXT NOT NULL,
    cached BOOLEAN NOT NULL, answer_no BIGINT, attempts INTEGER NOT NULL,
    mismatches INTEGER DEFAULT '0' NOT NULL, owner_id TEXT, run_id TEXT, day TEXT,
    not_before_ms BIGINT NOT NULL, error_kind TEXT, error TEXT, UNIQUE (plan_id, "key")
);
CREATE INDEX requests_by_state ON requests (plan_id, state, request_no);
CREATE TABLE runs (
    run_id TEXT NOT NULL, plan_id TEXT NOT NULL, approval_id TEXT NOT NULL, state TEXT NOT NULL,
    reason TEXT NOT NULL, created_ms BIGINT NOT NULL, ended_ms BIGINT, active_ms BIGINT NOT NULL,
    budget_pusd BIGINT, spent_pusd BIGINT NOT NULL, reserved_pusd BIGINT NOT NULL,
    cancel_requested BOOLEAN NOT NULL, PRIMARY KEY (run_id)
);
CREATE TABLE accounts (
    day TEXT NOT NULL, spent_pusd BIGINT NOT NULL, reserved_pusd BIGINT NOT NULL, PRIMARY KEY (day)
);
CREATE TABLE attempts (
    attempt_no INTEGER NOT NULL, run_id TEXT NOT NULL, request_no BIGINT NOT NULL, number INTEGER NOT NULL,
    ended_ms BIGINT NOT NULL, latency_ms FLOAT, outcome TEXT NOT NULL, status_code INTEGER, error_kind TEXT,
    error TEXT, text TEXT, input_tokens INTEGER, output_tokens INTEGER, cost_pusd BIGINT NOT NULL,
    PRIMARY KEY (attempt_no)
);
CREATE INDEX attempts_by_request ON attempts (run_id, request_no);
CREATE TABLE answers (
    request_no INTEGER NOT NULL, "key" BLOB NOT NULL, text TEXT, model TEXT NOT NULL,
    finish_reason TEXT NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
    cost_pusd BIGINT NOT NULL, latency_ms FLOAT NOT NULL, run_id TEXT NOT NULL, answered_ms BIGINT NOT NULL,
    PRIMARY KEY (request_no)
);
CREATE INDEX answers_by_key ON answers ("key", answered_ms);
CREATE TABLE events (
    event_no INTEGER NOT NULL, at_ms BIGINT NOT NULL, run_id TEXT, kind TEXT NOT NULL, scope TEXT,
    message TEXT NOT NULL, PRIMARY KEY (event_no), UNIQUE (kind, scope)
);
CREATE INDEX events_by_time ON events (at_ms);
"""

# In this order: each statement reads what those before it filled.
_ROWS = (
    """
    INSERT INTO plans (plan_id, digest, created_ms, spec, frame_name, row_count)
    SELECT plan_id, digest, created_ms, spec, frame_name, row_count FROM v1_plans
    """,
    """
    INSERT INTO runs
    SELECT run_id, plan_id, approval_id, state, reason, created_ms, ended_ms, active_ms, budget_pusd,
        spent_pusd, reserved_pusd, cancel_requested
    FROM v1_runs
    """,
    # Of a run that ended nobody is the owner; version 1 left those of processes that had died.
    """
    INSERT INTO owners
    SELECT o.owner_id, r.run_id, o.host, o.pid, o.process_started, o.heartbeat_ms
    FROM v1_owners o JOIN v1_runs r ON r.owner_id = o.owner_id
    WHERE r.state IN ('RUNNING', 'PAUSED')
    """,
    # On which day a lease was reserved was not stored: on that of its owner's last sign of life.
    """
    INSERT INTO requests (request_no, plan_id, "key", prompt, system, prompt_bytes, estimated_tokens,
        worst_case_pusd, state, cached, attempts, owner_id, run_id, day, not_before_ms, error_kind, error)
    SELECT request_no, plan_id, "key", prompt, system, prompt_bytes, estimated_tokens, worst_case_pusd,
        state, cached, attempts, owner_id, run_id,
        CASE WHEN state = 'LEASED' THEN date(coalesce(
            (SELECT o.heartbeat_ms FROM v1_owners o WHERE o.owner_id = q.owner_id),
            (SELECT r.created_ms FROM v1_runs r WHERE r.run_id = q.run_id),
            0) / 1000, 'unixepoch') END,
        not_before_ms, error_kind, error
    FROM v1_requests q
    """,
    # An answer whose request is not there is paid for all the same: it gets a number of its own.
    """
    INSERT INTO answers
    SELECT
        coalesce(
            (SELECT q.request_no FROM runs r JOIN requests q ON q.plan_id = r.plan_id AND q."key" = a."key"
             WHERE r.run_id = a.run_id),
            (SELECT min(q.request_no) FROM requests q WHERE q."key" = a."key"),
            (SELECT coalesce(max(request_no), 0) FROM requests) + row_number() OVER (ORDER BY a."key")),
        "key", text, model, finish_reason, input_tokens, output_tokens, cost_pusd, latency_ms, run_id,
        answered_ms
    FROM v1_answers a
    """,
    """
    INSERT INTO sqlite_sequence SELECT 'requests', 0
    WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'requests')
    """,
    """
    UPDATE sqlite_sequence SET seq = max(seq, (SELECT coalesce(max(request_no), 0) FROM answers))
    WHERE name = 'requests'
    """,
    """
    UPDATE requests SET answer_no = (SELECT a.request_no FROM answers a WHERE a."key" = requests."key")
    WHERE state = 'ANSWERED'
    """,
    """
    INSERT INTO attempts
    SELECT attempt_no, t.run_id,
        coalesce(
            (SELECT q.request_no FROM runs r JOIN requests q ON q.plan_id = r.plan_id AND q."key" = t."key"
             WHERE r.run_id = t.run_id),
            (SELECT a.request_no FROM answers a WHERE a."key" = t."key"),
            0),
        number, ended_ms, latency_ms, outcome, status_code, error_kind, error, NULL, input_tokens,
        output_tokens, cost_pusd
    FROM v1_attempts t
    """,
    """
    INSERT INTO accounts
    SELECT day, sum(spent), sum(reserved) FROM (
        SELECT date(ended_ms / 1000, 'unixepoch') AS day, cost_pusd AS spent, 0 AS reserved FROM attempts
        UNION ALL
        SELECT day, 0, worst_case_pusd FROM requests WHERE state = 'LEASED'
    ) GROUP BY day HAVING sum(spent) != 0 OR sum(reserved) != 0
    """,
)


def to_version_2(connection: Connection) -> None:
    """Build the changed tables anew and fill them from the old ones, which go."""
    for index in _OLD_INDEXES:
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {index}")
    for table in _CHANGED:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO v1_{table}")
    for statement in (*_TABLES.split(";"), *_ROWS):
        if statement.strip():
            connection.exec_driver_sql(statement)
    for table in _CHANGED:
        connection.exec_driver_sql(f"DROP TABLE v1_{table}")
    for plan_id, spec in connection.exec_driver_sql("SELECT plan_id, spec FROM plans").all():
        connection.exec_driver_sql(
            "UPDATE plans SET history_key = ? WHERE plan_id = ?", (_history_key(spec), plan_id)
        )


def _history_key(spec: str) -> bytes | None:
    """For estimates only: where a spec can't be read any more, they learn nothing from its plan."""
    try:
        return history_key(PlanSpec.from_json(spec))
    except (json.JSONDecodeError, KeyError, TypeError, ValueError):
        return None
