"""A ledger in a Postgres database: its tables lie in the schema ``loopai_nb``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, insert, select, text

from loopai_nb.errors import DatabaseError, LedgerError
from loopai_nb.ledger import fence, schema, search_index
from loopai_nb.postgres.engine import SCHEMES, Database
from loopai_nb.postgres.failures import diagnose
from loopai_nb.postgres.reach import connect_failure
from loopai_nb.postgres.relations import LEDGER_SCHEMA

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import ExceptionContext

    from loopai_nb.redaction import Secret

__all__ = ["driver_failure", "open_engine"]

SETTING = "LOOPAI_LEDGER"

POOL_SIZE = 3
"""One for the writer, the others for readers; more are opened while they are needed."""

_MAKING = 0x6C6F6F706169  # "loopai" in ASCII: of the advisory lock under which the tables are made

_CONNECT = {
    "application_name": "loopai_nb ledger",
    "connect_timeout": "10",
    # A server that vanished without a word is noticed within a minute, also in the middle of a statement.
    "keepalives_idle": "20",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "50000",
}

# Waiting ends: for another process's lock after half a minute as on SQLite, for a statement after ten minutes
# (the longest marks what is cached in a plan of millions). Whoever holds locks and falls silent loses them.
_CONFIGURE = f"""
SET search_path = {LEDGER_SCHEMA};
SET lock_timeout = '30s';
SET statement_timeout = '10min';
SET idle_in_transaction_session_timeout = '1min';
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""

# One snapshot for all that a view reads. It holds no locks, and its reader may take its time.
_READ = """
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SET LOCAL idle_in_transaction_session_timeout = 0
"""


class _Server:
    """Opens connections. Its repr shows nothing: a verbose traceback prints locals."""

    def __init__(self, url: Secret) -> None:
        # Checks the URL without repeating it, and knows what may be shown of it.
        self.address = Database(url, source=SETTING).address
        self._url = url

    def connect(self) -> Any:
        """A psycopg2 connection.

        Raises:
            LedgerError: There is none to be had, and why.
        """
        import psycopg2

        try:
            connection = psycopg2.connect(**self._parameters())
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(_CONFIGURE)
            connection.autocommit = False
        except psycopg2.Error as exc:
            said = str(exc)
        else:
            return connection
        failure = connect_failure(self._parameters(), said, setting=SETTING)
        # Outside the handler: the chain would carry the driver's frames, which hold the password.
        raise LedgerError(f"The ledger can't be reached: {failure.message}", failure.hint) from failure

    def _parameters(self) -> dict[str, str]:
        from psycopg2.extensions import parse_dsn

        url = self._url.reveal()
        scheme = next(scheme for scheme in SCHEMES if url.startswith(scheme))
        given = parse_dsn(f"postgresql://{url.removeprefix(scheme)}")
        return {**_CONNECT, **given, "client_encoding": "utf8"}


def open_engine(url: Secret) -> tuple[Engine, str]:
    """Open (and create where it is missing) the ledger in a Postgres database.

    Transactions are READ COMMITTED and durable when they are committed; ``locks`` says what they hold.

    Returns:
        The engine, whose URL holds no password, and the ledger's address without one.

    Raises:
        SettingsError: Not a Postgres URL.
        LedgerError: The database can't be reached or used, or holds another version's tables.
    """
    server = _Server(url)
    engine = create_engine(
        "postgresql+psycopg2://",
        creator=server.connect,
        pool_size=POOL_SIZE,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
    )
    event.listen(engine, "handle_error", _wrap)
    try:
        with engine.begin() as connection:
            _create_or_check(connection, server.address)
            fence.forget_silent(connection)
    except LedgerError:
        engine.dispose()
        raise

    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("reading", False):
            _read_only(connection)
        elif not options.get("unmarked", False):
            fence.begin(connection)

    event.listen(engine, "begin", begin)
    return engine, server.address


def driver_failure(exc: BaseException) -> LedgerError:
    """Our error for one of psycopg2's.

    Its own message quotes rows ("DETAIL: Key (...)=(...)") and its cursor holds the statement with all its
    values: only the server's first sentence and its code stay.
    """
    said = diagnose(exc)
    error = LedgerError(
        f"The ledger could not be read or written ({said.message}).",
        "Nothing more is sent. Look whether the database runs, then resume the run.",
    )
    error.__cause__ = DatabaseError(said.message, sqlstate=said.sqlstate)
    return error


def _read_only(connection: Connection) -> None:
    """Not by SQLAlchemy: of a reader that asked for a server-side cursor it would be taken for the query."""
    import psycopg2

    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor:
            cursor.execute(_READ)
    except psycopg2.Error as exc:
        raise driver_failure(exc) from None


def _wrap(context: ExceptionContext) -> LedgerError | None:
    import psycopg2

    original = context.original_exception
    if context.is_pre_ping or not isinstance(original, psycopg2.Error):
        return None  # the pool opens another connection by itself
    return driver_failure(original)


def _create_or_check(connection: Connection, address: str) -> None:
    if not _is_there(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MAKING})
        # Another process may have made it while this one waited.
        if not _is_there(connection):
            _create(connection, address)
    wanted = select(schema.meta.c.value).where(schema.meta.c.name == "schema_version")
    found = connection.execute(wanted).scalar_one_or_none()
    if found != str(schema.SCHEMA_VERSION):
        from loopai_nb.ledger.migrations import bring_up, check_version

        check_version(found, address, another="database")
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MAKING})
        # Another process may have brought it up to date while this one waited.
        version = check_version(connection.execute(wanted).scalar_one_or_none(), address, another="database")
        if version != schema.SCHEMA_VERSION:
            bring_up(connection, version)


def _is_there(connection: Connection) -> bool:
    # From the catalogue itself: to_regclass() may go by a search path resolved before the schema was made.
    found = (
        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = :name AND c.relname = 'meta')"
    )
    return bool(connection.execute(text(found), {"name": LEDGER_SCHEMA}).scalar_one())


def _create(connection: Connection, address: str) -> None:
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise LedgerError(
            f"The database {address} stores text as {encoding}, which has no room for every character.",
            f"Set {SETTING} to a database made with ENCODING 'UTF8'.",
        )
    named = {"name": LEDGER_SCHEMA}
    if not connection.execute(text("SELECT to_regnamespace(:name) IS NOT NULL"), named).scalar_one():
        may = connection.execute(
            text("SELECT has_database_privilege(current_database(), 'CREATE')")
        ).scalar_one()
        if not may:
            raise LedgerError(
                f"The ledger in {address} can't be made: its user may not create a schema there.",
                f"Let the database's owner run: CREATE SCHEMA {LEDGER_SCHEMA} AUTHORIZATION the_user",
            )
        connection.execute(text(f"CREATE SCHEMA {LEDGER_SCHEMA}"))
    elif connection.execute(
        text("SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace(:name))"), named
    ).scalar_one():
        raise LedgerError(
            f"The schema {LEDGER_SCHEMA} in {address} holds other tables, and is no ledger.",
            f"Set {SETTING} to another database.",
        )
    schema.metadata.create_all(connection, checkfirst=False)
    for made in (fence.CREATE, *search_index.CREATE):
        connection.execute(text(made))
    connection.execute(insert(schema.meta).values(name="schema_version", value=str(schema.SCHEMA_VERSION)))
