"""Values of labels, as many as a database of metrics bears: what is beyond is told together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.redaction import mask_text, visible
from loopai_nb.telemetry.names import OTHER

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["Capped", "label"]

_LONGEST = 120


class Capped:
    """Lets the first so many values through, and calls every further one ``other``.

    Args:
        most: How many are told apart.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: set[Hashable] = set()

    def takes(self, value: Hashable) -> bool:
        """Whether a value is told apart; it stays so."""
        if value not in self._known and len(self._known) < self._most:
            self._known.add(value)
        return value in self._known

    def __call__(self, value: str) -> str:
        """The value, or ``other``."""
        return value if self.takes(value) else OTHER


def label(text: str) -> str:
    """A value as it may be shown: without secrets, in one visible line, of 120 characters at most."""
    shown = visible(mask_text(text), one_line=True)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
