import pytest

from loopai_nb.errors import InputError
from loopai_nb.postgres.sqltext import compose, is_statement, one_statement, parameters


@pytest.mark.parametrize(
    "sql",
    [
        "select now()::date, x::numeric(5,2)",
        "select ':a', 'it''s :a', E'\\' :a', e'\\\\', N':a'",
        'select ":a" from ":a"":b"',
        "select 1 -- :a\n",
        "select /* :a /* :b */ :c */ 1",
        "select $$ :a $$, $tag$ :a $$ :b $tag$",
        "select a$b$ from t where c = '$b$'",
        "select x[1:2], x[1: n]",
        "select f(a := 1)",
    ],
)
def test_what_is_no_code_holds_no_parameters(sql):
    """Casts, literals of every kind, quoted names, comments and slices of numbers are left alone."""
    assert parameters(sql) == ()
    assert compose(sql, {}).text == sql


def test_parameters_are_found_in_order_and_once():
    """Each ``:name`` counts once, wherever it stands."""
    assert parameters("select :b::int, ':x', -:a, :b where x=:c_1") == ("b", "a", "c_1")


def test_a_position_is_told_in_the_text_that_the_person_wrote():
    """A server's position behind long literals maps back onto the ``:name`` SQL."""
    sql = "select :a, :b, oops"
    composed = compose(sql, {"a": "'a long literal'", "b": "2"})
    sent = composed.text.index("oops") + 1

    assert composed.position(sent) == sql.index("oops") + 1


def test_a_position_outside_of_what_the_person_wrote_is_none():
    """The SQL that we put around a condition is never shown as theirs."""
    composed = compose("SELECT * FROM t WHERE (\nx < :a\n) LIMIT 3", {"a": "5"}, (24, 30))

    assert composed.source == "x < :a"
    assert composed.position(25) == 1
    assert composed.position(3) is None
    assert composed.position(len(composed.text)) is None


@pytest.mark.parametrize(
    ("sql", "values", "named"),
    [("select :a, :b", {"a": "1"}, ":b"), ("select :a", {"a": "1", "zz": "2"}, "zz")],
)
def test_a_parameter_too_few_or_too_many_is_named(sql, values, named):
    """Neither is sent; the error says which."""
    with pytest.raises(InputError, match=named):
        compose(sql, values)


def test_a_negative_literal_does_not_become_a_comment():
    """``1 -:x`` with -2 is subtraction, not the comment ``--2``."""
    assert "--" not in compose("select 1 -:x", {"x": "-2"}).text


@pytest.mark.parametrize("sql", ["select 1", "select 1;", "select 1 ; -- done\n", "select 1 /* ; */ ;;"])
def test_the_end_of_a_statement_is_cut(sql):
    """A trailing semicolon or comment would break the COPY around it."""
    assert one_statement(sql) == "select 1"


@pytest.mark.parametrize("sql", ["", " -- x", ";", "select 1; select 2", "select ';'; drop table t"])
def test_none_or_several_statements_are_refused(sql):
    """ATTACKS 28: one statement at a time."""
    with pytest.raises(InputError):
        one_statement(sql)


@pytest.mark.parametrize("sql", ["select '\0'", "select 1 -- \ud800"])
def test_what_can_not_be_sent_is_refused(sql):
    """Of a NUL libpq would send what is before it, and a lone surrogate is no text."""
    with pytest.raises(InputError, match="no server takes"):
        one_statement(sql)


def test_an_unclosed_quote_hides_nothing():
    """A lexer that disagreed with Postgres here could let a second statement through."""
    with pytest.raises(InputError):
        one_statement("select E'\\'; drop table t; --'; select 1")
    assert one_statement("select 'a;b") == "select 'a;b"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("select 1", True),
        (" -- hello\n SELECT 1", True),
        ("(select 1) union (select 2)", True),
        ("with x as (select 1) table x", True),
        ("values (1)", True),
        ("reviews", False),
        ("public.reviews", False),
        ('"select me"', False),
        ("select", False),
        ("selected rows", False),
        ("delete from t", False),
        ("", False),
    ],
)
def test_a_query_is_told_from_a_name(source, expected):
    """Only what begins as a query and goes on is one."""
    assert is_statement(source) is expected
