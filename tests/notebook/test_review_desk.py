"""The kernel's side of the review widget, without a front end."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from loopai_nb.errors import InputError, LedgerError
from loopai_nb.notebook.review_desk import ReviewDesk
from loopai_nb.session import Session
from loopai_nb.settings import Settings

TEMPLATE = "Which part was hit? engine, wing. {{ remarks }}"
SCHEMA = "part: engine|wing, sure?: bool, n?: int"


class Desk:
    """A desk over a real run, asked as a view of the widget asks it."""

    def __init__(self, session: Session, run, **given) -> None:
        self.review = session.review(run)
        self.desk = ReviewDesk(self.review, **given)
        self.seq = self.epoch = 0

    def __call__(self, kind, **asked):
        """A message, which JSON can hold as its answer can."""
        return json.loads(json.dumps(self.desk.handlers[kind]({"kind": kind, "view": "v", **asked})))

    def do(self, what, **asked):
        """The next decision."""
        self.seq += 1
        return self("do", what=what, seq=self.seq, epoch=self.epoch, **asked)


@pytest.fixture
def session(environment, tmp_path):
    """Ann's session."""
    with Session(Settings.load(environ=environment, cwd=tmp_path, config_dir=tmp_path)) as made:
        yield made


@pytest.fixture
def frame():
    """Twelve rows, 0 and 11 alike; one cell of markup, one that hides something, one of ten million."""
    remarks = [f"bird {n % 11} in the {'engine' if n % 2 == 0 or n == 11 else 'wing'}" for n in range(12)]
    cells = ["plain"] * 12
    cells[1], cells[2], cells[3] = "<img src=x onerror=alert(1)>", "a\u202eb\x1b[31m", "x" * 10_000_000
    return pd.DataFrame({"<b>cell</b>": cells, "remarks": remarks}, index=[f"b{n}" for n in range(12)])


@pytest.fixture
def desk(session, frame):
    """A desk that was opened."""
    made = Desk(session, session.map(frame, TEMPLATE, approve=True, max_tokens=4), first=["remarks"])
    made("open")
    return made


def test_it_opens_at_the_first_row_that_nobody_decided(desk, session):
    """A letter for each row, the first that waits, and who reviews what."""
    desk.do("accept", position=0)
    again = Desk(session, desk.review.run)("open")

    assert again["letters"] == "appppppppppa"  # of 0 and 11, which are alike
    assert (again["total"], again["at"], again["reviewer"]) == (12, 1, "ann")
    assert again["progress"] == {
        "total": 12, "pending": 10, "accepted": 2, "edited": 0, "rejected": 0, "skipped": 0,
    }  # fmt: skip


def test_a_decision_that_comes_twice_is_made_once(desk):
    """The second time it is answered as the first; behind a gap, it is asked for from there on."""
    first = desk.do("accept", position=1)
    assert desk("do", what="accept", seq=1, epoch=0, position=1) == first
    assert desk("do", what="accept", seq=4, epoch=0, position=4) == {"again": 2}

    assert first["changed"] == [[1, "a"]]
    assert len(desk.review.undo()) == 1
    assert desk.review.undo() == []


def test_what_follows_a_decision_that_failed_is_not_made(desk, session):
    """Until the view has seen that; else an undo would take back another one than the person meant."""
    desk.do("accept", position=1)
    session.ledger.close()
    with pytest.raises(LedgerError):
        desk.do("accept", position=2)
    with pytest.raises(InputError, match="followed a decision that was not saved"):
        desk.do("undo")
    with pytest.raises(LedgerError):  # the same as before, asked again
        desk("do", what="accept", seq=2, epoch=0, position=2)


def test_a_failed_edit_is_told_and_the_next_epoch_goes_on(session, frame):
    """An edit has to fit the schema; nothing was written, and what comes after it is."""
    run = session.map(frame.head(4), "Part? {{ remarks }}", approve=True, schema=SCHEMA)
    desk = Desk(session, run)
    opened = desk("open")
    assert [(field["name"], field["kind"]) for field in opened["fields"]] == [
        ("part", "choice"), ("sure", "choice"), ("n", "number"),
    ]  # fmt: skip

    with pytest.raises(InputError, match="does not fit the schema"):
        desk.do("edit", position=0, fields=["tail", "", ""])
    desk.epoch = 1
    with pytest.raises(InputError, match="takes a number"):
        desk.do("edit", position=0, fields=["wing", "", "many"])
    desk.epoch = 2
    assert desk.do("edit", position=0, fields=["wing", "true", "2"])["changed"] == [[0, "e"]]

    (row,) = desk("rows", indices=[0])
    assert row["fields"] == ["wing", "true", "2"]
    assert json.loads(row["text"])["n"] == 2
    assert row["original"] is not None


def test_accepting_an_edited_answer_accepts_what_is_on_the_screen(desk):
    """Not the model's, which stands below it."""
    desk.do("edit", position=1, text="tail")
    desk.do("accept", position=1)
    (row,) = desk("rows", indices=[1])
    assert (row["text"], desk.review.progress.edited) == ("tail", 1)


def test_undo_says_where_the_row_is(desk):
    """Its place in the list; of one that the list does not show, its label."""
    desk.do("reject", position=3, note="no")
    assert (desk.do("undo")["go"], desk.do("undo")["said"]) == (3, "There is nothing to undo.")
    desk.do("accept", position=3)
    desk("list", where={"contains": "engine"})
    assert "row b3, which is not in this list" in desk.do("undo")["said"]


def test_text_of_a_row_is_marked_and_bounded(desk):
    """ATTACKS 1, 2, 9 and 10: markup is text, what would not be seen is spelled out, ten million are cut."""
    rows = desk("rows", indices=[1, 2, 3])
    cells = [dict(row["cells"])["<b>cell</b>"] for row in rows]

    assert cells[0] == [["", "<img src=x onerror=alert(1)>"]]
    assert cells[1] == [["", "a"], ["odd", "[U+202E]"], ["", "b"], ["odd", "␛"], ["", "[31m"]]
    assert cells[2][0][1].endswith("(9,980,000 more characters)")
    assert list(dict(rows[0]["cells"])) == ["remarks", "<b>cell</b>"]  # what was asked about comes first
    assert len(json.dumps(desk("lines", first=0, count=12))) < 10_000


def test_many_are_decided_as_they_were_counted(desk):
    """By the list's filter, the same answer or a rule; what was confirmed is what is done."""
    answer = desk("rows", indices=[1])[0]["text"]
    desk("list", where={"answer": answer})
    counted = desk("count", which="list")
    assert counted == desk("count", which="answer", position=1)
    assert desk.do("accept", many=counted["holds"])["progress"]["accepted"] == counted["holds"]
    assert desk("count", which="list") == {"rows": 0, "holds": 0}
    desk.do("undo")
    assert desk.review.progress.pending == 12

    counted = desk("count", which="rule", rule="remarks.str.contains('bird 3')")
    desk.review.skip(3)
    with pytest.raises(InputError, match="not the rows that were counted"):
        desk.do("reject", many=counted["holds"], note="no")


def test_find_goes_round_in_answers_labels_and_cells(desk):
    """In small and large letters; behind the last comes the first."""
    assert desk("find", text="BIRD 4", index=0, step=1) == {"index": 4, "count": 1}
    assert desk("find", text="b11", index=11, step=1) == {"index": 11, "count": 1}
    assert desk("find", text="bird 0", index=10, step=-1) == {"index": 0, "count": 2}
    assert desk("find", text="nowhere", index=0, step=1) == {"index": None, "count": 0}


def test_another_view_hears_what_was_decided(desk):
    """Of the widget, of another reviewer, or in Python."""
    desk.desk.handlers["open"]({"view": "other"})
    heard = []
    desk.desk.push = lambda name, data: heard.append((name, data))
    desk.do("accept", position=5)

    assert heard == [("changed", "v")]
    assert desk.desk.handlers["sync"]({"view": "other"})["changed"] == [[5, "a"]]


def test_agreement_and_assignments_are_told(desk, session):
    """Who has which rows, and how far two agree; the words come from Python's agreement."""
    desk.review.assign("bob", range(4))
    bob = session.review(desk.review.run, reviewer="bob")
    for position in range(3):
        desk.do("accept", position=position)
        bob.accept(position)

    people = desk("people")
    assert people["assigned"] == [["bob", "rows 0 to 3"]]
    assert people["agree"][0][0] == "ann and bob"
    assert "3 of 3 the same (100%)" in people["agree"][0][1]


def test_a_comparison_of_rows_that_may_be_others_is_doubted(session, frame):
    """The list of what differs from a run says so, and no warning lands below the cell."""
    first, other = (
        session.map(rows.reset_index(drop=True), TEMPLATE, approve=True, max_tokens=4)
        for rows in (frame.head(6), frame.tail(6))
    )
    desk = Desk(session, first)
    assert desk("open")["doubt"] == ""
    assert "6 of 6 rows were asked about other text" in desk("list", where={"differs": other.run_id})["doubt"]


def test_nothing_is_decided_behind_the_end(desk):
    """A view that is still open somewhere is told how to go on."""
    assert desk("done") == {"said": []}
    with pytest.raises(InputError, match="closed"):
        desk.do("accept", position=0)
    assert desk.review.progress.pending == 12
