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
        (1.0, ">= 9 x peer", False),
        (1.0, "", False),
        (None, "<= 150", False),
    ],
)
def test_a_missed_goal_falls_short(ours, goal, short):
    """Only a goal that binds our own figure is held against it, and its limit still meets it."""
    assert row(ours, goal).falls_short is short


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
