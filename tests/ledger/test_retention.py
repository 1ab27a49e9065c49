import asyncio
import contextlib
import math
import sqlite3
import subprocess
import sys

import pytest

from loopai_nb.errors import ApprovalRefused, InputError
from loopai_nb.ledger import queries
from loopai_nb.ledger.integrity import check
from loopai_nb.ledger.money import day_of
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.retention import prune
from loopai_nb.ledger.runs import Reopening
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import ApprovalState, Outcome, RequestState, RunState

DAY_S = 86_400
CANARY = "canary-4f1d"


def _answer(shelf, run_id, n=100, *, text="an answer", outcome=RequestState.ANSWERED):
    leases = asyncio.run(shelf.ledger.aclaim(run_id, n)).leases
    how = Outcome.ANSWERED if outcome is RequestState.ANSWERED else Outcome.REJECTED
    error = "no" if how is Outcome.REJECTED else None
    settled = [Settlement(lease, how, outcome, cost_pusd=5, text=text, error=error) for lease in leases]
    asyncio.run(shelf.ledger.arecord(run_id, settled))
    return leases


def _done(shelf, prompts, *, text="an answer"):
    plan_id, run_id = shelf.run(prompts)
    _answer(shelf, run_id, len(prompts), text=text)
    shelf.ledger.end_run(run_id, RunState.COMPLETED, "", 1)
    return plan_id, run_id


def _later(shelf, days):
    """The ledger's clock, so many days later."""
    before = shelf.ledger._clock
    shelf.ledger._clock = lambda: before() + days * DAY_S


def _texts(shelf, plan_id):
    return [(row.text, row.error) for row in queries.result_rows(shelf.ledger, plan_id)]


def _blank(shelf, days=90, **options):
    return prune(shelf.ledger, older_than_days=days, mode="blank", **options)


def _drop(shelf, days=90, **options):
    return prune(shelf.ledger, older_than_days=days, mode="drop", **options)


def test_old_text_goes_and_the_numbers_stay(shelf):
    """Blanking empties prompts and answers; tokens, costs and times stay, and the row says why."""
    plan_id, run_id = shelf.run(["a", "b"])
    (first,) = asyncio.run(shelf.ledger.aclaim(run_id, 1)).leases
    unfit = Settlement(
        first, Outcome.ANSWERED, RequestState.WAITING, text="unfit", error="why", mismatch=True
    )
    asyncio.run(shelf.ledger.arecord(run_id, [unfit]))
    _answer(shelf, run_id)
    shelf.ledger.end_run(run_id, RunState.COMPLETED, "", 1)
    money = shelf.money(run_id)
    _later(shelf, 91)
    done = _blank(shelf)
    assert (done.answers, done.requests, done.attempts, done.kept) == (2, 2, 1, ())
    assert _texts(shelf, plan_id) == [(None, f"blanked on {day_of(shelf.ledger.now_ms())}")] * 2
    assert {row.cost_pusd for row in queries.result_rows(shelf.ledger, plan_id)} == {5}
    assert shelf.sql("SELECT DISTINCT prompt, system FROM requests") == [("", None)]
    assert shelf.sql("SELECT DISTINCT text, error FROM attempts") == [(None, None)]
    assert shelf.money(run_id) == money
    assert check(shelf.ledger) == []
    assert (_blank(shelf).answers, _blank(shelf).requests) == (0, 0)


def test_what_is_younger_stays(shelf):
    """Only what was answered before the age goes."""
    old, _ = _done(shelf, ["a"])
    _later(shelf, 60)
    young, _ = _done(shelf, ["b"])
    _later(shelf, 60)
    assert _blank(shelf).answers == 1
    assert _texts(shelf, old)[0][0] is None
    assert _texts(shelf, young) == [("an answer", None)]


def test_a_blanked_answer_is_no_cache(shelf):
    """The same content is asked again, since nobody knows the answer any more."""
    _done(shelf, ["a"])
    _later(shelf, 91)
    _blank(shelf)
    plan_id, run_id = shelf.run(["a"])
    assert shelf.ledger.plan_sums(plan_id)["cached"] == 0
    assert len(_answer(shelf, run_id, text="again")) == 1
    assert _texts(shelf, plan_id) == [("again", None)]


def test_a_younger_plan_that_used_the_answer_says_so(shelf):
    """Its row shows that the text was blanked; its own prompt stays until it is old itself."""
    _done(shelf, ["a"])
    _later(shelf, 60)
    plan_id, run_id = shelf.run(["a"])
    shelf.ledger.end_run(run_id, RunState.COMPLETED, "", 0)
    assert _texts(shelf, plan_id) == [("an answer", None)]
    _later(shelf, 60)
    assert _blank(shelf).requests == 1
    ((text, error),) = _texts(shelf, plan_id)
    assert text is None
    assert error.startswith("blanked on ")
    assert shelf.sql("SELECT prompt FROM requests WHERE plan_id = ?", plan_id) == [("a",)]
    _later(shelf, 60)
    assert _blank(shelf).requests == 1
    assert shelf.sql("SELECT prompt FROM requests WHERE plan_id = ?", plan_id) == [("",)]


def test_what_has_no_answer_can_still_be_asked(shelf):
    """A prompt without an answer stays, and a resume sends it as it was approved."""
    plan_id, run_id = shelf.run(["a", "b", "c"])
    _answer(shelf, run_id, 1)
    _answer(shelf, run_id, 1, outcome=RequestState.FAILED)
    shelf.ledger.end_run(run_id, RunState.PARTIAL, "", 0)
    _later(shelf, 91)
    assert _blank(shelf).requests == 1
    shelf.ledger.reopen_run(run_id, Reopening(budget_pusd=None, resend=True, retry_failed=True))
    assert [lease.prompt for lease in _answer(shelf, run_id)] == ["b", "c"]
    assert [text for text, _ in _texts(shelf, plan_id)] == [None, "an answer", "an answer"]


def test_dropped_plans_leave_nothing_but_the_accounts(shelf):
    """All that belongs to an old plan goes; what was spent on its days stays."""
    _done(shelf, ["a", "b"])
    waiting, digest = shelf.plan(["never approved"])
    approval_id = shelf.approve(waiting, digest)
    spent = shelf.sql("SELECT * FROM accounts")
    _later(shelf, 91)
    young, _ = _done(shelf, ["c"])
    done = _drop(shelf)
    assert (done.plans, done.requests, done.answers, done.attempts) == (2, 3, 2, 2)
    for table in ("plans", "runs", "approvals", "requests", "rows", "answers", "attempts"):
        assert len(shelf.sql(f"SELECT 1 FROM {table}")) == 1, table
    assert _texts(shelf, young) == [("an answer", None)]
    assert spent[0] in shelf.sql("SELECT * FROM accounts")
    assert check(shelf.ledger) == []
    with pytest.raises(ApprovalRefused):
        shelf.ledger.begin_run(waiting, digest, approval_id, None)


def _gate(shelf, **decided):
    """A gate that was asked and perhaps decided; its approval's id."""
    approval_id = shelf.ledger.ask_approval(
        digest="d", kind="gate", title="publish", context='{"to":"bob"}', timeout_s=3600
    )
    if decided:
        shelf.ledger.decide_approval(
            approval_id, ApprovalState.REJECTED, decided_by="ada", means="cli", **decided
        )
    return approval_id


def test_what_was_said_in_old_approvals_is_blanked(shelf):
    """Context, feedback and modifications go, the decision stays, and the chain is whole."""
    said = _gate(shelf, feedback="call bob", modifications={"to": "eve"})
    unheard = _gate(shelf)
    _later(shelf, 91)
    young = _gate(shelf, feedback="not now")
    _blank(shelf)
    row = shelf.ledger.approval(said)
    assert (row.state, row.decided_by, row.title) == (ApprovalState.REJECTED, "ada", "publish")
    assert (row.context, row.feedback, row.modifications) == (None, "", None)
    assert shelf.ledger.approval(unheard).state is ApprovalState.TIMEOUT
    assert shelf.ledger.approval(unheard).context is None
    assert shelf.ledger.approval(young).feedback == "not now"
    assert check(shelf.ledger) == []


def test_old_gates_are_dropped(shelf):
    """What waits no more goes, the chain says so, and its rows stay."""
    _gate(shelf, feedback="call bob")
    _gate(shelf)
    _later(shelf, 91)
    young = _gate(shelf)
    _drop(shelf)
    assert [row.approval_id for row in shelf.ledger.approvals()] == [young]
    head, broken = shelf.ledger.verify_chain()
    assert (head.seq, broken) == (7, [])
    assert check(shelf.ledger) == []


def test_what_reviewers_wrote_goes_with_the_answers(shelf):
    """Blanking empties the texts and notes of old reviews, dropping takes the reviews and assignments."""
    _, run_id = _done(shelf, ["a"])
    shelf.sql(
        "INSERT INTO reviews (request_no, run_id, state, text, note, reviewer, at_ms, undone) "
        "VALUES (1, ?, 'EDITED', 'better', 'a note', 'ada', ?, ?)",
        *(run_id, shelf.ledger.now_ms(), False),
    )
    shelf.sql(
        "INSERT INTO review_assignments (run_id, reviewer, assigned_by, at_ms) VALUES (?, 'ada', 'bob', 1)",
        run_id,
    )
    assert check(shelf.ledger) == []
    _later(shelf, 91)
    _blank(shelf)
    assert shelf.sql("SELECT state, text, note FROM reviews") == [("EDITED", None, "")]
    _drop(shelf)
    assert shelf.sql("SELECT 1 FROM reviews") + shelf.sql("SELECT 1 FROM review_assignments") == []
    assert check(shelf.ledger) == []


def test_an_answer_that_a_younger_plan_uses_is_not_dropped(shelf):
    """It goes with the last plan that uses it."""
    _done(shelf, ["a", "b"])
    _later(shelf, 60)
    plan_id, run_id = shelf.run(["a"])
    shelf.ledger.end_run(run_id, RunState.COMPLETED, "", 0)
    _later(shelf, 60)
    done = _drop(shelf)
    assert (done.plans, done.answers) == (1, 1)
    assert _texts(shelf, plan_id) == [("an answer", None)]
    assert check(shelf.ledger) == []
    _later(shelf, 60)
    assert _drop(shelf).answers == 1
    assert shelf.sql("SELECT * FROM answers") == []


def test_a_run_that_is_carried_out_is_left_alone(shelf):
    """However old it is: neither blanked nor dropped, and the outcome names it."""
    plan_id, run_id = shelf.run(["a", "b"])
    _answer(shelf, run_id, 1)
    _later(shelf, 91)
    asyncio.run(shelf.ledger.aheartbeat(run_id))
    for pruned in (_blank(shelf), _drop(shelf)):
        assert (pruned.kept, pruned.answers, pruned.plans) == ((run_id,), 0, 0)
    assert _texts(shelf, plan_id) == [("an answer", None), (None, None)]


def test_an_interrupted_run_is_not_dropped(shelf):
    """Its process is gone and it can be resumed: it stays, with what may have been paid."""
    plan_id, run_id = shelf.run(["a", "b"])
    _answer(shelf, run_id, 1)
    shelf.sql("DELETE FROM owners")
    _later(shelf, 91)
    assert _drop(shelf).kept == (run_id,)
    assert _blank(shelf).kept == ()
    assert [text for text, _ in _texts(shelf, plan_id)] == [None, None]
    assert shelf.sql("SELECT count(*) FROM plans") == [(1,)]


def test_a_dry_run_counts_and_changes_nothing(shelf):
    """It says what would be done, exactly."""
    plan_id, _ = _done(shelf, ["a", "b"])
    _later(shelf, 91)
    for way in (_blank, _drop):
        before = _texts(shelf, plan_id)
        planned = way(shelf, dry_run=True)
        assert _texts(shelf, plan_id) == before
        done = way(shelf)
        counts = ("plans", "requests", "answers", "attempts", "kept", "mode")
        expected = {name: getattr(planned, name) for name in counts}
        assert {name: getattr(done, name) for name in counts} == expected


def test_more_than_one_chunk(shelf):
    """Work of many transactions is done to the end, and counted once."""
    plan_id, _ = _done(shelf, [f"p{n}" for n in range(1_100)])
    _later(shelf, 91)
    done = _blank(shelf, vacuum=True)
    assert (done.answers, done.requests) == (1_100, 1_100)
    assert {text for text, _ in _texts(shelf, plan_id)} == {None}
    done = _drop(shelf)
    assert (done.plans, done.requests, done.answers, done.attempts) == (1, 1_100, 1_100, 1_100)
    assert shelf.sql("SELECT count(*) FROM rows") == [(0,)]


@pytest.mark.parametrize("age", [-1, math.nan, math.inf])
def test_an_age_that_is_none_is_refused(shelf, age):
    """Nothing is forgotten for a number that can't be meant."""
    with pytest.raises(InputError, match="The age has to be a number of days, 0 or more"):
        _blank(shelf, age)


def _files_with(path, needle):
    return {file.name for file in path.parent.iterdir() if needle.encode() in file.read_bytes()}


@pytest.mark.parametrize("way", [_blank, _drop])
@pytest.mark.parametrize("length", [10, 700, 3_000, 20_000])
def test_no_file_has_the_text_any_more(file_shelf, way, length):
    """A canary in prompts, answers, attempts, errors, short or over many pages, is in no file after it."""
    shelf = file_shelf
    for n in range(3):
        _done(
            shelf, [f"{CANARY} {n} {m} {'x' * length}" for m in range(60)], text=f"{CANARY} " * (length // 10)
        )
    _, run_id = shelf.run([f"{CANARY} failed"])
    leases = asyncio.run(shelf.ledger.aclaim(run_id, 1)).leases
    unfit = Settlement(
        leases[0], Outcome.ANSWERED, RequestState.WAITING, text=CANARY, error=CANARY, error_kind="schema"
    )
    asyncio.run(shelf.ledger.arecord(run_id, [unfit]))
    _answer(shelf, run_id, text=CANARY)
    shelf.ledger.end_run(run_id, RunState.COMPLETED, "", 0)
    assert _files_with(shelf.path, CANARY)
    _later(shelf, 91)
    assert way(shelf).clean
    assert _files_with(shelf.path, CANARY) == set()


def test_a_reader_that_stays_is_told_of(file_shelf):
    """While somebody reads what was before, the log keeps it, and the outcome says that it is not clean."""
    _done(file_shelf, [CANARY])
    _later(file_shelf, 91)
    with contextlib.closing(sqlite3.connect(file_shelf.path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM requests").fetchone()
        assert not _blank(file_shelf).clean
    assert _blank(file_shelf).clean
    assert _files_with(file_shelf.path, CANARY) == set()


KILLED = """
import os, signal, sys, time
from pathlib import Path
from sqlalchemy import Engine, event
from loopai_nb.ledger.retention import prune
from loopai_nb.ledger.store import Ledger

left = int(sys.argv[3])

@event.listens_for(Engine, "commit")
def kill(connection):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

prune(Ledger(Path(sys.argv[1]), clock=lambda: time.time() + 91 * 86400), older_than_days=90, mode=sys.argv[2])
"""


@pytest.mark.parametrize("mode", ["blank", "drop"])
def test_a_kill_in_the_middle_is_made_good_by_the_next_call(file_shelf, mode):
    """Wherever it was killed, the same call does the rest, and the ledger stays sound."""
    _done(file_shelf, [f"p{m}" for m in range(1_050)])
    path = file_shelf.path
    file_shelf.ledger.close()
    for transactions in (1, 4):
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, str(path), mode, str(transactions)], check=False
        )
        assert killed.returncode in (-9, 0)
        with contextlib.closing(Ledger(path)) as ledger:
            assert check(ledger) == []
    subprocess.run([sys.executable, "-c", KILLED, str(path), mode, "1000"], check=True)
    if mode == "drop":
        for table in ("plans", "runs", "approvals", "requests", "rows", "answers", "attempts"):
            assert file_shelf.sql(f"SELECT count(*) FROM {table}") == [(0,)], table
    else:
        assert file_shelf.sql("SELECT count(*) FROM answers WHERE text IS NOT NULL") == [(0,)]
        assert file_shelf.sql("SELECT count(*) FROM requests WHERE prompt != ''") == [(0,)]
    with contextlib.closing(Ledger(path)) as ledger:
        assert check(ledger) == []
