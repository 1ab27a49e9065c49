"""One thread that writes: operations queue up and share a durable transaction (group commit).

A commit with ``synchronous=FULL`` costs one fsync however many rows it holds, so that whatever arrives while
one commit is under way goes into the next one together.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from loopai_nb.errors import LedgerError, LoopaiNbError
from loopai_nb.ledger.transaction import FateUnknown, Kept, carry_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

__all__ = ["Writer"]

T = TypeVar("T")

MOST_PER_COMMIT = 64
"""Operations that share a commit at most; bounds how long the first of them waits."""

_IDLE_S, _BETWEEN_S = 1.0, 0.02
"""For so long nothing was to be written before something is done beside; and between two pieces of it."""

_log = logging.getLogger(__name__)


class Writer:
    """Runs operations on its own connection, in the order in which they were submitted.

    An operation is a function of a connection inside a transaction. Its future is done when the transaction
    is durable. Where one operation of a group fails, the group is rolled back and each is tried alone, so
    that a fault stays with the one that caused it.

    Args:
        engine: Whose connection.
        beside: An operation for when nothing has come for a second, which says whether it should come again.
            One that fails waits until something else was written.
    """

    def __init__(self, engine: Engine, *, beside: Callable[[Connection], bool] | None = None) -> None:
        self._kept = Kept(engine)
        self._beside = beside
        self._queue: queue.SimpleQueue[tuple[Callable[[Connection], Any], Future[Any]] | None] = (
            queue.SimpleQueue()
        )
        self._closed = False
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="loopai-nb-ledger", daemon=True)
        self._thread.start()

    def submit(self, operation: Callable[[Connection], T]) -> Future[T]:
        """Queue an operation.

        Returns:
            A future of its result, done once the write is durable; ``LedgerError`` where it failed.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                future.set_exception(LedgerError("The ledger is closed."))
            elif self._pid != os.getpid():  # a fork has no writer thread: it would wait for ever
                future.set_exception(
                    LedgerError(
                        "The ledger was opened before this process was forked.", "Open it in the child."
                    )
                )
            else:
                self._queue.put((operation, future))
        return future

    def close(self) -> None:
        """Finish what is queued and end the thread; may be called twice."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        open_ = True
        while open_:
            group = [self._next()]
            while len(group) < MOST_PER_COMMIT and group[-1] is not None:
                try:
                    group.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            if group[-1] is None:
                open_ = False
            # A waiter may have given up before its turn came; once it runs, its future can't be cancelled.
            items = [item for item in group if item is not None and item[1].set_running_or_notify_cancel()]
            if items and not self._commit(items) and len(items) > 1:
                for item in items:
                    self._commit([item])
        self._kept.close()

    def _next(self) -> tuple[Callable[[Connection], Any], Future[Any]] | None:
        """What comes next; until it comes, something is done beside."""
        wait_s, beside = _IDLE_S, self._beside
        while beside is not None:
            try:
                return self._queue.get(timeout=wait_s)
            except queue.Empty:
                wait_s = _BETWEEN_S
            try:
                (more,) = carry_out(self._kept, [beside])
            except Exception as exc:  # noqa: BLE001  (nobody waits for it, and the thread has to go on)
                _log.debug("What the ledger's writer does beside failed: %s", _wrapped(exc))
                more = False
            if not more:
                beside = None
        return self._queue.get()

    def _commit(self, items: list[tuple[Callable[[Connection], Any], Future[Any]]]) -> bool:
        """Carry out a group in one transaction; False where it was rolled back and each should go alone."""
        try:
            results = carry_out(self._kept, [operation for operation, _ in items])
        except FateUnknown as exc:  # none of them may be carried out again
            for _, future in items:
                future.set_exception(_wrapped(exc))
            return True
        except BaseException as exc:  # noqa: BLE001  (a thread's border: were it to end, every waiter would hang)
            if len(items) == 1:
                items[0][1].set_exception(_wrapped(exc))
            return False
        for (_, future), result in zip(items, results, strict=True):
            future.set_result(result)
        return True


def _wrapped(exc: BaseException) -> LoopaiNbError:
    source = exc.__cause__ if isinstance(exc, LedgerError) else getattr(exc, "orig", None) or exc
    if source is not None and hasattr(source, "pgcode"):
        # psycopg2's, which is not imported for a ledger in a file.
        from loopai_nb.ledger.connect_postgres import driver_failure

        return driver_failure(source)
    if isinstance(exc, LoopaiNbError):
        if exc.__cause__ is not None:
            exc.__cause__ = exc.__cause__.with_traceback(None)
        return exc.with_traceback(None)
    original: BaseException = getattr(exc, "orig", None) or exc
    error = LedgerError(
        f"The ledger could not be written ({original}).",
        "Nothing more is sent. Free the disk or check the file, then resume the run.",
    )
    # SQLAlchemy's own message quotes the parameters, which are prompts and answers, and so do the frames of
    # its traceback: only the driver's error stays, without them.
    error.__cause__ = original.with_traceback(None)
    return error
