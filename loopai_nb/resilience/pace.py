"""Pace: when a request may be sent to one model server, for all who share it."""

from __future__ import annotations

import math
import random as _random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.resilience.breaker import ASKS, Breaker, BreakerState
from loopai_nb.resilience.budget import RetryBudget
from loopai_nb.resilience.concurrency import Aimd
from loopai_nb.resilience.rate import RateLimiter
from loopai_nb.resilience.retry import RETRY_AFTER_MAX_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.records import RateLimits

__all__ = ["Pace", "PaceState", "Permit"]

_IN_NUMBERS = 5
"""Server errors among the last 20 outcomes that count as congestion; fewer are their requests' own."""


_FRESH_FIRST_S = 0.25
"""Seconds that a fresh request has to be the probe before one that failed already."""


@dataclass(slots=True)
class Permit:
    """One request that was let go; handed back with its end, which counts once.

    Attributes:
        sent_at_s: Monotonic seconds.
        tokens: Reserved for it: prompt and longest answer.
        retry: Whether it was sent before.
        probe: Number of the probe it is; 0 where it is none.
        number: Requests let go before it and with it.
        tokens_before: Tokens of all of these.
        is_open: Whether its end was not counted yet.
    """

    sent_at_s: float
    tokens: int
    retry: bool
    probe: int
    number: int
    tokens_before: int
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class PaceState:
    """How things stand with a server, for people to see.

    Attributes:
        in_flight: Requests being sent.
        limit: Of these at most, now.
        limit_before: The limit that the last trouble found ("in flight 32 -> 4").
        ceiling: Of these at most, ever.
        breaker: Its state.
        held_s: Seconds before which nothing is sent; 0 where it is free or only an answer frees it.
        reason: Why, in words that follow the server's name (``"asks to slow down"``, ``"is failing (5 of the
            last 6 requests)"``, ``"has a rate limit of 500 requests a minute"``); "" where ``held_s`` is 0
            and the breaker is closed.
        retries_left: Retries that the budget still has.
    """

    in_flight: int
    limit: int
    limit_before: int
    ceiling: int
    breaker: BreakerState
    held_s: float
    reason: str
    retries_left: int


class Pace:
    """Decides when the next request may be sent to one server; shared by all runs that ask it.

    It joins the limit in flight (:class:`Aimd`), the rate limits (:class:`RateLimiter`), the breaker
    (:class:`Breaker`) and the retry budget (:class:`RetryBudget`). It knows no clock and never waits: ask
    ``wait_s``, call ``sent`` where that is 0, and hand the permit back with exactly one of ``answered``,
    ``refused``, ``failed``, ``rejected`` and ``unsent``. Ending a permit again does nothing, so that a
    ``finally`` may call ``unsent``. Not for several threads.

    Each failure makes one more send, so failures are kept below a tenth of the answers (and a floor of 10).
    Where a server goes on failing a larger share, every request answered and 1.1 times the traffic cannot
    both be had: then it pauses between small tries, with waits that grow to 15 s, rather than hammer; all is
    answered in the end, slowly.

    What it doesn't find: a limit a minute of which the server says nothing, and which a single request at a
    time already exceeds. It is met with the same pauses; ``requests_per_min`` is the remedy.

    Args:
        ceiling: Requests in flight at most.
        start: The first limit, which grows up to the ceiling.
        fixed: Keep the limit at the ceiling.
        requests_per_min: At most, if given; a server's own limits only tighten it.
        tokens_per_min: As above.
        random: Uniform in [0, 1), for jitter.
        rate: Of another pace of the same server, which has another ceiling; in place of the limits above.
        breaker: Of that other pace.
    """

    def __init__(
        self,
        *,
        ceiling: int = 32,
        start: int = 8,
        fixed: bool = False,
        requests_per_min: float | None = None,
        tokens_per_min: float | None = None,
        random: Callable[[], float] = _random.random,
        rate: RateLimiter | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self._aimd = Aimd(ceiling, start, fixed=fixed)
        self._rate = rate or RateLimiter(requests_per_min, tokens_per_min)
        self._breaker = breaker or Breaker(random)
        self._budget = RetryBudget()
        self._in_flight = 0
        self._held_until_s = -math.inf
        self._sent = 0
        self._tokens_sent = 0
        self._wanted_tokens = 1

    @property
    def rate(self) -> RateLimiter:
        """The server's rate limits, which its paces share."""
        return self._rate

    @property
    def breaker(self) -> Breaker:
        """The server's breaker, which its paces share."""
        return self._breaker

    @property
    def limit(self) -> int:
        """Requests in flight at most, now."""
        return self._aimd.limit

    def wait_s(self, now_s: float, tokens: int, *, retry: bool) -> float:
        """Seconds until a request may be sent.

        Args:
            now_s: Monotonic seconds; never less than before.
            tokens: Of its prompt and its longest answer; 0 where nobody counts them.
            retry: Whether it was sent before.

        Returns:
            0 where it may be sent now. Infinity where only the end of another one can change it. Else ask
            again after so long, or after the next end: an answer may bring it forward.
        """
        if self._breaker.state is not BreakerState.CLOSED:
            return self._wait_for_probe_s(now_s, tokens, retry=retry)
        if self._in_flight >= self._aimd.limit:
            return math.inf
        wait_s = self._held_until_s - now_s if self._held_until_s > now_s else 0.0
        if self._rate.is_bound:
            wait_s = max(wait_s, self._rate.wait_s(now_s, tokens))
            self._wanted_tokens = tokens  # for state(): a small request may go where this one waits
        if retry:
            wait_s = max(wait_s, self._budget.wait_s(now_s))
        return wait_s

    def _wait_for_probe_s(self, now_s: float, tokens: int, *, retry: bool) -> float:
        # What is still in flight from before the outage does not stand in the probe's way, but the ceiling
        # does. The retry budget does not: where all that is left was sent before, nothing would ever go.
        if self._in_flight >= self._aimd.ceiling:
            return math.inf
        # A request that failed before may fail for reasons of its own; a fresh one says more, and goes first.
        wait_s = self._breaker.wait_s(now_s - _FRESH_FIRST_S if retry else now_s)
        return max(wait_s, self._held_until_s - now_s, self._rate.wait_s(now_s, tokens))

    def sent(self, now_s: float, tokens: int, *, retry: bool) -> Permit:
        """Count a request as sent. Only where ``wait_s`` was 0 at this time.

        Raises:
            RuntimeError: As many as the ceiling are in flight.
        """
        in_flight = self._in_flight + 1
        if in_flight >= self._aimd.limit:
            if in_flight > self._aimd.ceiling:
                raise RuntimeError("A request was sent without asking wait_s.")
            self._aimd.filled(now_s)
        self._in_flight = in_flight
        self._sent += 1
        self._tokens_sent += tokens
        if self._rate.is_bound:
            self._rate.take(now_s, tokens)
        return Permit(now_s, tokens, retry, self._breaker.sent(now_s), self._sent, self._tokens_sent)

    def answered(
        self, now_s: float, permit: Permit, tokens_used: int | None, limits: RateLimits | None = None
    ) -> None:
        """Count an answer.

        Args:
            now_s: Monotonic seconds.
            permit: Of its request.
            tokens_used: As the server counted; None where it did not say.
            limits: What the server said of its limits.
        """
        if not permit.is_open:
            return
        permit.is_open = False
        self._in_flight -= 1
        self._aimd.succeeded(permit.sent_at_s)
        self._breaker.succeeded(permit.probe, retry=permit.retry)
        self._budget.earn()
        if tokens_used is not None and self._rate.is_bound:
            self._rate.settle(permit.tokens, tokens_used)
        if limits is not None:
            self._learn(now_s, permit, limits)

    def rejected(self, now_s: float, permit: Permit, limits: RateLimits | None = None) -> None:
        """Count an answer that helps nobody (a 4xx of its own, an invalid answer): the server is alive."""
        if self._end(permit):
            self._breaker.succeeded(permit.probe, retry=permit.retry)
            self._budget.earn()
            if limits is not None:
                self._learn(now_s, permit, limits)

    def refused(
        self,
        now_s: float,
        permit: Permit,
        *,
        rate_limited: bool,
        retry_after_s: float | None = None,
        limits: RateLimits | None = None,
    ) -> None:
        """Count a deferral.

        Args:
            now_s: Monotonic seconds.
            permit: Of its request.
            rate_limited: The server said that it is too much (429, 503, 529); else it failed (500, 502, 504).
            retry_after_s: As asked; nobody is asked for so long, at most 300 s.
            limits: What the server said of its limits.
        """
        if self._end(permit):
            asked_s = _valid_s(retry_after_s)
            self._held_until_s = max(self._held_until_s, now_s + asked_s)
            self._count_failure(now_s, permit, slow_down=rate_limited, timeout=False, asked_s=asked_s)
            if limits is not None:
                self._learn(now_s, permit, limits)

    def failed(self, now_s: float, permit: Permit) -> None:
        """Count a request without an answer: refused connection, reset, timeout."""
        if self._end(permit):
            self._count_failure(now_s, permit, slow_down=False, timeout=True, asked_s=0.0)

    def unsent(self, permit: Permit) -> None:
        """Give all back of a request of which nothing was written."""
        if self._end(permit):
            self._breaker.unsent(permit.probe)
            if self._rate.is_bound:
                self._rate.give_back(permit.tokens)

    def dropped(self, permit: Permit) -> None:
        """Count a request that was cancelled in flight: it says nothing of the server, and took its share."""
        if self._end(permit):
            self._breaker.unsent(permit.probe)

    def state(self, now_s: float) -> PaceState:
        """How things stand."""
        breaker = self._breaker
        held_s = self.wait_s(now_s, self._wanted_tokens, retry=False)
        if breaker.state is BreakerState.HALF_OPEN or not math.isfinite(held_s):
            held_s = 0.0  # the end of what is under way decides, and that has no time
        if breaker.state is not BreakerState.CLOSED:
            reason = breaker.reason
        elif held_s <= 0:
            reason = ""
        elif self._held_until_s > now_s:
            reason = ASKS
        else:
            reason = f"has a {self._rate.words(now_s, self._wanted_tokens)}"
        return PaceState(
            in_flight=self._in_flight,
            limit=self._aimd.limit,
            limit_before=self._aimd.before,
            ceiling=self._aimd.ceiling,
            breaker=breaker.state,
            held_s=held_s,
            reason=reason,
            retries_left=int(self._budget.left(now_s)),
        )

    def _end(self, permit: Permit) -> bool:
        was_open, permit.is_open = permit.is_open, False
        self._in_flight -= was_open
        return was_open

    def _count_failure(
        self, now_s: float, permit: Permit, *, slow_down: bool, timeout: bool, asked_s: float
    ) -> None:
        aimd, breaker = self._aimd, self._breaker
        self._budget.spend(now_s)
        if breaker.is_late(permit.sent_at_s, permit.probe):
            return
        left = self._budget.left(now_s)
        news = aimd.is_news(permit.sent_at_s) and (slow_down or timeout or not permit.retry)
        opened = breaker.failed(
            now_s,
            probe=permit.probe,
            news=news,
            crowd=aimd.limit,
            slow_down=slow_down,
            asked_s=asked_s,
            poor=left < 1.0,
        )
        if opened:
            aimd.restart(now_s)
        elif slow_down or timeout or breaker.failures >= _IN_NUMBERS:
            aimd.congested(now_s, permit.sent_at_s, held=asked_s > 0)
            if timeout:
                # This news is old: what was sent meanwhile may fail too, and has to be affordable.
                aimd.at_most(now_s, int(left) // 2)

    def _learn(self, now_s: float, permit: Permit, limits: RateLimits) -> None:
        # What the server counted when it took this request in knows nothing of what was sent after it.
        self._rate.learn(
            now_s,
            limits,
            requests_since=self._sent - permit.number,
            tokens_since=self._tokens_sent - permit.tokens_before,
        )


def _valid_s(retry_after_s: float | None) -> float:
    if retry_after_s is None or not retry_after_s > 0:  # also NaN
        return 0.0
    return min(retry_after_s, RETRY_AFTER_MAX_S)
