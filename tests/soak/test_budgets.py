"""Several processes race for one budget while they are killed: what the server bills stays within it."""

import datetime as dt
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

ROWS = 60
# Of a row's worst case: about 0.0001 USD, some three times what the server bills for it.
LEAST_USD, MOST_USD = 0.0006, 0.004


@dataclass
class Found:
    """What a soak has come to."""

    races: int = 0
    kills: int = 0
    shares: list = field(default_factory=list)
    ends: Counter = field(default_factory=Counter)


def test_a_few_racing_budgets_are_kept(soak):
    """Attack 50: whoever is killed, the server bills no more than the budget of the run and of the day."""
    assert _soak(soak, races=2).kills > 0  # on each kind of ledger


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_a_thousand_racing_budgets_are_kept(soak, kills):
    """The same a thousand times, half of them on each kind of ledger."""
    began_s = time.monotonic()
    found = _soak(soak, races=(kills + 1) // 2)
    shares = sorted(found.shares)
    seconds = time.monotonic() - began_s
    ends = ", ".join(f"{state} {n}" for state, n in found.ends.most_common())
    middle, most = 100 * shares[len(shares) // 2], 100 * shares[-1]
    soak.say(
        f"{found.races} races with {found.kills} kills in {seconds:.0f} s; billed of a budget: "
        f"{middle:.0f}% in the middle, {most:.1f}% at most; {ends}; 0 over"
    )


def _soak(soak, *, races):
    found = Found()
    while found.races < races:
        day = dt.datetime.now(dt.UTC).date()
        soak.renew()
        soak.server.faults(latency_ms=soak.dice.choice([0, 5, 20]), jitter_ms=soak.dice.choice([0, 10]))
        kills, budget_usd, ends = _race(soak)
        if day != dt.datetime.now(dt.UTC).date():
            continue  # two days, two budgets
        _check_kept(soak, budget_usd)
        found.races += 1
        found.kills += kills
        found.ends.update(ends)
        found.shares.append(soak.server.stats().cost_usd(1, 2) / float(budget_usd))
        if found.races % 100 == 0:
            soak.say(f"{found.races} races")
    return found


def _race(soak):
    """Two or three processes on one run, or on a run each; some are killed; one takes up what is left."""
    dice = soak.dice
    budget_usd = str(round(dice.uniform(LEAST_USD, MOST_USD), 6))
    kind = dice.choice(["run", "day", "both"])
    env = {} if kind == "run" else {"LOOPAI_BUDGET_USD_PER_DAY": budget_usd}
    of_run = None if kind == "day" else budget_usd
    started = []
    for n in range(dice.choice([2, 3])):
        if n == 0 or kind == "day":
            job = {"mark": f"m{n}", "rows": ROWS, "budget_usd": of_run}
            started.append(soak.start("map_with_budget", env=env, **job))
        else:
            started.append(soak.start("help_out", env=env))
    kills = 0
    for worker in dice.sample(started, dice.randint(1, len(started))):
        _wait_for_a_moment(soak.server, worker, dice)
        kills += worker.kill()
    survivors = [worker for worker in started if worker.code() is None]
    if dice.random() < 0.7:  # a race is short when all have to go
        for worker in survivors:
            kills += worker.kill()
    for worker in started:
        assert worker.wait() in {0, -9}, worker.said()
    last = soak.start("finish", env=env)
    assert last.wait() == 0, last.said()
    return kills, Decimal(budget_usd), [" ".join(end) for end in last.words()[-1]]


def _wait_for_a_moment(server, worker, dice):
    if dice.random() < 0.4:
        most_s, target = dice.uniform(0, 0.3), 10**9
    else:
        most_s, target = 5.0, server.stats().requests + dice.randint(1, 20)
    deadline_s = time.monotonic() + most_s
    while time.monotonic() < deadline_s and worker.code() is None and server.stats().requests < target:
        time.sleep(0.001)


def _check_kept(soak, budget_usd):
    stats, state = soak.course()
    billed = stats.cost_usd(1, 2)
    assert billed <= budget_usd, f"{billed} USD were billed of a budget of {budget_usd}"
    soak.checks.check_counted(stats, state)
    assert state.charged <= budget_usd * 10**12
