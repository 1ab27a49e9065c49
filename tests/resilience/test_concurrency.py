import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.resilience.concurrency import Aimd


def _round_trip(aimd, now_s, *, used=None):
    """Send as many as may be (or ``used``), and answer all a second later."""
    n = aimd.limit if used is None else used
    if n >= aimd.limit:
        aimd.filled(now_s)
    for _ in range(n):
        aimd.succeeded(now_s)
    return now_s + 1.0


def test_from_8_to_64_takes_three_round_trips():
    """The climb doubles in a round trip."""
    aimd = Aimd(64, 8)
    limits, now_s = [], 0.0
    for _ in range(4):
        now_s = _round_trip(aimd, now_s)
        limits.append(aimd.limit)

    assert limits == [16, 32, 64, 64]


def test_what_is_not_used_does_not_grow():
    """Answers to four requests at a limit of eight say nothing of nine."""
    aimd = Aimd(64, 8)

    for at_s in range(10):
        _round_trip(aimd, float(at_s), used=4)

    assert aimd.limit == 8


def test_after_congestion_it_grows_by_one_in_a_window():
    """Halved, then one more for as many answers as the limit, at least 20."""
    aimd = Aimd(64, 32)
    assert aimd.congested(1.0, 0.5)
    assert aimd.limit == 16

    aimd.filled(2.0)
    for _ in range(19):
        aimd.succeeded(2.0)
    assert aimd.limit == 16
    aimd.succeeded(2.0)
    assert aimd.limit == 17


def test_one_round_trip_cuts_once():
    """Requests sent before a cut don't cut again; one sent after it does."""
    aimd = Aimd(64, 32)

    cuts = [aimd.congested(1.0 + n / 100, sent_at_s=0.5) for n in range(32)]

    assert cuts.count(True) == 1
    assert aimd.limit == 16
    assert aimd.congested(2.0, sent_at_s=1.5)
    assert aimd.limit == 8
    assert aimd.before == 32


def test_after_a_storm_it_climbs_back():
    """From one to 64 in a few round trips, not in a minute of additive growth."""
    aimd = Aimd(64, 64)
    for at_s in range(10):
        aimd.congested(at_s + 1.0, at_s + 0.5)
    assert aimd.limit == 1

    now_s, round_trips = 20.0, 0
    while aimd.limit < 64:
        now_s = _round_trip(aimd, now_s)
        round_trips += 1

    assert round_trips <= 16


def test_a_restart_begins_small_and_climbs():
    """After an outage: from two, doubling."""
    aimd = Aimd(64, 64)
    aimd.restart(1.0)
    assert (aimd.limit, aimd.before) == (2, 64)

    now_s = 2.0
    for _ in range(5):
        now_s = _round_trip(aimd, now_s)

    assert aimd.limit == 64


def test_a_wait_that_the_server_asked_for_ends_gently():
    """What waited does not go out at once: the half is climbed to."""
    aimd = Aimd(64, 64)

    aimd.congested(1.0, 0.5, held=True)

    assert aimd.limit == 2
    now_s = 2.0
    for _ in range(4):
        now_s = _round_trip(aimd, now_s)
    assert aimd.limit == 32


def test_a_fixed_limit_stays():
    """Neither answers nor failures change it."""
    aimd = Aimd(16, 4, fixed=True)
    assert aimd.limit == 16

    assert not aimd.congested(1.0, 0.5)
    aimd.restart(2.0)
    aimd.at_most(3.0, 1)
    _round_trip(aimd, 4.0)

    assert aimd.limit == 16


@pytest.mark.parametrize(("ceiling", "start"), [(0, 1), (1, 0)])
def test_a_limit_below_one_is_refused(ceiling, start):
    """Nothing could ever be sent."""
    with pytest.raises(ValueError, match="1 or more"):
        Aimd(ceiling, start)


@given(
    st.integers(1, 300),
    st.integers(1, 300),
    st.lists(st.tuples(st.sampled_from(["ok", "cut", "held", "restart", "most", "full"]), st.integers(0, 3))),
)
def test_the_limit_stays_between_one_and_the_ceiling(ceiling, start, acts):
    """Whatever happens in whatever order."""
    aimd, now_s = Aimd(ceiling, start), 0.0
    for act, ago in acts:
        now_s += 0.5
        sent_at_s = now_s - ago
        if act == "ok":
            for _ in range(20):
                aimd.succeeded(sent_at_s)
        elif act == "full":
            aimd.filled(now_s)
        elif act == "restart":
            aimd.restart(now_s)
        elif act == "most":
            aimd.at_most(now_s, ago - 1)
        else:
            aimd.congested(now_s, sent_at_s, held=act == "held")
        assert 1 <= aimd.limit <= ceiling
        assert aimd.before >= aimd.limit
