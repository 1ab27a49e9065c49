"""Looking at rules again and again, and telling once when one comes true and once when it is over."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.alerts.judging import judge
from loopai_nb.errors import LedgerError
from loopai_nb.ledger.histogram import DamagedFigures
from loopai_nb.notify.notice import Notice
from loopai_nb.settings.channels import Importance, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from loopai_nb.ledger.alerting import AlertRow
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.settings.alert_rules import AlertRule

__all__ = ["EVERY_S", "AlertWatch", "Change"]

EVERY_S = 15.0
"""Between two looks."""

_ON_ITS_WAY_MS, _TOO_OLD_MS = 5 * 60_000, 24 * 3_600_000
"""What was noted so long ago and told to nobody is told by another look: a notifier has given up by then.

Nobody wants to hear of it later than so long after.
"""

_CLOSE_S = 3.0
"""How long closing waits for the last one; Jupyter kills a kernel after 5."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """An alert that has just fired, or is just over.

    Attributes:
        alert: The alert.
        message: What was found.
    """

    alert: AlertRow
    message: str


class AlertWatch:
    """Looks at the rules of the settings; several processes may, and each alert is told once.

    One that was noted and told to nobody, because its process was killed, is told by a later look.

    Args:
        ledger: Whose figures; it keeps the alerts, too.
        rules: What is looked at.
        tell: Takes a notice without waiting.
        every_s: Seconds from look to look, once it is started.
    """

    def __init__(
        self,
        ledger: Ledger,
        rules: Sequence[AlertRule],
        tell: Callable[[Notice], None] | None = None,
        *,
        every_s: float = EVERY_S,
    ) -> None:
        self._ledger = ledger
        self._rules = tuple(rules)
        self._tell = tell
        self._every_s = every_s
        self._due = threading.Event()
        self._starting = threading.Lock()
        self._ended = False
        self._thread: threading.Thread | None = None

    def look(self) -> list[Change]:
        """Look at every rule once.

        Returns:
            What came true, and what is over, and was noted by nobody else.

        Raises:
            LedgerError: The ledger can't be read or written.
        """
        changes = (self._look_at(rule) for rule in self._rules)
        return [change for change in changes if change is not None]

    def start(self) -> None:
        """Look in the background from now on; without rules, or once it was started, nothing happens."""
        with self._starting:
            if self._rules and self._thread is None and not self._ended:
                self._thread = threading.Thread(target=self._run, name="loopai-nb-alerts", daemon=True)
                self._thread.start()

    def hurry(self) -> None:
        """Look soon, where it was started: something has ended that may be shorter than a step."""
        self._due.set()

    def close(self) -> None:
        """Look a last time, where it was started, and no more."""
        with self._starting:
            self._ended = True
        self._due.set()
        if self._thread is not None:
            self._thread.join(_CLOSE_S)

    def _look_at(self, rule: AlertRule) -> Change | None:
        found = judge(rule, self._ledger)
        note = self._ledger.fire_alert if found.fires else self._ledger.end_alert
        alert = note(str(rule), found.message)
        if alert is None:
            self._tell_untold(str(rule), found.message)
            return None
        if self._tell is not None:
            self._tell(_notice(alert, found.message, self._ledger.now_ms()))
        return Change(alert, found.message)

    def _tell_untold(self, rule: str, message: str) -> None:
        """Tell what a process has noted that was killed before it told anybody."""
        if self._tell is None:
            return
        now_ms = self._ledger.now_ms()
        alert = self._ledger.claim_untold_alert(
            rule, since_ms=now_ms - _TOO_OLD_MS, until_ms=now_ms - _ON_ITS_WAY_MS
        )
        if alert is not None:
            self._tell(_notice(alert, message if alert.over_ms else alert.message, now_ms))

    def _run(self) -> None:
        last = False
        while not last:
            self._due.wait(self._every_s)
            self._due.clear()
            last = self._ended
            try:
                self._look_at_each()
            except LedgerError as error:  # the next look may do better; runs say it themselves
                _log.warning("The alerts could not be looked at: %s", error.message)

    def _look_at_each(self) -> None:
        """As ``look``, but what is wrong with one rule's figures keeps no other one from being told."""
        for rule in self._rules:
            try:
                self._look_at(rule)
            except DamagedFigures as error:
                _log.warning("A rule could not be looked at: %s. %s", rule, error)
            except LedgerError:  # nor could the others be looked at
                raise
            except Exception:  # noqa: BLE001  (a thread's border: the next look may do better)
                _log.exception("A rule could not be looked at: %s", rule)


def _notice(alert: AlertRow, message: str, now_ms: int) -> Notice:
    over = alert.over_ms is not None
    title = f"Over: {alert.rule}" if over else f"Alert: {alert.rule}"
    return Notice(
        NoticeKind.ALERT,
        Importance.INFO if over else Importance.WARNING,
        title,
        now_ms,
        (("Found", message),),
        subject=alert.subject,
    )
