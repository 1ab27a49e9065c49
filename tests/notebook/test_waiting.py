"""How clicks reach a cell that waits, on each release of ipykernel that does it differently."""

from __future__ import annotations

import asyncio
import os
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.manager import start_new_kernel
from kernels import EACH, RELEASES, environment_of

from loopai_nb.notebook.waiting import AwaitedMagics, Clicks, Delivery, delivery_of, finish_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WAITS = """import asyncio, comm, threading
from loopai_nb.notebook.waiting import Clicks
heard, done = [], asyncio.get_running_loop().create_future()
def click(message, loop=asyncio.get_running_loop()):
    heard.append(message['content']['data'])
    if message['content']['data'] == 'last':
        loop.call_soon_threadsafe(done.set_result, None)
clicks = Clicks(get_ipython().kernel)
one = comm.create_comm(target_name='test', primary=False)
one.on_msg(click)
one.open()
"""


class FrontEnd:
    """Sends cells and a widget's messages to a kernel, and keeps what it says."""

    def __init__(self, manager: Any, client: Any) -> None:
        self.manager = manager
        self.client = client
        self.said: list[dict[str, Any]] = []
        info = client.kernel_info(reply=True, timeout=60)["content"]
        # As JupyterLab does from 4.4 on; version 7.4 needs it no more, and is asked without.
        self.subshell = None
        if "kernel subshells" in info.get("supported_features", []) and not self._is_native():
            created = client.session.msg("create_subshell_request", {})
            client.control_channel.send(created)
            self.subshell = client.get_control_msg(timeout=30)["content"]["subshell_id"]

    def _is_native(self) -> bool:
        code = "from loopai_nb.notebook.waiting import delivery_of\nprint(delivery_of(get_ipython().kernel))"
        self.client.execute_interactive(code, output_hook=self.said.append, timeout=60)
        return "native" in self.printed()

    def printed(self) -> str:
        """All that cells printed."""
        return "".join(m["content"]["text"] for m in self.said if m["msg_type"] == "stream")

    def until_said(self, kind: str) -> dict[str, Any]:
        """The next message of a kind, of which all before it are kept."""
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            self.said.append(message)
            if message["msg_type"] == kind:
                return message

    def click(self, comm_id: str, data: str) -> None:
        """Send a message of a widget."""
        message = self.client.session.msg("comm_msg", {"comm_id": comm_id, "data": data})
        if self.subshell is not None:
            message["header"]["subshell_id"] = self.subshell
        self.client.shell_channel.send(message)

    def replied(self, message_id: str) -> dict[str, Any]:
        """How a cell ended."""
        while True:
            reply = self.client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == message_id:
                return reply["content"]


@pytest.fixture(scope="module", params=RELEASES)
def front_end(request, tmp_path_factory) -> Iterator[FrontEnd]:
    """A kernel of each release."""
    folder = tmp_path_factory.mktemp("kernels")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LOOPAI_")}
    environment |= {**environment_of(request.param, folder), "IPYTHONDIR": str(folder / "ipython")}
    manager, client = start_new_kernel(env=environment)
    yield FrontEnd(manager, client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()


@pytest.mark.parametrize("front_end", EACH, indirect=True, scope="module")
def test_clicks_reach_a_cell_that_waits(front_end):
    """A widget's messages are handled, in order, while the cell awaits; the next cell comes after it."""
    first = front_end.client.execute(WAITS + "await clicks.until(done, 60); print('heard', heard)")
    second = front_end.client.execute("print('after', len(heard))")
    comm_id = front_end.until_said("comm_open")["content"]["comm_id"]
    for data in [*map(str, range(20)), "last"]:
        front_end.click(comm_id, data)

    assert front_end.replied(first)["status"] == "ok"
    assert front_end.replied(second)["status"] == "ok"
    while not re.search(r"after \d+\n", front_end.printed()):  # one print may come in several messages
        front_end.until_said("stream")
    assert f"heard {[*map(str, range(20)), 'last']}" in front_end.printed()
    assert front_end.printed().index("heard [") < front_end.printed().index("after 21")


def test_what_a_cell_shows_after_a_click_is_its_own(front_end):
    """Output behind a click belongs to the cell that waited, not to the click."""
    cell = front_end.client.execute(WAITS + "await clicks.until(done, 60); print('mine'); 6 * 7")
    front_end.click(front_end.until_said("comm_open")["content"]["comm_id"], "last")

    result = front_end.until_said("execute_result")
    assert result["parent_header"]["msg_id"] == cell
    assert result["content"]["data"]["text/plain"] == "42"
    assert front_end.replied(cell)["status"] == "ok"
    # Version 7.0 says what was printed behind the result.
    while not any("mine" in m["content"]["text"] for m in front_end.said if m["msg_type"] == "stream"):
        front_end.until_said("stream")
    (printed,) = [m for m in front_end.said if "mine" in m["content"].get("text", "")]
    assert printed["parent_header"]["msg_id"] == cell


@pytest.mark.parametrize("clicked", [False, True])
def test_an_interrupt_ends_the_wait(front_end, clicked):
    """■ ends it as a cancellation, also after a click was handled, and the kernel goes on."""
    code = (
        "print('waits')\ntry:\n    await clicks.until(done)\n"
        "except asyncio.CancelledError:\n    print('cancelled', heard)"
    )
    cell = front_end.client.execute(WAITS + "one.on_msg(lambda m: (click(m), print('clicked')))\n" + code)
    comm_id = front_end.until_said("comm_open")["content"]["comm_id"]
    front_end.until_said("stream")
    if clicked:
        front_end.click(comm_id, "one")
        front_end.until_said("stream")
    front_end.manager.interrupt_kernel()

    assert front_end.replied(cell)["status"] == "ok"
    while "cancelled" not in front_end.said[-1].get("content", {}).get("text", ""):
        front_end.until_said("stream")
    again = front_end.client.execute("6 * 7")
    assert front_end.replied(again)["status"] == "ok"


def test_work_between_two_waits_is_interrupted_too(front_end):
    """Within ``interruptible`` ■ raises KeyboardInterrupt in code that does not await."""
    code = (
        "import time\nfrom loopai_nb.notebook.waiting import interruptible\n"
        "await asyncio.sleep(0)\n"
        "try:\n    with interruptible():\n        print('works')\n        time.sleep(60)\n"
        "except KeyboardInterrupt:\n    print('interrupted')\n"
    )
    cell = front_end.client.execute("import asyncio\n" + code)
    front_end.until_said("stream")
    front_end.manager.interrupt_kernel()

    assert front_end.replied(cell)["status"] == "ok"
    while "interrupted" not in front_end.said[-1].get("content", {}).get("text", ""):
        front_end.until_said("stream")


def test_outside_of_a_kernel_nothing_is_delivered():
    """A terminal's IPython has no kernel."""
    assert delivery_of(None) is Delivery.NONE


def test_a_wait_ends_in_time():
    """A time limit ends the wait and leaves what is waited for as it is."""

    async def wait() -> tuple[bool, bool]:
        future = asyncio.get_running_loop().create_future()
        return await Clicks(None).until(future, 0.01), future.done()

    assert asyncio.run(wait()) == (False, False)


class Shell:
    """As much of IPython's shell as registers a transformer."""

    def __init__(self) -> None:
        self.autoawait = True
        self.input_transformers_post: list[Callable[[list[str]], list[str]]] = []
        self.events = SimpleNamespace(register=self._on, unregister=lambda *_: None)
        self.heard: dict[str, Callable[[], None]] = {}

    def _on(self, event: str, callback: Callable[[], None]) -> None:
        self.heard[event] = callback


@pytest.fixture
def transformed() -> Callable[[str], str]:
    """What one line becomes where only the verb ``map`` waits."""
    shell = Shell()
    magics = AwaitedMagics(shell, "awaited", lambda line, _: line.startswith("map"))
    magics.register()
    return lambda line: "".join(magics([line]))


CALL = "get_ipython().run_cell_magic('loopai', 'map df', 'Say: {{ it\\'s }}\\n')\n"


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        (CALL, """await awaited('map df', "Say: {{ it's }}\\n")\n"""),
        ("get_ipython().run_line_magic('loopai', 'map df')\n", "await awaited('map df')\n"),
        ("run = get_ipython().run_line_magic('loopai', 'map df')\n", "run = await awaited('map df')\n"),
    ],
)
def test_a_magic_that_may_wait_is_awaited(transformed, line, becomes):
    """By itself or assigned, as a line or as a cell."""
    assert transformed(line) == becomes


@pytest.mark.parametrize(
    "line",
    [
        "get_ipython().run_cell_magic('loopai', 'status', 'x')\n",
        "get_ipython().run_cell_magic('loopai', 'map df', '')\n",
        "get_ipython().run_cell_magic('time', '', 'get_ipython()')\n",
        "    get_ipython().run_line_magic('loopai', 'map df')\n",
        "f(get_ipython().run_line_magic('loopai', 'map df'))\n",
        "get_ipython().run_line_magic('loopai', 'map df'); (1)\n",
        "print('map')\n",
    ],
)
def test_every_other_line_stays_as_it_is(transformed, line):
    """A verb that waits for nobody, an empty cell, another magic, and a magic inside of something else."""
    assert transformed(line) == line


def test_a_cell_within_a_cell_is_not_awaited():
    """What ``%%time`` and ``%%capture`` transform while a cell runs stays as it is."""
    shell = Shell()
    magics = AwaitedMagics(shell, "awaited", lambda *_: True)
    magics.register()

    shell.heard["pre_execute"]()
    assert magics([CALL]) == [CALL]
    shell.heard["post_execute"]()
    assert magics([CALL]) != [CALL]


def test_what_has_nothing_to_wait_for_is_finished_at_once():
    """A coroutine that never suspends gives its value; one that does is refused."""

    async def at_once() -> int:
        return 42

    async def later() -> None:
        await asyncio.sleep(1)

    async def finishes() -> None:
        with pytest.raises(RuntimeError, match="nobody awaits it"):
            finish_now(later())

    assert finish_now(at_once()) == 42
    asyncio.run(finishes())
