from loopai_nb.resilience.breaker import Breaker, BreakerState


def _fail(
    breaker, now_s=0.0, *, times=1, probe=0, crowd=8, slow_down=False, asked_s=0.0, poor=False, news=True
):
    opened = False
    for _ in range(times):
        opened = breaker.failed(
            now_s, probe=probe, news=news, crowd=crowd, slow_down=slow_down, asked_s=asked_s, poor=poor
        )
    return opened


def _opened(random=lambda: 1.0):
    breaker = Breaker(random)
    assert _fail(breaker, times=5)
    return breaker


def test_one_poisonous_request_does_not_open_it():
    """A single request that fails on each of its five tries, among others that don't."""
    breaker = Breaker(lambda: 1.0)
    for _ in range(5):
        assert not _fail(breaker)
        for _ in range(8):
            breaker.succeeded(0)

    assert breaker.state is BreakerState.CLOSED
    assert breaker.wait_s(0.0) == 0


def test_failures_in_a_row_open_it():
    """Five without an answer between them, and it says so in words."""
    breaker = Breaker(lambda: 1.0)
    assert not _fail(breaker, times=4)
    assert _fail(breaker)

    assert breaker.state is BreakerState.OPEN
    assert breaker.reason == "is failing (5 of the last 5 requests)"
    assert breaker.wait_s(0.0) == 1.0


def test_what_was_sent_together_may_be_refused_together():
    """Where 40 are in flight, five refusals in a row are one overshoot, and twenty are not."""
    breaker = Breaker(lambda: 1.0)

    assert not _fail(breaker, times=19, crowd=40, news=False)
    assert _fail(breaker, crowd=40, news=False)


def test_a_share_of_failures_opens_it():
    """Half of the last outcomes, of which there are ten."""
    breaker = Breaker(lambda: 1.0)
    for _ in range(5):
        breaker.succeeded(0)
        opened = _fail(breaker)

    assert opened
    assert breaker.reason == "is failing (5 of the last 10 requests)"


def test_few_failures_open_it_where_no_retry_can_be_paid():
    """Three among the last outcomes, with an empty retry budget."""
    rich, poor = Breaker(lambda: 1.0), Breaker(lambda: 1.0)
    for breaker in (rich, poor):
        for _ in range(17):
            breaker.succeeded(0)

    assert not _fail(rich, times=3)
    assert _fail(poor, times=3, poor=True)


def test_a_server_that_asks_to_slow_down_is_said_to():
    """Sustained 429s open it like failures, in other words."""
    breaker = Breaker(lambda: 1.0)
    _fail(breaker, times=5, slow_down=True)

    assert breaker.reason == "asks to slow down"


def test_a_retry_after_is_a_floor():
    """No jitter opens it for less than what the server asked for."""
    breaker = Breaker(lambda: 0.0)
    _fail(breaker, times=5, asked_s=20.0)

    assert breaker.wait_s(0.0) == 20.0


def test_a_good_probe_closes_it():
    """One request goes when the time is over; its answer lets all go."""
    breaker = _opened()
    assert breaker.wait_s(1.0) == 0

    probe = breaker.sent(1.0)
    assert breaker.state is BreakerState.HALF_OPEN
    assert breaker.wait_s(1.5) > 0
    breaker.succeeded(probe)

    assert breaker.state is BreakerState.CLOSED


def test_open_times_double_to_their_cap():
    """1, 2, 4, 8 and then 15 s, as upper bounds of the jitter."""
    breaker, now_s, waits_s = _opened(), 0.0, []
    for _ in range(6):
        waits_s.append(breaker.wait_s(now_s))
        now_s += waits_s[-1]
        _fail(breaker, now_s, probe=breaker.sent(now_s))

    assert waits_s == [1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
    assert breaker.reason == "is still failing"


def test_a_probe_that_hung_has_been_a_wait_already():
    """The next open time counts from its sending."""
    breaker = _opened()
    probe = breaker.sent(1.0)

    _fail(breaker, 2.5, probe=probe)

    assert breaker.wait_s(2.5) == 0.5


def test_a_probe_without_an_end_is_not_waited_for_for_ever():
    """After 30 s another one may go, and the first one's end no longer counts."""
    breaker = _opened()
    lost = breaker.sent(1.0)
    assert breaker.wait_s(31.0) == 0

    probe = breaker.sent(31.0)
    _fail(breaker, 32.0, probe=lost)
    assert breaker.state is BreakerState.HALF_OPEN
    breaker.succeeded(probe)

    assert breaker.state is BreakerState.CLOSED


def test_a_probe_that_was_not_sent_leaves_room_for_another():
    """Taken back, it does not count as one."""
    breaker = _opened()

    breaker.unsent(breaker.sent(1.0))

    assert breaker.state is BreakerState.OPEN
    assert breaker.wait_s(1.0) == 0


def test_an_outage_is_over_after_a_window_of_good_answers_not_with_the_probe():
    """Three failures soon after a good probe open it again, for longer; after twenty outcomes they don't."""
    breaker = _opened()
    breaker.succeeded(breaker.sent(1.0))
    assert _fail(breaker, 2.0, times=3)
    assert breaker.wait_s(2.0) == 2.0

    breaker.succeeded(breaker.sent(4.0))
    for _ in range(20):
        breaker.succeeded(0)
    assert not _fail(breaker, 5.0, times=3)
    assert _fail(breaker, 5.0, times=2)
    assert breaker.wait_s(5.0) == 1.0


def test_what_was_sent_before_an_outage_is_late():
    """Its failure belongs to the outage, also when it comes after it; a probe's never does."""
    breaker = _opened()
    probe = breaker.sent(0.0)

    assert breaker.is_late(-1.0, 0)
    assert not breaker.is_late(0.0, probe)
    assert not breaker.is_late(0.5, 0)
    assert not Breaker(lambda: 1.0).is_late(0.0, 0)


def test_an_answer_to_an_old_request_does_not_close_it():
    """What was let in before the outage says nothing of now."""
    breaker = _opened()

    breaker.succeeded(0)

    assert breaker.state is BreakerState.OPEN
