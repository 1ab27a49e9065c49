import asyncio
import concurrent.futures
import functools
import inspect
import logging
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from loopai_nb import (
    API_RETRY,
    DatabaseUnavailable,
    InputError,
    OutcomeUnknown,
    RequestDeferred,
    RequestNotSent,
    RequestRejected,
    RetryConfig,
    retry,
    with_retry,
)

AT_ONCE = RetryConfig(max_retries=3, base_delay=0)
NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


class Flaky:
    """Fails with each of these errors, then returns what it was called with."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.calls = 0

    def __call__(self, *args, **kwargs):
        """One call."""
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return args, kwargs


def passing(n):
    """Errors that may pass."""
    return [RequestDeferred(f"busy {i}") for i in range(n)]


def status_error(status, **headers):
    """As httpx raises it."""
    request = httpx.Request("GET", "http://server.example/")
    answer = httpx.Response(status, headers=headers, request=request)
    return httpx.HTTPStatusError("no", request=request, response=answer)


def test_a_call_that_fails_in_passing_is_made_again():
    """The first result is returned, and the arguments are the same each time."""
    fn = Flaky(*passing(2))

    assert with_retry(fn, AT_ONCE, 1, key=2) == ((1,), {"key": 2})

    assert fn.calls == 3


def test_the_configuration_may_be_named():
    """``config=`` is for the retries, and the rest for the function."""
    assert with_retry(Flaky(*passing(1)), config=AT_ONCE, key=2) == ((), {"key": 2})


def test_the_last_error_is_raised_and_says_how_many_calls_there_were():
    """After the retries are used up."""
    errors = passing(4)
    fn = Flaky(*errors)

    with pytest.raises(RequestDeferred, match="busy 3") as caught:
        with_retry(fn, AT_ONCE)

    assert fn.calls == 4
    assert caught.value.__notes__ == ["Flaky was called 4 times."]
    assert caught.value.__context__ is None
    assert all(not hasattr(each, "__notes__") for each in errors[:3])


def test_no_retries_are_one_call():
    """``max_retries=0`` raises the first error as it is."""
    fn = Flaky(*passing(1))

    with pytest.raises(RequestDeferred) as caught:
        with_retry(fn, RetryConfig(max_retries=0))

    assert fn.calls == 1
    assert not hasattr(caught.value, "__notes__")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("cut JSON"),
        ConnectionResetError(),
        TimeoutError(),
        RequestNotSent("refused"),
        OutcomeUnknown("lost"),
        DatabaseUnavailable("restarting"),
        status_error(429),
        status_error(503),
    ],
    ids=repr,
)
def test_what_may_pass_is_retried(error):
    """Unless other errors are named."""
    assert RetryConfig().retries(error)
    assert not RetryConfig(retry_on_exceptions=KeyError).retries(error)


@pytest.mark.parametrize(
    "error",
    [
        RequestRejected("never"),
        InputError("change it"),
        TypeError("no such argument"),
        NameError("no such name"),
        status_error(401),
        status_error(404),
        concurrent.futures.CancelledError(),
    ],
    ids=repr,
)
def test_what_cannot_succeed_is_not_retried(error):
    """One call, and the error as it is."""
    fn = Flaky(error)

    with pytest.raises(type(error)):
        with_retry(fn, AT_ONCE)

    assert fn.calls == 1


def test_an_error_that_is_named_is_retried_even_if_it_seems_hopeless():
    """Who names an error knows better."""
    fn = Flaky(RequestRejected("never"), TypeError("null"))

    with_retry(fn, RetryConfig(base_delay=0, retry_on_exceptions=(RequestRejected, TypeError)))

    assert fn.calls == 3


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), SystemExit(), asyncio.CancelledError(), GeneratorExit()], ids=repr
)
def test_an_interrupt_an_exit_and_a_cancellation_go_through(error):
    """None is swallowed, whatever is configured."""
    fn = Flaky(error)

    with pytest.raises(type(error)):
        with_retry(fn, RetryConfig(base_delay=0, retry_on_exceptions=Exception))

    assert fn.calls == 1


@pytest.mark.parametrize(
    "named", [KeyboardInterrupt, BaseException, (ValueError, SystemExit), "ValueError", ValueError("x")]
)
def test_what_is_no_exception_to_retry_is_refused(named):
    """Naming an interrupt would swallow it."""
    with pytest.raises(InputError, match="can't be retried"):
        RetryConfig(retry_on_exceptions=named)


@pytest.mark.parametrize("name", ["base_delay", "max_delay"])
@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), "1", None, True])
def test_a_delay_that_is_none_is_refused(name, value):
    """Seconds are numbers between 0 and a day."""
    with pytest.raises(InputError, match=name):
        RetryConfig(**{name: value})


@pytest.mark.parametrize("value", [-1, 1.5, float("nan"), "3", None, True])
def test_retries_that_are_no_count_are_refused(value):
    """A whole number from 0."""
    with pytest.raises(InputError, match="max_retries"):
        RetryConfig(max_retries=value)


def test_the_defaults_are_those_that_users_know():
    """Three retries from 1 s to 60 s; five to 30 s for APIs."""
    assert RetryConfig() == RetryConfig(3, 1.0, 60.0, exponential_backoff=True, retry_on_exceptions=None)
    assert RetryConfig(5, 1.0, 30.0) == API_RETRY


def waits(config, error, random=lambda: 1.0):
    """The waits before the first calls."""
    return [config.delay_s(n, error, random=random, now=NOW) for n in range(1, 6)]


def test_waits_grow_to_their_bound_and_are_drawn_from_0():
    """Full jitter below a bound that doubles."""
    config = RetryConfig(base_delay=1.0, max_delay=5.0)

    assert waits(config, ValueError()) == [1.0, 2.0, 4.0, 5.0, 5.0]
    assert waits(config, ValueError(), lambda: 0.0) == [0.0] * 5


def test_without_backoff_the_bound_stays():
    """``exponential_backoff=False``, within ``max_delay``."""
    assert waits(RetryConfig(base_delay=2.0, exponential_backoff=False), ValueError()) == [2.0] * 5
    short = RetryConfig(base_delay=2.0, max_delay=1.0, exponential_backoff=False)
    assert waits(short, ValueError()) == [1.0] * 5


@pytest.mark.parametrize(
    "error",
    [
        RequestDeferred("slow down", retry_after_s=20.0),
        status_error(429, **{"Retry-After": "20"}),
        status_error(503, **{"Retry-After": "Sat, 21 Nov 2026 12:00:20 GMT"}),
    ],
    ids=["ours", "seconds", "date"],
)
def test_a_servers_retry_after_is_obeyed(error):
    """No wait is shorter, though ``max_delay`` is."""
    config = RetryConfig(base_delay=1.0, max_delay=5.0)

    assert min(waits(config, error, lambda: 0.0)) == 20.0
    assert all(20.0 <= wait_s <= 22.1 for wait_s in waits(config, error))


@pytest.mark.parametrize(
    "headers", [None, {}, {"retry-after": 20}, {"retry-after": "soon"}, "text", object()]
)
def test_headers_that_say_nothing_are_no_wait(headers):
    """Whatever an error carries as its headers, it is the error that counts."""
    error = ConnectionError()
    error.headers = headers

    assert waits(RetryConfig(), error, lambda: 0.0) == [0.0] * 5


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
