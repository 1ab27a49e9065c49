"""Whether a ledger is sound: its file, and what its tables say of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from loopai_nb.errors import LedgerError
from loopai_nb.ledger import auditing, rebuilding, search_index
from loopai_nb.ledger.dropping import DROPPED_BEFORE
from loopai_nb.ledger.histogram import DamagedFigures
from loopai_nb.ledger.schema import meta

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from loopai_nb.ledger.store import Ledger

__all__ = ["check", "check_at_start", "damaged", "left_open"]

CHEAP_BYTES = 4 * 2**20
"""A file up to here is looked through at every opening: some 20 ms (5 ms a megabyte)."""

CHEAP_AFTER_A_CRASH_BYTES = 64 * 2**20
"""And up to here, some 0.4 s, where the last end was not clean. Or somebody has it open: no one can tell."""

_MOST_LINES = 20

# Each counts what must not be. A plan without digest is being made or dropped; what a kill left of it is
# removed by a later opening or by the next prune.
_INVARIANTS = {
    "{n} runs have spent something else than their attempts cost": """
        SELECT count(*) AS n FROM runs r WHERE r.spent_pusd !=
            (SELECT coalesce(sum(t.cost_pusd), 0) FROM attempts t WHERE t.run_id = r.run_id)
    """,
    "{n} runs have reserved something else than their leases hold": """
        SELECT count(*) AS n FROM runs r WHERE r.reserved_pusd != (
            SELECT coalesce(sum(q.worst_case_pusd), 0) FROM requests q
            WHERE q.plan_id = r.plan_id AND q.state = 'LEASED' AND q.run_id = r.run_id)
    """,
    "{n} days have reserved something else than the leases of that day hold": """
        SELECT count(*) AS n FROM (
            SELECT day, sum(reserved) AS difference FROM (
                SELECT day, reserved_pusd AS reserved FROM accounts
                UNION ALL
                SELECT day, -worst_case_pusd FROM requests WHERE state = 'LEASED'
            ) both_sides GROUP BY day
        ) by_day WHERE difference != 0
    """,
    "{n} answered requests have no answer": """
        SELECT count(*) AS n FROM requests q JOIN plans p ON p.plan_id = q.plan_id
        WHERE p.digest IS NOT NULL AND q.state = 'ANSWERED'
            AND NOT EXISTS (SELECT 1 FROM answers a WHERE a.request_no = q.answer_no)
    """,
    "{n} answers are to another content than the request that they answer": """
        SELECT count(*) AS n FROM requests q JOIN answers a ON a.request_no = q.answer_no
        WHERE q.state = 'ANSWERED' AND a.key != q.key
    """,
    "{n} rows belong to no plan": """
        SELECT count(*) AS n FROM rows WHERE plan_id NOT IN (SELECT plan_id FROM plans)
    """,
    "{n} requests belong to no plan": """
        SELECT count(*) AS n FROM requests WHERE plan_id NOT IN (SELECT plan_id FROM plans)
    """,
    "{n} rows ask for a request that is not there": """
        SELECT count(*) AS n FROM rows w JOIN plans p ON p.plan_id = w.plan_id
        WHERE p.digest IS NOT NULL AND w.key IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM requests q WHERE q.plan_id = w.plan_id AND q.key = w.key)
    """,
    "{n} runs belong to no plan": """
        SELECT count(*) AS n FROM runs WHERE plan_id NOT IN (SELECT plan_id FROM plans)
    """,
    "{n} marks were left behind a later one of the same pull": """
        SELECT count(*) AS n FROM watermarks w WHERE EXISTS
            (SELECT 1 FROM watermarks m WHERE m.mark_key = w.mark_key AND m.pull_no > w.pull_no
                AND m.moved_ms IS NOT NULL)
    """,
    "{n} runs have no approval": """
        SELECT count(*) AS n FROM runs WHERE approval_id NOT IN (SELECT approval_id FROM approvals)
    """,
    "{n} reviews are of no run": """
        SELECT count(*) AS n FROM reviews WHERE run_id NOT IN (SELECT run_id FROM runs)
    """,
    "{n} review assignments are of no run": """
        SELECT count(*) AS n FROM review_assignments WHERE run_id NOT IN (SELECT run_id FROM runs)
    """,
}

_MONEY = """
    SELECT (SELECT coalesce(sum(spent_pusd), 0) FROM accounts) AS by_day,
        (SELECT coalesce(sum(cost_pusd), 0) FROM attempts) AS by_attempt,
        (SELECT count(*) FROM attempts WHERE run_id NOT IN (SELECT run_id FROM runs)) AS strangers
"""


def left_open(path: Path) -> bool:
    """Whether a ledger's file was not closed by the last that had it open, or somebody has it open now."""
    try:
        return path.with_name(path.name + "-wal").stat().st_size > 0
    except OSError:
        return False


def check_at_start(connection: Connection, path: Path, *, unclean: bool) -> None:
    """Look through a ledger's file where that is quick.

    Args:
        connection: To the file.
        path: Of it.
        unclean: See ``left_open``, from before it was opened.

    Raises:
        LedgerError: It is damaged.
    """
    if path.stat().st_size <= (CHEAP_AFTER_A_CRASH_BYTES if unclean else CHEAP_BYTES):
        found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
        if found != "ok":
            raise damaged(path, found)


def damaged(path: Path, said: str) -> LedgerError:
    """What to do with a file that SQLite can't read."""
    return LedgerError(
        f"The ledger {path} is damaged ({' '.join(said.split())}).",
        f"Keep a copy of it and of {path.name}-wal. Then put a backup in its place, or save what is left: "
        f"sqlite3 {path} .recover | sqlite3 saved.sqlite3, and set LOOPAI_LEDGER to that file.",
    )


def check(ledger: Ledger) -> list[str]:
    """Look through all of a ledger: a sentence for each thing that is wrong, none where it is sound.

    Takes about as long as reading the whole ledger; others can write meanwhile.
    """
    try:
        with ledger.engine.connect().execution_options(reading=True) as connection:
            return [
                *_of_file(connection),
                *_of_tables(connection),
                *_of_money(connection),
                *_of_rollups(connection),
                *_of_index(connection),
                *_of_chain(connection),
            ]
    except LedgerError as exc:
        return [exc.message]


def _of_file(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    found = connection.execute(text(f"PRAGMA integrity_check({_MOST_LINES})")).scalars()
    return [f"The file is damaged: {' '.join(line.split())}." for line in found if line != "ok"]


def _of_tables(connection: Connection) -> list[str]:
    counted: list[Any] = [
        (sentence, connection.execute(text(sql)).scalar_one()) for sentence, sql in _INVARIANTS.items()
    ]
    return [sentence.format(n=n) + "." for sentence, n in counted if n]


def _of_chain(connection: Connection) -> list[str]:
    lines = [f"The audit chain is broken. {broken.what}" for broken in auditing.broken(connection)]
    return lines[:_MOST_LINES]


def _of_rollups(connection: Connection) -> list[str]:
    try:
        if not rebuilding.differ(connection):
            return []
    except DamagedFigures as exc:
        return [exc.notebook_text]
    return ["The figures over time are not what the attempts say: loopai-nb ledger rebuild."]


def _of_index(connection: Connection) -> list[str]:
    strangers = search_index.strangers(connection)
    if not strangers:
        return []
    return [f"The search index has words of {strangers} requests that are gone: loopai-nb ledger rebuild."]


def _of_money(connection: Connection) -> list[str]:
    dropped = (
        connection.execute(select(meta.c.value).where(meta.c.name == DROPPED_BEFORE)).scalar() is not None
    )
    found = connection.execute(text(_MONEY)).one()
    lines = []
    if found.by_day < found.by_attempt or (found.by_day > found.by_attempt and not dropped):
        lines.append(
            f"All days together have spent {found.by_day} pUSD, and all attempts have cost "
            f"{found.by_attempt} pUSD."
        )
    if found.strangers and not dropped:
        lines.append(f"{found.strangers} attempts belong to no run.")
    return lines
