"""Personal data in text replaced by what it was: ``[email]``, ``[phone]``, ``[card]``, ``[national_id]``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

__all__ = ["RULES", "Redactor"]

RULES = ("email", "phone", "card", "national_id")
"""Names of the rules, as the setting ``redact`` takes them."""


class Redactor:
    """Replaces personal data by the name of its kind.

    Args:
        rules: Any of ``RULES``, in any order; empty leaves every text as it is.

    Raises:
        ValueError: A rule is unknown.
    """

    __slots__ = ("_digits", "_steps", "rules")

    def __init__(self, rules: Sequence[str] = ()) -> None:
        for rule in rules:
            if rule not in RULES:
                raise ValueError(f'no redaction rule "{rule}"; there are {", ".join(RULES)}')
        self.rules: tuple[str, ...] = tuple(rule for rule in RULES if rule in rules)
        # From the most particular to the least: a card's digits are not to be taken for a phone number.
        self._steps: tuple[tuple[str, Callable[[str], tuple[str, int]]], ...] = ()
        self._digits: re.Pattern[str] | None = None
        if self.rules:
            # Compiling the patterns takes longer than importing the rest of the package.
            from loopai_nb.redaction import patterns

            self._steps = tuple((rule, step) for rule, step in patterns.STEPS if rule in self.rules)
            self._digits = patterns.DIGITS

    def __bool__(self) -> bool:
        return bool(self.rules)

    def __repr__(self) -> str:
        return f"Redactor({self.rules!r})"

    def redact(self, text: str) -> tuple[str, dict[str, int]]:
        """Mask what the rules find.

        Args:
            text: Any length; time is linear in it.

        Returns:
            The text, each finding replaced by its rule's name in brackets, and the number of findings by
            rule (rules that found nothing are left out).
        """
        counts: dict[str, int] = {}
        enough_digits = self._digits is not None and self._digits.search(text) is not None
        for rule, step in self._steps:
            if not enough_digits and rule != "email":
                continue
            text, n = step(text)
            if n:
                counts[rule] = n
        return text, counts

    def redact_value(self, value: Any) -> Any:
        """A JSON value whose texts are masked; a number that a rule finds becomes its rule's name as text.

        The names of an object's fields stay.
        """
        if isinstance(value, str):
            return self.redact(value)[0]
        if isinstance(value, dict):
            return {name: self.redact_value(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.redact_value(one) for one in value]
        if isinstance(value, int | float) and not isinstance(value, bool):
            masked, counts = self.redact(str(value))
            return masked if counts else value
        return value
