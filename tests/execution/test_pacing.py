import asyncio

from loopai_nb.execution.counts import Limits
from loopai_nb.execution.pacing import Paces


def _shared():
    return Paces().of("http://127.0.0.1:1/v1", Limits(concurrency=8))


def test_the_end_of_a_request_wakes_the_other_runs():
    """Whoever waits for the same server looks again; the run whose request it was knows by itself."""
    shared = _shared()
    mine, other = asyncio.Event(), asyncio.Event()
    shared.watch(mine)
    shared.watch(other)
    shared.changed(mine)
    assert (mine.is_set(), other.is_set()) == (False, True)


def test_the_last_run_that_waits_is_woken_by_one_that_has_ended():
    """A run that has stopped watching still ends requests; the one that is left over hears of each."""
    shared = _shared()
    ended, left = asyncio.Event(), asyncio.Event()
    shared.watch(ended)
    shared.watch(left)
    shared.unwatch(ended)
    shared.changed(ended)
    assert left.is_set()


def test_retries_that_are_rationed_are_said_so(bench, devserver, birds, until):
    """Where failures used up what may be sent again there is no time to go, and the progress says why."""
    devserver.faults(rates={"500": 0.5}, latency_ms=20)
    run = bench.start(bench.plan(birds(300)), concurrency=16)
    seen = []

    until(lambda: seen.append(run.progress) or seen[-1].rationed)

    assert seen[-1].left_s is None
    beside = bench.start(bench.plan(birds(5), template="Another: {{ text }}"), concurrency=16)
    assert not beside.progress.rationed
    for each in (run, beside):
        each.cancel()
        each.wait(timeout_s=60)
