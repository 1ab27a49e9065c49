"""What rows, models and servers say, in every view of the ledger: text, and nothing of a secret."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pandas as pd
import pytest
from canaries import CANARY

from loopai_nb.notebook.dashboard_desk import DashboardDesk
from loopai_nb.notebook.dashboard_page import DashboardPage
from loopai_nb.notebook.dashboard_plain import PlainDashboard
from loopai_nb.notebook.dashboard_scope import Looked
from loopai_nb.notebook.happenings_desk import HappeningsDesk
from loopai_nb.notebook.log_desk import LogDesk
from loopai_nb.notebook.report import write_ledger_report, write_report
from loopai_nb.session import Session
from loopai_nb.settings import Settings

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '<button data-commandlinker-command="x">',
    "[click](javascript:alert(1))",
    "![x](http://198.51.100.7/x.png)",
    '<a id="document" name="cookie">',
    '<svg onload="alert(1)"></svg>',
    "\x1b[31mred \u202etxt\u200b",
    "=cmd|' /C calc'!A0",
    "'\"><script>alert(1)</script>",
]
"""Attacks 1, 4 to 9 and 12."""


class _Live(HTMLParser):
    """Tags and attributes that do something."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Keep what is not a plain element with a plain look."""
        if tag in {"script", "img", "a", "button", "iframe", "link", "object"}:
            self.found.append(tag)
        self.found += [name for name, _ in attrs if name.startswith("on") or name in {"href", "src", "id"}]


@pytest.fixture
def hostile_session(tmp_path, model_server):
    """A run whose rows, frame, template and failures are hostile, and who runs it, too; asked with a key."""
    environ = {
        "LOOPAI_SERVER": model_server.openai_url,
        "LOOPAI_MODEL": "demo-lexical",
        "LOOPAI_API_KEY": CANARY,
        "LOOPAI_LEDGER": str(tmp_path / "ledger.sqlite3"),
        "LOOPAI_USER": HOSTILE[0],
        "LOOPAI_PRICE_INPUT_USD_PER_MTOK": "1",
        "LOOPAI_PRICE_OUTPUT_USD_PER_MTOK": "1",
        "LOOPAI_ALERTS": "spend_usd_per_day > 0",
    }
    with Session(Settings.load(environ=environ, cwd=tmp_path, config_dir=tmp_path)) as session:
        model_server.faults("400*2")
        for template in ("{{ text }} " + HOSTILE[0], "{{ text }} " + HOSTILE[8]):
            frame = pd.DataFrame({"text": HOSTILE})
            session.map(frame, template, name=HOSTILE[8], max_tokens=8, approve=True)
        session.check_alerts()
        yield session


def test_hostile_texts_stay_texts_in_every_page(hostile_session, tmp_path):
    """Dashboard and reports: no tag and no attribute of theirs is live, what is not seen is spelled out."""
    ledger = hostile_session.ledger
    overview = DashboardDesk(ledger, Looked("all")).overview(Looked("all"))
    pages = [DashboardPage(overview, HOSTILE[0]).html(), PlainDashboard(overview, HOSTILE[0]).html()]
    run = hostile_session.show(hostile_session.runs()[0].run_id)
    write_report(hostile_session, run, tmp_path / "run.html")
    write_ledger_report(hostile_session, Looked("all"), tmp_path / "all.html")
    pages += [(tmp_path / name).read_text(encoding="utf-8") for name in ("run.html", "all.html")]

    for page in pages:
        assert _Live(page).found == []
        assert "\u202e" not in page
        assert "\x1b" not in page
    assert all("&lt;img src=x" in page for page in pages)


def test_no_view_and_no_export_holds_a_secret(hostile_session, tmp_path):
    """The key is in no message to a widget, no page, no table, no file and no metric."""
    session, ledger = hostile_session, hostile_session.ledger
    scope = {"scope": {"last": "all"}}
    log = LogDesk(ledger)
    opened = log.handlers["open"](scope)
    desks = [DashboardDesk(ledger, Looked("all")).handlers["open"]({}), opened]
    desks.append(HappeningsDesk(ledger, session.settings.alerts).handlers["look"](scope))
    requests = session.requests()
    assert len(requests) == 2 * len(HOSTILE)
    for number, run_id in zip(requests.index[:3], requests["run_id"][:3], strict=True):
        one = {"request": {"run_id": run_id, "request_no": int(number)}}
        desks += [log.handlers["one"](one), log.handlers["curl"](one)]
    assert CANARY not in json.dumps(session.settings.provenance())
    said = [json.dumps(desk, default=str) for desk in desks]
    for name in ("log.csv", "log.jsonl"):
        session.export("requests", tmp_path / name)
        said.append((tmp_path / name).read_text(encoding="utf-8"))
    write_ledger_report(session, Looked("all"), tmp_path / "all.html")
    said.append((tmp_path / "all.html").read_text(encoding="utf-8"))
    metrics = session.metrics()
    said += [requests.to_string(), session.costs("template").to_string(), repr(session.alerts())]
    said += [metrics.json(), metrics.prometheus(), repr(metrics)]

    assert [text for text in said if CANARY in text] == []
    csv = (tmp_path / "log.csv").read_text(encoding="utf-8")
    assert "'=cmd" in csv
    assert ",=cmd" not in csv
