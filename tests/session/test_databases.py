from __future__ import annotations

import threading
from contextlib import closing
from urllib.parse import urlsplit

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import psycopg2
import pytest

from loopai_nb.connections import Connections
from loopai_nb.errors import DatabaseUnavailable, InputError, SettingsError
from loopai_nb.session import Session
from loopai_nb.session.databases import Databases
from loopai_nb.settings import Settings


class Kept(keyring.backend.KeyringBackend):
    """A keyring that works, for as long as it is not locked."""

    priority = 5

    def __init__(self):
        super().__init__()
        self.kept = {}
        self.locked = False

    def get_password(self, service, username):
        """As the library asks for it."""
        if self.locked:
            raise keyring.errors.KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        """As the library asks for it."""
        self.kept[service, username] = password

    def delete_password(self, service, username):
        """As the library asks for it."""
        del self.kept[service, username]


@pytest.fixture
def ring():
    """A keyring in place of the machine's."""
    before = keyring.get_keyring()
    kept = Kept()
    keyring.set_keyring(kept)
    yield kept
    keyring.set_keyring(before)


@pytest.fixture
def saved(tmp_path):
    """The file of saved connections; empty."""
    return Connections.load(tmp_path / "connections.toml")


@pytest.fixture
def databases(environ, tmp_path, saved):
    """The databases of a session with these connections."""
    settings = Settings.load(environ=environ, cwd=tmp_path, config_dir=tmp_path)
    made = Databases(settings, lambda: saved)
    yield made
    made.close()


def bare(url):
    """The URL without its password."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.username}@{parts.hostname}:{parts.port}").geturl()


PID = "SELECT pg_backend_pid() AS pid"


def test_several_are_open_at_once(databases, saved, database, postgres):
    """Each name has a pool of its own and keeps it; the current one is another still."""
    saved.add_database("shop", database)
    saved.add_database("demo", postgres.url)
    current, shop, demo = databases.of(None), databases.of("shop"), databases.of("demo")
    pids = [each.execute(PID)[0]["pid"] for each in (current, shop, demo)]

    assert len(set(pids)) == 3
    assert (databases.of("shop"), databases.of("demo"), databases.of(None)) == (shop, demo, current)
    assert [each.execute(PID)[0]["pid"] for each in (current, shop, demo)] == pids
    assert databases.beside() == (shop, demo)


def test_connecting_changes_the_current_one_and_keeps_the_others(databases, saved, database, postgres):
    """``connect NAME`` is what None means from now on; a name that was used stays open."""
    saved.add_database("shop", database)
    saved.add_database("demo", postgres.url)
    shop = databases.of("shop")
    pid = shop.execute(PID)[0]["pid"]

    demo = databases.connect("demo")

    assert databases.of(None) is demo
    assert databases.of("demo") is demo
    assert databases.of("shop") is shop
    assert shop.execute(PID)[0]["pid"] == pid


def test_a_connect_that_fails_changes_nothing(databases, saved, database):
    """The one before stays the current one, and the name's old connection stays open."""
    saved.add_database("shop", database)
    shop = databases.connect("shop")
    saved.add_database("shop", "postgresql://nobody:x@127.0.0.1:1/none")

    with pytest.raises(DatabaseUnavailable):
        databases.connect("shop")

    assert databases.of(None) is shop
    assert databases.of("shop") is shop
    assert shop.execute("SELECT 1 AS one") == [{"one": 1}]


def test_a_url_is_no_name(databases, database):
    """Where a name belongs a URL is refused without repeating it."""
    with pytest.raises(InputError) as caught:
        databases.of(database)

    assert urlsplit(database).password not in str(caught.value)


def test_all_are_closed_together(databases, saved, database, postgres, until):
    """No backend is left on the server, and every further use is refused."""
    saved.add_database("shop", database)
    for name in (None, "shop"):
        databases.of(name).execute(PID)

    databases.close()

    with closing(psycopg2.connect(postgres.url)) as other, other.cursor() as cursor:
        other.autocommit = True

        def left():
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", (urlsplit(database).path[1:],)
            )
            return cursor.fetchone()[0]

        until(lambda: left() == 0)
    with pytest.raises(InputError, match="closed"):
        databases.of("shop")


def test_the_keyrings_password_opens_it(databases, saved, database, ring):
    """The file holds no password, the keyring does, and nothing shows it."""
    password = urlsplit(database).password
    saved.add_database("shop", bare(database), password="keyring")
    ring.set_password("loopai_nb", "shop", password)

    shop = databases.of("shop")

    assert shop.execute("SELECT 1 AS one") == [{"one": 1}]
    assert password not in repr(shop) + repr(vars(shop)) + saved.path.read_text()


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("empty", "keyring set loopai_nb shop"),
        ("locked", "KeyringLocked"),
        ("fail", "there is none on this machine"),
        ("null", "there is none on this machine"),
    ],
)
def test_a_keyring_that_is_not_healthy_says_so(databases, saved, database, ring, state, says):
    """Empty, locked, or none at all: what to do, and the other ways."""
    saved.add_database("shop", bare(database), password="keyring")
    ring.locked = state == "locked"
    if state in {"fail", "null"}:
        module = keyring.backends.fail if state == "fail" else keyring.backends.null
        keyring.set_keyring(module.Keyring())

    with pytest.raises(SettingsError) as caught:
        databases.of("shop")

    assert says in str(caught.value)


def test_a_prompt_is_asked_in_the_thread_that_wants_it(databases, saved, database):
    """A thread in the background is told to connect first: nobody would see its question."""
    saved.add_database("shop", bare(database), password="prompt")
    said = []

    def work():
        try:
            databases.of("shop")
        except SettingsError as error:
            said.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)

    assert "connect" in said[0]


def test_the_settings_bound_every_database(environ, tmp_path, database):
    """Timeouts of the settings hold for the current one; a saved one's own come first."""
    environ |= {"LOOPAI_STATEMENT_TIMEOUT_S": "7", "LOOPAI_LOCK_TIMEOUT_S": "3", "LOOPAI_DATABASE": "shop"}
    environ["LOOPAI_IDLE_IN_TRANSACTION_TIMEOUT_S"] = "60"
    file = tmp_path / "connections.toml"
    Connections.load(file).add_database(
        "shop", database, statement_timeout_s=5, application_name="reports", sslmode="prefer"
    )
    shown = (
        "SELECT current_setting('statement_timeout') AS s, current_setting('lock_timeout') AS l, "
        "current_setting('idle_in_transaction_session_timeout') AS i, "
        "current_setting('application_name') AS a"
    )
    with Session(Settings.load(environ=environ, cwd=tmp_path, config_dir=tmp_path)) as session:
        assert session.database.name == "shop"
        assert session.query(shown) == [{"s": "5s", "l": "3s", "i": "1min", "a": "reports"}]
        frame = session.pull(shown)
        assert frame.iloc[0].tolist() == ["5s", "3s", "1min", "reports"]
