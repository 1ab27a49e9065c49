"""How answers are read, checked, and made columns."""

import datetime as dt
import json
import unicodedata

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from loopai_nb.prompts.structured import AnswerMismatch, AnswerSchema, Field
from loopai_nb.prompts.structured.quick import quick_check

FLAT = AnswerSchema.of("part: windshield|engine|other, damaged: bool, sure?: 0.0..1.0")
FITS = {"part": "engine", "damaged": True, "sure": 0.5}
BARE = json.dumps(FITS)

PLUS_5 = dt.timezone(dt.timedelta(hours=5))
# A value of each kind beside the schema that asks for it.
KINDS = [
    ({"type": "string"}, st.text(st.characters(exclude_categories=["Cs"]))),
    ({"type": "integer"}, st.integers()),
    ({"type": "number"}, st.floats(allow_nan=False, allow_infinity=False)),
    ({"type": "boolean"}, st.booleans()),
    ({"enum": ["a", "b", 1, None]}, st.sampled_from(["a", "b", 1, None])),
    ({"type": ["string", "null"], "pattern": "^a*$"}, st.none() | st.text("a", max_size=5)),
    ({"type": "string", "format": "date"}, st.dates().map(str)),
    (
        {"type": "string", "format": "date-time"},
        st.datetimes(dt.datetime(1, 1, 3), timezones=st.just(PLUS_5)).map(dt.datetime.isoformat),  # noqa: DTZ001 (a bound is naive)
    ),
    ({"type": "array", "uniqueItems": True}, st.lists(st.integers(), unique=True)),
    (
        {"type": "object", "additionalProperties": {"type": "boolean"}},
        st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.booleans()),
    ),
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
PROSE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{}[]"))


@st.composite
def _schema_and_value(draw):
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5))
    properties = {f"f{n}": schema for n, (schema, _) in enumerate(kinds)}
    value = {f"f{n}": draw(values) for n, (_, values) in enumerate(kinds)}
    return {"type": "object", "properties": properties, "required": list(properties)}, value


def _reason(text, schema=FLAT):
    with pytest.raises(AnswerMismatch) as caught:
        schema.parse(text)
    reason = caught.value.reason
    assert _can_be_sent(reason)
    return reason


def _can_be_sent(reason):
    reason.encode()
    return 0 < len(reason) <= 300 and not {*map(unicodedata.category, reason)} & {"Cc", "Zl", "Zp"}


@settings(deadline=None)  # the machine may be busy
@given(_schema_and_value(), st.booleans(), st.sampled_from([None, 2]), PROSE, PROSE)
def test_any_value_that_fits_comes_back(case, ascii_only, indent, before, behind):
    """Bare, in a fence, and among prose."""
    source, value = case
    schema = AnswerSchema.of(source)
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    for answer in (text, f"```json\n{text}\n```", f"x{before}\n{text}\n{behind}"):
        assert schema.parse(answer) == value


SCHEMAS = [
    FLAT,
    AnswerSchema.of({"type": "array", "items": {"type": "number", "multipleOf": 0.1}, "uniqueItems": True}),
    AnswerSchema.of({"anyOf": [{"type": "string", "format": "date-time"}, {"contains": {"const": 1}}]}),
    AnswerSchema.of({"$defs": {"n": {"items": {"$ref": "#/$defs/n"}, "type": "array"}}, "$ref": "#/$defs/n"}),
    AnswerSchema.of(
        {"allOf": [True], "not": {"type": "string"}, "if": {"type": "object"}, "then": {"minProperties": 1}}
    ),
    AnswerSchema.of({"type": "object", "unevaluatedProperties": False, "properties": {"a": True}}),
]


@settings(deadline=None)  # the machine may be busy
@given(
    st.text()
    | st.text('{}[]",:\\ud80.e-+19 Nnatrufls\n`<>/hik')
    | JSON.map(json.dumps)
    | st.tuples(st.integers(0, 60), st.text(max_size=3)).map(lambda at: BARE[: at[0]] + at[1] + BARE[at[0] :])
)
def test_any_text_gives_a_value_or_a_mismatch(text):
    """No other exception, and a reason of one line that can be sent."""
    for schema in SCHEMAS:
        reason = "none"
        try:
            schema.parse(text)
        except AnswerMismatch as exc:
            reason = exc.reason
        assert _can_be_sent(reason)
        columns = schema.columns([text, None])
        assert all(len(column) == 2 for column in columns.values())


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"part":' * 100_000,
        '{"part":' * 100_000 + "1" + "}" * 100_000,
        "Here: " + "{" * 100_000,
        '{"part": "engine", "damaged": true, "sure": ' + "[" * 65 + "]" * 65 + "}",
        '{"' + '\\"' * 400_000,
        '{"a":1' * 100_000,
        "```" + "\n" * 400_000,
        "{a} " * 200_000,
        '{"a} ' * 200_000,
        '{"a"} ' * 150_000,
        "9" * 900_000,
        "x" * 1_000_001,
    ],
    ids=lambda text: f"{text[:8]!r} {len(text)}",
)
def test_deep_long_and_unclosed_answers_are_mismatches(text):
    """Attack 36: no RecursionError, and no time that grows with the square of the text."""
    _reason(text)


def test_a_value_as_deep_as_the_limit_is_checked():
    """A schema that refers to itself is followed down to 64 levels from a shallow stack."""
    schema = AnswerSchema.of(
        {"$defs": {"n": {"items": {"$ref": "#/$defs/n"}, "type": "array"}}, "$ref": "#/$defs/n"}
    )
    text = "[" * 64 + "]" * 64
    assert json.dumps(schema.parse(text)) == text


def test_a_pattern_takes_no_more_time_than_the_text_is_long():
    """(a+)+$ keeps Python's own engine busy for hours."""
    schema = AnswerSchema.of(
        {"type": "object", "properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}}
    )
    assert "pattern" in _reason(json.dumps({"a": "a" * 100_000 + "b"}), schema)


def test_unique_items_are_told_in_linear_time():
    """Also of objects, and 1 and 1.0 are one number."""
    schema = AnswerSchema.of({"type": "array", "uniqueItems": True})
    many = [{"a": n} for n in range(20_000)]
    assert schema.parse(json.dumps(many)) == many
    assert "twice" in _reason("[[1], [1.0]]", schema)
    assert schema.parse("[1, true]") == [1, True]


@pytest.mark.parametrize(
    "text",
    [
        BARE,
        f"\ufeff \n{BARE}\n ",
        f"```json\n{BARE}\n```",
        f"```\n{BARE}\n```",
        f"```{BARE}```",
        f"Sure! Here it is:\n\n```json\n{BARE}\n```\nTell me if {{you}} need more.",
        f"The answer is {BARE}.",
        f"Of the {{set}} I choose {BARE}",
        f"{{{BARE}}}",
        f"{{part: {BARE}",
        f'<think>maybe {{"part": "wing"}}? no</think>\n{BARE}',
    ],
)
def test_an_answer_is_found_as_models_write_it(text):
    """Bare, fenced, among prose, and behind thoughts."""
    assert FLAT.parse(text) == FITS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("windshield", "no JSON object"),
        (f"{BARE} or {BARE}", "more than one"),
        (f"<think>{BARE}", "within its thoughts"),
        (f"[{BARE}]", "a list is not an object"),
        (BARE[:-3], "ends too early"),
        (BARE.replace("true", "True"), "no JSON"),
        (BARE.replace("0.5", "NaN"), "NaN"),
        (BARE.replace("0.5", "-Infinity"), "-Infinity"),
        (BARE.replace("0.5", "1e999"), "too large"),
        (BARE.replace("0.5", "9" * 5_000), "digits"),
        (BARE.replace("0.5", '0.5, "part": "other"'), '"part" stands twice'),
        (BARE.replace("engine", "\\ud800"), "surrogate"),
        (BARE.replace("engine", "\ud800"), "surrogate"),
        (BARE.replace("engine", "wing"), 'part: "wing" is none of "windshield", "engine", "other"'),
        (BARE.replace("true", '"yes"'), 'damaged: "yes" is not true or false'),
        (BARE.replace("true", "1"), "damaged: 1 is not true or false"),
        (BARE.replace("0.5", "1.5"), "sure: 1.5 does not meet maximum 1.0"),
        ('{"part": "other"}', '"damaged", "sure" are missing'),
        ('{"part": "other", "sure": null}', '"damaged" is missing'),
    ],
)
def test_a_mismatch_says_what_was_wrong(text, said):
    """It names the field, what stood there and what is asked, in words that a model can follow."""
    assert said in _reason(text)


def test_a_reason_quotes_little_and_hides_nothing():
    """A long or disguised value of an answer, or a name of its own, is cut and spelled out."""
    secret = "x" * 50_000
    assert len(_reason(BARE.replace("engine", secret))) < 200
    assert "[U+202E]" in _reason(BARE.replace("engine", "\u202ewing"))
    closed = AnswerSchema.of(
        {"type": "object", "properties": {}, "additionalProperties": {"type": "integer"}}
    )
    assert _reason('{"a\\nb": "c\\u001b"}', closed) == 'a\u240ab: "c\\u001b" is not a whole number'
    none = AnswerSchema.of({"type": "object", "properties": {"a": {}}, "additionalProperties": False})
    assert _reason('{"a": 1, "b": 2}', none) == '"b" is not among the fields'


def test_a_place_inside_is_named_by_its_path():
    """Fields by a dot, items by their number from 0."""
    schema = AnswerSchema.of(
        {"type": "object", "properties": {"a": {"items": {"properties": {"b": {"type": "null"}}}}}}
    )
    assert _reason('{"a": [{}, {"b": 1}]}', schema) == "a[1].b: 1 is not null"


@pytest.mark.parametrize(
    ("moment", "fits"),
    [
        ("2026-01-31T12:00:00Z", True),
        ("2026-01-31t12:00:00.123456789+05:30", True),
        ("2026-01-31 12:00:00z", True),
        ("2026-01-31T12:00:00", False),
        ("2026-02-30T12:00:00Z", False),
        ("2026-W05-6T12:00:00Z", False),
        ("0001-01-01T00:00:00+23:59", False),
        ("\u0662026-01-31T12:00:00Z", False),
    ],
)
def test_a_date_time_is_that_of_rfc_3339(moment, fits):
    """With its zone, and within the calendar."""
    schema = AnswerSchema.of("at: datetime")
    text = json.dumps({"at": moment})
    if fits:
        assert schema.parse(text) == {"at": moment}
        assert schema.columns([text])["at"].notna().all()
    else:
        assert "date-time" in _reason(text, schema)
        assert schema.columns([text])["at"].isna().all()


def test_other_roots_than_an_object_are_one_column():
    """It is named value; a fence is taken, prose is not."""
    schema = AnswerSchema.of({"enum": ["b", "a", None]})
    assert schema.fields == (Field("value", "category", ("b", "a")),)
    assert schema.parse('```json\n"a"\n```') == schema.parse('```\n"a"```') == "a"
    assert "no JSON" in _reason("It is a.", schema)
    column = schema.columns(['"a"', "null", None])["value"]
    assert column.tolist()[0] == "a"
    assert column.isna().tolist() == [False, True, True]
    assert AnswerSchema.of({"type": "object", "additionalProperties": {"type": "integer"}}).fields == (
        Field("value", "object"),
    )


def _typed(schema, *values):
    made = AnswerSchema.of({"type": "object", "properties": {"x": schema}})
    return made.columns([json.dumps({"x": value}) for value in values] + [None])["x"]


@pytest.mark.parametrize(
    ("schema", "dtype"),
    [
        ({"type": "string"}, "str"),
        ({"type": "integer"}, "Int64"),
        ({"type": "number"}, "float64"),
        ({"type": ["integer", "number"]}, "float64"),
        ({"type": ["boolean", "null"]}, "boolean"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "Int64"),
        ({"oneOf": [{"enum": ["a"]}, {"const": "b"}]}, "category"),
        ({"anyOf": [{"enum": ["a"]}, {"type": "string"}]}, "str"),
        ({"type": ["string", "integer"]}, "object"),
        ({"enum": [1, 2]}, "Int64"),
        ({"enum": [1, 2.5]}, "float64"),
        ({"enum": ["a", 1]}, "object"),
        ({"type": "string", "format": "date"}, "date32[day][pyarrow]"),
        ({"type": ["string", "null"], "format": "date-time"}, "datetime64[us, UTC]"),
        ({"type": "array", "items": {"type": "integer"}}, "object"),
        ({"allOf": [{"type": "boolean"}]}, "boolean"),
        ({"type": "null"}, "object"),
        ({}, "object"),
        (True, "object"),
    ],
    ids=str,
)
def test_a_schema_says_a_dtype(schema, dtype):
    """The column has it whether or not there is an answer."""
    (field,) = AnswerSchema.of({"type": "object", "properties": {"x": schema}}).fields
    assert (field.name, field.dtype) == ("x", dtype)
    column = _typed(schema)
    assert str(column.dtype) == ("object" if dtype == "str" else dtype)
    assert column.isna().tolist() == [True]


def test_columns_hold_what_was_answered():
    """In the schema's order and types, missing where there is no answer; further fields are left out."""
    schema = AnswerSchema.of(
        "z: str, n: int, f: float, ok: bool, c: b|a, day: date, at: datetime, l: list[int]"
    )
    full = {
        "z": "t", "n": 2.0, "f": 1, "ok": False, "c": "a", "day": "2026-01-31",
        "at": "1500-01-01T01:00:00+01:00", "l": [1], "more": 1,
    }  # fmt: skip
    frame = pd.DataFrame(schema.columns([json.dumps(full), None], index=["i", "j"]))
    assert list(frame.columns) == ["z", "n", "f", "ok", "c", "day", "at", "l"]
    assert list(frame.index) == ["i", "j"]
    assert frame.loc["i"].tolist() == [
        "t", 2, 1.0, False, "a", dt.date(2026, 1, 31), pd.Timestamp("1500-01-01", tz="UTC"), [1]
    ]  # fmt: skip
    assert frame.loc["j"].isna().all()
    assert list(frame["c"].cat.categories) == ["b", "a"]


def test_no_answer_breaks_the_frame():
    """Numbers beyond 64 bits become Python integers; a value of another type is missing."""
    column = _typed({"type": "integer"}, 2**63, -(2**80), 1)
    assert column.tolist() == [2**63, -(2**80), 1, None]
    assert _typed({"type": "integer"}, 2**63 - 1, -(2**63)).dtype == "Int64"
    assert _typed({"type": "number"}, 10**300).tolist()[0] == 1e300
    for schema in (
        {"type": "integer"},
        {"type": "boolean"},
        {"enum": ["a"]},
        {"type": "string", "format": "date"},
    ):
        assert _typed(schema, [1], {"a": 1}, "b" if schema != {"type": "string"} else 1, 1.5).isna().all()


def test_no_rows_make_empty_columns():
    """Their dtypes are those of a full one."""
    columns = FLAT.columns([])
    assert {name: str(column.dtype) for name, column in columns.items()} == {
        "part": "category",
        "damaged": "boolean",
        "sure": "float64",
    }


@settings(deadline=None)  # the machine may be busy
@given(
    st.dictionaries(
        st.sampled_from("abcdx"),
        st.none()
        | st.booleans()
        | st.integers(-2, 7)
        | st.floats(-2, 7)
        | st.sampled_from(["p", "q"])
        | st.just([]),
    )
)
def test_the_fast_yes_is_never_wrong(value):
    """What it lets pass, the whole check lets pass."""
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": ["string", "null"], "enum": ["p", None]},
            "b": {"type": "integer", "minimum": 0, "maximum": 5},
            "c": {"type": ["number", "boolean"], "minimum": 1.5},
            "d": {"type": "null"},
        },
        "required": ["a"],
    }
    assert not quick_check(schema)(value) or Draft202012Validator(schema).is_valid(value)
    assert quick_check(schema)({"a": "p", "b": 5, "c": True, "d": None, "x": []})
