"""Metrics for people: a page of text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from loopai_nb.pricing import format_usd
from loopai_nb.telemetry.labels import label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from loopai_nb.telemetry.metrics import Metrics, Part

__all__ = ["readable"]

_GIB = 2**30
_WIDEST = 44


def readable(metrics: Metrics) -> str:
    """The figures in a few small tables."""
    at = datetime.fromtimestamp(metrics.at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    blocks = [
        [f"{metrics.ledger} at {at}"],
        _table(
            ["", "24 hours", "in all"],
            [[name, last, total] for (name, last), (_, total) in zip(*_columns(metrics), strict=True)],
        ),
        _latencies(metrics),
        _models(metrics),
        _named("Errors", metrics.errors.items()),
        _named("Runs", ((state.lower(), n) for state, n in metrics.runs.items())),
        _standing(metrics),
        _machine(metrics),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _columns(metrics: Metrics) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    return _figures(metrics.lately), _figures(metrics.total)


def _figures(part: Part) -> list[tuple[str, str]]:
    return [
        ("Requests", f"{part.requests:,}"),
        ("  answered", f"{part.answered:,}"),
        ("  from the ledger", f"{part.cached:,}"),
        ("  failed", f"{part.failed:,}"),
        ("  perhaps paid", f"{part.unknown:,}"),
        ("Attempts made again", f"{part.retried:,}"),
        ("Mean time of an answer", "-" if part.mean_s is None else f"{part.mean_s:.3g} s"),
        ("Input tokens", f"{part.input_tokens:,}"),
        ("Output tokens", f"{part.output_tokens:,}"),
        ("Cost", _usd(part.cost_pusd)),
        ("Saved", _usd(part.saved_pusd)),
    ]


def _latencies(metrics: Metrics) -> list[str]:
    if not metrics.percentiles_s:
        return []
    said = ", ".join(f"p{share * 100:g} {value:.3g} s" for share, value in metrics.percentiles_s.items())
    return [f"Answers of the last 24 hours took: {said}"]


def _models(metrics: Metrics) -> list[str]:
    rows = [
        [
            _cut(label(model)),
            _cut(label(server)),
            f"{part.requests:,}",
            f"{part.input_tokens + part.output_tokens:,}",
            _usd(part.cost_pusd),
            "-" if part.mean_s is None else f"{part.mean_s:.3g} s",
        ]
        for (server, model), part in metrics.models.items()
    ]
    return _table(["Model", "Server", "Requests", "Tokens", "Cost", "Mean"], rows, texts=2) if rows else []


def _named(title: str, counts: Iterable[tuple[str, int]]) -> list[str]:
    said = ", ".join(f"{label(name)} {n:,}" for name, n in counts if n)
    return [f"{title}: {said}"] if said else []


def _standing(metrics: Metrics) -> list[str]:
    budgets = (
        f"Budget of {each.of} {each.name}: {_usd(each.spent_pusd)} of {_usd(each.budget_pusd)} spent "
        f"({each.share:.0%})"
        for each in metrics.budgets
    )
    return [f"Approvals that wait: {metrics.approvals_waiting:,}", *budgets]


def _machine(metrics: Metrics) -> list[str]:
    system = metrics.system
    said = [f"{system.cpus} processors"]
    if system.load is not None:
        said.append(f"load {system.load:.2f}")
    for what, whole, free in (
        ("memory", system.memory_bytes, system.memory_free_bytes),
        ("disk", system.disk_bytes, system.disk_free_bytes),
    ):
        if whole is not None and free is not None:
            said.append(f"{what} {free / _GIB:.1f} of {whole / _GIB:.1f} GiB free")
    return [f"This machine: {', '.join(said)}"]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], *, texts: int = 1) -> list[str]:
    """Columns of one width each; the first few are texts, the others numbers."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if i < texts else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]


def _usd(pusd: int) -> str:
    return f"{format_usd(pusd)} USD"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
