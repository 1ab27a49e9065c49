"""The part of a ledger that the executor uses, from its loop and without blocking it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from loopai_nb.ledger import claims, money, pausing
from loopai_nb.ledger.locks import hold_plan_of
from loopai_nb.ledger.opened import Opened
from loopai_nb.ledger.replaying import RunJournal
from loopai_nb.ledger.schema import owners as owners_table
from loopai_nb.ledger.sweeping import revive, sweep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from loopai_nb.ledger.records import Claim, Lease, Settlement, Wishes

__all__ = ["Executing"]


class Executing(Opened):
    """The executor's way through the ledger."""

    def open_journal(self, run_id: str) -> RunJournal | None:
        """A journal for what this process sends of a run; None on Postgres, where a commit is cheap.

        Raises:
            LedgerError: Its files can't be made.
        """
        return None if self._path is None else RunJournal(self._path, self._holders[run_id])

    async def aclaim(self, run_id: str, n: int, *, fresh_only: bool = False) -> Claim:
        """See ``claims.claim``; what only the dead hold of a day's budget counts as given back by nobody."""
        holder = self._holders[run_id]

        def operation(connection: Connection) -> Claim:
            claim = claims.claim(connection, holder, n, self.now_ms(), fresh_only=fresh_only)
            # Leases of this plan, ours or of a helper that died, are settled or swept before.
            if claim.over_day and claim.reserved_pusd and not claim.leases and not claim.leased:
                others = select(owners_table.c.owner_id).where(owners_table.c.owner_id != holder.owner_id)
                if all(self.owner_gone(connection, one) for one in connection.execute(others).scalars()):
                    return replace(claim, reserved_pusd=0)
            return claim

        return await self._later(operation)

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

    async def aheartbeat(self, run_id: str) -> Wishes:
        """Say that this process lives; returns what is asked of it."""
        owner_id = self._holders[run_id].owner_id

        def operation(connection: Connection) -> Wishes:
            hold_plan_of(connection, run_id)
            connection.execute(
                update(owners_table)
                .where(owners_table.c.owner_id == owner_id)
                .values(heartbeat_ms=self.now_ms())
            )
            return pausing.wishes(connection, run_id)

        return await self._later(operation)

    async def atell_held(self, run_id: str, reason: str) -> None:
        """See ``pausing.tell_held``."""
        await self._later(lambda connection: pausing.tell_held(connection, run_id, reason))

    async def aevent(self, run_id: str, kind: str, message: str, *, scope: str | None = None) -> bool:
        """Store an event of a run; whether it is new in its scope."""

        def operation(connection: Connection) -> bool:
            hold_plan_of(connection, run_id)
            return money.announce(connection, kind, message, run_id=run_id, scope=scope, now_ms=self.now_ms())

        return await self._later(operation)
