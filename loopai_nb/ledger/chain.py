"""The audit chain: each ask, decision and use of an approval, every row with the hash of the one before it.

A row's hash is SHA-256 over the hash before it, a line feed and its content, which is canonical JSON; the
first one follows 64 zeros. ``meta`` keeps the number and the hash of the last row, so that rows cut off the
end are missed as well. Whoever can write the ledger can write all of this anew: only a head that was noted
elsewhere shows that (see ``Head``).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from loopai_nb.ledger.dialects import insert_into
from loopai_nb.ledger.schema import chain, meta
from loopai_nb.planning.spec import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

__all__ = ["GENESIS", "HEAD", "Broken", "Head", "append", "facts_of", "hash_of", "head", "linked", "replayed"]

HEAD = "chain_head"
"""Name of the chain's end in ``meta``."""

GENESIS = "0" * 64
"""Stands for the hash before the first row."""


_HEAD = re.compile(r"(?P<seq>[0-9]{1,18}):(?P<hash>[0-9a-fA-F]{64})")
"""No number is longer than the database's own."""

_FACTS = {"seq": int, "kind": str, "approval_id": str, "at_ms": int}
"""What the content of every row has."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain.

    Attributes:
        seq: Number of its last row; 0 of none.
        hash: That row's hash.
    """

    seq: int
    hash: str

    def __str__(self) -> str:
        """As it is kept, and as a person notes it down."""
        return f"{self.seq}:{self.hash}"

    @classmethod
    def read(cls, text: str) -> Head | None:
        """What ``str`` made; None where it is none."""
        found = _HEAD.fullmatch(text.strip())
        return None if found is None else cls(int(found["seq"]), found["hash"].lower())


@dataclass(frozen=True, slots=True)
class Broken:
    """One place where a chain is not what it was written as.

    Attributes:
        seq: Number of the row; None where it is of no row.
        what: A sentence.
    """

    seq: int | None
    what: str


def append(
    connection: Connection, kind: str, approval_id: str, at_ms: int, facts: Mapping[str, object]
) -> None:
    """Add a row behind the last one; of two processes the second waits until the first has committed."""
    wanted = select(meta.c.value).where(meta.c.name == HEAD).with_for_update()
    value = connection.execute(wanted).scalar_one_or_none()
    if value is None:
        first: Any = insert_into(connection, meta).values(name=HEAD, value=str(Head(0, GENESIS)))
        connection.execute(first.on_conflict_do_nothing())
        value = connection.execute(wanted).scalar_one()
    seq, _, prev_hash = value.partition(":")
    link = linked(prev_hash, int(seq) + 1, kind, approval_id, at_ms, facts)
    connection.execute(insert(chain).values(link))
    connection.execute(
        update(meta).where(meta.c.name == HEAD).values(value=str(Head(link["seq"], link["hash"])))
    )


def linked(
    prev_hash: str, seq: int, kind: str, approval_id: str, at_ms: int, facts: Mapping[str, object]
) -> dict[str, Any]:
    """A row by its columns."""
    content = canonical(
        {**facts, "seq": seq, "kind": kind, "approval_id": approval_id, "at_ms": at_ms},
    )
    return {
        "seq": seq,
        "at_ms": at_ms,
        "kind": kind,
        "approval_id": approval_id,
        "content": content,
        "prev_hash": prev_hash,
        "hash": _hash(prev_hash, content),
    }


def head(connection: Connection) -> Head | None:
    """The end that was kept; None before the first row, or where somebody took it away."""
    value = connection.execute(select(meta.c.value).where(meta.c.name == HEAD)).scalar()
    return None if value is None else Head.read(value)


def hash_of(connection: Connection, seq: int) -> str | None:
    """The hash of a row; ``GENESIS`` of row 0, None where there is no such row."""
    if seq == 0:
        return GENESIS
    return connection.execute(select(chain.c.hash).where(chain.c.seq == seq)).scalar()


def facts_of(connection: Connection, approval_id: str) -> dict[str, Any] | None:
    """What the chain says of one approval; None where it says nothing, or a row of it was changed."""
    known: dict[str, dict[str, Any]] = {}
    found = connection.execute(select(chain).where(chain.c.approval_id == approval_id).order_by(chain.c.seq))
    for row in found.all():
        facts = _read(row)
        if facts is None:
            return None
        _take_in(known, facts)
    return known.get(approval_id)


def replayed(connection: Connection, broken: list[Broken]) -> dict[str, dict[str, Any]]:
    """What the whole chain says of every approval; what is wrong with its rows is added to ``broken``."""
    known: dict[str, dict[str, Any]] = {}
    last = Head(0, GENESIS)
    for row in _rows(connection):
        facts = _read(row)
        if facts is None:
            broken.append(Broken(row.seq, f"Row {row.seq} was changed."))
        else:
            broken.extend(_misplaced(row, facts, last))
            _take_in(known, facts)
        last = Head(row.seq, row.hash)
    broken.extend(_cut(last, head(connection)))
    return known


def _rows(connection: Connection) -> Iterator[Any]:
    yield from connection.execution_options(yield_per=1_000).execute(select(chain).order_by(chain.c.seq))


def _read(row: Any) -> dict[str, Any] | None:
    """The content of a row; None where it is not what the hash was made of, or nothing that we write."""
    if _hash(row.prev_hash, row.content) != row.hash:
        return None
    try:
        facts: dict[str, Any] = json.loads(row.content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(facts, dict) or any(type(facts.get(name)) is not of for name, of in _FACTS.items()):
        return None
    same = (facts["at_ms"], facts["kind"], facts["approval_id"]) == (row.at_ms, row.kind, row.approval_id)
    return facts if same else None


def _misplaced(row: Any, facts: Mapping[str, Any], last: Head) -> list[Broken]:
    if facts["seq"] != row.seq:
        return [Broken(row.seq, f"Row {row.seq} was written as row {facts['seq']}: they were reordered.")]
    if row.seq != last.seq + 1:
        gone = (
            f"Row {last.seq + 1} is"
            if row.seq == last.seq + 2
            else f"Rows {last.seq + 1} to {row.seq - 1} are"
        )
        return [Broken(last.seq + 1, f"{gone} missing.")]
    if row.prev_hash != last.hash:
        return [Broken(row.seq, f"Row {row.seq} does not follow the row before it.")]
    return []


def _cut(last: Head, kept: Head | None) -> list[Broken]:
    """What is wrong with the end."""
    if kept is None:
        return [Broken(None, "The chain's end was taken away.")] if last.seq else []
    if last.seq < kept.seq:
        first = last.seq + 1
        gone = f"Row {first} is" if first == kept.seq else f"Rows {first} to {kept.seq} are"
        return [Broken(first, f"{gone} missing at the end.")]
    if last != kept:
        return [Broken(last.seq, f"Row {last.seq} is not the end that was kept.")]
    return []


def _take_in(known: dict[str, dict[str, Any]], facts: dict[str, Any]) -> None:
    """Carry out one row on what is known of its approval."""
    of_row = {
        name: value for name, value in facts.items() if name not in ("seq", "kind", "approval_id", "at_ms")
    }
    known.setdefault(facts["approval_id"], {"dropped": False}).update(of_row)


def _hash(prev_hash: str, content: str) -> str:
    return hashlib.sha256(f"{prev_hash}\n{content}".encode()).hexdigest()
