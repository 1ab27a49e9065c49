"""Runs that are PAUSED: because a person said so, or because a server lets nothing through.

What a person said stands until somebody says go on, or the run ends; nothing of it is leased meanwhile. A
server's hold is only what processes tell of their own waiting, and never covers what a person said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import not_, select, update

from loopai_nb.ledger.locks import hold_plan_of
from loopai_nb.ledger.records import Wishes
from loopai_nb.ledger.schema import runs
from loopai_nb.records import RunState

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["LIVE", "not_held", "paused_by", "reason_of", "tell_held", "wishes"]

LIVE = (RunState.RUNNING, RunState.PAUSED)
"""States of a run that somebody carries out."""

_BY = "paused by "
"""Begins the reason of a run that a person paused; a server's begins with the server."""

_NOT_BY_A_PERSON = not_(runs.c.reason.startswith(_BY, autoescape=True))


def reason_of(by: str) -> str:
    """The reason of a run that this person paused."""
    return f"{_BY}{by}"


def paused_by(state: str, reason: str) -> str | None:
    """Who paused a run, by its state and reason; None where no person did."""
    return reason.removeprefix(_BY) if state == RunState.PAUSED and reason.startswith(_BY) else None


def tell_held(connection: Connection, run_id: str, reason: str) -> None:
    """Say that a server lets nothing through and why, or with ``""`` that it does again.

    What a person paused, and what has ended, stays so.
    """
    hold_plan_of(connection, run_id)
    connection.execute(
        update(runs)
        .where(runs.c.run_id == run_id, runs.c.state.in_(LIVE), _NOT_BY_A_PERSON)
        .values(state=RunState.PAUSED if reason else RunState.RUNNING, reason=reason)
    )


def not_held(connection: Connection, plan_id: str) -> None:
    """Take back what processes told of their waiting that are no more; who lives and waits tells it again."""
    connection.execute(
        update(runs)
        .where(runs.c.plan_id == plan_id, runs.c.state == RunState.PAUSED, _NOT_BY_A_PERSON)
        .values(state=RunState.RUNNING, reason="")
    )


def wishes(connection: Connection, run_id: str) -> Wishes:
    """What is asked of those who carry a run out; nothing where there is no such run."""
    found = connection.execute(
        select(runs.c.cancel_requested, runs.c.state, runs.c.reason).where(runs.c.run_id == run_id)
    ).one_or_none()
    if found is None:
        return Wishes()
    by = paused_by(found.state, found.reason)
    held = by is None and found.state == RunState.PAUSED
    return Wishes(cancel=bool(found.cancel_requested), paused_by=by, held=held)
