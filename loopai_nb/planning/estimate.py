"""What a plan will cost and how long it will take, as intervals; and what it can cost at most."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from loopai_nb.planning.worst_case import MESSAGE_OVERHEAD_TOKENS, most_answer_tokens, worst_case_pusd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loopai_nb.pricing import Price
    from loopai_nb.records import Parameters

__all__ = [
    "BYTES_PER_TOKEN",
    "MESSAGE_OVERHEAD_TOKENS",
    "Estimate",
    "estimate",
    "estimate_tokens",
    "typical_latency_ms",
    "worst_case_pusd",
]

BYTES_PER_TOKEN = 4
"""Of an expected token: the usual rule for English and for code."""

# English comes to some 5 bytes a token at the most, figures, CSV and Chinese to 2 or 3.
_INPUT_LEAST, _INPUT_MOST = 0.75, 2
# A server under load answers later than it did, one with room to spare sooner.
_TIME_LEAST, _TIME_MOST = 0.8, 1.5
_FEWEST_LATENCIES = 3


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of what would be sent; answers from the ledger cost nothing.

    Attributes:
        rows: Rows of the frame.
        distinct: Distinct requests.
        cached: Answered from the ledger.
        to_send: Distinct requests that would be sent.
        input_tokens: Expected.
        output_tokens_low: Of all answers, at the least: one token each.
        output_tokens_high: Of all answers, at the most: all that may be written.
        cost_low_pusd: Picodollars, of the shortest answers and a text of few tokens; None without a price.
        cost_high_pusd: Picodollars, of the longest answers and a text of many tokens; None without a price.
        worst_case_pusd: Picodollars that are reserved in all, which nothing exceeds; None without a price.
        time_low_s: Seconds; None where no latency is known.
        time_high_s: Seconds; None where no latency is known.
    """

    rows: int
    distinct: int
    cached: int
    to_send: int
    input_tokens: int
    output_tokens_low: int
    output_tokens_high: int
    cost_low_pusd: int | None
    cost_high_pusd: int | None
    worst_case_pusd: int | None
    time_low_s: float | None
    time_high_s: float | None


def estimate_tokens(text: str) -> int:
    """Expected tokens of a text by its length: a quarter of its bytes, rounded up."""
    size = len(text) if text.isascii() else len(text.encode())
    return -(size // -BYTES_PER_TOKEN)


def typical_latency_ms(latencies_ms: Iterable[float | None]) -> float | None:
    """Mean of what earlier requests to the same server and model took, which tells how long many take.

    Args:
        latencies_ms: Milliseconds each, such as of the last hundred answers; None, 0 (answered by the ledger)
            and what is no number are passed over.

    Returns:
        Milliseconds for ``estimate``; None for fewer than three, for the first may have loaded the model.
    """
    known = [value for value in latencies_ms if value is not None and math.isfinite(value) and value > 0]
    return fmean(known) if len(known) >= _FEWEST_LATENCIES else None


def estimate(
    *,
    rows: int,
    distinct: int,
    cached: int,
    input_tokens: int,
    worst_case_pusd: int,
    parameters: Parameters,
    price: Price | None,
    concurrency: int,
    latency_ms: float | None = None,
) -> Estimate:
    """An estimate from sums, so that it needs no list of prompts.

    How long answers get nobody knows before, so that their interval is all that is possible.

    Args:
        rows: Rows of the frame.
        distinct: Distinct requests.
        cached: Of these, answered from the ledger.
        input_tokens: Expected input tokens of what would be sent.
        worst_case_pusd: Sum of the worst cases of what would be sent.
        parameters: Of the plan.
        price: None where nobody knows it.
        concurrency: Requests in flight at most.
        latency_ms: Of one request, where earlier runs tell; see ``typical_latency_ms``.

    Raises:
        InputError: A count or limit among the extra fields is no whole number from 1 on.
    """
    to_send = distinct - cached
    answer_tokens = most_answer_tokens(parameters)
    low, high = to_send, to_send * answer_tokens
    input_low = int(input_tokens * _INPUT_LEAST)
    input_high = input_tokens * _INPUT_MOST + to_send * MESSAGE_OVERHEAD_TOKENS
    time_s = None if latency_ms is None else math.ceil(to_send / concurrency) * latency_ms / 1000
    return Estimate(
        rows=rows,
        distinct=distinct,
        cached=cached,
        to_send=to_send,
        input_tokens=input_tokens,
        output_tokens_low=low,
        output_tokens_high=high,
        cost_low_pusd=None if price is None else min(price.cost_pusd(input_low, low), worst_case_pusd),
        cost_high_pusd=None if price is None else min(price.cost_pusd(input_high, high), worst_case_pusd),
        worst_case_pusd=None if price is None else worst_case_pusd,
        time_low_s=None if time_s is None else time_s * _TIME_LEAST,
        time_high_s=None if time_s is None else time_s * _TIME_MOST,
    )
