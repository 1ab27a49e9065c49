import random
import statistics

import pytest

from loopai_nb.execution.course import Course


def test_percentiles_are_right_within_two_percent():
    """Of latencies in buckets, the median and the 95th percentile are those of the latencies themselves."""
    course, chance = Course(), random.Random(3)  # noqa: S311  (chance)
    latencies = [chance.lognormvariate(5.0, 0.8) for _ in range(5_000)]
    for latency_ms in latencies:
        course.answered(2.0, latency_ms)

    lately = course.lately(4.0)

    exact = statistics.quantiles(latencies, n=20)
    assert lately.p50_ms == pytest.approx(exact[9], rel=0.03)
    assert lately.p95_ms == pytest.approx(exact[18], rel=0.03)


def test_lately_forgets_what_was_long_ago():
    """Rate and latencies are of the last ten seconds, where there were enough answers in them."""
    course = Course()
    for i in range(20_000):
        course.answered(i / 200, 900.0 if i < 10_000 else 100.0)

    lately = course.lately(100.0)

    assert lately.p95_ms == pytest.approx(100.0, rel=0.03)
    assert lately.per_s == pytest.approx(200.0, rel=0.1)


def test_a_slow_server_has_a_rate_too():
    """Where an answer takes half a minute, the rate is of all that there were."""
    course = Course()
    for i in range(1, 11):
        course.answered(30.0 * i, 30_000.0)

    assert course.lately(300.0).per_s == pytest.approx(1 / 30, rel=0.1)


def test_before_the_first_answer_nothing_is_known():
    """Without an answer there are no latencies, and the rate is 0."""
    lately = Course().lately(0.0)

    assert (lately.per_s, lately.p50_ms, lately.p95_ms) == (0.0, None, None)
    assert Course().points(3.0)[0].p50_ms is None


@pytest.mark.parametrize("hours", [0.01, 1, 100])
def test_a_long_run_has_as_few_points_as_a_short_one(hours):
    """However long it takes, there are 120 points at most, and every answer is in one of them."""
    course, length_s = Course(), hours * 3600
    for i in range(1_000):
        course.answered(i / 1_000 * length_s, 50.0)

    points = course.points(length_s)

    assert 1 < len(points) <= 121
    assert [point.at_s for point in points] == sorted(point.at_s for point in points)
    begins = [0.0, *(point.at_s for point in points)]
    answers = sum(point.per_s * (point.at_s - begin) for point, begin in zip(points, begins, strict=False))
    assert answers == pytest.approx(1_000)
