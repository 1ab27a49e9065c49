"""One line a record, in logfmt or JSON: nothing in it can end the line or hide, and no secret is in it."""

from __future__ import annotations

import json
import logging
import re
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FIELDS", "JsonLines", "Logfmt"]

FIELDS = "loopai_fields"
"""Under this name of ``extra`` a record carries what is said of it beside the sentence, by field."""

_BARE = re.compile(r"[^\s\"=\\]+")


class _Lines(logging.Formatter):
    """What the two forms have in common.

    Args:
        mask: Takes the secrets out of a text.
    """

    def __init__(self, mask: Callable[[str], str]) -> None:
        super().__init__()
        self._mask = mask

    def parts(self, record: logging.LogRecord) -> dict[str, Any]:
        """What a line holds, by field, masked."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        parts: dict[str, Any] = {
            "ts": f"{at}.{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "msg": self._mask(record.getMessage()),
        }
        for name, value in (getattr(record, FIELDS, None) or {}).items():
            if value is not None:
                parts[name] = value if isinstance(value, int | float) else self._mask(str(value))
        if record.exc_info and record.exc_info[0] is not None:
            parts["error"] = record.exc_info[0].__name__
            parts["trace"] = self._mask(self.formatException(record.exc_info))
        return parts


class Logfmt(_Lines):
    """``ts=... level=INFO logger=... msg="..." run=r-204e``."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return " ".join(f"{name}={_said(value)}" for name, value in self.parts(record).items())


class JsonLines(_Lines):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return json.dumps(self.parts(record), ensure_ascii=False)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value)
    if _BARE.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
