"""Why a connection could not be made, found out by asking and not by reading libpq's (translated) sentence.

libpq gives no SQLSTATE for a failed connect. So: does anything listen there, and what does the server say to
a greeting. No error made here holds the password.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import socket
from typing import TYPE_CHECKING

from loopai_nb.errors import DatabaseDenied, DatabaseUnavailable
from loopai_nb.postgres.hello import TIMEOUT_S, Answer, Heard, greet, reach_out
from loopai_nb.postgres.parameters import (
    complete,
    hosts,
    login,
    password_of,
    resolved,
    service_files,
    services,
    unused_password_file,
)
from loopai_nb.postgres.sqlstates import meaning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loopai_nb.errors import DatabaseError

__all__ = ["connect_failure"]

MAINTENANCE_DATABASES = ("postgres", "template1")

_UNKNOWN_DATABASE = "3D000"
_WRONG_PASSWORD = "28P01"  # noqa: S105  (a SQLSTATE)
_LOST = "08006"

_TLS = {
    Heard.NO_TLS: ("does not offer TLS", "Ask for TLS there, or connect with sslmode=prefer."),
    Heard.WRONG_NAME: (
        "has a certificate for another host",
        "Use the host name that its certificate has; sslmode=verify-ca does not compare names.",
    ),
    Heard.EXPIRED: (
        "has a certificate that is not valid today",
        "Ask for a new one; also look at this machine's clock.",
    ),
    Heard.UNTRUSTED: (
        "has a certificate that nobody here vouches for",
        "Name the file of its authority with sslrootcert=FILE, or sslrootcert=system for the system's.",
    ),
    Heard.TLS_FAILED: (
        "and this client agree on no TLS connection",
        "Look at sslcert and sslkey: the server may ask for a client's certificate.",
    ),
}


def connect_failure(parameters: Mapping[str, str], said: str, *, setting: str) -> DatabaseError:
    """Return the error for a connect that failed.

    Args:
        parameters: As libpq takes them (``host``, ``port``, ``user``, ``password``, ``dbname``...).
        said: libpq's message; its last sentence is shown where the server gave no code.
        setting: Where the address came from, for the hint; may be "".
    """
    if (unknown := _unknown_service(parameters)) is not None:
        return unknown
    known = resolved(complete(parameters))
    correct = f"correct it in {setting}" if setting else "correct host and port"
    silent = []
    for host, port in hosts(known):
        where = f"{host or 'localhost'}:{port}"
        unreachable = _unreachable(host, port)
        if not unreachable:
            break  # of several, libpq gave up here or behind it
        silent.append(f"{where} ({unreachable})")
    else:
        return DatabaseUnavailable(
            f"No Postgres at {' or '.join(silent)}.", f"Start it, or {correct}.", sqlstate="08001"
        )
    user = known.get("user") or login()
    answer = greet(host, port, known, user=user, password=password_of(parameters, host, port))
    if answer.heard in _TLS:
        happened, todo = _TLS[answer.heard]
        reason = f": {answer.message}" if answer.message else ""
        return DatabaseUnavailable(f"Postgres at {where} {happened}{reason}.", todo)
    if answer.heard is Heard.NO_PASSWORD:
        unused = unused_password_file(parameters)
        return DatabaseDenied(
            f'Postgres at {where} asks for the password of "{user}", and none is set.',
            "Put it into the URL in .env, PGPASSWORD or ~/.pgpass, or save the connection with the keyring."
            if unused is None
            else f"{unused} is not used, since others can read it; close it: chmod 600 {unused}",
            sqlstate=_WRONG_PASSWORD,
        )
    if answer.heard is Heard.REFUSED:
        return _refused(answer, where, parameters, known.get("dbname") or user, setting)
    sentence = _last_sentence(said)
    return DatabaseUnavailable(
        f"Postgres at {where} took no connection: {sentence}.", meaning(_LOST).todo, sqlstate=_LOST
    )


def _refused(
    answer: Answer, where: str, parameters: Mapping[str, str], wanted: str, setting: str
) -> DatabaseError:
    means = meaning(answer.sqlstate)
    if answer.sqlstate == _UNKNOWN_DATABASE:
        names = _databases(parameters)
        near = difflib.get_close_matches(wanted, names, n=3) or names[:5]
        todo = f"There is: {', '.join(near)}." if near else means.todo
        return DatabaseUnavailable(f'No database "{wanted}" at {where}.', todo, sqlstate=answer.sqlstate)
    if means.error is DatabaseDenied:
        todo = means.todo
        if answer.sqlstate == _WRONG_PASSWORD and setting:
            todo = f"Correct user and password in {setting}."
        return DatabaseDenied(
            f"Postgres at {where} does not let this client in: {answer.message}.",
            todo,
            sqlstate=answer.sqlstate,
        )
    return DatabaseUnavailable(
        f"Postgres at {where} takes no connection now: {answer.message}.",
        means.todo or "Try again shortly.",
        sqlstate=answer.sqlstate,
    )


def _unknown_service(parameters: Mapping[str, str]) -> DatabaseError | None:
    name = parameters.get("service") or os.environ.get("PGSERVICE", "")
    known = services()
    if not name or name in known:
        return None
    near = difflib.get_close_matches(name, known, n=3) or sorted(known)[:5]
    looked = " or ".join(str(path) for path in service_files())
    return DatabaseUnavailable(
        f'There is no service "{name}" in {looked}.',
        f"There is: {', '.join(near)}." if near else f"Write [{name}] with host, dbname and user there.",
    )


def _unreachable(host: str, port: int) -> str:
    """Return why nothing answers there, or "" where something does."""
    try:
        with contextlib.closing(reach_out(host, port)):
            return ""
    except ConnectionRefusedError:
        return "connection refused"
    except FileNotFoundError:
        return "no such socket"
    except TimeoutError:
        return f"no answer in {TIMEOUT_S:g} s"
    except socket.gaierror:
        return "unknown host"
    except OSError as exc:
        return exc.strerror or "not reachable"


def _databases(parameters: Mapping[str, str]) -> list[str]:
    """Return the databases that exist, asked in another one as the same user; none where that fails too."""
    import psycopg2

    for name in MAINTENANCE_DATABASES:
        with contextlib.suppress(psycopg2.Error):
            connection = psycopg2.connect(**complete({**parameters, "dbname": name}))
            with contextlib.closing(connection), connection.cursor() as cursor:
                cursor.execute("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY datname")
                return [row[0] for row in cursor.fetchall()]
    return []


def _last_sentence(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    last = lines[-1] if lines else "no reason given"
    return last.rpartition("FATAL:")[2].rpartition(" failed: ")[2].strip().rstrip(".")
