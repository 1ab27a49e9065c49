"""What lies past a mark: how far it goes, which rows those are, and the mark that they would move to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import DatabaseError, InputError, QueryFailed
from loopai_nb.ledger.watermarks import Mark
from loopai_nb.postgres.sqltext import one_statement, parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from loopai_nb.postgres.engine import Database

__all__ = ["New", "PastMark", "Reach"]

MOST_KEYS = 50_000
"""Rows of the mark's own value that are remembered; where there are more, all of them come again."""

_INTEGERS = frozenset({"smallint", "integer", "bigint"})
_TIMES = frozenset({"timestamp without time zone", "timestamp with time zone", "date"})
_TYPES = _INTEGERS | _TIMES | {"numeric", "text", "character varying", "uuid"}

_MAY_NOT = "42501"
"""SQLSTATE of a privilege that is missing."""

_VERSION_AT = 14
"""Place of the version's digit in the text of a uuid."""


@dataclass(frozen=True, slots=True)
class New:
    """What is pulled since a mark.

    Attributes:
        source: Table, or one statement.
        since: The column whose values only grow; unquoted.
        where: SQL condition; None for none.
        params: Of source and condition.
        limit: Only the first so many rows past the mark, in the order of the column; None for all.
        overlap: How far before the mark to begin, for rows that were committed late: an interval such as
            ``"1 hour"`` for times, a number for numbers; None for not at all.
        start_over: Take all rows, whatever the mark says.
    """

    source: str
    since: str
    where: str | None = None
    params: Mapping[str, object] | None = None
    limit: int | None = None
    overlap: str | float | None = None
    start_over: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a pull comes.

    Attributes:
        value: The highest value; None where nothing is new.
        keys: Of the rows that have it; None for too many.
        ties: How many those are.
        left_out: Rows without a value that can be a mark.
    """

    value: str | None
    keys: tuple[str, ...] | None
    ties: int
    left_out: int


class PastMark:
    """The statements about one kind of pull.

    Args:
        db: Where from.
        new: What.
        probe: What a pull of it brings, without rows.
        key: Columns that tell a row; none for the table's primary key.

    Attributes:
        type: Of the column, its SQL type.
        mark_key: See ``watermarks.Mark``.

    Raises:
        InputError: There is no such column, it can't tell what is new, or nothing tells rows apart; the
            overlap is none.
    """

    def __init__(self, db: Database, new: New, probe: pd.DataFrame, key: list[str]) -> None:
        self._db = db
        self._new = new
        origin = probe.attrs["loopai"]
        self._key = key or list(origin["key"])
        names = [str(name) for name in probe.columns]
        if unknown := [name for name in (new.since, *self._key) if name not in names]:
            raise InputError(
                f'There is no column "{unknown[0]}" to pull by.', f"There is: {', '.join(names)}."
            )
        if not self._key:
            raise InputError(
                f"Nothing tells rows of the same {new.since} apart: there is no primary key.",
                "Name the columns that do: --key A,B",
            )
        self._table = None if origin["table"] is None else _qualified(db, new.source)
        self._relation = self._table or f"(\n{one_statement(new.source)}\n) AS query"
        self._column = db.quote([new.since])[0]
        # With their names: a later pull by another key must not take its values for these.
        named = map(", ".join, zip(db.literals(self._key), db.quote(self._key), strict=True))
        self._keys = f"CAST(json_build_object({', '.join(named)}) AS text)"
        self.type = self._found_type()
        self._overlap_type = "" if new.overlap is None else self._checked_overlap()
        self.mark_key = self._mark_key()
        self._shown = origin["table"] or " ".join(new.source.split())

    def mark(self, reach: Reach) -> Mark:
        """What the ledger keeps of a pull."""
        return Mark(
            mark_key=self.mark_key,
            place=f"{self._db.where}/{self._db.database}",
            source=self._shown,
            condition=self._new.where,
            column=self._new.since,
            type=self.type,
            value=reach.value or "",
            keys=reach.keys,
        )

    def reach(self, mark: Mark | None) -> Reach:
        """How far the rows go that are past a mark."""
        if mark is not None and mark.type != self.type and {mark.type, self.type} - _INTEGERS:
            raise InputError(
                f"The type of {self._new.since} was {mark.type} at its mark, and is {self.type} now.",
                "Start over: --all",
            )
        sql, params = self._reaching(mark)
        (row,) = self._db.execute(sql, {**(self._new.params or {}), **params})
        keys = self._tied(row, mark)
        self._check(row["value"], len(keys))
        return Reach(row["value"], keys if len(keys) <= MOST_KEYS else None, len(keys), row["left_out"])

    def _reaching(self, mark: Mark | None) -> tuple[str, dict[str, object]]:
        """The statement that tells how far the rows go, and its values: one snapshot for all of it."""
        past, params = self._past(mark)
        column, (regular, irregular) = self._column, self._regular()
        before = self._value("mark")
        rows = f"FROM {self._relation}\nWHERE {self._own()}"
        first = f"SELECT {column} AS loopai_at, {self._keys} AS loopai_k {rows}{regular}{past}\n"
        if self._new.limit is None:
            first += f"ORDER BY {column} DESC LIMIT 1"
            ties = f"SELECT {self._keys} AS loopai_k {rows}{column}"
        else:
            first += f"ORDER BY {column}, {self._keys} LIMIT {self._new.limit:d}"
            ties = "SELECT loopai_k FROM loopai_first WHERE loopai_at"
        # PostgreSQL before 18 has no max() of uuids.
        top = "(array_agg(loopai_at ORDER BY loopai_at DESC))[1]" if self.type == "uuid" else "max(loopai_at)"
        if mark is not None:  # an overlap must not take the mark back
            top = f"CASE WHEN {top} < {before} THEN {before} ELSE {top} END"
        # Names that nobody else has: those of a WITH hide tables from the person's own query.
        sql = f"""
WITH loopai_first AS (
{first}
), loopai_mark AS (SELECT {top} AS loopai_at FROM loopai_first
), loopai_ties AS (
{ties} = (SELECT loopai_at FROM loopai_mark) LIMIT {MOST_KEYS + 1}
)
SELECT (SELECT to_json(loopai_at) #>> '{{}}' FROM loopai_mark) AS value,
       (SELECT loopai_at = {"loopai_at" if mark is None else before} FROM loopai_mark) AS same,
       (SELECT json_agg(loopai_k) FROM loopai_ties) AS keys,
       (SELECT count(*) FROM {self._relation} WHERE {self._own()}({irregular})) AS left_out
"""  # noqa: S608  (names are quoted by the driver, values are parameters)
        return sql, params

    def bounds(self, mark: Mark | None, reach: Reach) -> tuple[str, dict[str, object]]:
        """The condition that the rows between a mark and the reach of a pull fulfil, with its values."""
        past, params = self._past(mark)
        until = self._value("until")
        params["loopai_until"] = reach.value
        upper = f"{self._column} <= {until}"
        if self._new.limit is not None:
            upper = (
                f"({self._column} < {until} OR ({self._column} = {until} "
                f"AND {self._keys} IN ({_listed('until_keys')})))"
            )
            params["loopai_until_keys"] = json.dumps(reach.keys)
        return f"{self._own()}{upper}{past}", {**(self._new.params or {}), **params}

    def _check(self, value: str | None, ties: int) -> None:
        """Refuse a value that tells nothing of time, and a limit that more rows share than can be kept."""
        if value is not None and self.type == "uuid" and value[_VERSION_AT] not in "67":
            raise InputError(
                f"The values of {self._new.since} are uuids of version {value[_VERSION_AT]}, which do not "
                "grow with time.",
                "Choose a column that does, such as a time or a uuid of version 7.",
            )
        if ties > MOST_KEYS and self._new.limit is not None:
            raise InputError(
                f"More than {MOST_KEYS:,} rows have {self._new.since} {value}: no limit can go through them.",
                "Leave the limit out, or choose a column with more values.",
            )

    def _tied(self, row: Mapping[str, Any], mark: Mark | None) -> tuple[str, ...]:
        """The rows of the highest value: those of this pull, and those that came there before it."""
        here = tuple(row["keys"] or ())
        if self._new.limit is None or mark is None or not row["same"]:
            return here
        return (*(mark.keys or ()), *here)

    def _past(self, mark: Mark | None) -> tuple[str, dict[str, object]]:
        """The condition of what a mark has not passed, to be added to another one."""
        if mark is None:
            return "", {}
        lower = value = self._value("mark")
        given: dict[str, object] = {"loopai_mark": mark.value}
        if self._new.overlap is not None:
            lower = f"{value} - CAST(:loopai_overlap AS {self._overlap_type})"
            given["loopai_overlap"] = self._new.overlap
        said = f" AND {self._column} >= {lower}"
        if mark.keys is not None:
            said += f" AND NOT ({self._column} = {value} AND {self._keys} IN ({_listed('keys')}))"
            given["loopai_keys"] = json.dumps(mark.keys)
        return said, given

    def _value(self, name: str) -> str:
        return f"CAST(:loopai_{name} AS {self.type})"

    def _own(self) -> str:
        """The person's own condition, in front of another one."""
        return "" if self._new.where is None else f"(\n{one_statement(self._new.where)}\n) AND "

    def _regular(self) -> tuple[str, str]:
        """The conditions of values that can be a mark, and of those that can't: nothing is ever past them."""
        column = self._column
        if self.type in _TIMES:
            return f"{column} < 'infinity'", f"{column} IS NULL OR {column} >= 'infinity'"
        if self.type == "numeric":
            infinite = f"CAST({column} AS text) = 'Infinity'"
            return (
                f"({column} < 'NaN' AND NOT {infinite})",
                f"{column} IS NULL OR {column} >= 'NaN' OR {infinite}",
            )
        return f"{column} IS NOT NULL", f"{column} IS NULL"

    def _checked_overlap(self) -> str:
        """The overlap's type; one below 0 would pass over rows that nobody has seen."""
        if self.type not in _TIMES | _INTEGERS | {"numeric"}:
            raise InputError(
                f"There is no overlap of {self.type} values.",
                "Leave it out, or choose a column of times or numbers.",
            )
        kind, example = ("interval", '"1 hour"') if self.type in _TIMES else ("numeric", "100")
        # NaN is above every number to Postgres, and nothing is above what is below it by that.
        sql = f"""
SELECT overlap >= CAST('0' AS {kind}) AND overlap::text NOT ILIKE ALL ('{{nan,inf%}}') AS usable
FROM (SELECT CAST(:overlap AS {kind}) AS overlap) AS given"""  # noqa: S608  (one of two words of ours)
        try:
            ((usable,),) = (row.values() for row in self._db.execute(sql, {"overlap": self._new.overlap}))
        except QueryFailed:
            usable = False
        if not usable:
            raise InputError(
                f"{self._new.overlap} is no overlap of {self.type} values.", f"Write --overlap {example}"
            )
        return kind

    def _found_type(self) -> str:
        sql = f"""
SELECT format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, NULL) AS type
FROM pg_type AS t WHERE t.oid = pg_typeof((SELECT {self._column} FROM {self._relation} WHERE false))
"""  # noqa: S608  (quoted by the driver)
        given = {name: value for name, value in (self._new.params or {}).items() if name in parameters(sql)}
        (row,) = self._db.execute(sql, given)
        found: str = row["type"]
        if found not in _TYPES:
            raise InputError(
                f"{self._new.since} is of type {found}, by which it can't be told what is new.",
                f"Choose a column of one of these: {', '.join(sorted(_TYPES))}.",
            )
        return found

    def _mark_key(self) -> bytes:
        """The same for pulls of the same rows; of the values of parameters it tells nothing."""
        asked = f"{self._table or one_statement(self._new.source)}\n{self._own()}"
        composed = self._db.compose(asked, dict(self._new.params or {})).text
        named = json.dumps([*self._identity(), composed, self._new.since], ensure_ascii=False)
        return hashlib.sha256(named.encode()).digest()

    def _identity(self) -> tuple[str, str]:
        """What tells this database from another one behind the same address."""
        try:
            (row,) = self._db.execute("SELECT system_identifier::text AS cluster FROM pg_control_system()")
        except DatabaseError as exc:
            if exc.sqlstate != _MAY_NOT:
                raise
            return self._db.where, self._db.database
        return row["cluster"], self._db.database


def _listed(name: str) -> str:
    """The texts of a parameter that is a JSON array: one literal, which the server hashes."""
    return f"SELECT json_array_elements_text(CAST(:loopai_{name} AS json))"


def _qualified(db: Database, source: str) -> str:
    """A table that there is, as SQL names it."""
    from loopai_nb.postgres.catalog import relation

    found = relation(db, source)
    return ".".join(db.quote([found.schema, found.name]))
