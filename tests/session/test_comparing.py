"""Two runs over the same rows: what changed, what it cost, and who is right."""

import pandas as pd
import pytest

from loopai_nb.errors import InputError
from loopai_nb.session.comparing import lined_up

TEMPLATE = "Which part was hit? engine, wing. {{ remarks }}"


@pytest.fixture
def environ(tmp_path, devserver) -> dict[str, str]:
    """Without a database: comparing needs none."""
    return {
        "LOOPAI_SERVER": devserver.openai_url,
        "LOOPAI_MODEL": "demo-lexical",
        "LOOPAI_LEDGER": str(tmp_path / "ledger" / "ledger.sqlite3"),
        "LOOPAI_USER": "ann",
    }


@pytest.fixture
def asked():
    """Ten rows, of which a person labelled eight: seven as the first template has it answered."""
    remarks = [f"bird {n} in the {'wing' if n % 2 else 'engine'}" for n in range(10)]
    parts = [remark.split()[-1] for remark in remarks]
    parts[0], parts[8], parts[9] = "wing", None, None
    return pd.DataFrame({"remarks": remarks, "part": parts}, index=[f"b{n}" for n in range(10)])


def _turned(frame):
    """The same rows with the words of the first four the other way round, so that other answers come."""
    words = {"engine": "wing", "wing": "engine"}
    turned = [
        " ".join(words.get(word, word) for word in text.split()) if n < 4 else text
        for n, text in enumerate(frame["remarks"])
    ]
    return frame.assign(remarks=turned)


def test_what_changed_is_counted_and_shown_by_category(session, asked):
    """Answers as a small cross table, and row by row under the index labels."""
    first = session.map(asked, TEMPLATE, approve=True, max_tokens=4)
    second = session.map(_turned(asked), TEMPLATE, approve=True, max_tokens=4)

    found = session.diff(first, second.run_id)

    assert (found.by, found.changed, found.agreement.n) == ("position", 4, 10)
    assert found.changes == [("engine", "wing", 2), ("wing", "engine", 2)]
    assert found.cross.to_numpy().tolist() == [[3, 2], [2, 3]]
    assert list(found.cross.columns) == ["engine", "wing"]
    assert found.frame[found.frame["changed"]].index.tolist() == ["b0", "b1", "b2", "b3"]
    assert found.agreement.kappa == pytest.approx(0.2)
    assert str(found).startswith(f"4 of 10 answers changed from {first.run_id} to {second.run_id}")


def test_both_are_measured_against_a_label(session, asked):
    """Accuracy and kappa over rows that have one; cost and latency of each run are beside it."""
    first = session.map(asked, TEMPLATE, approve=True, max_tokens=4)
    second = session.map(_turned(asked), TEMPLATE, approve=True, max_tokens=4)

    found = session.diff(first, second, label="part")

    assert (found.first.labelled.n, found.first.labelled.agreed) == (8, 7)
    assert found.second.labelled.agreed == 5
    assert found.frame["label"].tolist() == asked["part"].tolist()
    assert (found.first.answered, found.first.failed, found.first.model) == (10, 0, "demo-lexical")
    assert 0 < found.first.p50_ms <= found.first.p95_ms
    with pytest.raises(InputError, match="no column 'parts'"):
        session.diff(first, second, label="parts")


def test_rows_are_lined_up_by_label_where_they_are_others(session, asked):
    """In any order, and only those that both asked; who has no common row is refused."""
    first = session.map(asked, TEMPLATE, approve=True, max_tokens=4)
    second = session.map(asked.iloc[:3:-1], TEMPLATE, approve=True, max_tokens=4)

    found = session.diff(first, second)

    assert (found.by, found.agreement.n, found.changed) == ("label", 6, 0)
    assert (found.only_first, found.only_second) == (4, 0)
    assert found.frame.index.tolist() == [f"b{n}" for n in range(4, 10)]
    other = session.map(asked.set_axis(range(10), axis=0), TEMPLATE, approve=True, max_tokens=4)
    with pytest.raises(InputError, match="No row was asked by both"):
        session.diff(first, other)


def test_labels_that_repeat_line_nothing_up():
    """Unless both asked the same rows in the same order."""
    assert lined_up(["1", "1"], ["1", "1"], "r-a", "r-b") == ("position", [(0, 0), (1, 1)])
    with pytest.raises(InputError, match="Two rows of run r-b have the label 1"):
        lined_up(["1", "2"], ["1", "1"], "r-a", "r-b")


def test_failures_that_came_and_went_are_told(session, asked):
    """A row that only one of the two could not answer is no changed answer."""
    first = session.map(asked, TEMPLATE, approve=True, max_tokens=4, leave_out=[0, 1])
    second = session.map(asked, TEMPLATE, approve=True, max_tokens=4, leave_out=[1, 2, 3])

    found = session.diff(first, second)

    assert (found.new_failures, found.gone_failures) == (2, 1)
    assert (found.agreement.n, found.changed) == (6, 0)
    assert "2 rows fail that did not, 1 failed and do not." in str(found)


def test_structured_answers_are_compared_by_value_or_by_field(session, asked):
    """Not by their spaces; a field with a column that holds what it should be."""
    schema = "part: engine|wing, sure: bool"
    rows = asked.rename(columns={"part": "label"})
    first, second = (
        session.map(frame, TEMPLATE, approve=True, max_tokens=40, schema=schema)
        for frame in (rows, _turned(rows))
    )

    whole, part = session.diff(first, second), session.diff(first, second, label="part=label")

    assert part.agreement.n == whole.agreement.n == 10
    assert {*part.agreement.categories} <= {"engine", "wing"}
    assert part.changed <= whole.changed
    assert part.first.labelled.n == 8
    with pytest.raises(InputError, match="no field 'prat'"):
        session.diff(first, second, label="prat=label")


@pytest.mark.parametrize("template", [TEMPLATE, "Say engine or wing of this: {{ remarks | upper }}"])
def test_rows_that_are_lined_up_by_counting_alone_are_doubted_by_their_prompts(session, asked, template):
    """Where they show other text at a place; not of the same rows, nor where an index has a name."""
    counted = asked.reset_index(drop=True)
    turned = counted.iloc[::-1].reset_index(drop=True)
    first, same, other = (
        session.map(frame, text, approve=True, max_tokens=4)
        for frame, text in ((counted, TEMPLATE), (counted, template), (turned, template))
    )

    assert session.diff(first, same).doubt == ""
    doubt = session.diff(first, other).doubt
    assert f"10 of 10 rows were asked about other text in {other.run_id} than in {first.run_id}" in doubt
    assert session.diff(first, other).sentences[-1] == doubt
    review = session.review(first)
    with pytest.warns(UserWarning, match="frame.set_index, pull --key"):
        review.window(0, 5, {"differs": other.run_id})
    assert review.doubt({"differs": other.run_id}) == doubt
    review.window(0, 5, {"differs": same.run_id})

    named = [
        session.map(frame.rename_axis("id"), template, approve=True, max_tokens=4)
        for frame in (counted, turned)
    ]
    assert session.diff(*named).doubt == ""
