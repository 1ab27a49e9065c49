"""``%loopai tables`` and ``%loopai describe`` in a real IPython, against a real Postgres."""

from __future__ import annotations

from contextlib import closing

import psycopg2
import pytest

from loopai_nb.connections import Connections

HOSTILE = '<img src=x onerror="alert(1)">'

DDL = f"""
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE reviews (id bigserial PRIMARY KEY, body text NOT NULL, stars int DEFAULT 5, mood mood);
COMMENT ON TABLE reviews IS 'What people said {HOSTILE}';
COMMENT ON COLUMN reviews.body IS E'red \\x1b[31m and \u202e bidi';
INSERT INTO reviews (body, mood) SELECT 'text ' || i, 'ok' FROM generate_series(1, 2000) AS i;
CREATE TABLE events (at date) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE "{HOSTILE.replace('"', '""')}" (x text);
INSERT INTO "{HOSTILE.replace('"', '""')}" VALUES ('{HOSTILE}');
CREATE SCHEMA sales; CREATE TABLE sales.parts (x int);
"""


@pytest.fixture
def sql(database):
    """Runs SQL in the notebook's database."""
    with closing(psycopg2.connect(database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(DDL)
            yield cursor.execute


@pytest.fixture
def start(notebook, database, sql, monkeypatch):  # noqa: ARG001  (its tables)
    """A function that gives the notebook a new session on that database, with settings of its own."""

    def begin(**settings: str):
        for name, value in {"DATABASE_URL": database, **settings}.items():
            monkeypatch.setenv(name, value)
        notebook.ok("%unload_ext loopai_nb")
        notebook.ok("%load_ext loopai_nb")
        return notebook

    return begin


def test_tables_says_how_large_and_what(start, sql):
    """Rows, sizes, comments; partitions folded with a word about them; a guess is called one."""
    sql("ANALYZE reviews; ALTER TABLE events_2024 SET (autovacuum_enabled = off)")
    sql("INSERT INTO events SELECT '2024-05-05' FROM generate_series(1, 3000)")
    text = start().ok("%loopai tables").text

    lines = {line.split("  ")[1].strip(): line for line in text.splitlines() if line.startswith("public")}
    assert "  2k  " in lines["reviews"]
    assert "What people said" in lines["reviews"]
    assert "partitioned table, 1 partition " in lines["events"]
    assert " ?  " in lines["events"]
    assert "events_2024" not in lines
    assert "?: never analyzed, a guess. Partitions are summed up; --all shows them." in text


def test_tables_takes_its_options(start):
    """A schema, all partitions below their table, the largest first."""
    notebook = start()

    assert "parts" in notebook.ok("%loopai tables --schema sales").text
    assert "reviews" not in notebook.ok("%loopai tables --schema sales").text
    assert "└ events_2024" in notebook.ok("%loopai tables event* --all").text
    assert notebook.ok("%loopai tables --sort size").text.splitlines()[1].startswith("public  reviews")
    assert notebook.ok("%loopai tables --schema nope").text == "There are no tables in the schema nope."


def test_describe_says_what_a_table_is_made_of(start):
    """Title and comment, columns with key, default and examples, indexes, enum labels, and from where."""
    text = start().ok("%loopai describe reviews").text

    assert text.startswith("public.reviews · table · about 2k rows")
    for part in (
        "What people said",
        "primary key · serial",
        "default: 5",
        "text 1",
        "index: reviews_pkey · unique · btree (id)",
        "enum mood: sad, ok",
        "values from: a sample of ",
    ):
        assert part in text, part


def test_what_is_static_depends_on_no_statistics(start, sql):
    """LOOPAI_UI=static: the same before and after an ANALYZE and an INSERT, and still of use."""
    notebook = start(LOOPAI_UI="static")
    cells = ("%loopai tables", "%loopai tables --all", "%loopai describe reviews", "%loopai describe events")
    before = [(notebook.ok(cell).text, notebook.ok(cell).html) for cell in cells]
    sql("ANALYZE; INSERT INTO reviews (body) SELECT 'more' FROM generate_series(1, 5000); ANALYZE")
    after = [(notebook.ok(cell).text, notebook.ok(cell).html) for cell in cells]

    assert before == after
    assert "primary key · serial" in before[2][0]
    assert "partitioned table by RANGE (at), 1 partition" in before[3][0]


@pytest.mark.parametrize("ui", ["auto", "static"])
def test_names_comments_and_values_are_text(start, ui):
    """ATTACKS 1, 2, 9: no tag of a database becomes one of the page, and what is invisible is spelled out."""
    notebook = start(LOOPAI_UI=ui)
    outputs = [
        notebook.ok("%loopai tables"),
        notebook.ok("%loopai describe reviews"),
        notebook.ok(f"%loopai describe '\"{HOSTILE.replace(chr(34), chr(34) * 2)}\"'"),
    ]
    for output in outputs:
        assert "<img" not in output.html
        assert "&lt;img" in output.html
        for form in (output.html, output.text):
            assert "\x1b" not in form
            assert "\u202e" not in form
    assert "[U+202E]" in outputs[1].text


def test_examples_follow_the_redaction_setting(start, sql):
    """ATTACKS 20: LOOPAI_REDACT holds for what describe shows; --no-examples shows none at all."""
    sql("CREATE TABLE people (mail text); INSERT INTO people VALUES ('canary@example.com')")
    notebook = start(LOOPAI_REDACT="email")

    assert "[email]" in notebook.ok("%loopai describe people").text
    assert "canary" not in notebook.ok("%loopai describe people").html
    assert "[email]" not in notebook.ok("%loopai describe people --no-examples").text


def test_what_may_not_be_read_is_marked(start, sql, database):
    """In the list by a column of its own, in a description at each column."""
    sql("CREATE ROLE looker_of_verbs LOGIN PASSWORD 'x'; GRANT SELECT (id) ON reviews TO looker_of_verbs")
    try:
        notebook = start(DATABASE_URL="postgresql://looker_of_verbs:x@" + database.partition("@")[2])
        listed = notebook.ok("%loopai tables").text
        described = notebook.ok("%loopai describe reviews").text
        notebook.ok("%unload_ext loopai_nb")
    finally:
        sql("DROP OWNED BY looker_of_verbs; DROP ROLE looker_of_verbs")
    assert "access" in listed.splitlines()[0]
    assert "no SELECT" in next(line for line in listed.splitlines() if " parts " in line)
    assert "no SELECT" in next(line for line in described.splitlines() if line.startswith("body"))


def test_a_named_connection_is_looked_at(start, postgres, database):
    """``--connection`` looks there, and the current one stays."""
    notebook = start(DATABASE_URL=postgres.url)
    Connections.load().add_database("shop", database)

    assert "reviews" in notebook.ok("%loopai tables --connection shop").text
    assert "primary key" in notebook.ok("%loopai describe reviews --connection shop").text
    assert "reviews" not in notebook.ok("%loopai tables").text
