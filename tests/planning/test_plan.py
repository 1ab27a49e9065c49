import dataclasses
import unicodedata

import pytest
from planned import SPEC

from loopai_nb.planning.plan import PlanDigest, planned_rows
from loopai_nb.pricing import Price
from loopai_nb.prompts.template import Rendered
from loopai_nb.records import ServerKind

PROMPTS = ("one", "two", "three")


def _digest(spec=SPEC, prompts=PROMPTS, system="system"):
    digest = PlanDigest(spec)
    rendered = [Rendered("", None, "bad") if p is None else Rendered(p, system, None) for p in prompts]
    for row in planned_rows(spec, rendered, map(str, range(len(prompts)))):
        digest.add(row.key)
    return digest.hexdigest()


def _parameters(**changes):
    return {"parameters": dataclasses.replace(SPEC.parameters, **changes)}


@pytest.mark.parametrize(
    "changes",
    [
        {"server_kind": ServerKind.LOOPAI},
        {"server_url": "http://127.0.0.1:2/v1"},
        {"model": "phi-5"},
        _parameters(max_tokens=9),
        _parameters(temperature=0.6),
        _parameters(extra={"seed": 2, "stop": ["\n"]}),
        _parameters(extra={"seed": 1}),
        {"price": Price(1, 3, "set")},
        {"price": Price(1, 2, "local")},
        {"price": None},
        {"budget_pusd": 501},
        {"budget_pusd": None},
        {"template": "{{ t }}!"},
        {"system": None},
    ],
    ids=str,
)
def test_any_change_of_the_spec_is_another_plan(changes):
    """Attack 42: server, model, parameters, price, budget and templates are all in the digest."""
    assert _digest(dataclasses.replace(SPEC, **changes)) != _digest()


@pytest.mark.parametrize(
    "prompts",
    [
        ("one", "two", "threE"),
        ("one", "three", "two"),
        ("one", "two"),
        ("one", "two", "three", "three"),
        ("one", "two", None),
        ("onetwo", "three"),
        (),
    ],
    ids=str,
)
def test_any_change_of_the_rows_is_another_plan(prompts):
    """Attacks 41 and 42: one byte, the order, a row more, a row less or a row left out."""
    assert _digest(prompts=prompts) != _digest()


def test_the_same_input_is_the_same_plan():
    """Attack 45: neither the order of keys nor the form of Unicode makes another plan."""
    assert _digest(dataclasses.replace(SPEC, **_parameters(extra={"stop": ["\n"], "seed": 1}))) == _digest()
    accents = [dataclasses.replace(SPEC, model=unicodedata.normalize(form, "é")) for form in ("NFC", "NFD")]
    assert _digest(accents[0]) == _digest(accents[1])
    assert _digest(prompts=("é",)) == _digest(prompts=("e\u0301",))
