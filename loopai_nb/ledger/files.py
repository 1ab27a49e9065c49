"""Where a SQLite ledger lies: a private file in a private folder, never behind a symbolic link."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from loopai_nb.errors import LedgerError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["prepare_file"]


def prepare_file(path: Path) -> None:
    """Make the ledger's folder (0700) and file (0600) where they are missing, else check them.

    SQLite gives its ``-wal`` and ``-shm`` files the permissions of the main file, so that creating that one
    privately is enough (with SQLite's own creation they would follow the umask, commonly 0644).

    Raises:
        LedgerError: The path is a symbolic link, is no regular file, belongs to another user, or can't be
            written; or more than its last folder is missing, as where it was mistyped.
    """
    for suffix in ("-wal", "-shm", "-journal", "-lock"):
        beside = path.with_name(path.name + suffix)
        if beside.is_symlink():
            raise LedgerError(
                f"The ledger {path} can't be used: {beside.name} beside it is a symbolic link.",
                "Remove that link, or set LOOPAI_LEDGER to a file in a folder of your own.",
            )
    try:
        _make_folder(path)
        status = _made(path) or path.lstat()
    except OSError as exc:
        raise _unusable(path, exc.strerror or "it can't be made") from exc
    if stat.S_ISLNK(status.st_mode):
        raise _unusable(path, "it is a symbolic link")
    if not stat.S_ISREG(status.st_mode):
        raise LedgerError(
            f"The ledger {path} is no regular file.", "Set LOOPAI_LEDGER to a file of your own."
        )
    if not os.access(path, os.R_OK | os.W_OK):
        raise _unusable(path, "this user may not read and write it")
    if stat.S_IMODE(status.st_mode) & 0o077:
        _close_to_others(path)


def _made(path: Path) -> os.stat_result | None:
    """Make the file; None where something is there.

    What is there is only looked at, never opened: closing any descriptor of a SQLite file takes away all
    locks that this process holds on it (https://sqlite.org/howtocorrupt.html, 2.2), another ledger's too.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        return None
    try:
        return os.fstat(descriptor)
    finally:
        os.close(descriptor)


def _close_to_others(path: Path) -> None:
    """Make a file private that was copied or made by something else; no ledger has been opened on it yet."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)
    except PermissionError as exc:
        raise LedgerError(
            f"The ledger {path} belongs to another user.", "Set LOOPAI_LEDGER to a file of your own."
        ) from exc
    except OSError as exc:
        raise _unusable(path, exc.strerror or "it can't be opened") from exc


def _unusable(path: Path, reason: str) -> LedgerError:
    return LedgerError(
        f"The ledger {path} can't be used: {reason}.", "Set LOOPAI_LEDGER to a file of your own."
    )


def _make_folder(path: Path) -> None:
    """Make the ledger's folder where it is missing; those above it only for the ledger of a new user."""
    folder = path.parent
    if not folder.exists() and not folder.parent.exists():
        import platformdirs

        if folder != platformdirs.user_data_path("loopai_nb"):
            raise LedgerError(
                f"The ledger {path} can't be made: there is no folder {folder.parent}.",
                "Correct LOOPAI_LEDGER, or make that folder.",
            )
    _make_private(folder)


def _make_private(folder: Path) -> None:
    """Make a folder and those above it where they are missing, each for its owner alone.

    ``mkdir(parents=True)`` would give the mode to the last one only, the umask's to the others.
    """
    if folder.exists():
        return
    _make_private(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
