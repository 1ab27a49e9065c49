import csv
import datetime as dt
import json

import pandas as pd
import pyarrow.parquet as pq
import pytest
from canaries import CANARY

from loopai_nb.errors import InputError
from loopai_nb.session import Session
from loopai_nb.settings import Settings

FORMULA = '=cmd|" /C calc"!A0'
ODD = "\u202e<img src=x onerror=alert(1)>"


@pytest.fixture
def environ(environ):
    """With a key that nobody may see."""
    return {
        **environ,
        "LOOPAI_API_KEY": CANARY,
        "LOOPAI_PRICE_INPUT_USD_PER_MTOK": "1",
        "LOOPAI_PRICE_OUTPUT_USD_PER_MTOK": "2",
    }


@pytest.fixture
def asked(session):
    """A run over three texts, and another over the first of them, which finds it in the ledger."""
    frame = pd.DataFrame({"text": [FORMULA, ODD, "a wing"]})
    template = "{{ text }} engine, wing or other?"
    first = session.map(frame, template, system="Be short.", approve=True)
    second = session.map(frame.head(1), template, system="Be short.", name="again", approve=True)
    return first, second


def test_what_was_asked_is_a_frame(session, asked):
    """A row each, newest first, with dtypes that don't depend on what is in it; filtered as asked for."""
    first, second = asked

    log = session.requests()

    assert list(log["run_id"]) == [second.run_id, *[first.run_id] * 3]
    assert list(log["status"]) == ["cached", "answered", "answered", "answered"]
    assert log.index.name == "request_no"
    assert (log["cost_usd"] > 0).tolist() == [False, True, True, True]
    assert log["system"].unique().tolist() == ["Be short."]
    assert set(log["request_id"]) == set(first.result()["request_id"])
    assert log["at"].dt.tz is not None
    empty = session.requests(status="failed")
    assert (empty.dtypes == log.dtypes).all()
    assert len(empty) == 0
    assert len(session.requests(second)) == len(session.requests(search="wing", limit=1)) == 1
    assert len(session.requests(since="1h", until=dt.timedelta(0), order="cost", max_cost_usd="0.5")) == 4
    assert session.requests(order="-latency", limit=3)["latency_ms"].is_monotonic_decreasing


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"staus": "failed"}, "Requests have no 'staus'"),
        ({"status": "bad"}, "There is no status 'bad'"),
        ({"order": "name"}, "There is no order 'name'"),
        ({"since": "tomorrow"}, "tomorrow"),
        ({"limit": -1}, "limit is -1"),
    ],
)
def test_a_mistake_in_a_filter_is_told(session, options, said):
    """With what there is."""
    with pytest.raises(InputError, match=said):
        session.requests(**options)


def test_costs_are_a_frame(session, asked):
    """By what was asked for, the same figures whatever they are grouped by, and empty ones like others."""
    first, second = asked
    by_run = session.costs("run")
    assert by_run.loc[first.run_id, "answered"] == 3
    assert by_run.loc[second.run_id, ["cached", "answered", "cost_usd"]].tolist() == [1, 0, 0.0]
    assert by_run.loc[second.run_id, "saved_usd"] > 0
    for by in ("model", "server", "template", "day"):
        grouped = session.costs(by)
        assert grouped["cost_usd"].sum() == pytest.approx(by_run["cost_usd"].sum())
        assert grouped.index.name == by
    assert session.costs(since="1h", run=second)["cached"].tolist() == [1]
    nothing = session.costs("error_kind")
    assert len(nothing) == 0
    assert nothing.dtypes.equals(by_run.dtypes)
    with pytest.raises(InputError, match="not counted by 'colour'"):
        session.costs("colour")


def test_exports_are_safe_and_complete(session, asked, tmp_path):
    """Attacks 12 and 18: no spreadsheet computes a cell, and the key is in no file; each format has all."""
    first, _ = asked
    for name in ("log.csv", "log.parquet", "log.jsonl"):
        assert session.export("requests", tmp_path / name, run=first) == 3
        assert CANARY.encode() not in (tmp_path / name).read_bytes()
    with (tmp_path / "log.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["prompt"][:2] for row in rows) == ["'=", "a ", "\u202e<"]
    table = pq.read_table(tmp_path / "log.parquet").to_pandas().set_index("request_no")
    assert sorted(table["prompt"]) == sorted(session.requests(first)["prompt"])
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert {line["prompt"] for line in lines} == set(table["prompt"])

    assert session.export("requests", tmp_path / "none.parquet", status="failed") == 0
    assert list(pq.read_table(tmp_path / "none.parquet").column_names) == ["request_no", *table.columns]
    assert session.export(session.costs("run"), tmp_path / "costs.csv") == 2
    assert (tmp_path / "costs.csv").read_text().startswith("run,label,requests")
    for bad in (tmp_path / "log.xls", tmp_path / "no" / "log.csv"):
        with pytest.raises(InputError):
            session.export("requests", bad)
    with pytest.raises(InputError, match="There is no 'answers' to write"):
        session.export("answers", tmp_path / "o.csv")


@pytest.mark.parametrize("value", ["cut \ud83e", {"cut": "\ud83e"}, 2**70])
def test_a_file_takes_what_its_format_has_no_form_for(session, tmp_path, value):
    """Half an emoji and a number of a hundred bits are written in each format, as they are or spelled out."""
    frame = pd.DataFrame({"x": pd.Series([value, None], dtype="object")})
    for name in ("odd.csv", "odd.parquet", "odd.jsonl"):
        assert session.export(frame, tmp_path / name) == 2
    assert "ud83e" in (tmp_path / "odd.csv").read_text() or value == 2**70
    assert pq.read_table(tmp_path / "odd.parquet")["x"].to_pylist()[1] is None
    lines = [json.loads(line) for line in (tmp_path / "odd.jsonl").read_text().splitlines()]
    assert lines == [{"x": value}, {"x": None}]


def test_a_ledger_without_requests_has_an_empty_log(environ, tmp_path):
    """Nothing was asked: no rows, and no error."""
    settings = Settings.load(environ=environ, cwd=tmp_path, config_dir=tmp_path)
    with Session(settings) as session:
        assert len(session.requests()) == len(session.costs()) == 0


def test_a_run_that_is_not_there_is_told(session):
    """A run's id with a typo is an error, and not an empty table."""
    for look in (session.requests, lambda run: session.costs(run=run)):
        with pytest.raises(InputError, match="r-typo"):
            look("r-typo")
