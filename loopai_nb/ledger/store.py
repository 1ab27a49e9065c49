"""The ledger: one object a process, safe to use from any thread and from the executor's loop."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import insert, select, update

from loopai_nb.errors import InputError
from loopai_nb.ledger import claims, connect, money, plans, runs, watermarks
from loopai_nb.ledger.ids import free_id
from loopai_nb.ledger.locks import hold_plan_of
from loopai_nb.ledger.owners import HEARTBEAT_EXPIRES_MS, Owner, is_gone, new_owner
from loopai_nb.ledger.schema import approvals as approvals_table
from loopai_nb.ledger.schema import owners as owners_table
from loopai_nb.ledger.schema import plans as plans_table
from loopai_nb.ledger.schema import runs as runs_table
from loopai_nb.ledger.sweeping import revive, sweep
from loopai_nb.ledger.writer import Writer
from loopai_nb.records import RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from loopai_nb.ledger.records import Claim, Lease, Settlement
    from loopai_nb.planning.plan import PlannedRow
    from loopai_nb.records import ApprovalState
    from loopai_nb.redaction import Secret

__all__ = ["Ledger"]

T = TypeVar("T")

_DROPPED_AT_ONCE = 2_000
"""Rows of a plan that one transaction deletes; between two, others have their turn."""

_LEFT_OVER_AFTER_MS = 24 * 3_600_000
"""A plan that is not finished after a day will never be; a younger one may be in the making elsewhere."""


class Ledger:
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
        self._clock = clock
        self._day_budget_pusd = day_budget_pusd
        self._engine, self.label = connect.open_engine(where)
        self._writer = Writer(self._engine)
        self._holders: dict[str, claims.Holder] = {}  # run → under whose name it is carried out here
        # Owners of runs that ended here, also where that could not be written.
        self._given_up: set[str] = set()
        self._drop_leftovers()

    @property
    def engine(self) -> Engine:
        """For reading; see ``queries``."""
        return self._engine

    @property
    def day_budget_pusd(self) -> int | None:
        """The most that all runs together may spend in a day, picodollars; None for no limit."""
        return self._day_budget_pusd

    def now_ms(self) -> int:
        """The clock in milliseconds."""
        return int(self._clock() * 1000)

    def close(self) -> None:
        """Finish what is queued and close; may be called twice."""
        self._writer.close()
        self._engine.dispose()

    # Plans

    def _drop_leftovers(self) -> None:
        """Forget what was left by processes that were killed while they made a plan."""
        old = plans_table.c.created_ms < self.now_ms() - _LEFT_OVER_AFTER_MS
        unfinished = select(plans_table.c.plan_id).where(old, plans_table.c.digest.is_(None))
        with self._engine.connect().execution_options(reading=True) as connection:
            found = connection.execute(unfinished).scalars().all()
        for plan_id in found:
            self.drop_plan(plan_id)

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

    # Approvals

    def record_approval(
        self,
        plan_id: str,
        digest: str,
        state: ApprovalState,
        *,
        decided_by: str,
        means: str,
        feedback: str = "",
    ) -> str:
        """Record a decision on a digest; returns the approval's id."""

        def operation(connection: Connection) -> str:
            approval_id = free_id(connection, "a-", approvals_table.c.approval_id)
            connection.execute(
                insert(approvals_table).values(
                    approval_id=approval_id,
                    plan_id=plan_id,
                    digest=digest,
                    state=state,
                    decided_by=decided_by,
                    means=means,
                    decided_ms=self.now_ms(),
                    feedback=feedback,
                )
            )
            return approval_id

        return self._do(operation)

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
            self._hold(plan_id, run_id, owner)
            return run_id

        return self._owned(owner, operation)

    def reopen_run(self, run_id: str, how: runs.Reopening) -> int:
        """See ``runs.reopen``; this process is its owner."""
        owner = new_owner()

        def operation(connection: Connection) -> int:
            lost = runs.reopen(
                connection, owner, run_id, how, self.now_ms(), lambda one: self.owner_gone(connection, one)
            )
            self._hold(_plan_of(connection, run_id), run_id, owner)
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
            self._hold(_plan_of(connection, run_id), run_id, owner)

        self._owned(owner, operation)

    def end_run(self, run_id: str, state: RunState, reason: str, active_ms: int) -> bool:
        """See ``runs.end``; gives up being its owner, also where the write fails."""
        holder = self._holders.pop(run_id, None)
        owner_id = "" if holder is None else holder.owner_id
        self._given_up.add(owner_id)
        return self._do(
            lambda connection: runs.end(
                connection,
                owner_id,
                run_id,
                state=state,
                reason=reason,
                active_ms=active_ms,
                now_ms=self.now_ms(),
                is_gone=lambda one: self.owner_gone(connection, one),
            )
        )

    def request_cancel(self, run_id: str) -> None:
        """See ``runs.cancel``; noticed within a second."""
        self._do(
            lambda connection: runs.cancel(
                connection, run_id, self.now_ms(), lambda one: self.owner_gone(connection, one)
            )
        )

    # The executor's path

    async def aclaim(self, run_id: str, n: int, *, fresh_only: bool = False) -> Claim:
        """See ``claims.claim``."""
        holder = self._holders[run_id]
        return await self._later(
            lambda connection: claims.claim(connection, holder, n, self.now_ms(), fresh_only=fresh_only)
        )

    async def arecord(self, run_id: str, settlements: Sequence[Settlement]) -> tuple[str, ...]:
        """See ``claims.record``."""
        holder = self._holders[run_id]
        return await self._later(
            lambda connection: claims.record(connection, holder, settlements, self.now_ms())
        )

    async def arelease(self, run_id: str, leases: Sequence[Lease]) -> None:
        """See ``claims.release``."""
        holder = self._holders[run_id]
        await self._later(lambda connection: claims.release(connection, holder, leases, self.now_ms()))

    async def asweep(self, run_id: str, *, resend: bool) -> int:
        """Take back what processes of this run held that died meanwhile; see ``sweeping.sweep``."""
        holder = self._holders[run_id]

        def operation(connection: Connection) -> int:
            return sweep(
                connection,
                holder.plan_id,
                self.now_ms(),
                is_gone=lambda one: self.owner_gone(connection, one),
                resend=resend,
            )

        return await self._later(operation)

    async def arevive(self, run_id: str) -> int:
        """See ``sweeping.revive``."""
        plan_id = self._holders[run_id].plan_id
        return await self._later(lambda connection: revive(connection, plan_id))

    async def aheartbeat(self, run_id: str) -> bool:
        """Say that this process lives; returns whether a cancel of the run was asked for."""
        owner_id = self._holders[run_id].owner_id

        def operation(connection: Connection) -> bool:
            hold_plan_of(connection, run_id)
            connection.execute(
                update(owners_table)
                .where(owners_table.c.owner_id == owner_id)
                .values(heartbeat_ms=self.now_ms())
            )
            return bool(
                connection.execute(
                    select(runs_table.c.cancel_requested).where(runs_table.c.run_id == run_id)
                ).scalar()
            )

        return await self._later(operation)

    async def apause(self, run_id: str, reason: str) -> None:
        """Say that the run is PAUSED and why, or with ``""`` that it goes on; what has ended stays so."""
        await self._later(lambda connection: runs.pause(connection, run_id, reason))

    async def aevent(self, run_id: str, kind: str, message: str, *, scope: str | None = None) -> bool:
        """Store an event of a run; whether it is new in its scope."""

        def operation(connection: Connection) -> bool:
            hold_plan_of(connection, run_id)
            return money.announce(connection, kind, message, run_id=run_id, scope=scope, now_ms=self.now_ms())

        return await self._later(operation)

    def owner_gone(self, connection: Connection, owner_id: str | None) -> bool:
        """Whether nobody carries on what was leased under this owner."""
        row = connection.execute(
            select(owners_table).where(owners_table.c.owner_id == owner_id)
        ).one_or_none()
        if row is None:
            return True
        if any(owner_id == holder.owner_id for holder in tuple(self._holders.values())):
            return False
        if owner_id in self._given_up:
            return True
        owner = Owner(row.owner_id, row.host, row.pid, row.process_started)
        if is_gone(owner, row.heartbeat_ms, self.now_ms()):
            return True
        # This very process, by another Ledger on the same file: only its heartbeat tells whether it goes on.
        here = (row.host, row.pid) == (socket.gethostname(), os.getpid())
        return here and self.now_ms() - row.heartbeat_ms > HEARTBEAT_EXPIRES_MS

    def nobody_left(self, connection: Connection, run_id: str) -> bool:
        """See ``runs.nobody_left``."""
        return runs.nobody_left(connection, run_id, lambda one: self.owner_gone(connection, one))

    def _hold(self, plan_id: str, run_id: str, owner: Owner) -> None:
        self._holders[run_id] = claims.Holder(plan_id, run_id, owner.owner_id, self._day_budget_pusd)

    def _owned(self, owner: Owner, operation: Callable[[Connection], T]) -> T:
        """Do what makes this process an owner; interrupted or failed, it is none."""
        future = self._writer.submit(operation)
        try:
            return future.result()
        except BaseException:
            self._given_up.add(owner.owner_id)
            if not future.cancel():  # under way, or done: whoever waited for it is gone
                future.add_done_callback(lambda _: self._disown(owner))
            raise

    def _disown(self, owner: Owner) -> None:
        """End what an owner holds whom nobody waited for; from the writer's thread, so without waiting."""
        held = [holder for holder in tuple(self._holders.values()) if holder.owner_id == owner.owner_id]
        for holder in held:
            self._holders.pop(holder.run_id, None)
            self._writer.submit(
                lambda connection, holder=holder: runs.end(  # type: ignore[misc]
                    connection,
                    holder.owner_id,
                    holder.run_id,
                    state=RunState.CANCELLED,
                    reason="interrupted before it began",
                    active_ms=0,
                    now_ms=self.now_ms(),
                    is_gone=lambda one: self.owner_gone(connection, one),
                )
            )

    def _do(self, operation: Callable[[Connection], T]) -> T:
        return self._writer.submit(operation).result()

    async def _later(self, operation: Callable[[Connection], T]) -> T:
        future: Future[T] = self._writer.submit(operation)
        return await asyncio.wrap_future(future)


def _plan_of(connection: Connection, run_id: str) -> str:
    plan_id: str = connection.execute(
        select(runs_table.c.plan_id).where(runs_table.c.run_id == run_id)
    ).scalar_one()
    return plan_id
