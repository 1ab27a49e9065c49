"""The figures at the top of a dashboard, in words, each with its change against the period before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.notebook.wording import TIMES, joined, latency
from loopai_nb.pricing import format_usd

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.ledger.figures import Totals

__all__ = ["Tile", "amount", "tiles"]

_NOTHING = "\N{EN DASH}"
_UP, _DOWN, _SAME = "▲", "▼", "="
_MANY = 10
_EXACT_BELOW = 1_000_000
_SMALL = 0.1
_UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"))


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure.

    Attributes:
        name: What it is.
        value: It.
        note: What belongs to it.
        change: Against the period before: an arrow and how much; "" where there is nothing to compare.
        good: Whether the change is good; None: neither.
        said: The change in words.
    """

    name: str
    value: str
    note: str = ""
    change: str = ""
    good: bool | None = None
    said: str = ""


def amount(count: float) -> str:
    """12,345 and 3.21M: as many digits as a person compares."""
    for size, letter in _UNITS:
        if count >= size and count >= _EXACT_BELOW:
            return f"{count / size:.3g}{letter}"
    return f"{count:,.0f}"


def tiles(now: Totals, before: Totals | None, period: str) -> list[Tile]:
    """The figures of a period.

    Args:
        now: What it came to.
        before: What the period of the same length before it came to; None: it is not compared.
        period: What that one is called, such as "the 24 hours before".
    """
    compared = before if before is not None and before.requests else None

    def tile(
        name: str,
        value: Callable[[Totals], float | None],
        shown: Callable[[float], str],
        note: str = "",
        *,
        good: int = 0,
        change: Callable[[float, float], tuple[str, str, int]] | None = None,
    ) -> Tile:
        here = value(now)
        text = _NOTHING if here is None else shown(here)
        there = None if compared is None else value(compared)
        if here is None or there is None:
            return Tile(name, text, note)
        mark, words, way = (change or _relative)(here, there)
        said = f"{words} {period} ({shown(there)})" if words else ""
        return Tile(name, text, note, mark, None if not good * way else good * way > 0, said)

    asked = max(1, now.requests)
    return [
        tile("Requests", lambda one: one.requests, amount),
        tile(
            "Answered",
            lambda one: one.answered + one.cached,
            amount,
            _share(now.answered + now.cached, asked),
        ),
        tile("Failed", lambda one: one.failed + one.unknown, amount, _unknown(now), good=-1),
        tile("Error rate", lambda one: one.error_rate, _percent, good=-1, change=_points),
        tile("From the ledger", lambda one: one.cached, amount, _share(now.cached, asked), good=1),
        tile("Tokens", lambda one: one.input_tokens + one.output_tokens, amount, _in_out(now)),
        tile("Spent, USD", lambda one: one.cost_pusd, _usd),
        tile(
            "Saved, USD",
            lambda one: one.saved_pusd,
            _usd,
            "by the ledger" if now.saved_pusd else "",
            good=1,
        ),
        tile("USD per 1,000", _per_thousand, _usd, "answers" if now.answered else "", good=-1),
        tile("Latency, median", lambda one: one.p50_ms, latency, good=-1),
        tile("Latency, p95", lambda one: one.p95_ms, latency, good=-1),
        tile("Latency, p99", lambda one: one.p99_ms, latency, good=-1),
    ]


def _relative(here: float, there: float) -> tuple[str, str, int]:
    """The change as a mark, in words, and its way: 1, 0 or -1."""
    if here == there:
        return f"{_SAME}", "as in", 0
    if not there:
        return f"{_UP} new", "none in", 1
    ratio = here / there
    if ratio >= _MANY:
        return f"{_UP} {TIMES}{ratio:,.0f}", f"{ratio:,.0f} times as much as in", 1
    if ratio > 1:
        return f"{_UP} {_parts(ratio - 1)}", f"{_parts(ratio - 1)} more than in", 1
    return f"{_DOWN} {_parts(1 - ratio)}", f"{_parts(1 - ratio)} less than in", -1


def _points(here: float, there: float) -> tuple[str, str, int]:
    """The change of a share, in percentage points."""
    points = (here - there) * 100
    size = f"{abs(points):.1f}"
    if size == "0.0":
        return _SAME, "as in", 0
    mark, word, way = (_UP, "more", 1) if points > 0 else (_DOWN, "less", -1)
    return f"{mark} {size} pp", f"{size} percentage points {word} than in", way


def _parts(share: float) -> str:
    return f"{share:.1%}" if share < _SMALL else f"{share:.0%}"


def _percent(share: float) -> str:
    return f"{share:.2%}" if 0 < share < _SMALL / 10 else f"{share:.1%}"


def _share(part: int, of: int) -> str:
    return f"{part / of:.0%} of all" if part else ""


def _unknown(now: Totals) -> str:
    return f"{now.unknown:,} perhaps paid" if now.unknown else ""


def _in_out(now: Totals) -> str:
    if not now.input_tokens + now.output_tokens:
        return ""
    return joined([f"{amount(now.input_tokens)} in", f"{amount(now.output_tokens)} out"])


def _usd(pusd: float) -> str:
    return format_usd(round(pusd))


def _per_thousand(one: Totals) -> float | None:
    """What a thousand answers of the server cost; what failed and is paid for included."""
    return 1_000 * one.cost_pusd / one.answered if one.answered and one.cost_pusd else None
