"""What the verbs work with: the one session of this notebook, its variables, and where things appear."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from loopai_nb.errors import InputError
from loopai_nb.notebook.catalog import Catalog

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    import pandas as pd

    from loopai_nb.approval.gate import Decision
    from loopai_nb.execution.run import Run
    from loopai_nb.notebook.plan_card import PlanCard
    from loopai_nb.notebook.plan_figures import Press
    from loopai_nb.notebook.progress import Spot
    from loopai_nb.notebook.reviewing import OpenReview
    from loopai_nb.notebook.shown import Sentences, Shown
    from loopai_nb.notebook.waiting import Clicks
    from loopai_nb.planning.plan import Plan
    from loopai_nb.session import Session

__all__ = ["Call", "Workbench", "is_frame"]

_MOST_OPEN = 8
"""Widgets without an end that stay alive; who runs their cell again makes another one."""


class Workbench:
    """One per kernel.

    Args:
        shell: IPython's.
    """

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.last_error: BaseException | None = None
        self.catalog = Catalog()
        self.models: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._names: dict[str, str] = {}
        self._pressed: dict[str, tuple[int | None, bool, int | None]] = {}
        self._open: deque[Callable[[], None]] = deque()
        self.open_reviews: dict[tuple[str, str], OpenReview] = {}

    @property
    def session(self) -> Session:
        """The session, made by the first use.

        Raises:
            SettingsError: The settings can't be read.
        """
        with self._lock:
            if self._session is None:
                from loopai_nb.notebook.plain_asking import PlainAsking
                from loopai_nb.session import Session

                self._session = Session(approver=PlainAsking(self))
                self._tell_interrupted(self._session)
            return self._session

    @property
    def opened(self) -> Session | None:
        """The session if there is one; Tab must not make it."""
        return self._session

    @property
    def static(self) -> bool:
        """Whether outputs have to stay the same from run to run (``LOOPAI_UI=static``)."""
        return self.session.settings.ui == "static"

    def ask_at(self, where: Spot, plan: Plan, card: PlanCard) -> Decision:
        """Ask about a plan at a spot where its progress will be shown."""
        from loopai_nb.notebook.approving import ask_person

        return ask_person(plan, card, where, self.shell, self.session.settings.user)

    def clicks(self) -> Clicks | None:
        """What waits for widgets of a cell that awaits; None without a front end that a person sits at."""
        from loopai_nb.notebook.waiting import Clicks, Delivery

        if self.session.settings.ui != "auto" or not self.spot().moves:
            return None
        clicks = Clicks(getattr(self.shell, "kernel", None))
        return None if clicks.delivery is Delivery.NONE else clicks

    def press(
        self, plan: Plan, concurrency: int | None, *, fixed: bool, budget_pusd: int | None = None
    ) -> None:
        """Remember how hard a plan's run will ask, and of which budget, which the plan does not say."""
        self._pressed[plan.plan_id] = (concurrency, fixed, budget_pusd)

    def card(self, plan: Plan) -> PlanCard:
        """The box of a plan."""
        from loopai_nb.notebook.plan_card import PlanCard

        press = self.pressed(plan)
        return PlanCard(
            plan,
            in_flight=press.in_flight,
            fixed=press.fixed,
            day=press.day,
            budget_pusd=press.budget_pusd,
            static=self.static,
        )

    def pressed(self, plan: Plan) -> Press:
        """How hard a plan's run will ask, as ``press`` was told."""
        from loopai_nb.notebook.days import day_money
        from loopai_nb.notebook.plan_figures import Press

        concurrency, fixed, budget_pusd = self._pressed.get(plan.plan_id, (None, False, None))
        at_once = concurrency or self.session.settings.concurrency
        return Press(at_once, fixed, day_money(self.session), budget_pusd)

    def said_of(self, run: Run, *, name: str | None = None) -> Sentences:
        """What is said of a run when it is looked at; by default with the variable that holds its answers."""
        from loopai_nb.notebook.run_lines import run_sentences

        return run_sentences(
            run,
            self.session,
            name=self.name_of(run) if name is None else name,
            static=self.static,
        )

    def spot(self) -> Spot:
        """A new place to display a plan and a run at."""
        from loopai_nb.notebook.progress import spot

        return spot(self.shell, static=self.static)

    def show(self, *shown: Shown) -> None:
        """Display below the cell."""
        from IPython.display import display

        display(*shown)  # type: ignore[no-untyped-call]

    def bind(self, name: str, value: object) -> None:
        """Set a variable of the notebook."""
        self.shell.push({name: value})

    def bind_result(self, run: Run, name: str | None, frame: pd.DataFrame | None = None) -> None:
        """Bind a run's answers, as far as they are there."""
        if name is None:
            return
        self.bind(name, run.result(frame))
        self._names[run.run_id] = name

    def name_of(self, run: Run) -> str:
        """The variable that holds a run's answers; "" for none."""
        return self._names.get(run.run_id, "")

    def keep_open(self, close: Callable[[], None]) -> None:
        """Remember how to close a widget that has no end: with the session, or after several others."""
        self._open.append(close)
        if len(self._open) > _MOST_OPEN:
            self._open.popleft()()

    def close(self) -> None:
        """Close the session and the widgets that look at it, whatever fails; may be called twice."""
        with self._lock:
            reviews, self.open_reviews = self.open_reviews, {}
        with contextlib.ExitStack() as last_first:
            last_first.callback(self._close_session)
            for review in reviews.values():
                last_first.callback(review.close)
            while self._open:
                last_first.callback(self._open.pop())

    def _close_session(self) -> None:
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            session.close()

    def _tell_interrupted(self, session: Session) -> None:
        """Say which runs a process left behind; no ledger is made, and none is waited for on a network."""
        from loopai_nb.errors import LoopaiNbError
        from loopai_nb.notebook.run_lines import interrupted_line
        from loopai_nb.notebook.shown import Sentences

        settings = session.settings
        if settings.ui == "static" or not (isinstance(settings.ledger, Path) and settings.ledger.exists()):
            return
        try:
            rows = session.interrupted()
        except LoopaiNbError as error:
            self.show(Sentences(error.notebook_text))
            return
        for row in rows:
            self.show(Sentences(interrupted_line(row)))


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a verb.

    Attributes:
        bench: What it works with.
        args: Parsed options.
        cell: Text of the cell below the line; None for a line magic.
        names: Variables that it sees.
        awaited: The cell awaits the verb.
    """

    bench: Workbench
    args: argparse.Namespace
    cell: str | None
    names: Mapping[str, Any]
    awaited: bool = False

    @property
    def clicks(self) -> Clicks | None:
        """What waits while clicks on widgets reach Python; None where no widget can be shown or answered."""
        return self.bench.clicks() if self.awaited else None

    @property
    def session(self) -> Session:
        """The notebook's session."""
        return self.bench.session

    def asked(self, name: str) -> Any:
        """What rows are asked about: the DataFrame of that name, or the stream.

        Raises:
            InputError: There is none; the hint names the DataFrames that exist.
        """
        from loopai_nb.session.frames import is_stream

        value = self.names.get(name)
        return value if is_stream(value) else self.frame(name)

    def frame(self, name: str) -> pd.DataFrame:
        """The DataFrame of that name.

        Raises:
            InputError: There is none; the hint names those that exist.
        """
        value = self.names.get(name)
        if is_frame(value):
            return value
        frames = sorted(n for n, v in self.names.items() if is_frame(v) and not n.startswith("_"))
        hint = f"DataFrames here: {', '.join(frames)}." if frames else "Pull one: %loopai pull TABLE --as df"
        if name in self.names:
            raise InputError(f'"{name}" is a {type(value).__name__}, not a DataFrame.', hint)
        raise InputError(f'There is no DataFrame "{name}" in this notebook.', hint)


def is_frame(value: object) -> TypeGuard[pd.DataFrame]:
    """Whether a value is a pandas DataFrame; where pandas was never imported, nothing is."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.DataFrame)
