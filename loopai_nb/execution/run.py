"""The handle of a run: watch it, wait for it, stop it, get its answers."""

from __future__ import annotations

import asyncio
import concurrent.futures
import copy
import time
from typing import TYPE_CHECKING, Any

from loopai_nb.background import WAKE_UP_S
from loopai_nb.errors import InputError, RunInterrupted
from loopai_nb.execution.lining import Rows
from loopai_nb.execution.progress import ended, under_way
from loopai_nb.execution.result import result_frame
from loopai_nb.ledger import queries, unanswered
from loopai_nb.ledger.runs import LIVE
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.prompts.structured import AnswerSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    import pandas as pd

    from loopai_nb.execution.course import Point
    from loopai_nb.execution.executor import Executor
    from loopai_nb.execution.progress import Progress
    from loopai_nb.ledger.records import RunRow
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.records import RunState
    from loopai_nb.redaction import Redactor

__all__ = ["Run"]


class Run:
    """One run, being carried out by this process or known from the ledger.

    Args:
        ledger: Where it is recorded.
        row: The run as the ledger had it when this handle was made.
        frame: The frame that was asked, if this process has it.
        is_asked: Whether its rows are known to be those that were asked, in their order.
        answer_column: Name of the answer's column in ``result()``.
        redactor: What masked the index labels before they were stored; None where nothing did.
        executor: What carries it out here; None for a run that is only looked at.
        future: Done when it has ended.
        raise_failures: Raise from ``wait()`` where rows failed.
    """

    def __init__(
        self,
        ledger: Ledger,
        row: RunRow,
        *,
        frame: pd.DataFrame | None = None,
        is_asked: bool = False,
        answer_column: str = "answer",
        redactor: Redactor | None = None,
        executor: Executor | None = None,
        future: concurrent.futures.Future[None] | None = None,
        raise_failures: bool = False,
    ) -> None:
        self.run_id = row.run_id
        self.plan_id = row.plan_id
        self._ledger = ledger
        self._start = row
        self._frame = frame
        self._is_asked = is_asked
        self._answer_column = answer_column
        self._redactor = redactor
        self._executor = executor
        self._future = future
        self._raise_failures = raise_failures
        self._stopped_for: BaseException | None = None

    @property
    def row(self) -> RunRow:
        """The run as the ledger has it now."""
        return queries.run_row(self._ledger, self.run_id)

    @property
    def schema(self) -> AnswerSchema | None:
        """What its answers have to fit; None for free text."""
        schema = PlanSpec.from_json(self._start.spec).parameters.schema
        return None if schema is None else AnswerSchema.of(dict(schema))

    @property
    def reason(self) -> str:
        """Why it ended as it did, or is paused; "" for one that is complete or goes on."""
        return self.row.reason

    @property
    def state(self) -> RunState:
        """Where it stands."""
        return self.row.state

    @property
    def done(self) -> bool:
        """Whether this process has nothing more to do for it."""
        return self._future is None or self._future.done()

    @property
    def progress(self) -> Progress:
        """A snapshot; cheap enough for several a second."""
        executor = self._executor
        if executor is None or self.done:
            warnings = () if executor is None else tuple(executor.counts.warnings)
            return ended(self.row, queries.latencies_ms(self._ledger, self.run_id), warnings)
        return under_way(self._start, executor)

    @property
    def course(self) -> list[Point]:
        """How it went in this process, in 120 stretches at most; empty for a run of another one."""
        executor = self._executor
        return [] if executor is None else executor.counts.course.points(executor.active_s)

    def when_done(self, call: Callable[[], None]) -> None:
        """Call something when it has ended here, from any thread; at once where it has."""
        if self._future is None:
            call()
        else:
            self._future.add_done_callback(lambda _: call())

    def wait(self, timeout_s: float | None = None) -> Run:
        """Block until it has ended here.

        An interrupt cancels the run, which keeps what is answered, and is raised again within a second.

        Args:
            timeout_s: Seconds to wait at most; the run goes on after it.

        Raises:
            TimeoutError: It has not ended in time.
            LedgerError: A write failed; nothing more was sent after it.
            RunInterrupted: Rows failed, and the run was to raise (``on_error="raise"``).
        """
        if self._future is None:
            return self
        deadline_s = None if timeout_s is None else time.monotonic() + timeout_s
        try:
            while not self._future.done():
                left_s = WAKE_UP_S if deadline_s is None else deadline_s - time.monotonic()
                if left_s <= 0:
                    raise TimeoutError(f"run {self.run_id} goes on")
                concurrent.futures.wait([self._future], timeout=min(WAKE_UP_S, left_s))
        except KeyboardInterrupt as interrupt:
            self.stop_for(interrupt)
            raise
        self._future.result()
        if self._raise_failures:
            self._raise()
        return self

    def _raise(self) -> None:
        row, failed = self.row, self.failures()
        if not failed:
            return
        reason, n, positions = failed[0]
        where = ", ".join(map(str, positions)) + (", ..." if n > len(positions) else "")
        raise RunInterrupted(
            f"{row.failed_rows:,} of {row.rows:,} rows failed, {n:,} of them so: {reason} (row {where}).",
            f"The others are kept. Ask the failed ones again: %loopai retry {self.run_id}",
        )

    def poll(self, step_s: float) -> bool:
        """Wait for at most ``step_s`` seconds; whether it has ended. An interrupt cancels the run."""
        if self._future is None:
            return True
        try:
            concurrent.futures.wait([self._future], timeout=step_s)
        except KeyboardInterrupt as interrupt:
            self.stop_for(interrupt)
            raise
        return self._future.done()

    def stop_for(self, interrupt: BaseException) -> None:
        """Stop it for an interrupt, within a second, and note there how to go on; once for each."""
        if interrupt is self._stopped_for:
            return
        self._stopped_for = interrupt
        interrupt.add_note(
            f"Run {self.run_id} was stopped; what is answered is kept. Go on: loopai-nb resume {self.run_id}"
        )
        self.stop()
        if self._future is not None:
            concurrent.futures.wait([self._future], timeout=1.0)

    def cancel(self) -> None:
        """Stop it: requests in flight are closed, what is answered is kept, the rest can be resumed.

        Other processes that carry it out stop within a second as well.
        """
        self.stop()
        if self.row.state in LIVE:
            self._ledger.request_cancel(self.run_id)

    def pause(self, by: str = "the program") -> None:
        """Send nothing more until ``go_on``, in no process; what is in flight ends, and is kept.

        What was reserved for requests that were not sent is given back to the budgets. A paused run can be
        cancelled, and where its process is killed it can be resumed.

        Args:
            by: Name of whoever wants it so.

        Raises:
            InputError: Nobody is carrying it out any more.
        """
        self._ledger.request_pause(self.run_id, by)
        self._look()

    def go_on(self, by: str = "the program") -> None:
        """Go on with what ``pause`` stopped; a run that no person paused stays as it is.

        Args:
            by: Name of whoever wants it so.

        Raises:
            InputError: Nobody is carrying it out any more: ``resume`` takes it up again.
        """
        self._ledger.request_go_on(self.run_id, by)
        self._look()

    def _look(self) -> None:
        if self._executor is not None and not self.done:
            self._executor.look()

    def stop(self) -> None:
        """Stop carrying it out here; other processes that do go on with it."""
        if self._executor is not None and not self.done:
            self._executor.request_stop()

    def result(self, frame: pd.DataFrame | None = None) -> pd.DataFrame:
        """The answers as far as they are there; see ``result_frame``.

        Args:
            frame: The frame that was asked, for a run of a stream or one that was made elsewhere. With an
                index that tells rows apart (such as the key of ``pull(..., key=...)``) it may be pulled
                again: answers are lined up by label, a row that was not asked is ``skipped``. Without it,
                the answers of a stream come under their index labels, and without other columns.

        Raises:
            InputError: The frame has other rows, or the same in another order, and no such index; two rows
                of it have one label; or none of its rows was asked.
        """
        given = self._frame if frame is None else frame
        known = frame is None and self._is_asked  # to compare the labels takes as long as to read the answers
        rows = None if given is None or known else self._rows().whole(given)
        return self._signed(
            result_frame(self._ledger, self.plan_id, given, self._answer_column, self.schema, rows=rows)
        )

    def results(
        self, frames: pd.DataFrame | Iterable[pd.DataFrame] | None = None, *, chunks: int = 50_000
    ) -> Iterator[pd.DataFrame]:
        """The answers in frames of so many rows, one after the other: bounded memory for any number of rows.

        Args:
            frames: What was asked once more (a frame, or a stream of them), for its columns; lined up as by
                ``result``. By default the frame that was asked, or for a stream only its index labels.
            chunks: Rows of each frame; with ``frames``, theirs is kept.

        Yields:
            See ``result``.

        Raises:
            InputError: ``chunks`` is less than 1; see ``result``. Of several frames, that some rows are
                missing is told behind the last.
        """
        if chunks < 1:
            raise InputError(f"chunks is {chunks}; it has to be at least 1.")
        import pandas as pd

        if isinstance(frames, pd.DataFrame):
            frames = (frames,)
        if frames is None and self._frame is not None:
            frame = self._frame
            starts = range(0, len(frame), chunks)
            frames = (frame.iloc[start : start + chunks] for start in starts)
        return self._of_plan(chunks) if frames is None else self._of_frames(frames)

    def _of_plan(self, chunks: int) -> Iterator[pd.DataFrame]:
        schema = self.schema
        for start in range(0, self._start.rows, chunks):
            positions = range(start, min(start + chunks, self._start.rows))
            rows = queries.result_rows(self._ledger, self.plan_id, positions)
            yield self._signed(
                result_frame(self._ledger, self.plan_id, None, self._answer_column, schema, rows=rows)
            )

    def _of_frames(self, frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        schema, rows = self.schema, self._rows()
        for frame in frames:
            if len(frame):
                found = rows.of(frame)
                yield self._signed(
                    result_frame(self._ledger, self.plan_id, frame, self._answer_column, schema, rows=found)
                )
        rows.finish()

    def _rows(self) -> Rows:
        return Rows(self._ledger, self.plan_id, self._start.rows, f"run {self.run_id}", self._redactor)

    def _signed(self, result: pd.DataFrame) -> pd.DataFrame:
        """The result, saying of which run it is."""
        pulled = result.attrs.get("loopai") or {}
        result.attrs["loopai"] = {**pulled, "run_id": self.run_id, "answer_column": self._answer_column}
        return result

    def beside(self, frame: pd.DataFrame, answer_column: str = "answer") -> Run:
        """Another handle of it, whose results have the columns of this frame; see ``result``."""
        other = copy.copy(self)
        other._frame, other._is_asked = frame, False  # noqa: SLF001  (of this class)
        other._answer_column = answer_column  # noqa: SLF001  (as above)
        return other

    def failures(self) -> list[tuple[str, int, list[int]]]:
        """Failed rows by reason: ``(reason, rows, first positions)``."""
        return unanswered.failures(self._ledger, self.plan_id)

    def __await__(self) -> Generator[Any, None, Run]:
        if self._future is not None:
            try:
                yield from asyncio.shield(asyncio.wrap_future(self._future)).__await__()
            except asyncio.CancelledError:
                self.stop()  # whoever waits gave up: so does the run, and it keeps what is answered
                raise
            if self._raise_failures:
                self._raise()
        return self

    def __repr__(self) -> str:
        return f"<Run {self.run_id} {self.row.state}>"
