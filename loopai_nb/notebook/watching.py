"""Looking at a run again and again while it is carried out, and showing what is seen."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from loopai_nb.notebook.run_lines import ProgressLine
from loopai_nb.notebook.shown import Sentences, Stack
from loopai_nb.notebook.wording import place
from loopai_nb.planning.plan import PlanSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from loopai_nb.execution.run import Run
    from loopai_nb.notebook.progress import Spot
    from loopai_nb.notebook.resident import Resident
    from loopai_nb.notebook.run_desk import RunDesk
    from loopai_nb.notebook.shown import Shown

__all__ = ["STEP_S", "Watch"]

STEP_S = 0.2
"""Between two updates (5 Hz), and between two looks at whether somebody interrupts."""

MET_WITHIN_S = 5.0
"""A front end that has not said by then that it shows the widget gets text, until it does."""

_KEPT_EVERY_S = 5.0
"""Between two updates of what a notebook shows that is saved meanwhile."""


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
        self._kept_at_s = self._since_s
        self._resident: Resident | None = None
        self._desk: RunDesk | None = None
        self._stays: Shown | None = None
        if user is not None and not run.done:
            self._show_widget(user)

    def look(self) -> None:
        """Show how it stands now; each warning is said once."""
        progress = self._run.progress
        self._warn(progress.warnings)
        if self._resident is None or self._desk is None:
            if self._where.moves:
                self._where.progress(self._line())
            return
        now_s = time.monotonic()
        late = not self._met and now_s - self._since_s > MET_WITHIN_S
        if late or self._as_text:  # or it came after all
            self._resident.instead(self._line() if late else None)
        self._as_text = late
        if now_s - self._kept_at_s >= _KEPT_EVERY_S:
            self._kept_at_s = now_s
            self._resident.refresh()
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

    def close(self, stays: Shown | None = None) -> None:
        """End the progress; ``stays`` takes its place, and that of the widget, if there is one."""
        resident, self._resident = self._resident, None
        if resident is None:
            self._where.close(stays)
        else:
            self._stays = stays or Sentences()
            resident.close()

    def _show_widget(self, user: str) -> None:
        from loopai_nb.notebook.resident import Resident
        from loopai_nb.notebook.run_desk import RunDesk
        from loopai_nb.notebook.widgets.progress import ProgressPanel

        desk = self._desk = RunDesk(self._run, user)

        def panel(more: Mapping[str, Callable[[dict[str, Any]], Any]]) -> ProgressPanel:
            made = ProgressPanel({**desk.handlers, **more}, met=self._is_met)
            desk.push = made.push
            return made

        self._resident = Resident(panel, self._page, self._end, self._where.below)

    def _page(self) -> Shown:
        """What a notebook shows that is saved now."""
        if self._stays is not None:
            return self._stays
        run_id = self._run.run_id
        said = Sentences(
            f"{run_id} went on when this was saved; what is answered is kept.",
            f"While it goes on: %loopai cancel {run_id} elsewhere stops it",
            f"Where its kernel has ended: %loopai resume {run_id}",
        )
        return Stack(said, ProgressLine(self._run.progress, self._server))

    def _end(self) -> None:
        """It has ended; or the kernel ends before it: what stays in the notebook is read without it."""
        if self._stays is not None:
            return
        run_id = self._run.run_id
        said = (
            f"{run_id} was stopped with its kernel; what is answered is kept. Go on: %loopai resume {run_id}"
        )
        course = self.last()
        self._stays = Sentences(said) if course is None else Stack(Sentences(said), course)

    def _line(self) -> ProgressLine:
        return ProgressLine(self._run.progress, self._server, self._stop)

    def _is_met(self) -> None:
        self._met = True

    def _warn(self, warnings: Sequence[str]) -> None:
        for warning in warnings[self._told :]:
            self._where.warn(warning)
        self._told = max(self._told, len(warnings))
