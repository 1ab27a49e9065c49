"""Requests and tokens a minute: what a user set, and what a server says is left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from loopai_nb.resilience.limits import rate_limits
from loopai_nb.resilience.retry import RETRY_AFTER_MAX_S

if TYPE_CHECKING:
    from loopai_nb.records import RateLimits

__all__ = ["RateLimiter", "rate_limits"]

_BURST = 0.1
"""Share of a minute's allowance that may be used at once: no minute sees more than 1.1 times its limit."""

_SHORTEST_WAIT_S = 0.001
"""A wait below what a clock can tell would be asked for again and again."""

_ROUNDING = 1e-6


class _Bucket:
    """A token bucket: ``per_min`` flow in steadily, a burst of them can be kept."""

    __slots__ = ("_at_s", "_capacity", "_level", "_per_s", "per_min")

    def __init__(self, per_min: float, least: float) -> None:
        self.per_min = per_min
        self._per_s = per_min / 60.0
        self._capacity = max(per_min * _BURST, least)
        self._level = self._capacity
        self._at_s = -math.inf

    def wait_s(self, now_s: float, amount: float) -> float:
        # What is larger than the bucket goes when it is full, and leaves a debt that others wait for.
        needed = min(amount, self._capacity)
        missing = needed - self._fill(now_s)
        if missing <= _ROUNDING * needed:
            return 0.0
        return max(missing / self._per_s, _SHORTEST_WAIT_S)

    def take(self, now_s: float, amount: float) -> None:
        self._level = self._fill(now_s) - amount

    def put_back(self, amount: float) -> None:
        self._level = min(self._level + amount, self._capacity)

    def _fill(self, now_s: float) -> float:
        if now_s > self._at_s:
            self._level = min(self._capacity, self._level + (now_s - self._at_s) * self._per_s)
            self._at_s = now_s
        return self._level


class _Quota:
    """What a server said is left until a moment; nothing is known after it."""

    __slots__ = ("_left", "_until_s", "limit")

    def __init__(self) -> None:
        self.limit: int | None = None
        self._left = math.inf
        self._until_s = -math.inf

    def learn(self, left: float, until_s: float, limit: int | None) -> None:
        self._left, self._until_s, self.limit = left, until_s, limit

    def wait_s(self, now_s: float, amount: float) -> float:
        if now_s >= self._until_s or self._left >= amount:
            return 0.0
        return max(self._until_s - now_s, _SHORTEST_WAIT_S)

    def take(self, amount: float) -> None:
        self._left -= amount


class RateLimiter:
    """Limits on requests and tokens a minute.

    What a user set is a steady flow with a burst of a tenth of a minute. What a server says it has left is
    counted down until the moment at which it is free again: it only ever makes the wait longer. The two are
    kept apart, so that nothing a server says loosens what a user set.

    Args:
        requests_per_min: At most; None for no limit.
        tokens_per_min: At most; None for no limit.

    Raises:
        ValueError: A limit that is no positive number.
    """

    __slots__ = ("_quotas", "_requests", "_tokens", "is_bound")

    def __init__(self, requests_per_min: float | None = None, tokens_per_min: float | None = None) -> None:
        for per_min in (requests_per_min, tokens_per_min):
            if per_min is not None and not (per_min > 0 and math.isfinite(per_min)):
                raise ValueError(f"A rate limit has to be a positive number a minute, not {per_min}.")
        self._requests = None if requests_per_min is None else _Bucket(requests_per_min, least=1.0)
        self._tokens = None if tokens_per_min is None else _Bucket(tokens_per_min, least=0.0)
        self._quotas: tuple[_Quota, _Quota] | None = None  # of requests and of tokens
        self.is_bound = not (self._requests is None and self._tokens is None)
        """Whether there is any limit; where there is none, nothing else has to be called."""

    def wait_s(self, now_s: float, tokens: int) -> float:
        """Seconds until a request of so many tokens may be sent; 0 where it may go now."""
        wait_s = 0.0
        if self._requests is not None:
            wait_s = self._requests.wait_s(now_s, 1.0)
        if self._tokens is not None:
            wait_s = max(wait_s, self._tokens.wait_s(now_s, tokens))
        if self._quotas is not None:
            requests, asked = self._quotas
            wait_s = max(wait_s, requests.wait_s(now_s, 1.0), asked.wait_s(now_s, tokens))
        return wait_s

    def take(self, now_s: float, tokens: int) -> None:
        """Count a request that is sent, with the tokens that are reserved for it."""
        if self._requests is not None:
            self._requests.take(now_s, 1.0)
        if self._tokens is not None:
            self._tokens.take(now_s, tokens)
        if self._quotas is not None:
            self._quotas[0].take(1.0)
            self._quotas[1].take(tokens)

    def settle(self, tokens_reserved: int, tokens_used: int) -> None:
        """Give back what was reserved too much, or take what was reserved too little."""
        if self._tokens is not None:
            self._tokens.put_back(tokens_reserved - tokens_used)

    def give_back(self, tokens_reserved: int) -> None:
        """Give all back of a request that was not sent."""
        if self._requests is not None:
            self._requests.put_back(1.0)
        if self._tokens is not None:
            self._tokens.put_back(tokens_reserved)
        if self._quotas is not None:
            self._quotas[0].take(-1.0)
            self._quotas[1].take(-tokens_reserved)

    def learn(
        self, now_s: float, limits: RateLimits, *, requests_since: int = 0, tokens_since: int = 0
    ) -> None:
        """Take in what a server said, the newest in place of what it said before.

        Args:
            now_s: Monotonic seconds.
            limits: As it said.
            requests_since: Requests sent after the one that it said it to, which it did not count yet.
            tokens_since: Tokens of these.
        """
        if self._quotas is None:
            self._quotas = (_Quota(), _Quota())
            self.is_bound = True
        requests, tokens = self._quotas
        if limits.requests_remaining is not None and (reset_s := _valid_s(limits.requests_reset_s)) > 0:
            left = limits.requests_remaining - requests_since
            requests.learn(left, now_s + reset_s, limits.requests_limit)
        if limits.tokens_remaining is not None and (reset_s := _valid_s(limits.tokens_reset_s)) > 0:
            tokens.learn(limits.tokens_remaining - tokens_since, now_s + reset_s, limits.tokens_limit)

    def words(self, now_s: float, tokens: float) -> str:
        """The limit that a request of so many tokens waits for, in words."""
        waits: list[tuple[float, str]] = []
        for bucket, kind in ((self._requests, "requests"), (self._tokens, "tokens")):
            if bucket is not None:
                wanted = 1.0 if kind == "requests" else tokens
                waits.append((bucket.wait_s(now_s, wanted), f"{bucket.per_min:,g} {kind} a minute"))
        for quota, kind in zip(self._quotas or (), ("requests", "tokens"), strict=False):
            said = kind if quota.limit is None else f"{quota.limit:,} {kind}"
            waits.append((quota.wait_s(now_s, 1.0 if kind == "requests" else tokens), said))
        return f"rate limit of {max(waits)[1]}" if waits else "rate limit"


def _valid_s(reset_s: float | None) -> float:
    return 0.0 if reset_s is None or not reset_s > 0 else min(reset_s, RETRY_AFTER_MAX_S)
