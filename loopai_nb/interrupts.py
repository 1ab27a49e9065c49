"""Interrupts (Ctrl-C, ■) where they would leave something half done."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = ["held_back", "note_begun", "stopping"]


class _Stoppable(Protocol):
    @property
    def done(self) -> bool:
        """Whether there is nothing to stop."""

    def stop_for(self, interrupt: BaseException) -> None:
        """Stop for an interrupt, and note there how to go on."""


_begun: ContextVar[list[_Stoppable] | None] = ContextVar("begun", default=None)


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Within it an interrupt waits for the block's end, and is raised there; a second one does not wait.

    For what is short and has to be done as a whole. Other threads than the main one get no signals.

    Raises:
        KeyboardInterrupt: One came meanwhile; or whatever else the program's own handler does.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is None:  # None: set from C
        yield
        return
    came = 0

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal came
        came += 1
        if came > 1:
            signal.signal(signal.SIGINT, before)
            _deliver(before, number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came == 1:
            _deliver(before, signal.SIGINT, None)


def _deliver(handler: Any, number: int, frame: FrameType | None) -> None:
    # Not by another signal: a loop that listens to signals has heard of this one already.
    if callable(handler):
        handler(number, frame)
    else:
        signal.raise_signal(number)


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
        _begun.reset(token)


def note_begun(one: _Stoppable) -> None:
    """Let the ``stopping`` around, if there is one, know of something that goes on."""
    begun = _begun.get()
    if begun is not None:
        begun.append(one)
