"""Rows that are appended once: those that a table has already, the same in every column, are left out."""

from contextlib import closing

import pandas as pd
import pytest

from loopai_nb.errors import QueryFailed
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.push import push

FRAME = pd.DataFrame(
    {
        "request_id": ["q-1", "q-1", "q-1", "q-2"],
        "answer": ["a", "a", "b", None],
        "score": [0.1, 0.1, 1.5, None],
    }
)


@pytest.fixture
def db(database):
    """One connection to a fresh database."""
    with closing(Database(database)) as opened:
        yield opened


def count(db):
    """Return how many rows there are."""
    return db.execute("SELECT count(*) AS n FROM log")[0]["n"]


def test_an_append_done_twice_changes_nothing(db):
    """Rows alike among themselves are all there after the first, and no more of them after the second."""
    counts = [push(db, FRAME, "log", once="request_id") for _ in range(3)]

    assert [(c.inserted, c.unchanged) for c in counts] == [(4, 0), (0, 4), (0, 4)]
    assert count(db) == 4


def test_what_is_new_or_was_changed_is_added(db):
    """The rest of a run, an answer that somebody edited in the table, one more row of the same kind."""
    push(db, FRAME[:3], "log", once="request_id")
    db.execute("UPDATE log SET answer = 'edited' WHERE answer = 'b'", read_only=False)

    summary = push(db, pd.concat([FRAME, FRAME[:1]]), "log", once="request_id")

    assert (summary.inserted, summary.unchanged) == (3, 2)
    assert count(db) == 6


@pytest.mark.parametrize("kind", ["numeric(6,1)", "real", "char(9)", "json", "text"])
def test_what_the_table_stores_otherwise_is_found_again(db, kind):
    """A value is compared as the table keeps it."""
    db.execute(f"CREATE TABLE log (request_id varchar(9), v {kind})", read_only=False)
    sent = pd.DataFrame({"request_id": ["q-1", "q-2"], "v": ["1.23", "4"]})

    assert [push(db, sent, "log", once="request_id").inserted for _ in range(2)] == [2, 0]


def test_a_row_of_the_same_key_that_differs_is_refused(db):
    """Append adds; to change what is there is an upsert's."""
    keyed = FRAME.assign(id=range(4))
    push(db, keyed, "log", key="id", mode="append", once="request_id")

    assert push(db, keyed, "log", key="id", mode="append", once="request_id").unchanged == 4
    with pytest.raises(QueryFailed, match="such a row already"):
        push(db, keyed.assign(answer="other"), "log", key="id", mode="append", once="request_id")
