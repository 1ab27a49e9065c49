"""What Slack is sent."""

from __future__ import annotations

import asyncio
import json

import pytest
from canaries import CANARY

from loopai_nb.notify.notice import Undelivered
from loopai_nb.notify.slack import Slack
from loopai_nb.redaction import Secret
from loopai_nb.settings.channels import Channel, ChannelKind

EVIL = "<!channel> <https://evil.example|click> & *all*"


def _slack(url, **given):
    return Slack(Channel("slack", ChannelKind.SLACK, url=Secret(url), **given))


def test_slack_gets_the_title_the_facts_and_the_link(hook, notice):
    """One post: a header, a field for each fact, the link as one, into the room that was asked for."""
    told = notice(facts=(("Rows", "12 of 20"),), link=Secret("http://127.0.0.1:8770/a/x.y"))

    asyncio.run(_slack(hook.url, room="#models").send(told))

    (seen,) = hook.seen
    message = json.loads(seen.body)
    assert seen.path == "/hook"
    assert seen.headers["content-type"] == "application/json; charset=utf-8"
    assert message["channel"] == "#models"
    assert message["text"] == "Run r-1 failed."
    assert [block["type"] for block in message["blocks"]] == ["header", "section", "section"]
    assert message["blocks"][1]["fields"][0]["text"] == "Rows\n12 of 20"
    assert message["blocks"][2]["text"]["text"] == "<http://127.0.0.1:8770/a/x.y|Look at it and decide>"
    assert message["unfurl_links"] is False


def test_text_of_a_row_is_no_markup(hook, notice):
    """A mention or a link in a text calls nobody and leads nowhere; odd characters are spelled out."""
    asyncio.run(_slack(hook.url).send(notice(f"{EVIL}\u202e\n", facts=(("Error", EVIL),), prompt=EVIL)))

    message = json.loads(hook.seen[0].body)
    shown = [block["text"] for block in message["blocks"] if "text" in block]
    shown += [field for block in message["blocks"] for field in block.get("fields", [])]
    assert {each["type"] for each in shown} == {"plain_text"}
    assert message["text"] == (
        "&lt;!channel&gt; &lt;https://evil.example|click&gt; &amp; *all*[U+202E]\N{SYMBOL FOR LINE FEED}"
    )


def test_a_long_title_and_many_facts_keep_to_slacks_limits(notice):
    """Whatever the length, Slack's limits hold: 150 of a header, ten fields, 2,000 and 3,000 characters."""
    told = notice("x" * 5_000, facts=(("y" * 500, "z" * 9_000),) * 30, prompt="p" * 90_000)

    blocks = _slack("http://127.0.0.1:1").message(told)["blocks"]

    assert blocks[0]["type"] == "section"
    assert len(blocks[1]["fields"]) == 10
    assert max(len(field["text"]) for field in blocks[1]["fields"]) <= 2_000
    assert len(blocks[2]["text"]["text"]) <= 3_000


def test_what_slack_says_is_told_without_the_address(hook, notice):
    """A refusal is told with Slack's own word; an address that it repeats is masked."""
    hook.script.append((404, {}, f"no_service {hook.url}/{CANARY}".encode()))

    with pytest.raises(Undelivered) as caught:
        asyncio.run(_slack(f"{hook.url}/{CANARY}").send(notice()))

    assert caught.value.reason.startswith("answered 404: no_service")
    assert CANARY not in caught.value.reason
    assert not caught.value.again
