"""One writer and one checkpointer at a time on a ledger's file, over all processes that have it open.

SQLite serializes writers by itself, but from 3.7.0 to 3.51.2 a checkpoint that runs while another connection
writes can lose what that one committed ("WAL-reset bug", https://sqlite.org/wal.html#walresetbug). Python
comes with many of those versions. So each write transaction with its commit, each checkpoint and each close
(the last close of a file checkpoints it) happens under one lock of ours on a file beside the ledger's.
Readers never wait for it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import sys
import time
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import LedgerError

if sys.platform != "win32":
    import errno
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["BUSY_TIMEOUT_S", "FileLock", "LockedConnection"]

BUSY_TIMEOUT_S = 30.0
"""How long a writer waits for another one."""

_CLOSE_TIMEOUT_S = 2.0
"""How long a close waits. Whoever holds the lock has the file open, so that this close is not the last."""

_SHORTEST_WAIT_S = 0.000_1
_LONGEST_WAIT_S = 0.002
"""Between two tries: short enough to meet the moment between two commits of a process that never rests."""

CHECKPOINT_PAGES = 2_000
"""Pages (4 KiB) in the log after which a commit writes them into the main file."""

LONGEST_LOG_BYTES = 64 * 2**20
"""A log that grew beyond is cut: readers that come one after the other never let it begin anew."""

_ALARMING_LOG_BYTES = 2**30
_READERS_LEAVE_WITHIN_MS = 50
_PATIENCE = 64
"""Commits between two tries to cut the log, since each may wait for the readers."""

_log = logging.getLogger(__name__)


class FileLock:
    """An ``flock`` on ``NAME-lock`` beside a ledger's file; a process that is killed gives it back.

    The lock's file is opened for each use: a descriptor that is kept would be shared with a forked process,
    which could hold on to the lock after this one was killed. It is never removed: two processes would
    lock two files. Where there is no ``flock`` (Windows, some network file systems), SQLite's own locks have
    to do, and a warning says so once.

    Args:
        ledger: Path of the ledger's file.
        wait_s: How long ``take`` waits.
    """

    def __init__(self, ledger: Path, wait_s: float = BUSY_TIMEOUT_S) -> None:
        self.path = ledger.with_name(ledger.name + "-lock")
        self._ledger = ledger
        self._wait_s = wait_s
        self._warned = False

    def take(self, wait_s: float | None = None) -> int | None:
        """Wait for the lock; what to give to ``free``.

        Args:
            wait_s: How long, in seconds; by default as the lock was made.

        Raises:
            LedgerError: Somebody else had it all the time, or the lock's file can't be opened.
        """
        if sys.platform == "win32":
            return None
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as exc:
            raise LedgerError(
                f"The file {self.path} can't be opened: {exc.strerror}.",
                "Remove it while no process uses the ledger, or set LOOPAI_LEDGER to a file of your own.",
            ) from exc
        try:
            return self._wait(descriptor, self._wait_s if wait_s is None else wait_s)
        except BaseException:
            os.close(descriptor)
            raise

    def free(self, held: int | None) -> None:
        """Give the lock back."""
        if held is not None:
            with contextlib.suppress(OSError):
                # A process that was forked meanwhile shares the descriptor: a close alone would not do.
                fcntl.flock(held, fcntl.LOCK_UN)
            os.close(held)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """The lock around a block; see ``take``."""
        held = self.take()
        try:
            yield
        finally:
            self.free(held)

    def _wait(self, descriptor: int, wait_s: float) -> int | None:
        deadline_s = time.monotonic() + wait_s
        pause_s = _SHORTEST_WAIT_S
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline_s:
                    raise LedgerError(
                        f"Another process has been writing to the ledger {self._ledger} for {wait_s:g} s.",
                        "Nothing more is sent. Let it end, or end it where it hangs, then resume the run.",
                    ) from None
                time.sleep(pause_s)
                pause_s = min(pause_s * 1.5, _LONGEST_WAIT_S)
            except OSError as exc:
                if exc.errno not in {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}:
                    raise
                self._go_without(exc)
                os.close(descriptor)
                return None
            else:
                return descriptor

    def _go_without(self, exc: OSError) -> None:
        if not self._warned:
            self._warned = True
            _log.warning(
                "The file system of %s has no file locks (%s). Use the ledger from one process at a time, or "
                "set LOOPAI_LEDGER to a file on a local disk or to a Postgres database.",
                self._ledger,
                exc.strerror,
            )


class LockedConnection(sqlite3.Connection):
    """A connection that holds the lock from the beginning of a write transaction to its end, and for a close.

    A commit may checkpoint (``wal_autocheckpoint``), always on the connection that committed: under the lock
    as well. Only SQLite knows how many pages of the log are in use, since its file does not shrink.

    Args:
        *args: Of ``sqlite3.connect``.
        lock: Of the ledger's file.
        **kwargs: Of ``sqlite3.connect``.
    """

    def __init__(self, *args: Any, lock: FileLock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lock = lock
        self._has_lock = False
        self._held: int | None = None
        self._read_only = False
        self._log_path = lock.path.with_name(lock.path.name.removesuffix("-lock") + "-wal")
        self._patience = 0

    def configure(self) -> None:
        """Write ahead and wait for the disk: a committed answer survives a power cut."""
        self.isolation_level = None  # transactions are begun by begin_reading and begin_writing
        if self._patiently("PRAGMA journal_mode") != "wal":
            with self.writing():
                self._patiently("PRAGMA journal_mode = WAL")
        self.execute("PRAGMA synchronous = FULL")
        self.execute("PRAGMA temp_store = MEMORY")
        self.execute("PRAGMA cache_size = -24000")
        self.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

    def begin_reading(self) -> None:
        """Begin a transaction that can't write."""
        self._only_read(wanted=True)
        self.execute("BEGIN")

    def begin_writing(self) -> None:
        """Take the lock and begin a write transaction.

        Raises:
            LedgerError: See ``FileLock.take``.
        """
        self._only_read(wanted=False)
        self._take()
        try:
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._free()
            raise

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """The lock around what is no transaction, or around more than one; see ``FileLock.take``."""
        self._only_read(wanted=False)
        self._take()
        try:
            yield
        finally:
            self._free()

    def checkpoint(self) -> bool:
        """Write the whole log into the main file and empty it; False where a reader still needs it."""
        with self.writing():
            return self._empty_log(_READERS_LEAVE_WITHIN_MS * 20)

    def commit(self) -> None:
        """Commit, cut a log that grew too long, and give back the lock."""
        try:
            super().commit()
            if self._has_lock:
                with contextlib.suppress(sqlite3.Error):  # what is committed is durable, however long the log
                    self._cut_log()
        finally:
            self._ended()

    def rollback(self) -> None:
        """Undo, and give back the lock."""
        try:
            super().rollback()
        finally:
            self._ended()

    def close(self) -> None:
        """Close under the lock. Held for long by somebody else, it is not the last one that closes."""
        if not self._has_lock:
            with contextlib.suppress(LedgerError):
                self._held = self._lock.take(_CLOSE_TIMEOUT_S)
                self._has_lock = True
        try:
            super().close()
        finally:
            self._free()

    def _patiently(self, statement: str) -> Any:
        """The one value of a statement for which SQLite itself does not wait in every case.

        What a process that was killed left of its last change is taken back by the next one that looks, with
        the file to itself; whoever looks at the same moment is refused.
        """
        deadline_s = time.monotonic() + BUSY_TIMEOUT_S
        while True:
            try:
                return self.execute(statement).fetchone()[0]
            except sqlite3.OperationalError as exc:
                primary = exc.sqlite_errorcode & 0xFF
                if primary != sqlite3.SQLITE_BUSY or time.monotonic() > deadline_s:
                    raise
                time.sleep(_LONGEST_WAIT_S)

    def _take(self) -> None:
        if not self._has_lock:
            self._held = self._lock.take()
            self._has_lock = True

    def _free(self) -> None:
        held, self._held, self._has_lock = self._held, None, False
        self._lock.free(held)

    def _ended(self) -> None:
        if self._has_lock and not self.in_transaction:
            self._free()

    def _only_read(self, *, wanted: bool) -> None:
        if wanted is not self._read_only:
            self.execute(f"PRAGMA query_only = {wanted:d}")
            self._read_only = wanted

    def _cut_log(self) -> None:
        try:
            size = self._log_path.stat().st_size
        except OSError:  # somebody moved the ledger, or its file system has no room for a log
            return
        if size <= LONGEST_LOG_BYTES:
            return
        if self._patience:
            self._patience -= 1
        elif not self._empty_log(_READERS_LEAVE_WITHIN_MS):
            self._patience = _PATIENCE
            if size > _ALARMING_LOG_BYTES:
                _log.warning(
                    "%s has grown to %.1f GB, since somebody has been reading the ledger all the time.",
                    self._log_path,
                    size / 1e9,
                )

    def _empty_log(self, wait_ms: int) -> bool:
        self.execute(f"PRAGMA busy_timeout = {wait_ms}")
        try:
            busy, _, _ = self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_S * 1000)}")
        return not busy
