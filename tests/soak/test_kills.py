"""Kill -9 at random moments over a running batch: nothing recorded is lost, and nothing sent is uncounted."""

import time
from collections import Counter
from dataclasses import dataclass, field

import pytest

IN_FLIGHT = 16
ROWS = (40, 150, 600)


@dataclass
class Found:
    """What a soak has come to."""

    kills: int = 0
    batches: int = 0
    requests: int = 0
    resent: int = 0
    most_resent: int = 0
    unknown: int = 0
    hit: Counter = field(default_factory=Counter)


def test_a_dozen_kills_lose_nothing(soak):
    """Whatever a kill -9 hits, recorded answers stay as they are, and what is sent twice was counted."""
    assert _soak(soak, kills=12, rows=[40, 150]).kills == 12


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_a_thousand_kills_lose_nothing(soak, kills):
    """The same a thousand times."""
    began_s = time.monotonic()
    found = _soak(soak, kills=kills, rows=ROWS)
    hit = ", ".join(f"{what} {n}" for what, n in found.hit.most_common())
    seconds = time.monotonic() - began_s
    soak.say(
        f"{found.kills} kills in {seconds:.0f} s over {found.batches} batches; they hit {hit};"
        f" {found.requests} requests, {found.resent} sent again ({found.resent / found.kills:.1f} a kill, at "
        f"most {found.most_resent}); {found.unknown} attempts counted MAYBE_PAID; 0 answers lost"
    )


def _soak(soak, *, kills, rows):
    found = Found()
    while found.kills < kills:
        soak.renew()
        soak.server.faults(latency_ms=soak.dice.choice([0, 2, 5, 20]), jitter_ms=soak.dice.choice([0, 10]))
        most = min(kills - found.kills, soak.dice.randint(1, 15))
        _batch(soak, found, soak.dice.choice(rows), most)
        if found.batches % 20 == 0:
            soak.say(f"{found.kills} kills")
    return found


def _batch(soak, found, rows, most):
    """Kill those that work on one batch one after the other, until it is done; then compare everything."""
    kills = resent = asked = 0
    before = soak.place.state()
    while True:
        worker = soak.start("carry_out", mark=f"b{found.batches}", rows=rows, concurrency=IN_FLIGHT)
        if kills < most:
            _wait_for_a_moment(soak, worker, rows, first=not before.runs)
        if kills == most or not worker.kill():
            assert worker.wait() == 0, worker.said()
            break
        kills += 1
        stats, state = soak.course()
        soak.checks.check_kept(before, state)
        again = stats.requests - len(stats.times_asked)
        assert again <= kills * IN_FLIGHT, "more was sent again than was in flight"
        found.most_resent = max(found.most_resent, again - resent)
        found.hit[_what_was_hit(before, state, stats.requests - asked, rows - len(stats.times_asked))] += 1
        before, resent, asked = state, again, stats.requests
    stats, state = soak.course()
    soak.checks.check_done(stats, worker, before, state, rows)
    assert stats.requests - rows <= kills * IN_FLIGHT
    found.kills += kills
    found.batches += 1
    found.requests += stats.requests
    found.resent += stats.requests - rows
    found.unknown += state.unknown


def _wait_for_a_moment(soak, worker, rows, *, first):
    """Wait until a random moment: after so many milliseconds, so many requests, or near the end."""
    server, dice = soak.server, soak.dice
    seen = server.stats().requests
    left = rows - len(server.stats().times_asked)
    kind = dice.random()
    if kind < (0.6 if first else 0.3):  # opening, planning, approving, sweeping, checking
        _wait(worker, lambda: False, dice.uniform(0, 0.25))
    elif kind < 0.8 or left > 100:
        target = seen + dice.randint(1, 60)
        _wait(worker, lambda: server.stats().requests >= target)
        _wait(worker, lambda: False, dice.uniform(0, 0.02))
    else:  # the last answers, the end of the run, closing
        _wait(worker, lambda: len(server.stats().times_asked) >= rows)
        _wait(worker, lambda: False, dice.uniform(0, 0.06))


def _wait(worker, true, most_s=60.0):
    deadline_s = time.monotonic() + most_s
    while not true() and time.monotonic() < deadline_s and worker.code() is None:
        time.sleep(0.001)


def _what_was_hit(before, after, new_requests, unasked):
    """What the worker was at, as far as the ledger and the server tell."""
    if not after.runs:
        return "planning" if after.unfinished or after.requests else "opening"
    if all(run[0] not in {"RUNNING", "PAUSED"} for run in after.runs):
        return "leaving"
    if new_requests:
        return "sending and recording" if unasked else "the last answers"
    return "claiming" if after.held and after.unknown > before.unknown else "taking up"
