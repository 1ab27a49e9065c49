"""Failures and going on, as processes and exit codes."""

import json
import re
import signal
import subprocess

import pytest


def test_an_error_can_end_the_command(ready, birds_csv, devserver, template):
    """``--on-error raise``: exit 1, no file; what is answered is kept, and ``retry`` ends 0."""
    devserver.faults("ok, 400, ok*100")
    ended = ready.inside(
        "run", "--csv", birds_csv(3), "--template", template, "--yes", "--concurrency", "1",
        "--on-error", "raise", "--out", "o.csv",
    )  # fmt: skip

    assert ended.code == 1
    assert "1 of 3 rows failed, 1 of them so: " in ended.err
    again = re.search(r"Ask the failed ones again: loopai-nb (retry r-[0-9a-f]+)", ended.err)[1]
    assert not (ready.folder / "o.csv").exists()

    assert ready.inside(*again.split(), "--out", "o.csv").code == 0
    assert devserver.stats().requests == 4


def test_the_first_error_can_stop_the_run(ready, birds_csv, devserver, template):
    """``--stop-on-first-error``: exit 4, what is answered is handed over, ``retry`` does the rest."""
    devserver.faults("ok*3, 400, ok*100")
    ended = ready.inside(
        "run", "--csv", birds_csv(9), "--template", template, "--yes", "--concurrency", "1",
        "--stop-on-first-error",
    )  # fmt: skip

    assert ended.code == 4
    assert f"Go on, and ask it again: loopai-nb retry {ended.run_id}" in ended.err
    assert ready.inside("retry", ended.run_id).code == 0
    assert devserver.stats().requests == 10


def test_nothing_to_retry_ends_1(ready, birds_csv, template):
    """A finished run has no failed rows."""
    ended = ready.inside("run", "--csv", birds_csv(2), "--template", template, "--yes")

    again = ready.inside("retry", ended.run_id)

    assert (again.code, again.out) == (1, "")
    assert f"No request of run {ended.run_id} has failed." in again.err


@pytest.mark.usefixtures("one_day")
def test_the_days_budget_stops_the_run(ready, birds_csv, template):
    """Exit 4 and which budget; the same run goes on where it is raised."""
    ready.env["LOOPAI_BUDGET_USD_PER_DAY"] = "0.0005"
    ended = ready.inside(
        "run", "--csv", birds_csv(20), "--template", template, "--max-tokens", "8", "--price", "1,2",
        "--concurrency", "1", "--yes",
    )  # fmt: skip

    assert ended.code == 4
    assert "of 0.0005 USD a day, 0.00 are spent" in ended.err
    assert "The day's budget of 0.0005 USD (UTC) is used up: " in ended.err
    resumed = re.search(r"raise LOOPAI_BUDGET_USD_PER_DAY: loopai-nb (resume r-[0-9a-f]+)", ended.err)[1]

    ready.env["LOOPAI_BUDGET_USD_PER_DAY"] = "1"
    assert ready.inside(*resumed.split()).code == 0


def test_a_budget_that_runs_low_is_told_once(ready, birds_csv, devserver, template):
    """At four fifths one line on stderr, also where it is no terminal."""
    devserver.faults(latency_ms=30)
    ended = ready(
        "run", "--csv", birds_csv(120), "--template", template, "--max-tokens", "8", "--price", "1,2",
        "--concurrency", "1", "--fixed", "--budget", "0.0035", "--yes",
    )  # fmt: skip

    assert ended.code == 0
    assert ended.err.count("USD budgeted for run") == 1


def test_lost_requests_are_asked_about(ready, birds_csv, devserver, template, terminal):
    """``--on-unknown ask``: exit 1 where nobody can answer; on a terminal "n" leaves them out, "y" sends."""
    ready.env["LOOPAI_ON_UNKNOWN"] = "ask"
    devserver.faults("ok*2, lost*2, ok*100")
    ended = ready.inside("run", "--csv", birds_csv(9), "--template", template, "--yes", "--concurrency", "1")
    assert ended.code == 4

    refused = ready.inside("resume", ended.run_id)
    assert refused.code == 1
    assert f"loopai-nb resume {ended.run_id} --on-unknown resend (or skip)" in refused.err

    leaving = terminal(ready, "resume", ended.run_id)
    leaving.until(r"2 requests of r-\w+ may have been paid.*\s*.*y, or n to leave out: ")
    leaving.type("n\n")
    code, _, seen = leaving.end()
    assert code == 4
    assert f"Send those again: loopai-nb resume {ended.run_id} --on-unknown resend" in " ".join(seen.split())
    assert devserver.stats().requests == 9

    sending = terminal(ready, "resume", ended.run_id, "--on-unknown", "ask")
    sending.until("y, or n to leave out: ")
    sending.type("y\n")
    assert sending.end()[0] == 0
    assert devserver.stats().requests == 11


def test_two_processes_share_a_run(ready, birds_csv, devserver, template, until):
    """``resume --join``: both end 0 with all answers, and no row was asked twice."""
    devserver.faults(latency_ms=50)
    options = ("--concurrency", "2", "--fixed")
    first = ready.start(
        "run", "--csv", birds_csv(400), "--template", template, "--yes", *options,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    until(lambda: devserver.stats().requests > 2)
    run_id = re.search(r"r-[0-9a-f]{4,}", ready.inside("runs").out)[0]
    devserver.faults(latency_ms=1_000)  # until the other one is there
    helper = ready.start(
        "resume",
        run_id,
        "--join",
        *options,
        "--out",
        "o.jsonl",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    until(lambda: devserver.stats().in_flight > 2)
    devserver.faults(latency_ms=0)
    (_, said), (_, joined) = first.communicate(timeout=60), helper.communicate(timeout=60)

    assert (helper.returncode, first.returncode) == (0, 0), (joined.decode(), said.decode())
    assert f"{run_id} · 400 of 400 answered" in joined.decode()
    assert "400 of 400 answered" in said.decode()
    assert devserver.stats().requests == 400
    rows = (ready.folder / "o.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(row)["status"] for row in rows} == {"answered"}


def test_who_helps_can_leave(ready, birds_csv, devserver, template, terminal, until):
    """Ctrl-C ends the helper with 130, and the one that it helped goes on to the end."""
    devserver.faults(latency_ms=50)
    first = ready.start(
        "run", "--csv", birds_csv(200), "--template", template, "--yes", "--concurrency", "1",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    until(lambda: devserver.stats().requests > 2)
    run_id = re.search(r"r-[0-9a-f]{4,}", ready.inside("runs").out)[0]
    helper = terminal(ready, "resume", run_id, "--join", "--concurrency", "1")
    helper.until(" of 200")  # its progress: it was let in, and waits for the run
    helper.process.send_signal(signal.SIGINT)
    helper_code, _, helper_said = helper.end()
    devserver.faults(latency_ms=0)
    _, said = first.communicate(timeout=60)

    assert helper_code == 130, helper_said
    assert f"{run_id} goes on: " in helper_said
    assert first.returncode == 0, said.decode()
    assert "200 of 200 answered" in said.decode()


def test_who_joins_changes_nothing(ready, birds_csv, template):
    """A finished run is handed over; a budget beside --join is a mistake."""
    ended = ready.inside("run", "--csv", birds_csv(2), "--template", template, "--yes")

    assert ready.inside("resume", ended.run_id, "--join").code == 0
    assert ready.inside("resume", ended.run_id, "--join", "--budget", "1").code == 1


def test_a_server_that_asks_to_slow_down_is_told(ready, birds_csv, devserver, template, terminal, until):
    """The terminal says who, why and until when; ``runs`` of another process says PAUSED and the reason."""
    devserver.faults("ok*4, 429:3*2, ok*100")
    running = terminal(ready, "run", "--csv", birds_csv(30), "--template", template, "--yes",
                       "--concurrency", "2")  # fmt: skip
    running.until(r"of 30 · 127\.0\.0\.1:\d+ asks to slow down; trying again at \d\d:\d\d:\d\d")
    until(lambda: "PAUSED" in ready.inside("runs").out)
    listed = ready.inside("runs").out

    code, _, seen = running.end()

    assert code == 0, seen
    assert "PAUSED" not in listed or "the server asks to slow down; trying again at" in listed
    assert "30 of 30 answered" in seen


def test_going_on_without_an_answer_shows_no_table(ready, birds_csv, devserver, template):
    """Rows of which none was asked are no result; the sentence on stderr says why."""
    words = ("--price", "1000,1000", "--budget", "0.00001", "--yes")
    ended = ready.inside("run", "--csv", birds_csv(3), "--template", template, *words)

    assert (ended.code, ended.out) == (4, "")
    assert "too little for one request" in ended.err
    assert ready.inside("resume", ended.run_id).out == ""
    assert devserver.stats().requests == 0


def test_what_a_complete_run_can_not_use_is_told(ready, birds_csv, template):
    """A budget or a helper for a run that is complete is not passed over in silence."""
    done = ready.inside("run", "--csv", birds_csv(2), "--template", template, "--yes").run_id

    for option in (["--budget", "1"], ["--join"]):
        ended = ready.inside("resume", done, *option)
        assert ended.code == 0
        assert "The run is complete: nothing is left to send" in ended.err
    assert "nothing is left" not in ready.inside("resume", done).err
