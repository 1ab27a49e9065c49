"""What a webhook is sent, and where it is not sent."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket

import pytest

from loopai_nb.notify.notice import Undelivered
from loopai_nb.notify.webhook import Webhook
from loopai_nb.redaction import Secret
from loopai_nb.settings.channels import Channel, ChannelKind

KEY = "k" * 32


def _webhook(url, *, allow=False, **given):
    channel = Channel("webhook", ChannelKind.WEBHOOK, url=Secret(url), **given)
    return Webhook(channel, allow_link_local=allow, clock=lambda: 1_763_750_001.5)


def test_a_webhook_gets_json(hook, notice):
    """One object: what happened, when, to which run; nothing that was not asked for."""
    told = notice(facts=(("Rows", "12"),), run_id="r-1")

    asyncio.run(_webhook(hook.url).send(told))

    assert json.loads(hook.seen[0].body) == {
        "version": 1,
        "id": told.notice_id,
        "kind": "failed",
        "importance": "urgent",
        "title": "Run r-1 failed.",
        "at": "2025-11-21T18:33:20Z",
        "facts": {"Rows": "12"},
        "run_id": "r-1",
        "plan_id": None,
        "approval_id": None,
        "link": None,
        "prompt": None,
    }
    assert hook.seen[0].headers["x-loopai-notice"] == told.notice_id
    assert "x-loopai-signature" not in hook.seen[0].headers


def test_a_signature_is_over_time_and_body(hook, notice):
    """With a secret, the receiver can tell who sent it, and that it is not an old one sent again."""
    asyncio.run(
        _webhook(hook.url, secret=Secret(KEY), headers={"Authorization": Secret("Bearer x")}).send(notice())
    )

    (seen,) = hook.seen
    wanted = hmac.new(KEY.encode(), b"1763750001." + seen.body, hashlib.sha256).hexdigest()
    assert seen.headers["x-loopai-signature"] == f"t=1763750001,v1={wanted}"
    assert seen.headers["authorization"] == "Bearer x"


@pytest.mark.parametrize(
    ("status", "again"), [(400, False), (401, False), (404, False), (429, True), (500, True), (503, True)]
)
def test_what_may_go_well_later_is_told_apart(hook, notice, status, again):
    """Only where the other side was busy or broken is a second try worth it."""
    hook.script.append((status, {"retry-after": "7"}, b"no"))

    with pytest.raises(Undelivered) as caught:
        asyncio.run(_webhook(hook.url).send(notice()))

    assert (caught.value.again, caught.value.wait_s) == (again, 7.0)


@pytest.mark.parametrize(
    "said", ["nan", "inf", "-1", "86400", "\u0663", "9" * 400, "Wed, 21 Oct 2026 07:28:00 GMT"]
)
def test_attack_38_retry_after_is_clamped(hook, notice, said):
    """Whatever Retry-After says, the wait is between 0 and 10 seconds."""
    hook.script.append((503, {"retry-after": said.encode().decode("latin-1")}, b""))

    with pytest.raises(Undelivered) as caught:
        asyncio.run(_webhook(hook.url).send(notice()))

    assert 0 <= caught.value.wait_s <= 10


def test_attack_33_a_redirect_is_not_followed(hook, notice):
    """A webhook that points elsewhere is an error, and nothing goes there."""
    hook.script.append((302, {"location": f"{hook.url}/elsewhere"}, b""))

    with pytest.raises(Undelivered, match="answered 302"):
        asyncio.run(_webhook(hook.url).send(notice()))

    assert [seen.path for seen in hook.seen] == ["/hook"]


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:169.254.169.254]", "2852039166", "metadata"])
def test_attack_32_metadata_addresses_are_not_posted_to(notice, host):
    """A cloud's metadata service is refused in each spelling."""
    with pytest.raises(Undelivered, match="metadata or link-local") as caught:
        asyncio.run(_webhook(f"http://{host}/").send(notice()))

    assert not caught.value.again


def test_a_name_that_leads_to_a_metadata_address_is_not_posted_to(notice, monkeypatch):
    """What a name resolves to is checked too, and that very address is the one that is connected to."""
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("169.254.169.254", 80))]
    )  # a resolver in the hands of somebody else

    with pytest.raises(Undelivered, match="resolves to a cloud's metadata"):
        asyncio.run(_webhook("http://rebound.example/").send(notice()))


def test_nobody_there(notice, closed_port):
    """A port on which nobody listens: said so, and worth a second try."""
    with pytest.raises(Undelivered, match="connection refused") as caught:
        asyncio.run(_webhook(f"http://127.0.0.1:{closed_port}/").send(notice()))

    assert caught.value.again


def test_tls_is_verified_by_name(tls_hook, notice, certificate, monkeypatch):
    """The certificate has to be of the name in the URL, though a checked address is connected to."""
    url = f"https://localhost:{tls_hook.port}/"
    with pytest.raises(Undelivered, match="certificate is not valid"):
        asyncio.run(_webhook(url).send(notice()))
    assert tls_hook.seen == []

    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    asyncio.run(_webhook(url).send(notice()))

    assert tls_hook.seen[0].headers["host"] == f"localhost:{tls_hook.port}"
