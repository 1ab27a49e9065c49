"""Runs that end without all answers: what failed, what a budget or an interrupt left, and how to go on."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time

import pytest

from loopai_nb.execution.executor import Executor
from loopai_nb.execution.run import Run
from loopai_nb.notebook import progress, verbs_asking
from loopai_nb.notebook.wording import TIMES
from loopai_nb.session import asking
from loopai_nb.session.wiring import Wiring


def test_odd_cells_are_asked_or_told(notebook):
    """Missing values, emoji and right-to-left text are asked; a cell of 5 MB is left out and told."""
    notebook.ok(
        "odd = pd.DataFrame({'body': [None, float('nan'), '\N{ROCKET} \u05e9\u05dc\u05d5\u05dd', 'x'"
        " * 5_000_000]})"
    )

    output = notebook.ok("%%loopai odd --as out --yes\nOne: a, b. {{ body }}")

    assert "1 row left out, not sent: row 3: prompt of 5.0 MB" in " ".join(output.text.split())
    assert "3 answered, 1 failed" in output.text
    assert notebook["out"]["status"].tolist() == ["answered", "answered", "answered", "failed"]
    assert len(output.html) < 20_000


def test_failed_rows_are_counted_and_retried(notebook, model_server):
    """A run with failures says how many and why; ``retry`` asks those again and binds the same name."""
    model_server.faults("400*3, ok*100")
    output = notebook.ok("%%loopai reviews --as out --yes --concurrency 1\nOne: a, b. {{ body }}")
    run_id = output.value.run_id

    assert output.text.splitlines()[-3].startswith(
        f"No row was answered, 4 failed: 4 {TIMES} The model server"
    )
    assert """Look: out["error"]""" in output.text
    assert "push" not in output.text
    assert f"Again: %loopai retry {run_id}" in output.text

    again = notebook.ok(f"%loopai retry {run_id}")

    assert "4 of 4 answered" in again.text
    assert set(notebook["out"]["status"]) == {"answered"}
    assert list(notebook["out"].columns[:3]) == ["id", "body", "answer"]


def test_rows_that_can_never_be_asked_are_not_offered_again(notebook, model_server):
    """Where the template failed, the line says what to change, and no retry that could not help."""
    output = notebook.ok("%%loopai reviews --as out --yes\nOne: a, b. {{ 1 / body|length }}")

    said = output.text.splitlines()[-3]
    assert said == (
        f"3 answered, 1 failed: 1 {TIMES} template, line 1: division by zero (row 3). "
        "Change the template or those rows, and ask again."
    )
    assert "retry" not in output.text
    assert model_server.stats().requests == 2


def test_a_plan_without_any_row_that_can_be_asked_says_why(notebook, model_server):
    """It claims no answers in the ledger: each reason stands once, with the first rows that have it."""
    output = notebook.ok("%%loopai reviews --as out --yes\n{{ 1 / 0 }}{{ body }}")

    assert "nothing to send: no row can be asked" in output.text
    assert "4 rows left out, not sent: row 0, 1, 2, ...: template, line 1: division by zero" in output.text
    assert f"No row was answered, 4 failed: 4 {TIMES} template, line 1: division by zero" in output.text
    assert "ledger" not in output.text
    assert "retry" not in output.text
    assert model_server.stats().requests == 0


def test_what_the_ledger_has_and_what_cannot_be_asked_are_told_apart(notebook):
    """A second run with a row that can't be asked says that the others are in the ledger."""
    cell = "%%loopai reviews --as out --yes\nOne: a, b. {{ 1 / body|length }}"
    notebook.ok(cell)

    output = notebook.ok(cell)

    assert "nothing to send: every other answer is in the ledger, at no cost" in output.text
    assert "3 answered (3 from the ledger), 1 failed" in output.text


def test_a_run_that_stopped_with_failures_tells_both(notebook, model_server):
    """Answered, failed and not asked are told apart in one line, and so is how to go on."""
    notebook.ok("%loopai server --price 1000,1000")
    notebook.ok("many = pd.DataFrame({'body': [f'text {i}' for i in range(30)]})")
    model_server.faults("400, ok*100")

    output = notebook.ok(
        "%%loopai many --as out --yes --max-tokens 5 --budget 0.15 --concurrency 1\nOne: a, b. {{ body }}"
    )

    done = int((notebook["out"]["status"] == "answered").sum())
    assert f"{done} of 30 answered, all kept; 1 failed: 1 {TIMES} The model server at" in output.text
    assert "(row 0). Go on: %loopai resume" in output.text
    assert "--budget 0.30" in output.text


def test_a_base_url_without_its_version_is_told(notebook, model_server):
    """Where the server has no such route, the hint is the URL with /v1."""
    bare = model_server.openai_url.removesuffix("/v1") + "/elsewhere"

    chosen = notebook.ok(f"%loopai server {bare} --kind openai --model m")
    output = notebook.ok("%%loopai reviews --as out --yes --concurrency 1\nOne: a, b. {{ body }}")

    hint = f"Servers of this kind mostly answer under /v1. Try: %loopai server {bare}/v1"
    assert hint in chosen.text
    assert hint in output.text
    assert "0 of 4 answered. Go on" in output.text
    assert hint not in notebook.ok(f"%loopai server {model_server.openai_url}").text


def test_a_budget_stops_and_resume_goes_on(notebook):
    """At the budget the run stops with what is answered, and ``resume --budget`` answers the rest."""
    notebook.ok("%loopai server --price 1000,1000")
    notebook.ok("many = pd.DataFrame({'body': [f'text {i}' for i in range(30)]})")
    output = notebook.ok(
        "%%loopai many --as out --yes --max-tokens 5 --budget 0.15 --concurrency 1\nOne: a, b. {{ body }}"
    )

    assert "Stopped at" in output.text
    assert "of 0.15 USD" in output.text
    done = int((notebook["out"]["status"] == "answered").sum())
    assert 0 < done < 30

    again = notebook.ok(f"%loopai resume {output.value.run_id} --budget 50")

    assert "30 of 30 answered" in again.text


def test_a_budget_for_no_request_is_told(notebook, model_server):
    """The plan says that it won't do; then nothing is called kept, and what the variable holds is told."""
    notebook.ok("%loopai server --price 1000,1000")

    output = notebook.ok("%%loopai reviews --as out --yes --budget 0.00001\nOne: a, b. {{ body }}")

    assert "which is too little for all of them" in " ".join(output.text.replace("│", " ").split())
    assert "A budget of 0.00001 USD is too little for one request: 0 of 4 answered. Go on" in output.text
    assert "out has the rows, none of them answered." in output.text
    assert model_server.stats().requests == 0


def test_an_interrupted_run_is_told_and_resumed(notebook, model_server):
    """Ctrl-C stops a run and its cell: what is answered is bound, one line says how to go on."""
    notebook.ok("many = pd.DataFrame({'body': [f'text {i}' for i in range(400)]})")
    model_server.faults(latency_ms=100)
    _interrupt_when(lambda: model_server.stats().requests > 20)

    output = notebook.interrupted("%%loopai many --as out --yes --concurrency 4\nOne: a, b. {{ body }}")

    assert "answered and kept. Go on: %loopai resume" in output.text
    assert output.stdout == "Stopped.\n"
    notebook.ok("from loopai_nb import current_session\n(begun,) = current_session().runs()")
    assert notebook["begun"].state == "CANCELLED"
    assert 0 < (notebook["out"]["status"] == "answered").sum() < 400


def test_answers_that_were_cut_say_what_to_raise(notebook):
    """Where a schema's answers did not fit into max_tokens, a retry is not offered: it would be cut again."""
    output = notebook.ok(
        "%%loopai reviews --as out --yes --max-tokens 3 --schema 'part: a|b, sure: 0.0..1.0'\n{{ body }}"
    )

    said = output.text.rpartition("\u2518")[2]  # below the plan
    assert f"3 {TIMES} the answer was cut at max_tokens (3)" in said
    assert "Ask again with a higher --max-tokens." in said
    assert "retry" not in said
    assert "asked for again" not in said


@pytest.mark.parametrize(
    "function",
    [
        asking._carry_out,
        Executor.__init__,
        Run.__init__,
        Wiring._watched,
        verbs_asking.finish,
        progress.follow,
    ],
    ids=lambda function: function.__qualname__,
)
def test_an_interrupt_as_a_run_begins_leaves_none_behind(notebook, model_server, function):
    """Ctrl-C before anybody waits for the run stops it, and the line names it: nothing is sent unwatched."""
    notebook.ok("many = pd.DataFrame({'body': [f'text {i}' for i in range(400)]})")
    model_server.faults(latency_ms=100)

    with _interrupted_in(function):
        output = notebook.interrupted("%%loopai many --as out --yes --concurrency 4\nOne: a, b. {{ body }}")

    said = output.stdout + output.text
    assert said.startswith("Stopped.\n")
    assert said.count("%loopai resume r-") == 1
    assert "kept. Go on: %loopai resume r-" in said
    notebook.ok("from loopai_nb import current_session\n(begun,) = current_session().runs()")
    run = notebook["begun"]
    assert run.state == "CANCELLED"
    assert run.answered < 400
    model_server.faults(latency_ms=0)
    assert "400 of 400 answered" in notebook.ok(f"%loopai resume {run.run_id}").text


def test_an_interrupted_pilot_is_not_followed_by_the_rest(notebook, model_server):
    """Ctrl-C while the first rows are asked ends the cell: no second plan, and nothing else is sent."""
    notebook.ok("many = pd.DataFrame({'body': [f'text {i}' for i in range(400)]})")
    model_server.faults(latency_ms=100)
    _interrupt_when(lambda: model_server.stats().requests > 4)

    output = notebook.interrupted(
        "%%loopai many --as out --yes --pilot 100 --concurrency 2\nOne: a, b. {{ body }}"
    )

    assert "of 100 answered and kept. Go on: %loopai resume" in output.text
    assert output.text.count("Plan p-") == 1
    notebook.ok("from loopai_nb import current_session\n(begun,) = current_session().runs()")
    assert notebook["begun"].answered < 100


def _interrupt_when(condition):
    def watch():
        for _ in range(3_000):
            if condition():
                signal.raise_signal(signal.SIGINT)
                return
            time.sleep(0.01)

    threading.Thread(target=watch, daemon=True).start()


@contextlib.contextmanager
def _interrupted_in(function):
    """Raise the signal as the main thread enters a function."""

    def look(frame, _event, _arg):
        if frame.f_code is function.__code__:
            sys.settrace(None)
            signal.raise_signal(signal.SIGINT)

    before = sys.gettrace()
    sys.settrace(look)
    try:
        yield
    finally:
        sys.settrace(before)
