"""Schemas and answers that would keep a check, a plan or the event loop busy for minutes."""

import decimal
import json
import re
import subprocess
import sys

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft201909Validator, Draft202012Validator

from loopai_nb.errors import InputError
from loopai_nb.prompts.structured import AnswerMismatch, AnswerSchema, response_format
from loopai_nb.prompts.structured.patterns import pattern_of

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ENDS_S = 60  # of a process that takes hours where a bound is missing
OLD_DECIMAL = r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$"
NODE = {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/n"}, {"$ref": "#/$defs/n"}]}}


def _fan(levels, keyword="anyOf"):
    """A schema of a few kilobytes that looks at a value twice as often with each level."""
    parts = {
        f"L{n}": {keyword: [{"$ref": f"#/$defs/L{n + 1}"}, {"$ref": f"#/$defs/L{n + 1}"}]}
        for n in range(levels)
    }
    parts[f"L{levels}"] = {"type": "string"}
    return {"type": "object", "properties": {"a": {"$ref": "#/$defs/L0"}}, "$defs": parts}


def _inlined(levels):
    """A schema whose strict form doubles with each level."""
    parts = {
        f"L{n}": {
            "type": "object",
            "properties": {
                name: {"$ref": f"#/$defs/L{n + 1}", "description": "again"} for name in ("a", "b")
            },
            "required": ["a", "b"],
        }
        for n in range(levels)
    }
    parts[f"L{levels}"] = {"type": "string"}
    return parts["L0"] | {"$defs": parts}


def _mismatch(schema, text):
    """The reason that a process of its own, which has to end, gives for an answer."""
    code = (
        "import json, sys; from loopai_nb.prompts.structured import *\n"
        "schema, text = json.load(sys.stdin)\n"
        "made = AnswerSchema.of(schema)\n"
        "made.fields; response_format(made.json_schema)\n"
        "try: made.parse(text)\n"
        "except AnswerMismatch as exc: print(exc.reason)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps([{"$schema": DRAFT} | schema, text]),
        capture_output=True,
        text=True,
        check=True,
        timeout=ENDS_S,
    ).stdout.strip()


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf", "allOf"])
@pytest.mark.parametrize("levels", [14, 31])
def test_a_fan_of_references_is_refused(keyword, levels):
    """It looks at one value 2 ** levels times, which nothing in the answer bounds."""
    with pytest.raises(InputError, match="refers to itself too often"):
        AnswerSchema.of(_fan(levels, keyword))


def test_what_is_not_evaluated_counts_twice():
    """UnevaluatedProperties looks at all that stands beside it once more, and doubles when nested."""
    parts = {
        f"L{n}": {"allOf": [{"$ref": f"#/$defs/L{n + 1}"}], "unevaluatedProperties": False} for n in range(20)
    }
    with pytest.raises(InputError, match="refers to itself too often"):
        AnswerSchema.of({"$defs": parts | {"L20": {}}, "$ref": "#/$defs/L0"})


def test_a_long_chain_of_references_is_refused():
    """Each answer would fail with a RecursionError."""
    parts = {f"L{n}": {"$ref": f"#/$defs/L{n + 1}"} for n in range(100)}
    with pytest.raises(InputError, match="behind each other"):
        AnswerSchema.of({"$defs": parts | {"L100": {}}, "$ref": "#/$defs/L0"})


def test_a_small_fan_and_a_tree_are_taken():
    """The one is looked at a few times; the other ends where the answer does."""
    fan = AnswerSchema.of(_fan(8))
    assert fan.parse('{"a": "x"}') == {"a": "x"}
    with pytest.raises(AnswerMismatch, match="a: 1 does not meet anyOf"):
        fan.parse('{"a": 1}')
    tree = AnswerSchema.of({"$defs": {"n": NODE}, "$ref": "#/$defs/n"})
    assert tree.parse("[[[]], []]") == [[[]], []]


def _slow(schema, text):
    """One of several that hold the same, each for seconds."""
    return pytest.param(schema, text, marks=pytest.mark.slow)


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"$defs": {"n": NODE}, "$ref": "#/$defs/n"}, "[" * 63 + "1" + "]" * 63),
        _slow({"anyOf": [{"type": "string"}] * 1_500}, json.dumps([1] * 300_000)),
        _slow({"anyOf": [{"uniqueItems": True, "type": "string"}] * 1_000}, json.dumps([[1] * 300_000])),
        _slow(
            {"items": {"enum": [[1] * 149 + [n] for n in range(100)]}}, json.dumps([[1] * 149 + [99]] * 2_000)
        ),
        _slow(
            {"additionalProperties": True, "unevaluatedProperties": False},
            json.dumps(dict.fromkeys(map(str, range(60_000)))),
        ),
        ({"type": "string", "pattern": "((a|b){1,100}){1,100}c"}, json.dumps("ab" * 100_000)),
    ],
    ids=["tree", "anyOf", "uniqueItems", "enum", "unevaluated", "pattern"],
)
def test_a_check_that_would_take_minutes_is_a_mismatch(schema, text):
    """Its steps are counted, so that the same answer always ends alike, on any machine."""
    assert _mismatch(schema, text) == "the answer holds too much to be checked"


def test_columns_and_the_strict_form_of_many_references_are_soon_there():
    """A dtype is found once for each schema, and what doubles with each level is sent as not strict."""
    assert AnswerSchema.of(_fan(11)).fields[0].dtype == "str"
    assert _mismatch(_inlined(25), "{}") == '"a", "b" are missing'
    assert response_format(AnswerSchema.of(_inlined(3)).json_schema)["json_schema"]["strict"]
    assert not response_format(AnswerSchema.of(_inlined(25)).json_schema)["json_schema"]["strict"]


def test_a_large_answer_of_a_plain_schema_is_checked():
    """The bound is for what multiplies, not for what is long."""
    schema = AnswerSchema.of({"type": "array", "items": {"type": "integer"}})
    assert len(schema.parse(json.dumps([1] * 250_000))) == 250_000


def test_long_texts_with_a_wide_repeat_are_checked():
    """Several fields of some pages each are far from the bound of patterns."""
    properties = {f"f{n}": {"type": "string", "pattern": "^.{1,2000}$"} for n in range(8)}
    schema = AnswerSchema.of({"type": "object", "properties": properties})
    assert schema.parse(json.dumps(dict.fromkeys(properties, "a" * 1_500)))


@pytest.mark.parametrize(
    "pattern", ["^(?=.*x)(a+)+$", "(?!a)b", "(?<=a)b", "(?<!a)b", r"(a)\1", "(?P<n>a)(?P=n)", r"(?<n>a)\k<n>"]
)
def test_look_around_and_back_references_are_refused(pattern):
    """Only an engine that backtracks has them, and an answer of 40 characters keeps it busy for hours."""
    with pytest.raises(InputError, match="needs look-around or a back-reference") as caught:
        AnswerSchema.of({"type": "string", "pattern": pattern})
    assert "enum" in caught.value.hint


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("a{60000}", "repeat too much"),
        ("(((a{1000}){1000}){1000}){1000}", "repeat too much"),
        (r"\w{1,3000}", "can't be read"),
        ("a{b}c", "can't be read"),
        ("(?x) a # (", "flag x"),
    ],
)
def test_a_pattern_that_the_engine_does_not_take_is_refused(pattern, said):
    """It says which one, and what to write instead."""
    with pytest.raises(InputError, match=said) as caught:
        AnswerSchema.of({"type": "string", "pattern": pattern})
    assert caught.value.hint


def test_many_patterns_are_refused_together():
    """Each takes memory of its own."""
    properties = {f"f{n}": {"type": "string", "pattern": f"^a{n}.{{1,1000}}$"} for n in range(60)}
    with pytest.raises(InputError, match="repeat too much"):
        AnswerSchema.of({"type": "object", "properties": properties})


@pytest.mark.parametrize(
    ("pattern", "least"),
    [
        ("a{3,}", 4),
        ("(?:ab{2}(c{3}){4}){5}", 75),
        (r"[]{5}]{3}x", 4),
        ("[[a]b]{2}", 2),
        (r"\p{Greek}{5}", 5),
        (r"\{10}", 4),
        (r"\x{61}{7}", 7),
        ("((a?){1,200}){1,200}", 40_000),
    ],
)
def test_a_pattern_weighs_what_its_repeats_make_of_it(pattern, least):
    """At least its states, and no more than a few times as many."""
    assert least <= pattern_of(pattern).weight <= 12 * least


@given(st.text(r"ab({[\^-]})*+?|0123,.:P<>=!wdx", max_size=30))
def test_any_text_is_a_pattern_or_refused(pattern):
    """No other exception, whatever it holds."""
    try:
        schema = AnswerSchema.of({"type": "string", "pattern": pattern})
    except InputError as exc:
        assert exc.hint  # noqa: PT017 (most texts are no pattern)
    else:
        assert pattern_of(schema.json_schema["pattern"]).weight >= 0


@given(st.text("01.+-", max_size=8))
def test_the_decimal_of_an_older_pydantic_keeps_its_meaning(text):
    """Its look-ahead is replaced by what says the same of a number that is not counted digit by digit."""
    schema = AnswerSchema.of({"type": "string", "pattern": OLD_DECIMAL})
    assert AnswerSchema.of(schema.json_schema) == schema
    assert pattern_of(schema.json_schema["pattern"]).fits(text) == bool(re.search(OLD_DECIMAL, text))


def test_a_model_with_a_decimal_is_taken():
    """Whatever pattern this version of Pydantic writes for it."""

    class Priced(pydantic.BaseModel):
        price: decimal.Decimal = pydantic.Field(max_digits=5, decimal_places=2)

    assert AnswerSchema.of(Priced).parse('{"price": "1.50"}') == {"price": "1.50"}


PARTS = st.recursive(
    st.sampled_from(
        [
            True, False, {"type": "integer"}, {"type": ["string", "null"]}, {"const": 1},
            {"enum": ["a", None]}, {"enum": [1, [1], {"a": 1}]}, {"required": ["a"]},
            {"minimum": 1}, {"maxLength": 1},
            {"pattern": "^a"}, {"$ref": "#/$defs/t"}, {"multipleOf": 2},
            {"minItems": 2}, {"maxProperties": 1},
        ]
    ),
    lambda inner: st.one_of(
        st.fixed_dictionaries({key: st.lists(inner, min_size=1, max_size=3)})
        for key in ("anyOf", "oneOf", "allOf")
    )
    | st.one_of(
        st.fixed_dictionaries({key: inner})
        for key in ("not", "items", "additionalProperties", "contains", "propertyNames")
    )
    | st.fixed_dictionaries({"properties": st.dictionaries(st.sampled_from("ab"), inner, max_size=2)})
    | st.fixed_dictionaries({"if": inner, "then": inner, "else": inner})
    | st.fixed_dictionaries({"anyOf": st.tuples(inner, inner).map(list), "unevaluatedProperties": inner})
    | st.fixed_dictionaries({"allOf": st.tuples(inner, inner).map(list), "unevaluatedItems": inner}),
    max_leaves=8,
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.sampled_from([0, 1, 1.0, 2, "a", "ba"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, max_examples=200)  # the machine may be busy
@given(
    PARTS,
    VALUES,
    st.sampled_from([Draft202012Validator, Draft201909Validator, Draft7Validator]),
)
def test_a_counted_check_says_what_jsonschema_says(part, value, draft):
    """Whatever the keywords, in each draft."""
    source = {
        "$schema": draft.META_SCHEMA["$schema"],
        "$defs": {"t": {"type": "object", "additionalProperties": {"anyOf": [{"$ref": "#/$defs/t"}, {}]}}},
        "type": "object",
        "properties": {"x": part},
    }
    try:
        schema = AnswerSchema.of(source)
    except InputError:
        return
    text = json.dumps({"x": value})
    try:
        fits = schema.parse(text) == json.loads(text)
    except AnswerMismatch:
        fits = False
    assert fits == draft(source).is_valid(json.loads(text))
