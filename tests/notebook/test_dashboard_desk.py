import contextlib
import json
import threading

import pandas as pd
import pytest

from loopai_nb.errors import InputError
from loopai_nb.ledger.figures import Figures
from loopai_nb.notebook.dashboard_desk import DashboardDesk, first_look
from loopai_nb.notebook.dashboard_overview import EXAMPLE
from loopai_nb.notebook.dashboard_scope import Looked, scope_of
from loopai_nb.notebook.verbs_dashboard import looked_at
from loopai_nb.session import Session
from loopai_nb.settings import Settings

HOSTILE = "<img src=x onerror=alert(1)>\u202e\x1b[31m"


@pytest.fixture
def session(environment, tmp_path):
    """With what a person has."""
    with Session(Settings.load(environ=environment, cwd=tmp_path, config_dir=tmp_path)) as made:
        made.use_server(environment["LOOPAI_SERVER"], model="demo-lexical", price=(1, 2))
        yield made


def _asked(session, rows, template="About {{ text }}: one word.", name="reviews"):
    frame = pd.DataFrame({"text": [f"row {n}" for n in range(rows)]})
    run = session.run(session.plan(frame, template, name=name), approve=True)
    run.wait()
    return run.run_id


def _said(desk, kind="overview", **scope):
    return desk.handlers[kind]({"kind": kind, "scope": {"last": "24h", **scope}})


def _tile(overview, name):
    return next(tile["value"] for tile in overview["tiles"] if tile["name"] == name)


def test_it_opens_with_all_that_the_overview_shows(session):
    """What was asked is in figures, charts, tables and choices, in one answer of a few kB."""
    first, second = _asked(session, 5), _asked(session, 8, name="calls")
    desk = DashboardDesk(session.ledger, first_look(session.ledger, None))

    opened = desk.handlers["open"]({"kind": "open"})

    assert opened["scope"]["last"] == "24h"
    shown = opened["overview"]
    assert (_tile(shown, "Requests"), _tile(shown, "From the ledger")) == ("13", "5")
    (group,) = shown["series"]["groups"]
    assert (group["name"], sum(group["requests"])) == ("demo-lexical", 13)
    assert sum(group["cost_usd"]) > 0
    assert sum(shown["spread"]["count"]) == 8
    assert {line["name"] for line in shown["runs"]} == {first, second}
    runs = {each["name"]: each["shown"] for each in shown["choices"]["run"]}
    assert runs == {second: f"{second} · calls", first: f"{first} · reviews"}
    assert len(json.dumps(opened)) < 50_000
    tops = _said(desk, "tops")
    assert [len(tops[name]) for name in ("slowest", "dearest")] == [5, 5]
    assert tops["slowest"][0]["share"] == 1


def test_filters_and_periods_apply_to_all_of_it(session):
    """A run, and a time before anything was: figures, charts and tables have only what is in them."""
    first, _ = _asked(session, 5), _asked(session, 8)
    desk = DashboardDesk(session.ledger, Looked("24h"))

    shown = _said(desk, run=first)
    assert _tile(shown, "Requests") == "5"
    assert [line["name"] for line in shown["runs"]] == [first]
    assert sum(shown["series"]["groups"][0]["requests"]) == 5
    empty = _said(desk, last=None, since_ms=1_000_000, until_ms=2_000_000)
    assert empty["empty"] == "Nothing was asked in this time."
    assert empty["example"] == ""
    assert _tile(_said(desk, model="another"), "Requests") == "0"


def test_an_empty_ledger_says_what_to_type(session):
    """One sentence and an example, and no error."""
    desk = DashboardDesk(session.ledger, first_look(session.ledger, None))

    shown = desk.handlers["open"]({})["overview"]

    assert shown["empty"].startswith("Nothing was asked yet.")
    assert shown["example"] == EXAMPLE


def test_whatever_is_asked_is_answered(session):
    """Messages that no widget of ours would send are taken as if they had said nothing."""
    _asked(session, 2)
    desk = DashboardDesk(session.ledger, Looked("24h"))
    for scope in (None, [], {"last": 5}, {"last": "9y"}, {"since_ms": "x"}, {"since_ms": True}, {"run": 7}):
        shown = desk.handlers["overview"]({"scope": scope})
        assert _tile(shown, "Requests") == "2"
    for scope in ({"since_ms": float("nan")}, {"since_ms": -1}, {"since_ms": 1e300}, {"since_ms": 2**60}):
        assert Looked.of({"scope": scope}).last == "all"
    upside_down = scope_of(
        {"scope": {"since_ms": 9e11, "until_ms": 5}}, session.ledger, Figures(session.ledger)
    )
    assert upside_down.until_ms > upside_down.since_ms


def test_hostile_names_are_text_and_their_odd_characters_visible(session):
    """ATTACKS 1, 2, 9: template and frame names reach the widget as text in which nothing is invisible."""
    _asked(session, 2, f"{HOSTILE} {{{{ text }}}}", name=HOSTILE)
    shown = _said(DashboardDesk(session.ledger, Looked("24h")))

    told = [line["shown"] for table in ("runs", "templates") for line in shown[table]]
    told += [each["shown"] for found in shown["choices"].values() for each in found]
    assert sum("<img src=x onerror=alert(1)>" in text for text in told) == 4
    assert not any("\u202e" in text or "\x1b" in text for text in told)


def test_a_view_is_told_while_a_run_goes_on(session):
    """What it looks at comes by itself, another tab hears that something is new, a view that left nothing."""
    _asked(session, 2)
    told, heard = [], threading.Event()

    def push(name, data):
        told.append((name, data))
        if len(told) >= 2:
            heard.set()

    desk = DashboardDesk(session.ledger, Looked("24h"), push=push)
    marks = desk.handlers["open"]({})["overview"]["marks"]
    with contextlib.closing(desk):
        for view, tab in (("v", "overview"), ("w", "requests"), ("gone", "overview")):
            message = {"view": view, "tab": tab, "scope": {"last": "24h"}, "marks": marks}
            desk.handlers["watch"](message)
        desk.handlers["leave"]({"view": "gone"})
        _asked(session, 7)
        assert heard.wait(60)

    assert {name for name, _ in told} == {"moved"}
    assert {data["view"] for _, data in told} == {"v", "w"}
    seen = [data["overview"] for _, data in told if data["view"] == "v"]
    assert int(_tile(seen[-1], "Requests")) > 2
    assert all(data["overview"] is None for _, data in told if data["view"] == "w")


def test_other_panes_answer_under_their_names(session):
    """A desk of another pane is asked by its prefix."""
    desk = DashboardDesk(session.ledger, Looked("24h"), others={"log": {"window": lambda m: m["first"]}})

    assert desk.handlers["log.window"]({"first": 7}) == 7


def test_a_line_says_what_is_looked_at(session):
    """A run whole, a usual period, or from a time on; what was asked longest ago is found by default."""
    ledger = session.ledger
    run_id = _asked(session, 2)

    assert looked_at(ledger, None, None) == Looked("24h")
    assert looked_at(ledger, run_id, None) == Looked("all", run=run_id)
    assert looked_at(ledger, None, "7D") == Looked("7d")
    assert looked_at(ledger, run_id, "all") == Looked("all", run=run_id)
    since_ms = looked_at(ledger, None, "36h").since_ms
    assert abs(ledger.now_ms() - since_ms - 36 * 3_600_000) < 3_600_000
    with pytest.raises(InputError, match="no run r-none"):
        looked_at(ledger, "r-none", None)
    with pytest.raises(InputError, match="no time"):
        looked_at(ledger, None, "yesterday")


def test_the_verb_shows_figures_where_there_is_no_widget(notebook):
    """In text: what was asked, by model and template; a time that is none is refused."""
    notebook.ok("%%loopai map reviews --as answers --yes\nAbout {{ body }}: one word.")

    shown = notebook.ok("%loopai dashboard")

    assert "All runs, the last 24 hours" in shown.text
    assert "Latency, p95" in shown.text
    assert "About {{ body }}: one word." in shown.html
    assert "--since" in notebook.ok("%loopai dashboard --help").text
    refused = notebook.run("%loopai dashboard --since yesterday")
    assert "is no time. Say how long ago (30m, 24h, 7d)" in refused.stderr


def test_an_empty_ledger_is_calm_in_text(notebook):
    """A sentence and what to type."""
    shown = notebook.ok("%loopai dashboard")

    assert shown.text.startswith("Nothing was asked yet.")
    assert "%%loopai map df" in shown.text
