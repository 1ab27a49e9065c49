"""A storm of refusals over a running batch: little is sent in vain, and it is soon over.

Counted at a real server in real time; tests/resilience/test_storm.py has hundreds of storms in virtual time.
"""

import time
from dataclasses import dataclass

import pytest

STORMS = {
    "429": "429:none=1",
    "429 with Retry-After": "429:seconds=1",
    "503": "503:none=1",
    "500 and 502": "500=0.5, 502=0.5",
    "everything now and then": "429:ms=0.15, 500=0.15, 503:none=0.1, 529=0.1",
}
MOST_BACK_S = 30.0


@dataclass
class Seen:
    """What the server saw.

    Attributes:
        traffic: Requests for each row.
        before_per_s: Answers a second before the storm.
        in_storm: Requests while it lasted.
        back_s: Seconds after its end until 90% of that were reached, or all was answered.
        statuses: Of the rows.
    """

    traffic: float
    before_per_s: float
    in_storm: int
    back_s: float
    statuses: list


@pytest.mark.parametrize("storm", ["429", pytest.param("500 and 502", marks=pytest.mark.slow)])
def test_a_short_storm_costs_a_tenth_at_most(file_soak, storm):
    """The server is sent no more than a tenth above the work, and every row is answered."""
    seen = _weather(file_soak, STORMS[storm], rows=800, calm_s=1.0, storm_s=2.0)

    assert seen.traffic <= 1.1
    assert set(seen.statuses) == {"answered"}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("storm", STORMS)
def test_a_storm_is_over_when_it_is_over(file_soak, storm):
    """Traffic stays below 1.1 times the work, and 90% of throughput is back within 30 s, at the server."""
    seen = _weather(file_soak, STORMS[storm], rows=8_000, calm_s=8.0, storm_s=15.0)

    file_soak.say(
        f"{seen.traffic:.3f} requests a row; {seen.before_per_s:.0f} answers/s before, {seen.in_storm} "
        f"requests in 15 s of storm, 90% again after {seen.back_s:.1f} s; "
        f"{seen.statuses.count('answered')} of {len(seen.statuses)} rows answered"
    )
    assert seen.traffic <= 1.1
    assert seen.back_s <= MOST_BACK_S
    assert set(seen.statuses) == {"answered"}


def _weather(soak, storm, *, rows, calm_s, storm_s):
    """Map rows, with a storm that begins after so many seconds of answers."""
    server = soak.server
    server.faults(latency_ms=100)
    worker = soak.start("carry_out", mark="s", rows=rows, concurrency=32, fixed=False)
    course = _Course(server, worker)
    course.watch(lambda: server.stats().answered > 0)
    course.watch_s(calm_s)
    before_per_s = course.per_s(min(3.0, calm_s))
    began = server.stats().requests
    server.faults(storm=storm)
    course.watch_s(storm_s)
    server.faults(storm="")
    in_storm, ended_s = server.stats().requests - began, time.monotonic()
    back_s = None
    while worker.code() is None:
        course.watch_s(0.25)
        if back_s is None and time.monotonic() - ended_s > 2 and course.per_s(2.0) >= 0.9 * before_per_s:
            back_s = time.monotonic() - ended_s - 2.0
    assert worker.wait() == 0, worker.said()
    over_s = time.monotonic() - ended_s
    requests = server.stats().requests
    return Seen(
        requests / rows, before_per_s, in_storm, over_s if back_s is None else back_s, worker.words()[-1][1]
    )


class _Course:
    """How many answers the server has given, over time."""

    def __init__(self, server, worker):
        self._server, self._worker = server, worker
        self._points = [(time.monotonic(), 0)]

    def watch(self, true):
        """Look on until it is true, or the worker has ended."""
        while not true() and self._worker.code() is None:
            time.sleep(0.05)
            self._points.append((time.monotonic(), self._server.stats().answered))

    def watch_s(self, for_s):
        """Look on for so many seconds."""
        until_s = time.monotonic() + for_s
        self.watch(lambda: time.monotonic() >= until_s)

    def per_s(self, over_s):
        """Answers a second in the last so many seconds."""
        now_s, now = self._points[-1]
        then_s, then = next(point for point in self._points if point[0] >= now_s - over_s)
        return (now - then) / max(now_s - then_s, 0.05)
