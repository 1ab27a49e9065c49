"""What happens at the terminal while a run is decided on and carried out."""

from __future__ import annotations

import contextlib
import shutil
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from loopai_nb.approval.terminal import WAITS_FOR_LINES, typed
from loopai_nb.notebook.deciding import decide_by
from loopai_nb.notebook.progress import Spot, follow
from loopai_nb.notebook.run_lines import ProgressLine
from loopai_nb.notebook.shown import Shown, plain, width

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from loopai_nb.approval.gate import Decision
    from loopai_nb.approval.pending import Pending
    from loopai_nb.execution.run import Run
    from loopai_nb.planning.plan import Plan

__all__ = ["LogSpot", "read_decision", "reader", "watch"]

BETWEEN_LINES_S = 5.0
"""Of a log's progress; a run that is shorter says only how it ended."""


def read_decision(plan: Plan, user: str, pending: Pending) -> Decision:
    """Ask about a plan that was shown: y, or n with a reason.

    Args:
        plan: What would be sent.
        user: Name of the person, for the ledger.
        pending: The question; a decision that is given elsewhere ends this one.

    Returns:
        APPROVED or REJECTED by the person; PENDING where nobody is there to read and answer, or somebody has
        decided elsewhere.
    """
    return decide_by(reader(pending), plan, user)


def reader(pending: Pending | None = None) -> Callable[[str], str | None]:
    """What asks the person at the terminal; it returns None where nobody is there or answers.

    What was typed so far is no answer to what is asked now.

    Args:
        pending: A question that may be decided elsewhere meanwhile, which is None as well.
    """
    # Both: somebody who can't see what is asked can't answer it.
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stderr)):
        return lambda _: None
    _forget_typed()
    return _read if pending is None or not WAITS_FOR_LINES else partial(typed, pending=pending)


def watch(run: Run) -> bool:
    """Wait for a run, with its progress on stderr: a line that moves, or in a log one now and then.

    Returns:
        Whether it was interrupted.

    Raises:
        RunInterrupted: Rows failed, and the run was to raise.
        LedgerError: A write failed; nothing more was sent after it.
    """
    return follow(run, _TerminalSpot() if _is_terminal(sys.stderr) else LogSpot(sys.stderr, time.monotonic))


class LogSpot(Spot):
    """The progress as a line every few seconds, for a file or a pipe, in which a bar would be rubbish.

    Args:
        log: Where to; None where the shell closed it.
        clock: Seconds, for the time between two lines.
    """

    def __init__(self, log: TextIO | None, clock: Callable[[], float]) -> None:
        super().__init__(live=False)
        self._log = log
        self._clock = clock
        self._next_s = clock() + BETWEEN_LINES_S

    @property
    def moves(self) -> bool:
        """Whether progress would be seen."""
        return self._log is not None

    def progress(self, line: Shown) -> None:
        """Write a line where the last one is old enough."""
        now_s = self._clock()
        if now_s >= self._next_s:
            self._next_s = now_s + BETWEEN_LINES_S
            self.warn(line.facts if isinstance(line, ProgressLine) else line.text())

    def warn(self, text: str) -> None:
        """Say it on a line of its own."""
        if self._log is not None:
            self._log.write(plain(text) + "\n")
            self._log.flush()


class _TerminalSpot(Spot):
    """The progress as one line of stderr, cut to the terminal's width: a longer one would scroll."""

    def __init__(self) -> None:
        super().__init__(live=False, terminal=sys.stderr)

    def progress(self, line: Shown) -> None:
        """Write over the line before."""
        super().progress(_Cut(line, shutil.get_terminal_size().columns - 1))


class _Cut(Shown):
    """A line of at most so many cells."""

    def __init__(self, line: Shown, most: int) -> None:
        text = line.text().replace("\n", " ")
        while width(text) > most:
            text = text[:-1]
        self._text = text

    def text(self) -> str:
        """The line."""
        return self._text


def _read(question: str) -> str | None:
    # Not input(): it writes the question to stdout, where the result goes.
    sys.stderr.write(question)
    sys.stderr.flush()
    said = sys.stdin.readline()
    if said:
        return said
    sys.stderr.write("\n")
    return None


def _is_terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())


def _forget_typed() -> None:
    """What was typed before the plan could be read is no answer to it."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import termios

        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
