"""A cell that waits while clicks reach Python: the one file that touches what ipykernel keeps to itself.

IPython awaits no coroutine that a magic returns. ``AwaitedMagics`` rewrites the line that stands for such a
magic into one that is awaited, so that the cell blocks, the next one does not start, and its value is
``Out[n]``. How a click then reaches Python differs from kernel to kernel (measured on 6.31 and 7.0 to 7.4),
which ``delivery_of`` tells by what a kernel has, not by its version.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import re
import signal
import threading
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

__all__ = ["AwaitedMagics", "Clicks", "Delivery", "delivery_of", "finish_now", "interruptible"]

T = TypeVar("T")

STEP_S = 0.2
"""Between two wake-ups: while a loop sleeps, an interrupt is not noticed (12 s and more on 7.3 and 7.4)."""

_PUMP_STEP_S = 0.03
"""Where clicks are fetched by us: a person feels no delay below 50 ms."""

_COMM_MESSAGES = frozenset({"comm_msg", "comm_open", "comm_close"})
_MAGIC = re.compile(
    r"(?P<before>[A-Za-z_]\w*\s*=\s*)?get_ipython\(\)\.run_(?:line|cell)_magic\((?P<args>'loopai', .*)\)\s*",
    re.DOTALL,
)
_WITH_CELL = 2


class Delivery(StrEnum):
    """How messages of widgets reach Python while a cell waits.

    NATIVE: ipykernel from 7.4 on hands them to a cell that awaits.
    PUMP: ipykernel 6 queues them behind the cell; we take them out of its queue.
    SUBSHELL: ipykernel 7.0 to 7.3; a front end that knows subshells (JupyterLab from 4.4 on) sends them to
        one, any other one's arrive when the cell has ended.
    NONE: There is no kernel, so no widget.
    """

    NATIVE = "native"
    PUMP = "pump"
    SUBSHELL = "subshell"
    NONE = "none"


def delivery_of(kernel: Any) -> Delivery:
    """How a kernel delivers them; None is no kernel."""
    dispatch = getattr(kernel, "dispatch_shell", None)
    if dispatch is None:
        return Delivery.NONE
    if "concurrent" in inspect.signature(dispatch).parameters:
        return Delivery.NATIVE
    return Delivery.PUMP if hasattr(kernel, "msg_queue") else Delivery.SUBSHELL


class Clicks:
    """Waits in a cell of one kernel while its widgets' messages are handled.

    Args:
        kernel: IPython's ``shell.kernel``; None outside of one.
    """

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel
        self.delivery = delivery_of(kernel)
        self._pumping = asyncio.Lock()

    async def until(self, done: asyncio.Future[Any], timeout_s: float | None = None) -> bool:
        """Wait until a future of this loop is done; its result is not looked at.

        Args:
            done: Set from any thread by ``loop.call_soon_threadsafe``.
            timeout_s: Seconds to wait at most; None waits for ever.

        Returns:
            Whether it is done; it goes on where it is not.

        Raises:
            asyncio.CancelledError: ■ was pressed; noticed within 0.3 s.
        """
        loop = asyncio.get_running_loop()
        end_s = None if timeout_s is None else loop.time() + timeout_s
        pumps = self.delivery is Delivery.PUMP
        while not done.done():
            if pumps:
                await self._pump()
            step_s = _PUMP_STEP_S if pumps else STEP_S
            if end_s is not None:
                if loop.time() >= end_s:
                    return done.done()
                step_s = min(step_s, end_s - loop.time())
            await asyncio.wait({done}, timeout=step_s)
        return True

    async def _pump(self) -> None:
        """Handle the messages of widgets that wait in the kernel's queue; the others stay there, in order."""
        async with self._pumping:
            queue = self._kernel.msg_queue
            # All are taken out before any is handled: what arrives meanwhile has to come behind what is kept.
            waiting = [queue.get_nowait() for _ in range(queue.qsize())]
            ours = []
            for item in waiting:
                if self._is_comm(item):
                    ours.append(item)
                else:
                    queue.put_nowait(item)
            for _, dispatch, args in ours:
                await self._dispatch(dispatch, args)

    def _is_comm(self, item: Any) -> bool:
        _, dispatch, args = item
        if getattr(dispatch, "__name__", "") != "dispatch_shell":
            return False
        session = self._kernel.session
        _, frames = session.feed_identities(args[0], copy=False)
        header = session.unpack(getattr(frames[1], "bytes", frames[1]))
        return header.get("msg_type") in _COMM_MESSAGES

    async def _dispatch(self, dispatch: Callable[..., Any], args: Any) -> None:
        """Handle one message as the kernel would, and give it back what belongs to the cell that waits."""
        kernel = self._kernel
        ident, parent = kernel._parent_ident["shell"], kernel.get_parent("shell")  # noqa: SLF001  (no other way)
        handler = getattr(kernel, "saved_sigint_handler", None)
        try:
            await dispatch(*args)
        finally:
            kernel.set_parent(ident, parent, channel="shell")
            if handler is not None:
                kernel.saved_sigint_handler = handler
            kernel._publish_status("busy", "shell")  # noqa: SLF001  (it said "idle" behind the message)


class AwaitedMagics:
    """An input transformer that has a magic awaited; put into ``shell.input_transformers_post``.

    Only lines that stand by themselves at the left of a cell are rewritten, and none inside of ``%%time`` or
    ``%%capture``, which run a cell that awaits nothing: there the magic is called as ever.

    Args:
        shell: IPython's, with a kernel.
        awaited: Expression of a function that takes the magic's line and cell and returns a coroutine.
        waits: Told the line and whether there is a cell; says whether such a magic may wait for a person.
    """

    def __init__(self, shell: Any, awaited: str, waits: Callable[[str, bool], bool]) -> None:
        self._shell = shell
        self._awaited = awaited
        self._waits = waits
        self._cells = _Cells()

    def register(self) -> None:
        """Begin."""
        self._shell.input_transformers_post.append(self)
        self._shell.events.register("pre_execute", self._began)
        self._shell.events.register("post_execute", self._ended)

    def unregister(self) -> None:
        """End; what ``register`` did is undone."""
        self._shell.input_transformers_post.remove(self)
        self._shell.events.unregister("pre_execute", self._began)
        self._shell.events.unregister("post_execute", self._ended)

    def __call__(self, lines: list[str]) -> list[str]:
        """The lines of a cell that IPython made of what was typed."""
        if not self._shell.autoawait or self._cells.running:
            return lines
        return [self._rewritten(line) for line in lines]

    def _rewritten(self, line: str) -> str:
        if "run_line_magic('loopai'" not in line and "run_cell_magic('loopai'" not in line:
            return line
        found = _MAGIC.fullmatch(line)
        if found is None:
            return line
        try:
            _, *given = ast.literal_eval(f"({found['args']},)")
        except (ValueError, SyntaxError):  # the line holds more than the call
            return line
        has_cell = len(given) == _WITH_CELL
        # An empty cell is IPython's to complain of.
        if (has_cell and not given[1]) or not self._waits(given[0], has_cell):
            return line
        arguments = ", ".join(map(repr, given))
        return f"{found['before'] or ''}await {self._awaited}({arguments})\n"

    def _began(self) -> None:
        self._cells.running += 1

    def _ended(self) -> None:
        # The cell that loads the extension ends without having begun.
        self._cells.running = max(0, self._cells.running - 1)


class _Cells(threading.local):
    """How many cells run in this thread, one inside of the other; a subshell has a thread of its own."""

    running = 0


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Within it ■ raises KeyboardInterrupt: while a cell awaits, a kernel would only cancel its next await.

    For what works without awaiting, such as making a plan of a million rows.
    """
    if threading.current_thread() is not threading.main_thread():  # a subshell, which no signal reaches
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def finish_now(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that has nothing to wait for, and return what it returns.

    Raises:
        RuntimeError: It waits for something.
    """
    try:
        coroutine.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    coroutine.close()
    raise RuntimeError("it waits for something, and nobody awaits it")
