from __future__ import annotations

import os
import subprocess
import sys
import traceback
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from loopai_nb.connections import Connections
from loopai_nb.errors import SettingsError
from loopai_nb.records import ServerKind
from loopai_nb.redaction import Secret
from loopai_nb.settings import Settings

CANARY = "c4n4ry7f3a"
DATABASE = f"postgresql://sales:{CANARY}@db.internal:5432/shop"


@pytest.fixture
def folder(tmp_path):
    """An empty folder to work in, below which and above which nothing is set."""
    folder = tmp_path / "project" / "notebooks"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def load(folder, tmp_path):
    """Load the settings of that folder, with exactly the environment that is given."""

    def load_settings(environ=None, dotenv=None, pyproject=None, **overrides):
        if dotenv is not None:
            (folder / ".env").write_text(dotenv, encoding="utf-8")
            (folder / ".env").chmod(0o600)
        if pyproject is not None:
            (folder / "pyproject.toml").write_text(f"[tool.loopai_nb]\n{pyproject}", encoding="utf-8")
        return Settings.load(
            environ=environ or {}, cwd=folder, config_dir=tmp_path / "config", overrides=overrides or None
        )

    return load_settings


@pytest.fixture
def saved(tmp_path):
    """The saved connections that ``load`` reads."""
    return Connections.load(tmp_path / "config" / "connections.toml")


def test_defaults(load):
    """Without any source there are the documented defaults, and each says that it is one."""
    settings = load()

    assert settings.database_url is None
    assert settings.server_url is None
    assert settings.server_kind is None
    assert settings.model is None
    assert settings.api_key is None
    assert settings.ledger.name == "ledger.sqlite3"
    assert settings.ledger.parent.name == "loopai_nb"
    assert (settings.ui, settings.max_tokens, settings.temperature) == ("auto", 512, 0.7)
    assert (settings.timeout_s, settings.concurrency, settings.budget_usd) == (300.0, 32, None)
    assert (settings.redact, settings.price_input_usd_per_mtok) == ((), None)
    assert settings.user
    assert {source for _, _, source in settings.provenance()} == {"default"}
    assert settings.notes == ()


def test_the_order_of_the_sources(load, saved):
    """Code wins over environment, then .env, then pyproject.toml, then what is saved, then the default."""
    saved.add_server("gpu", "http://saved:1", model="saved")
    values = {
        "pyproject": ('model = "project"', "project", "pyproject.toml (model)"),
        "dotenv": ("LOOPAI_MODEL=dotenv", "dotenv", ".env (LOOPAI_MODEL)"),
        "environ": ({"LOOPAI_MODEL": "environment"}, "environment", "environment (LOOPAI_MODEL)"),
        "model": ("code", "code", "given here (model)"),
    }
    given = {}

    settings = load()
    assert (settings.model, settings.source_of("model")) == ("saved", "saved connections (gpu)")
    for place, (written, model, source) in values.items():
        given[place] = written
        settings = load(**given)
        assert (settings.model, settings.source_of("model")) == (model, source)


def test_one_source_does_not_hide_the_rest_of_another(load):
    """Each setting is looked up for itself: what .env does not say, pyproject.toml may."""
    settings = load({"LOOPAI_UI": "static"}, "LOOPAI_MAX_TOKENS=8", "concurrency = 4\nmax_tokens = 16")

    assert (settings.ui, settings.max_tokens, settings.concurrency) == ("static", 8, 4)


def test_blank_is_not_set(load):
    """An empty value leaves the word to the next source, as in a copied example .env."""
    settings = load({"LOOPAI_MODEL": "", "LOOPAI_API_KEY": "  "}, "LOOPAI_MODEL=phi\nLOOPAI_BUDGET_USD=\n")

    assert (settings.model, settings.api_key, settings.budget_usd) == ("phi", None, None)


def test_files_are_found_upward(load, folder):
    """The nearest .env and the nearest pyproject.toml above the folder count, each for itself."""
    (folder.parent.parent / ".env").write_text("LOOPAI_MODEL=far")
    (folder.parent / ".env").write_text("LOOPAI_MODEL=near")
    (folder.parent.parent / "pyproject.toml").write_text('[tool.loopai_nb]\nledger = "data/l.sqlite3"')

    settings = load()

    assert settings.model == "near"
    assert settings.source_of("model") == "../.env (LOOPAI_MODEL)"
    assert settings.ledger == folder.parent.parent / "data" / "l.sqlite3"


def test_the_new_names(load):
    """Every LOOPAI_* name is read, with its type and unit."""
    settings = load(
        {
            "DATABASE_URL": DATABASE,
            "LOOPAI_SERVER": "http://gpu-box:8000/v1/",
            "LOOPAI_SERVER_KIND": "OpenAI",
            "LOOPAI_MODEL": "phi-4",
            "LOOPAI_API_KEY": CANARY,
            "LOOPAI_LEDGER": "/data/ledger.sqlite3",
            "LOOPAI_UI": "static",
            "LOOPAI_MAX_TOKENS": "64",
            "LOOPAI_TEMPERATURE": "0",
            "LOOPAI_TIMEOUT_S": "12.5",
            "LOOPAI_CONCURRENCY": "8",
            "LOOPAI_BUDGET_USD": "0.10",
            "LOOPAI_REDACT": "phone, email",
            "LOOPAI_PRICE_INPUT_USD_PER_MTOK": "0.15",
            "LOOPAI_PRICE_OUTPUT_USD_PER_MTOK": "0.60",
            "LOOPAI_USER": "ana",
        }
    )

    assert settings.database_url == Secret(DATABASE)
    assert settings.server_url == "http://gpu-box:8000/v1"
    assert settings.server_kind is ServerKind.OPENAI
    assert (settings.model, settings.api_key, settings.user) == ("phi-4", Secret(CANARY), "ana")
    assert settings.ledger == Path("/data/ledger.sqlite3")
    assert (settings.ui, settings.max_tokens, settings.temperature) == ("static", 64, 0.0)
    assert (settings.timeout_s, settings.concurrency) == (12.5, 8)
    assert settings.budget_usd == Decimal("0.10")
    assert settings.redact == ("email", "phone")
    assert settings.price_input_usd_per_mtok == Decimal("0.15")
    assert settings.price_output_usd_per_mtok == Decimal("0.60")


def test_the_first_designs_names(load):
    """A .env of the first design works as it is, and its server is one of /generate."""
    settings = load(
        dotenv="API_HOST=192.168.1.20\nAPI_PORT=9000\nAPI_TIMEOUT=60\nMODEL_TYPE=phi\nMAX_NEW_TOKENS=100\n"
        f"TEMPERATURE=0.2\nDB_HOST=db\nDB_PORT=5433\nDB_NAME=shop\nDB_USER=sales\nDB_PASSWORD={CANARY}\n"
    )

    assert settings.server_url == "http://192.168.1.20:9000"
    assert settings.server_kind is ServerKind.GENERATE
    assert (settings.model, settings.max_tokens) == ("phi", 100)
    assert (settings.timeout_s, settings.temperature) == (60.0, 0.2)
    assert settings.database_url == Secret(f"postgresql://sales:{CANARY}@db:5433/shop")
    assert settings.source_of("server_url") == ".env (API_HOST, API_PORT)"
    assert settings.source_of("database_url") == ".env (DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD)"


@pytest.mark.parametrize(
    ("old", "new", "field", "value"),
    [
        ("API_TIMEOUT=1", "LOOPAI_TIMEOUT_S=2", "timeout_s", 2.0),
        ("TEMPERATURE=1", "LOOPAI_TEMPERATURE=0.5", "temperature", 0.5),
        ("MAX_NEW_TOKENS=1", "LOOPAI_MAX_TOKENS=2", "max_tokens", 2),
        ("MODEL_TYPE=a", "LOOPAI_MODEL=b", "model", "b"),
        ("API_HOST=a", "LOOPAI_SERVER=http://b:1", "server_url", "http://b:1"),
        ("DB_HOST=a\nDB_NAME=a", "DATABASE_URL=postgresql://b/b", "database_url", Secret("postgresql://b/b")),
        (
            "DATABASE_URL=postgresql://a/a",
            "LOOPAI_DATABASE=postgresql://b/b",
            "database_url",
            Secret("postgresql://b/b"),
        ),
    ],
)
def test_within_a_source_the_new_name_wins(load, old, new, field, value):
    """Beside each other the new name counts; in an earlier source the old one does."""
    assert getattr(load(dotenv=f"{old}\n{new}\n"), field) == value
    assert getattr(load(dotenv=f"{new}\n{old}\n"), field) == value
    environment = dict(line.split("=", 1) for line in old.splitlines())
    assert getattr(load(environment, dotenv=new), field) != value


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


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("LOOPAI_TIMEOUT_S", "abc", "seconds"),
        ("API_TIMEOUT", "abc", "seconds"),
        ("LOOPAI_TIMEOUT_S", "0", "range"),
        ("LOOPAI_TIMEOUT_S", "nan", "seconds"),
        ("LOOPAI_TIMEOUT_S", "inf", "seconds"),
        ("LOOPAI_TIMEOUT_S", "-1", "range"),
        ("LOOPAI_TIMEOUT_S", "1e9", "range"),
        ("LOOPAI_TIMEOUT_S", "\u0663", "seconds"),
        ("LOOPAI_BUDGET_USD", "nan", "USD"),
        ("LOOPAI_BUDGET_USD", "sNaN", "USD"),
        ("LOOPAI_BUDGET_USD", "Infinity", "USD"),
        ("LOOPAI_BUDGET_USD", "-0.01", "range"),
        ("LOOPAI_BUDGET_USD", "$5", "USD"),
        ("LOOPAI_BUDGET_USD", "1e999999999", "USD"),
        ("LOOPAI_BUDGET_USD", "1,50", "USD"),
        ("LOOPAI_PRICE_INPUT_USD_PER_MTOK", "nan", "USD"),
        ("LOOPAI_PRICE_OUTPUT_USD_PER_MTOK", "-1", "range"),
        ("LOOPAI_MAX_TOKENS", "1.5", "whole"),
        ("MAX_NEW_TOKENS", "0", "range"),
        ("LOOPAI_MAX_TOKENS", "1_000", "tokens"),
        ("LOOPAI_CONCURRENCY", "-3", "range"),
        ("LOOPAI_CONCURRENCY", "9" * 5000, "requests in flight"),
        ("LOOPAI_TEMPERATURE", "2.1", "range"),
        ("TEMPERATURE", "warm", "temperature"),
        ("LOOPAI_UI", "fancy", "auto or static"),
        ("LOOPAI_SERVER_KIND", "ollama", "openai, loopai, generate"),
        ("LOOPAI_REDACT", "email,mail", '"mail"'),
        ("LOOPAI_MODEL", "a\r\nX-Evil: 1", "no name"),
        ("LOOPAI_USER", "a\x1b[31m", "no name"),
        ("LOOPAI_LEDGER", "mysql://u:p@h/d", "neither a file nor"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(load, name, value, says):
    """Attacks 38, 39 and 49: the message says which setting, where it stands and what to write."""
    with pytest.raises(SettingsError) as caught:
        load({name: value})

    message = str(caught.value)
    assert name in message
    assert "environment" in message
    assert says in message
    assert caught.value.hint
    assert message.isprintable()
    assert len(message) < 300


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_PORT", "http"),
        ("API_PORT", "70000"),
        ("API_HOST", "a b"),
        ("API_HOST", "user@host"),
        ("DB_PORT", "0"),
        ("DB_HOST", "h/d?password=x"),
    ],
)
def test_a_wrong_part_is_named(load, name, value):
    """The parts of the first design are checked as well."""
    with pytest.raises(SettingsError, match=name):
        load({"API_HOST": "h", "DB_HOST": "h", "DB_NAME": "d", name: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("budget_usd", float("nan")),
        ("budget_usd", Decimal("NaN")),
        ("budget_usd", True),
        ("timeout_s", float("inf")),
        ("max_tokens", 1.5),
        ("model", 5),
        ("redact", ["mail"]),
        ("redact", [5]),
        ("database_url", 5),
        ("api_key", [CANARY]),
    ],
)
def test_a_wrong_value_in_code_is_refused(load, field, value):
    """Attack 49: what is given in code is checked as strictly as text."""
    with pytest.raises(SettingsError, match=f"{field}.*given here") as caught:
        load(**{field: value})

    assert CANARY not in str(caught.value)


def test_values_in_code_keep_their_types(load, tmp_path):
    """Numbers, decimals, lists, paths and secrets are taken as they are."""
    settings = load(
        timeout_s=5,
        budget_usd=0.5,
        price_input_usd_per_mtok=Decimal("0.15"),
        redact=["card", "email"],
        ledger=tmp_path / "l.sqlite3",
        api_key=Secret(CANARY),
        database=Secret(DATABASE),
        model=None,
    )

    assert (settings.timeout_s, settings.budget_usd) == (5.0, Decimal("0.5"))
    assert (settings.redact, settings.ledger) == (("email", "card"), tmp_path / "l.sqlite3")
    assert (settings.api_key, settings.database_url) == (Secret(CANARY), Secret(DATABASE))


@pytest.mark.parametrize("place", ["code", "project"])
def test_an_unknown_name_is_refused_with_a_near_one(load, place):
    """A misspelt name in code or in [tool.loopai_nb] does not silently do nothing."""
    with pytest.raises(SettingsError, match="timeout_s"):
        load(**({"timeouts": 5} if place == "code" else {"pyproject": "timeouts = 5"}))


def test_a_misspelt_name_in_the_environment_is_noted(load):
    """As one in .env is, once; names that are near to none of ours belong to somebody else."""
    settings = load(environ={"LOOPAI_BUGDET_USD": "1", "LOOPAI_UNRELATED": "1", "LOOPAI_MODEL": "m"})

    assert settings.budget_usd is None
    assert settings.notes == (
        "The environment sets LOOPAI_BUGDET_USD, which nothing reads; did you mean LOOPAI_BUDGET_USD?",
    )


def test_a_misspelt_name_in_dotenv_is_noted(load):
    """The file belongs to other tools too, so a near miss is a note and not an error."""
    settings = load(dotenv="LOOPAI_TIMEOUT=5\nLOOPAI_UNRELATED=1\nOTHER=1\n")

    assert settings.notes == (
        ".env sets LOOPAI_TIMEOUT, which nothing reads; did you mean LOOPAI_TIMEOUT_S?",
    )


@pytest.mark.parametrize(
    "line",
    [
        f'api_key = "{CANARY}"',
        f'database_url = "{DATABASE}"',
        f'ledger = "{DATABASE}"',
        f'server = "http://u:{CANARY}@h"',
    ],
)
def test_a_secret_in_pyproject_is_refused(load, line):
    """Promise 5: pyproject.toml is committed, so a secret in it is an error that says where to put it."""
    with pytest.raises(SettingsError, match=r"pyproject\.toml") as caught:
        load(pyproject=line)

    assert CANARY not in str(caught.value)
    assert load({}, pyproject='database_url = "postgresql://sales@db/shop"').database_url


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


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("l.sqlite3", "l.sqlite3"),
        ("sqlite:///l.sqlite3", "l.sqlite3"),
        ("sqlite:////data/l.sqlite3", "/data/l.sqlite3"),
        ("~/l.sqlite3", "~/l.sqlite3"),
    ],
)
def test_where_the_ledger_is(load, folder, value, path):
    """A path is relative to the place of the setting; a SQLite URL is a path as well."""
    assert load({"LOOPAI_LEDGER": value}).ledger == folder / Path(path).expanduser()


def test_a_ledger_in_postgres(load):
    """A Postgres URL is kept as a secret."""
    settings = load({"LOOPAI_LEDGER": DATABASE})

    assert settings.ledger == Secret(DATABASE)
    assert CANARY not in f"{settings!r}"


def test_dotenv_as_python_dotenv_reads_it(load):
    """Quotes, export, comments, a byte-order mark, CRLF and references are understood."""
    settings = load(
        {"HOST": "from-environment"},
        "\ufeffexport LOOPAI_MODEL='phi 4' # the small one\r\n# LOOPAI_UI=static\r\nUSER_X=sales\r\n"
        'DATABASE_URL="postgresql://${USER_X}@${HOST}:${PORT:-5433}/shop"\r\nLOOPAI_USER=a$b\r\n',
    )

    assert settings.model == "phi 4"
    assert settings.ui == "auto"
    assert settings.database_url == Secret("postgresql://sales@from-environment:5433/shop")
    assert settings.user == "a$b"


def test_nothing_is_put_into_the_environment(load):
    """.env is read without touching os.environ, which is not read either where another one is given."""
    before = dict(os.environ)
    os.environ["LOOPAI_MODEL"] = "of the process"
    try:
        settings = load({}, "LOOPAI_UI=static\nLOOPAI_NEW=1\n")
    finally:
        del os.environ["LOOPAI_MODEL"]

    assert settings.model is None
    assert dict(os.environ) == before


def test_a_dotenv_that_others_can_read_is_noted(load, folder):
    """A secret in an open .env is a note that says how to close it; without a secret there is none."""
    load(dotenv=f"LOOPAI_API_KEY={CANARY}")
    (folder / ".env").chmod(0o644)
    assert load().notes == (".env holds a secret and can be read by others; close it: chmod 600 .env",)

    load(dotenv="LOOPAI_MODEL=phi")
    (folder / ".env").chmod(0o644)
    assert load().notes == ()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"LOOPAI_MODEL='open\n", b"x" * 2_000_000])
def test_a_damaged_dotenv_is_noted(load, folder, content):
    """A .env that can't be read is passed over with a note: other tools may know what it is."""
    (folder / ".env").write_bytes(content)

    settings = load()

    assert settings.model is None
    assert settings.notes[0].startswith(".env ")


def test_what_is_no_file_is_passed_over(load, folder):
    """A folder or a pipe of that name is not opened: a pipe would wait for ever."""
    (folder / ".env").mkdir()
    os.mkfifo(folder / "pyproject.toml")
    (folder.parent / ".env").write_text("LOOPAI_MODEL=phi")

    assert load().model == "phi"


@pytest.mark.parametrize(
    "content", ["[tool.loopai_nb\n", "[tool]\nloopai_nb = 5\n", "tool = 5 # loopai_nb\nx"]
)
def test_a_damaged_pyproject_is_an_error(load, folder, content):
    """A pyproject.toml that speaks of us and can't be parsed is told; another is not our business."""
    (folder / "pyproject.toml").write_text(content)
    with pytest.raises(SettingsError, match=r"pyproject\.toml"):
        load()

    (folder / "pyproject.toml").write_text("[tool.other\n")
    assert load().model is None


def test_provenance_lists_every_setting_masked(load):
    """What %loopai status shows: each setting in order, its masked value, and where it came from."""
    settings = load(
        {"DATABASE_URL": DATABASE}, f"LOOPAI_API_KEY={CANARY}\nLOOPAI_MODEL=phi\n", "timeout_s = 5.5"
    )

    shown = settings.provenance()

    assert shown[0] == (
        "database_url",
        "postgresql://sales:***@db.internal:5432/shop",
        "environment (DATABASE_URL)",
    )
    assert ("api_key", "***", ".env (LOOPAI_API_KEY)") in shown
    assert ("timeout_s", "5.5", "pyproject.toml (timeout_s)") in shown
    assert ("server_url", "not set", "default") in shown
    assert ("redact", "none", "default") in shown
    assert len(shown) == 25
    assert all(isinstance(text, str) for row in shown for text in row)


def test_nothing_shows_a_secret(load):
    """Promise 5: neither repr, str, format nor provenance shows what is secret."""
    settings = load({"DATABASE_URL": DATABASE, "LOOPAI_API_KEY": CANARY, "LOOPAI_LEDGER": DATABASE})

    assert (
        CANARY not in f"{settings} {settings!r} {settings.provenance()} {settings.sources} {settings.notes}"
    )


@pytest.mark.parametrize(
    "dotenv",
    [
        "LOOPAI_TIMEOUT_S=abc",
        "LOOPAI_SERVER=nowhere",
        "LOOPAI_SERVER_KIND=x",
        "API_HOST=h\nAPI_PORT=x",
        "DB_PORT=x",
        f"DATABASE_URL=mysql://u:{CANARY}@h/d",
        f"LOOPAI_SERVER=http://u:{CANARY}@h",
        f"LOOPAI_LEDGER=mysql://u:{CANARY}@h/d",
        f"OPENAI_API_KEY=x\nLOOPAI_API_KEY={CANARY}\u200b",
    ],
)
def test_a_traceback_with_locals_shows_no_secret(load, folder, dotenv):
    """Attack 15: a wrong setting's traceback holds no other setting's secret in its frames."""
    (folder / ".env").write_text(f"DB_NAME=shop\nDB_PASSWORD={CANARY}\nLOOPAI_API_KEY={CANARY}\n{dotenv}\n")
    (folder / "pyproject.toml").write_text(f"# loopai_nb {CANARY}")
    environ = {"PGPASSWORD": CANARY}

    with pytest.raises(SettingsError) as caught:
        load(environ)

    text = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    # The frames of this file hold what the test gave; the product's begin where load() does.
    assert CANARY not in text.partition("settings/settings.py")[2]
    assert CANARY not in str(caught.value)


def test_settings_are_values(load):
    """Settings don't change, compare by what they say, and can be made without any source."""
    assert load({"LOOPAI_MODEL": "phi"}) == load(dotenv="LOOPAI_MODEL=phi")
    assert Settings(model="phi", user="ana", ledger=Path("l")).source_of("model") == "default"
    with pytest.raises(AttributeError):
        load().model = "other"


def test_importing_reads_nothing_and_is_light(tmp_path):
    """No heavy package is loaded, no file of ours opened, before something is asked for."""
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "import loopai_nb.settings, loopai_nb.connections, loopai_nb.redaction\n"
        "heavy = {'pandas', 'sqlalchemy', 'pydantic', 'httpx', 'pyarrow', 'dotenv', 'platformdirs'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "assert not [name for name in opened if name.endswith(('.env', '.toml'))]\n"
    )
    (tmp_path / ".env").write_text("LOOPAI_UI=broken")

    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(root)}, check=False
    )

    assert done.returncode == 0


def test_every_name_is_documented():
    """docs/settings.md has each name of the environment, each key and each rule of redaction."""
    from loopai_nb.redaction import RULES
    from loopai_nb.settings.places import SPECS
    from loopai_nb.settings.readers import READERS

    text = (Path(__file__).parents[1] / "docs" / "settings.md").read_text(encoding="utf-8")
    specs = (*SPECS, *(spec for spec, _ in READERS))
    names = {name for spec in specs for name in (*spec.env, *spec.keys)} | set(RULES)

    assert sorted(name for name in names if f"`{name}`" not in text) == []


def test_the_documented_example_works(load, saved):
    """The .env and the pyproject.toml of docs/settings.md load as they stand there."""
    text = (Path(__file__).parents[1] / "docs" / "settings.md").read_text(encoding="utf-8")
    dotenv = text.partition("```sh\n")[2].partition("```")[0]
    pyproject = text.partition("```toml\n[tool.loopai_nb]\n")[2].partition("```")[0]
    saved.add_database("shop", DATABASE)
    saved.add_server("gpu", "http://gpu-box:8000/v1")

    assert load(pyproject=pyproject).server_url == "http://gpu-box:8000/v1"
    settings = load(dotenv=dotenv, pyproject=pyproject)
    assert settings.notes == ()
    assert (settings.budget_usd, settings.concurrency) == (Decimal(5), 16)
