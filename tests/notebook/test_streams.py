import pytest

CHUNKS = """
import pandas as pd
def chunks():
    for first in range(0, 10, 4):
        yield pd.DataFrame({"body": [f"{n} wing" for n in range(first, min(first + 4, 10))]})
big = chunks()
"""


def test_a_stream_is_mapped_like_a_frame(notebook):
    """By the name that it is bound to; the answers come under their labels."""
    notebook.ok(CHUNKS)
    notebook.ok("%%loopai map big --as out --yes\nWhich? engine, wing. {{ body }}")
    out = notebook.shell.user_ns["out"]
    assert (len(out), list(out["answer"].unique()), list(out.index)) == (10, ["wing"], list(range(10)))


def test_a_stream_is_asked_once(notebook):
    """A second time it is told that it was read, and what to do; a sample takes only the first rows."""
    notebook.ok(CHUNKS)
    output = notebook.ok("%%loopai map big --dry-run --sample 5\n{{ body }}")
    assert output.value.rows == 5
    again = notebook.run("%%loopai map big --yes\n{{ body }}")
    assert "it was read before. Pull again: a stream is read once." in again.stderr


def test_a_pilot_of_a_stream_is_refused(notebook):
    """Its rows would have to be spread over what is read once."""
    notebook.ok(CHUNKS)
    output = notebook.run("%%loopai map big --yes --pilot 2\n{{ body }}")
    assert "A pilot is of rows spread over all of them, and big is a stream" in output.stderr


@pytest.fixture
def shop(notebook, database, monkeypatch):
    """A notebook that is connected to a database with a table ``reviews`` of three rows."""
    monkeypatch.setenv("DATABASE_URL", database)
    notebook.ok(
        "from loopai_nb.notebook import current_session\n"
        "db = current_session().database\n"
        "def sql(text): db.execute(text, read_only=False)\n"
        "sql('CREATE TABLE reviews (id int PRIMARY KEY, body text, at date)')\n"
        "sql(\"INSERT INTO reviews VALUES (1, 'a wing', '2026-11-01'), (2, 'an engine', '2026-11-02'), "
        "(3, 'a wing', NULL)\")"
    )
    return notebook


MAP = "%%loopai map new --as out --yes\nWhich? engine, wing. {{ body }}"


def test_a_notebook_that_is_run_daily_pulls_what_is_new(shop):
    """The mark moves with the run, says what is left out, and can be listed, forgotten and started over."""
    said = shop.ok("%loopai pull reviews --since at --key id --as new").text
    assert "2 rows with at, all there are; the mark moves to 2026-11-02 when a run over all of them" in said
    assert "1 row has no at, or an infinite one, and is left out" in said
    shop.ok(MAP)
    assert list(shop.shell.user_ns["out"]["answer"]) == ["wing", "engine"]

    said = shop.ok("%loopai pull reviews --since at --key id --as new").text
    assert "Nothing is new: there are no rows with at after 2026-11-02." in said
    shop.ok("sql(\"INSERT INTO reviews VALUES (4, 'a wing', '2026-11-03')\")")
    said = shop.ok("%loopai pull reviews --since at --key id --as new").text
    assert "1 row with at after 2026-11-02; the mark moves to 2026-11-03 when a run over all of them" in said
    assert "begins after 2026-11-03" in shop.ok("%loopai seen new").text
    assert "2026-11-03" in shop.ok("%loopai watermarks").text

    assert "3 rows" in shop.ok("%loopai pull reviews --since at --all --as new").text
    name = shop.ok("_name = current_session().watermarks()[0].name\n_name").value
    assert "takes all rows" in shop.ok(f"%loopai watermarks --forget {name}").text
    assert "No pull has left a mark yet" in shop.ok("%loopai watermarks").text


def test_a_large_table_is_streamed_and_mapped(shop):
    """What is new of it as well: the run that read it to its end moves the mark."""
    shop.ok("%loopai pull reviews --since at --chunks 1 --key id --as new")
    shop.ok(MAP)
    assert list(shop.shell.user_ns["out"].index) == [1, 2]
    assert "Nothing is new" in shop.ok("%loopai pull reviews --since at --as new").text


def test_an_overlap_without_a_mark_is_refused(shop):
    """It would do nothing."""
    assert "Say of which column: --since" in shop.run("%loopai pull reviews --overlap 1h --as new").stderr
