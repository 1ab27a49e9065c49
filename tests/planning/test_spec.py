import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planned import SPEC, TEXT

from loopai_nb.planning.spec import PlanSpec, canonical, history_key
from loopai_nb.records import Parameters, ServerKind


@given(
    st.dictionaries(
        TEXT,
        st.none() | st.booleans() | st.integers() | TEXT | st.floats(allow_nan=False, allow_infinity=False),
    ),
    st.integers(1, 10**6),
    st.none() | st.integers(0, 10**18),
)
def test_a_spec_comes_back_from_its_json(extra, max_tokens, budget):
    """What the ledger stores is the whole spec: read and written again it is the same text."""
    spec = dataclasses.replace(SPEC, parameters=Parameters(max_tokens, 0.0, extra), budget_pusd=budget)
    text = spec.as_json()
    assert PlanSpec.from_json(text).as_json() == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": float("nan")}])
def test_canonical_json_has_no_nan(value):
    """NaN and infinity are no JSON."""
    with pytest.raises(ValueError, match="JSON"):
        canonical(value)


@pytest.mark.parametrize(
    "changes",
    [
        {"server_kind": ServerKind.LOOPAI},
        {"server_url": "http://127.0.0.1:2/v1"},
        {"model": "phi-5"},
        {"template": "{{ t }}!"},
        {"system": None},
        {"parameters": Parameters(9, 0.5, {"seed": 1, "stop": ["\n"]})},
        {"parameters": Parameters(8, 0.5, {"seed": 1, "stop": ["."]})},
        {"parameters": Parameters(8, 0.5, {"seed": 1, "stop": ["\n"]}, {"type": "object"})},
    ],
    ids=str,
)
def test_what_makes_answers_longer_is_another_history(changes):
    """Earlier requests tell about these only if server, model, texts and what bounds answers are the same."""
    assert history_key(dataclasses.replace(SPEC, **changes)) != history_key(SPEC)


@pytest.mark.parametrize(
    "changes",
    [
        {"price": None},
        {"budget_pusd": None},
        {"cache_max_age_s": 1.0, "dedup": False, "schema_retries": 0},
        {"parameters": Parameters(8, 0.0, {"stop": ["\n"], "seed": 2})},
    ],
    ids=str,
)
def test_what_only_costs_or_steers_is_the_same_history(changes):
    """Price, budget, cache, temperature and seed leave it."""
    assert history_key(dataclasses.replace(SPEC, **changes)) == history_key(SPEC)
    assert len(history_key(SPEC)) == 32
