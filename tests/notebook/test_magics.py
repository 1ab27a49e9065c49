from __future__ import annotations

import re

import pytest

from loopai_nb.devserver.serve import DevServer


def test_the_verbs_are_listed(notebook):
    """``%loopai`` alone, ``help`` and ``--help`` list the verbs; a verb's ``--help`` its options."""
    for line in ("%loopai", "%loopai help", "%loopai --help"):
        assert "%%loopai map" in notebook.ok(line).text
    assert "--dry-run" in notebook.ok("%loopai map --help").text
    assert "--where" in notebook.ok("%loopai pull -h").text


def test_map_asks_about_every_row(notebook, model_server):
    """The short form asks, shows plan and result, and binds a frame with the index of the asked one."""
    output = notebook.ok(
        "%%loopai reviews --as out --answer topic --yes\nOne word: shipping, quality.\n{{ body }}"
    )

    out = notebook["out"]
    assert list(out.index) == ["a", "b", "b", "d"]
    assert list(out.columns[:3]) == ["id", "body", "topic"]
    assert set(out["status"]) == {"answered"}
    assert model_server.stats().requests == 3  # two rows are alike
    assert "4 rows · 3 distinct requests" in output.text
    assert "4 of 4 answered" in output.text
    assert "out is ready. Look: out.head()" in output.text
    assert output.text.count("is ready") == 1
    assert output.value.state == "COMPLETED"


def test_map_again_costs_nothing_and_asks_nobody(notebook, model_server):
    """Where every answer is in the ledger, nothing is sent and no approval is needed."""
    notebook.ok("%%loopai map reviews --as out --yes\nOne: a, b. {{ body }}")
    asked = model_server.stats().requests

    output = notebook.ok("%%loopai map reviews --as again\nOne: a, b. {{ body }}")

    assert model_server.stats().requests == asked
    assert set(notebook["again"]["status"]) == {"cached"}
    assert "nothing to send" in output.text


def test_a_dry_run_sends_nothing(notebook, model_server):
    """``--dry-run`` gives the plan and sends nothing."""
    output = notebook.ok("%%loopai map reviews --dry-run --sample 2 --system Be-short\n{{ body }}")

    assert output.value.rows == 2
    assert "[system] Be-short" in output.text
    assert output.text.count("┌ Plan") == 1
    assert model_server.stats().requests == 0


def test_nobody_to_ask_means_nothing_sent(notebook, model_server):
    """Without a terminal or a front end, a plan that nobody approved is refused in one line."""
    output = notebook.run("%%loopai map reviews --as out\n{{ body }}")

    assert "needs approval and nobody can answer here" in output.stderr
    assert "Traceback" not in output.stderr
    assert "out" not in notebook.shell.user_ns
    assert model_server.stats().requests == 0


def test_the_cell_is_the_template_as_typed(notebook, model_server):
    """``$name`` and ``{name}`` are not expanded by IPython, in the cell or on the line."""
    notebook.ok("name = 'expanded'")

    notebook.ok("%%loopai map reviews --yes --sample 1 --system {name}\n$name {name} {{ body }}")

    (seen,) = model_server.requests()
    assert b"$name {name} late" in seen.body
    assert b"expanded" not in seen.body


def test_local_variables_are_seen(notebook):
    """Inside a function, the magic sees the function's DataFrame."""
    output = notebook.run("def f():\n    mine = reviews.head(1)\n    %loopai push mine t\nf()")

    assert "No database is set" in output.stderr  # and not: no DataFrame "mine"


def test_ask_answers_one_prompt(notebook):
    """Variables of the notebook are the template's, a DataFrame too; the answer is displayed and bound."""
    notebook.ok("tone = 'calm'")

    output = notebook.ok(
        "%%loopai ask --as said --max-tokens 20\nIn a {{ tone }} tone, sum up:\n{{ reviews }}"
    )

    assert isinstance(notebook["said"], str)
    assert notebook["said"]
    assert notebook["said"] == str(output.value)
    assert notebook["said"] in output.text
    assert "tokens in" in output.text


def test_unknown_usage_is_not_shown_as_none(notebook, model_server):
    """Where the server does not say what it counted, no count stands below the answer."""
    model_server.faults("no_usage")

    output = notebook.ok("%%loopai ask\nWhich part? wing, engine.")

    assert str(output.value)
    assert "tokens" not in output.text


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%loopai frobnicate", "is no verb and no DataFrame"),
        ("%loopai mapp", "Did you mean 'map'"),
        ("%loopai map reviews", "Write %%loopai map with two %"),
        ("%%loopai runs\nx", "takes no cell"),
        ("%%loopai map nothing\n{{ body }}", 'no DataFrame "nothing"'),
        ("%%loopai map pd\n{{ body }}", "is a module, not a DataFrame. DataFrames here: reviews"),
        (
            "%%loopai reviews --yes\n{{ boddy }}",
            'asks for "boddy", which reviews does not have. Did you mean "body"',
        ),
        ("%%loopai reviews --yes\n{{ body", "template"),
        ("%%loopai reviews --yes\n\n", "template is empty"),
        ("%%loopai reviews --yes --temperature 9\n{{ body }}", "between 0 and 2"),
        ("%%loopai reviews --yes --budget nan\n{{ body }}", "'nan' is no number such as 0.50"),
        ("%%loopai ask\n{{ missing }}", "Set it in a cell above: missing = ..."),
        ("%%loopai ask\n{{ review }}", 'does not have. Did you mean "reviews"?'),
        ("%%loopai ask\n\n", "no prompt"),
        ("%loopai pull", "nothing to pull"),
        ("%loopai tables", "No database is set"),
        ("%loopai connect shop", "shop"),
        ("%loopai show r-0000", "no run r-0000"),
        ("%loopai resume r-0000", "no run r-0000"),
        ("%loopai report r-0000", "Where to?"),
        (
            "%loopai server http://127.0.0.1:1/v1",
            "No model server at http://127.0.0.1:1/v1 (connection refused)",
        ),
        ("%loopai push reviews t", "No database is set"),
    ],
)
def test_a_mistake_is_one_calm_line(notebook, model_server, cell, said):
    """A person's mistake is a UsageError that says what and what to do: no traceback, nothing sent."""
    output = notebook.run(cell)

    assert said in output.stderr
    assert output.stderr.startswith("UsageError: ")
    assert "Traceback" not in output.stderr
    assert model_server.stats().requests == 0


def test_an_empty_frame_is_told(notebook):
    """A DataFrame without rows is a mistake that is told."""
    notebook.ok("empty = reviews.head(0)")
    assert "has no rows" in notebook.run("%%loopai empty --yes\n{{ body }}").stderr


def test_runs_and_show_tell_what_was_run(notebook):
    """``runs`` lists them, ``show`` gives details and the run, ``status`` where each setting came from."""
    assert "Nothing was run yet" in notebook.ok("%loopai runs").text
    run = notebook.ok("%%loopai reviews --as out --yes\nOne: a, b. {{ body }}").value

    assert run.run_id in notebook.ok("%loopai runs").text
    shown = notebook.ok(f"%loopai show {run.run_id}")
    assert "approved by" in shown.text
    assert "{{ body }}" in shown.text
    assert "4 of 4 answered" in shown.text
    assert shown.value.run_id == run.run_id
    assert "environment (LOOPAI_SERVER)" in notebook.ok("%loopai status").text
    assert "4 of 4 answered" in notebook.ok(f"%loopai cancel {run.run_id}").text


def test_status_shows_the_server_that_was_chosen(notebook, model_server):
    """Behind ``%loopai server``, no line names the settings' server without saying that it is not asked."""
    set_url = model_server.openai_url
    with DevServer() as other:
        notebook.ok(f"%loopai server {other.openai_url} --price 1,2.50")

        lines = [re.split("  +", line) for line in notebook.ok("%loopai status").text.splitlines()]

    shown = {line[0]: line[1:] for line in lines}
    assert shown["model server"] == [
        f"demo-lexical at 127.0.0.1:{other.port}",
        "openai · 1.00 USD in, 2.50 out per million tokens (set)",
    ]
    assert shown["server_url"] == [other.openai_url, f"this session, not {set_url}"]
    assert shown["model"] == ["demo-lexical", "this session"]
    assert shown["price_output_usd_per_mtok"] == ["2.5", "this session"]
    assert shown["budget_usd"] == ["not set", "default"]


def test_a_model_that_the_server_does_not_list_is_told(notebook):
    """A misspelt model is seen where it is chosen, and not by a run that stops at it."""
    chosen = notebook.ok("%loopai server --model demo-lexicla")
    assert "demo-lexicla is not in its list; did you mean demo-lexical" in chosen.text
    assert "list" not in notebook.ok("%loopai server --model demo-lexical").text


def test_status_tells_what_is_odd_about_the_settings(notebook, tmp_path):
    """A misspelt name in .env is told, with the one that was meant."""
    (tmp_path / ".env").write_text("LOOPAI_BUGDET_USD=1\n")
    notebook.ok("%unload_ext loopai_nb")
    notebook.ok("%load_ext loopai_nb")

    assert "LOOPAI_BUGDET_USD" in notebook.ok("%loopai status").text


def test_debug_shows_the_whole_chain(notebook):
    """The chain of the last error is kept for ``debug``."""
    assert "no error yet" in notebook.ok("%loopai debug").text
    notebook.run("%loopai server http://127.0.0.1:1/v1")

    text = notebook.ok("%loopai debug").text

    assert "ConnectionRefusedError" in text
    assert "direct cause" in text


def test_static_outputs_are_the_same_in_every_run(notebook, monkeypatch):
    """Under LOOPAI_UI=static, two runs from nothing give the same outputs, without id, time, rate or port."""
    monkeypatch.setenv("LOOPAI_UI", "static")
    cells = [
        "%loopai server --model demo-lexical",
        "%%loopai reviews --as out --yes --max-tokens 7\nOne: a, b. {{ body }}",
        "%%loopai ask\nSum up: {{ reviews }}",
        "%loopai runs",
    ]
    seen = []
    for number in range(2):
        monkeypatch.setenv("LOOPAI_LEDGER", f"ledger-{number}.sqlite3")
        notebook.ok("%unload_ext loopai_nb")
        notebook.ok("%load_ext loopai_nb")
        seen.append([notebook.ok(cell).displays for cell in cells])

    assert seen[0] == seen[1]
    assert not re.search(r"\b[rp]-[0-9a-f]{4}\b", str(seen[0]))
    assert "127.0.0.1:" not in str(seen[0])
