"""What a push was refused, in the words of who pushed: what to change in the frame, the table or the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.errors import DatabaseError, QueryFailed
from loopai_nb.postgres.clues import add_grants
from loopai_nb.postgres.failures import diagnose, failure

if TYPE_CHECKING:
    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.failures import Diagnosis
    from loopai_nb.postgres.job import Job

__all__ = ["refused"]

_UNREADABLE = frozenset({"22P02", "22007", "22008", "22003"})
"""Text that is no value of the type, wrong and overflowing dates, numbers out of range."""

_NO_SUCH_CHARACTER = frozenset({"22021", "22P05"})
"""Of text, and escaped in JSON: all else that Python's text has, UTF-8 has, too."""

_EXISTS, _REFERENCED, _NO_CONSTRAINT, _READ_ONLY = "23505", "23503", "42P10", "25006"

_LOCKED, _CANCELED, _DISK_FULL, _DEADLOCK = "55P03", "57014", "53100", "40P01"

_NEEDED = {
    "append": ["INSERT", "SELECT"],
    "upsert": ["INSERT", "UPDATE", "SELECT"],
    "replace": ["INSERT", "UPDATE", "DELETE", "SELECT"],
}
"""Privileges of a push, by its mode."""

_NOTHING = "Nothing was pushed."

_HOLDERS = """
SELECT DISTINCT a.pid, a.usename::text AS name, a.application_name AS program, a.state
FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
WHERE l.relation = to_regclass(:table) AND l.granted AND l.mode <> 'AccessShareLock'
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND a.pid <> pg_backend_pid()
ORDER BY a.pid
LIMIT 3
"""


def refused(exc: BaseException, db: Database, job: Job) -> DatabaseError:
    """Return our error for what the driver raised in a push; the caller raises it ``from exc``.

    It says of each that nothing was pushed: the transaction was rolled back, or was none any more.
    """
    said = diagnose(exc)
    code = said.sqlstate or ""
    if code in (_LOCKED, _CANCELED) and (found := _waited(said, db, job)) is not None:
        return found
    message, hint = _told(said, db, job, _constrained(exc))
    if message is None:
        found = failure(exc, where=db.where, timeout_s=db.statement_timeout_s)
        add_grants(db, found, f"{job.table} {job.lineage_table}", _NEEDED[job.mode])
        found.hint = f"{(hint or found.hint).rstrip('.')}. {_NOTHING}".removeprefix(". ")
        return found
    kind = DatabaseError if code in (_DISK_FULL, _DEADLOCK) else QueryFailed
    return kind(message, f"{hint} {_NOTHING}".strip(), sqlstate=code)


def _constrained(exc: BaseException) -> str:
    """Name of the table whose constraint it was, unquoted; "" where the server did not say."""
    for name, value in getattr(exc, "details", None) or ():
        if (name.decode() if isinstance(name, bytes) else name) == "PG_DIAG_TABLE_NAME":
            return bytes(value).decode("utf-8", "replace")
    return ""


def _told(  # noqa: PLR0911  (one for each refusal)
    said: Diagnosis, db: Database, job: Job, constrained: str
) -> tuple[str | None, str]:
    """Message and hint; None for the message that any statement gets."""
    code = said.sqlstate or ""
    detail = f": {said.detail.rstrip('.')}" if said.detail else ""
    if code == _EXISTS:
        return (
            f"{job.shown} has such a row already{detail}.",
            "Replace rows by their key with --mode upsert --key ..., or leave those rows out.",
        )
    if code == _REFERENCED and job.mode == "replace" and constrained not in ("", job.name):
        return (
            f"Another table refers to rows of {job.shown} that would go: {said.message}{detail}.",
            "Change that table first, or name the key so that rows that stay are changed in place: --key id.",
        )
    if code == _NO_CONSTRAINT:
        return (
            f"{job.shown} has no unique constraint on ({', '.join(job.key)}), which an upsert needs.",
            f"Add it ({job.add_key}), or push with --mode append.",
        )
    if code == _READ_ONLY:
        return f"Postgres at {db.where} takes no writes: {said.message}.", "Connect to the primary server."
    if code == _DISK_FULL:
        return (
            f"The disk of Postgres at {db.where} is full: {said.message}.",
            "Free some space there, or push fewer rows at a time.",
        )
    if code == _DEADLOCK:
        return f"{job.shown}: {said.message}{detail}.", "Push again; the other transaction has gone on."
    if code == _CANCELED:
        allowed = f" ({db.statement_timeout_s:g} s)" if db.statement_timeout_s is not None else ""
        return None, f"Push fewer rows at a time, or allow a statement more time than now{allowed}."
    if code.startswith(("22", "23", "42804", "42846", "42883", "428C9")):
        texts = [f"{column.name} ({column.type})" for column in job.columns if column.cast]
        hint = f"Read from text: {', '.join(texts)}." if texts and code in _UNREADABLE else ""
        if code in _NO_SUCH_CHARACTER:
            hint = "Postgres keeps no NUL character: take it out, df[c] = df[c].str.replace('\\0', '')."
        return f"{job.shown} does not take these rows: {said.message}{detail}.", hint
    return None, ""


def _waited(said: Diagnosis, db: Database, job: Job) -> DatabaseError | None:
    """The error for a push that waited too long for another transaction; None where it seems not to have."""
    try:
        holders = db.execute(_HOLDERS, {"table": job.table})
    except DatabaseError:  # they were only for the hint
        holders = []
    if not holders and said.sqlstate == _CANCELED:
        return None
    if not holders:
        return DatabaseError(
            f"Another transaction held {job.shown} or some of its rows too long: {said.message}.",
            f"It has ended by now: push again. {_NOTHING}",
            sqlstate=said.sqlstate,
        )
    told = ((row["pid"], filter(None, (row["name"], row["program"], row["state"]))) for row in holders)
    named = "; ".join(f"process {pid} ({', '.join(words)})" for pid, words in told)
    return DatabaseError(
        f"{job.shown} is held by another transaction, {named}: {said.message}.",
        "Let it commit or roll back (a notebook or psql that was left open?) and push again, or end it: "
        f"SELECT pg_terminate_backend({holders[0]['pid']}). {_NOTHING}",
        sqlstate=said.sqlstate,
    )
