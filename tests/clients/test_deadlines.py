from __future__ import annotations

import asyncio
import math

from loopai_nb.clients.deadlines import Deadlines


class Watched:
    """Notes when it was looked at; over at its end."""

    def __init__(self, end: float) -> None:
        self.end = end
        self.looks: list[float] = []

    def look(self, now: float) -> float:
        """When to look again."""
        self.looks.append(now)
        return math.inf if now >= self.end else self.end


def watched_for(seconds: float, *ends_s: float, forgotten: int | None = None) -> list[Watched]:
    """What was looked at when each was to end after so many seconds, and one was forgotten at once."""

    async def look() -> list[Watched]:
        deadlines = Deadlines()
        began = asyncio.get_running_loop().time()
        all_ = [Watched(began + end_s) for end_s in ends_s]
        for one in all_:
            deadlines.watch(one, one.end)
        if forgotten is not None:
            deadlines.forget(all_[forgotten])
        await asyncio.sleep(seconds)
        deadlines.close()
        return all_

    return asyncio.run(look())


def test_who_comes_later_and_is_due_earlier_is_not_late():
    """The timer goes by whoever is due first, not by whoever came first."""
    later, sooner = watched_for(0.3, 30.0, 0.05)

    assert sooner.looks[-1] >= sooner.end
    assert sooner.looks[-1] < later.end


def test_each_is_looked_at_at_its_own_time():
    """After the first is over, the timer goes on to the next."""
    first, second = watched_for(0.4, 0.05, 0.15)

    assert first.looks[0] >= first.end
    assert second.looks[-1] >= second.end


def test_what_is_over_is_not_looked_at_again():
    """An exchange that was failed is let go of, also where nobody forgets it."""
    over, _ = watched_for(0.4, 0.05, 0.15)

    assert sum(look >= over.end for look in over.looks) == 1


def test_what_is_forgotten_is_not_looked_at():
    """An exchange that has ended in time is left alone."""
    _, forgotten = watched_for(0.2, 0.05, 0.05, forgotten=1)

    assert forgotten.looks == []
