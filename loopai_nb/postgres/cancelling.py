"""Cancelling a statement of psycopg2 without stopping every thread.

``connection.cancel()`` opens a connection while it holds the interpreter's lock: behind a dead network the
whole kernel stands still. The same function of the same libpq is called here through ctypes, which lets go of
the lock.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["canceller"]

_REASON_BYTES = 256


def canceller(connection: Any) -> Callable[[], None] | None:
    """Cancel what runs on a psycopg2 connection, in two steps.

    Args:
        connection: Open until this returns.

    Returns:
        What asks the server; it may take as long as a connect, and does not need the connection any more.
        None where that was done already.
    """
    library = _libpq()
    if library is None:
        connection.cancel()
        return None
    handle = library.PQgetCancel(ctypes.c_void_p(connection.pgconn_ptr))
    return functools.partial(_send, library, handle) if handle else None


def _send(library: ctypes.CDLL, handle: int) -> None:
    try:
        library.PQcancel(
            ctypes.c_void_p(handle), ctypes.create_string_buffer(_REASON_BYTES), ctypes.c_int(_REASON_BYTES)
        )
    finally:
        library.PQfreeCancel(ctypes.c_void_p(handle))


def _libpq() -> ctypes.CDLL | None:
    """The libpq that psycopg2 has loaded; None where its functions can't be named from outside."""
    import psycopg2._psycopg

    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(psycopg2._psycopg.__file__)  # noqa: SLF001  (the module in C; its handle finds libpq)
        library.PQgetCancel.restype = ctypes.c_void_p
        library.PQcancel.restype = ctypes.c_int
        library.PQfreeCancel.restype = None
        return library
    return None
