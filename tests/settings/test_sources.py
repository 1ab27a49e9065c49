"""Where settings come from, and which place wins."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest
from canaries import CANARY, DATABASE

from loopai_nb.errors import SettingsError
from loopai_nb.records import ServerKind
from loopai_nb.redaction import Secret


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
