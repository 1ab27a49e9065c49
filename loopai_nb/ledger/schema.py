"""The ledger's tables, on SQLAlchemy Core.

Times are integer milliseconds since 1970-01-01 UTC (``*_ms``), money is integer picodollars (``*_pusd``,
1e-12 USD: exact for every price per token), keys are 32-byte SHA-256 digests. A request's content is stored
once per plan and never changed; only its state moves. An answer is stored once, under the request that paid
for it, and never changed either: requests of other plans that it answers as well point to it.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    event,
    text,
)

from loopai_nb.ledger.storable import TEXT

__all__ = [
    "NO_CACHE_MS",
    "SCHEMA_VERSION",
    "accounts",
    "answers",
    "approvals",
    "attempts",
    "chain",
    "events",
    "meta",
    "metadata",
    "owners",
    "plans",
    "requests",
    "review_assignments",
    "reviews",
    "rollups",
    "rows",
    "runs",
    "search_queue",
    "watermarks",
]

SCHEMA_VERSION = 5
"""Raised with every change of the tables. An older ledger is brought up to it, a newer one is refused."""

metadata = MetaData()

NO_CACHE_MS = 2**62
"""As ``plans.cache_after_ms``: no answer is young enough."""

# SQLite counts a row's number only in a column of exactly this type.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")

meta = Table("meta", metadata, Column("name", TEXT, primary_key=True), Column("value", TEXT, nullable=False))

owners = Table(
    "owners",
    metadata,
    Column("owner_id", TEXT, primary_key=True),
    Column("run_id", TEXT, nullable=False),
    Column("host", TEXT, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("process_started", TEXT, nullable=False),
    Column("heartbeat_ms", BigInteger, nullable=False),
    comment="Processes that carry out a run; the leases of one that is gone are taken back.",
)

plans = Table(
    "plans",
    metadata,
    Column("plan_id", TEXT, primary_key=True),
    Column("digest", TEXT),
    Column("created_ms", BigInteger, nullable=False),
    Column("spec", TEXT, nullable=False),
    Column("frame_name", TEXT, nullable=False),
    Column("row_count", Integer),
    Column("cache_after_ms", BigInteger, nullable=False, server_default="0"),
    Column("history_key", LargeBinary(32)),
    Column("index_names", TEXT),
    Column("pull_no", BigInteger),
    # index_names: JSON. pull_no: of the pull whose rows it asks about, every one of them.
    comment="A plan whose digest is null was never finished and is dropped when the ledger is opened.",
)
Index("plans_by_history", plans.c.history_key, plans.c.created_ms)

rows = Table(
    "rows",
    metadata,
    Column("plan_id", TEXT, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("label", TEXT, nullable=False),
    Column("key", LargeBinary(32)),
    Column("error", TEXT),
    sqlite_with_rowid=False,
    comment="One per row of the frame; several rows may share a request. No key: the row can't be asked.",
)

requests = Table(
    "requests",
    metadata,
    Column("request_no", _NUMBER, primary_key=True),
    Column("plan_id", TEXT, nullable=False),
    Column("key", LargeBinary(32), nullable=False),
    Column("prompt", TEXT, nullable=False),
    Column("system", TEXT),
    Column("copy", Integer),
    Column("prompt_bytes", Integer, nullable=False),
    Column("estimated_tokens", Integer, nullable=False),
    Column("worst_case_pusd", BigInteger, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("cached", Boolean, nullable=False),
    Column("answer_no", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("mismatches", Integer, nullable=False, server_default="0"),
    Column("owner_id", TEXT),
    Column("run_id", TEXT),
    Column("day", TEXT),
    Column("not_before_ms", BigInteger, nullable=False),
    Column("error_kind", TEXT),
    Column("error", TEXT),
    Column("ended_ms", BigInteger),
    # ended_ms: when it came to stand where it stands; null while it waits or is leased for the first time.
    # run_id: which leased it last, or took its answer from the cache.
    UniqueConstraint("plan_id", "key"),
    sqlite_autoincrement=True,  # answers keep a number after its request was dropped
    comment="The distinct requests of a plan and where each stands (RequestState).",
)
Index("requests_by_state", requests.c.plan_id, requests.c.state, requests.c.request_no)
# As SQLAlchemy asks for it on each kind of database. For Postgres in words: to take ``postgresql_where`` it
# would import that dialect, 30 ms that a ledger in a file does not pay.
Index("requests_by_answer", requests.c.answer_no, sqlite_where=text("cached = 1")).ddl_if(dialect="sqlite")
event.listen(
    requests,
    "after_create",
    DDL("CREATE INDEX requests_by_answer ON %(fullname)s (answer_no) WHERE cached").execute_if(  # type: ignore[no-untyped-call]
        dialect="postgresql"
    ),
)

approvals = Table(
    "approvals",
    metadata,
    Column("approval_id", TEXT, primary_key=True),
    Column("kind", TEXT, nullable=False),
    Column("plan_id", TEXT),
    Column("digest", TEXT, nullable=False),
    Column("title", TEXT, nullable=False),
    Column("context", TEXT),
    Column("state", TEXT, nullable=False),
    Column("asked_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger),
    Column("asked_by", TEXT, nullable=False),
    Column("decided_by", TEXT),
    Column("means", TEXT),
    Column("decided_ms", BigInteger),
    Column("feedback", TEXT, nullable=False),
    Column("modifications", TEXT),
    Column("used_by", TEXT),
    # kind: plan, gate (a step of a user's own code, without a plan). context, modifications: JSON.
    # means: widget, person, code, policy, cli, link, notebook, resume.
    comment="What waits for a decision, and what was decided on one digest. used_by: what spent it, once.",
)
Index("approvals_by_state", approvals.c.state, approvals.c.asked_ms)

chain = Table(
    "chain",
    metadata,
    Column("seq", _NUMBER, primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("approval_id", TEXT, nullable=False),
    Column("content", TEXT, nullable=False),
    Column("prev_hash", TEXT, nullable=False),
    Column("hash", TEXT, nullable=False),
    comment="Every ask, decision and use of approvals, each row with the hash of the one before it.",
)
Index("chain_by_approval", chain.c.approval_id, chain.c.seq)

runs = Table(
    "runs",
    metadata,
    Column("run_id", TEXT, primary_key=True),
    Column("plan_id", TEXT, nullable=False),
    Column("approval_id", TEXT, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("reason", TEXT, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),
    Column("active_ms", BigInteger, nullable=False),
    Column("budget_pusd", BigInteger),
    Column("spent_pusd", BigInteger, nullable=False),
    Column("reserved_pusd", BigInteger, nullable=False),
    Column("cancel_requested", Boolean, nullable=False),
    comment="spent_pusd counts an unknown outcome at its worst case; reserved_pusd is what leases hold.",
)

accounts = Table(
    "accounts",
    metadata,
    Column("day", TEXT, primary_key=True),
    Column("spent_pusd", BigInteger, nullable=False),
    Column("reserved_pusd", BigInteger, nullable=False),
    comment="What all runs together spent and reserved on a day (UTC, as 2026-11-21).",
)

attempts = Table(
    "attempts",
    metadata,
    Column("attempt_no", _NUMBER, primary_key=True),
    Column("run_id", TEXT, nullable=False),
    Column("request_no", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("ended_ms", BigInteger, nullable=False),
    Column("latency_ms", Float),
    Column("outcome", TEXT, nullable=False),
    Column("counted_as", TEXT, nullable=False),
    Column("status_code", Integer),
    Column("error_kind", TEXT),
    Column("error", TEXT),
    Column("text", TEXT),
    Column("input_tokens", Integer),
    Column("output_tokens", Integer),
    Column("cost_pusd", BigInteger, nullable=False),
    # counted_as: answered, failed (its request ended so), retried, unknown: the outcome of rollups.
    comment="Every HTTP send, whatever came of it. text: a paid answer that did not fit the schema.",
)
Index("attempts_by_request", attempts.c.run_id, attempts.c.request_no)

answers = Table(
    "answers",
    metadata,
    Column("request_no", _NUMBER, primary_key=True, autoincrement=False),
    Column("key", LargeBinary(32), nullable=False),
    Column("text", TEXT),
    Column("model", TEXT, nullable=False),
    Column("finish_reason", TEXT, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("cost_pusd", BigInteger, nullable=False),
    Column("latency_ms", Float, nullable=False),
    Column("run_id", TEXT, nullable=False),
    Column("answered_ms", BigInteger, nullable=False),
    comment="Paid answers: the cache (by key), the checkpoint and the result at once. No text: blanked.",
)
Index("answers_by_key", answers.c.key, answers.c.answered_ms)

events = Table(
    "events",
    metadata,
    Column("event_no", _NUMBER, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("run_id", TEXT),
    Column("kind", TEXT, nullable=False),
    Column("scope", TEXT),
    Column("message", TEXT, nullable=False),
    UniqueConstraint("kind", "scope"),
    comment="What a person may want to hear of. With a scope: once in it, such as 80% of one budget.",
)
Index("events_by_time", events.c.at_ms)

watermarks = Table(
    "watermarks",
    metadata,
    Column("pull_no", _NUMBER, primary_key=True),
    Column("mark_key", LargeBinary(32), nullable=False),
    Column("place", TEXT, nullable=False),
    Column("source", TEXT, nullable=False),
    Column("condition", TEXT),
    Column("column_name", TEXT, nullable=False),
    Column("type", TEXT, nullable=False),
    Column("value", TEXT, nullable=False),
    Column("keys_at", TEXT),
    Column("pulled_ms", BigInteger, nullable=False),
    Column("moved_ms", BigInteger),
    Column("moved_by", TEXT),
    sqlite_autoincrement=True,  # a plan keeps a number after its pull was dropped
    comment="How far pulls of only what is new came. Not moved: waits for a run over its rows to complete.",
)
Index("watermarks_by_key", watermarks.c.mark_key, watermarks.c.pull_no)

reviews = Table(
    "reviews",
    metadata,
    Column("review_no", _NUMBER, primary_key=True),
    Column("request_no", BigInteger, nullable=False),
    Column("run_id", TEXT, nullable=False),
    Column("position", Integer),
    Column("state", TEXT, nullable=False),
    Column("text", TEXT),
    Column("note", TEXT, nullable=False),
    Column("reviewer", TEXT, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("undone", Boolean, nullable=False),
    sqlite_autoincrement=True,  # the newest counts, so that a number is never given again
    # state: ACCEPTED, EDITED (to text), REJECTED, SKIPPED. position: null for all rows of the request.
    comment="What people said of answers: append only, the newest that is not undone counts.",
)
Index("reviews_by_request", reviews.c.request_no, reviews.c.review_no)
Index("reviews_by_run", reviews.c.run_id, reviews.c.undone, reviews.c.review_no)

review_assignments = Table(
    "review_assignments",
    metadata,
    Column("assignment_no", _NUMBER, primary_key=True),
    Column("run_id", TEXT, nullable=False),
    Column("reviewer", TEXT, nullable=False),
    Column("first_position", Integer),
    Column("last_position", Integer),
    Column("filter", TEXT),
    Column("assigned_by", TEXT, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    comment="Which rows of a run a reviewer is to look at: a range, both ends included, or a filter as JSON.",
)
Index("review_assignments_by_run", review_assignments.c.run_id, review_assignments.c.reviewer)

rollups = Table(
    "rollups",
    metadata,
    Column("step", TEXT, primary_key=True),
    Column("at_ms", BigInteger, primary_key=True),
    Column("run_id", TEXT, primary_key=True),
    Column("server", TEXT, primary_key=True),
    Column("model", TEXT, primary_key=True),
    Column("template", TEXT, primary_key=True),
    Column("outcome", TEXT, primary_key=True),
    Column("error_kind", TEXT, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("requests", BigInteger, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("cost_pusd", BigInteger, nullable=False),
    Column("saved_pusd", BigInteger, nullable=False),
    Column("latencies", LargeBinary),
    # step: minute or day, of one run; hour or day, of all together, where run_id and template are "".
    # part: which of a few rows of the same things processes on Postgres add to, so that they don't wait for
    # each other. latencies: a Histogram.
    sqlite_with_rowid=False,
    comment="What attempts and answers from the cache came to, by time; made of nothing but their rows.",
)

search_queue = Table(
    "search_queue",
    metadata,
    Column("batch_no", _NUMBER, primary_key=True),
    Column("numbers", TEXT, nullable=False),
    # numbers: a JSON array of request_no.
    comment="Requests that have ended and whose words the search index does not have yet.",
)
