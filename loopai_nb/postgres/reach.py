"""Why a connection could not be made, found out by asking and not by reading libpq's (translated) sentence.

libpq gives no SQLSTATE for a failed connect. So: does anything listen there; does the same user get into
another database; and what does the server say to the first packet. No error made here holds the password.
"""

from __future__ import annotations

import contextlib
import difflib
import socket
import struct
from typing import TYPE_CHECKING

from loopai_nb.errors import DatabaseDenied, DatabaseUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loopai_nb.errors import DatabaseError

__all__ = ["connect_failure"]

PROTOCOL_3_0 = 196608
"""First word of a StartupMessage ("Message Formats" in the manual of PostgreSQL)."""

_DEFAULT_PORT = 5432

PROBE_TIMEOUT_S = 3.0

MAINTENANCE_DATABASES = ("postgres", "template1")


def connect_failure(parameters: Mapping[str, str], said: str, *, setting: str) -> DatabaseError:
    """Return the error for a connect that failed.

    Args:
        parameters: As libpq takes them (``host``, ``port``, ``user``, ``password``, ``dbname``...).
        said: libpq's message; its last sentence is shown where the server gave no code.
        setting: Where the address came from, for the hint; may be "".
    """
    correct = f"correct it in {setting}" if setting else "correct host and port"
    silent = []
    for host, port in _hosts(parameters):
        where = f"{host or 'localhost'}:{port}"
        unreachable = _unreachable(host, port)
        if not unreachable:
            break  # of several, libpq gave up here or behind it
        silent.append(f"{where} ({unreachable})")
    else:
        return DatabaseUnavailable(
            f"No Postgres at {' or '.join(silent)}.", f"Start it, or {correct}.", sqlstate="08001"
        )
    code, message = _first_answer(host, port, parameters)
    sentence = message or _last_sentence(said)
    if code and code.startswith("28"):
        return DatabaseDenied(
            f"Postgres at {where} does not let this client in: {sentence}.",
            "Correct the user, or ask for a line in the server's pg_hba.conf.",
            sqlstate=code,
        )
    if code:  # starting up, shutting down, too many connections
        return DatabaseUnavailable(
            f"Postgres at {where} takes no connection now: {sentence}.", "Try again shortly.", sqlstate=code
        )
    names = _databases(parameters)
    wanted = parameters.get("dbname") or parameters.get("user", "")
    if names is not None and wanted not in names:
        near = difflib.get_close_matches(wanted, names, n=3) or names[:5]
        return DatabaseUnavailable(
            f'No database "{wanted}" at {where}.', f"There is: {', '.join(near)}.", sqlstate="3D000"
        )
    user = parameters.get("user", "")
    return DatabaseDenied(
        f'Postgres at {where} did not let "{user}" into "{wanted}": {sentence}.',
        f"Correct user and password{f' in {setting}' if setting else ''}.",
        sqlstate="28P01" if names is None else "42501",
    )


def _hosts(parameters: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return where libpq looks, in its order: lists of hosts and of ports, or one port for all of them."""
    hosts = parameters.get("host", "").split(",")
    ports = [int(port or _DEFAULT_PORT) for port in parameters.get("port", "").split(",")]
    return list(zip(hosts, ports if len(ports) > 1 else ports * len(hosts), strict=False))


def _unreachable(host: str, port: int) -> str:
    """Return why nothing answers there, or "" where something does (or where libpq chose the address)."""
    try:
        with contextlib.closing(_open(host, port)):
            return ""
    except ConnectionRefusedError:
        return "connection refused"
    except FileNotFoundError:
        return "no such socket"
    except TimeoutError:
        return f"no answer in {PROBE_TIMEOUT_S:g} s"
    except socket.gaierror:
        return "unknown host"
    except OSError as exc:
        return exc.strerror or "not reachable"


def _open(host: str, port: int) -> socket.socket:
    if host.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PROBE_TIMEOUT_S)
        try:
            connection.connect(f"{host}/.s.PGSQL.{port}")
        except BaseException:
            connection.close()
            raise
        return connection
    return socket.create_connection((host or "localhost", port), timeout=PROBE_TIMEOUT_S)


def _first_answer(host: str, port: int, parameters: Mapping[str, str]) -> tuple[str, str]:
    """Return SQLSTATE and sentence with which the server refuses the first packet; "" twice if it does not.

    A server that insists on TLS is not asked: its refusal of a plain packet would say nothing about ours.
    """
    if parameters.get("sslmode", "prefer") not in ("disable", "allow", "prefer"):
        return "", ""
    pairs = ("user", parameters.get("user", ""), "database", parameters.get("dbname", ""))
    body = struct.pack("!i", PROTOCOL_3_0) + "".join(f"{text}\0" for text in pairs).encode() + b"\0"
    try:
        with contextlib.closing(_open(host, port)) as connection:
            connection.sendall(struct.pack("!i", len(body) + 4) + body)
            with connection.makefile("rb") as stream:
                kind, size = stream.read(1), struct.unpack("!i", stream.read(4))[0]
                payload = stream.read(min(size - 4, 8192)) if kind == b"E" else b""
    except (OSError, struct.error):
        return "", ""
    fields = {part[:1]: part[1:].decode("utf-8", "replace") for part in payload.split(b"\0") if part}
    return fields.get(b"C", ""), fields.get(b"M", "")


def _databases(parameters: Mapping[str, str]) -> list[str] | None:
    """Return the databases that exist, asked in another one as the same user; None where that fails too."""
    import psycopg2

    for name in MAINTENANCE_DATABASES:
        with contextlib.suppress(psycopg2.Error):
            connection = psycopg2.connect(**{**parameters, "dbname": name})
            with contextlib.closing(connection), connection.cursor() as cursor:
                cursor.execute("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY datname")
                return [row[0] for row in cursor.fetchall()]
    return None


def _last_sentence(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    last = lines[-1] if lines else "no reason given"
    return last.rpartition("FATAL:")[2].rpartition(" failed: ")[2].strip().rstrip(".")
