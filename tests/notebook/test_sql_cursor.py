"""What may stand at the cursor (^) of a SELECT that is being typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.notebook.sql_cursor import MOST_CHARS, Spot, look


def at_cursor(sql: str) -> Spot:
    """What may stand at the ``^``."""
    before, _, after = sql.partition("^")
    return look(before, after)


@pytest.mark.parametrize(
    ("sql", "typed"),
    [
        ("SELECT * FROM ^", ""),
        ("select * from re^", "re"),
        ("SELECT a, b\nFROM sales.or^", "sales.or"),
        ("SELECT * FROM a, ^", ""),
        ("SELECT * FROM a JOIN ^", ""),
        ("SELECT * FROM a LEFT JOIN b^ ON a.x = b.x", "b"),
        ("SELECT * FROM (^", ""),
        ("SELECT x FROM a WHERE x IN (SELECT y FROM ^)", ""),
        ('SELECT * FROM "Mixed Ca^', '"Mixed Ca'),
        ('SELECT * FROM "My Shop".^', '"My Shop".'),
        ("SELECT * FROM ONLY ^", ""),
        ("TABLE ^", ""),
        ("SELECT 1 /* from a */ FROM ^", ""),
        ("WITH q AS (SELECT 1) SELECT * FROM ^", ""),
    ],
)
def test_tables_stand_behind_from_and_join(sql, typed):
    """Also in brackets, behind commas, and with a schema."""
    assert at_cursor(sql) == Spot("tables", typed)


@pytest.mark.parametrize(
    ("sql", "typed", "tables"),
    [
        ("SELECT ^ FROM reviews", "", ("reviews",)),
        ("SELECT bo^ FROM reviews r", "bo", ("reviews",)),
        ("SELECT a, b, ^\nFROM s.reviews", "", ("s.reviews",)),
        ("SELECT count(^ FROM a", "", ("a",)),
        ("SELECT * FROM a WHERE ^", "", ("a",)),
        ("SELECT * FROM a WHERE x = ^", "", ("a",)),
        ("SELECT * FROM a WHERE x = 1 AND y^", "y", ("a",)),
        ("SELECT * FROM a ORDER BY ^", "", ("a",)),
        ("SELECT * FROM a GROUP BY x HAVING ^", "", ("a",)),
        ("SELECT r.^ FROM reviews AS r JOIN c ON r.x = c.y", "r.", ("reviews",)),
        ("SELECT * FROM a JOIN b ON a.x = b.^", "b.", ("b",)),
        ("SELECT B.^ FROM b", "B.", ("b",)),
        ('SELECT "Id^ FROM "Mixed Case"', '"Id', ('"Mixed Case"',)),
        ('SELECT "Mixed Case".^ FROM "Mixed Case"', '"Mixed Case".', ('"Mixed Case"',)),
        ("SELECT extract(year FROM ^) FROM t", "", ("t",)),
        ("SELECT a IS DISTINCT FROM ^ FROM t", "", ("t",)),
        ("WITH q AS (SELECT x FROM z) SELECT ^ FROM q", "", ("z",)),
        ("SELECT 'it''s', ^ FROM a", "", ("a",)),
        ("SELECT * FROM a -- b\nWHERE ^", "", ("a",)),
        ("SELECT ^ FROM a AS one, b two", "", ("a", "b")),
        ("SELECT ^", "", ()),
    ],
)
def test_columns_are_those_of_the_tables_that_are_named(sql, typed, tables):
    """Before or behind the cursor; a name before a dot chooses one of them."""
    spot = at_cursor(sql)

    assert (spot.kind, spot.typed, spot.tables) == ("columns", typed, tables)


@pytest.mark.parametrize(
    "sql",
    [
        "^",
        "SEL^",
        "SELECT * FROM a ^",
        "SELECT * FROM a WHERE x ^",
        "SELECT * FROM a WHERE x = 'fro^",
        "SELECT * FROM a WHERE x = $$ ^",
        "SELECT * FROM a -- WHERE ^",
        "SELECT * FROM a /* WHERE ^",
        "SELECT x AS ^ FROM a",
        "SELECT * FROM a LIMIT ^",
        "SELECT 1.^ FROM a",
        "SELECT 12^ FROM a",
        "SELECT * FROM a; ^",
    ],
)
def test_elsewhere_nothing_is_offered(sql):
    """In texts, comments and numbers, behind AS, and where a word of SQL has to come."""
    assert not at_cursor(sql).kind


def test_a_condition_begins_in_its_clause():
    """As behind ``--where``."""
    assert look("stars <= 2 and bo", clause="where") == Spot("columns", "bo")


def test_several_tables_offer_their_names():
    """To be followed by a dot."""
    assert at_cursor("SELECT ^ FROM a x, b").names == ("x", "b")
    assert at_cursor("SELECT ^ FROM a x").names == ()


def test_a_very_long_cell_is_not_read():
    """Tab answers at once there, too."""
    assert not look("SELECT * FROM a WHERE " + "x = 1 AND " * MOST_CHARS).kind


@given(st.text(alphabet="abF \n\"'().,;$-/*_1", max_size=60), st.text(alphabet='ab "().,', max_size=20))
def test_whatever_is_typed_is_read(before, after):
    """No text is an error, and what is said to be typed stands before the cursor."""
    spot = look(f"SELECT x FROM t {before}", after)

    assert before.endswith(spot.typed) or f"t {before}".endswith(spot.typed)
