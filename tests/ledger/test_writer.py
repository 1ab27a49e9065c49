from __future__ import annotations

import threading
import traceback
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, text

from loopai_nb.errors import InputError, LedgerError
from loopai_nb.ledger.schema import meta
from loopai_nb.ledger.writer import MOST_PER_COMMIT, Writer

if TYPE_CHECKING:
    from concurrent.futures import Future

CANARY = "canary-7c1f"


@pytest.fixture
def writer(shelf):
    """A writer of its own on the ledger."""
    made = Writer(shelf.ledger.engine)
    yield made
    made.close()


def _put(name):
    return lambda connection: connection.execute(insert(meta).values(name=name, value=name)) and name


def _hold(writer):
    """Keep the writer busy until the event is set, so that what follows is one group."""
    free, busy = threading.Event(), threading.Event()
    writer.submit(lambda _: busy.set() or free.wait(60))
    assert busy.wait(60)
    return free


def _names(shelf):
    return {name for (name,) in shelf.sql("SELECT name FROM meta")} - {"schema_version"}


def test_a_failing_operation_does_not_fail_its_neighbours(shelf, writer):
    """In a group of commits the fault stays with the one that caused it, and the others are durable."""
    free = _hold(writer)
    futures = [writer.submit(_put(name)) for name in ("a", "b", "a", "c")]
    free.set()
    assert [futures[n].result(60) for n in (0, 1, 3)] == ["a", "b", "c"]
    with pytest.raises(LedgerError):
        futures[2].result(60)
    assert _names(shelf) == {"a", "b", "c"}


def test_an_operation_that_fails_leaves_nothing_behind(shelf, writer):
    """What it wrote before its fault is rolled back."""

    def half(connection):
        _put("half")(connection)
        raise InputError("no")

    with pytest.raises(InputError, match="no"):
        writer.submit(half).result(60)
    assert _names(shelf) == set()


def test_a_result_means_durable(shelf, writer):
    """When the future is done, another connection sees the write; more than one group of them as well."""
    free = _hold(writer)
    names = [f"n{n}" for n in range(3 * MOST_PER_COMMIT)]
    futures = [writer.submit(_put(name)) for name in names]
    free.set()
    for future in futures:
        assert future.result(60) in _names(shelf)
    assert _names(shelf) == set(names)


def test_a_cancelled_operation_is_not_carried_out(shelf, writer):
    """A waiter that gave up before its turn leaves no write behind."""
    free = _hold(writer)
    future = writer.submit(_put("never"))
    assert future.cancel()
    free.set()
    writer.submit(_put("after")).result(60)
    assert _names(shelf) == {"after"}


def test_what_is_queued_at_close_is_written(writer):
    """Closing finishes the queue; later operations fail and say why."""
    free = _hold(writer)
    future = writer.submit(_put("a"))
    free.set()
    writer.close()
    writer.close()
    assert future.result(0) == "a"
    with pytest.raises(LedgerError, match="The ledger is closed"):
        writer.submit(_put("b")).result(0)


def test_an_error_never_quotes_what_was_written(writer):
    """A prompt is in neither the message nor the traceback, nor in what the error was raised from."""
    writer.submit(_put(CANARY)).result(60)
    with pytest.raises(LedgerError, match="could not be read or written") as caught:
        writer.submit(_put(CANARY)).result(60)
    error: BaseException | None = caught.value
    assert CANARY not in "".join(traceback.format_exception(error))
    seen = []
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is None or one in seen:
            continue
        seen.append(one)
        waiting += [one.__cause__, one.__context__]
    assert len(seen) > 1
    for one in seen:
        assert CANARY not in repr(one) + str(one) + repr(vars(one))


def test_the_writer_goes_on_after_an_error_of_any_kind(writer):
    """A fault that is no Exception reaches its waiter, and the thread lives on."""

    def leave(_):
        raise SystemExit(3)

    assert isinstance(writer.submit(leave).exception(10), LedgerError)
    assert writer.submit(_put("a")).result(60) == "a"


def test_each_operation_sees_the_one_before(writer):
    """Operations run in the order in which they were submitted."""
    free = _hold(writer)
    writer.submit(_put("a"))
    count: Future[int] = writer.submit(
        lambda c: c.execute(select(text("count(*)")).select_from(meta)).scalar_one()
    )
    free.set()
    assert count.result(60) == 2


def test_a_writer_goes_on_after_its_connection_broke(file_shelf):
    """A connection on which something went wrong is not kept: the next operation gets one that works."""
    writer = Writer(file_shelf.ledger.engine)
    try:

        def broken(connection):
            connection.connection.driver_connection.close()
            _put("lost")(connection)

        with pytest.raises(LedgerError):
            writer.submit(broken).result(60)
        assert writer.submit(_put("a")).result(60) == "a"
    finally:
        writer.close()
    assert _names(file_shelf) == {"a"}


def test_a_closed_writer_holds_no_connection(file_shelf):
    """What a writer kept for its life is back in the pool when it is closed."""
    writer = Writer(file_shelf.ledger.engine)
    writer.submit(_put("a")).result(60)
    held = file_shelf.ledger.engine.pool.checkedout()
    writer.close()
    assert file_shelf.ledger.engine.pool.checkedout() == held - 1
