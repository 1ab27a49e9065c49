"""What waits is decided from a terminal, and the audit chain is looked through."""

import contextlib
import re
import sqlite3
import subprocess
import sys

import pytest

from loopai_nb.ledger.store import Ledger
from loopai_nb.records import ApprovalState

GATE = """
from loopai_nb import ApprovalGate
with ApprovalGate(timeout_seconds=600) as gate:
    print(gate.require_approval("publish", {"to": "bob"}, "it is time").status)
"""


@pytest.fixture
def refused(ready, template):
    """A command line whose run was refused; the words of the run, and the id that it said."""
    (ready.folder / "two.csv").write_text("remarks\nwing\nengine\n")
    words = ("run", "--csv", "two.csv", "--template", template)
    ended = ready.inside(*words)
    assert ended.code == 3
    return ready, words, re.search(r"loopai-nb approve (a-[0-9a-f]+)", ended.err)[1]


def _sql(cli, statement):
    path = cli.folder / "ledger.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(statement).fetchall()


def test_a_refused_run_goes_through_once_it_is_approved(refused, devserver):
    """Refused, approved by its id, run again: it is sent, once; the ledger says by whom and how."""
    cli, words, approval_id = refused
    approved = cli.inside("approve", approval_id, "--feedback", "fine")
    assert approved.code == 0
    assert approved.out.splitlines()[0] == f"{approval_id} is approved by tester (cli): fine."
    assert devserver.stats().requests == 0

    ended = cli.inside(*words)
    assert ended.code == 0, ended.err
    assert devserver.stats().requests == 2
    (row,) = _sql(
        cli, f"SELECT means, decided_by, used_by FROM approvals WHERE approval_id = '{approval_id}'"
    )
    assert row[:2] == ("cli", "tester")
    assert row[2] == ended.run_id
    assert cli.inside("approvals", "--verify").code == 0
    assert cli.inside("ledger", "check").code == 0


def test_a_rejection_keeps_its_reason(refused, devserver):
    """A plan is named by its own id, too; the same command is refused again."""
    cli, words, approval_id = refused
    ((plan_id,),) = _sql(cli, "SELECT plan_id FROM approvals")
    rejected = cli.inside("reject", plan_id, "--feedback", "too dear")
    assert rejected.out.splitlines()[0] == f"{approval_id} is rejected by tester (cli): too dear."
    late = cli.inside("approve", approval_id)
    assert late.code == 1
    assert "waits no more: it was rejected by tester (cli): too dear. See them all: loopai-nb approvals" in (
        late.err.replace("\n", " ")
    )
    assert cli.inside(*words).code == 3
    assert devserver.stats().requests == 0


def test_what_is_decided_on_can_be_looked_at(refused):
    """The list has who asks and what; one in detail has the digest, the template and the first prompt."""
    cli, _, approval_id = refused
    listed = cli.inside("approvals", "--waiting")
    assert listed.code == 0
    assert re.search(rf"{approval_id}  .* PENDING .*2 of 2 requests of two.csv", listed.out), listed.out
    assert "loopai-nb approve ID" in listed.out
    assert re.search(r"The audit chain is whole: 1 row, its end is 1:[0-9a-f]{64}", listed.err)

    one = cli.inside("approvals", approval_id)
    ((digest,),) = _sql(cli, "SELECT digest FROM approvals")
    assert digest in one.out
    assert "Which part was hit?" in one.out
    assert "wing" in one.out
    assert cli.inside("approvals", "a-none").code == 1


def test_a_broken_chain_ends_1(refused):
    """It says where, in the list as well."""
    cli, _, approval_id = refused
    noted = re.search(r"1:[0-9a-f]{64}", cli.inside("approvals", "--verify").out)[0]
    cli.inside("reject", approval_id)
    assert cli.inside("approvals", "--verify", "--noted", noted).code == 0
    _sql(cli, "DELETE FROM chain WHERE seq = 2")
    verified = cli.inside("approvals", "--verify")
    assert verified.code == 1
    assert "Row 2 is missing at the end." in verified.out
    listed = cli.inside("approvals")
    assert listed.code == 1
    assert "Row 2 is missing at the end." in listed.err
    assert cli.inside("approvals", "--verify", "--noted", "x").code == 1


def test_a_step_of_a_program_is_decided_by_its_name(cli, until):
    """A script waits; the terminal approves; the script goes on."""
    program = subprocess.Popen(
        [*cli.command(())[:1], "-c", GATE], cwd=cli.folder, env=cli.env, stdout=subprocess.PIPE, text=True
    )
    ledger = Ledger(cli.folder / "ledger.sqlite3")
    until(lambda: ledger.approvals(ApprovalState.PENDING))
    ledger.close()
    shown = cli.inside("approvals", "publish").out
    assert "it is time" in shown
    assert '"to": "bob"' in shown
    assert cli.inside("approve", "publish").code == 0
    assert program.communicate(timeout=60)[0] == "APPROVED\n"


def test_a_policy_lets_small_plans_through(ready, template, devserver):
    """Below the threshold nobody is asked; the plan is shown, and who approved it is said."""
    (ready.folder / "two.csv").write_text("remarks\nwing\nengine\n")
    ready.env |= {"LOOPAI_APPROVE_BELOW_USD": "0.10"}
    words = ("run", "--csv", "two.csv", "--template", template, "--max-tokens", "8")
    assert ready.inside(*words, "--price", "10000,20000").code == 3
    ended = ready.inside(*words, "--price", "1,2")
    assert ended.code == 0, ended.err
    assert "Approved by the policy: at most" in ended.err
    assert "Plan p-" in ended.err
    assert devserver.stats().requests == 2
    assert _sql(ready, "SELECT means FROM approvals WHERE state = 'APPROVED'") == [("policy",)]


def test_a_decision_from_elsewhere_ends_the_question_at_a_terminal(ready, template, devserver, terminal):
    """While somebody looks at the plan another one approves it: it is sent, and said by whom."""
    (ready.folder / "two.csv").write_text("remarks\nwing\nengine\n")
    asked = terminal(ready, "run", "--csv", "two.csv", "--template", template)
    asked.until("and why: ")
    ((approval_id,),) = _sql(ready, "SELECT approval_id FROM approvals")
    assert ready.inside("approve", approval_id).code == 0
    code, _, seen = asked.end()
    assert code == 0, seen
    assert "It was approved by tester (cli) meanwhile, and that counts." in seen
    assert devserver.stats().requests == 2


@pytest.mark.parametrize(("keys", "state"), [("maybe\ny go on\n", "APPROVED"), ("n\n", "REJECTED")])
def test_a_step_of_a_program_is_answered_at_its_terminal(cli, terminal, keys, state):
    """Whoever started the program types y, or n with a reason."""
    (cli.folder / "step.py").write_text(GATE)
    cli.command = lambda words: [sys.executable, *words]
    asked = terminal(cli, "step.py")
    asked.until("y, or n and why: ")
    asked.type(keys)
    code, out, seen = asked.end()
    assert (code, out) == (0, f"{state}\n"), seen
    assert _sql(cli, "SELECT state, means FROM approvals") == [(state, "person")]
