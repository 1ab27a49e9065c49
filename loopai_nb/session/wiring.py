"""What a session is made of: settings, database, model server, ledger and what runs."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from loopai_nb.approval.gate import Decision, Terms
from loopai_nb.approval.opening import open_ledger
from loopai_nb.approval.policy import Policy
from loopai_nb.background import BackgroundLoop
from loopai_nb.connections import Connections
from loopai_nb.errors import InputError
from loopai_nb.execution.pacing import Paces
from loopai_nb.interrupts import note_begun
from loopai_nb.records import ApprovalState
from loopai_nb.redaction import Redactor, Secret
from loopai_nb.session import asking
from loopai_nb.session.databases import Databases
from loopai_nb.session.serving import Servers, closed, hidden
from loopai_nb.session.telling import Telling
from loopai_nb.settings import Settings

if TYPE_CHECKING:
    from decimal import Decimal
    from types import TracebackType
    from typing import Literal, Self

    import pandas as pd

    from loopai_nb.alerts.watch import AlertWatch
    from loopai_nb.approval.gate import AnyApprover
    from loopai_nb.clients.base import ModelServer
    from loopai_nb.execution.run import Run
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.planning.plan import Plan
    from loopai_nb.postgres.engine import Database
    from loopai_nb.pricing import Price
    from loopai_nb.records import ServerInfo, ServerKind

__all__ = ["Wiring"]


_CLOSE_TIMEOUT_S = 5.0
"""For all runs together to end, once they are asked to."""


def _nobody(plan: Plan) -> Decision:  # noqa: ARG001  (an Approver's signature)
    return Decision(ApprovalState.PENDING, "")


class Wiring:
    """Opens each part of a session when it is first needed, and closes them together; see ``Session``."""

    def __init__(self, settings: Settings | None = None, *, approver: AnyApprover | None = None) -> None:
        self.settings = settings or Settings.load(environ=os.environ, cwd=Path.cwd())
        self.approver: AnyApprover = approver or _nobody
        # Held to read and to swap, never while a server or a database is asked.
        self._lock = threading.RLock()
        self._closed = False
        self._telling = Telling(self.settings)
        self._loop = BackgroundLoop()
        self._servers = Servers(self._loop, self.settings)
        self._databases = Databases(self.settings, Connections.load)
        self._ledger: Ledger | None = None
        self._frames: dict[str, tuple[pd.DataFrame | None, str]] = {}
        self._running: list[Run] = []
        self._paces = Paces()
        self._alert_watch: AlertWatch | None = None

    @property
    def ledger(self) -> Ledger:
        """The ledger of the settings.

        Raises:
            LedgerError: It can't be opened.
        """
        with self._lock:
            self._check_open()
            if self._ledger is None:
                self._ledger = open_ledger(self.settings)
            return self._ledger

    @property
    def database(self) -> Database:
        """The connected database, by default that of the settings.

        Raises:
            SettingsError: None is connected and the settings name none.
        """
        return self._databases.of(None)

    def database_of(self, name: str | Secret | None) -> Database:
        """A saved database beside the current one; it stays open until the session is closed.

        Args:
            name: Of a saved connection; None for the current database.

        Raises:
            SettingsError: Nothing of that name is saved; the hint names near ones.
        """
        return self._databases.of(name)

    def databases_beside(self) -> tuple[Database, ...]:
        """The saved databases that have been used and are not the current one."""
        return self._databases.beside()

    @property
    def tables_version(self) -> int:
        """Another number after each connect and each push that made a table: what was known may be old."""
        return self._databases.version

    @property
    def server(self) -> ModelServer:
        """The chosen model server, by default that of the settings.

        Raises:
            SettingsError: None is chosen and the settings name none.
        """
        self._check_open()
        return self._servers.current().server

    @property
    def server_info(self) -> ServerInfo | None:
        """What the chosen model server said of itself; None before one was chosen."""
        chosen = self._servers.chosen
        return None if chosen is None else chosen.info

    @property
    def price(self) -> Price | None:
        """What a token costs at the chosen server now; None where nobody knows."""
        return self._servers.price_of(self.server)

    def connect(self, name: str | None = None) -> Database:
        """Make a database the current one after it has answered; those that were used before stay open.

        Args:
            name: A named connection, a URL, or None for the settings' ``DATABASE_URL``.

        Raises:
            SettingsError: Nothing of that name.
            DatabaseError: It does not answer, or refuses the user; the one before stays the current one.
        """
        address = hidden(name)
        del name
        return self._databases.connect(address)

    def use_server(
        self,
        where: str | None = None,
        *,
        model: str | None = None,
        kind: ServerKind | str | None = None,
        price: tuple[Decimal, Decimal] | None = None,
    ) -> ServerInfo:
        """Choose a model server and check that it answers; where it does not, the one before stays chosen.

        Args:
            where: Its base URL, the name of a saved server, or None for the settings' ``LOOPAI_SERVER``.
            model: Name of the model (for Loopai: a task's id); by default the settings' one, or the only one
                that the server offers.
            kind: Its protocol; guessed where it is not given.
            price: USD per million input and output tokens, where the price list does not know them.

        Raises:
            SettingsError: Nothing of that name, or no server is set.
            InputError: The server offers several models and none was chosen.
            ModelServerError: It does not answer.
        """
        self._check_open()
        address = hidden(where)
        del where
        return self._servers.choose(address, model, kind, price).info

    def close(self) -> None:
        """Cancel what still runs and release everything, whatever fails; may be called twice."""
        with self._lock:
            self._closed = True
            running, self._running = self._running, []
            ledger, self._ledger = self._ledger, None
            watch, self._alert_watch = self._alert_watch, None
            self._frames.clear()
        deadline_s = time.monotonic() + _CLOSE_TIMEOUT_S
        with contextlib.ExitStack() as last_first:
            last_first.callback(self._telling.close)
            last_first.callback(self._databases.close)
            if ledger is not None:
                last_first.callback(ledger.close)
            if watch is not None:
                last_first.callback(watch.close)
            last_first.callback(self._loop.close)
            last_first.callback(self._servers.close)
            for run in running:
                last_first.callback(_wait_for_end, run, deadline_s)
            for run in running:
                last_first.callback(_stop, run)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._closed:
            return "<Session closed>"
        chosen = self._servers.chosen
        server = "none" if chosen is None else f"{chosen.server.model} at {chosen.server.base_url}"
        return f"<Session database={self._databases.current!r} server={server}>"

    def _check_open(self) -> None:
        if self._closed:
            raise closed()

    def _work(self, model: str | None, *, resend_unknown: bool | None = None) -> asking.Work:
        self._check_open()
        self._telling.check()
        redactor = Redactor(self.settings.redact) if self.settings.redact else None
        resend = self.settings.on_unknown == "resend" if resend_unknown is None else resend_unknown
        settings = self.settings
        return asking.Work(
            self._loop,
            self.ledger,
            self._servers.of(model),
            redactor,
            self._paces,
            resend_unknown=resend,
            observe=self._telling.of_run,
            terms=Terms(settings.user, settings.approval_timeout_s, Policy(settings.approve_below_usd)),
            watch=self._watched,
        )

    def _caller(
        self,
        plan_id: str,
        *,
        frame: pd.DataFrame | None = None,
        answer: str = "answer",
        on_error: Literal["record", "raise"] = "record",
    ) -> asking.Caller:
        """Frame and answer column of a plan, this session's own by default."""
        if on_error not in ("record", "raise"):
            raise InputError(f"on_error is {on_error!r}; it has to be 'record' or 'raise'.")
        given = frame is not None
        if not given:
            with self._lock:
                frame, answer = self._frames.get(plan_id, (None, answer))
        is_asked = not given and frame is not None
        return asking.Caller(frame, answer, raise_failures=on_error == "raise", is_asked=is_asked)

    def _watched(self, run: Run) -> None:
        note_begun(run)
        with self._lock:
            if not self._closed:
                self._running = [r for r in self._running if not r.done]
                self._running.append(run)
                if self.settings.alerts:
                    watch = self._alerts()
                    watch.start()
                    run.when_done(watch.hurry)
                return
        # Closed by another thread while the run was being started.
        _stop(run)
        raise closed()

    def _alerts(self) -> AlertWatch:
        """Who looks at the rules of the settings."""
        from loopai_nb.alerts.watch import AlertWatch
        from loopai_nb.approval.opening import teller_of

        with self._lock:
            ledger = self.ledger
            if self._alert_watch is None:
                tell = teller_of(ledger)
                self._alert_watch = AlertWatch(ledger, self.settings.alerts, tell)
            return self._alert_watch

    def _waited(self, run: Run) -> Run:
        try:
            return run.wait()
        except BaseException:
            # An interrupt may come before wait() has begun to look out for it.
            _stop(run)
            raise


def _stop(run: Run) -> None:
    # What can't be said to the run (its ledger is gone) is done by closing its loop.
    with contextlib.suppress(Exception):
        run.stop()


def _wait_for_end(run: Run, deadline_s: float) -> None:
    # How a run ended, and with what error, is its own: whoever holds it is told by wait().
    with contextlib.suppress(Exception):
        run.wait(timeout_s=max(0.0, deadline_s - time.monotonic()))
