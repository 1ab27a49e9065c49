"""One spot below a cell: the plan, then its progress, then what stays in the saved notebook."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, TextIO

from loopai_nb.errors import LoopaiNbError, RunInterrupted
from loopai_nb.ledger.runs import LIVE
from loopai_nb.notebook.shown import Sentences, Shown, Stack, plain
from loopai_nb.notebook.waiting import interruptible
from loopai_nb.notebook.watching import STEP_S, Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.execution.run import Run
    from loopai_nb.notebook.waiting import Clicks

__all__ = ["Spot", "follow", "follow_behind", "follow_clicked"]

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
        self._below: Any = None
        self._above: Shown | None = None
        self._written = 0

    @property
    def live(self) -> bool:
        """Whether a front end shows updates."""
        return self._live

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

    def below(self, shown: Shown) -> None:
        """Show something below the plan, in an output of its own; again: in its place."""
        from IPython.display import display

        if self._below is None:
            self._below = display(shown, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._below.update(shown)

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
        if self._below is not None:
            self.below(last or Sentences())
        elif self._live and self._handle is not None:
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
        watch = Watch(run, where, "■ stops it; what is answered is kept")
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


async def follow_clicked(run: Run, where: Spot, clicks: Clicks, user: str) -> bool:
    """The same for a cell that awaits it: the progress is a widget, whose clicks reach Python meanwhile.

    Args:
        run: Being carried out by this process.
        where: Where it is shown.
        clicks: Waits for them.
        user: Who clicks.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    run.when_done(lambda: _tell(loop, ended))
    watch = Watch(run, where, "■ stops it; what is answered is kept", user=user)
    try:
        watch.look()
        while not await clicks.until(ended, STEP_S):
            watch.look()
        watch.end()
        run.wait()
        with interruptible():
            _settle(run)
    except (asyncio.CancelledError, KeyboardInterrupt):
        run.stop()
        await asyncio.wait({ended}, timeout=ENDS_WITHIN_S)
        return True
    finally:
        watch.close(watch.last())
    return False


def _tell(loop: asyncio.AbstractEventLoop, ended: asyncio.Future[None]) -> None:
    with contextlib.suppress(RuntimeError):  # the kernel has gone, and its loop is closed
        loop.call_soon_threadsafe(lambda: None if ended.done() else ended.set_result(None))


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


def follow_behind(
    run: Run, where: Spot, done: Callable[[], Shown], user: str | None = None
) -> threading.Thread:
    """Show a run's progress from a thread, while the notebook goes on.

    Args:
        run: Being carried out by this process.
        where: Its spot.
        done: Called when it has ended; what it returns stays.
        user: Who clicks on the widget; None: there is none, but text.
    """
    watch = Watch(run, where, f"%loopai cancel {run.run_id} stops it; what is answered is kept", user=user)

    def work() -> None:
        said: list[Shown] = []
        try:
            while not run.poll(STEP_S):
                watch.look()
            watch.end()
            try:
                run.wait()
            except RunInterrupted as error:  # rows failed, and it was to raise: the others are there
                said.append(Sentences(plain(error.notebook_text)))
            _settle(run)
            said.append(done())
        except LoopaiNbError as error:
            said.append(Sentences(plain(error.notebook_text)))
        if (last := watch.last()) is not None:
            said.append(last)
        watch.close(said[0] if len(said) == 1 else Stack(*said))

    # The copy keeps the cell that outputs belong to (ipykernel holds it in a context variable).
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(work,), name=f"loopai-nb-{run.run_id}", daemon=True)
    thread.start()
    return thread
