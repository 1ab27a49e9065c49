import re
import subprocess

import pytest

from loopai_nb.records import RunState
from loopai_nb.session import Session
from loopai_nb.settings import Settings


@pytest.fixture
def finished(ready, template):
    """A run of three rows, one of them with markup, that ended well; its id."""
    (ready.folder / "three.csv").write_text("remarks\nwing\n<img src=x onerror=alert(1)> wing\nengine\n")
    return ready.inside("run", "--csv", "three.csv", "--template", template, "--yes").run_id


def test_check_says_of_each_part_whether_it_works(ready, database):
    """Database, model server and ledger: one line each, exit 0, and no password."""
    ready.env["DATABASE_URL"] = database
    ended = ready("check")

    lines = ended.out.splitlines()
    assert ended.code == 0, ended.out
    assert [line.split()[0] for line in lines] == ["database", "model", "ledger"]
    assert all(re.match(r"[a-z ]+  +ok  .* \d+ ms", line) for line in lines)
    assert "environment (DATABASE_URL)" in lines[0]
    assert "demo-lexical at 127.0.0.1" in lines[1]
    assert database.split(":")[2].partition("@")[0] not in ended.out


def test_check_goes_on_behind_what_does_not_work(cli, database):
    """A wrong password and a server that is off: exit 1, what to do, and the ledger is still looked at."""
    wrong = re.sub(r"://(\w+):[^@]+@", r"://\1:canary-3141-wrong@", database)
    cli.env |= {"DATABASE_URL": wrong, "LOOPAI_SERVER": "http://127.0.0.1:9/v1"}
    ended = cli("check", "--debug")

    lines = ended.out.splitlines()
    assert ended.code == 1
    assert [re.split("  +", line)[1] for line in lines] == ["no", "no", "ok"]
    assert "password" in lines[0]
    assert "127.0.0.1:9" in lines[1]
    assert "%loopai" not in ended.out
    assert "canary-3141" not in ended.out + ended.err


def test_check_tells_a_model_that_the_server_does_not_list(ready):
    """A misspelled model is seen before a run stops at it."""
    ended = ready.inside("check", "--model", "phi-5")
    assert "phi-5 at 127.0.0.1" in ended.out
    assert "is not in its list: demo-lexical" in ended.out


@pytest.mark.parametrize("verb", ["status", "check"])
def test_a_misspelt_setting_is_told(ready, verb):
    """A name in .env that is none is told with the one that was meant."""
    (ready.folder / ".env").write_text("LOOPAI_BUGDET_USD=1\n")
    ended = ready.inside(verb)

    assert "LOOPAI_BUGDET_USD" in ended.out + ended.err


def test_check_tells_a_base_url_without_its_version(ready, devserver):
    """A server that has no list of models may be asked at the wrong place."""
    bare = devserver.openai_url.removesuffix("/v1") + "/elsewhere"
    ended = ready.inside("check", "--server", bare, "--kind", "openai", "--model", "m")

    assert f"mostly answer under /v1. Try: --server {bare}/v1" in ended.out


def test_check_of_nothing_says_what_to_set(cli):
    """Where nothing is set, it says how."""
    ended = cli.inside("check")

    assert ended.code == 1
    assert "postgresql://user:password@host:5432/name" in ended.out
    assert "LOOPAI_SERVER=" in ended.out


def test_status_shows_where_each_setting_came_from(ready):
    """As ``%loopai status``."""
    ended = ready.inside("status")

    assert ended.code == 0
    assert re.search(r"server_url +http://127\S+ +environment \(LOOPAI_SERVER\)", ended.out)
    assert re.search(r"model server +demo-lexical at 127", ended.out)


def test_runs_and_show_tell_what_was_run(ready, finished):
    """The list, newest first, and one in detail with its template."""
    listed = ready.inside("runs").out
    shown = ready.inside("show", finished)

    assert re.search(rf"{finished} .* COMPLETED +three\.csv +demo-lexical +3 of 3", listed)
    assert listed.endswith("One of them: loopai-nb show RUN\n")
    assert shown.code == 0
    assert "Which part was hit?" in shown.out
    assert f"{finished} · 3 of 3 answered" in shown.out


def test_runs_of_an_empty_ledger(cli):
    """Nothing was run: said, and no error."""
    assert cli.inside("runs") == (0, "Nothing was run yet.\n", "")


@pytest.mark.parametrize("verb", ["show", "resume", "cancel", "report"])
def test_a_run_that_is_not_there(cli, verb):
    """Exit 1, and how to see those that are."""
    ended = cli.inside(verb, "r-0000", *(["--html", "r.html"] if verb == "report" else []))

    assert ended.code == 1
    assert ended.err.splitlines()[-1] == "See them all: loopai-nb runs"
    assert not (cli.folder / "r.html").exists()


def test_report_writes_one_html_file(ready, finished):
    """Markup of a row is text in it."""
    ended = ready.inside("report", finished, "--html", "r.html")

    page = (ready.folder / "r.html").read_text(encoding="utf-8")
    assert (ended.code, ended.out) == (0, "report → r.html\n")
    assert "&lt;img src=x" in page
    assert "<img" not in page


def test_cancel_stops_a_run_of_another_process(ready, birds_csv, devserver, template):
    """The one who cancels is told, the one who ran it ends 4; what is answered is kept."""
    devserver.faults(latency_ms=100)
    process = ready.start(
        "run", "--csv", birds_csv(200), "--template", template, "--yes", "--concurrency", "2",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    while devserver.stats().requests < 4:
        assert process.poll() is None
    name = re.search(r"r-[0-9a-f]{4,}", ready.inside("runs").out)[0]

    ended = ready.inside("cancel", name)

    out, said = process.communicate(timeout=30)
    assert ended.code == 0
    assert f"Go on: loopai-nb resume {name}" in ended.out
    assert process.returncode == 4
    assert f"Go on: loopai-nb resume {name}" in said.decode()
    assert b"answered" in out
    with Session(Settings.load(environ=ready.env, cwd=ready.folder)) as session:
        assert session.show(name).state is RunState.CANCELLED


def test_cancelling_a_run_whose_process_is_gone_ends_it(ready, birds_csv, devserver, template):
    """After kill -9 nobody could notice the wish: it is CANCELLED at once, and that is said."""
    devserver.faults(latency_ms=100)
    process = ready.start(
        "run", "--csv", birds_csv(200), "--template", template, "--yes", "--concurrency", "2",
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while devserver.stats().requests < 4:
        assert process.poll() is None
    process.kill()
    process.wait()
    name = re.search(r"r-[0-9a-f]{4,}", ready.inside("runs").out)[0]

    ended = ready.inside("cancel", name)

    assert ended.out.splitlines()[0] == "The run's process was gone already; the run is cancelled now."
    assert f"Go on: loopai-nb resume {name}" in ended.out
    again = ready.inside("cancel", name)
    assert again.out.splitlines()[0] == "The run has ended already; there is nothing to cancel."


def test_resume_of_a_finished_run_hands_its_answers_over(ready, finished, devserver):
    """Nothing is sent, and no model server is needed."""
    asked = devserver.stats().requests
    ready.env["LOOPAI_SERVER"] = "http://127.0.0.1:9/v1"
    ended = ready.inside("resume", finished, "--out", "o.csv")

    assert ended.code == 0
    assert (ready.folder / "o.csv").read_text().splitlines()[1].startswith("0,wing,answered,")
    assert devserver.stats().requests == asked
