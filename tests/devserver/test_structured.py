import json

import jsonschema
import openai
import pydantic
import pytest

REMARK = "STRUCK 3 GULLS AT 500 FT ON 2019-05-02. LEFT WING WAS DAMAGED. PILOT NOT HURT."
PROMPT = f"Read this report and fill in the fields.\n{REMARK}"
SCHEMA = {
    "type": "object",
    "properties": {
        "part": {"enum": ["engine", "wing", "windshield", "other"]},
        "damaged": {"type": "boolean"},
        "hurt": {"type": "boolean"},
        "birds": {"type": "integer"},
        "sure": {"type": "number", "minimum": 0, "maximum": 1},
        "day": {"type": "string", "format": "date"},
        "quote": {"type": "string", "maxLength": 40},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "tags": {"type": "array", "items": {"$ref": "#/$defs/Tag"}, "minItems": 1},
        "kind": {"const": "report"},
    },
    "required": ["part", "damaged", "hurt", "birds", "sure", "day", "quote", "note", "tags", "kind"],
    "additionalProperties": False,
    "$defs": {"Tag": {"enum": ["night", "wing"]}},
}


def wanted(schema):
    """The field of OpenAI's protocol."""
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}


def text_of(response):
    """The answer's text."""
    return response.json()["choices"][0]["message"]["content"]


def test_an_answer_fits_its_schema_and_says_what_the_text_says(chat):
    """Labels, booleans, numbers, dates and quotations come from the text; nothing found is false or 0."""
    answer = json.loads(text_of(chat(PROMPT, response_format=wanted(SCHEMA))))

    jsonschema.validate(answer, SCHEMA)
    assert list(answer) == list(SCHEMA["properties"])
    assert (answer["part"], answer["damaged"], answer["hurt"]) == ("wing", True, False)
    assert (answer["birds"], answer["sure"], answer["day"]) == (3, 0, "2019-05-02")
    assert answer["quote"] in REMARK
    assert answer["tags"] == ["wing"]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "minimum": 4, "maximum": 600}, 500),
        ({"type": "integer", "exclusiveMinimum": 500, "maximum": 1000}, 501),
        ({"type": "number", "maximum": -1}, -1),
        ({"type": ["boolean", "null"]}, False),
        ({"type": "null"}, None),
        ({"enum": [1, 3]}, 3),
        ({"type": "array", "items": {"type": "integer"}}, [3]),
    ],
)
def test_a_field_keeps_to_its_type_and_range(chat, schema, value):
    """One field of each simple kind."""
    whole = {"type": "object", "properties": {"x": schema}, "required": ["x"]}
    answer = json.loads(text_of(chat(PROMPT, response_format=wanted(whole))))

    jsonschema.validate(answer, whole)
    assert answer == {"x": value}


@pytest.mark.parametrize(
    "schema", [{}, {"$ref": "#"}, {"$ref": "#/nowhere"}, {"properties": {"x": {"$ref": "#"}}}, {"type": 7}]
)
def test_a_schema_that_is_odd_or_turns_in_circles_is_answered(chat, schema):
    """With JSON of some kind, at once."""
    json.loads(text_of(chat(PROMPT, response_format=wanted(schema))))


def test_a_pydantic_model_of_the_openai_sdk_is_filled(model_server):
    """The SDK's own structured parsing reads it, nested models included."""

    class Strike(pydantic.BaseModel):
        part: str
        count: int

    class Report(pydantic.BaseModel):
        strike: Strike
        damaged: bool

    with openai.OpenAI(base_url=model_server.openai_url, api_key="x") as client:
        parsed = client.chat.completions.parse(
            model="demo-lexical", messages=[{"role": "user", "content": PROMPT}], response_format=Report
        )

    assert parsed.choices[0].message.parsed.strike.count == 3
    assert parsed.choices[0].message.parsed.damaged


def test_a_schema_in_the_prompt_is_followed_too(chat):
    """As our own instruction writes it, and behind a complaint about the last answer."""
    schema = {"type": "object", "properties": {"part": {"enum": ["engine", "wing"]}}, "required": ["part"]}
    told = f"{PROMPT}\n\nAnswer with one JSON value. It has to fit this JSON Schema:\n{json.dumps(schema)}"
    again = f"{told}\n\nYour last answer was refused. What was wrong: engine is engine\nAnswer again."

    assert json.loads(text_of(chat(told))) == {"part": "wing"}
    assert json.loads(text_of(chat(again))) == {"part": "wing"}


def test_only_the_schemas_own_labels_are_its_labels(chat):
    """A list in the question that is none of the schema's takes no text away; its own may stand there."""
    schema = {"type": "object", "properties": {"part": {"enum": ["engine", "wing", "other"]}}}
    asked = "Which part was hit, and was it damaged?\nENG #2 INGESTED A BIRD"
    offered = "Which part was hit? engine, wing, other.\nSTRUCK LEFT WING"

    assert json.loads(text_of(chat(asked, response_format=wanted(schema)))) == {"part": "engine"}
    assert json.loads(text_of(chat(offered, response_format=wanted(schema)))) == {"part": "wing"}


def test_json_objects_of_no_schema_are_objects(chat):
    """OpenAI's older json_object."""
    answer = json.loads(text_of(chat(PROMPT, response_format={"type": "json_object"})))

    assert list(answer) == ["answer"]


@pytest.mark.parametrize(
    "row",
    [
        'LEFT WING {"type": "number"}',
        'LEFT WING schema {"type": "object"} {"type": ["a"]} {"x"',
        'LEFT WING schema "type"' + '{"a":' * 20_000,
        'LEFT WING schema "type"' + "{" * 20_000,
    ],
)
def test_a_text_that_holds_json_is_no_schema(chat, row):
    """A row's braces do not make the answer JSON, however many they are."""
    assert text_of(chat(f"Which? engine, wing.\n{row}")) == "wing"


@pytest.mark.parametrize(
    ("fault", "fits"),
    [
        ("json_missing", lambda text: "kind" not in json.loads(text)),
        ("json_type", lambda text: isinstance(json.loads(text)["part"], dict)),
        ("json_label", lambda text: json.loads(text)["part"] == "no such label"),
        ("json_extra", lambda text: "unasked" in json.loads(text)),
        ("json_prose", lambda text: text.startswith("Sure!") and '{"part"' in text),
        ("json_cut", lambda text: text.startswith('{"part"') and not text.endswith("}")),
    ],
)
def test_answers_can_be_made_not_to_fit(model_server, chat, fault, fits):
    """Each as often as told, paid for, and then right again."""
    model_server.faults(fault)
    spoilt, right = (text_of(chat(PROMPT, response_format=wanted(SCHEMA))) for _ in range(2))

    assert fits(spoilt)
    try:
        value = json.loads(spoilt)
    except ValueError:
        value = None
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, SCHEMA)
    jsonschema.validate(json.loads(right), SCHEMA)
    assert model_server.stats().faults == {fault: 1}
    assert model_server.stats().paid(PROMPT) == 2


def test_a_server_may_not_know_response_format(model_server, chat):
    """A 400 that names it; text answers go on, and a schema in the prompt."""
    model_server.faults(structured=False)
    refused = chat(PROMPT, response_format=wanted(SCHEMA))

    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "response_format")
    assert chat(PROMPT).status_code == 200
    assert model_server.stats().paid(PROMPT) == 1


@pytest.mark.parametrize(
    "form",
    [
        "json",
        {"type": "yaml"},
        {"type": "json_schema"},
        {"type": "json_schema", "json_schema": {"schema": {}}},
        {"type": "json_schema", "json_schema": {"name": "x", "schema": []}},
    ],
)
def test_a_response_format_that_is_none_is_refused(chat, form):
    """A 400 that names it."""
    response = chat(response_format=form)

    assert (response.status_code, response.json()["error"]["param"]) == (400, "response_format")


def test_a_model_may_refuse(model_server, chat):
    """Content is null and the message has a refusal, streamed and plain."""
    model_server.faults("refusal*2")
    message = chat(PROMPT, response_format=wanted(SCHEMA)).json()["choices"][0]["message"]
    streamed = chat(PROMPT, response_format=wanted(SCHEMA), stream=True).text

    assert message["content"] is None
    assert message["refusal"]
    assert '"refusal":"I can' in streamed
    assert '"damaged"' not in streamed


def test_max_tokens_cuts_json_too(chat):
    """With finish_reason "length", as real servers do."""
    choice = chat(PROMPT, response_format=wanted(SCHEMA), max_tokens=4).json()["choices"][0]

    assert choice["finish_reason"] == "length"
    assert choice["message"]["content"] == '{"part": "wing",'
