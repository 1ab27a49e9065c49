"""Reading whom to tell: ``[tool.loopai_nb.notify]``, and the names of the usual three channels.

Addresses that are secrets, and the credentials for others, come from the environment, ``.env`` or code. A
credential is used only with an address that was not said by ``pyproject.toml``, and so is a link to decide
with: a project that is cloned does not choose where a password goes, or who approves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopai_nb.connections import PasswordFrom
from loopai_nb.errors import SettingsError
from loopai_nb.redaction import Secret, mask_text, visible
from loopai_nb.settings import channel_values as check
from loopai_nb.settings.channels import (
    Channel,
    ChannelKind,
    Importance,
    MailServer,
    NoticeKind,
    Notify,
    Security,
)
from loopai_nb.settings.sources import PREFIX, Found, Source, Spec, near

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SPECS", "channels_of", "find_notify"]

_TABLE = Spec("notify", (), ("notify",))
_NAMES: Mapping[tuple[str, str], str] = {
    ("slack", "url"): "LOOPAI_NOTIFY_SLACK_URL",
    ("slack", "channel"): "LOOPAI_NOTIFY_SLACK_CHANNEL",
    ("webhook", "url"): "LOOPAI_NOTIFY_WEBHOOK_URL",
    ("webhook", "secret"): "LOOPAI_NOTIFY_WEBHOOK_SECRET",
    ("webhook", "headers"): "LOOPAI_NOTIFY_WEBHOOK_HEADERS",
    ("email", "to"): "LOOPAI_NOTIFY_EMAIL_TO",
    ("email", "from"): "LOOPAI_NOTIFY_EMAIL_FROM",
    ("", "at_least"): "LOOPAI_NOTIFY_AT_LEAST",
    ("", "after_s"): "LOOPAI_NOTIFY_AFTER_S",
    ("", "prompts"): "LOOPAI_NOTIFY_PROMPTS",
    ("", "allow_link_local"): "LOOPAI_NOTIFY_ALLOW_LINK_LOCAL",
    ("smtp", "host"): "LOOPAI_SMTP_HOST",
    ("smtp", "port"): "LOOPAI_SMTP_PORT",
    ("smtp", "security"): "LOOPAI_SMTP_SECURITY",
    ("smtp", "user"): "LOOPAI_SMTP_USER",
    ("smtp", "password"): "LOOPAI_SMTP_PASSWORD",
    ("smtp", "password_from"): "LOOPAI_SMTP_PASSWORD_FROM",
}
SPECS = (_TABLE, *(Spec("notify", (name,)) for name in _NAMES.values()))

_COMMON = ("kind", "at_least", "events")
_OWN = {
    ChannelKind.SLACK: ("url", "channel"),
    ChannelKind.WEBHOOK: ("url", "secret", "headers"),
    ChannelKind.EMAIL: ("to", "from", "host", "port", "security", "user", "password"),
}
_BY_NAME = ("url", "secret", "headers")
"""Entries that may name an environment variable instead: ``url_env``."""

_CODE_ONLY = ("prompts", "allow_link_local")
_PROJECT = 3
"""Level of ``pyproject.toml``."""

_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


def find_notify(sources: Sequence[Source], notes: list[str]) -> tuple[Notify | None, str]:
    """Whom to tell, and where it was said; None where nobody said anything.

    Raises:
        SettingsError: An entry is unknown or can't be used, or a secret stands in ``pyproject.toml``.
    """
    reading = _Reading(sources)
    names = dict.fromkeys(reading.tables)
    for kind, entry in ((ChannelKind.SLACK, "url"), (ChannelKind.WEBHOOK, "url"), (ChannelKind.EMAIL, "to")):
        if reading.said(kind, entry):
            names.setdefault(kind)
    channels = tuple(reading.channel(name) for name in names)
    notify = Notify(
        channels,
        after_s=check.seconds(reading.said("", "after_s"), Notify().after_s),
        prompts=check.switch(reading.said("", "prompts")),
        allow_link_local=check.switch(reading.said("", "allow_link_local")),
    )
    notes += reading.unread()
    return (notify, ", ".join(dict.fromkeys(reading.origins))) if channels else (None, "default")


def channels_of(table: Mapping[str, Any]) -> Notify:
    """The channels of one table, without any other source; ``*_env`` finds nothing.

    Raises:
        SettingsError: See ``find_notify``.
    """
    given = Source(0, "given here", Path(), {"notify": table} if table else {}, by_key=True)
    del table  # a traceback with locals shows this frame
    return find_notify([given], [])[0] or Notify()


@dataclass(slots=True)
class _Reading:
    """What the sources say of channels, looked up entry by entry."""

    sources: Sequence[Source]
    tables: dict[str, tuple[Mapping[str, Any], Source]] = field(default_factory=dict, repr=False)
    origins: list[str] = field(default_factory=list)
    _general: tuple[Mapping[str, Any], Source] | None = field(default=None, repr=False)
    _named: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for source in self.sources:
            found = source.find(_TABLE) if source.by_key else None
            if found is None:
                continue
            if not isinstance(found.value, Mapping):
                raise SettingsError(f"{found.where} is no table.", "Write [tool.loopai_nb.notify.slack].")
            self._take(found)
            return

    def _take(self, found: Found) -> None:
        general = {}
        for name in found.value:
            value = check.hidden(found.value[name])
            if isinstance(value, Mapping):
                check.name(name, found)
                self.tables[name] = (value, found.source)
            elif name in ("at_least", "after_s", *_CODE_ONLY):
                general[name] = value
            else:
                hint = f"Known: at_least, after_s, {', '.join(_CODE_ONLY)}, and a table for each channel."
                raise SettingsError(f'notify has no entry "{_plain(name)}" ({found.source.label}).', hint)
            if name in _CODE_ONLY and found.source.level == _PROJECT:
                raise SettingsError(
                    f"notify.{name} in {found.source.label} would hold for whoever clones the project.",
                    f"Set {_NAMES['', name]} in .env.",
                )
        self._general = (general, found.source)

    def said(self, channel: str, entry: str) -> Found | None:
        """The value of an entry, of the first source that has it."""
        table, source = self.tables.get(channel) or (self._general if channel == "" else None) or ({}, None)
        in_code = source is not None and source.level < 1
        places = [self._in_environment(channel, entry), self._in_table(channel, table, source, entry)]
        return next((found for found in (reversed(places) if in_code else places) if found), None)

    def _in_environment(self, channel: str, entry: str) -> Found | None:
        name = _NAMES.get((channel, entry))
        return None if name is None else self._variable(name)

    def _variable(self, name: str) -> Found | None:
        spec = Spec("notify", (name,))
        found = (source.find(spec) for source in self.sources if not source.by_key)
        return next((each for each in found if each), None)

    def _in_table(
        self, channel: str, table: Mapping[str, Any], source: Source | None, entry: str
    ) -> Found | None:
        value = table.get(entry)
        if source is not None and value is not None and check.shown(value) != "":
            return Found(f"notify.{channel}.{entry}" if channel else f"notify.{entry}", value, source)
        name = check.shown(table.get(f"{entry}_env")) if entry in _BY_NAME else None
        if name is None:
            return None
        if not isinstance(name, str) or not name.startswith(PREFIX):
            raise SettingsError(
                f"notify.{channel}.{entry}_env names no variable for it.",
                f"Its name has to begin with {PREFIX}: others are not for notices.",
            )
        self._named.append(name)
        found = self._variable(name)
        if found is None:
            raise SettingsError(f"{name} is not set, and notify.{channel} needs it.", "Set it in .env.")
        return found

    def channel(self, name: str) -> Channel:
        """One channel, all of its entries checked."""
        table, source = self.tables.get(name, ({}, None))
        kind = check.choice(ChannelKind, self.said(name, "kind"), "kind of channel", name)
        self._refuse_unknown(name, table, kind)
        least = self.said(name, "at_least") or self.said("", "at_least")
        common: dict[str, Any] = {
            "at_least": Importance[check.choice(check.Level, least, "importance", "info").upper()],
            "events": check.words(NoticeKind, self.said(name, "events")),
        }
        if source is not None:
            self.origins.append(f"{source.label} (notify)")
        if kind is ChannelKind.EMAIL:
            return Channel(name, kind, **common, **self._mail(name))
        url = self._needed(name, "url", "Set LOOPAI_NOTIFY_SLACK_URL or LOOPAI_NOTIFY_WEBHOOK_URL in .env.")
        allowed = check.switch(self.said("", "allow_link_local"))
        if kind is ChannelKind.SLACK:
            check.refuse_in_project(url)
            room = check.text(self.said(name, "channel"))
            address = check.address(url, "Slack webhook", allow_link_local=allowed)
            return Channel(name, kind, **common, url=address, room=room)
        secret, headers = self.said(name, "secret"), self.said(name, "headers")
        check.refuse_in_project(secret, headers)
        self._refuse_apart(url, headers)
        return Channel(
            name,
            kind,
            **common,
            url=check.address(url, "webhook", allow_link_local=allowed),
            secret=check.secret(secret),
            headers=check.headers(headers),
            links=url.source.level != _PROJECT,
        )

    def _mail(self, name: str) -> dict[str, Any]:
        to = self._needed(name, "to", "Set LOOPAI_NOTIFY_EMAIL_TO in .env.")
        recipients = check.mail_addresses(to, most=50)
        # In the environment there is one mail server for all; a channel's own has nothing in common with it.
        own, everybodys = self._in(name, "host"), self._in_environment("smtp", "host")
        place = name if own is not None else "smtp"
        host = own or everybodys
        if host is None:
            raise SettingsError(f"No mail server is set for notify.{name}.", "Set LOOPAI_SMTP_HOST in .env.")
        user = self._entry(place, "user")
        password = self._entry(place, "password")
        keyring = self._in_environment("smtp", "password_from") if place == "smtp" else None
        if keyring is not None:
            check.choice(check.Keyring, keyring, "place of a password", "keyring")
        kept: Secret | PasswordFrom | None = PasswordFrom.KEYRING if keyring else check.password(password)
        self._refuse_apart(host, password if isinstance(kept, Secret) else None)
        security = check.choice(Security, self._entry(place, "security"), "security of mail", "starttls")
        server = MailServer(
            host=check.host(host, allow_link_local=check.switch(self.said("", "allow_link_local"))),
            port=check.port(self._entry(place, "port"), _PORTS[security]),
            security=security,
            user=check.text(user),
            password=kept,
        )
        check.mail_server(server, host)
        sender = self.said(name, "from") or self._in_environment("email", "from")
        return {
            "recipients": recipients,
            "sender": check.mail_addresses(sender, most=1)[0] if sender else check.default_sender(server),
            "mail_server": server,
            "links": _PROJECT not in (to.source.level, host.source.level),
        }

    def _in(self, channel: str, entry: str) -> Found | None:
        table, source = self.tables.get(channel, ({}, None))
        return self._in_table(channel, table, source, entry)

    def _entry(self, place: str, entry: str) -> Found | None:
        return self._in_environment(place, entry) if place == "smtp" else self._in(place, entry)

    def _needed(self, channel: str, entry: str, hint: str) -> Found:
        found = self.said(channel, entry)
        if found is None:
            raise SettingsError(f'notify.{channel} has no "{entry}".', hint)
        self.origins.append(found.origin)
        return found

    def _refuse_apart(self, address: Found, credential: Found | None) -> None:
        if credential is not None and address.source.level == _PROJECT > credential.source.level:
            raise SettingsError(
                f"{credential.where} would go to the address that {address.source.label} says.",
                "Set the address beside it, in .env.",
            )

    def _refuse_unknown(self, name: str, table: Mapping[str, Any], kind: ChannelKind) -> None:
        known = (*_COMMON, *_OWN[kind])
        known += tuple(f"{entry}_env" for entry in _BY_NAME if entry in known)
        for entry in table:
            if entry not in known:
                meant = near(str(entry), known)
                hint = f'Did you mean "{meant}"?' if meant else f"Known: {', '.join(known)}."
                raise SettingsError(f'notify.{name} has no entry "{_plain(entry)}".', hint)

    def unread(self) -> Iterator[str]:
        """A note for each ``LOOPAI_NOTIFY_*`` that nothing reads."""
        known = (*_NAMES.values(), *self._named)
        for source in self.sources:
            for name in () if source.by_key else source.values:
                if name.startswith(PREFIX) and name not in known:
                    meant = near(name, known)
                    hint = f"did you mean {meant}?" if meant else "no channel names it."
                    yield f"{source.label} sets {visible(name, one_line=True)}, which nothing reads; {hint}"


def _plain(text: object) -> str:
    return visible(mask_text(str(text)), one_line=True)[:80]
