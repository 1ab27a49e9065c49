"""Holding an interrupt back until something is done as a whole."""

import signal
import threading

import pytest

from loopai_nb.interrupts import held_back, note_begun, raise_held, stopping, terminated_orderly


def _interrupted(times, done):
    with held_back():
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)
        done()


def test_an_interrupt_waits_for_the_end():
    """What is in the block is done as a whole; then the interrupt is raised."""
    done = []
    with pytest.raises(KeyboardInterrupt):
        _interrupted(1, lambda: done.append("all of it"))

    assert done == ["all of it"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_interrupt_does_not_wait():
    """Who presses it twice is let out at once."""
    done = []
    with pytest.raises(KeyboardInterrupt):
        _interrupted(2, lambda: done.append("the rest"))

    assert done == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_wait_that_can_be_left_is_left_at_once():
    """An interrupt that is held back comes from ``raise_held``, and once."""
    done = []

    with pytest.raises(KeyboardInterrupt):
        _interrupted(1, lambda: (raise_held(), done.append("the rest")))

    assert done == []
    raise_held()  # nothing is held back any more


def test_an_error_does_not_swallow_the_interrupt():
    """Where the block raises, the interrupt is raised all the same, and what went wrong is its context."""
    with pytest.raises(KeyboardInterrupt) as caught:
        _interrupted(1, lambda: 1 / 0)

    assert isinstance(caught.value.__context__, ZeroDivisionError)


def test_the_programs_own_handler_hears_of_it_once():
    """A handler that raises nothing is called at the end, once, also from within another hold."""
    heard = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: heard.append(number))
    try:
        with held_back():
            _interrupted(1, lambda: heard.append("done"))
    finally:
        signal.signal(signal.SIGINT, before)

    assert heard == ["done", signal.SIGINT]


def _terminated(times, done):
    with held_back():
        for _ in range(times):
            signal.raise_signal(signal.SIGTERM)
        done()


@pytest.mark.parametrize("handler", [signal.default_int_handler, signal.SIG_IGN])
def test_sigterm_is_an_interrupt(handler):
    """Also where Ctrl-C is ignored, as behind a script's &; a second one at once is the same end."""
    done = []
    before = signal.signal(signal.SIGINT, handler)
    try:
        with terminated_orderly(), pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        with terminated_orderly() as came, pytest.raises(KeyboardInterrupt):
            _terminated(2, lambda: done.append("all of it"))
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)

    assert done == ["all of it"]
    assert len(came) == 1
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_program_that_handles_sigterm_goes_on_to():
    """Its own handler is called, and nothing is interrupted."""
    heard = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: heard.append(number))
    try:
        with terminated_orderly() as came:
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)

    assert (heard, came) == ([signal.SIGTERM], [])


class _Going:
    stopped_for = None

    def __init__(self, *, done=False):
        self.done = done

    def stop_for(self, interrupt):
        self.stopped_for = interrupt


def test_what_was_begun_is_stopped_for_an_interrupt_that_nobody_takes():
    """What still goes on when an interrupt leaves the block is stopped; what has ended is left."""
    going, ended, of_others = _Going(), _Going(done=True), _Going()
    note_begun(of_others)

    with pytest.raises(KeyboardInterrupt) as caught, stopping():
        _interrupted_with(going, ended)

    assert going.stopped_for is caught.value
    assert ended.stopped_for is of_others.stopped_for is None


def _interrupted_with(*begun):
    for one in begun:
        note_begun(one)
    raise KeyboardInterrupt


def test_what_was_begun_goes_on_after_the_block():
    """Without an interrupt nothing is stopped, whatever else is raised."""
    going = _Going()

    with pytest.raises(ValueError, match="wrong"), stopping():
        _wrong_with(going)

    assert going.stopped_for is None


def _wrong_with(one):
    note_begun(one)
    raise ValueError("wrong")


def test_another_thread_has_nothing_to_hold_back():
    """Signals are handled in the main thread: elsewhere it changes nothing."""
    seen = []

    def work():
        with held_back():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert seen == [signal.default_int_handler]
