"""A review in a notebook: its widget while somebody reviews, and what stays when they are done."""

from __future__ import annotations

import atexit
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import LoopaiNbError
from loopai_nb.notebook.review_desk import ReviewDesk
from loopai_nb.notebook.review_sight import Fields, label_of
from loopai_nb.notebook.shown import Grid, Sentences, Shown, Stack
from loopai_nb.notebook.wording import plural
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.prompts.template import Template

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from loopai_nb.notebook.progress import Spot
    from loopai_nb.notebook.widgets.panel import Panel
    from loopai_nb.session.review import Review

__all__ = ["OpenReview", "review_card"]

_MOST_SHOWN = 5
_CHANGED = {"state": ("edited", "rejected")}


def review_card(review: Review, name: str = "", *, static: bool = False) -> Shown:
    """How far a review came, what was changed in it, and what can be typed next.

    Args:
        review: Which.
        name: The variable with the answers; "" for none.
        static: Leave out ids and people, and show the first rows, whatever was said of them.
    """
    progress, run_id = review.progress, review.run.run_id
    said = f"{progress}." if static else f"{run_id} reviewed by {review.reviewer}: {progress}."
    usable = progress.accepted + progress.edited
    next_ = []
    if progress.pending:
        begun = "go on" if progress.pending < progress.total else "begin"
        next_.append(f"{begun}: %loopai review {name or ('RUN' if static else run_id)}")
    if usable:
        next_.append(f"into Postgres: %loopai push {name or 'ANSWERS'} TABLE --key ID")
    line = " · ".join(next_)
    parts: list[Shown] = [Sentences(said, line[:1].upper() + line[1:])]
    shown = review.window(0, _MOST_SHOWN, None if static else _CHANGED)
    if shown["rows"]:
        more = shown["total"] - len(shown["rows"])
        note = f"... and {plural(more, 'more row')}" if more > 0 else ""
        columns = (_asked_about(review) or review.columns)[:2] if static else []
        parts.append(_grid(shown["rows"], Fields(review.run.schema), columns, note))
    return Stack(*parts)


def _grid(rows: Sequence[dict[str, Any]], fields: Fields, columns: Sequence[str], note: str) -> Grid:
    """Rows with the model's answer and what became of it."""
    lines = []
    for row in rows:
        became = fields.words(row["answer"]) if row["state"] == "edited" else ""
        cells = ["" if row["row"][name] is None else str(row["row"][name]) for name in columns]
        label = [label_of(row["label"])]
        said = "not decided" if row["state"] == "pending" else row["state"]
        answer = fields.words(row["original"]) if row["original"] is not None else row["error"] or ""
        lines.append([*label, *cells, answer, said, became, row["note"]])
    header = ["row", *columns, "answer", "review", "edited to", "note"]
    kept = [
        place
        for place, title in enumerate(header)
        if title not in ("edited to", "note") or any(line[place] for line in lines)
    ]
    return Grid(
        [header[place] for place in kept], [[line[place] for place in kept] for line in lines], note=note
    )


class OpenReview:
    """A review that is shown by its widget, while the notebook goes on.

    Args:
        review: Which.
        where: Where it is shown.
        name: Gives the variable with its answers, as it is called then; "" for none.
        bind: Told when the person is done; binds what comes of it.
        runs: Ids of earlier runs that answers may be compared with.
    """

    def __init__(
        self,
        review: Review,
        where: Spot,
        *,
        name: Callable[[], str],
        bind: Callable[[], None],
        runs: Sequence[str] = (),
    ) -> None:
        self._review = review
        self._where = where
        self._name = name
        self._bind = bind
        self._panel: Panel | None = None
        self._desk = ReviewDesk(review, first=_asked_about(review), runs=runs, closed=self._closed)

    def show(self) -> None:
        """Show the widget, and beside it what a front end without widgets and a saved notebook have."""
        from loopai_nb.notebook.widgets.panel import LivePanel
        from loopai_nb.notebook.widgets.review import ReviewPanel

        panel = ReviewPanel(self._desk.handlers)
        self._desk.push = panel.push
        self._panel = panel
        self._where.below(LivePanel(panel, self._card()))
        atexit.register(self._leave)

    def close(self) -> None:
        """Take the widget out of the page; how far it came stays."""
        panel, self._panel = self._panel, None
        self._leave()
        if panel is not None:
            panel.close()

    def _closed(self) -> list[str]:
        """Put what stays in the widget's place; returns its lines for a page that this does not reach.

        A page that was loaded again hears nothing of its outputs' updates, so the widget says the same there.
        """
        atexit.unregister(self._leave)
        self._bind()
        card = self._card()
        self._where.below(card)
        return card.text().splitlines()[:2]

    def _leave(self) -> None:
        """The kernel ends, or the same review is opened elsewhere: what stays has to be read without it."""
        if self._desk.over:
            return
        self._desk.over = True
        atexit.unregister(self._leave)
        try:
            card = self._card()
        except LoopaiNbError:  # the ledger was closed before
            return
        self._where.below(card)

    def _card(self) -> Shown:
        return review_card(self._review, self._name())


def _asked_about(review: Review) -> list[str]:
    """The columns that the template asks about, in the order of the frame: the first to look at."""
    spec = PlanSpec.from_json(review.run.row.spec)
    asked = Template(spec.template, system=spec.system).variables
    return [name for name in review.columns if name in asked]
