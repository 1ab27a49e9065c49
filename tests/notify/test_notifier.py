"""The notifier's manners: it never waits, never raises, and says what did not arrive."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
import threading
import traceback

import pytest
from canaries import CANARY

from loopai_nb.errors import LoopaiNbError, SettingsError
from loopai_nb.notify.notice import Undelivered
from loopai_nb.notify.notifier import MOST_WAITING, Notifier, sender_of
from loopai_nb.redaction import Secret
from loopai_nb.settings.channels import Channel, ChannelKind, Importance, NoticeKind, Notify


def _channel(url="http://127.0.0.1:1/", name="webhook", **given):
    return Channel(name, ChannelKind.WEBHOOK, url=Secret(url), **given)


@pytest.fixture
def failures():
    """What did not arrive."""
    return []


@pytest.fixture
def notifier(failures):
    """Makes a notifier, which is closed after the test."""
    made = []

    def make(*channels, **given):
        options = {"deadline_s": 10.0, "retry_after_s": 0.0, "on_failure": failures.append}
        made.append(Notifier(Notify(channels), **(options | given)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def _titles(hook):
    return [json.loads(seen.body)["title"] for seen in hook.seen]


def test_a_channel_without_links_gets_none(hook, notice, notifier):
    """Another one gets it."""
    made = notifier(_channel(hook.url, name="ours"), _channel(hook.url, name="theirs", links=False))

    made.tell(dataclasses.replace(notice("waits"), link=Secret("https://pages.example.org/a/x")))
    made.close(within_s=60)

    links = [json.loads(seen.body)["link"] for seen in hook.seen]
    assert sorted(links, key=str) == [None, "https://pages.example.org/a/x"]


def test_notices_arrive_in_order(hook, notice, notifier):
    """Each channel gets its notices one after the other, as they were told."""
    made = notifier(_channel(hook.url))

    for n in range(5):
        made.tell(notice(f"n {n}"))
    made.close(within_s=60)

    assert _titles(hook) == [f"n {n}" for n in range(5)]


def test_a_notice_goes_where_it_belongs(hook, notice, notifier):
    """By importance and kind, each to its channels."""
    urgent = _channel(f"{hook.url}/urgent", "urgent", at_least=Importance.URGENT)
    money = _channel(f"{hook.url}/money", "money", events=(NoticeKind.BUDGET,))
    made = notifier(urgent, money)

    made.tell(notice("info", importance=Importance.INFO))
    made.tell(notice("budget", kind=NoticeKind.BUDGET, importance=Importance.WARNING))
    made.tell(notice("failed"))
    made.close(within_s=60)

    assert {seen.path: json.loads(seen.body)["title"] for seen in hook.seen} == {
        "/hook/urgent": "failed",
        "/hook/money": "budget",
    }


def test_one_retry_and_no_more(hook, notice, notifier, failures):
    """A second try may succeed, with the same id; a third there is not."""
    hook.script.extend([(503, {}, b""), (200, {}, b"")])
    made = notifier(_channel(hook.url))
    made.tell(notice("first"))
    made.close(within_s=60)
    assert len({seen.headers["x-loopai-notice"] for seen in hook.seen}) == 1
    assert (len(hook.seen), failures) == (2, [])

    hook.script.extend([(503, {}, b"")] * 2)
    other = notifier(_channel(hook.url))
    other.tell(notice("second"))
    other.close(within_s=60)

    assert len(hook.seen) == 4
    assert [(failure.channel, failure.reason) for failure in failures] == [("webhook", "answered 503")]


def test_what_fails_is_one_line_in_the_log(notice, notifier, failures, closed_port, caplog):
    """A dead channel raises nowhere: one warning, without the address, and who asked to know is told."""
    made = notifier(_channel(f"http://127.0.0.1:{closed_port}/{CANARY}"))

    with caplog.at_level(logging.WARNING, "loopai_nb"):
        made.tell(notice())
        made.close(within_s=60)

    (record,) = caplog.records
    assert record.getMessage() == (
        'webhook was not told of "Run r-1 failed.": could not be connected (connection refused).'
    )
    assert len(failures) == 1


def test_a_channel_that_hangs_delays_nobody(hook, notice, notifier, failures):
    """Telling returns at once; the other channels get theirs; a deadline gives up the one that hangs."""
    arrived, go = [], threading.Event()

    class Quick:
        async def send(self, told):
            arrived.append(told.title)
            go.set()

    def senders(channel, _):
        return Quick() if channel.name == "well" else sender_of(channel, Notify())

    hook.script.extend([(0, {}, b"")] * 2)
    made = notifier(_channel(hook.url, "hangs"), _channel(name="well"), deadline_s=0.2, senders=senders)
    made.tell(notice("held"))

    assert go.wait(60)
    made.close(within_s=60)
    assert arrived == ["held"]
    assert [(f.channel, f.reason) for f in failures] == [("hangs", "did not answer within 0.2 s")]


def test_too_many_are_dropped_counted_and_told(notice, notifier):
    """The queue is bounded: the least important and oldest go, and the next notice says how many."""
    arrived, began, go = [], threading.Event(), threading.Event()

    class Slow:
        async def send(self, told):
            arrived.append(told)
            began.set()
            go.wait(60)

    made = notifier(_channel(), senders=lambda *_: Slow())
    made.tell(notice("first"))
    began.wait(60)
    made.tell(notice("urgent"))
    for n in range(MOST_WAITING + 9):
        made.tell(notice(f"info {n}", importance=Importance.INFO, at_ms=n))
    go.set()
    made.close(within_s=60)

    assert len(arrived) == 1 + MOST_WAITING
    assert arrived[1].title == "urgent"
    assert dict(arrived[1].facts)["Notices"].startswith("10 before this one were dropped")
    assert arrived[2].title == "info 10"


def test_a_fault_of_a_sender_stays_there(notice, notifier, failures, caplog):
    """Whatever a sender raises, or what is told of it, reaches nobody; the next notice is sent."""
    arrived = []

    class Broken:
        async def send(self, told):
            if not arrived:
                arrived.append(told)
                raise ValueError(CANARY)
            arrived.append(told)

    def complains(failure):
        failures.append(failure)
        raise RuntimeError

    made = notifier(_channel(), senders=lambda *_: Broken(), on_failure=complains)
    with caplog.at_level(logging.DEBUG, "loopai_nb"):
        made.tell(notice("a"))
        made.tell(notice("b"))
        made.close(within_s=60)

    assert [told.title for told in arrived] == ["a", "b"]
    assert failures[0].reason == "failed (ValueError)"
    assert CANARY not in caplog.text


def test_closing_gives_up_what_is_not_told(notice, notifier, failures):
    """Nothing is waited for longer than was said; what was not told is told as a failure."""
    began = threading.Event()

    class Never:
        async def send(self, told):  # noqa: ARG002  (a Sender's signature)
            began.set()
            await asyncio.Event().wait()

    made = notifier(_channel(), senders=lambda *_: Never())
    made.tell(notice("a"))
    made.tell(notice("b"))
    began.wait(60)
    made.close()
    made.tell(notice("c"))

    assert [(f.notice.title, f.reason) for f in failures] == [
        ("a", "the session was closed first"),
        ("b", "the session was closed first"),
    ]


def test_trying_out_says_of_each_channel_whether_it_works(hook, notice, notifier):
    """A test goes to every channel, whatever it is for, and comes back with what is wrong."""
    hook.script.append((404, {}, b"no_service"))
    made = notifier(_channel(hook.url, "a", events=(NoticeKind.BUDGET,)), senders=None)
    said = made.try_out(notice(kind=NoticeKind.TEST, importance=Importance.INFO))
    assert said == [("a", "answered 404: no_service")]

    assert made.try_out(notice(kind=NoticeKind.TEST)) == [("a", "")]


def test_a_program_makes_its_own(hook, notice):
    """The first design's notifiers: channels given in code, closed with the block; a wrong one is refused."""
    with Notifier.to(slack={"url": hook.url, "channel": "#models"}) as made:
        made.tell(notice())

    assert json.loads(hook.seen[0].body)["channel"] == "#models"
    with pytest.raises(SettingsError, match="metadata"):
        Notifier.to(webhook={"url": "http://169.254.169.254/"})
    with pytest.raises(SettingsError, match='Did you mean "channel"'):
        Notifier.to(slack={"url": hook.url, "chanel": "#models"})


def test_a_wrong_channel_of_a_program_shows_no_secret(hook):
    """Attack 15: neither the error nor a traceback with locals has the address."""
    with pytest.raises(SettingsError) as caught:
        Notifier.to(slack={"url": f"ftp://{CANARY}", "channel": "#models"})

    trace = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert CANARY not in "".join(trace.format()).partition("settings/notifying.py")[2]
    assert hook.seen == []


def test_undelivered_does_not_leave_the_package():
    """It is no error that a caller may meet: it is not among those that loopai_nb raises."""
    assert not issubclass(Undelivered, LoopaiNbError)
