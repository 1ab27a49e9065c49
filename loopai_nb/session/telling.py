"""What a session tells of its work: log lines, and spans and metrics for OpenTelemetry."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from loopai_nb.telemetry.attempts import Observers, RunTold
from loopai_nb.telemetry.logs import Logging
from loopai_nb.telemetry.masking import Masker
from loopai_nb.telemetry.request_lines import RequestLines

if TYPE_CHECKING:
    from loopai_nb.planning.plan import PlanSpec
    from loopai_nb.settings import Settings
    from loopai_nb.telemetry.attempts import AttemptObserver
    from loopai_nb.telemetry.tracing import Tracing

__all__ = ["Telling"]


class Telling:
    """The telemetry of one session, as its settings say. Safe to use from several threads.

    Args:
        settings: Of the session. Its log is open from here on.

    Raises:
        LoopaiNbError: The log can't be written.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._tracing: Tracing | None = None
        self._log = Logging(
            file=settings.log_file,
            console=settings.log_console,
            form=settings.log_format,
            secrets=settings.secrets,
        )

    def check(self) -> None:
        """Make sure that all can be told that the settings ask for, before anything is sent.

        Raises:
            MissingExtra: They ask for OpenTelemetry, which is not installed.
        """
        self._traced()

    def of_run(self, run_id: str, spec: PlanSpec) -> AttemptObserver | None:
        """Who is told of the attempts of a run that is started now; None where nobody wants to know.

        Raises:
            MissingExtra: The settings ask for OpenTelemetry, which is not installed.
        """
        tracing, lines = self._traced(), RequestLines.wanted()
        if tracing is None and not lines:
            return None
        run = RunTold(run_id, spec.model, spec.server_kind, spec.server_url, spec.parameters)
        told: list[AttemptObserver] = [] if tracing is None else [tracing.of_run(run)]
        if lines:
            told.append(RequestLines(run, content=self._settings.telemetry_content))
        return told[0] if len(told) == 1 else Observers(tuple(told))

    def close(self) -> None:
        """Send what is left, and write no more; may be called twice."""
        with self._lock:
            tracing, self._tracing = self._tracing, None
        if tracing is not None:
            tracing.close()
        self._log.close()

    def _traced(self) -> Tracing | None:
        settings = self._settings
        if settings.otel is None:
            return None
        with self._lock:
            if self._tracing is None:
                from loopai_nb.telemetry.tracing import Tracing

                self._tracing = Tracing.open(
                    settings.otel, content=settings.telemetry_content, mask=Masker(settings.secrets)
                )
            return self._tracing
