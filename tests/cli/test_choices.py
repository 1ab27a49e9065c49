"""Schemas, pilots, and asking without cache or dedup."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

SCHEMA = "part: windshield|engine|wing|other, damaged: bool, sure: 0.0..1.0, day?: date, tags: list[str]"


def test_fields_are_typed_columns_of_the_file(ready, birds_csv, template):
    """``--schema``: the plan says the fields, the file has them with their types."""
    words = ("run", "--csv", birds_csv(3), "--template", template, "--yes", "--schema", SCHEMA)
    ended = ready.inside(*words, "--out", "o.parquet")

    assert ended.code == 0, ended.err
    assert "fields: part (windshield, engine, wing, other), damaged (true or false)" in ended.err
    table = pq.read_table(ready.folder / "o.parquet")
    assert table.column("part").to_pylist() == ["windshield", "engine", "wing"]
    types = {name: table.schema.field(name).type for name in ("damaged", "sure", "day")}
    assert types == {"damaged": pa.bool_(), "sure": pa.float64(), "day": pa.date32()}

    ready.inside(*words, "--out", "o.jsonl")
    ready.inside(*words, "--out", "o.csv")
    first = json.loads((ready.folder / "o.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert (first["part"], first["damaged"], type(first["tags"])) == ("windshield", False, list)
    assert ",windshield,False," in (ready.folder / "o.csv").read_text(encoding="utf-8").splitlines()[1]


def test_a_schema_comes_from_a_file(ready, birds_csv, template):
    """A .json file with fields, and without --out a table with them."""
    (ready.folder / "part.json").write_text('{"part": "windshield|engine|wing|other"}')
    ended = ready.inside(
        "run", "--csv", birds_csv(2), "--template", template, "--yes", "--schema", "part.json"
    )

    assert ended.code == 0, ended.err
    assert ended.out.splitlines()[0].split()[-1] == "part"
    assert ended.out.splitlines()[1].split()[-1] == "windshield"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--schema", "part: wibble"], "part"),
        (["--schema", "missing.json"], "missing.json can't be read"),
        (["--schema", "remarks: str"], 'already has a column "remarks"'),
        (["--schema", "answer: str"], "the name of an answer column"),
        (["--schema-retries", "1"], "Add --schema, or leave it out."),
    ],
)
def test_a_schema_that_cannot_be_used_ends_1(ready, birds_csv, devserver, template, words, said):
    """Two lines, and nothing is sent."""
    ended = ready.inside("run", "--csv", birds_csv(2), "--template", template, "--yes", *words)

    assert ended.code == 1
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert devserver.stats().requests == 0


def test_a_pilot_is_approved_by_itself(ready, birds_csv, devserver, template, terminal):
    """Two plans, two questions; the pilot's rows are not asked twice."""
    asked = terminal(ready, "run", "--csv", birds_csv(20), "--template", template, "--pilot", "5")
    asked.until(r"Send 5 to demo-lexical\? y, or n and why: ")
    asked.type("y\n")
    asked.until(r"5 answered before[\s\S]*Send 15 to demo-lexical\? y, or n and why: ")
    asked.type("y\n")

    code, _, seen = asked.end()

    assert code == 0, seen
    assert "20 of 20 answered (5 from the ledger)" in seen
    assert devserver.stats().requests == 20


def test_a_pilot_of_all_rows_is_none(ready, birds_csv, devserver, template):
    """It would be the same plan twice: one plan, one sentence."""
    ended = ready.inside(
        "run", "--csv", birds_csv(3), "--template", template, "--pilot", "3", "--yes",
    )  # fmt: skip

    assert ended.code == 0
    assert "A pilot of all rows would tell nothing beforehand" in ended.err
    assert ended.err.count("┌ Plan") == 1
    assert devserver.stats().requests == 3


def test_a_pilot_that_leaves_nothing_is_told(ready, devserver, template):
    """Where the rows are alike the pilot may have asked all of them: a sentence and no empty plan."""
    (ready.folder / "b.csv").write_text("remarks\n" + "wing\n" * 4)
    ended = ready.inside("run", "--csv", "b.csv", "--template", template, "--pilot", "2", "--yes")

    assert ended.code == 0
    assert "Nothing is left to send after the pilot" in ended.err
    assert ended.err.count("┌ Plan") == 1
    assert "4 of 4 answered (4 from the ledger)" in ended.err
    assert devserver.stats().requests == 1


def test_each_row_is_asked_where_that_is_wanted(ready, devserver, template):
    """``--no-dedup`` and ``--no-cache``."""
    (ready.folder / "b.csv").write_text("remarks\nwing\nwing\n")
    words = ("run", "--csv", "b.csv", "--template", template, "--yes")
    said = ready.inside(*words, "--no-dedup").err
    assert "2 rows · 2 requests, also where rows are alike" in said
    assert devserver.stats().requests == 2

    assert "no answer of the ledger is used" in ready.inside(*words, "--no-cache", "--fixed").err
    assert devserver.stats().requests == 3


def test_a_dry_run_shows_the_plan_and_sends_nothing(ready, birds_csv, devserver, template):
    """The plan is the result: on stdout, with exit 0, and nobody is asked."""
    ended = ready.inside("run", "--csv", birds_csv(3), "--template", template, "--dry-run", "--sample", "2")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("┌ Plan ")
    assert "2 rows · 2 distinct requests" in ended.out
    assert devserver.stats().requests == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--template", "x", "--pilot", "2"], "A dry run sends nothing, and a pilot does."),
        (["--template", "{{ data }}", "--whole"], "--whole shows no plan"),
        (["--template", " "], "--template TEXT, or @FILE"),
    ],
)
def test_a_dry_run_that_can_not_be_is_told(ready, birds_csv, words, said):
    """What goes with no plan is refused in the shell's words."""
    ended = ready.inside("run", "--csv", birds_csv(3), "--dry-run", *words)

    assert ended.code == 1
    assert said in ended.err
