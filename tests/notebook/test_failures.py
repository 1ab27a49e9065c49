from __future__ import annotations

import sqlite3

import pytest

CANARY = "s3cret-Canary-91"


@pytest.mark.parametrize(
    "line",
    [
        f"%loopai connect postgresql://sales:{CANARY}@db.internal/shop",
        f"%loopai connect 'host=db.internal password={CANARY}'",
        f"%loopai server http://ann:{CANARY}@gpu-box:8000/v1",
        f"%loopai server http://gpu-box:8000/v1?api_key={CANARY}",
        f"%loopai postgresql://sales:{CANARY}@db.internal/shop",
        f"%loopai pull t postgresql://sales:{CANARY}@db/shop",
        f"%loopai connect 'postgresql://sales:{CANARY}@db.internal/shop",
    ],
)
def test_a_password_on_the_line_is_refused_and_forgotten(notebook, tmp_path, line):
    """ATTACKS 14: the refusal says where it belongs, and it is in no output, no variable and no history."""
    output = notebook.run(line)

    assert "would be saved with it. Put" in output.stderr
    assert CANARY not in output.stderr + output.text + output.html
    notebook.ok("after = 1")
    space = {name: value for name, value in notebook.shell.user_ns.items() if name != "get_ipython"}
    assert CANARY not in repr(space)
    history = notebook.shell.history_manager
    assert CANARY not in repr([history.input_hist_raw, history.input_hist_parsed, history._i, history._ii])
    history.writeout_cache()
    with sqlite3.connect(tmp_path / "history.sqlite") as file:
        kept = file.execute("SELECT source, source_raw FROM history").fetchall()
    file.close()
    assert ("after = 1", "after = 1") in kept
    assert CANARY not in repr(kept)


def test_words_about_passwords_in_a_condition_are_no_secret(notebook):
    """A column that is called password may stand in a condition, and a URL without one on the line."""
    for line in ("%loopai pull users --where \"password = ''\"", "%loopai connect db.example"):
        assert "would be saved" not in notebook.run(line).stderr


@pytest.mark.parametrize("mode", ["Plain", "Context", "Verbose", "Minimal"])
def test_an_unexpected_error_keeps_its_traceback_and_loses_its_secrets(notebook, monkeypatch, mode):
    """ATTACKS 15, 18: in every traceback mode, locals and messages included, a known secret is masked."""
    monkeypatch.setenv("DATABASE_URL", f"postgresql://u:{CANARY}@127.0.0.1:1/db")
    notebook.ok("%unload_ext loopai_nb")
    notebook.ok("%load_ext loopai_nb")
    notebook.ok(
        "from loopai_nb import current_session\nsession = current_session()\n"
        "def broken(*_, **__):\n"
        "    url = session.settings.database_url.reveal()\n"
        "    raise RuntimeError(f'could not reach {url}')\n"
        "session.tables = broken"
    )
    notebook.ok(f"%xmode {mode}")

    done = notebook.shell.run_cell("%loopai tables")
    rendered = done.error_in_exec._render_traceback_()

    assert "RuntimeError" in str(done.error_in_exec)
    assert CANARY not in str(done.error_in_exec)
    assert CANARY not in "\n".join(rendered)
    assert mode == "Minimal" or "broken" in "".join(rendered)
    debug = notebook.ok("%loopai debug").text
    assert "RuntimeError" in debug
    assert CANARY not in debug


def test_a_harmless_unexpected_error_is_raised_as_it_is(notebook):
    """Without a secret in it, an unexpected error stays the very exception."""
    notebook.ok(
        "from loopai_nb import current_session\ndef broken(*_, **__):\n    raise ZeroDivisionError('odd')\n"
        "current_session().tables = broken"
    )

    done = notebook.shell.run_cell("%loopai tables")

    assert type(done.error_in_exec) is ZeroDivisionError


def test_a_static_error_names_no_run(notebook, monkeypatch):
    """Under LOOPAI_UI=static an error is the same each time: "The run", and RUN where one is to be typed."""
    monkeypatch.setenv("LOOPAI_UI", "static")
    notebook.ok("%unload_ext loopai_nb")
    notebook.ok("%load_ext loopai_nb")
    notebook.ok(
        "from loopai_nb import InputError, current_session\n"
        "def refused(*_, **__):\n"
        "    raise InputError('Run r-7f3a of plan p-91c2b0 is PARTIAL.', 'Go on: %loopai resume r-7f3a')\n"
        "current_session().tables = refused"
    )

    said = notebook.run("%loopai tables").stderr

    assert "The run of the plan is PARTIAL. Go on: %loopai resume RUN" in said
