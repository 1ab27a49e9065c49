"""Secrets taken out of what is told elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.redaction import mask_text, visible

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Masker"]

_LONGEST = 8_000
_MOST_KEPT = 512
_SHORT = 200
"""Characters of a name or an id; what is longer hardly comes again."""


class Masker:
    """Masks secrets in texts; of those that come again and again the result is kept.

    Args:
        secrets: Known values; beside them, whatever looks like one is masked.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = frozenset(secrets)
        self._kept: dict[str, str] = {}

    def learn(self, secrets: Iterable[str]) -> None:
        """Mask these values from now on, too."""
        self._secrets |= frozenset(secrets)
        self._kept = {}

    def line(self, text: str) -> str:
        """The text without secrets, in one visible line of 8,000 characters at most."""
        kept = self._kept.get(text)
        if kept is None:
            # Masked before it is cut, or half a secret would be left.
            kept = visible(mask_text(text, self._secrets), one_line=True)
            if len(kept) > _LONGEST:
                kept = f"{kept[:_LONGEST]}…"
            if len(text) <= _SHORT:
                if len(self._kept) >= _MOST_KEPT:
                    self._kept = {}
                self._kept[text] = kept
        return kept

    def whole(self, text: str) -> str:
        """The whole text without secrets; what no encoding takes is spelled out."""
        return visible(mask_text(text, self._secrets))

    def __repr__(self) -> str:
        return "Masker(***)"
