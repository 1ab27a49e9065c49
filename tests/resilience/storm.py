"""A model server, an executor's queue and a clock, all simulated: what Pace and RetryPolicy do in a storm.

Nothing sleeps; a virtual minute costs milliseconds, and the same seed gives the same storm.
"""

import heapq
import math
import random
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from loopai_nb.resilience.pace import Pace
from loopai_nb.resilience.retry import RetryPolicy

TOKENS = 100
TIMEOUT_S = 10.0
_LOOK_S = 0.1


@dataclass(frozen=True)
class Reply:
    """How a request ends, and after how many seconds; status 0 is a timeout or a lost connection."""

    status: int
    after_s: float
    retry_after_s: float | None = None


@dataclass(frozen=True)
class Storm:
    """From ``begin_s`` to ``end_s`` a share of the requests gets one of ``replies``."""

    begin_s: float
    end_s: float
    replies: tuple[Reply, ...]
    share: float = 1.0


QUICK_429 = Reply(429, 0.02)
ASKING_429 = Reply(429, 0.02, retry_after_s=2.0)
QUICK_500 = Reply(500, 0.05)
QUICK_503 = Reply(503, 0.05)
TIMEOUT = Reply(0, TIMEOUT_S)
REFUSED = Reply(0, 0.001)


@dataclass
class Server:
    """A server with a latency, and limits that it announces to nobody.

    ``most_at_once`` requests are worked on, others get 429. ``per_min`` requests are let in: in each minute
    of the clock or, with ``steady``, as a flow.
    """

    rng: random.Random
    latency_s: float = 1.0
    storms: tuple[Storm, ...] = ()
    most_at_once: float = math.inf
    per_min: float = math.inf
    steady: bool = False
    refusal: Reply = QUICK_429
    working: int = 0
    asked: int = 0
    _minute: int = 0
    _let_in: float = 0.0
    _at_s: float = 0.0

    def ask(self, now_s: float) -> Reply:
        """Take in a request."""
        self.asked += 1
        for storm in self.storms:
            if storm.begin_s <= now_s < storm.end_s and self.rng.random() < storm.share:
                return self.rng.choice(storm.replies)
        if self.working >= self.most_at_once or not self._lets_in(now_s):
            return self.refusal
        self.working += 1
        return Reply(200, self.latency_s * (0.5 + self.rng.random()))

    def _lets_in(self, now_s: float) -> bool:
        if self.steady:
            self._let_in = max(0.0, self._let_in - (now_s - self._at_s) * self.per_min / 60)
            self._at_s = now_s
            allowed = self._let_in < max(1.0, self.per_min / 60)
        else:
            if now_s // 60 != self._minute:
                self._minute, self._let_in = now_s // 60, 0.0
            allowed = self._let_in < self.per_min
        self._let_in += allowed
        return allowed


@dataclass
class Asked:
    """What came of a run."""

    n: int
    sends: int = 0
    answered_s: list[float] = field(default_factory=list)
    given_up: int = 0
    most_in_flight: int = 0
    limits: list[tuple[float, int]] = field(default_factory=list)

    @property
    def traffic(self) -> float:
        """Sends for each request of the work."""
        return self.sends / self.n

    def per_s(self, begin_s: float, end_s: float) -> float:
        """Answers a second between two moments."""
        n = bisect_left(self.answered_s, end_s) - bisect_left(self.answered_s, begin_s)
        return n / (end_s - begin_s)

    def recovered_after_s(self, end_s: float, before_per_s: float, over_s: float = 5.0) -> float:
        """Seconds after a moment until 90% of a throughput is reached again, or all is answered."""
        after_s = 0.0
        while end_s + after_s < self.answered_s[-1] - over_s:
            if self.per_s(end_s + after_s, end_s + after_s + over_s) >= 0.9 * before_per_s:
                return after_s
            after_s += 0.5
        return max(0.0, self.answered_s[-1] - end_s)


class Simulation:
    """An executor as far as the time of sends goes: fresh requests, and those that wait to be tried again."""

    def __init__(
        self,
        n: int,
        server: Server,
        pace: Pace,
        *,
        policy: RetryPolicy | None = None,
        poisonous: frozenset[int] = frozenset(),
    ) -> None:
        self.asked = Asked(n)
        self._server = server
        self._pace = pace
        self._policy = policy or RetryPolicy(max_attempts=1_000_000)
        self._fresh = deque((number, 1) for number in range(n))
        self._poisonous = poisonous
        self._later: list[tuple[float, int, int]] = []
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._in_flight = 0
        self._wake_s = math.inf
        self._now_s = 0.0
        self._count = 0

    def run(self, until_s: float = 36_000.0) -> Asked:
        """Go on until nothing is left, or a moment."""
        self._pump()
        while self._events:
            at_s, _, act = heapq.heappop(self._events)
            if at_s > until_s:
                break
            self._now_s = at_s
            act()
            self._pump()
        return self.asked

    def _at(self, at_s: float, act: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (at_s, self._count, act))

    def _pump(self) -> None:
        """Send what may be sent now, retries first, and wake up when more may be."""
        while True:
            due = bool(self._later) and self._later[0][0] <= self._now_s
            waits = [math.inf]
            if due:
                waits.append(self._pace.wait_s(self._now_s, TOKENS, retry=True))
                if waits[-1] == 0:
                    _, number, attempt = heapq.heappop(self._later)
                    self._send(number, attempt)
                    continue
            if self._fresh:
                waits.append(self._pace.wait_s(self._now_s, TOKENS, retry=False))
                if waits[-1] == 0:
                    self._send(*self._fresh.popleft())
                    continue
            break
        wake_s = self._now_s + min(waits)
        if self._later and not due:
            wake_s = min(wake_s, self._later[0][0])
        if wake_s < self._wake_s or self._wake_s <= self._now_s:
            self._wake_s = wake_s
            if wake_s < math.inf:
                self._at(wake_s, self._woken)

    def _woken(self) -> None:
        if self._wake_s <= self._now_s:
            self._wake_s = math.inf

    def _send(self, number: int, attempt: int) -> None:
        permit = self._pace.sent(self._now_s, TOKENS, retry=attempt > 1)
        self.asked.sends += 1
        self._in_flight += 1
        self.asked.most_in_flight = max(self.asked.most_in_flight, self._in_flight)
        if not self.asked.limits or self._now_s >= self.asked.limits[-1][0] + _LOOK_S:
            self.asked.limits.append((self._now_s, self._pace.state(self._now_s).limit))
        reply = QUICK_500 if number in self._poisonous else self._server.ask(self._now_s)
        self._at(self._now_s + reply.after_s, lambda: self._end(permit, number, attempt, reply))

    def _end(self, permit, number: int, attempt: int, reply: Reply) -> None:
        now_s = self._now_s
        self._in_flight -= 1
        if reply.status == 200:
            self._server.working -= 1
            self._pace.answered(now_s, permit, TOKENS // 2, None)
            self.asked.answered_s.append(now_s)
            return
        if reply.status == 0:
            self._pace.failed(now_s, permit)
        else:
            self._pace.refused(
                now_s,
                permit,
                rate_limited=reply.status in {429, 503},
                retry_after_s=reply.retry_after_s,
                limits=None,
            )
        if attempt >= self._policy.max_attempts:
            self.asked.given_up += 1
            return
        delay_s = self._policy.delay_s(min(attempt, 5), reply.retry_after_s, self._server.rng.random)
        heapq.heappush(self._later, (now_s + delay_s, number, attempt + 1))
