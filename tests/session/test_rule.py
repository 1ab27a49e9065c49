import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.errors import InputError
from loopai_nb.session.rule import check_rule, rows_by_rule

FRAME = pd.DataFrame(
    {
        "answer": ["wing", "engine", "other", None],
        "latency_ms": [10.0, 900.5, None, 30.0],
        "count": pd.array([1, None, 3, 4], dtype="Int64"),
        "a name": ["x", "y", "x", "z"],
    }
)

RULES = [
    ("answer == 'other'", "0010"),
    ("answer != 'other' and latency_ms > 20", "0101"),
    ("answer == 'wing' or `a name` == 'z'", "1001"),
    ("not (answer == 'wing')", "0111"),
    ("10 <= latency_ms < 900", "1001"),
    ("answer in ['wing', 'other']", "1010"),
    ("answer not in ['wing', 'other']", "0101"),
    ("count >= 3", "0011"),
    ("answer.str.contains('in')", "1100"),
    ("answer.str.startswith('e') | answer.str.endswith('r')", "0110"),
    ("answer.str.len() > 4 & count.notna()", None),
    ("(answer.str.len() > 4) & count.notna()", "0010"),
    ("answer.isna()", "0001"),
    ("~answer.isin(['wing'])", "0111"),
    ("latency_ms > -1", "1101"),
]


def _column(name):
    if name not in FRAME:
        raise InputError(f"There is no column {name!r}.")
    return FRAME[name]


@pytest.mark.parametrize(("rule", "expected"), [each for each in RULES if each[1]])
def test_a_rule_takes_what_it_says(rule, expected):
    """And nothing where a value is missing."""
    assert "".join(str(int(each)) for each in rows_by_rule(rule, _column)) == expected


@pytest.mark.parametrize(
    "rule",
    [rule for rule, expected in RULES if expected and "count" not in rule and "not (" not in rule],
)
def test_pandas_reads_the_same_rules_alike(rule):
    """Whoever knows ``query`` knows these."""
    taken = rows_by_rule(rule, _column)
    filled = FRAME.assign(answer=FRAME["answer"].astype("string").fillna("?"))
    if "isna" not in rule:
        assert FRAME[taken].index.tolist() == filled.query(rule, engine="python").index.tolist()


@pytest.mark.parametrize(
    "rule",
    [
        "__import__('os').system('touch /tmp/x')",
        "@pd.read_csv('/etc/passwd')",
        "answer.to_csv('/tmp/x')",
        "answer.__class__",
        "answer.str.contains(answer)",
        "answer.str.replace('a', 'b') == 'b'",
        "[x for x in answer]",
        "(lambda: 1)()",
        "answer == f'{1}'",
        "answer.str.contains('a', regex=True)",
        "1 < 2",
        "answer ==",
        "answer",
        "latency_ms",
        "answer * 1000000000 == 'a'",
        "answer < 3",
        "x" * 3_000,
        "(" * 400 + "answer.isna()" + ")" * 400,
        "",
    ],
)
def test_what_is_no_rule_is_refused_and_never_run(rule):
    """Code of any kind: a rule may come out of a ledger that others write to."""
    with pytest.raises(InputError) as caught:
        rows_by_rule(rule, _column)
    assert "A rule compares columns" in caught.value.hint or "has no" in caught.value.message


def test_an_unknown_column_is_told_by_its_name():
    """As whoever has the columns says it."""
    with pytest.raises(InputError, match="no column 'anser'"):
        rows_by_rule("anser == 'a'", _column)


@given(st.text(max_size=40))
def test_any_text_is_a_rule_or_an_input_error(text):
    """Nothing else is raised."""
    try:
        check_rule(text)
        rows_by_rule(text, _column)
    except InputError:
        pass
