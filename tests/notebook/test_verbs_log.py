import pandas as pd
import pytest
from canaries import CANARY

ASK = "%%loopai map df --yes --max-tokens 4\nWhich part was hit? engine, wing. {{ remarks }}"
FORMULA = "=cmd|' /C calc'!A0"


@pytest.fixture
def environment(environment):
    """With a key that nobody may see."""
    return {**environment, "LOOPAI_API_KEY": CANARY}


@pytest.fixture
def run_id(notebook):
    """A run over a formula, markup, and a text with characters that would not be seen."""
    notebook.shell.user_ns["df"] = pd.DataFrame(
        {"remarks": [FORMULA, "<img src=x onerror=alert(1)>", "\u202ered\x1b[31m", "a wing"]}
    )
    return notebook.ok(ASK).value.run_id


def test_the_log_is_listed_filtered_opened_and_written(notebook, run_id, tmp_path):
    """Attacks 1, 9, 12 and 18: what was asked, newest first, in each form; safe, and without the key."""
    listed = notebook.ok("%loopai log")
    assert listed.text.count(run_id) == 4
    assert "<img" not in listed.html
    assert "\u202e" not in listed.text + listed.html
    assert "One of them whole: %loopai log --open REQUEST" in listed.text
    one = next(line for line in listed.text.splitlines() if "wing" in line and "answered" in line)

    whole = notebook.ok(f"%loopai log --open {one.split()[0]}")
    assert "approved" in whole.text
    assert "Which part was hit?" in whole.text

    assert "1 of 4 requests" in notebook.ok(f"%loopai log {run_id} --since 1h --limit 1").text
    assert "No request is like that." in notebook.ok("%loopai log --failed").text
    assert "4 requests → asked" in notebook.ok("%loopai log --as asked --order latency").text
    assert notebook["asked"]["latency_ms"].is_monotonic_increasing
    written = [notebook.ok(f"%loopai log --{kind} log.{kind}") for kind in ("csv", "parquet", "jsonl")]
    assert all("4 requests → log." in each.text for each in written)
    assert "'=cmd" not in (tmp_path / "log.csv").read_text()  # behind the template's words it is no formula
    for shown in (listed, whole, *written):
        assert CANARY not in shown.text + shown.html
    for kind in ("csv", "parquet", "jsonl"):
        assert CANARY.encode() not in (tmp_path / f"log.{kind}").read_bytes()
    for line, said in (
        ("--csv a.csv --as b", "one place at a time"),
        ("--csv log.txt", "Let it end in .csv"),
        ("--failed --status cached", "Leave one out"),
        ("--open 999", "There is no request 999"),
    ):
        assert said in notebook.run(f"%loopai log {line}").stderr


def test_an_empty_log_says_so(notebook):
    """Nothing was asked, or nothing is like that."""
    assert "Nothing was asked yet." in notebook.ok("%loopai log").text


def test_a_static_log_has_nothing_that_differs(notebook, run_id, monkeypatch):
    """Two runs of a notebook show the same, so without ids, times and costs."""
    monkeypatch.setenv("LOOPAI_UI", "static")
    notebook.ok("%reload_ext loopai_nb")
    shown = notebook.ok("%loopai log").text
    assert run_id not in shown
    assert "4 requests" in shown
