import asyncio
import importlib.util
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from sqlalchemy import text

from loopai_nb.errors import LedgerError, SettingsError
from loopai_nb.ledger import queries, unanswered
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.storable import original, storable
from loopai_nb.ledger.store import Ledger
from loopai_nb.ledger.transaction import carry_out
from loopai_nb.records import Outcome, RequestState
from loopai_nb.redaction import Secret

NUL_TEXTS = [
    "a\0b",
    "\0",
    "\x1a",
    "\x1a0",
    "\x1a1\0",
    "\0\x1a0\x1a",
    "plain",
    "",
    "\\u0000 \\ \n\t'\"",
    "é\U0001f600",
]


def _module(name):
    spec = importlib.util.spec_from_file_location(f"ledger_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def shelf(database):
    """A Postgres ledger of this test's own."""
    made = _module("conftest").Shelf(Secret(database))
    yield made
    made.ledger.close()


@pytest.fixture
def way(database):
    """A way to the server that can be cut."""
    made = _module("cutting").Way(int(database.rpartition("/")[0].rpartition(":")[2]))
    yield made
    made.close()


@pytest.fixture
def far_shelf(database, way):
    """A ledger behind that way."""
    front, _, name = database.rpartition("/")
    made = _module("conftest").Shelf(Secret(f"{front.rpartition(':')[0]}:{way.port}/{name}"))
    made.where = Secret(database)  # the test itself looks at the database directly
    yield made
    made.ledger.close()


def _claim(shelf, run_id, n=10):
    return asyncio.run(shelf.ledger.aclaim(run_id, n))


def _answered(lease, text="yes"):
    return Settlement(lease, Outcome.ANSWERED, RequestState.ANSWERED, cost_pusd=5, text=text)


@pytest.mark.parametrize("content", NUL_TEXTS)
def test_text_that_postgres_can_not_store_comes_back(content):
    """What stands for U+0000 is read back as it was, also beside the mark itself."""
    assert original(storable(content)) == content
    assert "\0" not in storable(content)


def test_prompts_and_answers_hold_any_character(shelf):
    """U+0000 in prompts, answers, refused texts and errors goes in and comes out unchanged."""
    plan_id, run_id = shelf.run(NUL_TEXTS)
    leases = _claim(shelf, run_id, len(NUL_TEXTS)).leases
    assert [lease.prompt for lease in leases] == NUL_TEXTS
    failed = Settlement(leases[0], Outcome.REJECTED, RequestState.FAILED, error="no\0", text="te\0xt")
    asyncio.run(shelf.ledger.arecord(run_id, [failed, *(_answered(x, x.prompt) for x in leases[1:])]))
    rows = list(queries.result_rows(shelf.ledger, plan_id))
    assert [row.text for row in rows] == [None, *NUL_TEXTS[1:]]
    assert rows[0].error == "no\0"
    assert unanswered.failures(shelf.ledger, plan_id)[0][0] == "no\0"


def test_a_ledger_that_many_open_first_is_made_once(database):
    """Processes that open an empty database at the same moment do not collide."""
    with ThreadPoolExecutor(6) as threads:
        opened = list(threads.map(lambda _: Ledger(Secret(database)), range(6)))
    plan_id = opened[0].begin_plan("{}", "birds")
    opened[1].drop_plan(plan_id)
    for ledger in opened:
        ledger.close()


def test_what_came_from_the_cache_is_found_by_an_index(shelf):
    """The index of answers holds the cached requests alone, as in a file."""
    found = shelf.sql("SELECT schemaname, indexdef FROM pg_indexes WHERE indexname = 'requests_by_answer'")
    assert len(found) == 1
    assert found[0][0] == "loopai_nb"
    assert found[0][1].endswith("(answer_no) WHERE cached")


def test_tables_lie_in_a_schema_of_their_own(shelf):
    """Nothing is put into the person's own schema, and the server's list shows who is connected."""
    found = shelf.sql(
        "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename IN ('runs', 'commits', 'meta')"
    )
    assert found == [("loopai_nb",)]
    assert shelf.sql(
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'loopai_nb ledger'"
    ) == [(True,)]


def test_a_schema_with_other_tables_is_left_alone(database, shelf):
    """A schema of that name which holds something else is refused."""
    shelf.ledger.close()
    shelf.sql("DROP SCHEMA loopai_nb CASCADE")
    shelf.sql("CREATE SCHEMA loopai_nb")
    shelf.sql("CREATE TABLE loopai_nb.notes (note text)")
    with pytest.raises(LedgerError, match="holds other tables, and is no ledger"):
        Ledger(Secret(database))


def test_another_version_is_refused(database, shelf):
    """A ledger of a later version of the tables is never guessed at."""
    shelf.ledger.close()
    shelf.sql("UPDATE meta SET value = '999'")
    with pytest.raises(LedgerError, match="has version 999 of the tables, and this loopai_nb speaks"):
        Ledger(Secret(database))


def _everything(error):
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


def test_the_password_is_nowhere(database):
    """Attacks 15 and 17: not in the label, nor in any error's text, chain or locals."""
    password = database.split("@")[0].rpartition(":")[2]
    ledger = Ledger(Secret(database))
    assert password not in ledger.label + repr(ledger.engine) + repr(ledger.engine.url)
    ledger.close()
    for wrong in (
        database.replace("127.0.0.1", "127.0.0.2").replace(":5", ":1"),
        database + "_missing",
        database.replace("loopai:", "nobody:"),
        "mysql://u:" + password + "@h/d",
    ):
        with pytest.raises((LedgerError, SettingsError)) as caught:
            Ledger(Secret(wrong))
        error: BaseException | None = caught.value
        while error is not None:  # this test's own frames hold the URL
            error.__traceback__ = error.__traceback__.tb_next if error.__traceback__ else None
            assert password not in _everything(error)
            error = error.__cause__ or error.__context__


def test_a_reader_that_streams_takes_its_time(shelf):
    """Rows come by a server-side cursor from one snapshot, while others write."""
    plan_id, run_id = shelf.run([f"p{n}" for n in range(2_500)])
    rows = queries.result_rows(shelf.ledger, plan_id)
    first = next(rows)
    _claim(shelf, run_id, 2_500)
    assert {first.state, *(row.state for row in rows)} == {"WAITING"}


def test_readers_can_not_write(shelf):
    """A view's transaction is read-only."""
    with shelf.ledger.engine.connect().execution_options(reading=True) as connection:
        with pytest.raises(LedgerError, match="read-only"):
            connection.execute(text("DELETE FROM runs"))
        connection.rollback()


def test_a_lost_connection_stops_and_the_next_one_works(shelf):
    """Promise 7: a connection lost in an operation is a LedgerError; nothing of it stays, work goes on."""
    _, run_id = shelf.run(["a"])

    def lose(connection):
        connection.execute(text("UPDATE runs SET reason = 'half'"))
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(LedgerError, match="Look whether the database runs"):
        shelf.ledger._do(lose)
    assert shelf.sql("SELECT reason FROM runs") == [("",)]
    assert len(_claim(shelf, run_id).leases) == 1


def test_connections_lost_while_idle_are_not_noticed(shelf):
    """A restart of the server between two operations costs nothing."""
    _, run_id = shelf.run(["a"])
    shelf.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'loopai_nb ledger'"
    )
    assert len(_claim(shelf, run_id).leases) == 1


def test_a_commit_that_came_through_is_not_repeated(far_shelf, way):
    """The connection is lost when the server has committed: the result is that of the one transaction."""
    plan_id, run_id = far_shelf.run(["a", "b", "c"])
    way.cut("after")
    claim = _claim(far_shelf, run_id, 2)
    assert [lease.prompt for lease in claim.leases] == ["a", "b"]
    states = far_shelf.sql("SELECT state FROM requests WHERE plan_id = ? ORDER BY request_no", plan_id)
    assert states == [("LEASED",), ("LEASED",), ("WAITING",)]
    way.cut("after")
    asyncio.run(far_shelf.ledger.arecord(run_id, [_answered(lease) for lease in claim.leases]))
    assert far_shelf.money(run_id) == (10, 0)
    assert far_shelf.sql("SELECT count(*) FROM attempts") == [(2,)]


def test_a_commit_that_did_not_come_through_leaves_nothing(far_shelf, way):
    """The connection is lost before the server hears of the commit: an error, and it can be done again."""
    _, run_id = far_shelf.run(["a"])
    way.cut("before")
    with pytest.raises(LedgerError):
        _claim(far_shelf, run_id)
    assert far_shelf.money(run_id) == (0, 0)
    (lease,) = _claim(far_shelf, run_id).leases
    way.cut("before")
    with pytest.raises(LedgerError):
        asyncio.run(far_shelf.ledger.arecord(run_id, [_answered(lease)]))
    asyncio.run(far_shelf.ledger.arecord(run_id, [_answered(lease)]))
    assert far_shelf.money(run_id) == (5, 0)


@pytest.mark.parametrize("when", ["before", "after"])
def test_neighbours_of_a_lost_commit_are_carried_out_once(far_shelf, way, when):
    """Operations that shared a transaction whose end nobody heard of are neither lost nor done twice."""
    _, run_id = far_shelf.run([f"p{n}" for n in range(6)])
    free, busy = threading.Event(), threading.Event()

    def hold(_):
        busy.set()
        free.wait(60)

    held = far_shelf.ledger._writer.submit(hold)
    assert busy.wait(60)

    async def three():
        claims = [asyncio.ensure_future(far_shelf.ledger.aclaim(run_id, 1)) for _ in range(3)]
        await asyncio.sleep(0)  # they are queued behind what holds the writer, and go together
        held.add_done_callback(lambda _: way.cut(when))
        free.set()
        return await asyncio.gather(*claims)

    assert [len(claim.leases) for claim in asyncio.run(three())] == [1, 1, 1]
    assert far_shelf.sql("SELECT count(*) FROM requests WHERE state = 'LEASED'") == [(3,)]


def test_a_commit_of_unknown_fate_is_not_done_twice(far_shelf, way):
    """Where nobody can be asked it is an error; recorded again later, it is refused and counted once."""
    _, run_id = far_shelf.run(["a"])
    (lease,) = _claim(far_shelf, run_id).leases
    way.cut("after", for_good=True)
    with pytest.raises(LedgerError, match="was lost while it recorded"):
        asyncio.run(far_shelf.ledger.arecord(run_id, [_answered(lease)]))
    near = Ledger(far_shelf.where)
    near._holders.update(far_shelf.ledger._holders)
    with pytest.raises(LedgerError, match="changed by somebody who does not hold it"):
        asyncio.run(near.arecord(run_id, [_answered(lease)]))
    near.close()
    assert far_shelf.money(run_id) == (5, 0)
    assert far_shelf.sql("SELECT count(*) FROM attempts") == [(1,)]


def test_a_lost_commit_is_not_taken_for_another_connections(far_shelf, way):
    """Two threads write by one ledger; what the one commits does not speak for what the other has lost."""
    _, run_id = far_shelf.run(["a"])
    engine, aside = far_shelf.ledger.engine, []
    with ThreadPoolExecutor() as threads:

        def meanwhile(connection):
            connection.execute(text("UPDATE runs SET reason = 'lost'"))
            aside.append(threads.submit(carry_out, engine, [lambda _: "done"]))
            wait(aside, timeout=1)  # it does not wait for this one; where it does, it comes next
            way.cut("before")

        with pytest.raises(LedgerError):
            far_shelf.ledger._do(meanwhile)
    assert aside[0].result() == ["done"]
    assert far_shelf.sql("SELECT reason FROM runs WHERE run_id = ?", run_id) == [("",)]


def test_the_first_commit_of_a_connection_is_known_too(far_shelf, way):
    """Lost in the first commit that a connection makes: it came through, or nothing of it is there."""
    _, run_id = far_shelf.run(["a", "b"])
    far_shelf.ledger.engine.dispose()
    way.cut("before")
    with pytest.raises(LedgerError, match="could not be"):
        _claim(far_shelf, run_id, 1)
    far_shelf.ledger.engine.dispose()
    way.cut("after")
    assert [lease.prompt for lease in _claim(far_shelf, run_id, 1).leases] == ["a"]
