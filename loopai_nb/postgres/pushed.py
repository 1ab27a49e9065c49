"""What a push did, or would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.records import RunState

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Change", "PushSummary"]


@dataclass(frozen=True, slots=True)
class Change:
    """One row that is there and would be changed, as the server writes its values.

    Attributes:
        key: Value by key column.
        values: Old and new value of each column that differs; None is NULL.
    """

    key: Mapping[str, str | None]
    values: Mapping[str, tuple[str | None, str | None]]

    def without(self, name: str) -> Change:
        """The same without one column, where others differ, too."""
        others = {each: pair for each, pair in self.values.items() if each != name}
        return Change(self.key, others or self.values)

    def __str__(self) -> str:
        key = ", ".join(f"{name}={value}" for name, value in self.key.items())
        if list(self.values) == ["request_id"]:
            return f"{key}: the same by another request"
        changes = (f"{name}: {_shown(old)} → {_shown(new)}" for name, (old, new) in self.values.items())
        return f"{key}: {', '.join(changes)}"


@dataclass(frozen=True, slots=True)
class PushSummary:
    """What a push did; of a dry run what it would have done.

    Attributes:
        table: ``schema.table``.
        inserted: Rows that were not there.
        updated: Rows that were there and changed.
        unchanged: Rows that were there as they are; not written again.
        created: The table was made.
        left_out: Rows of a result that were not written because they have no answer.
        not_accepted: Rows of a reviewed run that were not written because nobody accepted their answer.
        run_id: Whose answers they are; None where the frame was no result.
        run_state: Where that run stood when they were pushed.
        run_reason: Why it stopped, such as ``budget``; "" where nothing stopped it.
        deleted: Rows of the table that a replace took away.
        dry_run: Nothing of it was kept.
        ddl: Of a dry run: the statements that would make what is not there, in their order.
        examples: Of a dry run by key: the first rows that would change, at most 5.
    """

    table: str
    inserted: int
    updated: int
    unchanged: int
    created: bool
    left_out: int = 0
    not_accepted: int = 0
    run_id: str | None = None
    run_state: RunState | None = None
    run_reason: str = ""
    deleted: int = 0
    dry_run: bool = False
    ddl: tuple[str, ...] = ()
    examples: tuple[Change, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every row was written, and of a run that has answered all that it asked."""
        return self.left_out == self.not_accepted == 0 and self.run_state in {None, RunState.COMPLETED}

    def __str__(self) -> str:
        counts = [f"{self.inserted:,} inserted"]
        counts += [f"{self.updated:,} updated"] if self.updated else []
        counts += [f"{self.unchanged:,} unchanged"] if self.unchanged else []
        counts += [f"{self.deleted:,} deleted"] if self.deleted else []
        written = f"{self.table}{' (new)' if self.created else ''}: {', '.join(counts)}"
        said = [written, *self._shortfalls()]
        return " · ".join([*said, "dry run: all of it was rolled back"] if self.dry_run else said)

    def _shortfalls(self) -> list[str]:
        """What a reader of the table would else take for complete."""
        said = []
        if self.left_out:
            rows = "row" if self.left_out == 1 else "rows"
            said.append(f"{self.left_out:,} {rows} without an answer left out")
        if self.not_accepted:
            said.append(f"{self.not_accepted:,} that nobody accepted left out")
        if self.run_state not in {None, RunState.COMPLETED}:
            why = f" ({self.run_reason.rstrip('.')})" if self.run_reason else ""
            said.append(f"{f'run {self.run_id}' if self.run_id else 'its run'} is {self.run_state}{why}")
        return said


def _shown(value: str | None) -> str:
    return "NULL" if value is None else repr(value)
