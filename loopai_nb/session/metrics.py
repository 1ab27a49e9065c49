"""The metrics of a ledger, gathered from its figures."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from loopai_nb.ledger.by_model import by_model, error_counts
from loopai_nb.ledger.figures import Figures, Scope
from loopai_nb.ledger.money import day_of
from loopai_nb.ledger.queries import day_money
from loopai_nb.ledger.standing import standing
from loopai_nb.session.reviews import Reviews
from loopai_nb.telemetry.labels import Capped
from loopai_nb.telemetry.metrics import BOUNDS_S, Budget, Metrics, Part
from loopai_nb.telemetry.names import OTHER
from loopai_nb.telemetry.system import SystemFigures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loopai_nb.ledger.by_model import ServerModel
    from loopai_nb.ledger.figures import Totals
    from loopai_nb.ledger.histogram import Histogram
    from loopai_nb.ledger.store import Ledger

__all__ = ["MOST_KINDS", "MOST_MODELS", "Measured", "gather"]

MOST_MODELS = 50
"""Pairs of server and model that are told apart; a pair makes some 25 lines of Prometheus's format."""

MOST_KINDS = 50
"""Kinds of errors that are told apart."""

_DAY_MS = 86_400_000
_SHARES = (0.5, 0.95, 0.99)
_EVERY_BUCKET = 100_000


class Measured(Reviews):
    """The part of a session that tells its figures."""

    def metrics(self) -> Metrics:
        """What all requests of the ledger came to: shown as text, ``.json()``, ``.prometheus()``."""
        return gather(self.ledger)


def gather(ledger: Ledger, *, models: Capped | None = None, kinds: Capped | None = None) -> Metrics:
    """The metrics of a ledger now.

    Args:
        ledger: Of which.
        models: Which pairs of server and model are told apart; kept from one look to the next, so that what
            is ``other`` stays so: a counter that fell would look as if it had begun anew.
        kinds: Likewise of errors.
    """
    now_ms = ledger.now_ms()
    ever, lately = Scope(0, now_ms + 1), Figures(ledger).totals(Scope(now_ms - _DAY_MS, now_ms + 1))
    parts, total = _models(*by_model(ledger, ever, (models or Capped(MOST_MODELS)).takes))
    found = standing(ledger)
    percentiles = {share: lately.latencies.percentile(share) for share in _SHARES}
    return Metrics(
        at_ms=now_ms,
        ledger=ledger.label,
        total=total,
        lately=_part(lately),
        percentiles_s={share: ms / 1000 for share, ms in percentiles.items() if ms is not None},
        models=parts,
        errors=_errors(error_counts(ledger, ever), kinds or Capped(MOST_KINDS)),
        runs={state.value: n for state, n in found.runs.items()},
        approvals_waiting=found.approvals_waiting,
        budgets=_budgets(ledger, found.budgets, now_ms),
        system=SystemFigures.read(_folder(ledger)),
    )


def _models(told: Mapping[ServerModel, Totals], others: Totals) -> tuple[dict[ServerModel, Part], Part]:
    """The parts by server and model, and their sum."""
    parts = {key: _part(totals) for key, totals in told.items()}
    rest = _part(others)
    if rest.requests or rest.retried:
        parts[OTHER, OTHER] = rest
    return parts, Part.sum(parts.values())


def _errors(counts: Mapping[str, int], known: Capped) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, n in counts.items():
        name = known(kind)
        found[name] = found.get(name, 0) + n
    return found


def _budgets(ledger: Ledger, live: tuple[tuple[str, int, int], ...], now_ms: int) -> list[Budget]:
    budgets = []
    if ledger.day_budget_pusd is not None:
        day = day_of(now_ms)
        budgets.append(Budget("day", day, ledger.day_budget_pusd, day_money(ledger, day)[0]))
    if live:
        of_runs = (Budget("run", run_id, budget, spent) for run_id, spent, budget in live)
        budgets.append(max(of_runs, key=lambda budget: budget.share))
    return budgets


def _part(totals: Totals) -> Part:
    within, seconds = _durations(totals.latencies)
    return Part(
        answered=totals.answered,
        failed=totals.failed,
        cached=totals.cached,
        unknown=totals.unknown,
        retried=totals.retried,
        input_tokens=totals.input_tokens,
        output_tokens=totals.output_tokens,
        cost_pusd=totals.cost_pusd,
        saved_pusd=totals.saved_pusd,
        within=within,
        seconds=seconds,
    )


def _durations(latencies: Histogram) -> tuple[tuple[int, ...], float]:
    """Counts below each of the bounds, and the sum in seconds: both within the histogram's one percent."""
    counts, seconds = [0] * (len(BOUNDS_S) + 1), 0.0
    for bucket in latencies.buckets(_EVERY_BUCKET):
        middle_s = (bucket.from_ms + bucket.to_ms) / 2_000
        seconds += bucket.count * middle_s
        place = next((i for i, bound in enumerate(BOUNDS_S) if middle_s <= bound), len(BOUNDS_S))
        counts[place] += bucket.count
    return tuple(accumulate(counts[:-1])), seconds


def _folder(ledger: Ledger) -> Path:
    """Where a ledger's file is; of a database, which may be anywhere, the folder in which this runs."""
    file = Path(ledger.label)
    return file.parent if file.is_file() else Path.cwd()
