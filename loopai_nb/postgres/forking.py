"""What a forked child does with its parent's connections: nothing that their server would hear."""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from adbc_driver_manager.dbapi import Connection as ArrowConnection

__all__ = ["after_fork_in_child", "disown", "hang_up"]


def after_fork_in_child(method: Callable[[], None]) -> None:
    """Call a bound method in every forked child, as long as its object lives.

    It runs before anything else there, in the only thread that a child begins with.
    """
    if hasattr(os, "register_at_fork"):
        kept = weakref.WeakMethod(method)
        os.register_at_fork(after_in_child=lambda: _call(kept))


def hang_up(connection: Any, *, shut: bool) -> None:
    """Cut a psycopg2 connection off from its server.

    Args:
        connection: Of psycopg2; one that is closed already is left alone.
        shut: End it for every process and thread that reads from it now; else for this process only.
    """
    import psycopg2

    with contextlib.suppress(psycopg2.Error, OSError):
        descriptor = connection.fileno()
        if shut:
            with socket.socket(fileno=os.dup(descriptor)) as copy:
                copy.shutdown(socket.SHUT_RDWR)
            return
        nowhere = os.open(os.devnull, os.O_RDWR)
        try:
            os.dup2(nowhere, descriptor, inheritable=False)
        finally:
            os.close(nowhere)


def disown(connection: ArrowConnection) -> None:
    """Make a parent's ADBC connection harmless in a child: ADBC tells nobody which socket is its own.

    Closing it would end the parent's session, and cancelling would cancel the parent's query. Both become
    nothing, and its memory is never freed.
    """
    for each in (connection, *list(connection._cursors)):  # noqa: SLF001  (it keeps them to close them)
        for name in ("close", "adbc_cancel"):
            setattr(each, name, _nothing)
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(each))


def _nothing() -> None:
    return


def _call(method: weakref.WeakMethod[Callable[[], None]]) -> None:
    if (bound := method()) is not None:
        bound()
