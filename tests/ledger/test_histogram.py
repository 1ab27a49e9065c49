import contextlib
import itertools
import math
import random
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.ledger.histogram import DamagedFigures, Histogram

SHARES = (0.0, 0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0)

TAILED = st.one_of(
    st.floats(0.01, 1e9),
    # Pareto's distribution with its heaviest tails, and steps far apart from each other.
    st.floats(0.001, 0.999).map(lambda u: 20.0 * u**-2),
    st.sampled_from([0.01, 1.0, 49.999, 50.0, 50.001, 3_600_000.0]),
)


def exact(values, share):
    """The nearest rank."""
    return sorted(values)[max(0, math.ceil(share * len(values) - 1e-9) - 1)]


@given(st.lists(TAILED, min_size=1, max_size=300), st.sampled_from(SHARES))
def test_percentiles_are_within_one_percent(values, share):
    """On heavy-tailed data each percentile is at most 1% from the exact one."""
    assert Histogram(values).percentile(share) == pytest.approx(exact(values, share), rel=0.01)


def test_percentiles_of_many_are_within_one_percent():
    """Of twenty thousand log-normal and Pareto latencies as of three."""
    draw = random.Random(6)  # noqa: S311  (data, not secrets)
    values = [
        draw.lognormvariate(5, 1.5) if draw.random() < 0.9 else 100 * draw.paretovariate(0.8)
        for _ in range(20_000)
    ]
    found = Histogram(values)
    assert found.count == len(values)
    for share in SHARES:
        assert found.percentile(share) == pytest.approx(exact(values, share), rel=0.01)


@given(st.lists(st.lists(TAILED, max_size=50), max_size=5))
def test_merged_is_as_if_counted_together(parts):
    """The order and the parts in which latencies come change nothing."""
    merged = Histogram()
    for part in parts:
        merged.merge(Histogram(part))
    assert merged == Histogram([value for part in parts for value in part])


@given(st.dictionaries(st.floats(0.01, 1e7), st.sampled_from([1, 255, 256, 65_536, 2**33]), max_size=20))
def test_bytes_give_back_what_was_counted(values):
    """A histogram outlives the bytes it is stored as, whatever its counts."""
    found = Histogram(values)
    for bucket, times in zip(list(found._counts), values.values(), strict=False):
        found._counts[bucket] = times
    assert Histogram.from_bytes(found.to_bytes()) == found


@given(
    st.lists(st.lists(TAILED | st.floats(100, 300), max_size=40), min_size=1, max_size=6),
    st.sampled_from([1, 255, 65_535]),
)
def test_added_to_bytes_is_merged(parts, times):
    """What is added to a histogram's bytes is as if both had been merged, also where counts grow wide."""
    stored, merged = Histogram(parts[0]), Histogram(parts[0])
    for _ in range(times.bit_length()):
        merged.merge(Histogram.from_bytes(merged.to_bytes()))
    data = merged.to_bytes()
    for part in parts[1:]:
        data = Histogram(part).added_to(data)
        merged.merge(Histogram(part))
    assert Histogram.from_bytes(data) == merged
    told = Histogram([5.0])
    told.merge_bytes(data)
    told.merge_bytes(stored.to_bytes())
    assert told.count == 1 + merged.count + stored.count


@given(st.lists(st.lists(TAILED | st.floats(100, 300), max_size=40), max_size=12))
def test_many_are_merged_as_one_by_one(parts):
    """Whatever their forms, many at once come to what they come to one after the other."""
    one_by_one, at_once = Histogram([7.0]), Histogram([7.0])
    stored = [Histogram(part).to_bytes() for part in parts]
    for data in stored:
        one_by_one.merge_bytes(data)
    at_once.merge_all(stored)
    assert at_once == one_by_one
    with pytest.raises(DamagedFigures):
        at_once.merge_all([*stored, *[b"?"] * 9])


def test_hardly_anything_takes_hardly_any_bytes():
    """One latency takes four bytes, and twenty thousand between 20 ms and 10 s under eight hundred."""
    assert len(Histogram([120.0]).to_bytes()) == 4
    draw = random.Random(6)  # noqa: S311  (data, not secrets)
    assert len(Histogram(draw.uniform(20, 10_000) for _ in range(10_000)).to_bytes()) < 800


def test_odd_latencies_are_counted():
    """Nothing that a clock may give is lost or stops anything."""
    odd = Histogram([0.0, -1.0, math.nan, 1e-9, math.inf, sys.float_info.max])
    assert odd.count == 6
    assert odd.percentile(0.5) == 0.01
    assert odd.percentile(1) == pytest.approx(1e12, rel=0.01)
    assert Histogram.from_bytes(odd.to_bytes()) == odd
    assert Histogram().percentile(0.5) is None


@given(st.lists(TAILED, min_size=1, max_size=100), st.integers(1, 60))
def test_buckets_hold_all_in_order(values, most):
    """A chart's buckets follow each other without a gap and hold every latency."""
    buckets = Histogram(values).buckets(most)
    assert 1 <= len(buckets) <= most
    assert sum(bucket.count for bucket in buckets) == len(values)
    assert all(a.to_ms == b.from_ms for a, b in itertools.pairwise(buckets))
    assert buckets[0].from_ms <= min(values)
    assert max(values) <= buckets[-1].to_ms * (1 + 1e-9)


@pytest.mark.parametrize("data", [b"", b"x", b"b", b"B\x01", b"l\x01\x00" + bytes(8), b"h\x01\x00\x01"])
def test_other_bytes_are_refused(data):
    """What is no histogram is not read as one, nor added to, and it is said how to mend it."""
    for read in (Histogram.from_bytes, Histogram([5.0]).added_to):
        with pytest.raises(DamagedFigures, match=r"damaged.*loopai-nb ledger rebuild"):
            read(data)


@given(st.binary(max_size=30), st.sampled_from(["", "b", "h", "i", "q", "B", "H", "I", "Q"]))
def test_whatever_the_bytes_are(data, letter):
    """Damaged bytes are a histogram or said to be damaged, and never another error."""
    data = letter.encode() + data
    for read in (Histogram.from_bytes, Histogram([5.0]).added_to, lambda b: Histogram().merge_all([b] * 9)):
        with contextlib.suppress(DamagedFigures):
            read(data)
