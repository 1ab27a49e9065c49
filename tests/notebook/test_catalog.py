"""What Tab knows: fetched in threads, kept for a while, never waited for long."""

from __future__ import annotations

import threading

import pytest

from loopai_nb.notebook.catalog import FAILED_S, FRESH_S, GIVES_UP_S, Catalog


class Clock:
    """Seconds that go on when they are told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        """What time it is."""
        return self.now_s


class Source:
    """Something that answers when it is let, with what it has then."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.lets = threading.Event()
        self.lets.set()
        self.asked = 0

    def __call__(self) -> list[str]:
        """Answer, or wait until it may."""
        self.asked += 1
        self.lets.wait(60)
        return list(self.names)


@pytest.fixture
def clock() -> Clock:
    """The catalog's time."""
    return Clock()


@pytest.fixture
def catalog(clock) -> Catalog:
    """One that knows nothing yet."""
    return Catalog(clock)


def one(catalog: Catalog, source: Source, where: str = "db") -> list[str]:
    """What is known of one source."""
    return catalog.names(where, {"tables": source})["tables"]


def test_a_slow_source_does_not_hold_tab_up(catalog, until):
    """What does not arrive in time is left out, and is there at a later Tab; it is asked for once."""
    late = Source("late")
    late.lets.clear()
    assert one(catalog, late) == []
    assert one(catalog, late) == []
    late.lets.set()
    until(lambda: one(catalog, late) == ["late"])
    assert late.asked == 1


def test_what_is_known_is_offered_while_it_is_asked_for_anew(catalog, clock, until):
    """After its time it is old, and better than nothing while the database does not answer."""
    source = Source("old")
    assert one(catalog, source) == ["old"]
    source.names = ["new"]
    assert one(catalog, source) == ["old"]  # fresh enough: nobody was asked
    clock.now_s += FRESH_S + 1
    source.lets.clear()
    assert one(catalog, source) == ["old"]
    source.lets.set()
    until(lambda: one(catalog, source) == ["new"])


def test_a_failing_source_is_nothing_and_keeps_what_was_known(catalog, clock):
    """An error while fetching is an empty offer, or the offer from before; it is tried again soon."""

    def broken() -> list[str]:
        return [1 / 0]

    assert one(catalog, broken) == []
    clock.now_s += FAILED_S + 1
    assert one(catalog, Source("t")) == ["t"]
    clock.now_s += FRESH_S + 1
    assert one(catalog, broken) == ["t"]


def test_a_source_that_hangs_holds_up_nobody_else(catalog):
    """Each has a thread of its own; what else the hanging one was asked waits for it."""
    hanging, other = Source("t"), Source("r-1")
    hanging.lets.clear()

    assert one(catalog, hanging) == []
    assert one(catalog, other, "ledger") == ["r-1"]
    assert catalog.names("db", {"columns": other}) == {"columns": []}
    hanging.lets.set()


def test_a_source_that_never_answers_is_given_up(catalog, clock):
    """What is asked later gets a new thread, and so a new connection."""
    hanging = Source("old")
    hanging.lets.clear()
    assert one(catalog, hanging) == []
    clock.now_s += GIVES_UP_S + 1
    assert one(catalog, Source("new")) == ["new"]
    hanging.lets.set()
    assert one(catalog, Source("other")) == ["new"]


def test_no_thread_is_left_when_nothing_is_asked(catalog, until):
    """The thread ends with its work."""
    assert one(catalog, Source("t")) == ["t"]
    until(lambda: not [each for each in threading.enumerate() if each.name == "loopai-nb-tab"])
