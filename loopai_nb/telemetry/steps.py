"""The steps of a piece of work in the log: started, complete in so many seconds, or failed."""

from __future__ import annotations

import contextlib
import logging
import time
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import LoopaiNbError
from loopai_nb.telemetry.log_lines import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["step", "tell"]


def tell(log: logging.Logger, level: int, sentence: str, /, **fields: object) -> None:
    """One line with fields; None is left out."""
    if log.isEnabledFor(level):
        log.log(level, sentence, extra={FIELDS: fields}, stacklevel=2)


@contextlib.contextmanager
def step(
    log: logging.Logger, what: str, /, begins: str = "started", ends: str = "complete", **fields: object
) -> Iterator[dict[str, Any]]:
    """Log a step at INFO: when it begins, and when it is complete or has failed, with its seconds.

    Args:
        log: Whose line it is.
        what: In a word or two, such as "pull".
        begins: What follows that word at the beginning.
        ends: And at the end, where it does not fail.
        **fields: Of each line.

    Yields:
        Further fields of the last line, to be filled.
    """
    found: dict[str, Any] = {}
    tell(log, logging.INFO, f"{what} {begins}", **fields)
    began_s = time.monotonic()
    try:
        yield found
    except BaseException as error:
        said = error.message if isinstance(error, LoopaiNbError) else None
        seconds = round(time.monotonic() - began_s, 3)
        kind = type(error).__name__
        # No warning: it is raised, and whoever catches it says so.
        tell(log, logging.INFO, f"{what} failed", **fields, seconds=seconds, kind=kind, error=said)
        raise
    tell(log, logging.INFO, f"{what} {ends}", **fields, seconds=round(time.monotonic() - began_s, 3), **found)
