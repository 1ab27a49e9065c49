import json

import pytest


def test_whole_asks_once_over_all_rows(ready, birds, devserver):
    """The first design's form: one prompt with {{ data }}, and the answer's text on stdout."""
    ready.env["DATABASE_URL"] = birds
    ended = ready.inside(
        "run", "--table", "strikes", "--limit", "4", "--whole",
        "--template", "Which part is named most? windshield, engine, wing.\n{{ data }}",
    )  # fmt: skip

    assert ended.code == 0, ended.err
    assert ended.out == "windshield\n"
    assert devserver.stats().requests == 1
    assert (
        "id | remarks\n0 | bird 0 struck"
        in json.loads(devserver.requests()[-1].body)["messages"][-1]["content"]
    )


def test_a_whole_table_is_asked_for_fields(ready, birds_csv):
    """``--whole --schema``: the answer's JSON on stdout."""
    ended = ready.inside(
        "run", "--csv", birds_csv(4), "--whole", "--schema", "part: windshield|engine|wing",
        "--template", "Which part is named first? {{ data }}",
    )  # fmt: skip

    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["part"] in {"windshield", "engine", "wing"}


@pytest.mark.parametrize("option", ["--pilot 2", "--no-dedup", "--fixed", "--on-error raise",
                                    "--stop-on-first-error"])  # fmt: skip
def test_whole_refuses_what_is_about_many_prompts(ready, birds_csv, devserver, option):
    """An option that would do nothing is not ignored."""
    ended = ready.inside("run", "--csv", birds_csv(3), "--template", "{{ data }}", "--whole", *option.split())

    name = option.removesuffix(" 2")
    assert ended.code == 1
    assert ended.err == f"--whole is one prompt, and {name} is about many.\nLeave it out.\n"
    assert devserver.stats().requests == 0
