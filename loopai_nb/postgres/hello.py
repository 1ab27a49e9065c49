"""Greeting a server as libpq does, to hear with which SQLSTATE it refuses: libpq keeps only the sentence.

The same TLS checks are made and the same password is used as libpq has just done, so nobody is told what
libpq has not told them. "Message Flow" and "SASL Authentication" in the manual of PostgreSQL; RFC 5802.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
import socket
import struct
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from loopai_nb.redaction import Secret

__all__ = ["Answer", "Heard", "greet", "reach_out"]

PROTOCOL_3_0 = 196608
"""First word of a StartupMessage ("Message Formats" in the manual of PostgreSQL)."""

SSL_REQUEST = 80877103

TIMEOUT_S = 3.0

LENGTH_BYTES = 4
"""Of a message, which counts itself."""

MOST_BYTES = 65_536
"""Of one message of the server."""

MOST_MESSAGES = 200

MOST_ROUNDS = 1_000_000
"""Of hashing, that a server may ask for; its default is 4,096."""

_OK, _CLEARTEXT, _MD5, _SASL, _SASL_CONTINUE, _SASL_FINAL = 0, 3, 5, 10, 11, 12

_METHODS = MappingProxyType({_CLEARTEXT: "password", _MD5: "md5", _SASL: "scram-sha-256"})
"""As libpq's ``require_auth`` names them."""

_CHECKED = ("verify-ca", "verify-full")
_WRONG_NAME = (62, 64)  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
_EXPIRED = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED


class Heard(StrEnum):
    """How far a greeting came."""

    WELCOME = "welcome"
    REFUSED = "refused"
    NO_PASSWORD = "no password"  # noqa: S105  (no password: a state)
    NO_TLS = "no TLS"
    WRONG_NAME = "wrong name"
    EXPIRED = "expired"
    UNTRUSTED = "untrusted"
    TLS_FAILED = "TLS failed"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said to a greeting.

    Attributes:
        heard: How far it came.
        sqlstate: Of a refusal.
        message: Of a refusal, in the server's language.
    """

    heard: Heard
    sqlstate: str = ""
    message: str = ""


def reach_out(host: str, port: int) -> socket.socket:
    """Open a socket; a host with a slash is the folder of a Unix one.

    Raises:
        OSError: Nothing answers there.
    """
    if not host.startswith("/"):
        return socket.create_connection((host or "localhost", port), timeout=TIMEOUT_S)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(TIMEOUT_S)
    try:
        connection.connect(f"{host}/.s.PGSQL.{port}")
    except BaseException:
        connection.close()
        raise
    return connection


def greet(host: str, port: int, known: Mapping[str, str], *, user: str, password: Secret) -> Answer:
    """Greet one server and hear its answer; the session is ended at once.

    Args:
        host: See ``reach_out``.
        port: Its port.
        known: Parameters as libpq takes them, those of the environment and the service among them.
        user: Who greets.
        password: Empty for none.
    """
    import ssl

    name = known.get("host", "").split(",")[0] if known.get("hostaddr") else host
    try:
        with contextlib.closing(reach_out(host, port)) as plain:
            mode = "disable" if host.startswith("/") else known.get("sslmode", "prefer")
            connection = _secured(plain, name or host, mode, known)
            if connection is None:
                return Answer(Heard.NO_TLS)
            with contextlib.closing(connection):
                accepted = _accepted(known)
                return _Greeting(connection, user, password, accepted).hear(known.get("dbname") or user)
    except ssl.SSLCertVerificationError as exc:
        if exc.verify_code in _WRONG_NAME:
            return Answer(Heard.WRONG_NAME)
        return Answer(Heard.EXPIRED if exc.verify_code in _EXPIRED else Heard.UNTRUSTED)
    except ssl.SSLError as exc:
        return Answer(Heard.TLS_FAILED, message=(exc.reason or "").replace("_", " ").lower())
    except (OSError, ValueError, LookupError, struct.error):
        return Answer(Heard.UNCLEAR)


def _secured(
    plain: socket.socket, name: str, mode: str, known: Mapping[str, str]
) -> socket.socket | ssl.SSLSocket | None:
    """The connection, encrypted where libpq would; None where it must be and the server does not."""
    if mode in ("disable", "allow"):
        return plain
    plain.sendall(struct.pack("!ii", 8, SSL_REQUEST))
    if plain.recv(1) == b"S":
        return _context(mode, known).wrap_socket(plain, server_hostname=name)
    return plain if mode == "prefer" else None


def _context(mode: str, known: Mapping[str, str]) -> ssl.SSLContext:
    import ssl

    own = Path(os.path.expanduser("~")) / ".postgresql"  # noqa: PTH111  (Path.home raises where there is none)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = mode == "verify-full" or known.get("sslrootcert") == "system"
    root = known.get("sslrootcert") or str(own / "root.crt")
    checked = mode in _CHECKED or root == "system" or (mode == "require" and Path(root).exists())
    context.verify_mode = ssl.CERT_REQUIRED if checked else ssl.CERT_NONE
    if root == "system":
        context.load_default_certs()
    elif checked:
        context.load_verify_locations(root)
    certificate = Path(known.get("sslcert") or own / "postgresql.crt")
    if certificate.exists():
        # Without a password given here OpenSSL would ask for one on the terminal.
        key, password = known.get("sslkey") or own / "postgresql.key", known.get("sslpassword", "")
        context.load_cert_chain(certificate, key, password)
    return context


def _accepted(known: Mapping[str, str]) -> frozenset[str]:
    """The methods by which libpq tells a password: those of ``require_auth``, or with ``!`` the others."""
    if known.get("channel_binding") == "require":
        return frozenset()  # a greeting binds none
    methods, named = frozenset(_METHODS.values()), {*known.get("require_auth", "").split(",")} - {""}
    if all(each.startswith("!") for each in named):
        return methods - {each[1:] for each in named}
    return methods & named


class _Greeting:
    """One conversation up to the server's first word after it has let us in, or not."""

    def __init__(
        self, connection: socket.socket, user: str, password: Secret, accepted: frozenset[str]
    ) -> None:
        self._connection = connection
        self._stream = connection.makefile("rb")
        self._user = user
        self._password = password
        self._accepted = accepted
        self._nonce = secrets.token_urlsafe(18)

    def hear(self, database: str) -> Answer:
        pairs = ("user", self._user, "database", database)
        body = struct.pack("!i", PROTOCOL_3_0) + "".join(f"{text}\0" for text in pairs).encode() + b"\0"
        self._connection.sendall(struct.pack("!i", len(body) + 4) + body)
        with self._stream:
            for _ in range(MOST_MESSAGES):
                kind, payload = self._read()
                if kind == b"E":
                    return _refusal(payload)
                if kind == b"Z":
                    self._connection.sendall(b"X\0\0\0\4")
                    return Answer(Heard.WELCOME)
                if kind == b"R" and (ended := self._authenticate(payload)) is not None:
                    return ended
        return Answer(Heard.UNCLEAR)

    def _read(self) -> tuple[bytes, bytes]:
        kind, size = self._stream.read(1), struct.unpack("!i", self._stream.read(LENGTH_BYTES))[0]
        if not LENGTH_BYTES <= size <= MOST_BYTES:
            raise ValueError("a message of an impossible length")
        return kind, self._stream.read(size - LENGTH_BYTES)

    def _authenticate(self, payload: bytes) -> Answer | None:
        asked = struct.unpack("!i", payload[:4])[0]
        if asked in (_OK, _SASL_FINAL):
            return None
        if asked in _METHODS and _METHODS[asked] not in self._accepted:
            return Answer(Heard.UNCLEAR)  # libpq has refused to tell it, too
        if asked in _METHODS and not self._password:
            return Answer(Heard.NO_PASSWORD)
        if asked == _CLEARTEXT:
            self._send(self._password.reveal().encode() + b"\0")
        elif asked == _MD5:
            self._send(self._md5(payload[4:8]) + b"\0")
        elif asked == _SASL and b"SCRAM-SHA-256" in payload[4:].split(b"\0"):
            first = f"n,,n=,r={self._nonce}".encode()
            self._send(b"SCRAM-SHA-256\0" + struct.pack("!i", len(first)) + first)
        elif asked == _SASL_CONTINUE:
            self._send(self._scram(payload[4:]))
        else:
            return Answer(Heard.UNCLEAR)
        return None

    def _send(self, body: bytes) -> None:
        self._connection.sendall(b"p" + struct.pack("!i", len(body) + 4) + body)

    def _md5(self, salt: bytes) -> bytes:
        def digest(text: bytes) -> bytes:
            return hashlib.md5(text, usedforsecurity=False).hexdigest().encode()

        return b"md5" + digest(digest(self._password.reveal().encode() + self._user.encode()) + salt)

    def _scram(self, server_first: bytes) -> bytes:
        fields = dict(part.split("=", 1) for part in server_first.decode().split(","))
        rounds = int(fields["i"])
        if not fields["r"].startswith(self._nonce) or not 0 < rounds <= MOST_ROUNDS:
            raise ValueError("no answer to what was asked")
        salted = hashlib.pbkdf2_hmac(
            "sha256",
            unicodedata.normalize("NFKC", self._password.reveal()).encode(),
            base64.b64decode(fields["s"]),
            rounds,
        )
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        bare = f"c=biws,r={fields['r']}"
        told = f"n=,r={self._nonce},{server_first.decode()},{bare}"
        signature = hmac.digest(hashlib.sha256(client_key).digest(), told.encode(), "sha256")
        proof = bytes(a ^ b for a, b in zip(client_key, signature, strict=True))
        return f"{bare},p={base64.b64encode(proof).decode()}".encode()


def _refusal(payload: bytes) -> Answer:
    fields = {part[:1]: part[1:].decode("utf-8", "replace") for part in payload.split(b"\0") if part}
    return Answer(Heard.REFUSED, fields.get(b"C", ""), fields.get(b"M", ""))
