import warnings
import weakref

import pandas as pd
import pytest

from loopai_nb.errors import InputError
from loopai_nb.session.frames import Frames


class Chunks:
    """A stream that tells what was read of it, and whether it was closed."""

    def __init__(self, frames):
        self.frames = iter(frames)
        self.read = 0
        self.rows = 0
        self.closed = False

    def __iter__(self):
        return self

    def __next__(self):
        frame = next(self.frames)
        self.read += 1
        self.rows += len(frame)
        return frame

    def close(self):
        """As a stream of a pull has it."""
        self.closed = True


def _frame(*values, **columns):
    return pd.DataFrame({"text": list(values), **columns})


def test_positions_run_on():
    """Each frame of a stream begins where the one before ended."""
    frames = Frames(iter([_frame("a", "b"), _frame(), _frame("c")]), "big")
    assert [(start, list(frame["text"])) for start, frame in frames] == [(0, ["a", "b"]), (2, ["c"])]
    assert (frames.rows, frames.held) == (3, None)


def test_one_frame_is_held():
    """A DataFrame stays at hand for its answers, cut to the sample."""
    frames = Frames(_frame("a", "b", "c"), "df", sample=2)
    assert [start for start, _ in frames] == [0]
    assert list(frames.held["text"]) == ["a", "b"]


def test_a_frame_of_a_stream_is_gone_before_the_next_is_read():
    """Only one of them is in memory at a time."""
    alive = []

    def chunks():
        for n in range(4):
            assert sum(one() is not None for one in alive) == 0
            frame = _frame(f"row {n}")
            alive.append(weakref.ref(frame))
            yield frame
            del frame

    seen = 0
    for _, frame in Frames(chunks(), "big"):
        seen += len(frame)
        del frame
    assert seen == 4


@pytest.mark.parametrize("sample", [1, 2, 3, 9])
def test_a_sample_reads_no_more_than_it_needs(sample):
    """The first rows are taken and the stream is not read on."""
    stream = Chunks([_frame("a", "b"), _frame("c", "d"), _frame("e", "f")])
    frames = Frames(stream, "big", sample)
    assert sum(len(frame) for _, frame in frames) == min(sample, 6)
    assert stream.read == min((sample + 1) // 2, 3)


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (pd.DataFrame({"text": ["c"], "n": [1], "more": [2]}), "it has 'more'"),
        (pd.DataFrame({"text": ["c"]}), "it lacks 'n'"),
        (pd.DataFrame({"n": [1], "text": ["c"]}), "another order"),
        (pd.DataFrame({"text": ["c"], "n": [1.0]}), "column 'n' as float64, the first as int64"),
        (pd.DataFrame({"text": ["c"], "n": [1]}, index=pd.Index([1], name="id")), "another index"),
        ({"text": "c"}, "is a dict, not a DataFrame"),
    ],
)
def test_a_chunk_that_differs_is_named(second, said):
    """What would make one table of two shapes is refused, with the number of the chunk."""
    frames = Frames(iter([_frame("a", n=[1]), second]), "big")
    with pytest.raises(InputError, match=f"Chunk 2 of big .*{said}"):
        list(frames)


def test_nothing_to_ask_is_told():
    """Without rows there is no plan; a stream that gives nothing may have been read before."""
    with pytest.raises(InputError, match="df has no rows, so there is nothing to ask"):
        Frames(_frame(), "df")
    with pytest.raises(InputError, match="big has no rows"):
        Frames(iter([_frame(), _frame()]), "big")
    used = Chunks([_frame("a")])
    list(Frames(used, "big"))
    with pytest.raises(InputError, match=r"was read before. Pull again: a stream is read once"):
        Frames(used, "big")
    assert used.closed


@pytest.mark.parametrize("given", [None, 3, "text", {"a": _frame("a")}, pd.Series(["a"])])
def test_what_is_neither_is_refused(given):
    """A DataFrame, or what gives DataFrames."""
    with pytest.raises(InputError, match=f"df is a {type(given).__name__}, not a DataFrame"):
        Frames(given, "df")


def _since(rows, pull=7, **more):
    return {"loopai": {"since": {"pull": pull, "rows": rows}, **more}}


def test_a_pull_is_asked_about_only_where_all_its_rows_are():
    """A sample, a part or the answers to it do not count as the rows of a pull."""
    frame = _frame("a", "b", "c")
    frame.attrs = _since(3)

    def pull_no(given, sample=None):
        frames = Frames(given, "df", sample)
        list(frames)
        return frames.pull_no

    assert pull_no(frame) == 7
    assert pull_no(frame, sample=2) is None
    assert pull_no(frame.head(2)) is None
    assert pull_no(_frame("a")) is None
    frame.attrs = _since(3, run_id="r-1")
    assert pull_no(frame) is None


def test_a_stream_of_a_pull_is_asked_about_when_it_was_read_to_its_end():
    """Of one that was begun before rows are missing; a frame of it does not stand for the others."""
    frame = _frame("a", "b")
    frame.attrs = _since(None)
    stream = Chunks([frame, frame])
    stream.attrs = _since(None)
    frames = Frames(stream, "big")
    assert frames.pull_no is None
    list(frames)
    assert frames.pull_no == 7
    begun = Chunks([frame, frame])
    begun.attrs = _since(None)
    next(begun)
    rest = Frames(begun, "big")
    list(rest)
    assert rest.pull_no is None
    alone = Frames(frame, "df")
    list(alone)
    assert alone.pull_no is None


def test_sorting_the_frame_meanwhile_moves_no_row():
    """What is planned, and what the answers come beside, is one frame of our own."""
    given = pd.DataFrame({"body": ["a", "c", "b", "d"]}, index=pd.Index([10, 11, 12, 13], name="id"))
    frames = Frames(given, "frame")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas will have no ``inplace`` one day
        given.sort_values("body", ascending=False, inplace=True)  # noqa: PD002  (what the test is about)

    ((_, planned),) = frames

    assert planned is frames.held
    assert planned.index.tolist() == [10, 11, 12, 13]
    assert planned["body"].tolist() == ["a", "c", "b", "d"]
