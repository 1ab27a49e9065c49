"""Which database, which server, and which key for it."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from canaries import CANARY, DATABASE
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from loopai_nb.errors import SettingsError
from loopai_nb.records import ServerKind
from loopai_nb.redaction import Secret
from loopai_nb.settings import Settings


@pytest.mark.parametrize(
    ("dotenv", "url"),
    [
        ("API_HOST=gpu-box", "http://gpu-box:8000"),
        ("PC_IP=10.0.0.5", "http://10.0.0.5:8000"),
        ("API_HOST=0.0.0.0\nPC_IP=10.0.0.5", "http://10.0.0.5:8000"),
        ("API_HOST=10.0.0.4\nPC_IP=10.0.0.5", "http://10.0.0.4:8000"),
        ("API_HOST=0.0.0.0\nAPI_PORT=9000", "http://127.0.0.1:9000"),
        ("API_HOST=::1", "http://[::1]:8000"),
        ("API_HOST=[::1]", "http://[::1]:8000"),
        ("API_HOST=https://gpu-box", "https://gpu-box:8000"),
        ("API_HOST=http://gpu-box:9000/api", "http://gpu-box:9000/api"),
    ],
)
def test_the_server_of_host_and_port(load, dotenv, url):
    """API_HOST, or PC_IP where API_HOST only says what the server listens on; port 8000 by default."""
    assert load(dotenv=dotenv).server_url == url


def test_a_kind_that_is_said_counts(load):
    """The server of API_HOST speaks /generate unless LOOPAI_SERVER_KIND says otherwise."""
    assert load(dotenv="API_HOST=h\nLOOPAI_SERVER_KIND=loopai").server_kind is ServerKind.LOOPAI
    assert load(dotenv="API_HOST=h\nLOOPAI_SERVER=http://b:1").server_kind is None


def test_parts_may_stand_in_several_sources(load):
    """A password in the environment completes the database that .env describes, and both are named."""
    settings = load({"DB_PASSWORD": CANARY}, "DB_HOST=db\nDB_NAME=shop\nDB_USER=sales\n")

    assert settings.database_url == Secret(f"postgresql://sales:{CANARY}@db:5432/shop")
    assert "environment (DB_PASSWORD)" in settings.source_of("database_url")
    assert ".env (DB_HOST, DB_NAME, DB_USER)" in settings.source_of("database_url")


def test_parts_that_name_no_database_do_not_count(load):
    """DB_HOST alone (of a container, of another tool) neither hides DATABASE_URL nor fails."""
    assert load({"DB_HOST": "other", "API_PORT": "1"}, f"DATABASE_URL={DATABASE}").database_url == Secret(
        DATABASE
    )
    settings = load({"DB_HOST": "other"}, "")
    assert settings.database_url is None
    assert "DB_NAME" in settings.notes[0]


# Surrogates can't be percent-encoded and NUL can't be in an environment; a blank part counts as not set.
parts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(
    lambda text: text == text.strip()
)


@given(user=parts, password=parts, name=parts)
@example(user="u@x", password="p/w#?@: %41", name="my db")
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_composed_urls_are_quoted(folder, tmp_path, user, password, name):
    """Whatever characters user, password and name have, the URL's parts are these again."""
    environ = {"DB_HOST": "db", "DB_NAME": name, "DB_USER": user, "DB_PASSWORD": password}

    url = Settings.load(environ=environ, cwd=folder, config_dir=tmp_path).database_url.reveal()

    parsed = urlsplit(url)
    assert (parsed.hostname, parsed.port) == ("db", 5432)
    assert unquote(parsed.username) == user
    assert unquote(parsed.password) == password
    assert unquote(parsed.path) == f"/{name}"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("::1", "postgresql://[::1]:5432/shop"),
        ("/var/run/postgresql", "postgresql:///shop?host=/var/run/postgresql&port=5432"),
        ("", "postgresql://localhost:5432/shop"),
    ],
)
def test_hosts_of_a_composed_url(load, host, url):
    """An IPv6 address, a socket's folder and no host at all each make a URL that libpq takes."""
    assert load({"DB_HOST": host, "DB_NAME": "shop"}).database_url == Secret(url)


def test_a_saved_connection_is_named_where_no_secret_may_be(load, saved):
    """pyproject.toml may name a saved database and server; their values come with them."""
    saved.add_database("shop", DATABASE)
    saved.add_database("other", "postgresql://other/other")
    saved.add_server("gpu", "http://gpu-box:8000/v1", kind="openai", model="phi-4", api_key=CANARY)
    saved.add_server("cpu", "http://cpu-box:8000/v1")

    settings = load(pyproject='database = "shop"\nserver = "gpu"\n')

    assert settings.database_url == Secret(DATABASE)
    assert settings.source_of("database_url") == "pyproject.toml (database), saved as shop"
    assert (settings.server_url, settings.server_kind) == ("http://gpu-box:8000/v1", ServerKind.OPENAI)
    assert (settings.model, settings.api_key) == ("phi-4", Secret(CANARY))
    assert load({"LOOPAI_MODEL": "other"}).model == "other"


def test_the_usual_connection_needs_no_name(load, saved):
    """The only saved one is used, and of several the one called default."""
    saved.add_database("shop", DATABASE)
    assert load().database_url == Secret(DATABASE)
    assert load().source_of("database_url") == "saved connections (shop)"

    saved.add_database("other", "postgresql://other/other")
    assert load().database_url is None

    saved.add_database("default", "postgresql://usual/usual")
    assert load().database_url == Secret("postgresql://usual/usual")


def test_an_unknown_saved_name_is_explained(load, saved):
    """The error names the setting, its place and a near name."""
    saved.add_server("gpu", "http://gpu-box:8000")

    with pytest.raises(SettingsError, match=r'LOOPAI_SERVER in \.env: No model server.*"gpx".*"gpu"'):
        load(dotenv="LOOPAI_SERVER=gpx")


def test_a_key_is_for_the_server_beside_it(load):
    """A key of .env goes to the server of .env, and not to one that overrides it."""
    dotenv = f"LOOPAI_SERVER=https://trusted.example/v1\nLOOPAI_API_KEY={CANARY}\n"

    assert load(dotenv=dotenv).api_key == Secret(CANARY)
    assert load({"LOOPAI_SERVER": "https://trusted.example/v2"}, dotenv).api_key == Secret(CANARY)
    for elsewhere in (
        "https://other.example/v1",
        "http://trusted.example/v1",
        "https://trusted.example:8443",
    ):
        settings = load({"LOOPAI_SERVER": elsewhere}, dotenv)
        assert settings.api_key is None
        assert "trusted.example" in settings.notes[0]
    assert load({"LOOPAI_API_KEY": "other"}, dotenv).api_key == Secret("other")
    assert load({"API_HOST": "other.example"}, dotenv).api_key is None


def test_a_key_without_a_server_beside_it_is_for_any(load):
    """A key in .env goes with a server named in the environment, where .env names none."""
    settings = load({"LOOPAI_SERVER": "https://h/v1"}, f"LOOPAI_API_KEY={CANARY}")

    assert settings.api_key == Secret(CANARY)


@pytest.mark.parametrize(
    ("server", "sent"),
    [
        ("https://api.openai.com/v1", True),
        ("https://API.OpenAI.com:443/v1", True),
        ("http://api.openai.com/v1", False),
        ("https://api.openai.com.evil.example/v1", False),
        ("http://127.0.0.1:8000/v1", False),
    ],
)
def test_openais_key_goes_to_openai_alone(load, server, sent):
    """OPENAI_API_KEY is used for https://api.openai.com and for nothing else."""
    settings = load({"OPENAI_API_KEY": CANARY, "LOOPAI_SERVER": server})

    assert settings.api_key == (Secret(CANARY) if sent else None)


@pytest.mark.parametrize("key", [f"{CANARY}\nX-Evil: 1", f"{CANARY}\u200b"])
def test_a_key_that_can_not_be_one_is_refused(load, key):
    """Attack 39: a line end or an invisible character in a key is told, without the key."""
    with pytest.raises(SettingsError, match="LOOPAI_API_KEY") as caught:
        load({"LOOPAI_API_KEY": key})

    assert CANARY not in str(caught.value)
