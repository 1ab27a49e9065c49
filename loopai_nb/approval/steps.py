"""A gate for any step of a user's own code: a costly query, a publication, a deletion."""

from __future__ import annotations

import asyncio
import logging
import math
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from loopai_nb.approval.pending import Pending, submit
from loopai_nb.approval.shown_context import ShownContext
from loopai_nb.approval.terminal import answer_at_terminal, is_at_terminal, say_how_to_decide
from loopai_nb.errors import InputError, LoopaiNbError
from loopai_nb.notify.notice import Notice
from loopai_nb.records import ApprovalState
from loopai_nb.settings.channels import Importance, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from types import TracebackType
    from typing import Any, Self

    from loopai_nb.ledger.records import ApprovalRow
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.settings import Settings

__all__ = ["ApprovalGate", "ApprovalResponse", "Asker", "Tells"]

_log = logging.getLogger(__name__)

_USED_BY = "gate"
"""What used the approval of a step: the code behind the gate."""


@dataclass(frozen=True, slots=True)
class ApprovalResponse:
    """What came of asking.

    Attributes:
        status: APPROVED, REJECTED or TIMEOUT.
        feedback: What the person added.
        modifications: What is to be done otherwise; empty for nothing.
        approval_id: Under which the ledger has it, such as ``a-91c2``.
        decided_by: Who decided; "" where nobody did.
    """

    status: ApprovalState
    feedback: str
    modifications: Mapping[str, Any]
    approval_id: str
    decided_by: str

    @property
    def is_approved(self) -> bool:
        """Whether the step may be done, this once."""
        return self.status is ApprovalState.APPROVED


class Tells(Protocol):
    """A notifier."""

    def tell(self, notice: Notice) -> object:
        """Take in a notice; it may neither wait nor raise."""


class Asker(Protocol):
    """Shows a question that waits, such as a widget in a notebook does."""

    def show(self, pending: Pending, *, awaited: bool) -> bool:
        """Show it, and decide by ``pending.decide`` when somebody answers, from any thread.

        Args:
            pending: The question; ``pending.row`` is all that the ledger has of it.
            awaited: The caller awaits the decision; else it blocks its thread.

        Returns:
            Whether somebody can answer; where not, it is said how to decide elsewhere.
        """

    def until(self, decided: asyncio.Future[None], timeout_s: float) -> Awaitable[object]:
        """Wait for a future so many seconds at most, letting clicks in meanwhile."""

    def done(self, pending: Pending, row: ApprovalRow) -> None:
        """Show how it was decided; PENDING where the wait was interrupted."""


class ApprovalGate:
    """Asks before a step is done, wherever somebody answers: here, by another process, or by a link.

    What is asked and decided is in the ledger and its audit chain, as for plans. Each approval is for one
    step with one context, and lets it be done once. Safe to use from several threads.

    Args:
        notifier: Told that something waits; a failure of it is logged and changes nothing.
        timeout_seconds: How long a question waits, in seconds.
        ledger: Where it is kept; by default that of the settings, opened with the first use.
        settings: Who asks, what is redacted and what is secret; by default those of the environment.
        asker: Shows the question; by default the notebook's, where there is one.

    Raises:
        InputError: The timeout is no number of seconds above 0.
    """

    def __init__(
        self,
        notifier: Tells | None = None,
        timeout_seconds: float = 3600,
        *,
        ledger: Ledger | None = None,
        settings: Settings | None = None,
        asker: Asker | None = None,
    ) -> None:
        if not (math.isfinite(timeout_seconds) and timeout_seconds > 0):
            raise InputError("timeout_seconds has to be a number of seconds above 0.")
        self._notifier = notifier
        self._timeout_s = float(timeout_seconds)
        self._given = ledger
        self._own: Ledger | None = None
        self._settings = settings
        self._asker = asker
        self._lock = threading.RLock()

    @property
    def ledger(self) -> Ledger:
        """Where everything is kept.

        Raises:
            LedgerError: It can't be opened.
        """
        if self._given is not None:
            return self._given
        with self._lock:
            if self._own is None:
                from loopai_nb.approval.opening import open_ledger

                self._own = open_ledger(self.settings)
            return self._own

    @property
    def settings(self) -> Settings:
        """Who asks, what is redacted and what is secret."""
        with self._lock:
            if self._settings is None:
                from loopai_nb.settings import Settings

                self._settings = Settings.load()
            return self._settings

    def require_approval(
        self, approval_id: str, context: Mapping[str, Any] | None = None, explanation: str = ""
    ) -> ApprovalResponse:
        """Ask, and wait until somebody has decided or the time is over; an interrupt is noticed at once.

        The same step with the same context, asked again after a crash, goes on with the question that waits,
        or with its approval where that was not used.

        Args:
            approval_id: Name of the step, such as ``"publish-2026-11"``; ``submit_approval`` takes it, and
                so does ``loopai-nb approve``.
            context: What is to be decided on, as JSON values; others are shown as text. Secrets and, as the
                settings say, personal data are masked before anything is stored.
            explanation: Why it is asked.

        Raises:
            InputError: The name is none, or the context is too large to be looked at.
            LedgerError: The ledger can't be written or read.
        """
        shown = ShownContext.of(approval_id, context, explanation, self.settings)
        while True:
            pending, is_new = self._open(shown)
            asker = row = None
            try:
                asker = self._show(pending, shown, is_new=is_new, awaited=False)
                row = self._waited(pending, asker)
            finally:
                self._close(pending, row, asker, is_new=is_new)
            response = self._response(row)
            if response is not None:
                return response

    async def arequire_approval(
        self, approval_id: str, context: Mapping[str, Any] | None = None, explanation: str = ""
    ) -> ApprovalResponse:
        """As ``require_approval``, without blocking the loop; in a notebook ``await`` it in a cell."""
        shown = ShownContext.of(
            approval_id, context, explanation, await asyncio.to_thread(lambda: self.settings)
        )
        while True:
            pending, is_new = await asyncio.to_thread(self._open, shown)
            asker = row = None
            try:
                asker = self._show(pending, shown, is_new=is_new, awaited=True)
                row = await pending.until_decided(None if asker is None else asker.until)
            finally:
                self._close(pending, row, asker, is_new=is_new)
            response = await asyncio.to_thread(self._response, row)
            if response is not None:
                return response

    def submit_approval(
        self,
        approval_id: str,
        approved: bool,  # noqa: FBT001  (the first design's signature)
        feedback: str = "",
        modifications: Mapping[str, Any] | None = None,
    ) -> ApprovalResponse:
        """Decide what waits, from anywhere that has the ledger.

        Args:
            approval_id: The step's name, or the id that the ledger gave it.
            approved: Yes or no.
            feedback: What the person adds.
            modifications: What is to be done otherwise, JSON values only.

        Raises:
            InputError: Nothing is asked under that name, or it was decided before; the message says by whom.
        """
        row = submit(
            self.ledger,
            ShownContext.name_of(approval_id, self.settings),
            ApprovalState.APPROVED if approved else ApprovalState.REJECTED,
            decided_by=self.settings.user,
            means="notebook" if _shell() is not None else "code",
            feedback=feedback,
            modifications=modifications,
        )
        return _response_of(row)

    def close(self) -> None:
        """Close the ledger where it was opened here; may be called twice."""
        with self._lock:
            own, self._own = self._own, None
        if own is not None:
            own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _open(self, shown: ShownContext) -> tuple[Pending, bool]:
        """The question, and whether it was not asked before."""
        ledger = self.ledger
        known = ledger.join_approval(shown.name, shown.digest)
        if known is not None:
            return Pending(ledger, known), False
        approval_id = ledger.ask_approval(
            kind="gate",
            digest=shown.digest,
            title=shown.name,
            context=shown.as_json,
            asked_by=self.settings.user,
            timeout_s=self._timeout_s,
        )
        return Pending(ledger, approval_id), True

    def _show(self, pending: Pending, shown: ShownContext, *, is_new: bool, awaited: bool) -> Asker | None:
        """Show the question where somebody sees it, and tell of it; returns what showed it."""
        if pending.row.state is not ApprovalState.PENDING:
            return None
        asker = self._asker or getattr(_shell(), "loopai_nb_asker", None)
        if asker is None or not asker.show(pending, awaited=awaited):
            say_how_to_decide(pending, shown)
        if is_new and self._notifier is not None:
            self._tell(pending, shown)
        return asker

    def _waited(self, pending: Pending, asker: Asker | None) -> ApprovalRow:
        if asker is None and _shell() is None and is_at_terminal():
            return answer_at_terminal(pending, self.settings.user)
        return pending.wait()

    def _tell(self, pending: Pending, shown: ShownContext) -> None:
        row = pending.row
        notice = Notice(
            NoticeKind.APPROVAL,
            Importance.URGENT,
            f"{shown.name} waits for a decision",
            row.asked_ms,
            (("Asked by", row.asked_by), ("Decide", f"loopai-nb approve {pending.approval_id}")),
            approval_id=pending.approval_id,
        )
        try:
            if self._notifier is not None:
                self._notifier.tell(notice)
        except Exception as error:  # noqa: BLE001  (a border: a notifier that fails fails nothing else)
            _log.warning("Nobody was told that %s waits: %s.", pending.approval_id, type(error).__name__)

    def _close(self, pending: Pending, row: ApprovalRow | None, asker: Asker | None, *, is_new: bool) -> None:
        """Say how it ended; what was interrupted here, and asked here, waits for nobody."""
        try:
            if row is None and is_new:
                pending.withdraw("interrupted")
            if asker is not None:
                asker.done(pending, pending.row if row is None else row)
        except LoopaiNbError as error:
            if row is not None:
                raise
            _log.warning("The question %s could not be withdrawn: %s", pending.approval_id, error.message)

    def _response(self, row: ApprovalRow) -> ApprovalResponse | None:
        """What the caller gets; None where somebody else used the approval, and it is to be asked anew."""
        is_approved = row.state is ApprovalState.APPROVED
        if is_approved and not self.ledger.use_approval(row.approval_id, _USED_BY, digest=row.digest):
            return None
        return _response_of(row)


def _response_of(row: ApprovalRow) -> ApprovalResponse:
    return ApprovalResponse(
        row.state, row.feedback, row.modifications or {}, row.approval_id, row.decided_by or ""
    )


def _shell() -> Any:
    """IPython's shell, where this runs in one."""
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()
