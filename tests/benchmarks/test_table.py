from __future__ import annotations

import pytest

from benchmarks.table import Row, format_table


def row(ours: float | None, goal: str, note: str = "") -> Row:
    """A line of the table with this figure and goal."""
    return Row(name="what", ours=ours, peer=None, ratio=None, goal=goal, unit="ms", note=note)


@pytest.mark.parametrize(
    ("ours", "goal", "short"),
    [
        (151.0, "<= 150", True),
        (150.0, "<= 150", False),
        (3_999.0, ">= 4,000", True),
        (4_000.0, ">= 4,000", False),
        (1.06, "<= 1.05", True),
        (1.0, "", False),
        (None, "<= 150", False),
    ],
)
def test_a_missed_goal_falls_short(ours, goal, short):
    """A goal that binds our own figure is held against it, and its limit still meets it."""
    assert row(ours, goal).falls_short is short


@pytest.mark.parametrize(
    ("ratio", "goal", "short"),
    [
        (8.9, ">= 9 x peer", True),
        (9.0, ">= 9 x peer", False),
        (0.126, "<= 1/8 of peer", True),
        (0.125, "<= 1/8 of peer", False),
        (1.3, "<= 1.25 x peer", True),
        (None, ">= 9 x peer", False),
    ],
)
def test_a_goal_that_names_the_peer_binds_the_ratio(ratio, goal, short):
    """However good our own figure looks, it is the peer's in the same run that it is measured by."""
    line = Row(name="what", ours=1.0, peer=2.0, ratio=ratio, goal=goal, unit="s")
    assert line.falls_short is short


def test_the_table_says_what_falls_short():
    """A line that misses its goal says so, and one that meets it does not."""
    missed, met = format_table([row(2.0, "<= 1"), row(0.5, "<= 1")]).splitlines()[-2:]

    assert missed.endswith("falls short")
    assert "falls short" not in met


def test_a_peer_that_could_not_be_installed_is_a_line_with_its_reason():
    """A figure that is missing is a dash, with the reason beside it."""
    line = format_table([row(None, "", "not installed: takes gigabytes")]).splitlines()[-1]

    assert line.split()[:4] == ["what", "-", "-", "-"]
    assert line.endswith("not installed: takes gigabytes")
