"""What a user's own calls cost: counted exactly, held against a budget."""

from __future__ import annotations

import logging
import operator
import threading
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from loopai_nb.errors import BudgetExceeded, InputError
from loopai_nb.pricing import PUSD_PER_USD, format_usd, price_of, pusd, usd

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CostTracker"]

_LOG = logging.getLogger(__name__)
_PER = 1_000
_WARN_PERCENT = 80
_MOST_TOKENS = 10**12


class CostTracker:
    """Adds up what calls cost, by their tokens.

    Money is exact: whole numbers inside and ``Decimal`` outside. Safe to use from several threads.

    Args:
        input_usd_per_1k: USD per 1,000 input tokens, 0 or more; a text, a ``Decimal``, or a float as it
            is written.
        output_usd_per_1k: The same for output tokens.
        budget_usd: Most that all calls may cost together; None for no limit.
        on_warning: Called once with this tracker when 80% of the budget are spent; by default that is logged
            as a warning.

    Raises:
        InputError: An amount that is NaN, infinite, negative or no number.
    """

    def __init__(
        self,
        input_usd_per_1k: Decimal | float | str,
        output_usd_per_1k: Decimal | float | str,
        budget_usd: Decimal | float | str | None = None,
        *,
        on_warning: Callable[[CostTracker], object] | None = None,
    ) -> None:
        # Picodollars for a thousand tokens: sums are kept in thousandths of a picodollar and never round.
        self._input_price = pusd(input_usd_per_1k)
        self._output_price = pusd(output_usd_per_1k)
        self._budget = None if budget_usd is None else pusd(budget_usd) * _PER
        self._on_warning = on_warning
        self._lock = threading.Lock()
        self._calls = 0
        self._input_tokens = 0
        self._output_tokens = 0
        self._warned = False

    @classmethod
    def for_model(
        cls,
        model: str,
        base_url: str = "",
        budget_usd: Decimal | float | str | None = None,
        *,
        on_warning: Callable[[CostTracker], object] | None = None,
        at: datetime | None = None,
    ) -> Self:
        """A tracker with the price that the price list has for a model; the dearest of its tiers and hours.

        Args:
            model: Its name.
            base_url: Its server's, one in the own network is free; "" for the model's maker.
            budget_usd: As above.
            on_warning: As above.
            at: Prices are dated; by default now.

        Raises:
            InputError: No price is known; or see above.
        """
        price = price_of(model, base_url, at=at or datetime.now(UTC))
        if price is None:
            raise InputError(
                f"No price is known for {model}{f' at {base_url}' if base_url else ''}.",
                "Give it: CostTracker(input_usd_per_1k=..., output_usd_per_1k=...)",
            )
        return cls(
            usd(price.input_pusd_per_token * _PER),
            usd(price.output_pusd_per_token * _PER),
            budget_usd,
            on_warning=on_warning,
        )

    def add(self, input_tokens: int, output_tokens: int) -> Decimal:
        """Count one call.

        Args:
            input_tokens: 0 or more.
            output_tokens: 0 or more.

        Returns:
            What this call cost, in USD.

        Raises:
            BudgetExceeded: With this call, more is spent than the budget. The call is counted all the same,
                since it was paid: keep its answer before you add it.
            InputError: Tokens that are no whole numbers from 0; nothing was counted.
        """
        given, got = _tokens(input_tokens, "input_tokens"), _tokens(output_tokens, "output_tokens")
        with self._lock:
            self._calls += 1
            self._input_tokens += given
            self._output_tokens += got
            spent = self._spent()
            warns = not self._warned and self._is_near(spent)
            self._warned = self._warned or warns
        if warns:
            self._warn(spent, self._budget or 0)
        if self._budget is not None and spent > self._budget:
            raise BudgetExceeded(
                f"{_shown(spent)} of {_shown(self._budget)} USD are spent.",
                "Stop here, or take a new budget.",
            )
        return _as_usd(self._cost(given, got))

    def check(self, input_tokens: int = 1, output_tokens: int = 1) -> None:
        """Make sure, before a call, that it fits into the budget.

        Threads that check at the same moment do not know of each other's calls.

        Args:
            input_tokens: Most that the call may send; 0 or more.
            output_tokens: Most that it may get (``max_tokens``); 0 or more.

        Raises:
            BudgetExceeded: With such a call, more would be spent than the budget. Nothing was counted.
            InputError: Tokens that are no whole numbers from 0.
        """
        most = self._cost(_tokens(input_tokens, "input_tokens"), _tokens(output_tokens, "output_tokens"))
        with self._lock:
            spent = self._spent()
        if self._budget is not None and spent + most > self._budget:
            raise BudgetExceeded(
                f"{_shown(spent)} of {_shown(self._budget)} USD are spent, and the next call may cost "
                f"{_shown(most)}.",
                "Stop here, or take a new budget.",
            )

    @property
    def calls(self) -> int:
        """Calls that were added."""
        return self._calls

    @property
    def input_tokens(self) -> int:
        """Input tokens of all calls."""
        return self._input_tokens

    @property
    def output_tokens(self) -> int:
        """Output tokens of all calls."""
        return self._output_tokens

    @property
    def total_usd(self) -> Decimal:
        """What all calls cost, exactly."""
        with self._lock:
            return _as_usd(self._spent())

    @property
    def mean_usd(self) -> Decimal:
        """What a call cost on average; 0 before the first."""
        with self._lock:
            return _as_usd(self._spent()) / self._calls if self._calls else Decimal(0)

    @property
    def budget_usd(self) -> Decimal | None:
        """The budget; None for no limit."""
        return None if self._budget is None else _as_usd(self._budget)

    @property
    def remaining_usd(self) -> Decimal | None:
        """What is left of the budget, 0 at the least; None without a budget."""
        if self._budget is None:
            return None
        with self._lock:
            return _as_usd(max(0, self._budget - self._spent()))

    def __repr__(self) -> str:
        with self._lock:
            calls, spent = self._calls, self._spent()
        of = "" if self._budget is None else f" of {_shown(self._budget)}"
        return f"<CostTracker {_shown(spent)}{of} USD in {calls:,} call{'' if calls == 1 else 's'}>"

    def _cost(self, input_tokens: int, output_tokens: int) -> int:
        """Thousandths of a picodollar."""
        return input_tokens * self._input_price + output_tokens * self._output_price

    def _spent(self) -> int:
        return self._cost(self._input_tokens, self._output_tokens)

    def _is_near(self, spent: int) -> bool:
        return self._budget is not None and spent > 0 and spent * 100 >= self._budget * _WARN_PERCENT

    def _warn(self, spent: int, budget: int) -> None:
        if self._on_warning is not None:
            self._on_warning(self)
        else:
            _LOG.warning("%s of %s USD are spent", _shown(spent), _shown(budget))


def _as_usd(thousandths: int) -> Decimal:
    """Exactly, however long: from text, since arithmetic rounds to 28 digits."""
    whole, part = divmod(thousandths, PUSD_PER_USD * _PER)
    return Decimal(f"{whole}.{part:015d}".rstrip("0"))


def _shown(thousandths: int) -> str:
    return format_usd(-(-thousandths // _PER))


def _tokens(value: int, name: str) -> int:
    try:
        count = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        count = -1
    if not 0 <= count <= _MOST_TOKENS:
        raise InputError(f"{name} is {value!r}; it has to be a whole number of tokens from 0.")
    return count
