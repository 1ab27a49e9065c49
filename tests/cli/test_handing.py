"""What is shown where there is little room, or no terminal at all."""

import io
import os
import pty
import shlex

import pandas as pd

from loopai_nb.cli.asking import BETWEEN_LINES_S, LogSpot
from loopai_nb.execution.progress import Progress
from loopai_nb.notebook.run_lines import ProgressLine
from loopai_nb.notebook.shown import width
from loopai_nb.records import RunState

HALF = Progress(
    state=RunState.RUNNING,
    total=2_000,
    answered=1_000,
    cached=0,
    failed=3,
    in_flight=8,
    elapsed_s=10.0,
    per_s=100.0,
    left_s=10.0,
    spent_pusd=10**10,
    budget_pusd=None,
    p50_ms=50.0,
    p95_ms=90.0,
    held_s=0.0,
)


def test_a_wide_table_keeps_to_the_terminal(ready, tmp_path):
    """No line is longer than the terminal; row and answer are told, and where the rest is."""
    others = {f"c{n}": ["some words about a bird that struck the wing"] * 2 for n in range(12)}
    frame = pd.DataFrame({"id": [1, 2], **others, "remarks": ["the wing \u98a8", "the engine"]})
    frame.to_csv(tmp_path / "wide.csv", index=False)
    ready.env["COLUMNS"] = "72"
    outer, inner = pty.openpty()
    words = f"run --csv {tmp_path}/wide.csv --yes --template 'Which? wing, engine. {{{{ remarks }}}}'"
    with (tmp_path / "said").open("wb") as said:
        process = ready.start(*shlex.split(words), stdin=inner, stdout=inner, stderr=said)
    os.close(inner)

    lines = _everything(outer).decode().splitlines()

    assert process.wait(60) == 0
    assert len(lines) == 3
    assert max(map(width, lines)) <= 72
    assert lines[0].startswith("id ")
    assert {"status", "answer"} <= set(lines[0].split())
    assert "--out FILE.csv" in (tmp_path / "said").read_text()


def _everything(descriptor):
    """What a terminal shows until the other side closes it."""
    shown = b""
    try:
        while data := os.read(descriptor, 4096):
            shown += data
    except OSError:  # Linux's way to say that it is closed
        pass
    os.close(descriptor)
    return shown


def test_the_progress_in_a_log_is_a_line_now_and_then():
    """Where stderr is a file no bar is drawn: plain whole lines, the first after some seconds."""
    now_s, log = [0.0], io.StringIO()
    spot = LogSpot(log, lambda: now_s[0])
    assert spot.moves
    for _ in range(40):  # as a run is looked at, for eight seconds
        spot.progress(ProgressLine(HALF, "gpu-box"))
        now_s[0] += 0.2
    line = "1,003 of 2,000 · 3 failed · 100/s · 10 s left · 0.01 USD · p50 50 ms p95 90 ms\n"
    assert log.getvalue() == line
    now_s[0] += BETWEEN_LINES_S
    spot.progress(ProgressLine(HALF, "gpu-box"))
    spot.warn("80% of the budget are spent.")
    spot.close()
    assert log.getvalue() == f"{line}{line}80% of the budget are spent.\n"


def test_a_closed_stderr_is_no_fault():
    """``2>&-``: nothing can be said, and nothing fails."""
    spot = LogSpot(None, lambda: 0.0)
    assert not spot.moves
    spot.warn("nobody hears it")
