import hashlib
import subprocess
import sys

import pytest

from loopai_nb.approval.chain import verify
from loopai_nb.approval.gate import approve_in_code, decide
from loopai_nb.errors import InputError
from loopai_nb.ledger.integrity import check
from loopai_nb.ledger.runs import Reopening
from loopai_nb.records import ApprovalState, RunState


@pytest.fixture
def used(each_desk):
    """A ledger with eight rows in its chain: a run with a raised budget, a rejected gate, one that waits."""
    desk = each_desk
    plan = desk.plan(budget_pusd=10_000)
    run_id = desk.begin(plan, decide(plan, desk.ledger, approve_in_code("ada")))
    desk.ledger.end_run(run_id, RunState.CANCELLED, "", 0)
    gate = desk.ledger.ask_approval(kind="gate", digest="d", title="publish", context="{}", timeout_s=9)
    desk.ledger.decide_approval(
        gate, ApprovalState.REJECTED, decided_by="bob", means="cli", feedback="n\u00f6, \u0000 \x1a"
    )
    desk.ledger.ask_approval(kind="gate", digest="d", title="again")
    desk.ledger.ask_approval(kind="gate", digest="d", title="and again", asked_by="O'Hara")
    desk.ledger.reopen_run(run_id, Reopening(budget_pusd=20_000, decided_by="ada"))
    desk.ledger.end_run(run_id, RunState.CANCELLED, "", 0)
    return desk


def _broken(desk):
    return list(verify(desk.ledger).broken)


def test_every_ask_decision_and_use_is_in_it(used):
    """In their order, with who and what; a whole chain says nothing is wrong."""
    assert [row["kind"] for row in used.chain()] == [
        *("asked", "decided", "used"),
        *("asked", "decided"),
        *("asked", "asked"),
        *("asked", "decided", "used"),
    ]
    found = verify(used.ledger)
    assert (found.rows, found.is_whole) == (10, True)
    assert check(used.ledger) == []


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("DELETE FROM chain WHERE seq = 4", ["Row 4 is missing."]),
        ("DELETE FROM chain WHERE seq IN (2, 3)", ["Rows 2 to 3 are missing."]),
        ("DELETE FROM chain WHERE seq = 1", ["Row 1 is missing."]),
        ("DELETE FROM chain WHERE seq = 10", ["Row 10 is missing at the end."]),
        ("DELETE FROM chain WHERE seq > 7", ["Rows 8 to 10 are missing at the end."]),
        ("DELETE FROM chain", ["Rows 1 to 10 are missing at the end."]),
        ("UPDATE chain SET content = replace(content, 'bob', 'ada') WHERE seq = 5", ["Row 5 was changed."]),
        ("UPDATE chain SET at_ms = at_ms + 1 WHERE seq = 5", ["Row 5 was changed."]),
        ("UPDATE chain SET kind = 'used' WHERE seq = 5", ["Row 5 was changed."]),
        ("UPDATE chain SET approval_id = 'a-0' WHERE seq = 5", ["Row 5 was changed."]),
        ("UPDATE meta SET value = '10:' || prev_hash FROM chain WHERE seq = 10 AND name = 'chain_head'",
         ["Row 10 is not the end that was kept."]),
        ("DELETE FROM meta WHERE name = 'chain_head'", ["The chain's end was taken away."]),
    ],
)  # fmt: skip
def test_it_says_where_it_breaks(used, damage, said):
    """Attack 44: removed, also the last ones, and changed rows."""
    used.sql(damage)
    assert _broken(used)[: len(said)] == said
    assert check(used.ledger)[0] == f"The audit chain is broken. {said[0]}"


@pytest.mark.parametrize("content", ["", "{}", "[]", '"x"', '{"seq": 5}', "[" * 100_000])
def test_a_row_that_is_nothing_that_we_write_is_seen(desk, content):
    """Somebody who knows how a hash is made does not keep the chain from being read."""
    decide(desk.plan(), desk.ledger, approve_in_code("ada"))
    with desk.ledger.engine.begin() as connection:
        before = connection.exec_driver_sql("SELECT prev_hash FROM chain WHERE seq = 2").scalar_one()
        digest = hashlib.sha256(f"{before}\n{content}".encode()).hexdigest()
        connection.exec_driver_sql("UPDATE chain SET content = ?, hash = ? WHERE seq = 2", (content, digest))
    assert _broken(desk)[0] == "Row 2 was changed."


def test_reordered_rows_are_seen(used):
    """Attack 44: two rows that changed places."""
    used.sql("UPDATE chain SET seq = -4 WHERE seq = 4")
    used.sql("UPDATE chain SET seq = 4 WHERE seq = 5")
    used.sql("UPDATE chain SET seq = 5 WHERE seq = -4")
    assert _broken(used)[:2] == [
        "Row 4 was written as row 5: they were reordered.",
        "Row 5 was written as row 4: they were reordered.",
    ]


def test_a_row_that_was_removed_and_its_followers_moved_up_is_seen(used):
    """Renumbering does not hide it."""
    used.sql("DELETE FROM chain WHERE seq = 9")
    used.sql("UPDATE chain SET seq = 9 WHERE seq = 10")
    used.sql("UPDATE meta SET value = '9' || substr(value, 3) WHERE name = 'chain_head'")
    assert _broken(used)[0] == "Row 9 was written as row 10: they were reordered."


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("state = 'APPROVED' WHERE title = 'publish'", "is not what the chain says (state)."),
        ("digest = 'e' WHERE title = 'publish'", "is not what the chain says (digest)."),
        ("feedback = 'yes' WHERE title = 'publish'", "is not what the chain says (said)."),
        ("decided_by = 'eve', means = 'link' WHERE title = 'publish'",
         "is not what the chain says (decided_by, means)."),
        ("context = '{}' WHERE title = 'again'", "is not what the chain says (shown)."),
        ("expires_ms = 1 WHERE title = 'publish'", "is not what the chain says (expires_ms)."),
        ("used_by = NULL WHERE means = 'code'", "is not what the chain says (used_by)."),
    ],
)  # fmt: skip
def test_an_approval_that_was_changed_is_seen(used, damage, said):
    """The table has to be what the chain says of it."""
    used.sql(f"UPDATE approvals SET {damage}")
    assert any(line.endswith(said) for line in _broken(used)), _broken(used)


def test_an_approval_that_came_or_went_otherwise_is_seen(used):
    """One that was put in by hand, one that was taken away, and a run that goes by another's approval."""
    used.sql(
        "INSERT INTO approvals (approval_id, kind, digest, title, state, asked_ms, asked_by, feedback) "
        "VALUES ('a-0', 'gate', 'd', '', 'APPROVED', 1, 'eve', '')"
    )
    (gone,) = [row.approval_id for row in used.ledger.approvals() if row.title == "again"]
    used.sql("DELETE FROM approvals WHERE title = 'again'")
    used.sql("UPDATE runs SET approval_id = 'a-0'")
    (run_id,) = {row.used_by for row in used.ledger.approvals() if row.used_by}
    assert _broken(used) == [
        "Approval a-0 is not in the chain.",
        f"Approval {gone} was taken away.",
        f"Run {run_id} goes by approval a-0, which it did not use.",
    ]


def test_a_chain_that_was_written_anew_is_not_the_one_that_was_noted(desk):
    """Who can write everything leaves no trace in it; an end that was noted elsewhere shows it."""
    desk.ledger.ask_approval(kind="gate", digest="d", title="one")
    noted = verify(desk.ledger).head
    desk.ledger.ask_approval(kind="gate", digest="d", title="two")
    assert verify(desk.ledger, noted=noted).is_whole
    for table in ("chain", "approvals"):
        desk.sql(f"DELETE FROM {table}")
    desk.sql("DELETE FROM meta WHERE name = 'chain_head'")
    for title in ("three", "four"):
        desk.ledger.ask_approval(kind="gate", digest="d", title=title)
    assert verify(desk.ledger).is_whole
    assert verify(desk.ledger, noted=noted).broken == (
        "Row 1 is not the one that was noted: the chain was written anew.",
    )


@pytest.mark.parametrize(
    "noted",
    [
        "",
        "1",
        "1:abc",
        "x:" + "0" * 64,
        "-1:" + "0" * 64,
        "\u0661:" + "0" * 64,
        "9" * 30 + ":" + "0" * 64,
        "9" * 5_000 + ":" + "0" * 64,
        "1:" + "z" * 64,
    ],
)
def test_what_was_noted_is_a_number_and_a_hash(desk, noted):
    """A typing error is told from a broken chain."""
    with pytest.raises(InputError, match="is no end of a chain"):
        verify(desk.ledger, noted=noted)


def test_a_new_ledger_has_an_empty_chain(each_desk):
    """Nothing is asked, and nothing is wrong."""
    found = verify(each_desk.ledger)
    assert (found.rows, found.head, found.broken) == (0, "0:" + "0" * 64, ())
    assert verify(each_desk.ledger, noted=found.head).is_whole


ASKER = """
import sys
from pathlib import Path
from loopai_nb.ledger.store import Ledger
from loopai_nb.redaction import Secret

where = sys.argv[1]
ledger = Ledger(Secret(where) if "://" in where else Path(where))
sys.stdin.readline()
for n in range(20):
    ledger.ask_approval(kind="gate", digest="d", title=f"{sys.argv[2]} {n}")
ledger.close()
"""


def test_processes_that_ask_at_once_make_one_chain(each_desk):
    """No row is lost, doubled or linked to the wrong one."""
    where = str(getattr(each_desk.where, "reveal", lambda: each_desk.where)())
    processes = [
        subprocess.Popen([sys.executable, "-c", ASKER, where, str(n)], stdin=subprocess.PIPE, text=True)
        for n in range(3)
    ]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=120)
        assert process.returncode == 0
    found = verify(each_desk.ledger)
    assert (found.rows, found.broken) == (60, ())
