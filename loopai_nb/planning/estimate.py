"""What a plan will cost and how long it will take, as intervals: from earlier answers, or by length."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from loopai_nb.planning.intervals import Interval, predicted_sum
from loopai_nb.planning.worst_case import MESSAGE_OVERHEAD_TOKENS, most_answer_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loopai_nb.pricing import Price
    from loopai_nb.records import Parameters

__all__ = ["BYTES_PER_TOKEN", "FEWEST", "Estimate", "Observed", "Sample", "estimate", "estimate_tokens"]

BYTES_PER_TOKEN = 4
"""Of an expected token: the usual rule for English and for code."""

FEWEST = 5
"""Earlier answers that an expectation needs; with fewer the interval by length is the more honest."""

# English comes to some 5 bytes a token at the most, figures, CSV and Chinese to 2 or 3.
_INPUT_LEAST, _INPUT_MOST = 0.75, 2


Costs: TypeAlias = "tuple[int, int, int] | None"
"""Picodollars, low, expected and high; None without a price."""


class Observed(Protocol):
    """An earlier request that was answered; see ``Sample``."""

    @property
    def estimated_tokens(self) -> int:
        """Input tokens as they were expected by length."""

    @property
    def input_tokens(self) -> int:
        """As charged; 0 where the server did not say."""

    @property
    def output_tokens(self) -> int:
        """As charged; 0 where the server did not say."""

    @property
    def latency_ms(self) -> float:
        """Milliseconds from request to answer; 0 where nothing was measured."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One earlier answered request of the same ``history_key``.

    Attributes:
        estimated_tokens: Input tokens as they were expected by length.
        input_tokens: As charged; 0 where the server did not say.
        output_tokens: As charged; 0 where the server did not say.
        latency_ms: Milliseconds from request to answer; 0 where nothing was measured.
    """

    estimated_tokens: int
    input_tokens: int
    output_tokens: int
    latency_ms: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of what would be sent; answers from the ledger cost nothing.

    Attributes:
        rows: Rows of the frame.
        distinct: Distinct requests.
        cached: Answered from the ledger.
        to_send: Distinct requests that would be sent.
        input_tokens: Expected.
        output_tokens_low: Of all answers: one token each, or the 90% interval's low end.
        output_tokens_high: Of all answers: all that may be written, or the 90% interval's high end.
        cost_low_pusd: Picodollars, low end; None without a price.
        cost_high_pusd: Picodollars, high end; None without a price.
        worst_case_pusd: Picodollars that are reserved where each is sent once, which that never exceeds; what
            is sent again is reserved anew, and counts against the budget. None without a price.
        time_low_s: Seconds, low end; None where no latency is known.
        time_high_s: Seconds, high end; None where no latency is known.
        output_tokens: Expected of all answers; None without a history.
        cost_pusd: Picodollars, expected; None without a price or without a history.
        time_s: Seconds, expected; None where no latency is known.
        basis: ``"history"``: ends of tokens and cost are a 90% prediction interval from earlier answers.
            ``"length"``: from the shortest to the longest answers that are possible.
        history_n: Earlier answers that it is told from; 0 by length.
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
    output_tokens: int | None = None
    cost_pusd: int | None = None
    time_s: float | None = None
    basis: Literal["length", "history"] = "length"
    history_n: int = 0


def estimate_tokens(text: str) -> int:
    """Expected tokens of a text by its length: a quarter of its bytes, rounded up."""
    size = len(text) if text.isascii() else len(text.encode())
    return -(size // -BYTES_PER_TOKEN)


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
    history: Sequence[Observed] = (),
    requests_per_min: float | None = None,
    tokens_per_min: float | None = None,
) -> Estimate:
    """An estimate from sums, so that it needs no list of prompts.

    With five earlier answers it is a 90% prediction interval; see ``predicted_sum`` for how well it holds.
    It holds as long as these rows and the server are as they were. Without them nobody knows how long
    answers get, so that their interval is all that is possible, and the time is unknown.

    Args:
        rows: Rows of the frame.
        distinct: Distinct requests.
        cached: Of these, answered from the ledger.
        input_tokens: Expected input tokens by length of what would be sent.
        worst_case_pusd: Sum of the worst cases of what would be sent.
        parameters: Of the plan.
        price: None where nobody knows it.
        concurrency: Requests in flight at most.
        history: Earlier requests of the same ``history_key`` that were answered, the newest 1,000 at most.
        requests_per_min: Most requests a minute, where it is limited.
        tokens_per_min: Most tokens a minute, where it is limited.

    Raises:
        InputError: A count or limit among the extra fields is no whole number from 1 on.
    """
    n = distinct - cached
    most_output = n * most_answer_tokens(parameters)
    told = [s for s in history if min(s.estimated_tokens, s.input_tokens, s.output_tokens) > 0]
    from_history = n > 0 and len(told) >= FEWEST
    if from_history:
        inputs, outputs, costs = _from_history(told, n, max(input_tokens, 1), most_output, price)
    else:
        inputs, outputs, costs = _by_length(n, input_tokens, most_output, price)
    low_pusd, pusd, high_pusd = (
        (None, None, None) if costs is None else [min(cost, worst_case_pusd) for cost in costs]
    )
    latencies = [s.latency_ms for s in history if math.isfinite(s.latency_ms) and s.latency_ms > 0]
    time_s = None
    if len(latencies) >= FEWEST:
        ends = ((inputs.low, outputs.low), (inputs.expected, outputs.expected), (inputs.high, outputs.high))
        slowest_ms = [_limited_ms(n, sum(tokens), requests_per_min, tokens_per_min) for tokens in ends]
        time_s = _time(latencies, n, concurrency, slowest_ms)
    return Estimate(
        rows=rows,
        distinct=distinct,
        cached=cached,
        to_send=n,
        input_tokens=round(inputs.expected),
        output_tokens_low=math.floor(outputs.low),
        output_tokens_high=math.ceil(outputs.high),
        cost_low_pusd=low_pusd,
        cost_high_pusd=high_pusd,
        worst_case_pusd=None if price is None else worst_case_pusd,
        time_low_s=None if time_s is None else time_s.low,
        time_high_s=None if time_s is None else time_s.high,
        output_tokens=round(outputs.expected) if from_history else None,
        cost_pusd=pusd if from_history else None,
        time_s=None if time_s is None else time_s.expected,
        basis="history" if from_history else "length",
        history_n=len(told) if from_history else 0,
    )


def _by_length(
    n: int, input_tokens: int, most_output: int, price: Price | None
) -> tuple[Interval, Interval, Costs]:
    """Input tokens, output tokens and picodollars that are possible; a text's tokens vary too."""
    least, most = int(input_tokens * _INPUT_LEAST), input_tokens * _INPUT_MOST + n * MESSAGE_OVERHEAD_TOKENS
    inputs, outputs = Interval(least, input_tokens, most), Interval(n, most_output, most_output)
    if price is None:
        return inputs, outputs, None
    high = price.cost_pusd(most, most_output)
    return inputs, outputs, (price.cost_pusd(least, n), high, high)


def _from_history(
    told: Sequence[Observed], n: int, input_tokens: int, most_output: int, price: Price | None
) -> tuple[Interval, Interval, Costs]:
    """Input tokens, output tokens and picodollars that are expected, with 90% intervals."""
    charged, expected = [s.input_tokens for s in told], [s.estimated_tokens for s in told]
    answered = [s.output_tokens for s in told]
    inputs = predicted_sum(charged, n, expected, input_tokens)
    outputs = predicted_sum(answered, n)
    outputs = Interval(
        *(min(most_output, end) for end in (outputs.low, outputs.expected, outputs.high)),
    )
    if price is None:
        return inputs, outputs, None
    pusd = price.cost_pusd(round(inputs.expected), round(outputs.expected))
    # What each of the observed would cost were its prompt as long as the coming ones are on the average: so
    # that long prompts that have long answers count as such.
    ratio = sum(charged) / sum(expected)
    longer = inputs.expected / n * len(told) / sum(charged)
    costs = predicted_sum(
        [
            (inputs.expected / n + longer * (s.input_tokens - ratio * s.estimated_tokens))
            * price.input_pusd_per_token
            + s.output_tokens * price.output_pusd_per_token
            for s in told
        ],
        n,
    )
    low = max(min(math.floor(costs.low), pusd), 0)
    return inputs, outputs, (low, pusd, max(math.ceil(costs.high), pusd))


def _limited_ms(n: int, tokens: float, requests_per_min: float | None, tokens_per_min: float | None) -> float:
    """Milliseconds that limits a minute take at the least."""
    return max(
        (n - 1) * 60_000 / requests_per_min if requests_per_min else 0.0,
        tokens * 60_000 / tokens_per_min if tokens_per_min else 0.0,
    )


def _time(latencies_ms: Sequence[float], n: int, concurrency: int, slowest_ms: Sequence[float]) -> Interval:
    """Seconds that ``n`` requests take.

    No shorter than the work shared evenly, and no longer than that and the last request by itself
    (Graham 1969, Bounds on Multiprocessing Timing Anomalies); never shorter than what limits take.
    """
    if n == 0:
        return Interval(0, 0, 0)
    at_once = min(n, concurrency)
    work = predicted_sum(latencies_ms, n)
    longest, last = max(latencies_ms), 1 - 1 / at_once
    low = max(work.low / at_once, min(latencies_ms), slowest_ms[0])
    high = max(work.high / at_once + last * longest, longest, slowest_ms[2])
    expected = max(work.expected / at_once + last * work.expected / n, slowest_ms[1])
    return Interval(low / 1000, min(max(low, expected), high) / 1000, high / 1000)
