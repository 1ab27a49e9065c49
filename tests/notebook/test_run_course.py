import dataclasses
from xml.etree import ElementTree as ET

from progressing import GOING

from loopai_nb.execution.course import Point
from loopai_nb.notebook.run_course import RunCourse

POINTS = [Point(float(i), 40.0, 200.0 + i, 400.0 + i) for i in range(1, 31)]


def test_a_line_says_how_it_went():
    """The text has pace and latencies, in one line."""
    shown = RunCourse("r-204e", GOING, POINTS)

    assert shown.text() == "How r-204e went · 41.2 answers/s · p50 210 ms · p95 1.5 s"


def test_its_html_is_whole_and_asks_for_nothing():
    """The drawing has a name, both lines and a table beside it; it is well formed, and has no address."""
    made = RunCourse("r-204e", GOING, POINTS).html()

    tree = ET.fromstring(made)  # noqa: S314  (ours)
    (drawing,) = tree.iter("svg")
    assert drawing.get("role") == "img"
    assert "Latency of r-204e" in str(drawing.get("aria-label"))
    assert [len(str(line.get("points")).split()) for line in tree.iter("polyline")] == [30, 30]
    assert 2 < len(list(tree.iter("tr"))) <= 14
    assert "http" not in made


def test_a_run_of_a_moment_has_no_drawing():
    """One stretch makes no line, and a run without an answer has no latency."""
    for points in (POINTS[:1], [], [Point(1.0, 0.0, None, None)] * 5):
        progress = dataclasses.replace(GOING, p50_ms=None, p95_ms=None, per_s=0.0)
        made = RunCourse("r-204e", progress, points).html()
        assert "svg" not in made
        assert "How r-204e went" in made
