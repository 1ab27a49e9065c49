"""What is asked about: a DataFrame, or a stream of them that is read once, as one table in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

__all__ = ["Frames", "is_stream", "pull_of", "since_of"]

ATTRS_KEY = "loopai"
"""Of a pulled frame's and stream's attrs; as ``postgres.pull`` has it, which is slow to import."""


class Frames:
    """The rows that are asked about, frame by frame; of a stream only one frame is held at a time.

    Args:
        given: A DataFrame, or what gives DataFrames: a list of them, a generator, the ``Stream`` of a pull.
        name: In messages.
        sample: Only the first so many rows; a stream is closed behind them.

    Attributes:
        name: In messages.
        held: The rows, where they are one frame; None for a stream.
        rows: That were given out so far.

    Raises:
        InputError: Neither a DataFrame nor a stream; or without rows.
    """

    def __init__(self, given: object, name: str, sample: int | None = None) -> None:
        import pandas as pd

        self.name = name
        self.held: pd.DataFrame | None = None
        self.rows = 0
        self._given = given
        self._sample = sample
        self._whole = sample is None
        self._read = 0
        source: Any = given
        if isinstance(given, pd.DataFrame):
            # A view of our own: sorting the caller's frame in place, even meanwhile, does not move our rows.
            self.held = (given if sample is None else given.head(sample)).copy(deep=False)
            source = (self.held,)
        elif not (is_stream(given) or isinstance(given, list | tuple)):
            raise InputError(
                f"{name} is a {type(given).__name__}, not a DataFrame.",
                "Make it one: series.to_frame()"
                if isinstance(given, pd.Series)
                else "Make it one: pd.DataFrame(...)",
            )
        self._source: Iterator[object] = iter(source)
        try:
            self.first = self._next()
        except BaseException:
            self.close()
            raise
        if self.first is None:
            self.close()
            raise self._no_rows()

    def __iter__(self) -> Iterator[tuple[int, pd.DataFrame]]:
        """Each frame with the position of its first row; once."""
        frame, self.first = self.first, None
        shape = None if self.held is not None or frame is None else _Shape(frame)
        while frame is not None:
            if shape is not None:
                shape.check(frame, self.name, self._read)
            start, self.rows = self.rows, self.rows + len(frame)
            yield start, frame
            # Let go of it before the next one is fetched.
            frame = None
            frame = self._next()

    def close(self) -> None:
        """Let go of the stream, read to its end or not; may be called twice."""
        close = getattr(self._given, "close", None)
        if self.held is None and callable(close):
            close()

    @property
    def pull_no(self) -> int | None:
        """Number of the pull whose rows were given out, every one of them; else None."""
        since = pull_of(self._given)
        if since is None or self.first is not None:
            return None
        if self.held is not None:
            # A sample with repetitions may have as many rows; it has not all of them.
            whole = self.rows == since["rows"] and self.held.index.is_unique
        else:  # of the stream itself, and nobody has taken rows out of it before
            whole = self._whole and since["rows"] is None and getattr(self._given, "rows", None) == self.rows
        return int(since["pull"]) if whole else None

    def _next(self) -> pd.DataFrame | None:
        """The next frame that has rows."""
        import pandas as pd

        left = None if self._sample is None else self._sample - self.rows
        if left is not None and left <= 0:
            return None
        for frame in self._source:
            self._read += 1
            if not isinstance(frame, pd.DataFrame):
                raise InputError(
                    f"Chunk {self._read} of {self.name} is a {type(frame).__name__}, not a DataFrame.",
                    "A stream gives DataFrames: session.pull(..., chunks=50_000)",
                )
            if len(frame):
                return frame if left is None else frame.head(left)
        return None

    def _no_rows(self) -> InputError:
        if self.held is None and self._read == 0:
            return InputError(
                f"{self.name} gave no rows: there are none, or it was read before.",
                "Pull again: a stream is read once.",
            )
        return InputError(f"{self.name} has no rows, so there is nothing to ask.")


class _Shape:
    """What the frames of a stream have to have in common with its first."""

    def __init__(self, first: pd.DataFrame) -> None:
        self._columns = list(first.columns)
        self._names = list(first.index.names)
        self._dtypes = list(first.dtypes)

    def check(self, frame: pd.DataFrame, name: str, number: int) -> None:
        columns = list(frame.columns)
        hint = "Give every chunk the columns of the first, in its order."
        if columns != self._columns:
            lacks = [column for column in self._columns if column not in columns]
            more = [column for column in columns if column not in self._columns]
            said = [f"it lacks {lacks[0]!r}"] if lacks else []
            said += [f"it has {more[0]!r}"] if more else []
            raise InputError(
                f"Chunk {number} of {name} has other columns than the first: "
                f"{' and '.join(said) or 'another order'}.",
                hint,
            )
        if list(frame.index.names) != self._names:
            raise InputError(f"Chunk {number} of {name} has another index than the first.", hint)
        for column, first, here in zip(columns, self._dtypes, frame.dtypes, strict=True):
            # The same number would be written into prompts in two ways: 1 and 1.0.
            if _numeric(first) and _numeric(here) and _numeric(first) != _numeric(here):
                raise InputError(
                    f"Chunk {number} of {name} has column {column!r} as {here}, the first as {first}: the "
                    "same number would read otherwise in its prompts.",
                    f"Give it one dtype in every chunk: chunk.astype({{{column!r}: ...}})",
                )


def is_stream(value: object) -> bool:
    """Whether it gives what it has bit by bit, and knows no length: a generator, the stream of a pull."""
    return (
        isinstance(value, Iterable)
        and not isinstance(value, str | bytes | Mapping)
        and not hasattr(value, "__len__")
    )


def since_of(given: object) -> dict[str, Any] | None:
    """What a pull of only what is new says of itself in a frame's or stream's attrs; None of any other."""
    origin = _origin(given)
    since = origin.get("since")
    return dict(since) if isinstance(since, Mapping) else None


def pull_of(given: object) -> dict[str, Any] | None:
    """The same of what was pulled and brought rows; None of answers to it, which are another frame."""
    since = since_of(given)
    return None if since is None or since.get("pull") is None or "run_id" in _origin(given) else since


def _origin(given: object) -> Mapping[str, Any]:
    attrs = getattr(given, "attrs", None)
    origin = attrs.get(ATTRS_KEY) if isinstance(attrs, Mapping) else None
    return origin if isinstance(origin, Mapping) else {}


def _numeric(dtype: Any) -> str:
    kind = getattr(dtype, "kind", "")
    return {"i": "integer", "u": "integer", "f": "float", "b": "bool"}.get(kind, "")
