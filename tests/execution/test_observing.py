"""Telling of attempts, and of none."""

from __future__ import annotations

import logging

from loopai_nb.execution.observing import Observed


def test_where_nobody_asks_no_clock_is_read_and_nothing_is_told():
    """The hot path without an observer: two calls that return at once."""
    observed = Observed(None)

    assert observed.begun_ns() == 0
    observed.attempted(["not looked at"], 0)
    observed.ended()


def test_an_observer_that_fails_is_told_nothing_more(caplog):
    """Each attempt of a batch with its times, until one call fails; that is said once."""
    told = []

    class Failing:
        def attempted(self, settled, began_ns, ended_ns):
            told.append(settled)
            assert 0 < began_ns <= ended_ns
            if len(told) == 3:
                raise RuntimeError

        def ended(self):
            told.append("ended")

    observed = Observed(Failing())
    began_ns = observed.begun_ns()
    with caplog.at_level(logging.WARNING, logger="loopai_nb"):
        for batch in (["a", "b"], ["c", "d"], ["e"]):
            observed.attempted(batch, began_ns)
        observed.ended()

    assert told == ["a", "b", "c"]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
