from __future__ import annotations

import re
from dataclasses import replace

from loopai_nb.execution.progress import Progress
from loopai_nb.notebook.run_lines import ProgressLine
from loopai_nb.records import RunState

GOING = Progress(
    state=RunState.RUNNING, total=4559, answered=3118, cached=0, failed=0, in_flight=4, elapsed_s=120.0,
    per_s=26.0, left_s=55.0, spent_pusd=14 * 10**10, budget_pusd=50 * 10**10, p50_ms=1100.0, p95_ms=2300.0,
    held_s=0.0, limit=32,
)  # fmt: skip
HELD = replace(GOING, held_s=30.0, held_why="asks to slow down", limit=4)


def test_a_server_that_asks_to_slow_down_is_told():
    """Who, why, when it is tried again, how far the pace fell, and that it can be stopped."""
    line = ProgressLine(replace(HELD, limit_before=32), "gpu-box", "■ stops it")

    said = r"gpu-box asks to slow down; trying again at \d\d:\d\d:\d\d \(in flight 32 → 4\)\."
    assert re.fullmatch(rf"3,118 of 4,559 · {said} Cancel at any time\.", line.text())
    assert re.search(said, line.html())
    assert "■ stops it" in line.html()


def test_a_pace_that_did_not_fall_is_not_told():
    """Without a fall there are no figures of one; a short wait is no news."""
    assert "in flight" not in ProgressLine(replace(HELD, limit_before=4), "gpu-box").text()
    assert "asks" not in ProgressLine(replace(HELD, held_s=0.4, limit_before=32), "gpu-box").text()


def test_a_failing_server_is_told_in_its_own_words():
    """What holds the run is the breaker's or the limit's reason, not always the same one."""
    why = "is failing (5 of the last 6 requests)"

    assert f"gpu-box {why}; trying again at" in ProgressLine(replace(HELD, held_why=why), "gpu-box").text()


def test_retries_that_wait_are_told_in_place_of_a_time():
    """How long rationed retries take nobody knows, and why it takes so long is said."""
    text = ProgressLine(replace(GOING, left_s=None, rationed=True), "gpu-box").text()

    assert "26/s · what failed is sent again little by little · 0.14 of 0.50 USD" in text


def test_warnings_stand_below_the_bar():
    """A live display has each warning once, escaped, as long as the run goes on."""
    html = ProgressLine(replace(GOING, warnings=("0.40 of <0.50> USD are spent (80%).",)), "h").html()

    assert html.count("0.40 of &lt;0.50&gt; USD") == 1
