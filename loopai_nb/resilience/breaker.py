"""The breaker: nothing more is sent to a server that fails, but a probe after growing waits."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ASKS", "Breaker", "BreakerConfig", "BreakerState"]

ASKS = "asks to slow down"
"""Why nothing is sent, in words that follow the server's name."""


class BreakerState(StrEnum):
    """Where a breaker stands. HALF_OPEN: one probe is under way, and its end decides."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF_OPEN"


@dataclass(frozen=True, slots=True)
class BreakerConfig:
    """When to open, and for how long.

    Attributes:
        in_a_row: Failures one after the other that open it; more where more were in flight, because what was
            sent together fails together.
        share: Share of the last ``window`` outcomes that opens it when they failed.
        least: Outcomes that a share needs at least.
        window: Outcomes looked at; and how many an outage is over after.
        unaffordable: Failures among them that open it where the retry budget is empty.
        relapse: Failures that open it again among the first ``window`` outcomes after an outage.
        first_open_s: Seconds; upper bound of the first open time.
        max_open_s: Seconds; upper bound of every open time that the server did not ask for. An outage that
            ends just after a probe is noticed so much later, so it is half of the 30 s in which all has to
            run again.
        probe_s: Seconds after which a probe without an answer is no longer waited for, and another may go.
    """

    in_a_row: int = 5
    share: float = 0.5
    least: int = 10
    window: int = 20
    unaffordable: int = 3
    relapse: int = 3
    first_open_s: float = 1.0
    max_open_s: float = 15.0
    probe_s: float = 30.0


class Breaker:
    """Stops sending to a server that fails, and finds out when it is back.

    CLOSED: all may go. OPEN: nothing until a time. HALF_OPEN: one probe was sent; it closes or opens again.

    Open times are uniform between 0 and a bound that doubles with each opening until an outage is over ("full
    jitter"); a Retry-After is a floor under them. An outage is over when the first ``window`` outcomes after
    a good probe were good enough, not with the probe: in a server where half of the requests fail, half of
    the probes succeed.

    Args:
        random: Uniform in [0, 1).
        config: When, and for how long.
    """

    __slots__ = (
        "_config", "_crowd", "_left", "_opened_at_s", "_outcomes", "_probe", "_probe_due_s", "_random",
        "_streak", "_trips", "reason", "state", "until_s",
    )  # fmt: skip

    def __init__(self, random: Callable[[], float], config: BreakerConfig | None = None) -> None:
        self.state = BreakerState.CLOSED
        self.reason = ""
        self.until_s = -math.inf
        self._config = config or BreakerConfig()
        self._random = random
        self._outcomes: deque[bool] = deque(maxlen=self._config.window)
        self._streak = 0
        self._crowd = 0
        self._trips = 0
        self._left = 0
        self._opened_at_s = -math.inf
        self._probe = 0
        self._probe_due_s = -math.inf

    @property
    def failures(self) -> int:
        """Failures among the last outcomes."""
        return sum(self._outcomes)

    def wait_s(self, now_s: float) -> float:
        """Seconds until a request may be sent, as far as this is the breaker's to say.

        In HALF_OPEN the probe's answer may change it before.
        """
        if self.state is BreakerState.CLOSED:
            return 0.0
        return max(0.0, (self._probe_due_s if self.state is BreakerState.HALF_OPEN else self.until_s) - now_s)

    def sent(self, now_s: float) -> int:
        """Count a request as sent.

        Returns:
            Number of the probe that it is; 0 where it is none.
        """
        if self.state is BreakerState.CLOSED:
            return 0
        self.state = BreakerState.HALF_OPEN
        self._probe += 1
        self._probe_due_s = now_s + self._config.probe_s
        return self._probe

    def succeeded(self, probe: int, *, retry: bool = False) -> None:
        """Count an answer, also one that says no: the server is alive."""
        if self.state is BreakerState.CLOSED:
            self._streak = 0
            if not retry:
                self._outcomes.append(False)
            if self._left:
                self._recover()
        elif self._is_awaited(probe):
            self.state = BreakerState.CLOSED
            self._streak = 0
            self._outcomes.clear()
            self._left = self._config.window

    def failed(
        self, now_s: float, *, probe: int, news: bool, crowd: int, slow_down: bool, asked_s: float, poor: bool
    ) -> bool:
        """Count a failure that is not late.

        Args:
            now_s: Monotonic seconds.
            probe: What ``sent`` returned for it.
            news: Whether it was sent after the last cut of the limit. What was sent before fails with what
                led to the cut, and counts only in a row.
            crowd: The limit on requests in flight.
            slow_down: Whether the server asked to slow down; else it failed.
            asked_s: The server's Retry-After, 0 or more.
            poor: Whether the retry budget is empty.

        Returns:
            Whether it opened the breaker.
        """
        if self.state is BreakerState.CLOSED:
            if self._streak == 0:
                self._crowd = crowd
            self._streak += 1
            if news:
                self._outcomes.append(True)
            if self._left:
                self._recover()
            if not self._is_too_much(poor=poor):
                return False
            self._opened_at_s = now_s
            self._open(now_s, now_s + asked_s, self._words(slow_down=slow_down))
            return True
        if self._is_awaited(probe):
            # Since the probe was sent: one that hung for long has been a wait already.
            sent_at_s = self._probe_due_s - self._config.probe_s
            self._open(sent_at_s, now_s + asked_s, ASKS if slow_down else "is still failing")
            return True
        return False

    def is_late(self, sent_at_s: float, probe: int) -> bool:
        """Whether a request was sent before the last outage began: its failure is a part of it."""
        return sent_at_s <= self._opened_at_s and not self._is_awaited(probe)

    def unsent(self, probe: int) -> None:
        """Take back a request that was never written; another may be the probe."""
        if self._is_awaited(probe):
            self.state = BreakerState.OPEN

    def _is_awaited(self, probe: int) -> bool:
        return self.state is BreakerState.HALF_OPEN and probe == self._probe

    def _is_too_much(self, *, poor: bool) -> bool:
        config = self._config
        # Half of what was in flight: a limit that doubled once too often has as many refused at once.
        if self._streak >= max(config.in_a_row, self._crowd / 2):
            return True
        failures, seen = self.failures, len(self._outcomes)
        return (
            (seen >= config.least and failures >= config.share * seen)
            or (self._left > 0 and failures >= config.relapse)
            or (poor and failures >= config.unaffordable)
        )

    def _recover(self) -> None:
        """Count an outcome after an outage; the outage is over with the last of them."""
        self._left -= 1
        if self._left == 0:
            self._trips = 0

    def _open(self, since_s: float, not_before_s: float, reason: str) -> None:
        config = self._config
        bound_s = min(config.max_open_s, config.first_open_s * 2.0 ** min(self._trips, 32))
        self._trips += 1
        self.state = BreakerState.OPEN
        self.reason = reason
        self.until_s = max(not_before_s, since_s + self._random() * bound_s)

    def _words(self, *, slow_down: bool) -> str:
        if slow_down:
            return ASKS
        failures, seen = self.failures, len(self._outcomes)
        if self._streak > failures:
            failures = seen = self._streak
        return f"is failing ({failures} of the last {seen} requests)"
