"""How a reader of tables has each type of ``tests/postgres/values.py``: ``types_of.py READER VALUES FIRST``.

It reads ``BENCH_DATABASE``, in which ``types.py`` has made the tables ``k0``, ``k1``, ..., from the number
FIRST on, and prints a line of JSON for each before it reads the next: a reader may take the process with it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import warnings
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

SHOWN = 48
"""Most characters of a value in the table."""


def load_values(path: str) -> Any:
    """The table of types and values, by its path: neither it nor this file is in a package here."""
    spec = importlib.util.spec_from_file_location("values_of_postgres", Path(path))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def outcome(found: list[Any], kind: Any, values: Any) -> tuple[str, str]:
    """Compare a column with what is stored.

    Returns:
        ``"same"``; ``"equal"`` where the values are equal and of another kind (1.0 for 1); ``"changed"``. And
        the first value that differs.
    """
    word, example = "same", ""
    for (written, expected), value in zip(dict(kind.values).items(), found, strict=False):
        also = kind.also.get(written)
        if is_same(value, expected, values) or (also is not None and values.same(value, also)):
            continue
        shown = f"{written[:SHOWN]} -> {value!r:.{SHOWN}}"
        if not is_equal(value, expected):
            return "changed", shown
        word, example = "equal", example or shown
    return word, example


def is_same(value: Any, expected: Any, values: Any) -> bool:
    """Tell whether a value is what is stored, in any form that keeps all of it."""
    value = plain(value)
    if isinstance(value, str) and isinstance(expected, (dict, list)):
        return bool(values.same(as_json(value), expected))  # JSON as its text says the same
    if isinstance(expected, str) and value is not None:
        # A UUID, a range or an address as an object says the same as its text.
        return str(value).replace(" ", "").replace("None", "") == expected.replace(" ", "")
    if isinstance(value, list) and isinstance(expected, list):
        return len(value) == len(expected) and all(
            is_same(*pair, values) for pair in zip(value, expected, strict=True)
        )
    if isinstance(value, datetime) and isinstance(expected, date) and not isinstance(expected, datetime):
        return value == datetime(expected.year, expected.month, expected.day)  # noqa: DTZ001  (a date has no zone)
    return bool(values.same(value, expected))


def is_equal(value: Any, expected: Any) -> bool:
    """Tell whether a value says the same in another kind: 1.0 for 1, a text for a time."""
    value = plain(value)
    if isinstance(expected, list):
        return isinstance(value, list) and len(value) == len(expected) and all(map(is_equal, value, expected))
    if value != value and expected != expected:  # noqa: PLR0124  (NaN)
        return True
    try:
        return Decimal(str(value)) == Decimal(str(expected))
    except InvalidOperation:
        return str(value) == str(expected)


def as_json(text: str) -> Any:
    """What a JSON text says; None where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def plain(value: Any) -> Any:
    """Python's own value: lists for arrays, bytes for views of them, None for what is missing."""
    import pandas as pd

    if isinstance(value, memoryview):
        return bytes(value)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return None if value is pd.NA or value is pd.NaT else value


def read_sql() -> Callable[[str], pd.DataFrame]:
    """``pandas.read_sql`` over psycopg2, as most do it."""
    import pandas as pd
    import sqlalchemy

    url = sqlalchemy.make_url(os.environ["BENCH_DATABASE"]).set(drivername="postgresql+psycopg2")
    engine = sqlalchemy.create_engine(url)

    def read(query: str) -> pd.DataFrame:
        with engine.connect() as connection:
            return pd.read_sql(sqlalchemy.text(query), connection)

    return read


def connectorx() -> Callable[[str], pd.DataFrame]:
    """``connectorx.read_sql`` into pandas."""
    import connectorx  # type: ignore[import-not-found]

    return lambda query: connectorx.read_sql(os.environ["BENCH_DATABASE"], query)


def main(reader: str, path: str, first: int) -> None:
    """Read every kind from ``first`` on and print what became of it."""
    values = load_values(path)
    read = {"read_sql": read_sql, "connectorx": connectorx}[reader]()
    warnings.simplefilter("ignore")
    for n, kind in enumerate(values.KINDS):
        if n < first:
            continue
        try:
            column = read(f"SELECT c FROM k{n} ORDER BY id")["c"]  # noqa: S608  (a name of our own)
            word, example = outcome(list(column), kind, values)
        except BaseException as error:  # noqa: BLE001  (a border; connectorx panics with one that is no Exception)
            said = (str(error).strip() or type(error).__name__).splitlines()[0]
            word, example = "fails", f"{type(error).__name__}: {said[:SHOWN]}"
        print(json.dumps([n, word, example]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
