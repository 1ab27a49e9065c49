"""What a caller gives to a plan, checked before anything is rendered or stored."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_frame", "checked_extra", "checked_number", "checked_text", "spread"]

_DEEPEST = 100
_MOST_INT = 2**64 - 1
_LEAST_INT = -(2**63)


def check_frame(frame: object, name: str) -> pd.DataFrame:
    """The frame that is asked about.

    Raises:
        InputError: It is none.
    """
    import pandas as pd

    if isinstance(frame, pd.DataFrame):
        return frame
    hint = (
        "Make it one: series.to_frame()" if isinstance(frame, pd.Series) else "Make it one: pd.DataFrame(...)"
    )
    raise InputError(f"{name} is a {type(frame).__name__}, not a DataFrame.", hint)


def spread(frame: pd.DataFrame, n: int) -> pd.DataFrame:
    """So many rows of a frame, evenly spread over it, in its order.

    Raises:
        InputError: Fewer than one.
    """
    n = checked_number(n, "pilot", whole=True)
    if n < 1:
        raise InputError(f"pilot is {n}; it has to be at least 1.")
    n = min(n, len(frame))
    return frame.iloc[[position * len(frame) // n for position in range(n)]]


def checked_text(text: str, what: str) -> str:
    """A text that can be stored and sent.

    Raises:
        InputError: It is no text, or holds half of a surrogate pair.
    """
    if not isinstance(text, str):
        raise InputError(f"{what} is a {type(text).__name__}, and has to be text.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(f"{what} holds half of a surrogate pair, which is no text.") from None
    return text


def checked_number(value: Any, what: str, *, whole: bool) -> Any:
    """A number, of whatever type.

    Raises:
        InputError: It is none, or has a fraction where it has to be whole.
    """
    try:
        number = float(value) if not isinstance(value, str | bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if math.isnan(number) or (whole and not number.is_integer()):
        raise InputError(f"{what} is {value!r}; it has to be a{' whole' if whole else ''} number.")
    return int(value) if whole else number


def checked_extra(extra: Mapping[str, object] | None) -> dict[str, Any]:
    """Further fields for the model server as plain JSON values; a copy, which a caller can't change any more.

    Raises:
        InputError: A value or key that JSON does not have.
    """
    if extra is None:
        return {}
    if not isinstance(extra, Mapping):
        raise InputError(f"extra is a {type(extra).__name__}; it has to be a dict of further fields.")
    plain: dict[str, Any] = _plain(extra, "extra", 0)
    return plain


def _plain(value: object, where: str, depth: int) -> Any:
    if depth > _DEEPEST:
        raise InputError("extra is nested too deeply, or holds itself.")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return checked_text(str(value), where)
    if isinstance(value, int) and _LEAST_INT <= value <= _MOST_INT:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, list | tuple):
        return [_plain(item, where, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {_key(key, where): _plain(item, f"{where}[{key!r}]", depth + 1) for key, item in value.items()}
    shown = repr(value) if isinstance(value, int | float) else f"a {type(value).__name__}"
    raise InputError(
        f"{_short(where)} is {_short(shown)}, which JSON does not have.",
        "Use text, numbers, True, False, None, lists and dicts of them.",
    )


def _key(key: object, where: str) -> str:
    if isinstance(key, str):
        return checked_text(str(key), f"A key in {_short(where)}")
    raise InputError(f"A key in {_short(where)} is a {type(key).__name__}; JSON's keys are text.")


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004  (a line of a message)
