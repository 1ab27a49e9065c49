"""How far two people, or a model and a label, say the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Agreement", "Category", "agreement_of"]


@dataclass(frozen=True, slots=True)
class Category:
    """How often one thing was said.

    Attributes:
        first: By the first.
        second: By the second.
        both: By both of the same row.
    """

    first: int
    second: int
    both: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two said of the same rows.

    Attributes:
        n: Rows of which both said something.
        agreed: Rows of which they said the same.
        kappa: Cohen's kappa, -1 to 1: 1 where they always agree, 0 where they agree as often as by chance;
            None where chance alone would have them agree always, or there are no rows.
        categories: By what was said, the most frequent first.
        cross: How often the first said one thing and the second another, by both.
    """

    n: int
    agreed: int
    kappa: float | None
    categories: Mapping[str, Category]
    cross: Mapping[tuple[str, str], int]

    @property
    def share(self) -> float | None:
        """Of the rows those of which they said the same, 0 to 1 (of a label: accuracy); None of none."""
        return self.agreed / self.n if self.n else None

    def __str__(self) -> str:
        if not self.n:
            return "no row of which both say something"
        kappa = "no kappa, since both always say one thing" if self.kappa is None else f"κ {self.kappa:.2f}"
        return f"{self.agreed:,} of {self.n:,} the same ({self.agreed / self.n:.0%}), {kappa}"


def agreement_of(first: Sequence[str], second: Sequence[str]) -> Agreement:
    """Compare what two said, row by row.

    Cohen's kappa is ``(p_o - p_e) / (1 - p_e)`` with ``p_o`` the share of rows of which both say the same and
    ``p_e`` the sum over categories of the product of both shares: J. Cohen, "A coefficient of agreement for
    nominal scales", Educational and Psychological Measurement 20 (1960), pages 37 to 46, formula (1).

    Args:
        first: What one said of each row.
        second: What the other said of it.

    Raises:
        InputError: They are not as many.
    """
    if len(first) != len(second):
        raise InputError(f"There are {len(first):,} on one side and {len(second):,} on the other.")
    n = len(first)
    cross = Counter(zip(first, second, strict=True))
    ones, others = Counter(first), Counter(second)
    agreed = sum(count for (one, other), count in cross.items() if one == other)
    # In whole numbers, n times n of everything: exact, and no rounding makes 1 - p_e a tiny thing.
    chance = sum(ones[name] * others[name] for name in ones)
    kappa = (n * agreed - chance) / (n * n - chance) if n * n != chance else None
    names = sorted(ones.keys() | others.keys(), key=lambda name: (-ones[name] - others[name], name))
    categories = {name: Category(ones[name], others[name], cross[name, name]) for name in names}
    return Agreement(n, agreed, kappa, categories, dict(cross))
