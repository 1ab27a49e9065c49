import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.errors import InputError
from loopai_nb.session.agreement import agreement_of

WORDS = st.sampled_from(["yes", "no", "maybe"])
PAIRS = st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=60)


def _of(counts):
    """What two said, by how often they said each pair."""
    pairs = [pair for pair, n in counts.items() for _ in range(n)]
    return agreement_of([one for one, _ in pairs], [other for _, other in pairs])


@pytest.mark.parametrize(
    ("counts", "kappa"),
    [
        # 50 answers, 35 the same: p_o = 0.7, p_e = 0.5 * 0.6 + 0.5 * 0.4 = 0.5, so 0.2 / 0.5.
        ({("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}, 0.4),
        # The same p_o = 0.6 twice, by other margins: 60 and 70 of 100 say yes, p_e = 0.54; 60 and 30, 0.46.
        ({("y", "y"): 45, ("y", "n"): 15, ("n", "y"): 25, ("n", "n"): 15}, 0.06 / 0.46),
        ({("y", "y"): 25, ("y", "n"): 35, ("n", "y"): 5, ("n", "n"): 35}, 0.14 / 0.54),
        # Three categories of 10: p_o = 0.7, p_e = 0.4 * 0.3 + 0.3 * 0.4 + 0.3 * 0.3 = 0.33.
        (
            {("a", "a"): 3, ("a", "b"): 1, ("b", "b"): 2, ("b", "c"): 1, ("c", "c"): 2, ("c", "b"): 1},
            0.37 / 0.67,
        ),
        # They never agree, and by chance would half of the time.
        ({("y", "n"): 5, ("n", "y"): 5}, -1.0),
    ],
)
def test_kappa_is_that_of_examples_worked_by_hand(counts, kappa):
    """(p_o - p_e) / (1 - p_e)."""
    assert _of(counts).kappa == pytest.approx(kappa, abs=1e-12)


def test_counts_are_told_by_category():
    """How often each of the two said it, and both of the same row; the most frequent first."""
    found = _of({("a", "a"): 3, ("a", "b"): 1, ("b", "a"): 2})

    assert {name: (each.first, each.second, each.both) for name, each in found.categories.items()} == {
        "a": (4, 5, 3),
        "b": (2, 1, 0),
    }
    assert (found.n, found.agreed, found.share) == (6, 3, 0.5)
    assert found.cross == {("a", "a"): 3, ("a", "b"): 1, ("b", "a"): 2}
    assert str(found) == "3 of 6 the same (50%), κ -0.29"


def test_there_is_no_kappa_where_chance_is_certain():
    """Both always say one thing, or there is nothing that both said: it is None, and never divides by 0."""
    assert _of({("a", "a"): 7}).kappa is None
    assert str(_of({("a", "a"): 7})) == "7 of 7 the same (100%), no kappa, since both always say one thing"
    assert (agreement_of([], []).kappa, agreement_of([], []).share) == (None, None)


def test_different_numbers_are_refused():
    """Rows that one of them does not have can't be compared."""
    with pytest.raises(InputError, match="2 on one side and 1 on the other"):
        agreement_of(["a", "b"], ["a"])


@given(PAIRS)
def test_kappa_is_the_same_whoever_comes_first(pairs):
    """It has no first and second, and no order of rows."""
    ones, others = [one for one, _ in pairs], [other for _, other in pairs]
    kappa = agreement_of(ones, others).kappa
    assert agreement_of(others, ones).kappa == kappa
    assert agreement_of(ones[::-1], others[::-1]).kappa == kappa


@given(PAIRS)
def test_kappa_lies_between_minus_one_and_one(pairs):
    """And is 1 exactly where they always agree, if it is there at all."""
    found = agreement_of([one for one, _ in pairs], [other for _, other in pairs])
    if found.kappa is not None:
        assert -1 <= found.kappa <= 1
        assert (found.kappa == 1) == (found.agreed == found.n)
    assert sum(each.both for each in found.categories.values()) == found.agreed
    assert sum(each.first for each in found.categories.values()) == found.n
    assert sum(found.cross.values()) == found.n


@given(PAIRS, st.permutations(["yes", "no", "maybe"]))
def test_kappa_does_not_know_the_names(pairs, names):
    """Categories called otherwise give the same."""
    called = dict(zip(["yes", "no", "maybe"], names, strict=True))
    ones, others = [one for one, _ in pairs], [other for _, other in pairs]
    renamed = agreement_of([called[one] for one in ones], [called[other] for other in others])
    assert renamed.kappa == agreement_of(ones, others).kappa
