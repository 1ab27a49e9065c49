"""Every type of Postgres with values at its edges: how a pull has them, and how the readers of today do.

Not a matter of time: it counts the types whose values all arrive as they are stored, and keeps the whole
table, with the first value that differs, as ``benchmarks/_out/types.md``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.environments import python_of
from benchmarks.peers.types_of import load_values, outcome
from benchmarks.table import OUT, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loopai_nb.postgres.engine import Database

VALUES = Path(__file__).resolve().parent.parent / "tests" / "postgres" / "values.py"
SCRIPT = Path(__file__).with_name("peers") / "types_of.py"
READERS = {"pandas.read_sql": "read_sql", "connectorx": "connectorx"}
PART = "tables"
TIMEOUT_S = 120.0


@dataclass
class Found:
    """What a reader made of the kinds.

    Attributes:
        by_kind: ``same``, ``equal`` (in value, of another kind), ``changed`` or ``fails``, and the first
            value that differs, by the kind's number.
        note: Why it could not be asked at all; else "".
    """

    by_kind: dict[int, tuple[str, str]] = field(default_factory=dict)
    note: str = ""

    def count(self, word: str) -> int:
        """How many kinds came out so."""
        return sum(found == word for found, _ in self.by_kind.values())


def run(*, quick: bool = False) -> list[Row]:  # noqa: ARG001  (it is as quick as it gets)
    """Read each kind with each reader, keep the table, and count."""
    from loopai_nb.postgres.embedded import EmbeddedPostgres
    from loopai_nb.postgres.engine import Database

    values = load_values(str(VALUES))
    folder = Path(tempfile.mkdtemp(prefix="loopai-bench-types-"))
    try:
        with EmbeddedPostgres(folder) as server, closing(Database(server.url)) as db:
            there = _make(db, values)
            ours = _ours(db, values, there)
            peers = {name: _peer(script, server.url, there) for name, script in READERS.items()}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _keep(values.KINDS, there, {"loopai_nb": ours, **peers})
    return [_row(name, ours, found, len(there)) for name, found in peers.items()]


def _make(db: Database, values: Any) -> list[int]:
    """Make a table for each kind that the server knows, and return their numbers."""
    from loopai_nb.errors import QueryFailed

    known = {row["name"] for row in db.execute("SELECT name::text AS name FROM pg_available_extensions")}
    for extension in sorted({kind.extension for kind in values.KINDS} & known):
        db.execute(f"CREATE EXTENSION {extension}", read_only=False)
    for statement in values.SETUP:
        db.execute(statement, read_only=False)
    there = []
    for n, kind in enumerate(values.KINDS):
        if kind.extension and kind.extension not in known:
            continue
        try:
            for statement in values.table_sql(kind, f"k{n}"):
                db.execute(statement, read_only=False)
        except QueryFailed:  # xml: a server may be built without it
            continue
        there.append(n)
    return there


def _ours(db: Database, values: Any, there: Sequence[int]) -> Found:
    from loopai_nb.errors import LoopaiNbError
    from loopai_nb.postgres.pull import pull

    found = Found()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for n in there:
            try:
                column = pull(db, f"SELECT c FROM k{n} ORDER BY id")["c"]  # noqa: S608  (a name of our own)
            except LoopaiNbError as error:
                found.by_kind[n] = ("fails", str(error))
            else:
                found.by_kind[n] = outcome(list(column), values.KINDS[n], values)
    return found


def _peer(script: str, url: str, there: Sequence[int]) -> Found:
    try:
        python = python_of(PART, large=False)
    except RuntimeError as error:
        return Found(note=str(error))
    found = Found()
    environ = {**os.environ, "BENCH_DATABASE": url}  # not an argument: it has a password
    first = 0
    while first <= there[-1]:
        command = [str(python), str(SCRIPT), script, str(VALUES), str(first)]
        done = subprocess.run(
            command, env=environ, check=False, capture_output=True, text=True, timeout=TIMEOUT_S
        )
        for line in done.stdout.splitlines():
            n, word, example = json.loads(line)
            first = n + 1
            if n in there:
                found.by_kind[n] = (word, example)
        if not found.by_kind and first == 0:
            return Found(note=(done.stderr.strip().splitlines() or ["it did not start"])[-1][:60])
        if first <= there[-1]:  # it ended before it was through
            if first in there:
                found.by_kind[first] = ("fails", f"the process ended with {done.returncode}")
            first += 1
    return found


def _row(name: str, ours: Found, peer: Found, kinds: int) -> Row:
    label = f"columns of {kinds} whose values are all as stored (peer: {name})"
    if peer.note:
        return Row(label, ours.count("same"), None, None, f">= {kinds}", "columns", peer.note)
    return Row(
        label,
        ours.count("same"),
        peer.count("same"),
        ours.count("same") / max(peer.count("same"), 1),
        f">= {kinds}",
        "columns",
        ", ".join(f"{peer.count(word)} {word}" for word in ("equal", "changed", "fails")),
    )


def _keep(kinds: Sequence[Any], there: Sequence[int], found: dict[str, Found]) -> None:
    lines = [f"| Type | {' | '.join(found)} |", f"| --- |{' --- |' * len(found)}"]
    for n in there:
        cells = (of.by_kind.get(n, ("not asked", of.note)) for of in found.values())
        shown = (word + (f": `{example}`" if example else "") for word, example in cells)
        lines.append(
            f"| {kinds[n].type} | {' | '.join(cell.replace('|', chr(92) + '|') for cell in shown)} |"
        )
    OUT.mkdir(exist_ok=True)
    (OUT / "types.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines), file=sys.stderr)
