"""A small pool of psycopg2 connections that a forked child neither uses nor closes."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any

from loopai_nb.postgres.forking import after_fork_in_child, hang_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

__all__ = ["WAIT_S", "Pool"]

POOL_SIZE = 2
"""A notebook runs one statement at a time; the second is for completion while it does."""

WAIT_S = 10.0
"""For a connection, where all that may be open are in use."""


class Pool:
    """SQLAlchemy's pool, made by its first use; a connection is tried before it is used again.

    A forked child starts with an empty pool. Its copies of the parent's sockets are pointed at ``/dev/null``:
    what a finalizer in the child says to them does not reach the server, and when the parent ends, however it
    ends, no copy keeps its session open.

    Args:
        connect: Opens a psycopg2 connection.
    """

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._opened: weakref.WeakSet[Any] = weakref.WeakSet()
        after_fork_in_child(self._after_fork)

    @property
    def engine(self) -> Engine:
        """On psycopg2; its URL holds no password."""
        with self._lock:
            if self._engine is None:
                from sqlalchemy import create_engine

                self._engine = create_engine(
                    "postgresql+psycopg2://",
                    creator=self._open,
                    pool_size=POOL_SIZE,
                    pool_timeout=WAIT_S,
                    pool_pre_ping=True,
                )
            return self._engine

    def close(self) -> None:
        """Close what is idle, now, and what is in use when it is given back; the next use opens anew."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    def _open(self) -> Any:
        connection = self._connect()
        self._opened.add(connection)
        return connection

    def _after_fork(self) -> None:
        # Another thread of the parent may have held it.
        self._lock = threading.Lock()
        engine, self._engine = self._engine, None
        opened, self._opened = list(self._opened), weakref.WeakSet()
        for connection in opened:
            hang_up(connection, shut=False)
        if engine is not None:
            engine.dispose(close=False)
