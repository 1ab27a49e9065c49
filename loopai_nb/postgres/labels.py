"""The index of a pulled frame from the key of its rows, so that a later pull has the same labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["by_key", "key_columns"]


def key_columns(key: str | Sequence[str] | None, columns: Sequence[str] | None) -> tuple[str, ...]:
    """Return the columns of a key as it was given: one name, or several.

    Raises:
        InputError: A column twice, or one that is not among those that are pulled.
    """
    names = (key,) if isinstance(key, str) else tuple(key or ())
    if len(set(names)) < len(names):
        raise InputError(f"The key names a column twice: {', '.join(names)}.", "Name each of them once.")
    if columns is not None and (left_out := [name for name in names if name not in columns]):
        raise InputError(
            f'The key "{left_out[0]}" is not among the columns.', "Add it to them, or leave the key out."
        )
    return names


def by_key(frame: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Give each row its key as its index label; the columns stay, and the index has no name of its own.

    A named index beside a column of its name would be ambiguous to ``groupby``, ``merge`` and
    ``sort_values``.

    Args:
        frame: Changed in place.
        key: Names of columns; none leaves the frame as it is.

    Returns:
        The frame: an Index of one column's values, or a MultiIndex of several.

    Raises:
        InputError: No such column, a missing value, or two rows of one key.
    """
    import pandas as pd

    if not key:
        return frame
    named = ", ".join(key)
    if unknown := [name for name in key if name not in frame.columns]:
        raise InputError(
            f'There is no column "{unknown[0]}" for the key.',
            f"There is: {', '.join(map(str, frame.columns))}.",
        )
    if missing := int(frame[list(key)].isna().any(axis=1).sum()):
        raise InputError(
            f"The key ({named}) is missing in {missing:,} row{'' if missing == 1 else 's'}.",
            "Choose columns without NULL, or leave them out.",
        )
    try:
        index = (
            pd.Index(frame[key[0]]).rename(None)
            if len(key) == 1
            else pd.MultiIndex.from_arrays([frame[name] for name in key], names=[None] * len(key))
        )
        twice = index.duplicated(keep=False)
    except TypeError:  # lists and dictionaries
        raise InputError(
            f"The key ({named}) holds values that cannot be compared.", "Choose numbers, text or dates."
        ) from None
    if twice.any():
        first = ", ".join(f"{name}={frame[name][twice].iloc[0]}" for name in key)
        raise InputError(
            f"The key ({named}) is not unique: {int(twice.sum()):,} rows share theirs, as {first}.",
            "Add a column to it, or choose another one.",
        )
    frame.index = index
    return frame
