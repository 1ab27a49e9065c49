"""What may be given as a schema, and what is sent for it."""

import datetime as dt
import enum
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from loopai_nb.errors import InputError
from loopai_nb.planning.plan import canonical
from loopai_nb.prompts.structured import (
    AnswerMismatch,
    AnswerSchema,
    instructed,
    most_added_bytes,
    repaired,
    response_format,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


class Part(enum.StrEnum):
    """An enumeration as analysts write it."""

    WING = "wing"
    ENGINE = "engine"


class Place(pydantic.BaseModel):
    """A model inside a model."""

    city: str
    note: str | None = None


class Strike(pydantic.BaseModel):
    """Fields out of the alphabet's order, on purpose."""

    part: Part = pydantic.Field(description="what was hit")
    damaged: bool
    cost: float | None
    at: dt.datetime
    place: Place


class Node(pydantic.BaseModel):
    """A model that holds itself."""

    name: str
    inside: list["Node"]


class WithCallable(pydantic.BaseModel):
    """A model that JSON can't hold."""

    call: Callable[[], int]


def _fields(source):
    return {field.name: field.dtype for field in AnswerSchema.of(source).fields}


def _refusal(source):
    with pytest.raises(InputError) as caught:
        AnswerSchema.of(source)
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    return caught.value.message


def _property(text):
    return AnswerSchema.of(text).json_schema["properties"]["x"]


def test_the_module_is_cheap_to_import():
    """Nothing of jsonschema, pydantic, pandas or numpy comes in before it is needed."""
    code = (
        "import sys; import loopai_nb.prompts.structured;"
        "print([m for m in ('jsonschema', 'referencing', 'pydantic', 'pandas', 'numpy') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )


@pytest.mark.parametrize(
    ("written", "schema"),
    [
        ("str", {"type": "string"}),
        ("int", {"type": "integer"}),
        ("float", {"type": "number"}),
        ("bool", {"type": "boolean"}),
        ("date", {"type": "string", "format": "date"}),
        ("datetime", {"type": "string", "format": "date-time"}),
        ("list[int]", {"type": "array", "items": {"type": "integer"}}),
        ("list[a|b]", {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}),
        ("none|minor|left wing", {"type": "string", "enum": ["none", "minor", "left wing"]}),
        ("1|2|3", {"type": "integer", "enum": [1, 2, 3]}),
        ("1|2|many", {"type": "string", "enum": ["1", "2", "many"]}),
        ("'1'|\"int\"", {"type": "string", "enum": ["1", "int"]}),
        ("1..5", {"type": "integer", "minimum": 1, "maximum": 5}),
        ("0.0..1.0", {"type": "number", "minimum": 0.0, "maximum": 1.0}),
    ],
)
def test_each_type_of_the_short_form_says_one_schema(written, schema):
    """The text and the dict read a type alike."""
    assert _property(f"x: {written}") == schema
    assert _property({"x": written}) == schema


@pytest.mark.parametrize("given", ["x?: a|b", {"x?": ["a", "b"]}])
def test_a_question_mark_lets_a_field_be_null(given):
    """It is required all the same, so that a model says null and does not forget it."""
    schema = AnswerSchema.of(given)
    assert schema.parse('{"x": null}') == {"x": None}
    with pytest.raises(AnswerMismatch, match="missing"):
        schema.parse("{}")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "no fields"),
        ("part", "no type"),
        ("part:", "no type"),
        ("part: a|", "no type"),
        (": int", "where a field's name"),
        ("part: windshield", "which is none"),
        ("part: str|null", "also a type"),
        ("a: int b: int", "which is none"),
        ("a: int] , b: int", "behind the type"),
        ("a: list[int", "behind the type"),
        ("a: 5..1", "empty"),
        ("a: int, a: str", "twice"),
        ("a: x|x", "one twice"),
        ("a: 'x|y", "does not close"),
    ],
)
def test_what_the_short_form_does_not_say_is_refused(written, said):
    """Nothing is guessed: the message names the field."""
    assert said in _refusal(written)


def test_a_dict_of_types_takes_python_types_choices_and_dicts():
    """It mixes with JSON Schema for the fields that need it."""
    source = {
        "a": str,
        "b?": dt.date,
        "c": [1, 2],
        "d": {"e": "bool"},
        "items": "list[str]",
        "f": {"type": "number"},
    }
    assert _fields(source) == {
        "a": "str",
        "b": "date32[day][pyarrow]",
        "c": "Int64",
        "d": "object",
        "items": "object",
        "f": "float64",
    }


def test_a_dict_that_can_be_read_in_two_ways_is_refused():
    """A field named as a keyword of JSON Schema is a field only where that is sure."""
    assert "two ways" in _refusal({"type": "string", "damaged": "bool"})
    assert _fields({"type": "str", "title": "str"}) == {"type": "str", "title": "str"}
    assert _fields({"type": "string", "version": "2 of 3"}) == {"value": "str"}
    assert _fields("type: string, damaged: bool") == {"type": "str", "damaged": "boolean"}


def test_a_pydantic_model_gives_its_fields_in_its_order():
    """References, optional fields and formats become columns."""
    assert list(_fields(Strike).items()) == [
        ("part", "category"),
        ("damaged", "boolean"),
        ("cost", "float64"),
        ("at", "datetime64[us, UTC]"),
        ("place", "object"),
    ]
    assert _fields(Node) == {"name": "str", "inside": "object"}


def test_a_pattern_of_pydantic_with_look_around_works():
    """Its own schema of a Decimal has one, which the linear engine can't read."""

    class Priced(pydantic.BaseModel):
        price: Decimal
        code: Annotated[str, pydantic.StringConstraints(pattern="^[A-Z]{2}$")]

    schema = AnswerSchema.of(Priced)
    assert schema.parse('{"price": "1.5", "code": "AT"}') == {"price": "1.5", "code": "AT"}
    with pytest.raises(AnswerMismatch, match="code"):
        schema.parse('{"price": "1.5", "code": "ATX"}')


def test_a_file_and_a_text_of_json_give_what_they_hold(tmp_path):
    """By its path as text or Path, with or without a byte order mark."""
    text = '{"type": "object", "properties": {"a": {"type": "integer"}}}'
    file = tmp_path / "schema.json"
    file.write_text("\ufeff" + text, encoding="utf-8")
    made = AnswerSchema.of(text)
    assert made == AnswerSchema.of(file) == AnswerSchema.of(str(file)) == AnswerSchema.of(made)
    assert "can't be read" in _refusal(tmp_path / "none.json")
    file.write_bytes(b"\xff\xfe")
    assert "UTF-8" in _refusal(file)
    file.write_bytes(b" " * 1_000_000)
    assert "too large" in _refusal(file)


def _circle():
    schema = {"type": "object"}
    schema["properties"] = {"a": schema}
    return schema


def _deep():
    schema = {}
    for _ in range(100_000):
        schema = {"not": schema}
    return schema | {"type": "object"}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"type": "object", "properties": 5}, "properties: 5 is not an object"),
        ({"type": "object", "properties": {"a": {"type": "text"}}}, "no JSON Schema"),
        ({"type": "object", "properties": {"a": {"$ref": "https://example.com/a"}}}, "never fetched"),
        ({"type": "object", "properties": {"a": {"$ref": "file:///etc/passwd"}}}, "never fetched"),
        ({"type": "object", "properties": {"a": {"$ref": "other.json#/a"}}}, "never fetched"),
        ({"type": "object", "properties": {"a": {"$ref": "#/$defs/none"}}}, "not in it"),
        ({"type": "object", "properties": {"a": {"$dynamicRef": "#a"}}}, "not supported"),
        ({"type": "object", "properties": {"a": {"patternProperties": {}}}}, "not supported"),
        ({"type": "object", "properties": {"a": {"$id": "https://example.com/"}}}, "of its own"),
        ({"$ref": "#"}, "without an end"),
        ({"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"}, "without an end"),
        ({"$schema": "http://json-schema.org/draft-04/schema#", "type": "object"}, "not known here"),
        ({"type": "string", "pattern": "("}, "pattern"),
        ({"type": "string", "pattern": "(" * 5_000}, "pattern"),
        ({"type": "integer", "minimum": float("nan")}, "JSON does not have"),
        ({"type": "integer", "minimum": 10**5_000}, "JSON does not have"),
        ({"type": "object", "properties": {"\xe9": {}, "e\u0301": {}}}, "look the same"),
        ({"type": "object", "properties": {1: {}}}, "no text"),
        ({"enum": ["\ud800"]}, "surrogate"),
        ({"enum": ["a" * 70_000]}, "65,536 bytes"),
        ({"enum": list(range(100_000))}, "too large"),
        (_circle(), "too deep"),
        (_deep(), "too deep"),
        ('{"not":' * 100_000, "deep"),
        ('{"type": "object", "type": "string"}', "twice"),
        ('{"type": "object"', "ends too early"),
        ({}, "no fields"),
        (3, "can't be made of int"),
        (WithCallable, "has no JSON Schema"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_what_is_no_usable_schema_is_refused(source, said):
    """In one line, with a hint, before anything is sent (attack 36 and its kin)."""
    assert said in _refusal(source)


SOURCES = [
    "z: str, a: int, m?: x|y",
    Strike,
    Node,
    {"type": "array", "items": {"z": {}, "type": "object", "properties": {"b": {}, "a": {}}}},
    {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "definitions": {"b": {"type": "null"}},
        "type": "object",
    },
    {"$schema": "https://json-schema.org/draft/2020-12/schema#", "minimum": 3, "damaged": "bool"},
    {"type": "object", "properties": {"e\u0301": {"enum": ["o\u0308"]}}, "propertyOrdering": ["none", 3]},
]


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_a_schema_comes_back_from_the_ledger_as_it_was(source):
    """Sorted names and NFC, as a plan's canonical JSON has them, lose nothing, not even the fields' order."""
    made = AnswerSchema.of(source)
    stored = json.loads(canonical(made.json_schema))
    again = AnswerSchema.of(stored)
    assert again == made == AnswerSchema.of(made.json_schema) == pickle.loads(pickle.dumps(made))  # noqa: S301 (a copy of our own)
    assert hash(again) == hash(made)
    assert canonical(again.json_schema) == canonical(made.json_schema)
    assert again.fields == made.fields
    assert response_format(stored) == response_format(made.json_schema)
    assert instructed("", stored) == instructed("", made.json_schema)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(TEXT.filter(bool), unique=True, min_size=1, max_size=5))
def test_any_names_keep_their_order(names):
    """Whatever they are, as long as they differ in NFC."""
    try:
        schema = AnswerSchema.of(
            {"type": "object", "properties": {name: {"type": "string"} for name in names}}
        )
    except InputError as exc:
        assert "look the same" in exc.message  # noqa: PT017 (most names pass)
        return
    again = AnswerSchema.of(json.loads(canonical(schema.json_schema)))
    assert [field.name for field in again.fields] == [field.name for field in schema.fields]
    assert len(again.fields) == len(names)


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
