"""A review is a person's keystrokes: each is kept, the newest counts, and another day goes on."""

import json
import threading
from decimal import Decimal

import pandas as pd
import pytest

from loopai_nb.errors import InputError
from loopai_nb.records import ReviewState, RunState
from loopai_nb.session import Session
from loopai_nb.settings import Settings

TEMPLATE = "Which part was hit? engine, wing. {{ remarks }}"


@pytest.fixture
def environ(tmp_path, devserver) -> dict[str, str]:
    """Without a database: reviewing needs none."""
    return {
        "LOOPAI_SERVER": devserver.openai_url,
        "LOOPAI_MODEL": "demo-lexical",
        "LOOPAI_LEDGER": str(tmp_path / "ledger" / "ledger.sqlite3"),
        "LOOPAI_USER": "ann",
    }


@pytest.fixture
def asked():
    """Twelve rows, 0 and 11 alike; every third is labelled otherwise than it says."""
    remarks = [f"bird {n % 11} in the {'engine' if n % 2 == 0 or n == 11 else 'wing'}" for n in range(12)]
    parts = ["wing" if n % 3 == 0 else remark.split()[-1] for n, remark in enumerate(remarks)]
    return pd.DataFrame({"remarks": remarks, "part": parts}, index=[f"b{n}" for n in range(12)])


@pytest.fixture
def run(session, asked):
    """A complete run over them."""
    return session.map(asked, TEMPLATE, approve=True, max_tokens=4)


@pytest.fixture
def review(session, run):
    """Ann's review of it."""
    return session.review(run)


def _positions(window):
    return [row["position"] for row in window["rows"]]


def test_a_window_is_plain_values_beside_their_rows(review, asked):
    """Nothing in it that JSON can't hold; offset and n cut it, and the total is that of all."""
    window = review.window(2, 3)

    assert json.loads(json.dumps(window)) == window
    assert (window["total"], window["offset"], _positions(window)) == (12, 2, [2, 3, 4])
    row = window["rows"][1]
    assert (row["label"], row["answer"], row["state"]) == ('"b3"', "wing", "pending")
    assert row["row"] == {"remarks": asked["remarks"].iloc[3], "part": "wing"}
    assert review.row(3)["prompt"].endswith("bird 3 in the wing")


def test_a_decision_holds_for_rows_with_the_same_request(review):
    """They have one answer; of one row alone it is decided by name, and the newest counts."""
    assert review.accept(0) == 2
    assert review.reject(11, "blurred", only_row=True) == 1

    states = {row["position"]: row["state"] for row in review.window(0, 12)["rows"]}
    assert (states[0], states[11], states[1]) == ("accepted", "rejected", "pending")
    assert review.edit(0, "tail") == 2
    assert review.window(0, 12, {"state": "edited"})["total"] == 2


def test_what_is_accepted_is_what_is_seen(session, run, review):
    """An edit of somebody else stands when it is accepted, of one row as of all with its request."""
    review.edit(1, "tail")
    review.edit(11, "nose", only_row=True)
    bob = session.review(run, reviewer="bob")

    assert bob.accept([0, 1, 2]) == 4

    seen = [(row["answer"], row["state"], row["reviewer"]) for row in bob.window(0, 12)["rows"]]
    assert (seen[0], seen[2]) == (("engine", "accepted", "bob"), ("engine", "accepted", "bob"))
    assert (seen[1], seen[11]) == (("tail", "edited", "bob"), ("nose", "edited", "bob"))
    assert bob.undo() == [0, 1, 2, 11]
    assert [row["reviewer"] for row in bob.window(0, 2)["rows"]] == [None, "ann"]


@pytest.mark.parametrize(
    ("state", "more"),
    [
        (ReviewState.EDITED, {}),
        (ReviewState.EDITED, {"text": 5}),
        (ReviewState.ACCEPTED, {"text": "tail"}),
        (ReviewState.REJECTED, {"note": " "}),
    ],
)
def test_a_decision_that_is_none_is_refused(review, state, more):
    """Also where it does not come by its own verb: nothing is recorded."""
    with pytest.raises(InputError):
        review.decide(1, state, **more)
    assert review.progress.pending == 12


def test_undo_takes_back_a_whole_command_and_what_was_before_counts(review):
    """Also another day, by another object."""
    review.reject(3, "no")
    review.accept([1, 3, 5])

    assert review.undo() == [1, 3, 5]
    assert review.row(3)["state"] == "rejected"
    assert review.undo() == [3]
    assert review.undo() == []
    assert review.progress.pending == 12


def test_another_day_goes_on_where_it_was(review, environ, tmp_path):
    """A process that is gone loses nothing: another session on the same ledger has every decision."""
    review.accept([1, 2])
    review.edit(4, "tail", "seen on the photo")

    with Session(Settings.load(environ=environ, cwd=tmp_path, config_dir=tmp_path)) as other:
        later = other.review(review.run.run_id)
        assert str(later.progress) == "3 of 12 reviewed · 2 accepted · 1 edited"
        row = later.row(4)
        assert (row["answer"], row["original"], row["note"]) == ("tail", "engine", "seen on the photo")
        assert later.next()["position"] == 0
        assert later.next(after=2)["position"] == 3
        later.skip(3)
        assert later.undo() == [3]

    assert review.window(0, 12, {"state": ["edited", "accepted"]})["total"] == 3


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"answer": "wing"}, [1, 3, 5, 7, 9]),
        ({"contains": "ENG"}, [0, 2, 4, 6, 8, 10, 11]),
        ({"length": (None, 5)}, [1, 3, 5, 7, 9]),
        ({"length": [5, None], "status": "answered"}, [0, 2, 4, 6, 8, 10, 11]),
        ({"latency_ms": (0, 0)}, []),
        ({"differs": "part"}, [0, 6]),
        ({"fits": False}, []),
        ({"state": ["accepted", "rejected"]}, [2, 5]),
        ("answer == 'wing' and part != answer", []),
        ("remarks.str.contains('bird 1 ')", [1]),
        (lambda rows: rows["part"] != rows["answer"], [0, 6]),
        (None, list(range(12))),
    ],
)
def test_filters_take_what_they_say(review, where, expected):
    """By state, answer, length, latency, label and rule."""
    review.accept(2)
    review.reject(5, "no")
    assert _positions(review.window(0, 50, where)) == expected


def test_rows_come_in_the_order_that_is_asked_for(review):
    """Equal ones by position; the longest first by a minus."""
    review.reject(5, "no")
    assert _positions(review.window(0, 3, None, "-length")) == [0, 2, 4]
    assert _positions(review.window(0, 2, None, "answer")) == [0, 2]
    assert _positions(review.window(0, 2, None, "-position")) == [11, 10]
    assert _positions(review.window(0, 1, None, "-state")) == [5]
    assert len(review.window(0, 50, None, "latency")["rows"]) == 12


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"stat": "pending"}, "no 'stat'.*Did you mean 'state'"),
        ({"state": "good"}, "no state 'good'.*pending"),
        ({"length": "long"}, "least, most"),
        ({"fits": 1}, "True or False"),
        ({"differs": "nope"}, "no column 'nope'"),
        ({"differs": "r-none"}, "no run r-none"),
        (lambda rows: rows["part"], "True or False for each row"),
        (7.5, "float is no filter"),
    ],
)
def test_what_is_no_filter_says_what_is(review, where, said):
    """In one line, with the near words."""
    with pytest.raises(InputError, match=said):
        review.window(0, 5, where)


def test_answers_are_compared_with_those_of_an_earlier_run(session, asked, review):
    """Lined up by label, so that the other one may have asked fewer rows."""
    other = session.map(asked.iloc[4:], "Say wing. {{ remarks }} engine, wing.", approve=True, max_tokens=4)
    theirs = other.result()["answer"]
    mine = review.run.result()["answer"].loc[theirs.index]

    found = review.window(0, 50, {"differs": other.run_id})

    assert [json.loads(row["label"]) for row in found["rows"]] == [*mine.index[mine != theirs]]


def test_bulk_takes_what_nobody_decided(review):
    """By filter, by the same answer, by rule; a state is named where decided rows are meant."""
    review.reject(1, "no")
    assert review.accept({"answer": "wing"}) == 4
    assert review.row(1)["state"] == "rejected"
    assert review.accept(review.same_answer(2)) == 7
    assert review.progress.pending == 0
    assert review.skip({"state": "rejected"}) == 1
    assert len(review.undo()) == 1
    assert review.reject("answer == 'nothing'", "no") == 0


def test_a_rejection_says_why(review):
    """Whoever reads it another day would not know."""
    with pytest.raises(InputError, match="needs a note"):
        review.reject(1, "  ")
    assert review.progress.pending == 12


def test_a_row_without_an_answer_is_not_decided(session):
    """Neither by its position nor by a filter, and it does not count as one that waits."""
    frame = pd.DataFrame({"remarks": ["in the wing", "in the engine"]})
    review = session.review(session.map(frame, TEMPLATE, approve=True, max_tokens=4, leave_out=[1]))

    assert review.window()["rows"][1]["error"]
    with pytest.raises(InputError, match=r"Row 1 has no answer to review.*session.retry"):
        review.accept(1)
    with pytest.raises(InputError, match="no row 2"):
        review.accept([0, 2])
    assert review.progress.total == 1
    assert review.accept({}) == 1
    assert review.next() is None


def test_an_edit_has_to_fit_the_schema(session, asked):
    """Nothing is recorded where it does not; where it does its fields are columns of the result."""
    run = session.map(
        asked[["remarks"]].head(4),
        TEMPLATE,
        approve=True,
        max_tokens=40,
        schema="part: engine|wing|tail, sure: bool",
    )
    review = session.review(run)
    first = review.row(0)["answer"]

    with pytest.raises(InputError, match=r"does not fit the schema.*nothing was recorded"):
        review.edit(0, {"part": "nose", "sure": True})
    with pytest.raises(InputError, match="does not fit the schema"):
        review.edit(0, "tail")
    assert review.progress.pending == 4
    review.edit(0, {"part": "tail", "sure": False})

    frame = review.frame()
    assert (frame["part"].iloc[0], bool(frame["sure"].iloc[0])) == ("tail", False)
    assert frame["part"].dtype == "category"
    assert frame["answer_original"].iloc[0] == first
    assert review.window(0, 9, {"fits": True})["total"] == 4
    assert review.window(0, 9, {"rule": "part == 'tail'"})["total"] == 1


def test_the_result_has_what_was_decided_as_columns(review, asked):
    """The edited answer in the answer's column, the model's beside it; rows in any order find theirs."""
    review.accept(1)
    review.edit(2, "tail", "seen")
    review.reject(3, "no")

    frame = review.frame()
    again = review.frame(asked.rename_axis("name").iloc[::-1])

    assert frame["review"].iloc[:5].tolist() == [None, "accepted", "edited", "rejected", None]
    assert frame["reviewed_by"].iloc[:3].tolist() == [None, "ann", "ann"]
    assert frame["review_note"].iloc[1:4].tolist() == [None, "seen", "no"]
    assert frame["answer"].iloc[:3].tolist() == ["engine", "wing", "tail"]
    assert frame["answer_original"].iloc[:3].tolist() == ["engine", "wing", "engine"]
    assert again["answer"].iloc[-3] == "tail"
    assert again["review"].iloc[-3] == "edited"


def test_a_column_named_review_is_not_overwritten(session):
    """Reviews of products are often called so."""
    frame = pd.DataFrame({"review": ["in the wing"]})
    review = session.review(session.map(frame, "engine, wing {{ review }}", approve=True, max_tokens=4))
    with pytest.raises(InputError, match=r"a column 'review'.*frame\.rename"):
        review.frame()


def test_an_answer_that_says_rejected_is_no_rejection(session, review):
    """Who leaves it as the answer and who rejects it do not agree."""
    review.edit(1, "rejected")
    bob = session.review(review.run, reviewer="bob")
    bob.reject(1, "no")

    assert review.agreement("ann", "bob", on="answer").agreed == 0


@pytest.mark.parametrize(("answer", "label"), [("2", 2.0), ("2", 2), ("true", True), ("True", True)])
def test_a_label_differs_by_what_it_says(session, run, asked, answer, label):
    """A column of whole numbers with gaps holds floats, and a model writes no 2.0 for a 2."""
    frame = asked.assign(label=pd.Series([None, *[label] * 11], index=asked.index))
    review = session.review(run.run_id, frame=frame)
    review.edit(range(12), answer)
    assert review.window(0, 12, {"differs": "label"})["total"] == 0

    review.edit(3, "another")
    assert _positions(review.window(0, 12, {"differs": "label"})) == [3]


def test_two_reviewers_judge_the_same_rows_unseen(session, run):
    """Who is assigned sees their own rows and decisions; agreement is over what both decided."""
    lead = session.review(run)
    ann, bob = (session.review(run, reviewer=name) for name in ("ann", "bob"))
    assert (lead.assign("ann", range(8)), lead.assign("bob", (4, 11))) == (8, 8)

    assert _positions(ann.window(0, 50)) == list(range(8))
    for position in range(8):
        ann.accept(position) if position != 5 else ann.reject(5, "no")
    assert bob.progress.pending == 8
    with pytest.raises(InputError, match="not among those that are assigned to bob"):
        bob.accept(1)
    for position in (4, 5, 6):
        bob.accept(position)
    bob.edit(7, "tail")
    bob.skip(8)

    found = session.review(run, reviewer="eve").agreement("ann", "bob")

    # 4 to 7: accepted, rejected, accepted, accepted and accepted, accepted, accepted, edited.
    assert (found.n, found.agreed) == (4, 2)
    assert found.kappa == pytest.approx((0.5 - 9 / 16) / (1 - 9 / 16))
    assert {name: (each.first, each.second) for name, each in found.categories.items()} == {
        "accepted": (3, 3),
        "rejected": (1, 0),
        "edited": (0, 1),
    }
    assert ann.agreement("ann", "bob", on="answer").cross[("wing", "tail")] == 1
    assert sorted(ann.reviewers) == ["ann", "bob"]


def test_rows_are_assigned_by_what_the_model_answered(session, run):
    """An edit does not move a row to somebody else; what only this process knows can't be handed on."""
    review = session.review(run, reviewer="bob")
    assert session.review(run).assign("bob", {"answer": "wing"}) == 5
    review.edit(1, "engine")

    assert _positions(session.review(run, reviewer="bob").window()) == [1, 3, 5, 7, 9]
    for rows in ({"state": "pending"}, {"differs": "part"}, lambda rows: rows["answer"] == "wing"):
        with pytest.raises(InputError, match="can't be assigned"):
            review.assign("eve", rows)
    with pytest.raises(InputError, match="changes with every decision"):
        review.assign("eve", "state == 'pending'")
    with pytest.raises(InputError, match="rows 0 to 11"):
        review.assign("eve", range(5, 40))
    assert review.unassign("bob") == 1
    assert review.window()["total"] == 12


def test_two_at_once_lose_no_keystroke(review, environ, tmp_path):
    """Each from a session of its own; both see all of it in the end, and the newest of a row counts."""
    with Session(Settings.load(environ={**environ, "LOOPAI_USER": "bob"}, cwd=tmp_path)) as other:
        theirs = other.review(review.run.run_id)

        def decide(one, positions):
            for position in positions:
                one.accept(position)
                one.window(0, 3, {"state": "pending"})

        threads = [
            threading.Thread(target=decide, args=(review, range(7))),
            threading.Thread(target=decide, args=(theirs, range(5, 11))),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert review.progress == theirs.progress
        assert review.progress.accepted == 12
        assert len(other.ledger.reviews_of(review.run.run_id)) == 13
        assert sum(row.n for row in other.reviews()) == 13


def test_answers_that_come_later_join_the_review(session):
    """A run that goes on brings rows to a review that is open; what was decided stays."""
    session.use_server(price=(Decimal(100), Decimal(100)))
    frame = pd.DataFrame({"remarks": [f"bird {n} in the engine" for n in range(40)]})
    run = session.map(frame, TEMPLATE, approve=True, max_tokens=4, budget_usd="0.05", concurrency=2)
    assert run.state is RunState.PARTIAL
    review = session.review(run)
    first = review.next()["position"]
    review.accept(first)
    assert review.progress.total < 40

    session.resume(run.run_id, budget_usd="50").wait()

    assert (review.progress.total, review.progress.accepted) == (40, 1)
    assert review.row(first)["state"] == "accepted"


def test_answers_of_failed_rows_that_were_asked_again_join_the_review(session, devserver, asked):
    """As many requests have ended as before, and more are answered."""
    devserver.faults("ok*5, 400*20")
    run = session.map(asked, TEMPLATE, approve=True, max_tokens=4, concurrency=1)
    review = session.review(run)
    before = (review.progress.total, review.window(0, 9, {"status": "failed"})["total"])
    assert before == (6, 6)

    devserver.reset()
    session.retry(run.run_id).wait()

    assert review.window(0, 9, {"status": "failed"})["total"] == 0
    assert review.accept({}) == 12


def test_rows_are_named_by_positions_or_by_a_boolean_for_each(review):
    """A list of labels, or booleans for other rows, name none."""
    assert review.accept(review.run.result()["answer"] == "wing") == 5
    assert _positions(review.window(0, 50, {"state": "accepted"})) == [1, 3, 5, 7, 9]
    for rows in (["b1"], [True, False], [1.5], None, [[1, 2], [3, 4]], [[1], [2, 3]]):
        with pytest.raises(InputError):
            review.accept(rows)
    assert review.accept([]) == 0


def test_a_filter_is_applied_to_answers_that_come_later(session):
    """Who is assigned all answers of a kind gets those of a run that goes on."""
    session.use_server(price=(Decimal(100), Decimal(100)))
    frame = pd.DataFrame({"remarks": [f"bird {n} in the engine" for n in range(40)]})
    run = session.map(frame, TEMPLATE, approve=True, max_tokens=4, budget_usd="0.05", concurrency=2)
    bob = session.review(run, reviewer="bob")
    assert bob.assign("bob", {"answer": "engine"}) == bob.progress.total < 40

    session.resume(run.run_id, budget_usd="50").wait()

    assert bob.progress.total == 40


def test_reviewers_meet_in_a_ledger_in_postgres(environ, tmp_path, database, asked):
    """Two processes' worth of sessions on one database see each other's decisions at once."""
    there = {**environ, "LOOPAI_LEDGER": database}
    with (
        Session(Settings.load(environ=there, cwd=tmp_path, config_dir=tmp_path)) as ours,
        Session(Settings.load(environ={**there, "LOOPAI_USER": "bob"}, cwd=tmp_path)) as theirs,
    ):
        run = ours.map(asked, TEMPLATE, approve=True, max_tokens=4)
        ann, bob = ours.review(run), theirs.review(run.run_id)
        assert ann.accept({"answer": "wing"}) == 5
        assert bob.reject(1, "no") == 1
        assert bob.progress == ann.progress
        assert (ann.progress.accepted, ann.progress.rejected) == (4, 1)
        assert ann.undo() == [1, 3, 5, 7, 9]
        assert (bob.progress.accepted, bob.progress.rejected) == (0, 1)
