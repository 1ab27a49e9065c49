"""What is not whole is not pushed without saying so, and no answer without where it came from."""

import re
from decimal import Decimal

import pandas as pd
import pytest

from loopai_nb.errors import InputError
from loopai_nb.records import RunState

TEMPLATE = "Which part was hit? engine, wing. {{ remarks }}"


@pytest.fixture
def birds_frame():
    """Distinct requests, more than the budget of ``partial`` pays."""
    return pd.DataFrame({"id": range(40), "remarks": [f"bird {n} in the engine" for n in range(40)]})


@pytest.fixture
def result(session, birds_frame):
    """A complete run's answers."""
    return session.map(birds_frame, TEMPLATE, approve=True, max_tokens=4).result()


@pytest.fixture
def partial(session, birds_frame):
    """A run that its budget stopped."""
    session.use_server(price=(Decimal(100), Decimal(100)))
    run = session.map(birds_frame, TEMPLATE, approve=True, max_tokens=4, budget_usd="0.05", concurrency=2)
    assert run.state is RunState.PARTIAL
    assert 0 < run.row.answered < 40
    return run


def test_a_run_that_its_budget_stopped_says_so(session, partial):
    """Promise 2: rows left out and the run's state are in the summary and in its line."""
    answered = partial.row.answered_rows

    summary = session.push(partial.result(), "parts", key="id", partial=True)

    assert (summary.inserted, summary.left_out) == (answered, 40 - answered)
    assert (summary.run_id, summary.run_state, summary.complete) == (
        partial.run_id,
        RunState.PARTIAL,
        False,
    )
    assert str(summary) == (
        f"public.parts (new): {answered} inserted · {40 - answered} rows without an answer left out"
        f" · run {partial.run_id} is PARTIAL (budget)"
    )


def test_answered_rows_alone_still_say_that_the_run_is_partial(session, partial):
    """Who leaves the other rows out has not made the run complete."""
    result = partial.result()

    summary = session.push(result[result["answer"].notna()], "parts", key="id", partial=True)

    assert summary.left_out == 0
    assert str(summary).endswith(f" · run {partial.run_id} is PARTIAL (budget)")


def test_a_part_of_a_run_has_to_be_asked_for_by_name(session, partial):
    """The error counts what is missing and says what to type; nothing is written."""
    answered = partial.row.answered_rows
    run_id, missing = partial.run_id, 40 - answered

    with pytest.raises(InputError) as caught:
        session.push(partial.result(), "parts", key="id")

    assert (
        caught.value.message
        == f"Run {run_id} is PARTIAL (budget): {missing} of these 40 rows have no answer."
    )
    assert f"%loopai resume {run_id}" in caught.value.hint
    assert "--partial, in Python partial=True" in caught.value.hint
    result = partial.result()
    with pytest.raises(InputError, match=f"all have an answer, {missing} of the run's 40 have none"):
        session.push(result[result["answer"].notna()], "parts", key="id")
    assert len(session.tables("parts")) == 0


def test_a_part_of_a_complete_run_is_no_partial_run(session, result):
    """Who pushes ten rows of forty knows that they are ten."""
    assert session.push(result.head(10), "parts", key="id").complete


def test_of_a_reviewed_run_the_accepted_answers_are_pushed(session, result):
    """Edited ones as they were edited, though the frame was made before; the summary counts the others."""
    review = session.review(result.attrs["loopai"]["run_id"])
    review.accept(range(5))
    review.edit(5, "tail")
    review.reject(6, "no")
    review.skip(7)

    summary = session.push(result, "parts", key="id")

    assert (summary.inserted, summary.not_accepted, summary.complete) == (6, 34, False)
    assert str(summary) == "public.parts (new): 6 inserted · 34 that nobody accepted left out"
    assert session.query("SELECT id, answer FROM parts WHERE answer <> 'engine'") == [
        {"id": 5, "answer": "tail"}
    ]
    assert session.query(
        "SELECT target_key->>'id' AS id, reviewed_by, edited FROM loopai_lineage WHERE edited"
    ) == [{"id": "5", "reviewed_by": "tester", "edited": True}]
    assert session.query("SELECT count(*) AS n FROM loopai_lineage WHERE reviewed_by = 'tester'") == [
        {"n": 6}
    ]


def test_what_nobody_decided_is_pushed_by_name(session, result):
    """What was rejected is not, whatever is asked for."""
    review = session.review(result.attrs["loopai"]["run_id"])
    review.reject(range(3), "no")
    review.skip(3)

    with pytest.raises(InputError, match=r"reviewed, and none of these 40 answers is accepted.*--unreviewed"):
        session.push(result, "parts", key="id")
    assert len(session.tables("parts")) == 0

    summary = session.push(result, "parts", key="id", unreviewed=True)
    assert (summary.inserted, summary.not_accepted) == (37, 3)
    assert session.query("SELECT count(*) AS n FROM loopai_lineage WHERE reviewed_by IS NOT NULL") == [
        {"n": 0}
    ]
    review.undo()
    review.undo()
    assert session.push(result, "parts", key="id").not_accepted == 0


def test_a_reviewed_result_is_pushed_without_the_reviews_own_columns(session, result):
    """They are in the lineage; by name they are pushed."""
    review = session.review(result.attrs["loopai"]["run_id"])
    review.accept({})

    session.push(review.frame(), "parts", key="id", lineage="columns")

    names = {*session.describe("parts")["column"]}
    assert {"reviewed_by", "edited"} <= names
    assert not {"review", "review_note", "answer_original"} & names
    session.push(review.frame(), "noted", key="id", columns=["answer", "review"])
    assert session.query("SELECT DISTINCT review FROM noted") == [{"review": "accepted"}]


def test_what_a_frame_has_of_an_edit_that_counts_no_more_is_not_pushed(session, result):
    """Made during the review, it holds edits that were undone or edited again since; its own changes stay."""
    review = session.review(result.attrs["loopai"]["run_id"])
    for position, text in enumerate(["undone", "before", "rejected", "open"]):
        review.edit(position, text)
    frame = review.frame()
    frame.loc[4, "answer"] = "by hand"
    for _ in range(4):
        review.undo()

    session.push(frame, "pre", key="id")
    review.accept([0, 4])
    review.edit(1, "after")
    review.reject(2, "no")
    session.push(frame, "parts", key="id")
    session.push(frame, "open", key="id", unreviewed=True)

    first = "SELECT id, answer FROM {} WHERE id IN (SELECT id FROM {} ORDER BY id LIMIT 5) ORDER BY id"
    pushed = {
        table: [row["answer"] for row in session.query(first.format(f'"{table}"', f'"{table}"'))]
        for table in ("pre", "parts", "open")
    }
    assert pushed["pre"] == ["engine", "engine", "engine", "engine", "by hand"]
    assert pushed["parts"] == ["engine", "after", "by hand"]
    assert pushed["open"][:4] == ["engine", "after", "engine", "by hand"]
    by = "SELECT count(reviewed_by) n, count(*) AS rows FROM loopai_lineage WHERE target_table LIKE '%pre%'"
    assert session.query(by) == [{"n": 0, "rows": 40}]


def test_rows_of_one_label_and_one_request_are_not_taken_for_each_other(session):
    """One was accepted and one rejected: of a part of the result nobody can say which is which."""
    remarks = ["in the wing", "by bird", "in the wing"]
    frame = pd.DataFrame({"id": [1, 2, 3], "remarks": remarks}, index=[7] * 3)
    run = session.map(frame, TEMPLATE, approve=True, max_tokens=4)
    review = session.review(run)
    review.reject(0, "no", only_row=True)
    review.accept(2, only_row=True)

    with pytest.raises(InputError, match=r"reviewed one by one.*index"):
        session.push(run.result().iloc[[0, 2]], "parts", key="id")
    session.push(run.result(), "parts", key="id")
    assert session.query("SELECT id FROM parts") == [{"id": 3}]


def test_a_structured_answer_is_pushed_as_it_was_edited(session, birds_frame):
    """With the columns of its fields."""
    run = session.map(
        birds_frame.head(3), TEMPLATE, approve=True, max_tokens=40, schema="part: engine|wing, sure: bool"
    )
    result, review = run.result(), session.review(run)
    review.accept({})
    review.edit(1, {"part": "wing", "sure": True})

    session.push(result, "parts", key="id")

    (row,) = session.query("SELECT part, sure, answer FROM parts WHERE id = 1")
    assert (row["part"], row["sure"], row["answer"]) == ("wing", True, '{"part": "wing", "sure": true}')


def test_rows_that_were_decided_one_by_one_are_told_by_their_index(session):
    """Without it two rows with one request can't be told apart, and nothing is pushed."""
    frame = pd.DataFrame({"id": [1, 2], "remarks": ["in the wing"] * 2}, index=["a", "b"])
    run = session.map(frame, TEMPLATE, approve=True, max_tokens=4)
    review = session.review(run)
    review.accept(0, only_row=True)
    review.reject(1, "no", only_row=True)
    result = run.result()
    lost = result.reset_index(drop=True)
    lost.attrs = result.attrs

    with pytest.raises(InputError, match=r"reviewed one by one.*index"):
        session.push(lost, "parts", key="id")
    assert session.push(result, "parts", key="id").inserted == 1
    assert session.query("SELECT id FROM parts") == [{"id": 1}]


def test_an_answer_that_was_edited_by_hand_is_said_to_be(session, result):
    """Its lineage is the model's, and says that this is not what the model answered."""
    result.loc[3, "answer"] = "tail"

    session.push(result, "parts", key="id")

    assert session.query(
        "SELECT target_key->>'id' AS id, model, reviewed_by FROM loopai_lineage WHERE edited"
    ) == [{"id": "3", "model": "demo-lexical", "reviewed_by": None}]


def test_a_table_of_lineages_from_before_gets_its_column(session, result):
    """Made by a loopai_nb that did not know of edited answers."""
    session.push(result.head(1), "parts", key="id")
    with session.database.arrow(read_only=False) as connection, connection.cursor() as cursor:
        cursor.execute("ALTER TABLE loopai_lineage DROP COLUMN edited")
        connection.commit()

    tried = session.push(result, "parts", key="id", dry_run=True)
    session.push(result, "parts", key="id")

    assert "ADD COLUMN IF NOT EXISTS edited" in tried.ddl[-1]
    assert session.query("SELECT count(*) AS n FROM loopai_lineage WHERE NOT edited") == [{"n": 40}]


def test_an_append_of_the_same_answers_adds_none(session, partial):
    """Pushed when it stopped, gone on with, pushed again: every row is there once."""
    answered = partial.row.answered_rows
    session.push(partial.result(), "log", partial=True)

    done = session.resume(partial.run_id, budget_usd="50").wait()
    summaries = [session.push(done.result(), "log") for _ in range(2)]

    assert [(s.inserted, s.unchanged) for s in summaries] == [(40 - answered, answered), (0, 40)]
    assert session.query("SELECT count(*) AS n FROM log") == [{"n": 40}]


def test_lineage_beside_the_answer(session, result):
    """By option its parts are columns of the table, exact and typed, and the table of lineage is not made."""
    first = session.push(result, "parts", key="id", lineage="columns")
    again = session.push(result, "parts", key="id", lineage="columns")

    assert (first.inserted, again.unchanged) == (40, 40)
    described = session.describe("parts").set_index("column")["type"]
    assert dict(described.tail(11)) == {
        "run_id": "text",
        "template_sha256": "text",
        "prompt_sha256": "text",
        "model": "text",
        "input_tokens": "bigint",
        "output_tokens": "bigint",
        "cost_usd": "numeric",
        "approved_by": "text",
        "reviewed_by": "text",
        "answered_at": "timestamp with time zone",
        "edited": "boolean",
    }
    (row,) = session.query("SELECT DISTINCT run_id, model, reviewed_by FROM parts")
    assert row == {"run_id": result.attrs["loopai"]["run_id"], "model": "demo-lexical", "reviewed_by": None}
    assert len(session.tables("loopai_lineage")) == 0


def test_lineage_never_overwrites_a_column(session, result):
    """A frame that has a model of its own keeps it."""
    with pytest.raises(InputError, match=r"a column 'model'.*--lineage table"):
        session.push(result.assign(model="Cessna"), "parts", key="id", lineage="columns")


def test_lineage_can_be_left_out(session, result):
    """The answers alone; a word that is no choice is refused."""
    session.push(result, "parts", key="id", lineage="none")

    assert len(session.tables("loopai_lineage")) == 0
    with pytest.raises(InputError, match="'table', 'columns' or 'none'"):
        session.push(result, "parts", key="id", lineage="some")


def test_a_dry_run_of_answers_leaves_nothing(session, result):
    """Counts and statements as of the push, and no table."""
    tried = session.push(result, "parts", key="id", dry_run=True)

    assert (tried.inserted, tried.run_id) == (40, result.attrs["loopai"]["run_id"])
    assert [statement.split()[0] for statement in tried.ddl] == ["CREATE", "ALTER", "CREATE"]
    assert len(session.tables()) == 0


def test_a_dry_run_shows_answers_that_differ_before_requests(session, birds_frame, result):
    """Asked anew, each row has another request: that is shown last, and where nothing else differs."""
    session.push(result, "parts", key="id", columns=["answer"])
    anew = session.map(birds_frame, f"{TEMPLATE} One word.", approve=True, max_tokens=4).result()
    anew.loc[30, "answer"] = "wing"

    tried = session.push(anew, "parts", key="id", columns=["answer"], dry_run=True)

    assert tried.updated == 40
    assert [(each.key["id"], list(each.values)) for each in tried.examples[:2]] == [
        ("30", ["answer"]),
        ("0", ["request_id"]),
    ]
    assert list(map(str, tried.examples[:2])) == [
        "id=30: answer: 'engine' → 'wing'",
        "id=0: the same by another request",
    ]


def test_a_replace_by_answers(session, result):
    """Rows of another run go, and their lineage stays as the record of what was there."""
    session.push(result, "parts", key="id")

    summary = session.push(result.head(10), "parts", key="id", mode="replace")

    assert (summary.unchanged, summary.deleted) == (10, 30)
    assert session.query("SELECT count(*) AS n FROM loopai_lineage") == [{"n": 40}]


def test_a_complete_result_says_no_more_than_its_counts(session, result):
    """Nothing was left out."""
    summary = session.push(result, "parts", key="id")

    assert summary.complete
    assert str(summary) == "public.parts (new): 40 inserted"


def test_a_merged_result_is_not_pushed_without_its_run(session, birds_frame, result):
    """Pandas drops a frame's attrs in a merge; the hint brings them back."""
    merged = result.drop(columns="remarks").merge(birds_frame, on="id")
    merged.attrs = {}  # as pandas 2 does by itself

    with pytest.raises(InputError, match=re.escape("frame.attrs = result.attrs")):
        session.push(merged, "parts", key="id")

    merged.attrs = result.attrs
    assert session.push(merged, "parts", key="id").inserted == 40
    assert session.query("SELECT count(*) AS n FROM loopai_lineage") == [{"n": 40}]


@pytest.mark.parametrize("lost", ["status", "request_id"])
def test_answers_without_their_status_or_request_are_refused(session, result, lost):
    """Failed rows could not be told from answered ones, and lineage could not be written."""
    with pytest.raises(InputError, match=f"have lost their column '{lost}'"):
        session.push(result.drop(columns=lost), "parts", key="id")


def test_an_edited_request_id_is_refused(session, result):
    """It stands for no request of the run; nothing is written."""
    result.loc[3, "request_id"] = "q-0000000000000000"

    with pytest.raises(InputError, match="no answer to a request 'q-0000000000000000'"):
        session.push(result, "parts", key="id")

    assert len(session.tables("parts")) == 0


def test_other_frames_are_pushed_whole(session, result):
    """A log with columns of these names is none of ours, and neither is a sum over a result."""
    log = pd.DataFrame({"request_id": ["a1", "b2"], "status": ["200", "500"]})
    sums = result.groupby("answer").agg(n=("id", "count")).reset_index().rename(columns={"answer": "part"})

    assert session.push(log, "log").inserted == 2
    assert str(session.push(sums, "sums")) == f"public.sums (new): {len(sums)} inserted"


def test_what_is_no_frame_is_refused(session, result):
    """A run, a Series and a stream each say how their rows are pushed."""
    run = session.show(result.attrs["loopai"]["run_id"])

    with pytest.raises(InputError, match=r"run\.result\(\)"):
        session.push(run, "parts", key="id")
    with pytest.raises(InputError, match=r"reset_index\(\)"):
        session.push(result["answer"], "parts", key="id")
    with session.pull("SELECT 1 AS id", chunks=1) as stream, pytest.raises(InputError, match="for frame in"):
        session.push(stream, "parts", key="id")
