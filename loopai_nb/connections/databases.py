"""A saved database: where it is, where its password is, and what its server ends by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from loopai_nb.connections import entries
from loopai_nb.connections.addresses import checked_database_url
from loopai_nb.connections.passwords import PasswordFrom
from loopai_nb.errors import SettingsError
from loopai_nb.redaction import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DatabaseConnection", "read_database", "without_password", "write_database"]

_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "service", "application_name")
"""libpq's parameters that may stand beside the URL."""

_SECONDS = (
    "connect_timeout_s",
    "statement_timeout_s",
    "lock_timeout_s",
    "idle_in_transaction_timeout_s",
)


@dataclass(frozen=True, slots=True)
class DatabaseConnection:
    """A saved database.

    Attributes:
        name: As it was saved.
        url: ``postgresql://user:password@host:port/database``.
        password: Where its password is; None: in the URL, or where libpq looks by itself (``PGPASSWORD``,
            ``.pgpass``, the service file).
        options: libpq's parameters that stand in place of the URL's.
        connect_timeout_s: Whole seconds for one host; None for the default.
        statement_timeout_s: See ``Database``; None for that of the settings.
        lock_timeout_s: As above.
        idle_in_transaction_timeout_s: As above.
    """

    name: str
    url: Secret
    password: PasswordFrom | None = None
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    connect_timeout_s: float | None = None
    statement_timeout_s: float | None = None
    lock_timeout_s: float | None = None
    idle_in_transaction_timeout_s: float | None = None

    @property
    def details(self) -> str:
        """What is saved beside the URL, in a few words."""
        words = [f"password: {self.password}"] if self.password else []
        words += [f"{name}={value}" for name, value in self.options.items()]
        words += [f"{name}={value:g}" for name in _SECONDS if (value := getattr(self, name)) is not None]
        return ", ".join(words)


def read_database(name: str, table: Mapping[str, object]) -> DatabaseConnection:
    """The saved database that a table of the file describes.

    Raises:
        SettingsError: An entry is wrong; the message repeats no secret.
    """
    entries.check(name, table, ("url", "password", *_OPTIONS, *_SECONDS))
    options = {key: entries.text(table, key).reveal() for key in _OPTIONS if key in table}
    broken = next((key for key, value in options.items() if not value.isprintable()), None)
    if broken is not None:
        raise SettingsError(
            f'The entry "{broken}" of "{name}" has a line end in it.', "Write it in one line."
        )
    url = entries.text(table, "url")
    if not url and options.get("service"):
        url = Secret("postgresql://")  # all of it is in the service file
    checked = checked_database_url(url, f'The URL of "{name}"')
    source = _password_from(name, entries.text(table, "password"))
    if source is not None and _has_password(checked):
        raise SettingsError(
            f'"{name}" has a password in its URL and password = "{source}".', "Keep one of the two."
        )
    limits = {key: entries.seconds(table, key) for key in _SECONDS}
    return DatabaseConnection(name, checked, source, MappingProxyType(options), **limits)


def write_database(saved: DatabaseConnection) -> Secret:
    """The same as TOML."""
    lines = [f"[databases.{saved.name}]", f"url = {entries.quoted(saved.url.reveal())}"]
    if saved.password is not None:
        lines.append(f"password = {entries.quoted(saved.password)}")
    lines += [f"{key} = {entries.quoted(value)}" for key, value in saved.options.items()]
    lines += [f"{key} = {value:g}" for key in _SECONDS if (value := getattr(saved, key)) is not None]
    return Secret("\n".join(lines) + "\n")


def without_password(url: Secret) -> tuple[Secret, Secret]:
    """A URL without its password, and the password; empty where there is none."""
    from urllib.parse import unquote, urlsplit, urlunsplit

    parts = urlsplit(url.reveal())
    userinfo, mark, host = parts.netloc.rpartition("@")
    user, _, password = userinfo.partition(":")
    bare = urlunsplit(parts._replace(netloc=f"{user}{mark}{host}"))
    return Secret(bare), Secret(unquote(password))


def _has_password(url: Secret) -> bool:
    from urllib.parse import parse_qs, urlsplit

    parts = urlsplit(url.reveal())
    return ":" in parts.netloc.rpartition("@")[0] or "password" in parse_qs(parts.query)


def _password_from(name: str, given: Secret) -> PasswordFrom | None:
    if not given:
        return None
    try:
        return PasswordFrom(given.reveal())
    except ValueError:
        pass  # what was written may be the password itself
    raise SettingsError(
        f'The password of "{name}" is neither "keyring" nor "prompt".',
        "Put the password itself into the URL, or leave the entry out for PGPASSWORD and ~/.pgpass.",
    )
