"""The list of tables: sums, guesses, privileges, locks and odd names, against a real Postgres."""

from contextlib import closing

import psycopg2
import pytest

from loopai_nb.errors import InputError
from loopai_nb.postgres import catalog
from loopai_nb.postgres.engine import Database

ODD_NAMES = ("a.b", 'say "hi"', "\U0001f600", "x" * 63, "<img src=x onerror=alert(1)>", "order", "MixedCase")

PARTITIONED = """
CREATE TABLE events (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
    PARTITION BY HASH (id);
CREATE TABLE events_2024_a PARTITION OF events_2024 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE zebra_part PARTITION OF events_2024 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE few (id int);
INSERT INTO events SELECT i, date '2023-01-01' + i % 700 FROM generate_series(1, 3000) AS i;
INSERT INTO few VALUES (1);
"""


@pytest.fixture
def sql(database):
    """Runs SQL in the test's database; what it makes is there for everybody."""
    with closing(psycopg2.connect(database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor.execute


@pytest.fixture
def db(database):
    """The test's database, as the package sees it."""
    with closing(Database(database)) as opened:
        yield opened


def line(frame, table):
    """The one line of a table, as a dict."""
    (found,) = frame[frame["table"] == table].to_dict("records")
    return found


def test_partitions_are_summed_up_and_folded(db, sql):
    """A partitioned table has the rows and sizes of its partitions, however deep, and they are hidden."""
    sql(PARTITIONED + "ANALYZE events")
    folded, unfolded = catalog.tables(db), catalog.tables(db, partitions=True)

    assert folded["table"].tolist() == ["events", "few"]
    events = line(folded, "events")
    assert (events["rows_estimate"], events["partitions"], events["kind"]) == (3000, 3, "partitioned table")
    leaves = unfolded[unfolded["kind"] == "partition"]
    assert events["size_bytes"] == leaves["size_bytes"].sum() > 0
    # Below what each is a part of, whatever it is called.
    assert unfolded["table"].tolist() == [
        "events",
        "events_2023",
        "events_2024",
        "events_2024_a",
        "zebra_part",
        "few",
    ]
    assert unfolded["partition_of"].dropna().tolist() == [
        "public.events",
        "public.events",
        "public.events_2024",
        "public.events_2024",
    ]


def test_a_partition_is_found_by_its_own_name(db, sql):
    """A pattern that fits a partition and not its table shows it, though it would be folded."""
    sql(PARTITIONED)

    assert catalog.tables(db, "zebra*")["table"].tolist() == ["zebra_part"]
    assert catalog.tables(db, "event*")["table"].tolist() == ["events"]


def test_the_order_can_be_by_size_or_rows(db, sql):
    """The largest first; another order is refused."""
    sql("CREATE TABLE a (x int); CREATE TABLE b AS SELECT generate_series(1, 9000) AS x; ANALYZE")

    assert catalog.tables(db, order="size")["table"].tolist() == ["b", "a"]
    assert catalog.tables(db, order="rows")["table"].tolist() == ["b", "a"]
    with pytest.raises(InputError, match="name, rows, size"):
        catalog.tables(db, order="age")


def test_a_schema_can_be_chosen(db, sql):
    """Only its tables; quoted or as it is; one that there is not has none."""
    sql('CREATE SCHEMA "My Shop"; CREATE TABLE "My Shop".orders (x int); CREATE TABLE orders (x int)')

    for name in ("My Shop", '"My Shop"'):
        assert catalog.tables(db, schema=name)["schema"].tolist() == ["My Shop"]
    assert len(catalog.tables(db, schema="nothing")) == 0


def test_a_table_that_was_never_analyzed_says_so(db, sql):
    """Its rows are a guess near the truth, and marked as one; after ANALYZE they are right."""
    sql(
        "CREATE TABLE t WITH (autovacuum_enabled = off) AS "
        "SELECT i, repeat('x', 30) AS body FROM generate_series(1, 5000) AS i"
    )
    guessed = line(catalog.tables(db), "t")
    sql("ANALYZE t")
    known = line(catalog.tables(db), "t")

    assert not guessed["analyzed"]
    assert 2_500 < guessed["rows_estimate"] < 10_000
    assert (known["analyzed"], known["rows_estimate"]) == (True, 5000)


def test_a_table_that_grew_is_estimated_by_its_size_of_today(db, sql):
    """Not by what the last ANALYZE saw."""
    sql("CREATE TABLE t (x int) WITH (autovacuum_enabled = off)")
    sql("INSERT INTO t SELECT generate_series(1, 2260); ANALYZE t")
    sql("INSERT INTO t SELECT generate_series(1, 22600)")

    assert line(catalog.tables(db), "t")["rows_estimate"] == pytest.approx(24_860, rel=0.05)


def test_every_kind_is_called_by_its_name(db, sql):
    """Views, materialized views (never refreshed), foreign and partitioned tables."""
    sql(
        "CREATE TABLE t (x int); CREATE VIEW v AS SELECT * FROM t;"
        "CREATE MATERIALIZED VIEW m AS SELECT * FROM t WITH NO DATA;"
        "CREATE FOREIGN DATA WRAPPER none; CREATE SERVER erp FOREIGN DATA WRAPPER none;"
        "CREATE FOREIGN TABLE f (x int) SERVER erp; CREATE TABLE p (x int) PARTITION BY LIST (x)"
    )
    found = catalog.tables(db).set_index("table")["kind"].to_dict()

    assert found == {
        "t": "table",
        "v": "view",
        "m": "materialized view, never refreshed",
        "f": "foreign table",
        "p": "partitioned table",
    }


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_are_listed_found_and_offered(db, sql, name):
    """Dots, quotes, emoji, 63 bytes, markup, words of SQL: as stored, and typed as SQL needs it."""
    quoted = '"' + name.replace('"', '""') + '"'
    sql(f"CREATE TABLE {quoted} (x int)")

    assert catalog.tables(db)["table"].tolist() == [name]
    (offered,) = catalog.table_names(db)
    assert catalog.relation(db, offered).name == name
    assert catalog.describe(db, quoted)["column"].tolist() == ["x"]


def test_what_may_not_be_read_is_marked(database, sql):
    """Without SELECT, or without the schema, a table is listed as not readable."""
    sql(
        "CREATE TABLE open (x int); CREATE TABLE part (x int, y int); CREATE TABLE closed (x int);"
        "CREATE SCHEMA hidden; CREATE TABLE hidden.t (x int); CREATE ROLE looker_of_lists LOGIN PASSWORD 'x';"
        "GRANT SELECT ON open, hidden.t TO looker_of_lists; GRANT SELECT (x) ON part TO looker_of_lists"
    )
    try:
        account = "looker_of_lists:x@" + database.partition("@")[2]
        with closing(Database(f"postgresql://{account}")) as looker:
            found = catalog.tables(looker).set_index("table")["readable"].to_dict()
    finally:
        sql("DROP OWNED BY looker_of_lists; DROP ROLE looker_of_lists")
    assert found == {"open": True, "part": True, "closed": False, "t": False}


def test_the_list_does_not_wait_for_who_changes_a_table(database, db, sql):
    """A table that somebody holds exclusively is listed with its last known size."""
    sql("CREATE TABLE held AS SELECT generate_series(1, 1000) AS x; CREATE TABLE free (x int)")
    sql("VACUUM ANALYZE")
    with closing(psycopg2.connect(database)) as other, other.cursor() as cursor:
        cursor.execute("LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
        found = catalog.tables(db)

    assert found["table"].tolist() == ["free", "held"]
    assert line(found, "held")["size_bytes"] > 0
    assert line(found, "held")["rows_estimate"] == 1000


@pytest.mark.slow
def test_thousands_of_tables_are_one_list(db, sql):
    """4,000 tables, for which the sizes of indexes are those of the last VACUUM."""
    for start in range(0, 4_000, 500):
        sql(";".join(f"CREATE TABLE t{n} (id int PRIMARY KEY)" for n in range(start, start + 500)))
    sql("INSERT INTO t7 SELECT generate_series(1, 500)")
    found = catalog.tables(db)

    assert len(found) == len(catalog.table_names(db)) == 4_000
    assert line(found, "t7")["size_bytes"] > 0
