"""All that is known of a push before its transaction begins, and the SQL of each of its steps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from loopai_nb.postgres.lineage import Lineage, upsert_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loopai_nb.postgres.outgoing import Outgoing

__all__ = ["LINEAGE_STAGING", "STAGING", "Job", "PushMode"]

PushMode = Literal["append", "upsert", "replace"]

STAGING = "pg_temp.loopai_staging"

LINEAGE_STAGING = "pg_temp.loopai_lineage_staging"

_SURE_EQUALITY = frozenset(
    {
        "smallint",
        "integer",
        "bigint",
        "numeric",
        "real",
        "double precision",
        "boolean",
        "text",
        "character varying",
        "name",
        "bytea",
        "date",
        "timestamp without time zone",
        "timestamp with time zone",
        "time without time zone",
        "uuid",
        "jsonb",
    }
)
"""Types whose ``=`` means the same value. The others are compared as text: json and xml have none, that of a
box compares areas, an interval's takes a month for 30 days, citext's leaves case out, char(n) is padded."""

_KEPT_APART = frozenset({"smallint", "integer", "bigint", "boolean", "text", "character varying"})
"""Types in which keys that differ in a frame differ, too."""

_ROUNDED = re.compile(r"(numeric|timestamp|time|interval)\b")
"""Types whose modifier rounds; those of the others refuse what is too long, and a cast would cut it."""


@dataclass(frozen=True, slots=True)
class Job:
    """A push, ready to be carried out; SQL names are quoted by the driver.

    Attributes:
        table: Qualified, as SQL writes it.
        schema: Unquoted.
        name: Unquoted.
        shown: The table as a person types it.
        kind: See :class:`~loopai_nb.postgres.relations.Relation`.
        columns: The frame's.
        quoted: Their names.
        key: Names of the key's columns, unquoted.
        rows: How many are pushed.
        mode: As asked for, or chosen.
        create: The table is to be made.
        plain: The table takes COPY as it takes INSERT: no rules, row security, or columns it makes itself.
        once: Column, unquoted, by which rows that an append finds there already are looked for; None to add
            every row.
        lineage: One for each row; empty for none.
        lineage_table: Qualified, as SQL writes it.
        lineage_ddl: The statements that make it, or what it does not have; empty where it is whole.
        literals: ``lineage_table``, ``shown`` and the key's names as SQL literals; empty without lineage.
        lock_timeout_s: How long to wait for a lock, where the connection does not say.
        dry_run: Roll back instead of committing.
    """

    table: str
    schema: str
    name: str
    shown: str
    kind: str
    columns: Sequence[Outgoing]
    quoted: Sequence[str]
    key: Sequence[str]
    rows: int
    mode: PushMode
    create: bool
    plain: bool
    once: str | None
    lineage: Sequence[Lineage | None]
    lineage_table: str
    lineage_ddl: Sequence[str]
    literals: Sequence[str]
    lock_timeout_s: float
    dry_run: bool

    @property
    def named(self) -> list[tuple[str, Outgoing]]:
        """Quoted name and column of each column."""
        return list(zip(self.quoted, self.columns, strict=True))

    @property
    def keyed(self) -> list[tuple[str, Outgoing]]:
        """Those of the key."""
        by_name = {column.name: (name, column) for name, column in self.named}
        return [by_name[name] for name in self.key]

    @property
    def others(self) -> list[tuple[str, Outgoing]]:
        """Those outside of the key."""
        return [(name, column) for name, column in self.named if column.name not in self.key]

    @property
    def by_key(self) -> bool:
        """Whether rows that are there are looked for by the key."""
        return not self.create and bool(self.key) and self.mode != "append"

    @property
    def direct(self) -> bool:
        """Whether every row can be copied into the table itself, which is twice as fast as staging."""
        as_new = not self.by_key and (self.once is None or self.create)
        return as_new and self.plain and all(column.direct for column in self.columns)

    @property
    def ddl(self) -> list[str]:
        """The statements that make what is not there, in the order in which they run."""
        statements = [self.create_table] if self.create else []
        statements += [self.add_key] if self.create and self.key else []
        return [*statements, *self.lineage_ddl]

    @property
    def create_table(self) -> str:
        """Without its key: an index is built at once in a tenth of the time that it takes row by row."""
        lines = ", ".join(f"{name} {column.type}" for name, column in self.named)
        return f"CREATE TABLE {self.table} ({lines})"

    @property
    def add_key(self) -> str:
        """Give the table its primary key."""
        return f"ALTER TABLE {self.table} ADD PRIMARY KEY ({self._key_names})"

    @property
    def lock(self) -> str:
        """Keep other writers out, and readers not: two replaces at once would leave the rows of both."""
        return f"LOCK TABLE {self.table} IN SHARE ROW EXCLUSIVE MODE"

    @property
    def keys_may_meet(self) -> bool:
        """Whether keys that differ in the frame may be one in the table: rounded, or read from text."""
        return any(column.cast or column.type not in _KEPT_APART for _, column in self.keyed)

    @property
    def same_keys(self) -> str:
        """How many staged rows share their key with another, and one such key."""
        keys = ", ".join(_exact(name, column) for name, column in self.keyed)
        first = ", ".join(f"min({_exact(name, column)}::text)" for name, column in self.keyed)
        return (
            f"SELECT sum(n) OVER (), r FROM (SELECT count(*) AS n, ARRAY[{first}] AS r FROM {STAGING} AS s "  # noqa: S608  (quoted by the driver)
            f"GROUP BY {keys} HAVING count(*) > 1) AS shared LIMIT 1"
        )

    @property
    def insert(self) -> str:
        """All staged rows."""
        return f"{self._insert} SELECT {self._picked} FROM {STAGING} AS s"  # noqa: S608  (quoted by the driver)

    @property
    def insert_new(self) -> str:
        """Staged rows whose key is not there; counts those inserted, and those that came in between."""
        there = f"SELECT FROM {self.table} AS t WHERE {self._same_key}"
        conflict = f"ON CONFLICT ({self._key_names}) DO "
        if self.others:
            updates = ", ".join(f"{name} = EXCLUDED.{name}" for name, _ in self.others)
            ours, theirs = (self._compared(side) for side in ("t", "EXCLUDED"))
            conflict += f"UPDATE SET {updates} WHERE ({ours}) IS DISTINCT FROM ({theirs})"
        else:
            conflict += "NOTHING"
        # xmax is 0 in a row version that nobody has locked or replaced: one just inserted. Partitioned tables
        # and views have none to return: there, a row that came in between counts as inserted.
        fresh = "xmax = 0" if self.kind == "r" else "true"
        moved = f"{self.insert} WHERE NOT EXISTS ({there}) {conflict} RETURNING {fresh} AS fresh"
        counts = "count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE NOT fresh)"
        return f"WITH moved AS ({moved}) SELECT {counts} FROM moved"  # noqa: S608  (quoted by the driver)

    @property
    def update_changed(self) -> str:
        """Rows that are there and differ; counts them. A row that is as it should be is not even locked."""
        updates = ", ".join(f"{name} = {_picked(name, column)}" for name, column in self.others)
        return self._counted(
            f"UPDATE {self.table} AS t SET {updates} FROM {STAGING} AS s "  # noqa: S608  (quoted by the driver)
            f"WHERE {self._same_key} AND {self._changed}"
        )

    @property
    def delete_all(self) -> str:
        """Every row; counts them."""
        return self._counted(f"DELETE FROM {self.table} AS t")  # noqa: S608  (quoted by the driver)

    @property
    def delete_others(self) -> str:
        """Rows whose key is not staged; counts them."""
        staged = f"SELECT FROM {STAGING} AS s WHERE {self._same_key}"
        return self._counted(f"DELETE FROM {self.table} AS t WHERE NOT EXISTS ({staged})")  # noqa: S608  (quoted by the driver)

    @property
    def examples(self) -> str:
        """Key, old and new values as text: of rows that differ in most columns first, then by key."""
        texts = [f"t.{name}::text" for name, _ in self.keyed]
        texts += [
            f"{value}::text" for name, column in self.others for value in (f"t.{name}", _exact(name, column))
        ]
        # Asked anew, every answer has another request_id: rows of which the answer differs, too, come first.
        differing = " + ".join(
            f"(t.{name}{_as_text(column)} IS DISTINCT FROM {_exact(name, column)}{_as_text(column)})::int"
            for name, column in self.others
        )
        order = ", ".join([f"({differing or 0}) DESC", *(f"t.{name}" for name, _ in self.keyed)])
        return (
            f"SELECT {', '.join(texts)} FROM {self.table} AS t JOIN {STAGING} AS s "  # noqa: S608  (quoted by the driver)
            f"ON {self._same_key} WHERE {self._changed} ORDER BY {order} LIMIT 5"
        )

    @property
    def any_there(self) -> str:
        """Whether any row of what is appended may be there already."""
        asked, there = self._once
        staged = f"SELECT {asked} FROM {STAGING} AS s"  # noqa: S608  (quoted by the driver)
        return f"SELECT EXISTS (SELECT FROM {self.table} AS t WHERE t.{there} IN ({staged}))"  # noqa: S608  (as above)

    @property
    def insert_once(self) -> str:
        """Staged rows of which the table has not as many already, the same in every column; counts them."""
        asked, there = self._once
        ours = ", ".join(_as_row("t", name, column) for name, column in self.named)
        staged = ", ".join(_as_row("s", name, column) for name, column in self.named)
        return (
            # Records are compared as text: that hashes, and every type has it.
            f"WITH there AS (SELECT ROW({ours})::text AS r, count(*) AS n FROM {self.table} AS t "  # noqa: S608  (quoted by the driver)
            f"WHERE t.{there} IN (SELECT {asked} FROM {STAGING} AS s) GROUP BY 1), "
            f"numbered AS (SELECT s.*, ROW({staged})::text AS r, "
            f"row_number() OVER (PARTITION BY ROW({staged})::text) AS k FROM {STAGING} AS s), "
            f"moved AS ({self._insert} SELECT {self._picked} FROM numbered AS s LEFT JOIN there USING (r) "
            "WHERE s.k > coalesce(there.n, 0) RETURNING 1) SELECT count(*) FROM moved"
        )

    @property
    def move_lineage(self) -> str:
        """Staged lineage into its table."""
        _, target, *names = self.literals
        keys = [(name, column.type, column.cast) for name, (_, column) in zip(names, self.keyed, strict=True)]
        return upsert_sql(self.lineage_table, LINEAGE_STAGING, target=target, keys=keys)

    @property
    def _insert(self) -> str:
        return f"INSERT INTO {self.table} AS t ({', '.join(self.quoted)})"

    @property
    def _picked(self) -> str:
        return ", ".join(_picked(name, column) for name, column in self.named)

    @property
    def _key_names(self) -> str:
        return ", ".join(name for name, _ in self.keyed)

    @property
    def _same_key(self) -> str:
        return " AND ".join(f"t.{name} = {_exact(name, column)}" for name, column in self.keyed)

    @property
    def _changed(self) -> str:
        staged = ", ".join(f"{_exact(name, column)}{_as_text(column)}" for name, column in self.others)
        return f"({self._compared('t')}) IS DISTINCT FROM ({staged})" if self.others else "false"

    @property
    def _once(self) -> tuple[str, str]:
        by_name = {column.name: (name, column) for name, column in self.named}
        name, column = by_name[self.once or ""]
        return _exact(name, column), name

    def _compared(self, side: str) -> str:
        return ", ".join(f"{side}.{name}{_as_text(column)}" for name, column in self.others)

    def _counted(self, statement: str) -> str:
        return f"WITH moved AS ({statement} RETURNING 1) SELECT count(*) FROM moved"  # noqa: S608  (quoted by the driver)


def _picked(name: str, column: Outgoing) -> str:
    """A staged value as it is assigned: the server refuses there what would not fit."""
    if column.cast and column.type == "regclass":  # its cast from text looks names up, and "-" is none
        return f"regclassin(textout(s.{name}))"
    return f"s.{name}::{column.type}" if column.cast else f"s.{name}"


def _exact(name: str, column: Outgoing) -> str:
    """A staged value as it will stand in the table, to be compared with what does."""
    kind = column.full_type if _ROUNDED.match(column.type) else column.type
    return f"s.{name}" if kind == column.staged_type else f"s.{name}::{kind}"


def _as_text(column: Outgoing) -> str:
    return "" if column.type.removesuffix("[]") in _SURE_EQUALITY else "::text"


def _as_row(side: str, name: str, column: Outgoing) -> str:
    value = f"t.{name}" if side == "t" else _exact(name, column)
    return f"{value}{_as_text(column)}"
