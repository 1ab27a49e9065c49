import csv
import datetime as dt
import json
import os
import stat
from decimal import Decimal
from uuid import UUID

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loopai_nb.cli.outfile import OutFile
from loopai_nb.errors import InputError

MOMENT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


@pytest.fixture
def frame():
    """One row of everything that a pull brings, and one of nothing."""
    return pd.DataFrame(
        {
            "n": pd.Series([7, None], dtype=pd.ArrowDtype(pa.int64())),
            "amount": pd.Series([Decimal("1.50"), None], dtype=pd.ArrowDtype(pa.decimal128(10, 2))),
            "at": pd.Series([MOMENT, None], dtype=pd.ArrowDtype(pa.timestamp("us", "UTC"))),
            "day": pd.Series([MOMENT.date(), None], dtype=pd.ArrowDtype(pa.date32())),
            "ok": pd.Series([True, None], dtype=pd.ArrowDtype(pa.bool_())),
            "tags": pd.Series([["a", "b"], None], dtype=pd.ArrowDtype(pa.list_(pa.string()))),
            "data": pd.Series([{"a": [1, None]}, None], dtype="object"),
            "raw": pd.Series([b"\x00\xff", None], dtype=pd.ArrowDtype(pa.binary())),
            "id": pd.Series([UUID(int=5), None], dtype="object"),
            "mixed": pd.Series(["x", 3], dtype="object"),
            "answer": pd.Series(["Zürich 🦅 שלום", None], dtype="object"),
            "latency_ms": [1.5, float("nan")],
            "tokens": pd.Series([3, None], dtype="Int64"),
            "none": pd.Series([None, None], dtype="object"),
        }
    )


def test_small_costs_have_no_exponent_in_csv(tmp_path):
    """A cent's thousandth is read as such in a spreadsheet and by eye; nothing is rounded."""
    OutFile(str(tmp_path / "o.csv")).write(pd.DataFrame({"cost_usd": [6.5e-05, 0.0, 1.25, 1e-12]}))

    written = (tmp_path / "o.csv").read_text().split()
    assert written == ["cost_usd", "0.000065", "0.0", "1.25", "0.000000000001"]


def test_csv_has_every_type_as_text(frame, tmp_path):
    """Dates in ISO 8601, lists and jsonb as JSON, bytes as Postgres writes them, missing as nothing."""
    OutFile(str(tmp_path / "o.csv")).write(frame)

    header, full, empty = csv.reader((tmp_path / "o.csv").read_text(encoding="utf-8").splitlines())
    row = dict(zip(header, full, strict=True))
    assert row | {} == {
        "n": "7",
        "amount": "1.50",
        "at": "2026-01-02T03:04:05+00:00",
        "day": "2026-01-02",
        "ok": "True",
        "tags": '["a","b"]',
        "data": '{"a":[1,null]}',
        "raw": "\\x00ff",
        "id": "00000000-0000-0000-0000-000000000005",
        "mixed": "x",
        "answer": "Zürich 🦅 שלום",
        "latency_ms": "1.5",
        "tokens": "3",
        "none": "",
    }
    assert empty == [""] * 9 + ["3"] + [""] * 4


def test_jsonl_has_every_type_as_json(frame, tmp_path):
    """Numbers, booleans, lists and objects stay what they are; missing is null."""
    OutFile(str(tmp_path / "o.jsonl")).write(frame)

    full, empty = map(json.loads, (tmp_path / "o.jsonl").read_text(encoding="utf-8").splitlines())
    assert (full["n"], full["ok"], full["tags"], full["data"]) == (7, True, ["a", "b"], {"a": [1, None]})
    assert (full["amount"], full["at"]) == ("1.50", "2026-01-02T03:04:05+00:00")
    assert (full["answer"], full["latency_ms"], full["raw"]) == ("Zürich 🦅 שלום", 1.5, "\\x00ff")
    assert {name for name, value in empty.items() if value is not None} == {"mixed"}


def test_parquet_keeps_the_types(frame, tmp_path):
    """Arrow types stay; jsonb becomes its JSON text, since its values have no one type."""
    OutFile(str(tmp_path / "o.parquet")).write(frame)

    table = pq.read_table(tmp_path / "o.parquet")
    types = {field.name: str(field.type) for field in table.schema}
    assert types["n"] == "int64"
    assert types["amount"] == "decimal128(10, 2)"
    assert types["at"] == "timestamp[us, tz=UTC]"
    assert types["data"] == types["answer"] == types["mixed"] == types["none"] == "string"
    assert table["data"].to_pylist() == ['{"a":[1,null]}', None]
    assert table["mixed"].to_pylist() == ["x", "3"]
    assert table["latency_ms"].to_pylist() == [1.5, None]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("@SUM(1)", "'@SUM(1)"),
        ("+1+cmd", "'+1+cmd"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        ("＝1+1", "'＝1+1"),  # noqa: RUF001  (full-width, a formula in some locales)
        ("-5", "-5"),
        ("+3.5", "+3.5"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_csv_disarms_formulas(cell, written, tmp_path):
    """ATTACKS 12: a spreadsheet computes nothing that a row or a model wrote; a number stays one."""
    OutFile(str(tmp_path / "o.csv")).write(pd.DataFrame({"=name": [cell]}))

    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["'=name"], [written]]


@pytest.mark.parametrize("name", ["o.xlsx", "o", "missing/o.csv", ".", "bad\0.csv"])
def test_a_file_that_cannot_be_written_is_refused(name, tmp_path, monkeypatch):
    """Another format, a folder that is not there, a folder itself: said at once."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        OutFile(name)


def test_trying_leaves_nothing_behind(tmp_path):
    """The check writes a file beside the target and removes it; the target is untouched."""
    (tmp_path / "o.csv").write_text("before")
    OutFile(str(tmp_path / "o.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["o.csv"]
    assert (tmp_path / "o.csv").read_text() == "before"


def test_a_full_disk_is_noticed_before_anything_is_sent():
    """Only trying tells: /dev/full looks like a place to write to."""
    with pytest.raises(InputError):
        OutFile("/dev/full/o.csv")


def test_a_failure_in_the_middle_leaves_what_was_there(tmp_path, monkeypatch):
    """The old file stays until the new one is complete, and the hint says that nothing is lost."""
    (tmp_path / "o.csv").write_text("before")
    out = OutFile(str(tmp_path / "o.csv"))

    def no_space(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(InputError, match="kept in the ledger"):
        out.write(pd.DataFrame({"a": [1]}))

    assert [path.name for path in tmp_path.iterdir()] == ["o.csv"]
    assert (tmp_path / "o.csv").read_text() == "before"


def test_a_replaced_file_keeps_its_mode_and_a_symlink(tmp_path):
    """Who could not read it before still cannot; a link goes on pointing at it."""
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("before")
    real.chmod(0o600)
    link.symlink_to(real)

    OutFile(str(link)).write(pd.DataFrame({"a": [1]}))

    assert link.is_symlink()
    assert real.read_text() == "a\n1\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600


def test_two_columns_of_one_name_are_refused(tmp_path):
    """A file could hold only one of them."""
    out = OutFile(str(tmp_path / "o.jsonl"))
    with pytest.raises(InputError, match='named "a"'):
        out.check(pd.DataFrame([[1, 2]], columns=["a", "a"]))
