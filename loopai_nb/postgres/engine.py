"""One named connection to Postgres: a small pool for statements, an Arrow connection for bulk."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import DatabaseError, DatabaseUnavailable, TableNotFound
from loopai_nb.postgres.cancelling import canceller
from loopai_nb.postgres.clues import add_clue
from loopai_nb.postgres.failures import diagnose, driver_errors, failure, name_at
from loopai_nb.postgres.forking import hang_up
from loopai_nb.postgres.interrupt import interruptible
from loopai_nb.postgres.literals import literals
from loopai_nb.postgres.opening import Opener, Timeouts
from loopai_nb.postgres.parameters import CONNECT_TIMEOUT_S, DEFAULT_PORT, SCHEMES
from loopai_nb.postgres.place import DatabaseInfo, Place
from loopai_nb.postgres.pool import WAIT_S, Pool
from loopai_nb.postgres.sqltext import compose, one_statement, parameters, sendable
from loopai_nb.redaction import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from adbc_driver_manager.dbapi import Connection as ArrowConnection
    from sqlalchemy import Connection, Engine

    from loopai_nb.postgres.interrupt import Cancellation
    from loopai_nb.postgres.sqltext import Composed

__all__ = ["DEFAULT_PORT", "SCHEMES", "Database", "DatabaseInfo"]


class Database(Place):
    """One Postgres database; opens nothing before its first use, and connects anew after a lost connection.

    Statements run in a worker thread, so that an interrupt cancels them on the server within a second. Safe
    to use from several threads, and after a fork, where the child opens connections of its own.

    Args:
        url: ``postgresql://``, ``postgres://`` or ``postgresql+psycopg2://``; what it leaves out comes from
            ``PGPASSWORD``, ``~/.pgpass``, the service file and the like, as psql does.
        name: What the person calls it; may be "".
        source: Where the URL came from, such as ``.env (DATABASE_URL)``; shown, may be "".
        password: Where the URL has none and it was typed or kept in a keyring.
        options: libpq's parameters, such as ``sslmode``, which stand in place of the URL's.
        statement_timeout_s: The server stops a statement after it; None leaves the server's own setting.
        lock_timeout_s: The server stops waiting for a lock after it; None as above.
        idle_in_transaction_timeout_s: The server ends a transaction in which nothing happens for so long,
            with its connection; None as above.
        connect_timeout_s: Whole seconds, at least 1.

    Raises:
        SettingsError: Not a Postgres URL; the message does not repeat it.
    """

    def __init__(
        self,
        url: str | Secret,
        *,
        name: str = "",
        source: str = "",
        password: Secret | None = None,
        options: Mapping[str, str] | None = None,
        statement_timeout_s: float | None = None,
        lock_timeout_s: float | None = None,
        idle_in_transaction_timeout_s: float | None = None,
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
    ) -> None:
        self.name = name
        self.source = source
        url = Secret(url) if isinstance(url, str) else url  # a traceback of the error shows this frame
        super().__init__(url, source, options, password)
        self.timeouts = Timeouts(statement_timeout_s, lock_timeout_s, idle_in_transaction_timeout_s)
        self._opener = Opener(self._given, setting=source, connect_timeout_s=connect_timeout_s)
        self._pool = Pool(self._opener.statements)

    def __repr__(self) -> str:
        return f"Database({self.name or self.address!r})"

    @property
    def statement_timeout_s(self) -> float | None:
        """See the constructor."""
        return self.timeouts.statement_s

    @property
    def engine(self) -> Engine:
        """SQLAlchemy engine on psycopg2, made by the first use. Its URL holds no password."""
        return self._pool.engine

    def summary(self) -> str:
        """Return the line that ``connect`` shows.

        Raises:
            DatabaseError: It does not answer.
        """
        parts = [f"Postgres {self.check().version}", self.address, "read-only for pulls"]
        if self.source:
            parts.append(f"from {self.source}")
        return " · ".join(parts)

    def check(self) -> DatabaseInfo:
        """Ask the server who it is.

        Raises:
            DatabaseUnavailable: Nothing answers there, or there is no such database.
            DatabaseDenied: It does not let the user in.
        """
        sql = "SELECT split_part(current_setting('server_version'), ' ', 1) AS version, current_user AS name"
        self.execute("SELECT 1")  # opens the connection, which is not part of the latency
        start = time.perf_counter()
        (row,) = self.execute(sql)
        latency_ms = (time.perf_counter() - start) * 1000
        return DatabaseInfo(row["version"], row["name"], self.host, self.port, self.database, latency_ms)

    def execute(
        self, sql: str, params: Mapping[str, object] | None = None, *, read_only: bool = True
    ) -> list[dict[str, Any]]:
        """Run one small statement in a transaction of its own.

        Args:
            sql: One statement; values as ``:name``.
            params: Value by name; bound as literals that the driver quotes.
            read_only: The transaction may not write. With False it is committed.

        Returns:
            One dict a row, by column name; empty where the statement returns no rows.

        Raises:
            InputError: Several statements, or parameters that do not fit the SQL.
            DatabaseError: The server refused; its branches say why.
            KeyboardInterrupt: Interrupted; the statement was cancelled on the server.
        """
        statement = one_statement(sql)
        return interruptible(lambda stop: self._execute(stop, statement, params or {}, read_only=read_only))

    def look_up(self, sql: str, params: Mapping[str, object]) -> list[dict[str, Any]]:
        """Run one statement about another that failed; where it fails, too, nothing more is asked."""
        return interruptible(lambda stop: self._execute(stop, sql, params, read_only=True, clues=False))

    def compose(
        self, sql: str, params: Mapping[str, object], piece: tuple[int, int] | None = None
    ) -> Composed:
        """Write the values into the SQL as literals, quoted by psycopg2 for this very connection.

        Args:
            sql: With its ``:name`` parameters.
            params: Value by name.
            piece: See :class:`~loopai_nb.postgres.sqltext.Composed`.

        Raises:
            InputError: Parameters that do not fit the SQL, or a value of a type that SQL does not have.
            DatabaseError: No connection.
        """
        if not params and not parameters(sql):
            return compose(sql, {}, piece)
        return interruptible(lambda stop: compose(sql, self._literals(stop, params), piece))

    def quote(self, names: Iterable[str]) -> list[str]:
        """Return identifiers as psycopg2 quotes them for this connection."""
        from psycopg2.extensions import quote_ident

        known = [sendable(name) for name in names]

        def work(stop: Cancellation) -> list[str]:
            with self._pooled(stop) as connection:
                return [quote_ident(name, connection.connection.driver_connection) for name in known]

        return interruptible(work)

    def literals(self, values: Iterable[object]) -> list[str]:
        """Return values as the SQL literals that psycopg2 writes for this connection."""
        named = {str(n): value for n, value in enumerate(values)}
        return list(interruptible(lambda stop: self._literals(stop, named)).values())

    @contextlib.contextmanager
    def arrow(self, *, read_only: bool) -> Iterator[ArrowConnection]:
        """Open an ADBC connection in a transaction; it is rolled back unless the block commits.

        For use in the worker of :func:`~loopai_nb.postgres.interrupt.interruptible`. Cursors must be closed
        before the block ends.

        Raises:
            DatabaseUnavailable: As ``check``.
            DatabaseDenied: As ``check``.
        """
        if not self._opener.knows_server:
            with self._pooled():
                pass
        connection = self._opener.arrow()
        try:
            with self.errors():
                for statement in self._begin(read_only=read_only):
                    with connection.cursor() as cursor:
                        cursor.execute(statement)
            yield connection
        finally:
            # Closing rolls back on the server; a connection that is already gone has nothing to say.
            with contextlib.suppress(_adbc_error()):
                connection.close()

    @contextlib.contextmanager
    def errors(
        self,
        sql: Composed | None = None,
        *,
        about: Composed | None = None,
        missing: Callable[[str], TableNotFound] | None = None,
        clues: bool = True,
    ) -> Iterator[None]:
        """Turn what the drivers raise inside the block into errors that know this database.

        They name near columns and tables, and the GRANT that is missing.

        Args:
            sql: The statement, for the position and the excerpt.
            about: The statement that the person wrote, where another one is sent in its place: it has no
                positions, and what it names is looked up.
            missing: Makes the error for the name of a table that does not exist; it may ask the database.
            clues: Ask the database, after the failure, what it can add.

        Raises:
            DatabaseError: One of its branches, from the driver's error.
        """
        try:
            with driver_errors(
                where=self.where, sql=sql, timeout_s=self.statement_timeout_s, missing=missing
            ):
                yield
        except DatabaseError as error:
            asked = sql or about
            told = missing is not None and isinstance(error, TableNotFound)
            if asked is not None and clues and not told:
                cause = error.__cause__
                position = diagnose(cause).position if cause is not None else None
                add_clue(self, error, asked.text, name_at(sql, position))
            raise

    def close(self) -> None:
        """Close every pooled connection; may be called twice, and the next use opens anew."""
        self._pool.close()

    def _begin(self, *, read_only: bool) -> Iterator[str]:
        # Before any query: the mode cannot be changed after it, so SQL in a pull cannot take it back.
        yield f"SET TRANSACTION READ {'ONLY' if read_only else 'WRITE'}"
        yield from self.timeouts.statements()
        yield from self._opener.watch_client()

    def _execute(
        self,
        stop: Cancellation,
        sql: str,
        params: Mapping[str, object],
        *,
        read_only: bool,
        clues: bool = True,
    ) -> list[dict[str, Any]]:
        with self._pooled(stop) as connection:
            composed = compose(sql, literals(connection, params))
            with self.errors(composed, clues=clues):
                driver: Any = connection.connection.driver_connection
                try:
                    with stop.target(lambda: canceller(driver), abandon=lambda: hang_up(driver, shut=True)):
                        connection.exec_driver_sql("; ".join(self._begin(read_only=read_only)))
                        # The text is complete: psycopg2 must not look for % in it.
                        result = connection.execution_options(no_parameters=True).exec_driver_sql(
                            composed.text
                        )
                        rows = [dict(row) for row in result.mappings()] if result.returns_rows else []
                        if not read_only:
                            connection.commit()
                finally:
                    if stop.requested:  # a cancel may still be on its way and would hit the next statement
                        connection.invalidate()
        return rows

    def _literals(self, stop: Cancellation, params: Mapping[str, object]) -> dict[str, str]:
        with self._pooled(stop) as connection:
            return literals(connection, params)

    @contextlib.contextmanager
    def _pooled(self, stop: Cancellation | None = None) -> Iterator[Connection]:
        import sqlalchemy.exc

        said: BaseException | None = None
        connection: Connection | None = None
        try:
            connection = self.engine.connect()
        except DatabaseError as exc:
            said = exc
        except sqlalchemy.exc.TimeoutError:
            said = DatabaseUnavailable(
                f"Every connection to {self.where} was in use for {WAIT_S:g} s.",
                "Wait for what runs there, or interrupt it.",
            )
        except sqlalchemy.exc.DBAPIError as exc:
            said = failure(exc, where=self.where)
        if connection is None:
            raise said or AssertionError  # outside the handler: the chain would carry the driver's frames
        with connection:
            if stop is not None:
                stop.check()
            yield connection


def _adbc_error() -> type[Exception]:
    import adbc_driver_manager

    error: type[Exception] = adbc_driver_manager.Error
    return error
