"""What the review widget is told and may ask: rows in windows, and decisions, each of them made once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.notebook.marked import marked
from loopai_nb.notebook.review_sight import Fields, clipped_line, detail, label_of, line
from loopai_nb.notebook.review_view import View
from loopai_nb.notebook.wording import plural
from loopai_nb.records import ReviewState
from loopai_nb.redaction import visible
from loopai_nb.session.review_browsing import NO_ANSWER
from loopai_nb.session.review_filter import ReviewFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from loopai_nb.session.review import Review

__all__ = ["ReviewDesk"]

_MOST_LINES = 500
_MOST_DETAILS = 60
_MOST_CHARACTERS = 400_000
"""Of the rows of one message, so that a window of long ones holds up no keystroke; one row always fits."""

_MOST_VIEWS = 16
_FREQUENT = 12
_MOST_REVIEWERS = 4
_PENDING = "p"
_STATES = {
    "accept": ReviewState.ACCEPTED,
    "edit": ReviewState.EDITED,
    "reject": ReviewState.REJECTED,
    "skip": ReviewState.SKIPPED,
}


class ReviewDesk:
    """The kernel's side of the review widget. Its methods are called by one thread at a time, in order.

    Args:
        review: Whose answers.
        first: Columns that are shown before the others.
        runs: Ids of earlier runs that answers may be compared with.
        closed: Told that the person is done; returns what they are told.

    Attributes:
        push: Tells every view something; set by whoever has the widget.
        over: Nothing is decided here any more.
    """

    def __init__(
        self,
        review: Review,
        *,
        first: Sequence[str] = (),
        runs: Sequence[str] = (),
        closed: Callable[[], list[str]] = list,
    ) -> None:
        self._review = review
        self._first = list(first)
        self._runs = list(runs)
        self._closed = closed
        self._fields = Fields(review.run.schema)
        self._views: OrderedDict[str, View] = OrderedDict()
        self.push: Callable[[str, object], None] = lambda _name, _data: None
        self.over = False
        self.handlers: dict[str, Callable[[dict[str, Any]], Any]] = {
            "open": self._open,
            "list": self._list,
            "lines": self._lines,
            "rows": self._rows,
            "find": self._find,
            "prompt": self._prompt,
            "count": self._count,
            "do": self._do,
            "sync": self._sync,
            "people": self._people,
            "done": self._done,
        }

    # What is shown

    def _open(self, asked: dict[str, Any]) -> dict[str, Any]:
        review = self._review
        row = review.run.row
        return {
            "run": review.run.run_id,
            "frame": visible(row.frame_name, one_line=True),
            "reviewer": visible(review.reviewer, one_line=True),
            "assigned": review.is_assigned,
            "columns": [visible(name, one_line=True) for name in self._ordered_columns()],
            "names": review.columns,
            "fields": self._fields.shown,
            "has_schema": review.run.schema is not None,
            "frequent": review.frequent_answers(_FREQUENT),
            "runs": self._runs,
            "people": len(review.reviewers),
            "over": self._closed() if self.over else None,
            **self._list(asked),
        }

    def _ordered_columns(self) -> list[str]:
        names = self._review.columns
        first = [name for name in self._first if name in names]
        return [*first, *(name for name in names if name not in first)]

    def _list(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Another list of rows for a view: what a filter takes, in an order, as it is now."""
        where = ReviewFilter.of(_tuples(asked.get("where") or {}))
        positions = self._review.positions(where, str(asked.get("sort") or "") or None)
        view = self._view(asked)
        view.positions, view.where, view.counted = positions, where, ([], "")
        view.letters = self._review.letters(positions)
        kept = asked.get("position")
        at = positions.index(int(kept)) if kept is not None and int(kept) in positions else None
        waiting = view.letters.find(_PENDING)
        return {
            "total": len(positions),
            "letters": view.letters,
            "at": at if at is not None else max(0, waiting),
            "progress": self._progress(),
            "doubt": visible(self._review.doubt(where), one_line=True),
        }

    def _progress(self) -> dict[str, int]:
        return asdict(self._review.progress)

    def _lines(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        view = self._view(asked)
        start = max(0, int(asked["first"]))
        some = view.positions[start : start + min(_MOST_LINES, max(0, int(asked["count"])))]
        rows = self._review.rows(some)
        return [line(start + place, row, self._fields, self._first) for place, row in enumerate(rows)]

    def _rows(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        """Whole rows by their places in the list, as many as one message should hold."""
        view, hit = self._view(asked), str(asked.get("hit") or "")
        places = [place for place in map(int, asked["indices"]) if 0 <= place < len(view.positions)]
        shown: list[dict[str, Any]] = []
        room = _MOST_CHARACTERS
        for place in places[:_MOST_DETAILS]:
            position = view.positions[place]
            (row,) = self._review.rows([position])
            prompt = None if self._review.columns else self._review.row(position)["prompt"]
            one = detail(place, row, self._fields, first=self._first, hit=hit, prompt=prompt)
            room -= sum(len(text) for _, cell in one["cells"] for _, text in cell) + row["length"]
            if shown and room < 0:
                break
            shown.append(one)
        return shown

    def _find(self, asked: dict[str, Any]) -> dict[str, Any]:
        text = str(asked["text"])
        if not text:
            return {"index": None, "count": 0}
        positions = self._view(asked).positions
        found, count = self._review.find(text, positions, int(asked["index"]), int(asked["step"]))
        return {"index": found, "count": count}

    def _prompt(self, asked: dict[str, Any]) -> dict[str, Any]:
        row = self._review.row(int(asked["position"]))
        system = row["system"]
        return {
            "prompt": marked(row["prompt"] or ""),
            "system": None if system is None else marked(system),
        }

    def _people(self, _: dict[str, Any]) -> dict[str, Any]:
        """Who has which rows, and how far any two agree."""
        review = self._review
        assigned = [
            [
                visible(row.reviewer, one_line=True),
                f"rows {row.first:,} to {row.last:,}" if row.filter is None else clipped_line(row.filter),
            ]
            for row in review.assignments
        ]
        who = review.reviewers[:_MOST_REVIEWERS]
        pairs = [(one, other) for place, one in enumerate(who) for other in who[place + 1 :]]
        agree = [
            [f"{visible(one, one_line=True)} and {visible(other, one_line=True)}", str(found)]
            for one, other in pairs
            if (found := review.agreement(one, other)).n
        ]
        return {"assigned": assigned, "agree": agree, "who": [visible(name, one_line=True) for name in who]}

    # Deciding

    def _do(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Make a decision that a view numbered, once, and say what it changed."""
        view = self._view(asked)
        return view.once(int(asked["seq"]), int(asked["epoch"]), lambda: self._made(view, asked))

    def _made(self, view: View, asked: dict[str, Any]) -> dict[str, Any]:
        review, what = self._review, str(asked["what"])
        if self.over:
            raise InputError("This review was closed.", f"Go on: %loopai review {review.run.run_id}")
        said, go = "", None
        if what == "undo":
            undone = review.undo()
            places = {position: place for place, position in enumerate(view.positions)}
            go = next((places[position] for position in undone if position in places), None)
            said = _undone(undone, go, self._label)
        elif what in _STATES:
            if asked.get("many"):
                rows, only_row = self._still(view, int(asked["many"])), False
            else:
                rows, only_row = [int(asked["position"])], bool(asked.get("only_row"))
            held = self._decide(what, rows, asked, only_row=only_row)
            if asked.get("many"):
                said = f"{plural(held, 'row')} {_STATES[what].lower()}. u takes it back."
        else:
            raise InputError(f"There is no way to {what}.")
        self.push("changed", asked.get("view"))
        return {"go": go, "said": said, "progress": self._progress(), **view.changes(self._review)}

    def _decide(self, what: str, rows: list[int], asked: dict[str, Any], *, only_row: bool) -> int:
        review, note = self._review, str(asked.get("note") or "")
        if what == "accept":
            return review.accept(rows, note, only_row=only_row)
        if what == "reject":
            return review.reject(rows, note, only_row=only_row)
        if what == "skip":
            return review.skip(rows, note, only_row=only_row)
        text = asked.get("text")
        if asked.get("fields") is not None:
            (row,) = review.rows(rows[:1])
            text = self._fields.answer([str(each) for each in asked["fields"]], row["answer"])
        if not isinstance(text, str):
            raise InputError("An edited answer is a text.")
        return review.edit(rows, text, note, only_row=only_row)

    def _label(self, position: int) -> str:
        (row,) = self._review.rows([position])
        return label_of(row["label"])

    # Many at once

    def _count(self, asked: dict[str, Any]) -> dict[str, Any]:
        """How many rows a decision about many would hold for; they are kept until it is made."""
        review, view, which = self._review, self._view(asked), str(asked["which"])
        if which == "list":
            wanted = [state[0] for state in view.where.state] or [_PENDING]
            letters = review.letters(view.positions)
            named = [
                position for position, letter in zip(view.positions, letters, strict=True) if letter in wanted
            ]
        elif which == "answer":
            named = review.positions(review.same_answer(int(asked["position"])))
        elif which == "rule":
            named = review.positions(ReviewFilter.of(str(asked["rule"])).but_pending())
        else:
            raise InputError(f"There are no rows by {which}.")
        letters = review.letters(named)
        named = [position for position, letter in zip(named, letters, strict=True) if letter != NO_ANSWER]
        view.counted = named, review.letters(named)
        return {"rows": len(named), "holds": len(review.alike(named))}

    def _still(self, view: View, count: int) -> list[int]:
        """The rows that were counted.

        Raises:
            InputError: There are none, not as many as the person was told, or somebody decided meanwhile.
        """
        (counted, letters), view.counted = view.counted, ([], "")
        review = self._review
        if not counted or review.letters(counted) != letters or len(review.alike(counted)) != count:
            raise InputError(
                "These are not the rows that were counted any more.", "Count again; nothing was decided."
            )
        return counted

    # Several views, and the end

    def _sync(self, asked: dict[str, Any]) -> dict[str, Any]:
        view = self._view(asked)
        return {"progress": self._progress(), **view.changes(self._review)}

    def _done(self, _: dict[str, Any]) -> dict[str, Any]:
        self.over = True
        return {"said": self._closed()}

    def _view(self, asked: dict[str, Any]) -> View:
        name = str(asked.get("view"))
        view = self._views.setdefault(name, View())
        self._views.move_to_end(name)
        while len(self._views) > _MOST_VIEWS:
            self._views.popitem(last=False)
        return view


def _undone(undone: list[int], go: int | None, label: Callable[[int], str]) -> str:
    if not undone:
        return "There is nothing to undo."
    if len(undone) > 1:
        return f"Undone for {plural(len(undone), 'row')}."
    return "Undone." if go is not None else f"Undone for row {label(undone[0])}, which is not in this list."


def _tuples(where: Any) -> dict[str, Any]:
    """A filter as JSON has it; what is empty does not matter."""
    if not isinstance(where, dict):
        raise InputError("A filter is an object.")
    return {str(name): value for name, value in where.items() if value not in (None, "", [])}
