import asyncio
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from leisure import at_leisure

from loopai_nb.background import BackgroundLoop


@pytest.fixture
def loop():
    """A background loop of the test's own."""
    made = BackgroundLoop("test-loop")
    yield made
    made.close()


async def _thread():
    return threading.current_thread()


def test_nothing_is_started_before_its_first_use():
    """Making and closing a loop starts no thread."""
    before = threading.active_count()
    BackgroundLoop().close()
    assert threading.active_count() == before


def test_it_is_one_loop_for_all_threads(loop):
    """However many threads begin at once, one daemon thread carries it all out."""
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(lambda _: loop.wait(_thread()), range(32)))
    (thread,) = found
    assert (thread.name, thread.daemon) == ("test-loop", True)


def test_it_works_inside_a_running_loop(loop):
    """In a notebook, whose own loop runs, a synchronous caller waits all the same."""

    async def cell():
        return loop.wait(_thread())

    assert asyncio.run(cell()).name == "test-loop"


def test_what_a_coroutine_raises_reaches_the_caller(loop):
    """The error itself, not a wrapped one; the loop goes on."""

    async def fail():
        raise LookupError("x")

    with pytest.raises(LookupError, match="x"):
        loop.wait(fail())
    assert loop.wait(_thread())


@at_leisure
def test_a_timeout_cancels_what_runs(loop, times):
    """The caller gets TimeoutError, and the coroutine has cleaned up by then."""
    ended = []

    async def endless():
        try:
            await asyncio.sleep(3_600)
        finally:
            ended.append(True)

    with pytest.raises(TimeoutError):
        loop.wait(endless(), timeout_s=0.05 * times)
    loop.wait(_thread())
    assert ended == [True]


def test_a_timeout_of_the_coroutine_itself_is_not_ours(loop):
    """A coroutine that raises TimeoutError is done, whatever the caller would have waited."""

    async def late():
        raise TimeoutError("theirs")

    with pytest.raises(TimeoutError, match="theirs"):
        loop.wait(late(), timeout_s=60)


def test_closing_cancels_and_joins(loop):
    """What still runs is cancelled, its clean-up is carried out, and the thread is gone."""
    ended = threading.Event()
    begun = threading.Event()

    async def endless():
        begun.set()
        try:
            await asyncio.sleep(3_600)
        finally:
            await asyncio.sleep(0)
            ended.set()

    future = loop.start(endless())
    assert begun.wait(60)
    loop.close()
    loop.close()
    assert ended.is_set()
    assert future.cancelled() or future.done()
    assert "test-loop" not in {thread.name for thread in threading.enumerate()}


def test_a_closed_loop_says_so(loop):
    """After close nothing starts, and the coroutine is closed rather than forgotten with a warning."""
    loop.close()
    with pytest.raises(RuntimeError, match="the background loop is closed"):
        loop.wait(_thread())


PROGRAM = """
import asyncio, sys
from loopai_nb.background import BackgroundLoop
loop = BackgroundLoop()

async def endless():
    try:
        print("begun", flush=True)
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        print("cancelled", flush=True)
        raise

async def fine():
    return "usable"

try:
    loop.wait(endless())
except KeyboardInterrupt:
    print("interrupted", loop.wait(fine()), flush=True)
loop.close()
"""


def test_an_interrupt_cancels_and_leaves_the_loop_usable():
    """Ctrl-C while waiting cancels the coroutine, is raised, and the next call works."""
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "begun\n"
        os.kill(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert said.splitlines() == ["cancelled", "interrupted usable"]
    assert process.returncode == 0
