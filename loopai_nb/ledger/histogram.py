"""How latencies are distributed, in a few hundred counted buckets: percentiles within 1%, small, mergeable.

Buckets grow by a constant factor, as in DDSketch (Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable
quantile sketch with relative-error guarantees", VLDB 2019): whatever a bucket holds is told by its middle,
which is at most ``ERROR`` away from it, and two histograms are merged by adding their counts.
"""

from __future__ import annotations

import math
import sys
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from loopai_nb.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["ERROR", "Bucket", "DamagedFigures", "Histogram"]

ERROR = 0.0099
"""Largest relative error of a percentile; a little below 1%, so that a rounded logarithm does no harm."""

_GROWTH = (1 + ERROR) / (1 - ERROR)
_PER_LOG = 1 / math.log(_GROWTH)

_LEAST_MS = 0.01
"""What is below counts as so much: bucket 0."""

_MOST_MS = 1e12
"""What is above counts as so much: thirty years, and fewer than 2,000 buckets."""

_BUCKETS = 2_048
"""More than there are up to then."""

_MANY = 4
"""Histograms from which on it is quicker to add them up as arrays."""

_DTYPES = {"B": "u1", "H": "<u2", "I": "<u4", "Q": "<u8"}
_WIDTHS = "BHIQ"
"""Of the counts in bytes, as ``array`` names them: the narrowest that holds them all is taken."""


class DamagedFigures(LedgerError, ValueError):
    """What the ledger has of latencies is no histogram that was written here; a rebuild makes it anew."""

    def __init__(self) -> None:
        super().__init__(
            "The ledger's figures over time are damaged.",
            "Make them anew from its answers, which are whole: loopai-nb ledger rebuild",
        )


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of latencies.

    Attributes:
        from_ms: Above this many milliseconds.
        to_ms: Up to so many.
        count: How many there are.
    """

    from_ms: float
    to_ms: float
    count: int


class Histogram:
    """Counts of latencies (milliseconds) by bucket."""

    __slots__ = ("_counts",)

    def __init__(self, values_ms: Iterable[float] = ()) -> None:
        self._counts: dict[int, int] = {}
        self.add_all(values_ms)

    def add(self, ms: float) -> None:
        """Count one latency; what is negative or no number counts as 0."""
        self.add_all((ms,))

    def add_all(self, values_ms: Iterable[float]) -> None:
        """Count many; as ``add`` does, in less time."""
        counts, log, ceil = self._counts, math.log, math.ceil
        for ms in values_ms:
            bucket = ceil(log(min(ms, _MOST_MS) / _LEAST_MS) * _PER_LOG) if ms > _LEAST_MS else 0
            counts[bucket] = counts.get(bucket, 0) + 1

    def merge(self, other: Histogram) -> None:
        """Count all that the other one has as well."""
        counts = self._counts
        for bucket, n in other._counts.items():
            counts[bucket] = counts.get(bucket, 0) + n

    def merge_bytes(self, data: bytes) -> None:
        """Count all that the histogram has that ``to_bytes`` wrote.

        Raises:
            DamagedFigures: It is nothing of the kind.
        """
        counts = self._counts
        for bucket, n in _read(data):
            counts[bucket] = counts.get(bucket, 0) + n

    def merge_all(self, parts: Sequence[bytes]) -> None:
        """Count all that many histograms have that ``to_bytes`` wrote; some ten times as fast as one by one.

        Raises:
            DamagedFigures: One is nothing of the kind.
        """
        if len(parts) < _MANY:
            for data in parts:
                self.merge_bytes(data)
            return
        import numpy as np

        total = np.zeros(_BUCKETS, np.int64)
        for given in parts:
            data = bytes(given)
            letter = data[:1].decode("latin-1")
            dtype = _DTYPES.get(letter.upper())
            try:
                if letter.islower() and dtype is not None:
                    counts = np.frombuffer(data, dtype, offset=3)
                    first = data[1] | data[2] << 8
                    total[first : first + len(counts)] += counts
                else:
                    self.merge_bytes(data)
            except (IndexError, TypeError, ValueError):  # one unlike any that is written here
                self.merge_bytes(data)
        found = self._counts
        for place in np.flatnonzero(total).tolist():
            found[place] = found.get(place, 0) + int(total[place])

    @property
    def count(self) -> int:
        """How many latencies it holds."""
        return sum(self._counts.values())

    def percentile(self, share: float) -> float | None:
        """The latency (milliseconds) that a share of all, 0 to 1, is not above: nearest rank, within 1%.

        None where there is none. What is below 0.01 ms is told as that.
        """
        return self.percentiles((share,))[0]

    def percentiles(self, shares: Sequence[float]) -> list[float | None]:
        """Several at once; see ``percentile``."""
        places = sorted(self._counts)
        if not places:
            return [None] * len(shares)
        ranks = list(accumulate(self._counts[place] for place in places))
        wanted = [max(1, math.ceil(share * ranks[-1] - 1e-9)) for share in shares]
        return [_middle(places[bisect_left(ranks, rank)]) for rank in wanted]

    def buckets(self, most: int = 60) -> list[Bucket]:
        """The distribution in at most so many stretches, from the first that holds anything to the last."""
        if not self._counts:
            return []
        first, last = min(self._counts), max(self._counts)
        together = -((last - first + 1) // -most)
        found = []
        for start in range(first, last + 1, together):
            end = min(start + together, last + 1)
            n = sum(self._counts.get(bucket, 0) for bucket in range(start, end))
            found.append(Bucket(_upper(start - 1), _upper(end - 1), n))
        return found

    def to_bytes(self) -> bytes:
        """In a compact form, which ``from_bytes`` reads.

        Where most buckets of a stretch hold something: a small letter, the first bucket and all counts in
        order. Else a capital letter, the buckets that do, and their counts. The letter tells a count's width.
        """
        places = sorted(self._counts)
        if not places:
            return b"B"
        counts = [self._counts[place] for place in places]
        most = max(counts)
        width = next(code for code in _WIDTHS if most < 1 << 8 * array(code).itemsize)
        size, span = array(width).itemsize, places[-1] - places[0] + 1
        if 2 + span * size > len(places) * (2 + size):
            return width.encode() + _packed("H", places) + _packed(width, counts)
        dense = [0] * span
        for place, n in zip(places, counts, strict=True):
            dense[place - places[0]] = n
        return width.lower().encode() + _packed("H", places[:1]) + _packed(width, dense)

    def added_to(self, data: bytes) -> bytes:
        """What ``to_bytes`` wrote of another one, with all that this one has as well.

        What is recorded goes this way: in the common case without taking the other one apart.

        Raises:
            DamagedFigures: It wrote nothing of the kind.
        """
        width, dense, _ = _form(data)
        if dense and self._counts:
            first = data[1] | data[2] << 8
            counts = _unpacked(width, data[3:])
            try:
                if min(self._counts) >= first:
                    for place, n in self._counts.items():
                        counts[place - first] += n
                    return data[:3] + _packed(width, counts)
            except (IndexError, OverflowError):
                pass  # a bucket beyond, or a count too wide
        together = Histogram.from_bytes(data)
        together.merge(self)
        return together.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Histogram:
        """What ``to_bytes`` wrote.

        Raises:
            DamagedFigures: It is nothing of the kind.
        """
        made = cls()
        made._counts = dict(_read(data))
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Histogram) and self._counts == other._counts

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        return f"Histogram({self.count} latencies)"


def _form(data: bytes) -> tuple[str, bool, int]:
    """How wide a count is, whether they are of a whole stretch, and how many there are."""
    letter = chr(data[0]) if len(data) else " "
    width = letter.upper()
    if width not in _WIDTHS:
        raise DamagedFigures
    dense = letter != width
    n, rest = divmod(len(data) - (3 if dense else 1), array(width).itemsize + (0 if dense else 2))
    if rest or n < 0:
        raise DamagedFigures
    return width, dense, n


def _read(data: bytes) -> Iterable[tuple[int, int]]:
    width, dense, n = _form(data)
    if dense:
        counts = _unpacked(width, data[3:])
        return [(place, n) for place, n in enumerate(counts, data[1] | data[2] << 8) if n]
    return zip(_unpacked("H", data[1 : 1 + 2 * n]), _unpacked(width, data[1 + 2 * n :]), strict=True)


def _upper(bucket: int) -> float:
    """The largest latency of a bucket, milliseconds."""
    if bucket < 0:
        return 0.0
    return _LEAST_MS * math.exp(bucket / _PER_LOG)


def _middle(bucket: int) -> float:
    """What is told of a bucket: as far from its lower end as from its upper one, relatively."""
    return _upper(bucket) * (1 - ERROR) if bucket else _LEAST_MS


def _packed(width: str, numbers: Iterable[int]) -> bytes:
    packed = array(width, numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _unpacked(width: str, data: bytes) -> array[int]:
    numbers = array(width)
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
