"""A review in a notebook: its widget while somebody reviews, and what stays when they are done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.notebook.review_desk import ReviewDesk
from loopai_nb.notebook.review_sight import Fields, label_of
from loopai_nb.notebook.shown import Grid, Sentences, Shown, Stack
from loopai_nb.notebook.wording import plural
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.prompts.template import Template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from loopai_nb.notebook.resident import Resident
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
        name: Gives the variable with its answers, as it is called then; "" for none.
        bind: Told when the person is done; binds what comes of it.
        runs: Ids of earlier runs that answers may be compared with.
    """

    def __init__(
        self,
        review: Review,
        *,
        name: Callable[[], str],
        bind: Callable[[], None],
        runs: Sequence[str] = (),
    ) -> None:
        self._review = review
        self._name = name
        self._bind = bind
        self._resident: Resident | None = None
        self._desk = ReviewDesk(review, first=_asked_about(review), runs=runs, closed=self._closed)

    def show(self) -> None:
        """Show the widget, and in its place what a front end without widgets and a saved notebook have."""
        from loopai_nb.notebook.resident import Resident
        from loopai_nb.notebook.widgets.review import ReviewPanel

        def panel(more: Mapping[str, Callable[[dict[str, Any]], Any]]) -> ReviewPanel:
            made = ReviewPanel({**self._desk.handlers, **more})
            self._desk.push = made.push
            return made

        self._resident = Resident(panel, self._page, self._end)

    def close(self) -> None:
        """Take the widget out of the page; how far it came stays."""
        if self._resident is not None:
            self._resident.close()

    def _closed(self) -> list[str]:
        """Put what stays in the widget's place; returns its lines for a page that this does not reach.

        A page that was loaded again hears nothing of its outputs' updates, so the widget says the same there.
        """
        self._bind()
        if self._resident is not None:
            self._resident.leave()
        return self._page().text().splitlines()[:2]

    def _end(self) -> None:
        """The kernel ends, or the same review is opened elsewhere."""
        self._desk.over = True

    def _page(self) -> Shown:
        if self._desk.over:
            return review_card(self._review, self._name())
        return _opened_card(self._review)


def _opened_card(review: Review) -> Shown:
    """What a notebook has that is saved in the middle: nothing in it is renewed while somebody reviews."""
    run_id = review.run.run_id
    return Sentences(
        f"{run_id} is reviewed here by {review.reviewer}. When it was opened: {review.progress}.",
        f"Go on: %loopai review {run_id} · how far it came: %loopai reviews {run_id}",
    )


def _asked_about(review: Review) -> list[str]:
    """The columns that the template asks about, in the order of the frame: the first to look at."""
    spec = PlanSpec.from_json(review.run.row.spec)
    asked = Template(spec.template, system=spec.system).variables
    return [name for name in review.columns if name in asked]
