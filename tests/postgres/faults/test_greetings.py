"""Servers that ask for what they should not get, or talk nonsense, when one is asked why it let nobody in."""

import contextlib
import socket
import struct
import threading
from urllib.parse import urlsplit, urlunsplit

import pytest

from loopai_nb.errors import DatabaseDenied, DatabaseUnavailable

CANARY = "canary-51b09e"

NO_ENCRYPTION = 80877103, 80877104
"""The codes of SSLRequest and GSSENCRequest, which both get an N here."""


class Talker:
    """A server that says its lines, one for each message, and keeps what it hears."""

    def __init__(self, *lines):
        self.heard = []
        self._lines = lines
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        """Listen no more."""
        # Shut first: a close alone does not wake the accept.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._talk, args=(self._listener.accept()[0],), daemon=True).start()

    def _talk(self, connection):
        with contextlib.suppress(OSError, struct.error), connection:
            first = connection.recv(1000)
            while struct.unpack("!ii", first[:8])[1] in NO_ENCRYPTION:
                connection.sendall(b"N")
                first = connection.recv(1000)
            for line in self._lines:
                connection.sendall(line)
                self.heard.append(connection.recv(1000))


def asks(method, rest=b""):
    """An authentication request."""
    return b"R" + struct.pack("!ii", 8 + len(rest), method) + rest


def refused(db):
    """The error of a first use."""
    with pytest.raises((DatabaseDenied, DatabaseUnavailable)) as caught:
        db.execute("SELECT 1")
    return caught.value


@pytest.mark.parametrize("spoken", ["require_auth=scram-sha-256", "channel_binding=require", ""])
def test_a_password_goes_only_where_libpq_sends_it(opened, spoken):
    """A server that asks for it in clear text does not get it in the greeting where libpq has refused to."""
    with contextlib.closing(Talker(asks(3))) as server:
        error = refused(opened(f"postgresql://kim:{CANARY}@127.0.0.1:{server.port}/shop?{spoken}"))

    assert isinstance(error, DatabaseUnavailable)
    assert (CANARY.encode() in b"".join(server.heard)) is (spoken == "")


def test_what_the_environment_requires_holds_too(opened, monkeypatch):
    """PGREQUIREAUTH, as libpq reads it."""
    monkeypatch.setenv("PGREQUIREAUTH", "scram-sha-256")

    with contextlib.closing(Talker(asks(3))) as server:
        refused(opened(f"postgresql://kim:{CANARY}@127.0.0.1:{server.port}/shop"))

    assert CANARY.encode() not in b"".join(server.heard)


@pytest.mark.parametrize("challenge", [b"r=x,s=eA==", b"r=x,s=eA==,i=many", b"", b"\xff", b"r"])
def test_a_challenge_that_is_none_is_told_as_a_connection_that_there_was_not(opened, challenge):
    """What libpq said is told, and no error of ours."""
    lines = asks(10, b"SCRAM-SHA-256\0\0"), asks(11, challenge)
    with contextlib.closing(Talker(*lines)) as server:
        error = refused(opened(f"postgresql://kim:{CANARY}@127.0.0.1:{server.port}/shop"))

    assert (type(error), error.sqlstate) == (DatabaseUnavailable, "08006")


def test_a_password_file_that_others_may_read_is_told_of(database, opened, monkeypatch, tmp_path):
    """It is not looked into by libpq, so nothing in it is sent, and the hint says how to close it."""
    parts = urlsplit(database)
    file = tmp_path / "pgpass"
    file.write_text(f"*:*:*:*:{parts.password}\n")
    file.chmod(0o644)
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", str(file))
    url = urlunsplit(parts._replace(netloc=f"{parts.username}@{parts.hostname}:{parts.port}"))

    error = refused(opened(url))

    assert error.sqlstate == "28P01"
    assert "none is set" in error.message
    assert error.hint == f"{file} is not used, since others can read it; close it: chmod 600 {file}"
