"""How many requests may be sent a second time: a tenth of the answers, and a trickle."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BudgetConfig", "RetryBudget"]


@dataclass(frozen=True, slots=True)
class BudgetConfig:
    """How much more than the work itself may be sent.

    The idea is Finagle's ``RetryBudget`` and gRPC's retry throttling (gRFC A6).

    Attributes:
        share: Retries that one answer pays for; 0.1 bounds the traffic at 1.1 times the work.
        floor: Retries that need no answer before them; a run of five rows has no tenth.
        most: Retries saved up at most, so that an hour of health does not buy a storm.
        trickle_per_s: Retries a second that come back without answers, up to the floor: work never stops for
            ever.
    """

    share: float = 0.1
    floor: float = 10.0
    most: float = 500.0
    trickle_per_s: float = 0.1


class RetryBudget:
    """Counts what answers pay in and failures take out.

    A failure is charged when it happens, not when it is sent again: while a storm lasts, its debt is known
    before more first sends have failed too. It never falls below zero; what a long outage costs beyond that
    was slowed down by the breaker's growing waits.

    Args:
        config: How much.
        now_s: Monotonic seconds.
    """

    __slots__ = ("_balance", "_config", "_filled_at_s")

    def __init__(self, config: BudgetConfig | None = None, *, now_s: float = 0.0) -> None:
        self._config = config or BudgetConfig()
        self._balance = self._config.floor
        self._filled_at_s = now_s

    def earn(self) -> None:
        """Count an answer."""
        config = self._config
        balance = self._balance + config.share
        self._balance = min(config.most, balance)

    def spend(self, now_s: float) -> None:
        """Count a failure, which makes one more send."""
        self._balance = max(0.0, self.left(now_s) - 1.0)

    def left(self, now_s: float) -> float:
        """Retries that may still be sent, 0 or more."""
        since_s = now_s - self._filled_at_s
        self._filled_at_s = now_s
        if since_s > 0 and self._balance < self._config.floor:
            self._balance = min(self._config.floor, self._balance + since_s * self._config.trickle_per_s)
        return self._balance

    def wait_s(self, now_s: float) -> float:
        """Seconds until a retry may be sent if no answer comes before; 0 where it may go now."""
        if self._balance >= 1.0:
            return 0.0
        missing = 1.0 - self.left(now_s)
        # A trickle that falls short of one by a rounding error is one, or the rest would be waited for again.
        return max(missing / self._config.trickle_per_s, _SHORTEST_WAIT_S) if missing > _ROUNDING else 0.0


_ROUNDING = 1e-9
_SHORTEST_WAIT_S = 0.001
