"""What each model of each server came to, and each kind of error: in one look, for metrics."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from loopai_nb.ledger.pieces import rollups_of
from loopai_nb.ledger.totals import Totals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from loopai_nb.ledger.store import Ledger
    from loopai_nb.ledger.totals import Scope

__all__ = ["ServerModel", "by_model", "error_counts"]

ServerModel = tuple[str, str]
"""A server's address and the model that was asked for."""

_SUMS = ("requests", "input_tokens", "output_tokens", "cost_pusd", "saved_pusd")


def by_model(
    ledger: Ledger, scope: Scope, takes: Callable[[ServerModel], bool]
) -> tuple[Mapping[ServerModel, Totals], Totals]:
    """What each pair of server and model came to.

    Args:
        ledger: Of which.
        scope: What is looked at.
        takes: Whether a pair is told by itself; asked of the dearest first.

    Returns:
        Those that are, the dearest first; and all others together.
    """
    there = rollups_of(scope)
    pair = (there.c.server, there.c.model)
    sums = select(*pair, there.c.outcome, *(func.sum(there.c[name]).label(name) for name in _SUMS))
    measured = select(*pair, there.c.latencies).where(
        and_(there.c.outcome == "answered", there.c.latencies.is_not(None))
    )
    found: dict[ServerModel, list[Any]] = defaultdict(list)
    with ledger.engine.connect().execution_options(reading=True) as connection:
        for row in connection.execute(sums.group_by(*pair, there.c.outcome)):
            found[row.server, row.model].append(row)
        dearest = sorted(found, key=lambda key: (-_sum(found[key], "cost_pusd"), key))
        told = {key: Totals() for key in dearest if takes(key)}
        others = Totals()
        for key, rows in found.items():
            for row in rows:
                _add(told.get(key, others), row)
        for server, model, latencies in connection.execute(measured):
            told.get((server, model), others).latencies.merge_bytes(latencies)
    return told, others


def error_counts(ledger: Ledger, scope: Scope) -> Mapping[str, int]:
    """How many attempts and requests failed, by kind, the most frequent first."""
    there = rollups_of(scope)
    n = func.sum(there.c.requests).label("n")
    statement = (
        select(there.c.error_kind, n)
        .where(there.c.error_kind != "")
        .group_by(there.c.error_kind)
        .order_by(n.desc(), there.c.error_kind)
    )
    with ledger.engine.connect().execution_options(reading=True) as connection:
        return {row.error_kind: int(row.n) for row in connection.execute(statement)}


def _sum(rows: list[Any], name: str) -> int:
    return sum(int(getattr(row, name)) for row in rows)


def _add(totals: Totals, row: Any) -> None:
    """Add the sums of one outcome; Postgres gives sums as Decimal."""
    setattr(totals, row.outcome, getattr(totals, row.outcome) + int(row.requests))
    for name in _SUMS[1:]:
        setattr(totals, name, getattr(totals, name) + int(getattr(row, name)))
