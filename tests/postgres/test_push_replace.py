"""A replace: the table's rows become the frame's, and all else about the table stays."""

from contextlib import closing

import pandas as pd
import pytest

from loopai_nb.errors import InputError, QueryFailed
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.push import push


@pytest.fixture
def db(database):
    """A table of three rows, with a grant, a comment and an index of its own."""
    with closing(Database(database)) as opened:
        for statement in (
            "CREATE TABLE topics (id int PRIMARY KEY, answer text, note text DEFAULT 'new')",
            "CREATE INDEX by_answer ON topics (answer)",
            "COMMENT ON TABLE topics IS 'what people said'",
            "GRANT SELECT ON topics TO PUBLIC",
            "INSERT INTO topics VALUES (1, 'a', 'kept'), (2, 'b', 'kept'), (3, 'c', 'kept')",
        ):
            opened.execute(statement, read_only=False)
        yield opened


def rows(db):
    """Return all rows."""
    return [tuple(row.values()) for row in db.execute("SELECT * FROM topics ORDER BY id")]


def definition(db):
    """Return what a replace must not touch."""
    return db.execute(
        "SELECT c.oid::bigint, c.relacl::text, obj_description(c.oid) AS comment,"
        " array_agg(i.indexrelid::bigint) AS indexes"
        " FROM pg_class AS c JOIN pg_index AS i ON i.indrelid = c.oid"
        " WHERE relname = 'topics' GROUP BY 1, 2, 3"
    )


SENT = pd.DataFrame({"id": [2, 3, 9], "answer": ["b", "changed", "z"]})


def test_every_row_goes_and_the_table_stays(db):
    """Without a key: all rows deleted, those of the frame inserted, and said how many."""
    before = definition(db)

    summary = push(db, SENT, "topics", mode="replace")

    assert str(summary) == "public.topics: 3 inserted, 3 deleted"
    assert rows(db) == [(2, "b", "new"), (3, "changed", "new"), (9, "z", "new")]
    assert definition(db) == before


def test_with_a_key_rows_that_stay_are_updated_in_place(db):
    """What the frame says nothing of is kept, and a second time nothing changes."""
    before = definition(db)

    first = push(db, SENT, "topics", mode="replace", key="id")
    again = push(db, SENT, "topics", mode="replace", key="id")

    assert (first.inserted, first.updated, first.unchanged, first.deleted) == (1, 1, 1, 1)
    assert str(again) == "public.topics: 0 inserted, 3 unchanged"
    assert rows(db) == [(2, "b", "kept"), (3, "changed", "kept"), (9, "z", "new")]
    assert definition(db) == before


def test_rows_that_others_refer_to_are_not_taken_away(db):
    """The server's own words, the other table's name, and the key as a way out."""
    db.execute("CREATE TABLE parts (topic int REFERENCES topics)", read_only=False)
    db.execute("INSERT INTO parts VALUES (2)", read_only=False)
    before = rows(db)

    with pytest.raises(QueryFailed, match=r'refers to rows of public.topics.*"parts".*--key id') as caught:
        push(db, SENT, "topics", mode="replace")

    assert caught.value.sqlstate == "23503"
    assert caught.value.hint.endswith("Nothing was pushed.")
    assert rows(db) == before
    assert push(db, SENT, "topics", mode="replace", key="id").deleted == 1


def test_a_frame_without_rows_does_not_empty_a_table(db):
    """A filter that found nothing is the likelier story."""
    with pytest.raises(InputError, match="would leave the table empty"):
        push(db, SENT[:0], "topics", mode="replace")
    assert len(rows(db)) == 3


def test_a_refused_row_brings_the_old_rows_back(db):
    """One transaction: nobody sees the table empty, and a failure leaves it full."""
    with pytest.raises(QueryFailed):
        push(db, SENT.assign(id=[1, 2, 10**12]), "topics", mode="replace")
    assert len(rows(db)) == 3


def test_a_missing_table_is_made(db):
    """As by the other modes."""
    assert push(db, SENT, "fresh", mode="replace", key="id").created
