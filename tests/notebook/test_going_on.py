"""Stopping by a budget of the day, at the first error; pilots; going on, again and together."""

from __future__ import annotations

import re

import pytest

from loopai_nb.records import RunState

MANY = "many = pd.DataFrame({'body': [f'text {i}' for i in range(30)]})"
ASK = "One: a, b. {{ body }}"


@pytest.fixture
def many(notebook):
    """A DataFrame ``many`` of 30 rows that differ."""
    notebook.ok(MANY)
    return notebook


@pytest.mark.usefixtures("one_day")
def test_the_days_budget_stops_a_run(many, monkeypatch):
    """The line says which budget, of which day's clock, and what to do; the plan has said what was left."""
    monkeypatch.setenv("LOOPAI_BUDGET_USD_PER_DAY", "0.15")
    many.ok("%unload_ext loopai_nb")
    many.ok("%load_ext loopai_nb")
    many.ok("%loopai server --price 1000,1000")

    output = many.ok(f"%%loopai many --as out --yes --max-tokens 5 --concurrency 1\n{ASK}")

    said = " ".join(output.text.split())
    assert "of 0.15 USD a day, 0.00 are spent" in said
    assert "The day's budget of 0.15 USD (UTC) is used up: " in said
    assert "Go on tomorrow, or raise LOOPAI_BUDGET_USD_PER_DAY: %loopai resume r-" in said


def test_the_first_error_stops_a_run(many, model_server):
    """``--stop-on-first-error``: one row failed, the rest was not asked, ``retry`` asks all of it."""
    model_server.faults("ok*3, 400, ok*100")

    output = many.ok(f"%%loopai many --as out --yes --concurrency 1 --stop-on-first-error\n{ASK}")

    assert "Stopped at the first error: 3 of 30 answered, all kept; 1 failed" in output.text
    assert many["out"]["status"].tolist() == ["answered"] * 3 + ["failed"] + ["skipped"] * 26
    assert "30 of 30 answered" in many.ok(f"%loopai retry {output.value.run_id}").text


def test_errors_can_end_the_cell(many, model_server):
    """``--on-error raise``: one line instead of the result's, and what is answered is bound all the same."""
    model_server.faults("400, ok*100")

    output = many.run(f"%%loopai many --as out --yes --concurrency 1 --on-error raise\n{ASK}")

    assert output.stderr.startswith("UsageError: 1 of 30 rows failed, 1 of them so: ")
    assert "Ask the failed ones again: %loopai retry r-" in output.stderr
    assert (many["out"]["status"] == "answered").sum() == 29


def test_without_cache_and_dedup_each_row_is_asked(notebook, model_server):
    """``--no-dedup`` asks rows that are alike one by one, ``--no-cache`` asks what the ledger knows."""
    notebook.ok(f"%%loopai reviews --as out --yes --no-dedup\n{ASK}")
    assert model_server.stats().requests == 4

    notebook.ok(f"%%loopai reviews --as out --yes --no-cache\n{ASK}")

    assert model_server.stats().requests == 4 + 3
    assert set(notebook["out"]["status"]) == {"answered"}


def test_a_pilot_comes_first_and_counts(many, model_server):
    """Two plans: the pilot's rows, then all, of which the pilot's are answered before and tell the cost.

    Of the budget it is said what the pilot left.
    """
    many.ok("%loopai server --price 1000,1000")

    output = many.ok(f"%%loopai many --as out --yes --pilot 6 --budget 9\n{ASK}")

    said = " ".join(output.text.replace("│", "").split())
    left = re.findall(r"budget (\S+)( left of 9\.00)?", said)
    assert left[0] == ("9.00", "")
    assert left[1][1]
    assert 0 < float(left[1][0]) < 9
    assert said.count("┌ Plan") == 2
    assert "30 rows · 30 distinct requests · 6 answered before, which saves 0." in said
    assert "from 6 earlier answers" in said
    assert "30 of 30 answered (6 from the ledger)" in said
    assert model_server.stats().requests == 30


def test_a_pilot_is_of_the_sample(many, model_server):
    """With ``--sample`` no row beyond it is asked."""
    many.ok(f"%%loopai many --as out --yes --sample 4 --pilot 2\n{ASK}")

    assert model_server.stats().requests == 4
    assert len(many["out"]) == 4


def test_a_pilot_of_all_rows_is_none(many, model_server):
    """One plan, and a sentence; with ``--no-wait`` too the answers are there when all were known."""
    output = many.ok(f"%%loopai many --as out --yes --sample 2 --pilot 2\n{ASK}")

    assert "A pilot of all rows would tell nothing beforehand" in output.text
    assert output.text.count("┌ Plan") == 1
    assert model_server.stats().requests == 2

    again = many.ok(f"%%loopai many --as out --yes --sample 2 --no-wait\n{ASK}")
    assert "2 of 2 answered (2 from the ledger)" in again.text


def test_a_pilot_that_leaves_nothing_is_told(many):
    """Where the rows are alike, a sentence stands for the second plan."""
    many.ok("alike = pd.DataFrame({'body': ['wing'] * 4})")
    output = many.ok(f"%%loopai alike --as out --yes --pilot 2\n{ASK}")

    assert "Nothing is left to send after the pilot" in output.text
    assert output.text.count("┌ Plan") == 1
    assert "4 of 4 answered (4 from the ledger)" in output.text


def test_a_dry_run_has_no_pilot(many, model_server):
    """Both together are a mistake, and nothing is sent."""
    assert "Leave one of both out" in many.run(f"%%loopai many --dry-run --pilot 2\n{ASK}").stderr
    assert model_server.stats().requests == 0


def test_a_dry_run_shows_the_pace_that_was_asked_for(many):
    """``--concurrency`` and ``--fixed`` stand in the plan."""
    output = many.ok(f"%%loopai many --dry-run --concurrency 4 --fixed\n{ASK}")

    assert "│ 4 in flight " in output.text


def test_nothing_to_retry_is_told(many):
    """A run without failed rows has nothing to ask again."""
    run = many.ok(f"%%loopai many --as out --yes\n{ASK}").value

    assert f"No request of run {run.run_id} has failed." in many.run(f"%loopai retry {run.run_id}").stderr


def test_nobody_to_join_is_told(many):
    """``resume --join`` of a run that nobody carries out says how to go on; its budget stays its own."""
    run = many.ok(f"%%loopai many --as out --yes\n{ASK}").value

    joined = many.run(f"%loopai resume {run.run_id} --join")
    assert f"Go on with it: %loopai resume {run.run_id}" in joined.stderr
    assert "beside --join" in many.run(f"%loopai resume {run.run_id} --join --budget 1").stderr


def test_what_a_complete_run_can_not_use_is_told(many):
    """A budget for a run that is complete is not passed over in silence."""
    run = many.ok(f"%%loopai many --as out --yes\n{ASK}").value
    assert "nothing is left to send" not in many.ok(f"%loopai resume {run.run_id}").text
    output = many.ok(f"%loopai resume {run.run_id} --budget 1")
    assert "The run is complete: nothing is left to send, and --budget" in output.text
    assert "30 of 30 answered" in output.text


def test_runs_tell_why_one_is_paused(many, model_server, until):
    """While the server asks to wait, ``runs`` and ``show`` say PAUSED and why; it goes on by itself."""
    model_server.faults("ok*2, 429:3, ok*100")
    begun = many.ok(f"%%loopai many --as out --yes --no-wait --concurrency 2\n{ASK}")
    assert "out is there when the run has ended" in begun.text
    run = begun.value
    until(lambda: run.state is RunState.PAUSED)

    listed, shown = many.ok("%loopai runs").text, many.ok(f"%loopai show {run.run_id}").text

    assert "PAUSED" in listed
    assert re.search(r"^state +PAUSED · the server asks to slow down", shown, re.MULTILINE)
    assert "carried out for" not in shown
    assert "the server asks to slow down; trying again at" in listed
    assert f"{run.run_id} is paused, the server asks to slow down; trying again at" in shown
    run.wait()
    assert run.state is RunState.COMPLETED
