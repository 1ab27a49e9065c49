"""What goes wrong where an answer's own task sends the next request."""

from __future__ import annotations

import asyncio
import errno
import threading

import pytest

from loopai_nb.clients.openai import OpenAIServer
from loopai_nb.errors import LedgerError
from loopai_nb.ledger import journal
from loopai_nb.ledger.store import Ledger
from loopai_nb.prompts.structured import AnswerSchema
from loopai_nb.records import Reply, RunState, ServerInfo, Usage

SCHEMA = {"type": "object", "properties": {"part": {"type": "string"}}, "required": ["part"]}


class Model(OpenAIServer):
    """A model in this process: each answer is what ``answer`` says of a prompt."""

    def __init__(self, answer) -> None:
        super().__init__("http://127.0.0.1:9/v1", "in-process")
        self.asked: list[str] = []
        self._answer = answer

    async def check(self):
        """It is there."""
        return ServerInfo(self.kind, self.base_url, (self.model,), 0.1, "in this process")

    async def send(self, prompt, **_):
        """As it was told to."""
        self.asked.append(prompt)
        return Reply(await self._answer(prompt), Usage(5, 1), "in-process", "stop", 1.0)


def test_a_request_that_is_leased_again_is_not_taken_for_one_that_never_began(bench, birds, monkeypatch):
    """A row is asked again in the very turn in which the task ends that asked it first: the run ends."""
    held: list[asyncio.Future[None]] = []
    misfits = []

    async def answer(prompt):
        if "bird 0 " in prompt:
            await asyncio.sleep(0.03)
            misfits.append(prompt)
            return "windshield" if len(misfits) == 1 else '{"part": "windshield"}'
        held.append(asyncio.get_running_loop().create_future())
        await held[0]
        await asyncio.sleep(0)
        return '{"part": "engine"}'

    claim = Ledger.aclaim

    async def claim_and_let_go(self, run_id, n, *, fresh_only=False):
        claimed = await claim(self, run_id, n, fresh_only=fresh_only)
        if any(lease.attempt > 1 for lease in claimed.leases) and held and not held[0].done():
            held[0].set_result(None)
        return claimed

    monkeypatch.setattr(Ledger, "aclaim", claim_and_let_go)
    bench.serve(Model(answer))
    plan = bench.plan(birds(2), schema=AnswerSchema.of(SCHEMA), schema_retries=5)

    run = bench.start(plan, concurrency=1, fixed=True).wait(timeout_s=20)

    assert run.state is RunState.COMPLETED
    assert len(misfits) == 2
    assert run.progress.answered == 2


def test_one_answer_that_could_not_be_written_at_once_ends_the_sending(bench, birds, monkeypatch):
    """A disk that was full for a moment ends the run as one that stays full; the answers are kept."""
    full, asked_before = threading.Event(), []

    async def answer(_):
        await asyncio.sleep(0.005)
        return "windshield"

    write = journal._write_all

    def write_but_once(descriptor, data, at):
        if len(model.asked) > 60 and not full.is_set():
            full.set()
            asked_before.append(len(model.asked))
            raise OSError(errno.ENOSPC, "No space left on device")
        write(descriptor, data, at)

    monkeypatch.setattr(journal, "_write_all", write_but_once)
    model = Model(answer)
    bench.serve(model)
    run = bench.start(bench.plan(birds(400)), concurrency=8, fixed=True)

    with pytest.raises(LedgerError, match="No space left"):
        run.wait(timeout_s=20)

    assert len(model.asked) == asked_before[0]
    answered = bench.sql("SELECT count(*) FROM requests WHERE state = 'ANSWERED'")[0][0]
    assert answered >= asked_before[0] - 8
    monkeypatch.undo()
    assert bench.reopen(run.run_id).wait(timeout_s=60).state is RunState.COMPLETED


def test_a_client_that_does_not_let_go_sends_nothing_more(bench, birds, monkeypatch):
    """Where a write failed, a client that answers in spite of its cancellation gets no further request."""

    async def answer(_):
        if len(model.asked) == 100:
            going.set()
        try:
            await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            stopped.append(len(model.asked))
        return "windshield"

    async def heartbeat(*_):
        await going.wait()
        raise LedgerError("The ledger could not be written (disk full).")

    going, stopped = asyncio.Event(), []
    model = Model(answer)
    monkeypatch.setattr(Ledger, "aheartbeat", heartbeat)
    bench.serve(model)
    run = bench.start(bench.plan(birds(600)), concurrency=32, fixed=True)

    with pytest.raises(LedgerError, match="disk full"):
        run.wait(timeout_s=20)

    assert stopped
    assert len(model.asked) == stopped[0]
