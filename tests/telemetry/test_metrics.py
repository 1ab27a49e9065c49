"""Metrics in their three forms; Prometheus's is read by Prometheus's own parsers."""

from __future__ import annotations

import json
import sys

import pytest
from canaries import CANARY
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as text_format

from loopai_nb.errors import MissingExtra
from loopai_nb.telemetry.exposition import exposed
from loopai_nb.telemetry.labels import Capped, label
from loopai_nb.telemetry.metrics import BOUNDS_S, Budget, Metrics, Part
from loopai_nb.telemetry.names import Metric
from loopai_nb.telemetry.system import SystemFigures

NASTY = 'a"b\\c\nd\x1b[2J\u202e{x="1"} 1\r\n# HELP'
PART = Part(
    answered=3,
    failed=1,
    cached=2,
    unknown=1,
    retried=4,
    input_tokens=30,
    output_tokens=9,
    cost_pusd=1_500_000_000_000,
    saved_pusd=500_000_000_000,
    within=(*(0,) * 6, 2, *(3,) * (len(BOUNDS_S) - 7)),
    seconds=2.5,
)


def _metrics(**given: object) -> Metrics:
    standard = {
        "at_ms": 1_795_000_000_000,
        "ledger": "ledger.sqlite3",
        "total": PART,
        "lately": PART,
        "percentiles_s": {0.5: 0.5, 0.95: 1.25},
        "models": {("http://127.0.0.1:8000/v1", "m"): PART},
        "errors": {"timeout": 2},
        "runs": {"RUNNING": 1, "FAILED": 0},
        "approvals_waiting": 2,
        "budgets": [Budget("day", "2026-11-21", 4 * 10**12, 10**12)],
        "system": SystemFigures(2, 0.5, 100, 50, 200, 20),
    }
    return Metrics(**(standard | given))


def _samples(families) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_both_formats_of_prometheus_hold_every_figure():
    """Its own parsers read the text format and OpenMetrics, and find what was counted."""
    body, kind = exposed(_metrics())
    richer, other_kind = exposed(_metrics(), "application/openmetrics-text; version=1.0.0")
    server, model = ("server", "http://127.0.0.1:8000/v1"), ("model", "m")

    assert kind.startswith("text/plain")
    assert other_kind.startswith("application/openmetrics-text")
    for found in (_samples(text_format(body.decode())), _samples(open_metrics(richer.decode()))):
        assert found[Metric.REQUESTS, frozenset({server, model, ("outcome", "cached")})] == 2
        assert found[Metric.COST, frozenset({server, model})] == 1.5
        assert found[f"{Metric.DURATION}_count", frozenset({server, model})] == 3
        assert found[f"{Metric.DURATION}_sum", frozenset({server, model})] == 2.5
        assert found[f"{Metric.DURATION}_bucket", frozenset({server, model, ("le", "0.64")})] == 2
        assert found[Metric.TOKENS, frozenset({server, model, ("direction", "output")})] == 9
        assert found[Metric.BUDGET_SHARE, frozenset({("of", "day")})] == 0.25
        assert found[Metric.RUNS, frozenset({("state", "RUNNING")})] == 1
        assert found[Metric.APPROVALS_WAITING, frozenset()] == 2
        assert found[Metric.DISK, frozenset({("kind", "free")})] == 20
    assert _metrics().prometheus() == body.decode()


def test_no_label_breaks_out_of_its_quotes_or_holds_a_secret():
    """A model's name with quotes, line ends and a password makes one label, shortened and without either."""
    nasty = _metrics(
        models={(f"http://u:{CANARY}@h/", NASTY): PART, ("h", "x" * 5_000): PART}, errors={NASTY: 1}
    )

    for text in (nasty.prometheus(), repr(nasty)):
        assert CANARY not in text
        assert not set("\x1b\u202e") & set(text)
    assert CANARY not in nasty.json()
    found = _samples(text_format(nasty.prometheus()))
    names = {dict(labels).get("model") for _, labels in found} - {None}
    assert names == {label(NASTY), "x" * 120 + "…"}
    assert "\n" not in label(NASTY)


def test_names_that_are_shown_alike_are_one_line():
    """Long ones that differ at their end only, and secrets, would be the same line twice."""
    names = [("http://s", "m" * 200 + "a"), ("http://s", "m" * 200 + "b")]
    found = _metrics(models=dict.fromkeys(names, PART), errors={f"key={CANARY}": 1, "key=abcdef": 2})
    lines = [line.rpartition(" ")[0] for line in found.prometheus().splitlines()]

    assert len(lines) == len(set(lines))
    samples = _samples(text_format(found.prometheus()))
    assert {value for (name, _), value in samples.items() if name == "loopai_cost_usd_total"} == {3.0}
    assert {value for (name, _), value in samples.items() if name == "loopai_errors_total"} == {3.0}


def test_a_million_values_of_a_label_are_told_as_a_few():
    """ATTACKS 57: the first so many are told apart for good, all others together."""
    capped = Capped(3)

    assert {capped(f"m{n}") for n in range(1_000)} == {"m0", "m1", "m2", "other"}
    assert capped("m1") == "m1"


def test_parts_make_a_whole():
    """Counts, money, and each bucket; of none, nothing."""
    both = Part.sum([PART, PART])

    assert (both.requests, both.seconds, both.within[-1]) == (2 * PART.requests, 5.0, 6)
    assert both.mean_s == PART.mean_s
    assert Part.sum([]) == Part()


def test_json_and_text_say_the_same():
    """Money in USD and times in seconds, for programs; a page for people."""
    told = json.loads(_metrics().json())
    page = repr(_metrics())

    assert told["models"][0]["cost_usd"] == told["total"]["cost_usd"] == 1.5
    assert told["last_24_hours"]["seconds"] == {"p50": 0.5, "p95": 1.25}
    assert told["total"]["mean_seconds"] == 2.5 / 3
    assert told["budgets"][0]["share"] == 0.25
    assert "Cost" in page
    assert "1.50 USD" in page
    assert "p95 1.25 s" in page
    assert "Budget of day 2026-11-21: 1.00 USD of 4.00 USD spent (25%)" in page
    assert "\n\n\n" not in page


def test_without_the_library_it_says_what_to_install(monkeypatch):
    """The text format names its extra; JSON and text need nothing."""
    monkeypatch.setitem(sys.modules, "prometheus_client", None)

    with pytest.raises(MissingExtra, match="prometheus_client") as caught:
        _metrics().prometheus()
    assert "loopai_nb[metrics]" in caught.value.hint
    assert json.loads(_metrics().json())


def test_this_machine_says_how_it_stands(tmp_path):
    """Processors and disk at least, free never more than there is; of a folder that is not there, no disk."""
    found = SystemFigures.read(tmp_path)

    assert found.cpus >= 1
    assert 0 <= found.disk_free_bytes <= found.disk_bytes
    assert found.memory_bytes is None or 0 < found.memory_free_bytes <= found.memory_bytes
    assert SystemFigures.read(tmp_path / "none").disk_bytes is None
