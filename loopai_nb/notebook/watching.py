"""Looking at a run again and again while it is carried out, and showing what is seen."""

from __future__ import annotations

import atexit
import time
from typing import TYPE_CHECKING

from loopai_nb.notebook.run_lines import ProgressLine
from loopai_nb.notebook.shown import Sentences, Stack
from loopai_nb.notebook.wording import place
from loopai_nb.planning.plan import PlanSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loopai_nb.execution.run import Run
    from loopai_nb.notebook.progress import Spot
    from loopai_nb.notebook.run_desk import RunDesk
    from loopai_nb.notebook.shown import Shown
    from loopai_nb.notebook.widgets.panel import Panel

__all__ = ["STEP_S", "Watch"]

STEP_S = 0.2
"""Between two updates (5 Hz), and between two looks at whether somebody interrupts."""

MET_WITHIN_S = 5.0
"""A front end that has not said by then that it shows the widget gets text, until it does."""


class Watch:
    """A run that is being carried out, shown look by look: by the widget, or as a line of text.

    Args:
        run: Which.
        where: Where it is shown.
        stop: What a person can do to stop it, where there are no buttons.
        user: Who clicks on the widget; None: there is none.
    """

    def __init__(self, run: Run, where: Spot, stop: str = "", *, user: str | None = None) -> None:
        self._run = run
        self._where = where
        self._stop = stop
        self._server = place(PlanSpec.from_json(run.row.spec).server_url)
        self._told = 0
        self._met = self._as_text = False
        self._since_s = time.monotonic()
        self._panel: Panel | None = None
        self._desk: RunDesk | None = None
        if user is not None and not run.done:
            self._show_widget(user)

    def look(self) -> None:
        """Show how it stands now; each warning is said once."""
        progress = self._run.progress
        self._warn(progress.warnings)
        line = ProgressLine(progress, self._server, self._stop)
        if self._panel is None or self._desk is None:
            if self._where.moves:
                self._where.progress(line)
            return
        late = not self._met and time.monotonic() - self._since_s > MET_WITHIN_S
        if late:
            self._where.below(line)
        elif self._as_text:  # it came after all
            from loopai_nb.notebook.widgets.panel import LivePanel

            self._where.below(LivePanel(self._panel, line))
        self._as_text = late
        if not late:
            self._desk.look(progress)

    def end(self) -> None:
        """Say what came up since the last look."""
        self._warn(self._run.progress.warnings)

    def last(self) -> Shown | None:
        """What takes the widget's place in the notebook; None where there was none."""
        if self._desk is None:
            return None
        from loopai_nb.notebook.run_course import RunCourse

        return RunCourse(self._run.run_id, self._run.progress, self._run.course)

    def close(self) -> None:
        """Take the widget, if there is one, out of the page."""
        panel, self._panel, self._desk = self._panel, None, None
        if panel is not None:
            atexit.unregister(self._leave)
            panel.close()

    def _show_widget(self, user: str) -> None:
        from loopai_nb.notebook.run_desk import RunDesk
        from loopai_nb.notebook.widgets.panel import LivePanel
        from loopai_nb.notebook.widgets.progress import ProgressPanel

        self._desk = RunDesk(self._run, user)
        self._panel = ProgressPanel(self._desk.handlers, met=self._is_met)
        self._desk.push = self._panel.push
        line = ProgressLine(self._run.progress, self._server, self._stop)
        self._where.below(LivePanel(self._panel, line))
        atexit.register(self._leave)

    def _leave(self) -> None:
        """The kernel ends before the run: what stays in the notebook has to be read without it."""
        run_id = self._run.run_id
        said = (
            f"{run_id} was stopped with its kernel; what is answered is kept. Go on: %loopai resume {run_id}"
        )
        course = self.last()
        self._where.close(Sentences(said) if course is None else Stack(Sentences(said), course))

    def _is_met(self) -> None:
        self._met = True

    def _warn(self, warnings: Sequence[str]) -> None:
        for warning in warnings[self._told :]:
            self._where.warn(warning)
        self._told = max(self._told, len(warnings))
