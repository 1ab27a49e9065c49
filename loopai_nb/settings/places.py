"""Which database and which model server the sources name, and which key belongs to the server."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, urlsplit

from loopai_nb.connections import checked_database_url, checked_server_url
from loopai_nb.errors import SettingsError
from loopai_nb.records import ServerKind
from loopai_nb.redaction import Secret
from loopai_nb.settings import values
from loopai_nb.settings.sources import Found, Source, Spec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from loopai_nb.connections import Connections, DatabaseConnection, ServerConnection

__all__ = ["SPECS", "Database", "Server", "find_database", "find_key", "find_server", "first"]

DATABASE = Spec("database_url", ("LOOPAI_DATABASE", "DATABASE_URL"), ("database_url", "database"))
SERVER = Spec("server_url", ("LOOPAI_SERVER",), ("server_url", "server"))
API_KEY = Spec("api_key", ("LOOPAI_API_KEY",), ("api_key",))
_OPENAI_KEY = Spec("api_key", ("OPENAI_API_KEY",))
# The first design's parts, which only the environment and .env have.
_PARTS = {
    name: Spec("", (name,))
    for name in ("DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD", "API_HOST", "PC_IP", "API_PORT")
}
SPECS = (DATABASE, SERVER, API_KEY, _OPENAI_KEY, *_PARTS.values())

_DB_PORT = 5432
_API_PORT = 8000
_HIGHEST_PORT = 65535
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,63}", re.ASCII)
_HOST_NAME = re.compile(r"[A-Za-z0-9_.-]{1,253}", re.ASCII)
_EVERY_ADDRESS = ("0.0.0.0", "::", "[::]", "*")  # noqa: S104  (what a server listens on, which nobody can ask)
_NO_LEVEL = 99

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Database:
    """The database that is meant.

    Attributes:
        url: With its password.
        origin: Where it was said.
        saved: The saved connection that was named, if it was one.
    """

    url: Secret
    origin: str
    saved: DatabaseConnection | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """The model server that is meant.

    Attributes:
        url: Base URL.
        origin: Where it was said.
        level: Of the source that said it.
        kind: As it is saved, or as the way of naming it implies.
        model: As it is saved.
        key: As it is saved.
    """

    url: str
    origin: str
    level: int
    kind: ServerKind | None = None
    model: str | None = None
    key: Secret | None = None


def first(spec: Spec, sources: Sequence[Source]) -> Found | None:
    """What the first source that has it says."""
    return next((found for source in sources if (found := source.find(spec))), None)


def find_database(
    sources: Sequence[Source], connections: Callable[[], Connections], notes: list[str]
) -> Database | None:
    """The database of the first source that names one, else the saved one.

    Raises:
        SettingsError: What is said is no Postgres URL, or a name that is not saved.
    """
    direct = first(DATABASE, sources)
    parts = {name: found for name in _PARTS if (found := first(_PARTS[name], sources))}
    named = _level(parts, "DB_HOST", "DB_NAME")
    if named < _NO_LEVEL and "DB_NAME" not in parts:
        if direct is None:
            notes.append("DB_HOST is set and DB_NAME is not: no database is named.")
        named = _NO_LEVEL
    if direct is not None and direct.source.level <= named:
        text = Secret(values.text_of(direct).strip())
        if _NAME.fullmatch(text.reveal()):
            saved = _saved(direct, connections().get_database)
            return Database(saved.url, f"{direct.origin}, saved as {saved.name}", saved)
        url = checked_database_url(text, direct.where)
        values.refuse_in_project(direct, url)
        return Database(url, direct.origin)
    if named < _NO_LEVEL:
        return _composed_database(parts)
    saved_database = _usual(connections().databases)
    if saved_database is None:
        return None
    return Database(saved_database.url, f"saved connections ({saved_database.name})", saved_database)


def find_server(sources: Sequence[Source], connections: Callable[[], Connections]) -> Server | None:
    """The model server of the first source that names one, else the saved one.

    Raises:
        SettingsError: What is said is no http(s) URL, or a name that is not saved.
    """
    direct = first(SERVER, sources)
    parts = {name: found for name in _PARTS if (found := first(_PARTS[name], sources))}
    named = _level(parts, "API_HOST", "PC_IP")
    if direct is not None and direct.source.level <= named:
        text = Secret(values.text_of(direct).strip())
        if _NAME.fullmatch(text.reveal()):
            saved = _saved(direct, connections().get_server)
            return _saved_server(saved, f"{direct.origin}, saved as {saved.name}", direct.source.level)
        return Server(checked_server_url(text, direct.where), direct.origin, direct.source.level)
    if named < _NO_LEVEL:
        return _composed_server(parts, named)
    saved_server = _usual(connections().servers)
    if saved_server is None:
        return None
    origin = f"saved connections ({saved_server.name})"
    return _saved_server(saved_server, origin, _NO_LEVEL)


def find_key(
    server: Server | None,
    sources: Sequence[Source],
    connections: Callable[[], Connections],
    notes: list[str],
) -> tuple[Secret | None, str]:
    """The key for this server, and where it was said.

    A key is for the server that it was set beside: where a later source holds key and server, and an earlier
    one names another server, that key stays here.

    Raises:
        SettingsError: The key can't be one.
    """
    found = first(API_KEY, sources)
    if found is not None and server is not None and found.source.level > server.level:
        beside = find_server([found.source], connections)
        if beside is not None and beside.level != _NO_LEVEL and _origin(beside.url) != _origin(server.url):
            host = urlsplit(beside.url).netloc
            notes.append(f"{found.where} is for {host} and is not sent to another server.")
            found = None
    if found is None and server is not None and _origin(server.url) == ("https", "api.openai.com", 443):
        found = first(_OPENAI_KEY, sources)
    if found is not None:
        return values.api_key(found), found.origin
    if server is not None and server.key is not None:
        return server.key, server.origin
    return None, "default"


def _composed_database(parts: Mapping[str, Found]) -> Database:
    text = {name: Secret(values.text_of(found).strip()) for name, found in parts.items()}
    used = [found for name, found in parts.items() if name.startswith("DB_")]
    host = text["DB_HOST"].reveal() if "DB_HOST" in text else "localhost"
    port = _port(parts.get("DB_PORT"), _DB_PORT)
    socket = host.startswith("/")
    if not socket and not _is_host(host):
        raise SettingsError(f"{parts['DB_HOST'].where} is no host.", "Set a host's name or address.")
    address = "" if socket else f"{_bracketed(host)}:{port}"
    query = f"?host={quote(host, safe='/')}&port={port}" if socket else ""
    name = quote(text["DB_NAME"].reveal(), safe="")
    return Database(Secret(f"postgresql://{_userinfo(text)}{address}/{name}{query}"), _origin_of(used))


def _saved_server(saved: ServerConnection, origin: str, level: int) -> Server:
    return Server(saved.url, origin, level, saved.kind, saved.model, saved.api_key)


def _userinfo(text: Mapping[str, Secret]) -> str:
    user, password = (
        quote(text[name].reveal(), safe="") if name in text else "" for name in ("DB_USER", "DB_PASSWORD")
    )
    if password:
        return f"{user}:{password}@"
    return f"{user}@" if user else ""


def _composed_server(parts: Mapping[str, Found], level: int) -> Server:
    host_parts = [parts[name] for name in ("API_HOST", "PC_IP") if name in parts]
    # API_HOST may be what the server listens on; PC_IP is then where it is.
    host_parts.sort(key=lambda part: str(part.value).strip() in _EVERY_ADDRESS)
    part = host_parts[0]
    host = values.text_of(part).strip()
    port = _port(parts.get("API_PORT"), _API_PORT)
    used = [part, *([parts["API_PORT"]] if "API_PORT" in parts else [])]
    if "://" in host:
        url = checked_server_url(Secret(host), part.where)
        if urlsplit(url).port is None and not urlsplit(url).path:
            url = f"{url}:{port}"
    elif host in _EVERY_ADDRESS:
        url = f"http://127.0.0.1:{port}"
    elif _is_host(host):
        url = f"http://{_bracketed(host)}:{port}"
    else:
        raise SettingsError(
            f"{part.where} is no host.", "Set a host's name or address alone, and its port as API_PORT."
        )
    return Server(url, _origin_of(used), level, ServerKind.GENERATE)


def _port(found: Found | None, default: int) -> int:
    if found is None:
        return default
    return values.count("port", str(default), _HIGHEST_PORT)(found)


def _is_host(text: str) -> bool:
    if _HOST_NAME.fullmatch(text):
        return True
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _level(parts: Mapping[str, Found], *names: str) -> int:
    return min((parts[name].source.level for name in names if name in parts), default=_NO_LEVEL)


def _origin_of(used: Sequence[Found]) -> str:
    names: dict[str, list[str]] = {}
    for found in used:
        names.setdefault(found.source.label, []).append(found.name)
    return ", ".join(f"{label} ({', '.join(of_label)})" for label, of_label in names.items())


def _saved(found: Found, get: Callable[[str], T]) -> T:
    try:
        return get(values.text_of(found).strip())
    except SettingsError as exc:
        raise SettingsError(f"{found.where}: {exc.message}", exc.hint) from None


def _usual(saved: Mapping[str, T]) -> T | None:
    """The saved one that needs no name: the one called "default", or the only one."""
    if "default" in saved:
        return saved["default"]
    return next(iter(saved.values())) if len(saved) == 1 else None


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, (parts.hostname or "").lower(), port
