"""Opening connections with either driver; a server that is just starting is waited for."""

from __future__ import annotations

import threading
import time
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loopai_nb.postgres.forking import after_fork_in_child, disown
from loopai_nb.postgres.parameters import complete
from loopai_nb.postgres.reach import connect_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from adbc_driver_manager.dbapi import Connection as ArrowConnection

    from loopai_nb.errors import DatabaseError
    from loopai_nb.postgres.parameters import Parameters

__all__ = ["Opener", "Timeouts"]

START_S = 10.0
"""How long a server that starts, or that was there before, is waited for."""

TRY_AGAIN_S = 0.2

MOST_LOST = 3
"""Connects that break off before the server says no; it may have come up a moment later."""

_STARTING = "57P03"
_NOBODY_THERE = "08001"
_LOST = "08006"

CHECK_CLIENT_MS = 2000
"""How often the server looks, in the middle of a statement, whether its client still lives."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """What the server ends by itself; None leaves its own setting.

    Attributes:
        statement_s: Of one statement, in seconds.
        lock_s: Of waiting for one lock, in seconds.
        idle_in_transaction_s: Of a transaction in which nothing happens, in seconds; its connection ends.
    """

    statement_s: float | None = None
    lock_s: float | None = None
    idle_in_transaction_s: float | None = None

    def statements(self) -> Iterator[str]:
        """The SQL that sets them for one transaction: a connection pooler gives the session to others."""
        for name, seconds in (
            ("statement_timeout", self.statement_s),
            ("lock_timeout", self.lock_s),
            ("idle_in_transaction_session_timeout", self.idle_in_transaction_s),
        ):
            if seconds is not None:
                yield f"SET LOCAL {name} = {max(round(seconds * 1000), 1)}"


class Opener:
    """Opens connections to one place. Its repr shows nothing: a verbose traceback prints locals.

    Args:
        given: What the URL and the person say.
        setting: Where that stands, for errors; may be "".
        connect_timeout_s: Whole seconds for one host, at least 1.
    """

    def __init__(self, given: Parameters, *, setting: str, connect_timeout_s: float) -> None:
        self.given = given
        self._setting = setting
        self._connect_timeout_s = connect_timeout_s
        self._has_opened = False
        self._checks_client: bool | None = None
        self._arrows: weakref.WeakSet[ArrowConnection] = weakref.WeakSet()
        after_fork_in_child(self._after_fork)

    def statements(self) -> Any:
        """A psycopg2 connection.

        Raises:
            DatabaseError: There is none to be had, and why.
        """
        import psycopg2

        connection = self._patiently(lambda wanted: psycopg2.connect(**wanted), psycopg2.Error)
        if self._checks_client is None:
            self._checks_client = _can_check_client(connection)
        return connection

    def arrow(self) -> ArrowConnection:
        """An ADBC connection.

        Raises:
            DatabaseError: There is none to be had, and why.
        """
        import adbc_driver_postgresql.dbapi as adbc
        from psycopg2.extensions import make_dsn

        connection: ArrowConnection = self._patiently(
            lambda wanted: adbc.connect(make_dsn(**wanted)), adbc.Error
        )
        self._arrows.add(connection)
        return connection

    def watch_client(self) -> Iterator[str]:
        """The SQL with which the server notices in mid-statement that its client is gone, where it can.

        Without it the query of a kernel that was killed runs to its end.
        """
        if self._checks_client:
            yield f"SET LOCAL client_connection_check_interval = {CHECK_CLIENT_MS}"

    @property
    def knows_server(self) -> bool:
        """Whether ``watch_client`` knows what the server can do; a psycopg2 connection finds it out."""
        return self._checks_client is not None

    def _after_fork(self) -> None:
        inherited, self._arrows = list(self._arrows), weakref.WeakSet()
        for connection in inherited:
            disown(connection)

    def _patiently(self, connect: Callable[[Parameters], Any], error: type[Exception]) -> Any:
        deadline_s, lost = time.monotonic() + START_S, 0
        while True:
            opened, failure = self._once(connect, error)
            if failure is None:
                self._has_opened = True
                return opened
            # Connecting may be tried again; a statement that may have run is not.
            lost += failure.sqlstate == _LOST
            may_come = (
                failure.sqlstate == _STARTING
                or (failure.sqlstate == _NOBODY_THERE and self._has_opened)
                or (failure.sqlstate == _LOST and lost < MOST_LOST)
            )
            if not may_come or time.monotonic() > deadline_s:
                raise failure
            threading.Event().wait(TRY_AGAIN_S)

    def _once(
        self, connect: Callable[[Parameters], Any], error: type[Exception]
    ) -> tuple[Any, DatabaseError | None]:
        try:
            return connect(complete(self.given, connect_timeout_s=self._connect_timeout_s)), None
        except error as exc:
            said = str(exc)
        # Outside the handler: the chain would carry the driver's frames, which hold the password.
        return None, connect_failure(self.given, said, setting=self._setting)


def _can_check_client(connection: Any) -> bool:
    """Whether the server has the setting (version 14) and its system can do it."""
    import psycopg2

    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL client_connection_check_interval = {CHECK_CLIENT_MS}")
    except psycopg2.Error:
        return False
    else:
        return True
    finally:
        connection.rollback()
