"""From the text of an option to its value; what is wrong with it is said by ``ArgumentTypeError``."""

from __future__ import annotations

import argparse
import keyword
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["name", "names", "number", "pair", "price", "whole"]


def whole(least: int) -> Callable[[str], int]:
    """A reader of whole numbers from ``least`` on; 5_000 and 5,000 are 5000."""

    def read(text: str) -> int:
        try:
            value = int(text.replace("_", "").replace(",", ""))
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None
        if value < least:
            raise argparse.ArgumentTypeError(f"it has to be at least {least}")
        return value

    return read


def number(text: str) -> float:
    """A number."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None


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
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form name=value")
    return name, value


def price(text: str) -> tuple[str, str]:
    """USD per million tokens in and out: 0.15,0.60."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2 or not all(re.fullmatch(r"\d+(\.\d*)?|\.\d+", part) for part in parts):  # noqa: PLR2004
        raise argparse.ArgumentTypeError("write USD per million tokens in and out: 0.15,0.60")
    return parts[0], parts[1]
