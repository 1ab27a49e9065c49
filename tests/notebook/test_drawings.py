"""Charts as SVG."""

import xml.etree.ElementTree as ET

from loopai_nb.notebook import drawings

SVG = "{http://www.w3.org/2000/svg}"
HOUR_MS = 3_600_000
TIME = {"since_ms": 0, "until_ms": 4 * HOUR_MS}


def _drawn(svg):
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314  (our own)


def _bars(svg):
    names = ("x", "y", "width", "height")
    return [[float(bar.get(name)) for name in names] for bar in _drawn(svg).iter(f"{SVG}rect")]


def test_bars_stand_on_each_other_and_the_highest_fills_the_chart():
    """Of two groups 3 and 1 in one hour, and 2 in another: heights in proportion, no gap between."""
    drawn = drawings.stacked(
        [0, 2 * HOUR_MS],
        [[3, 2], [1, 0]],
        **TIME,
        step_ms=HOUR_MS,
        shown=lambda value: f"{value:.0f}",
        said="6 requests",
    )
    below, above, later = _bars(drawn)
    assert (round(below[3] / above[3]), round(later[3] / above[3])) == (3, 2)
    assert abs(above[1] + above[3] - below[1]) < 0.2
    assert later[0] - below[0] > 2 * below[2]
    assert _drawn(drawn).get("aria-label") == "6 requests"
    assert "4" in [text.text for text in _drawn(drawn).iter(f"{SVG}text")]


def test_a_bar_that_begins_before_the_period_ends_where_the_next_one_begins():
    """Of steps of an hour in a time from half past to a quarter to: no bars on one another, none outside."""
    drawn = drawings.stacked(
        [0, HOUR_MS],
        [[1, 1]],
        since_ms=HOUR_MS // 2,
        until_ms=HOUR_MS * 7 // 4,
        step_ms=HOUR_MS,
        shown=str,
        said="2 requests",
    )
    first, last = _bars(drawn)
    assert first[0] + first[2] < last[0]
    assert last[0] + last[2] <= 600
    assert abs(last[2] / first[2] - 1.5) < 0.01


def test_lines_leave_out_times_without_a_value_and_one_time_is_a_dot():
    """None draws nothing; a single point would be no line."""
    times_ms = [0, HOUR_MS, 2 * HOUR_MS]
    drawn = drawings.lines(times_ms, [[1.0, None, 2.0], [None, 2.0, None]], **TIME, shown=str, said="latency")
    (line,) = _drawn(drawn).iter(f"{SVG}polyline")
    (dot,) = _drawn(drawn).iter(f"{SVG}circle")
    assert len(line.get("points").split()) == 2
    assert dot.get("cy") == "6.0"  # the highest value


def test_nothing_to_draw_is_an_empty_chart():
    """No time, no bucket, only zeros: axes, and no division by nothing."""
    for drawn in (
        drawings.stacked([], [], **TIME, step_ms=HOUR_MS, shown=str, said="none"),
        drawings.stacked([0], [[0]], since_ms=0, until_ms=0, step_ms=1, shown=str, said="none"),
        drawings.lines([], [], **TIME, shown=str, said="none"),
        drawings.spread([], [], [], said="none"),
    ):
        assert _bars(drawn) == []
        assert "nan" not in drawn


def test_hostile_names_are_text():
    """A model's name in a legend or a label closes no tag."""
    name = '"><script>alert(1)</script>'
    drawn = drawings.spread([1], [2], [3], said=name)
    assert _drawn(drawn).get("aria-label") == name
    assert "<script" not in drawn + drawings.legend([name]) + drawings.legend([name], dashed=True)
