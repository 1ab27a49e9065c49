import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.errors import InputError
from loopai_nb.planning.estimate import estimate_tokens
from loopai_nb.planning.worst_case import MESSAGE_OVERHEAD_TOKENS, most_answer_tokens, worst_case_pusd
from loopai_nb.pricing import Price
from loopai_nb.prompts.structured import instructed, repaired, response_format
from loopai_nb.records import Parameters

PRICE = Price(100, 200, "set")
LISTED = Price(100, 200, "genai-prices 0.2.3")
FREE = Price(0, 0, "local")


def test_the_overhead_has_room_for_a_template_with_a_system_text():
    """What gpt-oss's template puts in by itself is reserved for, at the usual four characters a token."""
    harmony = (
        "<|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.\n"
        "Knowledge cutoff: 2024-06\nCurrent date: 2025-06-28\n\nReasoning: high\n\n"
        "# Valid channels: analysis, commentary, final. Channel must be included for every message.<|end|>"
        "<|start|>developer<|message|># Instructions\n\n<|end|>"
        "<|start|>user<|message|><|end|><|start|>assistant"
    )
    assert estimate_tokens(harmony) < MESSAGE_OVERHEAD_TOKENS


@pytest.mark.parametrize(
    ("extra", "tokens"),
    [
        ({"n": 3}, 300),
        ({"n": 2, "best_of": 5}, 500),
        ({"num_return_sequences": 4}, 400),
        ({"max_completion_tokens": 4_000}, 4_000),
        ({"max_completion_tokens": 10}, 100),
        ({"max_tokens": 200, "n": 2}, 400),
        ({"best_of": None}, 100),
        ({"seed": 10**9, "stop": ["\n"] * 99, "logit_bias": {"50256": -100}}, 100),
    ],
)
def test_fields_that_enlarge_the_answer_are_reserved_for(extra, tokens):
    """Several answers are several times paid, and of two limits the greater may hold."""
    parameters = Parameters(100, extra=extra)
    worst = worst_case_pusd(0, 0, parameters, PRICE)
    assert worst == PRICE.cost_pusd(MESSAGE_OVERHEAD_TOKENS, tokens)
    assert most_answer_tokens(parameters) == tokens


def test_a_field_that_is_written_into_the_prompt_is_reserved_for():
    """A schema counts with its bytes, as a prompt does."""
    schema = {"type": "object", "properties": {"größe": {"type": "number"}}}
    size = len(str(schema).encode())
    worst = worst_case_pusd(0, 0, Parameters(1, extra={"response_format": schema}), PRICE)
    assert worst >= PRICE.cost_pusd(MESSAGE_OVERHEAD_TOKENS + size, 1)


@pytest.mark.parametrize("value", [0, -1, "3", 2.5, True, [2]])
@pytest.mark.parametrize("name", ["n", "best_of", "max_completion_tokens", "num_predict"])
@pytest.mark.parametrize("price", [PRICE, FREE])
def test_a_count_that_is_none_is_refused(name, value, price):
    """What a server would make of -1, "3" or true nobody knows; -1 is no limit for some."""
    with pytest.raises(InputError, match=name):
        worst_case_pusd(0, 0, Parameters(1, extra={name: value}), price)


@pytest.mark.parametrize("price", [PRICE, LISTED])
@pytest.mark.parametrize(
    "extra",
    [
        {"tools": [{"type": "web_search"}]},
        {"web_search_options": {"search_context_size": "low"}},
        {"prediction": {"type": "content", "content": "a"}},
        {"thinking_budget": 9_000},
        {"extra_body": {"n": 9}},
    ],
)
def test_a_field_with_costs_beside_tokens_is_refused(extra, price):
    """No number of tokens bounds them, whoever set the price; where tokens are free they may be asked for."""
    parameters = Parameters(1, extra=extra)
    with pytest.raises(InputError, match="can't be bounded"):
        worst_case_pusd(0, 0, parameters, price)
    assert worst_case_pusd(0, 0, parameters, FREE) == 0


@pytest.mark.parametrize("name", ["service_tier", "models", "modalities", "cache_control"])
def test_a_field_with_dearer_tokens_needs_a_price_that_was_set(name):
    """The list says what the usual tier and the named model cost; who pays otherwise says it."""
    parameters = Parameters(1, extra={name: ["priority"]})
    with pytest.raises(InputError, match=r"use_server\(price=\(IN, OUT\)\)"):
        worst_case_pusd(0, 0, parameters, LISTED)
    assert worst_case_pusd(0, 0, parameters, PRICE) > 0


@pytest.mark.parametrize("extra", [{"service_tier": "flex"}, {"tools": []}, {"web_search": False}])
def test_a_field_that_is_off_or_cheaper_is_taken(extra):
    """What costs nothing more is not in anybody's way."""
    assert worst_case_pusd(0, 0, Parameters(1, extra=extra), LISTED) > 0


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 10**5))
def test_the_worst_case_bounds_the_expectation(text, max_tokens):
    """No text is expected to have more tokens than its worst case reserves for."""
    size = len(text.encode())
    worst = worst_case_pusd(size, 0, Parameters(max_tokens), PRICE)
    assert worst >= PRICE.cost_pusd(estimate_tokens(text), max_tokens)
    assert worst == PRICE.cost_pusd(size + MESSAGE_OVERHEAD_TOKENS, max_tokens)


def test_a_schema_is_reserved_for_with_its_retry():
    """The prompt that asks again, with the longest reason, and the schema as a field fit the reservation."""
    schema = {"type": "object", "properties": {"größe": {"type": "number"}}}
    asked_again = repaired(instructed("p", schema), "\U0001f600" * 5_000)
    size = len(asked_again.encode()) + len(json.dumps(response_format(schema)).encode())
    worst = worst_case_pusd(1, 0, Parameters(1, schema=schema), PRICE)
    assert worst >= PRICE.cost_pusd(MESSAGE_OVERHEAD_TOKENS + size, 1)
    assert worst_case_pusd(1, 0, Parameters(1, schema=schema), FREE) == 0
