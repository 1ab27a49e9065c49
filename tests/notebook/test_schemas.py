from __future__ import annotations

import json

import pytest

TYPES = (
    '"part: wing|engine|other, damaged: bool, sure: 0.0..1.0, stars: 1|2|3, n: int, why: str, day?: date, '
    'at: datetime, tags: list[str]"'
)


def test_fields_are_typed_columns(notebook, model_server):
    """``--schema`` is sent, and ``out`` has the dtypes that docs/structured.md tells, beside the answer."""
    notebook.ok(f"%%loopai reviews --as out --yes --schema {TYPES}\nWhat was hit? {{{{ body }}}}")

    out = notebook["out"]
    assert {name: str(out[name].dtype) for name in out.columns[10:]} == {
        "part": "category",
        "damaged": "boolean",
        "sure": "float64",
        "stars": "Int64",
        "n": "Int64",
        "why": "object",
        "day": "date32[day][pyarrow]",
        "at": "datetime64[us, UTC]",
        "tags": "object",
    }
    assert list(out["part"].cat.categories) == ["wing", "engine", "other"]
    assert json.loads(out["answer"].iloc[0])["part"] == out["part"].iloc[0]
    sent = json.loads(model_server.requests()[-1].body)["response_format"]["json_schema"]["schema"]
    assert list(sent["properties"])[:2] == ["part", "damaged"]


@pytest.mark.parametrize(
    "given",
    [
        "Answer",
        "fields",
        '"part: wing|other, n: int"',
        "fields.json",
        """'{"part": "wing|other", "n": "int"}'""",
    ],
)
def test_a_schema_is_named_or_written(notebook, given):
    """A Pydantic model or dict of the notebook by its name, the short form, a file, and JSON."""
    notebook.ok(
        "from typing import Literal\n"
        "from pydantic import BaseModel\n"
        "class Answer(BaseModel):\n    part: Literal['wing', 'other']\n    n: int\n"
        "fields = {'part': 'wing|other', 'n': 'int'}\n"
        "import json, pathlib\n"
        "_ = pathlib.Path('fields.json').write_text(json.dumps(fields))"
    )

    output = notebook.ok(f"%%loopai reviews --dry-run --schema {given}\n{{{{ body }}}}")

    assert "fields: part (wing, other), n (whole number)" in " ".join(output.text.split())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Anser", 'There is no "Anser" in this notebook. Did you mean "Answer"? Give a short form'),
        ("nothing", "or the name of a Pydantic model or dict of this notebook (here: Answer)."),
        ("reviews", "A schema can't be made of DataFrame"),
        ('"part: wibble"', "part"),
        ("missing.json", "missing.json can't be read"),
        ("'{\"a\": '", "can't be read as JSON"),
    ],
)
def test_what_is_no_schema_is_one_line(notebook, model_server, given, said):
    """A mistake in ``--schema`` says what may be given; nothing is planned or sent."""
    notebook.ok("from pydantic import BaseModel\nclass Answer(BaseModel):\n    part: str")

    output = notebook.run(f"%%loopai reviews --yes --schema {given}\n{{{{ body }}}}")

    assert said in output.stderr
    assert output.stderr.startswith("UsageError: ")
    assert output.stderr.strip().count("\n") == 0
    assert model_server.stats().requests == 0


def test_retries_without_a_schema_are_a_mistake(notebook):
    """``--schema-retries`` alone is told."""
    output = notebook.run("%%loopai reviews --yes --schema-retries 1\n{{ body }}")

    assert "Add --schema, or leave it out." in output.stderr


def test_answers_that_do_not_fit_are_counted_and_paid(notebook, model_server):
    """The end says how many did not fit and what they cost; the row is answered by the next try."""
    notebook.ok("%loopai server --price 1000,1000")
    model_server.faults("json_type*2, ok*100")

    output = notebook.ok(
        '%%loopai reviews --as out --yes --concurrency 1 --schema "part: a|b"\nOne: a, b. {{ body }}'
    )

    assert "4 of 4 answered" in output.text
    assert "2 answers did not fit the schema and cost 0." in output.text
    assert "USD, and asked for again." in output.text
    assert model_server.stats().requests == 5
    assert notebook["out"]["part"].notna().all()


def test_rows_whose_answers_never_fit_fail_with_the_reason(notebook, model_server):
    """With no tries left the reason is the row's error, and the line says that tries were used up."""
    model_server.faults(rates={"json_type": 1.0})

    output = notebook.ok(
        '%%loopai reviews --as out --yes --schema "part: a|b" --schema-retries 1\nOne: a, b. {{ body }}'
    )

    assert "No row was answered, 4 failed" in output.text
    assert "6 answers did not fit the schema; each was asked for again as long as" in output.text
    assert notebook["out"]["error"].str.startswith("part: ").all()


def test_ask_binds_the_value(notebook):
    """``ask --schema --as`` binds what the answer says, not its text."""
    output = notebook.ok('%%loopai ask --schema "part: wing|engine" --as said\nThe wing was hit. Which part?')

    assert notebook["said"] == {"part": "wing"}
    assert str(output.value) == '{"part": "wing"}'
