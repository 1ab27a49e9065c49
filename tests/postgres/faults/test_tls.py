"""TLS with both drivers: a real handshake with a certificate made here, and the real server behind it.

The embedded Postgres is built without TLS, so a proxy before it ends the encryption, as a pooler or a cloud's
load balancer does.
"""

import ssl
import subprocess
from urllib.parse import quote

import pytest

from loopai_nb.errors import DatabaseUnavailable
from loopai_nb.postgres.pull import pull

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def openssl(*arguments):
    """Run openssl."""
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def issue(folder, name, *, days=30, subject="localhost", names="DNS:localhost"):
    """A key, and a certificate that the folder's authority signed, or signs itself where it has none."""
    key, request, certificate = (folder / f"{name}.{kind}" for kind in ("key", "csr", "crt"))
    asked = ("-subj", f"/CN={subject}", "-addext", f"subjectAltName={names}")
    openssl("req", *KEY, "-keyout", str(key), "-out", str(request), *asked)
    signed = ("-CA", str(folder / "ca.crt"), "-CAkey", str(folder / "ca.key"), "-CAcreateserial")
    dated = ("-days", str(days), "-copy_extensions", "copy")
    openssl("x509", "-req", "-in", str(request), "-out", str(certificate), *dated, *signed)
    key.chmod(0o600)
    return certificate, key


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A folder with an authority, and certificates: of localhost, another host, the past, a client."""
    folder = tmp_path_factory.mktemp("tls")
    openssl("req", "-x509", *KEY, "-keyout", str(folder / "ca.key"),
            "-out", str(folder / "ca.crt"), "-days", "30", "-subj", "/CN=our own authority")  # fmt: skip
    issue(folder, "server")
    issue(folder, "other", subject="db.example", names="DNS:db.example")
    issue(folder, "past", days=-1)
    issue(folder, "client", subject="loopai", names="DNS:loopai")
    return folder


@pytest.fixture
def speaking(database, make_proxy, authority):
    """``speaking("server")``: a proxy that shows this certificate; ``client=True`` asks for the client's."""
    running = []

    def start(name, *, client=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority / f"{name}.crt", authority / f"{name}.key")
        if client:
            context.load_verify_locations(authority / "ca.crt")
            context.verify_mode = ssl.CERT_REQUIRED
        running.append(make_proxy(database, tls=context).__enter__())
        return running[-1]

    yield start
    for each in running:
        each.__exit__(None, None, None)


@pytest.fixture(params=["psycopg2", "ADBC"])
def connects(request, opened):
    """``connects(url)`` opens a connection with one of the drivers."""

    def connect(url, **options):
        db = opened(url, **options)
        if request.param == "psycopg2":
            return db.execute("SELECT 1 AS one") == [{"one": 1}]
        db._opener._checks_client = False  # which psycopg2 would find out: this is about ADBC alone
        return len(pull(db, "SELECT 1 AS one")) == 1

    return connect


def refused(connects, url, **options):
    """What the connect is refused with."""
    with pytest.raises(DatabaseUnavailable) as caught:
        connects(url, **options)
    assert caught.value.__context__ is None
    return str(caught.value)


@pytest.mark.parametrize("mode", ["prefer", "require", "verify-ca", "verify-full"])
def test_every_mode_connects_to_the_right_server(connects, speaking, authority, mode):
    """The certificate is the host's and its authority is known: nobody is refused."""
    root = f"&sslrootcert={quote(str(authority / 'ca.crt'))}" if mode.startswith("verify") else ""

    assert connects(speaking("server").url_by("localhost", f"sslmode={mode}{root}"))


def test_the_files_may_stand_in_the_saved_connection(connects, speaking, authority):
    """What stands beside the URL comes before what stands in it."""
    url = speaking("server").url_by("localhost", "sslmode=disable")

    assert connects(url, options={"sslmode": "verify-full", "sslrootcert": str(authority / "ca.crt")})


def test_a_certificate_for_another_host_is_refused(connects, speaking, authority):
    """verify-full compares names and says so; verify-ca does not compare them."""
    other = speaking("other")
    root = f"sslrootcert={quote(str(authority / 'ca.crt'))}"

    said = refused(connects, other.url_by("localhost", f"sslmode=verify-full&{root}"))

    assert f"localhost:{other.port} has a certificate for another host" in said
    assert connects(other.url_by("localhost", f"sslmode=verify-ca&{root}"))


def test_an_unknown_authority_is_refused(connects, speaking, authority):
    """A certificate that nobody vouches for: the file to name is named."""
    trusted = quote(str(authority / "server.crt"))

    said = refused(
        connects, speaking("other").url_by("localhost", f"sslmode=verify-ca&sslrootcert={trusted}")
    )

    assert "that nobody here vouches for" in said
    assert "sslrootcert=FILE" in said


def test_an_expired_certificate_is_refused(connects, speaking, authority):
    """It is not valid today, and the clock may be why."""
    root = quote(str(authority / "ca.crt"))

    said = refused(connects, speaking("past").url_by("localhost", f"sslmode=verify-full&sslrootcert={root}"))

    assert "not valid today" in said


def test_a_server_without_tls_is_refused_where_it_is_required(connects, proxy):
    """sslmode=require does not fall back to plain text."""
    assert "does not offer TLS" in refused(connects, proxy.url_by("localhost", "sslmode=require"))


def test_a_clients_certificate_is_shown_where_it_is_asked_for(connects, speaking, authority):
    """With sslcert and sslkey the server lets the client in; without them it says what is missing."""
    asking = speaking("server", client=True)
    files = f"sslcert={quote(str(authority / 'client.crt'))}&sslkey={quote(str(authority / 'client.key'))}"

    assert connects(asking.url_by("localhost", f"sslmode=require&{files}"))
    assert "sslcert and sslkey" in refused(connects, asking.url_by("localhost", "sslmode=require"))
