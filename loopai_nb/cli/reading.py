"""From the text of an option to its value; what is wrong with it is a usage error."""

from __future__ import annotations

import argparse
import re
import sys
from decimal import Decimal
from pathlib import Path

__all__ = ["count", "days", "decimal", "pair", "price", "text", "whole"]

_DECIMAL = re.compile(r"[0-9]{1,12}(?:\.[0-9]{0,12})?|\.[0-9]{1,12}", re.ASCII)
_STDIN = "-"


def whole(value: str) -> int:
    """A whole number of at least 1; 5_000 and 5,000 are 5000."""
    digits = value.replace("_", "").replace(",", "")
    if not re.fullmatch(r"[0-9]{1,12}", digits, re.ASCII) or int(digits) < 1:
        raise argparse.ArgumentTypeError(f"{value!r} is no whole number of at least 1")
    return int(digits)


def count(value: str) -> int:
    """A whole number of at least 0."""
    return 0 if value == "0" else whole(value)


def decimal(value: str) -> Decimal:
    """A number that is not negative, exactly as written."""
    if not _DECIMAL.fullmatch(value.strip()):
        raise argparse.ArgumentTypeError(f"{value!r} is no number such as 0.50")
    return Decimal(value.strip())


def days(value: str) -> Decimal:
    """An age in days: 90d, 12h, or a number of days."""
    unit = value[-1:].lower()
    number = decimal(value[:-1] if unit in {"d", "h"} else value)
    return number / 24 if unit == "h" else number


def price(value: str) -> tuple[Decimal, Decimal]:
    """USD per million tokens in and out: 0.15,0.60."""
    parts = [part.strip() for part in value.split(",")]
    if len(parts) != 2 or not all(_DECIMAL.fullmatch(part) for part in parts):  # noqa: PLR2004  (in and out)
        raise argparse.ArgumentTypeError("write USD per million tokens in and out: 0.15,0.60")
    return Decimal(parts[0]), Decimal(parts[1])


def pair(value: str) -> tuple[str, str]:
    """name=value."""
    name, equals, given = value.partition("=")
    if not equals or not re.fullmatch(r"[A-Za-z_]\w*", name):
        raise argparse.ArgumentTypeError("write it as name=value")
    return name, given


def text(value: str) -> str:
    """The text itself; @FILE is what the file holds, @- what stdin does, @@TEXT a text that begins with @."""
    if not value.startswith("@") or value.startswith("@@"):
        return value.removeprefix("@") if value.startswith("@@") else value
    name = value[1:]
    try:
        data = sys.stdin.buffer.read() if name == _STDIN else Path(name).expanduser().read_bytes()
        return data.decode("utf-8-sig")
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "there is no such user"
        raise argparse.ArgumentTypeError(f"the file {name!r} can't be read ({reason})") from None
    except UnicodeDecodeError:
        raise argparse.ArgumentTypeError(f"the file {name!r} is not UTF-8") from None
