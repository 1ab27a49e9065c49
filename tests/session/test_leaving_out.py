"""Rows that a person leaves out of a plan."""

import pandas as pd
import pytest

TEMPLATE = "One: a, b. {{ body }}"


@pytest.fixture
def frame():
    """Four rows, two of them alike."""
    return pd.DataFrame({"body": ["late", "broken", "late", "new"]}, index=list("wxyz"))


def test_a_row_that_is_left_out_is_not_sent_and_stays_in_the_result(session, devserver, frame):
    """The others are asked, also one that is alike; the row itself has no answer and says why."""
    plan = session.plan(frame, TEMPLATE, leave_out=[0, 1])
    run = session.run(plan, approve=True).wait()

    result = run.result()
    assert (plan.rows, plan.left_out, plan.to_send) == (4, 2, 2)
    assert plan.problems == ((0, "left out by a person"), (1, "left out by a person"))
    assert result["answer"].isna().tolist() == [True, True, False, False]
    assert result["status"].tolist() == ["skipped", "skipped", "answered", "answered"]
    assert (run.row.state, run.row.failed_rows, run.row.waiting_rows) == ("COMPLETED", 0, 0)
    assert result.index.tolist() == list("wxyz")
    assert devserver.stats().requests == 2


def test_leaving_out_a_row_is_another_digest(session, frame):
    """An approval of all rows is none of fewer, though the requests are the same."""
    assert session.plan(frame, TEMPLATE).digest != session.plan(frame, TEMPLATE, leave_out={0}).digest


def test_a_pilot_asks_no_row_that_is_left_out(session, frame):
    """Its rows are spread over the others; of all of the others it is the run itself."""
    rows = session.pilot_rows(frame, 2, {"leave_out": {0, 1}, "sample": 4})
    assert rows is None
    rows = session.pilot_rows(frame, 1, {"leave_out": {0, 1}})
    assert rows is not None
    assert rows.index.tolist() == ["y"]
