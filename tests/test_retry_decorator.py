import asyncio
import functools
import inspect
import logging
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from failing import AT_ONCE, Flaky, passing

from loopai_nb import (
    InputError,
    RequestDeferred,
    retry,
    with_retry,
)


def test_a_decorated_function_is_called_again_and_stays_itself():
    """With and without parentheses or a configuration."""
    calls = []

    def fetch(x: int) -> int:
        """Get it."""
        calls.append(x)
        if len(calls) % 2:
            raise ConnectionError
        return x

    for decorate in (retry(AT_ONCE), retry(config=AT_ONCE)):
        fetched = decorate(fetch)
        assert fetched(7) == 7
        assert (fetched.__name__, fetched.__doc__) == ("fetch", "Get it.")
        assert inspect.signature(fetched) == inspect.signature(fetch)
    assert retry(fetch).__wrapped__ is retry()(fetch).__wrapped__ is fetch


def test_each_call_of_a_decorated_function_has_its_own_retries():
    """One call that used them up leaves the next its own."""
    fn = Flaky(*passing(8))
    decorated = retry(AT_ONCE)(fn)

    for _ in range(2):
        with pytest.raises(RequestDeferred):
            decorated()

    assert fn.calls == 8
    assert decorated() == ((), {})


def test_methods_are_retried():
    """Of an instance, of a class, and static ones in either order of decorators."""

    class Client:
        failed = 0

        def _fail_once(self, result):
            Client.failed += 1
            if Client.failed % 2:
                raise ConnectionError
            return result

        @retry(AT_ONCE)
        def own(self):
            return self._fail_once("own")

        @classmethod
        @retry(AT_ONCE)
        def of_class(cls):
            return cls()._fail_once(cls.__name__)

        @retry(AT_ONCE)
        @staticmethod
        def static(x):
            return Client()._fail_once(x)

        @retry(AT_ONCE)
        @classmethod
        def other_order(cls):
            return cls()._fail_once(cls.__name__)

    client = Client()
    said = [client.own(), client.of_class(), client.static("s"), Client.static("s"), client.other_order()]
    assert said == ["own", "Client", "s", "s", "Client"]
    assert Client.failed == 10


async def _fail_twice(calls, x):
    calls.append(x)
    await asyncio.sleep(0)
    if len(calls) < 3:
        raise ConnectionError
    return x


@pytest.mark.parametrize(
    "start",
    [
        lambda calls: with_retry(_fail_twice, AT_ONCE, calls, 5),
        lambda calls: with_retry(lambda: _fail_twice(calls, 5), AT_ONCE),
        lambda calls: with_retry(functools.partial(_fail_twice, calls), AT_ONCE, x=5),
        lambda calls: retry(AT_ONCE)(_fail_twice)(calls, 5),
    ],
    ids=["function", "lambda", "partial", "decorated"],
)
def test_an_async_function_is_retried(start):
    """It is awaited each time, however it is passed."""
    calls = []

    async def go():
        return await start(calls)

    assert asyncio.run(go()) == 5
    assert len(calls) == 3


def test_a_decorated_async_function_is_one():
    """Frameworks that look find a coroutine function."""
    assert inspect.iscoroutinefunction(retry(_fail_twice))


def test_the_last_error_of_an_async_function_has_the_note():
    """As without async."""

    async def fail():
        raise ConnectionError("off")

    with pytest.raises(ConnectionError, match="off") as caught:
        asyncio.run(with_retry(fail, AT_ONCE))

    assert "was called 4 times" in caught.value.__notes__[0]
    assert caught.value.__context__ is None


def test_an_async_wait_is_cancelled_at_once():
    """A task that waits for its next call ends when it is cancelled."""

    async def go():
        failed = asyncio.Event()

        async def fail():
            failed.set()
            raise RequestDeferred("slow down", retry_after_s=300.0)

        task = asyncio.create_task(with_retry(fail))
        await failed.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(go())


@pytest.mark.skipif(sys.platform == "win32", reason="sends a Unix signal")
def test_an_interrupt_ends_a_wait_at_once():
    """Ctrl-C in a wait of minutes: the process ends, with no further call."""
    code = (
        "from loopai_nb import RequestDeferred, with_retry\n"
        "def fail():\n"
        "    print('called', flush=True)\n"
        "    raise RequestDeferred('slow down', retry_after_s=300.0)\n"
        "try:\n"
        "    with_retry(fail)\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted', flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    )
    try:
        assert process.stdout.readline() == "called\n"
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)  # far below the wait
    finally:
        process.kill()
        process.communicate()
    assert rest == "interrupted\n"


@pytest.mark.parametrize("what", ["generator", "async generator", "no function"])
def test_what_cannot_be_called_again_is_refused(what):
    """A generator fails after its call has returned."""

    def generator():
        yield 1

    async def async_generator():
        yield 1

    given = {"generator": generator, "async generator": async_generator, "no function": 5}[what]

    with pytest.raises(InputError, match=r"makes a generator|can't be called"):
        retry(AT_ONCE)(given)


def test_each_retry_is_logged(caplog):
    """At INFO under loopai_nb, with the error but without what looks like a secret."""
    fn = Flaky(ConnectionError("postgresql://ann:canarysecret@db/shop is off"), ConnectionError())

    with caplog.at_level(logging.INFO, "loopai_nb"):
        with_retry(fn, AT_ONCE)

    first, second = (record.getMessage() for record in caplog.records)
    assert first.startswith("Flaky failed (ConnectionError: postgresql://")
    assert first.endswith("call 1 of 4; again in 0.0 s")
    assert "canarysecret" not in first
    assert second == "Flaky failed (ConnectionError), call 2 of 4; again in 0.0 s"
