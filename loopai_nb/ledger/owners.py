"""Who holds a lease, and whether that process is still there."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

__all__ = ["HEARTBEAT_EXPIRES_MS", "Owner", "is_gone", "new_owner"]

HEARTBEAT_EXPIRES_MS = 30_000
"""A process on another machine that was silent for this long is taken for dead."""


@dataclass(frozen=True, slots=True)
class Owner:
    """One process, told apart from a later one with the same pid by when it started."""

    owner_id: str
    host: str
    pid: int
    process_started: str


def new_owner() -> Owner:
    """The calling process under a fresh id."""
    pid = os.getpid()
    return Owner(f"o-{secrets.token_hex(6)}", socket.gethostname(), pid, _process_started(pid))


def is_gone(owner: Owner, heartbeat_ms: int, now_ms: int) -> bool:
    """Whether an owner's leases may be taken over.

    On this machine the process table tells at once; on another one only the silence of its heartbeat does.
    """
    here = _machine()
    if here and owner.host == socket.gethostname() and owner.process_started.startswith(f"{here}/"):
        return _process_started(owner.pid) != owner.process_started
    return now_ms - heartbeat_ms > HEARTBEAT_EXPIRES_MS


def _process_started(pid: int) -> str:
    """Start time of a process in ticks since boot, behind its machine's name; "" where there is none.

    Field 22 of /proc/PID/stat (proc(5)); the name in field 2 may hold spaces and parentheses, so that
    counting starts behind its last one. A zombie is no running process.
    """
    try:
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return ""
    return "" if fields[0] in {"Z", "X"} else f"{_machine()}/{fields[19]}"


def _machine() -> str:
    """This boot of this kernel, and whose process numbers are seen here; "" where nothing tells.

    Containers may all have one host name, and their processes the same few numbers: what is pid 7 here is
    another process there, which lives though this table does not have it.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""
