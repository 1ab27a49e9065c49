import gc
import tracemalloc

import pandas as pd
import pytest

from loopai_nb.errors import InputError
from loopai_nb.ledger import queries
from loopai_nb.records import RunState
from loopai_nb.session import Session
from loopai_nb.settings import Settings

TEMPLATE = "Which part was hit? engine, wing. One word.\n{{ text }}"


@pytest.fixture
def session(tmp_path, devserver):
    """A session without a database: a stream may come from anywhere."""
    environ = {
        "LOOPAI_SERVER": devserver.openai_url,
        "LOOPAI_MODEL": "demo-lexical",
        "LOOPAI_LEDGER": str(tmp_path / "ledger" / "ledger.sqlite3"),
    }
    with Session(Settings.load(environ=environ, cwd=tmp_path, config_dir=tmp_path)) as made:
        yield made


def _table(rows, first=0):
    return pd.DataFrame(
        {
            "text": [f"bird {n} hit the {'wing' if n % 2 else 'engine'}" for n in range(first, first + rows)],
            "n": range(first, first + rows),
        }
    )


def _keyed(rows, first=0):
    return _table(rows, first).set_index("n", drop=False).rename_axis("id")


def _chunks(frame, size):
    return (frame.iloc[start : start + size] for start in range(0, len(frame), size))


def _plans(session):
    with session.ledger.engine.connect().execution_options(reading=True) as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM plans").scalar()


def test_a_stream_has_the_plan_of_one_frame(session):
    """The digest is that of all the rows in one frame, however they are cut; labels as well."""
    whole = _table(50)
    one = session.plan(whole, TEMPLATE)
    for size in (1, 7, 50, 60):
        plan = session.plan(_chunks(whole, size), TEMPLATE)
        assert (plan.digest, plan.rows, plan.distinct) == (one.digest, 50, 50)
        assert list(queries.labels_in_order(session.ledger, plan.plan_id)) == [str(n) for n in range(50)]
    # An index that counts from 0 in every chunk goes on; so does what tells rows of one content apart.
    again = session.plan((chunk.reset_index(drop=True) for chunk in _chunks(whole, 7)), TEMPLATE)
    assert list(queries.labels_in_order(session.ledger, again.plan_id)) == [str(n) for n in range(50)]
    apart = session.plan(_chunks(whole, 7), TEMPLATE, dedup=False)
    assert apart.digest == session.plan(whole, TEMPLATE, dedup=False).digest


def test_the_answers_of_a_stream_come_by_their_labels(session):
    """The frames are gone: the result has the index with its name, and the answers."""
    run = session.map(_chunks(_keyed(20), 6), TEMPLATE, approve=True, max_tokens=4)
    result = run.result()
    assert run.state is RunState.COMPLETED
    assert (list(result.index), result.index.name) == (list(range(20)), "id")
    assert list(result["answer"]) == ["engine", "wing"] * 10
    assert "text" not in result.columns
    assert result.attrs["loopai"] == {"run_id": run.run_id, "answer_column": "answer"}


def test_answers_find_their_rows_in_a_table_that_was_pulled_again(session):
    """By key: rows that came since were not asked, those that went are left out, and the order is free."""
    run = session.map(_chunks(_keyed(20), 6), TEMPLATE, approve=True, max_tokens=4)
    again = pd.concat([_keyed(1, 100), _keyed(18, 2).iloc[::-1]])
    expected = [None, *(["wing", "engine"] * 9)]

    result = run.result(again)
    streamed = pd.concat(run.results(_chunks(again, 5)))

    for frame in (result, streamed):
        assert list(frame["n"]) == [100, *range(19, 1, -1)]
        assert list(frame["answer"]) == expected
        assert frame["status"].iloc[0] == "skipped"
        assert frame["error"].iloc[0] == "this row was not asked"
        assert set(frame["status"].iloc[1:]) == {"answered"}


def test_resume_and_show_line_up_by_key_as_well(session):
    """A frame that is given to them may be pulled again."""
    run = session.map(_chunks(_keyed(4), 3), TEMPLATE, approve=True, max_tokens=4)
    again = _keyed(4).iloc[::-1]
    shown = session.show(run.run_id, frame=again, answer="part").result()
    resumed = session.resume(run.run_id, frame=again, answer="part").wait().result()
    assert list(shown["part"]) == list(resumed["part"]) == ["wing", "engine", "wing", "engine"]


def test_rows_that_are_only_counted_are_not_lined_up(session):
    """Row 3 of another pull may be any row: without a key the rows have to be the same, in order."""
    run = session.map(_table(6), TEMPLATE, approve=True, max_tokens=4)
    with pytest.raises(InputError, match=r"does not have the 6 rows .* in their order"):
        run.result(_table(7))
    with pytest.raises(InputError, match="in their order"):
        list(run.results(_chunks(_table(6).iloc[::-1], 4)))
    with pytest.raises(InputError, match="in their order"):
        list(run.results(_chunks(_table(5), 2)))
    assert len(pd.concat(run.results(_chunks(_table(6), 4)))) == 6


def test_a_label_that_two_rows_have_lines_up_nothing(session):
    """Neither among the rows that were asked, nor in the frame that they are to be put beside."""
    twice = pd.DataFrame({"text": ["wing", "engine"]}, index=pd.Index(["a", "a"], name="k"))
    run = session.map(twice, TEMPLATE, approve=True, max_tokens=4)
    assert list(run.result(twice)["answer"]) == ["wing", "engine"]  # in order, as it was asked
    with pytest.raises(InputError, match=r'Two rows of run .* have the label "a"'):
        run.result(twice.iloc[:1])
    other = session.map(_keyed(3), TEMPLATE, approve=True, max_tokens=4)
    with pytest.raises(InputError, match="Two rows of this frame have the label 1"):
        other.result(pd.concat([_keyed(3), _keyed(1, 1)]))


def test_a_frame_of_another_table_is_refused(session):
    """Where no row was asked it is the wrong frame."""
    run = session.map(_keyed(3), TEMPLATE, approve=True, max_tokens=4)
    with pytest.raises(InputError, match="does not have the 3 rows"):
        run.result(_keyed(3, 100))


def test_results_come_in_pieces(session):
    """Of a frame with its columns, of a stream with its labels; together they are the result."""
    framed = session.map(_table(10), TEMPLATE, approve=True, max_tokens=4)
    streamed = session.map(_chunks(_keyed(10), 4), TEMPLATE, approve=True, max_tokens=4)
    for run in (framed, streamed):
        pieces = list(run.results(chunks=4))
        assert [len(piece) for piece in pieces] == [4, 4, 2]
        assert all(piece.attrs["loopai"]["run_id"] == run.run_id for piece in pieces)
        pd.testing.assert_frame_equal(pd.concat(pieces), run.result())
    with pytest.raises(InputError, match="chunks is 0"):
        framed.results(chunks=0)


def test_a_stream_that_fails_leaves_no_plan(session, until):
    """Whatever ends it, an error of its own or an interrupt: nothing of it stays in the ledger."""
    for error in (ValueError("gone"), KeyboardInterrupt()):

        def chunks(error=error):
            yield _table(25_000)
            raise error

        with pytest.raises(type(error)):
            session.plan(chunks(), TEMPLATE)
    until(lambda: _plans(session) == 0)


def test_a_sample_closes_the_stream(session):
    """The first rows are asked, and the query behind the stream does not stay open."""
    closed = []

    def chunks():
        try:
            for first in range(0, 100, 10):
                yield _table(10, first)
        finally:
            closed.append(True)

    assert session.plan(chunks(), TEMPLATE, sample=15).rows == 15
    assert closed == [True]


def test_a_pilot_of_a_stream_is_refused(session):
    """Its rows would have to be spread over what can be read once; the message says what to do instead."""
    with pytest.raises(InputError, match=r"which is read once.*sample=100"):
        session.map(_chunks(_table(100), 10), TEMPLATE, approve=True, pilot=10)


def test_two_rows_of_one_key_are_refused(session, until):
    """Of a pull by key, also where they are in two chunks: nobody could tell their answers apart."""
    table = _keyed(6)
    table.index = pd.Index([0, 1, 2, 3, 4, 1], name="id")
    table.attrs = {"loopai": {"key": ["id"]}}
    with pytest.raises(InputError, match=r"Two rows of the frame have the key 1.*--key A,B"):
        session.plan(_chunks(table, 2), TEMPLATE)
    until(lambda: _plans(session) == 0)


def _peak_bytes(session, rows):
    """Of planning a stream of rows with 2 kB of text each."""

    def chunks():
        for first in range(0, rows, 500):
            yield pd.DataFrame({"text": [f"bird {n} {'x' * 2_000}" for n in range(first, first + 500)]})

    gc.collect()
    tracemalloc.start()
    try:
        session.plan(chunks(), TEMPLATE)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_longer_stream_takes_no_more_memory(session):
    """What is held is a chunk and the batches on their way to the ledger, a fraction of what passes by."""
    session.plan(_table(10), TEMPLATE)  # imports and compiled statements are no part of it
    small, large = _peak_bytes(session, 6_000), _peak_bytes(session, 18_000)
    assert large < small * 1.3
    assert large < 24_000_000  # of 36 MB
