"""Interrupts (Ctrl-C, ■) where they would leave something half done."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = ["held_back"]


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
    came = False

    def note(_number: int, _frame: FrameType | None) -> None:
        nonlocal came
        if came:
            signal.signal(signal.SIGINT, before)
            signal.raise_signal(signal.SIGINT)
        came = True

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        signal.raise_signal(signal.SIGINT)
