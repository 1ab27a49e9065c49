"""How many requests may be in flight: additive increase, multiplicative decrease."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Aimd", "AimdConfig"]


@dataclass(frozen=True, slots=True)
class AimdConfig:
    """How the limit moves.

    Attributes:
        decrease: Share of the limit that is kept on congestion, between 0 and 1.
        window: Answers that one more slot needs at least. Without it a server that takes one request at a
            time would be tried with two after each answer, and refuse every other request.
        clean: Answers in a row without congestion after which a limit far below what went well, or above it,
            climbs fast again. Doubled with each such climb that leads into congestion, up to 16 times as
            many, but for each request in flight no more than this.
        restart: Limit after an outage, and after a wait that the server asked for: what waited goes out at
            once.
    """

    decrease: float = 0.5
    window: int = 20
    clean: int = 8
    restart: int = 2


class Aimd:
    """A limit on requests in flight that finds what the server can take.

    It climbs by one for each answer (doubling in a round trip) until the first congestion, is halved then,
    and grows by one in ``limit`` answers from there on (TCP's slow start and congestion avoidance, RFC 5681).
    Where congestion took it far below what had gone well before, as a storm does, it climbs back fast once
    answers come without congestion; growing by one it would need a minute.

    Only what is used grows: an answer counts when the limit was reached while its request was in flight. And
    only what is news cuts: a request that was sent before the last cut says nothing of the limit after it.

    Args:
        ceiling: Requests in flight at most, 1 or more; never exceeded.
        start: The first limit.
        fixed: Never change; the limit is the ceiling.
        config: How it moves.
    """

    __slots__ = (
        "_before",
        "_ceiling",
        "_clean",
        "_climb_from",
        "_climbing",
        "_config",
        "_credit",
        "_cut_at_s",
        "_fixed",
        "_full_at_s",
        "_good",
        "_learnt",
        "_needed",
        "_target",
        "limit",
    )

    def __init__(
        self, ceiling: int, start: int, *, fixed: bool = False, config: AimdConfig | None = None
    ) -> None:
        if ceiling < 1 or start < 1:
            raise ValueError(f"The limits have to be 1 or more, not {ceiling} and {start}.")
        self.limit = ceiling if fixed else min(start, ceiling)
        self._ceiling = ceiling
        self._config = config or AimdConfig()
        self._fixed = fixed
        self._climbing = True
        self._climb_from = self.limit
        self._target = ceiling
        self._good = ceiling
        self._learnt = False
        self._before = 0
        self._credit = 0
        self._clean = 0
        self._needed = self._config.clean
        self._cut_at_s = -math.inf
        self._full_at_s = -math.inf

    @property
    def ceiling(self) -> int:
        """Requests in flight at most."""
        return self._ceiling

    @property
    def before(self) -> int:
        """The limit that the trouble found which brought it down; the limit itself where there was none."""
        return max(self._before, self.limit)

    def filled(self, now_s: float) -> None:
        """Count that as many are in flight as may be."""
        self._full_at_s = now_s

    def is_news(self, sent_at_s: float) -> bool:
        """Whether a request was sent after the last cut."""
        return sent_at_s > self._cut_at_s

    def succeeded(self, sent_at_s: float) -> None:
        """Count an answer, and grow where that says that more can be taken."""
        if self.limit >= self._ceiling or sent_at_s > self._full_at_s or sent_at_s <= self._cut_at_s:
            return
        self._clean += 1
        if self._climbing:
            self.limit += 1
            self._climbing = self.limit != self._target
            return
        self._credit += 1
        if self._credit >= max(self.limit, self._config.window):
            self._credit = 0
            self.limit += 1
        needed = min(self._needed, self._config.clean * self.limit)
        if self._clean >= needed and not self._good // 2 <= self.limit <= self._good:
            self._climb(self._good if self.limit < self._good else self._ceiling)

    def congested(self, now_s: float, sent_at_s: float, *, held: bool = False) -> bool:
        """Halve the limit, unless it was cut after this request was sent.

        Args:
            now_s: Monotonic seconds.
            sent_at_s: When the request was sent.
            held: Whether nothing is sent for a while, as the server asked: then what is in flight drains, and
                the half is climbed to rather than sent at once.

        Returns:
            Whether it was cut.
        """
        self._clean = 0
        if self._fixed or not self.is_news(sent_at_s):
            return False
        self._remember()
        self._cut(now_s, max(1, int(self.limit * self._config.decrease)))
        if held and self.limit > self._config.restart:
            target, self.limit = self.limit, self._config.restart
            self._climb(target)
        return True

    def at_most(self, now_s: float, limit: int) -> None:
        """Lower the limit to a number, at least 1."""
        if not self._fixed and self.limit > max(1, limit):
            self._cut(now_s, max(1, limit))

    def restart(self, now_s: float) -> None:
        """Begin again from a small limit, as at the start: after an outage the server may be another one."""
        if not self._fixed:
            self._remember()
            self._cut(now_s, min(self.limit, self._config.restart))
            self._good = self._ceiling
            self._learnt = False
            self._needed = self._config.clean
            self._climb(self._ceiling)

    def _cut(self, now_s: float, limit: int) -> None:
        self.limit = limit
        self._climbing = False
        self._credit = 0
        self._cut_at_s = now_s

    def _climb(self, target: int) -> None:
        self._climbing = True
        self._target = target
        self._climb_from = self.limit

    def _remember(self) -> None:
        """Learn from the limit at a cut how much goes well.

        Not from a cut far below what there was: a storm takes any limit down to one, which says nothing of
        what comes after it.
        """
        in_storm = 4 * self.limit < self._before
        if 2 * self.limit > self._before:
            self._before = self.limit
        if not in_storm and (not self._learnt or 2 * self.limit > self._good):
            self._good = self.limit
            self._learnt = True
        if self._climbing and self.limit >= max(8, 2 * self._climb_from):
            self._needed = min(2 * self._needed, 16 * self._config.clean)
