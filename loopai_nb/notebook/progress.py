"""One spot below a cell: the plan, then its progress, then what stays in the saved notebook."""

from __future__ import annotations

import contextlib
import contextvars
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, TextIO

from loopai_nb.errors import LoopaiNbError, RunInterrupted
from loopai_nb.ledger.runs import LIVE
from loopai_nb.notebook.run_lines import ProgressLine
from loopai_nb.notebook.shown import Sentences, Shown, Stack, plain
from loopai_nb.notebook.wording import place
from loopai_nb.planning.plan import PlanSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from loopai_nb.execution.run import Run

__all__ = ["Spot", "follow", "follow_behind"]

STEP_S = 0.2
"""Between two updates (5 Hz), and between two looks at whether somebody interrupts."""

ENDS_WITHIN_S = 5.0
SETTLES_WITHIN_S = 2.0
_LOOK_AGAIN_S = 0.02


class Spot:
    """Where one plan and its run are displayed.

    With a live front end it is one display that is updated in place; in a terminal the progress is one line
    that is written over; elsewhere (nbclient, ``LOOPAI_UI=static``, a pipe) only what stays is shown.

    Args:
        live: A front end is there that shows updates.
        terminal: Where to write the progress line; None for nowhere.
    """

    def __init__(self, *, live: bool, terminal: TextIO | None = None) -> None:
        self._live = live
        self._terminal = terminal
        self._handle: Any = None
        self._above: Shown | None = None
        self._written = 0

    @property
    def moves(self) -> bool:
        """Whether progress would be seen."""
        return self._live or self._terminal is not None

    def open(self, shown: Shown) -> None:
        """Show the plan."""
        self._above = shown
        self._show(shown)

    def fold(self, shown: Shown) -> None:
        """Replace the plan by a line about it, where that is possible."""
        if self._live:
            self._above = shown
            self._show(shown)

    def progress(self, line: Shown) -> None:
        """Show how far it is, below the plan."""
        if self._live:
            self._show(line if self._above is None else Stack(self._above, line))
        elif self._terminal is not None:
            text = line.text().replace("\n", " ")
            self._terminal.write("\r" + text.ljust(self._written))
            self._terminal.flush()
            self._written = len(text)

    def warn(self, text: str) -> None:
        """Say something that stays; a live display has it below its progress."""
        if self._terminal is not None:
            self._terminal.write("\r" + plain(text).ljust(self._written) + "\n")
            self._terminal.flush()
            self._written = 0

    def close(self, last: Shown | None = None) -> None:
        """End the progress; ``last`` takes its place."""
        if self._terminal is not None and self._written:
            self._terminal.write("\r" + " " * self._written + "\r")
            self._terminal.flush()
            self._written = 0
        if self._live and self._handle is not None:
            parts = [part for part in (self._above, last) if part is not None]
            self._show(Stack(*parts) if parts else Sentences())
        elif last is not None:
            self._show(last)

    def _show(self, shown: Shown) -> None:
        from IPython.display import display

        if not self._live:
            display(shown)  # type: ignore[no-untyped-call]
        elif self._handle is None:
            self._handle = display(shown, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(shown)


def spot(shell: Any, *, static: bool) -> Spot:
    """The spot that fits the front end.

    A front end that can be asked for input is a person's; nbclient and the like say that they can't.
    """
    if static:
        return Spot(live=False)
    kernel = getattr(shell, "kernel", None)
    if kernel is not None:
        return Spot(live=bool(getattr(kernel, "_allow_stdin", False)))
    return Spot(live=False, terminal=sys.stdout if sys.stdout.isatty() else None)


def follow(run: Run, where: Spot) -> bool:
    """Wait for a run and show its progress.

    An interrupt stops the run, which keeps what is answered; it is not raised.

    Returns:
        Whether it was interrupted.

    Raises:
        RunInterrupted: Rows failed, and the run was to raise.
        LedgerError: A write failed; nothing more was sent after it.
    """
    try:
        watch = _Watch(run, where, "■ stops it; what is answered is kept")
        while not run.poll(STEP_S):
            watch.look()
        watch.end()
        run.wait()
        _settle(run)
    except KeyboardInterrupt:
        run.stop()  # it may have come while the progress was drawn, when the run did not see it
        with contextlib.suppress(KeyboardInterrupt, TimeoutError):
            run.wait(ENDS_WITHIN_S)
        return True
    finally:
        where.close()
    return False


class _Watch:
    """A run that is being carried out, shown look by look.

    Args:
        run: Which.
        where: Where it is shown.
        stop: What a person can do to stop it.
    """

    def __init__(self, run: Run, where: Spot, stop: str = "") -> None:
        self._run = run
        self._where = where
        self._stop = stop
        self._server = place(PlanSpec.from_json(run.row.spec).server_url)
        self._told = 0

    def look(self) -> None:
        """Show how it stands now; each warning is said once."""
        progress = self._run.progress
        self._warn(progress.warnings)
        if self._where.moves:
            self._where.progress(ProgressLine(progress, self._server, self._stop))

    def end(self) -> None:
        """Say what came up since the last look."""
        self._warn(self._run.progress.warnings)

    def _warn(self, warnings: Sequence[str]) -> None:
        for warning in warnings[self._told :]:
            self._where.warn(warning)
        self._told = max(self._told, len(warnings))


def _settle(run: Run, within_s: float = SETTLES_WITHIN_S) -> None:
    """Wait until the ledger says how a run ended.

    Where several processes carry it out, the last one records that, and the others are done before.
    """
    deadline_s = time.monotonic() + within_s
    while time.monotonic() < deadline_s:
        row = run.row
        if row.state not in LIVE or row.owner_gone:
            return
        time.sleep(_LOOK_AGAIN_S)


def follow_behind(run: Run, where: Spot, done: Callable[[], Shown]) -> threading.Thread:
    """Show a run's progress from a thread, while the notebook goes on.

    Args:
        run: Being carried out by this process.
        where: Its spot.
        done: Called when it has ended; what it returns stays.
    """

    def work() -> None:
        said: list[Shown] = []
        try:
            watch = _Watch(run, where, f"%loopai cancel {run.run_id} stops it; what is answered is kept")
            while not run.poll(STEP_S):
                watch.look()
            try:
                run.wait()
            except RunInterrupted as error:  # rows failed, and it was to raise: the others are there
                said.append(Sentences(plain(error.notebook_text)))
            _settle(run)
            said.append(done())
        except LoopaiNbError as error:
            said.append(Sentences(plain(error.notebook_text)))
        where.close(said[0] if len(said) == 1 else Stack(*said))

    # The copy keeps the cell that outputs belong to (ipykernel holds it in a context variable).
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(work,), name=f"loopai-nb-{run.run_id}", daemon=True)
    thread.start()
    return thread
