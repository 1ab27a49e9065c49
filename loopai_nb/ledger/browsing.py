"""Looking at the rows of a plan before it is sent: windows of them, and the next one that is of interest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, or_, select

from loopai_nb.ledger.schema import answers, plans, requests, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from loopai_nb.ledger.store import Ledger

__all__ = ["BrowsedRow", "PlanRows"]

_READ = {"reading": True}
_AT_ONCE = 2_000
"""Prompts that are looked through in one step where only Python can tell."""


@dataclass(frozen=True, slots=True)
class BrowsedRow:
    """One row as it would be asked.

    Attributes:
        position: 0-based position in the frame.
        label: Its index label as JSON.
        prompt: What would be sent; "" where it is left out.
        system: The system prompt, or None.
        tokens: Expected input tokens.
        cached: An answer of the ledger is used.
        error: Why it is left out; None where it is not.
    """

    position: int
    label: str
    prompt: str
    system: str | None
    tokens: int
    cached: bool
    error: str | None


class PlanRows:
    """The rows of one finished plan. Safe to use from several threads.

    Args:
        ledger: Which has it.
        plan_id: Which.
    """

    def __init__(self, ledger: Ledger, plan_id: str) -> None:
        self._ledger = ledger
        self._plan_id = plan_id
        self._joined = rows.outerjoin(
            requests, and_(requests.c.plan_id == rows.c.plan_id, requests.c.key == rows.c.key)
        )

    def window(self, first: int, count: int) -> list[BrowsedRow]:
        """Rows from a position on, in order; fewer at the end.

        Args:
            first: 0-based position.
            count: At most so many.
        """
        young = select(plans.c.cache_after_ms).where(plans.c.plan_id == self._plan_id).scalar_subquery()
        answered = exists().where(
            answers.c.key == rows.c.key, answers.c.answered_ms >= young, answers.c.text.is_not(None)
        )
        statement = (
            select(
                rows.c.position,
                rows.c.label,
                rows.c.error,
                requests.c.prompt,
                requests.c.system,
                requests.c.estimated_tokens,
                answered.label("cached"),
            )
            .select_from(self._joined)
            .where(rows.c.plan_id == self._plan_id, rows.c.position >= first)
            .order_by(rows.c.position)
            .limit(count)
        )
        return [
            BrowsedRow(
                row.position,
                row.label,
                row.prompt or "",
                row.system,
                row.estimated_tokens or 0,
                bool(row.cached),
                row.error,
            )
            for row in self._all(statement)
        ]

    def hold_all_of(self, other: str) -> bool:
        """Whether all that another plan would send is among what this one would.

        Args:
            other: Its id.
        """
        theirs, ours = requests.alias(), requests.alias()
        among = exists().where(ours.c.plan_id == self._plan_id, ours.c.key == theirs.c.key)
        stranger = select(theirs.c.request_no).where(theirs.c.plan_id == other, ~among).limit(1)
        return not self._all(stranger)

    def find(self, text: str, start: int, step: int) -> int | None:
        """The nearest row whose prompt holds a text, upper and lower case alike; goes round at the end.

        Args:
            text: Not empty.
            start: Position to begin at, itself included.
            step: 1 looks forward, -1 back.

        Returns:
            Its position; None where no row holds it.
        """
        return self._nearest(requests.c.prompt.icontains(text, autoescape=True), start, step)

    def holding(self, texts: Sequence[str], start: int, step: int) -> int | None:
        """The nearest row whose prompt holds one of the texts; as ``find``."""
        holds = [requests.c.prompt.contains(text, autoescape=True) for text in texts]
        return self._nearest(or_(*holds), start, step) if holds else None

    def count(self, text: str) -> int:
        """How many rows ``find`` would find."""
        statement = (
            select(func.count())
            .select_from(self._joined)
            .where(rows.c.plan_id == self._plan_id, requests.c.prompt.icontains(text, autoescape=True))
        )
        return int(self._all(statement)[0][0])

    def next_where(self, true: Callable[[str], bool], start: int) -> int | None:
        """The first row from a position on whose prompt only Python can judge; goes round at the end."""
        total = self._all(select(func.count()).where(rows.c.plan_id == self._plan_id))[0][0]
        for begin, end in ((start, total), (0, start)):
            for first in range(begin, end, _AT_ONCE):
                for position, prompt in self._prompts(first, min(_AT_ONCE, end - first)):
                    if true(prompt):
                        return position
        return None

    def by_length(self, rank: int, *, longest: bool) -> int | None:
        """The row with the longest or shortest prompt; ``rank`` 1 is the next one, and so on."""
        size = requests.c.prompt_bytes
        number = (
            select(requests.c.key)
            .where(requests.c.plan_id == self._plan_id)
            .order_by(size.desc() if longest else size, requests.c.request_no)
            .limit(1)
            .offset(rank)
            .scalar_subquery()
        )
        statement = select(func.min(rows.c.position)).where(
            rows.c.plan_id == self._plan_id, rows.c.key == number
        )
        position: int | None = self._all(statement)[0][0]
        return position

    def _prompts(self, first: int, count: int) -> list[tuple[int, str]]:
        """Positions and prompts of rows that can be asked."""
        statement = (
            select(rows.c.position, requests.c.prompt)
            .join(requests, and_(requests.c.plan_id == rows.c.plan_id, requests.c.key == rows.c.key))
            .where(rows.c.plan_id == self._plan_id, rows.c.position >= first, rows.c.position < first + count)
            .order_by(rows.c.position)
        )
        return [(row.position, row.prompt) for row in self._all(statement)]

    def _nearest(self, condition: Any, start: int, step: int) -> int | None:
        position = rows.c.position
        forward = step > 0
        for side in (
            (position >= start, position < start) if forward else (position <= start, position > start)
        ):
            statement = (
                select(position)
                .select_from(self._joined)
                .where(rows.c.plan_id == self._plan_id, side, condition)
                .order_by(position if forward else position.desc())
                .limit(1)
            )
            found = self._all(statement)
            if found:
                return int(found[0][0])
        return None

    def _all(self, statement: Any) -> list[Any]:
        with self._ledger.engine.connect().execution_options(**_READ) as connection:
            return list(connection.execute(statement).all())
