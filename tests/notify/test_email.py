"""What is handed in by SMTP, and what of it goes wrong."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
from concurrent.futures import ThreadPoolExecutor

import pytest
from canaries import CANARY

from loopai_nb.notify.email import Email, _Line
from loopai_nb.notify.notice import Undelivered
from loopai_nb.redaction import Secret
from loopai_nb.settings.channels import Channel, ChannelKind, MailServer, Security


@pytest.fixture
def mail(mailbox, certificate):
    """Makes a sender to that mailbox, which trusts its certificate."""

    def make(security=Security.NONE, *, trusted=True, **given):
        server = MailServer(**({"host": "127.0.0.1", "port": mailbox.port, "security": security} | given))
        channel = Channel(
            "email",
            ChannelKind.EMAIL,
            recipients=("ada@example.org", "bo@example.org"),
            sender="robot@example.org",
            mail_server=server,
        )
        return Email(channel, tls=lambda: ssl.create_default_context(cafile=certificate if trusted else None))

    return make


def _parsed(mailbox):
    return email.message_from_bytes(mailbox.mails[0][2], policy=email.policy.default)


def test_mail_is_plain_text_to_every_recipient(mail, mailbox, notice):
    """One mail with subject, facts and the link, marked as made by a program."""
    told = notice(facts=(("Rows", "12 of 20, caf\u00e9"),), link=Secret("http://127.0.0.1:8770/a/x.y"))

    asyncio.run(mail().send(told))

    sender, recipients, _ = mailbox.mails[0]
    parsed = _parsed(mailbox)
    assert "robot@example.org" in sender
    assert len(recipients) == 2
    assert parsed["subject"] == "[loopai_nb] Run r-1 failed."
    assert parsed["auto-submitted"] == "auto-generated"
    assert parsed.get_content_type() == "text/plain"
    assert "Rows: 12 of 20, caf\u00e9" in parsed.get_content()
    assert "http://127.0.0.1:8770/a/x.y" in parsed.get_content()


def test_attack_39_a_title_adds_no_header(mail, mailbox, notice):
    """A line end in a title (a row may hold one) is shown, and begins no header and no command."""
    asyncio.run(
        mail().send(notice("a\r\nBcc: evil@example.org\r\n\r\n.\r\nMAIL FROM:<x>", prompt="b\r\n.\r\nQUIT"))
    )

    parsed = _parsed(mailbox)
    assert parsed["bcc"] is None
    assert "Bcc: evil@example.org" in parsed["subject"]
    assert len(mailbox.mails) == 1
    assert mailbox.commands.count("MAIL") == 1


def test_starttls_comes_before_the_password(mail, mailbox, notice, server_tls):
    """By STARTTLS the password goes over TLS only."""
    mailbox.tls = server_tls

    asyncio.run(mail(Security.STARTTLS, user="robot", password=Secret(CANARY)).send(notice()))

    assert mailbox.logins == [("robot", CANARY)]
    assert mailbox.commands.index("STARTTLS") < mailbox.commands.index("AUTH")


def test_tls_from_the_first_byte(mail, mailbox, notice, server_tls):
    """Port 465's way works, too."""
    mailbox.tls, mailbox.implicit = server_tls, True

    asyncio.run(mail(Security.TLS, user="robot", password=Secret(CANARY)).send(notice()))

    assert mailbox.logins == [("robot", CANARY)]
    assert len(mailbox.mails) == 1


def test_a_server_without_starttls_gets_nothing(mail, mailbox, notice):
    """There is no falling back to plain text: neither password nor mail is sent."""
    with pytest.raises(Undelivered, match="does not offer"):
        asyncio.run(mail(Security.STARTTLS, user="robot", password=Secret(CANARY)).send(notice()))

    assert mailbox.logins == []
    assert mailbox.mails == []


def test_a_certificate_nobody_vouches_for(mail, mailbox, notice, server_tls):
    """A server that can't show who it is gets nothing, and the reason says so."""
    mailbox.tls = server_tls

    with pytest.raises(Undelivered, match="no TLS that can be trusted") as caught:
        asyncio.run(mail(Security.STARTTLS, trusted=False).send(notice()))

    assert not caught.value.again
    assert mailbox.mails == []


@pytest.mark.parametrize(
    ("command", "answer", "told"),
    [
        ("EHLO", "550 no", ("answered 550: no", False)),
        ("MAIL", "451 later", ("answered 451: later", True)),
        ("RCPT", "550 unknown", ("refused every recipient (550: unknown)", False)),
        ("RCPT", "450 busy", ("refused every recipient (450: busy)", True)),
        ("DATA", "554 spam \x1b[31m", ("answered 554: spam \u241b[31m", False)),
    ],
)
def test_what_a_server_refuses_is_told(mail, mailbox, notice, command, answer, told):
    """The server's own words without control characters, and whether a second try may go well."""
    mailbox.says[command] = answer
    mailbox.says["HELO"] = answer

    with pytest.raises(Undelivered) as caught:
        asyncio.run(mail().send(notice()))

    assert (caught.value.reason, caught.value.again) == told


def test_a_wrong_password_is_told_without_it(mail, mailbox, notice, server_tls):
    """What was refused is said, what was typed is not."""
    mailbox.tls, mailbox.implicit = server_tls, True
    mailbox.says["AUTH"] = f"535 {CANARY} is wrong"

    with pytest.raises(Undelivered) as caught:
        asyncio.run(mail(Security.TLS, user="robot", password=Secret(CANARY)).send(notice()))

    assert caught.value.reason == "did not take user and password (535)"
    assert caught.value.__context__ is None


def test_a_server_that_says_nothing_is_given_up(mail, mailbox, notice):
    """A deadline ends the dialogue, though its thread waits for a line that never comes."""
    mailbox.says[""] = "silence"

    async def send():
        async with asyncio.timeout(0.2):
            await mail().send(notice())

    with pytest.raises(TimeoutError):
        asyncio.run(send())


@pytest.mark.parametrize("security", Security)
def test_a_dialogue_that_is_given_up_ends(mail, mailbox, notice, server_tls, until, security):
    """Also over TLS, and not only when the server is silent for long: the mail would arrive after all."""
    mailbox.tls = None if security is Security.NONE else server_tls
    mailbox.implicit = security is Security.TLS
    mailbox.says["MAIL"] = "250-there is more"
    sender, line = mail(security), _Line()

    with ThreadPoolExecutor(1) as pool:
        handed = pool.submit(sender._hand_in, sender.message(notice()), ["127.0.0.1"], line)
        until(lambda: "MAIL" in mailbox.commands)
        line.cut()
        with pytest.raises(Undelivered, match="it hung up"):
            handed.result()
    with pytest.raises(Undelivered):
        sender._hand_in(sender.message(notice()), ["127.0.0.1"], line)
    assert mailbox.commands.count("MAIL") == 1


def test_attack_32_mail_is_not_handed_in_at_a_metadata_address(mail, notice):
    """A link-local mail server is not asked."""
    with pytest.raises(Undelivered, match="link-local"):
        asyncio.run(mail(host="169.254.169.254").send(notice()))


def test_nobody_listens(mail, notice, closed_port):
    """A mail server that is off: said so, and worth a second try."""
    with pytest.raises(Undelivered, match="connection refused") as caught:
        asyncio.run(mail(port=closed_port).send(notice()))

    assert caught.value.again
