"""The ledger that tells somebody: whatever is asked, decided, warned of or ended passes here.

It is the one seam between runs and notifiers: whoever asks, decides or carries out a run does it by the
ledger, and what it says is durable when it is told. Telling waits for nothing and raises nothing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from loopai_nb.approval import notices
from loopai_nb.ledger import money
from loopai_nb.ledger.locks import hold_plan_of
from loopai_nb.ledger.store import Ledger
from loopai_nb.notify.notifier import Notifier
from loopai_nb.pricing import pusd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from loopai_nb.ledger.records import Settlement
    from loopai_nb.notify.notice import Notice
    from loopai_nb.notify.notifier import Failure
    from loopai_nb.records import ApprovalState, RunState
    from loopai_nb.settings import Settings

__all__ = ["ToldLedger"]

_CLOSE_S = 3.0
"""How long closing waits for notices that are on their way; Jupyter kills a kernel after 5."""

_PAST_END_S = 1.0


class ToldLedger(Ledger):
    """A ledger whose news go to the channels of the settings.

    Args:
        settings: Where it is, and whom to tell.

    Raises:
        LedgerError: See ``Ledger``.
    """

    def __init__(self, settings: Settings) -> None:
        day = settings.budget_usd_per_day
        super().__init__(settings.ledger, day_budget_pusd=None if day is None else pusd(day))
        self._settings = settings
        self._notifier = Notifier(settings.notify, on_failure=self._not_told, on_arrival=self._told)

    def ask_approval(self, **asked: Any) -> str:
        """See ``Ledger``; told where nobody has decided after a while, and where nobody does in time."""
        approval_id = super().ask_approval(**asked)
        after_s = self._settings.notify.after_s
        self._notifier.tell_later(partial(notices.waits, self, approval_id, self._settings), after_s)
        if asked.get("timeout_s") is not None and asked["timeout_s"] > after_s:
            over_s = asked["timeout_s"] + _PAST_END_S
            self._notifier.tell_later(partial(notices.not_decided, self, approval_id), over_s)
        return approval_id

    def decide_approval(self, approval_id: str, state: ApprovalState, **how: Any) -> bool:
        """See ``Ledger``; told where it was decided elsewhere than it was asked."""
        given = super().decide_approval(approval_id, state, **how)
        if given:
            self._notifier.tell_later(partial(notices.decided, self, approval_id))
        return given

    async def arecord(self, run_id: str, settlements: Sequence[Settlement]) -> tuple[str, ...]:
        """See ``Ledger``; told where four fifths of a budget are spent."""
        warnings = await super().arecord(run_id, settlements)
        for warning in warnings:
            self._notifier.tell_later(partial(notices.budget_warned, self, run_id, warning))
        return warnings

    def end_run(self, run_id: str, state: RunState, reason: str, active_ms: int) -> bool:
        """See ``Ledger``; told once, by the process whose end of it is the run's."""
        ended = super().end_run(run_id, state, reason, active_ms)
        if ended:
            self._notifier.tell_later(partial(notices.run_ended, self, run_id, self._settings))
        return ended

    def tell(self, notice: Notice) -> None:
        """Tell the channels, without waiting."""
        self._notifier.tell(notice)

    def close(self) -> None:
        """Tell what is still to be told, for a moment, and close; may be called twice."""
        self._notifier.close(_CLOSE_S)
        super().close()

    def _told(self, channel: str, notice: Notice) -> None:
        self._note("told", f"{channel} was told: {notice.title}", notice, channel)

    def _not_told(self, failure: Failure) -> None:
        said = f"{failure.channel} was not told ({failure.reason}): {failure.notice.title}"
        self._note("not_told", said, failure.notice, failure.channel)

    def _note(self, kind: str, message: str, notice: Notice, channel: str) -> None:
        """Store an event without waiting for it: the notifier's thread has others to tell."""
        scope = None if notice.subject is None else f"{notice.subject} {channel}"

        def operation(connection: Connection) -> bool:
            if notice.run_id is not None:
                hold_plan_of(connection, notice.run_id)
            return money.announce(
                connection, kind, message, run_id=notice.run_id, scope=scope, now_ms=self.now_ms()
            )

        self._writer.submit(operation)
