"""The databases of a session: one is the current one, and named ones are open beside it."""

from __future__ import annotations

import contextlib
import logging
import threading
import weakref
from typing import TYPE_CHECKING, Any

from loopai_nb.connections import PasswordFrom, passwords
from loopai_nb.errors import InputError, SettingsError
from loopai_nb.redaction import Secret
from loopai_nb.session.serving import closed
from loopai_nb.telemetry.steps import step

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.connections import Connections, DatabaseConnection
    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.stream import Stream
    from loopai_nb.settings import Settings

__all__ = ["Databases", "choose_database"]

_log = logging.getLogger(__name__)

_TIMEOUTS = ("statement_timeout_s", "lock_timeout_s", "idle_in_transaction_timeout_s")


class Databases:
    """The databases that a session has used, each with a pool of its own, kept until it is closed.

    Safe to use from several threads. A lock is held to read and to swap, never while a server is asked.

    Args:
        settings: Name the current database until another is chosen.
        connections: Reads the saved ones.
    """

    def __init__(self, settings: Settings, connections: Callable[[], Connections]) -> None:
        self._settings = settings
        self._connections = connections
        self._lock = threading.Lock()
        self._current: Database | None = None
        self._named: dict[str, Database] = {}
        self._streams: weakref.WeakSet[Stream] = weakref.WeakSet()
        self._version = 0
        self._closed = False

    def of(self, name: str | Secret | None) -> Database:
        """The current database, or a saved one beside it; opens no connection.

        Args:
            name: Of a saved connection; None for the current database.

        Raises:
            SettingsError: Nothing of that name, or no database is set.
            InputError: A URL and no name; or the session is closed.
        """
        if isinstance(name, Secret) or (name is not None and "://" in name):
            raise InputError(
                "A URL stands where the name of a saved connection belongs.",
                "Save it: loopai-nb connections add NAME. Or make it the current one: connect(url)",
            )
        with self._lock:
            self._check_open()
            known = self._current if name is None else self._named.get(name)
            if known is not None:
                return known
        chosen = choose_database(self._settings, name, self._connections)
        with self._lock:
            self._check_open()
            if name is not None:
                return self._named.setdefault(name, chosen)
            # Another thread may have chosen meanwhile; what is not kept has opened nothing.
            if self._current is None:
                self._current = self._named.setdefault(chosen.name, chosen) if chosen.name else chosen
            return self._current

    def connect(self, address: str | Secret | None) -> Database:
        """Make another database the current one after it has answered; the others stay open.

        Args:
            address: Name of a saved connection, a URL, or None for that of the settings.

        Raises:
            SettingsError: Nothing of that name.
            DatabaseError: It does not answer, or refuses the user; the one before stays the current one.
        """
        self._check_open()
        with step(_log, "connection") as found:
            database = choose_database(self._settings, address, self._connections)
            found["database"] = database.address
            try:
                database.check()
            except BaseException:
                database.close()
                raise
        with self._lock:
            if self._closed:
                database.close()
                raise closed()
            old = [self._current]
            self._current = database
            if database.name:
                # The saved one may have changed since: who asks by name from now on gets this one.
                old.append(self._named.pop(database.name, None))
                self._named[database.name] = database
            kept = [database, *self._named.values()]
            self._version += 1
        for each in old:
            if each is not None and each not in kept:
                each.close()
        return database

    def watched(self, stream: Stream) -> Stream:
        """Take in a stream, which is closed with all the rest if it is still open then.

        Raises:
            InputError: The session was closed meanwhile; so is the stream.
        """
        with self._lock:
            if not self._closed:
                self._streams.add(stream)
                return stream
        stream.close()
        raise closed()

    @property
    def current(self) -> Database | None:
        """The current one; None before one was chosen."""
        return self._current

    @property
    def version(self) -> int:
        """Another number after each ``connect`` and ``changed``: what was known of tables may be old."""
        return self._version

    def changed(self) -> None:
        """Say that a table was made."""
        with self._lock:
            self._version += 1

    def beside(self) -> tuple[Database, ...]:
        """Those that have been used by their name and are not the current one."""
        with self._lock:
            return tuple(each for each in self._named.values() if each is not self._current)

    def close(self) -> None:
        """Close all, open streams first, whatever fails; every use after it raises InputError."""
        with self._lock:
            self._closed = True
            opened = {id(each): each for each in (self._current, *self._named.values()) if each is not None}
            self._current = None
            self._named.clear()
            streams = list(self._streams)
        with contextlib.ExitStack() as whatever_fails:
            for each in opened.values():
                whatever_fails.callback(each.close)
            for stream in streams:
                whatever_fails.callback(stream.close)

    def _check_open(self) -> None:
        if self._closed:
            raise closed()


def choose_database(
    settings: Settings, name: str | Secret | None, connections: Callable[[], Connections]
) -> Database:
    """The database of a URL, of a saved connection, or of the settings; not opened yet.

    Its password may be asked of the keyring or of the person now, in the thread that wants the database: the
    one that waits for the server could not.

    Raises:
        SettingsError: Nothing of that name, the settings name no database, or there is no password.
        MissingExtra: The keyring's library is not installed.
    """
    if name is None:
        if settings.database_url is None:
            raise SettingsError(
                "No database is set.",
                "Put DATABASE_URL=postgresql://user:password@host:5432/name into .env, or save one with: "
                "loopai-nb connections add NAME",
            )
        if settings.database_saved is not None:
            return _saved_database(settings, settings.database_saved, settings.source_of("database_url"))
        return _database(settings, settings.database_url, source=settings.source_of("database_url"))
    if isinstance(name, Secret) or "://" in name:
        return _database(settings, name, source="given")
    return _saved_database(settings, connections().get_database(name), "saved connections")


def _saved_database(settings: Settings, saved: DatabaseConnection, source: str) -> Database:
    own = {name: value for name in _TIMEOUTS if (value := getattr(saved, name)) is not None}
    if saved.connect_timeout_s is not None:
        own["connect_timeout_s"] = saved.connect_timeout_s
    return _database(
        settings,
        saved.url,
        name=saved.name,
        source=source,
        password=_password(saved),
        options=saved.options,
        **own,
    )


def _database(settings: Settings, url: str | Secret, **details: Any) -> Database:
    from loopai_nb.postgres.engine import Database

    return Database(url, **{**{name: getattr(settings, name) for name in _TIMEOUTS}, **details})


def _password(saved: DatabaseConnection) -> Secret | None:
    """What the keyring keeps or the person types; it is held in memory only."""
    if saved.password is PasswordFrom.KEYRING:
        return passwords.from_keyring(saved.name)
    if saved.password is PasswordFrom.PROMPT:
        if threading.current_thread() is not threading.main_thread():
            raise SettingsError(
                f'The password of "{saved.name}" has to be typed first.', f"%loopai connect {saved.name}"
            )
        return passwords.ask(f"Password of {saved.name} (not shown): ")
    return None
