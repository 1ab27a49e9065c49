import asyncio
import sqlite3
from contextlib import closing

import pytest

from loopai_nb.ledger import search as searching
from loopai_nb.ledger.integrity import check
from loopai_nb.ledger.rebuilding import rebuild
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.retention import prune
from loopai_nb.ledger.runs import Reopening
from loopai_nb.ledger.search import search
from loopai_nb.records import Outcome, RequestState, RunState

CANARY = "kakapo4f1d"


def _done(shelf, answers, *, fails=()):
    """A run whose prompts are the keys, answered with the values; the others fail."""
    _, run_id = shelf.run([*answers, *fails])
    leases = asyncio.run(shelf.ledger.aclaim(run_id, 1000)).leases
    asyncio.run(
        shelf.ledger.arecord(run_id, [_settled(lease, answers.get(lease.prompt)) for lease in leases])
    )
    shelf.ledger.end_run(run_id, RunState.PARTIAL if fails else RunState.COMPLETED, "", 1)
    return run_id


def _settled(lease, text):
    if text is None:
        return Settlement(lease, Outcome.REJECTED, RequestState.FAILED, error_kind="http_400", error="no")
    return Settlement(lease, Outcome.ANSWERED, RequestState.ANSWERED, cost_pusd=5, text=text)


def _found(shelf, wanted):
    """Prompts of what is found, sorted."""
    while shelf.ledger.fill_search():  # a search does so for a moment only
        pass
    found = search(shelf.ledger, wanted)
    assert found.whole
    assert not found.waiting
    prompts = dict(shelf.sql("SELECT request_no, prompt FROM requests"))
    return sorted(prompts[number] for number in found.numbers)


def _later(shelf, days):
    before = shelf.ledger._clock
    shelf.ledger._clock = lambda: before() + days * 86_400


def test_words_are_found_in_prompts_and_answers(shelf):
    """All words have to be there, in prompt and answer together, in any order, or as a phrase."""
    _done(
        shelf,
        {
            "Two GULLS struck the windshield!": "wind-shield: broken; über 3.5 m",
            "A gull, ingested by engine #2": "engine",
            "nothing seen": 'wing\' OR "1" * NEAR(a b) :x',
        },
        fails=["a gull that was never answered"],
    )
    gulls = [
        "A gull, ingested by engine #2",
        "Two GULLS struck the windshield!",
        "a gull that was never answered",
    ]
    assert _found(shelf, "gull") == gulls
    assert _found(shelf, "GULL windsh") == gulls[1:2]
    assert _found(shelf, "broken struck") == gulls[1:2]
    assert _found(shelf, '"struck the windshield"') == gulls[1:2]
    assert _found(shelf, '"the struck"') == []
    assert _found(shelf, "ÜBER 3") == gulls[1:2]
    assert _found(shelf, "wing' OR (1) *") == ["nothing seen"]
    assert _found(shelf, "gu") == []  # two letters are a word, three begin one
    for nothing in ("", "  ", '"', "*", "' -- %_", "ull"):
        assert _found(shelf, nothing) == []


def test_scripts_without_spaces_are_looked_through(shelf):
    """Where words are not told apart by spaces a text is found wherever it stands."""
    _done(shelf, {"鳥が風防に当たった": "風防"})
    assert _found(shelf, "風防に") == ["鳥が風防に当たった"]


@pytest.mark.parametrize("few", [5_000, 0])
def test_what_the_cache_answered_is_found_as_well(shelf, monkeypatch, few):
    """A request that was answered from the ledger is found by what was paid for, also when that is gone."""
    monkeypatch.setattr(searching, "_FEW", few)
    first = _done(shelf, {"gull": "seen"})
    assert _found(shelf, "seen") == ["gull"]
    _later(shelf, 60)
    _, second = shelf.run(["gull", "wren"])
    shelf.ledger.end_run(second, RunState.CANCELLED, "", 1)
    assert _found(shelf, "seen") == ["gull", "gull"]
    _later(shelf, 60)
    prune(shelf.ledger, older_than_days=90, mode="drop")
    assert shelf.sql("SELECT count(*) FROM runs WHERE run_id = ?", first) == [(0,)]
    assert _found(shelf, "seen gull") == ["gull"]
    assert check(shelf.ledger) == []


def test_what_failed_is_found_by_its_answer_once_it_has_one(shelf):
    """Asked again after a search, a request is found by its answer, too, and once."""
    run_id = _done(shelf, {}, fails=["gull"])
    assert _found(shelf, "gull") == ["gull"]
    shelf.ledger.reopen_run(run_id, Reopening(retry_failed=True))
    (lease,) = asyncio.run(shelf.ledger.aclaim(run_id, 9)).leases
    asyncio.run(shelf.ledger.arecord(run_id, [_settled(lease, "seen")]))
    assert _found(shelf, "seen") == _found(shelf, "gull") == ["gull"]
    shelf.ledger.end_run(run_id, RunState.COMPLETED, "", 1)
    _later(shelf, 91)
    prune(shelf.ledger, older_than_days=90, mode="blank")
    assert _found(shelf, "gull") == _found(shelf, "seen") == []
    assert check(shelf.ledger) == []


def test_what_is_forgotten_is_not_found(shelf):
    """Blanked texts are out of the index; prompts that stay are found, and so is what is younger."""
    _done(shelf, {f"{CANARY} one": "yes", "two": f"so said {CANARY}"})
    _, waits = shelf.run([f"{CANARY} waits"])
    assert _found(shelf, CANARY) == [f"{CANARY} one", "two"]
    shelf.ledger.end_run(waits, RunState.CANCELLED, "", 1)
    _later(shelf, 60)
    _done(shelf, {f"{CANARY} young": "yes"})
    assert len(_found(shelf, CANARY)) == 3
    _later(shelf, 60)
    prune(shelf.ledger, older_than_days=90, mode="blank")
    assert _found(shelf, CANARY) == [f"{CANARY} young"]
    assert _found(shelf, "yes") == [f"{CANARY} young"]
    _later(shelf, 60)
    prune(shelf.ledger, older_than_days=90, mode="drop")
    assert _found(shelf, CANARY) == []
    assert check(shelf.ledger) == []


def test_nothing_of_it_is_left_in_the_file(file_shelf):
    """Words that were forgotten are not in the bytes of the file, though the index held many others."""
    for n in range(5):
        _done(file_shelf, {f"common word{n}{i} {CANARY if i == 7 else ''}": f"answer {i}" for i in range(60)})
        assert len(_found(file_shelf, CANARY)) == n + 1
    _later(file_shelf, 60)
    _done(file_shelf, {"common and young": "stays"})
    assert len(_found(file_shelf, "common")) == 301
    _later(file_shelf, 60)
    done = prune(file_shelf.ledger, older_than_days=90, mode="blank")
    assert done.clean
    assert CANARY.encode() not in file_shelf.path.read_bytes()
    assert _found(file_shelf, "common") == ["common and young"]


def test_it_is_made_anew(shelf):
    """After a rebuild the same is found as before, whatever the index had become."""
    _done(shelf, {"gull": "seen", "wren": "heard"}, fails=["jay"])
    _, again = shelf.run(["gull"])
    shelf.ledger.end_run(again, RunState.COMPLETED, "", 1)
    assert _found(shelf, "gull") == ["gull", "gull"]
    with shelf.ledger.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO search_index (search_index) VALUES ('delete-all')"
            if connection.dialect.name == "sqlite"
            else "DELETE FROM search_index"
        )
    assert _found(shelf, "gull") == []
    rebuild(shelf.ledger)
    assert _found(shelf, "gull") == ["gull", "gull"]
    assert _found(shelf, "jay") == ["jay"]
    assert check(shelf.ledger) == []


def test_words_of_what_is_gone_are_noticed(shelf):
    """A check says when the index knows requests that the ledger does not have."""
    _done(shelf, {"gull": "seen"})
    _found(shelf, "gull")
    shelf.sql("UPDATE requests SET request_no = 99")
    assert any("words of 1 requests that are gone" in line for line in check(shelf.ledger))


def test_it_fills_by_itself(shelf, until):
    """Some time after a run nothing waits for the index any more, without anybody searching."""
    _done(shelf, {f"gull {i}": "seen" for i in range(30)})
    until(lambda: shelf.sql("SELECT count(*) FROM search_queue") == [(0,)])
    assert len(_found(shelf, "gull")) == 30


def test_without_the_module_it_is_looked_through(file_shelf):
    """With a SQLite that lacks FTS5 the newest requests are looked through, and nothing fails."""
    _done(file_shelf, {"gull": "seen"})
    # As such a SQLite has it: the table is not there.
    assert len(search(file_shelf.ledger, "gull").numbers) == 1
    with closing(sqlite3.connect(file_shelf.path)) as connection, connection:
        connection.execute("DROP TABLE search_index")
    assert len(search(file_shelf.ledger, "gull").numbers) == 1


@pytest.mark.parametrize(
    "wanted", ["a" * 50_000, '"' * 99, "x AND" * 99, "\ud800", "\0gull", "{prompt}: gull"]
)
def test_odd_searches_fail_nothing(shelf, wanted):
    """Whatever is typed is words, none or some."""
    _done(shelf, {"gull": "seen"})
    assert search(shelf.ledger, wanted).whole
