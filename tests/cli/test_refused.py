"""What is refused before anything is sent."""

import re

import pytest


def test_nobody_to_ask_means_nothing_sent(ready, birds, devserver, template):
    """Without --yes and without a terminal: the plan, exit 3, and the server was asked nothing."""
    ended = ready("run", "--table", "strikes", "--template", template, DATABASE_URL=birds, stdin="y\n")

    assert ended.code == 3
    happened, todo = ended.err.splitlines()[-2:]
    assert happened == "This plan needs approval and nobody can answer here."
    assert re.fullmatch(
        r"Approve it with --yes, or with: loopai-nb approve a-[0-9a-f]{4,}; then the same command again. "
        "Nothing was sent.",
        todo,
    )
    assert devserver.stats().requests == 0


@pytest.mark.parametrize("out", ["missing/o.csv", "o.xlsx", "."])
def test_a_file_that_cannot_be_written_wastes_no_answer(ready, birds_csv, devserver, template, out):
    """--out is tried before anything is sent."""
    ended = ready.inside("run", "--csv", birds_csv(3), "--template", template, "--yes", "--out", out)

    assert ended.code == 1
    assert "--out" in ended.err
    assert devserver.stats().requests == 0


def test_two_columns_of_one_name_waste_no_answer(ready, birds, devserver, template):
    """What a file cannot hold is said before anything is sent."""
    ready.env["DATABASE_URL"] = birds
    query = "SELECT remarks, id AS a, id AS a FROM strikes"
    ended = ready.inside("run", "--query", query, "--template", template, "--yes", "--out", "o.csv")

    assert ended.code == 1
    assert 'named "a"' in ended.err
    assert devserver.stats().requests == 0


@pytest.mark.parametrize(
    ("header", "option", "said"),
    [
        ("remarks,status", [], 'already has a column "status"'),
        ("remarks,answer", [], "Name the answers otherwise: --answer NAME"),
        ("remarks,part", ["--answer", "part"], "Name the answers otherwise: --answer NAME"),
    ],
)
def test_a_column_of_an_answers_name_is_told_in_the_shells_words(ready, devserver, header, option, said):
    """A file's column is renamed in the file, not in Python."""
    (ready.folder / "b.csv").write_text(f"{header}\nwing,x\n")
    ended = ready.inside("run", "--csv", "b.csv", "--template", "{{ remarks }}", "--yes", *option)

    assert ended.code == 1
    assert said in ended.err
    assert "ename it in the file's first line" in ended.err
    assert ".rename(" not in ended.err
    assert devserver.stats().requests == 0


def test_a_column_of_an_answers_name_is_renamed_in_the_query(ready, birds, template):
    """The advice for a query is SQL, and it works."""
    ready.env["DATABASE_URL"] = birds
    query = "SELECT remarks, id AS answer FROM strikes LIMIT 1"
    refused = ready.inside("run", "--query", query, "--template", template, "--yes")
    (advice,) = re.findall("SELECT (.*), ...$", refused.err, re.MULTILINE)
    ended = ready.inside(
        "run", "--query", f"SELECT remarks, {advice} FROM ({query}) AS q", "--template", template, "--yes"
    )

    assert refused.code == 1
    assert advice == "answer AS old_answer"
    assert ended.code == 0, ended.err
    assert "old_answer" in ended.out.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--table", "strike", "--template", "{{ remarks }}"], "strikes"),
        (["--table", "strikes", "--template", "{{ remark }}"], 'Did you mean "remarks"?'),
        (["--table", "strikes", "--template", "{{ remarks"], "template"),
        (["--table", "strikes", "--template", "x", "--where", "false"], "no rows"),
        (["--query", "SELEC 1", "--template", "x"], ""),
        (["--query", "DELETE FROM strikes", "--template", "x"], ""),
        (["--query", "SELECT 1 AS a", "--template", "x", "--database", "nope"], "nope"),
        (["--csv", "missing.csv", "--template", "x"], "missing.csv"),
        (["--csv", "missing.csv", "--template", "x", "--where", "id = 1"], "--where"),
        (["--table", "strikes", "--template", "x", "--whole"], "{{ data }}"),
        (
            ["--table", "strikes", "--template", "{{ data }}", "--whole", "--pilot", "1"],
            "and --pilot is about",
        ),
        (["--table", "strikes", "--template", "x", "--temperature", "3"], "temperature"),
        (["--table", "strikes", "--template", "x", "--server", "http://me:canary@h/v1"], "password"),
    ],
)
def test_a_mistake_is_two_lines_and_ends_1(ready, birds, devserver, words, said):
    """What happened, and what to do; no traceback, and nothing is sent."""
    ready.env["DATABASE_URL"] = birds
    ended = ready.inside("run", *words, "--yes")

    told = ended.err
    assert ended.code == 1
    assert said in told
    assert "Traceback" not in told
    assert "canary" not in told
    assert devserver.stats().requests == 0
