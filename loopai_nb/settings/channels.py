"""Whom to tell, and of what: the channels of the notifiers as the settings give them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from loopai_nb.redaction import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from loopai_nb.connections import PasswordFrom

__all__ = ["Channel", "ChannelKind", "Importance", "MailServer", "NoticeKind", "Notify", "Security"]


class ChannelKind(StrEnum):
    """How a channel is reached."""

    SLACK = "slack"
    EMAIL = "email"
    WEBHOOK = "webhook"


class Importance(IntEnum):
    """How much a notice matters."""

    INFO = 1
    WARNING = 2
    URGENT = 3


class NoticeKind(StrEnum):
    """What happened, in the words of the setting ``events``."""

    APPROVAL = "approval"
    DECIDED = "decided"
    ENDED = "ended"
    FAILED = "failed"
    BUDGET = "budget"
    ALERT = "alert"
    TEST = "test"


class Security(StrEnum):
    """How the line to a mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in.

    Attributes:
        host: Name or address.
        port: TCP port.
        security: ``starttls`` and ``tls`` verify the certificate; neither falls back to plain text.
        user: For AUTH; "" sends without.
        password: Of the user, or KEYRING: the system keeps it under ``keyring_name``.
    """

    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    user: str = ""
    password: Secret | PasswordFrom | None = None

    @property
    def keyring_name(self) -> str:
        """Under which a keyring keeps the password: of this user at this host, and of no other."""
        return f"smtp:{self.user}@{self.host}"


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel.

    Attributes:
        name: As it is called in the settings.
        kind: How it is reached.
        at_least: Notices of less importance do not go there.
        events: Only these; empty for all.
        url: Of Slack's incoming webhook, or of the webhook.
        room: Slack's channel, where the webhook may choose it; "" for its own.
        secret: Signs what is posted to a webhook.
        headers: Further ones for a webhook.
        recipients: Mail addresses.
        sender: Mail address.
        mail_server: Where mail is handed in.
        links: Whether it gets links to decide with, which whoever has them can; not where only the project
            says the address.
    """

    name: str
    kind: ChannelKind
    at_least: Importance = Importance.INFO
    events: tuple[NoticeKind, ...] = ()
    url: Secret | None = None
    room: str = ""
    secret: Secret | None = None
    headers: Mapping[str, Secret] = field(default_factory=lambda: MappingProxyType({}))
    recipients: tuple[str, ...] = ()
    sender: str = ""
    mail_server: MailServer | None = None
    links: bool = True

    def takes(self, kinds: Iterable[NoticeKind], importance: Importance) -> bool:
        """Whether a notice of one of those kinds and that importance goes there."""
        kinds = frozenset(kinds)
        if NoticeKind.TEST in kinds:
            return True
        return importance >= self.at_least and (not self.events or not kinds.isdisjoint(self.events))

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """All that must not be shown."""
        password = None if self.mail_server is None else self.mail_server.password
        found = (self.url, self.secret, *self.headers.values(), password)
        return tuple(secret for secret in found if isinstance(secret, Secret) and secret)

    @property
    def words(self) -> str:
        """What it is, without secrets."""
        where = {
            ChannelKind.SLACK: self.room,
            ChannelKind.EMAIL: ", ".join(self.recipients),
            ChannelKind.WEBHOOK: "",
        }[self.kind]
        said = self.name if self.name == self.kind else f"{self.name} ({self.kind})"
        said = f"{said} {where}".rstrip()
        if self.at_least > Importance.INFO:
            said += f" from {self.at_least.name.lower()}"
        return f"{said}: {', '.join(self.events)}" if self.events else said


@dataclass(frozen=True, slots=True)
class Notify:
    """All channels.

    Attributes:
        channels: In the order in which they were named; none tells nobody.
        after_s: An approval that waits for less, and a run that ends well before, is told to nobody: whoever
            began it is still there.
        prompts: A notice of a waiting approval holds the first prompt.
        allow_link_local: Tell link-local and metadata addresses, too.
    """

    channels: tuple[Channel, ...] = ()
    after_s: float = 30.0
    prompts: bool = False
    allow_link_local: bool = False

    def __str__(self) -> str:
        return "; ".join(channel.words for channel in self.channels) or "nobody"
