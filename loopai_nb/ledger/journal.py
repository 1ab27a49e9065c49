"""Answers beside the ledger at once, before the ledger's own transaction has them.

A SQLite commit writes some twenty pages and now and then a checkpoint: 1 to 20 ms in which the slot of an
answer that no file has yet must stay empty, or a kill could cost more than what is in flight. So answers go
into a file first, with one write of some microseconds: whatever ends the process, the system has it then. A
thread makes that durable a few milliseconds later, for a power cut; the ledger takes it some fifty
milliseconds later, many answers in one transaction. What a killed process left in its files is recorded by
whoever opens the ledger or goes on with the run; see ``replaying``.
"""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.errors import LedgerError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Journal", "Ticket", "journal_files", "owner_of", "read_journal"]

_HEAD = struct.Struct("<IIQ")
"""Length and CRC-32 of what follows, then the entry's number, which both cover."""

_NUMBER = struct.Struct("<Q")

_STEP_BYTES = 256 * 1024
"""A file grows by writing zeros: into blocks that it has, a write changes no metadata and is synced soon."""

_TURN_BYTES = 128 * 1024
"""Where a file gives way to the other one, as soon as that is free."""

_MARK = "-answers-"

_sync_data = getattr(os, "fdatasync", os.fsync)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Where an entry was written; given back when the ledger has what is in it."""

    file: int
    number: int


class Journal:
    """Two files that take turns: one is written while what is in the other goes into the ledger.

    Not for several threads at once, but for ``sync``, which one other thread may call.

    Args:
        ledger: Path of the ledger's file; the journal's lie beside it.
        owner_id: Whose answers they are.

    Raises:
        LedgerError: The files can't be made.
    """

    def __init__(self, ledger: Path, owner_id: str) -> None:
        self._number = 0
        self._now = 0
        self._files: list[_File] = []
        try:
            for letter in "ab":
                self._files.append(_File(ledger.with_name(f"{ledger.name}{_MARK}{owner_id}-{letter}")))
            _sync_folder(ledger.parent)
        except OSError as exc:
            self.close(remove=True)
            raise _unwritable(exc) from exc

    def append(self, entry: bytes) -> Ticket:
        """Write an entry: from now on no end of this process loses it, and no power cut after ``sync``.

        Raises:
            LedgerError: It could not be written, and may be lost.
        """
        other = self._files[1 - self._now]
        if self._files[self._now].used > _TURN_BYTES and not other.open_entries:
            self._now = 1 - self._now
        file = self._files[self._now]
        self._number += 1
        number = _NUMBER.pack(self._number)
        head = _HEAD.pack(len(entry), zlib.crc32(entry, zlib.crc32(number)), self._number)
        try:
            file.write(head + entry)
        except OSError as exc:
            raise _unwritable(exc) from exc
        return Ticket(self._now, self._number)

    def sync(self) -> None:
        """Make durable what was appended before. Blocks for a millisecond, on a busy disk for longer.

        Raises:
            LedgerError: The disk did not take it.
        """
        try:
            for file in self._files:
                file.sync()
        except OSError as exc:
            raise _unwritable(exc) from exc

    def recorded(self, ticket: Ticket) -> None:
        """Say that the ledger has what is in this entry."""
        self._files[ticket.file].open_entries -= 1

    def close(self, *, remove: bool) -> None:
        """Close the files, and remove them where the ledger has all that is in them."""
        for file in self._files:
            file.close(remove=remove)
        self._files = []


def journal_files(ledger: Path) -> list[Path]:
    """The journals beside a ledger, of processes that live and of those that do not."""
    return sorted(ledger.parent.glob(f"{_escaped(ledger.name)}{_MARK}o-*-[ab]"))


def owner_of(path: Path) -> str:
    """Whose answers a journal's file holds."""
    return path.name.rpartition(_MARK)[2][:-2]


def read_journal(ledger: Path, owner_id: str) -> list[bytes]:
    """Return an owner's entries in their order, recorded ones too; none where there are no files.

    Raises:
        LedgerError: A file is there and can't be read.
    """
    entries: list[tuple[int, bytes]] = []
    for path in journal_files(ledger):
        if owner_of(path) == owner_id:
            try:
                descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
                with os.fdopen(descriptor, "rb") as file:
                    entries += _entries(file.read())
            except FileNotFoundError:
                continue  # somebody else has just recorded what was in it
            except OSError as exc:
                raise LedgerError(
                    f"Answers that were paid for lie in {path}, which can't be read: {exc.strerror}.",
                    "Make it readable for this user; nothing is sent again before.",
                ) from exc
    return [entry for _, entry in sorted(entries)]


class _File:
    """One file of a journal; it begins anew when nothing in it is open."""

    def __init__(self, path: Path) -> None:
        self.used = 0
        self.open_entries = 0
        self._path = path
        self._is_synced = True
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        self._descriptor = os.open(path, flags, 0o600)
        self._size = 0
        try:
            self._grow(_STEP_BYTES)
            os.fsync(self._descriptor)
        except BaseException:
            self.close(remove=True)
            raise

    def write(self, data: bytes) -> None:
        if not self.open_entries:
            self.used = 0  # what follows is older, and tells so by its number
        if self.used + len(data) > self._size:
            self._grow(self.used + len(data))
        _write_all(self._descriptor, data, self.used)
        self._is_synced = False
        self.used += len(data)
        self.open_entries += 1

    def sync(self) -> None:
        if not self._is_synced:
            self._is_synced = True  # before: what is appended meanwhile is for the next one
            _sync_data(self._descriptor)

    def close(self, *, remove: bool) -> None:
        os.close(self._descriptor)
        if remove:
            self._path.unlink(missing_ok=True)

    def _grow(self, size: int) -> None:
        size = -(size // -_STEP_BYTES) * _STEP_BYTES
        _write_all(self._descriptor, bytes(size - self._size), self._size)
        self._size = size


def _entries(data: bytes) -> list[tuple[int, bytes]]:
    """The whole entries from a file's beginning, as far as their numbers rise."""
    found: list[tuple[int, bytes]] = []
    at, last = 0, 0
    while at + _HEAD.size <= len(data):
        length, crc, number = _HEAD.unpack_from(data, at)
        entry = data[at + _HEAD.size : at + _HEAD.size + length]
        if (
            number <= last
            or len(entry) < length
            or zlib.crc32(entry, zlib.crc32(_NUMBER.pack(number))) != crc
        ):
            break
        found.append((number, entry))
        at, last = at + _HEAD.size + length, number
    return found


def _write_all(descriptor: int, data: bytes, at: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, at)
        view, at = view[written:], at + written


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _escaped(name: str) -> str:
    import glob

    return glob.escape(name)


def _unwritable(exc: OSError) -> LedgerError:
    return LedgerError(
        f"The ledger could not be written ({exc.strerror}).",
        "Nothing more is sent. Free the disk or check the file, then resume the run.",
    )
