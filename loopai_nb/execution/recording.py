"""How what came back is kept: in the journal at once, in the ledger a little later."""

from __future__ import annotations

import asyncio
import collections
import concurrent.futures
import contextlib
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from loopai_nb.ledger.journal import Ticket
    from loopai_nb.ledger.records import Settlement
    from loopai_nb.ledger.replaying import RunJournal
    from loopai_nb.ledger.store import Ledger

__all__ = ["Recorder"]

_SYNC_EVERY_S = 0.005
"""How long what is in the journal waits for company on its way to the disk."""

_COMPANY_S = 0.05
"""How long what is in the journal waits for company on its way into the ledger."""

_MOST_WAITING = 2_000
"""Settlements that only the journal has; beyond it, the next ones wait for the ledger."""


class Recorder:
    """Keeps settlements in the order in which they came, each step in groups.

    A settlement is safe once it is in the journal's file: no kill can lose it. A power cut can, until the
    disk has it some milliseconds later. Where there is no journal (on Postgres) what comes goes into the
    ledger itself, and is safe then.

    Args:
        ledger: Where to.
        run_id: Of which run.
        most_unsynced: Settlements that a power cut may cost; beyond it, the next ones wait for the disk.
        on_safe: Called with a group once no kill can lose it: its slots are free.
        on_recorded: Called with a group once the ledger has it, and with the warnings that became due.

    Attributes:
        error: Why nothing more is kept: a write failed, or this was cancelled. ``run`` raises it.
    """

    def __init__(
        self,
        ledger: Ledger,
        run_id: str,
        *,
        most_unsynced: int,
        on_safe: Callable[[Sequence[Settlement]], None],
        on_recorded: Callable[[Sequence[Settlement], Sequence[str]], None],
    ) -> None:
        self._ledger = ledger
        self._run_id = run_id
        self._most_unsynced = most_unsynced
        self._on_safe = on_safe
        self._on_recorded = on_recorded
        self._arrived: list[Settlement] = []
        self._journal: RunJournal | None = None
        self._journaled: collections.deque[tuple[Ticket, Sequence[Settlement]]] = collections.deque()
        self._waiting = self._unsynced = 0
        self.error: BaseException | None = None
        self._ending = self._all_taken = False
        self._news, self._written = asyncio.Event(), asyncio.Event()
        self._due, self._urgent = asyncio.Event(), asyncio.Event()

    @property
    def waiting(self) -> int:
        """Settlements that are safe and that the ledger does not have yet."""
        return self._waiting

    def add(self, settlements: Sequence[Settlement]) -> bool:
        """Take in what came back; whether it is safe already, else ``on_safe`` is called once it is."""
        if self._has_room and not self._arrived and self.error is None:
            # At once: by way of the step below it takes three turns of the loop until the slot is free.
            try:
                self._append(settlements)
            except Exception as error:  # noqa: BLE001  (whatever it is, an answer was paid: it is kept, and run raises it)
                self._fail(error)
            else:
                return True
        self._arrived += settlements
        self._news.set()
        return False

    def hurry(self) -> None:
        """Let what waits go into the ledger without company."""
        self._urgent.set()

    async def run(self) -> None:
        """Record what comes, until ``finish``.

        Raises:
            LedgerError: A write failed; ``finish`` tries once more.
        """
        with concurrent.futures.ThreadPoolExecutor(1, "loopai-nb-journal") as thread:
            steps = [
                asyncio.create_task(self._watched(step))
                for step in (self._keep_all(thread), self._sync_all(thread), self._record_all())
            ]
            # None of them is cancelled: what is on its way to the disk has to be known of.
            try:
                await asyncio.wait(steps)
            except asyncio.CancelledError as error:
                self._fail(error)
                await asyncio.wait(steps)
        if self.error is not None:
            raise self.error

    async def _watched(self, step: Coroutine[Any, Any, None]) -> None:
        try:
            await step
        except BaseException as error:  # noqa: BLE001  (run raises it)
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        """Let every step end."""
        self.error = self.error or error
        for event in (self._news, self._written, self._due, self._urgent):
            event.set()

    async def finish(self, running: asyncio.Task[None]) -> None:
        """Record all that was added, as far as that can be done, and end ``run``.

        What only the journal has then stays there, and is recorded by whoever opens the ledger next.
        """
        self._ending = True
        self._news.set()
        with contextlib.suppress(Exception):  # who made it looks at what it raised
            await running
        left = [settlement for _, group in self._journaled for settlement in group] + self._arrived
        with contextlib.suppress(LedgerError):
            if left:
                self._on_recorded(left, await self._ledger.arecord(self._run_id, left))
                self._waiting = 0
        if self._journal is not None:
            self._journal.close(remove=not self._waiting)

    async def _keep_all(self, thread: concurrent.futures.Executor) -> None:
        loop = asyncio.get_running_loop()
        self._journal = await loop.run_in_executor(thread, self._ledger.open_journal, self._run_id)
        while True:
            await self._news.wait()
            self._news.clear()
            if self.error is not None or (self._ending and not self._arrived):
                break
            if self._waiting > _MOST_WAITING:
                self.hurry()
                continue  # until some of it is recorded
            if self._unsynced >= self._most_unsynced:
                continue  # until the disk has it
            if batch := self._arrived:
                self._arrived = []
                await self._keep(batch)
            if self._arrived or self._ending:
                self._news.set()
        self._all_taken = True
        for event in (self._written, self._due, self._urgent):
            event.set()

    async def _keep(self, batch: list[Settlement]) -> None:
        warnings = None
        try:
            if self._journal is not None:
                self._append(batch)
            else:
                # Group commit: what arrives while one is under way goes into the next one together.
                warnings = await self._ledger.arecord(self._run_id, batch)
        except Exception:
            self._arrived = batch + self._arrived
            raise
        self._on_safe(batch)
        if warnings is not None:
            self._on_recorded(batch, warnings)

    @property
    def _has_room(self) -> bool:
        return (
            self._journal is not None
            and self._waiting <= _MOST_WAITING
            and self._unsynced < self._most_unsynced
        )

    def _append(self, batch: Sequence[Settlement]) -> None:
        # In this thread: the way to another one and back takes ten times as long as the write.
        assert self._journal is not None  # noqa: S101  (who calls it has seen it)
        self._journaled.append((self._journal.append(batch), batch))
        self._waiting += len(batch)
        self._unsynced += len(batch)
        self._written.set()
        self._due.set()

    async def _sync_all(self, thread: concurrent.futures.Executor) -> None:
        while self.error is None and not (self._all_taken and not self._unsynced):
            await self._written.wait()
            self._written.clear()
            if self._journal is not None and (n := self._unsynced):
                await asyncio.get_running_loop().run_in_executor(thread, self._journal.sync)
                self._unsynced -= n
                self._news.set()  # there may be room
                await asyncio.sleep(_SYNC_EVERY_S)
            if self._unsynced or self._all_taken:
                self._written.set()

    async def _record_all(self) -> None:
        while self.error is None and not (self._all_taken and not self._journaled):
            await self._due.wait()
            self._due.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_COMPANY_S):
                    await self._urgent.wait()
            self._urgent.clear()
            if self._journaled:
                await self._record(tuple(self._journaled))
            if self._journaled or self._all_taken:
                self._due.set()

    async def _record(self, groups: Sequence[tuple[Ticket, Sequence[Settlement]]]) -> None:
        assert self._journal is not None  # noqa: S101  (where the groups were written)
        batch = [settlement for _, group in groups for settlement in group]
        warnings = await self._ledger.arecord(self._run_id, batch)
        for _ in groups:
            self._journaled.popleft()
        self._journal.recorded(ticket for ticket, _ in groups)
        self._waiting -= len(batch)
        self._news.set()
        self._on_recorded(batch, warnings)
