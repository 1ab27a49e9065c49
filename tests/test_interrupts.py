"""Holding an interrupt back until something is done as a whole."""

import signal
import threading

import pytest

from loopai_nb.interrupts import held_back


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


def test_an_error_comes_before_the_interrupt():
    """What went wrong in the block is what is raised."""
    with pytest.raises(ZeroDivisionError):
        _interrupted(1, lambda: 1 / 0)


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
