import contextlib
import logging
import sqlite3

import pandas as pd
import psycopg2
import pytest

from loopai_nb.errors import InputError, LedgerError, QueryFailed
from loopai_nb.ledger import watermarks
from loopai_nb.ledger.store import Ledger
from loopai_nb.postgres.engine import Database
from loopai_nb.session.past_mark import New
from loopai_nb.session.since import pull_new, sentences


@pytest.fixture
def db(database):
    """The database of this test."""
    with contextlib.closing(Database(database)) as opened:
        yield opened


@pytest.fixture
def ledger(tmp_path):
    """A ledger in a file."""
    with contextlib.closing(Ledger(tmp_path / "ledger" / "ledger.sqlite3")) as opened:
        yield opened


@pytest.fixture
def sql(database):
    """Runs statements, each committed at once."""
    with contextlib.closing(psycopg2.connect(database)) as connection:
        connection.autocommit = True

        def run(statement, *values):
            with connection.cursor() as cursor:
                cursor.execute(statement, values or None)

        yield run


@pytest.fixture
def reviews(sql):
    """A table of five rows, the last two of the same time, one without."""
    sql("CREATE TABLE reviews (id int PRIMARY KEY, body text, at timestamptz)")
    sql(
        "INSERT INTO reviews VALUES (1, 'a', '2026-11-01 10:00+01'), "
        "(2, 'b', '2026-11-02 10:00:00.000001+00'), (3, 'c', '2026-11-03'), (4, 'd', '2026-11-03'), "
        "(5, 'e', NULL)"
    )
    return New("reviews", "at")


@pytest.fixture
def pulled(db, ledger):
    """Pulls what is new; ``ids`` of the rows, and the frame."""

    def pull(new, **options):
        frame = pull_new(db, ledger, new, **options)
        return [int(n) for n in frame["id"]], frame

    return pull


def _since(frame):
    return frame.attrs["loopai"]["since"]


def _seen(ledger, frame):
    ledger.move_watermark(_since(frame)["pull"], "ada")


def test_the_first_pull_takes_all_and_the_next_what_is_new(pulled, reviews, ledger, sql):
    """Nothing comes twice once it is seen; the mark is exact to the microsecond."""
    ids, first = pulled(reviews)
    assert ids == [1, 2, 3, 4]
    since = _since(first)
    assert (since["column"], since["type"]) == ("at", "timestamp with time zone")
    assert (since["after"], since["rows"]) == (None, 4)
    _seen(ledger, first)

    ids, nothing = pulled(reviews)
    assert (ids, _since(nothing)["pull"], list(nothing.columns)) == ([], None, ["id", "body", "at"])

    sql("INSERT INTO reviews VALUES (6, 'f', '2026-11-03 00:00:00.000001+00')")
    ids, third = pulled(reviews)
    assert (ids, _since(third)["after"]) == ([6], since["value"])


def test_a_pull_that_nobody_has_seen_comes_again(pulled, reviews):
    """A kernel that dies between pull and answers loses nothing."""
    assert pulled(reviews)[0] == pulled(reviews)[0] == [1, 2, 3, 4]


def test_rows_of_the_marks_own_value_are_not_lost(pulled, reviews, ledger, sql):
    """A row that commits later with the very same time comes; those that were there do not come again."""
    _seen(ledger, pulled(reviews)[1])
    sql("INSERT INTO reviews VALUES (7, 'g', '2026-11-03')")
    ids, frame = pulled(reviews)
    assert ids == [7]
    _seen(ledger, frame)
    assert pulled(reviews)[0] == []
    sql("INSERT INTO reviews VALUES (8, 'h', '2026-11-03')")
    assert pulled(reviews)[0] == [8]


def test_a_mark_knows_by_which_key_its_rows_were_told(pulled, reviews, ledger, sql):
    """By another key later, a new row is not taken for one that was seen; the others come again."""
    sql("ALTER TABLE reviews ADD code int")
    sql("UPDATE reviews SET code = id + 10")
    _seen(ledger, pulled(reviews)[1])
    sql("INSERT INTO reviews VALUES (13, 'm', '2026-11-03', 3)")
    assert pulled(reviews, key="code")[0] == [3, 4, 13]


def test_rows_that_no_mark_can_pass_are_told(pulled, reviews, sql, caplog):
    """NULL and infinity are left out, first and later, and never without a word."""
    with caplog.at_level(logging.WARNING, "loopai_nb"):
        _, frame = pulled(reviews)
    assert _since(frame)["left_out"] == 1
    assert "1 row has no at, or an infinite one, and is left out" in caplog.text
    sql("INSERT INTO reviews VALUES (9, 'i', 'infinity'), (10, 'j', '-infinity')")
    ids, frame = pulled(reviews, columns=["id"])
    assert ids == [1, 2, 3, 4, 10]
    assert _since(frame)["left_out"] == 2
    assert "infinity" not in _since(frame)["value"]


def test_an_overlap_brings_what_was_committed_late(pulled, reviews, ledger, sql):
    """A long transaction's row has an earlier time than the mark; the mark does not go back for it."""
    _, frame = pulled(reviews)
    _seen(ledger, frame)
    sql("INSERT INTO reviews VALUES (11, 'k', '2026-11-02 23:30+00')")
    assert pulled(reviews)[0] == []
    ids, late = pulled(New("reviews", "at", overlap="1 hour"))
    assert ids == [11]
    assert _since(late)["value"] == _since(frame)["value"]
    with pytest.raises(InputError, match="would use up the limit"):
        pulled(New("reviews", "at", overlap="1 hour", limit=3))


def test_a_limit_goes_on_where_it_ended(pulled, reviews, ledger):  # noqa: ARG001  (makes the table)
    """In the order of the column, through rows of the same value as well."""
    taken = []
    for _ in range(5):
        ids, frame = pulled(New("reviews", "at", limit=1))
        taken += ids
        if ids:
            _seen(ledger, frame)
    assert taken == [1, 2, 3, 4]


def test_starting_over_takes_all(pulled, reviews, ledger):
    """Whatever the mark says; it stays until the rows are seen."""
    _seen(ledger, pulled(reviews)[1])
    assert pulled(New("reviews", "at", start_over=True))[0] == [1, 2, 3, 4]
    assert pulled(reviews)[0] == []


def test_each_kind_of_pull_has_a_mark_of_its_own(pulled, reviews, ledger, db):
    """By condition and its values, column and source: what one has seen, another has not."""
    few = New("reviews", "at", where="id < :n -- few", params={"n": 3})
    assert pulled(few)[0] == [1, 2]
    _seen(ledger, pulled(few)[1])
    assert pulled(few)[0] == []
    assert pulled(New("reviews", "at", where="id < :n -- few", params={"n": 4}))[0] == [1, 2, 3]
    assert pulled(New("reviews", "id"))[0] == [1, 2, 3, 4, 5]
    assert pulled(reviews)[0] == [1, 2, 3, 4]
    (moved,) = watermarks.all_moved(ledger.engine)
    assert (moved.mark.source, moved.mark.condition) == ("public.reviews", "id < :n -- few")
    assert moved.mark.place == f"{db.where}/{db.database}"


def test_a_condition_stays_one(pulled, reviews):  # noqa: ARG001  (makes the table)
    """An OR of the person's does not open the bounds, nor does a comment close them."""
    ids, _ = pulled(New("reviews", "at", where="id = 1 OR id = 5 -- either"))
    assert ids == [1]


def test_a_query_is_pulled_by_its_key(pulled, reviews, ledger, sql):  # noqa: ARG001  (makes the table)
    """Its rows are told apart by the columns that are named, which label them as well."""
    query = New(
        "WITH first AS (SELECT * FROM reviews WHERE id > :least) SELECT id, at AS loopai, body FROM first",
        "loopai",
        params={"least": 1},
    )
    with pytest.raises(InputError, match=r"Nothing tells rows of the same loopai apart.*--key A,B"):
        pulled(query)
    ids, frame = pulled(query, key="id")
    assert ids == [2, 3, 4] == list(frame.index)
    _seen(ledger, frame)
    sql("INSERT INTO reviews VALUES (12, 'l', '2026-11-03')")
    assert pulled(query, key="id")[0] == [12]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        pytest.param("smallint", ["1", "2", "3"], marks=pytest.mark.slow),
        ("bigint", ["-9", "9007199254740993", "9223372036854775807"]),
        (
            "numeric",
            ["0.1", "12345678901234567890.000000000000000001", "12345678901234567890.000000000000000002"],
        ),
        pytest.param(
            "timestamp",
            ["2026-01-01", "2026-01-01 00:00:00.000001", "2026-01-01 00:00:00.000002"],
            marks=pytest.mark.slow,
        ),
        ("timestamptz", ["0044-03-15 BC", "2026-03-29 01:30+02", "2026-03-29 01:30+01"]),
        ("date", ["1999-12-31", "2026-01-01", "2026-01-02"]),
        ("text", ["", "it's", "z\u00e9 \u2603"]),
        pytest.param("varchar(9)", ["a", "b", "c"], marks=pytest.mark.slow),
        (
            "uuid",
            [
                "0190a000-0000-7000-8000-000000000000",
                "0190a001-0000-7000-8000-000000000000",
                "0190a002-0000-7000-8000-000000000000",
            ],
        ),
    ],
)
def test_every_type_that_grows_can_be_a_mark(pulled, ledger, sql, kind, values):
    """Exactly, as text: the next row is one step further."""
    sql(f'CREATE TABLE "Odd ""name" (id int PRIMARY KEY, "At :x" {kind} NOT NULL)')
    sql("SET DateStyle = 'SQL, DMY'")
    taken = []
    for number, value in enumerate(values):
        sql('INSERT INTO "Odd ""name" VALUES (%s, %s)', number, value)
        ids, frame = pulled(New('"Odd ""name"', "At :x"), columns=["id"])
        taken.append(ids)
        _seen(ledger, frame)
    assert taken == [[0], [1], [2]]
    assert pulled(New('"Odd ""name"', "At :x"))[0] == []


def test_not_a_number_stops_no_mark(pulled, ledger, sql):
    """NaN and Infinity are greater than every number, and would hide all that comes after."""
    sql("CREATE TABLE t (id int PRIMARY KEY, n numeric)")
    sql("INSERT INTO t VALUES (1, 1.5), (2, 'NaN'), (3, 'Infinity')")
    ids, frame = pulled(New("t", "n"))
    assert (ids, _since(frame)["value"], _since(frame)["left_out"]) == ([1], "1.5", 2)
    _seen(ledger, frame)
    sql("INSERT INTO t VALUES (4, 2)")
    assert pulled(New("t", "n"))[0] == [4]
    assert pulled(New("t", "n", overlap=1))[0] == [4]


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (New("reviews", "body", limit=0), "The limit is 0"),
        (New("reviews", "body", limit=1.5), r"The limit is 1\.5"),
        (New("reviews", "changed"), 'There is no column "changed" to pull by'),
        (New("SELECT 1 AS id, '{}'::jsonb AS j", "j"), "j is of type jsonb"),
        (New("SELECT 1 AS id, gen_random_uuid() AS u", "u"), "uuids of version 4"),
    ],
)
def test_what_can_not_tell_what_is_new_is_refused(pulled, reviews, new, said):  # noqa: ARG001  (makes the table)
    """With what to choose instead."""
    with pytest.raises(InputError, match=said):
        pulled(new, key="id")


def test_a_text_has_no_overlap(pulled, reviews, ledger):  # noqa: ARG001  (makes the table)
    """There is nothing to take away from it."""
    _seen(ledger, pulled(New("reviews", "body"))[1])
    with pytest.raises(InputError, match="There is no overlap of text values"):
        pulled(New("reviews", "body", overlap="a"))


@pytest.mark.parametrize(
    ("column", "overlap"), [("at", "banana"), ("at", "-1 hour"), ("id", "1 hour"), ("id", -3), ("id", "NaN")]
)
def test_an_overlap_that_is_none_is_told_at_once(pulled, reviews, column, overlap):  # noqa: ARG001  (makes the table)
    """Also by the first pull, which has no mark yet; one below 0 would pass over rows."""
    with pytest.raises(InputError, match=f"{overlap} is no overlap of .* values") as caught:
        pulled(New("reviews", column, overlap=overlap))

    assert "--overlap" in caught.value.hint


def test_a_wrong_condition_is_told_at_its_place(pulled, reviews):  # noqa: ARG001  (makes the table)
    """As a pull tells it: nothing of the statements around it."""
    with pytest.raises(QueryFailed) as caught:
        pulled(New("reviews", "at", where="bdy IS NULL"))
    assert "loopai" not in str(caught.value)


def test_a_type_that_changed_asks_to_start_over(pulled, reviews, ledger, sql):
    """A time without a zone means another thing; a wider integer does not."""
    _seen(ledger, pulled(reviews)[1])
    _seen(ledger, pulled(New("reviews", "id"))[1])
    sql("ALTER TABLE reviews ALTER at TYPE timestamp, ALTER id TYPE bigint")
    with pytest.raises(InputError, match=r"was timestamp with time zone at its mark.*--all"):
        pulled(reviews)
    assert pulled(New("reviews", "id"))[0] == []
    assert pulled(New("reviews", "at", start_over=True))[0] == [1, 2, 3, 4]


def test_a_stream_is_one_pull(db, ledger, reviews):
    """Its mark is known before it is read, and each of its frames says whose it is."""
    with pull_new(db, ledger, reviews, chunks=3, key="id") as stream:
        frames = list(stream)
    assert [list(frame.index) for frame in frames] == [[1, 2, 3], [4]]
    assert _since(stream)["rows"] is None
    assert {_since(frame)["pull"] for frame in frames} == {_since(stream)["pull"]}
    _seen(ledger, stream)
    with pull_new(db, ledger, reviews, chunks=3) as stream:
        assert sum(map(len, stream)) == 0


def test_a_stream_whose_mark_can_not_be_kept_is_closed(db, ledger, reviews, sql, tmp_path):
    """The ledger's error, whose traceback holds the stream, leaves no transaction open."""
    sql("INSERT INTO reviews SELECT n, repeat('x', 100), '2026-11-04' FROM generate_series(101, 90000) AS n")
    assert watermarks.all_moved(ledger.engine) == []
    with contextlib.closing(sqlite3.connect(tmp_path / "ledger" / "ledger.sqlite3")) as other:
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON watermarks BEGIN SELECT raise(ABORT, 'full'); END"
        )
    with pytest.raises(LedgerError) as caught:
        pull_new(db, ledger, reviews, chunks=3)
    frames = [frame.frame.f_locals for frame in caught.traceback]
    (stream,) = (values["found"] for values in frames if "found" in values)
    assert "closed" in repr(stream)


def test_columns_need_not_hold_the_mark(db, ledger, reviews):
    """Only what is asked about is pulled."""
    frame = pull_new(db, ledger, reviews, columns=["body"])
    assert list(frame.columns) == ["body"]
    assert _since(frame)["rows"] == 4


def test_too_many_rows_of_one_value_come_again(pulled, reviews, ledger, sql):
    """Rather than that one is lost; a limit, which would never get past them, is refused."""
    sql("INSERT INTO reviews SELECT n, 'x', '2026-11-04' FROM generate_series(101, 50101) AS n")
    _, frame = pulled(reviews)
    assert _since(frame)["repeats"]
    assert sentences(_since(frame), rows=1)[1].startswith("More than 50,000 rows have the mark's own value")
    _seen(ledger, frame)
    assert len(pulled(reviews)[0]) == 50_001
    with pytest.raises(InputError, match="no limit can go through them"):
        pulled(New("reviews", "at", limit=60_000))


def test_a_database_behind_the_same_address_is_another(db, ledger, reviews, postgres):
    """A mark belongs to the database itself, not to how it is reached."""
    frame = pull_new(db, ledger, reviews)
    _seen(ledger, frame)
    url = f"{postgres.url.rpartition('/')[0]}/{db.database}"
    by_name = Database(url.replace("127.0.0.1", "localhost"))
    with contextlib.closing(by_name):
        assert len(pull_new(by_name, ledger, reviews)) == 0
    other = Database(postgres.url)
    with contextlib.closing(other):
        other.execute("CREATE TABLE reviews (id int PRIMARY KEY, at timestamptz)", read_only=False)
        try:
            other.execute("INSERT INTO reviews VALUES (1, '2020-01-01')", read_only=False)
            assert len(pull_new(other, ledger, reviews)) == 1
        finally:
            other.execute("DROP TABLE reviews", read_only=False)


def test_what_is_said_of_a_pull(pulled, reviews, ledger, sql):
    """How many, after what, and when the mark moves."""
    _, frame = pulled(reviews)
    value = _since(frame)["value"]
    first, second = sentences(_since(frame), rows=4)
    assert first == (
        f"4 rows with at, all there are; the mark moves to {value} when a run over all of them completes."
    )
    assert second.startswith("1 row has no at, or an infinite one, and is left out: no mark can pass them.")
    _seen(ledger, frame)
    sql("DELETE FROM reviews WHERE at IS NULL")
    assert sentences(_since(pulled(reviews)[1]), rows=0) == [
        f"Nothing is new: there are no rows with at after {value}."
    ]
    assert isinstance(pulled(reviews)[1], pd.DataFrame)
