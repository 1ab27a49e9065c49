import asyncio
import concurrent.futures
from datetime import UTC, datetime

import httpx
import pytest
from failing import AT_ONCE, Flaky, passing

from loopai_nb import (
    API_RETRY,
    DatabaseUnavailable,
    InputError,
    OutcomeUnknown,
    RequestDeferred,
    RequestNotSent,
    RequestRejected,
    RetryConfig,
    with_retry,
)

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


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
