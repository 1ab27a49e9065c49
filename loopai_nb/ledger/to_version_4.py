"""From version 3 of the tables to version 4: approvals wait, and there are the audit chain and reviews.

What was decided before keeps its id and all that was known of it, and begins the chain. The tables are
written out here as version 4 had them, since ``schema`` moves on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from loopai_nb.ledger import chain
from loopai_nb.ledger.approvals import chain_facts
from loopai_nb.ledger.storable import original

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["to_version_4"]

_REBUILT = (
    "ALTER TABLE approvals RENAME TO v3_approvals",
    """
    CREATE TABLE approvals (
        approval_id TEXT NOT NULL, kind TEXT NOT NULL, plan_id TEXT, digest TEXT NOT NULL,
        title TEXT NOT NULL, context TEXT, state TEXT NOT NULL, asked_ms BIGINT NOT NULL,
        expires_ms BIGINT, asked_by TEXT NOT NULL, decided_by TEXT, means TEXT, decided_ms BIGINT,
        feedback TEXT NOT NULL, modifications TEXT, used_by TEXT, PRIMARY KEY (approval_id)
    )
    """,
    """
    INSERT INTO approvals
    SELECT approval_id, 'plan', plan_id, digest, '', NULL, state, decided_ms, NULL, decided_by, decided_by,
        means, decided_ms, feedback, NULL, used_by
    FROM v3_approvals
    """,
    "DROP TABLE v3_approvals",
)
"""On SQLite, where a column can't be made one that may be null."""

_ALTERED = (
    """
    ALTER TABLE approvals
        ADD COLUMN kind TEXT NOT NULL DEFAULT 'plan', ADD COLUMN title TEXT NOT NULL DEFAULT '',
        ADD COLUMN context TEXT, ADD COLUMN asked_ms BIGINT, ADD COLUMN expires_ms BIGINT,
        ADD COLUMN asked_by TEXT, ADD COLUMN modifications TEXT, ALTER COLUMN plan_id DROP NOT NULL,
        ALTER COLUMN decided_by DROP NOT NULL, ALTER COLUMN means DROP NOT NULL,
        ALTER COLUMN decided_ms DROP NOT NULL
    """,
    "UPDATE approvals SET asked_ms = decided_ms, asked_by = decided_by",
    """
    ALTER TABLE approvals
        ALTER COLUMN kind DROP DEFAULT, ALTER COLUMN title DROP DEFAULT,
        ALTER COLUMN asked_ms SET NOT NULL, ALTER COLUMN asked_by SET NOT NULL
    """,
)

_NEW = (
    "CREATE INDEX approvals_by_state ON approvals (state, asked_ms)",
    """
    CREATE TABLE chain (
        seq {given} NOT NULL, at_ms BIGINT NOT NULL, kind TEXT NOT NULL, approval_id TEXT NOT NULL,
        content TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (seq)
    )
    """,
    "CREATE INDEX chain_by_approval ON chain (approval_id, seq)",
    """
    CREATE TABLE reviews (
        review_no {counted}, request_no BIGINT NOT NULL, run_id TEXT NOT NULL, position INTEGER,
        state TEXT NOT NULL, text TEXT, note TEXT NOT NULL, reviewer TEXT NOT NULL, at_ms BIGINT NOT NULL,
        undone BOOLEAN NOT NULL{key}
    )
    """,
    "CREATE INDEX reviews_by_request ON reviews (request_no, review_no)",
    "CREATE INDEX reviews_by_run ON reviews (run_id, undone, review_no)",
    """
    CREATE TABLE review_assignments (
        assignment_no {number} NOT NULL, run_id TEXT NOT NULL, reviewer TEXT NOT NULL, first_position INTEGER,
        last_position INTEGER, filter TEXT, assigned_by TEXT NOT NULL, at_ms BIGINT NOT NULL,
        PRIMARY KEY (assignment_no)
    )
    """,
    "CREATE INDEX review_assignments_by_run ON review_assignments (run_id, reviewer)",
)

_SQLITE = {
    "given": "INTEGER",
    "number": "INTEGER",
    "counted": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT",
    "key": "",
}
_POSTGRES = {
    "given": "BIGINT",
    "number": "BIGSERIAL",
    "counted": "BIGSERIAL NOT NULL",
    "key": ", PRIMARY KEY (review_no)",
}
_COMMENTS = {
    "approvals": "What waits for a decision, and what was decided on one digest. "
    "used_by: what spent it, once.",
    "chain": "Every ask, decision and use of approvals, each row with the hash of the one before it.",
    "reviews": "What people said of answers: append only, the newest that is not undone counts.",
    "review_assignments": "Which rows of a run a reviewer is to look at: a range, both ends included, "
    "or a filter as JSON.",
}

_INSERT_LINK = text(
    "INSERT INTO chain (seq, at_ms, kind, approval_id, content, prev_hash, hash) "
    "VALUES (:seq, :at_ms, :kind, :approval_id, :content, :prev_hash, :hash)"
)
_INSERT_META = text("INSERT INTO meta (name, value) VALUES (:name, :value)")

_TEXTS = ("decided_by", "asked_by", "feedback")


def to_version_4(connection: Connection) -> None:
    """Change the table, add the others, and begin the chain with what was decided before."""
    on_sqlite = connection.dialect.name == "sqlite"
    for step in (*(_REBUILT if on_sqlite else _ALTERED), *_NEW):
        connection.exec_driver_sql(step.format(**(_SQLITE if on_sqlite else _POSTGRES)))
    if not on_sqlite:
        for table, comment in _COMMENTS.items():
            connection.exec_driver_sql(f"COMMENT ON TABLE {table} IS '{comment}'")
    _begin_chain(connection, on_sqlite=on_sqlite)


def _begin_chain(connection: Connection, *, on_sqlite: bool) -> None:
    found = connection.exec_driver_sql(
        "SELECT approval_id, kind, plan_id, digest, title, context, state, asked_ms, expires_ms, asked_by, "
        "decided_by, means, decided_ms, feedback, modifications, used_by "
        "FROM approvals ORDER BY decided_ms, approval_id"
    ).mappings()
    end = chain.Head(0, chain.GENESIS)
    links = []
    for stored in found.all():
        row: dict[str, Any] = dict(stored)
        if not on_sqlite:
            row |= {name: original(row[name]) for name in _TEXTS}
        link = chain.linked(
            end.hash, end.seq + 1, "imported", row["approval_id"], row["decided_ms"], chain_facts(row)
        )
        end = chain.Head(link["seq"], link["hash"])
        links.append(link)
    if links:
        connection.execute(_INSERT_LINK, links)
        connection.execute(_INSERT_META, {"name": chain.HEAD, "value": str(end)})
