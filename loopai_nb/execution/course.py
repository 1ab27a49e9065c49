"""How a run went over time: answers and their latencies in slices, in bounded memory for any length."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field

__all__ = ["Course", "Lately", "Point"]

_MOST_SLICES = 120
_FIRST_SLICE_S = 0.5
_RECENT_S = 10.0
_RECENT_ANSWERS = 200

_GROWTH = 1.04
_LOG_GROWTH = math.log(_GROWTH)
"""Of the latencies' buckets: a percentile is right within 2%."""


@dataclass(slots=True)
class _Slice:
    """Answers of one stretch of time; latencies by bucket, of which there are a few hundred at most."""

    answers: int = 0
    buckets: dict[int, int] = field(default_factory=dict)

    def add(self, other: _Slice) -> None:
        self.answers += other.answers
        for bucket, n in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + n

    def percentile(self, share: float) -> float | None:
        """Nearest rank, in milliseconds; None of no answers."""
        left = int(share * self.answers) + 1
        for bucket in sorted(self.buckets):
            left -= self.buckets[bucket]
            if left <= 0:
                return math.exp((bucket + 0.5) * _LOG_GROWTH)
        return None


@dataclass(frozen=True, slots=True)
class Point:
    """One stretch of a run.

    Attributes:
        at_s: Its end, seconds since the run was taken up here.
        per_s: Answers a second.
        p50_ms: Median latency; None without an answer.
        p95_ms: 95th percentile.
    """

    at_s: float
    per_s: float
    p50_ms: float | None
    p95_ms: float | None


@dataclass(frozen=True, slots=True)
class Lately:
    """How fast it goes lately: in the last 10 seconds, or in as many as the last 200 answers took.

    Attributes:
        per_s: Answers a second; 0 where there are none yet.
        p50_ms: Median latency; None without an answer.
        p95_ms: 95th percentile.
    """

    per_s: float
    p50_ms: float | None
    p95_ms: float | None


class Course:
    """Takes in answers as they come; any thread may ask how it went.

    Time is what the caller says it is, from 0, never less than before. Where the slices become too many, two
    become one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._width_s = _FIRST_SLICE_S
        self._slices: list[_Slice] = []

    def answered(self, at_s: float, latency_ms: float) -> None:
        """Take in one answer."""
        bucket = round(math.log(max(latency_ms, 0.01)) / _LOG_GROWTH - 0.5)
        with self._lock:
            found = self._at(at_s)
            found.answers += 1
            found.buckets[bucket] = found.buckets.get(bucket, 0) + 1

    def points(self, now_s: float) -> list[Point]:
        """Every stretch until now, in order; the last one is not over yet."""
        with self._lock:
            self._at(now_s)
            width_s, last = self._width_s, len(self._slices) - 1
            said = []
            for i, one in enumerate(self._slices):
                end_s = now_s if i == last else (i + 1) * width_s
                took_s = end_s - i * width_s
                per_s = one.answers / took_s if took_s > 0 else 0.0
                said.append(Point(end_s, per_s, one.percentile(0.5), one.percentile(0.95)))
            return said

    def lately(self, now_s: float) -> Lately:
        """How fast it goes lately."""
        with self._lock:
            self._at(now_s)
            recent, begin_s = _Slice(), now_s
            for i in range(len(self._slices) - 1, -1, -1):
                recent.add(self._slices[i])
                begin_s = i * self._width_s
                if now_s - begin_s >= _RECENT_S and recent.answers >= _RECENT_ANSWERS:
                    break
            took_s = now_s - begin_s
            per_s = recent.answers / took_s if took_s > 0 else 0.0
            return Lately(per_s, recent.percentile(0.5), recent.percentile(0.95))

    def _at(self, at_s: float) -> _Slice:
        """The slice of a moment, with all before it."""
        while at_s >= _MOST_SLICES * self._width_s:
            for i in range(0, len(self._slices) - 1, 2):
                self._slices[i].add(self._slices[i + 1])
            self._slices = self._slices[::2]
            self._width_s *= 2
        while len(self._slices) <= at_s / self._width_s:
            self._slices.append(_Slice())
        # An answer may be told a moment late, never early.
        return self._slices[int(at_s / self._width_s)]
