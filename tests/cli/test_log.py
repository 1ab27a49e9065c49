import csv
import json


def test_the_log_is_listed_and_written(ready):
    """What was asked, one of it whole, and as files; a mistake is an exit code and a sentence."""
    (ready.folder / "rows.csv").write_text('remarks\n"=1+1, a wing"\nthe engine\n')
    asked = ("--csv", "rows.csv", "--template", "{{ remarks }}", "--max-tokens", "8")
    assert ready.inside("run", *asked, "--yes", "--out", "out.csv").code == 0

    listed = ready.inside("log")
    assert listed.out.count("answered") == 2
    assert "loopai-nb log --open REQUEST" in listed.out
    number = next(line.split()[0] for line in listed.out.splitlines() if "engine" in line)
    assert "the engine" in ready.inside("log", "--open", number).out

    assert "2 requests → log.csv" in ready.inside("log", "--csv", "log.csv").out
    rows = list(csv.DictReader((ready.folder / "log.csv").read_text().splitlines()))
    assert sorted(row["prompt"] for row in rows) == ["'=1+1, a wing", "the engine"]
    assert ready.inside("log", "--jsonl", "log.jsonl", "--search", "engine").code == 0
    (line,) = (ready.folder / "log.jsonl").read_text().splitlines()
    assert json.loads(line)["status"] == "answered"
    wrong = ready.inside("log", "--since", "someday")
    assert (wrong.code, "someday" in wrong.err) == (1, True)
