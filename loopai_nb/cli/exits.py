"""How the program can end."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Exit"]


class Exit(IntEnum):
    """What a script can tell from how the program ended; docs/cli.md explains each."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    NOT_APPROVED = 3
    PARTIAL = 4
    INTERRUPTED = 130  # 128 + SIGINT, as shells count
    NOBODY_READS = 141  # 128 + SIGPIPE
    TERMINATED = 143  # 128 + SIGTERM
