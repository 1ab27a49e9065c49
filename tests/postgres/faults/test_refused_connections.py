"""Why a server does not let in: each code as the real server gives it, with what to do."""

import subprocess
from contextlib import ExitStack, closing
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from loopai_nb.errors import DatabaseDenied, DatabaseUnavailable
from loopai_nb.postgres.pull import pull

CANARY = "canary-7f3a9c"


@pytest.fixture
def role(database, ask):
    """``role(limit)`` makes a role of this test's own and returns the URL with which it connects."""
    made = []

    def make(how="", password=CANARY):
        name = f"role_{urlsplit(database).path[1:]}_{len(made)}"
        ask(f"CREATE ROLE {name} LOGIN PASSWORD '{password}' {how}")
        made.append(name)
        parts = urlsplit(database)
        return urlunsplit(parts._replace(netloc=f"{name}:{password}@{parts.hostname}:{parts.port}"))

    yield make
    for name in made:
        ask("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s", (name,))
        ask(f"DROP OWNED BY {name}")
        ask(f"DROP ROLE {name}")


def without(url, *, user=False):
    """The URL without its password, and without its user where asked."""
    parts = urlsplit(url)
    name = "" if user else f"{parts.username}@"
    return urlunsplit(parts._replace(netloc=f"{name}{parts.hostname}:{parts.port}"))


def refused(db, way="execute"):
    """The error of a first use, which never shows a password."""
    with pytest.raises((DatabaseDenied, DatabaseUnavailable)) as caught:
        db.execute("SELECT 1") if way == "execute" else pull(db, "SELECT 1 AS one")
    assert CANARY not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("way", ["execute", "pull"])
def test_a_roles_connection_limit_is_no_wrong_password(role, opened, way):
    """The role may have one connection and has it: 53300, which libpq tells only in words."""
    url = role("CONNECTION LIMIT 1")
    with closing(psycopg2.connect(url)):
        error = refused(opened(url), way)

    assert (type(error), error.sqlstate) == (DatabaseUnavailable, "53300")
    assert "Close what is not used" in error.hint


def test_a_server_that_is_full_says_so(own_server, opened):
    """Every slot is taken, first the ordinary ones, then all: 53300 both times."""
    parts = urlsplit(own_server.url)
    with closing(psycopg2.connect(own_server.url)) as first, first.cursor() as cursor:
        cursor.execute("CREATE ROLE plain LOGIN PASSWORD 'x'")
        first.commit()
    plain = urlunsplit(parts._replace(netloc=f"plain:x@{parts.hostname}:{parts.port}"))
    with ExitStack() as held:
        for _ in range(200):
            try:
                held.enter_context(closing(psycopg2.connect(plain)))
            except psycopg2.OperationalError:
                break
        reserved = refused(opened(plain))
        for _ in range(200):
            try:
                held.enter_context(closing(psycopg2.connect(own_server.url)))
            except psycopg2.OperationalError:
                break
        full = refused(opened(own_server.url))

    assert (reserved.sqlstate, full.sqlstate) == ("53300", "53300")


def test_no_privilege_to_connect_names_the_database(role, opened, ask, database):
    """42501: the database does not let this role in, and its password is right."""
    ask(f"REVOKE CONNECT ON DATABASE {urlsplit(database).path[1:]} FROM PUBLIC")

    error = refused(opened(role()))

    assert (type(error), error.sqlstate) == (DatabaseDenied, "42501")


@pytest.mark.parametrize("method", ["scram-sha-256", "md5", "password"])
def test_a_wrong_password_is_told_for_every_method(own_server, opened, method):
    """28P01 with SCRAM, MD5 and plain text alike, and which setting to correct."""
    rules = own_server.data_dir / "pgdata" / "pg_hba.conf"
    rules.write_text(f"host all kind all {method}\n{rules.read_text()}")
    with closing(psycopg2.connect(own_server.url)) as admin, admin.cursor() as cursor:
        cursor.execute(f"SET password_encryption = '{'md5' if method == 'md5' else 'scram-sha-256'}'")
        cursor.execute("DROP ROLE IF EXISTS kind")
        cursor.execute(f"CREATE ROLE kind LOGIN PASSWORD '{CANARY}'")
        admin.commit()
        cursor.execute("SELECT pg_reload_conf()")
    parts = urlsplit(own_server.url)
    right = urlunsplit(parts._replace(netloc=f"kind:{CANARY}@{parts.hostname}:{parts.port}"))

    error = refused(opened(right.replace(CANARY, f"{CANARY}x"), source=".env"))

    assert opened(right).execute("SELECT 1 AS one") == [{"one": 1}]
    assert (type(error), error.sqlstate) == (DatabaseDenied, "28P01")
    assert ".env" in error.hint


def test_a_client_without_a_rule_is_told_to_ask_for_one(own_server, opened):
    """28000: pg_hba.conf does not know this client."""
    rules = own_server.data_dir / "pgdata" / "pg_hba.conf"
    rules.write_text(f"host all stranger all reject\n{rules.read_text()}")
    with closing(psycopg2.connect(own_server.url)) as admin, admin.cursor() as cursor:
        cursor.execute("SELECT pg_reload_conf()")
    parts = urlsplit(own_server.url)
    url = urlunsplit(parts._replace(netloc=f"stranger:{CANARY}@{parts.hostname}:{parts.port}"))

    error = refused(opened(url))

    assert (type(error), error.sqlstate) == (DatabaseDenied, "28000")
    assert "pg_hba.conf" in error.hint


def test_an_unknown_role_is_told_as_the_server_tells_it(database, opened):
    """Whether a role exists is not told to strangers: 28P01."""
    parts = urlsplit(database)
    url = urlunsplit(parts._replace(netloc=f"nobody_here:{CANARY}@{parts.hostname}:{parts.port}"))

    assert refused(opened(url)).sqlstate in {"28P01", "28000"}


def test_a_missing_password_says_where_one_may_be_put(database, opened, monkeypatch, tmp_path):
    """The server asks for one and there is none: not "wrong", but missing."""
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))

    error = refused(opened(without(database)))

    assert error.sqlstate == "28P01"
    assert "none is set" in error.message
    assert "PGPASSWORD" in error.hint


@pytest.mark.parametrize("way", ["execute", "pull"])
@pytest.mark.parametrize("place", ["PGPASSWORD", "PGPASSFILE", "service", "keyring"])
def test_a_password_is_found_where_libpq_looks(database, opened, monkeypatch, tmp_path, place, way):
    """The environment, .pgpass and the service file serve both drivers, and what a keyring gave as well."""
    parts = urlsplit(database)
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    url, options = without(database), {}
    if place == "PGPASSWORD":
        monkeypatch.setenv("PGPASSWORD", parts.password)
    elif place == "PGPASSFILE":
        (tmp_path / "pgpass").write_text(f"# ours\n{parts.hostname}:*:*:{parts.username}:{parts.password}\n")
        (tmp_path / "pgpass").chmod(0o600)
    elif place == "service":
        (tmp_path / "services").write_text(
            f"[shop]\nhost={parts.hostname}\nport={parts.port}\nuser={parts.username}\n"
            f"password={parts.password}\ndbname={parts.path[1:]}\n"
        )
        monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
        url, options = "postgresql://", {"options": {"service": "shop"}}
    else:
        from loopai_nb.redaction import Secret

        options = {"password": Secret(parts.password)}
    db = opened(url, **options)

    if way == "execute":
        assert db.execute("SELECT 1 AS one") == [{"one": 1}]
    else:
        assert len(pull(db, "SELECT 1 AS one")) == 1
    assert db.address == f"{parts.username}@{parts.hostname}:{parts.port}/{parts.path[1:]}"
    assert parts.password not in repr(vars(db)) + repr(db)


@pytest.mark.parametrize("place", ["PGPASSFILE", "service"])
def test_a_wrong_password_of_a_file_is_known_as_wrong(database, opened, monkeypatch, tmp_path, place):
    """What the files say is what is asked with: 28P01, and not a missing password."""
    parts = urlsplit(database)
    monkeypatch.delenv("PGPASSWORD", raising=False)
    (tmp_path / "pgpass").write_text(f"*:*:*:*:{CANARY}\\:x\n")
    (tmp_path / "pgpass").chmod(0o600)
    (tmp_path / "services").write_text(f"[shop]\nport={parts.port}\npassword={CANARY}\n")
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / ("pgpass" if place == "PGPASSFILE" else "none")))
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    options = {"options": {"service": "shop"}} if place == "service" else {}

    error = refused(opened(without(database), **options))

    assert error.sqlstate == "28P01"
    assert "does not let this client in" in error.message


def test_an_unknown_service_names_near_ones(opened, monkeypatch, tmp_path):
    """A misspelt service: where it was looked for, and what there is."""
    (tmp_path / "services").write_text("[warehouse]\nhost=127.0.0.1\n")
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))

    error = refused(opened("postgresql://?service=warehose"))

    assert 'no service "warehose"' in error.message
    assert error.hint == "There is: warehouse."


def test_both_drivers_say_who_they_are(database, opened, ask):
    """application_name is ours by default and the person's where set, in pg_stat_activity for all to see."""
    from loopai_nb.version import __version__

    count = (
        "SELECT application_name FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    db, named = opened(database), opened(database, options={"application_name": "reports"})
    with db.arrow(read_only=True), named.arrow(read_only=True):
        names = sorted(name for (name,) in ask(count))

    assert names == [f"loopai_nb {__version__}"] * 2 + ["reports"] * 2
    assert urlsplit(database).password not in repr(ask("SELECT * FROM pg_stat_activity"))


def test_a_name_in_the_environment_comes_before_ours(database, program):
    """PGAPPNAME is the person's, too."""
    import os

    code = (
        "import sys; from loopai_nb.postgres.engine import Database; db = Database(sys.argv[1]); "
        "print(db.execute('SHOW application_name')); db.close()"
    )
    child = program(code, database, env={**os.environ, "PGAPPNAME": "nightly"}, stderr=subprocess.PIPE)

    assert child.communicate(timeout=60)[0] == "[{'application_name': 'nightly'}]\n"
