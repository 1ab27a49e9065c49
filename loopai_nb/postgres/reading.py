"""How a person wants the values of a query in a DataFrame, where there is a choice."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, get_args, get_type_hints

from loopai_nb.errors import InputError

__all__ = ["Reading", "ValuesChanged"]


class ValuesChanged(UserWarning):
    """A DataFrame cannot hold some values of its query as they are stored."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The choices of a pull.

    Attributes:
        dtype_backend: ``"pyarrow"`` for Arrow-backed dtypes: nothing is copied, and integers with nulls,
            decimals, dates and time zones keep their type. ``"numpy_nullable"`` for libraries that want
            NumPy memory.
        decimals: ``"exact"`` for ``numeric`` with every digit; ``"float64"`` for the nearest float, as the
            server casts it.
        infinities: What becomes of dates and timestamps that no calendar of Python has (``infinity``, before
            the year 1, after 9999): ``"missing"`` with one warning that names the column and counts them, or
            the whole column as ``"text"``.
        json: ``json`` and ``jsonb`` as Python ``"objects"``, or as the server's ``"text"``.

    Raises:
        InputError: A choice that there is not.
    """

    dtype_backend: Literal["pyarrow", "numpy_nullable"] = "pyarrow"
    decimals: Literal["exact", "float64"] = "exact"
    infinities: Literal["missing", "text"] = "missing"
    json: Literal["objects", "text"] = "objects"

    def __post_init__(self) -> None:
        """Refuse what is none of the choices: the words come from options and magic lines."""
        hints = get_type_hints(type(self))
        for field in fields(self):
            chosen, choices = getattr(self, field.name), get_args(hints[field.name])
            if chosen not in choices:
                raise InputError(
                    f"{field.name} is {chosen!r}.", f"Choose one of: {', '.join(map(repr, choices))}."
                )
