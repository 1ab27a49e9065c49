"""The file that a result goes to: checked before anything is paid for, written at once or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.notebook.wording import written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    import pandas as pd

__all__ = ["OutFile", "write_csv"]

_FORMATS = (".csv", ".parquet", ".jsonl")


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
        if self.format not in _FORMATS:
            raise InputError(
                f"--out {name} does not say how to write it.", f"Let it end in one of: {', '.join(_FORMATS)}."
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
        write = {".csv": write_csv, ".parquet": _write_parquet, ".jsonl": _write_jsonl}[self.format]
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


def write_csv(frame: pd.DataFrame, file: BinaryIO) -> None:
    """Write a frame so that a spreadsheet computes none of its texts; the index is left out."""
    import csv
    import io

    # pandas' own writer would quote, but neither disarm formulas nor write jsonb as JSON.
    text = io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_disarmed(str(name)) for name in frame.columns])
    for values in _rows(frame):
        writer.writerow([_csv_cell(value) for value in values])
    text.flush()
    text.detach()


def _write_jsonl(frame: pd.DataFrame, file: BinaryIO) -> None:
    import orjson

    names = [str(name) for name in frame.columns]
    for values in _rows(frame):
        record = dict(zip(names, values, strict=True))
        file.write(orjson.dumps(record, default=_as_json, option=orjson.OPT_APPEND_NEWLINE))


def _write_parquet(frame: pd.DataFrame, file: BinaryIO) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {str(name): _arrow(frame.iloc[:, i]) for i, name in enumerate(frame.columns)}
    pq.write_table(pa.table(columns), file)


def _arrow(series: pd.Series[Any]) -> Any:
    """A column as Arrow's; what Arrow has no one type for (jsonb of many shapes) as its JSON text."""
    import pyarrow as pa

    if series.dtype != object:
        return pa.Array.from_pandas(series)
    values = [_plain(value) for value in series]
    if any(isinstance(value, dict | list) for value in values):
        values = [None if value is None else _json(value) for value in values]
    try:
        found = pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        found = pa.array([None if value is None else str(value) for value in values])
    return found.cast(pa.string()) if pa.types.is_null(found.type) else found


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Each row as Python values; missing is None."""
    return zip(*(map(_plain, frame.iloc[:, i]) for i in range(len(frame.columns))), strict=True)


def _plain(value: Any) -> Any:
    """A NumPy value as Python's, and every kind of missing as None."""
    import numpy as np
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124  (NaN)


def _csv_cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return written(value)
    if isinstance(value, dict | list):
        return _disarmed(_json(value))
    if isinstance(value, str):
        return _disarmed(value)
    return _as_json(value)


def _disarmed(text: str) -> str:
    """Text that a spreadsheet shows and does not compute.

    An apostrophe before what would be a formula (OWASP, "CSV Injection"; the full-width signs count in some
    locales). A number stays one.
    """
    if not text or text[0] not in "=+-@\t\r\n＝＋－＠":  # noqa: RUF001  (the full-width signs are meant)
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def _json(value: Any) -> str:
    import orjson

    return orjson.dumps(value, default=_as_json, option=orjson.OPT_NON_STR_KEYS).decode()


def _as_json(value: Any) -> Any:
    """What JSON has no type for: dates in ISO 8601, bytes as Postgres writes them, anything else its text."""
    plain = _plain(value)
    if plain is None or plain is not value:
        return plain
    if isinstance(value, bytes | bytearray | memoryview):
        return f"\\x{bytes(value).hex()}"
    iso = getattr(value, "isoformat", None)
    if isinstance(value, set | tuple):
        return list(value)
    return iso() if callable(iso) else str(value)
