"""A dry run does all that a push does, tells of it, and leaves nothing."""

from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal

import pandas as pd
import pytest

from loopai_nb.errors import QueryFailed
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.push import Change, Lineage, push


@pytest.fixture
def db(database):
    """A table of three rows."""
    with closing(Database(database)) as opened:
        opened.execute(
            "CREATE TABLE topics (id int PRIMARY KEY, answer text, cost numeric(6,2))", read_only=False
        )
        opened.execute("INSERT INTO topics VALUES (1, 'a', 1), (2, 'b', NULL), (3, 'c', 3)", read_only=False)
        yield opened


def everything(db):
    """Return the tables, and the versions of the rows."""
    tables = db.execute(
        "SELECT oid::bigint FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    return tables, db.execute("SELECT xmin::text, ctid::text, t::text FROM topics AS t")


SENT = pd.DataFrame({"id": [1, 2, 3, 4], "answer": ["a", "it's new", None, "d"], "cost": [1.001, 2, 3, 4]})


def test_counts_and_examples_are_those_of_the_push(db):
    """Old and new value of what differs, as the server writes them, by the key; then nothing is there."""
    before = everything(db)

    tried = push(db, SENT, "topics", key="id", dry_run=True)

    assert everything(db) == before
    assert tried.examples == (
        Change({"id": "2"}, {"answer": ("b", "it's new"), "cost": (None, "2.00")}),
        Change({"id": "3"}, {"answer": ("c", None)}),
    )
    assert str(tried.examples[1]) == "id=3: answer: 'c' → NULL"
    assert str(tried) == (
        "public.topics: 1 inserted, 2 updated, 1 unchanged · dry run: all of it was rolled back"
    )
    done = push(db, SENT, "topics", key="id")
    assert (done.inserted, done.updated, done.unchanged) == (tried.inserted, tried.updated, tried.unchanged)
    assert (done.examples, done.ddl) == ((), ())


def test_no_more_than_five_examples(db):
    """A look, not the whole."""
    many = pd.DataFrame({"id": range(100), "answer": "x"})
    push(db, many, "topics", key="id")

    assert len(push(db, many.assign(answer="y"), "topics", key="id", dry_run=True).examples) == 5


def test_a_replace_says_how_many_rows_would_go(db):
    """The most important number of it."""
    before = everything(db)

    assert push(db, SENT[3:], "topics", mode="replace", dry_run=True).deleted == 3
    assert push(db, SENT[2:], "topics", mode="replace", key="id", dry_run=True).deleted == 2
    assert everything(db) == before


def test_the_statements_that_make_what_is_missing_are_shown(db):
    """The new table, its key, and the table of the lineage; none of them is made."""
    before = everything(db)
    came_from = Lineage(
        "q-1",
        "r-1",
        "p-1",
        "aa",
        "bb",
        "phi-4",
        1,
        1,
        Decimal(1),
        "kim",
        None,
        datetime(2026, 1, 1, tzinfo=UTC),
    )

    tried = push(db, SENT[:1], "fresh", key="id", lineage=[came_from], dry_run=True)

    assert tried.ddl[:2] == (
        'CREATE TABLE "public"."fresh" ("id" bigint, "answer" text, "cost" double precision)',
        'ALTER TABLE "public"."fresh" ADD PRIMARY KEY ("id")',
    )
    assert tried.ddl[2].startswith('CREATE TABLE IF NOT EXISTS "public"."loopai_lineage"')
    assert tried.created
    assert everything(db) == before


def test_what_would_be_refused_is_refused(db):
    """Also what only a commit looks at."""
    db.execute("CREATE TABLE other (id int PRIMARY KEY)", read_only=False)
    db.execute(
        "ALTER TABLE topics ADD FOREIGN KEY (id) REFERENCES other DEFERRABLE INITIALLY DEFERRED NOT VALID",
        read_only=False,
    )

    with pytest.raises(QueryFailed, match="does not take these rows") as caught:
        push(db, SENT, "topics", key="id", dry_run=True)

    assert caught.value.sqlstate == "23503"


def test_rows_that_differ_most_come_first(db):
    """Examples come by how many columns differ, then by key, so that a second look is the same."""
    sent = pd.DataFrame({"id": [3, 2, 1], "answer": ["z", "b", "z"], "cost": [3, 7, 9]})

    tried = push(db, sent, "topics", key="id", dry_run=True)

    assert [(each.key["id"], list(each.values)) for each in tried.examples] == [
        ("1", ["answer", "cost"]),
        ("2", ["cost"]),
        ("3", ["answer"]),
    ]
