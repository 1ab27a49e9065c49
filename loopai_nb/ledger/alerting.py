"""Alerts in the ledger: each time that a rule's condition came true, and when it was over.

They are events with a scope, so that of several processes that see the same one notes it, and tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from loopai_nb.ledger.deciding import Deciding
from loopai_nb.ledger.money import announce
from loopai_nb.ledger.schema import events

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

__all__ = ["AlertRow", "Alerting"]

_FIRED, _OVER, _UNTOLD = "alert", "alert_over", "alert_untold"


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert.

    Attributes:
        rule: The rule's text.
        number: How often it has fired, this time included.
        fired_ms: When (epoch milliseconds).
        message: What was found.
        over_ms: When it was found to be over; None while it is not.
    """

    rule: str
    number: int
    fired_ms: int
    message: str
    over_ms: int | None = None

    @property
    def subject(self) -> str:
        """What is noted of its being told, or of its end being told, is noted under this and the channel."""
        return f"{self.rule}#{self.number}{'' if self.over_ms is None else '/over'}"


class Alerting(Deciding):
    """The part of a ledger that keeps alerts."""

    def fire_alert(self, rule: str, message: str) -> AlertRow | None:
        """Note that a rule's condition came true. Durable when it returns.

        Returns:
            The alert; None where it fires already, noted by whomever.
        """

        def operation(connection: Connection) -> AlertRow | None:
            last = _last(connection, rule)
            if last is not None and last.over_ms is None:
                return None
            number = 1 if last is None else last.number + 1
            now_ms, scope = self.now_ms(), f"{rule}#{number}"
            new = announce(connection, _FIRED, message, run_id=None, scope=scope, now_ms=now_ms)
            return AlertRow(rule, number, now_ms, message) if new else None

        return self._do(operation)

    def end_alert(self, rule: str, message: str) -> AlertRow | None:
        """Note that a rule's condition is true no more.

        Returns:
            The alert that is over; None where none fires, or somebody else has noted it.
        """

        def operation(connection: Connection) -> AlertRow | None:
            last = _last(connection, rule)
            if last is None or last.over_ms is not None:
                return None
            now_ms, scope = self.now_ms(), f"{rule}#{last.number}"
            new = announce(connection, _OVER, message, run_id=None, scope=scope, now_ms=now_ms)
            over = AlertRow(rule, last.number, last.fired_ms, last.message, now_ms)
            return over if new else None

        return self._do(operation)

    def claim_untold_alert(self, rule: str, *, since_ms: int, until_ms: int) -> AlertRow | None:
        """The last alert of a rule where its last change was told to nobody: its process ended before.

        Args:
            rule: The rule's text.
            since_ms: What changed before is too old to be told.
            until_ms: What changed later may be on its way.

        Returns:
            The alert, to one caller only, once; None where there is nothing to tell.
        """

        def operation(connection: Connection) -> AlertRow | None:
            last = _last(connection, rule)
            if last is None or not since_ms <= (last.over_ms or last.fired_ms) < until_ms:
                return None
            noted = select(events.c.event_no).where(
                events.c.kind.in_(("told", "not_told")),
                events.c.scope.startswith(f"{last.subject} ", autoescape=True),
            )
            if connection.execute(noted.limit(1)).first() is not None:
                return None
            said, now_ms = f"Nobody was told of it: {rule}", self.now_ms()
            new = announce(connection, _UNTOLD, said, run_id=None, scope=last.subject, now_ms=now_ms)
            return last if new else None

        return self._do(operation)

    def firing(self, rules: Sequence[str]) -> list[AlertRow]:
        """The alerts of these rules that are not over, in their order."""
        with self.engine.connect().execution_options(reading=True) as connection:
            found = [_last(connection, rule) for rule in rules]
        return [row for row in found if row is not None and row.over_ms is None]

    def alerts(self, *, since_ms: int = 0, until_ms: int | None = None, most: int = 100) -> list[AlertRow]:
        """Alerts that fired since a time, and before another one, the last one first."""
        with self.engine.connect().execution_options(reading=True) as connection:
            return _read(connection, most, since_ms, until_ms)


def _last(connection: Connection, rule: str) -> AlertRow | None:
    """The last alert of a rule."""
    return next(iter(_read(connection, 1, rule=rule)), None)


def _read(
    connection: Connection,
    most: int,
    since_ms: int = 0,
    until_ms: int | None = None,
    rule: str | None = None,
) -> list[AlertRow]:
    statement = select(events).where(events.c.kind == _FIRED, events.c.at_ms >= since_ms)
    if until_ms is not None:
        statement = statement.where(events.c.at_ms < until_ms)
    if rule is not None:
        statement = statement.where(events.c.scope.startswith(f"{rule}#", autoescape=True))
    fired = connection.execute(statement.order_by(events.c.event_no.desc()).limit(most)).all()
    scopes = [row.scope for row in fired]
    ended = select(events.c.scope, events.c.at_ms).where(events.c.kind == _OVER, events.c.scope.in_(scopes))
    over = {row.scope: row.at_ms for row in connection.execute(ended)}
    rows = []
    for row in fired:
        name, _, number = row.scope.rpartition("#")
        rows.append(AlertRow(name, int(number), row.at_ms, row.message, over.get(row.scope)))
    return rows
