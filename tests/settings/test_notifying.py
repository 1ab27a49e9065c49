"""Whom to tell: which channels the sources make, and what they are refused."""

from __future__ import annotations

import json
import traceback
from pathlib import Path

import pytest
from canaries import CANARY

from loopai_nb.connections import PasswordFrom
from loopai_nb.errors import SettingsError
from loopai_nb.redaction import Secret
from loopai_nb.settings.channels import Channel, ChannelKind, Importance, MailServer, NoticeKind, Security

SLACK = f"https://hooks.slack.example/services/T0/B0/{CANARY}"
HOOK = f"https://hooks.example/{CANARY}"


def test_nobody_is_told_by_default(load):
    """Without a channel there is nobody to tell, and no link to send."""
    settings = load()

    assert settings.notify.channels == ()
    assert settings.serve_url is None
    assert ("notify", "nobody", "default") in settings.provenance()


def test_one_variable_makes_a_channel(load):
    """The address alone, in the environment, is enough for Slack and for a webhook."""
    settings = load({"LOOPAI_NOTIFY_SLACK_URL": SLACK}, f"LOOPAI_NOTIFY_WEBHOOK_URL={HOOK}")

    assert settings.notify.channels == (
        Channel("slack", ChannelKind.SLACK, url=Secret(SLACK)),
        Channel("webhook", ChannelKind.WEBHOOK, url=Secret(HOOK)),
    )
    assert settings.source_of("notify") == (
        "environment (LOOPAI_NOTIFY_SLACK_URL), .env (LOOPAI_NOTIFY_WEBHOOK_URL)"
    )


def test_mail_needs_recipients_and_a_server(load):
    """Mail goes by STARTTLS on port 587 from the user's own address, unless something else is said."""
    environ = {
        "LOOPAI_NOTIFY_EMAIL_TO": "ada@example.org, bo@example.org",
        "LOOPAI_SMTP_HOST": "smtp.example.org",
        "LOOPAI_SMTP_USER": "robot@example.org",
        "LOOPAI_SMTP_PASSWORD": CANARY,
    }

    (channel,) = load(environ).notify.channels

    assert channel.recipients == ("ada@example.org", "bo@example.org")
    assert channel.sender == "robot@example.org"
    assert channel.mail_server == MailServer(
        "smtp.example.org", 587, Security.STARTTLS, "robot@example.org", Secret(CANARY)
    )
    assert load({**environ, "LOOPAI_SMTP_SECURITY": "tls"}).notify.channels[0].mail_server.port == 465


def test_the_password_may_be_in_the_keyring(load):
    """The keyring keeps it for one user at one host: another host finds none."""
    (channel,) = load(
        {"LOOPAI_SMTP_PASSWORD_FROM": "keyring", "LOOPAI_SMTP_HOST": "smtp.example.org"},
        pyproject='[tool.loopai_nb.notify.email]\nto = ["ada@example.org"]',
    ).notify.channels

    assert channel.mail_server.password is PasswordFrom.KEYRING
    assert channel.mail_server.keyring_name == "smtp:@smtp.example.org"


def test_the_project_says_what_goes_where(load):
    """pyproject.toml routes by kind and importance; the addresses come from where secrets are."""
    settings = load(
        {"LOOPAI_NOTIFY_SLACK_URL": SLACK, "LOOPAI_NOTIFY_OPS_URL": HOOK},
        pyproject="""
        [tool.loopai_nb.notify]
        at_least = "warning"
        [tool.loopai_nb.notify.slack]
        channel = "#models"
        events = ["approval", "budget"]
        [tool.loopai_nb.notify.ops]
        kind = "webhook"
        url_env = "LOOPAI_NOTIFY_OPS_URL"
        at_least = "urgent"
        """,
    )

    slack, ops = settings.notify.channels
    assert (slack.room, slack.at_least) == ("#models", Importance.WARNING)
    assert slack.events == (NoticeKind.APPROVAL, NoticeKind.BUDGET)
    assert (ops.url, ops.at_least, ops.events) == (Secret(HOOK), Importance.URGENT, ())
    assert settings.notes == ()
    assert str(settings.notify) == ("slack #models from warning: approval, budget; ops (webhook) from urgent")


@pytest.mark.parametrize(
    ("environ", "pyproject", "links"),
    [
        ({}, f'kind = "webhook"\nurl = "{HOOK}"', False),
        ({"LOOPAI_NOTIFY_OPS_URL": HOOK}, 'kind = "webhook"\nurl_env = "LOOPAI_NOTIFY_OPS_URL"', True),
        ({"LOOPAI_NOTIFY_SLACK_URL": SLACK}, None, True),
        ({"LOOPAI_SMTP_HOST": "h"}, 'kind = "email"\nto = "eve@example.org"', False),
        ({"LOOPAI_SMTP_HOST": "h", "LOOPAI_NOTIFY_EMAIL_TO": "ada@example.org"}, None, True),
    ],
)
def test_a_project_does_not_choose_who_gets_links_to_decide_with(load, environ, pyproject, links):
    """Whoever has one can approve."""
    project = "" if pyproject is None else f"[tool.loopai_nb.notify.ops]\n{pyproject}"

    assert [channel.links for channel in load(environ, pyproject=project).notify.channels] == [links]


@pytest.mark.parametrize(("name", "value"), [("serve_url", "https://a.example"), ("approve_below_usd", 1000)])
def test_a_project_chooses_neither_where_nor_what_is_approved(load, name, value):
    """Links would lead to its site, and what it sends would need no person."""
    with pytest.raises(SettingsError, match=rf"pyproject\.toml.* clones the project.*LOOPAI_{name.upper()}"):
        load({}, pyproject=f"{name} = {json.dumps(value)}")
    assert getattr(load({f"LOOPAI_{name.upper()}": str(value)}, pyproject=""), name) is not None


@pytest.mark.parametrize(
    ("kind", "importance", "taken"),
    [
        (NoticeKind.FAILED, Importance.URGENT, True),
        (NoticeKind.FAILED, Importance.INFO, False),
        (NoticeKind.ENDED, Importance.URGENT, False),
        (NoticeKind.TEST, Importance.INFO, True),
    ],
)
def test_a_channel_takes_what_it_is_for(kind, importance, taken):
    """A notice goes where kind and importance both fit; a test goes everywhere."""
    channel = Channel(
        "x", ChannelKind.SLACK, at_least=Importance.WARNING, events=(NoticeKind.FAILED, NoticeKind.BUDGET)
    )

    assert channel.takes([kind], importance) is taken


def test_code_may_say_all_of_it(load):
    """What code gives wins over the environment, secrets included."""
    given = {"slack": {"url": SLACK, "channel": "#b"}, "prompts": True}

    settings = load({"LOOPAI_NOTIFY_SLACK_CHANNEL": "#a"}, notify=given)

    assert settings.notify.channels[0].room == "#b"
    assert settings.notify.prompts


@pytest.mark.parametrize(
    ("environ", "pyproject", "says"),
    [
        ({}, f'[tool.loopai_nb.notify.slack]\nurl = "{SLACK}"', "committed"),
        ({}, f'[tool.loopai_nb.notify.webhook]\nurl = "https://h"\nsecret = "{CANARY}{CANARY}"', "committed"),
        ({}, f'[tool.loopai_nb.notify.email]\nto="a@b"\nhost="h"\npassword = "{CANARY}"', "committed"),
        ({}, "[tool.loopai_nb.notify]\nprompts = true", "LOOPAI_NOTIFY_PROMPTS"),
        ({}, "[tool.loopai_nb.notify]\nallow_link_local = true", "LOOPAI_NOTIFY_ALLOW_LINK_LOCAL"),
        ({}, '[tool.loopai_nb.notify]\nat_leats = "info"', "at_leats"),
        ({}, "[tool.loopai_nb.notify.team]\nevents = []", '"team" is no kind'),
        ({}, '[tool.loopai_nb.notify.slack]\nchanel = "x"', 'Did you mean "channel"?'),
        ({}, '[tool.loopai_nb.notify.slack]\nurl_env = "AWS_SECRET"', "LOOPAI_NOTIFY_"),
        ({}, '[tool.loopai_nb.notify.slack]\nurl_env = "LOOPAI_NOTIFY_X"', "is not set"),
        ({}, '[tool.loopai_nb.notify.slack]\nevents = ["party"]', "approval, decided, ended"),
        ({}, 'notify = "slack"', "no table"),
        ({"LOOPAI_NOTIFY_SLACK_URL": "ftp://x"}, "", "begins with http"),
        ({"LOOPAI_NOTIFY_SLACK_URL": f"https://u:{CANARY}@h"}, "", "user or a password"),
        ({"LOOPAI_NOTIFY_WEBHOOK_URL": "http://169.254.169.254/x"}, "", "link-local"),
        ({"LOOPAI_NOTIFY_WEBHOOK_URL": "http://[::ffff:169.254.169.254]/x"}, "", "link-local"),
        ({"LOOPAI_NOTIFY_EMAIL_TO": "ada@example.org"}, "", "No mail server"),
        ({"LOOPAI_NOTIFY_EMAIL_TO": "a@b", "LOOPAI_SMTP_HOST": "169.254.169.254"}, "", "link-local"),
        ({"LOOPAI_NOTIFY_EMAIL_TO": "a@b\r\nBcc: c@d", "LOOPAI_SMTP_HOST": "h"}, "", "no mail address"),
        ({"LOOPAI_NOTIFY_EMAIL_TO": "a@b>", "LOOPAI_SMTP_HOST": "h"}, "", "no mail address"),
        ({"LOOPAI_NOTIFY_AT_LEAST": "loud", "LOOPAI_NOTIFY_SLACK_URL": SLACK}, "", "no importance"),
        ({"LOOPAI_NOTIFY_PROMPTS": "perhaps", "LOOPAI_NOTIFY_SLACK_URL": SLACK}, "", "neither yes nor no"),
        ({"LOOPAI_NOTIFY_WEBHOOK_URL": HOOK, "LOOPAI_NOTIFY_WEBHOOK_SECRET": "short"}, "", "too short"),
        ({"LOOPAI_NOTIFY_WEBHOOK_URL": HOOK, "LOOPAI_NOTIFY_WEBHOOK_HEADERS": "{"}, "", "no JSON"),
        (
            {"LOOPAI_NOTIFY_WEBHOOK_URL": HOOK, "LOOPAI_NOTIFY_WEBHOOK_HEADERS": "Host: evil"},
            "",
            "ours to set",
        ),
        (
            {"LOOPAI_NOTIFY_WEBHOOK_URL": HOOK, "LOOPAI_NOTIFY_WEBHOOK_HEADERS": "A: b\r\nC: d"},
            "",
            "line end",
        ),
        ({"LOOPAI_SERVE_URL": "ftp://x"}, "", "begins with http"),
        (
            {
                "LOOPAI_NOTIFY_EMAIL_TO": "a@b",
                "LOOPAI_SMTP_HOST": "mail.example",
                "LOOPAI_SMTP_SECURITY": "none",
                "LOOPAI_SMTP_PASSWORD": CANARY,
            },
            "",
            "readable on its way",
        ),
    ],
)
def test_what_cannot_be_is_refused(load, environ, pyproject, says):
    """Attacks 15, 32 and 39: the message says what is wrong, and neither it nor a traceback has a secret."""
    with pytest.raises(SettingsError) as caught:
        load(environ, pyproject=pyproject)

    assert says in str(caught.value)
    assert str(caught.value).isprintable()
    text = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert CANARY not in text.partition("settings/settings.py")[2]


@pytest.mark.parametrize(
    ("environ", "pyproject"),
    [
        (
            {"LOOPAI_NOTIFY_WEBHOOK_HEADERS": f"Authorization: Bearer {CANARY}"},
            '[tool.loopai_nb.notify.webhook]\nurl = "https://elsewhere.example"',
        ),
        (
            {"LOOPAI_NOTIFY_TEAM": f"Authorization: {CANARY}"},
            '[tool.loopai_nb.notify.t]\nkind="webhook"\nurl="https://e"\nheaders_env = "LOOPAI_NOTIFY_TEAM"',
        ),
    ],
)
def test_a_project_does_not_choose_where_a_credential_goes(load, environ, pyproject):
    """A credential of the environment goes to no address that a cloned project names."""
    with pytest.raises(SettingsError, match="would go to the address that pyproject"):
        load(environ, pyproject=pyproject)


def test_a_channels_own_mail_server_gets_no_other_password(load):
    """The password for the environment's mail server is not sent to one that the project names."""
    environ = {
        "LOOPAI_SMTP_HOST": "smtp.example.org",
        "LOOPAI_SMTP_PASSWORD": CANARY,
        "LOOPAI_SMTP_USER": "u",
    }

    (channel,) = load(
        environ, pyproject='[tool.loopai_nb.notify.email]\nto = "a@b"\nhost = "evil.example"'
    ).notify.channels

    assert channel.mail_server == MailServer("evil.example")


def test_a_name_that_nothing_reads_is_noted(load):
    """A misspelt name, or one that no channel names, is told."""
    notes = load({"LOOPAI_NOTIFY_SLAK_URL": SLACK, "LOOPAI_NOTIFY_ZZZ": "x"}).notes

    assert notes == (
        "environment sets LOOPAI_NOTIFY_SLAK_URL, which nothing reads; did you mean LOOPAI_NOTIFY_SLACK_URL?",
        "environment sets LOOPAI_NOTIFY_ZZZ, which nothing reads; no channel names it.",
    )


def test_nothing_shows_a_channels_secret(load):
    """Promise 5: no repr or provenance shows an address, a signature's key, a header or a password."""
    settings = load(
        {
            "LOOPAI_NOTIFY_SLACK_URL": SLACK,
            "LOOPAI_NOTIFY_WEBHOOK_URL": HOOK,
            "LOOPAI_NOTIFY_WEBHOOK_SECRET": CANARY * 2,
            "LOOPAI_NOTIFY_WEBHOOK_HEADERS": f"Authorization: Bearer {CANARY}",
            "LOOPAI_NOTIFY_EMAIL_TO": "ada@example.org",
            "LOOPAI_SMTP_HOST": "h",
            "LOOPAI_SMTP_PASSWORD": CANARY,
        }
    )

    assert len(settings.notify.channels) == 3
    assert CANARY not in f"{settings!r} {settings.notify!r} {settings.notify} {settings.provenance()}"
    assert {SLACK, HOOK, CANARY} <= set(settings.secrets)  # by which errors and reports mask them


def test_the_documented_examples_work(load):
    """The .env lines and the pyproject.toml of docs/notify.md load as they stand there."""
    text = (Path(__file__).parents[2] / "docs" / "notify.md").read_text(encoding="utf-8")
    lines = [block.partition("```")[0] for block in text.split("```sh\n")[1:]]
    dotenv = "".join(lines).replace("=...", "=a-password").replace("Bearer ...", "Bearer x")
    pyproject = text.partition("```toml\n")[2].partition("```")[0]

    settings = load(
        dotenv=f"{dotenv}LOOPAI_NOTIFY_ONCALL_URL=https://oncall.example/x\n", pyproject=pyproject
    )

    assert [channel.name for channel in settings.notify.channels] == ["slack", "oncall", "email", "webhook"]
    assert settings.notes == ()
