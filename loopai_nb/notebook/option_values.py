"""From the text of an option to its value, for ``%loopai`` and the command line alike.

What is wrong with a text is said by ``ArgumentTypeError``.
"""

from __future__ import annotations

import argparse
import keyword
import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["decimal", "name", "names", "pair", "price", "whole"]

_WHOLE = re.compile(r"[0-9]{1,12}", re.ASCII)
_DECIMAL = re.compile(r"[0-9]{1,12}(?:\.[0-9]{0,12})?|\.[0-9]{1,12}", re.ASCII)


def whole(least: int) -> Callable[[str], int]:
    """A reader of whole numbers from ``least`` on; 5_000 and 5,000 are 5000."""

    def read(text: str) -> int:
        digits = text.replace("_", "").replace(",", "")
        if not _WHOLE.fullmatch(digits) or int(digits) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number of at least {least}")
        return int(digits)

    return read


def decimal(text: str) -> Decimal:
    """A number that is not negative, exactly as written."""
    if not _DECIMAL.fullmatch(text.strip()):
        raise argparse.ArgumentTypeError(f"{text!r} is no number such as 0.50")
    return Decimal(text.strip())


def name(text: str) -> str:
    """The name of a Python variable."""
    if not text.isidentifier() or keyword.iskeyword(text):
        raise argparse.ArgumentTypeError(f"{text!r} can't be the name of a Python variable")
    return text


def names(text: str) -> list[str]:
    """Names separated by commas."""
    found = [part.strip() for part in text.split(",")]
    if not all(found):
        raise argparse.ArgumentTypeError("write names separated by commas: id,remarks")
    return found


def pair(text: str) -> tuple[str, str]:
    """name=value."""
    name, equals, value = text.partition("=")
    if not equals or not re.fullmatch(r"[A-Za-z_]\w*", name):
        raise argparse.ArgumentTypeError("write it as name=value")
    return name, value


def price(text: str) -> tuple[Decimal, Decimal]:
    """USD per million tokens in and out: 0.15,0.60."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2 or not all(_DECIMAL.fullmatch(part) for part in parts):  # noqa: PLR2004  (in and out)
        raise argparse.ArgumentTypeError("write USD per million tokens in and out: 0.15,0.60")
    return Decimal(parts[0]), Decimal(parts[1])
