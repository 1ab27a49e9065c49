import pandas as pd
import pytest

from loopai_nb.errors import InputError
from loopai_nb.records import RunState
from loopai_nb.session.past_mark import New
from loopai_nb.session.since import pull_new

TEMPLATE = "Which part was hit? windshield, engine, wing, nose, other. One word.\n{{ remarks }}"
BIRDS = New("SELECT id, remarks FROM bird_strikes WHERE remarks IS NOT NULL AND id < 400", "id")


@pytest.fixture
def pull(session, birds):  # noqa: ARG001  (loads the table)
    """Pulls the birds that are new."""
    return lambda **options: pull_new(session.database, session.ledger, BIRDS, key="id", **options)


def _mark(session):
    return [moved.mark.value for moved in session.watermarks()]


def test_a_run_over_all_rows_moves_the_mark(session, pull):
    """Day by day: what has an answer is not pulled again, and the mark says which run moved it."""
    frame = pull()
    value = frame.attrs["loopai"]["since"]["value"]
    run = session.map(frame, TEMPLATE, approve=True, max_tokens=4)
    (moved,) = session.watermarks()
    assert (moved.mark.value, moved.moved_by, moved.mark.column) == (value, run.run_id, "id")
    assert len(pull()) == 0


def test_a_run_over_some_rows_does_not(session, pull):
    """A sample, with repetitions or without, a filtered frame: the others would never be asked."""
    frame = pull()
    session.map(frame, TEMPLATE, approve=True, max_tokens=4, sample=5)
    session.map(frame[frame["id"] < 100], TEMPLATE, approve=True, max_tokens=4)
    without_key = frame.reset_index(drop=True).sample(len(frame), replace=True, random_state=1)
    without_key.attrs["loopai"]["key"] = []
    session.map(without_key, TEMPLATE, approve=True, max_tokens=4)
    assert _mark(session) == []
    assert len(pull()) == len(frame)


def test_a_run_that_is_resumed_moves_it_in_the_end(session, pull, devserver):
    """A row that failed holds it back until it is answered, also by another handle of the run."""
    frame = pull()
    frame = frame.assign(remarks=["" if n == 0 else text for n, text in enumerate(frame["remarks"])])
    run = session.map(frame, TEMPLATE + "{% if not remarks %}{{ 1 // 0 }}{% endif %}", approve=True)
    assert (run.state, _mark(session)) == (RunState.PARTIAL, [])
    assert devserver.stats().requests > 0
    moved = session.seen(frame)
    assert moved.moved_by == "tester"
    assert len(pull()) == 0


def test_a_stream_that_was_mapped_moves_it(session, pull):
    """Read to its end, and by a run of all its rows; in pieces of it, or a sample, it does not."""
    session.map(pull(chunks=50), TEMPLATE, approve=True, max_tokens=4, sample=60)
    with pull(chunks=50) as stream:
        session.map(next(iter(stream)), TEMPLATE, approve=True, max_tokens=4)
    assert _mark(session) == []
    run = session.map(pull(chunks=50), TEMPLATE, approve=True, max_tokens=4)
    assert len(_mark(session)) == 1
    assert run.result(session.pull("bird_strikes", where="id < 400").set_index("id"))["answer"].notna().any()
    assert len(pull()) == 0


def test_answers_do_not_move_it_again(session, pull):
    """A second question about the answers is no pull; by hand they stand for the rows."""
    frame = pull()
    answers = session.map(frame.head(3), TEMPLATE, approve=True, max_tokens=4).result()
    assert session.plan(answers.rename(columns=lambda name: f"{name}_1"), "{{ answer_1 }}").rows == 3
    assert _mark(session) == []
    assert session.seen(answers).mark.value == frame.attrs["loopai"]["since"]["value"]


def test_what_can_not_be_seen_is_told(session, pull):
    """A frame of another kind, a pull without rows, and one that was passed or forgotten."""
    with pytest.raises(InputError, match="no frame that was pulled since a mark"):
        session.seen(pd.DataFrame())
    early, late = pull(), pull()
    session.seen(late)
    with pytest.raises(InputError, match="a later pull has passed it"):
        session.seen(early)
    with pytest.raises(InputError, match="brought nothing new"):
        session.seen(pull())


def test_a_mark_can_be_forgotten(session, pull):
    """By its name; then all rows come again."""
    frame = pull()
    name = session.seen(frame).name
    session.forget_watermark(name)
    assert session.watermarks() == []
    assert len(pull()) == len(frame)
    with pytest.raises(InputError, match=f"There is no mark {name}"):
        session.forget_watermark(name)
