import math

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from loopai_nb.records import RateLimits
from loopai_nb.resilience.breaker import BreakerState
from loopai_nb.resilience.pace import Pace
from loopai_nb.resilience.retry import RETRY_AFTER_MAX_S


def _pace(**options):
    return Pace(**{"random": lambda: 1.0, **options})


def _send(pace, now_s=0.0, *, tokens=100, retry=False):
    assert pace.wait_s(now_s, tokens, retry=retry) == 0
    return pace.sent(now_s, tokens, retry=retry)


def _broken(now_s=0.0):
    pace = _pace()
    for permit in [_send(pace, now_s) for _ in range(5)]:
        pace.refused(now_s, permit, rate_limited=False)
    assert pace.state(now_s).breaker is BreakerState.OPEN
    return pace


def test_it_starts_with_eight_in_flight():
    """The ninth waits for the end of another one, for which there is no time."""
    pace = _pace()
    permits = [_send(pace) for _ in range(8)]
    assert pace.wait_s(0.0, 100, retry=False) == math.inf

    pace.answered(1.0, permits[0], 50)

    state = pace.state(1.0)
    assert (state.in_flight, state.limit, state.ceiling) == (7, 9, 32)
    assert (state.held_s, state.reason) == (0, "")


def test_sending_without_asking_is_refused_at_the_ceiling():
    """Nobody can pass the ceiling by mistake."""
    pace = _pace(ceiling=1)
    _send(pace)

    with pytest.raises(RuntimeError, match="without asking"):
        pace.sent(0.0, 100, retry=False)


def test_a_permit_ends_once():
    """Ending it again changes nothing, so that a finally may take back what was not sent."""
    pace = _pace()
    permit, other = _send(pace), _send(pace)
    pace.answered(1.0, permit, 50)

    pace.unsent(permit)
    pace.failed(1.0, permit)
    pace.refused(1.0, permit, rate_limited=True, retry_after_s=9.0)
    pace.rejected(1.0, permit)
    pace.answered(1.0, permit, 50)

    assert pace.state(1.0).in_flight == 1
    assert pace.wait_s(1.0, 100, retry=False) == 0
    pace.unsent(other)
    assert pace.state(1.0).in_flight == 0


def test_a_retry_after_holds_everybody():
    """Nothing goes before the time that the server asked for, and it says why."""
    pace = _pace()
    pace.refused(0.0, _send(pace), rate_limited=True, retry_after_s=7.0)

    state = pace.state(0.0)
    assert (state.held_s, state.reason) == (7.0, "asks to slow down")
    assert (state.limit_before, state.limit) == (8, 2)
    assert pace.wait_s(6.0, 100, retry=False) == 1.0
    assert pace.wait_s(7.0, 100, retry=False) == 0


@pytest.mark.parametrize(
    ("asked_s", "held_s"),
    [(math.nan, 0.0), (-5.0, 0.0), (math.inf, RETRY_AFTER_MAX_S), (1e9, RETRY_AFTER_MAX_S)],
)
def test_no_retry_after_holds_for_ever(asked_s, held_s):
    """ATTACKS 38: what is no time holds nothing, and what is too long is clamped."""
    pace = _pace()

    pace.refused(0.0, _send(pace), rate_limited=True, retry_after_s=asked_s)

    assert pace.wait_s(0.0, 100, retry=False) == held_s


def test_a_single_500_slows_nothing():
    """One poisonous request is no trouble of the server."""
    pace = _pace()

    pace.refused(0.0, _send(pace), rate_limited=False)

    assert pace.state(0.0).limit == 8
    assert pace.wait_s(0.0, 100, retry=False) == 0


def test_server_errors_in_numbers_halve_the_limit():
    """Five among the last twenty are congestion, four are not."""
    pace = _pace(start=16)
    limits = []
    for at_s in range(5):
        permits = [_send(pace, at_s) for _ in range(3)]
        pace.refused(at_s + 0.1, permits[0], rate_limited=False)
        limits.append(pace.state(at_s + 0.1).limit)
        pace.answered(at_s + 0.2, permits[1], 50)
        pace.answered(at_s + 0.3, permits[2], 50)

    assert limits == [16, 16, 16, 16, 8]


def test_a_failing_server_is_left_alone_and_probed():
    """Open with a reason; then one probe; its answer lets two go, and more from there on."""
    pace = _broken()
    state = pace.state(0.0)
    assert (state.held_s, state.reason) == (1.0, "is failing (5 of the last 5 requests)")
    assert pace.wait_s(0.0, 100, retry=False) == 1.0

    probe = _send(pace, 1.0)
    assert pace.state(1.0).breaker is BreakerState.HALF_OPEN
    assert pace.wait_s(1.0, 100, retry=False) > 0
    pace.answered(2.0, probe, 50)

    assert pace.state(2.0).breaker is BreakerState.CLOSED
    assert pace.state(2.0).limit == 2


def test_a_fresh_request_is_the_probe_before_one_that_failed():
    """A request that fails for reasons of its own does not keep a good server closed."""
    pace = _broken()

    assert pace.wait_s(1.0, 100, retry=False) == 0
    assert pace.wait_s(1.0, 100, retry=True) == 0.25
    assert pace.wait_s(1.25, 100, retry=True) == 0


def test_an_answer_that_helps_nobody_is_a_sign_of_life():
    """A 400 as the probe's answer closes the breaker."""
    pace = _broken()

    pace.rejected(2.0, _send(pace, 1.0))

    assert pace.state(2.0).breaker is BreakerState.CLOSED


def test_what_was_lost_before_an_outage_does_not_open_it_again():
    """Timeouts of requests sent before the outage come after it, and are a part of it."""
    pace = _pace()
    hung = [_send(pace, 0.0) for _ in range(3)]
    for permit in [_send(pace, 0.0) for _ in range(5)]:
        pace.refused(0.0, permit, rate_limited=True)
    pace.answered(2.0, _send(pace, 1.0), 50)

    for permit in hung:
        pace.failed(30.0, permit)

    assert pace.state(30.0).breaker is BreakerState.CLOSED


def test_a_retry_waits_where_the_budget_is_empty():
    """Fresh requests go on; what failed waits for answers or for the trickle."""
    pace = _pace()
    for _ in range(11):
        pace.refused(0.0, _send(pace, retry=True), rate_limited=False)
        pace.answered(0.0, _send(pace), 50)

    assert pace.wait_s(0.0, 100, retry=False) == 0
    assert 0 < pace.wait_s(0.0, 100, retry=True) <= 10.0
    assert pace.wait_s(10.0, 100, retry=True) == 0


def test_rate_limits_of_the_user_are_kept_and_said():
    """60 a minute: six at once, then one a second."""
    pace = _pace(ceiling=64, start=64, requests_per_min=60)
    for _ in range(6):
        _send(pace)

    state = pace.state(0.0)
    assert state.held_s == pytest.approx(1.0)
    assert state.reason == "has a rate limit of 60 requests a minute"


def test_rate_limits_of_the_server_are_learnt():
    """An answer that says that nothing is left holds the next one until something is."""
    pace = _pace()
    limits = RateLimits(tokens_limit=1000, tokens_remaining=0, tokens_reset_s=3.0)

    pace.answered(1.0, _send(pace), 50, limits)

    assert pace.wait_s(1.0, 100, retry=False) == 3.0
    assert pace.state(1.0).reason == "has a rate limit of 1,000 tokens"


def test_what_was_not_sent_is_given_back():
    """A cancelled request takes no slot, no request and no tokens of the minute."""
    pace = _pace(requests_per_min=10, tokens_per_min=1000)

    for _ in range(50):
        pace.unsent(_send(pace))

    assert pace.state(0.0).in_flight == 0
    assert pace.wait_s(0.0, 100, retry=False) == 0


def test_a_fixed_pace_keeps_its_limit():
    """Congestion changes nothing where the user wants so many."""
    pace = _pace(ceiling=16, fixed=True)

    pace.refused(0.0, _send(pace), rate_limited=True)

    assert pace.state(0.0).limit == 16


class AnyOrder(RuleBasedStateMachine):
    """Requests, ends of every kind and pauses, in any order."""

    def __init__(self):
        super().__init__()
        self.now_s = 1_000_000.0
        self.permits = []

    @initialize(
        ceiling=st.integers(1, 40),
        start=st.integers(1, 20),
        fixed=st.booleans(),
        per_min=st.none() | st.floats(1, 1000),
        jitter=st.floats(0, 1, exclude_max=True),
    )
    def begin(self, ceiling, start, fixed, per_min, jitter):
        """A pace of any kind."""
        self.ceiling = ceiling
        self.pace = Pace(
            ceiling=ceiling, start=start, fixed=fixed, requests_per_min=per_min, random=lambda: jitter
        )

    @rule(retry=st.booleans(), tokens=st.integers(0, 10_000), n=st.integers(1, 20))
    def send(self, retry, tokens, n):
        """Where there is nothing to wait for it may be sent; in an outage it is the only probe then."""
        for _ in range(n):
            wait_s = self.pace.wait_s(self.now_s, tokens, retry=retry)
            assert wait_s >= 0
            if wait_s == math.inf:
                assert self.permits
            if wait_s > 0:
                return
            was_closed = self.pace.state(self.now_s).breaker is BreakerState.CLOSED
            self.permits.append(self.pace.sent(self.now_s, tokens, retry=retry))
            if not was_closed:
                assert self.permits[-1].probe
                assert self.pace.wait_s(self.now_s, tokens, retry=retry) > 0

    @rule(
        which=st.integers(0, 100),
        end=st.sampled_from(["answered", "refused", "limited", "failed", "rejected", "unsent"]),
        retry_after_s=st.none() | st.floats(),
        remaining=st.none() | st.integers(0, 100),
        n=st.integers(1, 20),
        again=st.booleans(),
    )
    def end(self, which, end, retry_after_s, remaining, n, again):
        """Any end of any request, some of them twice."""
        limits = None if remaining is None else RateLimits(100, remaining, 2.0, 100, remaining, 2.0)
        for _ in range(min(n, len(self.permits))):
            permit = self.permits.pop(which % len(self.permits))
            for _ in range(1 + again):
                if end == "answered":
                    self.pace.answered(self.now_s, permit, 10, limits)
                elif end == "failed":
                    self.pace.failed(self.now_s, permit)
                elif end == "rejected":
                    self.pace.rejected(self.now_s, permit)
                elif end == "unsent":
                    self.pace.unsent(permit)
                else:
                    self.pace.refused(
                        self.now_s,
                        permit,
                        rate_limited=end == "limited",
                        retry_after_s=retry_after_s,
                        limits=limits,
                    )

    @rule(seconds=st.floats(0, 100))
    def pause(self, seconds):
        """Time goes by."""
        self.now_s += seconds

    @rule(tokens=st.integers(0, 10_000), retry=st.booleans())
    def drain(self, tokens, retry):
        """With nothing in flight, some waiting always ends in a send: no deadlock."""
        for permit in self.permits:
            self.pace.unsent(permit)
        self.permits.clear()
        for _ in range(20):
            wait_s = self.pace.wait_s(self.now_s, tokens, retry=retry)
            assert math.isfinite(wait_s)
            if wait_s == 0:
                return
            self.now_s += wait_s
        raise AssertionError("it never goes")

    @invariant()
    def counts(self):
        """What is in flight is what was sent and has not ended."""
        if hasattr(self, "pace"):
            state = self.pace.state(self.now_s)
            assert state.in_flight == len(self.permits) <= self.ceiling
            assert 1 <= state.limit <= self.ceiling
            assert state.held_s >= 0
            assert math.isfinite(state.held_s)
            assert state.retries_left >= 0
            assert state.breaker is BreakerState.CLOSED or state.reason


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
