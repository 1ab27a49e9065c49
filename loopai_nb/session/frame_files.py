"""Frames as files: CSV that no spreadsheet computes, JSON Lines, Parquet."""

from __future__ import annotations

import contextlib
import json
import secrets
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    import pandas as pd

__all__ = ["FORMATS", "export", "write_csv", "write_jsonl", "write_parquet"]

FORMATS = (".csv", ".parquet", ".jsonl")
"""How the name of a file may end."""

_LEAST = 1e-12
"""The smallest amount of money; what is yet smaller is written as Python does."""


def export(frames: Iterable[pd.DataFrame], name: str | os.PathLike[str]) -> int:
    """Write frames of the same columns into one file, one at a time, without their indexes.

    Until it is complete, what was there stays.

    Args:
        frames: At least one.
        name: A path that ends in one of ``FORMATS``.

    Returns:
        How many rows were written.

    Raises:
        InputError: Another ending, or it can't be written.
    """
    path = Path(name).expanduser()
    if path.suffix.lower() not in FORMATS:
        raise InputError(
            f"{path} does not say how to write it.", f"Let it end in one of: {', '.join(FORMATS)}."
        )
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    rows = 0
    try:
        try:
            with temporary.open("xb") as file, _writer(path.suffix.lower(), file) as write:
                for frame in frames:
                    write(frame)
                    rows += len(frame)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as exc:
        raise InputError(f"{path} can't be written ({exc.strerror}).", "Name another file.") from exc
    return rows


@contextlib.contextmanager
def _writer(suffix: str, file: BinaryIO) -> Iterator[Any]:
    """A function that adds a frame to an open file of a format."""
    if suffix == ".parquet":
        import pyarrow.parquet as pq

        with contextlib.ExitStack() as stack:
            parquet: Any = None

            def add(frame: pd.DataFrame) -> None:
                nonlocal parquet
                table = _table(frame)
                if parquet is None:
                    parquet = stack.enter_context(pq.ParquetWriter(file, table.schema))
                parquet.write_table(table.cast(parquet.schema))

            yield add
        return
    begun = False

    def append(frame: pd.DataFrame) -> None:
        nonlocal begun
        if suffix == ".csv":
            write_csv(frame, file, header=not begun)
        else:
            write_jsonl(frame, file)
        begun = True

    yield append


def write_csv(frame: pd.DataFrame, file: BinaryIO, *, header: bool = True) -> None:
    """Write a frame so that a spreadsheet computes none of its texts; the index is left out."""
    import csv
    import io

    # pandas' own writer would quote, but neither disarm formulas nor write jsonb as JSON.
    text = io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="")
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow([_disarmed(str(name)) for name in frame.columns])
    for values in _rows(frame):
        writer.writerow([_csv_cell(value) for value in values])
    text.flush()
    text.detach()


def write_jsonl(frame: pd.DataFrame, file: BinaryIO) -> None:
    """Write a frame as an object a line; the index is left out."""
    names = [str(name) for name in frame.columns]
    file.writelines(_json(dict(zip(names, values, strict=True))).encode() + b"\n" for values in _rows(frame))


def write_parquet(frame: pd.DataFrame, file: BinaryIO) -> None:
    """Write a frame as Parquet; the index is left out."""
    import pyarrow.parquet as pq

    pq.write_table(_table(frame), file)


def _table(frame: pd.DataFrame) -> Any:
    import pyarrow as pa

    return pa.table({str(name): _arrow(frame.iloc[:, i]) for i, name in enumerate(frame.columns)})


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
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeEncodeError):
        found = pa.array([None if value is None else _encodable(str(value)) for value in values])
    return found.cast(pa.string()) if pa.types.is_null(found.type) else found


def _encodable(text: str) -> str:
    """Half an emoji spelled out, as in CSV."""
    return text.encode(errors="backslashreplace").decode()


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
        return f"{Decimal(repr(value)):f}" if _LEAST <= abs(value) < 1 else repr(value)
    if isinstance(value, dict | list):
        return _disarmed(_json(value))
    if isinstance(value, str):
        return _disarmed(value)
    plain = _as_json(value)
    return _disarmed(plain) if isinstance(plain, str) else plain


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

    try:
        return orjson.dumps(value, default=_as_json, option=orjson.OPT_NON_STR_KEYS).decode()
    except orjson.JSONEncodeError:
        # Half an emoji, or a number beyond 64 bits: the standard library takes both, slowly.
        return json.dumps(value, default=_as_json)


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
