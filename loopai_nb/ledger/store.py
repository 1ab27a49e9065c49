"""The ledger: one object a process, safe to use from any thread and from the executor's loop."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from loopai_nb.errors import InputError
from loopai_nb.ledger import plans, runs, watermarks
from loopai_nb.ledger.journal import journal_files, owner_of
from loopai_nb.ledger.owners import new_owner
from loopai_nb.ledger.replaying import replay
from loopai_nb.ledger.reviewing import Reviewing
from loopai_nb.ledger.schema import plans as plans_table
from loopai_nb.ledger.schema import runs as runs_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from sqlalchemy import Connection

    from loopai_nb.planning.plan import PlannedRow
    from loopai_nb.records import RunState
    from loopai_nb.redaction import Secret

__all__ = ["Ledger"]

_DROPPED_AT_ONCE = 2_000
"""Rows of a plan that one transaction deletes; between two, others have their turn."""

_LEFT_OVER_AFTER_MS = 24 * 3_600_000
"""A plan that is not finished after a day will never be; a younger one may be in the making elsewhere."""


class Ledger(Reviewing):
    """The ledger in a SQLite file or in a schema of a Postgres database; made where it is missing.

    Writes go through one thread and are durable when the call returns. Methods named ``a...`` are for the
    executor's loop and do not block it.

    Args:
        where: A file's path (a private one, 0600, in a private folder), or a Postgres URL.
        clock: Seconds since the epoch.
        day_budget_pusd: The most that all runs of this ledger together may spend in a day (UTC),
            picodollars; None for no limit.

    Attributes:
        label: Where it is, without secrets.

    Raises:
        LedgerError: See ``connect.open_engine``; and from every method, where a write failed.
    """

    def __init__(
        self,
        where: Path | Secret,
        *,
        clock: Callable[[], float] = time.time,
        day_budget_pusd: int | None = None,
    ) -> None:
        super().__init__(where, clock=clock, day_budget_pusd=day_budget_pusd)
        self._drop_leftovers()
        self._replay_leftovers()

    # Plans

    def _drop_leftovers(self) -> None:
        """Forget what was left by processes that were killed while they made a plan."""
        old = plans_table.c.created_ms < self.now_ms() - _LEFT_OVER_AFTER_MS
        unfinished = select(plans_table.c.plan_id).where(old, plans_table.c.digest.is_(None))
        with self._engine.connect().execution_options(reading=True) as connection:
            found = connection.execute(unfinished).scalars().all()
        for plan_id in found:
            self.drop_plan(plan_id)

    def _replay_leftovers(self) -> None:
        """Record what processes that were killed had only in their journals, and remove these."""
        if self._path is None:
            return
        by_owner: dict[str, list[Path]] = {}
        for path in journal_files(self._path):
            by_owner.setdefault(owner_of(path), []).append(path)
        if not by_owner:
            return
        with self._engine.connect().execution_options(reading=True) as connection:
            gone = [owner_id for owner_id in by_owner if self.owner_gone(connection, owner_id)]
        for owner_id in gone:
            self._do(partial(replay, owner_id=owner_id, now_ms=self.now_ms()))
            for path in by_owner[owner_id]:
                path.unlink(missing_ok=True)

    def begin_plan(
        self, spec: str, frame_name: str, *, cache_after_ms: int = 0, history_key: bytes | None = None
    ) -> str:
        """Open a plan that rows are added to; it counts for nothing before ``finish_plan``.

        Args:
            spec: Its canonical JSON.
            frame_name: In messages.
            cache_after_ms: Answers from before (epoch milliseconds) are not used; ``NO_CACHE_MS`` uses none.
            history_key: The same for plans whose requests cost about the same.
        """
        return self._do(
            lambda connection: plans.begin(
                connection,
                spec,
                frame_name,
                cache_after_ms=cache_after_ms,
                history_key=history_key,
                now_ms=self.now_ms(),
            )
        )

    def add_rows(self, plan_id: str, planned: Sequence[PlannedRow]) -> None:
        """Add the next rows; of identical requests only the first is kept."""
        if planned:
            self._do(lambda connection: plans.add(connection, plan_id, planned))

    def queue_rows(self, plan_id: str, planned: Sequence[PlannedRow]) -> Future[None]:
        """Add the next rows without waiting for it; the future is done when they are durable."""
        return self._writer.submit(lambda connection: plans.add(connection, plan_id, planned))

    def finish_plan(
        self,
        plan_id: str,
        digest: str,
        row_count: int,
        *,
        index_names: str | None = None,
        pull_no: int | None = None,
    ) -> None:
        """Freeze the plan under its digest.

        Args:
            plan_id: Which.
            digest: See ``PlanDigest``.
            row_count: Rows that were added.
            index_names: Names of the levels of the frame's index as JSON.
            pull_no: See ``record_pull``; of the pull whose rows it asks about, where it asks about all.
        """
        self._do(
            lambda connection: plans.finish(
                connection, plan_id, digest, row_count, index_names=index_names, pull_no=pull_no
            )
        )

    def repeated_label(self, plan_id: str) -> str | None:
        """See ``plans.repeated_label``."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return plans.repeated_label(connection, plan_id)

    def drop_plan(self, plan_id: str) -> None:
        """Forget a plan that was never finished, in the background."""

        def operation(connection: Connection) -> bool:
            return plans.drop_some(connection, plan_id, _DROPPED_AT_ONCE)

        self._writer.submit(operation).add_done_callback(lambda done: self._drop_more(plan_id, done))

    def _drop_more(self, plan_id: str, done: Future[bool]) -> None:
        # What is left when the ledger is closed is dropped at a later opening.
        if not done.cancelled() and done.exception() is None and done.result():
            self.drop_plan(plan_id)

    def plan_sums(self, plan_id: str) -> dict[str, int]:
        """See ``plans.sums``."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return plans.sums(connection, plan_id)

    # Watermarks

    def record_pull(self, mark: watermarks.Mark) -> int:
        """Leave the mark of a pull, which waits to be moved; returns the pull's number."""
        return self._do(lambda connection: watermarks.record(connection, mark, self.now_ms()))

    def move_watermark(self, pull_no: int, moved_by: str) -> watermarks.Moved | None:
        """See ``watermarks.move``."""
        return self._do(lambda connection: watermarks.move(connection, pull_no, moved_by, self.now_ms()))

    def forget_watermark(self, mark_key: bytes) -> bool:
        """Forget how far pulls of one kind came; whether there was a mark."""
        return self._do(lambda connection: watermarks.forget(connection, mark_key) > 0)

    # Runs

    def begin_run(self, plan_id: str, digest: str, approval_id: str, budget_pusd: int | None) -> str:
        """See ``runs.begin``; this process is its owner."""
        owner = new_owner()

        def operation(connection: Connection) -> str:
            run_id = runs.begin(
                connection,
                owner,
                plan_id,
                digest=digest,
                approval_id=approval_id,
                budget_pusd=budget_pusd,
                now_ms=self.now_ms(),
            )
            self._hold(connection, plan_id, run_id, owner)
            return run_id

        return self._owned(owner, operation)

    def reopen_run(self, run_id: str, how: runs.Reopening) -> int:
        """See ``runs.reopen``; this process is its owner."""
        owner = new_owner()

        def operation(connection: Connection) -> int:
            lost = runs.reopen(
                connection, owner, run_id, how, self.now_ms(), lambda one: self.owner_gone(connection, one)
            )
            self._hold(connection, _plan_of(connection, run_id), run_id, owner)
            return lost

        return self._owned(owner, operation)

    def join_run(self, run_id: str) -> None:
        """See ``runs.join``; this process is one of its owners.

        Raises:
            InputError: Nobody carries it out, or this process does already.
        """
        owner = new_owner()

        def operation(connection: Connection) -> None:
            # In the writer's thread, so that of two threads that join at once only one does. A transaction
            # that is carried out again finds its own holder.
            holder = self._holders.get(run_id)
            if holder is not None and holder.owner_id != owner.owner_id:
                raise InputError(f"This process carries out run {run_id} already.")
            runs.join(connection, owner, run_id, self.now_ms(), lambda one: self.owner_gone(connection, one))
            self._hold(connection, _plan_of(connection, run_id), run_id, owner)

        self._owned(owner, operation)

    def end_run(self, run_id: str, state: RunState, reason: str, active_ms: int) -> bool:
        """See ``runs.end``; gives up being its owner, also where the write fails."""
        holder = self._holders.get(run_id)
        owner_id = "" if holder is None else holder.owner_id

        def give_up() -> None:
            self._holders.pop(run_id, None)
            self._given_up.add(owner_id)

        def operation(connection: Connection) -> bool:
            give_up()  # not before: a cancel that is written first would find that nobody carries it out
            return runs.end(
                connection,
                owner_id,
                run_id,
                state=state,
                reason=reason,
                active_ms=active_ms,
                now_ms=self.now_ms(),
                is_gone=lambda one: self.owner_gone(connection, one),
            )

        try:
            return self._do(operation)
        finally:
            give_up()

    def request_cancel(self, run_id: str) -> None:
        """See ``runs.cancel``; noticed within a second."""
        self._do(
            lambda connection: runs.cancel(
                connection, run_id, self.now_ms(), lambda one: self.owner_gone(connection, one)
            )
        )

    def request_pause(self, run_id: str, by: str) -> None:
        """See ``runs.pause``; noticed within a second."""
        self._do(
            lambda connection: runs.pause(
                connection, run_id, by, self.now_ms(), lambda one: self.owner_gone(connection, one)
            )
        )

    def request_go_on(self, run_id: str, by: str) -> None:
        """See ``runs.go_on``; noticed within a second."""
        self._do(
            lambda connection: runs.go_on(
                connection, run_id, by, self.now_ms(), lambda one: self.owner_gone(connection, one)
            )
        )


def _plan_of(connection: Connection, run_id: str) -> str:
    plan_id: str = connection.execute(
        select(runs_table.c.plan_id).where(runs_table.c.run_id == run_id)
    ).scalar_one()
    return plan_id
