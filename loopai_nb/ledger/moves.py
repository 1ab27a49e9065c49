"""Whether something new is in a ledger, told so cheaply that one can ask five times a second."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from loopai_nb.ledger.schema import attempts, chain, events, reviews, runs

if TYPE_CHECKING:
    from loopai_nb.ledger.store import Ledger

__all__ = ["Moves", "run_times"]


class Moves(NamedTuple):
    """Marks that differ after something was written; what they are says nothing.

    Attributes:
        requests: Attempts and runs: what figures are made of.
        others: Approvals, reviews and events.
    """

    requests: tuple[int | None, ...]
    others: tuple[int | None, ...]

    def json(self) -> list[list[int | None]]:
        """For ``from_json``."""
        return [list(self.requests), list(self.others)]

    @classmethod
    def from_json(cls, said: object) -> Moves | None:
        """What ``json`` made; None where it is anything else."""
        if not isinstance(said, list) or [type(each) for each in said] != [list, list]:
            return None
        return cls(tuple(said[0]), tuple(said[1]))

    @classmethod
    def of(cls, ledger: Ledger) -> Moves:
        """As it is now."""
        newest = (
            func.max(attempts.c.attempt_no),
            func.count(runs.c.run_id),
            func.max(runs.c.ended_ms),
            func.max(chain.c.seq),
            func.max(reviews.c.review_no),
            func.max(events.c.event_no),
        )
        statement = select(*(select(each).scalar_subquery() for each in newest))
        with ledger.engine.connect().execution_options(reading=True) as connection:
            found = connection.execute(statement).one()
        return cls(tuple(found[:3]), tuple(found[3:]))


def run_times(ledger: Ledger, run_id: str) -> tuple[int, int | None] | None:
    """When a run was begun and when it ended last (epoch milliseconds); None where there is no such run."""
    statement = select(runs.c.created_ms, runs.c.ended_ms).where(runs.c.run_id == run_id)
    with ledger.engine.connect().execution_options(reading=True) as connection:
        row = connection.execute(statement).one_or_none()
    return None if row is None else (row.created_ms, row.ended_ms)
