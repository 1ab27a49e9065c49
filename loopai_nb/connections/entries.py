"""Reading the entries of one saved connection: names, texts as secrets, numbers."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from loopai_nb.errors import SettingsError
from loopai_nb.redaction import Secret, mask_text, mask_url, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["check", "quoted", "seconds", "text"]

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,63}", re.ASCII)

LONGEST_S = 86_400.0


def check(name: str, table: Mapping[str, object], keys: Iterable[str]) -> None:
    """Refuse what is no name, and entries that there are not.

    Raises:
        SettingsError: One of them.
    """
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f'"{visible(mask_url(mask_text(name)), one_line=True)[:80]}" is no name for a connection.',
            "Use letters, digits, - and _ (64 at most).",
        )
    unknown = sorted(set(table) - set(keys))
    if unknown:
        raise SettingsError(f'"{name}" has an unknown entry "{unknown[0]}".', f"Known: {', '.join(keys)}.")


def text(table: Mapping[str, object], key: str) -> Secret:
    """An entry's text; empty where there is none.

    Raises:
        SettingsError: It is no text.
    """
    value = table.get(key)
    if value is None:
        return Secret("")
    if not isinstance(value, Secret):
        raise SettingsError(f'The entry "{key}" is no text.', "Write it in quotes.")
    return value


def seconds(table: Mapping[str, object], key: str) -> float | None:
    """An entry's number of seconds, more than 0 and a day at most; None where there is none.

    Raises:
        SettingsError: It is something else.
    """
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SettingsError(f'The entry "{key}" is no number.', "Write seconds without quotes, such as 30.")
    if not math.isfinite(value) or not 0 < value <= LONGEST_S:
        raise SettingsError(f'The entry "{key}" is {value}.', "Write seconds, more than 0, to 86400.")
    return float(value)


def quoted(value: str) -> str:
    """A TOML basic string: JSON's escapes, and the one control character that JSON leaves alone."""
    import json

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
