"""What may be given as a schema."""

import datetime as dt
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
from strikes import TEXT, Node, Strike

from loopai_nb.errors import InputError
from loopai_nb.planning.plan import canonical
from loopai_nb.prompts.structured import (
    AnswerMismatch,
    AnswerSchema,
    instructed,
    response_format,
)


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


def test_a_schema_does_not_wait_for_a_grammar_of_iris():
    """The grammar is made at the first IRI that anybody has checked, which is refused as ever, not before."""
    program = (
        "import sys\n"
        "from loopai_nb.prompts.structured import AnswerSchema\n"
        "AnswerSchema.of({'type': 'object', 'properties': {'a': {'type': 'string', 'format': 'date'}}})\n"
        "print('lark' in sys.modules, 'jsonschema' in sys.modules, 'rfc3987_syntax' in sys.modules)\n"
        "from jsonschema import FormatChecker\n"
        "checks = FormatChecker().conforms\n"
        "print(checks('https://example.org', 'iri'), checks('not an iri', 'iri'), 'lark' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False True False", "True False True"]
