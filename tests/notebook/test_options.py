from __future__ import annotations

import importlib
from decimal import Decimal

import pytest
from IPython.core.error import UsageError

from loopai_nb.notebook.options import HelpWanted, parse, split
from loopai_nb.notebook.verbs import VERBS


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_explains_itself(name):
    """``--help`` gives a text that names every option, and what the verb names exists."""
    verb = VERBS[name]

    with pytest.raises(HelpWanted) as wanted:
        parse(verb, ["--help"])

    module, _, function = verb.does.partition(":")
    assert callable(getattr(importlib.import_module(f"loopai_nb.notebook.{module}"), function))
    for option in verb.options:
        assert (option.metavar if option.positional else option.name) in str(wanted.value)
        assert option.help.split()[0] in str(wanted.value)


def test_quotes_hold_a_condition_together():
    """SQL in quotes arrives as one value; several parameters are collected; lists are split at commas."""
    line = "reviews --where \"stars <= :s AND body <> ''\" --param s=2 --param t=a=b --limit 5,000"

    args = parse(VERBS["pull"], split(f"{line} --columns id,body"))

    assert args.where == "stars <= :s AND body <> ''"
    assert dict(args.params) == {"s": "2", "t": "a=b"}
    assert args.columns == ["id", "body"]
    assert args.limit == 5000


@pytest.mark.parametrize(
    ("verb", "line", "said"),
    [
        ("pull", "t --as 1x", "can't be the name"),
        ("pull", "t --as class", "can't be the name"),
        ("pull", "t --limit many", "no whole number"),
        ("pull", "t --limit -1", "at least 0"),
        ("pull", "t --param s", "name=value"),
        ("server", "x --price 1", "0.15,0.60"),
        ("push", "out t --mode replace", "invalid choice"),
        ("map", "df --sampel 3", "unrecognized"),
        ("show", "", "required"),
    ],
)
def test_a_mistake_on_the_line_is_told_in_one_line(verb, line, said):
    """What does not fit is a UsageError that says so and where the help is."""
    with pytest.raises(UsageError, match=said) as told:
        parse(VERBS[verb], split(line))

    assert "\n" not in str(told.value)
    assert "--help" in str(told.value)


@pytest.mark.parametrize("text", ["1e3", "nan", "inf", "-1", "٣", "0,5", ""])
@pytest.mark.parametrize("option", ["--temperature", "--budget"])
def test_a_number_is_digits_and_a_point(option, text):
    """What a person hardly meant is refused on the line, by the reader that the command line has, too."""
    with pytest.raises(UsageError, match=r"is no number such as 0\.50"):
        parse(VERBS["map"], ["df", f"{option}={text}"])


def test_a_number_is_taken_exactly():
    """An amount of money is not rounded on its way."""
    assert parse(VERBS["map"], split("df --budget 0.10")).budget == Decimal("0.10")


def test_an_open_quote_is_told_without_the_line():
    """A quote that is not closed is told; what stands on the line is not repeated."""
    with pytest.raises(UsageError) as told:
        split('pull t --where "secret')

    assert "secret" not in str(told.value)
