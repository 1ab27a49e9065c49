from __future__ import annotations

import pytest

from loopai_nb.notebook.wording import TIMES


@pytest.fixture
def shop(notebook, database, monkeypatch):
    """A notebook that is connected to a database with a table ``reviews``."""
    monkeypatch.setenv("DATABASE_URL", database)
    notebook.ok("%unload_ext loopai_nb")
    notebook.ok("%load_ext loopai_nb")
    notebook.ok(
        "from loopai_nb import current_session\n"
        "db = current_session().database\n"
        "_ = db.execute('CREATE TABLE reviews (id int PRIMARY KEY, stars int, body text)', read_only=False)\n"
        "_ = db.execute(\"COMMENT ON TABLE reviews IS '<b>what</b> people said'\", read_only=False)\n"
        "_ = db.execute(\"INSERT INTO reviews SELECT i, i % 5 + 1, 'text ' || i"
        ' FROM generate_series(1, 20) AS i", read_only=False)'
    )
    return notebook


def test_from_the_table_to_the_table(shop, database):
    """connect, tables, describe, pull, map, push and pull again: the way that the whole package is for."""
    connected = shop.ok("%loopai connect").text
    assert connected.startswith("Postgres ")
    assert "from environment (DATABASE_URL)" in connected
    assert database.partition("@")[0].rpartition(":")[2] not in connected

    assert "&lt;b&gt;what" in shop.ok("%loopai tables rev*").html
    assert "primary key" in shop.ok("%loopai describe reviews").text

    line = '%loopai pull reviews --where "stars <= :s" --param s=2 --limit 6'
    pulled = shop.ok(f"{line} --columns id,body --as few")
    assert f"6 rows {TIMES} 2 columns" in pulled.text
    assert "→ few" in pulled.text
    assert list(shop["few"].columns) == ["id", "body"]

    shop.ok("%%loopai few --as out --yes\nOne: a, b. {{ body }}")
    pushed = shop.ok("%loopai push out topics --key id")
    assert "6 inserted" in pushed.text
    assert "lineage in loopai_lineage · one transaction" in pushed.text

    frame = shop.ok("%%loopai pull\nSELECT count(*) AS n FROM topics").value
    assert frame["n"].tolist() == [6]


def test_a_push_of_what_a_budget_stopped_says_so(shop):
    """The line tells what is missing, and where the run stands."""
    shop.ok("%loopai server --price 1000,1000")
    shop.ok("%loopai pull reviews --columns id,body --as all")
    run = shop.ok(
        "%%loopai all --as out --yes --max-tokens 5 --budget 0.15 --concurrency 1\nOne: a, b. {{ body }}"
    ).value
    left_out = int((shop["out"]["status"] == "skipped").sum())
    assert 0 < left_out < 20

    refused = shop.run("%loopai push out topics --key id")
    pushed = shop.ok("%loopai push out topics --key id --partial")

    assert f"{left_out} of these 20 rows have no answer" in refused.stderr
    assert "--partial" in refused.stderr
    assert (
        f"{20 - left_out} inserted · {left_out} rows without an answer left out · "
        f"run {run.run_id} is PARTIAL (budget) · lineage in loopai_lineage" in pushed.text
    )


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%loopai pull revews", 'No table "revews"'),
        ("%%loopai pull --as x\nSELECT 1 FRM t", "line 1, character 14"),
        ("%%loopai pull --as x\nWITH d AS (DELETE FROM reviews RETURNING *) SELECT * FROM d", "read-only"),
        ("%loopai pull reviews --columns nothing", 'no column "nothing"'),
        ('%loopai pull reviews --where "stars = :s"', "s"),
        ("%%loopai pull reviews\nSELECT 1", "a table on the line and SQL in the cell"),
        ("%loopai push reviews_frame t --key id", 'no DataFrame "reviews_frame"'),
        ("%loopai push reviews t --mode upsert", "key"),
        ("%loopai push reviews t --mode append --replace", "contradict each other"),
        ("%loopai push reviews t --connection nowhere", "nowhere"),
    ],
)
def test_mistakes_about_tables_are_one_calm_line(shop, cell, said):
    """What Postgres refuses is told in a line, without a traceback."""
    output = shop.run(cell)

    assert said in output.stderr
    assert output.stderr.startswith("UsageError: ")


def test_a_push_can_be_tried(shop):
    """A dry run shows counts, the rows that would change and the statements, and changes nothing."""
    shop.ok("%loopai pull reviews --columns id,body --as few")
    shop.ok("few = few.head(3)")
    made = shop.ok("%loopai push few topics --key id --dry-run").text
    assert "public.topics (new): 3 inserted · dry run: all of it was rolled back" in made
    assert 'CREATE TABLE "public"."topics"' in made

    pushed = shop.ok("%loopai push few topics --key id").text
    assert "3 inserted · few has no answers, so no lineage · one transaction" in pushed
    shop.ok("few.loc[0, 'body'] = 'other'")

    tried = shop.ok("%loopai push few topics --key id --dry-run").text
    assert "0 inserted, 1 updated, 2 unchanged · dry run" in tried
    assert "id=1: body: 'text 1' → 'other'" in tried
    replaced = shop.ok("%loopai push few topics --replace").text
    assert "3 inserted, 3 deleted · few has no answers" in replaced


def test_no_table_like_that(shop):
    """A pattern that fits nothing is an answer, not an error."""
    assert "No table like 'zz*'" in shop.ok("%loopai tables zz*").text
