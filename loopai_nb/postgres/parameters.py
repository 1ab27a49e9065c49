"""How to connect: what a URL says, what libpq adds from its environment, and our own defaults.

psycopg2 and ADBC each bring a libpq of their own. Both read the environment, ``.pgpass`` and the service file
themselves; what is read here is for messages, for the one default in which the two differ (the folder of the
server's socket), and for asking why a connection was refused.
"""

from __future__ import annotations

import configparser
import contextlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from loopai_nb.errors import SettingsError
from loopai_nb.redaction import Secret
from loopai_nb.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CONNECT_TIMEOUT_S",
    "DEFAULT_PORT",
    "SCHEMES",
    "Parameters",
    "complete",
    "hosts",
    "login",
    "parse",
    "password_of",
    "resolved",
    "service_files",
    "services",
    "unused_password_file",
]

SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg2://")

DEFAULT_PORT = 5432

CONNECT_TIMEOUT_S = 10

_KEPT_ALIVE = {
    # A server that vanished without a word is noticed within a minute, also in the middle of a statement.
    "keepalives_idle": "20",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "50000",
}

_ENVIRONMENT = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "dbname": "PGDATABASE",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "require_auth": "PGREQUIREAUTH",
    "channel_binding": "PGCHANNELBINDING",
}

_SOCKET_FOLDERS = ("/var/run/postgresql", "/tmp")  # noqa: S108  (where Postgres itself puts its sockets)

_PGPASS_FIELDS = 5


class Parameters(dict[str, str]):
    """Connection parameters whose repr shows none of them: a verbose traceback prints locals."""

    def __repr__(self) -> str:
        return "<connection parameters>"


def parse(url: Secret, source: str) -> Parameters:
    """The parameters that a URL names.

    Args:
        url: With one of ``SCHEMES``.
        source: Where it came from, for the error; may be "".

    Raises:
        SettingsError: Not a Postgres URL; the message does not repeat it.
    """
    from psycopg2 import ProgrammingError
    from psycopg2.extensions import parse_dsn

    scheme = next((scheme for scheme in SCHEMES if url.reveal().startswith(scheme)), None)
    if scheme is not None:
        with contextlib.suppress(ProgrammingError):  # its message repeats parts of the URL
            found = Parameters(parse_dsn(f"postgresql://{url.reveal().removeprefix(scheme)}"))
            if _usable(found):
                return found
    raise SettingsError(
        f"{source or 'The database URL'} is not a Postgres URL.",
        "It looks like postgresql://user:password@host:5432/database, with @ : / # % in a password written "
        "as %40 %3A %2F %23 %25.",
    )


def complete(given: Mapping[str, str], *, connect_timeout_s: float = CONNECT_TIMEOUT_S) -> Parameters:
    """What both drivers are given: the URL's parameters and, where nothing else says them, our defaults."""
    known = resolved(given)
    found = Parameters(_KEPT_ALIVE)
    # The weakest of the names: application_name in the URL, PGAPPNAME and the service file come before it.
    found["fallback_application_name"] = f"loopai_nb {__version__}"
    if "connect_timeout" not in known:
        found["connect_timeout"] = str(max(round(connect_timeout_s), 1))
    if not known.get("host") and not known.get("hostaddr"):
        found["host"] = _socket_folder(known.get("port") or str(DEFAULT_PORT)) or "localhost"
    found.update(given)
    found["client_encoding"] = "utf8"
    return found


def resolved(given: Mapping[str, str]) -> Parameters:
    """The same with what libpq finds in the service file and the environment, in its order; no password."""
    service = given.get("service") or os.environ.get("PGSERVICE", "")
    found = Parameters(
        {key: value for key, name in _ENVIRONMENT.items() if (value := os.environ.get(name, ""))}
    )
    found.update(services().get(service, {}) if service else {})
    found.pop("password", None)
    found.update(given)
    return found


def hosts(known: Mapping[str, str]) -> list[tuple[str, int]]:
    """Where libpq looks, in its order: lists of hosts and of ports, or one port for all of them."""
    names = (known.get("hostaddr") or known.get("host") or "").split(",")
    ports = [int(port) if port.isdigit() else DEFAULT_PORT for port in known.get("port", "").split(",")]
    return list(zip(names, ports if len(ports) > 1 else ports * len(names), strict=False))


def service_files() -> list[Path]:
    """Where services are looked for, in libpq's order."""
    own = os.environ.get("PGSERVICEFILE")
    folders = [Path(folder) for folder in (os.environ.get("PGSYSCONFDIR"),) if folder]
    return [Path(own) if own else _home(".pg_service.conf"), *(each / "pg_service.conf" for each in folders)]


def services() -> dict[str, Parameters]:
    """Every service of the service files; a file that can't be read has none."""
    found: dict[str, Parameters] = {}
    for path in service_files():
        parser = configparser.RawConfigParser(delimiters=("=",), strict=False, empty_lines_in_values=False)
        with contextlib.suppress(OSError, UnicodeDecodeError, configparser.Error):
            parser.read_string(path.read_text(encoding="utf-8"))
            for name in parser.sections():
                found.setdefault(name, Parameters(parser.items(name)))
    return found


def password_of(given: Mapping[str, str], host: str, port: int) -> Secret:
    """The password that libpq uses there, empty for none: given, service, ``PGPASSWORD``, ``.pgpass``.

    Args:
        given: See ``resolved``.
        host: One of ``hosts``.
        port: Its port.
    """
    service = given.get("service") or os.environ.get("PGSERVICE", "")
    of_service = services().get(service, Parameters()) if service else Parameters()
    for value in (given.get("password"), of_service.get("password"), os.environ.get("PGPASSWORD")):
        if value:
            return Secret(value)
    known = resolved(given)
    user = known.get("user") or login()
    local = not host or host.startswith("/")
    wanted = ("localhost" if local else host, str(port), known.get("dbname") or user, user)
    path = _password_file(known)
    return Secret("") if _is_open_to_others(path) else _from_pgpass(path, wanted)


def unused_password_file(given: Mapping[str, str]) -> Path | None:
    """The ``.pgpass`` that libpq leaves unread since others can read it; None where there is none such."""
    path = _password_file(resolved(given))
    return path if _is_open_to_others(path) else None


def _password_file(known: Mapping[str, str]) -> Path:
    path = known.get("passfile") or os.environ.get("PGPASSFILE")
    return Path(path) if path else _home(".pgpass")


def _is_open_to_others(path: Path) -> bool:
    """Whether libpq would warn of its mode; on Windows it does not look."""
    with contextlib.suppress(OSError):
        return os.name == "posix" and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    return False


def _from_pgpass(path: Path, wanted: tuple[str, ...]) -> Secret:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        for line in path.read_text(encoding="utf-8").splitlines():
            fields = _fields(Secret(line))
            matched = len(fields) == _PGPASS_FIELDS and not line.startswith("#")
            if matched and all(
                each.reveal() in ("*", want) for each, want in zip(fields, wanted, strict=False)
            ):
                return fields[-1]
    return Secret("")


def _fields(line: Secret) -> list[Secret]:
    """The fields of a line of ``.pgpass``: colons between them, a backslash before a colon of their own."""
    fields, escaped = [""], False
    for character in line.reveal():
        if escaped or character not in "\\:":
            fields[-1] += character
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            fields.append("")
    return [Secret(each) for each in fields]


def _usable(found: Parameters) -> bool:
    ports = found.get("port", "0").split(",")
    return all(port.isascii() and port.isdigit() for port in ports if port)


def _socket_folder(port: str) -> str:
    return next((each for each in _SOCKET_FOLDERS if Path(each, f".s.PGSQL.{port}").exists()), "")


def _home(name: str) -> Path:
    return Path(os.path.expanduser("~")) / name  # noqa: PTH111  (Path.home raises where there is none)


def login() -> str:
    """The user of this machine, whom libpq takes where nothing names one."""
    import getpass

    with contextlib.suppress(KeyError, OSError):
        return getpass.getuser()
    return ""
