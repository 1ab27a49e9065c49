"""Whether rows that only their places line up are the same rows, as far as their prompts tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from loopai_nb.ledger import queries
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.prompts.template import Template

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from loopai_nb.execution.run import Run
    from loopai_nb.ledger.store import Ledger

__all__ = ["doubt_of"]

_MOST_LOOKED_AT = 1_000
"""Rows of each run, spread over it: two frames differ nearly everywhere, and a million prompts take time."""

_WORD = re.compile(r"\w+")


def doubt_of(ledger: Ledger, first: Run, second: Run, labels: Sequence[str], others: Sequence[str]) -> str:
    """What speaks against it that rows at one place of two frames are the same, in words; "" for nothing.

    It is looked for where both indexes only count their rows, as pandas gives them to any frame. A prompt
    of the same template tells by itself; of another one what its template has not, which the other prompt
    has as well where one of them shows all that the other does.

    Args:
        ledger: Where they are.
        first: The one run.
        second: The other.
        labels: Index labels of the one, in its order.
        others: Of the other.
    """
    if not (_only_counts(labels) and _only_counts(others)):
        return ""
    if any(name is not None for run in (first, second) for name in queries.index_names(ledger, run.plan_id)):
        return ""
    others_rows = _told_apart(first, second)
    if others_rows is None:
        return ""
    n = min(len(labels), len(others))
    places = range(0, n, -(-n // _MOST_LOOKED_AT) or 1)
    one, other = (queries.prompts_at(ledger, run.plan_id, places) for run in (first, second))
    differ = sum(others_rows(one[place], other[place]) for place in places if place in one and place in other)
    if not differ:
        return ""
    of = f"{len(places):,} rows" if len(places) == n else f"{len(places):,} rows that were looked at"
    return (
        f"Rows may be lined up that are not the same: both frames only count theirs, and {differ:,} of {of} "
        f"were asked about other text in {second.run_id} than in {first.run_id}. Ask frames whose index "
        "tells rows apart (frame.set_index, pull --key)."
    )


def _only_counts(labels: Sequence[str]) -> bool:
    return all(label == str(place) for place, label in enumerate(labels))


def _told_apart(first: Run, second: Run) -> Callable[[str, str], bool] | None:
    """Whether two prompts are about different rows; None where the templates don't let anybody say that."""
    one, other = (PlanSpec.from_json(run.row.spec) for run in (first, second))
    if (one.template, one.system) == (other.template, other.system):
        return lambda mine, theirs: mine != theirs
    shown, also = (Template(spec.template, system=spec.system).variables for spec in (one, other))
    if "row" in shown | also or not (shown <= also or also <= shown):
        return None
    written = _words(f"{one.template} {one.system or ''} {other.template} {other.system or ''}")

    def apart(mine: str, theirs: str) -> bool:
        ours, others = _words(mine) - written, _words(theirs) - written
        # A filter such as truncate leaves some words out: then one still has nothing that the other has not.
        return bool(ours - others) and bool(others - ours)

    return apart


def _words(text: str) -> set[str]:
    return {*_WORD.findall(text.casefold())}
