"""What an entry of a channel has to be; a wrong one is named, and no secret is in the error or its frames."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from loopai_nb.addresses import forbidden_host, is_loopback, parse_target
from loopai_nb.connections import PasswordFrom
from loopai_nb.errors import InputError, SettingsError
from loopai_nb.redaction import Secret, mask_text, visible
from loopai_nb.settings import values
from loopai_nb.settings.channels import Security
from loopai_nb.settings.sources import Found

if TYPE_CHECKING:
    from loopai_nb.settings.channels import MailServer

__all__ = [
    "Keyring",
    "Level",
    "address",
    "choice",
    "default_sender",
    "headers",
    "hidden",
    "host",
    "mail_addresses",
    "mail_server",
    "name",
    "password",
    "port",
    "refuse_in_project",
    "seconds",
    "secret",
    "shown",
    "switch",
    "text",
    "words",
]

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,63}", re.ASCII)
# What RFC 5321 lets stand without quotes, and a host; nothing in it can end a header or a command.
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9a-fA-F:.]{2,45}", re.ASCII)
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}", re.ASCII)  # RFC 9110, token
_OURS = frozenset({"host", "content-length", "content-type", "transfer-encoding", "connection", "user-agent"})
_SIGNED = "x-loopai-"
_LONGEST = 200
_LONGEST_SECRET = 4_096
_SHORTEST_KEY = 16
_HIGHEST_PORT = 65_535
_DAY_S = 86_400.0
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})

E = TypeVar("E", bound=StrEnum)


class Level(StrEnum):
    """``Importance`` in words."""

    INFO = "info"
    WARNING = "warning"
    URGENT = "urgent"


class Keyring(StrEnum):
    """Where else a mail server's password may be."""

    KEYRING = "keyring"


def hidden(value: object) -> object:
    """An entry of a table, with its texts out of the reprs of the frames that an error may pass."""
    if isinstance(value, Mapping):
        return {key: hidden(entry) for key, entry in value.items()}
    return Secret(value) if isinstance(value, str) else value


def shown(value: object) -> object:
    """The entry itself again."""
    return value.reveal() if isinstance(value, Secret) else value


def _word(value: object) -> str:
    return str(shown(value)).strip().lower()


def _listed(found: Found) -> list[str]:
    given = shown(found.value)
    listed = given.split(",") if isinstance(given, str) else given
    return [str(each).strip() for each in listed] if isinstance(listed, list | tuple) else []


def name(given: object, found: Found) -> None:
    """Refuse what is no name for a channel.

    Raises:
        SettingsError: It is none.
    """
    if not isinstance(given, str) or not _NAME.fullmatch(given):
        said = visible(mask_text(str(given)), one_line=True)[:80]
        raise SettingsError(
            f'"{said}" in {found.source.label} is no name for a channel.', "Use letters, digits, - and _."
        )


def choice(kind: type[E], found: Found | None, what: str, default: str) -> E:
    """One of a few words.

    Raises:
        SettingsError: Another one.
    """
    word = default if found is None else _word(found.value)
    if word not in tuple(kind):
        where = "" if found is None else f" ({found.where})"
        said = visible(mask_text(word), one_line=True)[:40]
        raise SettingsError(f'"{said}" is no {what}{where}.', f"Choose one of {', '.join(kind)}.")
    return kind(word)


def words(kind: type[E], found: Found | None) -> tuple[E, ...]:
    """Some of a few words, from a comma list or a TOML list; none where nothing is said.

    Raises:
        SettingsError: Another one, or no list.
    """
    if found is None:
        return ()
    said = [word.lower() for word in _listed(found)] or [""]
    if not all(word in tuple(kind) for word in said):
        raise SettingsError(f"{found.where} is no list of them.", f"Choose of {', '.join(kind)}.")
    return tuple(each for each in kind if each in said)


def switch(found: Found | None) -> bool:
    """Yes or no; no where nothing is said.

    Raises:
        SettingsError: Something else.
    """
    if found is None:
        return False
    said = _word(found.value)
    if said not in _YES | _NO:
        raise SettingsError(f"{found.where} is neither yes nor no.", "Set yes or no.")
    return said in _YES


def text(found: Found | None) -> str:
    """One printable line; "" where nothing is said.

    Raises:
        SettingsError: It has a line end, or is too long.
    """
    if found is None:
        return ""
    said = Secret(values.text_of(found).strip())  # somebody may have put a key there
    if not said.reveal().isprintable() or len(said.reveal()) > _LONGEST:
        raise SettingsError(f"{found.where} is no single line.", f"Write {_LONGEST} characters at most.")
    return said.reveal()


def secret(found: Found | None) -> Secret | None:
    """A key to sign with.

    Raises:
        SettingsError: It is too short to keep anybody out, or no text.
    """
    if found is None:
        return None
    said = Secret(values.text_of(found).strip())
    if not _SHORTEST_KEY <= len(said.reveal()) <= _LONGEST_SECRET:
        raise SettingsError(
            f"{found.where} is too short or too long.", f"Use {_SHORTEST_KEY} characters or more, by chance."
        )
    return said


def password(found: Found | None) -> Secret | PasswordFrom | None:
    """A mail server's password, or ``keyring``.

    Raises:
        SettingsError: It stands in ``pyproject.toml``, or has a line end in it.
    """
    if found is None:
        return None
    said = Secret(values.text_of(found))
    if said.reveal() == PasswordFrom.KEYRING and found.source.by_key:
        return PasswordFrom.KEYRING
    refuse_in_project(found)
    if not said.reveal().isprintable():
        raise SettingsError(f"{found.where} has a line end or a control character in it.", "Copy it again.")
    return said


def address(found: Found, what: str, *, allow_link_local: bool) -> Secret:
    """A URL that may be posted to.

    Raises:
        SettingsError: It is none, or leads to a cloud's metadata service.
    """
    said = Secret(values.text_of(found).strip())
    problem, hint = _address_problem(said, what, allow_link_local=allow_link_local)
    if problem:
        raise SettingsError(f"{found.where}: {problem}", hint or "Write https://host/path.")
    return said


def _address_problem(url: Secret, what: str, *, allow_link_local: bool) -> tuple[str, str]:
    try:
        parse_target(url.reveal(), allow_private_metadata=allow_link_local, what=what)
    except InputError as error:
        return error.message, error.hint
    return "", ""


def headers(found: Found | None) -> Mapping[str, Secret]:
    """Names and values: a TOML table, JSON, or one ``Name: value``.

    Raises:
        SettingsError: They are none, are ours to set, or could end a header.
    """
    if found is None:
        return MappingProxyType({})
    given, problem = _headers(found)
    if problem:
        raise SettingsError(
            f"{found.where} {problem}.", 'Write {"Authorization": "Bearer ..."}, or one Name: value.'
        )
    return MappingProxyType(given)


def _headers(found: Found) -> tuple[dict[str, Secret], str]:
    given = shown(found.value)
    if isinstance(given, str) and given.lstrip().startswith("{"):
        try:
            given = json.loads(given)
        except ValueError:
            return {}, "is no JSON"
    elif isinstance(given, str):
        header, _, value = given.partition(":")
        given = {header.strip(): value.strip()}
    if not isinstance(given, Mapping):
        return {}, "holds no headers"
    read: dict[str, Secret] = {}
    for header, value in given.items():
        plain = shown(value)
        if not isinstance(plain, str) or not _HEADER.fullmatch(header):
            return {}, "holds no headers"
        if header.lower() in _OURS or header.lower().startswith(_SIGNED):
            return {}, f"sets {header.lower()}, which is ours to set"
        if not (plain.isprintable() and plain.isascii() and plain):
            return {}, "has a value with a line end, or with characters that no header has"
        read[header] = Secret(plain)
    return read, ""


def mail_addresses(found: Found | None, *, most: int) -> tuple[str, ...]:
    """Mail addresses, from a comma list or a TOML list.

    Raises:
        SettingsError: One is none (a line end in it would begin another header), or there are too many.
    """
    if found is None:
        return ()
    said = _listed(found)
    if not 1 <= len(said) <= most or not all(_MAIL.fullmatch(each) for each in said):
        raise SettingsError(
            f"{found.where} is no mail address, or too many.", "Write name@example.org, with commas between."
        )
    return tuple(said)


def host(found: Found, *, allow_link_local: bool) -> str:
    """A host's name or address alone.

    Raises:
        SettingsError: It is none, or link-local.
    """
    said = text(found).strip("[]")
    if not _HOST.fullmatch(said):
        raise SettingsError(f"{found.where} is no host.", "Set a host's name or address alone.")
    if forbidden_host(said.lower()) and not allow_link_local:
        raise SettingsError(
            f"{found.where} is a cloud's metadata or link-local address and is not asked.",
            "Choose the mail server's own address.",
        )
    return said


def port(found: Found | None, default: int) -> int:
    """A TCP port.

    Raises:
        SettingsError: It is none.
    """
    if found is None:
        return default
    given = Found(found.name, shown(found.value), found.source)
    return values.count("port", str(default), _HIGHEST_PORT)(given)


def seconds(found: Found | None, default: float) -> float:
    """0 to a day.

    Raises:
        SettingsError: Something else.
    """
    if found is None:
        return default
    return values.number("seconds", f"{default:g}", 0, _DAY_S)(
        Found(found.name, shown(found.value), found.source)
    )


def mail_server(server: MailServer, found: Found) -> None:
    """Refuse a password that would be readable on its way.

    Raises:
        SettingsError: It would be.
    """
    if server.security is Security.NONE and server.password and not is_loopback(server.host):
        raise SettingsError(
            f"A password for {server.host} would be readable on its way ({found.where}).",
            "Set LOOPAI_SMTP_SECURITY to starttls or tls.",
        )


def default_sender(server: MailServer) -> str:
    """The user, where it is an address; else a name at the mail server."""
    return server.user if _MAIL.fullmatch(server.user) else f"loopai-nb@{_mail_domain(server.host)}"


def _mail_domain(mail_host: str) -> str:
    return mail_host if _MAIL.fullmatch(f"x@{mail_host}") else "localhost"


def refuse_in_project(*found: Found | None) -> None:
    """Refuse secrets in a file that is committed.

    Raises:
        SettingsError: One stands in ``pyproject.toml``.
    """
    for each in found:
        if each is not None:
            values.refuse_in_project(each)
