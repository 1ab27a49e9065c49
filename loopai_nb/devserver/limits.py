"""How much a server takes: rates a minute with their headers, and places for what is worked on at once."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.devserver.settings import Settings

__all__ = ["Places", "RateLimits"]

Headers = list[tuple[bytes, bytes]]


class _Bucket:
    """One rate: refilled evenly, holding some seconds' worth (one unit at least)."""

    def __init__(self, per_minute: int, burst_s: float, now_s: float) -> None:
        self.per_minute = per_minute
        self.per_s = per_minute / 60
        self.size = max(1.0, self.per_s * burst_s)
        self.level = self.size
        self._at_s = now_s

    def fill(self, now_s: float) -> None:
        self.level = min(self.size, self.level + max(0.0, now_s - self._at_s) * self.per_s)
        self._at_s = now_s

    def wait_s(self, amount: float) -> float:
        """Return the seconds until an amount is there; infinite where it never is."""
        if amount > self.size:
            return math.inf
        return max(0.0, amount - self.level) / self.per_s

    def full_s(self) -> float:
        return (self.size - self.level) / self.per_s


class RateLimits:
    """Requests and tokens a minute; used from the server's loop.

    Args:
        settings: Its rates.
        clock: Seconds, monotonic.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._style = settings.rate_headers
        rates = {"requests": settings.requests_per_minute, "tokens": settings.tokens_per_minute}
        self._buckets = {
            name: _Bucket(rate, settings.rate_burst_s, clock()) for name, rate in rates.items() if rate
        }

    def admit(self, tokens: int) -> tuple[str, float] | None:
        """Take one request and its tokens, or nothing at all.

        Returns:
            None; or the rate that lacks (``requests``, ``tokens``) and the seconds until it would do,
            infinite for a request that is larger than the limit.
        """
        if not self._buckets:
            return None
        amounts = {"requests": 1, "tokens": tokens}
        for bucket in self._buckets.values():
            bucket.fill(self._clock())
        wait_s, name = max((bucket.wait_s(amounts[name]), name) for name, bucket in self._buckets.items())
        if wait_s > 0:
            return name, wait_s
        for name, bucket in self._buckets.items():
            bucket.level -= amounts[name]
        return None

    def retry_after(self, wait_s: float) -> Headers:
        """Return when to ask again, in seconds and milliseconds as OpenAI does; none where never."""
        if self._style == "none" or math.isinf(wait_s):
            return []
        return [
            (b"retry-after", str(max(1, math.ceil(wait_s))).encode()),
            (b"retry-after-ms", str(max(1, math.ceil(wait_s * 1000))).encode()),
        ]

    def headers(self) -> Headers:
        """Return what is left of each rate, and when it is full again."""
        headers: Headers = []
        for name, bucket in self._buckets.items():
            limit, left = str(bucket.per_minute), str(max(0, math.floor(bucket.level)))
            if self._style in {"openai", "both"}:
                values = {"limit": limit, "remaining": left, "reset": go_duration(bucket.full_s())}
                headers += [(f"x-ratelimit-{k}-{name}".encode(), v.encode()) for k, v in values.items()]
            if self._style in {"anthropic", "both"}:
                full = datetime.now(UTC) + timedelta(seconds=bucket.full_s())
                values = {"limit": limit, "remaining": left, "reset": full.strftime("%Y-%m-%dT%H:%M:%SZ")}
                headers += [
                    (f"anthropic-ratelimit-{name}-{k}".encode(), v.encode()) for k, v in values.items()
                ]
        return headers


def go_duration(seconds: float) -> str:
    """Return a duration as OpenAI's headers write it: ``20ms``, ``1.5s``, ``6m0s``."""
    if seconds < 1:
        return f"{math.ceil(seconds * 1000)}ms"
    minutes, rest = divmod(round(seconds, 3), 60)
    return (f"{int(minutes)}m" if minutes else "") + f"{rest:.3f}".rstrip("0").rstrip(".") + "s"


class Places:
    """Places for what is worked on at once; who finds none waits, first come first served."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._waiting: deque[asyncio.Future[None]] = deque()
        self.taken = 0

    async def take(self) -> None:
        """Wait for a place; ``give`` must follow."""
        if not self._size or (self.taken < self._size and not self._waiting):
            self.taken += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        await turn

    def give(self) -> None:
        """Leave the place to the next."""
        self.taken -= 1
        self._wake()

    def resize(self, size: int) -> None:
        """Change how many there are, 0 for no limit; from any thread."""
        self._size = size
        for turn in list(self._waiting)[:1]:
            turn.get_loop().call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        while self._waiting and (not self._size or self.taken < self._size):
            turn = self._waiting.popleft()
            if not turn.done():
                # Counted here, not when the waiter wakes: a newcomer must not slip in between.
                self.taken += 1
                turn.set_result(None)
