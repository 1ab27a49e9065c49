"""What a person sees of a step, and what is stored of it: JSON without secrets, and its digest."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.planning.spec import canonical, nfc
from loopai_nb.redaction import MASK, Redactor, mask_headers, mask_text, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loopai_nb.settings import Settings

__all__ = ["ShownContext"]

_LONGEST_NAME = 200
_LONGEST_JSON = 1_000_000
"""Characters: nobody reads more, and the ledger keeps it."""
_DEEPEST = 20
_MOST_LINES = 40
_LESS = "Give what is to be decided on: counts, names, a few rows."


@dataclass(frozen=True, slots=True)
class ShownContext:
    """A step as it is asked about.

    Attributes:
        name: Of the step.
        context: JSON values, masked.
        explanation: Why it is asked, masked.
    """

    name: str
    context: Any
    explanation: str

    @classmethod
    def of(cls, name: str, context: object, explanation: str, settings: Settings) -> ShownContext:
        """Mask a step's texts.

        Raises:
            InputError: The name is none, or the context is too large to be looked at.
        """
        mask = _Mask(settings)
        made = cls(
            cls.name_of(name, settings),
            mask.value({} if context is None else context),
            mask.text(str(explanation)),
        )
        if len(made.as_json) > _LONGEST_JSON:
            raise _too_much(len(made.as_json))
        return made

    @staticmethod
    def name_of(name: str, settings: Settings) -> str:
        """The name as it is stored.

        Raises:
            InputError: It is none.
        """
        stripped = nfc(name).strip() if isinstance(name, str) else ""
        if not stripped or len(stripped) > _LONGEST_NAME or visible(stripped, one_line=True) != stripped:
            raise InputError(
                f"{name!r:.60} is no name of a step.",
                f"Write one line of up to {_LONGEST_NAME} printable characters, such as publish-2026-11.",
            )
        return _Mask(settings).text(stripped)

    @property
    def as_json(self) -> str:
        """What is stored and shown."""
        return canonical({"context": self.context, "explanation": self.explanation})

    @property
    def digest(self) -> str:
        """Hex SHA-256 over all that is decided on."""
        whole = canonical({"step": self.name, "context": self.context, "explanation": self.explanation})
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()

    def lines(self) -> Iterator[str]:
        """The context as a person reads it in a terminal, cut where it is long."""
        if not self.context:
            return
        text = json.dumps(self.context, indent=2, ensure_ascii=False).splitlines()
        yield from text[:_MOST_LINES]
        if len(text) > _MOST_LINES:
            yield f"... and {len(text) - _MOST_LINES:,} lines more: loopai-nb approvals ID"


class _Mask:
    """Takes secrets, and personal data as the settings say, out of texts and values."""

    def __init__(self, settings: Settings) -> None:
        self._redactor = Redactor(settings.redact)
        self._secrets = settings.secrets

    def text(self, text: str) -> str:
        """A text without them."""
        if len(text) > _LONGEST_JSON:
            raise _too_much(len(text))
        return self._redactor.redact(mask_text(text, self._secrets))[0]

    def value(self, value: object, depth: int = 0) -> Any:
        """A JSON value without them; what is none becomes text."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float) and type(value) in (int, float) and math.isfinite(value):
            return self._redactor.redact_value(value)
        if isinstance(value, Mapping | list | tuple) and depth == _DEEPEST:
            raise InputError(f"The context is nested more than {_DEEPEST} deep.", _LESS)
        if isinstance(value, Mapping):
            return {
                self.text(str(name)): MASK if _is_secret(str(name), one) else self.value(one, depth + 1)
                for name, one in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.value(one, depth + 1) for one in value]
        return self.text(str(value))


def _too_much(size: int) -> InputError:
    return InputError(
        f"The context has {size:,} characters; nobody looks at more than {_LONGEST_JSON:,}.", _LESS
    )


def _is_secret(name: str, value: object) -> bool:
    """Whether a field's name says that what it holds is secret: a text, a number, or a list of them."""
    return not (value is None or isinstance(value, bool)) and mask_headers({name: "-"})[name] == MASK
