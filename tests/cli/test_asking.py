import re
import signal
import subprocess

import psycopg2
import pytest


def test_yes_on_a_terminal_sends(ready, birds_csv, devserver, template, terminal):
    """The plan and the question are on the terminal, the result on stdout; the ledger has who approved."""
    asked = terminal(ready, "run", "--csv", birds_csv(3), "--template", template)
    asked.until(r"┌ Plan [\s\S]*Send 3 to demo-lexical\? y, or n and why: ")
    assert devserver.stats().requests == 0
    asked.type("y\n")

    code, out, seen = asked.end()

    assert code == 0, seen
    assert out.count("answered") == 3
    assert devserver.stats().requests == 3
    assert "tester" in ready.inside("show", re.search(r"r-[0-9a-f]{4,}", seen)[0]).out


def test_no_on_a_terminal_sends_nothing(ready, birds_csv, devserver, template, terminal):
    """N with a reason is exit 3; an answer that is neither is asked once more."""
    asked = terminal(ready, "run", "--csv", birds_csv(3), "--template", template)
    asked.until("and why: ")
    asked.type("perhaps\n")
    asked.until("Please type y or n: ")
    asked.type("n too dear\n")

    code, out, seen = asked.end()

    assert code == 3
    assert out == ""
    assert "was rejected" in seen
    assert devserver.stats().requests == 0


def test_the_end_of_input_is_no_yes(ready, birds_csv, devserver, template, terminal):
    """Ctrl-D at the question sends nothing."""
    asked = terminal(ready, "run", "--csv", birds_csv(3), "--template", template)
    asked.until("and why: ")
    asked.type("\x04")

    code, _, seen = asked.end()

    assert code == 3
    assert "nobody can answer here" in seen
    assert devserver.stats().requests == 0


def test_what_was_typed_before_the_plan_is_no_yes(ready, birds_csv, devserver, template, terminal):
    """Keys pressed while the rows were pulled do not approve a plan that nobody has read."""
    asked = terminal(ready, "run", "--csv", birds_csv(3), "--template", template)
    asked.type("y\ny\n")
    asked.until("and why: ")
    asked.type("n\n")

    code, _, _ = asked.end()

    assert code == 3
    assert devserver.stats().requests == 0


def test_progress_is_one_line_that_fits_the_terminal(ready, birds_csv, devserver, template, terminal):
    """While it runs, one line is written over; it never wraps, and is gone at the end."""
    devserver.faults(latency_ms=40)
    running = terminal(ready, "run", "--csv", birds_csv(40), "--template", template, "--yes",
                       "--concurrency", "2")  # fmt: skip
    code, _, seen = running.end()

    updates = [part for part in seen.replace("\r\n", "\n").split("\r") if " of 40" in part and "░" in part]
    assert code == 0
    assert updates
    assert all(len(part.rstrip()) < 80 for part in updates)
    assert seen.rstrip().splitlines()[-1].split(" · ")[1] == "40 of 40 answered"


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_what_is_answered(ready, birds_csv, devserver, template, terminal, by):
    """Ctrl-C or SIGTERM: exit 130 or 143, no file, and the line to type; resume sends only the rest."""
    devserver.faults(latency_ms=100)
    running = terminal(ready, "run", "--csv", birds_csv(40), "--template", template, "--yes",
                       "--concurrency", "2", "--out", "o.csv")  # fmt: skip
    running.until(r"[4-9] of 40")
    running.process.send_signal(by)

    code, _, seen = running.end()

    assert code == 128 + by, seen
    last = seen.rstrip().splitlines()[-1]
    assert "answered and kept. Go on: loopai-nb resume r-" in last
    assert "Traceback" not in seen
    assert not (ready.folder / "o.csv").exists()
    asked = devserver.stats().requests

    devserver.faults(latency_ms=0)
    ended = ready.inside("resume", last.split()[-1], "--out", "o.csv")
    assert ended.code == 0, ended.err
    assert (ready.folder / "o.csv").read_text().count(",answered,") == 40
    assert devserver.stats().requests <= 40 + 2
    assert asked < 40


def test_an_interrupt_stops_the_query(ready, database, template):
    """Ctrl-C while Postgres works: exit 130, and the query has ended there, too."""
    ready.env["DATABASE_URL"] = database
    process = ready.start(
        "run", "--query", "SELECT pg_sleep(60)::text AS remarks", "--template", template, "--yes",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    connection = psycopg2.connect(database)
    connection.autocommit = True
    with connection.cursor() as cursor:
        while not _sleeping(cursor):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        assert not _sleeping(cursor)
    connection.close()

    assert process.returncode == 130
    assert said.decode() == "Interrupted.\n"


def _sleeping(cursor) -> bool:
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' "
        "AND pid <> pg_backend_pid()"
    )
    return cursor.fetchone()[0] > 0
