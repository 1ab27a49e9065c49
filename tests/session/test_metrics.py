"""``session.metrics()``: what is in the ledger, whoever wrote it."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from prometheus_client.parser import text_string_to_metric_families

from loopai_nb.devserver.serve import DevServer
from loopai_nb.ledger.store import Ledger
from loopai_nb.session import Session
from loopai_nb.session.metrics import gather
from loopai_nb.settings import Settings
from loopai_nb.telemetry.labels import Capped

BIRDS = pd.DataFrame({"text": [f"bird {n}" for n in range(4)]})


@pytest.fixture
def session(tmp_path):
    """A session on a ledger of its own, at a server with two models of which one always refuses."""
    with DevServer(models=("small", "large")) as server:
        environ = {
            "LOOPAI_SERVER": server.openai_url,
            "LOOPAI_MODEL": "small",
            "LOOPAI_LEDGER": str(tmp_path / "ledger.sqlite3"),
            "LOOPAI_BUDGET_USD_PER_DAY": "1",
            "LOOPAI_PRICE_INPUT_USD_PER_MTOK": "1",
            "LOOPAI_PRICE_OUTPUT_USD_PER_MTOK": "2",
        }
        with Session(Settings.load(environ=environ, cwd=tmp_path, config_dir=tmp_path)) as made:
            yield made


@pytest.mark.usefixtures("one_day")
def test_the_metrics_are_what_the_runs_came_to(session, tmp_path):
    """By model: answered, cached, tokens and cost; the day's budget; and another process reads the same."""
    first = session.map(BIRDS, "{{ text }}?", approve=True).row
    session.map(BIRDS, "{{ text }}?", approve=True)
    other = session.map(BIRDS.head(1), "{{ text }}?", approve=True, model="large").row

    told = json.loads(session.metrics().json())

    assert (told["total"]["answered"], told["total"]["cached"]) == (5, 4)
    lately = {key: value for key, value in told["last_24_hours"].items() if key != "seconds"}
    assert told["total"] == pytest.approx(lately)  # sums of the same numbers in another order
    by_model = {each["model"]: each for each in told["models"]}
    assert by_model["small"]["cost_usd"] == pytest.approx(first.spent_pusd / 1e12)
    assert by_model["large"]["answered"] == 1
    assert by_model["small"]["saved_usd"] == by_model["small"]["cost_usd"]
    assert told["runs"]["COMPLETED"] == 3
    (day,) = told["budgets"]
    assert day["spent_usd"] == pytest.approx((first.spent_pusd + other.spent_pusd) / 1e12)
    beside = Ledger(tmp_path / "ledger.sqlite3")
    try:
        assert json.loads(gather(beside).json())["models"] == told["models"]
    finally:
        beside.close()


def test_what_is_beyond_the_most_that_are_told_apart_is_told_together(session):
    """ATTACKS 57: one model by name, the others as one, and no request is lost; the choice is kept."""
    known = Capped(1)
    session.map(BIRDS, "{{ text }}?", approve=True)
    gather(session.ledger, models=known)
    session.map(
        pd.concat([BIRDS] * 3).assign(n=range(12)), "{{ text }} {{ n }}?", approve=True, model="large"
    )

    found = gather(session.ledger, models=known)

    requests = {
        sample.labels["model"]: sample.value
        for family in text_string_to_metric_families(found.prometheus())
        for sample in family.samples
        if sample.name == "loopai_requests_total" and sample.labels["outcome"] == "answered"
    }
    assert requests == {"small": 4, "other": 12}
