import csv
import json
import subprocess

import psycopg2
import pyarrow.parquet as pq
import pytest

from loopai_nb.errors import InputError
from loopai_nb.session import Session
from loopai_nb.settings import Settings

QUERY = "SELECT id, remarks FROM strikes WHERE id < :most ORDER BY id"


def read(path):
    """The records of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_rows_of_a_query_end_answered_in_a_file(ready, birds, devserver, template):
    """The main job on one line: rows of Postgres, the plan on stderr, answers in a file, exit 0."""
    ended = ready(
        "run", "--query", QUERY, "--param", "most=12", "--template", template, "--answer", "part",
        "--max-tokens", "8", "--out", "parts.csv", "--yes", DATABASE_URL=birds,
    )  # fmt: skip

    assert ended.code == 0, ended.err
    said = ended.err
    assert "12 rows · 12 distinct requests" in said
    assert f"{ended.run_id} · 12 of 12 answered" in said
    assert ended.out == ""
    with (ready.folder / "parts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [str(n) for n in range(12)]
    assert [row["part"] for row in rows[:3]] == ["windshield", "engine", "wing"]
    assert {row["status"] for row in rows} == {"answered"}
    assert devserver.stats().requests == 12


def test_without_a_file_the_answers_are_a_table_on_stdout(ready, birds, template):
    """The result is stdout's alone; a RangeIndex is not shown; long results are bounded, with a note."""
    ready.env["DATABASE_URL"] = birds
    ended = ready.inside("run", "--table", "strikes", "--template", template, "--yes")

    lines = ended.out.splitlines()
    assert ended.code == 0
    assert lines[0].split() == ["id", "remarks", "answer", "status", "latency_ms", "cost_usd"]
    assert lines[1].split()[:2] == ["0", "bird"]
    assert len(lines) == 31


def test_a_long_result_is_cut_on_the_terminal(ready, birds_csv, template):
    """More than 50 rows: a note says how many more there are and how to get them."""
    ended = ready.inside("run", "--csv", birds_csv(60), "--template", template, "--yes")

    assert ended.out.splitlines()[-1] == "... and 10 more rows"
    assert "--out FILE.csv" in ended.err


@pytest.mark.parametrize("ending", ["parquet", "jsonl"])
def test_other_formats_hold_the_same(ready, birds, template, ending):
    """All rows and all columns, with their types."""
    ready.env["DATABASE_URL"] = birds
    ended = ready.inside(
        "run", "--table", "strikes", "--where", "id < 3", "--template", template, "--yes",
        "--out", f"o.{ending}",
    )  # fmt: skip

    assert ended.code == 0
    path = ready.folder / f"o.{ending}"
    rows = pq.read_table(path).to_pylist() if ending == "parquet" else read(path)
    found = [(row["id"], row["answer"], row["cost_usd"]) for row in rows]
    assert found == [(0, "windshield", 0.0), (1, "engine", 0.0), (2, "wing", 0.0)]


def test_texts_come_from_files_and_rows_from_stdin(ready, devserver, template):
    """``--template @FILE --csv -``: what does not fit on a line."""
    (ready.folder / "t.txt").write_text(template, encoding="utf-8")
    ended = ready(
        "run", "--csv", "-", "--template", "@t.txt", "--system", "@@home", "--yes", "--out", "o.jsonl",
        stdin="remarks\nשלם wing 🦅\n",
    )  # fmt: skip

    assert ended.code == 0, ended.err
    record = json.loads((ready.folder / "o.jsonl").read_text(encoding="utf-8"))
    assert (record["remarks"], record["answer"]) == ("שלם wing 🦅", "wing")
    sent = json.loads(devserver.requests()[-1].body)["messages"]
    assert sent[0] == {"role": "system", "content": "@home"}


def test_the_plan_of_a_model_without_a_price_says_how_to_set_one(ready, birds_csv, monkeypatch):
    """The box's hint can be typed here, its border is straight, and a row's text in it is as it was sent."""
    monkeypatch.setattr("loopai_nb.session.serving.price_for", lambda *_: None)
    ended = ready.inside("run", "--csv", birds_csv(3), "--template", "%loopai server x {{ remarks }}")

    lines = [line for line in ended.err.splitlines() if line[0] in "┌│└"]
    said = " ".join(line.strip("│ ") for line in lines)
    assert ended.code == 3
    assert "(set a price: --price IN,OUT)" in said
    assert "%loopai server x bird 0" in said
    assert len({len(line) for line in lines}) == 1


def test_a_budget_stops_the_run_and_the_exit_code_says_so(ready, birds_csv, devserver, template):
    """Exit 4, the answers so far in the file, the line to go on with; resume with more ends 0."""
    ended = ready.inside(
        "run", "--csv", birds_csv(20), "--template", template, "--max-tokens", "8", "--price", "1,2",
        "--budget", "0.0005", "--concurrency", "1", "--yes", "--out", "o.jsonl",
    )  # fmt: skip
    answered = devserver.stats().requests

    assert ended.code == 4
    assert 0 < answered < 20
    rows = read(ready.folder / "o.jsonl")
    assert [row["status"] for row in rows] == ["answered"] * answered + ["skipped"] * (20 - answered)
    assert f"Go on: loopai-nb resume {ended.run_id} --budget" in ended.err

    again = ready.inside("resume", ended.run_id, "--budget", "1", "--out", "all.jsonl")
    assert again.code == 0
    rows = read(ready.folder / "all.jsonl")
    assert [(row["row"], row["answer"]) for row in rows[:2]] == [(0, "windshield"), (1, "engine")]
    assert devserver.stats().requests == 20


def test_failed_rows_end_4_and_can_be_asked_again(ready, birds_csv, devserver, template):
    """A row that the server refuses is named, and ``retry`` asks it again."""
    devserver.faults("ok, 400")
    ended = ready.inside("run", "--csv", birds_csv(3), "--template", template, "--yes", "--concurrency", "1")

    assert ended.code == 4
    assert f"Again: loopai-nb retry {ended.run_id}" in ended.err
    assert "2 answered, 1 failed" in ended.err

    again = ready.inside("retry", ended.run_id)
    assert again.code == 0
    assert devserver.stats().requests == 4


def test_a_run_that_answers_nothing_ends_4(ready, birds_csv, devserver):
    """No row can be asked: the plan and the last line say why, nothing is sent, and no retry is offered."""
    ended = ready.inside("run", "--csv", birds_csv(5), "--template", "{{ 1 / 0 }}{{ remarks }}", "--yes")

    assert ended.code == 4
    assert "nothing to send: no row can be asked" in ended.err
    assert "No row was answered, 5 failed: 5" in ended.err
    assert "Change the template or those rows, and ask again." in ended.err
    assert "retry" not in ended.err
    assert devserver.stats().requests == 0


def test_the_same_command_again_sends_nothing(ready, birds_csv, devserver, template):
    """What is answered comes from the ledger; then nobody has to approve anything either."""
    words = ("run", "--csv", birds_csv(5), "--template", template)
    ready.inside(*words, "--yes")
    ended = ready.inside(*words)

    assert ended.code == 0
    assert "5 of 5 answered (5 from the ledger)" in ended.err
    assert devserver.stats().requests == 5


def test_an_interrupted_run_is_told_the_next_time(ready, birds_csv, devserver, template):
    """After kill -9 in the middle, the next command says which run to go on with; resume sends the rest."""
    devserver.faults(latency_ms=150)
    process = ready.start(
        "run", "--csv", birds_csv(30), "--template", template, "--yes", "--concurrency", "2",
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while devserver.stats().requests < 6:
        assert process.poll() is None
    process.kill()
    process.wait()
    devserver.faults(latency_ms=0)
    asked = devserver.stats().requests

    told = ready.inside("run", "--csv", birds_csv(1), "--template", "{{ remarks }}")
    name = told.run_id
    assert f"Go on: loopai-nb resume {name}" in told.err.splitlines()[0]

    ended = ready.inside("resume", name)
    assert ended.code == 0
    assert 30 <= devserver.stats().requests <= asked + 30 - (asked - 4) + 2


def test_the_session_that_ran_it_finds_it(ready, birds_csv, template):
    """The command line and Python share the ledger: a run of the one is seen by the other."""
    ended = ready.inside("run", "--csv", birds_csv(2), "--template", template, "--yes")

    with Session(Settings.load(environ=ready.env, cwd=ready.folder)) as session:
        assert list(session.show(ended.run_id).result()["answer"]) == ["windshield", "engine"]
        assert session.runs()[0].decided_by == "tester"
        with pytest.raises(InputError):
            session.show("r-none")


def test_the_database_is_only_read(ready, birds, template):
    """A run writes nothing into Postgres."""
    ready.env["DATABASE_URL"] = birds
    ready.inside("run", "--table", "strikes", "--limit", "1", "--template", template, "--yes")

    connection = psycopg2.connect(birds)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_user_tables")
        assert cursor.fetchone() == (1,)
    connection.close()
