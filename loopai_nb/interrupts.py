"""Interrupts (Ctrl-C, ■) where they would leave something half done."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = ["held_back", "note_begun", "raise_held", "stopping", "terminated_orderly"]


class _Stoppable(Protocol):
    @property
    def done(self) -> bool:
        """Whether there is nothing to stop."""

    def stop_for(self, interrupt: BaseException) -> None:
        """Stop for an interrupt, and note there how to go on."""


_ONE_END_S = 1.0
"""Whoever ends a program and all of its group sends it two signals."""

_begun: ContextVar[list[_Stoppable] | None] = ContextVar("begun", default=None)


class _Hold:
    def __init__(self, before: Any) -> None:
        self.before = before
        self.is_pending = False


_holds: list[_Hold] = []  # of the main thread, the innermost last


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Within it an interrupt waits for the block's end, and is raised there; a second one does not wait.

    For what is short and has to be done as a whole. Where it waits for something that can be left, that
    calls ``raise_held`` now and then. Other threads than the main one get no signals.

    Raises:
        KeyboardInterrupt: One came meanwhile; or whatever else the program's own handler does.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is None:  # None: set from C
        yield
        return
    hold = _Hold(before)

    def note(number: int, frame: FrameType | None) -> None:
        if hold.before is signal.SIG_IGN:
            return
        if hold.is_pending:
            hold.is_pending = False
            signal.signal(signal.SIGINT, hold.before)
            _deliver(hold.before, number, frame)
        else:
            hold.is_pending = True

    signal.signal(signal.SIGINT, note)
    _holds.append(hold)
    try:
        yield
    finally:
        _holds.remove(hold)
        signal.signal(signal.SIGINT, hold.before)
        if hold.is_pending:
            _deliver(hold.before, signal.SIGINT, None)


def raise_held() -> None:
    """Raise an interrupt that is held back, from a wait that can be left without harm.

    Raises:
        KeyboardInterrupt: One came meanwhile; or whatever else the program's own handler does.
    """
    if threading.current_thread() is threading.main_thread():
        for hold in reversed(_holds):
            if hold.is_pending:
                hold.is_pending = False
                _deliver(hold.before, signal.SIGINT, None)


def _deliver(handler: Any, number: int, frame: FrameType | None) -> None:
    # Not by another signal: a loop that listens to signals has heard of this one already.
    if callable(handler):
        handler(number, frame)
    else:
        signal.raise_signal(number)


@contextlib.contextmanager
def terminated_orderly() -> Iterator[list[float]]:
    """Within it SIGTERM does what Ctrl-C does: whoever ends a program is told what is kept, too.

    Yields:
        When such signals came (monotonic seconds); empty where none did. A program that handles SIGTERM
        itself goes on to, and gets none here.
    """
    came: list[float] = []

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        now_s = time.monotonic()
        if came and now_s - came[-1] < _ONE_END_S:
            return
        came.append(now_s)
        # A script's "&" has it ignored, by every program that it starts.
        for hold in _holds:
            if hold.before is signal.SIG_IGN:
                hold.before = signal.default_int_handler
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.raise_signal(signal.SIGINT)

    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield came
        return
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield came
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if before is signal.SIG_IGN:
            signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def stopping() -> Iterator[None]:
    """An interrupt that leaves this block stops what was begun in it, so that nothing goes on unwatched."""
    begun: list[_Stoppable] = []
    token = _begun.set(begun)
    try:
        yield
    except (KeyboardInterrupt, asyncio.CancelledError) as interrupt:
        for one in begun:
            if not one.done:
                one.stop_for(interrupt)
        raise
    finally:
        begun.clear()  # tasks and connections that were made meanwhile keep a copy of the context
        with contextlib.suppress(ValueError):  # ended in another context, as by the garbage collector
            _begun.reset(token)


def note_begun(one: _Stoppable) -> None:
    """Let the ``stopping`` around, if there is one, know of something that goes on."""
    begun = _begun.get()
    if begun is not None:
        begun.append(one)
