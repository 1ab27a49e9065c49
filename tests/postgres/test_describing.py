"""What a table is made of, and what its values look like: without a long scan, and only what may be seen."""

from contextlib import closing

import psycopg2
import pytest

from loopai_nb.errors import TableNotFound
from loopai_nb.postgres import catalog
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.examples import MOST_CHARS, MOST_CODE_CHARS
from loopai_nb.redaction import Redactor


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


@pytest.fixture
def looker(database, sql):
    """The database for an account that may see nothing until it is granted."""
    sql("CREATE ROLE looker_of_values LOGIN PASSWORD 'x'")
    with closing(Database("postgresql://looker_of_values:x@" + database.partition("@")[2])) as opened:
        yield opened
    sql("DROP OWNED BY looker_of_values; DROP ROLE looker_of_values")


def described(db, table, **options):
    """Each column's line as a dict, by name; missing is None."""
    frame = catalog.describe(db, table, **options).astype(object)
    lines = frame.where(frame.notna(), None).to_dict("records")
    return {each["column"]: each for each in lines}


def about(db, table, **options):
    """What is said of the table as a whole."""
    return catalog.describe(db, table, **options).attrs["loopai"]


@pytest.mark.parametrize("analyzed", [True, False])
def test_values_come_from_statistics_or_a_sample(db, sql, analyzed):
    """Null share, distinct values and examples, with an ANALYZE and without one."""
    sql(
        "CREATE TABLE t WITH (autovacuum_enabled = off) AS SELECT i AS id, "
        "CASE WHEN i % 4 = 0 THEN NULL ELSE i % 2 = 0 END AS ok, 'same'::text AS word "
        "FROM generate_series(1, 400) AS i"
    )
    if analyzed:
        sql("ANALYZE t")
    columns = described(db, "t")

    assert [columns[name]["null_share"] for name in ("id", "ok", "word")] == [0, 0.25, 0]
    assert [columns[name]["distinct"] for name in ("id", "ok", "word")] == [400, 2, 1]
    assert set(columns["ok"]["examples"]) == {"true", "false"}
    assert list(columns["word"]["examples"]) == ["same"]
    said = "statistics of the last ANALYZE" if analyzed else "all rows (400)"
    assert about(db, "t")["values"] == said


def test_a_large_table_is_sampled_all_over(db, sql):
    """About a thousand rows from pages all over the table, and never the whole of it."""
    sql(
        "CREATE TABLE t WITH (autovacuum_enabled = off) AS SELECT i, CASE WHEN i > 50000 THEN 1 END AS late "
        "FROM generate_series(1, 100000) AS i"
    )
    late = described(db, "t")["late"]

    assert 0.1 < late["null_share"] < 0.9
    assert about(db, "t")["values"].startswith("a sample of ")
    before = counted(sql, db)
    catalog.describe(db, "t")
    assert counted(sql, db) - before < 100


def counted(sql, db):
    """Blocks of ``t`` that have been read so far, from the cache or not."""
    sql("SELECT pg_stat_force_next_flush()")
    (row,) = db.execute(
        "SELECT heap_blks_read + heap_blks_hit AS n FROM pg_statio_user_tables WHERE relname = 't'"
    )
    return row["n"]


def test_a_type_that_cannot_be_compared_has_examples_too(db, sql):
    """The statistics of json have none: they come from a sample."""
    sql("""CREATE TABLE t (id int, doc json); INSERT INTO t VALUES (1, '{"a": 1}'); ANALYZE t""")

    assert list(described(db, "t")["doc"]["examples"]) == ['{"a": 1}']
    assert about(db, "t")["values"] == "statistics of the last ANALYZE, all rows (1) for the others"


def test_examples_are_short_lines(db, sql):
    """Long texts, JSON and bytes are cut, line breaks are spaces, an empty text is seen."""
    sql(
        "CREATE TABLE t (a text, b jsonb, c bytea, d text); INSERT INTO t VALUES "
        "(repeat('word ', 200000), jsonb_build_object('k', repeat('x', 500)),"
        " decode(repeat('00', 999), 'hex'), E'two\\nlines'), ('', '{}', '', '  ')"
    )
    columns = described(db, "t")

    for name, most in (("a", MOST_CHARS), ("b", MOST_CODE_CHARS), ("c", MOST_CODE_CHARS)):
        long = next(each for each in columns[name]["examples"] if each.endswith("…"))
        assert len(long) == most
    assert "''" in columns["a"]["examples"]
    assert set(columns["d"]["examples"]) == {"two lines", "'  '"}


@pytest.mark.parametrize("analyzed", [True, False])
def test_personal_data_is_masked_in_examples(db, sql, analyzed):
    """ATTACKS 20: by the rules of the setting, before an example is cut."""
    sql(
        "CREATE TABLE t (mail text); "
        "INSERT INTO t SELECT 'write to canary' || i || '@example.com' FROM generate_series(1, 50) AS i"
    )
    if analyzed:
        sql("ANALYZE t")
    shown = described(db, "t", redactor=Redactor(("email",)))["mail"]["examples"]

    assert list(shown) == ["write to [email]"]


def test_an_address_that_reading_cut_in_two_is_not_shown(db, sql):
    """ATTACKS 20: masked text is shorter, and the cut half of a card number must not move into sight."""
    mails = ", ".join(f"{'m' * 60}{n}@example.com" for n in range(5))
    sql(f"CREATE TABLE t (note text); INSERT INTO t VALUES ('{mails}, ' || '4111 1111 1111 1111')")
    (shown,) = described(db, "t", redactor=Redactor(("email", "card")))["note"]["examples"]

    assert "4111" not in shown
    assert "mmm" not in shown


def test_who_may_not_select_sees_no_value(db, sql, looker):
    """Neither from statistics nor from a sample; a column that was granted is seen."""
    sql(
        "CREATE TABLE t AS SELECT i AS id, 'canary' AS secret FROM generate_series(1, 9) AS i;"
        "CREATE TABLE u AS TABLE t; ANALYZE t; GRANT SELECT (id) ON t, u TO looker_of_values;"
        "CREATE TABLE closed AS TABLE t; ANALYZE closed"
    )
    for table in ("t", "u"):
        columns = described(looker, table)
        assert columns["id"]["examples"] is not None
        assert (columns["secret"]["examples"], columns["secret"]["null_share"]) == (None, None)
        assert (columns["id"]["readable"], columns["secret"]["readable"]) == (True, False)
    assert "canary" not in str(catalog.describe(looker, "closed"))
    assert about(looker, "closed")["values"] == "not known: you may not SELECT from it"
    assert "canary" in str(described(db, "closed"))


def test_row_security_holds_for_examples(sql, looker):
    """Statistics would show the rows of others: only what a SELECT returns is an example."""
    sql(
        "CREATE TABLE t (owner text); INSERT INTO t VALUES ('canary'), ('looker_of_values'); ANALYZE t;"
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY; GRANT SELECT ON t TO looker_of_values;"
        "CREATE POLICY own ON t USING (owner = current_user)"
    )
    assert list(described(looker, "t")["owner"]["examples"]) == ["looker_of_values"]


def test_no_value_is_looked_at_where_none_is_wanted(db, sql):
    """``examples=False`` describes without them."""
    sql("CREATE TABLE t (x int); INSERT INTO t VALUES (1)")
    line = described(db, "t", examples=False)["x"]

    assert (line["examples"], line["null_share"], line["distinct"]) == (None, None, None)


def test_keys_defaults_and_generated_columns(db, sql):
    """Foreign keys with their target column, identity, generated columns, and keys of several columns."""
    sql(
        "CREATE TABLE customers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);"
        "CREATE TABLE orders (shop int, n int, customer int REFERENCES customers, UNIQUE (n, customer),"
        " total int DEFAULT 1, twice int GENERATED ALWAYS AS (total * 2) STORED, PRIMARY KEY (shop, n));"
        "CREATE TABLE lines (s int, o int, FOREIGN KEY (s, o) REFERENCES orders (shop, n))"
    )
    orders, lines = described(db, "orders"), described(db, "lines")

    assert described(db, "customers")["id"]["generated"] == "identity always"
    assert orders["customer"]["key"] == "references customers (id)"
    assert (orders["twice"]["generated"], orders["twice"]["default"]) == ("stored", "(total * 2)")
    assert (orders["total"]["generated"], orders["total"]["default"]) == ("", "1")
    assert [lines[name]["key"] for name in "so"] == ["references orders (shop)", "references orders (n)"]
    assert about(db, "orders")["keys"] == ["UNIQUE (n, customer)", "PRIMARY KEY (shop, n)"]
    assert about(db, "lines")["keys"] == ["FOREIGN KEY (s, o) REFERENCES orders(shop, n)"]
    assert [(each["made"], each["unique"]) for each in about(db, "orders")["indexes"]] == [
        ("btree (shop, n)", True),
        ("btree (n, customer)", True),
    ]


def test_enum_labels_are_told_in_their_order(db, sql):
    """Also where the column is an array or a domain of the enum."""
    sql(
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE DOMAIN feeling AS mood;"
        "CREATE TYPE size AS ENUM ('s', 'm'); CREATE TABLE t (a feeling, b size[])"
    )
    assert about(db, "t")["enums"] == {"mood": ["sad", "ok", "happy"], "size": ["s", "m"]}


def test_partitions_say_of_what_and_which(db, sql):
    """The key of a partitioned table, with the sums of its partitions; the bound of a partition."""
    sql(
        "CREATE TABLE events (at date) PARTITION BY RANGE (at);"
        "CREATE TABLE y2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');"
        "INSERT INTO events VALUES ('2024-05-05'); ANALYZE events"
    )
    whole, part = about(db, "events"), about(db, "y2024")

    assert (whole["partition_key"], whole["partitions"], whole["rows_estimate"]) == ("RANGE (at)", 1, 1)
    assert (part["kind"], part["partition_of"]) == ("partition", "events")
    assert part["partition_bound"] == "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')"
    assert list(described(db, "events")["at"]["examples"]) == ["2024-05-05"]


def test_views_are_looked_at_unless_it_would_take_long(db, sql):
    """The first rows of a cheap view; of one that would count billions, nothing, and it says so."""
    sql(
        "CREATE VIEW cheap AS SELECT 7 AS x; CREATE VIEW dear AS SELECT count(*) AS n "
        "FROM generate_series(1, 1000000) AS a, generate_series(1, 1000000) AS b;"
        "CREATE VIEW slow AS SELECT pg_sleep(60)::text AS x"
    )
    assert list(described(db, "cheap")["x"]["examples"]) == ["7"]
    assert described(db, "dear")["n"]["examples"] is None
    assert "would take long" in about(db, "dear")["values"]
    assert "took longer than 2 s" in about(db, "slow")["values"]


def test_a_table_that_somebody_changes_is_described_without_values(database, db, sql):
    """It does not wait for the other one's lock."""
    sql("CREATE TABLE t (x int); INSERT INTO t VALUES (1)")
    with closing(psycopg2.connect(database)) as other, other.cursor() as cursor:
        cursor.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        frame = catalog.describe(db, "t")

    assert frame["column"].tolist() == ["x"]
    assert frame.attrs["loopai"]["values"] == "not known: somebody is changing it"


def test_a_view_cannot_write_while_it_is_looked_at(db, sql):
    """ATTACKS 28: what is looked at runs in a read-only transaction."""
    sql(
        "CREATE TABLE log (x int); CREATE FUNCTION note() RETURNS int LANGUAGE sql AS "
        "'INSERT INTO log VALUES (1) RETURNING x'; CREATE VIEW v AS SELECT note() AS x"
    )
    assert "read-only" in about(db, "v")["values"]
    assert db.execute("SELECT count(*) AS n FROM log") == [{"n": 0}]


def test_a_materialized_view_without_rows_is_no_error(db, sql):
    """Never refreshed: its columns are told, nothing else."""
    sql("CREATE MATERIALIZED VIEW m AS SELECT 1 AS x WITH NO DATA")

    assert about(db, "m")["kind"] == "materialized view, never refreshed"
    assert list(described(db, "m")) == ["x"]


def test_a_table_of_many_columns_is_described(db, sql):
    """1,600 columns, the most that Postgres allows; the first at least have examples."""
    sql(f"CREATE TABLE t ({', '.join(f'c{n} int' for n in range(1_600))})")
    sql("INSERT INTO t (c0) VALUES (1)")

    columns = described(db, "t")
    assert len(columns) == 1_600
    assert list(columns["c0"]["examples"]) == ["1"]


@pytest.mark.parametrize("name", ["pg_catalog.pg_class", "information_schema.tables", "pg_class"])
def test_a_table_of_the_system_is_described_though_it_is_not_listed(db, name):
    """Who names it wants to see it."""
    assert len(described(db, name)) > 5


def test_a_temporary_table_is_listed_and_described(db):
    """It is of one connection: the list calls it temporary, and the values are left out."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE scratch (x int)")

    assert catalog.tables(db)["kind"].tolist() == ["temporary table"]
    assert list(described(db, "scratch")) == ["x"]
    assert about(db, "scratch")["kind"] == "temporary table"


def test_a_missing_table_is_told_with_near_names(db, sql):
    """As everywhere."""
    sql("CREATE TABLE reviews (x int)")
    with pytest.raises(TableNotFound, match=r"public\.reviews"):
        catalog.describe(db, "revews")
