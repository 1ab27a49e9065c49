"""Metrics in Prometheus's text format, or OpenMetrics where that is asked for.

The format, its escapes and the choice between the two are the library's (prometheus_client). Its own counters
are not used: what is counted is in the ledger, which other processes write as well.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from loopai_nb.errors import MissingExtra
from loopai_nb.telemetry.labels import label
from loopai_nb.telemetry.metrics import BOUNDS_S, Part
from loopai_nb.telemetry.names import Label, Metric
from loopai_nb.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric as Family

    from loopai_nb.telemetry.metrics import Metrics

__all__ = ["exposed"]

_PUSD = 10**12


def exposed(metrics: Metrics, accept: str = "") -> tuple[bytes, str]:
    """The metrics as a scraper reads them, and their media type.

    Args:
        metrics: What is told.
        accept: What the scraper takes, in HTTP's words; by default the text format.

    Raises:
        MissingExtra: prometheus_client is not installed.
    """
    try:
        from prometheus_client import CollectorRegistry
        from prometheus_client.exposition import choose_encoder
        from prometheus_client.registry import Collector
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"Prometheus's text format needs {error.name}, which is not installed.",
            "Install it with: pip install 'loopai_nb[metrics]'. JSON needs nothing: --format json",
        ) from error

    class Told(Collector):
        def collect(self) -> Iterator[Family]:
            yield from _requests(metrics)
            yield from _standing(metrics)
            yield from _machine(metrics)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Told())
    encode, media_type = choose_encoder(accept)
    return encode(registry), media_type


def _requests(metrics: Metrics) -> Iterator[Family]:
    from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

    of_model = (Label.SERVER, Label.MODEL)
    requests = CounterMetricFamily(
        Metric.REQUESTS, "Requests that came to an end.", labels=(*of_model, Label.OUTCOME)
    )
    retries = CounterMetricFamily(Metric.RETRIES, "Attempts that were made again.", labels=of_model)
    tokens = CounterMetricFamily(Metric.TOKENS, "Tokens as charged.", labels=(*of_model, Label.DIRECTION))
    cost = CounterMetricFamily(Metric.COST, "USD; an unknown outcome at its worst case.", labels=of_model)
    saved = CounterMetricFamily(
        Metric.SAVED, "USD that answers from the ledger had cost before.", labels=of_model
    )
    duration = HistogramMetricFamily(Metric.DURATION, "Seconds that answers took.", labels=of_model)
    for names, part in _told_apart(metrics):
        for outcome in ("answered", "failed", "cached", "unknown"):
            requests.add_metric([*names, outcome], getattr(part, outcome))
        retries.add_metric(names, part.retried)
        tokens.add_metric([*names, "input"], part.input_tokens)
        tokens.add_metric([*names, "output"], part.output_tokens)
        cost.add_metric(names, part.cost_pusd / _PUSD)
        saved.add_metric(names, part.saved_pusd / _PUSD)
        duration.add_metric(names, _buckets(part), part.seconds)
    errors = CounterMetricFamily(
        Metric.ERRORS, "Attempts and requests that failed, by kind.", labels=[Label.KIND]
    )
    kinds: Counter[str] = Counter()
    for kind, n in metrics.errors.items():
        kinds[label(kind)] += n
    for kind, n in kinds.items():
        errors.add_metric([kind], n)
    yield from (requests, retries, tokens, cost, saved, duration, errors)


def _told_apart(metrics: Metrics) -> Iterator[tuple[list[str], Part]]:
    """Parts by their labels; names that are one once masked and cut go together: no line may come twice."""
    parts: dict[tuple[str, str], list[Part]] = {}
    for (server, model), part in metrics.models.items():
        parts.setdefault((label(server), label(model)), []).append(part)
    for names, together in parts.items():
        yield [*names], Part.sum(together)


def _standing(metrics: Metrics) -> Iterator[Family]:
    from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

    yield InfoMetricFamily(Metric.INFO.removesuffix("_info"), "This package.", {"version": __version__})
    runs = GaugeMetricFamily(Metric.RUNS, "Runs by state.", labels=[Label.STATE])
    for state, n in metrics.runs.items():
        runs.add_metric([state], n)
    yield runs
    yield GaugeMetricFamily(
        Metric.APPROVALS_WAITING, "Questions that nobody has answered.", metrics.approvals_waiting
    )
    budget = GaugeMetricFamily(Metric.BUDGET, "USD that may be spent.", labels=[Label.OF])
    spent = GaugeMetricFamily(Metric.BUDGET_SPENT, "USD of it that are spent.", labels=[Label.OF])
    share = GaugeMetricFamily(Metric.BUDGET_SHARE, "Share of it that is spent.", labels=[Label.OF])
    for each in metrics.budgets:
        budget.add_metric([each.of], each.budget_pusd / _PUSD)
        spent.add_metric([each.of], each.spent_pusd / _PUSD)
        share.add_metric([each.of], each.share)
    yield from (budget, spent, share)


def _machine(metrics: Metrics) -> Iterator[Family]:
    from prometheus_client.core import GaugeMetricFamily

    system = metrics.system
    yield GaugeMetricFamily(Metric.CPUS, "Processors of this machine.", system.cpus)
    if system.load is not None:
        yield GaugeMetricFamily(Metric.LOAD, "Mean load of the last minute.", system.load)
    for name, what, whole, free in (
        (Metric.MEMORY, "Memory of this machine.", system.memory_bytes, system.memory_free_bytes),
        (Metric.DISK, "Disk on which the ledger is.", system.disk_bytes, system.disk_free_bytes),
    ):
        if whole is not None and free is not None:
            family = GaugeMetricFamily(name, what, labels=[Label.KIND])
            family.add_metric(["total"], whole)
            family.add_metric(["free"], free)
            yield family


def _buckets(part: Part) -> list[tuple[str, float]]:
    bounds = [f"{bound:g}" for bound in BOUNDS_S]
    return [*zip(bounds, part.within, strict=True), ("+Inf", part.answered)]
