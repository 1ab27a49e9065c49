"""Waiting for the server so that an interrupt is noticed, and cancels the query there.

psycopg2 ignores SIGINT while a query runs and ADBC notices it in the main thread only, so both run in a
worker thread; the caller waits, and cancels from outside. A psycopg2 wait callback would do it in one thread,
but it is set for the whole process and would change other libraries' connections.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import threading
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Cancellation", "interruptible"]

T = TypeVar("T")

WAKE_UP_S = 0.2
"""How often the waiting thread wakes up: on Windows a signal is noticed only then."""

CANCEL_AGAIN_S = 0.05
"""Between two cancels: one that arrives between two statements stops neither."""

GIVE_UP_S = 0.9
"""After an interrupt, how long to wait for the worker: a server behind a dead network never answers."""


class _Cancelled(Exception):
    """The work was asked to stop before its next step; never seen outside: the waiter raises its own."""


class Cancellation:
    """What links the waiting thread to the statement that runs in the worker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancel: Callable[[], Callable[[], None] | None] | None = None
        self._abandon: Callable[[], None] | None = None
        self._requested = threading.Event()

    @property
    def requested(self) -> bool:
        """Whether the work has been asked to stop."""
        return self._requested.is_set()

    def check(self) -> None:
        """Stop here if asked to; call it between steps."""
        if self.requested:
            raise _Cancelled

    @contextlib.contextmanager
    def target(
        self, cancel: Callable[[], Callable[[], None] | None], *, abandon: Callable[[], None] | None = None
    ) -> Iterator[None]:
        """Name the way to cancel while the block runs; it is never called after the block has ended.

        The lock matters: cancelling on a native handle that another thread is just closing is a crash.

        Args:
            cancel: Asks the server; or makes ready to, and returns what does it without the handle.
            abandon: Cuts the connection to a server that does not answer, so that its thread ends, too.
        """
        with self._lock:
            self.check()
            self._cancel, self._abandon = cancel, abandon
        try:
            yield
        finally:
            with self._lock:
                self._cancel = self._abandon = None

    def request(self) -> None:
        """Ask the work to stop, now if a statement runs, else before the next one."""
        self._requested.set()
        # A failed cancel changes nothing: the waiting thread gives up after its time.
        with contextlib.suppress(Exception):
            with self._lock:
                rest = self._cancel() if self._cancel is not None else None
            if rest is not None:
                rest()

    def abandon(self) -> None:
        """Cut the connection of a statement that nobody waits for any more."""
        if self._lock.acquire(timeout=CANCEL_AGAIN_S):  # a cancel of the other driver may hang in it
            try:
                if self._abandon is not None:
                    self._abandon()
            finally:
                self._lock.release()


def interruptible(work: Callable[[Cancellation], T]) -> T:
    """Run blocking work in a thread and wait for it; an interrupt cancels it on the server.

    Args:
        work: Gets a :class:`Cancellation` and names its running connection there. It cleans up after itself.

    Raises:
        KeyboardInterrupt: Interrupted; the work has ended, or was left behind after 0.9 s without an answer.
        Exception: Whatever the work raised.
    """
    cancellation = Cancellation()
    future: concurrent.futures.Future[T] = concurrent.futures.Future()
    # A daemon: a connection that hangs for ever must not keep the interpreter from ending.
    worker = threading.Thread(
        target=_run, args=(work, cancellation, future), name="loopai-nb-query", daemon=True
    )
    try:
        worker.start()  # waits for the thread to run, and the interrupt may come then: a push would go on
        while True:
            done, _ = concurrent.futures.wait([future], timeout=WAKE_UP_S)
            if done:
                return future.result()
    except BaseException:
        if not future.done():
            _stop(cancellation, future)
        raise


def _run(
    work: Callable[[Cancellation], T], cancellation: Cancellation, future: concurrent.futures.Future[T]
) -> None:
    try:
        result = work(cancellation)
    except BaseException as exc:  # noqa: BLE001  (a thread's border: the waiting thread raises it)
        future.set_exception(exc)
    else:
        future.set_result(result)


def _stop(cancellation: Cancellation, future: concurrent.futures.Future[T]) -> None:
    # In a thread of its own: a cancel opens a connection, and that may hang as well.
    threading.Thread(
        target=_cancel_until_done, args=(cancellation, future), name="loopai-nb-cancel", daemon=True
    ).start()
    concurrent.futures.wait([future], timeout=GIVE_UP_S)
    if not future.done():
        cancellation.abandon()


def _cancel_until_done(cancellation: Cancellation, future: concurrent.futures.Future[T]) -> None:
    deadline_s = time.monotonic() + GIVE_UP_S
    while not future.done() and time.monotonic() < deadline_s:
        cancellation.request()
        concurrent.futures.wait([future], timeout=CANCEL_AGAIN_S)
