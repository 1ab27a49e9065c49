"""What happens at the terminal while a run is decided on and carried out."""

from __future__ import annotations

import contextlib
import shutil
import sys
from typing import TYPE_CHECKING

from loopai_nb.notebook.deciding import decide_by
from loopai_nb.notebook.progress import Spot, follow
from loopai_nb.notebook.shown import Shown, plain, width

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.approval.gate import Decision
    from loopai_nb.execution.run import Run
    from loopai_nb.planning.plan import Plan

__all__ = ["read_decision", "reader", "watch"]


def read_decision(plan: Plan, user: str) -> Decision:
    """Ask about a plan that was shown: y, or n with a reason.

    Args:
        plan: What would be sent.
        user: Name of the person, for the ledger.

    Returns:
        APPROVED or REJECTED by the person; PENDING where nobody is there to read and answer.
    """
    return decide_by(reader(), plan, user)


def reader() -> Callable[[str], str | None]:
    """What asks the person at the terminal; it returns None where nobody is there or answers.

    What was typed so far is no answer to what is asked now.
    """
    # Both: somebody who can't see what is asked can't answer it.
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stderr)):
        return lambda _: None
    _forget_typed()
    return _read


def watch(run: Run) -> bool:
    """Wait for a run, with its progress on stderr where that is a terminal; see ``follow``.

    Returns:
        Whether it was interrupted.

    Raises:
        RunInterrupted: Rows failed, and the run was to raise.
        LedgerError: A write failed; nothing more was sent after it.
    """
    return follow(run, _TerminalSpot())


class _TerminalSpot(Spot):
    """The progress as one line of stderr, cut to the terminal's width: a longer one would scroll.

    Where stderr is no terminal, only warnings are shown.
    """

    def __init__(self) -> None:
        super().__init__(live=False, terminal=sys.stderr if _is_terminal(sys.stderr) else None)

    def progress(self, line: Shown) -> None:
        """Write over the line before."""
        super().progress(_Cut(line, shutil.get_terminal_size().columns - 1))

    def warn(self, text: str) -> None:
        """Say it on a line of its own."""
        if self.moves:
            super().warn(text)
        elif sys.stderr is not None:
            sys.stderr.write(plain(text) + "\n")
            sys.stderr.flush()


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
