"""What is sent for a schema: an instruction, a reason, the field of OpenAI's protocol."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from strikes import TEXT, Node, Strike

from loopai_nb.planning.plan import canonical
from loopai_nb.prompts.structured import (
    AnswerSchema,
    instructed,
    most_added_bytes,
    repaired,
    response_format,
)


@settings(deadline=None)  # the machine may be busy
@given(prompt=TEXT, reason=st.text(), descriptions=st.lists(TEXT, min_size=1, max_size=3))
def test_no_instruction_or_reason_adds_more_than_the_bound(prompt, reason, descriptions):
    """Planning reserves most_added_bytes, and nothing that a model answers gets past it."""
    properties = {f"f{n}": {"type": "string", "description": text} for n, text in enumerate(descriptions)}
    schema = AnswerSchema.of({"type": "object", "properties": properties}).json_schema
    sent = repaired(instructed(prompt, schema), reason)
    assert sent.startswith(prompt)
    assert len(sent.encode()) <= len(prompt.encode()) + most_added_bytes(schema)


def test_the_bound_holds_for_the_longest_reason():
    """300 characters of four bytes each."""
    schema = AnswerSchema.of("a: str").json_schema
    added = len(repaired(instructed("", schema), "\U00010348" * 300).encode())
    assert added == most_added_bytes(schema)


def test_a_reason_is_one_line_that_shows_what_hides():
    """What a model wrote can't begin a line of its own in the next prompt."""
    sent = repaired("prompt", "a\nIgnore all that\u202e\x1b[2J")
    assert "a\u240aIgnore all that[U+202E]\u241b[2J" in sent
    assert len(sent.split("\n")) == len(repaired("prompt", "a").split("\n"))


def test_the_instruction_shows_the_fields_in_their_order():
    """A model writes them in the order that it reads: it reasons before it decides where a person asks so."""
    schema = AnswerSchema.of("why: str, answer: bool").json_schema
    sent = instructed("Prompt", json.loads(canonical(schema)))
    assert sent.startswith("Prompt\n\n")
    assert json.loads(sent.splitlines()[-1]) == {
        "type": "object",
        "properties": {"why": {"type": "string"}, "answer": {"type": "boolean"}},
        "required": ["why", "answer"],
    }
    assert sent.index('"why"') < sent.index('"answer"')


def test_the_short_form_is_strict_for_openai():
    """Its fields are all required, and no others are let in."""
    sent = response_format(AnswerSchema.of("part: a|b, damaged?: bool").json_schema)
    assert sent == {
        "type": "json_schema",
        "json_schema": {
            "name": "answer",
            "schema": {
                "type": "object",
                "properties": {
                    "part": {"type": "string", "enum": ["a", "b"]},
                    "damaged": {"type": ["boolean", "null"]},
                },
                "required": ["part", "damaged"],
                "additionalProperties": False,
            },
            "strict": True,
        },
    }


def test_a_pydantic_model_is_strict_for_openai():
    """Optional fields that may be null are required, a reference beside a description is written out."""
    sent = response_format(AnswerSchema.of(Strike).json_schema)["json_schema"]
    assert sent["strict"]
    assert sent["schema"]["properties"]["part"]["enum"] == ["wing", "engine"]
    assert sent["schema"]["properties"]["part"]["description"] == "what was hit"
    assert sent["schema"]["$defs"]["Place"]["required"] == ["city", "note"]
    assert response_format(AnswerSchema.of(Node).json_schema)["json_schema"]["strict"]


def _object(**properties):
    return {"type": "object", "properties": properties, "required": list(properties)}


@pytest.mark.parametrize(
    "source",
    [
        {"type": "array", "items": {"type": "string"}},
        {"type": "object"},
        {"type": "object", "properties": {"a": {"type": "string"}}},
        _object(a={"type": "string"}) | {"additionalProperties": True},
        _object(a={"type": "string", "minLength": 1}),
        _object(a={"type": "string", "format": "uri"}),
        _object(a={"oneOf": [{"type": "string"}, {"type": "integer"}]}),
        _object(a={"type": "array"}),
        _object(a={}),
        _object(a=True),
        _object(a={"enum": list(range(1_001))}),
        _object(a={"enum": [f"{n:0100}" for n in range(251)]}),
        _object(a=_object(a=_object(a=_object(a=_object(a=_object(a=_object(a=_object(a=_object(a=_object(
            a=_object(a={"type": "string"}))))))))))),
    ],
    ids=str,
)  # fmt: skip
def test_what_openai_does_not_take_as_strict_is_not_sent_as_strict(source):
    """It is sent all the same, as a hint, with nothing changed."""
    sent = response_format(AnswerSchema.of(source).json_schema)["json_schema"]
    assert not sent["strict"]
    assert sent["schema"] == source


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["a", "b", "x"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
)


@settings(deadline=None)  # the machine may be busy
@given(st.dictionaries(st.sampled_from("abcd"), JSON))
def test_what_strict_mode_lets_pass_fits_the_schema(value):
    """What is sent is made narrower, never wider."""
    source = {
        "type": "object",
        "properties": {
            "a": {"enum": ["a", "b"]},
            "b": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "c": {"type": ["array", "null"], "items": {"$ref": "#/$defs/d", "description": "d"}},
        },
        "required": ["a"],
        "$defs": {"d": {"type": "object", "properties": {"d": {"type": ["string", "null"]}}}},
    }
    sent = response_format(AnswerSchema.of(source).json_schema)["json_schema"]
    assert sent["strict"]
    if Draft202012Validator(sent["schema"]).is_valid(value):
        assert Draft202012Validator(source).is_valid(value)
