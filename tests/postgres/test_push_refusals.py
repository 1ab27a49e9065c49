"""What a frame, a table or a server refuses: told by name, and nothing is left behind."""

from contextlib import closing
from urllib.parse import urlsplit

import pandas as pd
import pytest

from loopai_nb.errors import DatabaseDenied, InputError, QueryFailed, TableNotFound
from loopai_nb.postgres.catalog import find
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.push import push


@pytest.fixture
def db(database):
    """One connection to a fresh database."""
    with closing(Database(database)) as opened:
        yield opened


@pytest.fixture
def frame():
    """Three answers."""
    return pd.DataFrame({"id": [1, 2, 3], "answer": ["shipping", None, "price"], "cost": [0.5, None, 1.5]})


def rows(db, table):
    """Return all rows as plain values, ordered by the first column."""
    return [tuple(row.values()) for row in db.execute(f"SELECT * FROM {table} ORDER BY 1")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.assign(id=1), "3 rows share their key with another, as id=1"),
        (lambda f: f.assign(id=[1.0, None, 3.0]), "1 rows have no value in the key"),
        (lambda f: f.drop(columns="id"), 'no column "id" for the key'),
        (lambda f: f.assign(anser="x"), r"no column anser.*Did you mean answer\?"),
        (lambda f: f.assign(answer=[1, "a", None]), 'Column "answer".*does not fit text'),
        (lambda f: f.assign(answer=pd.Series(["\ud800"] * 3, dtype=object)), 'Column "answer"'),
        (lambda f: f.assign(answer=pd.Series([object()] * 3)), 'Column "answer"'),
        (lambda f: f.assign(answer=pd.period_range("2024", periods=3)), 'Column "answer"'),
        (lambda f: f.rename(columns={"cost": 7}), "column name 7"),
        (lambda f: f.rename(columns={"cost": "x" * 64}), "longer than 63 bytes"),
        (lambda f: f.set_axis(["id", "a", "a"], axis=1), 'two columns named "a"'),
    ],
)
def test_what_does_not_fit_is_told_before_anything_is_sent(db, frame, change, words):
    """The error names the column or key; the table stays as it was."""
    push(db, frame, "topics", key="id")
    before = rows(db, "topics")

    with pytest.raises(InputError, match=words):
        push(db, change(frame), "topics", key="id")

    assert rows(db, "topics") == before


@pytest.mark.parametrize(
    ("ddl", "code", "words"),
    [
        ("id int PRIMARY KEY, answer text", "23505", r"such a row already: Key \(id\)=\(1\).*upsert"),
        ("id int, answer text NOT NULL", "23502", "does not take these rows: null value"),
        ("id int CHECK (id < 3), answer text", "23514", "does not take these rows"),
        ("id int REFERENCES other, answer text", "23503", "does not take these rows"),
        ("id int, answer int", "22P02", r'"shipping".*Read from text: answer \(integer\)'),
        ("id int, answer varchar(3)", "22001", "too long"),
        ("id bool, answer text", "42804", "boolean"),
        ("id int GENERATED ALWAYS AS IDENTITY, answer text", "428C9", "does not take these rows"),
    ],
)
def test_what_the_table_refuses_is_told_and_leaves_nothing(db, frame, ddl, code, words):
    """One transaction: a row that is refused takes the others with it, staged or inserted."""
    db.execute("CREATE TABLE other (id int PRIMARY KEY)", read_only=False)
    db.execute(f"CREATE TABLE topics ({ddl})", read_only=False)
    if code == "23505":
        db.execute("INSERT INTO topics VALUES (1, 'there')", read_only=False)
    before = rows(db, "topics")

    with pytest.raises(QueryFailed, match=words) as caught:
        push(db, frame[["id", "answer"]], "topics")

    assert caught.value.sqlstate == code
    assert caught.value.hint.endswith("Nothing was pushed.")
    assert rows(db, "topics") == before


def test_text_with_a_nul_leaves_no_table(db):
    """Postgres has no NUL in text; the table that was made for it is gone again."""
    with pytest.raises(QueryFailed, match=r"0x00.*take it out"):
        push(db, pd.DataFrame({"a": ["fine", "not\0fine"]}), "made")
    assert find(db, "made") is None


def test_an_upsert_without_a_constraint_says_what_to_do(db, frame):
    """ON CONFLICT needs a unique constraint on exactly the key."""
    push(db, frame, "topics")

    with pytest.raises(QueryFailed, match=r"no unique constraint on \(id\).*ADD PRIMARY KEY \(.id.\)"):
        push(db, frame, "topics", key="id")


def test_a_missing_table_is_not_made_when_told_so(db, frame):
    """``create=False`` shows the near names instead."""
    push(db, frame, "topics")

    with pytest.raises(TableNotFound, match=r"Near: public\.topics"):
        push(db, frame, "topisc", create=False)
    with pytest.raises(TableNotFound, match="nowhere"):
        push(db, frame, "nowhere.topics")


def test_a_missing_privilege_is_denied(db, database, frame):
    """A reader's push ends with the server's refusal, its code, and what its owner can grant."""
    push(db, frame, "topics")
    role = f"reader_{urlsplit(database).path[1:]}"
    db.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x'", read_only=False)
    try:
        parts = urlsplit(database)
        url = f"postgresql://{role}:x@{parts.hostname}:{parts.port}{parts.path}"
        with closing(Database(url)) as reader, pytest.raises(DatabaseDenied) as caught:
            push(reader, frame, "topics")
    finally:
        db.execute(f"DROP ROLE {role}", read_only=False)
    assert caught.value.sqlstate == "42501"
    assert f"GRANT SELECT, INSERT ON public.topics TO {role}. Nothing" in caught.value.hint
    assert caught.value.hint.endswith("Nothing was pushed.")


def test_a_column_that_there_is_not_is_named_with_the_statement_that_adds_it(db, frame):
    """A push changes no table's definition; what would is there to be copied."""
    push(db, frame, "topics", key="id")

    with pytest.raises(InputError, match=r"ALTER TABLE public\.topics ADD note text, ADD n bigint"):
        push(db, frame.assign(note="x", n=1), "topics", key="id")


def test_copying_into_the_table_refuses_what_an_insert_does(db):
    """Columns that the table makes itself, and rows that its constraints refuse, whichever way they go."""
    db.execute(
        "CREATE TABLE made (id bigint GENERATED ALWAYS AS IDENTITY, a text CHECK (a <> 'x'))", read_only=False
    )

    with pytest.raises(QueryFailed) as caught:
        push(db, pd.DataFrame({"id": [1], "a": ["y"]}), "made")
    assert caught.value.sqlstate == "428C9"
    with pytest.raises(QueryFailed, match="check constraint"):
        push(db, pd.DataFrame({"a": ["y", "x"]}), "made")
    assert rows(db, "made") == []


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("uuid", ["aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", "AAAAAAAA-AAAA-AAAA-AAAA-AAAAAAAAAAAA"]),
        ("numeric(5,0)", [1.0, 1.2]),
        ("timestamp", pd.to_datetime(["2026-01-01 00:00:00.000000001", "2026-01-01"], format="ISO8601")),
        ("char(3)", ["a", "a "]),
    ],
)
@pytest.mark.parametrize("mode", ["upsert", "replace"])
def test_keys_that_are_one_to_the_table_are_refused(db, kind, keys, mode):
    """They differ in the frame; one of their rows would be lost without a word."""
    db.execute(f"CREATE TABLE topics (id {kind} PRIMARY KEY, answer text)", read_only=False)
    push(db, pd.DataFrame({"id": keys[1:], "answer": ["old"]}), "topics", key="id")

    with pytest.raises(InputError, match="2 rows share their key with another"):
        push(db, pd.DataFrame({"id": keys, "answer": ["one", "two"]}), "topics", key="id", mode=mode)

    assert [row[1] for row in rows(db, "topics")] == ["old"]
