from __future__ import annotations

from dataclasses import replace

import pytest

from loopai_nb.notebook.days import DayMoney
from loopai_nb.notebook.plan_card import plan_facts
from loopai_nb.notebook.plan_figures import Press, figures_of
from loopai_nb.planning.estimate import Estimate
from loopai_nb.planning.plan import Plan, PlanSpec
from loopai_nb.pricing import Price, pusd
from loopai_nb.prompts.structured import AnswerSchema
from loopai_nb.records import Parameters, ServerKind

PRICE = Price(1, 1, "set")


def plan(**changes) -> Plan:
    """A plan of 5,000 rows of which 312 were answered before; what is named is of its spec or estimate."""
    spec = PlanSpec(ServerKind.OPENAI, "http://h:1/v1", "m", Parameters(), PRICE, None, "{{ a }}")
    sums = Estimate(
        5000, 4871, 312, 4559, 900_000, 9_000, 36_000, *map(pusd, ("0.21", "0.24", "0.47")), 150, 192
    )
    of_spec = {name: value for name, value in changes.items() if name in PlanSpec.__dataclass_fields__}
    of_sums = {name: value for name, value in changes.items() if name in Estimate.__dataclass_fields__}
    of_plan = {name: value for name, value in changes.items() if name in {"saved_pusd", "cached"}}
    made = Plan("p-1", "0", replace(spec, **of_spec), "f", 5000, 4871, 312, 0, replace(sums, **of_sums))
    return replace(made, **of_plan)


def said(made: Plan, **how) -> str:
    """The card's lines as one."""
    return "\n".join(plan_facts(made, **{"in_flight": 32, **how}))


def test_what_the_ledger_saves_is_said():
    """How many were answered before, and what that saves; where it cost nothing, where they are."""
    assert "312 answered before, which saves 0.03 USD" in said(plan(saved_pusd=pusd("0.03")))
    assert "312 answered before (from the ledger)" in said(plan())


def test_what_the_interval_is_told_from_is_said():
    """An interval from earlier answers says from how many; one by length says nothing."""
    assert "0.21 to 0.24 USD from 412 earlier answers · at most 0.47" in said(
        plan(basis="history", history_n=412)
    )
    assert "earlier" not in said(plan())


def test_time_is_an_interval():
    """Both ends, and how many are in flight; nothing of it where outputs have to stay the same."""
    assert "about 2 min 30 s to 3 min 12 s at up to 32 in flight" in said(plan())
    assert "at 32 in flight" in said(plan(), fixed=True)
    assert said(plan(), static=True).splitlines()[-1] == "up to 32 in flight"


def test_without_cache_and_dedup_the_card_says_so():
    """``--no-cache`` and ``--no-dedup`` stand in the first line."""
    first = said(plan(cache_max_age_s=0, dedup=False, cached=0)).splitlines()[0]

    assert first == "5,000 rows · 4,871 requests, also where rows are alike · no answer of the ledger is used"


@pytest.mark.parametrize(
    ("retries", "again", "most"),
    [(2, "asked for again up to 2 times, each paid", "1.41"), (0, "not asked", "0.47")],
)
def test_fields_and_what_asking_again_may_cost(retries, again, most):
    """The schema's fields in words, and a worst case that holds with every further try."""
    schema = AnswerSchema.of("part: wing|engine, damaged: bool, sure?: 0.0..1.0, day: date")
    made = plan(parameters=Parameters(schema=schema.json_schema), schema_retries=retries)

    assert "fields: part (wing, engine), damaged (true or false), sure (number), day (date); " in said(made)
    assert again in said(made)
    assert f"at most {most}" in said(made)


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        ("0.20", "budget 0.20, which is too little for all of them"),
        ("0.22", "budget 0.22, which may not do for all of them"),
        ("0.24", "budget 0.24"),
    ],
)
def test_a_budget_below_the_estimate_is_told(budget, words):
    """Beside the budget stands whether it will do, before anything is sent."""
    assert said(plan(budget_pusd=pusd(budget))).splitlines()[-1].endswith(f" · {words}")


def test_a_template_without_a_column_is_told():
    """Every row would be asked the same, which is hardly meant."""
    line = "the template names no column: every row is asked the same"

    assert line in said(plan(template="Which part?"))
    assert line not in said(plan())
    assert line not in said(plan(template="Which part?", system="{{ a }}"))


def test_what_is_left_of_a_budget_is_said_so():
    """Where a sample has spent some of it, in the card and in the widget's figures."""
    made, whole = plan(budget_pusd=pusd("0.4993")), pusd("0.50")
    words = "budget 0.4993 left of 0.50"
    assert words in said(made, budget_pusd=whole)
    assert any(words in figure.note for figure in figures_of(made, Press(32, budget_pusd=whole)))


def test_the_days_budget_is_said():
    """What all runs may cost in a day and have cost; static outputs keep what does not change."""
    day = DayMoney(pusd(5), pusd("1.2"), pusd("0.3"))

    assert said(plan(), day=day).endswith("of 5.00 USD a day, 1.20 are spent and 0.30 reserved")
    assert said(plan(), day=DayMoney(pusd(5), 0, 0)).endswith("of 5.00 USD a day, 0.00 are spent")
    assert said(plan(), day=day, static=True).endswith("of 5.00 USD a day")
