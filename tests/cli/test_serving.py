"""``serve`` and ``notify``: decided by a link, told to a webhook, from the command line."""

from __future__ import annotations

import json
import re
import signal
import subprocess

import httpx
import pytest
from canaries import CANARY
from receivers import listening

from loopai_nb.ledger.store import Ledger
from loopai_nb.records import ApprovalState


@pytest.fixture
def hook():
    """A webhook's server."""
    with listening() as made:
        yield made


def _asked(cli):
    """A question that waits in the command line's ledger."""
    ledger = Ledger(cli.folder / "ledger.sqlite3")
    approval_id = ledger.ask_approval(digest="d" * 64, kind="gate", title="publish", timeout_s=600)
    return ledger, approval_id


def test_serve_says_the_link_and_takes_the_decision(cli, hook):
    """What waits is printed with its link; the decision by it is told; Ctrl-C ends it with 0."""
    cli.env |= {"LOOPAI_NOTIFY_WEBHOOK_URL": hook.url, "LOOPAI_NOTIFY_AFTER_S": "3600"}
    ledger, approval_id = _asked(cli)
    process = cli.start("serve", "--port", "0", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    first, title, link = (process.stdout.readline().decode().strip() for _ in range(3))
    assert re.match(r"Approval pages on http://127\.0\.0\.1:\d+ · ledger ", first)
    assert title == "Waits: publish"

    assert "publish" in httpx.get(link).text
    answer = httpx.post(link, data={"digest": "d" * 64, "decision": "approve", "name": "Bo"})
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)

    assert answer.status_code == 303
    assert process.returncode == 0
    row = ledger.approval(approval_id)
    ledger.close()
    assert (row.state, row.decided_by, row.means) == (ApprovalState.APPROVED, "Bo", "link")
    assert "LOOPAI_SERVE_URL=http://127.0.0.1:" in said.decode()
    assert json.loads(hook.seen[-1].body)["title"] == f"{approval_id} was approved by Bo (link)."
    key = cli.folder / "config" / "loopai_nb" / "link.key"
    assert key.stat().st_mode & 0o777 == 0o600


def test_serve_refuses_an_address_that_others_reach(cli):
    """Exit 1 and what to do instead."""
    ended = cli.inside("serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104  (refused)

    assert ended.code == 1
    assert "--allow-remote" in ended.err


def test_notify_lists_the_channels_without_secrets(cli):
    """Name, kind and what goes there; addresses that are secrets are not shown."""
    cli.env["LOOPAI_NOTIFY_SLACK_URL"] = f"https://hooks.slack.example/{CANARY}"
    cli.env["LOOPAI_NOTIFY_SLACK_CHANNEL"] = "#models"

    ended = cli.inside("notify")

    assert ended.code == 0
    assert re.search(r"slack +slack +info +all +#models", ended.out)
    assert CANARY not in ended.out + ended.err


def test_notify_test_says_of_each_channel_whether_it_works(cli, hook):
    """Ok or no with the reason, exit 1 where one fails; a secret in the answer is masked."""
    cli.env["LOOPAI_NOTIFY_WEBHOOK_URL"] = f"{hook.url}/{CANARY}"
    assert cli.inside("notify", "test").out == "webhook       ok\n"

    hook.script.append((404, {}, f"no {CANARY}".encode()))
    ended = cli.inside("notify", "test", "webhook")

    assert ended.code == 1
    assert ended.out.startswith("webhook       no  answered 404: no ")
    assert len(hook.seen) == 2


def test_notify_without_a_channel_says_how(cli):
    """Nobody is told, and how to change that."""
    assert "LOOPAI_NOTIFY_SLACK_URL" in cli.inside("notify", "list").out
    assert cli.inside("notify", "test").code == 1
