"""Retries for a user's own functions, on the policy that the executor follows for its requests."""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
import inspect
import logging
import math
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from loopai_nb.errors import (
    DatabaseUnavailable,
    InputError,
    LoopaiNbError,
    ModelServerError,
    OutcomeUnknown,
    RequestDeferred,
    RequestNotSent,
)
from loopai_nb.resilience.retry import RetryPolicy, retry_after_s

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

__all__ = ["API_RETRY", "RetryConfig", "retry", "with_retry"]

P = ParamSpec("P")
T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_STEP_S = 0.2
"""Sleep is cut into such steps: on Windows an interrupt is not noticed before a sleep ends."""

_MOST_SAID = 200
_MOST_RETRIES = 1_000_000
_LONGEST_S = 86_400.0

_OURS = (RequestNotSent, RequestDeferred, OutcomeUnknown, DatabaseUnavailable)
"""Of our own errors, those after which the same call may succeed; any other says that it can't."""

_MISTAKES = (
    *(AssertionError, AttributeError, ImportError, NameError, NotImplementedError, SyntaxError, TypeError),
    *(StopIteration, StopAsyncIteration),
)
"""A mistake in the code is still one at the next try."""

_PASSING_STATUSES = frozenset({408, 409, 423, 425, 429})
"""Of the statuses 4xx, those that may be another one later."""


@dataclass(frozen=True, slots=True)
class RetryConfig:
    """How often a function is called again, how long is waited before, and after which errors.

    Attributes:
        max_retries: Calls after the first one, from 0; 3 means at most four calls.
        base_delay: Seconds, up to a day; upper bound of the first wait.
        max_delay: Seconds, up to a day; upper bound of every wait that the server did not ask for.
        exponential_backoff: Double the upper bound with each failed call; else it stays ``base_delay``.
            The wait itself is drawn evenly between 0 and the bound ("full jitter"), so that many callers
            do not come back at one moment. Where the error brings a server's Retry-After, that is waited at
            least, up to five minutes.
        retry_on_exceptions: An exception class or several: these are retried, and no other one. None retries
            what may pass: every ``Exception`` but a mistake in the code (``TypeError``, ``NameError``...), an
            HTTP status that stays (4xx but 408, 409, 423, 425 and 429), and those errors of loopai_nb that
            the same call would meet again (``RequestRejected``, ``InputError``...).

    Raises:
        InputError: A number out of range, or what is no subclass of Exception: an interrupt
            (``KeyboardInterrupt``), an exit and a cancellation are never retried.
    """

    max_retries: int = 3
    base_delay: float = 1.0
    max_delay: float = 60.0
    exponential_backoff: bool = True
    retry_on_exceptions: type[Exception] | tuple[type[Exception], ...] | None = None

    def __post_init__(self) -> None:
        whole = isinstance(self.max_retries, int) and not isinstance(self.max_retries, bool)
        if not (whole and 0 <= self.max_retries <= _MOST_RETRIES):
            raise InputError(f"max_retries is {self.max_retries!r}; it has to be a whole number from 0.")
        for name in ("base_delay", "max_delay"):
            value = getattr(self, name)
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not (number and 0 <= value <= _LONGEST_S):  # NaN fails it as well
                raise InputError(f"{name} is {value!r}; it has to be seconds between 0 and a day.")
        named = self.retry_on_exceptions
        if named is None:
            return
        classes = tuple(named) if isinstance(named, tuple | list | set | frozenset) else (named,)
        for each in classes:
            if not (isinstance(each, type) and issubclass(each, Exception)):
                raise InputError(
                    f"retry_on_exceptions has {each!r}, which can't be retried.",
                    "Name subclasses of Exception.",
                )
        object.__setattr__(self, "retry_on_exceptions", classes)

    def retries(self, error: BaseException) -> bool:
        """Whether a call that ended with this error is worth another one."""
        if not isinstance(error, Exception) or isinstance(error, concurrent.futures.CancelledError):
            return False
        if self.retry_on_exceptions is not None:
            return isinstance(error, self.retry_on_exceptions)
        if isinstance(error, LoopaiNbError):
            return isinstance(error, _OURS)
        if isinstance(error, _MISTAKES):
            return False
        status = _status_of(error)
        return not (400 <= status < 500) or status in _PASSING_STATUSES  # noqa: PLR2004  (client errors)

    def delay_s(
        self, tries: int, error: BaseException, *, random: Callable[[], float], now: datetime
    ) -> float:
        """Seconds to wait before the next call.

        Args:
            tries: Calls that have failed, from 1.
            error: Of the last one.
            random: Uniform in [0, 1).
            now: With a time zone; a server may ask to wait until a date.
        """
        longest_s = self.max_delay if self.exponential_backoff else min(self.base_delay, self.max_delay)
        policy = RetryPolicy(self.max_retries + 1, self.base_delay, longest_s)
        return policy.delay_s(tries, _asked_s(error, now), random)


API_RETRY = RetryConfig(max_retries=5, base_delay=1.0, max_delay=30.0)
"""For calls of an API over the network."""


class _Calls:
    """The calls of one function until it succeeds or is given up.

    Args:
        name: Of the function, for the log.
        config: What is retried, and when.
    """

    def __init__(self, name: str, config: RetryConfig) -> None:
        self._name = name
        self._config = config
        self._tries = 0

    def wait_s(self, error: Exception) -> float | None:
        """Seconds until the next call; None where there is none, and the error is to be raised."""
        self._tries += 1
        config, tries = self._config, self._tries
        if tries > config.max_retries or not config.retries(error):
            if tries > 1:
                error.add_note(f"{self._name} was called {tries:,} times.")
            return None
        delay_s = config.delay_s(tries, error, random=random.random, now=datetime.now(UTC))
        if _LOG.isEnabledFor(logging.INFO):
            _LOG.info(
                "%s failed (%s), call %d of %d; again in %.1f s",
                self._name,
                _said(error),
                tries,
                config.max_retries + 1,
                delay_s,
            )
        return delay_s


@overload
def with_retry(fn: Callable[[], T], config: RetryConfig | None = None) -> T: ...
@overload
def with_retry(fn: Callable[P, T], config: RetryConfig | None, *args: P.args, **kwargs: P.kwargs) -> T: ...
def with_retry(fn: Callable[..., T], config: RetryConfig | None = None, *args: Any, **kwargs: Any) -> T:
    """Call a function, and call it again when it fails in passing.

    For a function that is not async this blocks, the waits included; an interrupt (■, Ctrl-C) ends a wait at
    once. For an async one it returns what has to be awaited, and waits without blocking the loop.

    Args:
        fn: Called with ``args`` and ``kwargs``, the same ones each time. What a failed call has done stays
            done: retry what may be done twice.
        config: By default ``RetryConfig()``: three retries.
        args: For ``fn``.
        kwargs: For ``fn``; one that is called ``fn`` or ``config`` has to be bound (``functools.partial``).

    Returns:
        What the first call returns that does not fail.

    Raises:
        Exception: Of the last call; a note says how many there were.
        InputError: ``fn`` makes a generator, whose errors come when it is too late to call it again.
    """
    return retry(config)(fn)(*args, **kwargs)


@overload
def retry(config: Callable[P, T], /) -> Callable[P, T]: ...
@overload
def retry(config: RetryConfig | None = None) -> Callable[[Callable[P, T]], Callable[P, T]]: ...
def retry(config: Callable[..., Any] | RetryConfig | None = None) -> Any:
    """Decorate a function, async or not, so that each call of it goes as ``with_retry``.

    ``@retry`` and ``@retry(RetryConfig(...))`` are both written; methods, class and static methods work, too.

    Args:
        config: By default ``RetryConfig()``: three retries.

    Raises:
        InputError: See ``with_retry``.
    """
    if config is None or isinstance(config, RetryConfig):
        return functools.partial(_retried, config=config or RetryConfig())
    return _retried(config, RetryConfig())


def _retried(fn: Any, config: RetryConfig) -> Any:
    if isinstance(fn, staticmethod | classmethod):  # the other order of decorators
        return type(fn)(_retried(fn.__func__, config))
    if not callable(fn):
        raise InputError(f"{fn!r} is a {type(fn).__name__}, which can't be called.", "Pass a function.")
    name = getattr(fn, "__qualname__", type(fn).__name__)
    called = fn if inspect.isroutine(fn) or isinstance(fn, functools.partial) else type(fn).__call__
    if inspect.isgeneratorfunction(called) or inspect.isasyncgenfunction(called):
        raise InputError(
            f"{name} makes a generator, which fails after its call has returned.",
            "Retry what is called inside of it.",
        )
    if inspect.iscoroutinefunction(called):

        async def calls_async(*args: Any, **kwargs: Any) -> Any:
            return await _call_async(fn, _Calls(name, config), args, kwargs)

        return functools.wraps(fn)(calls_async)

    def calls(*args: Any, **kwargs: Any) -> Any:
        return _call(fn, _Calls(name, config), args, kwargs)

    return functools.wraps(fn)(calls)


def _call(fn: Callable[..., Any], calls: _Calls, args: Any, kwargs: Any) -> Any:
    while True:
        try:
            result = fn(*args, **kwargs)
        except Exception as error:
            delay_s = calls.wait_s(error)
            if delay_s is None:
                raise
        else:
            # A lambda around an async function is none itself, and its call has not begun yet.
            return _call_async(fn, calls, args, kwargs, result) if inspect.iscoroutine(result) else result
        # Outside of "except": the next error has nothing to do with this one.
        _sleep(delay_s)


async def _call_async(
    fn: Callable[..., Coroutine[Any, Any, T]],
    calls: _Calls,
    args: Any,
    kwargs: Any,
    begun: Coroutine[Any, Any, T] | None = None,
) -> T:
    while True:
        try:
            coroutine, begun = fn(*args, **kwargs) if begun is None else begun, None
            return await coroutine
        except Exception as error:
            delay_s = calls.wait_s(error)
            if delay_s is None:
                raise
        await asyncio.sleep(delay_s)


def _sleep(seconds: float) -> None:
    until_s = time.monotonic() + seconds
    while (left_s := until_s - time.monotonic()) > 0:
        time.sleep(min(left_s, _STEP_S))


def _asked_s(error: BaseException, now: datetime) -> float | None:
    """Seconds that a server asks to wait, as our own errors know it or as an HTTP client's carry it."""
    if isinstance(error, ModelServerError):
        asked_s = error.retry_after_s
        return asked_s if asked_s is not None and math.isfinite(asked_s) else None
    answer = getattr(error, "response", None)
    # Headers of httpx, requests, aiohttp and urllib: each finds a name in whatever case.
    get = getattr(getattr(error if answer is None else answer, "headers", None), "get", None)
    if not callable(get):
        return None
    headers = {name: get(name) for name in ("retry-after-ms", "retry-after")}
    return retry_after_s({name: text for name, text in headers.items() if isinstance(text, str)}, now)


def _status_of(error: BaseException) -> int:
    """The HTTP status that an error of any client carries; 0 for none."""
    for holder in (error, getattr(error, "response", None)):
        for name in ("status_code", "status"):
            status = getattr(holder, name, None)
            if isinstance(status, int) and not isinstance(status, bool):
                return int(status)
    return 0


def _said(error: Exception) -> str:
    from loopai_nb.redaction import mask_text, visible

    text = visible(mask_text(str(error))).strip()
    if len(text) > _MOST_SAID:
        text = f"{text[:_MOST_SAID]}…"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
