"""Bringing an older ledger's tables up to date, with all that is in them."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import LedgerError
from loopai_nb.ledger.owners import Owner, is_gone
from loopai_nb.ledger.rebuilding import fill
from loopai_nb.ledger.schema import SCHEMA_VERSION
from loopai_nb.ledger.to_version_2 import to_version_2
from loopai_nb.ledger.to_version_3 import to_version_3
from loopai_nb.ledger.to_version_4 import to_version_4
from loopai_nb.ledger.to_version_5 import to_version_5

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from loopai_nb.ledger.lock import LockedConnection

__all__ = ["bring_up", "bring_up_file", "check_version"]

_log = logging.getLogger(__name__)

STEPS: dict[int, Callable[[Connection], None]] = {
    1: to_version_2,
    2: to_version_3,
    3: to_version_4,
    4: to_version_5,
}
"""What makes the tables of each version those of the next one, inside one transaction."""

_WITH_ROLLUPS = 5
"""The first version that has them."""

_OWNERS = """
SELECT r.run_id, o.owner_id, o.host, o.pid, o.process_started, o.heartbeat_ms
FROM runs r JOIN owners o ON {which} WHERE r.state IN ('RUNNING', 'PAUSED')
"""


def check_version(found: str | None, where: str, *, another: str) -> int:
    """The version of a ledger's tables, one that this program can use or bring up to date.

    Args:
        found: As the ledger has it.
        where: The ledger, without secrets.
        another: What LOOPAI_LEDGER can be set to: ``file`` or ``database``.

    Raises:
        LedgerError: It is newer, or none that there ever was.
    """
    version = int(found) if found is not None and found.isdecimal() else 0
    if version == SCHEMA_VERSION or version in STEPS:
        return version
    raise LedgerError(
        f"The ledger {where} has version {found} of the tables, and this loopai_nb speaks {SCHEMA_VERSION}.",
        (
            f"Install a newer loopai_nb, or set LOOPAI_LEDGER to another {another}."
            if version > SCHEMA_VERSION
            else f"Set LOOPAI_LEDGER to another {another}."
        ),
    )


def bring_up(connection: Connection, found: int) -> None:
    """Carry out each step from a version to this program's, in the transaction under way.

    Raises:
        LedgerError: An older loopai_nb carries out a run, or the ledger is in Postgres, which never had
            version 1.
    """
    if connection.dialect.name != "sqlite" and found < 2:  # noqa: PLR2004  (the first version on Postgres)
        raise LedgerError(
            f"The ledger's tables have version {found}, which there never was on Postgres.",
            "Set LOOPAI_LEDGER to another database.",
        )
    which = "o.owner_id = r.owner_id" if found == 1 else "o.run_id = r.run_id"
    _refuse_while_carried_out(connection.exec_driver_sql(_OWNERS.format(which=which)).all())
    for version in range(found, SCHEMA_VERSION):
        STEPS[version](connection)
    if found < _WITH_ROLLUPS:
        fill(connection)
    connection.exec_driver_sql(
        f"UPDATE meta SET value = '{SCHEMA_VERSION:d}' WHERE name = 'schema_version'"  # noqa: S608  (a number)
    )


def bring_up_file(engine: Engine, path: Path) -> None:
    """Bring a ledger's file up to date; a copy as it was before is kept beside it.

    All of it happens under the file's lock and in one transaction: another process waits and finds it done,
    and after a kill the file is as it was.

    Raises:
        LedgerError: An older loopai_nb carries out a run in it, or there is no room for the copy.
    """
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        with driver.writing():
            (value,) = driver.execute("SELECT value FROM meta WHERE name = 'schema_version'").fetchone()
            found = check_version(value, str(path), another="file")
            if found == SCHEMA_VERSION:
                return
            part = _copy(driver, path, found)
            try:
                with connection.begin():
                    bring_up(connection, found)
                    kept = _keep(part, path, found)
            except LedgerError:
                part.unlink(missing_ok=True)
                raise
    _log.info(
        "The ledger %s was brought from version %d of its tables to %d; as it was before it is kept in %s.",
        path,
        found,
        SCHEMA_VERSION,
        kept,
    )


def _refuse_while_carried_out(owners: Sequence[Any]) -> None:
    """An older process could not record what it has paid for, once the tables are others."""
    for run_id, *owner, heartbeat_ms in owners:
        if not is_gone(Owner(*owner), heartbeat_ms, int(time.time() * 1000)):
            raise LedgerError(
                f"An older loopai_nb carries out run {run_id} in the ledger, whose tables have to change "
                "first.",
                f"Wait until it has ended, or end that process (pid {owner[2]} on {owner[1]}); then again.",
            )


def _copy(driver: LockedConnection, path: Path, version: int) -> Path:
    part = path.with_name(f"{path.stem}.v{version}{path.suffix}.part")
    try:
        # SQLite writes into an empty file, which keeps its permissions.
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600))
        driver.execute("VACUUM INTO ?", (str(part),))
        descriptor = os.open(part, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except (OSError, sqlite3.Error) as exc:
        with contextlib.suppress(OSError):
            part.unlink()
        raise LedgerError(
            f"The ledger {path} has to be brought up to date, and no copy of it could be made first ({exc}).",
            "Free as much room as the ledger takes, then try again. Nothing was changed.",
        ) from exc
    return part


def _keep(part: Path, path: Path, version: int) -> Path:
    kept = path.with_name(f"{path.stem}.v{version}{path.suffix}")
    number = 1
    while kept.exists():  # of another ledger that lay here before: never written over
        number += 1
        kept = path.with_name(f"{path.stem}.v{version}-{number}{path.suffix}")
    return part.rename(kept)
