import threading

import pytest

from loopai_nb.ledger.moves import Moves
from loopai_nb.notebook.dashboard_watch import LedgerWatch


class Looked:
    """Marks that a test moves, and what was told of them."""

    def __init__(self):
        self.marks = Moves((0,), (0,))
        self.told = []
        self.looks = 0
        self.broken = False
        self.heard = threading.Event()

    def look(self):
        """The marks as they are."""
        self.looks += 1
        if self.broken:
            raise OSError("the disk is gone")
        return self.marks

    def tell(self, view, given, requests):
        """Remember it."""
        self.told.append((view, given, requests))
        self.heard.set()


@pytest.fixture
def looked():
    """What is watched."""
    return Looked()


@pytest.fixture
def watch(looked):
    """Who watches."""
    made = LedgerWatch(looked.look, looked.tell)
    yield made
    made.close()


def _threads():
    return [thread for thread in threading.enumerate() if thread.name == "loopai-nb-dashboard"]


def test_a_view_is_told_what_changes_while_it_watches(looked, watch, until):
    """Once a change, with what it gave; whether it was requests; nothing while nothing changes."""
    watch.watch("v", "scope")
    until(lambda: looked.looks > 1)
    assert looked.told == []

    looked.marks = Moves((1,), (0,))
    until(lambda: looked.told == [("v", "scope", True)])
    looked.marks = Moves((1,), (1,))
    until(lambda: len(looked.told) > 1)
    assert looked.told[1:] == [("v", "scope", False)]


def test_what_came_before_it_watched_is_told_as_well(looked, watch, until):
    """Between the figures that a view has and its watching nothing is lost."""
    looked.marks = Moves((3,), (0,))

    watch.watch("v", "scope", Moves((2,), (0,)))

    until(lambda: looked.told == [("v", "scope", True)])


def test_the_thread_is_there_only_while_somebody_looks(looked, watch, until):
    """It ends when the last view has left, begins again with the next one, and ends with the widget."""
    assert _threads() == []
    watch.watch("v", 1)
    watch.watch("w", 1)
    watch.leave("v")
    assert len(_threads()) == 1
    watch.leave("w")
    until(lambda: _threads() == [])

    watch.watch("v", 2)
    looks = looked.looks
    until(lambda: looked.looks > looks)
    watch.close()
    assert _threads() == []


def test_a_view_whose_browser_has_gone_is_forgotten(looked, until):
    """It has to renew its lease; when that has run out, nothing is read any more."""
    now = [0.0]
    watch = LedgerWatch(looked.look, looked.tell, lambda: now[0])
    watch.watch("v", 1)
    until(lambda: looked.looks > 0)
    now[0] = 10_000.0
    watch.leave("another")  # wakes it

    until(lambda: _threads() == [])
    watch.close()


def test_a_ledger_that_cannot_be_read_is_left_alone(looked, watch, until, caplog):
    """The failure is in the log; who looks again later is told again."""
    watch.watch("v", 1)
    looked.broken = True
    until(lambda: _threads() == [])
    assert "could not be watched" in caplog.text

    looked.broken = False
    watch.watch("v", 2)
    looks = looked.looks
    until(lambda: looked.looks > looks)
    looked.marks = Moves((5,), (0,))
    until(lambda: looked.told[-1:] == [("v", 2, True)])


def test_a_message_that_comes_after_the_end_starts_nothing(looked):
    """A widget may still say what it sees while it is closed: no thread looks at a closed ledger for it."""
    watch = LedgerWatch(looked.look, looked.tell)
    watch.watch("v", 1)
    watch.close()
    looks = looked.looks
    watch.watch("v", 1)
    assert _threads() == []
    assert looked.looks == looks
