import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from datetime import date

import pytest

from loopai_nb.approval.steps import ApprovalGate
from loopai_nb.errors import InputError
from loopai_nb.ledger.integrity import check
from loopai_nb.records import ApprovalState
from loopai_nb.redaction import Secret
from loopai_nb.settings import Settings

STEP = "publish-2026-11"
CONTEXT = {"rows": 3, "to": "bob"}

WAITER = """
import json, sys
from loopai_nb import ApprovalGate

with ApprovalGate(timeout_seconds=float(sys.argv[1])) as gate:
    try:
        response = gate.require_approval("publish-2026-11", {"rows": 3, "to": "bob"}, "the month is over")
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    else:
        print(json.dumps([response.status, response.feedback, dict(response.modifications),
                          response.is_approved, response.decided_by]), flush=True)
"""

SUBMITTER = """
import sys
from loopai_nb import ApprovalGate

with ApprovalGate() as gate:
    gate.submit_approval("publish-2026-11", sys.argv[1] == "yes", "as said", {"to": "eve"})
"""


def _gate(desk, **options):
    return ApprovalGate(ledger=desk.ledger, settings=Settings(user="ada"), **options)


def _started(desk, program, *words):
    """A process on the same ledger."""
    address = desk.where.reveal() if isinstance(desk.where, Secret) else str(desk.where)
    return subprocess.Popen(
        [sys.executable, "-c", program, *words],
        env={**os.environ, "LOOPAI_LEDGER": address, "LOOPAI_USER": "bob"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _waiting(desk):
    return desk.ledger.approvals(ApprovalState.PENDING)


class _Asker:
    """Answers in a thread of its own as soon as it is shown something, as a click does."""

    def __init__(self, state=ApprovalState.APPROVED, **more):
        self._decision = {"decided_by": "ada", "means": "widget", **more}
        self._state = state
        self.seen = []
        self._click = None

    def show(self, pending, *, awaited):
        row = pending.row
        self.seen.append((row.title, row.context, awaited))
        self._click = threading.Thread(target=pending.decide, args=(self._state,), kwargs=self._decision)
        if not awaited:
            self._click.start()
        return True

    async def until(self, decided, timeout_s):
        """Lets the click in, as a kernel does for a cell that awaits: not before."""
        self._click.start()
        await asyncio.wait({decided}, timeout=timeout_s)

    def done(self, _pending, row):
        self.seen.append(row.state)


def test_a_step_is_decided_by_whoever_sees_it(each_desk):
    """The asker is shown name, context and explanation; its answer comes back and is recorded as used."""
    desk = each_desk
    asker = _Asker(feedback="fine", modifications={"rows": 2})
    response = _gate(desk, asker=asker).require_approval(STEP, CONTEXT, "the month is over")
    assert response.is_approved
    assert (response.status, response.feedback, response.modifications) == ("APPROVED", "fine", {"rows": 2})
    assert asker.seen == [
        (STEP, {"context": CONTEXT, "explanation": "the month is over"}, False),
        ApprovalState.APPROVED,
    ]
    row = desk.ledger.approval(response.approval_id)
    assert (row.kind, row.decided_by, row.means, row.used_by) == ("gate", "ada", "widget", "gate")
    assert [each["kind"] for each in desk.chain()] == ["asked", "decided", "used"]
    assert check(desk.ledger) == []


def test_a_step_can_be_awaited(desk):
    """The loop goes on meanwhile, and the asker lets its clicks in."""
    asker = _Asker(ApprovalState.REJECTED, feedback="not now")
    response = asyncio.run(_gate(desk, asker=asker).arequire_approval(STEP, CONTEXT))
    assert (response.status, response.is_approved, response.feedback) == ("REJECTED", False, "not now")
    assert asker.seen == [(STEP, {"context": CONTEXT, "explanation": ""}, True), ApprovalState.REJECTED]


@pytest.mark.parametrize(("word", "state"), [("yes", "APPROVED"), ("no", "REJECTED")])
def test_two_processes_on_one_ledger(each_desk, until, word, state):
    """One asks and waits, says how to decide, and hears what the other one submits."""
    desk = each_desk
    waiter = _started(desk, WAITER, "3600")
    desk.live()
    until(lambda: _waiting(desk))
    submitted = _started(desk, SUBMITTER, word)
    assert submitted.communicate(timeout=60)[1] == ""
    out, err = waiter.communicate(timeout=60)
    assert json.loads(out) == [state, "as said", {"to": "eve"}, word == "yes", "bob"]
    (row,) = desk.ledger.approvals()
    assert f"{STEP} waits for a decision as {row.approval_id}." in err
    assert "the month is over" in err
    assert f"loopai-nb approve {row.approval_id}" in err
    assert f"loopai-nb reject {row.approval_id} --feedback WHY" in err
    assert check(desk.ledger) == []


def test_nobody_who_decides_is_a_timeout(desk):
    """After its seconds the caller gets TIMEOUT, and nobody can approve any more."""
    desk.live()
    gate = _gate(desk, timeout_seconds=0.05)
    response = gate.require_approval(STEP, CONTEXT)
    assert (response.status, response.decided_by) == (ApprovalState.TIMEOUT, "")
    with pytest.raises(InputError, match="waits no more: it was not decided in time"):
        gate.submit_approval(STEP, approved=True)


def test_an_interrupt_ends_the_wait(desk, until):
    """Ctrl-C comes through, and what was asked waits for nobody."""
    waiter = _started(desk, WAITER, "3600")
    desk.live()
    until(lambda: _waiting(desk))
    waiter.stderr.readline()
    waiter.send_signal(signal.SIGINT)
    assert waiter.communicate(timeout=60)[0] == "interrupted\n"
    (row,) = desk.ledger.approvals()
    assert (row.state, row.feedback) == (ApprovalState.TIMEOUT, "interrupted")


def test_a_cancelled_wait_is_withdrawn(desk):
    """A task that is cancelled leaves nothing that somebody could approve in vain."""

    class Silent(_Asker):
        def __init__(self):
            super().__init__()
            self.waiting = asyncio.Event()

        def show(self, _pending, **_how):
            return True

        async def until(self, decided, timeout_s):
            self.waiting.set()
            await asyncio.wait({decided}, timeout=timeout_s)

    async def cancelled():
        asker = Silent()
        task = asyncio.create_task(_gate(desk, asker=asker).arequire_approval(STEP))
        await asker.waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert desk.ledger.approvals()[0].feedback == "interrupted"


def test_a_kill_leaves_the_question_until_its_end(each_desk, until):
    """Killed while it waits, it is still there to be decided; the same step goes on with that decision."""
    desk = each_desk
    waiter = _started(desk, WAITER, "3600")
    desk.live()
    until(lambda: _waiting(desk))
    waiter.kill()
    waiter.communicate(timeout=60)
    (row,) = _waiting(desk)
    _started(desk, SUBMITTER, "yes").communicate(timeout=60)
    again = _started(desk, WAITER, "3600")
    out, _ = again.communicate(timeout=60)
    assert json.loads(out)[0] == "APPROVED"
    assert desk.ledger.approval(row.approval_id).used_by == "gate"


def test_what_was_approved_is_of_one_context_and_for_once(desk):
    """Another context, and the same one a second time, are asked about anew."""
    asker = _Asker()
    gate = _gate(desk, asker=asker)
    first = gate.require_approval(STEP, CONTEXT)
    second = gate.require_approval(STEP, CONTEXT)
    third = gate.require_approval(STEP, {**CONTEXT, "rows": 4})
    assert len({each.approval_id for each in (first, second, third)}) == 3


def test_two_that_wait_for_one_answer(desk):
    """Both go on with the same question, one uses its approval, and the other asks anew."""
    asker = _Asker()
    gate = _gate(desk)
    responses = []

    def wait():
        responses.append(gate.require_approval(STEP, CONTEXT))

    threads = [threading.Thread(target=wait) for _ in range(2)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        for row in _waiting(desk):
            desk.ledger.decide_approval(row.approval_id, ApprovalState.APPROVED, decided_by="a", means="cli")
        threads[0].join(0.01)
    assert all(response.is_approved for response in responses)
    assert len({response.approval_id for response in responses}) == 2
    assert not asker.seen


def test_secrets_and_personal_data_are_masked(desk):
    """Attack 18: no canary in the ledger, whatever it stood in."""
    canary = "canary-1234-5678"
    settings = Settings(
        user="ada",
        api_key=Secret(canary),
        database_url=Secret("postgresql://u:pass-canary@h/db"),
        redact=("email",),
    )
    gate = ApprovalGate(ledger=desk.ledger, settings=settings, asker=_Asker())
    gate.require_approval(
        STEP,
        {
            "password": "canary-a",
            "headers": {"x-api-key": "canary-b"},
            "url": "https://u:canary-c@h/x?token=canary-d",
            "said": [f"the key is {canary}", "pass-canary"],
            "to": "ada@example.com",
            "secret": Secret("canary-e"),
            "tokens": 12,
            "token": ["canary-f", {"a": "canary-g"}],
            "passwords": {"ada": b"canary-h"},
            "pin_of": {"api_key": 47_110_815},
            canary: 1,
        },
        f"because of {canary} and bob@example.com",
    )
    stored = json.dumps(desk.chain()) + str(desk.ledger.approvals())
    assert "canary" not in stored
    assert "47110815" not in stored
    assert "example.com" not in stored
    assert '"tokens": 12' in json.dumps(desk.ledger.approvals()[0].context)


def test_what_is_no_json_is_shown_as_text(desk):
    """Dates, NaN and keys that are numbers break nothing."""
    asker = _Asker()
    context = {"at": date(2026, 11, 21), "n": float("nan"), 1: (1, 2)}
    assert _gate(desk, asker=asker).require_approval(STEP, context).is_approved
    shown = asker.seen[0][1]["context"]
    assert (shown["at"], shown["n"], shown["1"]) == ("2026-11-21", "nan", [1, 2])


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201, "\u202eevil", None, 7])
def test_a_name_is_one_printable_line(desk, name):
    """It is shown, typed into shells and found again: nothing invisible is in it."""
    with pytest.raises(InputError, match="is no name of a step"):
        _gate(desk).require_approval(name)


@pytest.mark.parametrize("rows", ["x" * 10_000_000, ["x" * 1_000] * 1_001])
def test_a_context_that_nobody_looks_at_is_refused(desk, rows):
    """Megabytes are not asked about, in one text or in many."""
    with pytest.raises(InputError, match="nobody looks at more than"):
        _gate(desk).require_approval(STEP, {"rows": rows})


def test_a_context_that_is_nested_too_deep_is_refused(desk):
    """Nothing is left out of what is shown, and no recursion ends the program."""
    deep: dict[str, object] = {}
    here = deep
    for _ in range(100_000):
        here["d"] = here = {}
    with pytest.raises(InputError, match="nested more than 20 deep"):
        _gate(desk).require_approval(STEP, deep)


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_a_timeout_is_a_number_of_seconds(timeout):
    """A question that never ends, or never waits, is none."""
    with pytest.raises(InputError, match="number of seconds above 0"):
        ApprovalGate(timeout_seconds=timeout)


def test_a_notifier_is_told_and_may_fail(desk, caplog):
    """It hears the step's name and how to decide, and nothing of the context; its failure stops nothing."""

    class Notifier:
        def tell(self, notice):
            self.notice = notice
            raise RuntimeError("no network")

    notifier = Notifier()
    gate = _gate(desk, notifier=notifier, asker=_Asker())
    response = gate.require_approval(STEP, CONTEXT)
    assert response.is_approved
    assert notifier.notice.title == f"{STEP} waits for a decision"
    assert notifier.notice.facts == (
        ("Asked by", "ada"),
        ("Decide", f"loopai-nb approve {response.approval_id}"),
    )
    assert "bob" not in str(notifier.notice)
    assert "Nobody was told" in caplog.text


def test_who_is_late_is_told_by_whom_it_was_decided(desk):
    """The second answer changes nothing and says who was first."""
    gate = _gate(desk, asker=_Asker(ApprovalState.REJECTED, feedback="no"))
    response = gate.require_approval(STEP)
    with pytest.raises(InputError, match=rf"{response.approval_id} waits no more: .* by ada \(widget\): no"):
        gate.submit_approval(response.approval_id, approved=True)
    with pytest.raises(InputError, match="Nothing in this ledger is asked as nothing"):
        gate.submit_approval("nothing", approved=True)


def test_a_hostile_text_is_not_live_in_a_terminal(desk, capsys):
    """Attack 9: escape sequences of a context are spelled out where it is shown."""

    class Elsewhere(_Asker):
        def show(self, pending, *, awaited):
            return not super().show(pending, awaited=awaited)

    gate = _gate(desk, asker=Elsewhere())
    gate.require_approval(STEP, {"a": "\x1b[2Jgone"}, "\x1b]0;title\x07 \u202e")
    said = capsys.readouterr().err
    assert not {"\x1b", "\x07", "\u202e"} & set(said)
    assert "gone" in said
