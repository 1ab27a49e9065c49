"""How much work one rendering may do, counted and not timed, so that it ends alike on every machine."""

from __future__ import annotations

from typing import Any

from jinja2.exceptions import SecurityError

__all__ = ["MOST_CHARACTERS", "MOST_STEPS", "Meter"]

MOST_STEPS = 200_000
"""Steps of one rendering: turns of loops, calls, filters, and the size of what they touch."""

MOST_CHARACTERS = 10_000_000
"""Most characters of any one value that a template makes (its input may be longer)."""

_CHARACTERS_PER_STEP = 1_000  # copying text is a memcpy
_PARTS_PER_STEP = 50  # looking at each part of a list is Python's work
_CHARACTERS_PER_PART = 50  # so that a list that is made has at most 200,000
_LEAST_PER_TEXT = 10  # and one of short texts a million: going through more takes seconds
_PARTS = (list, tuple, set, frozenset, dict)


class Meter:
    """Counts down the steps that a rendering has left. Not for two threads at once.

    Every method raises ``SecurityError`` where the work or a value gets too large, before the value is made
    wherever its size can be known.
    """

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MOST_STEPS

    def reset(self) -> None:
        """Begin the next rendering."""
        self.left = MOST_STEPS

    def take(self, steps: int = 1) -> None:
        """Count steps."""
        self.left -= steps
        if self.left < 0:
            raise SecurityError(f"rendering it takes more than {MOST_STEPS:,} steps")

    def make(self, characters: int) -> None:
        """Count a text that is about to be made."""
        if characters > MOST_CHARACTERS:
            raise SecurityError(f"a value of more than {MOST_CHARACTERS:,} characters")
        self.take(1 + characters // _CHARACTERS_PER_STEP)

    def look(self, value: Any) -> Any:
        """Count what it takes to go through a value once, and hand it back."""
        if isinstance(value, str):
            self.take(1 + len(value) // _CHARACTERS_PER_STEP)
        elif hasattr(value, "__len__"):
            self.take(1 + len(value) // _PARTS_PER_STEP)
        else:
            self.take()
        return value

    def keep(self, value: Any) -> Any:
        """Count a value that was made, and hand it back.

        A list that holds one list twice counts it twice: written out, it is twice as long.
        """
        if isinstance(value, str):
            self.make(len(value))
        elif isinstance(value, _PARTS):
            self.take(1 + self.size(value) // (_PARTS_PER_STEP * _CHARACTERS_PER_PART))
        return value

    def size(self, value: Any) -> int:
        """About how many characters a value is when written out."""
        total = 0
        waiting = [value]
        while waiting:
            part = waiting.pop()
            total += max(len(part), _LEAST_PER_TEXT) if isinstance(part, str) else _CHARACTERS_PER_PART
            if total > MOST_CHARACTERS:
                raise SecurityError(f"a value of more than {MOST_CHARACTERS:,} characters")
            if isinstance(part, dict):
                waiting.extend(part.keys())
                waiting.extend(part.values())
            elif isinstance(part, _PARTS):
                waiting.extend(part)
        return total
