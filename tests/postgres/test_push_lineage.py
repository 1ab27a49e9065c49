"""Where each pushed row came from, kept beside it in the same transaction."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pandas as pd
import psycopg2
import pytest

from loopai_nb.errors import InputError, QueryFailed
from loopai_nb.postgres.catalog import find
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.pull import pull
from loopai_nb.postgres.push import Lineage, PushSummary, push

LINEAGE = Lineage(
    request_id="q-1",
    run_id="r-204e",
    plan_id="p-91c2",
    template_sha256="aa",
    prompt_sha256="bb",
    model="phi-4",
    input_tokens=214,
    output_tokens=3,
    cost_usd=Decimal("0.000000000012"),
    approved_by="kim",
    reviewed_by=None,
    answered_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
)


@pytest.fixture
def db(database):
    """One connection to a fresh database."""
    with closing(Database(database)) as opened:
        yield opened


@pytest.fixture
def frame():
    """Three answers."""
    return pd.DataFrame({"id": [1, 2, 3], "answer": ["shipping", None, "price"], "cost": [0.5, None, 1.5]})


def lineage(count):
    """Return records for that many rows."""
    return [replace(LINEAGE, request_id=f"q-{n}") for n in range(count)]


def test_a_push_done_twice_changes_nothing(db, frame):
    """Rows and lineage that are there stay as they are, down to the version of the row."""
    first = push(db, frame, "topics", key="id", lineage=lineage(3))
    before = db.execute(
        "SELECT xmin::text, ctid::text FROM topics UNION ALL SELECT xmin::text, ctid::text "
        "FROM loopai_lineage"
    )

    again = push(db, frame, "topics", key="id", lineage=lineage(3))

    after = db.execute(
        "SELECT xmin::text, ctid::text FROM topics UNION ALL SELECT xmin::text, ctid::text "
        "FROM loopai_lineage"
    )
    assert (first.inserted, again.inserted, again.updated, again.unchanged) == (3, 0, 0, 3)
    assert not again.created
    assert before == after


def test_hostile_names_are_quoted_by_the_driver(db):
    """ATTACKS 27: table, schema, key and column names are names, in the rows and in the lineage."""
    evil = "a\"'; DROP TABLE x; --%s:p"
    db.execute("CREATE TABLE x (a int)", read_only=False)
    quoted = '"' + evil.replace('"', '""') + '"'

    for _ in range(2):
        summary = push(
            db, pd.DataFrame({evil: ["'; DROP TABLE x; --"], "n": [1]}), quoted, key=evil, lineage=[LINEAGE]
        )

    assert summary == PushSummary(f"public.{quoted}", 0, 0, 1, created=False)
    assert pull(db, quoted)[evil].tolist() == ["'; DROP TABLE x; --"]
    assert pull(db, "loopai_lineage")["target_key"].tolist() == [{evil: "'; DROP TABLE x; --"}]
    assert find(db, "x") is not None


def test_lineage_goes_with_its_row(db, frame):
    """One record for each answer beside the target, by its key; a row without an answer has none."""
    db.execute("CREATE SCHEMA sales", read_only=False)

    push(
        db,
        frame,
        "sales.topics",
        key=["id", "cost"][:1],
        lineage=[LINEAGE, None, replace(LINEAGE, request_id="q-3")],
    )

    (first, second) = db.execute("SELECT * FROM sales.loopai_lineage ORDER BY request_id")
    assert (first["target_table"], first["target_key"], second["target_key"]) == (
        "sales.topics",
        {"id": 1},
        {"id": 3},
    )
    kept = {name: first[name] for name in Lineage.__dataclass_fields__}
    assert Lineage(**kept) == LINEAGE
    assert first["pushed_at"].tzinfo is not None


def test_lineage_without_a_key_is_kept_once_a_request(db, frame):
    """One request may answer many rows; appended without a key they share its record."""
    push(db, frame, "log", lineage=[LINEAGE, LINEAGE, None])

    assert db.execute("SELECT target_key, request_id FROM loopai_lineage") == [
        {"target_key": {}, "request_id": "q-1"}
    ]


def test_a_new_answer_adds_a_record_and_keeps_the_old(db, frame):
    """Another run's answer to the same row is another record."""
    for request in ("q-1", "q-2"):
        push(db, frame[:1], "topics", key="id", lineage=[replace(LINEAGE, request_id=request)])

    assert db.execute("SELECT count(*) AS n FROM loopai_lineage") == [{"n": 2}]


@pytest.mark.parametrize("key", ["id", None])
def test_lineage_that_does_not_match_the_rows_is_refused(db, frame, key):
    """A record too few could stand beside the wrong row."""
    with pytest.raises(InputError, match="2 lineage records for 3 rows"):
        push(db, frame, "topics", key=key, lineage=lineage(2))
    assert find(db, "topics") is None


def test_a_refused_row_leaves_no_lineage(db, frame):
    """One transaction for both."""
    db.execute("CREATE TABLE topics (id int CHECK (id < 3), answer text, cost float8)", read_only=False)

    with pytest.raises(QueryFailed):
        push(db, frame, "topics", lineage=lineage(3))

    assert find(db, "loopai_lineage") is None


def test_lineage_of_many_rows_is_staged_in_batches(db):
    """More records than one batch, with gaps, each beside its own row."""
    many = pd.DataFrame({"id": range(60_000)})
    records = [None if n % 3 else replace(LINEAGE, request_id=f"q-{n}") for n in range(60_000)]

    push(db, many, "many", key="id", lineage=records)

    (found,) = db.execute(
        "SELECT count(*) AS n, bool_and(request_id = 'q-' || (target_key->>'id')) AS own FROM loopai_lineage"
    )
    assert found == {"n": 20_000, "own": True}


def test_two_first_pushes_at_once_make_its_table_once(db, database, frame, until):
    """Into different tables of a schema: the one that comes second waits for the table of the first."""
    db.execute("CREATE TABLE one (id bigint PRIMARY KEY, answer text, cost float8)", read_only=False)
    # Its commit waits for a lock that this test holds.
    db.execute(
        "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END'",
        read_only=False,
    )
    db.execute(
        "CREATE CONSTRAINT TRIGGER held AFTER INSERT ON one DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION hold()",
        read_only=False,
    )

    def waiting():
        sql = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() "
        return db.execute(f"{sql} AND wait_event_type = 'Lock'")[0]["n"]

    with (
        closing(psycopg2.connect(database)) as holder,
        closing(Database(database)) as other,
        ThreadPoolExecutor(2) as threads,
    ):
        holder.cursor().execute("SELECT pg_advisory_lock(1)")
        try:
            first = threads.submit(push, db, frame, "one", key="id", lineage=lineage(3))
            until(lambda: waiting() == 1)
            second = threads.submit(push, other, frame, "two", key="id", lineage=lineage(3))
            until(lambda: waiting() == 2)
        finally:
            holder.close()
        assert (first.result().inserted, second.result().inserted) == (3, 3)

    assert db.execute("SELECT count(*) AS n FROM loopai_lineage") == [{"n": 6}]
