import dataclasses

import pandas as pd
import pytest
from progressing import GOING

from loopai_nb.notebook.run_desk import RunDesk, snapshot
from loopai_nb.records import RunState
from loopai_nb.session import Session
from loopai_nb.settings import Settings


def _with(**changes):
    return snapshot(dataclasses.replace(GOING, **changes), "gpu-box:8000")


def _figure(shown, name):
    (found,) = [figure for figure in shown["figures"] if figure["name"] == name]
    return found["value"], found["note"], found["used"]


def test_every_request_is_in_one_part():
    """The parts of the bar are all distinct requests, each once; the percentage is of those that are done."""
    shown = _with()

    assert shown["parts"] == {"cached": 300, "answered": 900, "failed": 3, "in_flight": 8, "to_go": 789}
    assert sum(shown["parts"].values()) == shown["total"] == 2_000
    assert (shown["percent"], shown["state"], shown["says"]) == (60, "running", "Running")
    assert _with(answered=1_996)["percent"] == 99


def test_the_numbers_are_in_words():
    """Rate and time to go, money against the budget, median and 95th percentile."""
    shown = _with()

    assert _figure(shown, "Done") == ("60%", "1,203 of 2,000", None)
    assert _figure(shown, "Rate") == ("41/s", "about 19 s left · 21 s so far", None)
    assert _figure(shown, "Spent") == ("0.0041 USD", "82% of 0.005 USD", 0.82)
    assert _figure(shown, "Latency, p50") == ("210 ms", "p95 1.5 s", None)


def test_what_is_not_known_is_not_said():
    """Before the first answer there is no latency, without a price no money, without a budget no share."""
    shown = _with(per_s=0.0, left_s=None, p50_ms=None, p95_ms=None, budget_pusd=None, limit=0)

    assert _figure(shown, "Rate")[1] == "21 s so far"
    assert _figure(shown, "Latency, p50")[1] == "no answer yet"
    assert _figure(shown, "Spent")[1:] == ("no budget", None)
    assert shown["server"] == "gpu-box:8000 has not answered yet"
    assert _figure(snapshot(GOING, "gpu-box:8000", priced=False), "Spent")[0] == "unknown"


@pytest.mark.parametrize(
    ("per_s", "said"), [(0.001, "\N{EN DASH}"), (0.25, "15.0/min"), (3.14, "3.1/s"), (1_234.0, "1,234/s")]
)
def test_a_rate_has_the_unit_that_fits_it(per_s, said):
    """A slow server's rate is a minute's."""
    assert _figure(_with(per_s=per_s), "Rate")[0] == said


def test_who_paused_it_is_said():
    """A person's pause has a name, and says what is still on its way; there is no time to go."""
    shown = _with(paused_by="ann", in_flight=3, left_s=None)

    assert (shown["state"], shown["says"]) == ("paused", "Paused by ann; 3 in flight will still be kept")
    assert _with(paused_by="ann", in_flight=0)["says"] == "Paused by ann"


def test_the_server_s_state_is_in_words():
    """The limiter says what is allowed, the breaker that one request tries, a hold until when it lasts."""
    assert _with()["server"] == (
        "gpu-box:8000 answers · 8 in flight, 8 allowed now of 32 at most (16 before the last trouble)"
    )
    held = _with(held_s=12.0, held_why="asks to slow down")
    assert held["state"] == "held"
    assert held["says"].startswith("gpu-box:8000 asks to slow down; trying again at ")
    assert "gpu-box:8000 asks to slow down" in held["server"]
    half_open = _with(held_why="is failing (5 of the last 6 requests)")
    assert "one request tries whether it is well again" in half_open["server"]


def test_a_cancel_is_said_before_it_is_done():
    """Whoever cancelled sees at once that it ends, and that nothing is lost."""
    shown = snapshot(GOING, "gpu-box:8000", cancelling=True)

    assert (shown["state"], shown["says"]) == ("ending", "Stopping; what is answered is kept")


@pytest.fixture
def going(model_server, tmp_path, until):
    """A run in the middle."""
    model_server.faults(latency_ms=30)
    frame = pd.DataFrame({"text": [f"bird {i} hit the wing" for i in range(300)]})
    environ = {
        "LOOPAI_SERVER": model_server.openai_url,
        "LOOPAI_MODEL": "demo-lexical",
        "LOOPAI_LEDGER": str(tmp_path / "ledger.sqlite3"),
    }
    settings = Settings.load(environ=environ, cwd=tmp_path, config_dir=tmp_path)
    with Session(settings) as session:
        run = session.map(frame, "{{ text }}", approve=True, wait=False, concurrency=4)
        until(lambda: run.progress.answered >= 10)
        yield run
        run.cancel()
        run.wait()


def test_its_buttons_do_what_they_say(going, until):
    """Pause, go on and cancel are the run's, in the person's name."""
    desk = RunDesk(going, "ann")
    desk.handlers["pause"]({})
    until(lambda: going.progress.paused_by == "ann" and going.progress.in_flight == 0)
    desk.handlers["go_on"]({})
    until(lambda: going.progress.paused_by is None)
    desk.handlers["cancel"]({})
    assert going.wait(timeout_s=60).state is RunState.CANCELLED


def test_nothing_is_pushed_where_nothing_changed(going, model_server, until):
    """Of a paused run the widget is told once; its chart once a second at most."""
    now_s, told = [100.0], []
    desk = RunDesk(going, "ann", lambda name, _data: told.append(name), clock=lambda: now_s[0])
    going.pause("ann")
    until(lambda: going.progress.paused_by == "ann" and going.progress.in_flight == 0)
    # What only the journal has is counted a moment later.
    until(lambda: going.progress.answered == model_server.stats().requests)
    for _ in range(5):
        desk.look(going.progress)
    assert told == ["progress", "chart"]
    now_s[0] += 5
    desk.look(going.progress)
    assert told == ["progress", "chart"]


def test_a_widget_that_opens_late_gets_all_of_it(going):
    """What a view needs is in one answer: whose run, how it stands, and its latencies so far."""
    opened = RunDesk(going, "ann").handlers["open"]({})

    assert opened["run"] == going.run_id
    assert opened["progress"]["parts"]["answered"] >= 10
    chart = opened["chart"]
    assert len({len(chart[name]) for name in ("at_s", "p50_ms", "p95_ms", "per_s")}) == 1
