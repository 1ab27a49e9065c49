"""A step of a person's own code, asked about in a notebook."""

from __future__ import annotations

import asyncio

import pytest

from loopai_nb.approval.pending import Pending
from loopai_nb.errors import InputError
from loopai_nb.notebook.step_asking import NotebookAsker, StepDesk
from loopai_nb.notebook.waiting import Clicks
from loopai_nb.notebook.workbench import Workbench
from loopai_nb.records import ApprovalState


@pytest.fixture
def pending(notebook):
    """A step that waits."""
    ledger = notebook.shell.magics_manager.registry["LoopaiMagics"].bench.session.ledger
    context = '{"context": {"rows": 12, "to": "a\\u200bb"}, "explanation": "It cannot be undone."}'
    approval_id = ledger.ask_approval(
        digest="0" * 64, kind="gate", title="publish", context=context, asked_by="ann", timeout_s=90
    )
    return Pending(ledger, approval_id)


def test_a_step_is_shown_with_what_is_decided_on(pending):
    """Name, reason, context with odd characters marked, digest, and how long it waits."""
    opened = StepDesk(pending, "bob").handlers["open"]({})

    assert opened["step"]["title"] == "publish"
    assert opened["step"]["explanation"] == [["", "It cannot be undone."]]
    assert ["odd", "[U+200B]"] in opened["step"]["context"]
    assert 80_000 < opened["ends_in_ms"] <= 90_000


def test_a_step_is_decided_by_its_digest(pending):
    """Another one is refused; the reason is kept."""
    handlers = StepDesk(pending, "bob").handlers
    with pytest.raises(InputError):
        handlers["approve"]({"digest": "1" * 64})

    handlers["reject"]({"digest": "0" * 64, "reason": "not today"})
    row = pending.row
    assert (row.state, row.decided_by, row.means, row.feedback) == (
        ApprovalState.REJECTED, "bob", "widget", "not today",
    )  # fmt: skip


class _Clicked(Workbench):
    """Of a kernel whose front end is there, as far as this notebook has one."""

    def clicks(self):
        """What waits, and counts it."""
        return _Counted(None)


class _Counted(Clicks):
    waits = 0

    async def until(self, done, timeout_s=None):
        """Wait, and count it."""
        _Counted.waits += 1
        return await super().until(done, timeout_s)


def test_steps_side_by_side_are_each_let_clicks_in(notebook, pending):
    """One that blocks its cell takes no clicks from one that awaits; two of one question both end as text."""
    bench = _Clicked(notebook.shell)
    bench._session = notebook.shell.magics_manager.registry["LoopaiMagics"].bench.session
    asker = NotebookAsker(bench)
    assert asker.show(pending, awaited=True)
    assert asker.show(pending, awaited=True)
    assert not asker.show(pending, awaited=False)

    async def wait() -> None:
        await asker.until(asyncio.get_running_loop().create_future(), 0.0)

    asyncio.run(wait())
    assert _Counted.waits == 1
    pending.decide(ApprovalState.APPROVED, decided_by="ann", means="cli")
    panels = [question._resident._panel for question in asker._shown[pending.approval_id]]
    for _ in panels:
        asker.done(pending, pending.row)
    assert [panel._worker._shutdown for panel in panels] == [True, True]


def test_without_a_kernel_nobody_clicks(notebook):
    """A terminal's IPython says how to decide elsewhere, and the wait goes on."""
    asker = NotebookAsker(notebook.shell.magics_manager.registry["LoopaiMagics"].bench)

    async def wait() -> bool:
        future = asyncio.get_running_loop().create_future()
        await asker.until(future, 0.01)
        return future.done()

    assert asker.show(None, awaited=True) is False
    assert asyncio.run(wait()) is False
    assert not hasattr(notebook.shell, "loopai_nb_asker")
