from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from decimal import Decimal

import psycopg2
import pytest

from loopai_nb.demo.birds import load_birds
from loopai_nb.demo.inbox import COLUMNS, deliver, open_inbox
from loopai_nb.errors import DatabaseError


def query(url, sql):
    """Return the rows of one committed statement."""
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
        connection.commit()
        return rows


@pytest.fixture
def inbox(database):
    """URL of a database with the inbox as it was before December 1997."""
    load_birds(database)
    open_inbox(database, before="1997-12-01")
    return database


def test_a_row_is_computed_from_its_report(inbox):
    """9:00 in Washington, feet as exact metres, an enum, and the birds as an object."""
    [row] = query(inbox, "SELECT filed_at, phase, height_m, birds FROM strike_inbox WHERE id = 342")
    [(date, phase, height, species)] = query(
        inbox, "SELECT date, phase_of_flt, height, species FROM bird_strikes WHERE id = 342"
    )

    at, *others = row
    assert at == datetime(date.year, date.month, date.day, 13, tzinfo=UTC)  # in summer
    assert others[:2] == [phase, Decimal(height) * Decimal("0.3048")]
    assert others[2]["species"] == species


def test_it_grows_by_the_days_that_are_delivered(inbox):
    """What comes in is later than all that was there; a second delivery of the same days brings nothing."""
    [(count, last)] = query(inbox, "SELECT count(*), max(filed_at) FROM strike_inbox")

    assert count == 862
    assert deliver(inbox, before="1998-01-01") == 16
    assert deliver(inbox, before="1998-01-01") == 0
    assert query(inbox, f"SELECT count(*) FROM strike_inbox WHERE filed_at > '{last}'") == [(16,)]


def test_it_is_made_anew(inbox):
    """Opened again, it has what it had at first."""
    deliver(inbox, before="1998-01-01")

    assert open_inbox(inbox, before="1997-12-01") == 862
    assert query(inbox, "SELECT count(*) FROM strike_inbox") == [(862,)]


def test_every_column_says_what_it_is(inbox):
    """Each has a comment."""
    sql = "SELECT col_description('strike_inbox'::regclass, n) FROM generate_series(1, 6) AS n"

    assert [said for (said,) in query(inbox, sql)] == [said for _, said in COLUMNS.values()]


def test_another_s_table_of_that_name_is_left_alone(database):
    """A table that loopai_nb did not make is not dropped."""
    load_birds(database)
    query(database, "CREATE TABLE strike_inbox (mine text)")

    with pytest.raises(DatabaseError, match="did not make"):
        open_inbox(database, before="1997-12-01")

    assert query(database, "SELECT * FROM strike_inbox") == []
