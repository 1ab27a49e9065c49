"""Run all benchmarks, or those named, and print one table: ``python -m benchmarks [--quick] [NAME ...]``."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from benchmarks.table import Row, format_table, write_json

NO_BENCHMARK = {
    "bare",
    "__init__",
    "__main__",
    "contenders",
    "delayed",
    "environments",
    "make_ledger",
    "ours",
    "servers",
    "table",
}


def main(chosen: list[str], *, quick: bool) -> int:
    """Run benchmarks one after the other, each keeping its own JSON.

    Args:
        chosen: Names of modules; empty for all of them.
        quick: Less work and fewer samples: a look, and no figures to go by.

    Returns:
        Exit status: 1 where one of them could not run, the others' table is printed all the same.
    """
    here = Path(__file__).resolve().parent
    there = sorted(path.stem for path in here.glob("*.py") if path.stem not in NO_BENCHMARK)
    unknown = sorted(set(chosen) - set(there))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(there)}", file=sys.stderr)
        return 2
    rows: list[Row] = []
    failed = []
    for name in chosen or there:
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            measured = importlib.import_module(f"benchmarks.{name}").run(quick=quick)
        except Exception as error:  # noqa: BLE001  (a border: one that fails must not hide the others' figures)
            failed.append(f"{name}: {type(error).__name__}: {error}")
            continue
        write_json(name, measured)
        rows += measured
    if not chosen:
        write_json("all", rows)
    print(format_table(rows))
    for line in failed:
        print(f"failed  {line}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(main([word for word in words if word != "--quick"], quick="--quick" in words))
