import re

import pandas as pd
import pytest

ASK = "%%loopai map df --yes --max-tokens 4\nWhich part was hit? engine, wing. {{ remarks }}"
AGAIN = "%%loopai map df --yes --max-tokens 4\nSay one word. engine, wing. {{ remarks }}"


@pytest.fixture
def runs(notebook):
    """Two runs over the same rows; the ids of both."""
    notebook.shell.user_ns["df"] = pd.DataFrame(
        {
            "remarks": [f"bird {n} in the {'wing' if n % 2 else 'engine'}" for n in range(10)],
            "part": ["engine"] * 10,
        }
    )
    return [notebook.ok(cell).value.run_id for cell in (ASK, AGAIN)]


def test_two_runs_are_shown_side_by_side(notebook, runs):
    """Counts, cost, latency and the label's agreement of both; every text is escaped."""
    output = notebook.ok(f"%loopai diff {runs[0]} {runs[1]} --label part --as both")

    assert re.search(r"\d of 10 answers changed from", output.text)
    assert re.search(r"answered +10 of 10 +10 of 10", output.text)
    assert re.search(r"as part says +50\.0% of 10", output.text)
    assert "latency p50" in output.text
    assert list(notebook["both"].columns)[:4] == ["position", "first", "second", "changed"]
    assert "<table" in output.html


def test_runs_are_named_by_their_answers_as_well(notebook, runs):
    """By a DataFrame of them or by a handle, as by an id."""
    notebook.ok(
        "from loopai_nb.notebook import current_session\n"
        f"one = current_session().show('{runs[0]}')\ntwo = current_session().show('{runs[1]}').result()"
    )
    assert f"changed from {runs[0]} to {runs[1]}" in notebook.ok("%loopai diff one two").text
    assert "0 of 10 reviewed" in notebook.ok("%loopai reviews two").text


def test_a_diff_needs_rows_that_both_asked(notebook, runs):
    """It says so in one line."""
    notebook.shell.user_ns["df"] = pd.DataFrame({"remarks": ["in the wing"]}, index=["other"])
    other = notebook.ok(ASK).value.run_id

    output = notebook.run(f"%loopai diff {runs[0]} {other}")

    assert "No row was asked by both" in output.stderr
    assert "Traceback" not in output.stderr


def test_a_static_diff_stays_the_same(notebook, monkeypatch, request):
    """No id and no time where outputs are compared."""
    monkeypatch.setenv("LOOPAI_UI", "static")
    runs = request.getfixturevalue("runs")
    text = notebook.ok(f"%loopai diff {runs[0]} {runs[1]}").text
    assert "from first to second" in text
    assert not re.search(r"r-[0-9a-f]{4}| ms", text)


def test_reviews_are_listed_and_shown_one_by_one(notebook, runs):
    """Who decided how much; of one run the progress, the assignments, and how far two agree."""
    assert "Nothing was reviewed yet." in notebook.ok("%loopai reviews").text
    notebook.ok(
        "from loopai_nb.notebook import current_session\n"
        f"a, b = (current_session().review('{runs[0]}', reviewer=name) for name in ('ann', 'bob'))\n"
        "a.assign('bob', range(4))\n"
        "for n in range(4): a.accept(n)\n"
        "b.accept(0); b.reject(1, '<b>no</b>')"
    )

    listed = notebook.ok("%loopai reviews").text
    one = notebook.ok(f"%loopai reviews {runs[0]}")

    assert re.search(rf"{runs[0]} +df +bob +2", listed)
    assert "4 of 10 reviewed" in one.text
    assert "ann and bob: 1 of 2 the same (50%)" in one.text
    assert re.search(r"bob +0 to 3 +ann", one.text)


def test_a_review_says_how_far_it_came_where_nobody_can_click(notebook, runs):
    """By the answers' name; what was changed, the next commands, and the frame with the review's columns."""
    notebook.shell.user_ns["out"] = notebook.ok(
        f"from loopai_nb.notebook import current_session\ncurrent_session().show('{runs[0]}').result()"
    ).value
    notebook.ok(f"r = current_session().review('{runs[0]}')\nr.accept(0); r.edit(1, '<b>tail</b>', 'so')")

    output = notebook.ok("%loopai review out --as seen")

    assert f"{runs[0]} reviewed by ann: 2 of 10 reviewed · 1 accepted · 1 edited." in output.text
    assert "Go on: %loopai review out · into Postgres: %loopai push out TABLE --key ID" in output.text
    assert re.search(r"edited to +note", output.text)
    assert "&lt;b&gt;tail&lt;/b&gt;" in output.html
    assert notebook["seen"]["review"].tolist()[:3] == ["accepted", "edited", None]
    assert "reviewed by bob: 2 of 10" in notebook.ok(f"%loopai review {runs[0]} --reviewer bob").text
    assert "There is no run r-0000" in notebook.run("%loopai review r-0000").stderr
    notebook.ok("merged, number = out.copy(), 3\nmerged.attrs = {}")
    for named, said in (
        (
            "reviews",
            '"reviews" is a DataFrame without answers. Ask about its rows first, %%loopai map reviews',
        ),
        ("merged", '"merged" no longer tells of which run its answers are'),
        ("number", '"number" is no run, and no DataFrame of answers (int)'),
    ):
        assert said in notebook.run(f"%loopai review {named}").stderr


def test_a_static_review_stays_the_same(notebook, monkeypatch, request):
    """No id, no name, and the first rows, whatever was said of them."""
    monkeypatch.setenv("LOOPAI_UI", "static")
    run_id = request.getfixturevalue("runs")[0]
    notebook.ok(
        f"from loopai_nb.notebook import current_session\ncurrent_session().review('{run_id}').accept(1)"
    )
    text = notebook.ok(f"%loopai review {run_id}").text
    assert "1 of 10 reviewed · 1 accepted." in text
    assert "Go on: %loopai review RUN" in text
    assert re.search(r"^0 +bird 0 in the engine +engine +not decided", text, re.MULTILINE)
    assert not re.search(r"r-[0-9a-f]{4}|ann", text)


def test_a_frame_may_be_called_as_a_verb_is(notebook):
    """Tables of reviews are: with a cell, which the verb does not take, the rows are asked."""
    notebook.shell.user_ns["reviews"] = pd.DataFrame({"body": ["in the wing"]})
    run = notebook.ok("%%loopai reviews --yes --max-tokens 4\nengine, wing. {{ body }}").value
    assert run.row.answered == 1
    assert "Nothing was reviewed yet." in notebook.ok("%loopai reviews").text
