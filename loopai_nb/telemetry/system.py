"""How this machine stands: processors, memory, disk; by the standard library, and psutil if it is there."""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

__all__ = ["SystemFigures"]

_MEMORY = Path("/proc/meminfo")


@dataclass(frozen=True, slots=True)
class SystemFigures:
    """One machine at one moment; None where it does not say.

    Attributes:
        cpus: Processors that this process may use.
        load: Processes that ran or waited to run, on average of the last minute.
        memory_bytes: Of the machine.
        memory_free_bytes: Of these, available without swapping.
        disk_bytes: Of the file system on which the ledger is.
        disk_free_bytes: Of these, available to this user.
    """

    cpus: int
    load: float | None
    memory_bytes: int | None
    memory_free_bytes: int | None
    disk_bytes: int | None
    disk_free_bytes: int | None

    @classmethod
    def read(cls, folder: Path) -> SystemFigures:
        """Of this machine now.

        Args:
            folder: On the disk that is meant.
        """
        memory, free = _memory()
        disk = disk_free = None
        with contextlib.suppress(OSError):
            disk, _, disk_free = shutil.disk_usage(folder)
        return cls(_cpus(), _load(), memory, free, disk, disk_free)


def _cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _load() -> float | None:
    with contextlib.suppress(OSError, AttributeError):  # Windows has none
        return os.getloadavg()[0]
    return None


def _memory() -> tuple[int | None, int | None]:
    with contextlib.suppress(OSError, ValueError, IndexError, KeyError):
        lines = (line.split() for line in _MEMORY.read_text(encoding="ascii").splitlines())
        kilobytes = {words[0]: int(words[1]) for words in lines}
        return kilobytes["MemTotal:"] * 1024, kilobytes["MemAvailable:"] * 1024
    with contextlib.suppress(ImportError, OSError):
        found = importlib.import_module("psutil").virtual_memory()  # it has no types
        return found.total, found.available
    return None, None
