"""An open ledger: its database, its writer, and whom this process carries runs out as."""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import socket
import time
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from loopai_nb.background import WAKE_UP_S
from loopai_nb.interrupts import raise_held
from loopai_nb.ledger import claims, connect, runs
from loopai_nb.ledger.owners import HEARTBEAT_EXPIRES_MS, Owner, is_gone
from loopai_nb.ledger.rollups import names_of
from loopai_nb.ledger.schema import owners as owners_table
from loopai_nb.ledger.search_index import fill_some
from loopai_nb.ledger.writer import Writer
from loopai_nb.records import RunState
from loopai_nb.redaction import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

    from sqlalchemy import Connection, Engine


__all__ = ["Opened"]

T = TypeVar("T")


class Opened:
    """What every part of a ledger stands on; see ``Ledger``."""

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
        self._path = None if isinstance(where, Secret) else where
        self._writer = Writer(self._engine, beside=fill_some)
        self._holders: dict[str, claims.Holder] = {}  # run → under whose name it is carried out here
        # Owners of runs that ended here, also where that could not be written.
        self._given_up: set[str] = set()

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

    def fill_search(self) -> bool:
        """Take some of what waits for it into the search index; whether there may be more."""
        return self._do(fill_some)

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

    def _hold(self, connection: Connection, plan_id: str, run_id: str, owner: Owner) -> None:
        names = names_of(connection, run_id)
        self._holders[run_id] = claims.Holder(plan_id, run_id, owner.owner_id, names, self._day_budget_pusd)

    def _owned(self, owner: Owner, operation: Callable[[Connection], T]) -> T:
        """Do what makes this process an owner; interrupted or failed, it is none."""
        future = self._writer.submit(operation)
        try:
            while not concurrent.futures.wait([future], timeout=WAKE_UP_S).done:
                raise_held()
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
