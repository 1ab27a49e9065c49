"""Issue 3: a storm costs at most 1.1 times the traffic, and 90% of throughput is back 30 s after it.

Simulated in virtual time with the real Pace and RetryPolicy; see storm.py.
"""

import importlib.util
import random
import sys
from pathlib import Path

import pytest

from loopai_nb.resilience.pace import Pace
from loopai_nb.resilience.retry import RetryPolicy

_SPEC = importlib.util.spec_from_file_location("resilience_storm", Path(__file__).with_name("storm.py"))
storm = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = storm  # its dataclasses look themselves up here
_SPEC.loader.exec_module(storm)

CEILING = 64
STORM_S = 120.0
KINDS = {
    "429": (storm.QUICK_429,),
    "429 with Retry-After": (storm.ASKING_429,),
    "500": (storm.QUICK_500,),
    "503": (storm.QUICK_503,),
    "refused connections": (storm.REFUSED,),
    "everything": (storm.QUICK_429, storm.ASKING_429, storm.QUICK_500, storm.QUICK_503),
}
SIZES = [(2_000, 15.0), (20_000, 60.0)]


def _run(n, *, seed, policy=None, poisonous=frozenset(), ceiling=CEILING, **server):
    rng = random.Random(seed)  # noqa: S311 (a simulation's dice)
    pace = Pace(ceiling=ceiling, random=rng.random)
    return storm.Simulation(n, storm.Server(rng, **server), pace, policy=policy, poisonous=poisonous).run()


def _in_storm(n, begin_s, replies, share, *, seed):
    """What came of a run, and the seconds until 90% of its throughput was back."""
    end_s = begin_s + STORM_S
    asked = _run(n, seed=seed, storms=(storm.Storm(begin_s, end_s, replies, share),))
    assert len(asked.answered_s) == n
    assert asked.most_in_flight <= CEILING
    return asked, asked.recovered_after_s(end_s, asked.per_s(begin_s - 10, begin_s))


@pytest.mark.parametrize("share", [1.0, 0.5, 0.4, 0.3])
@pytest.mark.parametrize("kind", KINDS)
def test_a_storm_costs_a_tenth_at_most_and_is_over_when_it_is_over(kind, share):
    """In storms of every kind and strength all is answered, and fast again within 30 s."""
    for seed in range(2):
        asked, back_s = _in_storm(2_000, 15.0, KINDS[kind], share, seed=seed)

        assert asked.traffic <= 1.1
        assert back_s <= 30.0


@pytest.mark.parametrize(("kind", "share"), [("500", 1.0), ("429", 0.5), ("everything", 0.3)])
def test_a_storm_costs_little_of_much_work(kind, share):
    """What a storm costs is bounded by itself: of 20,000 requests it is less than one in a hundred."""
    asked, back_s = _in_storm(20_000, 60.0, KINDS[kind], share, seed=1)

    assert asked.traffic <= 1.01
    assert back_s <= 30.0


@pytest.mark.parametrize(("n", "begin_s"), SIZES)
def test_a_server_that_hangs_costs_a_tenth_at_most(n, begin_s):
    """Timeouts are known late: all that is in flight is lost, and then no more than the probes."""
    asked, back_s = _in_storm(n, begin_s, (storm.TIMEOUT,), 1.0, seed=1)

    assert asked.traffic <= 1.1
    assert back_s <= 30.0


@pytest.mark.parametrize("share", [0.5, 0.3])
def test_a_server_that_hangs_now_and_then_costs_a_tenth_at_most(share):
    """The same where only a part of the requests hangs."""
    asked, back_s = _in_storm(20_000, 60.0, (storm.TIMEOUT,), share, seed=1)

    assert asked.traffic <= 1.1
    assert back_s <= 30.0


@pytest.mark.parametrize("kind", [*KINDS, "timeouts"])
@pytest.mark.parametrize("n", [1, 5, 20])
def test_a_small_run_ends_when_the_server_is_back(n, kind):
    """Where a tenth is less than one there is no deadlock: all is answered within 30 s after the storm."""
    replies = KINDS.get(kind, (storm.TIMEOUT,))

    asked = _run(n, seed=n, storms=(storm.Storm(0, STORM_S, replies),))

    assert len(asked.answered_s) == n
    assert max(asked.answered_s) <= STORM_S + 30.0
    assert asked.sends - n <= 30 + n  # a first send each, the floor, and a probe every few seconds


@pytest.mark.parametrize("at_once", [1, 2, 3, 5, 10, 20, 40])
def test_a_hidden_limit_in_flight_is_found(at_once):
    """Against a server that refuses more than k at once: most of what it can do, for little more traffic."""
    asked = _run(2_000, seed=1, most_at_once=at_once)
    ideal_per_s = at_once / 1.0

    assert len(asked.answered_s) == 2_000
    assert asked.traffic <= 1.1
    begin_s, end_s = 20.0, max(asked.answered_s) - 5.0
    assert asked.per_s(begin_s, end_s) >= (0.9 if at_once == 1 else 0.65) * ideal_per_s
    limits = [limit for at_s, limit in asked.limits if at_s > begin_s]
    assert max(limits) <= at_once + 2


@pytest.mark.parametrize("refusal", [storm.QUICK_429, storm.ASKING_429])
@pytest.mark.parametrize("per_min", [300, 600])
def test_a_hidden_limit_a_minute_costs_a_tenth_at_most(per_min, refusal):
    """Against a server that lets so many in each minute: nearly all of them, and few refusals."""
    asked = _run(2_000, seed=1, per_min=per_min, refusal=refusal)

    assert len(asked.answered_s) == 2_000
    assert asked.traffic <= 1.1
    assert max(asked.answered_s) <= (2_000 / per_min + 0.5) * 60


@pytest.mark.parametrize("per_min", [300, 600])
def test_a_hidden_flow_costs_a_tenth_at_most(per_min):
    """The same where requests are let in as a flow instead of by the minute."""
    asked = _run(2_000, seed=1, per_min=per_min, steady=True)

    assert len(asked.answered_s) == 2_000
    assert asked.traffic <= 1.1
    assert max(asked.answered_s) <= 1.3 * 2_000 / per_min * 60


def test_a_few_poisonous_requests_slow_nothing():
    """One in a hundred that always fails is given up after its tries; the others don't wait for it."""
    poisonous = frozenset(random.Random(3).sample(range(2_000), 20))  # noqa: S311 (as above)

    asked = _run(2_000, seed=1, policy=RetryPolicy(), poisonous=poisonous)

    assert asked.given_up == 20
    assert len(asked.answered_s) == 1_980
    assert max(asked.answered_s) <= 45.0


def test_one_poisonous_request_does_not_stop_a_small_run():
    """Nineteen of twenty are answered in the time that they take."""
    asked = _run(20, seed=1, policy=RetryPolicy(), poisonous=frozenset({0}))

    assert (asked.given_up, len(asked.answered_s)) == (1, 19)
    assert max(asked.answered_s) <= 5.0


@pytest.mark.parametrize("share", [0.15, 0.3])
def test_a_server_that_fails_for_ever_is_not_hammered(share):
    """All is answered in the end, slowly, with few more sends than its failures make needed."""
    asked = _run(2_000, seed=1, storms=(storm.Storm(0, 1e9, (storm.QUICK_500,), share),))

    assert len(asked.answered_s) == 2_000
    assert asked.traffic <= 1.1 / (1 - share)
    assert asked.sends / max(asked.answered_s) <= 0.1 * CEILING


def test_the_default_tries_are_enough_in_a_storm():
    """With five tries a request at most, a storm of two minutes costs less than one request in a hundred."""
    asked = _run(
        2_000, seed=1, policy=RetryPolicy(), storms=(storm.Storm(15, 135, KINDS["everything"], 0.5),)
    )

    assert asked.given_up <= 20
    assert len(asked.answered_s) + asked.given_up == 2_000


def test_from_start_to_ceiling_takes_a_few_round_trips():
    """A healthy server is at 64 in flight within four round trips, and loses nothing after."""
    asked = _run(2_000, seed=1)

    full_s = next(at_s for at_s, limit in asked.limits if limit == CEILING)
    assert full_s <= 4.0
    assert asked.sends == 2_000


def test_the_same_seed_gives_the_same_storm():
    """Nothing but the seed decides."""
    runs = [_in_storm(2_000, 15.0, KINDS["everything"], 0.5, seed=7)[0] for _ in range(2)]

    assert runs[0].answered_s == runs[1].answered_s
