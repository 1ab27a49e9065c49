from contextlib import closing

import psycopg2
import pytest

from loopai_nb.errors import InputError, TableNotFound
from loopai_nb.postgres import catalog
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.lineage import LINEAGE_TABLE
from loopai_nb.postgres.relations import LEDGER_SCHEMA

DDL = """
CREATE TABLE reviews (id int PRIMARY KEY, body text NOT NULL, stars numeric(3,1) DEFAULT 5, mail char(3))
ALTER TABLE reviews ADD UNIQUE (mail)
COMMENT ON TABLE reviews IS 'What people said'
COMMENT ON COLUMN reviews.body IS 'Free text'
CREATE TABLE "Mixed Case" ("Wei""rd" int)
CREATE VIEW review_topics AS SELECT id, body FROM reviews
CREATE SCHEMA sales
CREATE TABLE sales.orders (a int, b int REFERENCES reviews, dropped int, PRIMARY KEY (b, a))
ALTER TABLE sales.orders DROP COLUMN dropped
CREATE TABLE sales.parts (a int) PARTITION BY RANGE (a)
"""


@pytest.fixture(scope="module")
def shared_database(postgres):
    """URL of a database that the tests of this file share."""
    with closing(psycopg2.connect(postgres.url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("CREATE DATABASE catalog_tests")
        yield f"{postgres.url.rpartition('/')[0]}/catalog_tests"
        cursor.execute("DROP DATABASE catalog_tests WITH (FORCE)")


@pytest.fixture(scope="module")
def db(shared_database):
    """One connection to a database with a few tables, which no test here changes."""
    with closing(Database(shared_database)) as opened:
        for statement in DDL.strip().splitlines():
            opened.execute(statement, read_only=False)
        yield opened


def test_tables_lists_all_but_the_systems(db):
    """Schema, name, kind and comment, sorted; sizes where there is storage."""
    frame = catalog.tables(db)

    assert list(zip(frame["schema"], frame["table"], frame["kind"], strict=True)) == [
        ("public", "Mixed Case", "table"),
        ("public", "review_topics", "view"),
        ("public", "reviews", "table"),
        ("sales", "orders", "table"),
        ("sales", "parts", "partitioned table"),
    ]
    assert frame["comment"].dropna().tolist() == ["What people said"]
    assert frame["size_bytes"].notna().tolist() == [True, False, True, True, False]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("review", ["review_topics", "reviews"]),
        ("review?", ["reviews"]),
        ("sales.*", ["orders", "parts"]),
        ("MIXED*", ["Mixed Case"]),
        ("nothing", []),
    ],
)
def test_tables_takes_a_pattern(db, pattern, found):
    """A word matches anywhere; with a star or question mark the whole name, or schema and name."""
    assert catalog.tables(db, pattern)["table"].tolist() == found


def test_describe_shows_every_column(db):
    """Type with its modifier, nullability, key, default and comment; dropped columns are gone."""
    frame = catalog.describe(db, "reviews").astype(object).where(lambda cells: cells.notna(), None)

    assert frame.iloc[:, :6].to_numpy().tolist() == [
        ["id", "integer", False, "primary key", None, None],
        ["body", "text", False, "", None, "Free text"],
        ["stars", "numeric(3,1)", True, "", "5", None],
        ["mail", "character(3)", True, "unique", None, None],
    ]
    keys = catalog.describe(db, "sales.orders")["key"].tolist()
    assert keys == ["primary key", "primary key, references reviews (id)"]


@pytest.mark.parametrize(
    "name",
    ["reviews", "REVIEWS", "public.reviews", ' "public" . reviews ', "{database}.public.reviews"],
)
def test_a_table_is_found_by_every_spelling(db, name):
    """As Postgres folds and qualifies names."""
    assert catalog.relation(db, name.format(database=db.database)).shown == "public.reviews"


def test_a_mixed_case_name_is_found_quoted_or_as_it_is(db):
    """Who sees the name in a list may type it as it stands there."""
    for name in ('"Mixed Case"', "Mixed Case", 'public."Mixed Case"'):
        assert catalog.relation(db, name).shown == 'public."Mixed Case"'


def test_a_keys_columns_come_in_the_keys_order(db):
    """A key (b, a) is not (a, b)."""
    assert catalog.relation(db, "sales.orders").primary_key == ("b", "a")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("revews", "Near: public.reviews, public.review_topics."),
        ("orders", "Near: sales.orders."),
        ("sales.order", "Near: sales.orders."),
        ("zzz", 'There are: public."Mixed Case", public.review_topics, public.reviews, sales.orders'),
        ("a.b.c.d", "There are:"),
        ("pg_catalog.pg_clas", "There are:"),
    ],
)
def test_a_missing_table_names_near_ones_of_every_schema(db, name, hint):
    """The error tells what may have been meant."""
    with pytest.raises(TableNotFound) as caught:
        catalog.relation(db, name)
    assert caught.value.message == f'No table "{name}" in {db.database}.'
    assert caught.value.hint.startswith(hint)


def test_a_missing_table_does_not_name_our_own(database):
    """Neither the ledger's tables nor the lineage of a push are offered to who did not ask for them."""
    with closing(Database(database)) as db:
        db.execute(f"CREATE SCHEMA {LEDGER_SCHEMA}", read_only=False)
        db.execute(f"CREATE TABLE {LEDGER_SCHEMA}.reviews (a int)", read_only=False)
        db.execute(f"CREATE TABLE {LINEAGE_TABLE} (a int)", read_only=False)
        assert "There are no tables" in catalog.missing_table(db, "revews").hint
        assert catalog.missing_table(db, "loopai_linage").hint == "Near: public.loopai_lineage."
        db.execute("CREATE TABLE birds (a int)", read_only=False)
        assert catalog.missing_table(db, "lineage").hint == "There is: public.birds."


@pytest.mark.parametrize("name", ["", ".", "a.", '"', '"a', "a..b", 'a"b'])
def test_what_is_no_name_is_refused(db, name):
    """Half a name is not looked for."""
    with pytest.raises(InputError):
        catalog.relation(db, name)


def test_a_hostile_name_is_only_a_name(db):
    """ATTACKS 27: an identifier that tries to end the statement is not found, and nothing is dropped."""
    with pytest.raises(TableNotFound):
        catalog.relation(db, "x'; DROP TABLE reviews; --")
    assert catalog.find(db, "reviews") is not None


def test_names_for_completion_are_typed_as_they_are_shown(db):
    """Quoted where SQL needs it, qualified outside of public; half a table's name has no columns."""
    assert catalog.schema_names(db) == ["public", "sales"]
    assert catalog.table_names(db) == [
        '"Mixed Case"',
        "review_topics",
        "reviews",
        "sales.orders",
        "sales.parts",
    ]
    assert catalog.column_names(db, '"Mixed Case"') == ['Wei"rd']
    assert catalog.column_names(db, "revi") == []


def test_a_word_of_sql_is_quoted():
    """A table named ``order`` can't be typed as it is."""
    assert catalog.shown_name("public", "order") == 'public."order"'
    assert catalog.shown_name("ordered") == "ordered"


@pytest.mark.usefixtures("db")
def test_names_follow_the_search_path(shared_database):
    """What the search path finds is offered bare, all else with its schema."""
    with closing(Database(f"{shared_database}?options=-csearch_path%3Dsales")) as elsewhere:
        assert catalog.table_names(elsewhere) == [
            'public."Mixed Case"',
            "public.review_topics",
            "public.reviews",
            "orders",
            "parts",
        ]
        assert catalog.tables(elsewhere)["schema"].tolist() == ["sales"] * 2 + ["public"] * 3


def test_an_empty_database_says_so(database):
    """No tables at all: the hint asks whether it is the right one."""
    with closing(Database(database)) as empty, pytest.raises(TableNotFound, match="no tables"):
        catalog.relation(empty, "t")
