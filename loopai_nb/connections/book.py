"""Named databases and model servers, kept in one file that only its owner can read.

The file is ``connections.toml`` in the user's config folder::

    [databases.shop]
    url = "postgresql://sales:password@db.internal:5432/shop"

    [databases.reports]
    url = "postgresql://analyst@db.internal/shop?sslmode=verify-full"
    password = "keyring"
    statement_timeout_s = 60

    [servers.gpu]
    url = "http://gpu-box:8000/v1"
    kind = "openai"
    model = "phi-4"
    api_key = "..."

It may be edited by hand; what is written here keeps no comments. File 0600, folder 0700, replaced
atomically; a symlink in their place is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from loopai_nb.connections import entries, file
from loopai_nb.connections.addresses import checked_server_url
from loopai_nb.connections.databases import DatabaseConnection, read_database, write_database
from loopai_nb.errors import SettingsError
from loopai_nb.records import ServerKind
from loopai_nb.redaction import Secret, mask_text, mask_url, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from typing import Self

    from loopai_nb.connections.passwords import PasswordFrom

__all__ = ["Connections", "DatabaseConnection", "ServerConnection"]

_HEADER = (
    "# Written by loopai_nb, which keeps no comments of others.\n"
    "# It holds passwords: keep it to yourself (0600) and out of repositories.\n"
)


@dataclass(frozen=True, slots=True)
class ServerConnection:
    """A saved model server.

    Attributes:
        name: As it was saved.
        url: Base URL, without a password.
        kind: Its protocol; None where it is to be guessed.
        model: Name of the model (for Loopai: a task's id), if one is saved.
        api_key: For this server only.
    """

    name: str
    url: str
    kind: ServerKind | None = None
    model: str | None = None
    api_key: Secret | None = None


class Connections:
    """The saved connections; ``add_*`` and ``remove`` write the file before they return.

    Args:
        path: The file.
        databases: By name.
        servers: By name.
        notes: What a person should know about the file, one sentence each.
    """

    def __init__(
        self,
        path: Path,
        databases: Mapping[str, DatabaseConnection] | None = None,
        servers: Mapping[str, ServerConnection] | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.path = path
        self.notes = notes
        self._databases = dict(databases or {})
        self._servers = dict(servers or {})

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read the file; one that does not exist is empty.

        Args:
            path: By default ``connections.toml`` in the user's config folder.

        Raises:
            SettingsError: The file is a symlink, can't be read, is no TOML, or holds something else.
        """
        path = file.default_path() if path is None else path
        data, notes = file.read(path)
        try:
            databases = {name: read_database(name, table) for name, table in _tables(data, "databases")}
            servers = {name: _server(name, table) for name, table in _tables(data, "servers")}
        except SettingsError as exc:
            problem = SettingsError(f"{path.name}: {exc.message}", exc.hint or f"Correct it in {path}.")
        else:
            return cls(path, databases, servers, notes)
        raise problem

    @property
    def databases(self) -> Mapping[str, DatabaseConnection]:
        """Saved databases by name."""
        return MappingProxyType(self._databases)

    @property
    def servers(self) -> Mapping[str, ServerConnection]:
        """Saved model servers by name."""
        return MappingProxyType(self._servers)

    def get(self, name: str) -> DatabaseConnection | ServerConnection:
        """The connection of that name; names are shared by databases and servers.

        Raises:
            SettingsError: There is none; the hint names near ones.
        """
        found = self._databases.get(name) or self._servers.get(name)
        if found is None:
            raise self._unknown("connection", name, (*self._databases, *self._servers))
        return found

    def get_database(self, name: str) -> DatabaseConnection:
        """The saved database of that name.

        Raises:
            SettingsError: There is none; the hint names near ones.
        """
        if name not in self._databases:
            raise self._unknown("database", name, tuple(self._databases))
        return self._databases[name]

    def get_server(self, name: str) -> ServerConnection:
        """The saved model server of that name.

        Raises:
            SettingsError: There is none; the hint names near ones.
        """
        if name not in self._servers:
            raise self._unknown("model server", name, tuple(self._servers))
        return self._servers[name]

    def add_database(
        self,
        name: str,
        url: str | Secret,
        *,
        password: PasswordFrom | str | None = None,
        **details: str | float | None,
    ) -> DatabaseConnection:
        """Save a database, in place of one that has the name.

        Args:
            name: Letters, digits, - and _.
            url: ``postgresql://...``; may be "" with a ``service``.
            password: "keyring" or "prompt" where it is not in the URL.
            **details: ``sslmode``, ``sslrootcert``, ``sslcert``, ``sslkey``, ``service``,
                ``application_name``, ``connect_timeout_s``, ``statement_timeout_s``, ``lock_timeout_s``,
                ``idle_in_transaction_timeout_s``.

        Raises:
            SettingsError: The name, the URL or a detail is not one, a server has the name, or the file can't
                be written.
        """
        table: dict[str, object] = {"url": _secret(url)} if url else {}
        del url
        given = {"password": password, **details}
        table.update((key, _entry(value)) for key, value in given.items() if value is not None)
        added = read_database(name, table)
        self._change(lambda databases, servers: _put(databases, servers, added))
        return added

    def add_server(
        self,
        name: str,
        url: str,
        *,
        kind: ServerKind | str | None = None,
        model: str | None = None,
        api_key: str | Secret | None = None,
    ) -> ServerConnection:
        """Save a model server, in place of one that has the name.

        Raises:
            SettingsError: The name, URL or kind is not one, a database has the name, or the file can't be
                written.
        """
        given = {"url": url, "kind": kind, "model": model, "api_key": api_key}
        # Not as they are in a frame that an error may pass.
        table = {key: _secret(value) for key, value in given.items() if value}
        del given, url, api_key
        added = _server(name, table)
        self._change(lambda databases, servers: _put(servers, databases, added))
        return added

    def remove(self, name: str) -> None:
        """Forget a connection.

        Raises:
            SettingsError: There is none of that name, or the file can't be written.
        """
        self.get(name)
        self._change(lambda databases, servers: (databases.pop(name, None), servers.pop(name, None)))

    def __repr__(self) -> str:
        return f"Connections({str(self.path)!r}, {sorted(self._databases)}, {sorted(self._servers)})"

    def _change(
        self,
        change: Callable[[dict[str, DatabaseConnection], dict[str, ServerConnection]], object],
    ) -> None:
        with file.writing(self.path):
            # Another notebook may have written since we read.
            now = type(self).load(self.path)
            change(now._databases, now._servers)  # noqa: SLF001  (of this class)
            file.write(self.path, _toml(now._databases, now._servers))  # noqa: SLF001  (of this class)
        self._databases, self._servers = now._databases, now._servers  # noqa: SLF001  (of this class)

    def _unknown(self, what: str, name: str, names: tuple[str, ...]) -> SettingsError:
        shown = visible(mask_url(mask_text(name)), one_line=True)[:80]
        near = _near(name, names)
        saved = f"Saved: {', '.join(sorted(names))}." if names else "None is saved."
        add = "add-server" if what == "model server" else "add"
        save = f"Save one: loopai-nb connections {add} NAME"
        hint = f'Did you mean "{near}"? {saved}' if near else f"{saved} {save}"
        return SettingsError(f'No {what} is saved as "{shown}".', hint)


def _put(
    into: dict[str, Any], other: Mapping[str, object], added: DatabaseConnection | ServerConnection
) -> None:
    if added.name in other:
        raise SettingsError(
            f'"{added.name}" is already the name of another kind of connection.',
            f"Choose another name, or remove that one: loopai-nb connections remove {added.name}",
        )
    into[added.name] = added


def _server(name: str, table: Mapping[str, object]) -> ServerConnection:
    entries.check(name, table, ("url", "kind", "model", "api_key"))
    url = checked_server_url(entries.text(table, "url"), f'The URL of "{name}"')
    kind = entries.text(table, "kind").reveal()
    if kind and kind not in tuple(ServerKind):
        raise SettingsError(f'The kind of "{name}" is unknown.', f"Choose one of {', '.join(ServerKind)}.")
    model = entries.text(table, "model").reveal()
    if not model.isprintable():
        raise SettingsError(f'The model of "{name}" is no name.', "Write it as its server lists it.")
    api_key = entries.text(table, "api_key")
    if not api_key.reveal().isprintable():
        raise SettingsError(f'The api_key of "{name}" has a line end in it.', "Write it in one line.")
    return ServerConnection(name, url, ServerKind(kind) if kind else None, model or None, api_key or None)


def _entry(value: str | float) -> Secret | float:
    return Secret(value) if isinstance(value, str) else value


def _secret(value: str | Secret) -> Secret:
    return value if isinstance(value, Secret) else Secret(value)


def _tables(data: Mapping[str, object], section: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    tables = data.get(section, {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise SettingsError(f"{section} is not made of tables.", f"Write [{section}.NAME] above its entries.")
    yield from tables.items()


def _near(name: str, names: tuple[str, ...]) -> str | None:
    import difflib

    return next(iter(difflib.get_close_matches(name, names, n=1)), None)


def _toml(databases: Mapping[str, DatabaseConnection], servers: Mapping[str, ServerConnection]) -> Secret:
    lines = [_HEADER]
    lines += [write_database(each).reveal() for each in databases.values()]
    for server in servers.values():
        given = {
            "url": server.url,
            "kind": server.kind,
            "model": server.model,
            "api_key": server.api_key.reveal() if server.api_key else None,
        }
        written = "".join(f"{key} = {entries.quoted(value)}\n" for key, value in given.items() if value)
        lines.append(f"[servers.{server.name}]\n{written}")
    return Secret("\n".join(lines))
