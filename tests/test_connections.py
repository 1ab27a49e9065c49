from __future__ import annotations

import stat
import subprocess
import sys
import tomllib
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.connections import (
    Connections,
    PasswordFrom,
    checked_database_url,
    checked_server_url,
    default_path,
)
from loopai_nb.errors import SettingsError
from loopai_nb.records import ServerKind
from loopai_nb.redaction import Secret

CANARY = "c4n4ry7f3a"
URL = f"postgresql://sales:{CANARY}@db.internal:5432/shop"


@pytest.fixture
def path(tmp_path):
    """Where the file will be; neither it nor its folder exists."""
    return tmp_path / "config" / "connections.toml"


def test_what_is_saved_is_found_again(path):
    """A database and a server are in the file as they were given, for another process too."""
    connections = Connections.load(path)
    connections.add_database("shop", URL)
    connections.add_server(
        "gpu", "http://gpu-box:8000/v1/", kind="openai", model="phi-4", api_key=Secret(CANARY)
    )

    again = Connections.load(path)

    assert again.get_database("shop").url.reveal() == URL
    server = again.get_server("gpu")
    assert (server.url, server.kind, server.model) == ("http://gpu-box:8000/v1", ServerKind.OPENAI, "phi-4")
    assert server.api_key == Secret(CANARY)
    assert again.get("shop") is again.databases["shop"]
    assert again.get("gpu") is again.servers["gpu"]


def test_a_missing_file_is_empty(path):
    """Nobody has to make the file, and reading does not make it."""
    connections = Connections.load(path)

    assert dict(connections.databases) == {}
    assert dict(connections.servers) == {}
    assert not path.parent.exists()


def test_nobody_else_can_read_it(path):
    """Attack 46: the file is 0600 and its folder 0700, whatever the umask and whatever they were."""
    path.parent.mkdir(mode=0o755)
    code = (
        "import os, pathlib, sys; os.umask(0)\n"
        "from loopai_nb.connections import Connections\n"
        "Connections.load(pathlib.Path(sys.argv[1])).add_database('shop', 'postgresql://h/shop')"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_file_that_others_can_read_is_told(path):
    """A file opened to others is used, with a note that says how to close it."""
    Connections.load(path).add_database("shop", URL)
    path.chmod(0o644)

    assert "chmod 600" in Connections.load(path).notes[0]
    Connections.load(path).add_database("other", URL)
    assert Connections.load(path).notes == ()


@pytest.mark.parametrize("place", ["file", "folder"])
def test_a_symlink_is_refused(path, tmp_path, place):
    """Attack 47: neither file nor folder may point elsewhere; nothing is read or written there."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "connections.toml").write_text(f'[databases.shop]\nurl = "{URL}"\n')
    before = (elsewhere / "connections.toml").read_text()
    if place == "folder":
        path.parent.symlink_to(elsewhere)
    else:
        path.parent.mkdir()
        path.symlink_to(elsewhere / "connections.toml")

    with pytest.raises(SettingsError, match="symlink"):
        Connections.load(path)
    with pytest.raises(SettingsError, match="symlink"):
        Connections(path).add_database("other", "postgresql://h/shop")

    assert (elsewhere / "connections.toml").read_text() == before


def test_two_writers_lose_nothing(path):
    """What another notebook saved since we read is kept, with many writing at once."""
    first, second = Connections.load(path), Connections.load(path)
    first.add_database("one", URL)
    second.add_database("two", URL)
    assert set(Connections.load(path).databases) == {"one", "two"}

    code = (
        "import pathlib, sys\n"
        "from loopai_nb.connections import Connections\n"
        "for n in range(10):\n"
        "    Connections.load(pathlib.Path(sys.argv[1])).add_database(f'{sys.argv[2]}{n}', 'postgresql://h/shop')"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path), name]) for name in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]

    assert len(Connections.load(path).databases) == 22


def test_a_removed_connection_is_gone(path):
    """Removing forgets one and keeps the others; removing what is not there is an error."""
    connections = Connections.load(path)
    connections.add_database("shop", URL)
    connections.add_server("gpu", "http://gpu-box:8000")

    connections.remove("shop")

    assert CANARY not in path.read_text()
    assert set(Connections.load(path).servers) == {"gpu"}
    with pytest.raises(SettingsError):
        connections.remove("shop")


def test_an_unknown_name_gets_a_near_one(path):
    """A misspelt name is answered by the one that was probably meant and by all there are."""
    connections = Connections.load(path)
    connections.add_database("warehouse", URL)
    connections.add_database("shop", URL)

    with pytest.raises(SettingsError) as caught:
        connections.get_database("warehose")

    assert str(caught.value) == (
        'No database is saved as "warehose". Did you mean "warehouse"? Saved: shop, warehouse.'
    )
    with pytest.raises(SettingsError, match="None is saved"):
        connections.get_server("gpu")


def test_a_name_is_of_one_kind(path):
    """A server can't take a database's name, so that a name says what it is."""
    connections = Connections.load(path)
    connections.add_database("shop", URL)

    with pytest.raises(SettingsError, match="another kind"):
        connections.add_server("shop", "http://gpu-box:8000")
    connections.add_database("shop", "postgresql://h/other")
    assert connections.get_database("shop").url.reveal() == "postgresql://h/other"


@pytest.mark.parametrize("name", ["", "a b", "a.b", "../x", "-x", "x" * 65, "\u0441\u043a", URL, "a\n"])
def test_a_bad_name_is_refused(path, name):
    """Names are short and plain, and a URL given as one is not shown with its password."""
    with pytest.raises(SettingsError) as caught:
        Connections.load(path).add_database(name, URL)

    assert CANARY not in str(caught.value)
    assert not path.exists()


@pytest.mark.parametrize(
    "content",
    [
        "[databases.shop\n",
        "databases = 5\n",
        "[databases]\nshop = 'x'\n",
        f"[databases.shop]\nurl = 'mysql://u:{CANARY}@h/d'\n",
        f"[databases.shop]\nurl = '{URL}'\npasswort = '{CANARY}'\n",
        "[databases.shop]\nurl = 5\n",
        f"[servers.gpu]\nurl = 'http://u:{CANARY}@h'\n",
        f"[servers.gpu]\nurl = 'http://h'\nkind = 'sokrates'\napi_key = '{CANARY}'\n",
        f"[servers.gpu]\nurl = 'http://h'\napi_key = '{CANARY}\\n'\n".replace("'", '"'),
        f"[servers.gpu]\nurl = 'http://h'\nmodel = 5\napi_key = '{CANARY}'\n",
        f"x = '{CANARY}\n",
        b"\xff\xfe",
    ],
)
def test_a_damaged_file_is_named_without_its_secrets(path, content):
    """Attacks 15 and 18: the error says where; neither it nor its frames' locals show a secret."""
    path.parent.mkdir()
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(SettingsError) as caught:
        Connections.load(path)

    assert "connections.toml" in str(caught.value)
    assert caught.value.hint
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
    # The test's own frame holds the content; the product's begin after it.
    assert CANARY not in "".join(frames).partition("book.py")[2]
    assert caught.value.__cause__ is None


def test_a_refused_connection_is_not_in_a_traceback(path):
    """Attack 15: what was given to add_* is not among the locals of the frames that the error passed."""
    for add in (
        lambda secret: Connections.load(path).add_database("shop", f"mysql://u:{secret()}@h/d"),
        lambda secret: Connections.load(path).add_server("gpu", "http://h", kind="x", api_key=secret()),
        lambda secret: Connections.load(path).add_server("gpu", f"http://u:{secret()}@h"),
    ):
        with pytest.raises(SettingsError) as caught:
            add(lambda: "c4n4ry" + "7f3a")

        frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
        assert CANARY not in "".join(frames).partition("book.py")[2]


def test_nothing_shows_a_password(path):
    """Neither the book nor a connection shows a secret in its repr."""
    connections = Connections.load(path)
    database = connections.add_database("shop", URL)
    server = connections.add_server("gpu", "http://gpu-box:8000", api_key=CANARY)

    assert (
        CANARY not in f"{connections!r} {database!r} {server!r} {connections.databases} {connections.servers}"
    )


def test_a_write_that_fails_leaves_the_old_file(path, tmp_path):
    """A folder that can't be made or written is one clear error, and what was saved stays."""
    (tmp_path / "config").write_text("a file where the folder belongs")

    with pytest.raises(SettingsError):
        Connections(path).add_database("shop", URL)

    assert path.parent.read_text() == "a file where the folder belongs"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_every_model_name_and_key_survives_the_file(tmp_path_factory, text):
    """What is printable is read back as it was saved; what is not is refused before it is written."""
    path = tmp_path_factory.mktemp("config") / "connections.toml"
    connections = Connections.load(path)
    if not text.isprintable():
        with pytest.raises(SettingsError):
            connections.add_server("gpu", "http://h", model=text)
        return

    connections.add_server("gpu", "http://h", model=text, api_key=text)

    server = Connections.load(path).get_server("gpu")
    assert (server.model, server.api_key) == ((text, Secret(text)) if text else (None, None))
    assert tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("given_url", "plain"),
    [
        ("postgres://u:p%40@h/d", "postgresql://u:p%40@h/d"),
        ("postgresql+psycopg2://h1:1,h2:2/d?sslmode=require", "postgresql://h1:1,h2:2/d?sslmode=require"),
        ("  POSTGRESQL://[::1]:5432/d \n", "postgresql://[::1]:5432/d"),
        ("postgresql:///d?host=/var/run/postgresql", "postgresql:///d?host=/var/run/postgresql"),
    ],
)
def test_a_database_url_gets_the_plain_scheme(given_url, plain):
    """Every spelling of a Postgres URL becomes the one that every driver takes."""
    assert checked_database_url(Secret(given_url), "it").reveal() == plain


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop",
        "sqlite:///x",
        f"mysql://u:{CANARY}@h/d",
        f"postgresql://u:{CANARY}@{CANARY}@h/d",
        f"postgresql://u:{CANARY}/{CANARY}@h/d",
        f"postgresql://u:{CANARY}#@h/d",
        f"postgresql://u:{CANARY} x@h/d",
        f"postgresql://u:{CANARY}@h:port/d",
        f"postgresql://u:{CANARY}@[::1/d",
        f"host=h password={CANARY}",
    ],
)
def test_what_is_no_postgres_url_is_refused_without_showing_it(url):
    """The error names the setting and the form, and never the value."""
    with pytest.raises(SettingsError, match=r"DATABASE_URL in \.env") as caught:
        checked_database_url(Secret(url), "DATABASE_URL in .env")

    assert CANARY not in str(caught.value)
    assert "postgresql://user:password@host" in caught.value.hint


@pytest.mark.parametrize(
    "url",
    [
        "",
        "gpu-box:8000",
        "file:///etc/passwd",
        "http://",
        "http://h:99999",
        "http://h:0",
        "http://h/a\r\nX-Evil: 1",
        "http://[::1",
        f"http://u:{CANARY}@h",
        f"http://{CANARY}@h",
        f"http://h/v1?api_key={CANARY}",
    ],
)
def test_what_is_no_server_url_is_refused(url):
    """Attacks 14, 32 and 39: other schemes, line ends and passwords are refused; a password is not shown."""
    with pytest.raises(SettingsError, match=r"LOOPAI_SERVER in \.env") as caught:
        checked_server_url(Secret(url), "LOOPAI_SERVER in .env")

    assert CANARY not in str(caught.value)
    assert "\r" not in str(caught.value)


def test_the_usual_place_is_the_users_config_folder():
    """Without a path the file is connections.toml in the user's config folder."""
    assert default_path().name == "connections.toml"
    assert default_path().parent.name == "loopai_nb"


def test_a_databases_details_are_found_again(path):
    """Where its password is, its TLS, its service and its timeouts are in the file as they were given."""
    details = {
        "sslmode": "verify-full",
        "sslrootcert": "/etc/ssl/our ca.pem",
        "application_name": "reports",
        "connect_timeout_s": 3.0,
        "statement_timeout_s": 60.5,
        "lock_timeout_s": 5.0,
        "idle_in_transaction_timeout_s": 0.25,
    }
    added = Connections.load(path).add_database(
        "shop", "postgresql://sales@h/shop", password="prompt", **details
    )
    Connections.load(path).add_database("by_service", "", service="shop")

    again = Connections.load(path)

    assert again.get_database("shop") == added
    assert again.get_database("shop").password is PasswordFrom.PROMPT
    assert again.get_database("shop").options["sslrootcert"] == "/etc/ssl/our ca.pem"
    assert again.get_database("by_service").options == {"service": "shop"}
    assert "password: prompt, sslmode=verify-full" in added.details


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (f'url = "postgresql://h/d"\npassword = "{CANARY}"', 'neither "keyring" nor "prompt"'),
        (f'url = "postgresql://u:{CANARY}@h/d"\npassword = "keyring"', "Keep one of the two"),
        (f'url = "postgresql://h/d?password={CANARY}"\npassword = "prompt"', "Keep one of the two"),
        ('url = "postgresql://h/d"\nstatement_timeout_s = "5"', "is no number"),
        ('url = "postgresql://h/d"\nstatement_timeout_s = 0', "more than 0"),
        ('url = "postgresql://h/d"\nlock_timeout_s = nan', "more than 0"),
        ('url = "postgresql://h/d"\nlock_timeout_s = true', "is no number"),
        ('url = "postgresql://h/d"\nsslmode = "a\\nb"', "line end"),
        ('url = "postgresql://h/d"\nssl_mode = "require"', "unknown entry"),
        ('password = "keyring"', "is not a Postgres URL"),
    ],
)
def test_a_wrong_detail_is_refused_without_repeating_a_secret(path, lines, says):
    """Each says which entry it is; what may be a password is not shown."""
    path.parent.mkdir(mode=0o700)
    path.write_text(f"[databases.shop]\n{lines}\n")
    path.chmod(0o600)

    with pytest.raises(SettingsError) as caught:
        Connections.load(path)

    assert says in str(caught.value)
    assert CANARY not in str(caught.value)


def test_a_password_is_asked_for_on_a_terminal_and_not_shown():
    """A real terminal: what is typed is not echoed, and is what the program gets."""
    import os
    import pty

    child, terminal = pty.fork()
    if child == 0:
        code = (
            "from loopai_nb.connections import passwords\n"
            f"print(passwords.ask('Password (not shown): ').reveal() == {CANARY!r})"
        )
        os.execv(sys.executable, [sys.executable, "-c", code])  # noqa: S606  (a shell would be one more program)
    seen = b""
    while b"not shown" not in seen:
        seen += os.read(terminal, 1024)
    os.write(terminal, f"{CANARY}\n".encode())
    try:
        while more := os.read(terminal, 1024):
            seen += more
    except OSError:
        pass  # Linux ends a terminal without an other side so
    os.waitpid(child, 0)
    os.close(terminal)

    assert b"True" in seen
    assert CANARY.encode() not in seen


def test_where_nobody_can_be_asked_a_prompt_says_so():
    """Without a terminal the password is not read from whatever stdin is, and the other ways are named."""
    code = (
        "from loopai_nb.connections import passwords\nfrom loopai_nb.errors import SettingsError\n"
        "try: passwords.ask('Password: ')\nexcept SettingsError as error: print(error)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        input=f"{CANARY}\n",
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )

    assert "set PGPASSWORD" in ended.stdout
    assert CANARY not in ended.stdout + ended.stderr
