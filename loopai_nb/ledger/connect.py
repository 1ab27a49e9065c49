"""Opening a ledger's database and checking that it is one."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, insert, select, text
from sqlalchemy.exc import DatabaseError as DriverError

from loopai_nb.errors import LedgerError
from loopai_nb.ledger import schema
from loopai_nb.ledger.files import prepare_file
from loopai_nb.ledger.integrity import check_at_start, damaged, left_open
from loopai_nb.ledger.lock import BUSY_TIMEOUT_S, FileLock, LockedConnection

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import ExceptionContext

    from loopai_nb.redaction import Secret

__all__ = ["open_engine"]


def open_engine(where: Path | Secret) -> tuple[Engine, str]:
    """Open (and create where it is missing) the ledger in a file, or in a database by its URL.

    See ``connect_postgres.open_engine`` for a URL.

    Returns:
        The engine and where the ledger is, without secrets.

    Raises:
        SettingsError: Not a Postgres URL.
        LedgerError: It can't be reached or used, is damaged, or has another version's tables.
    """
    if isinstance(where, Path):
        return _open_file(where)
    from loopai_nb.ledger import connect_postgres

    return connect_postgres.open_engine(where)


def _open_file(path: Path) -> tuple[Engine, str]:
    """Open (and create where it is missing) the SQLite ledger at ``path``.

    WAL with ``synchronous=FULL``: a committed answer survives a power cut. Write transactions take the write
    lock at their beginning, so that a claim is never decided on data that another process is changing.

    Raises:
        LedgerError: The file can't be used, is damaged, or has a newer version's tables.
    """
    prepare_file(path)
    unclean = left_open(path)
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={
            "factory": partial(LockedConnection, lock=FileLock(path)),
            "timeout": BUSY_TIMEOUT_S,
            "check_same_thread": False,
        },
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    try:
        with engine.connect().execution_options(reading=True) as connection:
            check_at_start(connection, path, unclean=unclean)
        _open_tables(engine, path)
    except (DriverError, sqlite3.Error) as exc:  # the driver's own comes out of the hooks
        engine.dispose()
        said = getattr(exc, "orig", exc)
        if getattr(said, "sqlite_errorcode", None) == sqlite3.SQLITE_CORRUPT:
            raise damaged(path, str(said)) from exc
        raise LedgerError(
            f"The ledger {path} can't be opened ({said}).",
            "Move it away to start a new one, or set LOOPAI_LEDGER to another file.",
        ) from exc
    except LedgerError:
        engine.dispose()
        raise
    event.listen(engine, "handle_error", _wrap)
    return engine, str(path)


def _wrap(context: ExceptionContext) -> LedgerError | None:
    """A driver's error as ours. SQLAlchemy's own quotes the parameters, which are prompts and answers."""
    original = context.original_exception
    return _failed(original) if isinstance(original, sqlite3.Error) else None


def _failed(original: sqlite3.Error) -> LedgerError:
    return LedgerError(
        f"The ledger could not be read or written ({original}).",
        "Nothing more is sent. Free the disk or check the file, then resume the run.",
    )


def _configure(connection: LockedConnection, _record: Any) -> None:
    connection.configure()


def _begin(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    try:
        if connection.get_execution_options().get("reading", False):
            driver.begin_reading()
        else:
            driver.begin_writing()
    except sqlite3.Error as exc:  # SQLAlchemy hands on what a hook raises as it is
        raise _failed(exc) from exc


def _open_tables(engine: Engine, path: Path) -> None:
    """Make the tables, or bring them up to date, where that has to be done."""
    with engine.connect().execution_options(reading=True) as connection:
        found = _version(connection, path)
    if found is None:
        with engine.begin() as connection:
            found = _version(connection, path)  # another process may have made them meanwhile
            if found is None:
                schema.metadata.create_all(connection)
                found = schema.SCHEMA_VERSION
                connection.execute(insert(schema.meta).values(name="schema_version", value=str(found)))
    if found != schema.SCHEMA_VERSION:
        from loopai_nb.ledger.migrations import bring_up_file

        bring_up_file(engine, path)


def _version(connection: Connection, path: Path) -> int | None:
    """Version of the tables in a file; None where it is empty."""
    names = set(connection.execute(text("SELECT name FROM sqlite_master")).scalars())
    if not names:
        return None
    if schema.meta.name not in names:
        raise LedgerError(
            f"{path} is a SQLite file, and no ledger.", "Set LOOPAI_LEDGER to a file of its own."
        )
    found = connection.execute(
        select(schema.meta.c.value).where(schema.meta.c.name == "schema_version")
    ).scalar_one_or_none()
    if found == str(schema.SCHEMA_VERSION):
        return schema.SCHEMA_VERSION
    from loopai_nb.ledger.migrations import check_version

    return check_version(found, str(path), another="file")
