"""The file that a result goes to: checked before anything is paid for, written at once or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from loopai_nb.errors import InputError
from loopai_nb.session.frame_files import FORMATS, write_csv, write_jsonl, write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    import pandas as pd

__all__ = ["OutFile"]


class OutFile:
    """Where answers will be written.

    Args:
        name: A path that ends in .csv, .parquet or .jsonl. What is there is replaced; what a symlink points
            to is replaced behind it.

    Raises:
        InputError: Another ending, no such folder, or no permission to write there.
    """

    def __init__(self, name: str) -> None:
        try:
            self.path = Path(name).expanduser().resolve()
        except (OSError, RuntimeError, ValueError):
            raise InputError(f"--out {name!r} is no path.", "Name a file in a folder of yours.") from None
        self.format = self.path.suffix.lower()
        if self.format not in FORMATS:
            raise InputError(
                f"--out {name} does not say how to write it.", f"Let it end in one of: {', '.join(FORMATS)}."
            )
        if self.path.is_dir():
            raise InputError(f"--out {name} is a folder.", "Name a file in it.")
        if self.path.exists() and not os.access(self.path, os.W_OK):
            raise InputError(f"--out {name} may not be written.", "Name another file.")
        # Only trying tells: of permissions, read-only and full disks, a folder's mode shows one at best.
        try:
            with self._beside() as (_, file):
                file.write(b"\0" * 4096)
                file.flush()
        except OSError as exc:
            raise InputError(
                f"--out {name} can't be written ({exc.strerror}). Nothing was sent.",
                "Name a file in a folder of yours that exists.",
            ) from exc

    def check(self, frame: pd.DataFrame) -> None:
        """Make sure that the frame's columns can be written in this format.

        Raises:
            InputError: Two columns have one name.
        """
        names = [str(name) for name in frame.columns]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise InputError(
                f'Two columns are named "{twice}", and a file can hold only one. Nothing was sent.',
                "Give them names of their own in the SQL: SELECT ... AS ...",
            )

    def write(self, frame: pd.DataFrame) -> None:
        """Write it; until it is complete, what was there stays.

        Args:
            frame: The columns, without the index.

        Raises:
            InputError: It can't be written any more, though it could be before.
        """
        write = {".csv": write_csv, ".parquet": write_parquet, ".jsonl": write_jsonl}[self.format]
        try:
            with self._beside() as (temporary, file):
                write(frame, file)
                file.flush()
                os.fsync(file.fileno())
                if self.path.exists():
                    temporary.chmod(self.path.stat().st_mode & 0o777)
                temporary.replace(self.path)
        except OSError as exc:
            raise InputError(
                f"{self.path} can't be written ({exc.strerror}). The answers are kept in the ledger.",
                "Run the same command with another --out: what is answered is not asked again.",
            ) from exc

    @contextlib.contextmanager
    def _beside(self) -> Iterator[tuple[Path, BinaryIO]]:
        """A new file in the same folder, removed at the end unless it took the target's place."""
        temporary = self.path.with_name(f".{self.path.name[:100]}.{secrets.token_hex(4)}.part")
        # As open() would: the umask decides who may read it.
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield temporary, file
        finally:
            temporary.unlink(missing_ok=True)
