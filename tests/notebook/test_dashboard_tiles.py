import pytest

from loopai_nb.ledger.figures import Totals
from loopai_nb.ledger.histogram import Histogram
from loopai_nb.notebook.dashboard_tiles import amount, tiles
from loopai_nb.notebook.wording import TIMES


def _totals(**changes):
    given = {
        "answered": 900,
        "failed": 90,
        "cached": 500,
        "unknown": 10,
        "input_tokens": 2_000_000,
        "output_tokens": 500_000,
        "cost_pusd": 18 * 10**11,
        "saved_pusd": 5 * 10**11,
        "latencies": Histogram([1_500.0] * 95 + [2_000.0] * 5),
    }
    return Totals(**{**given, **changes})


def _of(name, now, before=None):
    return next(tile for tile in tiles(now, before, "the 24 hours before") if tile.name == name)


def test_a_period_is_told_in_twelve_figures():
    """Counts, money, tokens and latencies, each with what belongs to it."""
    told = {tile.name: (tile.value, tile.note) for tile in tiles(_totals(), None, "")}

    assert told == {
        "Requests": ("1,500", ""),
        "Answered": ("1,400", "93% of all"),
        "Failed": ("100", "10 perhaps paid"),
        "Error rate": ("10.0%", ""),
        "From the ledger": ("500", "33% of all"),
        "Tokens": ("2.5M", "2M in · 500,000 out"),
        "Spent, USD": ("1.80", ""),
        "Saved, USD": ("0.50", "by the ledger"),
        "USD per 1,000": ("2.00", "answers"),
        "Latency, median": ("1.5 s", ""),
        "Latency, p95": ("1.5 s", ""),
        "Latency, p99": ("2.0 s", ""),
    }


@pytest.mark.parametrize(
    ("name", "before", "change", "good", "said"),
    [
        ("Failed", {"failed": 190}, "▼ 50%", True, "50% less than in the 24 hours before (200)"),
        ("Failed", {"failed": 40}, "▲ 100%", False, "100% more than in the 24 hours before (50)"),
        ("Failed", {"failed": 0, "unknown": 0}, "▲ new", False, "none in the 24 hours before (0)"),
        ("Failed", {}, "=", None, "as in the 24 hours before (100)"),
        ("From the ledger", {"cached": 400}, "▲ 25%", True, "25% more than in the 24 hours before (400)"),
        ("Spent, USD", {"cost_pusd": 9 * 10**11}, "▲ 100%", None,
         "100% more than in the 24 hours before (0.90)"),
        ("Requests", {"answered": 0, "cached": 0, "failed": 5, "unknown": 0}, f"▲ {TIMES}300", None,
         "300 times as much as in the 24 hours before (5)"),
        ("Error rate", {"failed": 40, "unknown": 10}, "▲ 4.7 pp", False,
         "4.7 percentage points more than in the 24 hours before (5.3%)"),
        ("Latency, p99", {"latencies": Histogram([4_000.0])}, "▼ 50%", True,
         "50% less than in the 24 hours before (4.0 s)"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_words_and_whether_it_is_good(name, before, change, good, said):
    """Fewer failures and shorter times are good, more from the ledger is; money and counts are neither."""
    tile = _of(name, _totals(), _totals(**before))

    assert (tile.change, tile.good, tile.said) == (change, good, said)


def test_nothing_is_compared_with_nothing():
    """A period before in which nothing was asked gives no change; nor does a figure that is not known."""
    assert {tile.change for tile in tiles(_totals(), Totals(), "the hour before")} == {""}
    silent = _of("Latency, median", _totals(latencies=Histogram()), _totals())
    assert (silent.value, silent.change) == ("\N{EN DASH}", "")
    assert _of("USD per 1,000", _totals(cost_pusd=0)).value == "\N{EN DASH}"


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0"), (999_999, "999,999"), (1_000_000, "1M"), (12_345_678, "12.3M"), (4e9, "4G"), (1e13, "10T")],
)
def test_an_amount_has_the_digits_that_one_compares(count, said):
    """Whole below a million, three digits above."""
    assert amount(count) == said
