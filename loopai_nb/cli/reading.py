"""What only the command line's options hold: an age, and a text that may be in a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from loopai_nb.notebook.option_values import decimal

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["days", "text"]

_STDIN = "-"


def days(value: str) -> Decimal:
    """An age in days: 90d, 12h, or a number of days."""
    unit = value[-1:].lower()
    number = decimal(value[:-1] if unit in {"d", "h"} else value)
    return number / 24 if unit == "h" else number


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
